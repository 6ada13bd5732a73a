"""Lists as files: logged, counted, watermarked, safe against formula injection, and without sensitive fields."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop
from django_tables2 import BooleanColumn, Column, Table
from django_tables2.columns import BoundColumn, CheckBoxColumn, DateColumn, DateTimeColumn
from django_tables2.rows import BoundRow

from junheng.documents import results
from junheng.web.access import Privacy, Role, privacy_of
from junheng.web.records.audit import record
from junheng.web.records.models import AuditEvent
from junheng.web.records.notifying import holders, notify

ACTION, ALERT = "records.list.exported", "records.list.exported_much"
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_ID_NUMBER = re.compile(r"(?<!\d)([1-9]\d{5})\d{8}(\d{3}[\dXx])(?!\d)")
_RAW = (BooleanColumn, DateColumn, DateTimeColumn)


def export_list(request: HttpRequest, table: Table, heading: str, kind: str) -> HttpResponse:
    """The rows of a list as ``xlsx`` or ``csv``.

    What is exported, by whom and how many rows, stands in the audit trail before the file leaves; the file carries the
    account, the time and the number of that row. Columns of sensitive fields are left out; those of personal ones too,
    unless the table names them in ``personal_in_exports``. Somebody who exports much in an hour is told to the
    security administrators, and far too much is refused.
    """
    if kind not in TYPES:
        raise Http404
    columns = exported_columns(table)
    rows = [[_cell(row, column) for column in columns] for row in table.rows]
    user: Any = request.user
    with transaction.atomic():
        _watch(user, len(rows), heading)
        event = record(
            user, ACTION, None,
            list=heading, kind=kind, rows=len(rows), columns=[str(c.header) for c in columns],
            query=request.GET.urlencode()[:500],
        )  # fmt: skip
    mark = _watermark(user, event, len(rows))
    content = _written(columns, rows, heading, kind, mark)
    response = HttpResponse(content, content_type=TYPES[kind])
    name = f"{heading}_{timezone.localtime(event.at):%Y%m%d}_{event.number}.{kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def exported_columns(table: Table) -> list[BoundColumn]:
    """The columns of a list that may leave in a file."""
    model = table._meta.model or getattr(getattr(table.data, "data", None), "model", None)
    allowed = frozenset(getattr(table, "personal_in_exports", ()))
    return [
        column
        for column in table.columns.iterall()
        if column.visible
        and not isinstance(column.column, CheckBoxColumn)
        and not column.column.exclude_from_export
        and _may_leave(column, model, allowed)
    ]


def _may_leave(column: BoundColumn, model: Any, allowed: frozenset[str]) -> bool:
    field = column.accessor.get_field(model) if model is not None else None
    if field is None:
        return True
    privacy = privacy_of(field.model).get(field.name, Privacy.SENSITIVE)
    return privacy in {Privacy.PUBLIC, Privacy.INTERNAL} or (privacy is Privacy.PERSONAL and column.name in allowed)


def mask(text: str) -> str:
    """The text with every ID number in it masked, whatever column it stands in."""
    return _ID_NUMBER.sub(r"\1********\2", text)


def _cell(row: BoundRow, bound: BoundColumn) -> Any:
    """The value of a cell: figures, dates and truth as they are, all else as the text that the page shows."""
    column = bound.column
    own = hasattr(row.table, f"render_{bound.name}") or hasattr(row.table, f"value_{bound.name}")
    if (type(column) is Column or isinstance(column, _RAW)) and not own:
        try:
            raw = bound.accessor.resolve(row.record, safe=False, quiet=True)
        except (ValueError, AttributeError, TypeError):
            raw = None
        if isinstance(raw, datetime):
            return timezone.localtime(raw).replace(tzinfo=None, microsecond=0)
        if raw is None or isinstance(raw, bool | float | date):
            return raw
        if isinstance(raw, int) and not column.attrs and mask(str(raw)) == str(raw) and not _chosen(row, bound):
            return raw
    shown = row.get_cell_value(bound.name)
    if shown is None or isinstance(shown, bool | int | float | date):
        return mask(str(shown)) if isinstance(shown, int) and mask(str(shown)) != str(shown) else shown
    text = strip_tags(shown) if isinstance(shown, SafeString) else str(shown)
    return "" if text == "—" else mask(text.strip())


def _chosen(row: BoundRow, bound: BoundColumn) -> bool:
    field = bound.accessor.get_field(row.record)
    return bool(getattr(field, "choices", None))


def _watermark(user: Any, event: AuditEvent, count: int) -> str:
    return gettext("导出人 %(name)s（%(account)s） · %(time)s · 留痕第 %(number)s 号 · %(count)s 行") % {
        "name": str(user),
        "account": user.username,
        "time": f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}",
        "number": event.number,
        "count": count,
    }


def _written(columns: Sequence[BoundColumn], rows: list[list[Any]], heading: str, kind: str, mark: str) -> bytes:
    declared = [
        results.ResultColumn(key=column.name, zh=str(column.header), en=str(column.header), kind=_kind(rows, at))
        for at, column in enumerate(columns)
    ]
    table = results.Table(name_zh=heading, name_en=heading, columns=declared, rows=rows, notes=[(mark, mark)])
    lang = "zh" if (get_language() or "zh").startswith("zh") else "en"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{kind}"
        if kind == "xlsx":
            results.write_results(path, [table], lang, footer=mark)
        else:
            results.write_csv(path, table, lang, notes=True)
        return path.read_bytes()


def _kind(rows: list[list[Any]], at: int) -> Any:
    """What the cells of a column are, if they are all the same."""
    kinds = {type(row[at]) for row in rows if row[at] is not None}
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, float}:
        return "number"
    return "date" if kinds == {date} else "text"


def _watch(user: Any, count: int, heading: str) -> None:
    """Tells the security administrators, once in an hour, of somebody who exports much; refuses far too much."""
    limits = settings.EXPORT_LIMITS
    since = timezone.now() - timedelta(hours=1)
    recent = AuditEvent.objects.filter(author=user.username, at__gte=since)
    made = [details.get("rows", 0) for details in recent.filter(action=ACTION).values_list("details", flat=True)]
    files, total = len(made) + 1, sum(made) + count
    if files > limits["refuse_files"] or sum(made) > limits["refuse_rows"]:
        raise PermissionDenied(gettext("一小时内导出过多，请稍后再试或联系安全管理员。"))
    if (files > limits["alert_files"] or total > limits["alert_rows"]) and not recent.filter(action=ALERT).exists():
        record(user, ALERT, None, list=heading, files=files, rows=total)
        notify(
            holders(Role.SECURITY_ADMIN, user),
            ALERT,
            gettext_noop("%(name)s（%(account)s）一小时内导出了 %(files)s 个文件，共 %(rows)s 行。"),
            {"name": str(user), "account": user.username, "files": files, "rows": total},
        )
