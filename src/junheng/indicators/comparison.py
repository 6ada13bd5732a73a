"""What a plan would do to the balance: every school before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.facts import County, Stage
from junheng.indicators.amounts import Counting
from junheng.indicators.balance import BalanceReport, measure_balance
from junheng.indicators.counting import Move
from junheng.indicators.standards import Indicator, Standards


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolChange:
    """One school in one indicator before and after a plan."""

    school_id: str
    school_name: str
    stage: Stage
    indicator: Indicator
    pupils: int
    amount_before: float
    amount_after: float
    value_before: float
    value_after: float
    reached_before: bool | None
    reached_after: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorChange:
    """The county in one indicator before and after a plan; ``reaching_*`` count schools at or above the threshold."""

    stage: Stage
    indicator: Indicator
    cv_before: float
    cv_after: float
    limit: float | None
    within_before: bool | None
    within_after: bool | None
    reaching_before: int
    reaching_after: int
    schools: int

    def sentence(self, lang: str = "zh") -> str:
        """The change in words."""
        if lang == "zh":
            return (
                f"{self.stage.zh}{self.indicator.zh}：差异系数{self.cv_before:.3f}→{self.cv_after:.3f}，"
                f"达到标准的学校{self.reaching_before}→{self.reaching_after}所（共{self.schools}所）"
            )
        return (
            f"{self.stage.en}, {self.indicator.en}: coefficient {self.cv_before:.3f} → {self.cv_after:.3f}, "
            f"schools that reach the standard {self.reaching_before} → {self.reaching_after} of {self.schools}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceChange:
    """Both reports and what lies between them; ``schools`` holds every school and indicator whose amount changes."""

    before: BalanceReport
    after: BalanceReport
    indicators: tuple[IndicatorChange, ...]
    schools: tuple[SchoolChange, ...]


def balance_after(
    county: County,
    moves: Mapping[str, Move],
    *,
    standards: Standards | None = None,
    counting: Counting | None = None,
    reported: Mapping[Indicator, Mapping[str, float]] | None = None,
) -> BalanceChange:
    """Measure the county before and after the moves (teacher id → school, stage and subject).

    A moved teacher counts at the destination whatever ``counting`` says of those away already. Errors as
    :func:`measure_balance`.
    """
    before = measure_balance(county, standards=standards, counting=counting, reported=reported)
    after = measure_balance(county, standards=standards, counting=counting, moves=moves, reported=reported)
    return BalanceChange(
        before=before,
        after=after,
        indicators=tuple(_indicator_changes(before, after)),
        schools=tuple(_school_changes(before, after)),
    )


def _indicator_changes(before: BalanceReport, after: BalanceReport) -> list[IndicatorChange]:
    return [
        IndicatorChange(
            stage=old.stage,
            indicator=old.indicator,
            cv_before=old.cv,
            cv_after=new.cv,
            limit=old.limit,
            within_before=old.within_limit,
            within_after=new.within_limit,
            reaching_before=old.reaching,
            reaching_after=new.reaching,
            schools=len(old.schools),
        )
        for old, new in zip(before.indicators, after.indicators, strict=True)
    ]


def _school_changes(before: BalanceReport, after: BalanceReport) -> list[SchoolChange]:
    changes = []
    for old, new in zip(before.indicators, after.indicators, strict=True):
        for was, will in zip(old.schools, new.schools, strict=True):
            if was.amount != will.amount:
                changes.append(
                    SchoolChange(
                        school_id=was.school_id,
                        school_name=was.school_name,
                        stage=old.stage,
                        indicator=old.indicator,
                        pupils=was.pupils,
                        amount_before=was.amount,
                        amount_after=will.amount,
                        value_before=was.value,
                        value_after=will.value,
                        reached_before=was.reached,
                        reached_after=will.reached,
                    )
                )
    return changes
