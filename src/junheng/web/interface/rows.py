"""The rows of a table drawn in one go: what the cells of a column have alike is looked up once, not in every cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.columns import BoundColumn, ManyToManyColumn
from django_tables2.columns.linkcolumn import BaseLinkColumn
from django_tables2.data import TableQuerysetData
from django_tables2.rows import BoundRow
from django_tables2.utils import A, signature

_STRIPES = ('class="even"', 'class="odd"', 'class=""')
"""Classes of rows that no style sheet of ours knows."""
_FIGURE = 'class="number"'
"""What a cell of figures bears, but for tables of the class ``figures``: there a cell says nothing."""


def rows_of(table: Table) -> SafeString:
    """Return the rows of the table's page as ``<tr>…</tr>``, cell for cell what django-tables2 would draw."""
    context = Context()
    cells = [_Cells(bound, context) for bound in table.columns]
    return mark_safe("".join(_row(row, cells, plain=not table.row_attrs) for row in table.paginated_rows))  # noqa: S308 - each cell is escaped


def _row(row: BoundRow, cells: list[_Cells], *, plain: bool) -> str:
    own = "" if plain and type(row) is BoundRow else row.attrs.as_html()
    for stripe in _STRIPES:
        own = own.replace(stripe, "")
    return f"<tr{f' {own}' if own else ''}>{''.join(each.draw(row) for each in cells)}</tr>"


class KeysFirst(TableQuerysetData):
    """Rows of a long and wide list: a page's keys are put in order first, and only those rows are read, in one query.

    A database that orders 4,000 rows carries all their columns along: four times the work of ordering their keys.

    :param data: what may be listed, filtered and ordered.
    :param wide: the same model with all that a row shows; asked for the rows of the page only.
    """

    def __init__(self, data: QuerySet[Any], wide: QuerySet[Any]) -> None:
        super().__init__(data)
        self.wide = wide

    def __getitem__(self, key: int | slice) -> Any:
        """One row, or the rows of a page."""
        if not isinstance(key, slice):
            return super().__getitem__(key)
        return self.wide.filter(pk__in=self.data.values("pk")[key]).order_by(*self.data.query.order_by)


class _Cells:
    """The cells of one column."""

    def __init__(self, bound: BoundColumn, context: Context) -> None:
        self.bound = bound
        self.context = context
        self.accessor = A(bound.accessor)
        self.default = bound.default
        self.words: dict[Any, Any] = {}
        self.choices: bool | None = None
        self.wanted, self.takes_all = signature(bound.render)
        self.steady = not _moves(bound.column.attrs) and not _moves(bound._table.attrs)
        self.figures = "figures" in str(bound._table.attrs.get("class", "")).split()
        self.start = self._start() if self.steady else ""
        self.end = "" if self.figures else "</td>"  # HTML asks for none, and a wide table has a thousand

    def draw(self, row: BoundRow) -> str:
        """The cell in this row."""
        held = self._content(row)
        if self.steady:
            return f"{self.start}{self._said(held)}{self.end}"
        self.bound.current_value, self.bound.current_record = held, row.record
        return f"{self._start()}{self._said(held)}{self.end}"

    def _start(self) -> str:
        own = self.bound.attrs["td"].as_html()
        if self.figures:
            own = "" if own == _FIGURE else own
        return f"<td {own}>" if own else "<td>"

    def _said(self, held: Any) -> str:
        if isinstance(held, str):
            return conditional_escape(held)
        how = self.bound.localize
        if type(held) is int and how is None:
            return str(held)  # as it is localized while the settings set no thousands apart, in a tenth of the time
        return render_value_in_context(held if how is None else localize(held, use_l10n=how), self.context)

    def _content(self, row: BoundRow) -> Any:
        column = self.bound.column
        try:
            value = self._value(row.record)
        except Exception:
            if isinstance(column, BaseLinkColumn) and column.text is not None:
                return self._rendered(row, None)
            value = None
        if value in column.empty_values or (isinstance(column, ManyToManyColumn) and not value.exists()):
            return self.default
        return self._rendered(row, value)

    def _value(self, record: Any) -> Any:
        """What stands in the record; of a field with choices the words."""
        held, name = self.accessor.penultimate(record)
        display = getattr(held, f"get_{name}_display", None) if isinstance(held, Model) else None
        if display is None or not self._has_choices(record):
            return self.accessor.resolve(record)
        chosen = getattr(held, name)
        if chosen not in self.words:
            self.words[chosen] = display()
        return self.words[chosen]

    def _has_choices(self, record: Any) -> bool:
        if self.choices is None:
            try:
                self.choices = bool(self.accessor.get_field(record).choices)
            except FieldDoesNotExist:
                self.choices = False
        return self.choices

    def _rendered(self, row: BoundRow, value: Any) -> Any:
        bound = self.bound
        given = {
            "value": value, "record": row.record, "column": bound.column, "bound_column": bound, "bound_row": row,
            "table": row.table,
        }  # fmt: skip
        content = bound.render(**(given if self.takes_all else {name: given[name] for name in self.wanted}))
        return bound.link(content, **given) if bound.link else content


def _moves(attrs: Mapping[str, Any]) -> bool:
    """Whether anything in the attributes is reckoned from the row."""
    return any(_moves(each) if isinstance(each, Mapping) else callable(each) for each in attrs.values())
