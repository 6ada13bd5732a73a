"""The years planned in turn: this year's batch and volunteers placed, the county a year older, the next one placed.

Each year is planned by the year's own planner (:func:`junheng.planning.solving.solve`) and measured by the official
coefficient. The forecast says in which year the county is within the official limits, if ever within the horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from junheng.facts import Appointment, County, SpellKind, Teacher
from junheng.facts.ageing import roll_forward
from junheng.facts.calendar import anniversary
from junheng.indicators import BalanceChange, CountAt, Counting, Move, balance_after
from junheng.indicators.comparison import IndicatorChange
from junheng.planning.assembling import Assembly, PlanSettings, assemble
from junheng.planning.outlook.batches import Batches
from junheng.planning.outlook.pupils import with_pupils
from junheng.planning.outlook.request import Request
from junheng.planning.problem import Pin, Verdict
from junheng.planning.result import Result
from junheng.planning.solving import solve
from junheng.planning.units import TEACHER_INDICATORS
from junheng.planning.year import county_moves, settings_of
from junheng.policy import Pack, decide

MOVING = frozenset(TEACHER_INDICATORS.values())
WAITS = "batch"


@dataclass(frozen=True)
class PlannedYear:
    """One year of the forecast: how many of the batch moved and how many others, the rules that had to give (none in a
    sound year), and the balance before and after.
    """

    index: int
    year: int
    batch: int
    batch_moved: int
    others_moved: int
    broken: int
    change: BalanceChange

    @property
    def teacher_indicators(self) -> tuple[IndicatorChange, ...]:
        """The indicators that move with teachers and have a limit."""
        return tuple(i for i in self.change.indicators if i.indicator in MOVING and i.limit is not None)

    @property
    def within_limits(self) -> bool:
        """Whether every indicator that moves with teachers is within its official limit after the year's moves."""
        return all(i.within_after for i in self.teacher_indicators)


def forecast(
    county: County,
    pack: Pack,
    batches: Batches,
    request: Request,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[PlannedYear, ...]:
    """Plan every year on the county that the year before has left.

    Movers are taken to stay at their new school (see :func:`settle`). Whoever of a batch can reach no school without
    breaking a rule stays; if rules still conflict the plan that breaks least is taken and ``broken`` says in how many
    places. Raises ``ValueError`` as :func:`junheng.planning.year.plan_year`.
    """
    planned = []
    now = county
    for k in range(request.years):
        held = with_pupils(now, request.pupils, k)
        made, moves = _plan(held, k, pack, batches, request)
        planned.append(made)
        now = roll_forward(settle(now, moves), 1)
        if progress:
            progress(k + 1, request.years)
    return tuple(planned)


def _plan(held: County, k: int, pack: Pack, batches: Batches, request: Request) -> tuple[PlannedYear, dict[str, Move]]:
    on = None if request.on is None else anniversary(request.on, request.on.year + k)
    findings = decide(held, pack, on=on, parameters=request.parameters)
    settings = settings_of(findings)
    batch = {p.teacher.id for p in batches.of_year(k)}
    later = {p.teacher.id for p in batches.placings if p.year is not None and p.year > k}
    assembly, result = _solved(held, findings.standings, settings, (batch, later), request)
    moves = county_moves(assembly, result.assignments)
    change = balance_after(held, moves, standards=settings.standards, counting=Counting(at=CountAt.TEACHING))
    moved = len(batch & moves.keys())
    made = PlannedYear(k, held.on.year, len(batch), moved, len(moves) - moved, len(result.relaxations), change)
    return made, moves


def _solved(
    held: County,
    standings: Mapping[str, Verdict],
    settings: PlanSettings,
    batches: tuple[set[str], set[str]],
    request: Request,
) -> tuple[Assembly, Result]:
    """The year's plan; members of the batch whom no plan can move without breaking a rule are let stay, once."""
    batch, later = batches
    must = {t for t in batch if standings.get(t, "no") != "no"}
    waiting = [Pin(t, "stay", reason=WAITS) for t in sorted(later) if standings.get(t, "no") != "no"]
    for _ in range(2):
        wanted: dict[str, Verdict] = {t: _verdict(t, s, must) for t, s in standings.items()}
        assembly = assemble(held, wanted, settings, waiting)
        result = solve(assembly.problem, seed=request.seed, gap=request.gap, processes=request.processes)
        stuck = {r.member for r in result.relaxations if r.family == "must"} | result.stranded.keys()
        if result.status != "infeasible" or not stuck & must:
            break
        must -= stuck
    return assembly, result


def _verdict(teacher_id: str, standing: Verdict, must: set[str]) -> Verdict:
    """The batch must go; everybody else who may, may; who waits for a later batch is pinned."""
    if standing == "no":
        return "no"
    return "must" if teacher_id in must else "may"


def settle(county: County, moves: Mapping[str, Move]) -> County:
    """The county after a year's moves, everybody at the new school from the next day on and for good.

    How long a placement lasts and who returns is not decided here: whoever models returns replaces this function.
    """
    return replace(county, teachers=tuple(_settled(t, county, moves.get(t.id)) for t in county.teachers))


def _settled(teacher: Teacher, county: County, move: Move | None) -> Teacher:
    if move is None:
        return teacher
    begins = county.on + timedelta(days=1)
    kept = [_ended(s, county) for s in teacher.appointments]
    left = any(s.school_id == teacher.school_id and s.end == county.on for s in kept)
    if not left:
        since = min(teacher.joined_current_school or county.on, county.on)
        kept.append(Appointment(school_id=teacher.school_id, start=since, end=county.on))
    changes: dict[str, Any] = {}
    if move.subject is not teacher.main_subject:
        others = (teacher.main_subject, *(s for s in teacher.also_teaches if s is not move.subject))
        changes = {"main_subject": move.subject, "also_teaches": others}
    return replace(
        teacher,
        school_id=move.school_id,
        teaching_school_id="",
        joined_current_school=begins,
        appointments=(*kept, Appointment(school_id=move.school_id, start=begins)),
        **changes,
    )


def _ended(spell: Appointment, county: County) -> Appointment:
    """A spell that lasts ends on the county's date; one that is over stays as it is."""
    lasting = spell.end is None and spell.start <= county.on and spell.kind is SpellKind.POST
    return replace(spell, end=county.on) if lasting else spell


def first_within(planned: Sequence[PlannedYear]) -> int | None:
    """The plan year after which every indicator that moves with teachers is within its limit; ``None`` when none."""
    return next((p.year for p in planned if p.within_limits), None)
