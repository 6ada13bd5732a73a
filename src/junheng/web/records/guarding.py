"""The database itself refuses to change or remove audit rows, and to wind back the head of their chain.

Whoever may drop triggers can get round this; ``junheng web audit verify`` then finds what was changed, and an anchor
kept elsewhere finds a chain that was made anew. A migration that rebuilds the table on SQLite loses its triggers, so
they are put up again after every ``migrate``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_EVENTS, _HEAD = "records_auditevent", "records_audithead"
_SAYS = "the audit chain cannot be changed"
_SQLITE_REFUSES = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
_SQLITE = {
    "audit_refuses_update": f"BEFORE UPDATE ON {_EVENTS}",
    "audit_refuses_delete": f"BEFORE DELETE ON {_EVENTS}",
    # INSERT OR REPLACE removes the row in its way without asking the trigger above
    "audit_refuses_replace": f"BEFORE INSERT ON {_EVENTS} WHEN EXISTS (SELECT 1 FROM {_EVENTS} WHERE "  # noqa: S608
    "number = NEW.number OR digest = NEW.digest)",
    "audit_head_refuses_delete": f"BEFORE DELETE ON {_HEAD}",
    "audit_head_refuses_return": f"BEFORE UPDATE ON {_HEAD} WHEN NEW.number <= OLD.number",
}
_FUNCTION = f"""CREATE OR REPLACE FUNCTION records_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_POSTGRESQL = {
    "audit_refuses_change": (_EVENTS, "BEFORE UPDATE OR DELETE", "FOR EACH ROW"),
    "audit_refuses_truncate": (_EVENTS, "BEFORE TRUNCATE", "FOR EACH STATEMENT"),
    "audit_head_refuses_delete": (_HEAD, "BEFORE DELETE", "FOR EACH ROW"),
    "audit_head_refuses_truncate": (_HEAD, "BEFORE TRUNCATE", "FOR EACH STATEMENT"),
    "audit_head_refuses_return": (_HEAD, "BEFORE UPDATE", "FOR EACH ROW WHEN (NEW.number <= OLD.number)"),
}


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Puts up the triggers; those that stand already are put up anew."""
    statements = []
    if connection.vendor == "sqlite":
        for name, when in _SQLITE.items():
            statements += [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when} {_SQLITE_REFUSES}"]
    else:
        statements.append(_FUNCTION)
        for name, (table, when, each) in _POSTGRESQL.items():
            statements += [
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                f"CREATE TRIGGER {name} {when} ON {table} {each} EXECUTE FUNCTION records_audit_refuse()",
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
            ]
    _run(connection, statements)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers down, for a restore over old data and for the clean-up of tests."""
    if connection.vendor == "sqlite":
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE])
    else:
        _run(connection, [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, (table, *_) in _POSTGRESQL.items()])


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers, which stand again afterwards whatever happens inside."""
    take_down(connection)
    try:
        yield
    finally:
        put_up(connection)


def absent(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and do not; one that is switched off does not stand."""
    standing = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    )
    with connection.cursor() as cursor:
        cursor.execute(standing)
        names = {row[0] for row in cursor.fetchall()}
    return sorted(set(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL) - names)


def make_ready(connection: BaseDatabaseWrapper, head: Any) -> None:
    """The head that the chain hangs on, and the triggers that guard it."""
    head.objects.using(connection.alias).get_or_create(pk=1)
    put_up(connection)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
