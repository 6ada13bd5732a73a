"""Public notices: minimal, checked, proved, taken down to the second; objections; adoption after both."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import translation
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from junheng.planning.proof import verify_bundle
from junheng.web.records.attachments import keeping
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import proofs, publishing
from junheng.web.rotation.actions import adopting, notices
from junheng.web.rotation.models import (
    NoticeRow,
    NoticeStatus,
    PublicNotice,
)
from junheng.web.rotation.privacy_lint import UnreadableAttachmentError, look_through, text_of
from junheng.web.rotation.publishing import SHOWN, faults_of, lines_for
from junheng.web.staffing.refusal import RefusedError

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINIMAL = {"name", "home", "host", "stage", "subject", "form", "term", "note"}
ID_NUMBER = "990101198505120028"


def path_of(notice: PublicNotice) -> str:
    """The public address."""
    return f"/rotation/public/{notice.pk}/"


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-169")
def test_anybody_reads_the_notice_with_its_minimal_fields_root_and_manual_share(shown: Any) -> None:
    with time_machine.travel(shown.at + timedelta(hours=1), tick=False):
        answer = Client().get(path_of(shown.notice))
    page = answer.content.decode()
    rows = list(shown.notice.rows.all())
    assert len(rows) == shown.scenario.moves_count
    for row in rows:
        assert row.name in page
        assert row.home in page
        assert row.host in page
    assert shown.scenario.root in page
    assert shown.notice.rows_digest in page
    assert "人工决定 0 人（0.0%）" in page
    assert answer["X-Robots-Tag"] == "noindex, noarchive"
    assert "no-store" in answer["Cache-Control"]
    assert set(SHOWN) == MINIMAL
    for move in shown.scenario.moves.select_related("teacher"):
        assert move.teacher.number not in page
        assert move.teacher.state.birth_date.isoformat() not in page
    assert 'name="viewport"' in page


def test_reading_is_counted_and_the_sheet_has_the_same_lines(shown: Any) -> None:
    with time_machine.travel(shown.at, tick=False):
        for _each in range(3):
            Client().get(path_of(shown.notice))
        sheet = Client().get(f"{path_of(shown.notice)}?print").content.decode()
    shown.notice.refresh_from_db()
    assert shown.notice.reads == 4
    assert all(row.name in sheet for row in shown.notice.rows.all())


def test_the_period_is_in_working_days_and_ends_to_the_second(shown: Any) -> None:
    notice = shown.notice
    assert notice.closes == datetime(2026, 6, 16, tzinfo=SHANGHAI)  # five working days after Monday the 8th
    name = notice.rows.first().name
    with time_machine.travel(notice.closes - timedelta(seconds=1), tick=False):
        assert name in Client().get(path_of(notice)).content.decode()
        assert path_of(notice) in Client().get("/rotation/public/").content.decode()
    with time_machine.travel(notice.closes, tick=False):
        over = Client().get(path_of(notice))
        assert over.status_code == 410
        assert name not in over.content.decode()
        assert "现已撤下" in over.content.decode()
        for below in ("proof.zip", "verify/", "objections/new/", "?print"):
            assert Client().get(path_of(notice) + below).status_code == 410
        assert path_of(notice) not in Client().get("/rotation/public/").content.decode()


def test_the_clock_records_that_a_notice_was_taken_down_once(shown: Any) -> None:
    with time_machine.travel(shown.notice.closes + timedelta(seconds=1), tick=False):
        run_due()
        run_due()
    shown.notice.refresh_from_db()
    assert shown.notice.taken_down_at == shown.notice.closes + timedelta(seconds=1)
    assert AuditEvent.objects.filter(action="rotation.notice.taken_down").count() == 1


def test_a_draft_is_nobodys_to_read(ready: Any, shown: Any) -> None:
    draft = notices.draft(shown.year, kind="quotas", words=shown.words, by=shown.users["clerk"], at=shown.at)
    with time_machine.travel(shown.at, tick=False):
        assert Client().get(path_of(draft)).status_code == 404


@pytest.mark.covers("R-169")
def test_candidates_are_published_the_same_way(shown: Any) -> None:
    drafted = notices.draft(
        shown.year, kind="candidates", words=shown.words | {"title": "候选人名单公示"}, by=shown.users["clerk"],
        at=shown.at,
    )  # fmt: skip
    made = notices.publish(drafted, by=shown.users["head"], at=shown.at)
    assert made.rows.count() == shown.year.applications.filter(status="accepted").count() > 0
    assert not made.rows.exclude(host="").exists()
    with time_machine.travel(shown.at, tick=False):
        page = Client().get(path_of(made)).content.decode()
    assert made.rows.first().name in page


# --- the lint --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"证件 {ID_NUMBER}", "身份证件号码"),
        ("９９０１０１１９８５０５１２００２８", "身份证件号码"),
        ("990101 19850512 0028", "身份证件号码"),
        ("990101850512002", "身份证件号码"),
        ("请致电 13912345678", "电话号码"),
        ("139-1234-5678", "电话号码"),
        ("办公室 0990-7654321", "电话号码"),
        ("因病暂缓", "健康情况"),
        ("正在哺乳期", "健康情况"),
        ("受记过处分", "处分和违纪情况"),
        ("家庭住址：城关镇", "家庭和证件情况"),
    ],
)
def test_what_must_not_be_public_is_found(text: str, kind: str) -> None:
    assert kind in {each.kind for each in look_through("正文", text)}


@pytest.mark.parametrize(
    "text",
    ["2026-09-01 — 2027-08-31", "9901010001 育才初级中学", "共 1380 人，占 12.5%", "语文 20260608 第 15 号", "安康小学",
     "文号 明教〔2026〕15号，电话 0990-8123456"],
)  # fmt: skip
def test_what_may_be_public_passes(text: str) -> None:
    assert list(look_through("正文", text, allowed=("0990-8123456",))) == []


@settings(max_examples=60, deadline=None)
@given(before=st.text(max_size=20), after=st.text(max_size=20), gap=st.sampled_from(["", " ", "-"]))
def test_an_id_number_is_found_in_any_surroundings(before: str, after: str, gap: str) -> None:
    number = gap.join((ID_NUMBER[:6], ID_NUMBER[6:14], ID_NUMBER[14:]))
    text = f"{before} | {number} | {after}"
    assert any(each.kind == "身份证件号码" for each in look_through("x", text))


def docx_with(*runs: str) -> bytes:
    """A Word file of one paragraph in several runs."""
    document, held = Document(), io.BytesIO()
    paragraph = document.add_paragraph()
    for run in runs:
        paragraph.add_run(run).bold = bool(len(run) % 2)
    document.save(held)
    return held.getvalue()


def xlsx_with(value: Any, *, hidden: bool = False, comment: str = "") -> bytes:
    """An Excel file with one value, on a hidden sheet, with a comment."""
    book, held = Workbook(), io.BytesIO()
    sheet = book.create_sheet("附页")
    sheet["A1"] = value
    if comment:
        sheet["A1"].comment = Comment(comment, "x")
    if hidden:
        sheet.sheet_state = "hidden"
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名单.docx", docx_with("身份 ", "99010119", "8505120028")),
        ("名单.xlsx", xlsx_with(ID_NUMBER, hidden=True)),
        ("名单.xlsx", xlsx_with(13912345678)),
        ("名单.xlsx", xlsx_with("甲", comment="请产假")),
    ],
    ids=["split over runs", "on a hidden sheet", "a telephone as a number", "in a comment"],
)
def test_files_are_read_to_their_corners(name: str, content: bytes) -> None:
    assert list(look_through(name, text_of(name, content)))


@pytest.mark.parametrize("name", ["扫描.pdf", "照片.png", "名单.doc", "坏的.docx"])
def test_a_file_that_cannot_be_checked_is_refused(name: str) -> None:
    with pytest.raises(UnreadableAttachmentError):
        text_of(name, b"%PDF-1.7 nothing to read")


@pytest.mark.parametrize(("name", "what"), [("扫描件.jpeg", "是图片"), ("名单.png", "是图片"), ("名单.wps", "请改用")])
def test_who_attaches_what_cannot_be_checked_reads_what_to_do(name: str, what: str) -> None:
    with pytest.raises(UnreadableAttachmentError, match=what) as refused:
        text_of(name, b"%PDF-1.4")
    assert "Word" in str(refused.value)
    with translation.override("en"), pytest.raises(UnreadableAttachmentError) as refused:
        text_of(name, b"%PDF-1.4")
    assert "Word" in str(refused.value)
    assert "不能公示" not in str(refused.value)


def test_a_notice_with_private_words_in_text_lines_or_files_is_not_published(shown: Any) -> None:
    clerk, head = shown.users["clerk"], shown.users["head"]

    def refused(words: dict[str, Any], match: str, file: bytes = b"") -> None:
        made = notices.draft(shown.year, kind="candidates", words=shown.words | words, by=clerk, at=shown.at)
        if file:
            notices.attach(made, SimpleUploadedFile("附件.docx", file), by=clerk)
        with pytest.raises(RefusedError, match=match):
            notices.publish(made, by=head, at=shown.at)
        made.refresh_from_db()
        assert made.status == NoticeStatus.DRAFT
        assert not made.rows.exists()

    refused({"text": f"联系人证件 {ID_NUMBER}"}, "身份证件号码")
    refused({"title": "因病暂缓教师公示"}, "健康情况")
    refused({}, "附件.docx", docx_with("曾受", "处分"))
    from junheng.web.staffing.models import TeacherState

    someone = shown.year.applications.filter(status="accepted").first().teacher
    TeacherState.objects.filter(teacher=someone).update(name="张三 13912345678")
    refused({}, "电话号码")


def test_a_clean_file_is_published_with_the_notice_and_gone_with_it(shown: Any) -> None:
    made = notices.draft(shown.year, kind="quotas", words=shown.words, by=shown.users["clerk"], at=shown.at)
    notices.attach(made, SimpleUploadedFile("指标.xlsx", xlsx_with("育才初级中学 3 人")), by=shown.users["clerk"])
    made = notices.publish(made, by=shown.users["head"], at=shown.at)
    url = f"{path_of(made)}files/{keeping.of(made).get().token}/"
    with time_machine.travel(shown.at, tick=False):
        answer = Client().get(url)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content)[:2] == b"PK"
    with time_machine.travel(made.closes, tick=False):
        assert Client().get(url).status_code == 410
    with pytest.raises(RefusedError, match="不能修改"):
        notices.attach(made, SimpleUploadedFile("又一个.docx", docx_with("x")), by=shown.users["clerk"])


# --- published once, and as it was -----------------------------------------------------------------------------------


def test_a_plan_is_published_once_and_only_while_it_is_proposed(shown: Any) -> None:
    again = notices.draft(shown.year, kind="results", words=shown.words, by=shown.users["clerk"], at=shown.at)
    with pytest.raises(RefusedError, match="已经公示"):
        notices.publish(again, by=shown.users["head"], at=shown.at)
    with pytest.raises(RefusedError, match="不能修改"):
        notices.publish(shown.notice, by=shown.users["head"], at=shown.at)
    adopting.take_back(shown.scenario, reason="重新比较", by=shown.users["head"], at=shown.at)
    shown.notice.refresh_from_db()
    assert shown.notice.status == NoticeStatus.WITHDRAWN
    with pytest.raises(RefusedError, match="没有提请采用"):
        notices.publish(again, by=shown.users["head"], at=shown.at)
    with time_machine.travel(shown.at, tick=False):
        withdrawn = Client().get(path_of(shown.notice))
    assert withdrawn.status_code == 410
    assert "已经撤回" in withdrawn.content.decode()


def test_a_draft_of_a_plan_that_was_taken_back_speaks_of_the_one_proposed_instead_once_it_is_looked_over(
    shown: Any,
) -> None:
    by, words = shown.users["head"], shown.words
    again = notices.draft(shown.year, kind="results", words=words, by=shown.users["clerk"], at=shown.at)
    adopting.take_back(shown.scenario, reason="重新比较", by=by, at=shown.at)
    with time_machine.travel(shown.at - timedelta(seconds=1), tick=False):
        other = shown.compute("另一个")
    adopting.propose(other, by=by, version=other.version, at=shown.at)
    with pytest.raises(RefusedError, match="修改"):
        notices.publish(again, by=by, at=shown.at)
    notices.rewrite(again, words=words, by=shown.users["clerk"])
    published = notices.publish(again, by=by, at=shown.at)
    assert (published.scenario, published.root) == (other, other.root)


def test_an_honest_notice_has_no_faults(shown: Any) -> None:
    assert faults_of(shown.notice) == []


def test_every_field_of_every_line_that_is_changed_is_named(shown: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By SQL, as somebody with the database would; each change is named by its line, and a column by its name."""
    read, planned = proofs.workings(shown.scenario), lines_for(shown.notice)
    monkeypatch.setattr(proofs, "workings", lambda _scenario: read)
    monkeypatch.setattr(publishing, "lines_for", lambda _notice: planned)
    rows = list(shown.notice.rows.order_by("position"))
    staying = shown.teacher(next(iter(read[0].stays))).pk
    found, changes = 0, {**dict.fromkeys(sorted(MINIMAL), "改"), "position": 9999, "teacher_id": staying}
    with connection.cursor() as cursor:
        for row in rows:
            for column, other in changes.items():
                change = f"UPDATE rotation_noticerow SET {column} = %s WHERE id = %s"  # noqa: S608 - the test's own
                cursor.execute(change, [other, row.pk])
                said = "".join(faults_of(shown.notice))
                if column in MINIMAL:
                    label = str(NoticeRow._meta.get_field(column).verbose_name)
                    found += f"第 {row.position} 行与方案给出的不同：{label}" in said
                elif column == "position":
                    found += f"第 {row.position} 行" in said and "第 9999 行" in said
                else:
                    found += "公示的名单与方案不符" in said
                cursor.execute(change, [getattr(row, column), row.pk])
    assert faults_of(shown.notice) == []
    assert found == len(rows) * len(changes) >= 200


def test_a_line_taken_out_or_put_in_is_found_and_so_is_a_changed_notice(shown: Any) -> None:
    first = shown.notice.rows.order_by("position").first()
    kept = {name: getattr(first, name) for name in SHOWN}
    first.delete()
    assert faults_of(shown.notice)
    NoticeRow.objects.create(notice=shown.notice, position=1, teacher=first.teacher, **kept)
    assert faults_of(shown.notice) == []
    NoticeRow.objects.create(notice=shown.notice, position=2000, **kept)
    assert faults_of(shown.notice)
    NoticeRow.objects.filter(position=2000).delete()
    for column, value in (("title", "改"), ("manual", 7), ("closes", shown.notice.closes + timedelta(days=1)),
                          ("root", "0" * 64), ("rows_digest", "0" * 64)):  # fmt: skip
        PublicNotice.objects.filter(pk=shown.notice.pk).update(**{column: value})
        assert faults_of(PublicNotice.objects.get(pk=shown.notice.pk)), column
        PublicNotice.objects.filter(pk=shown.notice.pk).update(**{column: getattr(shown.notice, column)})
    assert faults_of(PublicNotice.objects.get(pk=shown.notice.pk)) == []


# --- verified by strangers -------------------------------------------------------------------------------------------


def unpacked(shown: Any, folder: Path) -> Path:
    """The public bundle as a stranger has it."""
    with time_machine.travel(shown.at, tick=False):
        answer = Client().get(f"{path_of(shown.notice)}proof.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    return folder


def test_the_public_bundle_is_accepted_by_the_verifier_that_comes_with_it(shown: Any, tmp_path: Path) -> None:
    folder = unpacked(shown, tmp_path)
    names = {each.name for each in folder.rglob("*")}
    assert "salts.csv" not in names
    assert "certificate.json" not in names
    assert not (folder / "bundle" / "problem" / "teachers.csv").exists()
    words = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder / "bundle"), "--public", "--root"]
    nothing = "import importlib.util as u, sys; sys.exit(bool(u.find_spec('junheng') or u.find_spec('django')))"
    assert subprocess.run([*words[:3], "-c", nothing], cwd=tmp_path, check=False).returncode == 0, "without the product"
    done = subprocess.run([*words, shown.notice.root], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert subprocess.run([*words, "0" * 64], capture_output=True, cwd=tmp_path, check=False).returncode != 0
    everything = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    for move in shown.scenario.moves.select_related("teacher"):
        assert move.teacher.number.encode() not in everything


def test_every_changed_file_of_the_public_bundle_is_refused(shown: Any, tmp_path: Path) -> None:
    folder = unpacked(shown, tmp_path) / "bundle"
    assert verify_bundle(folder, expected_root=shown.notice.root, public=True).accepted
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = file.read_bytes()
        for place in {0, len(content) // 2, len(content) - 1}:
            changed = bytearray(content)
            changed[place] ^= 1
            file.write_bytes(bytes(changed))
            assert not verify_bundle(folder, expected_root=shown.notice.root, public=True).accepted, (file, place)
        file.unlink()
        assert not verify_bundle(folder, expected_root=shown.notice.root, public=True).accepted, file
        file.write_bytes(content)


def test_a_teacher_checks_his_own_line_with_his_receipt(shown: Any) -> None:
    move = shown.scenario.moves.select_related("teacher", "to_school").first()
    shown.account_of(move.teacher.number)
    client = shown.client(move.teacher.number)
    with time_machine.travel(shown.at, tick=False):
        own = client.get(f"/rotation/{shown.year.pk}/own/plan/")
        assert str(move.to_school) in own.content.decode()
        assert move.because_zh in own.content.decode()
        receipt = client.get(f"/rotation/{shown.year.pk}/own/receipt/").content
        checked = check_receipt(shown, receipt)
        assert "内容属实" in checked
        assert move.get_subject_display() in checked
        false = json.loads(receipt)
        false["tables"][0]["own"]["row"] = false["tables"][0]["own"]["row"].replace(move.taught, "pe")
        assert "与公布的根不符" in check_receipt(shown, json.dumps(false).encode())
        assert "不是回执文件" in check_receipt(shown, b"{}")


def check_receipt(shown: Any, content: bytes) -> str:
    """What the public page says of a receipt."""
    file = SimpleUploadedFile("receipt.json", content)
    return Client().post(f"{path_of(shown.notice)}verify/", {"file": file}).content.decode()


def test_who_stays_reads_why_and_has_a_receipt_that_says_so(shown: Any) -> None:
    kept, assignments = proofs.workings(shown.scenario)
    moving = {each.teacher_id for each in assignments}
    number = next(who for who in kept.stays if who not in moving)
    shown.account_of(number)
    client = shown.client(number)
    with time_machine.travel(shown.at, tick=False):
        page = client.get(f"/rotation/{shown.year.pk}/own/plan/").content.decode()
        assert kept.stays[number][0][:10] in page
        receipt = client.get(f"/rotation/{shown.year.pk}/own/receipt/").content
        assert "没有安排交流" in check_receipt(shown, receipt)
