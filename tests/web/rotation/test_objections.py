"""Objections to a notice; a plan is adopted after notice and objections; papers of both."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client

from junheng.web.records.models import AuditEvent
from junheng.web.rotation.actions import adopting, objections
from junheng.web.rotation.actions.objections import Said
from junheng.web.rotation.models import (
    Objection,
    ObjectionStatus,
    PhaseKind,
    Placement,
    PublicNotice,
    ScenarioStatus,
)
from junheng.web.staffing.refusal import RefusedError

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINIMAL = {"name", "home", "host", "stage", "subject", "form", "term", "note"}
ID_NUMBER = "990101198505120028"


def path_of(notice: PublicNotice) -> str:
    """The public address."""
    return f"/rotation/public/{notice.pk}/"


# --- objections ------------------------------------------------------------------------------------------------------


def object_to(shown: Any, **given: Any) -> tuple[Objection, str]:
    """An objection received an hour after publication."""
    said = {
        "text": "教龄有误",
        "key": uuid.uuid4(),
        "row": shown.notice.rows.first(),
        "name": "甲",
        "contact": "信箱 1",
    }
    by = given.pop("by", None)
    return objections.receive(shown.notice, Said(**(said | given)), by=by, at=shown.at + timedelta(hours=1))


def test_an_objection_is_received_investigated_answered_and_seen_by_number_and_code(shown: Any) -> None:
    made, code = object_to(shown)
    at, head, clerk = shown.at + timedelta(days=1), shown.users["head"], shown.users["clerk"]
    assert made.due.isoformat() == "2026-06-23"  # ten working days, the Dragon Boat day off
    assert objections.held_back(shown.year) == {made.about_id}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact, text FROM rotation_objection WHERE id = %s", [made.pk])
        stored = " ".join(cursor.fetchone())
    assert "信箱" not in stored
    assert "教龄" not in stored
    with pytest.raises(RefusedError, match="还没有调查结论"):
        objections.answer(made, text="x", by=head, at=at)
    objections.assign(made, investigator=clerk, holds=True, by=head, at=at)
    with pytest.raises(RefusedError, match="只有调查人"):
        objections.find(made, finding="upheld", report="x", by=head, at=at)
    objections.find(made, finding="not_upheld", report="查档案，教龄无误", by=clerk, at=at)
    objections.answer(made, text="经查档案，教龄与公示一致。", by=head, at=at)
    assert objections.held_back(shown.year) == set()
    with time_machine.travel(at, tick=False):
        seen = (
            Client()
            .post(f"{path_of(shown.notice)}objections/status/", {"number": made.number, "code": code.lower()})
            .content.decode()
        )
        wrong = (
            Client()
            .post(f"{path_of(shown.notice)}objections/status/", {"number": made.number, "code": "AAAA-AAAA-AAAA-AAAA"})
            .content.decode()
        )
    assert "经查档案，教龄与公示一致。" in seen
    assert "查档案，教龄无误" not in seen
    assert str(clerk) not in seen
    assert "经查档案" not in wrong
    with pytest.raises(RefusedError, match="已经答复"):
        objections.answer(made, text="再答", by=head, at=at)


def test_nobody_who_is_concerned_deals_with_an_objection(shown: Any) -> None:
    made, _code = object_to(shown, by=shown.users["clerk"])
    at = shown.at + timedelta(days=1)
    assert shown.users["clerk"] not in objections.may_investigate(made)
    with pytest.raises(RefusedError, match="应当回避"):
        objections.assign(made, investigator=shown.users["clerk"], holds=True, by=shown.users["head"], at=at)
    shown.users["clerk"].organisation = shown.county.within_county.get(name=shown.notice.rows.first().home)
    shown.users["clerk"].save()
    other, _code = object_to(shown)
    with pytest.raises(RefusedError, match="所涉学校"):
        objections.assign(other, investigator=shown.users["clerk"], holds=True, by=shown.users["head"], at=at)
    shown.users["clerk"].organisation = shown.county
    shown.users["clerk"].save()


def test_an_anonymous_objection_keeps_no_name_and_no_account(shown: Any) -> None:
    made, _code = object_to(shown, named=False, by=shown.users["clerk"])
    made.refresh_from_db()
    assert (made.by, made.name, made.contact) == (None, "", "")
    trail = AuditEvent.objects.get(action="rotation.objection.received", object_id=str(made.pk))
    assert trail.author == "system"


def test_the_same_submission_is_one_objection_with_one_code(shown: Any) -> None:
    key = uuid.uuid4()
    assert object_to(shown, key=key) == object_to(shown, key=key)
    assert Objection.objects.count() == 1
    assert object_to(shown)[0].number != Objection.objects.get(key=key).number


def test_objections_are_taken_until_the_notice_ends_and_not_after(shown: Any) -> None:
    said = Said(text="x", key=uuid.uuid4(), named=False)
    with pytest.raises(RefusedError, match="公示期已经结束"):
        objections.receive(shown.notice, said, at=shown.notice.closes)
    assert objections.receive(shown.notice, said, at=shown.notice.closes - timedelta(seconds=1))


def test_whoever_sends_too_many_has_to_wait(shown: Any, settings: Any) -> None:
    url = f"{path_of(shown.notice)}objections/new/"
    with time_machine.travel(shown.at, tick=False):
        page = Client().get(url).content.decode()
        assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)
        answers = [
            Client().post(url, {"key": str(uuid.uuid4()), "named": "0", "text": "反映"}).status_code for _ in range(12)
        ]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 422
    assert Objection.objects.count() == 10


# --- adopted after both ----------------------------------------------------------------------------------------------


def test_a_plan_is_adopted_after_notice_and_objections_by_another_person(shown: Any) -> None:
    made, _code = object_to(shown)
    head, leader = shown.users["head"], shown.users["leader"]
    with pytest.raises(RefusedError, match="公示期到"):
        adopting.adopt(shown.scenario, by=leader, at=shown.at + timedelta(hours=2))
    late = shown.notice.closes + timedelta(hours=1)
    shown.open(PhaseKind.OBJECTIONS, at=late)
    with pytest.raises(RefusedError, match="1 件异议没有答复"):
        adopting.adopt(shown.scenario, by=leader, at=late)
    objections.assign(made, investigator=shown.users["clerk"], holds=False, by=head, at=late)
    objections.find(made, finding="not_upheld", report="属实无误", by=shown.users["clerk"], at=late)
    objections.answer(made, text="经查无误。", by=head, at=late)
    with pytest.raises(RefusedError, match="另一人确认"):
        adopting.adopt(shown.scenario, by=head, at=late)
    adopting.adopt(shown.scenario, by=leader, at=late)
    shown.scenario.refresh_from_db()
    assert shown.scenario.status == ScenarioStatus.ADOPTED
    placed = {(p.teacher_id, p.to_school_id, p.subject) for p in Placement.objects.filter(year=shown.year)}
    assert placed == {(m.teacher_id, m.to_school_id, m.subject) for m in shown.scenario.moves.all()}
    with pytest.raises(RefusedError, match="已经采用"):
        adopting.adopt(shown.scenario, by=shown.users["second_head"], at=late)
    assert Objection.objects.filter(status=ObjectionStatus.ANSWERED).count() == 1


def test_the_offices_see_notices_and_deal_with_objections_on_pages(shown: Any) -> None:
    made, _code = object_to(shown)
    head, year = shown.client("head"), f"/rotation/{shown.year.pk}/"
    with time_machine.travel(shown.at + timedelta(hours=2), tick=False):
        assert shown.notice.title in head.get(f"{year}notices/").content.decode()
        checked = head.get(f"{year}notices/{shown.notice.pk}/?check").content.decode()
        assert "公示的内容、留痕和方案一致" in checked
        assert made.number in head.get(f"{year}objections/").content.decode()
        page = f"{year}objections/{made.pk}/"
        assert "教龄有误" in head.get(page).content.decode()
        local = (shown.at + timedelta(hours=1)).astimezone(SHANGHAI)
        assert f"{local:%Y-%m-%d %H:%M}" in head.get(page).content.decode()
        assert "异议编号" in head.get(f"{year}objections/").content.decode()
        head.post(f"{page}assign/", {"investigator": shown.users["clerk"].pk, "holds": "on"})
        shown.client("clerk").post(f"{page}find/", {"finding": "partly", "report": "部分属实"})
        again = shown.client("clerk").get(page).context["finding_form"]
        assert (again["finding"].value(), again["report"].value()) == ("partly", "部分属实")
        head.post(f"{page}answer/", {"text": "已更正。"})
    made.refresh_from_db()
    assert (made.status, made.finding, made.answer) == (ObjectionStatus.ANSWERED, "partly", "已更正。")


# --- papers ----------------------------------------------------------------------------------------------------------


def test_the_notice_and_the_answer_are_papers(shown: Any) -> None:
    made, _code = object_to(shown)
    at, head, clerk = shown.at + timedelta(days=1), shown.users["head"], shown.users["clerk"]
    year = f"/rotation/{shown.year.pk}/papers/"
    with time_machine.travel(at, tick=False):
        sheet = shown.client("head").get(f"{year}public-notice/{shown.notice.pk}/").content.decode()
        assert all(row.name in sheet for row in shown.notice.rows.all())
        assert shown.scenario.root in sheet
        word = shown.client("head").get(f"{year}public-notice/{shown.notice.pk}/?docx")
        assert zipfile.is_zipfile(io.BytesIO(word.content))
        assert shown.client("head").get(f"{year}objection-answer/{made.pk}/").status_code == 404
        objections.assign(made, investigator=clerk, holds=True, by=head, at=at)
        objections.find(made, finding="not_upheld", report="查过", by=clerk, at=at)
        objections.answer(made, text="教龄与公示一致。", by=head, at=at)
        answer = shown.client("head").get(f"{year}objection-answer/{made.pk}/").content.decode()
    assert "教龄与公示一致。" in answer
    assert "查过" not in answer
    assert made.number in answer
