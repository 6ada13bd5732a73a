"""Addresses of the part."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import archive, ending

urlpatterns: list[URLPattern] = [
    path("certificates/", ending.certificate_check, name="certificate_check"),
    path("<int:pk>/outcomes/", ending.OutcomeList.as_view(), name="outcomes"),
    path("<int:pk>/outcomes/<int:placement>/", ending.outcome, name="outcome"),
    path("<int:pk>/outcomes/<int:placement>/<slug:what>/", ending.outcome_deed, name="outcome_deed"),
    path("<int:pk>/certificates/<int:certificate>/revoke/", ending.certificate_revoke, name="certificate_revoke"),
    path("<int:pk>/archive/", archive.archive, name="archive"),
    path("<int:pk>/archive/close/", archive.archive_close, name="archive_close"),
    path("<int:pk>/archive/next/", archive.archive_next, name="archive_next"),
    path("<int:pk>/prerequisites/", archive.question_list, name="prerequisites"),
    path("<int:pk>/prerequisites/<slug:query>/", archive.question, name="prerequisite"),
]
