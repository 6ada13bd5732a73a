"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.addresses import (
    asking,
    cadres,
    ending,
    freezing,
    noticing,
    ordering,
    planning,
    preparing,
    serving,
)
from junheng.web.rotation.views import years

app_name = "rotation"
urlpatterns: list[URLPattern] = [
    path("", years.YearList.as_view(), name="years"),
    path("new/", years.year_new, name="year_new"),
    path("<int:pk>/", years.year, name="year"),
    path("<int:pk>/phases/<slug:kind>/", years.phase_move, name="phase_move"),
    path("<int:pk>/calendar/", years.calendar, name="calendar"),
    *preparing.urlpatterns,
    *freezing.urlpatterns,
    *asking.urlpatterns,
    *planning.urlpatterns,
    *noticing.urlpatterns,
    *ordering.urlpatterns,
    *serving.urlpatterns,
    *ending.urlpatterns,
    *cadres.urlpatterns,
]
