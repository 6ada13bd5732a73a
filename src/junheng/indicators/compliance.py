"""Whether a year's exchange reaches the shares that a document asks for.

Documents take different numerators and denominators (national: of those who meet the conditions; Anhui: backbone of
those who meet the conditions; Changzhou: backbone of eligible backbone), so each target names its two sets of teachers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from junheng.facts import Code, County, Locale, Stage, Teacher
from junheng.facts.rounding import Rounding, rounded
from junheng.indicators.counting import is_full_time_teacher
from junheng.indicators.standards import Mark, standards_text

Scope = Literal["county", "stage", "cluster", "cluster_stage", "school"]
Sense = Literal["ge", "le", "eq"]


class Population(Code):
    """Sets of teachers that a target may name."""

    STAFF = ("staff", "在册教师", "all on the register")
    FULL_TIME = ("full_time", "专任教师", "full-time teachers")
    ELIGIBLE = ("eligible", "符合交流条件教师", "teachers who meet the conditions")
    EXCHANGED = ("exchanged", "交流轮岗教师", "exchanged teachers")
    BACKBONE_STAFF = ("backbone_staff", "骨干教师", "backbone teachers")
    BACKBONE_ELIGIBLE = ("backbone_eligible", "符合交流条件的骨干教师", "backbone teachers who meet the conditions")
    BACKBONE_EXCHANGED = ("backbone_exchanged", "交流轮岗骨干教师", "exchanged backbone teachers")
    URBAN_EXCHANGED = ("urban_exchanged", "城区学校交出的教师", "exchanged teachers of urban schools")
    URBAN_TO_COUNTRY = (
        "urban_to_country",
        "城区交流到镇村的教师",
        "teachers exchanged from urban to town or rural schools",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeYear:
    """The teachers of a year: who met the conditions and who goes where (teacher id → school id).

    Raises ``ValueError`` naming every teacher or school that the county does not have.
    """

    county: County
    eligible: frozenset[str]
    moves: Mapping[str, str]

    def __post_init__(self) -> None:
        people, schools = self.county.teacher_by_id, self.county.school_by_id
        faults = [f"teacher {t} does not exist" for t in sorted({*self.eligible, *self.moves} - people.keys())]
        faults += [f"school {s} does not exist" for s in sorted(set(self.moves.values()) - schools.keys())]
        if faults:
            raise ValueError("; ".join(faults))

    def has(self, population: Population, teacher: Teacher) -> bool:
        """Whether the teacher belongs to the set."""
        return _MEMBERSHIP[population](self, teacher)

    def origin(self, teacher: Teacher) -> Locale:
        """The urban–rural class of the school that holds the teacher's establishment."""
        return self.county.school_by_id[teacher.school_id].locale

    def destination(self, teacher: Teacher) -> Locale | None:
        """That of the school the teacher is exchanged to."""
        to = self.moves.get(teacher.id)
        return None if to is None else self.county.school_by_id[to].locale


def _urban_exchanged(year: ExchangeYear, teacher: Teacher) -> bool:
    return teacher.id in year.moves and year.origin(teacher) is Locale.URBAN


_MEMBERSHIP: dict[Population, Callable[[ExchangeYear, Teacher], bool]] = {
    Population.STAFF: lambda year, t: True,
    Population.FULL_TIME: lambda year, t: is_full_time_teacher(t),
    Population.ELIGIBLE: lambda year, t: t.id in year.eligible,
    Population.EXCHANGED: lambda year, t: t.id in year.moves,
    Population.BACKBONE_STAFF: lambda year, t: t.is_backbone(year.county.on),
    Population.BACKBONE_ELIGIBLE: lambda year, t: t.id in year.eligible and t.is_backbone(year.county.on),
    Population.BACKBONE_EXCHANGED: lambda year, t: t.id in year.moves and t.is_backbone(year.county.on),
    Population.URBAN_EXCHANGED: _urban_exchanged,
    Population.URBAN_TO_COUNTRY: lambda year, t: _urban_exchanged(year, t) and year.destination(t) is not Locale.URBAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTarget:
    """A share that must be reached: numerator ÷ denominator against ``share``, for every member of ``scope``.

    With ``rounding`` the bound is a whole number of persons, max(``minimum``, round(share × base)); without it the
    exact share is compared. ``sense``: at least, at most, or exactly.
    """

    id: str
    zh: str
    en: str
    numerator: Population
    denominator: Population
    share: Fraction
    scope: Scope = "county"
    sense: Sense = "ge"
    rounding: Rounding | None = None
    minimum: int = 0
    source: str = ""
    mark: Mark = "recalled"


def target_set(name: str) -> tuple[ShareTarget, ...]:
    """The targets of a document that come with the library: ``national``, ``anhui`` or ``changzhou``."""
    given = tomllib.loads(standards_text("exchange_targets.toml"), parse_float=Decimal)
    if name not in given:
        raise ValueError(f"no set of targets {name!r}; there are {', '.join(sorted(given))}")
    return tuple(
        ShareTarget(
            id=row["id"],
            zh=row["zh"],
            en=row["en"],
            numerator=Population.read(row["numerator"]),
            denominator=Population.read(row["denominator"]),
            share=Fraction(row["share"]),
            source=row["source"],
            mark=row["mark"],
        )
        for row in given[name]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResult:
    """A target for one member of its scope: ``base`` × share = ``raw`` → ``whole`` → ``required`` against ``actual``.

    ``whole`` is ``None`` where the document rounds nothing; ``required`` is then ``raw`` or the minimum. A base of
    nobody asks for nothing.
    """

    target: ShareTarget
    key: str
    name: str
    base: int
    raw: Fraction
    whole: int | None
    required: Fraction
    actual: int
    met: bool

    @property
    def actual_share(self) -> Fraction | None:
        """Actual ÷ base; ``None`` when the base is empty."""
        return Fraction(self.actual, self.base) if self.base else None

    def sentence(self, lang: str = "zh") -> str:
        """The computation and the verdict in words."""
        share = f"{float(self.target.share):.2%}"
        sense = {"ge": "≥", "le": "≤", "eq": "="}[self.target.sense]
        steps = f"{self.base} × {share} = {float(self.raw):.2f}"
        if self.whole is not None:
            steps += f" → {self.whole}"
            if self.required != self.whole:
                steps += f" → {int(self.required)}"
        if lang == "zh":
            verdict = "达到" if self.met else "未达到"
            return f"{self.name} {self.target.zh}：{steps}，实际{self.actual}人（要求{sense}），{verdict}"
        verdict = "met" if self.met else "not met"
        return f"{self.name}, {self.target.en}: {steps}, actual {self.actual} (required {sense}), {verdict}"


def measure_targets(year: ExchangeYear, targets: Iterable[ShareTarget]) -> tuple[TargetResult, ...]:
    """Every target for every member of its scope; a teacher belongs where the establishment is."""
    return tuple(result for target in targets for result in _results(year, target))


def _results(year: ExchangeYear, target: ShareTarget) -> Iterable[TargetResult]:
    names = dict(_scope_members(year.county, target.scope))
    base, actual = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for teacher in year.county.teachers:
        key = _scope_key(year.county, teacher, target.scope)
        base[key] += year.has(target.denominator, teacher)
        actual[key] += year.has(target.numerator, teacher)
    for key, name in names.items():
        yield judge_target(target, key, name, base[key], actual[key])


def judge_target(target: ShareTarget, key: str, name: str, base: int, actual: int) -> TargetResult:
    """One comparison, exact: base × share → rounded → after the minimum, against the actual number."""
    raw = base * target.share
    whole = None if target.rounding is None else rounded(raw, target.rounding)
    required = max(Fraction(target.minimum), raw if whole is None else Fraction(whole)) if base else Fraction(0)
    met = {"ge": actual >= required, "le": actual <= required, "eq": actual == required}[target.sense]
    return TargetResult(
        target=target,
        key=key,
        name=name,
        base=base,
        raw=raw,
        whole=whole,
        required=required,
        actual=actual,
        met=met,
    )


def _scope_key(county: County, teacher: Teacher, scope: Scope) -> str:
    cluster = county.school_by_id[teacher.school_id].cluster_id
    return {
        "county": "county",
        "stage": teacher.stage.value,
        "cluster": cluster,
        "cluster_stage": f"{cluster}/{teacher.stage.value}",
        "school": teacher.school_id,
    }[scope]


def _scope_members(county: County, scope: Scope) -> Iterable[tuple[str, str]]:
    if scope == "county":
        return [("county", county.name)]
    if scope == "stage":
        return [(stage.value, stage.zh) for stage in Stage]
    if scope == "school":
        return [(s.id, s.name) for s in county.schools]
    if scope == "cluster":
        return [(c.id, c.name) for c in county.clusters]
    return [(f"{c.id}/{stage.value}", f"{c.name}{stage.zh}") for c in county.clusters for stage in Stage]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionShare:
    """Exchanged teachers from one urban–rural class to another, and their share of all who left the first."""

    origin: Locale
    destination: Locale
    teachers: int
    leaving: int

    @property
    def share(self) -> Fraction | None:
        """Of those who left ``origin``; ``None`` when nobody did."""
        return Fraction(self.teachers, self.leaving) if self.leaving else None


def direction_shares(year: ExchangeYear) -> tuple[DirectionShare, ...]:
    """How the exchanged teachers went between urban, town and rural schools: all nine directions."""
    counts = {(a, b): 0 for a in Locale for b in Locale}
    for teacher_id in year.moves:
        teacher = year.county.teacher_by_id[teacher_id]
        destination = year.destination(teacher)
        if destination is not None:
            counts[year.origin(teacher), destination] += 1
    return tuple(
        DirectionShare(origin=a, destination=b, teachers=n, leaving=sum(counts[a, other] for other in Locale))
        for (a, b), n in counts.items()
    )
