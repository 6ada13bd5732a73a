"""Every address, room by room."""

from __future__ import annotations

from django.urls import include, path

from junheng.web.interface.icons import shared_icons
from junheng.web.records.views.health import health

urlpatterns = [
    path("", include("junheng.web.reporting.urls")),
    path("records/", include("junheng.web.records.urls")),
    path("directory/", include("junheng.web.directory.urls")),
    path("staffing/", include("junheng.web.staffing.urls")),
    path("rotation/", include("junheng.web.rotation.urls")),
    path("account/", include("junheng.web.directory.account_urls")),
    path("icons/<slug:version>.svg", shared_icons, name="icons"),
    path("healthz", health, name="health"),
]
handler400 = "junheng.web.interface.errors.bad_request"
handler500 = "junheng.web.interface.errors.server_error"
