"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Registers the room, and what it hears about signing in."""

    name = "junheng.web.directory"
    label = "directory"

    def ready(self) -> None:
        """Connects what is written down when somebody signs in."""
        from junheng.web.directory import receiving  # noqa: F401, PLC0415 - needs the models
