"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the room."""

    name = "junheng.web.access"
    label = "access"
