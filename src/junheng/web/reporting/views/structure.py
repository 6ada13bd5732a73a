"""Who the teachers are: age, title, education, sex and subject, in town and country, and on two days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Table

from junheng.facts import Education, Stage, Title
from junheng.indicators.structure import AgeBand
from junheng.web.reporting.charts import people as charts
from junheng.web.reporting.charts.places import school_page
from junheng.web.reporting.scope import Scope
from junheng.web.reporting.summary import People, people_by_locale, people_of, summarise
from junheng.web.reporting.tables import StructureTable
from junheng.web.reporting.views.page import ReportPage, lang, said

_YOUNG = (AgeBand.UNDER_25, AgeBand.FROM_25, AgeBand.FROM_30)
_OLD = (AgeBand.FROM_50, AgeBand.FROM_55, AgeBand.FROM_60)
_DEGREES = (Education.DOCTOR, Education.MASTER, Education.BACHELOR)
_SENIOR = (Title.SENIOR, Title.FULL_SENIOR)


class StructurePage(ReportPage):
    """Charts of the teachers' structure and the rates of every part."""

    template_name = "reporting/structure.html"
    route = "reporting:structure"
    heading = gettext_lazy("队伍结构")

    def tables(self, scope: Scope, request: HttpRequest) -> dict[str, Table]:
        """Rates of the parts."""
        return {"parts": StructureTable(structure_rows(scope))}

    def context(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        """The charts: by urban and rural, or shares on two days."""
        figures = scope.figures
        return {
            "charts": _two_days(scope) if scope.figures_beside else _one_day(scope),
            "subjects": [
                (said(stage), f"subjects-{stage.value}", chart)
                for stage in Stage
                if (chart := charts.subjects(figures, scope.codes, stage))["categories"]
            ],
            "summary": summarise(figures, scope.codes),
            "count_at": figures.structure.count_at.zh if lang() == "zh" else figures.structure.count_at.en,
        }


def _one_day(scope: Scope) -> list[dict[str, Any]]:
    groups = people_by_locale(scope.figures, scope.codes)
    return [
        {
            "name": "ages", "kind": "stacked-bar", "title": _("年龄"),
            "data": charts.by_locale(groups, "ages", charts.ages()),
        },
        {
            "name": "titles", "kind": "stacked-bar", "title": _("职称"),
            "data": charts.by_locale(groups, "titles", charts.titles()),
        },
        {
            "name": "educations", "kind": "stacked-bar", "title": _("学历（城乡各占比例）"),
            "data": charts.shares(groups, "educations", charts.educations()),
        },
        {
            "name": "sexes", "kind": "stacked-bar", "title": _("性别（城乡各占比例）"),
            "data": charts.shares(groups, "sexes", charts.sexes()),
        },
    ]  # fmt: skip


def _two_days(scope: Scope) -> list[dict[str, Any]]:
    beside = scope.figures_beside
    if beside is None or scope.beside is None:
        return []
    now, before = people_of(scope.figures, scope.codes), people_of(beside, scope.codes_in(beside))
    names = scope.beside.isoformat(), scope.on.isoformat()
    wanted = (
        ("ages", _("年龄"), charts.ages()),
        ("titles", _("职称"), charts.titles()),
        ("educations", _("学历"), charts.educations()),
        ("sexes", _("性别"), charts.sexes()),
    )
    return [
        {
            "name": of, "kind": "grouped-bar", "title": title,
            "data": charts.two_days(now, before, of, codes, names=names),
        }
        for of, title, codes in wanted
    ]  # fmt: skip


def structure_rows(scope: Scope) -> list[dict[str, Any]]:
    """A row of rates for each part, and one for all of it."""
    rows = []
    for _code, name, codes, key in scope.parts():
        url = (
            school_page(scope, key)
            if scope.kind != "county"
            else scope.link("reporting:structure", scope=key)
            if key
            else ""
        )
        rows.append(_row(scope, name, url, codes))
    if len(rows) > 1:
        rows.append(_row(scope, _("合计"), "", scope.codes))
    return rows


def _row(scope: Scope, name: str, url: str, codes: frozenset[str]) -> dict[str, Any]:
    people, sums = people_of(scope.figures, codes), summarise(scope.figures, codes)
    return {
        "name": name,
        "url": url,
        "teachers": people.teachers,
        "mean_age": sums.mean_age,
        "women": _rate(sums.women, people),
        "young": _rate(sum(people.ages[band] for band in _YOUNG), people),
        "old": _rate(sum(people.ages[band] for band in _OLD), people),
        "bachelor": _rate(sum(people.educations[e] for e in _DEGREES), people),
        "senior": _rate(sum(people.titles[t] for t in _SENIOR), people),
        "backbone": sums.backbone_rate,
    }


def _rate(part: int, people: People) -> float | None:
    return 100 * part / people.teachers if people.teachers else None
