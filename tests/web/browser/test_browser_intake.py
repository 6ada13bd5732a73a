"""The workbook's way in with a real browser: faults, the corrected file, what would change, and the teacher's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from junheng.documents import write_county
from junheng.facts.synthetic import make_small_county
from junheng.web.access import Role
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.records.jobs import run_due
from junheng.web.staffing.intake import take_in
from junheng.web.staffing.models import Intake, TeacherState

SHEET = "教师"


@dataclass
class Bureau:
    """A county with its data, its clerk, and the workbook that tells the same."""

    county: Organisation
    clerk: User
    workbook: Path


@pytest.fixture
def bureau(transactional_db: None, tmp_path: Path, live_server: Any, context: Any) -> Bureau:
    """The clerk is signed in."""
    small = make_small_county()
    county = Organisation.objects.create(kind="county", code="990101", name=small.name)
    take_in(county, small, by=None, source="test")
    clerk = User.objects.create_user(username="clerk", password=None, name="经办人", organisation=county)
    RoleGrant.objects.create(user=clerk, role=Role.BUREAU_CLERK, organisation=county, start=date(2025, 1, 1))
    totp.TOTP.activate(clerk, totp.generate_totp_secret())
    client = Client()
    client.force_login(clerk)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    write_county(small, tmp_path / "county.xlsx")
    return Bureau(county, clerk, tmp_path / "county.xlsx")


def altered(source: Path, target: Path, change: Callable[[Any, dict[str, int]], None]) -> Path:
    """A copy of a workbook in which the sheet of teachers is changed."""
    book = openpyxl.load_workbook(source)
    sheet = book[SHEET]
    change(sheet, {str(cell.value): cell.column for cell in sheet[1]})
    book.save(target)
    return target


def upload(page: Any, site: str, path: Path) -> None:
    """Offers a file through the form, lets the worker do its work, and shows what came of it."""
    page.goto(f"{site}/staffing/intakes/")
    page.get_by_role("link", name="上传文件").click()
    page.get_by_label("文件", exact=True).set_input_files(path)
    page.get_by_role("button", name="上传并预演").click()
    expect(page).to_have_url(f"{site}/staffing/intakes/{Intake.objects.latest('pk').pk}/")
    run_due()
    page.reload()


def mistaken(sheet: Any, columns: dict[str, int]) -> None:
    """Three faults, in three rows."""
    sheet.cell(3, columns["最高学历"]).value = "很高"
    sheet.cell(4, columns["出生日期"]).value = "1986年13月40日"
    sheet.cell(5, columns["人事关系学校"]).value = "9901999999"


def corrected(sheet: Any, columns: dict[str, int]) -> None:
    """Two people differ from what is kept."""
    sheet.cell(3, columns["最高学历"]).value = "硕士研究生"
    sheet.cell(4, columns["备注"]).value = "已核对"


def test_a_workbook_with_faults_is_mended_rehearsed_and_written(
    page: Any, live_server: Any, bureau: Bureau, tmp_path: Path
) -> None:
    kept = TeacherState.objects.current().get(teacher__number="T000002")
    upload(page, live_server.url, altered(bureau.workbook, tmp_path / "wrong.xlsx", mistaken))
    told = page.locator("#lines-list tbody tr")
    expect(told).to_have_count(3)
    for row, (line, column) in enumerate(((3, "最高学历"), (4, "出生日期"), (5, "人事关系学校"))):
        expect(told.nth(row)).to_contain_text(SHEET)
        expect(told.nth(row)).to_contain_text(str(line))
        expect(told.nth(row)).to_contain_text(column)
    expect(page.get_by_role("button", name="确认写入")).to_have_count(0)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载错误标注").click()
    waiting.value.save_as(tmp_path / "faults.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "faults.xlsx")[SHEET]
    before = openpyxl.load_workbook(bureau.workbook)[SHEET].max_column
    assert marked.max_column > before
    assert [bool(marked.cell(row, marked.max_column).value) for row in range(2, 7)] == [False, True, True, True, False]

    upload(page, live_server.url, altered(bureau.workbook, tmp_path / "right.xlsx", corrected))
    expect(page.locator("#lines-list tbody > tr").filter(has_text="T000002").first).to_be_visible()
    change = page.locator("#lines-list table.lines > tbody > tr").filter(has_text="T000002")
    expect(change.locator("del")).to_have_text("本科")
    expect(change.locator("ins")).to_have_text("硕士研究生")
    assert TeacherState.objects.current().get(teacher__number="T000002").pk == kept.pk
    page.get_by_role("button", name="确认写入").click()
    page.get_by_label("我已核对").check()
    page.get_by_role("button", name="确认写入").click()
    page.wait_for_load_state()
    run_due()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已写入")
    page.goto(f"{live_server.url}/staffing/teachers/{kept.teacher_id}/?tab=study")
    expect(page.get_by_text("硕士研究生").first).to_be_visible()
    page.goto(f"{live_server.url}/staffing/teachers/{kept.teacher_id}/?tab=history")
    expect(page.get_by_role("main")).to_contain_text("本科")

    upload(page, live_server.url, tmp_path / "right.xlsx")
    expect(page.get_by_text("文件与现有数据完全相同，不需要写入。")).to_be_visible()
    expect(page.get_by_role("button", name="确认写入")).to_have_count(0)


def test_pressing_upload_twice_makes_one_intake(page: Any, live_server: Any, bureau: Bureau) -> None:
    page.goto(f"{live_server.url}/staffing/intakes/new/")
    page.get_by_label("文件", exact=True).set_input_files(bureau.workbook)
    page.get_by_role("button", name="上传并预演").dblclick()
    page.wait_for_url(re.compile(r"/staffing/intakes/\d+/$"))
    assert Intake.objects.count() == 1


def test_a_file_that_is_no_workbook_is_refused_in_words(
    page: Any, live_server: Any, bureau: Bureau, tmp_path: Path
) -> None:
    (tmp_path / "roster.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n not a workbook")
    page.goto(f"{live_server.url}/staffing/intakes/new/")
    page.get_by_label("文件", exact=True).set_input_files(tmp_path / "roster.xlsx")
    page.get_by_role("button", name="上传并预演").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    assert Intake.objects.count() == 0
