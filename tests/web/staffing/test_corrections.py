"""Corrections: asked for by the teacher, decided once by another, written as dated rows that name them."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from junheng.facts.identity import check_character
from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant
from junheng.web.directory.standing import PersonStanding
from junheng.web.records.models import Attachment, AuditEvent, Notification
from junheng.web.records.waiting import waiting_for
from junheng.web.staffing.actions import corrections as actions
from junheng.web.staffing.actions.corrections import AlreadyDecidedError
from junheng.web.staffing.models import Correction, HonorEntry, SanctionEntry, TeacherState, TitleEntry

SINCE = date(2026, 8, 31)
SOUND = "99010119850512004" + check_character("99010119850512004")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ASK = reverse("staffing:request_correction")


def ask(cast, field: str = "name", value: str = "安丽思", who: str = "teacher", **more):
    query = more.pop("query", f"?part=teachers&field={field}")
    return cast.client(who).post(ASK + query, {field: value, "reason": "户口本上是这样"} | more)


def asked(cast, *given, **more) -> Correction:
    answer = ask(cast, *given, **more)
    assert answer.status_code == 302, answer.context["form"].errors
    return Correction.objects.latest("pk")


def decide(cast, correction, who: str, decision: str = "accept", **more):
    data = {"decision": decision, "opinion": "已核对", "version": correction.teacher.state.pk} | more
    return cast.client(who).post(reverse("staffing:decide", args=(correction.pk,)), data)


def waiting_of(cast, who: str) -> int:
    request = RequestFactory().get("/")
    request.user = cast.users[who]
    request.standing = PersonStanding(cast.users[who], timezone.localdate())
    return sum(each.count for each in waiting_for(request) if each.kind == "correction")


def test_a_correction_goes_to_who_decides_for_the_school_and_into_the_file_as_a_dated_row(cast):
    alice = cast.teachers["alice"]
    made = asked(cast)
    assert (made.school, made.requested_by, made.proposed) == (cast.yucai, cast.users["teacher"], {"name": "安丽思"})
    waits = {who: waiting_of(cast, who) for who in ("principal", "bureau_clerk", "principal_of_hedong", "teacher")}
    assert waits == {"principal": 1, "bureau_clerk": 1, "principal_of_hedong": 0, "teacher": 0}
    text = cast.client("principal").get(made.get_absolute_url()).content.decode()
    assert "安丽丝" in text
    assert "安丽思" in text
    assert "户口本上是这样" in text
    assert decide(cast, made, "principal").status_code == 302
    old, new = alice.states.order_by("pk")
    assert (old.valid_until, new.valid_from, new.name, new.source) == (SINCE, SINCE, "安丽思", f"correction:{made.pk}")
    made.refresh_from_db()
    assert (made.status, made.decided_by, made.applied_to) == ("accepted", cast.users["principal"], new.pk)
    assert "已采纳" in cast.client("teacher").get(made.get_absolute_url()).content.decode()
    news = Notification.objects.get(recipient=cast.users["teacher"])
    assert str(made.pk) in news.text
    deeds = AuditEvent.objects.filter(object_kind="staffing.teacher").order_by("number")
    assert list(deeds.values_list("action", flat=True)) == [
        "staffing.correction.requested", "staffing.teacher.corrected", "staffing.correction.accepted"
    ]  # fmt: skip
    assert waiting_of(cast, "principal") == 0


def test_a_change_since_a_day_is_written_from_that_day(cast):
    made = asked(cast, "role", "dean")
    decide(cast, made, "bureau_clerk", effective="2026-10-01")
    assert cast.teachers["alice"].state.valid_from == date(2026, 10, 1)


def test_who_does_not_follow_the_teacher_says_why(cast):
    made = asked(cast)
    assert decide(cast, made, "principal", "reject", opinion="").status_code == 422
    assert decide(cast, made, "principal", "reject", opinion="与身份证不符").status_code == 302
    assert cast.teachers["alice"].states.count() == 1
    assert "与身份证不符" in cast.client("teacher").get(made.get_absolute_url()).content.decode()


def test_asking_the_same_twice_asks_once_and_something_else_about_it_is_refused(cast):
    assert ask(cast).status_code == ask(cast).status_code == 302
    assert Correction.objects.count() == 1
    other = ask(cast, value="安莉丝")
    assert other.status_code == 422
    assert "安莉丝" in other.content.decode()
    assert Correction.objects.count() == 1


def test_a_request_is_withdrawn_by_its_author_only_and_only_while_it_is_open(cast):
    made = asked(cast)
    url = reverse("staffing:withdraw", args=(made.pk,))
    assert cast.client("principal").post(url).status_code == 403
    assert cast.client("teacher_of_hedong").post(url).status_code == 404
    assert cast.client("teacher").post(url).status_code == 302
    assert cast.client("teacher").post(url).status_code == 409
    late = decide(cast, made, "principal")
    assert late.status_code == 409
    assert "已撤回" in late.content.decode()
    made.refresh_from_db()
    assert made.status == "withdrawn"
    assert asked(cast).pk != made.pk


@pytest.mark.parametrize(
    ("who", "page", "decision"),
    [("principal_of_hedong", 404, 404), ("clerk_of_other_county", 404, 404), ("teacher_of_hedong", 404, 403),
     ("bureau_leader", 403, 403), ("school_clerk", 403, 403), ("teacher", 200, 403), ("expired_clerk", 403, 403)],
)  # fmt: skip
def test_others_neither_see_nor_decide(cast, who, page, decision):
    made = asked(cast)
    assert cast.client(who).get(made.get_absolute_url()).status_code == page
    assert decide(cast, made, who).status_code == decision
    made.refresh_from_db()
    assert made.is_open


def test_nobody_decides_on_his_own_request_neither_by_the_page_nor_in_the_database(cast):
    alice = cast.teachers["alice"]
    alice.user = cast.users["principal"]
    alice.save()
    RoleGrant.objects.create(
        user=cast.users["principal"], role=Role.TEACHER, organisation=cast.yucai, start=date(2026, 1, 1)
    )
    made = asked(cast, who="principal")
    assert decide(cast, made, "principal").status_code == 403
    with pytest.raises(actions.NotDecidableError):
        actions.reject(made, opinion="不", by=cast.users["principal"])
    made.status, made.decided_by, made.decided_at = "accepted", cast.users["principal"], timezone.now()
    with pytest.raises(IntegrityError):
        made.save()


def test_sensitive_requests_go_past_the_school_to_the_bureau(cast):
    alice = cast.teachers["alice"]
    row = SanctionEntry.objects.create(
        teacher=alice, kind="warning", start=date(2025, 1, 1), valid_from=SINCE, source="test"
    )
    made = asked(cast, "end", "2025-06-30", query=f"?part=sanctions&row={row.pk}&field=end")
    number = asked(cast, "id_number", SOUND)
    for each in (made, number):
        assert cast.client("principal").get(each.get_absolute_url()).status_code == 404
        assert decide(cast, each, "principal").status_code == 404
        page = cast.client("section_head").get(each.get_absolute_url())
        assert page.status_code == 200
        assert SOUND not in page.content.decode()
    stored = Correction.objects.filter(pk=number.pk).extra(select={"raw": "proposed_text"}).values("raw")
    assert SOUND not in f"{AuditEvent.objects.values_list('after', 'before', 'details')}{stored}"
    assert decide(cast, number, "section_head").status_code == 302
    assert alice.state.id_number == SOUND
    assert decide(cast, made, "section_head").status_code == 302
    assert SanctionEntry.objects.current().get(teacher=alice).end == date(2025, 6, 30)


def test_a_missing_entry_is_asked_for_and_added(cast):
    given = {"kind": "backbone", "level": "county", "start": "2020-09", "reason": "证书第 12 号", "title": "县骨干教师"}
    answer = cast.client("teacher").post(ASK + "?part=honors", given)
    assert answer.status_code == 302
    made = Correction.objects.get()
    assert decide(cast, made, "principal").status_code == 302
    honor = HonorEntry.objects.get(teacher=cast.teachers["alice"])
    assert (honor.start, honor.title, honor.source) == (date(2020, 9, 1), "县骨干教师", f"correction:{made.pk}")


def test_evidence_is_kept_for_who_may_see_the_request_and_what_is_no_document_is_refused(cast):
    bad = ask(cast, evidence=SimpleUploadedFile("证书.pdf", b"<script>alert(1)</script>"))
    assert bad.status_code == 422
    assert "evidence" in bad.context["form"].errors
    assert not Correction.objects.exists()
    made = asked(cast, evidence=SimpleUploadedFile("证书.pdf", PDF))
    kept = Attachment.objects.get(owner_id=str(made.pk))
    statuses = {}
    for who in ("teacher", "principal", "principal_of_hedong", "teacher_of_hedong", "bureau_leader"):
        answer = cast.client(who).get(kept.get_absolute_url())
        statuses[who] = answer.status_code
        if answer.streaming:
            assert b"".join(answer) == PDF
            for close in answer._resource_closers:
                close()
    assert statuses == {
        "teacher": 200, "principal": 200, "principal_of_hedong": 404, "teacher_of_hedong": 404, "bureau_leader": 404
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["", "?part=teachers", "?part=nonsense", "?part=teachers&field=nonsense", "?part=honors&row=999999",
     "?part=honors&row=x", "?part=honors&row=", "?part=teachers&field=id"],
)  # fmt: skip
def test_only_what_is_in_ones_own_file_can_be_asked_about(cast, query):
    assert cast.client("teacher").get(ASK + query).status_code == 404


def test_entries_of_colleagues_cannot_be_asked_about(cast):
    row = TitleEntry.objects.create(
        teacher=cast.teachers["bob"], title="first", start=date(2015, 1, 1), valid_from=SINCE, source="test"
    )
    assert cast.client("teacher").get(ASK + f"?part=titles&row={row.pk}").status_code == 404
    assert cast.client("teacher_of_hedong").get(ASK + f"?part=titles&row={row.pk}").status_code == 200


def test_what_was_typed_stays_and_what_is_the_same_is_no_correction(cast):
    wrong = ask(cast, "work_start", "1980.1")
    assert wrong.status_code == 422
    assert "1980.1" in wrong.content.decode()
    same = ask(cast, "name", "安丽丝")
    assert same.status_code == 422
    assert not Correction.objects.exists()


def test_a_file_changed_meanwhile_is_shown_again_before_anything_is_written(cast):
    made = asked(cast)
    before = cast.teachers["alice"].state.pk
    TeacherState.objects.filter(pk=before).update(valid_until=date(2026, 10, 1))
    kept = TeacherState.objects.get(pk=before)
    kept.pk, kept.valid_from, kept.valid_until, kept.name = None, date(2026, 10, 1), None, "安改名"
    kept.save()
    answer = decide(cast, made, "principal", version=before)
    assert answer.status_code == 409
    assert "安改名" in answer.content.decode()
    made.refresh_from_db()
    assert made.is_open
    assert decide(cast, made, "principal", version=kept.pk).status_code == 302


def test_an_entry_that_is_gone_cannot_be_put_right(cast):
    row = TitleEntry.objects.create(
        teacher=cast.teachers["alice"], title="first", start=date(2015, 1, 1), valid_from=SINCE, source="test"
    )
    made = asked(cast, "title", "senior", query=f"?part=titles&row={row.pk}&field=title")
    TitleEntry.objects.filter(pk=row.pk).update(valid_until=SINCE)
    page = cast.client("principal").get(made.get_absolute_url())
    assert "不能采纳" in page.content.decode()
    assert decide(cast, made, "principal").status_code == 409
    assert decide(cast, made, "principal", "reject", opinion="已作废").status_code == 302


def test_the_second_decider_is_told_and_changes_nothing(cast):
    made = asked(cast)
    assert decide(cast, made, "principal").status_code == 302
    for decision in ("accept", "reject"):
        answer = decide(cast, made, "bureau_clerk", decision)
        assert answer.status_code == 409
        assert "云山校长" in answer.content.decode()
    with pytest.raises(AlreadyDecidedError):
        actions.reject(made, opinion="不", by=cast.users["bureau_clerk"])
    assert AuditEvent.objects.filter(action__in=DECIDED).count() == 1


DECIDED = ("staffing.correction.accepted", "staffing.correction.rejected")


def race(cast, made, monkeypatch) -> list[int]:
    """Two deciders press at once, and both have found the request open before either decides."""
    together, version, answers = threading.Barrier(2), made.teacher.state.pk, []

    def after_both_have_looked(verb):
        def wait_and_do(*args, **given):
            together.wait(timeout=30)
            return verb(*args, **given)

        return wait_and_do

    for name in ("accept", "reject"):
        monkeypatch.setattr(actions, name, after_both_have_looked(getattr(actions, name)))

    def press(who: str, decision: str) -> None:
        data = {"decision": decision, "opinion": "已核对", "version": version}
        try:
            client = cast.client(who)
            answers.append(client.post(reverse("staffing:decide", args=(made.pk,)), data).status_code)
        finally:
            connections.close_all()

    presses = (("principal", "accept"), ("bureau_clerk", "reject"))
    threads = [threading.Thread(target=press, args=each) for each in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_of_two_deciders_at_once_one_decides_and_the_other_is_told(transactional_db, cast, monkeypatch):
    made = asked(cast)
    assert race(cast, made, monkeypatch) == [302, 409]
    made.refresh_from_db()
    deeds = AuditEvent.objects.filter(action__in=DECIDED)
    assert [event.action.rpartition(".")[2] for event in deeds] == [made.status]
    assert cast.teachers["alice"].states.count() == (2 if made.status == "accepted" else 1)


def test_without_looking_again_under_the_lock_both_decide(transactional_db, cast, monkeypatch):
    made = asked(cast)
    monkeypatch.setattr(actions, "open_now", lambda correction: correction)
    assert race(cast, made, monkeypatch) == [302, 302]
    assert AuditEvent.objects.filter(action__in=DECIDED).count() == 2
