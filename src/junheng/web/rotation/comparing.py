"""What is drawn of scenarios: balance before and after, wishes, flows between schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from junheng.facts import Stage
from junheng.indicators.standards import Indicator
from junheng.planning.units import TEACHER_INDICATORS
from junheng.web.rotation.costing import costs_of
from junheng.web.rotation.models import Scenario
from junheng.web.staffing.models import ClusterState, SchoolState

COLOURS = ("blue", "orange", "green", "purple")
"""Of scenarios side by side."""
MOST = len(COLOURS)


def said(sentence: dict[str, Any]) -> str:
    """A kept sentence in the reader's language."""
    return str(sentence["en" if get_language() == "en" else "zh"])


def cited(sentence: dict[str, Any]) -> dict[str, str]:
    """A kept sentence with the clause that states the rule it speaks of."""
    return {"said": said(sentence), "clause": sentence.get("clause", "")}


def _lang() -> str:
    return "en" if get_language() == "en" else "zh"


def line_name(stage: str, indicator: str) -> str:
    """Stage and indicator as one name."""
    found: Indicator | None = TEACHER_INDICATORS.get(indicator)
    return f"{Stage.read(stage).label(_lang())} · {found.label(_lang()) if found else indicator}"


def stage_rows(scenario: Scenario) -> list[dict[str, Any]]:
    """Balance before and after, line by line, with whether the limit is kept."""
    rows = []
    for line in scenario.figures.get("stages", ()):
        limit = line["limit"]
        rows.append(
            line
            | {
                "name": line_name(line["stage"], line["indicator"]),
                "kept": None if limit is None else line["after"] <= limit,
                "better": line["after"] < line["before"],
            }
        )
    return rows


def balance_chart(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The coefficient of variation of each indicator, today and in each scenario."""
    lines = scenarios[0].figures.get("stages", ()) if scenarios else ()
    names = [line_name(line["stage"], line["indicator"]) for line in lines]
    today = {"name": _("轮岗前"), "data": [round(line["before"], 4) for line in lines], "colour": "secondary"}
    series = [
        {
            "name": str(each), "colour": colour,
            "data": [round(line["after"], 4) for line in each.figures.get("stages", ())],
        }
        for each, colour in zip(scenarios, COLOURS, strict=False)
    ]  # fmt: skip
    return {"categories": names, "series": [today, *series], "axis": _("指标"), "unit": ""}


def wish_chart(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """How many movers get which wish, how many none of theirs, and how many stated none."""
    most = max((len(each.figures.get("wishes_met", ())) for each in scenarios), default=0)
    names = [_("第 %s 志愿") % (rank + 1) for rank in range(most)] + [_("志愿未满足"), _("没有填志愿")]
    return {
        "categories": names, "axis": _("志愿"), "unit": _("人"),
        "series": [
            {"name": str(each), "colour": colour, "data": _wishes(each, most)}
            for each, colour in zip(scenarios, COLOURS, strict=False)
        ],
    }  # fmt: skip


def _wishes(scenario: Scenario, most: int) -> list[int]:
    figures = scenario.figures
    met = [*figures.get("wishes_met", ()), *[0] * most][:most]
    without = figures.get("moves", 0) - figures.get("with_wishes", 0)
    return [*met, figures.get("wishes_missed", 0), without]


def first_wishes(scenario: Scenario) -> int:
    """Movers who get their first wish."""
    return int((scenario.figures.get("wishes_met") or [0])[0])


def side_by_side(scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """The rows of the comparison: what is compared, a value for each scenario, which of them is best."""

    def row(name: str, values: list[Any], best: Any = None, shown: str = "{}") -> dict[str, Any]:
        known = [value for value in values if value is not None]
        first = best(known) if best is not None and len(set(known)) > 1 else None
        return {
            "name": name,
            "cells": [
                {"text": "—" if value is None else shown.format(value), "best": first is not None and value == first}
                for value in values
            ],
        }

    every = [each.figures for each in scenarios]
    costs = costs_of(scenarios)

    def of(key: str) -> list[Any]:
        return [each.get(key) for each in every]

    rows = [
        row(_("移动人数"), of("moves")),
        row(_("违反规则处数"), of("broken"), min),
        row(_("目标值（越小越好）"), of("objective"), min, "{:.3f}"),
        row(_("与最优界的差距"), of("gap"), None, "{:.3%}"),
        row(_("不均衡程度（轮岗前为 100%）"), [_share(each) for each in every], min, "{:.1%}"),
        row(_("满足第一志愿（人）"), [first_wishes(each) for each in scenarios], max),
        row(_("满足任一志愿（人）"), [sum(each.get("wishes_met", ())) for each in every], max),
        row(_("通勤合计增加（千米）"), of("extra_km"), min, "{:.1f}"),
        row(_("骨干教师（人）"), of("backbone"), max),
        row(_("结对（集团）学校之间（人）"), of("paired"), max),
        row(_("交流补助（元，整个交流期）"), [costs[each.pk] for each in scenarios], min, "{:,.0f}"),
        row(_("人工改动（人）"), [each.manual for each in scenarios], min),
    ]
    for place, line in enumerate(every[0].get("stages", ()) if every else ()):
        name = line_name(line["stage"], line["indicator"])
        lines = [each["stages"][place] if len(each.get("stages", ())) > place else None for each in every]
        rows.append(row(_("%s：差异系数") % name, [each and each["after"] for each in lines], min, "{:.3f}"))
        if line["reaching_after"] is not None:
            values = [each and each["reaching_after"] for each in lines]
            rows.append(row(_("%s：达标学校（所）") % name, values, max))
    return rows


def _share(figures: dict[str, Any]) -> float | None:
    before = figures.get("imbalance_before")
    return None if not before else float(figures["imbalance_after"]) / float(before)


def flow_map(scenario: Scenario) -> dict[str, Any]:
    """Schools where they stand on the day of the plan, coloured by whether they gain or lose, with the moves."""
    on, county = scenario.snapshot.on, scenario.year.county
    moves = Counter(scenario.moves.values_list("from_school__code", "to_school__code"))
    gains: Counter[str] = Counter()
    for (home, host), count in moves.items():
        gains[home] -= count
        gains[host] += count
    states = SchoolState.objects.as_of(on).filter(school__county=county).select_related("school", "cluster")
    clusters = dict(ClusterState.objects.as_of(on).filter(cluster__county=county).values_list("cluster__code", "name"))
    schools, names = [], {}
    for state in states:
        code = state.school.code
        names[code] = state.name
        if state.x_km is None or state.y_km is None:
            continue
        gain = gains[code]
        group = state.cluster.code if state.cluster else ""
        schools.append(
            {
                "id": code, "name": state.name, "short": state.short_name or state.name, "x": state.x_km,
                "y": state.y_km, "size": sum(n for pair, n in moves.items() if code in pair) + 1, "group": group,
                "category": "gain" if gain > 0 else "loss" if gain < 0 else "even", "url": "",
                "tip": [[_("调入减调出"), f"{gain:+d}"], [_("学区"), clusters.get(group, "")]],
            }
        )  # fmt: skip
    placed = {each["id"] for each in schools}
    return {
        "schools": schools,
        "categories": [
            {"key": "gain", "label": _("净调入"), "colour": "green"},
            {"key": "loss", "label": _("净调出"), "colour": "orange"},
            {"key": "even", "label": _("持平"), "colour": "secondary"},
        ],
        "regions": [{"key": key, "label": name} for key, name in clusters.items()],
        "flows": [
            {"from": home, "to": host, "value": count, "label": f"{names[home]} → {names[host]}"}
            for (home, host), count in sorted(moves.items())
            if home in placed and host in placed
        ],
        "size_label": _("调入和调出"), "flow_label": _("去向"), "flow_unit": _("人"),
    }  # fmt: skip


def flow_rows(scenario: Scenario) -> list[tuple[str, str, int]]:
    """The same as a table: from where to where, how many, most first."""
    moves = Counter(scenario.moves.values_list("from_school__name", "to_school__name"))
    return [(home, host, count) for (home, host), count in sorted(moves.items(), key=lambda m: (-m[1], m[0]))]
