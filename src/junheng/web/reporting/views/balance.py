"""The indicators of the balance inspection: coefficients, standards, and what each school lacks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Table

from junheng.facts import Stage
from junheng.indicators import IndicatorResult, SchoolValue
from junheng.web.interface.numbers import listed
from junheng.web.reporting.charts import balance as charts
from junheng.web.reporting.charts.places import school_page
from junheng.web.reporting.scope import Scope
from junheng.web.reporting.summary import standings, summarise, verdict_of
from junheng.web.reporting.tables import IndicatorTable, SchoolValueTable, StandingTable, verdict_word
from junheng.web.reporting.views.overview import coefficients_of
from junheng.web.reporting.views.page import ReportPage, lang, names_of, said


class BalancePage(ReportPage):
    """Seven indicators a stage, one of them school by school, and who meets the rule."""

    template_name = "reporting/balance.html"
    route = "reporting:balance"
    heading = gettext_lazy("均衡指标")

    def tables(self, scope: Scope, request: HttpRequest) -> dict[str, Table]:
        """Indicators of each stage, schools of the chosen one, standings."""
        tables: dict[str, Table] = {}
        for stage, results in results_by_stage(scope).items():
            table = IndicatorTable(indicator_rows(scope, stage, results))
            tables[f"indicators-{stage.value}"] = _without(table, _irrelevant(scope))
        if chosen := chosen_result(scope, request):
            tables["schools"] = _without(SchoolValueTable(value_rows(scope, chosen)), () if scope.whole else ("share",))
        tables["standings"] = StandingTable(standing_rows(scope))
        return tables

    def context(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        """Charts and the way to the figures."""
        report = scope.figures.balance
        chosen = chosen_result(scope, request)
        return {
            "stages": [(said(stage), f"indicators-{stage.value}") for stage in results_by_stage(scope)],
            "coefficients": coefficients_of(scope) if scope.whole else [],
            "detail": detail_of(scope, chosen) if chosen and scope.kind != "school" else None,
            "standards": report.standards.title(lang()),
            "counting": report.counting.sentence(lang()),
            "uncertain": any(mark != "seen" for mark in report.standards.marks.values()),
            "reach": report.standards.schools_reach,
            "of": len(report.standards.indicators),
            "remaining": f"{float(report.standards.remaining_share or 0):.0%}",
            "not_reported": [f"{said(stage)} · {charts.SHORT[indicator]}" for stage, indicator in report.not_reported],
            "summary": summarise(scope.figures, scope.codes),
            "passed": report.passed if scope.whole else None,
            "verdict": next(iter(verdict_of(scope.figures, scope.codes).values()), None),
            "own": _own(scope) if scope.kind == "school" else [],
        }


def _own(scope: Scope) -> list[tuple[str, str, dict[str, Any]]]:
    """Of one school, a chart for each stage: label, name, data."""
    share = float(scope.figures.balance.standards.remaining_share or 1)
    return [
        (
            said(stage),
            f"own-{stage.value}",
            charts.against_standard([(r.indicator, v) for r in results for v in own_values(scope, r)], share),
        )
        for stage, results in results_by_stage(scope).items()
    ]


def results_by_stage(scope: Scope) -> dict[Stage, list[IndicatorResult]]:
    """Results of the stages that the schools of the page teach."""
    found: dict[Stage, list[IndicatorResult]] = {}
    for result in scope.figures.balance.indicators:
        if any(value.school_id in scope.codes for value in result.schools):
            found.setdefault(result.stage, []).append(result)
    return found


def own_values(scope: Scope, result: IndicatorResult) -> list[SchoolValue]:
    """The values of the schools of the page."""
    return [value for value in result.schools if value.school_id in scope.codes]


def chosen_result(scope: Scope, request: HttpRequest) -> IndicatorResult | None:
    """The indicator asked for; without a choice the one farthest above its limit, or that most schools miss."""
    results = [r for found in results_by_stage(scope).values() for r in found]
    asked = request.GET.get("indicator", ""), request.GET.get("stage", "")
    for result in results:
        if (result.indicator.value, result.stage.value) == asked:
            return result
    if scope.whole:
        return max(results, key=lambda r: r.cv / (r.limit or 1), default=None)
    return max(results, key=lambda r: sum(v.reached is False for v in own_values(scope, r)), default=None)


def indicator_rows(scope: Scope, stage: Stage, results: list[IndicatorResult]) -> list[dict[str, Any]]:
    """A row for each indicator."""
    beside = scope.figures_beside.balance.indicators if scope.figures_beside else ()
    before = {r.indicator: r.cv for r in beside if r.stage is stage}
    rows = []
    for result in results:
        values = own_values(scope, result)
        least = next((value.least for value in values if value.least is not None), None)
        reaching = sum(value.reached is True for value in values)
        passes = result.within_limit if scope.whole else reaching == len(values)
        rows.append(
            {
                "name": result.name(lang()),
                "url": scope.link("reporting:balance", indicator=result.indicator.value, stage=stage.value)
                + "#indicator"
                if scope.kind != "school"
                else "",
                "mean": result.mean if scope.whole else _mean(values, result.per),
                "least": None if least is None else float(least),
                "reaching": f"{reaching} / {len(values)}",
                "cv": result.cv,
                "limit": result.limit,
                "before": before.get(result.indicator),
                "passes": passes,
                "verdict": _("不超过上限") if passes else _("超过上限"),
            }
            | ({} if scope.whole else {"verdict": _reached_word(scope, passes)})
        )
    return rows


def _reached_word(scope: Scope, passes: bool | None) -> str:
    if scope.kind == "school":
        return _("达到") if passes else _("未达到")
    return _("均达到") if passes else _("未全部达到")


def _address(scope: Scope, result: IndicatorResult) -> str:
    """Where the indicator is shown school by school."""
    if scope.kind == "school":
        return ""
    words = {"indicator": result.indicator.value, "stage": result.stage.value}
    return scope.link("reporting:balance", **words) + "#indicator"


def _mean(values: list[SchoolValue], per: int) -> float | None:
    pupils = sum(value.pupils for value in values)
    return per * sum(value.amount for value in values) / pupils if pupils else None


def _irrelevant(scope: Scope) -> tuple[str, ...]:
    """Columns that say nothing about part of a county, or without a day to compare with."""
    if not scope.whole:
        return ("cv", "limit", "before", *(("reaching",) if scope.kind == "school" else ()))
    return () if scope.beside else ("before",)


def _without(table: Table, columns: tuple[str, ...]) -> Table:
    for name in columns:
        table.columns.hide(name)
    if "cv" in columns:
        table.columns["mean"].column.verbose_name = _("本范围值")
    return table


def value_rows(scope: Scope, result: IndicatorResult) -> list[dict[str, Any]]:
    """A row for each school, the lowest first."""
    schools = scope.figures.county.school_by_id
    clusters = {cluster.id: cluster.name for cluster in scope.figures.county.clusters}
    return [
        {
            "name": value.school_name,
            "url": school_page(scope, scope.figures.keys.get(value.school_id)),
            "cluster": clusters.get(schools[value.school_id].cluster_id, ""),
            "locale": said(schools[value.school_id].locale),
            "amount": value.amount,
            "pupils": value.pupils,
            "value": value.value,
            "least": None if value.least is None else float(value.least),
            "share": 100 * value.share,
            "passes": value.reached,
            "verdict": {True: _("达到"), False: _("未达到"), None: _("无标准")}[value.reached],
        }
        for value in sorted(own_values(scope, result), key=lambda v: (v.value, v.school_id))
    ]


def standing_rows(scope: Scope) -> list[dict[str, Any]]:
    """A row for each stage of each school, those that fail first."""
    rows = [
        {
            "name": each.school_name,
            "url": school_page(scope, scope.figures.keys.get(each.school_id)),
            "stage": said(each.stage),
            "reached": f"{each.reached} / {each.of}",
            "short": listed(charts.SHORT[i] for i in each.short),
            "far_short": listed(charts.SHORT[i] for i in each.far_short),
            "passes": each.passes,
            "verdict": verdict_word(each.passes),
            "order": (each.passes is True, each.reached, each.school_id),
        }
        for each in standings(scope.figures, scope.codes)
    ]
    return sorted(rows, key=lambda row: row["order"])


def detail_of(scope: Scope, result: IndicatorResult) -> dict[str, Any]:
    """The charts of one indicator."""
    values = own_values(scope, result)
    unit = charts.unit_of(result)
    links = {value.school_id: school_page(scope, scope.figures.keys.get(value.school_id)) for value in values}
    return {
        "title": f"{said(result.stage)} · {result.name(lang())}",
        "sentence": result.sentence(lang()) if scope.whole else "",
        "bars": charts.school_bars(values, unit, links, names_of(scope)),
        "boxes": charts.boxes_by_locale(values, scope.figures.county.school_by_id, unit),
        "lorenz": charts.lorenz(values) if scope.whole else None,
        "left_out": [scope.figures.county.school_by_id[code].name for code in result.left_out if code in scope.codes],
        "unknown": sum(value.unknown for value in values),
        "unit": unit,
        "per": result.per,
    }
