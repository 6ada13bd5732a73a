"""The approvals chain of an establishment plan: steps, two persons, totals, races, crashes (R-273 to R-278, R-285)."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, connections, transaction

from junheng.documents import county_digest
from junheng.facts.synthetic.chance import generator
from junheng.web.directory.models import RoleGrant
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import figures, snapshot
from junheng.web.staffing.actions import establishment as actions
from junheng.web.staffing.allocation import divide
from junheng.web.staffing.models import EstablishmentPlan, PlanLine, PlanStep, PostsEntry, TrainingEntry
from junheng.web.staffing.refusal import RefusedError

PLANS = "/staffing/establishment/plans/"
DAY = date(2027, 1, 1)
VERIFY = {
    "body": "县委编办",
    "jointly_with": "县财政局",
    "document_number": "编核1号",
    "on": "2026-11-12",
    "opinion": "",
}
APPROVE = {"body": "县编委", "jointly_with": "", "document_number": "编委3号", "on": "2026-11-15", "opinion": ""}
FILING = {"body": "县委编办", "document_number": "备2026-7", "on": "2026-11-20", "opinion": ""}


@pytest.fixture
def schools(cast, lay):
    """Hedong needs 11, Xishan 6 and 7, Yucai 30: 54 in all by the unified norm."""
    lay.pupils(cast.hedong, "primary", 209, 6)
    lay.pupils(cast.xishan, "primary", 114, 6)
    lay.pupils(cast.xishan, "junior", 94, 3)
    lay.pupils(cast.yucai, "junior", 405, 9)
    lay.posts(cast.hedong, "primary", 8)
    lay.posts(cast.yucai, "junior", 30)
    return cast


def drafted(cast):
    answer = cast.client("bureau_clerk").post(
        PLANS + "draft/", {"title": "云山县2026年编制方案", "on": "2026-11-01", "effective_from": DAY.isoformat()}
    )
    plan = EstablishmentPlan.objects.order_by("-version").first()
    assert answer.status_code == 302
    assert answer["Location"] == plan.get_absolute_url()
    return plan


def step(cast, who, plan, name, **given):
    answer = cast.client(who).post(f"{PLANS}{plan.pk}/{name}/", {"seen": plan.moves} | given)
    plan.refresh_from_db()
    return answer


def approved(cast, total=50):
    plan = drafted(cast)
    assert step(cast, "section_head", plan, "verify", total=52, **VERIFY).status_code == 302
    assert step(cast, "bureau_leader", plan, "approve", total=total, **APPROVE).status_code == 302
    return plan


def allotted(cast, **changed):
    plan = approved(cast)
    posts = {f"posts-{line.pk}": line.proposed for line in plan.lines.all()}
    assert step(cast, "bureau_clerk", plan, "allocate", reason="", **posts).status_code == 302
    return plan


@pytest.mark.covers("R-273", "R-274", "R-275", "R-276", "R-285")
def test_a_plan_goes_from_draft_to_filing_and_the_schools_have_their_posts_from_its_day(schools, read) -> None:
    cast = schools
    plan = drafted(cast)
    assert (plan.requested_total, plan.state, plan.lines.count()) == (54, "draft", 4)
    assert plan.snapshot is not None
    assert step(cast, "section_head", plan, "verify", total=52, **VERIFY).status_code == 302
    assert step(cast, "bureau_leader", plan, "approve", total=50, **APPROVE).status_code == 302
    posts = {f"posts-{line.pk}": line.proposed for line in plan.lines.all()}
    assert sum(posts.values()) == 50
    assert step(cast, "bureau_clerk", plan, "allocate", reason="", **posts).status_code == 302
    assert step(cast, "bureau_leader", plan, "file", **FILING).status_code == 302
    assert plan.state == "filed"
    assert [s.kind for s in plan.steps.all()] == ["drafted", "verified", "approved", "allocated", "filed"]
    verified = plan.steps.get(kind="verified")
    assert (verified.body, verified.jointly_with, verified.document_number) == ("县委编办", "县财政局", "编核1号")
    held = {(r.school_id, r.stage): r for r in PostsEntry.objects.current()}
    assert {key: row.posts for key, row in held.items()} == {
        (line.school_id, line.stage): line.allotted for line in plan.lines.all()
    }
    old = PostsEntry.objects.get(school=cast.hedong, source="test")
    assert (old.posts, old.valid_until) == (8, DAY)
    assert held[cast.hedong.pk, "primary"].valid_from == DAY
    assert figures.figures_of(cast.county, date(2026, 12, 31)).establishment.total("authorised") == 38
    assert figures.figures_of(cast.county, DAY).establishment.total("authorised") == 50
    said = read(cast.client("bureau_clerk").get("/staffing/establishment/?on=2027-01-02"))
    assert "审批总额 50，各校核定编制合计 50，未超总额" in said
    actions_done = list(AuditEvent.objects.filter(action__startswith="staffing.plan").order_by("number"))
    assert [e.action.rsplit(".", 1)[1] for e in actions_done] == [
        "drafted", "verified", "approved", "allocated", "filed",
    ]  # fmt: skip
    assert {e.author for e in actions_done} == {"ys-bureau_clerk", "ys-section_head", "ys-bureau_leader"}


@pytest.mark.covers("R-276")
def test_allotted_posts_above_the_approved_total_are_refused_by_form_and_by_database(schools, read) -> None:
    cast = schools
    plan = approved(cast)
    posts = {f"posts-{line.pk}": line.proposed for line in plan.lines.all()}
    first = plan.lines.first()
    posts[f"posts-{first.pk}"] += 1
    answer = step(cast, "bureau_clerk", plan, "allocate", reason="多要一个", **posts)
    assert answer.status_code == 422
    assert "分配合计 51 超过审批总额 50，多出 1" in read(answer)
    assert f'value="{first.proposed + 1}"' in answer.content.decode(), "what was typed stays"
    assert plan.state == "approved"
    assert not plan.lines.filter(allotted__isnull=False).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        EstablishmentPlan.objects.filter(pk=plan.pk).update(allocated_total=51)


def test_a_departure_from_the_proposal_needs_a_reason_and_keeps_it(schools, read) -> None:
    cast = schools
    plan = approved(cast)
    lines = list(plan.lines.all())
    posts = {f"posts-{line.pk}": line.proposed for line in lines}
    posts[f"posts-{lines[0].pk}"] -= 1
    assert "请写明调整理由" in read(step(cast, "bureau_clerk", plan, "allocate", reason=" ", **posts))
    assert step(cast, "bureau_clerk", plan, "allocate", reason="明年撤并", **posts).status_code == 302
    assert PlanLine.objects.get(pk=lines[0].pk).reason == "明年撤并"
    assert PlanLine.objects.get(pk=lines[1].pk).reason == ""
    assert step(
        cast, "bureau_clerk", plan, "allocate", reason="", **(posts | {f"posts-{lines[0].pk}": lines[0].proposed})
    )
    assert plan.allocated_total == 50, "until filed it may be allotted anew"


@pytest.mark.parametrize(
    "bad", [{"total": -1}, {"total": "many"}, {"total": 10**9}, {"document_number": ""}, {"on": "soon"}]
)
def test_a_decision_that_makes_no_sense_is_refused_and_changes_nothing(schools, bad) -> None:
    plan = drafted(schools)
    assert step(schools, "section_head", plan, "verify", **({"total": 52} | VERIFY | bad)).status_code == 422
    assert (plan.state, plan.moves) == ("draft", 0)


def test_the_approved_total_cannot_exceed_the_verified_one(schools, read) -> None:
    plan = drafted(schools)
    step(schools, "section_head", plan, "verify", total=52, **VERIFY)
    assert "审批总额 53 超过核定总额 52" in read(step(schools, "bureau_leader", plan, "approve", total=53, **APPROVE))
    assert plan.state == "verified"


def test_whoever_drafted_may_not_decide_even_with_every_role(schools, read) -> None:
    cast = schools
    for role in ("section_head", "bureau_leader"):
        RoleGrant.objects.create(
            user=cast.users["bureau_clerk"], role=role, organisation=cast.county, start=date(2026, 1, 1)
        )
    plan = drafted(cast)
    assert "拟定方案的人不能核定" in read(step(cast, "bureau_clerk", plan, "verify", total=52, **VERIFY))
    assert "拟定方案的人不能核定" in read(step(cast, "bureau_clerk", plan, "return", opinion="x"))
    assert plan.state == "draft"
    with pytest.raises(IntegrityError), transaction.atomic():
        EstablishmentPlan.objects.filter(pk=plan.pk).update(verified_by=plan.drafted_by)


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("bureau_clerk", "verify", 403), ("bureau_leader", "verify", 403), ("principal", "verify", 403),
        ("section_head", "approve", 403), ("leading_group", "file", 403), ("section_head", "allocate", 403),
        ("clerk_of_other_county", "allocate", 404), ("clerk_of_other_county", "withdraw", 404),
    ],
)  # fmt: skip
def test_each_step_is_for_its_own_role(schools, who, name, status) -> None:
    plan = drafted(schools)
    assert schools.client(who).get(f"{PLANS}{plan.pk}/{name}/").status_code == status
    assert step(schools, who, plan, name).status_code == status
    assert plan.state == "draft"


def test_a_principal_does_not_see_the_countys_plan(schools) -> None:
    plan = drafted(schools)
    assert schools.client("principal").get(f"{PLANS}{plan.pk}/").status_code == 404
    assert schools.client("leading_group").get(f"{PLANS}{plan.pk}/").status_code == 200


def test_a_step_out_of_turn_or_on_a_stale_page_is_refused(schools, read) -> None:
    plan = drafted(schools)
    assert "不能办理这一步" in read(step(schools, "bureau_leader", plan, "file", **FILING))
    stale = EstablishmentPlan.objects.get(pk=plan.pk)
    step(schools, "section_head", plan, "verify", total=52, **VERIFY)
    assert "刚刚被办理过" in read(step(schools, "section_head", stale, "verify", total=40, **VERIFY))
    assert EstablishmentPlan.objects.get().verified_total == 52


def test_a_returned_plan_keeps_its_opinion_and_the_next_version_shows_the_difference(schools, lay, read) -> None:
    cast = schools
    plan = drafted(cast)
    assert step(cast, "section_head", plan, "return", opinion="育才中学学生数有误").status_code == 302
    assert "育才中学学生数有误" in read(cast.client("bureau_clerk").get(plan.get_absolute_url()))
    lay.pupils(cast.yucai, "junior", 27, 1, grade=2)
    again = drafted(cast)
    assert (again.version, again.previous, again.requested_total) == (2, plan, 56)
    said = read(cast.client("bureau_clerk").get(again.get_absolute_url()))
    assert "+27" in said
    assert "+2" in said
    assert EstablishmentPlan.objects.get(pk=plan.pk).lines.count() == 4, "the returned version stays as it was"


@pytest.mark.covers("R-278")
def test_when_enrolment_changes_a_new_dated_version_is_reckoned_and_takes_over_from_its_day(schools, lay) -> None:
    cast = schools
    first = allotted(cast)
    step(cast, "bureau_leader", first, "file", **FILING)
    lay.pupils(cast.hedong, "primary", 190, 5, grade=2)
    clerk = cast.client("bureau_clerk")
    clerk.post(PLANS + "draft/", {"title": "调整", "on": "2026-11-02", "effective_from": "2027-09-01"})
    second = EstablishmentPlan.objects.get(version=2)
    assert (second.requested_total, second.previous) == (64, first)
    step(cast, "section_head", second, "verify", total=64, **VERIFY)
    step(cast, "bureau_leader", second, "approve", total=64, **APPROVE)
    posts = {f"posts-{line.pk}": line.proposed for line in second.lines.all()}
    step(cast, "bureau_clerk", second, "allocate", reason="", **posts)
    step(cast, "bureau_leader", second, "file", **FILING)
    by_day = [
        figures.figures_of(cast.county, day).establishment.total("authorised")
        for day in (date(2026, 12, 1), date(2027, 2, 1), date(2027, 9, 1))
    ]
    assert by_day == [38, 50, 64]


def test_one_plan_is_under_way_at_a_time_and_may_be_withdrawn(schools, read) -> None:
    plan = drafted(schools)
    clerk = schools.client("bureau_clerk")
    given = {"title": "又一个", "on": "2026-11-01", "effective_from": "2027-01-01"}
    assert "已有一个方案正在办理" in read(clerk.post(PLANS + "draft/", given))
    assert step(schools, "bureau_clerk", plan, "withdraw", opinion="数据有误").status_code == 302
    assert clerk.post(PLANS + "draft/", given).status_code == 302
    assert [p.state for p in EstablishmentPlan.objects.order_by("version")] == ["withdrawn", "draft"]


def test_a_plan_without_schools_is_refused(cast, lay, read) -> None:
    given = {"title": "早", "on": "2020-01-01", "effective_from": "2027-01-01"}
    assert "没有学校数据" in read(cast.client("bureau_clerk").post(PLANS + "draft/", given))
    assert not EstablishmentPlan.objects.exists()


def test_posts_are_divided_in_proportion_by_largest_remainder() -> None:
    shares = divide([11, 6, 7, 30], 50)
    assert [s.posts for s in shares] == [10, 6, 6, 28]
    assert [s.rank for s in shares] == [4, 2, 3, 1]
    assert sum(s.posts for s in shares) == 50
    assert [s.posts for s in divide([11, 6], 40)] == [11, 6], "nobody gets more than is needed"
    assert [s.posts for s in divide([5, 5, 5], 8)] == [3, 3, 2], "of equals the first"
    assert [s.posts for s in divide([3, 0, 9], 0)] == [0, 0, 0]
    with pytest.raises(ValueError, match="below 0"):
        divide([1], -1)


@pytest.mark.parametrize("seed", range(20))
def test_a_division_never_exceeds_the_total_nor_any_need(seed) -> None:
    rng = generator(seed)
    needs = [rng.randrange(60) for _ in range(rng.randrange(1, 90))]
    total = rng.randrange(2 * sum(needs) + 2)
    shares = divide(needs, total)
    assert sum(s.posts for s in shares) == min(total, sum(needs))
    assert all(0 <= s.posts <= need for s, need in zip(shares, needs, strict=True))


def at_once(*acts):
    outcome = [None] * len(acts)
    together = threading.Barrier(len(acts))

    def run(place, act):
        try:
            together.wait(20)
            outcome[place] = act()
        except (RefusedError, IntegrityError) as refused:
            outcome[place] = refused
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def race_of_approvers(cast, settings):
    settings.WIDEN_RACES = 0.1
    plan = drafted(cast)
    step(cast, "section_head", plan, "verify", total=52, **VERIFY)
    decision = {"total": 50, "body": "县编委", "document_number": "编委3号", "on": date(2026, 11, 15), "opinion": ""}
    leader = cast.users["bureau_leader"]
    act = lambda: actions.approve(plan, seen=plan.moves, by=leader, decision=decision)  # noqa: E731
    return plan, at_once(*[act] * 4)


@pytest.mark.django_db(transaction=True)
def test_of_approvers_at_once_one_approves(transactional_db, settings, schools) -> None:
    plan, outcome = race_of_approvers(schools, settings)
    assert sorted(type(each).__name__ for each in outcome) == ["EstablishmentPlan", *["RefusedError"] * 3]
    assert plan.steps.filter(kind="approved").count() == 1
    assert AuditEvent.objects.filter(action="staffing.plan.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_look_the_same_race_approves_more_than_once(
    transactional_db, settings, schools, monkeypatch
) -> None:
    def at(plan, seen, by, *states):
        return EstablishmentPlan.objects.get(pk=plan.pk)

    monkeypatch.setattr(actions, "_at", at)
    plan, _outcome = race_of_approvers(schools, settings)
    assert plan.steps.filter(kind="approved").count() > 1


@pytest.mark.django_db(transaction=True)
def test_of_drafts_at_once_one_is_made(transactional_db, settings, schools) -> None:
    settings.WIDEN_RACES = 0.1
    clerk = schools.users["bureau_clerk"]

    def act():
        return actions.draft_plan(schools.county, title="方案", on=date(2026, 11, 1), effective_from=DAY, by=clerk)

    outcome = at_once(act, act, act)
    assert sorted(type(each).__name__ for each in outcome) == ["EstablishmentPlan", "RefusedError", "RefusedError"]
    assert EstablishmentPlan.objects.count() == 1


class CrashError(RuntimeError):
    """The machine stops here."""


CRASHES = ("posts closed", "posts added", "state kept", "step written", "trace written")


def crashing(monkeypatch, place):
    """Lets the filing stop right after a place."""
    targets = {
        "posts closed": (PostsEntry.objects, "bulk_create", False),
        "posts added": (PostsEntry.objects, "bulk_create", True),
        "state kept": (actions, "_moved", True),
        "step written": (actions, "_step", True),
        "trace written": (actions, "record", True),
    }
    owner, name, first_do = targets[place]
    real = getattr(owner, name)

    def stop(*args, **given):
        if first_do:
            real(*args, **given)
        raise CrashError

    monkeypatch.setattr(owner, name, stop)


def state_of_things():
    return (
        list(PostsEntry.objects.order_by("pk").values_list("pk", "posts", "valid_from", "valid_until")),
        list(EstablishmentPlan.objects.values_list("state", "moves", "filed_by")),
        PlanStep.objects.count(),
        AuditEvent.objects.count(),
    )


def file_it(cast, plan):
    decision = {"body": "县委编办", "document_number": "备1", "on": date(2026, 11, 20), "opinion": ""}
    return actions.file(plan, seen=plan.moves, by=cast.users["bureau_leader"], decision=decision)


@pytest.mark.parametrize("place", CRASHES)
def test_a_filing_that_dies_anywhere_has_not_happened_and_can_be_done_again(schools, monkeypatch, place) -> None:
    plan = allotted(schools)
    before = state_of_things()
    with monkeypatch.context() as patch:
        crashing(patch, place)
        with pytest.raises(CrashError), transaction.atomic():
            file_it(schools, plan)
    assert state_of_things() == before
    file_it(schools, plan)
    assert PostsEntry.objects.current().count() == 4


def test_without_a_transaction_the_same_crash_leaves_half_a_filing(schools, monkeypatch) -> None:
    """The check above can see a half-written filing: the verb without its transaction leaves one."""
    plan = allotted(schools)
    before = state_of_things()
    monkeypatch.setattr(actions, "file", actions.file.__wrapped__)
    with monkeypatch.context() as patch:
        crashing(patch, "state kept")
        with pytest.raises(CrashError):
            file_it(schools, plan)
    assert state_of_things() != before
    assert connection.in_atomic_block


def test_a_plan_keeps_the_county_whole(schools) -> None:
    """Figures are counted without some histories; the facts that a plan fixes have them all."""
    TrainingEntry.objects.create(
        teacher=schools.county.teachers.first(),
        school_year=2025,
        kind="school_based",
        hours=72,
        valid_from=date(2026, 8, 31),
        source="test",
    )
    assert not any(each.training for each in figures.figures_of(schools.county, date(2026, 11, 1)).county.teachers)
    known = snapshot.county_of(schools.county, date(2026, 11, 1))
    assert any(each.training for each in known.teachers)
    assert drafted(schools).snapshot.digest == county_digest(known)
