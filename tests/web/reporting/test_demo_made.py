"""The demo as it is made: accounts, files that wait, canaries, three rotation years with something for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from junheng.web.access import ROLE_RULES, Role
from junheng.web.directory.models import Organisation, User
from junheng.web.records.jobs import run_due
from junheng.web.records.keeping import digest
from junheng.web.records.models import AuditEvent
from junheng.web.reporting.demo import Accounts, NotADemoError, Prepared, Size, prepare
from junheng.web.reporting.demo.clock import Clock, Play, moment
from junheng.web.rotation import assembling
from junheng.web.rotation.actions.certificates import Check, check
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    CadreMove,
    Certificate,
    MonthlyReport,
    Objection,
    Placement,
    PlacementStatus,
    PostApplication,
    PublicNotice,
    RotationYear,
    Scenario,
    ScenarioStatus,
)
from junheng.web.rotation.publishing import faults_of
from junheng.web.staffing import figures
from junheng.web.staffing.models import (
    AppointmentEntry,
    CircumstancesEntry,
    Intake,
    IntakeState,
    LeaveEntry,
    TeacherState,
)

HOME = "990101"


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The small demo for the whole module, taken back at its end, and the folder in which it may write."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DATA_DIR=folder, DEMO=True):
        yield prepare(Size.SMALL, 1, Accounts.ROLES), folder
        transaction.set_rollback(True)


@pytest.fixture
def prepared(_made: Any, db: None, settings: Any) -> Prepared:
    """The small demo; each test undoes what it did itself."""
    found: Prepared = _made[0]
    settings.DATA_DIR, settings.DEMO = _made[1], True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return found


def year(number: int, county: str = HOME) -> RotationYear:
    """The county's years from the first to the last."""
    return RotationYear.objects.filter(county__code=county).order_by("year")[number]


def seen_by(username: str, address: str) -> str:
    """What somebody reads at an address."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    answer = client.get(address)
    assert answer.status_code == 200, (username, address, answer.status_code)
    return answer.content.decode()


def test_called_again_it_changes_nothing_and_says_the_same(prepared: Prepared) -> None:
    before = digest().total
    again = prepare(Size.SMALL, 1, Accounts.ROLES)
    assert prepared.new
    assert not again.new
    assert {**again.as_dict(), "new": True} == prepared.as_dict()
    assert digest().total == before


def test_another_demo_and_other_data_are_refused_and_stay(prepared: Prepared) -> None:
    count = TeacherState.objects.count()
    for size, seed, accounts in (
        (Size.SMALL, 2, Accounts.ROLES),
        (Size.COUNTY, 1, Accounts.ROLES),
        (Size.SMALL, 1, Accounts.ALL),
    ):
        with pytest.raises(NotADemoError) as refusal:
            prepare(size, seed, accounts)
        assert refusal.value.held == {"size": "small", "seed": 1, "accounts": "roles"}
    assert TeacherState.objects.count() == count


def test_there_is_an_account_for_each_role_at_each_level(prepared: Prepared) -> None:
    held = {(user["role"], user["organisation_kind"]) for user in prepared.users if user["in_force"]}
    for role in Role:
        levels = ROLE_RULES[role].held_at & {"school", "cluster", "county"}
        assert {(role.value, level) for level in levels} <= held, role
    schools = [user for user in prepared.users if user["role"] == "principal" and not user["deputy"]]
    assert len(schools) == sum(len(county["schools"]) for county in prepared.counties)
    names = [user["username"] for user in prepared.users]
    assert len(names) == len(set(names))
    assert any(user["role"] and not user["in_force"] for user in prepared.users)


def test_everybody_signs_in_with_the_password_told(prepared: Prepared) -> None:
    encoded = set(User.objects.values_list("password", flat=True))
    assert len(encoded) == 1
    assert check_password(prepared.password, encoded.pop())
    client = Client()
    answer = client.post("/account/login/", {"login": "bureau-clerk", "password": prepared.password})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_files_wait_to_be_confirmed_and_to_be_mended(prepared: Prepared) -> None:
    run_due()
    for county in Organisation.objects.filter(kind="county"):
        states = dict(Intake.objects.filter(county=county).values_list("key", "state"))
        said = [(made.refusal, [line.said for line in made.lines.all()]) for made in Intake.objects.all()]
        assert states == {"demo-intake": IntakeState.READY, "demo-faulty": IntakeState.FAULTY}, said
    ready = Intake.objects.filter(state=IntakeState.READY).first()
    assert sorted(line.state for line in ready.lines.all()) == ["changed", "changed", "changed", "new"]
    for faulty in Intake.objects.filter(state=IntakeState.FAULTY):
        assert faulty.lines.count() == 2
    clerk = Client()
    clerk.force_login(User.objects.get(username="bureau-clerk"))
    assert "待确认的数据导入" in clerk.get("/").content.decode()


def test_the_names_of_files_do_not_tell_two_demos_of_one_seed_apart(prepared: Prepared) -> None:
    before = digest()
    for made in Intake.objects.all():
        Intake.objects.filter(pk=made.pk).update(stored="0" * 32)
    after = digest()
    assert after.business == before.business
    assert after.total != before.total


def test_each_canary_is_where_it_is_said_to_be(prepared: Prepared) -> None:
    kept = {
        "note": lambda: TeacherState.objects.values_list("note", flat=True),
        "id_number": lambda: TeacherState.objects.values_list("id_number", flat=True),
        "family_event": lambda: CircumstancesEntry.objects.values_list("family_event", flat=True),
        "health_certificate_level": lambda: CircumstancesEntry.objects.values_list(
            "health_certificate_level", flat=True
        ),
        "approved_by": lambda: LeaveEntry.objects.values_list("approved_by", flat=True),
    }
    texts = {field: "\n".join(rows()) for field, rows in kept.items()}
    lost = [each for each in prepared.canaries if each["text"] not in texts[each["field"]]]
    assert prepared.canaries
    assert lost == []


def test_no_page_of_figures_lets_a_canary_out(prepared: Prepared) -> None:
    figures.forget()
    for username in ("bureau-clerk", "principal-01", "cluster-head-01", "inspector", "leading-group"):
        client = Client()
        client.force_login(User.objects.get(username=username))
        for address in ("/", "/overview/", "/overview/balance/", "/overview/structure/", "/overview/map/"):
            answer = client.get(address)
            assert answer.status_code == 200
            text = answer.content.decode()
            assert not [each for each in prepared.canaries if each["text"] in text], (username, address)


# --- the three years ------------------------------------------------------------------------------------------------


def test_one_year_is_over_one_in_service_one_in_planning(prepared: Prepared) -> None:
    finished, present, coming = (year(n) for n in range(3))
    assert finished.is_archived
    assert present.starts <= timezone.localdate() <= present.ends
    assert {"serving", "early", "ordered"} <= set(present.placements.values_list("status", flat=True))
    states = set(Scenario.objects.filter(year=coming).values_list("status", flat=True))
    assert {ScenarioStatus.PROPOSED, ScenarioStatus.READY} <= states
    waiting = set(Application.objects.filter(year=coming).values_list("status", flat=True))
    assert set(ApplicationStatus.values) == waiting | {"rejected", "returned", "withdrawn"}
    assert year(0, "990201").phases.get(kind="applications").opens < timezone.now()


def test_pages_of_those_who_lead_have_content(prepared: Prepared) -> None:
    coming = year(2)
    posts = PostApplication.objects.filter(post__year=coming).values_list("status", flat=True)
    assert {"appointed", "refused", "withdrawn", "submitted"} == set(posts)
    moves = CadreMove.objects.filter(year=coming)
    assert {each.confirmed_at is not None for each in moves} == {True, False}
    assert {each.placement.role for each in moves if each.placement} >= {"vice_principal"}
    there = f"/rotation/{coming.pk}"
    for who, address, said in (
        ("section-head", f"{there}/cadre-moves/", "挂职锻炼"), ("section-head", f"{there}/terms/", "提高五个百分点"),
        ("section-head", f"{there}/reserve/", "中层后备"), ("principal-01", f"{there}/open-posts/", "正在报名"),
        ("leading-group", f"{there}/open-posts/", "副校长"), ("bureau-leader", "/", "待确认的干部交流"),
        ("section-head", f"{there}/studies/", "在帮扶学校"), ("section-head", f"{there}/studies/", "第 2 批 "),
    ):  # fmt: skip
        assert said in seen_by(who, address), address


def test_what_was_returned_can_still_be_put_right(prepared: Prepared) -> None:
    returned = Application.objects.filter(year=year(2), status="returned").select_related("teacher__user").get()
    assert returned.answer_by > timezone.now()
    assert "修改被退回的申请" in seen_by(returned.teacher.user.username, "/")


def test_who_was_away_has_come_back_in_dated_rows(prepared: Prepared) -> None:
    for placement in Placement.objects.filter(year=year(0)).exclude(status=PlacementStatus.CANCELLED):
        (spell,) = AppointmentEntry.objects.current().filter(teacher=placement.teacher, start=placement.start)
        assert (spell.school_id, spell.end) == (placement.to_school.code, placement.ended_on)
        for day, there in ((placement.start, True), (placement.ended_on + timedelta(days=1), False)):
            state = TeacherState.objects.as_of(day).get(teacher=placement.teacher)
            assert (state.teaching_school == placement.to_school) is there, day
        assert placement.outcome.archived_at is not None


def test_certificates_and_notices_are_what_was_issued(prepared: Prepared) -> None:
    found = {check(each.code)[0] for each in Certificate.objects.all()}
    assert found == {Check.VALID, Check.REVOKED}
    notices = PublicNotice.objects.filter(year__county__code=HOME, status="published")
    assert notices
    for notice in notices:
        assert faults_of(notice) == []
        assert notice.taken_down_at is not None
    assert not Objection.objects.unsettled().exists()
    assert assembling.frozen_county(year(2)).teachers, "what was fixed still holds after everything since"


def test_the_trail_tells_it_in_the_order_of_time(prepared: Prepared) -> None:
    moments = list(AuditEvent.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > timedelta(days=700)


def test_some_months_are_reported_and_some_schools_are_late(prepared: Prepared) -> None:
    finished, present = year(0), year(1)
    months = MonthlyReport.objects.filter(year=finished).values_list("month", flat=True)
    assert len(set(months)) == 12
    assert set(MonthlyReport.objects.filter(year=present).values_list("status", flat=True)) >= {"submitted", "returned"}
    for who in ("section-head", "bureau-leader", "inspector", "cluster-head-01"):
        for each in (finished, present, year(2)):
            assert str(each) in seen_by(who, each.get_absolute_url())


def test_there_is_something_to_do_for_each_office(prepared: Prepared) -> None:
    for who, waits in (
        ("bureau-clerk", "待审核的申请"), ("bureau-leader", "待决定的变更"), ("cluster-head-01", "待审核的申请"),
        ("principal-01", ""), ("school-clerk-01", ""),
    ):  # fmt: skip
        page = seen_by(who, "/")
        assert waits in page, who
        assert "没有待办" not in page, who
    serving = Placement.objects.filter(year=year(1), status="serving").select_related("teacher__user").first()
    assert serving.to_school.name in seen_by(serving.teacher.user.username, f"/rotation/{serving.year_id}/own/")
    certified = Certificate.objects.filter(revoked_at=None).select_related("placement__teacher__user").first().placement
    page = seen_by(certified.teacher.user.username, f"/rotation/{certified.year_id}/outcomes/{certified.pk}/")
    assert "已归档" in page


def test_scenes_happen_in_the_order_of_time_and_never_after_today(db: None) -> None:
    today, seen = timezone.localdate(), []
    play = Play(Clock(moment(today, 0)), until=moment(today, 12))
    for hour in (11, 3, 13):
        play.at(moment(today, hour), lambda hour=hour: seen.append((hour, timezone.now() - moment(today, hour))))
    with play.clock.running():
        play.run()
    assert [hour for hour, _late in seen] == [3, 11]
    assert all(timedelta() < late < timedelta(minutes=1) for _hour, late in seen)
    assert abs(timezone.now() - moment(today, 11)) != timedelta(), "the real clock is back"
