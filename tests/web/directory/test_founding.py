"""The first day of an installation: three administrators of an empty one, and from them to a county confirmed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from junheng.documents import write_county
from junheng.facts.synthetic import make_small_county
from junheng.web.access import ROLE_RULES, Role
from junheng.web.directory.actions.founding import FoundedError, Place, found
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent
from junheng.web.records.verifying import verify
from junheng.web.staffing.models import Intake, IntakeState, TeacherState

NAMES = {Role.SYSTEM_ADMIN: "甲某", Role.SECURITY_ADMIN: "乙某", Role.AUDIT_ADMIN: "丙某"}
COUNTY, PREFECTURE = Place("990101", "云山县"), Place("9901", "云州市")


def test_three_people_each_with_one_role_and_a_password_to_change(db: None) -> None:
    county, people = found(COUNTY, NAMES, reason="启用")
    assert (county.kind, county.code, county.name, county.parent) == ("county", "990101", "云山县", None)
    assert [(each.role, each.name) for each in people] == list(NAMES.items())
    for each in people:
        user = User.objects.get(username=each.username)
        assert user.check_password(each.password) and user.must_change_password
        assert user.duty == ROLE_RULES[each.role].duty and user.organisation == county
        assert [(g.role, g.organisation) for g in user.grants.all()] == [(each.role, county)]
    assert len({each.password for each in people}) == 3
    trail = list(AuditEvent.objects.order_by("number"))
    assert [event.action for event in trail] == [
        "directory.organisation.added", *["directory.account.opened"] * 3, "directory.grant.granted_many",
    ]  # fmt: skip
    assert trail[-1].reason == "启用"
    assert not any(each.password in f"{event.after}{event.details}" for each in people for event in trail)
    assert verify([]).broken is None


def test_with_a_prefecture_the_administrators_are_held_above_the_county(db: None) -> None:
    county, people = found(COUNTY, NAMES, above=PREFECTURE)
    top = Organisation.objects.get(kind="prefecture")
    assert county.parent == top and (top.code, top.name) == ("9901", "云州市")
    assert {grant.organisation for grant in RoleGrant.objects.all()} == {top}
    assert len(people) == 3


def test_where_anything_is_there_already_nothing_is_made(db: None) -> None:
    found(COUNTY, NAMES)
    before = AuditEvent.objects.count()
    with pytest.raises(FoundedError) as refused:
        found(Place("990102", "清源县"), NAMES)
    assert (refused.value.accounts, refused.value.organisations) == (3, 1)
    assert (Organisation.objects.count(), User.objects.count(), AuditEvent.objects.count()) == (1, 3, before)


def test_a_blank_name_makes_nothing_at_all(db: None) -> None:
    with pytest.raises(ValidationError):
        found(COUNTY, NAMES | {Role.AUDIT_ADMIN: "  "}, above=PREFECTURE)
    assert not Organisation.objects.exists() and not User.objects.exists() and not AuditEvent.objects.exists()


def enter(username: str, first: str) -> Client:
    """Signs in for the first time as a person does: another password, then a second factor."""
    client, new = Client(), f"{username}-right-long-password"
    assert client.post(reverse("account_login"), {"login": username, "password": first}).status_code == 302
    assert client.get("/")["Location"] == reverse("account_change_password")
    client.post(reverse("account_change_password"), {"oldpassword": first, "password1": new, "password2": new})
    user = User.objects.get(username=username)
    if any(grant.rule.second_factor for grant in user.grants.all()):
        assert client.get("/")["Location"] == reverse("mfa_index")
        totp.TOTP.activate(user, totp.generate_totp_secret())
    assert client.get("/").status_code == 200
    return client


@pytest.mark.slow
def test_the_first_day_from_an_empty_installation_to_a_county_confirmed(db: None, tmp_path: Path) -> None:
    county, people = found(COUNTY, NAMES, above=PREFECTURE)
    system, security, audit = (enter(each.username, each.password) for each in people)

    given = {"username": "clerk", "name": "丁某", "duty": "business", "organisation": county.pk}
    page = system.post(reverse("directory:user_open"), given).content.decode()
    first = re.search(r'id="secret">([^<]+)<', page)[1]
    clerk = User.objects.get(username="clerk")
    role = {"role": "bureau_clerk", "organisation": county.pk, "start": timezone.localdate().isoformat()}
    address = reverse("directory:grant_add", args=(clerk.pk,))
    assert system.post(address, role).status_code == 403, "who opens accounts grants no roles"
    assert security.post(address, role).status_code == 302

    client = enter("clerk", first)
    path = tmp_path / "county.xlsx"
    facts = replace(make_small_county(), name="云山县")
    write_county(facts, path, "zh")
    assert upload(client, path, county, facts.on).status_code == 302
    run_due()
    intake = Intake.objects.get()
    assert intake.state == IntakeState.READY, (intake.refusal, [line.said for line in intake.lines.all()][:3])
    confirmed = client.post(f"{intake.get_absolute_url()}confirm/", {"checked": "on", "rehearsal": intake.rehearsal})
    assert confirmed.status_code == 302
    run_due()
    intake.refresh_from_db()
    assert intake.state == IntakeState.WRITTEN
    assert TeacherState.objects.current().count() == len(facts.teachers)
    assert Organisation.objects.filter(county=county, kind="school").count() == len(facts.schools)
    assert facts.teachers[0].name in client.get(reverse("staffing:teachers")).content.decode()

    for other in (system, security, audit):
        assert other.get(reverse("staffing:teachers")).status_code == 403
    assert "clerk" in audit.get(reverse("records:audit")).content.decode()
    assert verify([]).broken is None


def upload(client: Client, path: Path, county: Organisation, day: Any) -> Any:
    """Offers the county's own workbook, whole."""
    file = SimpleUploadedFile("全县.xlsx", path.read_bytes())
    given = {"file": file, "organisation": county.pk, "whole": "whole", "day": day.isoformat(), "key": "k1"}
    return client.post(reverse("staffing:intake_new"), given)
