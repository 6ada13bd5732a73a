"""Addresses of the part."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from junheng.web.rotation.models import CautionKind, StepKind
from junheng.web.rotation.views import orders, papers, placements, reporting


class StepConverter:
    """The name of a formality."""

    regex = "|".join(StepKind.values)
    to_url = staticmethod(str)

    def to_python(self, value: str) -> StepKind:
        """The formality."""
        return StepKind(value)


class CautionConverter:
    """The name of a paper to somebody who is late."""

    regex = "|".join(CautionKind.values)
    to_url = staticmethod(str)

    def to_python(self, value: str) -> CautionKind:
        """The kind of paper."""
        return CautionKind(value)


register_converter(StepConverter, "formality")
register_converter(CautionConverter, "caution")

urlpatterns: list[URLPattern] = [
    path("<int:pk>/papers/<slug:kind>/<str:key>/", papers.paper, name="paper"),
    path("<int:pk>/orders/", orders.OrderList.as_view(), name="orders"),
    path("<int:pk>/orders/new/", orders.order_new, name="order_new"),
    path("<int:pk>/orders/<int:order>/", orders.order, name="order"),
    path("<int:pk>/placements/", placements.PlacementList.as_view(), name="placements"),
    path("<int:pk>/placements/<int:key>/", placements.placement, name="placement"),
    path("<int:pk>/placements/<int:key>/arrangement/", placements.arrangement, name="arrangement"),
    path("<int:pk>/placements/<int:key>/steps/<formality:kind>/", placements.step, name="step"),
    path("<int:pk>/placements/<int:key>/steps/<formality:kind>/strike/", placements.step_strike, name="step_strike"),
    path("<int:pk>/placements/<int:key>/change/", placements.change, name="placement_change"),
    path("<int:pk>/placements/<int:key>/revoke/", placements.revoke, name="placement_revoke"),
    path("<int:pk>/reporting/", reporting.reporting, name="reporting"),
    path("<int:pk>/reporting/<int:key>/arrival/", reporting.arrival, name="arrival"),
    path("<int:pk>/reporting/<int:key>/review/", reporting.caution_review, name="caution_review"),
    path("<int:pk>/reporting/<int:key>/<caution:kind>/draft/", reporting.caution_draft, name="caution_draft"),
    path("<int:pk>/reporting/<int:key>/<caution:kind>/issue/", reporting.caution_issue, name="caution_issue"),
]
