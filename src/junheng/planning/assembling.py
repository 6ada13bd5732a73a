"""From a county, its verdicts and the year's settings to a :class:`Problem`.

One school unit is one stage of one school: a nine-year school becomes two units, ``code-primary`` and ``code-junior``.
A teacher stands where he works; one who works away from the school that holds his establishment is not moved again, and
one who is not in post stands nowhere. Support staff count as staff of their school but in no subject and no indicator,
so that the figures of a plan are those of :func:`junheng.indicators.measure_balance` at the teaching school. What the
data do not say is replaced by the careful reading and named in ``Assembly.notes``, never silently.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from junheng.facts import County, School, SpellKind, Stage, Subject, Teacher
from junheng.facts.calendar import completed_years
from junheng.indicators.counting import CountAt, places
from junheng.indicators.standards import Standards, national_standards
from junheng.planning.improving import closed_to
from junheng.planning.lasting.returns import Return, after_returns
from junheng.planning.partners import Bond, partners_of
from junheng.planning.planning_error import PlanningError as PlanningError  # noqa: PLC0414 - callers find it here
from junheng.planning.planning_error import refuse_unfit
from junheng.planning.problem import (
    Candidate,
    Departure,
    Direction,
    Objective,
    Pin,
    PlanningPolicy,
    Problem,
    Quota,
    Requirement,
    SchoolUnit,
    Verdict,
)
from junheng.planning.units import ZONES, per_hundred, plan_subject, unit_id

EXTRA_MOVE_WEIGHT = 40.0
"""Weight of moves beyond the quotas in J: at 5 a plan doubles the moves to please wishes, at 40 it does not."""
ALREADY_AWAY = "already_away"
COMES_BACK = "comes_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """The numbers of a year's plan that a county may set; their defaults are the careful ones.

    ``standards`` holds the limits of the coefficients, the per-100 standards and from which education a teacher counts.
    """

    year: int
    quotas: tuple[Quota, ...]
    standards: Standards = field(default_factory=national_standards)
    refill: Literal["toward", "preserve"] = "toward"
    subject_outflow_share: Fraction = Fraction(1, 10)
    subject_outflow_min: int = 1
    commute_km_max: float = 30.0
    no_return_years: int = 6
    spouse_both_forbidden: bool = True
    direction: Direction | None = None
    backbone_share_min: Fraction = Fraction(0)
    objective: Objective = field(
        default_factory=lambda: Objective(
            indicator_weight={s.value: {"degree": 1.0, "backbone": 1.0, "pe_art": 1.0} for s in Stage},
            w_extra=EXTRA_MOVE_WEIGHT,
        )
    )
    honour_commute_limits: bool = True
    within_cluster: bool = False
    within_partners: bool = False
    partners: frozenset[Bond] = frozenset({"pairing"})
    """What makes two schools partners: a pairing, one school group."""
    improving: frozenset[str] = frozenset()
    """Teachers on supervisory exchange, to be sent where they can improve, and what the policy cites for that."""
    improving_clause: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the data left open and how it was read; ``count`` persons or schools are concerned."""

    zh: str
    en: str
    count: int


@dataclass(frozen=True, slots=True)
class Assembly:
    """A problem and the way back from its ids to the county's. ``county`` is the one planned for, in which those whose
    term ends are home again: ``returns``.
    """

    county: County
    problem: Problem
    unit_school: dict[str, str]
    unit_stage: dict[str, Stage]
    standing_still: dict[str, str]
    notes: tuple[Note, ...]
    returns: tuple[Return, ...] = ()


def assemble(
    county: County,
    verdicts: Mapping[str, Verdict],
    settings: PlanSettings,
    pins: Iterable[Pin] = (),
    *,
    returns: bool = False,
) -> Assembly:
    """The planning problem of ``county`` under ``verdicts`` (teacher id → must, may or no) and ``settings``.

    With ``returns``, teachers whose exchange or support ends with the school year are home again first: they count at
    their own school, leave a place at the host's, and are not moved again.

    Raises :class:`PlanningError` when the county has fewer than two school units in every stage, or a pin names
    somebody or somewhere that does not exist.
    """
    county, returning = after_returns(county) if returns else (county, ())
    builder = _Builder(county, verdicts, settings, frozenset(each.teacher_id for each in returning))
    refuse_unfit(county, builder.units)
    decided = tuple(pins)
    problem = Problem(
        schools=tuple(builder.units),
        requirements=tuple(builder.requirements()),
        teachers=tuple(builder.candidates()),
        history=tuple(builder.departures()),
        policy=builder.policy(),
        pins=(*builder.away(), *builder.to_improve(decided), *(builder.pin(each) for each in decided)),
    )
    still, notes = dict(builder.standing_still), builder.notes()
    return Assembly(county, problem, builder.unit_school, builder.unit_stage, still, notes, returning)


class _Builder:
    def __init__(
        self, county: County, verdicts: Mapping[str, Verdict], settings: PlanSettings, returning: frozenset[str]
    ) -> None:
        self.county, self.verdicts, self.settings, self.returning = county, verdicts, settings, returning
        self.unit_school: dict[str, str] = {}
        self.unit_stage: dict[str, Stage] = {}
        self.standing_still: dict[str, str] = {}
        self.open_points: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.places = self._places()
        counted = {p.teacher.id: p.stage for p in places(county, CountAt.TEACHING)}
        self.full_time = frozenset(counted)
        self.stage_of = {t.id: counted.get(t.id) or self._stage_here(t) for t in county.teachers}
        self.unit_of = {
            (school.id, stage): unit_id(school, stage)
            for school in county.schools
            for stage in sorted(school.stages)
            if school.pupils(stage) > 0
        }
        self.taught = [t for t in county.teachers if self._stands_here(t)]
        self.taught_ids = frozenset(t.id for t in self.taught)
        self.present = Counter((t.works_at, self.stage_of[t.id]) for t in self.taught)
        self.units = list(self._units())

    # --- schools ----------------------------------------------------------------------------------------------------

    def _places(self) -> dict[str, tuple[float, float]]:
        known = {s.id: (s.x_km, s.y_km) for s in self.county.schools if s.x_km is not None and s.y_km is not None}
        places: dict[str, tuple[float, float]] = {}
        for school in self.county.schools:
            near = [known[s.id] for s in self.county.schools if s.cluster_id == school.cluster_id and s.id in known]
            points = [known[school.id]] if school.id in known else near or [*known.values()] or [(0.0, 0.0)]
            places[school.id] = (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
            if school.id not in known:
                self._open(
                    "学校缺坐标，按所在学区的中心估计位置",
                    "schools without coordinates: placed at their cluster's centre",
                )
        return places

    def _units(self) -> Iterable[SchoolUnit]:
        partners = partners_of(self.county, self.settings.partners)
        for (school_id, stage), uid in self.unit_of.items():
            self.unit_school[uid], self.unit_stage[uid] = school_id, stage
            yield self._school_unit(self.county.school_by_id[school_id], stage, uid, partners)

    def _school_unit(self, school: School, stage: Stage, uid: str, bound: Mapping[str, set[str]]) -> SchoolUnit:
        present = self.present[school.id, stage]
        if stage not in school.posts:
            self._open("学校未填编制，按现有人数计", "school stages without posts: today's head-count is used")
        x_km, y_km = self.places[school.id]
        partners = tuple(sorted(self.unit_of[p, stage] for p in bound[school.id] if (p, stage) in self.unit_of))
        return SchoolUnit(
            id=uid,
            name=school.name if len(school.stages) == 1 else f"{school.name}({stage.zh}部)",
            stage=stage.value,
            cluster=school.cluster_id,
            x_km=x_km,
            y_km=y_km,
            zone=ZONES[school.locale],
            strength=school.strength.value,
            pupils=school.pupils(stage),
            posts=school.posts.get(stage, present),
            paired_with=partners,
        )

    def requirements(self) -> Iterable[Requirement]:
        """Required head-counts; a subject without a stated need keeps today's number: a blank loses nobody."""
        needed: Counter[tuple[str, str]] = Counter()
        stated: set[tuple[str, str]] = set()
        for school in self.county.schools:
            for row in school.requirements:
                if (school.id, row.stage) in self.unit_of:
                    slot = (self.unit_of[school.id, row.stage], plan_subject(row.subject))
                    needed[slot] += row.required
                    stated.add(slot)
        today = Counter((self._unit(t), self._subject(t)) for t in self.taught)
        for slot, count in today.items():
            if slot not in stated:
                needed[slot] = count
                self._open(
                    "学校学科未填需求，保持现有人数", "school subjects without a stated need: today's number is kept"
                )
        return [Requirement(school, subject, number) for (school, subject), number in sorted(needed.items())]

    # --- people -----------------------------------------------------------------------------------------------------

    def _stage_here(self, teacher: Teacher) -> Stage:
        stages = self.county.school_by_id[teacher.works_at].stages
        return teacher.stage if teacher.stage in stages else min(stages)

    def _stands_here(self, teacher: Teacher) -> bool:
        if (teacher.works_at, self.stage_of[teacher.id]) not in self.unit_of:
            self.standing_still[teacher.id] = "no_pupils"
            self._open(
                "学校（学段）没有学生，其教师不参与排定", "teachers of schools without pupils: left out of the plan"
            )
            return False
        if teacher.in_post is not False:
            return True
        self.standing_still[teacher.id] = "not_in_post"
        self._open("不在岗人员不计入学校现有人数", "people who are not in post: not counted at any school")
        return False

    def _unit(self, teacher: Teacher) -> str:
        return self.unit_of[teacher.works_at, self.stage_of[teacher.id]]

    def _subject(self, teacher: Teacher) -> str:
        return plan_subject(teacher.main_subject if teacher.id in self.full_time else Subject.OTHER)

    def candidates(self) -> Iterable[Candidate]:
        """Every teacher who counts for a head-count, movable or not."""
        return [self._candidate(t) for t in self.taught]

    def _candidate(self, teacher: Teacher) -> Candidate:
        on = self.county.on
        title = teacher.title_on(on)
        home_x, home_y = self._home(teacher)
        joined = teacher.joined_current_school
        subject, full_time = self._subject(teacher), teacher.id in self.full_time
        also = [plan_subject(s) for s in teacher.also_teaches] if full_time else []
        return Candidate(
            id=teacher.id,
            school_id=self._unit(teacher),
            stage=self.stage_of[teacher.id].value,
            subject=subject,
            subject2=next((s for s in also if s != subject), ""),
            sex=teacher.sex.value,
            age=completed_years(teacher.birth_date, on),
            years_at_school=max(0, completed_years(joined, on)) if joined else 0,
            title=title.title.rank if title else 0,
            backbone=full_time and teacher.is_backbone(on),
            high_degree=full_time and self._high_degree(teacher),
            home_x=home_x,
            home_y=home_y,
            spouse_id=teacher.family.spouse_id if teacher.family.spouse_id in self.taught_ids else "",
            verdict=self._verdict(teacher),
            preferences=self._preferences(teacher),
            commute_limit_km=teacher.commute_limit_km if self.settings.honour_commute_limits else None,
        )

    def _verdict(self, teacher: Teacher) -> Verdict:
        verdict = self.verdicts.get(teacher.id, "no")
        if verdict == "no":
            return verdict
        if teacher.id in self.returning:
            self.standing_still[teacher.id] = COMES_BACK
            self._open(
                "交流（支教）期满的教师先返回原校，本次不再调整",
                "teachers whose term ends: home again first, not moved again this time",
            )
            return "may"
        if teacher.works_at != teacher.school_id:
            self.standing_still[teacher.id] = ALREADY_AWAY
            self._open("已在外校任教的教师本次不再调整", "teachers already working at another school: not moved again")
            return "may"
        if self.stage_of[teacher.id] is not teacher.stage or teacher.id not in self.full_time:
            self.standing_still[teacher.id] = "not_of_the_stage"
            self._open("非专任或跨学段任教的人员不安排", "support staff and people teaching another stage: not moved")
            return "no"
        return verdict

    def away(self) -> Iterable[Pin]:
        """Teachers who work elsewhere or have just come back count among the eligible, but stay where they are."""
        still = (ALREADY_AWAY, COMES_BACK)
        return [Pin(t, "stay", reason=why) for t, why in self.standing_still.items() if why in still]

    def to_improve(self, decided: Iterable[Pin]) -> list[Pin]:
        """Weaker schools, closed to whoever is to improve and of whom no clerk has said where he goes or stays."""
        settled = {pin.teacher_id for pin in decided if pin.kind != "forbid"} | self.standing_still.keys()
        pins: list[Pin] = []
        for teacher in (t for t in self.taught if t.id in self.settings.improving - settled):
            closed, words = closed_to(teacher.id, self._unit(teacher), self.units, self.settings.improving_clause)
            pins += closed
            for each in words:
                self._open(*each)
        return pins

    def _home(self, teacher: Teacher) -> tuple[float, float]:
        if teacher.home_x_km is not None and teacher.home_y_km is not None:
            return teacher.home_x_km, teacher.home_y_km
        self._open(
            "教师缺家庭位置，按现任教学校位置计通勤",
            "teachers without a home location: commute is from the present school",
        )
        return self.places[teacher.works_at]

    def _high_degree(self, teacher: Teacher) -> bool:
        if teacher.education is None:
            self._open(
                "教师缺学历，不计入高于规定学历", "teachers without education: not counted as above the required one"
            )
            return False
        return teacher.education.years >= self.settings.standards.high_degree_from[self.stage_of[teacher.id]].years

    def _preferences(self, teacher: Teacher) -> tuple[str, ...]:
        ranked = [(w.school_id, teacher.stage) for w in sorted(teacher.wishes, key=lambda w: w.rank)]
        return tuple(self.unit_of[place] for place in ranked if place in self.unit_of)

    def departures(self) -> Iterable[Departure]:
        """Schools that a teacher has left, in the units of his stage."""
        seen: set[Departure] = set()
        for teacher in self.taught:
            for spell in teacher.appointments:
                unit = self.unit_of.get((spell.school_id, teacher.stage))
                if spell.end is not None and unit and spell.school_id != teacher.works_at and spell.kind in _TAUGHT:
                    seen.add(Departure(teacher.id, unit, spell.end.year))
        return seen

    # --- policy -----------------------------------------------------------------------------------------------------

    def policy(self) -> PlanningPolicy:
        """The settings as the interchange form writes them."""
        s = self.settings
        return PlanningPolicy(
            year=s.year,
            refill=s.refill,
            subject_outflow_share=s.subject_outflow_share,
            subject_outflow_min=s.subject_outflow_min,
            commute_km_max=s.commute_km_max,
            no_return_years=s.no_return_years,
            spouse_both_forbidden=s.spouse_both_forbidden,
            direction=s.direction,
            backbone_share_min=s.backbone_share_min,
            objective=s.objective,
            quotas=s.quotas,
            within_cluster=s.within_cluster,
            within_partners=s.within_partners,
            cv_limit={stage.value: float(limit) for stage, limit in s.standards.cv_limit.items()},
            per100=per_hundred(s.standards),
        )

    def pin(self, pin: Pin) -> Pin:
        """The pin with its school as a unit of the teacher's stage."""
        teacher = self.county.teacher_by_id.get(pin.teacher_id)
        if teacher is None:
            raise PlanningError(
                f"指定的教师 {pin.teacher_id} 不在本县",
                f"a pin names teacher {pin.teacher_id}, who is not in the county",
            )
        if pin.kind == "stay":
            return pin
        unit = self.unit_of.get((pin.school_id, teacher.stage), pin.school_id)
        if unit not in self.unit_school or (pin.kind == "pin" and self.unit_stage[unit] is not teacher.stage):
            raise PlanningError(
                f"为 {pin.teacher_id} 指定的学校 {pin.school_id} 不在本县，或没有{teacher.stage.zh}",
                f"a pin for {pin.teacher_id} names {pin.school_id}, which is no {teacher.stage.en} school here",
            )
        return Pin(pin.teacher_id, pin.kind, unit, pin.subject, pin.reason)

    def _open(self, zh: str, en: str) -> None:
        self.open_points[zh, en] += 1

    def notes(self) -> tuple[Note, ...]:
        """What the data left open, each once with how many it concerns."""
        return tuple(Note(zh, en, count) for (zh, en), count in self.open_points.items())


_TAUGHT = frozenset(SpellKind) - {SpellKind.SECONDMENT}
