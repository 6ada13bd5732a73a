"""Schools verify their staff in rounds; documents pass between departments (R-283, R-285, R-291)."""

from __future__ import annotations

import pytest

from junheng.web.records.models import AuditEvent
from junheng.web.staffing.models import RoutedDocument, VerificationReturn, VerificationRound

ROUNDS = "/staffing/establishment/verifications/"
DOCUMENTS = "/staffing/establishment/documents/"
GIVEN = {"title": "2026年人员核对", "reckoned_on": "2026-11-01", "due": "2026-11-15"}


@pytest.fixture
def opened(cast, lay):
    lay.pupils(cast.yucai, "junior", 270, 6)
    assert cast.client("bureau_clerk").post(ROUNDS + "open/", GIVEN).status_code == 302
    return VerificationRound.objects.get()


@pytest.mark.covers("R-283")
def test_every_school_confirms_or_says_what_differs_and_the_bureau_sees_how_far_it_is(
    cast, opened, read, cells
) -> None:
    mine = f"{ROUNDS}{opened.pk}/schools/{cast.yucai.pk}/"
    assert "在编 2" in read(cast.client("school_clerk").get(mine))
    answer = cast.client("school_clerk").post(mine, {"outcome": "differences", "note": ""})
    assert "请写明" in read(answer)
    assert not VerificationReturn.objects.exists()
    given = {"outcome": "differences", "note": "解忆雯已调走"}
    assert cast.client("school_clerk").post(mine, given).status_code == 302
    held = VerificationReturn.objects.get()
    assert (held.outcome, held.shown["on_establishment"], held.by) == ("differences", 2, cast.users["school_clerk"])
    said = read(cast.client("bureau_clerk").get(f"{ROUNDS}{opened.pk}/"))
    assert "已核对 1 / 3 所" in said
    assert "解忆雯已调走" in said
    assert cast.client("school_clerk").post(mine, {"outcome": "confirmed", "note": ""}).status_code == 302
    assert VerificationReturn.objects.get().outcome == "confirmed", "until closed a school may answer anew"
    events = AuditEvent.objects.filter(action="staffing.verification.answered").order_by("number")
    assert [(e.before or {}).get("outcome") for e in events] == [None, "differences"]


def test_a_school_answers_for_itself_only(cast, opened) -> None:
    other = f"{ROUNDS}{opened.pk}/schools/{cast.hedong.pk}/"
    assert cast.client("school_clerk").post(other, {"outcome": "confirmed"}).status_code == 404
    assert cast.client("principal_of_hedong").post(other, {"outcome": "confirmed"}).status_code == 403
    assert cast.client("clerk_of_other_county").get(f"{ROUNDS}{opened.pk}/").status_code == 404
    assert not VerificationReturn.objects.exists()


def test_a_principal_sees_the_own_schools_answer_only(cast, opened, read) -> None:
    given = {"outcome": "differences", "note": "育才的差异"}
    cast.client("school_clerk").post(f"{ROUNDS}{opened.pk}/schools/{cast.yucai.pk}/", given)
    assert "育才的差异" in read(cast.client("principal").get(f"{ROUNDS}{opened.pk}/"))
    assert "育才的差异" not in read(cast.client("principal_of_hedong").get(f"{ROUNDS}{opened.pk}/"))


def test_data_that_change_after_the_answer_are_marked(cast, opened, lay, read) -> None:
    mine = f"{ROUNDS}{opened.pk}/schools/{cast.yucai.pk}/"
    cast.client("school_clerk").post(mine, {"outcome": "confirmed", "note": ""})
    assert "核对后数据有变" not in read(cast.client("bureau_clerk").get(f"{ROUNDS}{opened.pk}/"))
    lay.people(cast.county, cast.yucai, 1, first=1, stage="junior")
    assert "核对后数据有变" in read(cast.client("bureau_clerk").get(f"{ROUNDS}{opened.pk}/"))


def test_a_round_is_closed_with_a_reason_while_schools_are_silent_and_then_takes_no_answers(cast, opened, read) -> None:
    clerk = cast.client("bureau_clerk")
    close = f"{ROUNDS}{opened.pk}/close/"
    clerk.post(close, {"reason": ""})
    opened.refresh_from_db()
    assert opened.closed_at is None
    assert clerk.post(close, {"reason": "其余学校已电话核对"}).status_code == 302
    opened.refresh_from_db()
    assert opened.closed_at is not None
    answer = cast.client("school_clerk").post(f"{ROUNDS}{opened.pk}/schools/{cast.yucai.pk}/", {"outcome": "confirmed"})
    assert "本轮核对已经结束" in read(answer)
    assert clerk.get(close).status_code == 405
    assert clerk.post(ROUNDS + "open/", GIVEN).status_code == 302, "the next round can begin"


def test_one_round_is_open_at_a_time_and_its_dates_are_in_order(cast, opened, read) -> None:
    clerk = cast.client("bureau_clerk")
    assert "已有一轮人员核对正在进行" in read(clerk.post(ROUNDS + "open/", GIVEN))
    assert "截止日期不能早于" in read(clerk.post(ROUNDS + "open/", GIVEN | {"due": "2026-10-01"}))
    assert cast.client("section_head").post(ROUNDS + "open/", GIVEN).status_code == 403
    assert VerificationRound.objects.count() == 1


@pytest.mark.covers("R-291", "R-285")
def test_a_document_passes_the_departments_and_each_answer_is_kept(cast, lay, read, cells) -> None:
    clerk = cast.client("bureau_clerk")
    answer = clerk.post(DOCUMENTS + "register/", {"title": "关于校长教师交流轮岗的意见", "document_number": "教8号"})
    document = RoutedDocument.objects.get()
    own = f"{DOCUMENTS}{document.pk}/"
    assert answer["Location"] == own
    for department in ("establishment", "personnel"):
        assert clerk.post(own, {"department": department, "sent_on": "2026-11-02"}).status_code == 302
    assert "已经送过该部门" in read(clerk.post(own, {"department": "personnel", "sent_on": "2026-11-03"}))
    step = document.steps.get(department="personnel")
    reply = f"{own}reply/{step.pk}/"
    given = {"answered_on": "2026-11-09", "agreed": "yes", "answer_number": "人社函5号", "opinion": "同意联合行文"}
    assert "不能早于送出日期" in read(clerk.post(reply, given | {"answered_on": "2026-11-01"}))
    assert clerk.post(reply, given).status_code == 302
    assert "已经登记" in read(clerk.post(reply, given | {"agreed": "no"}))
    said = read(clerk.get(own))
    assert "人社函5号" in said
    assert "等待回复" in said
    rows = cells(clerk.get(DOCUMENTS))
    assert next(row for row in rows if row and row[0] == "关于校长教师交流轮岗的意见")[3:5] == ["2", "1"]
    assert cast.client("principal").get(own).status_code == 404
    assert cast.client("section_head").get(own).status_code == 200
    assert cast.client("section_head").post(own, {"department": "finance", "sent_on": "2026-11-02"}).status_code == 403
