"""The map of schools, and the screen for a wall."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django_tables2 import Table

from junheng.web.reporting.charts import places
from junheng.web.reporting.scope import Scope
from junheng.web.reporting.summary import gap_of, summarise
from junheng.web.reporting.tables import PlacesTable
from junheng.web.reporting.views.overview import cards_of, coefficients_of
from junheng.web.reporting.views.page import ReportPage, said


class MapPage(ReportPage):
    """Schools where they stand; ``?colour=`` says by what they are coloured."""

    template_name = "reporting/map.html"
    route = "reporting:map"
    heading = gettext_lazy("学校分布")

    def tables(self, scope: Scope, request: HttpRequest) -> dict[str, Table]:
        """The same schools as a list."""
        chosen = colouring_of(request)
        table = PlacesTable(place_rows(scope, chosen))
        table.columns["category"].column.verbose_name = chosen.label
        return {"schools": table}

    def context(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        """The map, how it is coloured, and schools that it cannot show."""
        chosen = colouring_of(request)
        return {
            "map": places.school_map(scope, chosen),
            "colourings": [
                {
                    "label": each.label,
                    "url": scope.link("reporting:map", colour=each.key),
                    "active": each.key == chosen.key,
                }
                for each in places.COLOURINGS
            ],
            "chosen": chosen,
            "unplaced": [
                {"name": school.name, "url": places.school_page(scope, scope.figures.keys.get(school.id))}
                for school in places.placed(scope)[1]
            ],
            "screen_url": scope.link("reporting:screen"),
        }


class ScreenPage(ReportPage):
    """The same figures for a wall: dark, sixteen by nine, nothing to press."""

    template_name = "reporting/screen.html"
    route = "reporting:screen"
    heading = gettext_lazy("态势")

    def context(self, scope: Scope, request: HttpRequest) -> dict[str, Any]:
        """Cards, map and coefficients."""
        now = summarise(scope.figures, scope.codes)
        return {
            "cards": cards_of(scope, now, None),
            "map": places.school_map(scope, colouring_of(request)),
            "chosen": colouring_of(request),
            "coefficients": coefficients_of(scope) if scope.whole else [],
            "back": scope.link("reporting:map"),
        }


def colouring_of(request: HttpRequest) -> places.Colouring:
    """The colouring asked for, or the first."""
    return places.COLOURING_BY_KEY.get(request.GET.get("colour", ""), places.COLOURINGS[0])


def place_rows(scope: Scope, colouring: places.Colouring) -> list[dict[str, Any]]:
    """A row for each school."""
    clusters = {cluster.id: cluster.name for cluster in scope.figures.county.clusters}
    labels = {key: str(label) for key, label, _colour in colouring.categories}
    gaps = gap_of(scope.figures, scope.codes)
    return [
        {
            "name": school.name,
            "url": places.school_page(scope, scope.figures.keys.get(school.id)),
            "cluster": clusters.get(school.cluster_id, ""),
            "township": school.township,
            "locale": said(school.locale),
            "kind": said(school.kind),
            "pupils": school.pupils(),
            "teachers": len(scope.figures.county.working_at[school.id]),
            "gap": gaps.get(school.id),
            "x_km": school.x_km,
            "y_km": school.y_km,
            "category": labels.get(colouring.choose(scope, school), ""),
        }
        for school in scope.figures.county.schools
        if school.id in scope.codes
    ]
