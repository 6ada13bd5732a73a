"""Making the demo: never over somebody's own data, of a county that was another before."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.web.directory.models import Organisation, User
from junheng.web.reporting.demo import Accounts, NotADemoError, Size, prepare
from junheng.web.reporting.demo.accounts import Cast, make_accounts
from junheng.web.reporting.demo.canaries import plant
from junheng.web.reporting.demo.counties import ON, a_year_before, demo_county, neighbour_county
from junheng.web.staffing.intake import take_in
from junheng.web.staffing.models import Teacher

pytestmark = pytest.mark.django_db


def test_it_never_writes_over_a_countys_own_data(data_folder: Path) -> None:
    Organisation.objects.create(kind="county", code="990101", name="真有其事县")
    with pytest.raises(NotADemoError) as refusal:
        prepare(Size.SMALL, 1, Accounts.ROLES)
    assert refusal.value.held is None
    assert Organisation.objects.count() == 1
    assert not User.objects.exists()


def test_every_teacher_has_an_account_when_all_are_asked_for() -> None:
    facts = neighbour_county(1)
    county = Organisation.objects.create(kind="county", code="990201", name=facts.name)
    take_in(county, facts, by=None, source="test")
    teachers = Teacher.objects.filter(county=county)
    make_accounts(None, [Cast.of(county, "")], everybody=True)
    assert teachers.count() > 20
    assert not teachers.filter(user=None).exists()


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
