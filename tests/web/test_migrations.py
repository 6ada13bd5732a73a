"""What the migrations make is what the models say; the suite on SQLite makes its tables from the models."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_no_model_is_ahead_of_its_migrations() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes" in said.getvalue()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("compares two files of SQLite; on PostgreSQL every test stands on the migrations")
    told = os.environ | {
        "JUNHENG_MODE": "demo", "JUNHENG_HTTPS": "false", "JUNHENG_DATA_DIR": str(tmp_path), "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=told, check=True)
    (file,) = tmp_path.glob("*.sqlite3")
    with sqlite3.connect(file) as migrated:
        there = columns(migrated.cursor())
    with connection.cursor() as cursor:
        here = columns(cursor)
    assert {name: here.get(name) for name in there if name != "django_migrations"} == {
        name: found for name, found in there.items() if name != "django_migrations"
    }


def columns(cursor) -> dict[str, list[tuple]]:
    """Of every table its columns with type and whether they may be empty, its constraints; indexes and triggers."""
    cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    found: dict[str, list[tuple]] = {}
    for kind, name, sql in cursor.fetchall():
        found[name] = [(kind, *sorted(re.findall(r'CONSTRAINT "(.*?)"', sql)))]
        if kind == "table":
            cursor.execute(f"SELECT name, lower(type), \"notnull\" FROM pragma_table_info('{name}') ORDER BY name")  # noqa: S608
            found[name] += cursor.fetchall()
    return found
