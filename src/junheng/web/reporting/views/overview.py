"""The overview: figures at a glance, posts, balance and structure of a county, a cluster or a school."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Table

from junheng.facts import Stage
from junheng.web.interface.numbers import number, person_unit, persons, signed
from junheng.web.reporting.charts import balance as balance_charts
from junheng.web.reporting.charts import people as people_charts
from junheng.web.reporting.charts import places
from junheng.web.reporting.scope import Scope
from junheng.web.reporting.summary import Summary, gap_of, people_by_locale, summarise
from junheng.web.reporting.tables import PartsTable
from junheng.web.reporting.views.page import ReportPage, said


class OverviewPage(ReportPage):
    """Everything at a glance, down to the parts of which it is made."""

    template_name = "reporting/overview.html"
    route = "reporting:overview"
    heading = gettext_lazy("概览")

    def tables(self, scope: Scope, request: HttpRequest) -> dict[str, Table]:
        """The parts with their figures."""
        if scope.kind == "school":
            return {}
        table = PartsTable(parts_of(scope))
        if not scope.whole:
            table.columns.hide("schools")
        return {"parts": table}

    def context(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        """Cards and charts."""
        figures = scope.figures
        now = summarise(figures, scope.codes)
        before = summarise(scope.figures_beside, scope.codes_in(scope.figures_beside)) if scope.figures_beside else None
        colouring = places.COLOURING_BY_KEY["staffing"]
        return {
            "cards": cards_of(scope, now, before),
            "map": places.school_map(scope, colouring) if scope.kind != "school" else None,
            "gaps": people_charts.gaps(
                [(_short(name), gap_sum(scope, codes), _drill(scope, key)) for _code, name, codes, key in scope.parts()]
            )
            if scope.kind != "school"
            else None,
            "coefficients": coefficients_of(scope) if scope.whole else [],
            "ages": people_charts.by_locale(people_by_locale(figures, scope.codes), "ages", people_charts.ages()),
            "subjects": [
                (said(stage), f"subjects-{stage.value}", chart)
                for stage in Stage
                if (chart := people_charts.subjects(figures, scope.codes, stage))["categories"]
            ],
            "summary": now,
            "school_url": places.school_page(scope, figures.keys.get(scope.organisation.code))
            if scope.kind == "school"
            else "",
        }


def coefficients_of(scope: Scope) -> list[tuple[str, str, dict[str, Any]]]:
    """A chart of each stage's coefficients: label, name, data."""
    found = []
    for stage in Stage:
        results = [r for r in scope.figures.balance.indicators if r.stage is stage]
        if results:
            beside = scope.figures_beside.balance.indicators if scope.figures_beside else ()
            chart = balance_charts.coefficients(
                results,
                [r for r in beside if r.stage is stage],
                (scope.beside.isoformat() if scope.beside else "", scope.on.isoformat() if scope.beside else ""),
                [
                    scope.link("reporting:balance", indicator=r.indicator.value, stage=stage.value) + "#indicator"
                    for r in results
                ],
            )
            found.append((said(stage), f"coefficients-{stage.value}", chart))
    return found


def cards_of(scope: Scope, now: Summary, before: Summary | None) -> list[dict[str, Any]]:
    """The cards, each with what changed since the day compared with."""

    def change(value: float | None, old: float | None, digits: int = 0) -> str:
        return "" if value is None or old is None else signed(value - old, digits)

    was = before
    over = _("超%(over)s 缺%(short)s") % {"over": number(now.over), "short": number(now.short)}
    if scope.kind == "school":
        over = _("应配 %(required)s 人") % {"required": now.required}
    cards = [
        {
            "icon": "users", "tone": "blue", "label": _("专任教师"), "value": number(now.teachers),
            "unit": person_unit(now.teachers),
            "badge": change(now.teachers, was.teachers) if was else "",
        },
        {
            "icon": "school", "tone": "azure", "value": number(now.pupils), "unit": person_unit(now.pupils),
            "label": _("学生（%(classes)s 个班）") % {"classes": number(now.classes)},
            "badge": change(now.pupils, was.pupils) if was else "",
        },
        {
            "icon": "chart-donut", "tone": "teal", "label": _("生师比"),
            "value": number(now.ratio, 1), "unit": _(": 1"),
            "badge": change(now.ratio, was.ratio, 1) if was else "",
        },
        {
            "icon": "id-badge-2", "tone": "purple", "label": _("在编 / 在岗"),
            "value": f"{number(now.on_establishment)} / {number(now.at_work)}", "unit": "",
            "badge": change(now.on_establishment, was.on_establishment) if was else "",
        },
        {
            "icon": "arrows-exchange", "tone": "red" if now.over or now.short else "green", "label": _("与标准相比"),
            "value": signed(now.gap), "unit": over, "badge": change(now.gap, was.gap) if was else "",
        },
        {
            "icon": "star", "tone": "orange", "label": _("骨干教师占比"),
            "value": "—" if now.backbone_rate is None else f"{now.backbone_rate:.1f}%",
            "unit": persons(now.backbone),
            "badge": change(now.backbone_rate, was.backbone_rate, 1) if was else "",
        },
    ]  # fmt: skip
    if scope.kind != "school":
        judged = now.passing + now.failing + now.unclear
        cards.append(
            {
                "icon": "certificate",
                "tone": "green" if judged and now.passing == judged else "yellow",
                "label": _("优质均衡达标学校"),
                "value": f"{now.passing} / {judged}",
                "unit": _("所"),
                "url": scope.link("reporting:balance") + "#standings",
                "badge": change(now.passing, was.passing) if was else "",
            }
        )
    cards.append(
        {
            "icon": "cake",
            "tone": "secondary",
            "label": _("平均年龄"),
            "value": number(now.mean_age, 1),
            "unit": _("岁"),
            "url": scope.link("reporting:structure"),
            "badge": change(now.mean_age, was.mean_age, 1) if was else "",
        }
    )
    for card in cards:
        card["badge_tone"] = "secondary"
    return cards


def parts_of(scope: Scope) -> list[dict[str, Any]]:
    """A row of figures for each part."""
    rows = []
    for _code, name, codes, key in scope.parts():
        one = summarise(scope.figures, codes)
        rows.append(
            {
                "name": name,
                "url": _drill(scope, key),
                "schools": one.schools,
                "pupils": one.pupils,
                "teachers": one.teachers,
                "ratio": one.ratio,
                "on_establishment": one.on_establishment,
                "at_work": one.at_work,
                "required": one.required,
                "gap": one.gap,
                "backbone_rate": one.backbone_rate,
                "standing": f"{one.passing} / {one.passing + one.failing + one.unclear}",
            }
        )
    return rows


def gap_sum(scope: Scope, codes: frozenset[str]) -> int:
    """Surplus or shortage of several schools together."""
    return sum(gap_of(scope.figures, codes).values())


def _drill(scope: Scope, key: int | None) -> str:
    return "" if key is None else scope.link("reporting:overview", scope=key)


def _short(name: str) -> str:
    return name
