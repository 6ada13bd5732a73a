"""The table and charts of scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.facts import Stage
from junheng.indicators.standards import Indicator
from junheng.planning.simulating import Scenario

Column = ResultColumn
STATUS = {
    "solved": Phrase("已求解", "solved"),
    "infeasible": Phrase("无法同时满足", "infeasible"),
    "stopped_by_clock": Phrase("因时限停止", "stopped by the clock"),
}


def scenario_table(scenarios: Sequence[Scenario]) -> Table:
    """One row a scenario: who must and may, moves, balance, schools, wishes, commute."""
    pairs = sorted({pair for s in scenarios for pair in s.coefficients})
    return Table(
        name_zh="方案比较",
        name_en="Scenarios",
        columns=(
            Column(key="scenario", zh="参数取值", en="Values", width=32),
            Column(key="status", zh="状态", en="Status"),
            Column(key="must", zh="应当交流", en="Must", kind="integer"),
            Column(key="may", zh="可以交流", en="May", kind="integer"),
            Column(key="movers", zh="移动人数", en="Moves", kind="integer"),
            Column(key="imbalance", zh="不均衡（前=100%）", en="Imbalance, before = 100%", kind="percent"),
            Column(key="reaching", zh="达标校次", en="Schools at standard", kind="integer"),
            Column(key="first", zh="第一志愿满足", en="First wishes met", kind="integer"),
            Column(key="any", zh="任一志愿满足", en="Any wish met", kind="integer"),
            Column(key="with_wishes", zh="填志愿的移动者", en="Movers with wishes", kind="integer"),
            Column(key="extra_km", zh="人均通勤变化（公里）", en="Mean commute change", kind="number", decimals=1),
            Column(key="backbone", zh="骨干教师", en="Backbone movers", kind="integer"),
            Column(key="gap", zh="与最优界差距", en="Gap to the bound", kind="percent", decimals=3),
            *(coefficient_column(stage, indicator) for stage, indicator in pairs),
        ),
        rows=[
            (
                scenario_name(s), STATUS[s.status], s.must, s.may, s.movers, s.imbalance_ratio, s.schools_reaching,
                s.wishes_first, s.wishes_any, s.movers_with_wishes, s.mean_extra_km, s.backbone_movers, s.gap,
                *(s.coefficients.get(pair) for pair in pairs),
            )
            for s in scenarios
        ],
    )  # fmt: skip


def scenario_name(scenario: Scenario) -> str:
    """The values of a scenario as people type them."""
    return ", ".join(f"{name}={value}" for name, value in scenario.values.items())


def coefficient_column(stage: str, indicator: str) -> ResultColumn:
    """The coefficient of an indicator of a stage after the moves."""
    of, what = Stage.read(stage), Indicator.read(indicator)
    return Column(
        key=f"cv_{stage}_{indicator}",
        zh=f"{of.zh}差异系数：{what.zh}",
        en=f"Coefficient, {of.en}: {what.en}",
        kind="number",
        decimals=3,
    )


def scenario_charts(scenarios: Sequence[Scenario]) -> list[Chart]:
    """Moves, imbalance and coefficients against the values."""
    pairs = sorted({pair for s in scenarios for pair in s.coefficients})
    table = "方案比较"

    def chart(values: Sequence[str], zh: str, en: str, kind: str = "line") -> Chart:
        return Chart(
            table=table, kind="line" if kind == "line" else "column", categories="scenario", values=tuple(values),
            title_zh=zh, title_en=en,
        )  # fmt: skip

    return [
        chart(["imbalance"], "不均衡程度", "Imbalance"),
        chart(["movers", "first", "any"], "移动人数与志愿满足", "Moves and wishes met", "column"),
        chart([f"cv_{s}_{i}" for s, i in pairs], "各项差异系数", "Coefficients"),
        chart(["extra_km"], "人均单程通勤变化", "Mean commute change", "column"),
    ]
