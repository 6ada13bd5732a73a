"""The pages of the way in, as people use them: upload, look, confirm, download; and what bad files and clicks do."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from junheng.documents import Base, read_county
from junheng.facts import County
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import snapshot
from junheng.web.staffing.models import CountyExport, Intake, IntakeState, SavedMapping, Snapshot, Teacher

NEW = "/staffing/intakes/new/"
HEADERS = ("工号", "姓名", "性别", "出生日期", "人事关系学校", "学段", "主教学科")


def roster(*rows: tuple[Any, ...], headers: tuple[str, ...] = HEADERS, sheet: str = "教师") -> bytes:
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(headers)
    for row in rows:
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


ALICES_NUMBER = "990101198505120022"
ALICE = ("T0001", "安丽丝", "女", "1985-05-12", "9901010001", "初中", "语文")
FRANK = ("T0009", "方可凡", "男", "1990-01-02", "9901010001", "初中", "数学")


def send(client: Client, content: bytes, name: str = "名册.xlsx", **given: Any) -> Any:
    page = client.get(NEW)
    data = {
        "file": SimpleUploadedFile(name, content),
        "organisation": page.context["form"].fields["organisation"].queryset[0].pk,
        "whole": "part", "day": "2026-10-01", "key": "k1",
    } | given  # fmt: skip
    return client.post(NEW, data)


@pytest.fixture
def clerk(cast: Any) -> Client:
    """The bureau's clerk."""
    return cast.client("bureau_clerk")


def only() -> Intake:
    return Intake.objects.get()


def test_a_roster_goes_from_upload_to_confirmed_and_each_field_is_shown(cast: Any, clerk: Client) -> None:
    assert send(clerk, roster(ALICE, FRANK)).status_code == 302
    run_due()
    made = only()
    assert made.state == IntakeState.READY, made.refusal
    page = clerk.get(made.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 200
    assert "方可凡" in text and "主教学科" in text and "<del>数学</del>" in text and "<ins>语文</ins>" in text
    refused = clerk.post(f"{made.get_absolute_url()}confirm/", {"rehearsal": made.rehearsal})
    assert refused.status_code == 422 and "请先核对并勾选" in refused.content.decode()
    answer = clerk.post(f"{made.get_absolute_url()}confirm/", {"rehearsal": made.rehearsal, "checked": "on"})
    assert answer.status_code == 302
    run_due()
    assert only().state == IntakeState.WRITTEN
    alice = Teacher.objects.get(county=cast.county, number="T0001")
    assert [str(s.main_subject) for s in alice.states.order_by("valid_from")] == ["maths", "chinese"]
    assert alice.states.get(valid_until=None).id_number == ALICES_NUMBER, "a column not in the file stays"
    assert AuditEvent.objects.filter(action="staffing.intake.written").count() == 1
    again = clerk.post(f"{made.get_absolute_url()}confirm/", {"rehearsal": made.rehearsal, "checked": "on"})
    assert again.status_code == 409 and "不会重复写入" in again.content.decode()
    assert run_due() == []


def test_the_same_form_sent_twice_is_one_intake(clerk: Client) -> None:
    first, second = send(clerk, roster(ALICE)), send(clerk, roster(ALICE))
    assert first.url == second.url
    assert len(run_due()) == 1


def test_a_file_that_says_what_is_known_changes_nothing_and_says_so(cast: Any, clerk: Client) -> None:
    same = (*ALICE[:6], "数学")
    send(clerk, roster(same))
    run_due()
    assert only().state == IntakeState.SAME
    assert "完全相同" in clerk.get(only().get_absolute_url()).content.decode()


def test_faults_are_all_told_with_their_place_and_come_back_beside_the_rows(clerk: Client) -> None:
    bad = ("T0010", "错一人", "女", "1985-13-12", "没有的学校", "初中", "炼丹")
    send(clerk, roster(ALICE, bad))
    run_due()
    made = only()
    assert made.state == IntakeState.FAULTY and made.counts["faults"] == 3
    text = clerk.get(made.get_absolute_url()).content.decode()
    assert "教师 第3行「出生日期」" in text and "教师 第3行「主教学科」" in text
    answer = clerk.get(f"{made.get_absolute_url()}faults/")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = list(book["教师"].values)
    assert rows[0][-1] == "错误信息" and "炼丹" in rows[2][-1] and rows[1][-1] is None
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("who", ["clerk_of_other_county", "teacher", "inspector", "principal", "system_admin"])
def test_nobody_else_sees_an_intake(cast: Any, clerk: Client, who: str) -> None:
    send(clerk, roster(ALICE))
    run_due()
    address = only().get_absolute_url()
    expected = 404 if who == "clerk_of_other_county" else 403
    assert cast.client(who).get(address).status_code == expected
    assert cast.client(who).get(f"{address}faults/").status_code == expected
    assert cast.client(who).post(f"{address}confirm/", {"checked": "on", "rehearsal": 1}).status_code == expected
    assert only().state == IntakeState.READY


def test_a_school_clerk_uploads_for_the_own_school_and_the_bureau_confirms(cast: Any, clerk: Client) -> None:
    school = cast.client("school_clerk")
    send(school, roster(FRANK))
    run_due()
    made = only()
    assert made.state == IntakeState.READY and made.organisation == cast.yucai
    assert school.post(f"{made.get_absolute_url()}confirm/", {"checked": "on", "rehearsal": 1}).status_code == 403
    assert "已交县局" in school.get(made.get_absolute_url()).content.decode()
    assert clerk.post(f"{made.get_absolute_url()}confirm/", {"checked": "on", "rehearsal": 1}).status_code == 302


def test_rows_of_another_school_are_faults_and_nobody_is_taken_away(cast: Any) -> None:
    school = cast.client("school_clerk")
    grabbed = ("T0002", "单博文", "男", "1985-05-12", "9901010001", "初中", "语文")
    planted = ("T0011", "外校人", "男", "1985-05-12", "9901010002", "小学", "语文")
    send(school, roster(grabbed, planted))
    run_due()
    made = only()
    assert made.state == IntakeState.FAULTY
    said = " ".join(line.said["zh"]["place"] + line.said["zh"]["says"] for line in made.lines.all())
    assert "第2行「工号」" in said and "河东小学" in said and "第3行「人事关系学校」" in said


def test_whole_of_a_school_lets_nobody_of_other_schools_leave(cast: Any) -> None:
    send(cast.client("school_clerk"), roster(FRANK), whole="whole")
    run_due()
    gone = set(only().lines.filter(state="leaving").values_list("code", flat=True))
    assert gone == {"T0001", "T0005"}


def test_an_earlier_data_date_is_refused_with_the_reason(clerk: Client) -> None:
    send(clerk, roster(ALICE), day="2026-01-01")
    run_due()
    assert only().state == IntakeState.REFUSED
    assert "2026-08-31" in clerk.get(only().get_absolute_url()).content.decode()


def test_data_that_changed_after_the_rehearsal_are_not_overwritten(cast: Any, clerk: Client) -> None:
    send(clerk, roster(ALICE))
    run_due()
    state = cast.teachers["bob"].states.get()
    state.valid_until = date(2026, 9, 9)
    state.save()
    made = only()
    answer = clerk.post(f"{made.get_absolute_url()}confirm/", {"checked": "on", "rehearsal": 1})
    assert answer.status_code == 409 and only().state == IntakeState.STALE
    assert clerk.post(f"{made.get_absolute_url()}again/").status_code == 302
    run_due()
    assert only().state == IntakeState.READY and only().rehearsal == 2
    stale = clerk.post(f"{made.get_absolute_url()}confirm/", {"checked": "on", "rehearsal": 1})
    assert stale.status_code == 409 and only().state == IntakeState.READY, "a form of an earlier rehearsal"


def packed(**parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


MISTYPED = {
    "exe.xlsx": b"MZ\x90\x00" + b"\0" * 200,
    "page.xlsx": b"<html><table><tr><td>1</td></tr></table></html>",
    "old.xls": bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600,
    "old.xlsx": bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600,
    "empty.xlsx": b"",
    "zip.xlsx": packed(readme="x"),
    "cut.xlsx": roster(ALICE)[:900],
    "binary.csv": b"PK\x03\x04" + b"\0" * 100,
    "picture.png": b"\x89PNG\r\n",
    "bomb.xlsx": packed(xl__workbook_xml="<workbook/>", xl__bomb_xml="0" * 60_000_000),
}


@pytest.mark.parametrize("name", MISTYPED)
def test_what_is_no_table_is_refused_with_a_clear_page_and_nothing_is_kept(clerk: Client, name: str) -> None:
    answer = send(clerk, MISTYPED[name], name)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not Intake.objects.exists() and not AuditEvent.objects.filter(action__startswith="staffing").exists()


def test_too_large_a_body_is_refused_before_it_is_read(clerk: Client, settings: Any) -> None:
    settings.UPLOAD_LIMITS = settings.UPLOAD_LIMITS | {"workbook": 1000}
    answer = clerk.generic("POST", NEW, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=3_000_000)
    assert answer.status_code == 413 and "没有接收" in answer.content.decode()


def test_the_upload_is_behind_the_csrf_check(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["school_clerk"])
    assert client.post(NEW, {"key": "x"}).status_code == 403


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_a_csv_in_any_encoding_of_the_field_is_read(clerk: Client, encoding: str) -> None:
    text = "\n".join(",".join(row) for row in (HEADERS, ALICE, FRANK))
    send(clerk, text.encode(encoding), "教师.csv")
    run_due()
    assert only().state == IntakeState.READY


def test_a_foreign_roster_is_mapped_once_and_known_from_then_on(cast: Any, clerk: Client) -> None:
    headers = ("编号", "姓名", "性别", "出生年月日", "校名", "教授科目", "职务角色", "民族")
    row = ("T0009", "方可凡", "男", "1990-01-02", "云山县育才初级中学", "数学", "党委书记", "汉")
    send(clerk, roster(row, headers=headers, sheet="在编花名册"))
    run_due()
    made = only()
    assert made.state == IntakeState.REFUSED and made.headers
    page = clerk.get(f"{made.get_absolute_url()}mapping/")
    form = page.context["form"]
    given = {name: (form[name].initial or "") for name in form.fields}
    assert given["column-0-1"] == "name" and given["column-0-4"] == "school_id" and given["column-0-7"] == ""
    assert form.fields["word-0-6-0"].label == "党委书记"
    given |= {"name": "在编", "column-0-0": "id", "constant-0-stage": "初中", "word-0-6-0": "校长"}
    assert clerk.post(f"{made.get_absolute_url()}mapping/", given).status_code == 302
    run_due()
    made.refresh_from_db()
    assert made.state == IntakeState.READY, [line.said for line in made.lines.all()]
    actions_line = made.lines.get(code="T0009")
    assert actions_line.state == "new"
    send(clerk, roster((*row[:1], "另一人", *row[2:]), headers=headers, sheet="在编花名册"), key="k2")
    run_due()
    second = Intake.objects.exclude(pk=made.pk).get()
    assert second.state == IntakeState.READY and second.mapping == SavedMapping.objects.get()


def test_a_mapping_that_did_not_fit_is_put_together_once_more(clerk: Client) -> None:
    headers = ("编号", "姓名", "性别", "出生年月日", "校名", "教授科目")
    send(
        clerk, roster(("T0009", "方可凡", "男", "1990-01-02", "不知何校", "数学"), headers=headers, sheet="在编花名册")
    )
    run_due()
    address = f"{only().get_absolute_url()}mapping/"
    form = clerk.get(address).context["form"]
    given = {name: (form[name].initial or "") for name in form.fields}
    given |= {"name": "在编", "column-0-0": "id", "constant-0-stage": "初中"}
    assert clerk.post(address, given).status_code == 302
    run_due()
    assert only().state == IntakeState.FAULTY
    assert address in clerk.get(only().get_absolute_url()).content.decode()
    assert clerk.get(address).status_code == 200


def test_a_workbook_of_ours_with_faults_is_mended_and_never_mapped(clerk: Client) -> None:
    wrong = (*ALICE[:4], "没有这所学校", *ALICE[5:])
    book = load_workbook(BytesIO(roster(wrong)))
    beside = book.create_sheet("本校备注")
    beside.append(("编号", "姓名", "事项"))
    beside.append(("1", "安丽丝", "已谈话"))
    out = BytesIO()
    book.save(out)
    send(clerk, out.getvalue())
    run_due()
    made = only()
    assert made.state == IntakeState.FAULTY
    assert any("本校备注" in said["zh"] for said in made.warnings), "what was left out is said"
    assert "mapping/" not in clerk.get(made.get_absolute_url()).content.decode()
    assert clerk.get(f"{made.get_absolute_url()}mapping/").status_code == 404


def test_a_column_cannot_be_chosen_twice(clerk: Client) -> None:
    send(clerk, roster(("1", "2"), headers=("甲列", "乙列"), sheet="别的"))
    run_due()
    answer = clerk.post(
        f"{only().get_absolute_url()}mapping/", {"name": "x", "column-0-0": "name", "column-0-1": "name"}
    )
    assert answer.status_code == 422 and "选了两次" in answer.content.decode()


def test_the_county_workbook_is_asked_for_with_a_reason_and_reads_back_equal(
    cast: Any, clerk: Client, tmp_path: Path
) -> None:
    page = clerk.get("/staffing/export/")
    given = {"county": cast.county.pk, "kind": "workbook", "on": "2026-11-01", "key": "e1"}
    assert clerk.post("/staffing/export/", given | {"reason": ""}).status_code == 422
    assert clerk.post("/staffing/export/", given | {"reason": "年度报表核对"}).status_code == 302
    assert clerk.post("/staffing/export/", given | {"reason": "年度报表核对"}).status_code == 302
    run_due()
    export = CountyExport.objects.get()
    assert page.status_code == 200 and export.rows == 4
    answer = clerk.get(f"/staffing/export/{export.pk}/")
    path = tmp_path / "county.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    known = snapshot.county_of(cast.county, date(2026, 11, 1))
    assert read_county(path, base=Base(county=empty(known))).county == known
    fetched = AuditEvent.objects.filter(action="staffing.county.export_fetched").get()
    assert fetched.reason == "年度报表核对" and fetched.details["teachers"] == 4


def empty(county: County) -> County:
    return replace(county, clusters=(), schools=(), teachers=(), pairings=())


def test_a_file_of_the_county_is_for_its_asker_only_and_for_a_day(cast: Any, clerk: Client) -> None:
    given = {"county": cast.county.pk, "kind": "national", "on": "2026-11-01", "key": "e1", "reason": "上报核对"}
    clerk.post("/staffing/export/", given)
    run_due()
    export = CountyExport.objects.get()
    for who in ("section_head", "clerk_of_other_county"):
        assert cast.client(who).get(f"/staffing/export/{export.pk}/").status_code == 404
    assert cast.client("school_clerk").get(f"/staffing/export/{export.pk}/").status_code == 403
    assert clerk.get(f"/staffing/export/{export.pk}/").status_code == 200
    CountyExport.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert clerk.get(f"/staffing/export/{export.pk}/").status_code == 404


def test_files_on_disk_are_sealed(cast: Any, clerk: Client, settings: Any) -> None:
    send(clerk, roster((*ALICE[:6], "数学", ALICES_NUMBER), headers=(*HEADERS, "身份证件号")))
    clerk.post(
        "/staffing/export/",
        {"county": cast.county.pk, "kind": "workbook", "on": "2026-11-01", "key": "e", "reason": "核对数据"},
    )
    run_due()
    kept = [path for path in Path(settings.DATA_DIR).rglob("*") if path.is_file() and "vault" in path.parts]
    assert len(kept) == 2
    assert not [path for path in kept if b"PK\x03\x04" in path.read_bytes()]
    assert not [path for path in (Path(settings.DATA_DIR) / "work").rglob("*") if path.is_file()]


def test_no_full_id_number_stands_in_lines_or_trail(cast: Any, clerk: Client) -> None:
    changed = (*ALICE[:6], "数学", "990101198505120049")
    send(clerk, roster(changed, headers=(*HEADERS, "身份证件号")))
    run_due()
    clerk.post(f"{only().get_absolute_url()}confirm/", {"checked": "on", "rehearsal": 1})
    run_due()
    text = clerk.get(only().get_absolute_url()).content.decode() + str(list(only().lines.values_list("changes")))
    text += str(list(AuditEvent.objects.values_list("before", "after", "details", "object_label")))
    assert only().state == IntakeState.WRITTEN, only().refusal
    assert "990101********0049" in text
    assert "990101198505120049" not in text and ALICES_NUMBER not in text


def test_snapshots_are_listed_taken_and_checked(cast: Any, clerk: Client) -> None:
    assert clerk.get("/staffing/snapshots/").status_code == 200
    answer = clerk.post("/staffing/snapshots/take/", {"county": cast.county.pk, "on": "2026-11-01"})
    made = Snapshot.objects.get()
    assert answer.url == made.get_absolute_url() and made.pk.startswith("S20261101-")
    clerk.post("/staffing/snapshots/take/", {"county": cast.county.pk, "on": "2026-11-01"})
    assert Snapshot.objects.count() == 1, "the same content and day are the same snapshot"
    assert "至今未变" in clerk.post(made.get_absolute_url()).content.decode()
    cast.teachers["bob"].states.update(note="改")
    assert "后来有更正" in clerk.post(made.get_absolute_url()).content.decode()
    assert cast.client("clerk_of_other_county").get(made.get_absolute_url()).status_code == 404
    assert cast.client("school_clerk").get(made.get_absolute_url()).status_code == 403


def test_a_discarded_intake_keeps_no_file(
    clerk: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    send(clerk, roster(ALICE))
    run_due()
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(f"{only().get_absolute_url()}discard/")
    assert only().state == IntakeState.DISCARDED and not only().lines.exists()
    assert not [path for path in (Path(settings.DATA_DIR) / "vault").rglob("*") if path.is_file()]


def test_pages_say_everything_in_english_too(cast: Any, clerk: Client) -> None:
    send(clerk, roster(ALICE, FRANK))
    run_due()
    clerk.cookies["django_language"] = "en"
    for address in ("/staffing/intakes/", NEW, only().get_absolute_url(), "/staffing/export/", "/staffing/snapshots/"):
        answer = clerk.get(address)
        assert answer.status_code == 200
        assert "Confirm and write" in answer.content.decode() or address != only().get_absolute_url()
