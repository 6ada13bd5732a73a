"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class RotationConfig(AppConfig):
    """Registers the room."""

    name = "junheng.web.rotation"
    label = "rotation"

    def ready(self) -> None:
        """Reads what each part registers: see :mod:`junheng.web.rotation.parts`, and its papers."""
        for name in ("parts", "documents"):
            package = import_module(f"junheng.web.rotation.{name}")
            for each in iter_modules(package.__path__):
                import_module(f"{package.__name__}.{each.name}")
