"""Addresses of the room; ``home`` stands outside its name space, because every page links there."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from junheng.web.reporting.views.balance import BalancePage
from junheng.web.reporting.views.home import home
from junheng.web.reporting.views.map import MapPage, ScreenPage
from junheng.web.reporting.views.overview import OverviewPage
from junheng.web.reporting.views.structure import StructurePage

pages: list[URLPattern] = [
    path("", OverviewPage.as_view(), name="overview"),
    path("balance/", BalancePage.as_view(), name="balance"),
    path("structure/", StructurePage.as_view(), name="structure"),
    path("map/", MapPage.as_view(), name="map"),
    path("map/screen/", ScreenPage.as_view(), name="screen"),
]
urlpatterns = [
    path("", home, name="home"),
    path("overview/", include((pages, "reporting"))),
]
