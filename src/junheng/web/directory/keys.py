"""A set of keys that a query takes as it is: a page asks a dozen times for what lies within a person's reach.

Django readies every member of ``pk__in=…`` anew for every query; of a county of a thousand schools that is most of the
work of a page. A :class:`Keys` is written once, as ``(1, 2, 3)``.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, Expression


class Keys(frozenset[int]):
    """Whole numbers; an empty set is left to Django, which then asks the database nothing."""

    @cached_property
    def _written(self) -> _Written:
        return _Written(f"({', '.join(str(int(key)) for key in sorted(self))})")

    def __getattr__(self, name: str) -> Any:
        """``resolve_expression``, by which a query knows an expression, where there are members."""
        if name == "resolve_expression" and self:
            return self._resolved
        raise AttributeError(name)

    def _resolved(self, *_given: Any, **_named: Any) -> _Written:
        return self._written


class _Written(Expression):
    """A list of numbers within a statement."""

    def __init__(self, sql: str) -> None:
        super().__init__(output_field=BigIntegerField())
        self.sql = sql

    @property
    def identity(self) -> tuple[type, str]:
        """What makes two of them equal."""
        return type(self), self.sql

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """As it was written."""
        return self.sql, ()

    def get_group_by_cols(self) -> list[Any]:
        """Nothing to group by."""
        return []
