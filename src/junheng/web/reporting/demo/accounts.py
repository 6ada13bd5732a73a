"""The demo's accounts: one for each role at each level where it can be held, and one for teachers."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from junheng import facts
from junheng.facts import Sex
from junheng.facts.synthetic.chance import generator
from junheng.facts.synthetic.words import person_name
from junheng.web.access import ROLE_RULES, Duty, Role
from junheng.web.directory.demo import DEMO_PASSWORD as PASSWORD
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.reporting.demo.words import word
from junheng.web.staffing.models import Teacher, TeacherState

_SALT = "junhengdemoaccounts0"
"""One salt, so that the same seed gives the same database; the demo's password is known anyway."""

SINCE = date(2023, 9, 1)
PAST = date(2026, 6, 30)
DEPUTY_UNTIL = date(2027, 8, 31)
LEADERS = ("principal", "village_school_head")
_EACH_SCHOOL = 2
"""Teachers of a school who get an account where not all do; whoever takes part in a rotation gets his then."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a school's staff, as far as his account needs it."""

    number: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Seat:
    """An account to be made: who, as what, where."""

    username: str
    name: str
    role: Role | None
    at: Organisation
    number: str = ""
    more: tuple[Role, ...] = ()
    end: date | None = None
    revoked: bool = False
    deputises: str = ""


@dataclass(slots=True)
class Cast:
    """What the seats of a county are made from."""

    county: Organisation
    prefix: str
    clusters: list[Organisation]
    schools: list[Organisation]
    staff: dict[int, list[TeacherState]] = field(default_factory=dict)
    members: dict[int, list[Member]] = field(default_factory=dict)

    @classmethod
    def announced(cls, county: Organisation, prefix: str, known: facts.County) -> Cast:
        """The cast for a county of which the facts are known, whether or not everybody has come by now."""
        cast = cls.of(county, prefix)
        keys = {each.code: each.pk for each in cast.schools}
        members: defaultdict[int, list[Member]] = defaultdict(list)
        for each in sorted(known.teachers, key=lambda teacher: teacher.id):
            members[keys[each.school_id]].append(Member(each.id, each.name, each.role.value))
        cast.members = dict(members)
        return cast

    @classmethod
    def of(cls, county: Organisation, prefix: str) -> Cast:
        """The clusters, schools and present staff of a county, in the bureau's order."""
        within = Organisation.objects.filter(county=county).order_by("position", "code", "pk")
        staff: defaultdict[int, list[TeacherState]] = defaultdict(list)
        present = TeacherState.objects.current().filter(teacher__county=county)
        for state in present.select_related("teacher").order_by("teacher__number"):
            staff[state.school_id].append(state)
        return cls(
            county,
            prefix,
            [each for each in within if each.kind == "cluster"],
            [each for each in within if each.kind == "school"],
            dict(staff),
            {key: [Member(s.teacher.number, s.name, s.role) for s in states] for key, states in staff.items()},
        )


def make_accounts(top: Organisation | None, casts: list[Cast], *, everybody: bool) -> int:
    """Makes every account of the casts, and those above the counties where ``top`` is given; gives how many."""
    seats = [seat for cast in casts for seat in _seats(cast, everybody=everybody)]
    _make([*seats, *(_above(top) if top is not None else ())])
    for cast in casts:
        link(cast)
    return len(seats) + (len(list(_above(top))) if top is not None else 0)


def link(cast: Cast) -> None:
    """Joins accounts and teachers who have come; again whenever more of them have come."""
    seats = {seat.number: seat.username for seat in _seats(cast, everybody=True) if seat.number}
    users = dict(User.objects.filter(username__in=seats.values()).values_list("username", "pk"))
    joined = []
    for teacher in Teacher.objects.filter(county=cast.county, user=None, number__in=seats):
        if seats[teacher.number] in users:
            teacher.user_id = users[seats[teacher.number]]
            joined.append(teacher)
    Teacher.objects.bulk_update(joined, ["user"], batch_size=500)


def account_of(cast: Cast, teacher: Teacher) -> User:
    """The teacher's account; opened now where he has none."""
    if teacher.user is None:
        state = TeacherState.objects.current().select_related("school").get(teacher=teacher)
        username = f"{cast.prefix}{teacher.number.lower()}"
        encoded = User.objects.order_by("pk").values_list("password", flat=True)[0]
        _make([Seat(username, state.name, Role.TEACHER, state.school, number=teacher.number)], encoded)
        teacher.user = User.objects.get(username=username)
        teacher.save(update_fields=["user"])
    return teacher.user


def _make(seats: list[Seat], encoded: str = "") -> None:
    """Accounts of the seats; ``encoded`` is the demo's password as it is kept, which takes its time to make."""
    encoded = encoded or make_password(PASSWORD, salt=_SALT)
    users = User.objects.bulk_create(
        [
            User(
                username=seat.username,
                name=seat.name,
                password=encoded,
                duty=ROLE_RULES[seat.role].duty if seat.role else Duty.BUSINESS,
                organisation=seat.at,
                date_joined=_moment(SINCE),
            )
            for seat in seats
        ],
        batch_size=500,
    )
    _grant(seats, {user.username: user for user in users})


def _grant(seats: list[Seat], users: dict[str, User]) -> None:
    made: list[RoleGrant] = []
    held: dict[str, RoleGrant] = {}
    for seat in seats:
        for role in (seat.role, *seat.more) if seat.role else ():
            given: dict[str, Any] = {"user": users[seat.username], "role": role, "organisation": seat.at}
            if seat.revoked:
                given |= {"revoked_at": _moment(PAST), "revoked_by": users[seat.username]}
            grant = RoleGrant(start=SINCE, end=seat.end, **given)
            if not seat.deputises:
                held.setdefault(seat.username, grant)
            made.append(grant)
    deputies = [seat.deputises for seat in seats for _ in (seat.role, *seat.more) if seat.role]
    RoleGrant.objects.bulk_create([g for g, of in zip(made, deputies, strict=True) if not of], batch_size=500)
    later = [(g, of) for g, of in zip(made, deputies, strict=True) if of]
    for grant, of in later:
        grant.deputises = held[of]
    RoleGrant.objects.bulk_create([grant for grant, _ in later])


def _seats(cast: Cast, *, everybody: bool) -> Iterator[Seat]:
    yield from _bureau(cast)
    for number, cluster in enumerate(cast.clusters, 1):
        yield _named(f"{cast.prefix}cluster-head-{number:02d}", Role.CLUSTER_HEAD, cluster)
    if cast.clusters:
        yield _named(f"{cast.prefix}inspector-cluster", Role.INSPECTOR, cast.clusters[0])
    for number, school in enumerate(cast.schools, 1):
        yield from _school(cast, number, school, everybody=everybody)


def _bureau(cast: Cast) -> Iterator[Seat]:
    county, prefix = cast.county, cast.prefix
    for role in Role:
        if county.kind in ROLE_RULES[role].held_at:
            yield _named(f"{prefix}{_word(role)}", role, county)
    yield Seat(f"{prefix}expired-clerk", word("accounts", "expired"), Role.BUREAU_CLERK, county, end=PAST)
    yield Seat(f"{prefix}revoked-clerk", word("accounts", "revoked"), Role.BUREAU_CLERK, county, revoked=True)
    yield Seat(f"{prefix}nobody", word("accounts", "nobody"), None, county)


def _school(cast: Cast, number: int, school: Organisation, *, everybody: bool) -> Iterator[Seat]:
    prefix, staff = cast.prefix, cast.members.get(school.pk, [])
    head = next((s for s in staff if s.role in LEADERS), None)
    principal = _named(f"{prefix}principal-{number:02d}", Role.PRINCIPAL, school)
    if head is not None:
        principal = replace(principal, name=head.name, number=head.number, more=(Role.TEACHER,))
    yield principal
    yield _named(f"{prefix}school-clerk-{number:02d}", Role.SCHOOL_CLERK, school)
    if number == 1:
        yield _named(f"{prefix}inspector-school", Role.INSPECTOR, school)
        deputy = _named(f"{prefix}deputy-{number:02d}", Role.PRINCIPAL, school)
        yield replace(deputy, end=DEPUTY_UNTIL, deputises=principal.username)
    others = sorted((s for s in staff if s is not head), key=lambda s: s.role != "teacher")
    for member in others if everybody else others[:_EACH_SCHOOL]:
        username = f"{prefix}{member.number.lower()}"
        yield Seat(username, member.name, Role.TEACHER, school, number=member.number)


def _above(top: Organisation) -> Iterator[Seat]:
    """Accounts at a prefecture, which sees its counties."""
    for role in (Role.INSPECTOR, Role.BUREAU_LEADER, Role.LEADING_GROUP):
        yield _named(f"{top.kind}-{_word(role)}", role, top)


def _named(username: str, role: Role, at: Organisation) -> Seat:
    return Seat(username, _name(username), role, at)


def _name(username: str) -> str:
    """A fictional name, always the same for the same account."""
    rng = generator(zlib.crc32(username.encode()))
    return person_name(rng, rng.choice(tuple(Sex)))


def _word(role: Role) -> str:
    return role.value.replace("_", "-")


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Shanghai"))


def listed() -> list[dict[str, Any]]:
    """Every account with its roles and where they are held, for JSON and for the page of the demo."""
    users: list[dict[str, Any]] = []
    grants: defaultdict[int, list[RoleGrant]] = defaultdict(list)
    for grant in RoleGrant.objects.select_related("organisation", "organisation__county").order_by("pk"):
        grants[grant.user_id].append(grant)
    teachers = dict(Teacher.objects.exclude(user=None).values_list("user", "number"))
    for user in User.objects.select_related("organisation", "organisation__county").order_by("pk"):
        held = grants[user.pk]
        at = held[0].organisation if held else user.organisation
        county = at.its_county if at else None
        users.append(
            {
                "username": user.username,
                "name": user.name,
                "role": held[0].role if held else "",
                "roles": [grant.role for grant in held],
                "duty": user.duty,
                "organisation": at.name if at else "",
                "organisation_kind": at.kind if at else "",
                "organisation_code": at.code if at else "",
                "school": at.code if at and at.kind == "school" else "",
                "county": county.name if county else "",
                "teacher": teachers.get(user.pk, ""),
                "deputy": bool(held and held[0].deputises_id),
                "in_force": bool(held) and all(g.revoked_at is None and g.end != PAST for g in held),
            }
        )
    return users
