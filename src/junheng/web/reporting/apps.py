"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Registers the room."""

    name = "junheng.web.reporting"
    label = "reporting"
