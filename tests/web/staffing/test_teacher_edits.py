"""Changes to a file: dated rows, forms that keep what was typed, nobody's change lost, everything on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.facts.identity import check_character
from junheng.web.records.models import AuditEvent
from junheng.web.staffing.declared import STATE, TEACHER_PARTS
from junheng.web.staffing.forms.declared import typed
from junheng.web.staffing.models import HonorEntry, LeaveEntry, SanctionEntry, TeacherState, TitleEntry

SINCE = date(2026, 8, 31)
CHANGE = "staffing.teacher.changed"
SOUND = "99010119850512002" + check_character("99010119850512002")
"""A woman's, born on 12 May 1985, like Alice."""


def url(name: str, teacher, *more):
    return reverse(f"staffing:{name}", args=(teacher.pk, *more))


def as_typed(teacher, **changed) -> dict:
    """What the browser sends when somebody opens the form and changes some fields."""
    state = teacher.state
    data = {column.field: typed(column, STATE.value(state, column)) for column in STATE.columns}
    return data | {"version": state.pk, "effective": "2026-10-01", "reason": "依据文件"} | changed


@pytest.fixture
def clerk(cast):
    return cast.client("bureau_clerk")


def test_a_change_closes_a_row_and_adds_another(cast, clerk):
    alice = cast.teachers["alice"]
    alice.states.update(sex="F")
    answer = clerk.post(url("change_state", alice), as_typed(alice, role="dean", education="master"))
    assert answer.status_code == 302
    old, new = alice.states.order_by("pk")
    assert (old.valid_from, old.valid_until, old.role) == (SINCE, date(2026, 10, 1), "teacher")
    assert (new.valid_from, new.valid_until, new.role, new.education) == (date(2026, 10, 1), None, "dean", "master")
    assert (new.name, new.id_number, new.source) == ("安丽丝", "990101198505120022", "edit")
    event = AuditEvent.objects.get(action=CHANGE)
    assert (event.before, event.after) == (
        {"role": "teacher", "education": "bachelor"}, {"role": "dean", "education": "master"}
    )  # fmt: skip
    assert (event.author, event.reason, event.organisation_key) == ("ys-bureau_clerk", "依据文件", cast.yucai.pk)
    text = clerk.get(url("teacher", alice) + "?tab=history").content.decode()
    assert "教导主任" in text
    assert "云山局人事经办人" in text


def test_what_was_wrong_from_the_start_holds_on_no_day(cast, clerk):
    alice = cast.teachers["alice"]
    clerk.post(url("change_state", alice), as_typed(alice, birth_date="1985-05-12", name="安丽思", effective=""))
    old, new = alice.states.order_by("pk")
    assert (old.valid_from, old.valid_until) == (SINCE, SINCE)
    assert (new.valid_from, new.name, new.initials) == (SINCE, "安丽思", "als")
    assert [s.name for s in TeacherState.objects.as_of(SINCE).filter(teacher=alice)] == ["安丽思"]
    assert AuditEvent.objects.filter(action="staffing.teacher.corrected").count() == 1


def test_what_was_wrong_all_along_is_put_right_in_the_rows_before_too(cast, clerk):
    alice = cast.teachers["alice"]
    clerk.post(url("change_state", alice), as_typed(alice, role="dean", effective="2026-10-01"))
    clerk.post(url("change_state", alice), as_typed(alice, note="又一变动", effective="2026-10-20"))
    clerk.post(url("change_state", alice), as_typed(alice, name="安丽思", effective=""))
    for day, role in ((date(2026, 9, 1), "teacher"), (date(2026, 10, 1), "dean"), (date(2026, 10, 20), "dean")):
        held = TeacherState.objects.as_of(day).get(teacher=alice)
        assert (held.name, held.role) == ("安丽思", role)
    clerk.post(url("change_state", alice), as_typed(alice, role="principal", effective=""))
    roles = [TeacherState.objects.as_of(date(2026, *day)).get(teacher=alice).role for day in ((9, 1), (10, 1), (11, 1))]
    assert roles == ["teacher", "principal", "principal"]
    event = AuditEvent.objects.filter(action="staffing.teacher.corrected").earliest("number")
    assert event.details["earlier_rows"] == 2
    assert alice.states.current().count() == 1


def test_sending_the_same_twice_changes_once(cast, clerk):
    alice = cast.teachers["alice"]
    data = as_typed(alice, role="dean")
    assert [clerk.post(url("change_state", alice), data).status_code for _ in range(2)] == [302, 302]
    assert alice.states.count() == 2
    assert AuditEvent.objects.filter(action=CHANGE).count() == 1


def test_a_stale_form_writes_nothing_and_shows_both(cast, clerk):
    alice = cast.teachers["alice"]
    mine = as_typed(alice, role="dean", note="手写的备注")
    clerk.post(url("change_state", alice), as_typed(alice, education="master"))
    answer = clerk.post(url("change_state", alice), mine)
    assert answer.status_code == 409
    assert alice.state.role == "teacher"
    text = answer.content.decode()
    assert "手写的备注" in text
    both = {each["label"]: (each["before"], each["after"]) for each in answer.context["both"]}
    assert both["行政职务"] == ("教师", "教导主任")
    assert both["最高学历"] == ("硕士研究生", "本科")
    assert answer.context["form"]["version"].value() == str(alice.state.pk)
    again = {name: answer.context["form"][name].value() for name in answer.context["form"].fields}
    assert clerk.post(url("change_state", alice), again | {"education": "master"}).status_code == 302
    assert (alice.state.role, alice.state.education) == ("dean", "master")


def test_what_was_typed_stays_whatever_is_wrong_with_it(cast, clerk):
    alice = cast.teachers["alice"]
    answer = clerk.post(
        url("change_state", alice),
        as_typed(alice, birth_date="1985.13", name="安·丽丝", work_start="1990-01", id_number="99010119850512002X",
                 also_teaches=["pe", "nonsense"], effective="2999-01-01", reason=""),
    )  # fmt: skip
    assert answer.status_code == 422
    form, text = answer.context["form"], answer.content.decode()
    assert set(form.errors) == {"birth_date", "id_number", "also_teaches", "effective", "reason"}
    for kept in ("1985.13", "安·丽丝", "1990-01"):
        assert kept in text
    assert alice.states.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("work_start", "1990-01-01"), ("joined_current_school", "2000-01-01"), ("birth_date", "1985-05-13"),
     ("sex", "M"), ("effective", "2026-08-30"), ("school_id", "9901020001"), ("stage", "../../etc"),
     ("name", ""), ("name", "x" * 101), ("note", "\x00" * 3 + "x" * 2001)],
)  # fmt: skip
def test_contradictions_and_tampered_values_are_refused(cast, clerk, field, value):
    alice = cast.teachers["alice"]
    data = as_typed(alice, id_number=SOUND, role="dean") | {field: value}
    answer = clerk.post(url("change_state", alice), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert alice.states.count() == 1


def test_a_school_clerk_moves_nobody_to_a_school_that_is_not_his(cast):
    alice, client = cast.teachers["alice"], cast.client("school_clerk")
    answer = client.post(url("change_state", alice), as_typed(alice, school_id=cast.hedong.code))
    assert answer.status_code == 422
    assert "school_id" in answer.context["form"].errors
    assert client.post(url("change_state", alice), as_typed(alice, role="dean")).status_code == 302


def test_a_new_id_number_stands_masked_in_the_trail(cast, clerk):
    bob = cast.teachers["bob"]
    number = "99010119850512003" + check_character("99010119850512003")
    assert clerk.post(url("change_state", bob), as_typed(bob, sex="M", id_number=number)).status_code == 302
    assert bob.state.id_number == number
    event = AuditEvent.objects.get(action=CHANGE)
    assert event.after["id_number"].startswith("990101********")
    assert number not in f"{event.before}{event.after}"


def test_an_entry_is_added_once_ended_corrected_and_struck(cast, clerk):
    alice = cast.teachers["alice"]
    data = {"kind": "sick", "start": "2026-09-01", "end": "", "approved_by": "县教育局", "reason": "假条"}
    for _ in range(2):
        assert clerk.post(url("add_entry", alice, "leaves"), data).status_code == 302
    leave = LeaveEntry.objects.get(teacher=alice)
    assert leave.valid_from == date(2026, 9, 1)
    ended = clerk.post(url("end_entry", alice, "leaves", leave.pk), {"end": "2026-08-01", "reason": "销假"})
    assert "end" in ended.context["form"].errors
    clerk.post(url("end_entry", alice, "leaves", leave.pk), {"end": "2026-10", "reason": "销假"})
    now = LeaveEntry.objects.current().get(teacher=alice)
    assert (now.end, now.valid_from) == (date(2026, 10, 31), date(2026, 11, 1))
    fixed = data | {"end": "2026-10-31", "approved_by": "人事科", "version": now.pk}
    clerk.post(url("change_entry", alice, "leaves", now.pk), fixed)
    clerk.post(url("change_entry", alice, "leaves", now.pk), fixed)
    now = LeaveEntry.objects.current().get(teacher=alice)
    assert now.approved_by == "人事科"
    for _ in range(2):
        assert clerk.post(url("strike_entry", alice, "leaves", now.pk), {"reason": "重复"}).status_code == 302
    assert not LeaveEntry.objects.current().filter(teacher=alice).exists()
    assert LeaveEntry.objects.filter(teacher=alice).count() == 3
    deeds = AuditEvent.objects.filter(action__startswith="staffing.").order_by("number")
    assert list(deeds.values_list("action", flat=True)) == [
        "staffing.entry.added", "staffing.entry.ended", "staffing.entry.corrected", "staffing.entry.struck"
    ]  # fmt: skip


def test_a_stale_entry_is_shown_beside_what_was_typed(cast, clerk):
    alice = cast.teachers["alice"]
    title = TitleEntry.objects.create(
        teacher=alice, title="first", start=date(2015, 1, 1), valid_from=SINCE, source="test"
    )
    data = {"title": "senior", "start": "2015-01-01", "post_grade": "", "reason": "证书", "version": title.pk}
    assert clerk.post(url("change_entry", alice, "titles", title.pk), data).status_code == 302
    other = data | {"title": "second"}
    answer = clerk.post(url("change_entry", alice, "titles", title.pk), other)
    assert answer.status_code == 409
    assert [(each["before"], each["after"]) for each in answer.context["both"]] == [("高级教师", "二级教师")]
    assert TitleEntry.objects.current().get(teacher=alice).title == "senior"
    answer = clerk.post(url("strike_entry", alice, "titles", title.pk), {"reason": "作废"})
    assert answer.status_code == 409
    assert TitleEntry.objects.current().get(teacher=alice).title == "senior"


def test_ids_of_others_are_not_found(cast, clerk):
    alice, bob = cast.teachers["alice"], cast.teachers["bob"]
    honor = HonorEntry.objects.create(
        teacher=bob, kind="backbone", level="county", start=date(2020, 1, 1), valid_from=SINCE, source="test"
    )
    for name in ("change_entry", "end_entry", "strike_entry"):
        assert clerk.get(url(name, alice, "honors", honor.pk)).status_code == 404
        assert clerk.post(url(name, alice, "honors", honor.pk), {"reason": "改"}).status_code == 404
        assert clerk.get(url(name, alice, "nonsense", honor.pk)).status_code == 404
        assert clerk.get(url(name, cast.teachers["dave"], "honors", honor.pk)).status_code == 404
    own = HonorEntry.objects.create(
        teacher=alice, kind="backbone", level="county", start=date(2020, 1, 1), valid_from=SINCE, source="test"
    )
    data = {"kind": "backbone", "level": "city", "start": "2020-01-01", "reason": "证书", "version": honor.pk}
    assert clerk.post(url("change_entry", alice, "honors", own.pk), data).status_code == 404
    assert clerk.post(url("change_state", alice), as_typed(alice, role="dean", version="x")).status_code == 422
    stale = clerk.post(url("change_state", alice), as_typed(alice, role="dean", version=bob.state.pk))
    assert stale.status_code == 409


def test_sensitive_parts_are_changed_only_by_who_may_see_them_and_stay_out_of_the_trail(cast, clerk):
    alice = cast.teachers["alice"]
    data = {"kind": "warning", "start": "2026-09-01", "end": "", "reason": "处分决定"}
    assert cast.client("school_clerk").post(url("add_entry", alice, "sanctions"), data).status_code == 403
    assert clerk.post(url("add_entry", alice, "sanctions"), data).status_code == 302
    assert SanctionEntry.objects.filter(teacher=alice).count() == 1
    event = AuditEvent.objects.get(action="staffing.entry.added")
    assert "warning" not in f"{event.after}"
    assert event.after["kind"] == "***"
    family = {"spouse_id": "T0002", "family_event": "金丝雀", "reason": "本人说明"}
    assert clerk.post(url("add_entry", alice, "family"), family).status_code == 302
    assert clerk.post(url("add_entry", alice, "family"), family | {"family_event": "另一件"}).status_code == 409
    refused = clerk.post(url("add_entry", cast.teachers["carol"], "family"), {"spouse_id": "T9999", "reason": "本人"})
    assert "spouse_id" in refused.context["form"].errors


def test_a_placement_outside_the_county_needs_its_name(cast, clerk):
    alice = cast.teachers["alice"]
    data = {"kind": "exchange", "start": "2026-09-01", "reason": "派出通知"}
    refused = clerk.post(url("add_entry", alice, "appointments"), data)
    assert "school_id" in refused.context["form"].errors
    tampered = clerk.post(url("add_entry", alice, "appointments"), data | {"school_id": cast.faraway.code})
    assert "school_id" in tampered.context["form"].errors
    added = clerk.post(url("add_entry", alice, "appointments"), data | {"school_name": "邻县中学"})
    assert added.status_code == 302
    assert "邻县中学" in clerk.get(url("teacher", alice) + "?tab=exchange").content.decode()


def test_an_entry_yet_to_begin_is_kept_from_today(cast, clerk):
    alice, soon = cast.teachers["alice"], timezone.localdate() + timedelta(days=30)
    clerk.post(url("add_entry", alice, "leaves"), {"kind": "study", "start": soon.isoformat(), "reason": "进修通知"})
    leave = LeaveEntry.objects.get(teacher=alice)
    assert (leave.start, leave.valid_from) == (soon, timezone.localdate())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_form_opens_in_both_languages(cast, clerk, language):
    alice = cast.teachers["alice"]
    clerk.cookies["django_language"] = language
    assert clerk.get(url("change_state", alice)).status_code == 200
    for key in TEACHER_PARTS:
        assert clerk.get(url("add_entry", alice, key)).status_code == (404 if key == "teachers" else 200), key
