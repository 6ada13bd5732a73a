"""A stored change in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext

from junheng.documents.columns import SHEET_BY_KEY, Column, Sheet
from junheng.web.interface.numbers import listed, semicolon

_SHEET_OF = {"requirements": "posts"}
"""Facts that share a sheet with others."""


def language() -> str:
    """``zh`` or ``en``, after the language of the page."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def worded(changes: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Changes as the table of differences shows them: label, before, after."""
    return [_worded(change) for change in changes]


def _worded(change: dict[str, Any]) -> dict[str, str]:
    lang = language()
    sheet = SHEET_BY_KEY[_SHEET_OF.get(change["sheet"], change["sheet"])]
    if change.get("hidden"):
        return {"label": sheet.title(lang), "before": _hidden(change["before"]), "after": _hidden(change["after"])}
    if "field" in change:
        column = _column(sheet, change["field"])
        return {
            "label": column.header(lang) if column else change["field"],
            "before": _value(column, change["before"]),
            "after": _value(column, change["after"]),
        }
    return {
        "label": sheet.title(lang),
        "before": _row(sheet, change.get("before")),
        "after": _row(sheet, change.get("after")),
    }


def _hidden(count: int) -> str:
    return gettext("＊＊＊（敏感，不显示）") if count else ""


def _column(sheet: Sheet, field: str) -> Column | None:
    return next((column for column in sheet.columns if column.field == field), None)


def _row(sheet: Sheet, row: dict[str, Any] | None) -> str:
    if not row:
        return ""
    lang = language()
    parts = [
        f"{column.header(lang)} {_value(column, row[column.field])}" for column in sheet.columns if column.field in row
    ]
    return semicolon().join(parts)


def _value(column: Column | None, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return listed(_value(column, each) for each in value)
    if column is not None and column.codes is not None and isinstance(value, str):
        try:
            return column.codes.read(value).label(language())
        except ValueError:
            return value
    return f"{value:.10g}" if isinstance(value, float) else str(value)
