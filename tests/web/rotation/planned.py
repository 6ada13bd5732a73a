"""A fictional county with a year in planning: what several tests of plans and notices begin with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from junheng.facts import County
from junheng.facts.synthetic import make_county
from junheng.web.access import ROLE_RULES, Role
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.records.jobs import run_due
from junheng.web.records.sealing import encrypt
from junheng.web.rotation.actions.scenarios import Asked, ask_for
from junheng.web.rotation.actions.years import Setting, set_up, shipped
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Choice,
    Phase,
    PhaseKind,
    RotationYear,
    Scenario,
)
from junheng.web.staffing import intake, snapshot
from junheng.web.staffing.models import Teacher

GAP = 5e-3
NOW = datetime(2026, 6, 8, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday, on which the tests' notices are published."""


@dataclass
class Bureau:
    """A county with its year and its people: ``clerk``, ``head``, ``leader``, ``second_head``."""

    county: Organisation
    facts: County
    year: RotationYear
    users: dict[str, User] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """A browser in which the named person is signed in, with a second factor."""
        client, user = Client(), self.users[name]
        secret = {"secret": encrypt("JBSWY3DPEHPK3PXP")}
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": secret})
        client.force_login(user)
        return client

    def open(self, *kinds: PhaseKind, at: datetime | None = None) -> None:
        """Opens phases round a moment, the present one without it, and shuts the others."""
        now = at or timezone.now()
        Phase.objects.filter(year=self.year).update(opens=now - timedelta(days=30), closes=now - timedelta(days=20))
        Phase.objects.filter(year=self.year, kind__in=kinds).update(
            opens=now - timedelta(days=1), closes=now + timedelta(days=3)
        )

    def compute(self, name: str = "", **asked: Any) -> Scenario:
        """A scenario, computed here and now."""
        made = ask_for(self.year, Asked(name=name, **({"gap": GAP} | asked)), by=self.users["clerk"])
        run_due()
        return Scenario.objects.get(pk=made.pk)

    def teacher(self, number: str) -> Teacher:
        """A teacher by number."""
        return Teacher.objects.get(county=self.county, number=number)

    def account_of(self, number: str) -> User:
        """The account of a teacher, made where there is none."""
        person = self.teacher(number)
        if person.user is None:
            person.user = person_of(f"t-{number}", Role.TEACHER, person.state.school)
            person.save()
            self.users[number] = person.user
        return person.user


def person_of(username: str, role: Role, at: Organisation) -> User:
    """An account with a role."""
    user = User.objects.create_user(
        username=username, password=None, name=username, organisation=at, duty=ROLE_RULES[role].duty
    )
    RoleGrant.objects.create(user=user, role=role, organisation=at, start=timezone.localdate() - timedelta(days=365))
    return user


def apply_for(year: RotationYear, facts: County) -> int:
    """An accepted application for each teacher who applied in the facts, with his wishes; gives how many."""
    people = dict(Teacher.objects.filter(county=year.county).values_list("number", "pk"))
    schools = dict(Organisation.objects.filter(county=year.county, kind="school").values_list("code", "pk"))
    applying = [each for each in facts.teachers if each.applied]
    now = timezone.now()
    made = Application.objects.bulk_create(
        Application(
            year=year, teacher_id=people[each.id], school_id=schools[each.school_id], number=f"{year.pk}-{each.id}",
            status=ApplicationStatus.ACCEPTED, commute_limit_km=each.commute_limit_km, submitted_at=now,
            received_at=now, key=uuid.uuid4(),
        )
        for each in applying
    )  # fmt: skip
    Choice.objects.bulk_create(
        Choice(application=row, rank=wish.rank, school_id=schools[wish.school_id])
        for row, each in zip(made, applying, strict=True)
        for wish in each.wishes
    )
    return len(made)


def found_bureau(
    *, teachers: int = 400, seed: int = 1, pack: str = "YUNLING", code: str = "990101", applying: bool = True
) -> Bureau:
    """A county of so many teachers, taken in and fixed, its year open for planning, applications accepted."""
    facts = make_county(teachers=teachers, seed=seed)
    county = Organisation.objects.create(kind="county", code=code, name=facts.name)
    intake.take_in(county, facts, by=None, source="test")
    setting = Setting(year=2026, pack=shipped(pack), on=facts.on, starts=date(2026, 9, 1), ends=date(2027, 8, 31))
    days = {kind: (date(2026, 3, 2), date(2026, 3, 3)) for kind in PhaseKind}
    year = set_up(county, setting, days, by=None)
    _known, year.snapshot = snapshot.take(county, facts.on, None)
    year.frozen_at = timezone.now()
    year.save()
    users = {
        "clerk": person_of(f"{code}-clerk", Role.BUREAU_CLERK, county),
        "head": person_of(f"{code}-head", Role.SECTION_HEAD, county),
        "second_head": person_of(f"{code}-head2", Role.SECTION_HEAD, county),
        "leader": person_of(f"{code}-leader", Role.BUREAU_LEADER, county),
    }
    bureau = Bureau(county, facts, year, users)
    if applying:
        apply_for(year, facts)
    bureau.open(PhaseKind.PLANNING)
    return bureau
