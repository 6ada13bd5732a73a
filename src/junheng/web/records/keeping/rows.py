"""Rows as JSON and back, the same on every database; encrypted values as they are stored."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models.functions import Cast

_BATCH = 1000


@contextmanager
def still() -> Iterator[None]:
    """The whole database as it stands at one moment, while others go on writing.

    On SQLite a plain ``BEGIN`` reads the state of the write-ahead log at its first read and takes no write lock; our
    transactions otherwise begin as ``IMMEDIATE`` ones.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
            yield


def fields_of(model: Any) -> list[Any]:
    """The columns of a table in order of their names, which is the same everywhere."""
    return sorted(model._meta.concrete_fields, key=lambda field: field.attname)


def is_sealed(field: Any) -> bool:
    """Whether the column is encrypted, and kept so."""
    return bool(getattr(field, "kept_sealed", False))


def rows_of(model: Any) -> Iterator[list[Any]]:
    """The rows of a table in order of their keys, each a list of what JSON carries."""
    wanted = [Cast(f.attname, models.TextField()) if is_sealed(f) else f.attname for f in fields_of(model)]
    every = model._base_manager.order_by("pk").values_list(*wanted)
    for row in every.iterator(chunk_size=2000):
        yield [_carried(value) for value in row]


def _carried(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case None | bool() | int() | float() | str() | dict() | list():
            return value
        case _:
            return str(value)


def insert(model: Any, names: list[str], rows: Iterator[list[Any]]) -> int:
    """Writes rows as they were, past everything that models do on saving; gives how many."""
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of our models
    count, batch = 0, []
    with connection.cursor() as cursor:
        for row in rows:
            batch.append([_stored(field, value) for field, value in zip(fields, row, strict=True)])
            if len(batch) == _BATCH:
                cursor.executemany(sql, batch)
                count, batch = count + len(batch), []
        if batch:
            cursor.executemany(sql, batch)
    return count + len(batch)


def _stored(field: Any, value: Any) -> Any:
    if value is None or is_sealed(field):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    if isinstance(field, models.DurationField):
        value = timedelta(seconds=value)
    return field.get_db_prep_save(field.to_python(value), connection)
