"""The batch schedule: the pool of those who must move, each in one year, the years level (R-068, R-167).

From the judged years to a :class:`~junheng.planning.outlook.levelling.Spread`: the years in which each may go, the most
of each school and subject that may leave in a year, what the pack's quotas ask of each year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.facts import County, Stage, Subject, Teacher
from junheng.facts.calendar import completed_years
from junheng.facts.rounding import rounded
from junheng.planning.assembling import PlanSettings
from junheng.planning.outlook.judged import JudgedYear, stands, subject_of
from junheng.planning.outlook.levelling import Levelled, Mover, Spread, level
from junheng.planning.outlook.request import Request
from junheng.planning.partners import partners_of
from junheng.planning.problem import Quota
from junheng.planning.year import settings_of

SCHOOL, SUBJECT, QUOTA, NOWHERE = "school", "subject", "quota", "nowhere"


@dataclass(frozen=True, slots=True)
class Placing:
    """One member of the pool: first due in ``due``, may go in ``years``, goes in ``year`` (indices of plan years).

    ``stopped``: who goes in no year, why not in each of his years (rule by year; ``nowhere`` when no school can take
    him); ``clause`` is what makes him move. ``years_at_school`` counts on the date of the year in which he is due.
    """

    teacher: Teacher
    due: int
    years: tuple[int, ...]
    year: int | None
    years_at_school: int
    backbone: bool
    clause: str
    stopped: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Batches:
    """The schedule. By plan year: ``due`` first due (the wave as it comes), ``gone`` leaving, ``waiting`` due and not
    gone at the year's end. ``volunteers``: how many others the quotas need besides the batch, ``backbone_volunteers``
    how many of them backbone teachers; ``shortage``: persons that quotas lack even so.
    """

    placings: tuple[Placing, ...]
    due: tuple[int, ...]
    gone: tuple[int, ...]
    waiting: tuple[int, ...]
    volunteers: tuple[int, ...]
    backbone_volunteers: tuple[int, ...]
    least_peak: int
    shortage: int
    proven: bool

    @property
    def peak_before(self) -> int:
        """The heaviest year when everybody goes as soon as he is due."""
        return max(self.due, default=0)

    @property
    def peak(self) -> int:
        """The heaviest year of the schedule."""
        return max(self.gone, default=0)

    @property
    def unplaced(self) -> tuple[Placing, ...]:
        """Those for whom no year was found."""
        return tuple(p for p in self.placings if p.year is None)

    def of_year(self, k: int) -> tuple[Placing, ...]:
        """The batch of a plan year."""
        return tuple(p for p in self.placings if p.year == k)


def make_batches(years: Sequence[JudgedYear], request: Request) -> Batches:
    """The levelled schedule of the judged years."""
    settings = [settings_of(y.findings) for y in years]
    first = _first_due(years)
    windows = {t: _window(t, due, years, settings, request) for t, due in first.items()}
    spread = _spread(years, settings, windows, first, request)
    levelled = level(spread)
    placings = tuple(_placing(t, first[t], windows[t], years, levelled) for t in sorted(first))
    return _batches(placings, years, settings, levelled)


def _first_due(years: Sequence[JudgedYear]) -> dict[str, int]:
    first: dict[str, int] = {}
    for year in years:
        for teacher_id in year.due:
            first.setdefault(teacher_id, year.index)
    return first


def _window(
    teacher_id: str, due: int, years: Sequence[JudgedYear], settings: Sequence[PlanSettings], request: Request
) -> tuple[int, ...]:
    """The years in which somebody may go: from the early ones, while he is due, as long as a school can take him."""
    last = len(years) - 1 if request.within is None else min(len(years) - 1, due + request.within - 1)
    found = []
    for k in range(max(0, due - request.early), last + 1):
        wanted = years[k].due if k >= due else years[k].able
        if teacher_id in wanted and _somewhere(years[k].county, teacher_id, settings[k]):
            found.append(k)
    return tuple(found)


def _somewhere(county: County, teacher_id: str, settings: PlanSettings) -> bool:
    """Whether there is another school of the stage with pupils, within the bounds that the settings draw."""
    teacher = county.teacher_by_id[teacher_id]
    home = county.school_by_id[teacher.school_id]
    partners = partners_of(county, settings.partners)[home.id] if settings.within_partners else set()
    return any(
        s.id != home.id
        and s.pupils(teacher.stage) > 0
        and (not settings.within_cluster or s.cluster_id == home.cluster_id)
        and (not partners or s.id in partners)
        for s in county.schools
    )


# --- the task of levelling ------------------------------------------------------------------------------------------


def _spread(
    years: Sequence[JudgedYear],
    settings: Sequence[PlanSettings],
    windows: Mapping[str, tuple[int, ...]],
    first: Mapping[str, int],
    request: Request,
) -> Spread:
    quotas = settings[0].quotas
    movers = tuple(
        _mover(years[first[t]], t, windows[t], quotas, couples=settings[0].spouse_both_forbidden)
        for t in sorted(windows)
    )
    most: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(years))
    least: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(years))
    for k, year in enumerate(years):
        for group, number in _caps(year, settings[k], request).items():
            most[group][k] = number
        others = _members(year, year.able, quotas)
        for group, quota, bound in _bounds(year, settings[k]):
            if quota.sense in ("le", "eq"):
                most[group][k] = bound
            if quota.sense in ("ge", "eq"):
                least[group][k] = max(0, bound - others[group])
    return Spread(
        horizon=len(years),
        movers=movers,
        most=dict(most),
        least={group: numbers for group, numbers in least.items() if any(numbers)},
        backbone_share=settings[0].backbone_share_min,
        backbone_room=[_backbone_among(y, y.able) for y in years],
    )


def _mover(
    year: JudgedYear, teacher_id: str, window: tuple[int, ...], quotas: Iterable[Quota], *, couples: bool
) -> Mover:
    teacher = year.county.teacher_by_id[teacher_id]
    return Mover(
        id=teacher_id,
        years=window,
        weight=_at_school(year.county, teacher),
        backbone=teacher.is_backbone(year.county.on),
        groups=frozenset(
            {
                (SCHOOL, teacher.school_id),
                (SUBJECT, _slot(teacher.school_id, teacher.stage, subject_of(teacher))),
                *((f"{QUOTA}:{q.id}", _member(q.scope, year.county, teacher)) for q in quotas),
            }
        ),
        spouse=teacher.family.spouse_id if couples else "",
    )


def _at_school(county: County, teacher: Teacher) -> int:
    joined = teacher.joined_current_school
    return max(0, completed_years(joined, county.on)) if joined else 0


def _slot(school_id: str, stage: Stage, subject: Subject) -> str:
    return f"{school_id}/{stage.value}/{subject.value}"


def _caps(year: JudgedYear, settings: PlanSettings, request: Request) -> dict[tuple[str, str], int]:
    """Most leavers of each school, and of each subject of it, from the staff at work in the year."""
    caps: dict[tuple[str, str], int] = {}
    staff: Counter[str] = Counter()
    for (school_id, stage, subject), present in stands(year.county).items():
        staff[school_id] += present
        share = rounded(settings.subject_outflow_share * present, "floor")
        caps[SUBJECT, _slot(school_id, stage, subject)] = max(settings.subject_outflow_min, share)
    for school_id, present in staff.items():
        caps[SCHOOL, school_id] = max(1, rounded(request.school_share * present, "floor"))
    return caps


def _bounds(year: JudgedYear, settings: PlanSettings) -> list[tuple[tuple[str, str], Quota, int]]:
    """What every quota comes to for every member of its scope in the year."""
    standings = year.findings.standings
    bounds = []
    for quota in settings.quotas:
        base: Counter[str] = Counter()
        for teacher in year.county.teachers:
            if teacher.in_post is not False:
                counted = quota.base == "staff" or standings[teacher.id] != "no"
                base[_member(quota.scope, year.county, teacher)] += counted
        for member, number in sorted(base.items()):
            bound = max(quota.min, rounded(quota.pct * number, quota.rounding))  # type: ignore[arg-type]
            bounds.append(((f"{QUOTA}:{quota.id}", member), quota, bound))
    return bounds


def _members(year: JudgedYear, ids: Iterable[str], quotas: Iterable[Quota]) -> Counter[tuple[str, str]]:
    """How many of the people are in each member of each quota."""
    found: Counter[tuple[str, str]] = Counter()
    people = [year.county.teacher_by_id[t] for t in ids]
    for quota in quotas:
        for teacher in people:
            found[f"{QUOTA}:{quota.id}", _member(quota.scope, year.county, teacher)] += 1
    return found


def _member(scope: str, county: County, teacher: Teacher) -> str:
    school = county.school_by_id[teacher.works_at]
    return {
        "school": school.id,
        "cluster": school.cluster_id,
        "cluster_stage": f"{school.cluster_id}/{teacher.stage.value}",
        "stage": teacher.stage.value,
    }.get(scope, "county")


def _backbone_among(year: JudgedYear, ids: Iterable[str]) -> int:
    return sum(year.county.teacher_by_id[t].is_backbone(year.county.on) for t in ids)


# --- the schedule ---------------------------------------------------------------------------------------------------


def _placing(
    teacher_id: str, due: int, window: tuple[int, ...], years: Sequence[JudgedYear], levelled: Levelled
) -> Placing:
    county = years[due].county
    teacher = county.teacher_by_id[teacher_id]
    return Placing(
        teacher=teacher,
        due=due,
        years=window,
        year=levelled.year_of.get(teacher_id),
        years_at_school=_at_school(county, teacher),
        backbone=teacher.is_backbone(county.on),
        clause=years[due].findings.cited[teacher_id],
        stopped=levelled.stopped.get(teacher_id, ()) if window else ((due, NOWHERE),),
    )


def _batches(
    placings: tuple[Placing, ...], years: Sequence[JudgedYear], settings: Sequence[PlanSettings], levelled: Levelled
) -> Batches:
    horizon = range(len(years))
    due, gone = Counter(p.due for p in placings), Counter(p.year for p in placings)
    waiting = [sum(p.due <= k and (p.year is None or p.year > k) for p in placings) for k in horizon]
    volunteers, backbone = zip(*(_volunteers(years[k], settings[k], placings) for k in horizon), strict=True)
    return Batches(
        placings=placings,
        due=tuple(due[k] for k in horizon),
        gone=tuple(gone[k] for k in horizon),
        waiting=tuple(waiting),
        volunteers=volunteers,
        backbone_volunteers=backbone,
        least_peak=levelled.least_peak,
        shortage=levelled.shortage,
        proven=levelled.proven,
    )


def _volunteers(year: JudgedYear, settings: PlanSettings, placings: Iterable[Placing]) -> tuple[int, int]:
    """Others whom the year's quotas need besides the batch, and how many of them must be backbone teachers.

    Quotas of several scopes overlap, so the first number is that of the quota that needs most.
    """
    batch = [p for p in placings if p.year == year.index]
    held = _members(year, (p.teacher.id for p in batch), settings.quotas)
    lacking: Counter[str] = Counter()
    for group, quota, bound in _bounds(year, settings):
        if quota.sense in ("ge", "eq"):
            lacking[quota.id] += max(0, bound - held[group])
    others = max(lacking.values(), default=0)
    share = settings.backbone_share_min
    needed = rounded(share * (len(batch) + others), "ceil") - sum(p.backbone for p in batch)
    alone = Fraction(needed)
    if needed > others:
        alone = (share * len(batch) - sum(p.backbone for p in batch)) / (1 - share) if share < 1 else alone
    backbone = max(0, rounded(alone, "ceil"))
    return max(others, backbone), backbone
