"""The amounts behind the balance indicators, school by school: teachers counted, resources as reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from junheng.facts import (
    PE_ART_SUBJECTS,
    County,
    Education,
    Locale,
    Resources,
    School,
    SpellKind,
    Stage,
    Teacher,
    Title,
)
from junheng.indicators.counting import CountAt, Move, Place, is_full_time_teacher, places
from junheng.indicators.standards import Indicator, Standards

_RESOURCE_FIELDS = {
    Indicator.TEACHING_AREA: "teaching_area_m2",
    Indicator.SPORTS_AREA: "sports_area_m2",
    Indicator.EQUIPMENT: "equipment_yuan",
    Indicator.MULTIMEDIA: "multimedia_rooms",
}
_ITINERANT = frozenset(
    {SpellKind.EXCHANGE, SpellKind.REWARD_EXCHANGE, SpellKind.SUPPORT, SpellKind.ITINERANT, SpellKind.SECONDMENT}
)


@dataclass(frozen=True, slots=True)
class Amount:
    """What a school has of an indicator; ``unknown`` teachers lack the fact and are not in ``amount``."""

    amount: float
    unknown: int = 0


Amounts = Mapping[Indicator, Mapping[str, Amount]]
"""By indicator and school id; a school that reported nothing is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How teachers and shared resources are counted; printed on every report.

    ``itinerant_arts``: small rural schools may count exchanged, itinerant and part-time PE and arts teachers.
    ``pool_shared``: add up what a nine-year school reports for its stages and split it by weighted pupils.
    """

    at: CountAt = CountAt.TEACHING
    itinerant_arts: bool = False
    pool_shared: bool = False

    def sentence(self, lang: str = "zh") -> str:
        """The choices in words, for the foot of a report."""
        if lang == "zh":
            parts = [f"在外交流教师计入{self.at.zh}"]
            parts += ["乡村小规模学校体育艺术教师含交流、兼职、走教教师"] if self.itinerant_arts else []
            parts += ["九年一贯制学校共用资源按加权学生数拆分"] if self.pool_shared else []
            return "；".join(parts)
        parts = [f"teachers away are counted at the {self.at.en}"]
        if self.itinerant_arts:
            parts.append("small rural schools count exchanged, part-time and itinerant PE and arts teachers")
        if self.pool_shared:
            parts.append("shared resources of nine-year schools are split by weighted pupils")
        return "; ".join(parts)


def stage_amounts(
    county: County,
    stage: Stage,
    standards: Standards,
    counting: Counting,
    *,
    moves: Mapping[str, Move] | None = None,
    reported: Mapping[Indicator, Mapping[str, float]] | None = None,
) -> dict[Indicator, dict[str, Amount]]:
    """The amounts of every indicator of the rule set in a stage.

    ``reported`` gives amounts that the county's facts do not hold, by indicator and school id (computers and books of
    the 2012 measures); it takes precedence.
    """
    staff = defaultdict(list)
    for place in places(county, counting.at, moves):
        if place.stage is stage:
            staff[place.school_id].append(place)
    schools = county.schools_of(stage)
    found: dict[Indicator, dict[str, Amount]] = {}
    for indicator in standards.indicators:
        if reported and indicator in reported:
            found[indicator] = {s.id: Amount(reported[indicator][s.id]) for s in schools if s.id in reported[indicator]}
        elif indicator in _RESOURCE_FIELDS:
            found[indicator] = _resource_amounts(schools, stage, indicator, standards, counting)
        elif indicator not in (Indicator.COMPUTERS, Indicator.BOOKS):
            found[indicator] = {s.id: _tally(indicator, staff[s.id], stage, standards, county.on) for s in schools}
        else:
            found[indicator] = {}
    if counting.itinerant_arts and standards.itinerant_arts_pupils and Indicator.PE_ART in found:
        _add_itinerant_arts(county, schools, staff, standards.itinerant_arts_pupils, found[Indicator.PE_ART])
    return found


def _tally(indicator: Indicator, staff: Iterable[Place], stage: Stage, standards: Standards, on: date) -> Amount:
    verdicts = [_has(indicator, place, standards.high_degree_from[stage], on) for place in staff]
    return Amount(sum(v is True for v in verdicts), sum(v is None for v in verdicts))


def _has(indicator: Indicator, place: Place, high_from: Education, on: date) -> bool | None:
    teacher = place.teacher
    if indicator is Indicator.DEGREE:
        return None if teacher.education is None else teacher.education.years >= high_from.years
    if indicator is Indicator.BACKBONE:
        return teacher.is_backbone(on)
    if indicator is Indicator.PE_ART:
        return place.subject in PE_ART_SUBJECTS
    if indicator is Indicator.TITLED:
        held = teacher.title_on(on)
        return held is not None and held.title.rank >= Title.FIRST.rank
    return True


def _resource_amounts(
    schools: Iterable[School], stage: Stage, indicator: Indicator, standards: Standards, counting: Counting
) -> dict[str, Amount]:
    found = {}
    for school in schools:
        amount = _resource(school, stage, _RESOURCE_FIELDS[indicator], standards, counting)
        if amount is not None:
            found[school.id] = Amount(amount)
    return found


def _resource(school: School, stage: Stage, name: str, standards: Standards, counting: Counting) -> float | None:
    """A school with two stages that reports one row means the whole school; so does pooling: split by pupils."""
    rows: list[Resources] = [r for r in school.resources if getattr(r, name) is not None]
    if len(school.stages) > 1 and rows and (counting.pool_shared or len(rows) == 1):
        total = sum(float(getattr(r, name)) for r in rows)
        return split_shared(total, {s: school.pupils(s) for s in school.stages}, standards)[stage]
    own = [float(getattr(r, name)) for r in rows if r.stage is stage]
    return own[0] if own else None


def split_shared(amount: float, pupils: Mapping[Stage, int], standards: Standards) -> dict[Stage, float]:
    """What each stage of a nine-year school has of a shared amount: by pupils, a junior pupil weighing 1.1.

    The weights are those of the rule set (``stage_weight``). Raises ``ValueError`` when the school has no pupils.
    """
    weights = {stage: float(standards.stage_weight[stage]) * count for stage, count in pupils.items()}
    whole = sum(weights.values())
    if whole <= 0:
        raise ValueError("an amount cannot be split among stages without pupils")
    return {stage: amount * weight / whole for stage, weight in weights.items()}


def _add_itinerant_arts(
    county: County,
    schools: Iterable[School],
    staff: Mapping[str, list[Place]],
    pupils: tuple[int, int],
    amounts: dict[str, Amount],
) -> None:
    """Small rural schools count who comes to teach PE or arts, and who teaches it beside another subject."""
    small = {s.id for s in schools if s.locale is Locale.RURAL and pupils[0] <= s.pupils() <= pupils[1]}
    visitors: defaultdict[str, set[str]] = defaultdict(set)
    for teacher in county.teachers:
        if is_full_time_teacher(teacher) and _teaches_arts(teacher):
            for spell in teacher.appointments:
                if spell.school_id in small and spell.kind in _ITINERANT and spell.covers(county.on):
                    visitors[spell.school_id].add(teacher.id)
    for school_id in small:
        counted = {p.teacher.id for p in staff[school_id] if p.subject in PE_ART_SUBJECTS}
        part_time = {p.teacher.id for p in staff[school_id] if _teaches_arts(p.teacher)}
        more = (visitors[school_id] | part_time) - counted
        amounts[school_id] = Amount(amounts[school_id].amount + len(more), amounts[school_id].unknown)


def _teaches_arts(teacher: Teacher) -> bool:
    return not PE_ART_SUBJECTS.isdisjoint((teacher.main_subject, *teacher.also_teaches))
