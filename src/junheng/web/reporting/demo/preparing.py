"""Preparing the demo: organisations, two days of data, accounts; once, and never over somebody's own data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from junheng.facts import County
from junheng.web.directory.demo import DEMO_PASSWORD
from junheng.web.directory.models import Organisation, User
from junheng.web.records.audit import record
from junheng.web.records.models import AuditEvent
from junheng.web.reporting.demo.accounts import Cast, link, listed, make_accounts
from junheng.web.reporting.demo.activity import make_activity
from junheng.web.reporting.demo.canaries import as_dicts, plant
from junheng.web.reporting.demo.clock import Clock, Play, moment
from junheng.web.reporting.demo.counties import a_year_before, demo_county, neighbour_county
from junheng.web.reporting.demo.rosters import take_in_roster
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years import Days, play_years
from junheng.web.reporting.demo.years.programme import Company
from junheng.web.staffing.intake import take_in

PREPARED = "reporting.demo.prepared"
"""The audit row by which a demo is known."""
_COUNTY = "990101"
_NEIGHBOUR = "990201"


class Size(StrEnum):
    """How large the county is."""

    SMALL = "small"
    COUNTY = "county"


class Accounts(StrEnum):
    """Which teachers get an account: all, or two of each school."""

    ALL = "all"
    ROLES = "roles"


class NotADemoError(Exception):
    """The database holds something else: another demo, ``held``, or, where that is ``None``, data of somebody's own."""

    def __init__(self, held: dict[str, Any] | None) -> None:
        super().__init__("the database holds other data" if held is None else f"the database holds the demo {held}")
        self.held = held


@dataclass(frozen=True, slots=True)
class Prepared:
    """The demo as it stands. ``new`` says whether it was made just now."""

    size: str
    seed: int
    accounts: str
    new: bool
    counties: list[dict[str, Any]]
    users: list[dict[str, Any]]
    canaries: list[dict[str, Any]]
    password: str = DEMO_PASSWORD
    rater_tokens: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "size": self.size, "seed": self.seed, "accounts": self.accounts, "new": self.new,
            "password": self.password, "counties": self.counties, "users": self.users, "canaries": self.canaries,
            "rater_tokens": self.rater_tokens,
        }  # fmt: skip


def prepare(size: Size, seed: int, accounts: Accounts) -> Prepared:
    """Readies the database and makes the demo in it, or finds the same one made before.

    Raises :class:`NotADemoError` where the database holds anything but this demo; nothing is changed then.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    wanted = {"size": size.value, "seed": seed, "accounts": accounts.value}
    new = not _is_there(wanted)
    county, planted = plant(demo_county(size.value, seed), seed)
    neighbour, planted_there = plant(neighbour_county(seed), seed)
    if new:
        _make(county, neighbour, wanted)
    return Prepared(
        size=size.value,
        seed=seed,
        accounts=accounts.value,
        new=new,
        counties=_counties(),
        users=listed(),
        canaries=as_dicts(planted + planted_there),
    )


def _is_there(wanted: dict[str, Any]) -> bool:
    """Whether this very demo was made before; ``False`` for an empty database."""
    made = AuditEvent.objects.filter(action=PREPARED).order_by("number").first()
    if made is None:
        if Organisation.objects.exists():
            raise NotADemoError(None)
        return False
    held = {name: made.details.get(name) for name in wanted}
    if held != wanted:
        raise NotADemoError(held)
    return True


@transaction.atomic
def _make(county: County, neighbour: County, wanted: dict[str, Any]) -> None:
    """All of it or nothing: a demo that was broken off leaves an empty database."""
    days = Days(timezone.localdate())
    clock, everybody = Clock(moment(days.beginning)), wanted["accounts"] == Accounts.ALL
    play = Play(clock, until=timezone.now())
    with override("zh-hans"):
        with clock.running():
            prefecture = _organisations(county, neighbour)
            place, beside = (Organisation.objects.get(kind="county", code=code) for code in (_COUNTY, _NEIGHBOUR))
            before = a_year_before(county, wanted["seed"])
            take_in_roster(place, before, on=min(days.beginning, before.on - timedelta(days=1)))
            cast = Cast.announced(place, "", county)
            make_accounts(prefecture, [cast], everybody=everybody)
            for roster in (before, county):
                play.at(moment(roster.on, 7), partial(_renew, cast, roster))
            play_years(play, Company(cast), days, large=wanted["size"] == Size.COUNTY)
            play.run()
        take_in(beside, neighbour, by=None, source="demo")
        casts = [Cast.of(place, ""), Cast.of(beside, "b-")]
        make_accounts(None, casts[1:], everybody=everybody)
        record(None, PREPARED, place, organisation=place, made=User.objects.count(), **wanted)
        make_activity(casts)


def _renew(cast: Cast, roster: County) -> None:
    """A newer roster is taken in, and those who have come get the accounts that wait for them."""
    take_in_roster(cast.county, roster)
    link(cast)


def _organisations(county: County, neighbour: County) -> Organisation:
    """The tree above the schools, which the intake does not make."""
    province = _organisation("province", "99", word("names", "province"), None)
    prefecture = _organisation("prefecture", "9901", word("names", "prefecture"), province)
    _organisation("county", _COUNTY, county.name, prefecture, 1)
    _organisation("county", _NEIGHBOUR, neighbour.name, prefecture, 2)
    return prefecture


def _organisation(kind: str, code: str, name: str, parent: Organisation | None, position: int = 0) -> Organisation:
    made = Organisation.objects.create(kind=kind, code=code, name=name, parent=parent, position=position)
    record(None, "directory.organisation.added", made, organisation=made, after={"name": name, "code": code})
    return made


def _counties() -> list[dict[str, Any]]:
    found = []
    for county in Organisation.objects.filter(kind="county").order_by("position"):
        schools = Organisation.objects.filter(county=county, kind="school").order_by("position", "code")
        found.append(
            {
                "key": county.pk,
                "code": county.code,
                "name": county.name,
                "schools": [{"key": s.pk, "code": s.code, "name": s.name} for s in schools],
            }
        )
    return found
