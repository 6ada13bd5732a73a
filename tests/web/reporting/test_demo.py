"""The demo: the same for the same seed, never over somebody's own data, with canaries and an account per role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.test import Client

from junheng.web.access import ROLE_RULES, Role
from junheng.web.directory.models import Organisation, User
from junheng.web.records.jobs import run_due
from junheng.web.records.keeping import digest
from junheng.web.reporting.demo import Accounts, NotADemoError, Prepared, Size, prepare
from junheng.web.reporting.demo.canaries import plant
from junheng.web.reporting.demo.counties import ON, a_year_before, demo_county, neighbour_county
from junheng.web.staffing import figures
from junheng.web.staffing.models import CircumstancesEntry, Intake, IntakeState, LeaveEntry, TeacherState

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(data_folder: Path, settings: Any) -> Prepared:
    """The small demo."""
    settings.DEMO = True
    return prepare(Size.SMALL, 1, Accounts.ROLES)


def test_the_same_seed_gives_the_same_data_and_accounts(data_folder: Path) -> None:
    seen = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            found = prepare(Size.SMALL, seed, Accounts.ROLES)
            people = sorted(TeacherState.objects.values_list("teacher__number", "name", "valid_from", "valid_until"))
            seen.append((found.users, found.canaries, people))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


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


def test_it_never_writes_over_a_countys_own_data(data_folder: Path) -> None:
    Organisation.objects.create(kind="county", code="990101", name="真有其事县")
    with pytest.raises(NotADemoError) as refusal:
        prepare(Size.SMALL, 1, Accounts.ROLES)
    assert refusal.value.held is None
    assert Organisation.objects.count() == 1
    assert not User.objects.exists()


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
    assert ready.lines.get().state == "new"
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


def test_every_teacher_has_an_account_when_all_are_asked_for(data_folder: Path) -> None:
    found = prepare(Size.SMALL, 1, Accounts.ALL)
    with_account = {(user["county"], user["teacher"]) for user in found.users if user["teacher"]}
    assert len(with_account) == TeacherState.objects.current().count()


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


@pytest.mark.parametrize("size", ["small", "county"])
def test_the_year_before_was_another_county_and_a_sound_one(size: str) -> None:
    now = demo_county(size, 1)
    before = a_year_before(now, 1)
    assert before.on.year == ON.year - 1
    present, past = set(now.teacher_by_id), set(before.teacher_by_id)
    assert present - past, "somebody came"
    assert past - present, "somebody retired"
    moved = [i for i in present & past if now.teacher_by_id[i].school_id != before.teacher_by_id[i].school_id]
    assert moved
    assert all(t.birth_date < before.on for t in before.teachers)


def test_canaries_change_nothing_but_texts() -> None:
    county = neighbour_county(1)
    planted, canaries = plant(county, 1)
    assert len(canaries) > 20
    assert [t.id for t in planted.teachers] == [t.id for t in county.teachers]
    assert len({t.id_number for t in planted.teachers} & {t.id_number for t in demo_county("small", 1).teachers}) == 0
