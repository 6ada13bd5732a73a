"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    """Registers the room."""

    name = "junheng.web.interface"
    label = "interface"
