"""The plan of a year knows who still serves a placement of another year, who will be home, and from where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from junheng.planning.assembling import ALREADY_AWAY, COMES_BACK
from junheng.planning.year import Request, prepare_year
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.adopting import Placing
from junheng.web.rotation.actions.placing import make_placements
from junheng.web.rotation.actions.years import Setting, pack_of, set_up, shipped
from junheng.web.rotation.assembling import county_for_plan
from junheng.web.rotation.models import ChangeKind, ChangeStatus, PhaseKind, Placement, PlacementChange
from junheng.web.staffing import snapshot
from junheng.web.staffing.models import AppointmentEntry
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db
LONG_AGO = date(2025, 9, 1)


@pytest.fixture
def before(bureau: Any) -> Any:
    """The year before the one that is planned."""
    setting = Setting(year=2025, pack=shipped("YUNLING"), on=bureau.year.on, starts=LONG_AGO, ends=date(2026, 8, 31))
    days = {kind: (date(2025, 3, 2), date(2025, 3, 3)) for kind in PhaseKind}
    return set_up(bureau.county, setting, days, by=None)


@pytest.fixture
def mover(bureau: Any) -> Any:
    """Somebody who must move in the year that is planned."""
    _findings, _settings, assembly = _prepared(bureau)
    return next(each for each in assembly.problem.teachers if each.verdict == "must")


def _prepared(bureau: Any) -> Any:
    county = county_for_plan(bureau.year)
    return prepare_year(county, pack_of(bureau.year), Request(on=bureau.year.on, plan_year=bureau.year.year))


def _other_school(bureau: Any, number: str) -> Organisation:
    person = bureau.facts.teacher_by_id[number]
    code = next(s.id for s in bureau.facts.schools if person.stage in s.stages and s.id != person.works_at)
    return Organisation.objects.get(county=bureau.county, kind="school", code=code)


def _placed(bureau: Any, year: Any, number: str, **given: Any) -> Placement:
    person = bureau.teacher(number)
    values = {
        "from_school": person.state.school, "to_school": _other_school(bureau, number), "stage": person.state.stage,
        "subject": person.state.main_subject, "start": LONG_AGO, "end": date(2027, 8, 31), "status": "serving",
    } | given  # fmt: skip
    return Placement.objects.create(year=year, teacher=person, **values)


def _as_planned(bureau: Any, number: str) -> Any:
    _findings, _settings, assembly = _prepared(bureau)
    person = next(each for each in assembly.problem.teachers if each.id == number)
    left = {each.school_id for each in assembly.problem.history if each.teacher_id == number}
    return assembly, person, {assembly.unit_school[each] for each in left}


def test_whoever_still_serves_stays_there_and_counts_there(bureau: Any, before: Any, mover: Any) -> None:
    held = _placed(bureau, before, mover.id)
    assembly, person, _left = _as_planned(bureau, mover.id)
    assert assembly.unit_school[person.school_id] == held.to_school.code
    assert person.verdict == "may"
    assert assembly.standing_still[mover.id] == ALREADY_AWAY
    assert any(pin.teacher_id == mover.id and pin.kind == "stay" for pin in assembly.problem.pins)


def test_an_order_that_has_not_begun_counts_too(bureau: Any, before: Any, mover: Any) -> None:
    _placed(bureau, before, mover.id, start=date(2026, 9, 1), status="ordered")
    assert _as_planned(bureau, mover.id)[0].standing_still[mover.id] == ALREADY_AWAY
    Placement.objects.update(status="cancelled")
    assert mover.id not in _as_planned(bureau, mover.id)[0].standing_still


def test_whoever_will_return_early_is_home_not_moved_again_and_not_sent_there(
    bureau: Any, before: Any, mover: Any
) -> None:
    held = _placed(bureau, before, mover.id)
    AppointmentEntry.objects.create(
        teacher=held.teacher, school_id=held.to_school.code, kind="exchange", start=held.start, end=held.end,
        valid_from=held.start, source="test",
    )  # fmt: skip
    held.teacher.states.update(teaching_school=held.to_school)
    bureau.year.snapshot = snapshot.take(bureau.county, bureau.year.on, None)[1]
    bureau.year.save()
    assert _as_planned(bureau, mover.id)[0].standing_still[mover.id] == ALREADY_AWAY
    PlacementChange.objects.create(
        placement=held, kind=ChangeKind.EARLY, on=bureau.year.on, reason="家中有事", status=ChangeStatus.APPROVED,
        requested_at=timezone.now(), decided_at=timezone.now(),
    )  # fmt: skip
    assembly, planned, left = _as_planned(bureau, mover.id)
    assert assembly.unit_school[planned.school_id] == held.from_school.code
    assert assembly.standing_still[mover.id] == COMES_BACK
    assert left == {held.to_school.code}


def test_a_placement_that_was_ended_since_the_snapshot_is_history(bureau: Any, before: Any, mover: Any) -> None:
    last = bureau.year.snapshot.on + timedelta(days=10)
    held = _placed(bureau, before, mover.id, status="early", ended_on=last)
    assembly, planned, left = _as_planned(bureau, mover.id)
    assert assembly.unit_school[planned.school_id] == held.from_school.code
    assert left == {held.to_school.code}


def test_nobody_is_placed_while_another_years_placement_lasts(bureau: Any, before: Any, mover: Any) -> None:
    held = _placed(bureau, before, mover.id)
    year = bureau.year
    move = Placing(
        held.teacher, held.from_school, held.to_school, held.stage, held.subject, "rotation", None, year.starts,
        year.ends, False,
    )  # fmt: skip
    with pytest.raises(RefusedError, match="还没有结束"):
        make_placements(year, [move], by=None)
    Placement.objects.filter(pk=held.pk).update(end=year.starts - timedelta(days=1))
    assert len(make_placements(year, [move], by=None)) == 1
