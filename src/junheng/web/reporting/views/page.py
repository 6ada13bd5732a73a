"""What every page of figures has in common: scope, dates, tabs, tables that can be exported."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View
from django_tables2 import RequestConfig, Table

from junheng.web.access import Permission, RequiresMixin, standing_of
from junheng.web.directory.models import Organisation, OrganisationKind
from junheng.web.reporting.scope import Scope
from junheng.web.staffing.models.choices import label_of

TABS: tuple[tuple[str, str | Promise, str], ...] = (
    ("reporting:overview", gettext_lazy("总览"), "layout-dashboard"),
    ("reporting:balance", gettext_lazy("均衡指标"), "scale"),
    ("reporting:structure", gettext_lazy("队伍结构"), "users-group"),
    ("reporting:map", gettext_lazy("学校分布"), "map-2"),
)

_ROWS = 30
"""Rows of a table that stand on a page; all of them are in the file."""
_KEPT = ("indicator", "stage", "colour")
"""Words of an address that another choice of scope or day leaves as they are."""


class ReportPage(RequiresMixin, View):
    """A page of figures about an organisation on a day.

    ``?scope=`` is the key of the organisation, ``?on=`` the day, ``?with=`` a day to compare with, and
    ``?export=xlsx&table=…`` gives a table of the page as a file.
    """

    permissions = (Permission.OVERVIEW_VIEW,)
    template_name: ClassVar[str]
    route: ClassVar[str]
    heading: ClassVar[str | Promise]

    def context(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        """What the page shows besides its frame."""
        raise TypeError(f"{type(self).__name__} must say what it shows")

    def tables(self, scope: Scope, request: HttpRequest) -> dict[str, Table]:
        """The tables of the page by name, which can be exported."""
        return {}

    def get(self, request: HttpRequest, **_words: Any) -> HttpResponse:
        """The page, or one of its tables as a file."""
        scope = Scope(request)
        shown = self._frame(scope, request)
        try:
            known = scope.has_data and (scope.beside is None or scope.figures_beside is not None)
        except ValueError as fault:
            # The faults quote the rows of the whole county, whoever asks: only who may read those is told.
            told = scope.county.pk in standing_of(request).organisations(Permission.TEACHERS_SENSITIVE)
            faults = str(fault).split("; ")[:20] if told else []
            return render(request, "reporting/unsound.html", shown | {"faults": faults})
        if not known:
            return render(request, "reporting/nothing.html", shown)
        tables = self.tables(scope, request)
        if kind := request.GET.get("export", ""):
            return self._export(request, scope, tables, kind)
        for name, table in tables.items():
            table.prefix = f"{name}-"
            RequestConfig(request, paginate={"per_page": _ROWS, "silent": True}).configure(table)
        return render(request, self.template_name, shown | {"tables": tables} | self.context(scope, request))

    def _export(self, request: HttpRequest, scope: Scope, tables: dict[str, Table], kind: str) -> HttpResponse:
        if not standing_of(request).allows(Permission.EXPORT_LISTS):
            raise PermissionDenied
        table = tables.get(request.GET.get("table", ""), next(iter(tables.values()), None))
        if table is None:
            raise Http404
        named = (scope.organisation.shown, str(self.heading), scope.on.isoformat(), scope.snapshot)
        heading = " ".join(each for each in named if each)
        answer: HttpResponse = import_string(settings.LIST_EXPORTER)(request, table, heading, kind)
        return answer

    def _frame(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        return {
            "scope": scope,
            "heading": f"{scope.organisation.shown} · {self.heading}",
            "breadcrumbs": scope.crumbs(self.route, str(self.heading)),
            "tabs": [
                {"label": label, "url": scope.link(route), "icon": icon, "active": route == self.route}
                for route, label, icon in TABS
            ],
            "choices": choices_of(scope),
            "kept": [(name, value) for name in _KEPT if (value := request.GET.get(name))],
            "may_export": standing_of(request).allows(Permission.EXPORT_LISTS),
            "beside_name": scope.beside.isoformat() if scope.beside else "",
        }


def choices_of(scope: Scope) -> list[dict[str, Any]]:
    """Organisations to choose from: the county, its clusters, and the schools of the cluster that is shown."""
    here = scope.organisation
    near = here.pk if here.kind == OrganisationKind.CLUSTER else here.parent_id
    found = [*([scope.county] if scope.county.pk in scope.reach else [])]
    within = Organisation.objects.filter(county=scope.county, pk__in=scope.reach)  # scoped: by reach
    found += within.filter(kind=OrganisationKind.CLUSTER)
    found += within.filter(kind=OrganisationKind.SCHOOL, parent=near) if not scope.whole else []
    if here not in found:
        found.append(here)
    indent = {OrganisationKind.CLUSTER: "　", OrganisationKind.SCHOOL: "　　"}
    order = sorted(found, key=_place)
    others = [each for each in scope.counties if each.pk != scope.county.pk]
    return [
        {"key": o.pk, "label": f"{indent.get(OrganisationKind(o.kind), '')}{o.shown}", "chosen": o.pk == here.pk}
        for o in [*order, *others]
    ]


def _place(organisation: Organisation) -> tuple[int, int, int]:
    if organisation.kind == OrganisationKind.COUNTY:
        return (0, 0, 0)
    if organisation.kind == OrganisationKind.CLUSTER:
        return (1, organisation.pk, 0)
    return (1, organisation.parent_id or 0, organisation.pk)


def lang() -> str:
    """``zh`` or ``en``, as the library's sentences want it."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def said(code: Any) -> str:
    """The label of a code; blank where it is not known."""
    return _("未填") if code is None else str(label_of(code))


def names_of(scope: Scope) -> dict[str, str]:
    """Short names of schools by code."""
    return {school.id: school.short_name or school.name for school in scope.figures.county.schools}
