"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from junheng.web.records import waiting


class StaffingConfig(AppConfig):
    """Registers the room."""

    name = "junheng.web.staffing"
    label = "staffing"

    def ready(self) -> None:
        """Says what waits here and what a search finds; background work registers itself in ``jobs``."""
        corrections = import_module("junheng.web.staffing.waiting")
        waiting.provide(corrections.corrections_waiting)
        todo = import_module("junheng.web.staffing.todo")
        for said in (todo.intakes_to_confirm, todo.plans_to_decide, todo.rounds_to_answer, todo.replies_to_record):
            waiting.provide(said)
        import_module("junheng.web.staffing.following")
        import_module("junheng.web.staffing.finding")
