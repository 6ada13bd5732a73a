"""A list that leaves as a file is safe to open, carries who took it, and is in the trail before it leaves."""

from __future__ import annotations

import csv
import io
import time

import django_tables2 as tables
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.test import RequestFactory

from junheng.web.records.exports import export_list, mask
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.staffing.models import TeacherState

ID_NUMBER = "990101198505120022"
DANGEROUS = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    " =1",
    "\u3000=1",
]


class People(tables.Table):
    """A list of people, of things told, and of an odd column."""

    name = tables.Column()
    number = tables.Column(accessor="teacher__number")
    birth_date = tables.DateColumn()
    commute_limit_km = tables.Column()
    on_establishment = tables.BooleanColumn()
    main_subject = tables.Column()
    id_number = tables.Column()
    told = tables.Column(accessor="teacher", empty_values=())
    pick = tables.CheckBoxColumn(accessor="pk")

    personal_in_exports = ("birth_date", "commute_limit_km")

    class Meta:
        model = TeacherState
        fields = ()

    def render_told(self, record):
        """What somebody wrote, with an ID number where none belongs."""
        return f"{record.note} {ID_NUMBER}"


def request_of(user, query=""):
    request = RequestFactory().get(f"/list/?{query}")
    request.user = user
    return request


def exported(cast, kind, rows=None, name="bureau_clerk", table=People):
    rows = TeacherState.objects.select_related("teacher").order_by("name") if rows is None else rows
    request = request_of(cast.users[name], "q=abc")
    return export_list(request, table(rows, request=request), "教师名单", kind)


def cells(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    return sheet, [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_workbook_has_the_rows_and_who_took_them_and_no_id_number(cast):
    TeacherState.objects.filter(teacher=cast.teachers["bob"]).update(commute_limit_km=12.5)
    response = exported(cast, "xlsx")
    event = AuditEvent.objects.get(action="records.list.exported")
    sheet, rows = cells(response)
    assert response["Content-Disposition"].startswith("attachment;")
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store")
    assert len(rows[0]) == 7, "neither the ID number nor the boxes to tick"
    assert len([row for row in rows[1:] if row[1]]) == 5 == event.details["rows"]
    bob = next(row for row in rows if row[0] == "单博文")
    assert (bob[1], bob[2].isoformat()[:10], bob[3], bob[4], bob[5]) == ("T0002", "1985-05-12", 12.5, "是", "语文")
    told = rows[-1][0]
    assert f"第 {event.number} 号" in told
    assert "ys-bureau_clerk" in told
    assert "ys-bureau_clerk" in sheet.oddFooter.center.text
    assert ID_NUMBER not in str(rows)
    assert "990101********0022" in str(rows)
    assert event.details["query"] == "q=abc"
    assert event.author == "ys-bureau_clerk"


def test_csv_says_the_same(cast):
    response = exported(cast, "csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 5 + 2
    assert "ys-bureau_clerk" in rows[-1][0]
    assert ID_NUMBER not in response.content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_nothing_in_a_file_can_be_taken_for_a_formula(cast, kind):
    rows = [{"a": text, "b": text.encode().hex()} for text in DANGEROUS]

    class Texts(tables.Table):
        a = tables.Column(verbose_name="=HYPERLINK(1)")
        b = tables.Column()

    response = exported(cast, kind, rows, table=Texts)
    if kind == "xlsx":
        sheet, _ = cells(response)
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
        leads = tuple("=+-@＝＋－＠")
        every = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        dangerous = [cell for cell in every if cell.value.strip(" \u3000\t\r\n").startswith(leads)]
        assert len(dangerous) >= len(DANGEROUS)
        assert all(cell.quotePrefix for cell in dangerous)
    else:
        found = [row[0] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig"))) if row]
        assert not [text for text in found if text.lstrip(" \u3000")[:1] in "=+-@\t\r＝＋－＠"]


def test_what_cannot_be_recorded_is_not_exported(cast, monkeypatch):
    def fail(*_args, **_given):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        exported(cast, "xlsx")


def test_an_unknown_kind_of_file_is_not_found(cast):
    with pytest.raises(Http404):
        exported(cast, "exe")
    assert not AuditEvent.objects.exists()


def test_much_in_an_hour_is_told_once_and_far_too_much_is_refused(cast, settings):
    settings.EXPORT_LIMITS = {"alert_files": 2, "alert_rows": 10_000, "refuse_files": 4, "refuse_rows": 10_000}
    for _ in range(4):
        exported(cast, "csv")
    told = Notification.objects.all()
    assert [each.recipient.username for each in told] == ["ys-security_admin"]
    assert "ys-bureau_clerk" in told[0].text
    with pytest.raises(PermissionDenied):
        exported(cast, "csv")
    exported(cast, "csv", name="section_head")
    assert AuditEvent.objects.filter(action="records.list.exported").count() == 5
    assert AuditEvent.objects.filter(action="records.list.exported_much").count() == 1


def test_many_rows_at_once_are_told_too(cast, settings):
    settings.EXPORT_LIMITS = {"alert_files": 9, "alert_rows": 4, "refuse_files": 99, "refuse_rows": 99}
    exported(cast, "csv")
    assert Notification.objects.count() == 1


def test_five_thousand_rows_take_seconds(cast):
    one = TeacherState.objects.select_related("teacher").get(teacher=cast.teachers["bob"])
    begun = time.perf_counter()
    response = exported(cast, "xlsx", [one] * 5000)
    assert time.perf_counter() - begun < 30
    assert len(cells(response)[1]) == 5000 + 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (ID_NUMBER, "990101********0022"),
        (f"号码{ID_NUMBER[:-1]}x。", "号码990101********002x。"),
        ("1234567890123456789", "1234567890123456789"),
        ("2026-09-01", "2026-09-01"),
    ],
)
def test_an_id_number_is_masked_wherever_it_stands(text, shown):
    assert mask(text) == shown
