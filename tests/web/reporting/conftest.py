"""A small county with a year behind it, taken in as a bureau would, and an account for each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from junheng.facts import County
from junheng.facts.synthetic import make_small_county
from junheng.web.directory.models import Organisation, User
from junheng.web.reporting.demo.accounts import Cast, make_accounts
from junheng.web.reporting.demo.counties import a_year_before
from junheng.web.staffing import figures
from junheng.web.staffing.intake import take_in

NOW, BEFORE = date(2026, 8, 31), date(2025, 8, 31)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """What figures a process keeps are of a database that a test took back."""
    figures.forget()
    yield
    figures.forget()


@pytest.fixture(scope="module")
def facts() -> County:
    """Six schools and sixty teachers."""
    return make_small_county(seed=3, on=NOW)


@pytest.fixture(scope="module")
def _taken_in(django_db_setup: None, django_db_blocker: Any, facts: County) -> Iterator[int]:
    """The county in the database for a whole module, taken back at its end; each test undoes what it did itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        top = Organisation.objects.create(kind="prefecture", code="9901", name="云岭市")
        county = Organisation.objects.create(kind="county", code="990101", name=facts.name, parent=top, position=1)
        beside = Organisation.objects.create(kind="county", code="990201", name="望溪县", parent=top, position=2)
        take_in(county, a_year_before(facts, 3), by=None, source="test")
        take_in(county, facts, by=None, source="test")
        take_in(beside, replace(make_small_county(seed=4, on=NOW), name="望溪县"), by=None, source="test")
        make_accounts(top, [Cast.of(county, ""), Cast.of(beside, "b-")], everybody=False)
        yield county.pk
        transaction.set_rollback(True)


@pytest.fixture
def place(_taken_in: int, db: None, settings: Any) -> Organisation:
    """The county, on two days, with accounts and a county beside it; no second factor is asked."""
    settings.DEMO = True
    return Organisation.objects.get(pk=_taken_in)


@pytest.fixture
def enter(place: Organisation) -> Callable[[str], Client]:
    """A browser in which the account is signed in."""

    def entered(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return entered


@pytest.fixture
def school(place: Organisation) -> Callable[[int], Organisation]:
    """The county's schools, counted from 1 in the bureau's order."""

    def nth(number: int) -> Organisation:
        schools = Organisation.objects.filter(county=place, kind="school").order_by("position", "code", "pk")
        return schools[number - 1]

    return nth


@pytest.fixture
def data_folder(settings: Any, tmp_path: Path) -> Path:
    """Where the demo may write."""
    settings.DATA_DIR = tmp_path / "demo"
    return tmp_path
