"""Scenarios of a year: the same plan everywhere, computed once, changed by hand, chosen by two."""

from __future__ import annotations

import hashlib
import html
import json
import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run
from junheng.documents import county_digest, write_county
from junheng.facts import Subject
from junheng.planning.checking import check
from junheng.planning.problem import Assignment
from junheng.planning.proof.interchange import plan_file
from junheng.planning.year import plan_year
from junheng.policy import load_pack
from junheng.web.directory.models import Organisation
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import proofs
from junheng.web.rotation.actions import adopting, changing
from junheng.web.rotation.actions import scenarios as actions
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.assembling import StaleSnapshotError, county_for_plan, excused_by, pins_of, unyielding
from junheng.web.rotation.computing import request_of
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    ManualChange,
    PhaseKind,
    Pin,
    PinKind,
    Placement,
    Relief,
    Scenario,
    ScenarioStatus,
    Verdict,
)
from junheng.web.rotation.overtaken import overtaken
from junheng.web.staffing.models import AssessmentEntry, TeacherState, TitleEntry
from junheng.web.staffing.refusal import RefusedError

# --- the same county, the same plan ----------------------------------------------------------------------------------


def test_the_county_planned_for_is_the_snapshot_with_this_years_applications(bureau: Any) -> None:
    county = county_for_plan(bureau.year)
    assert county.on == bureau.year.snapshot.on
    assert county_digest(county) == county_digest(asked(bureau.facts))


def asked(county: Any) -> Any:
    """The county in which whoever has not applied has no wishes, as the year knows them."""
    return replace(
        county,
        teachers=tuple(
            each if each.applied else replace(each, applied=False, wishes=(), commute_limit_km=None)
            for each in county.teachers
        ),
    )


def test_only_accepted_applications_are_known_to_a_plan(bureau: Any) -> None:
    row = Application.objects.filter(year=bureau.year).select_related("teacher").first()
    Application.objects.filter(pk=row.pk).update(status=ApplicationStatus.AT_CLUSTER)
    teacher = county_for_plan(bureau.year).teacher_by_id[row.teacher.number]
    assert teacher.applied is False
    assert teacher.wishes == ()


def test_spouses_who_apply_together_and_name_each_other_are_spouses_to_the_planner(bureau: Any) -> None:
    rows = [
        row
        for row in Application.objects.filter(year=bureau.year).select_related("teacher")
        if not bureau.facts.teacher_by_id[row.teacher.number].family.spouse_id
    ]
    one, other = rows[:2]
    Application.objects.filter(pk=one.pk).update(partner=other.teacher)
    county = county_for_plan(bureau.year)
    assert not county.teacher_by_id[one.teacher.number].family.spouse_id
    assert not county.teacher_by_id[other.teacher.number].family.spouse_id
    Application.objects.filter(pk=other.pk).update(partner=one.teacher)
    county = county_for_plan(bureau.year)
    assert county.teacher_by_id[one.teacher.number].family.spouse_id == other.teacher.number
    assert county.teacher_by_id[other.teacher.number].family.spouse_id == one.teacher.number


@pytest.mark.covers("R-007")
def test_whoever_accepts_his_wishes_only_is_sent_nowhere_else(ready: Any) -> None:
    move = ready.scenario.moves.filter(wish_rank__isnull=True).select_related("teacher", "to_school").first()
    asked_for = Application.objects.filter(year=ready.year, teacher=move.teacher)
    if not asked_for.exists():
        apply_to(ready, move.teacher)
    asked_for.update(obeys=False)
    county = county_for_plan(ready.year)
    wished = set(asked_for.get().choices.values_list("school__code", flat=True))
    assert unyielding(ready.year) == {move.teacher.number: wished}
    closed = {each.school_id for each in pins_of(ready.year, county) if each.teacher_id == move.teacher.number}
    assert move.to_school.code in closed
    assert not closed & wished
    again = ready.compute("只按志愿")
    found = again.moves.filter(teacher=move.teacher).first()
    assert found is None or found.to_school.code in wished
    kept, _assignments = proofs.workings(again)
    elsewhere = next(unit for unit, (code, _stage) in kept.units.items() if code == move.to_school.code)
    report = check(kept.problem, [Assignment(move.teacher.number, elsewhere, move.taught)])
    assert "forbid" in {each.rule for each in report.violations}
    page = ready.client("clerk").get(again.get_absolute_url()).content.decode()
    assert "只接受所填志愿" in page


def apply_to(bureau: Any, teacher: Any) -> None:
    """An accepted application with one wish of a school that the teacher was not sent to."""
    own = bureau.facts.teacher_by_id[teacher.number]
    there = (s for s in bureau.facts.schools if own.stage in s.stages and s.pupils(own.stage))
    other = next(s for s in there if s.id != own.works_at)
    school = Organisation.objects.get(county=bureau.county, code=other.id)
    made = Application.objects.create(
        year=bureau.year,
        teacher=teacher,
        school=teacher.state.school,
        number=f"X-{teacher.number}",
        key=uuid.uuid4(),
        status=ApplicationStatus.ACCEPTED,
        submitted_at=timezone.now(),
        received_at=timezone.now(),
    )
    made.choices.create(rank=1, school=school)


def test_whoever_must_move_is_not_bound_to_his_wishes_by_himself(bureau: Any) -> None:
    row = Application.objects.filter(year=bureau.year).select_related("teacher").first()
    Application.objects.filter(pk=row.pk).update(obeys=False)
    assert row.teacher.number in unyielding(bureau.year)
    Verdict.objects.create(
        year=bureau.year,
        teacher=row.teacher,
        school=row.school,
        word="in_scope",
        standing="must",
        snapshot=bureau.year.snapshot,
        judged_at=timezone.now(),
    )
    assert unyielding(bureau.year) == {}


def test_whoever_has_been_granted_a_relief_is_known_to_the_pack_and_stays(ready: Any) -> None:
    move = ready.scenario.moves.select_related("teacher", "from_school").first()
    relief = Relief.objects.create(
        year=ready.year, teacher=move.teacher, school=move.from_school, ground="work_need", ground_text="重点课题",
        status="granted", office="县教育局", requested_by=ready.users["clerk"], requested_at=timezone.now(),
        received_at=timezone.now(), key=uuid.uuid4(), decided_by=ready.users["head"], decided_at=timezone.now(),
        since=ready.year.starts, until=ready.year.ends,
    )  # fmt: skip
    county = county_for_plan(ready.year)
    known = county.teacher_by_id[move.teacher.number]
    assert (known.deferral_reason, known.deferral_approved_by) == ("work_need", "县教育局")
    assert [(each.teacher_id, each.kind) for each in pins_of(ready.year, county)] == [(known.id, "stay")]
    Relief.objects.filter(pk=relief.pk).update(
        until=ready.year.starts - timedelta(days=1), since=ready.year.starts - timedelta(days=30)
    )
    assert county_for_plan(ready.year).teacher_by_id[known.id].deferral_reason == ""
    assert pins_of(ready.year, county) == []


def test_a_scenario_overtaken_by_a_relief_is_not_proposed_until_it_agrees(ready: Any) -> None:
    move = ready.scenario.moves.select_related("teacher", "from_school").first()
    assert overtaken(ready.scenario) == []
    Relief.objects.create(
        year=ready.year, teacher=move.teacher, school=move.from_school, ground="illness", ground_text="住院",
        status="granted", office="县教育局", requested_by=ready.users["clerk"], requested_at=timezone.now(),
        received_at=timezone.now(), key=uuid.uuid4(), decided_by=ready.users["head"], decided_at=timezone.now(),
        since=ready.year.starts, until=ready.year.ends, clause="第八条",
    )  # fmt: skip
    assert excused_by(ready.year) == {f"stay:{move.teacher.number}": "第八条"}
    with pytest.raises(RefusedError, match="暂缓或免除"):
        adopting.propose(ready.scenario, by=ready.users["head"], version=1)
    page = ready.client("head").get(ready.scenario.get_absolute_url()).content.decode()
    assert move.teacher.number in page
    assert "已批准暂缓或免除" in page
    changing.change(
        ready.scenario, teacher=move.teacher, school=None, reason="已批准暂缓", version=1, by=ready.users["clerk"]
    )
    ready.scenario.refresh_from_db()
    assert overtaken(ready.scenario) == []


@pytest.mark.parametrize("kind", PinKind.values)
def test_a_scenario_overtaken_by_a_decision_on_a_teacher_is_not_proposed(ready: Any, kind: str) -> None:
    move = ready.scenario.moves.select_related("teacher", "to_school", "from_school").first()
    kept, _assignments = proofs.workings(ready.scenario)
    here = {code for code, stage in kept.units.values() if stage.value == move.stage}
    others = Organisation.objects.filter(county=ready.county, kind="school", code__in=here)
    other = others.exclude(pk__in=(move.to_school_id, move.from_school_id)).first()
    school = {PinKind.STAY: None, PinKind.FORBID: move.to_school, PinKind.TO: other}[PinKind(kind)]
    made = actions.pin(
        ready.year, teacher=move.teacher, kind=kind, school=school, reason="另有安排", by=ready.users["clerk"]
    )
    with pytest.raises(RefusedError, match="指定或禁止"):
        adopting.propose(ready.scenario, by=ready.users["head"], version=1)
    actions.withdraw_pin(made, reason="不再需要", by=ready.users["clerk"])
    assert overtaken(ready.scenario) == []


def test_nobody_is_sent_where_no_plan_could_send_him(ready: Any) -> None:
    move = ready.scenario.moves.filter(stage="primary").select_related("teacher").first()
    kept, _assignments = proofs.workings(ready.scenario)
    stages: dict[str, set[str]] = {}
    for code, stage in kept.units.values():
        stages.setdefault(code, set()).add(stage.value)
    schools = Organisation.objects.filter(county=ready.county, kind="school")
    junior = schools.filter(code__in=[code for code, known in stages.items() if known == {"junior"}]).first()
    by = ready.users["clerk"]

    def sent(teacher: Any, school: Any, kind: str = "pin") -> None:
        actions.pin(ready.year, teacher=teacher, kind=kind, school=school, reason="需要", by=by)

    for kind in ("pin", "forbid"):
        with pytest.raises(RefusedError, match="学段"):
            sent(move.teacher, junior, kind)
    Verdict.objects.create(
        year=ready.year, teacher=move.teacher, school=move.from_school, standing="no", word="near_retirement",
        clause="第六条", because_zh="距退休不足五年", because_en="retires soon", snapshot=ready.year.snapshot,
        judged_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(RefusedError, match="第六条"):
        sent(move.teacher, move.to_school)
    assert not Pin.objects.exists()


def test_whom_the_clerk_sent_beforehand_counts_as_decided_by_hand(ready: Any) -> None:
    move = ready.scenario.moves.select_related("teacher", "to_school").first()
    assert proofs.decided_by_hand(ready.scenario) == 0
    by = ready.users["clerk"]
    actions.pin(ready.year, teacher=move.teacher, kind="pin", school=move.to_school, reason="已商定", by=by)
    again = ready.compute("有一人指定")
    assert again.moves.filter(teacher=move.teacher, to_school=move.to_school).exists()
    assert proofs.decided_by_hand(again) == 1
    changing.change(again, teacher=move.teacher, school=None, reason="改主意", version=1, by=by)
    assert proofs.decided_by_hand(Scenario.objects.get(pk=again.pk)) == 1


def test_a_decision_that_a_scenario_keeps_anyhow_does_not_overtake_it(ready: Any) -> None:
    move = ready.scenario.moves.select_related("teacher", "to_school").first()
    by = ready.users["clerk"]
    actions.pin(ready.year, teacher=move.teacher, kind="pin", school=move.to_school, reason="已商定", by=by)
    assert overtaken(ready.scenario) == []


def test_a_county_that_is_no_longer_as_it_was_fixed_is_refused(bureau: Any) -> None:
    TeacherState.objects.filter(teacher__county=bureau.county).update(name="改了名")
    with pytest.raises(StaleSnapshotError, match=bureau.year.snapshot.pk):
        county_for_plan(bureau.year)
    scenario = bureau.compute()
    assert scenario.status == ScenarioStatus.FAILED
    assert bureau.year.snapshot.pk in actions.told_of(scenario)["refusal"]["zh"]


def test_library_command_line_and_web_make_the_same_plan(ready: Any, tmp_path: Path) -> None:
    scenario, county, pack = ready.scenario, asked(ready.facts), load_pack("YUNLING")
    made = plan_year(county, pack, request_of(scenario, county))
    assert hashlib.sha256(plan_file(made.result.assignments)).hexdigest() == scenario.plan_digest
    kept, assignments = proofs.workings(scenario)
    assert assignments == tuple(sorted(made.result.assignments))
    assert {who: said for who, (said, _cited) in kept.verdicts.items()} == {
        each.id: each.verdict for each in made.assembly.problem.teachers
    }
    write_county(county, tmp_path / "county.xlsx", "zh")
    words = ["plan", str(tmp_path / "county.xlsx"), "--policy", "YUNLING", "--on", scenario.year.on.isoformat(),
             "--year", str(scenario.year.year), "--gap", str(scenario.gap), "-o", str(tmp_path / "out")]  # fmt: skip
    assert run(COMMANDS, words) == 0
    by_command = (tmp_path / "out" / "plan.csv").read_bytes()
    assert hashlib.sha256(by_command).hexdigest() == scenario.plan_digest


def test_a_plan_comes_with_its_moves_figures_proof_and_trail(ready: Any) -> None:
    scenario = ready.scenario
    kept, assignments = proofs.workings(scenario)
    report = check(kept.problem, assignments)
    assert report.feasible
    assert scenario.status == ScenarioStatus.READY
    assert scenario.moves.count() == scenario.moves_count == len(assignments) > 0
    assert scenario.figures["objective"] == report.figures.objective
    assert scenario.figures["wishes_met"] == list(report.figures.wishes_met)
    first = scenario.moves.select_related("teacher", "to_school").first()
    assert first.because_zh
    assert first.because_en
    trail = AuditEvent.objects.get(action="rotation.plan.computed", object_id=str(scenario.pk))
    assert trail.after["plan"] == scenario.plan_digest
    assert trail.after["root"] == scenario.root


def test_what_holds_of_a_request_is_the_years_and_over_it_the_scenarios(ready: Any) -> None:
    year = ready.year
    year.parameters = {"commute_km": 25}
    scenario = Scenario(
        year=year, parameters={"backbone_share": 0.1}, seed=3, gap=0.01, mechanism="tobe", hold="reward"
    )
    found = request_of(scenario, ready.facts)
    assert found.parameters == {"commute_km": 25, "backbone_share": 0.1}
    assert (found.on, found.plan_year, found.seed, found.gap) == (year.on, 2026, 3, 0.01)
    assert (found.voluntary.mechanism, found.voluntary.hold) == ("tobe", "reward")


def test_a_scenario_is_asked_for_in_its_phase_and_with_parameters_of_the_pack(bureau: Any) -> None:
    clerk = bureau.users["clerk"]
    with pytest.raises(RefusedError, match="commute_km"):
        actions.ask_for(bureau.year, actions.Asked("甲", {"commute_km": "很远"}), by=clerk)
    with pytest.raises(RefusedError, match="目标次序"):
        actions.ask_for(bureau.year, actions.Asked("甲", order="beauty"), by=clerk)
    bureau.open(PhaseKind.SERVICE)
    with pytest.raises(ClosedPhaseError):
        actions.ask_for(bureau.year, actions.Asked("甲"), by=clerk)
    assert not Scenario.objects.filter(year=bureau.year, name="甲").exists()


def test_goals_in_an_order_and_exchanges_make_other_plans(bureau: Any) -> None:
    scenario = bureau.compute("先志愿", order="wishes:1%,balance", mechanism="tobe", hold="reward", gap=0.02)
    assert scenario.status == ScenarioStatus.READY
    kept, assignments = proofs.workings(scenario)
    assert kept.run["voluntary"]["mechanism"] == "tobe"
    assert check(kept.problem, assignments).feasible


def test_without_a_plan_the_clerk_reads_what_conflicts_and_what_would_do(bureau: Any) -> None:
    """A commute that leaves people who must move nowhere to go: said in words, and nobody can propose it."""
    scenario = bureau.compute("太多", parameters={"commute_km": "1"})
    assert scenario.status == ScenarioStatus.INFEASIBLE
    assert scenario.root == ""
    told = actions.told_of(scenario)
    assert told["conflict"]["conflicts"]
    assert told["conflict"]["alone"]
    with pytest.raises(RefusedError, match="不能采用"):
        adopting.propose(scenario, by=bureau.users["head"], version=scenario.version)
    page = bureau.client("clerk").get(scenario.get_absolute_url())
    assert "哪些规则冲突" in page.content.decode()
    assert told["conflict"]["conflicts"][0][0]["zh"] in page.content.decode()
    assert "云教〔2026〕8号 第十二条" in page.content.decode()
    assert "单程距离上限：1" in page.content.decode()
    rules = [rule for conflict in told["conflict"]["conflicts"] for rule in conflict]
    assert {rule["clause"] for rule in rules if rule["kind"]["zh"] == "通勤上限"} == {"云教〔2026〕8号 第十二条"}
    _names_no_quota_by_its_id(bureau, page.content.decode())


def test_what_costs_most_is_named_in_words_with_its_clause(ready: Any) -> None:
    """A price is of what the pack asks for, in both languages; the ids of its quotas are for its authors."""
    prices = actions.told_of(ready.scenario)["prices"]
    cited = [each for each in prices if each["clause"]]
    assert {each["clause"] for each in cited} <= {f"云教〔2026〕8号 第{n}条" for n in ("十", "十一", "十二")}
    assert cited
    for lang in ("zh-hans", "en"):
        client = ready.client("clerk")
        client.cookies["django_language"] = lang
        page = client.get(ready.scenario.get_absolute_url()).content.decode()
        _names_no_quota_by_its_id(ready, page)
        assert cited[0]["en" if lang == "en" else "zh"] in html.unescape(page)
        assert cited[0]["clause"] in page


def _names_no_quota_by_its_id(bureau: Any, page: str) -> None:
    quotas = pack_of(bureau.year).planning.quotas
    assert quotas
    assert not [each.id for each in quotas if each.id in page]


# --- decisions before planning ---------------------------------------------------------------------------------------


def test_whoever_must_move_and_does_not_is_named_with_the_clause_of_the_document(ready: Any) -> None:
    kept, assignments = proofs.workings(ready.scenario)
    moving = {each.teacher_id for each in assignments}
    person = next(each.id for each in kept.problem.teachers if each.verdict == "must" and each.id in moving)
    tried = changing.try_change(ready.scenario, teacher=ready.teacher(person), school=None)
    (said,) = [each for each in tried.new if each["rule"] == "must"]
    assert said["clause"] == "云教〔2026〕8号 第四条"


def test_decisions_are_kept_to_counted_and_withdrawn_with_a_reason(ready: Any) -> None:
    clerk, move = ready.users["clerk"], ready.scenario.moves.select_related("teacher", "to_school").first()
    stay = actions.pin(ready.year, teacher=move.teacher, kind="stay", reason="学校有在研课题", by=clerk)
    with pytest.raises(RefusedError, match="相同或互相矛盾"):
        actions.pin(ready.year, teacher=move.teacher, kind="pin", school=move.to_school, reason="改派", by=clerk)
    scenario = ready.compute("留任之后")
    assert scenario.pins == 1
    assert not scenario.moves.filter(teacher=move.teacher).exists()
    with pytest.raises(RefusedError, match="理由"):
        actions.withdraw_pin(stay, reason=" ", by=clerk)
    actions.withdraw_pin(stay, reason="课题已结题", by=clerk)
    actions.pin(ready.year, teacher=move.teacher, kind="pin", school=move.to_school, reason="改派", by=clerk)
    assert Pin.objects.filter(year=ready.year).count() == 2
    assert AuditEvent.objects.filter(action="rotation.pin.withdrawn").get().reason == "课题已结题"


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_a_change_by_hand_is_checked_reasoned_counted_and_proved_anew(ready: Any) -> None:
    scenario, clerk = ready.scenario, ready.users["clerk"]
    move = scenario.moves.select_related("teacher").first()
    before = (scenario.root, scenario.plan_digest)
    tried = changing.try_change(scenario, teacher=move.teacher, school=None)
    assert Scenario.objects.get(pk=scenario.pk).plan_digest == before[1]
    with pytest.raises(RefusedError, match="理由"):
        changing.change(scenario, teacher=move.teacher, school=None, reason="", version=1, by=clerk)
    made = changing.change(scenario, teacher=move.teacher, school=None, reason="家访后改", version=1, by=clerk)
    scenario.refresh_from_db()
    kept, assignments = proofs.workings(scenario)
    report = check(kept.problem, assignments)
    assert made.broken == tried.broken == len(report.violations) == scenario.figures["broken"]
    assert (scenario.status == ScenarioStatus.READY) is report.feasible
    assert bool(scenario.root) is report.feasible
    assert scenario.plan_digest != before[1]
    assert (scenario.version, scenario.manual, scenario.moves_count) == (2, 1, len(assignments))
    assert kept.run["manual_moves"] == 1
    if report.violations:
        with pytest.raises(RefusedError, match="不能采用"):
            adopting.propose(scenario, by=clerk, version=2)
    with pytest.raises(RefusedError, match="已被改动"):
        changing.change(scenario, teacher=move.teacher, school=move.to_school, reason="再改", version=1, by=clerk)
    changing.change(
        scenario, teacher=move.teacher, school=move.to_school, subject=move.taught, reason="改回", version=2, by=clerk
    )
    scenario.refresh_from_db()
    assert scenario.plan_digest == before[1]
    assert scenario.root != before[0]
    assert (scenario.status, scenario.manual) == (ScenarioStatus.READY, 1)
    assert scenario.moves.get(teacher=move.teacher).manual
    assert ManualChange.objects.filter(scenario=scenario).count() == 2


def test_a_change_that_is_refused_is_checked_again_before_it_is_written(ready: Any) -> None:
    scenario = ready.scenario
    move = scenario.moves.select_related("teacher").first()
    client, address = ready.client("clerk"), f"{scenario.get_absolute_url()}change/"
    asked = {"teacher": move.teacher.number, "school": "", "subject": "", "reason": "家中有事", "confirmed": "1"}
    stale = client.post(address, asked | {"version": 7})
    assert stale.status_code == 422
    shown = stale.context["form"]
    assert (shown["confirmed"].value(), shown["version"].value()) == ("", str(scenario.version))
    assert client.post(address, asked | {"version": 1, "reason": ""}).status_code == 422
    assert ManualChange.objects.count() == 0
    assert client.post(address, asked | {"version": 1}).status_code == 302
    assert ManualChange.objects.get().reason == "家中有事"


def tried_subject(candidate: Any) -> str:
    """The label of the candidate's main subject."""
    return Subject.read(candidate.subject).zh


def test_what_a_change_breaks_is_said_in_words_with_names(ready: Any) -> None:
    scenario = ready.scenario
    kept, assignments = proofs.workings(scenario)
    moving = {each.teacher_id for each in assignments}
    never = next(each for each in kept.problem.teachers if each.verdict == "no" and each.id not in moving)
    unit = next(u for u in kept.problem.schools if u.stage == never.stage and u.id != never.school_id)
    school = ready.county.within_county.get(kind="school", code=kept.units[unit.id][0])
    tried = changing.try_change(scenario, teacher=ready.teacher(never.id), school=school)
    said = [each["zh"] for each in tried.new if each["rule"] == "verdict"]
    assert said
    assert ready.teacher(never.id).state.name in said[0]
    answer = ready.client("clerk").post(
        f"{scenario.get_absolute_url()}change/", {"teacher": never.id, "school": school.pk, "subject": "", "version": 1}
    )
    assert answer.status_code == 200
    page = answer.content.decode()
    assert said[0] in page
    assert html.escape(str(ready.teacher(never.id))) in page
    assert f"{school} {tried_subject(never)}" in page
    assert ManualChange.objects.count() == 0
    move = scenario.moves.first()
    stays = changing.try_change(scenario, teacher=move.teacher, school=None)
    lacking = [each for each in stays.new if each["rule"] == "refill"]
    assert lacking
    assert all(each["clause"].startswith("云教〔2026〕8号 第") for each in stays.new if each["rule"] != "refill")
    asked = [each for each in stays.new if each["rule"] == "quota"]
    assert all("stage10" not in each["zh"] and "符合条件教师" in each["zh"] for each in asked)
    for each in lacking:
        assert ":" not in each["zh"]
        assert "学科补位" in each["zh"]
        assert any(name in each["zh"] for name in (str(move.to_school), str(move.from_school)))


# --- chosen by two ---------------------------------------------------------------------------------------------------


def test_one_plan_a_year_is_proposed_and_taken_back_with_a_reason(ready: Any) -> None:
    head, other = ready.users["head"], ready.compute("另一个", gap=0.02)
    adopting.propose(ready.scenario, by=head, version=1)
    with pytest.raises(RefusedError, match="选定另一个"):
        adopting.propose(other, by=ready.users["leader"], version=1)
    with pytest.raises(RefusedError, match="理由"):
        adopting.take_back(ready.scenario, reason="", by=head)
    adopting.take_back(ready.scenario, reason="重新比较", by=head)
    adopting.propose(other, by=head, version=1)
    with pytest.raises(RefusedError, match="须先撤回提请"):
        actions.set_aside(other, reason="不用", by=ready.users["clerk"])


def test_a_plan_is_not_adopted_before_its_notice(ready: Any) -> None:
    adopting.propose(ready.scenario, by=ready.users["head"], version=1)
    ready.open(PhaseKind.OBJECTIONS)
    with pytest.raises(RefusedError, match="还没有公示"):
        adopting.adopt(ready.scenario, by=ready.users["leader"])
    with pytest.raises(RefusedError, match="另一人确认"):
        adopting.adopt(ready.scenario, by=ready.users["head"])
    assert not Placement.objects.exists()


# --- pages -----------------------------------------------------------------------------------------------------------


def test_the_pages_of_planning_answer_with_a_constant_number_of_queries(ready: Any) -> None:
    client, url = ready.client("head"), ready.scenario.get_absolute_url()
    list_url = url.rsplit(f"{ready.scenario.pk}/", 1)[0]
    counts = {}
    for page in (list_url, url, f"{url}moves/", f"{url}flow/", f"{list_url}compare/"):
        assert client.get(page).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as first:
            client.get(page)
        counts[page] = len(first)
    ready.compute("再一个", gap=0.02)
    for page, before in counts.items():
        with CaptureQueriesContext(connection) as now:
            answer = client.get(page)
        assert answer.status_code == 200
        assert len(now) <= before + 1, page
        assert len(now) <= 30, page


@pytest.mark.covers("R-198")
def test_the_planning_pages_tell_what_the_plan_is(ready: Any) -> None:
    client, url = ready.client("clerk"), ready.scenario.get_absolute_url()
    told = actions.told_of(ready.scenario)
    page = client.get(url).content.decode()
    assert ready.scenario.root in page
    for row in ready.scenario.figures["stages"]:
        assert f"{row['before']:.3f}" in page
        assert f"{row['after']:.3f}" in page
    assert told["prices"][0]["zh"] in page
    moves = client.get(f"{url}moves/").content.decode()
    move = ready.scenario.moves.select_related("teacher", "to_school").first()
    assert move.teacher.state.name in moves
    flow = client.get(f"{url}flow/").content.decode()
    assert str(move.to_school) in flow
    assert 'data-chart="map"' in flow


@pytest.mark.covers("R-201")
def test_the_moves_of_a_plan_show_how_each_was_appraised_since_his_appointment(ready: Any) -> None:
    move = ready.scenario.moves.select_related("teacher").order_by("from_school__position").first()
    on = ready.year.snapshot.on
    known = {"teacher": move.teacher, "valid_from": date(on.year - 9, 1, 1), "source": "test"}
    TitleEntry.objects.create(title="senior", start=on - timedelta(days=1500), **known)
    AssessmentEntry.objects.filter(teacher=move.teacher).delete()
    for year, score in ((on.year - 2, 93.25), (on.year - 1, 77.5)):
        AssessmentEntry.objects.create(year=year, score=score, rank=3, of=9, **known)
    page = ready.client("clerk").get(f"{ready.scenario.get_absolute_url()}moves/?q={move.teacher.number}")
    assert f"{on.year - 2}: 93.2 → {on.year - 1}: 77.5；变化 −15.8 分；最近名次 3/9" in page.content.decode()


def test_a_clerk_asks_for_a_plan_and_sees_its_progress(bureau: Any) -> None:
    client = bureau.client("clerk")
    new = f"/rotation/{bureau.year.pk}/scenarios/new/"
    assert client.get(new).status_code == 200
    given = {"name": "网上建的", "order": "", "mechanism": "", "hold": "fix", "gap": "2", "seed": "0",
             "p_commute_km": "28"}  # fmt: skip
    answer = client.post(new, given)
    scenario = Scenario.objects.get(name="网上建的")
    assert answer.url == scenario.get_absolute_url()
    assert scenario.parameters == {"commute_km": 28}
    assert 'id="job"' in client.get(answer.url).content.decode()
    run_due()
    assert client.get(answer.url).status_code == 200
    scenario.refresh_from_db()
    assert scenario.is_computed


def test_the_kept_file_is_refused_when_it_was_changed(ready: Any) -> None:
    file = ready.scenario.files.get()
    file.sha256 = "0" * 64
    file.save()
    with pytest.raises(RefusedError, match="摘要不符"):
        proofs.workings(ready.scenario)


def test_sentences_are_kept_in_both_languages(ready: Any) -> None:
    told = json.loads(ready.scenario.told_text)
    assert all(each["zh"] and each["en"] for each in told["prices"])
