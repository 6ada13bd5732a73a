"""The year as a state machine: which phase is open at a moment, what holds one up, what happens when one turns.

A phase is open by its dates alone (:func:`state_of`); nobody opens it. It may be *held up* where something it needs
has not been done, such as verdicts before applications; each part of the room says what its phases need, what happens
when they turn and how far they are::

    @needs(PhaseKind.APPLICATIONS)
    def verdicts_are_frozen(year): return "" if year.is_frozen else _("资格认定结果还没有固定")

    @when(PhaseKind.APPLICATIONS, Turn.CLOSED)
    def remind_schools(phase): ...

    @progress(PhaseKind.APPLICATIONS)
    def applications_handed_in(year, schools): return ToCount.of(...)

The order of what is done in one phase is the business of its actions. Every action of a phase begins with
:func:`require_open`, with the moment at which the request arrived: whoever was in time is in time, however long the
queue at the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access import standing_of
from junheng.web.interface.numbers import semicolon, until
from junheng.web.records.tallying import Tally, tallied
from junheng.web.rotation.models import Phase, PhaseKind, RotationYear, Turn
from junheng.web.staffing.refusal import RefusedError


class PhaseState(StrEnum):
    """Where a phase stands at a moment."""

    AHEAD = "ahead"
    OPEN = "open"
    HELD = "held"
    OVER = "over"


class ClosedPhaseError(RefusedError):
    """What was asked belongs to a phase that is not open."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a phase is: ``done`` of ``total``, what is counted, who has to do it, where, and which schools are late.

    ``schools`` gives done and total by the key of a school.
    """

    what: str
    done: int
    total: int
    who: str = ""
    url: str = ""
    schools: dict[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, what: str, schools: dict[int, tuple[int, int]], who: str, url: str) -> Progress:
        """The sum over schools."""
        done, total = (sum(each[at] for each in schools.values()) for at in (0, 1))
        return cls(what, done, total, who, url, schools)

    @property
    def percent(self) -> int:
        """Whole percent done; 100 where there is nothing to do."""
        return 100 * self.done // self.total if self.total else 100

    @property
    def missing(self) -> int:
        """How many are still to be done."""
        return max(0, self.total - self.done)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of which some are ``done``, together or by the school in a column."""

    rows: QuerySet[Any]
    by: str = ""
    done: Q = field(default_factory=Q)

    def tally(self) -> Tally:
        """How many are done and how many there are."""
        so_far = Count("pk", filter=self.done or None, distinct=True)
        return Tally(self.rows, {"so_far": so_far, "of": Count("pk", distinct=True)}, self.by)


Done = dict[int, tuple[int, int]]
"""Done and total by the key of a school, or by 0."""


def summed(found: Done) -> tuple[int, int]:
    """Done and total of all schools."""
    return sum(done for done, _of in found.values()), sum(of for _done, of in found.values())


@dataclass(frozen=True, slots=True)
class ToCount:
    """A progress still to be counted, in one query with all others; ``made`` makes it of what each part gave."""

    parts: tuple[Part, ...]
    made: Callable[..., Progress | None]

    @classmethod
    def of(cls, what: str, part: Part, who: str, url: str, *, also_empty: bool = True) -> ToCount:
        """The sum over schools; without rows a progress of nothing, or none at all."""

        def made(schools: Done) -> Progress | None:
            return Progress.of(what, schools, who, url) if schools or also_empty else None

        return cls((part,), made)


Need = Callable[[RotationYear], str]
Step = Callable[[Phase], None]
Counted = Callable[[RotationYear, Sequence[int]], Progress | ToCount | None]
_needs: defaultdict[str, list[Need]] = defaultdict(list)
_steps: defaultdict[tuple[str, str], list[Step]] = defaultdict(list)
_moved: defaultdict[str, list[Step]] = defaultdict(list)
_progress: defaultdict[str, list[Counted]] = defaultdict(list)


def needs(kind: PhaseKind) -> Callable[[Need], Need]:
    """Registers what says, in the reader's words, what still holds a phase of that kind up; empty for nothing."""
    return lambda function: _kept(_needs[kind.value], function)


def when(kind: PhaseKind, turn: Turn) -> Callable[[Step], Step]:
    """Registers what is done once when a phase of that kind opens or closes, in one transaction with its record."""
    return lambda function: _kept(_steps[kind.value, turn.value], function)


def when_moved(kind: PhaseKind) -> Callable[[Step], Step]:
    """Registers what is done each time when the end of a running phase of that kind has been moved."""
    return lambda function: _kept(_moved[kind.value], function)


def progress(kind: PhaseKind) -> Callable[[Counted], Counted]:
    """Registers what counts how far a phase of that kind is, within the given schools."""
    return lambda function: _kept(_progress[kind.value], function)


def _kept(registered: list[Any], function: Any) -> Any:
    if function not in registered:
        registered.append(function)
    return function


def what_holds_up(year: RotationYear, kind: str) -> list[str]:
    """What still has to be done before a phase of that kind can begin."""
    return [said for each in _needs[kind] if (said := each(year))]


def steps_of(phase: Phase, turn: Turn) -> list[Step]:
    """What is done when the phase turns."""
    return list(_steps[phase.kind, turn.value])


def steps_of_move(phase: Phase) -> list[Step]:
    """What is done when the end of the phase has been moved while it runs."""
    return list(_moved[phase.kind])


def progress_of(year: RotationYear, kind: str, schools: Sequence[int]) -> list[Progress]:
    """How far a phase is within the given schools."""
    return progress_of_phases(year, [kind], schools)[kind]


def progress_of_phases(year: RotationYear, kinds: Sequence[str], schools: Sequence[int]) -> dict[str, list[Progress]]:
    """How far each of the phases is within the given schools; everything that is to be counted is asked at once."""
    said = [(kind, each(year, schools)) for kind in kinds for each in _progress[kind]]
    asked = [part.tally() for _kind, each in said if isinstance(each, ToCount) for part in each.parts]
    counts = iter(tallied(asked))
    found: dict[str, list[Progress]] = {kind: [] for kind in kinds}
    for kind, each in said:
        made = each.made(*[next(counts) for _part in each.parts]) if isinstance(each, ToCount) else each
        if made is not None:
            found[kind].append(made)
    return found


def state_of(phase: Phase, at: datetime | None = None) -> PhaseState:
    """Where a phase stands at a moment, now without one."""
    now = at or timezone.now()
    if now < phase.opens:
        return PhaseState.AHEAD
    if now >= phase.closes:
        return PhaseState.OVER
    return PhaseState.HELD if what_holds_up(phase.year, phase.kind) else PhaseState.OPEN


def running_years(request: HttpRequest) -> Sequence[RotationYear]:
    """The years that the person sees and that are not archived, with their phases; read once for each request."""
    kept: Sequence[RotationYear] | None = getattr(request, "years_running", None)
    if kept is None:
        years = RotationYear.objects.visible_to(standing_of(request)).filter(archived_at__isnull=True)
        kept = list(years.select_related("county").prefetch_related("phases"))
        request.years_running = kept  # type: ignore[attr-defined]
    return kept


def open_phases(year: RotationYear, at: datetime | None = None) -> list[Phase]:
    """The phases that are open at a moment; several may be."""
    return [phase for phase in year.phases.all() if state_of(phase, at) is PhaseState.OPEN]


def present_phase(phases: Iterable[Phase], at: datetime | None = None) -> Phase | None:
    """The phase that a year is in: the last that has begun and not ended, else the last that has begun."""
    now = at or timezone.now()
    begun = [phase for phase in phases if phase.opens <= now]
    running = [phase for phase in begun if now < phase.closes]
    return max(running or begun, key=lambda phase: (phase.opens, phase.order), default=None)


def require_open(year: RotationYear, *kinds: PhaseKind, at: datetime | None = None) -> Phase:
    """The open phase of one of the kinds at a moment. Raises :class:`ClosedPhaseError`, which says why none is."""
    now = at or timezone.now()
    if year.is_archived:
        raise ClosedPhaseError(_("%(year)s已经归档，只能查看。") % {"year": year})
    said = ""
    for phase in year.phases.filter(kind__in=[kind.value for kind in kinds]):
        phase.year = year
        state = state_of(phase, now)
        if state is PhaseState.OPEN:
            return phase
        said = said or _why_closed(phase, state)
    raise ClosedPhaseError(said or _("%(year)s没有安排“%(phase)s”阶段。") % {"year": year, "phase": kinds[0].label})


def _why_closed(phase: Phase, state: PhaseState) -> str:
    name = phase.get_kind_display()
    if state is PhaseState.AHEAD:
        opens = timezone.localtime(phase.opens).strftime("%Y-%m-%d %H:%M")
        return _("“%(phase)s”阶段要到 %(time)s 才开始。") % {"phase": name, "time": opens}
    if state is PhaseState.OVER:
        closed = until(phase.closes, seconds=True)
        return _("“%(phase)s”阶段已于 %(time)s 截止。") % {"phase": name, "time": closed}
    return _("“%(phase)s”阶段暂不能进行：%(why)s") % {
        "phase": name, "why": semicolon().join(what_holds_up(phase.year, phase.kind)),
    }  # fmt: skip
