"""Data confirmed, verdicts frozen with clause and facts, notices read, appeals of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from junheng.facts.synthetic import make_county
from junheng.policy import decide
from junheng.web.directory.models import Organisation
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import judging
from junheng.web.rotation.actions import freezing as actions
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.applying import may_apply
from junheng.web.rotation.assembling import StaleSnapshotError, county_for_plan
from junheng.web.rotation.cycle import ClosedPhaseError, progress_of, what_holds_up
from junheng.web.rotation.models import AppealStatus, DataConfirmation, FactAppeal, PhaseKind, RotationYear, Verdict
from junheng.web.staffing.actions.teachers import Why, change_state
from junheng.web.staffing.intake import take_in
from junheng.web.staffing.models import TeacherState
from junheng.web.staffing.refusal import RefusedError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def frozen(make_year: Any, cast: Any) -> RotationYear:
    """The cast's year with verdicts."""
    year = make_year(PhaseKind.ELIGIBILITY)
    actions.ask_to_freeze(year, by=cast.users["bureau_clerk"])
    run_due()
    year.refresh_from_db()
    return year


# --- confirmation ---------------------------------------------------------------------------------------------------


def test_a_teacher_confirms_once_and_the_school_for_whoever_cannot(cast: Any, make_year: Any) -> None:
    year = make_year(PhaseKind.CONFIRMATION)
    alice = cast.teachers["alice"]
    cast.client("teacher").post(f"/rotation/{year.pk}/confirmations/own/")
    cast.client("teacher").post(f"/rotation/{year.pk}/confirmations/own/")
    assert DataConfirmation.objects.get(teacher=alice).by == alice.user
    assert AuditEvent.objects.filter(action="rotation.data.confirmed").count() == 1
    clerk, eve = cast.client("school_clerk"), cast.teachers["eve"]
    address = f"/rotation/{year.pk}/confirmations/{eve.pk}/"
    assert clerk.post(address, {"reason": ""}).status_code == 422
    assert clerk.post(address, {"reason": "产假期间，电话核对"}).status_code == 302
    assert DataConfirmation.objects.get(teacher=eve).in_stead == "产假期间，电话核对"
    assert clerk.post(f"/rotation/{year.pk}/confirmations/{cast.teachers['bob'].pk}/").status_code == 404


def test_who_has_confirmed_is_counted_school_by_school(cast: Any, make_year: Any) -> None:
    year = make_year(PhaseKind.CONFIRMATION)
    actions.confirm(year, cast.teachers["alice"], by=cast.teachers["alice"].user)
    (found,) = progress_of(year, "confirmation", [cast.yucai.pk, cast.hedong.pk])
    assert (found.done, found.total) == (1, 3)
    assert found.schools == {cast.yucai.pk: (1, 2), cast.hedong.pk: (0, 1)}
    page = cast.client("principal").get(year.get_absolute_url()).content.decode()
    assert "1 / 2" in page


def test_outside_its_phase_nothing_is_confirmed(cast: Any, make_year: Any) -> None:
    year = make_year(PhaseKind.APPLICATIONS)
    with pytest.raises(ClosedPhaseError, match="截止"):
        actions.confirm(year, cast.teachers["alice"], by=cast.teachers["alice"].user)
    assert not DataConfirmation.objects.exists()


# --- verdicts -------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-001", "R-159")
def test_web_and_library_judge_a_whole_county_alike(cast: Any, make_year: Any) -> None:
    facts = make_county(teachers=160, seed=3)
    county = Organisation.objects.create(kind="county", code="990109", name=facts.name)
    take_in(county, facts, by=None, source="test")
    year = make_year(PhaseKind.ELIGIBILITY, county=county, on=facts.on)
    actions.ask_to_freeze(year, by=None)
    run_due()
    year.refresh_from_db()
    willing = replace(facts, teachers=tuple(replace(each, applied=True) for each in facts.teachers))
    library = decide(willing, pack_of(year), on=facts.on, plan_year=facts.on.year)
    kept = {v.teacher.number: v for v in Verdict.objects.filter(year=year).select_related("teacher", "year")}
    assert len(kept) == 160
    assert {n: (v.word, v.standing, v.clause) for n, v in kept.items()} == {
        each.teacher_id: (each.verdict, each.standing, each.clause) for each in library.rows()
    }
    assert {n: (v.because_zh, v.because_en) for n, v in kept.items()} == {
        each.teacher_id: (judging.still_open(each.because_zh), judging.still_open(each.because_en))
        for each in library.rows()
    }
    told = [judging.explanation_of(each, pack_of(year), "zh") for each in kept.values()]
    assert all(
        found.verdict == each.word and sum(branch.decides for branch in found.branches) == 1
        for found, each in zip(told, kept.values(), strict=True) if found is not None
    )  # fmt: skip
    assert sum(found is not None for found in told) > 150


@pytest.mark.covers("R-159")
def test_who_may_move_on_his_own_application_may_apply_though_the_roster_knows_of_none(
    cast: Any, make_year: Any
) -> None:
    facts = make_county(teachers=160, seed=3)
    facts = replace(facts, teachers=tuple(replace(each, applied=False) for each in facts.teachers))
    county = Organisation.objects.create(kind="county", code="990109", name=facts.name)
    take_in(county, facts, by=None, source="test")
    year = make_year(PhaseKind.ELIGIBILITY, PhaseKind.APPLICATIONS, county=county, on=facts.on)
    actions.keep(year, actions.reckon(year, lambda *_said: None), by=None)
    on_application = Verdict.objects.filter(year=year, word="may_exchange")
    assert on_application and set(on_application.values_list("standing", flat=True)) == {"may"}
    for each in on_application.select_related("teacher"):
        assert may_apply(year, each.teacher)
        assert "是否申请由本人决定" in each.because_zh and "whether to apply is for the teacher" in each.because_en
        assert "本人申请=" not in each.because_zh, "what nobody has said is not told as a fact"
    year.refresh_from_db()
    planned = judging.findings_of(year, county_for_plan(year)).standings
    assert {planned[each.teacher.number] for each in on_application} == {"no"}, "who does not apply does not move"


def test_verdicts_are_frozen_with_their_snapshot_and_open_the_applications(frozen: RotationYear, cast: Any) -> None:
    assert frozen.snapshot is not None
    assert set(frozen.verdicts.values_list("snapshot", flat=True)) == {frozen.snapshot_id}
    assert what_holds_up(frozen, "applications") == []
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.verdicts.frozen").exists()
    with pytest.raises(RefusedError, match="已经固定"):
        actions.ask_to_freeze(frozen, by=None)
    run_due()
    assert frozen.verdicts.count() == 4


def test_before_verdicts_nobody_applies(make_year: Any) -> None:
    year = make_year(PhaseKind.APPLICATIONS)
    assert what_holds_up(year, "applications") == ["资格认定结果还没有固定"]


def test_a_teacher_reads_his_notice_and_colleagues_do_not(frozen: RotationYear, cast: Any) -> None:
    alice, bob = cast.teachers["alice"], cast.teachers["bob"]
    page = cast.client("teacher").get(f"/rotation/{frozen.pk}/verdicts/{alice.pk}/")
    held = Verdict.objects.get(teacher=alice)
    assert held.because_zh in page.content.decode()
    assert held.read_at is not None
    assert cast.client("teacher").get(f"/rotation/{frozen.pk}/verdicts/{bob.pk}/").status_code == 404
    principal = cast.client("principal").get(f"/rotation/{frozen.pk}/verdicts/{alice.pk}/").content.decode()
    assert held.clause in principal
    assert held.because_zh not in principal
    assert held.because_zh in cast.client("bureau_clerk").get(
        f"/rotation/{frozen.pk}/verdicts/{alice.pk}/"
    ).content.decode()  # fmt: skip


def test_reason_page_and_notice_say_the_figure_that_the_county_has_set(make_year: Any, cast: Any) -> None:
    year = make_year(PhaseKind.ELIGIBILITY, parameters={"pool_years": 1, "batch_years": 30})
    actions.ask_to_freeze(year, by=cast.users["bureau_clerk"])
    run_due()
    alice = cast.teachers["alice"]
    held, client = Verdict.objects.get(year=year, teacher=alice), cast.client("teacher")
    said = "（现按应交流的年限1年、本年度批次的年限30年执行）"
    assert said in held.because_zh
    assert "applied here: years after which one is due 1 year," in held.because_en
    for address in (f"/rotation/{year.pk}/verdicts/{alice.pk}/", f"/rotation/{year.pk}/papers/verdict/{alice.pk}/"):
        assert said in client.get(address).content.decode(), address


def test_a_list_of_verdicts_gives_no_reasons_away(frozen: RotationYear, cast: Any) -> None:
    clerk = cast.client("school_clerk")
    page = clerk.get(f"/rotation/{frozen.pk}/verdicts/").content.decode()
    assert "安丽丝" in page
    assert "单博文" not in page
    file = clerk.get(f"/rotation/{frozen.pk}/verdicts/?export=csv")
    assert Verdict.objects.get(teacher=cast.teachers["alice"]).because_zh not in b"".join(file).decode("utf-8-sig")


# --- appeals --------------------------------------------------------------------------------------------------------


def appealed(frozen: RotationYear, cast: Any) -> FactAppeal:
    held = Verdict.objects.get(year=frozen, teacher=cast.teachers["alice"])
    return actions.appeal(held, text="入校时间应为2011年", by=cast.users["teacher"])


def test_an_appeal_is_upheld_by_the_facts_as_put_right(frozen: RotationYear, cast: Any) -> None:
    waiting, alice = appealed(frozen, cast), cast.teachers["alice"]
    assert appealed(frozen, cast) == waiting
    old = waiting.verdict
    with pytest.raises(RefusedError, match="先更正档案"):
        actions.decide_appeal(waiting, upheld=True, opinion="属实", by=cast.users["section_head"])
    state = TeacherState.objects.current().get(teacher=alice)
    why = Why(cast.users["bureau_clerk"], "按调令更正", "edit")
    change_state(alice, {"joined_current_school": date(2025, 9, 1)}, version=state.pk, on=None, why=why)
    found = actions.decide_appeal(waiting, upheld=True, opinion="属实", by=cast.users["section_head"])
    new = Verdict.objects.get(year=frozen, teacher=alice, current=True)
    assert found.result == new
    assert (new.replaces, new.facts_text != old.facts_text) == (old, True)
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.appeal.upheld").exists()
    with pytest.raises(RefusedError, match="已经有了结果"):
        actions.decide_appeal(waiting, upheld=False, opinion="再看", by=cast.users["bureau_clerk"])


def test_the_plan_rests_on_the_facts_as_put_right_by_an_upheld_appeal(frozen: RotationYear, cast: Any) -> None:
    waiting, alice = appealed(frozen, cast), cast.teachers["alice"]
    first = frozen.snapshot_id
    given = county_for_plan(frozen).teacher_by_id[alice.number]
    state = TeacherState.objects.current().get(teacher=alice)
    why = Why(cast.users["bureau_clerk"], "按调令更正", "edit")
    change_state(alice, {"joined_current_school": date(2025, 9, 1)}, version=state.pk, on=None, why=why)
    with pytest.raises(StaleSnapshotError):
        county_for_plan(frozen)
    actions.decide_appeal(waiting, upheld=True, opinion="属实", by=cast.users["section_head"])
    frozen.refresh_from_db()
    known = county_for_plan(frozen).teacher_by_id[alice.number]
    assert given.joined_current_school != known.joined_current_school == date(2025, 9, 1)
    assert frozen.snapshot_id != first
    assert Verdict.objects.get(year=frozen, teacher=alice, current=True).snapshot_id == frozen.snapshot_id
    fixed = AuditEvent.objects.get(action="rotation.facts.fixed_anew")
    assert (fixed.before["snapshot"], fixed.after["snapshot"]) == (first, frozen.snapshot_id)
    assert "属实" not in f"{fixed.reason}{fixed.after}"


def test_facts_put_right_without_an_appeal_are_fixed_anew_and_whoever_they_change_is_told(
    frozen: RotationYear, cast: Any
) -> None:
    alice, address = cast.teachers["alice"], f"/rotation/{frozen.pk}/verdicts/anew/"
    before = Verdict.objects.get(year=frozen, teacher=alice, current=True)
    state = TeacherState.objects.current().get(teacher=alice)
    why = Why(cast.users["bureau_clerk"], "名册录入有误", "edit")
    change_state(alice, {"full_time": False, "on_establishment": False}, version=state.pk, on=None, why=why)
    clerk = cast.client("bureau_clerk")
    assert address in clerk.get(f"/rotation/{frozen.pk}/verdicts/").content.decode()
    assert clerk.post(address, {"reason": ""}).status_code == 422
    assert clerk.post(address, {"reason": "名册录入有误，已更正"}).status_code == 302
    now = Verdict.objects.get(year=frozen, teacher=alice, current=True)
    assert (now.replaces, now.word != before.word) == (before, True)
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.verdict.changed").count() == 1
    others = Verdict.objects.filter(year=frozen, current=True).exclude(teacher=alice)
    assert not others.filter(replaces__isnull=False).exists(), "nobody else is judged otherwise"
    frozen.refresh_from_db()
    assert county_for_plan(frozen).teacher_by_id[alice.number].full_time is False


def test_an_appeal_is_dismissed_with_reasons_in_the_page(frozen: RotationYear, cast: Any) -> None:
    teacher = cast.client("teacher")
    evidence = SimpleUploadedFile("调令.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    answer = teacher.post(
        f"/rotation/{frozen.pk}/appeals/new/", {"text": "入校时间不对", "evidence": evidence}, follow=True
    )
    assert "入校时间不对" in answer.content.decode()
    held = FactAppeal.objects.get()
    address = held.get_absolute_url()
    clerk = cast.client("bureau_clerk")
    assert "调令.pdf" in clerk.get(address).content.decode()
    assert clerk.post(address, {"upheld": "0", "opinion": ""}).status_code == 422
    clerk.post(address, {"upheld": "0", "opinion": "档案与调令一致"})
    held.refresh_from_db()
    assert (held.status, held.decided_by) == (AppealStatus.DISMISSED, cast.users["bureau_clerk"])
    assert "档案与调令一致" in teacher.get(address).content.decode()
    assert cast.client("principal").get(address).status_code == 403
    assert cast.client("teacher_of_hedong").get(address).status_code == 404


def test_an_appeal_after_the_phase_is_refused(frozen: RotationYear, cast: Any) -> None:
    held = Verdict.objects.get(year=frozen, teacher=cast.teachers["alice"])
    phase = frozen.phases.get(kind=PhaseKind.ELIGIBILITY)
    with pytest.raises(ClosedPhaseError):
        actions.appeal(held, text="晚了", by=cast.users["teacher"], at=phase.closes)
    assert actions.appeal(held, text="正好", by=cast.users["teacher"], at=phase.closes - timedelta(seconds=1))


def test_another_appeal_is_not_taken_in_silently_and_the_own_page_shows_the_one_there_is(
    frozen: RotationYear, cast: Any
) -> None:
    teacher, address = cast.client("teacher"), f"/rotation/{frozen.pk}/appeals/new/"
    assert "待复核" not in teacher.get(frozen.own_url).content.decode()
    for _twice in range(2):
        assert teacher.post(address, {"text": "任教年限应为三年"}).status_code == 302
    refused = teacher.post(address, {"text": "职务也不对"})
    assert refused.status_code == 422 and "请先撤回" in refused.content.decode()
    held = FactAppeal.objects.get()
    page = teacher.get(frozen.own_url).content.decode()
    assert "待复核" in page and held.get_absolute_url() in page


def test_who_does_not_move_is_not_asked_whether_he_wants_to_be_left_out(cast: Any, make_year: Any, judge: Any) -> None:
    year = make_year(PhaseKind.ELIGIBILITY, PhaseKind.APPLICATIONS)
    found = judge(year, "alice", "must")
    assert "申请暂缓或免除" in cast.client("teacher").get(year.own_url).content.decode()
    Verdict.objects.filter(pk=found.pk).update(standing="no")
    assert "申请暂缓或免除" not in cast.client("teacher").get(year.own_url).content.decode()
