"""How evenly a county's schools are resourced, by the rule set of an inspection: values and the figures behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from junheng.facts import County, School, Stage
from junheng.indicators.amounts import Amount, Counting, stage_amounts
from junheng.indicators.counting import Move
from junheng.indicators.standards import PER_HUNDRED, Indicator, Standards, national_standards
from junheng.indicators.variation import variation


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolValue:
    """One school in one indicator: ``amount`` ÷ ``pupils`` × (100 or 1) = ``value``.

    ``share`` is the school's part of the county's variance (the parts add up to 1). ``least`` is the threshold,
    ``reached`` whether the value is not below it, ``nearly_reached`` whether it is not below the share of it that the
    one remaining indicator must reach; both compare exactly, not as rounded, and are ``None`` where there is no
    threshold. ``unknown`` teachers lack the fact and are not counted in ``amount``.
    """

    school_id: str
    school_name: str
    amount: float
    pupils: int
    value: float
    share: float
    least: Fraction | None
    reached: bool | None
    nearly_reached: bool | None
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorResult:
    """An indicator of a stage: the county's mean, deviation and coefficient, and every school's figures.

    ``mean`` and ``deviation`` are per hundred pupils or per pupil, as ``per`` says (100 or 1). ``limit`` and
    ``within_limit`` are ``None`` where the rule set judges the mean of coefficients instead. ``left_out`` names
    schools without pupils or without a report.
    """

    indicator: Indicator
    stage: Stage
    per: int
    mean: float
    deviation: float
    cv: float
    limit: float | None
    within_limit: bool | None
    schools: tuple[SchoolValue, ...]
    left_out: tuple[str, ...] = ()

    @property
    def reaching(self) -> int:
        """Schools that reach the threshold."""
        return sum(s.reached is True for s in self.schools)

    @property
    def unknown(self) -> int:
        """Teachers whose fact is missing."""
        return sum(s.unknown for s in self.schools)

    def name(self, lang: str = "zh") -> str:
        """The indicator as it is stated: per hundred pupils or per pupil."""
        if lang == "zh":
            return f"{'每百名学生拥有' if self.per == 100 else '生均'}{self.indicator.zh}"
        return f"{self.indicator.en} per {'hundred pupils' if self.per == 100 else 'pupil'}"

    def sentence(self, lang: str = "zh") -> str:
        """The result in words, the coefficient with three decimals although it was compared unrounded."""
        if lang == "zh":
            judged = "" if self.limit is None else f"，{'不超过' if self.within_limit else '超过'}{self.limit:.2f}"
            return (
                f"{self.stage.zh}{self.name()}：全县{self.mean:.2f}，差异系数{self.cv:.3f}{judged}；"
                f"{len(self.schools)}所学校中{self.reaching}所达到标准"
            )
        judged = "" if self.limit is None else f", {'within' if self.within_limit else 'above'} {self.limit:.2f}"
        return (
            f"{self.stage.en}, {self.name('en')}: county {self.mean:.2f}, "
            f"coefficient of variation {self.cv:.3f}{judged}; "
            f"{self.reaching} of {len(self.schools)} schools reach the standard"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolStanding:
    """Whether a school meets the rule "at least six of seven, and 85 % of the other".

    ``passes`` is ``None`` when an indicator is not reported and the verdict depends on it. ``short`` names the
    indicators under their threshold, ``far_short`` those under the share that the remaining one must reach.
    """

    school_id: str
    school_name: str
    stage: Stage
    reached: int
    judged: int
    of: int
    short: tuple[Indicator, ...]
    far_short: tuple[Indicator, ...]
    passes: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """The mean of the coefficients of a stage (2012 measures).

    ``mean`` and ``within_limit`` are ``None`` while any indicator is ``missing``; ``mean_of_available`` is the mean of
    those that are there, for information.
    """

    stage: Stage
    mean: float | None
    mean_of_available: float | None
    limit: float
    within_limit: bool | None
    missing: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceReport:
    """A county under a rule set. ``counting`` says at which school a teacher away was counted."""

    county_name: str
    on: date
    standards: Standards
    counting: Counting
    indicators: tuple[IndicatorResult, ...]
    schools: tuple[SchoolStanding, ...]
    composites: tuple[Composite, ...]
    not_reported: tuple[tuple[Stage, Indicator], ...]

    @property
    def passed(self) -> bool | None:
        """Whether every limit and every school's rule is met; ``None``: nothing fails but something is unreported."""
        verdicts = [
            *(r.within_limit for r in self.indicators if r.limit is not None),
            *(s.passes for s in self.schools),
            *(c.within_limit for c in self.composites),
        ]
        if False in verdicts:
            return False
        return None if None in verdicts or self.not_reported else True

    def result(self, indicator: Indicator, stage: Stage) -> IndicatorResult:
        """The result of one indicator and stage; ``KeyError`` when it is not in the report."""
        for each in self.indicators:
            if each.indicator is indicator and each.stage is stage:
                return each
        raise KeyError((indicator, stage))


def measure_balance(
    county: County,
    *,
    standards: Standards | None = None,
    counting: Counting | None = None,
    moves: Mapping[str, Move] | None = None,
    reported: Mapping[Indicator, Mapping[str, float]] | None = None,
) -> BalanceReport:
    """Measure a county by a rule set, the 2017 measures (教督〔2017〕6号) unless another is given.

    ``moves`` (teacher id → :class:`Move`) measures the county as a plan would leave it. ``reported`` gives amounts that
    the county's facts do not hold, by indicator and school id. Indicators that no school reported are listed in
    ``not_reported`` and not judged. Raises ``ValueError`` for moves that name nobody or nowhere.
    """
    standards = standards or national_standards()
    counting = counting or Counting()
    results: list[IndicatorResult] = []
    missing: list[tuple[Stage, Indicator]] = []
    for stage in Stage:
        if not any(s.pupils(stage) for s in county.schools_of(stage)):
            continue
        amounts = stage_amounts(county, stage, standards, counting, moves=moves, reported=reported)
        for indicator in standards.indicators:
            if amounts[indicator]:
                results.append(_judge(county, stage, indicator, amounts[indicator], standards))
            else:
                missing.append((stage, indicator))
    return BalanceReport(
        county_name=county.name,
        on=county.on,
        standards=standards,
        counting=counting,
        indicators=tuple(results),
        schools=tuple(_standings(county, results, standards)),
        composites=tuple(_composites(results, standards)),
        not_reported=tuple(missing),
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a school's amount is stated and judged."""

    per: int
    least: Fraction | None
    remaining_share: Fraction | None


def _judge(
    county: County, stage: Stage, indicator: Indicator, amounts: Mapping[str, Amount], standards: Standards
) -> IndicatorResult:
    per = 100 if indicator in PER_HUNDRED else 1
    schools = [s for s in county.schools_of(stage) if s.id in amounts and s.pupils(stage) > 0]
    pupils = [s.pupils(stage) for s in schools]
    figures = variation([amounts[s.id].amount for s in schools], pupils)
    limit = float(standards.cv_limit[stage]) if standards.judged == "each" else None
    counted = {s.id for s in schools}
    measure = _Measure(per, standards.least.get((indicator, stage)), standards.remaining_share)
    return IndicatorResult(
        indicator=indicator,
        stage=stage,
        per=per,
        mean=figures.mean * per,
        deviation=figures.deviation * per,
        cv=figures.cv,
        limit=limit,
        within_limit=None if limit is None else figures.cv <= limit,
        schools=tuple(
            _school_value(school, school.pupils(stage), amounts[school.id], share, measure)
            for school, share in zip(schools, figures.shares, strict=True)
        ),
        left_out=tuple(s.id for s in county.schools_of(stage) if s.id not in counted),
    )


def _school_value(school: School, pupils: int, amount: Amount, share: float, measure: _Measure) -> SchoolValue:
    exact = Fraction(amount.amount) * measure.per / pupils
    least, remaining = measure.least, measure.remaining_share
    return SchoolValue(
        school_id=school.id,
        school_name=school.name,
        amount=amount.amount,
        pupils=pupils,
        value=float(exact),
        share=share,
        least=least,
        reached=None if least is None else exact >= least,
        nearly_reached=None if least is None or remaining is None else exact >= least * remaining,
        unknown=amount.unknown,
    )


def _standings(county: County, results: Iterable[IndicatorResult], standards: Standards) -> Iterable[SchoolStanding]:
    """Every school of every stage under the rule of six of seven; none where the rule set has no such rule."""
    if standards.schools_reach is None:
        return
    values: dict[tuple[Stage, str], dict[Indicator, SchoolValue]] = {}
    for result in results:
        for value in result.schools:
            values.setdefault((result.stage, value.school_id), {})[result.indicator] = value
    for stage in Stage:
        for school in county.schools_of(stage):
            if school.pupils(stage):
                yield _standing(school, stage, values.get((stage, school.id), {}), standards)


def _standing(
    school: School, stage: Stage, values: Mapping[Indicator, SchoolValue], standards: Standards
) -> SchoolStanding:
    short = tuple(i for i, v in values.items() if v.reached is False)
    far_short = tuple(i for i, v in values.items() if v.nearly_reached is False)
    unreported = len(standards.indicators) - len(values)
    may_miss = len(standards.indicators) - (standards.schools_reach or 0)
    passes: bool | None = None
    if len(short) > may_miss or far_short:
        passes = False
    elif unreported == 0:
        passes = True
    return SchoolStanding(
        school_id=school.id,
        school_name=school.name,
        stage=stage,
        reached=sum(v.reached is True for v in values.values()),
        judged=len(values),
        of=len(standards.indicators),
        short=short,
        far_short=far_short,
        passes=passes,
    )


def _composites(results: Iterable[IndicatorResult], standards: Standards) -> Iterable[Composite]:
    if standards.judged != "composite":
        return
    by_stage: dict[Stage, dict[Indicator, float]] = {}
    for result in results:
        by_stage.setdefault(result.stage, {})[result.indicator] = result.cv
    for stage, found in by_stage.items():
        missing = tuple(i for i in standards.indicators if i not in found)
        available = sum(found.values()) / len(found) if found else None
        limit = float(standards.cv_limit[stage])
        mean = None if missing else available
        yield Composite(
            stage=stage,
            mean=mean,
            mean_of_available=available,
            limit=limit,
            within_limit=None if mean is None else mean <= limit,
            missing=missing,
        )
