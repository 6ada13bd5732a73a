"""What is taken in is what is read: facts, as of each of their days; and nothing in between is ever seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from junheng.documents import county_digest
from junheng.facts import Cluster, County, Role, Title, TitleSpell
from junheng.facts.synthetic import make_county, make_small_county
from junheng.web.directory.actions import organisations
from junheng.web.directory.models import Organisation
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import intake, snapshot
from junheng.web.staffing.ledgers import LEDGERS
from junheng.web.staffing.models import ClusterState, SchoolState, Snapshot, Teacher, TeacherState

TakeIn = Callable[..., Organisation]
LATER = timedelta(days=61)


def rows() -> dict[str, list[Any]]:
    """Every dated row there is."""
    return {ledger.key: list(ledger.model.objects.order_by("pk").values_list()) for ledger in LEDGERS}


def a_year_later(county: County, seed: int) -> County:
    """Some left, some came, some changed; a cluster renamed, a school closed, another opened."""
    chance = Random(seed)  # noqa: S311 - a test
    on = county.on + LATER
    closing = county.schools[-1].id
    stay = [t for t in county.teachers if closing not in {t.school_id, t.works_at} and chance.random() > 0.1]
    ids = {t.id for t in stay}
    changed = []
    for before in stay:
        wishes = tuple(w for w in before.wishes if w.school_id != closing)
        family = replace(before.family, spouse_id=before.family.spouse_id if before.family.spouse_id in ids else "")
        now = replace(before, wishes=wishes, family=family)
        if chance.random() < 0.2:
            more = (*now.titles, TitleSpell(title=Title.SENIOR, start=on))
            now = replace(now, role=Role.DEAN, titles=more, assessments=now.assessments[1:], note="变动")
        changed.append(now)
    new = replace(changed[0], id="T-NEW", name="新老师", id_number="", wishes=(), family=type(changed[0].family)())
    opened = replace(county.schools[0], id="9900000077", name="新建小学", short_name="新建")
    return replace(
        county,
        on=on,
        clusters=(replace(county.clusters[0], name="改名学区"), *county.clusters[1:], Cluster(id="X77", name="新学区")),
        schools=(*county.schools[:-1], replace(opened, cluster_id="X77")),
        teachers=(*changed, new),
        pairings=tuple(p for p in county.pairings if closing not in (p.supporting_id, p.supported_id)),
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_county_taken_in_is_the_county_read(taken_in: TakeIn, seed: int) -> None:
    county = make_county(teachers=150 + 37 * seed, seed=seed)
    assert snapshot.county_of(taken_in(county), county.on) == county


@pytest.mark.parametrize("seed", [4, 5])
def test_each_day_keeps_its_own_county(taken_in: TakeIn, seed: int) -> None:
    first = make_county(teachers=180, seed=seed)
    second = a_year_later(first, seed)
    made = taken_in(first)
    intake.take_in(made, second, by=None, source="test")
    assert snapshot.county_of(made, first.on) == first
    assert snapshot.county_of(made, second.on - timedelta(days=1)) == replace(first, on=second.on - timedelta(days=1))
    assert county_digest(snapshot.county_of(made, second.on)) == county_digest(second)
    gone = first.schools[-1].id
    assert Organisation.objects.get(kind="school", code=gone).closed == second.on
    assert Organisation.objects.get(kind="cluster", code=first.clusters[0].id).former_names.get().name == (
        first.clusters[0].name
    )
    assert Organisation.objects.get(kind="school", code="9900000077").parent.code == "X77"


def test_who_comes_back_is_the_same_person_with_a_gap(taken_in: TakeIn) -> None:
    county = make_small_county()
    nobody_names = next(
        t for t in county.teachers if not any(o.family.spouse_id == t.id for o in county.teachers)
    )  # fmt: skip
    without = replace(
        county, on=county.on + LATER, teachers=tuple(t for t in county.teachers if t is not nobody_names)
    )  # fmt: skip
    again = replace(county, on=county.on + 2 * LATER)
    made = taken_in(county)
    intake.take_in(made, without, by=None, source="test")
    intake.take_in(made, again, by=None, source="test")
    person = Teacher.objects.get(county=made, number=nobody_names.id)
    assert [state.valid_until for state in person.states.order_by("valid_from")] == [without.on, None]
    assert snapshot.county_of(made, again.on - timedelta(days=1)).teacher_by_id.get(nobody_names.id) is None
    assert county_digest(snapshot.county_of(made, again.on)) == county_digest(again)


def test_the_same_county_twice_writes_nothing(taken_in: TakeIn) -> None:
    county = make_small_county()
    made = taken_in(county)
    before, audited = rows(), AuditEvent.objects.count()
    again = intake.take_in(made, county, by=None, source="again")
    assert (again.closed, again.added) == (0, 0)
    assert rows() == before and AuditEvent.objects.count() == audited and Snapshot.objects.count() == 1


def test_the_order_of_entries_is_no_change(taken_in: TakeIn) -> None:
    county = make_small_county()
    turned = tuple(replace(t, titles=t.titles[::-1], assessments=t.assessments[::-1]) for t in county.teachers)
    made = taken_in(county)
    before = rows()
    intake.take_in(made, replace(county, teachers=turned), by=None, source="again")
    assert rows() == before


def test_a_row_is_closed_and_added_and_never_overwritten(taken_in: TakeIn) -> None:
    county = make_county(teachers=160, seed=9)
    made = taken_in(county)
    before = rows()
    intake.take_in(made, a_year_later(county, 9), by=None, source="second")
    kept = {key: {row[0]: row for row in listed} for key, listed in rows().items()}
    changed = 0
    for ledger in LEDGERS:
        names = [field.attname for field in ledger.model._meta.concrete_fields]
        until = names.index("valid_until")
        for row in before[ledger.key]:
            now = kept[ledger.key][row[0]]
            assert now[:until] == row[:until] and now[until + 1 :] == row[until + 1 :]
            changed += now[until] != row[until]
    assert changed > 50


def test_a_correction_of_the_same_day_leaves_no_day_to_what_was_wrong(taken_in: TakeIn) -> None:
    county = make_small_county()
    wrong = county.teachers[0]
    made = taken_in(county)
    right = replace(county, teachers=(replace(wrong, name="改正名"), *county.teachers[1:]))
    intake.take_in(made, right, by=None, source="test")
    states = Teacher.objects.get(county=made, number=wrong.id).states.order_by("pk")
    assert [(s.name, s.valid_from, s.valid_until) for s in states] == [
        (wrong.name, county.on, county.on), ("改正名", county.on, None),
    ]  # fmt: skip
    assert snapshot.county_of(made, county.on) == right


def test_another_countys_data_and_an_earlier_day_are_refused(taken_in: TakeIn) -> None:
    county = make_small_county()
    made = taken_in(county)
    before = rows()
    for refused in (replace(county, name="别县"), replace(county, on=county.on - timedelta(days=1))):
        with pytest.raises(intake.IntakeRefusedError):
            intake.take_in(made, refused, by=None, source="test")
    assert rows() == before


def test_before_its_day_a_county_is_empty(taken_in: TakeIn) -> None:
    county = make_small_county()
    before = snapshot.county_of(taken_in(county), date(2020, 1, 1))
    assert (before.schools, before.teachers, before.clusters) == ((), (), ())


def test_reading_a_county_takes_the_same_number_of_queries_whatever_its_size(taken_in: TakeIn) -> None:
    counted = []
    for number, county in enumerate((make_small_county(), make_county(teachers=300, seed=2, name="大县"))):
        made = taken_in(county, f"99010{number}")
        with CaptureQueriesContext(connection) as queries:
            snapshot.county_of(made, county.on)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 25


def test_a_snapshot_is_known_by_its_content(taken_in: TakeIn) -> None:
    county = make_small_county()
    made = taken_in(county)
    _known, first = snapshot.take(made, county.on, None)
    assert first == Snapshot.objects.get() and first.digest == county_digest(county)
    assert first.pk == f"S{county.on:%Y%m%d}-{first.digest[:8]}"
    _known, later = snapshot.take(made, county.on + LATER, None)
    assert later.digest != first.digest, "the day is part of what is fixed"


def test_the_digest_is_the_same_on_every_database() -> None:
    assert county_digest(make_small_county()) == (
        "62683ed7f817ee7421fe82a9afeb9b7c390a2d02166653b36f66c9c196957b86"
    )  # fmt: skip


def test_rows_that_contradict_each_other_are_said_to(taken_in: TakeIn) -> None:
    county = make_small_county()
    made = taken_in(county)
    SchoolState.objects.filter(school__code=county.schools[0].id).update(valid_until=county.on)
    with pytest.raises(snapshot.UnsoundCountyError, match=county.schools[0].id):
        snapshot.county_of(made, county.on)


def test_the_tree_and_the_data_follow_each_other(taken_in: TakeIn) -> None:
    county = make_small_county()
    made = taken_in(county)
    on = county.on + LATER
    cluster = Organisation.objects.get(county=made, kind="cluster", code=county.clusters[0].id)
    school = Organisation.objects.get(county=made, kind="school", code=county.schools[0].id)
    organisations.rename(None, cluster, name="新名学区", short_name="", on=on, reason="x")
    organisations.rename(None, school, name="新名学校", short_name="新名", on=on, reason="x")
    assert snapshot.county_of(made, county.on) == county
    now = snapshot.county_of(made, on)
    assert now.clusters[0].name == "新名学区" and now.school_by_id[school.code].short_name == "新名"
    with pytest.raises(Exception, match="名教师"):
        organisations.close(None, school, on=on, reason="x")
    assert ClusterState.objects.current().filter(cluster=cluster).count() == 1


def test_what_is_derived_from_names_and_numbers_is_there(taken_in: TakeIn) -> None:
    county = make_small_county()
    taken_in(county)
    for state in TeacherState.objects.all():
        stored = (state.pinyin, state.initials, state.strokes, state.id_index)
        state.derive()
        assert stored == (state.pinyin, state.initials, state.strokes, state.id_index)
