"""The room as Django knows it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from junheng.web.records.guarding import make_ready


class RecordsConfig(AppConfig):
    """Registers the room."""

    name = "junheng.web.records"
    label = "records"

    def ready(self) -> None:
        """Guards the audit chain after every ``migrate``; lets each room name its actions and register its work."""
        post_migrate.connect(_guard, sender=self, dispatch_uid="records.guard")
        autodiscover_modules("audit_labels", "jobs", "tasks")
        import_module("junheng.web.records.outbox")
        import_module("junheng.web.records.jobs.housekeeping")


def _guard(sender: AppConfig, using: str, **_given: Any) -> None:
    head = sender.get_model("AuditHead")
    connection = connections[using]
    if head._meta.db_table in connection.introspection.table_names():
        make_ready(connection, head)
