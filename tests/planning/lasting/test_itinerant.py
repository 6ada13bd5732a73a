"""Weekly time split between schools: limits are kept, and what can be covered is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest

from junheng.facts import County, Stage, Subject, SubjectRequirement
from junheng.facts.synthetic import make_county, make_small_county
from junheng.planning.lasting import ItinerantPlan, ItinerantRules, plan_itinerant
from junheng.planning.lasting.itinerant import usual_load

LOAD = {Stage.PRIMARY: 15.0, Stage.JUNIOR: 12.0}


def pair(spare: float = 9.0, lacking: float = 6.0) -> tuple[County, str, str]:
    """Two schools of one cluster: one whose only music teacher has ``spare`` periods left, one that lacks some."""
    county = make_small_county()
    giving, small, *_ = (s for s in county.schools if s.stages == frozenset({Stage.PRIMARY}))
    first = next(t for t in county.teachers if t.works_at == giving.id)
    teacher = replace(first, main_subject=Subject.MUSIC, stage=Stage.PRIMARY, also_teaches=(), full_time=None)
    rest = tuple(replace(t, main_subject=Subject.CHINESE, also_teaches=()) for t in county.teachers if t.id != first.id)
    music = {giving.id: LOAD[Stage.PRIMARY] - spare, small.id: lacking}
    schools = tuple(
        replace(
            s, cluster_id=giving.cluster_id, x_km=0.0 if s.id == giving.id else 3.0, y_km=0.0,
            requirements=(
                SubjectRequirement(stage=Stage.PRIMARY, subject=Subject.MUSIC, required=1, weekly_periods=music[s.id]),
            )
            if s.id in music else (),
        )
        for s in county.schools
    )  # fmt: skip
    return replace(county, schools=schools, teachers=(teacher, *rest)), first.id, small.id


def rules(**changes: object) -> ItinerantRules:
    return replace(ItinerantRules(periods=LOAD, subjects=frozenset({Subject.MUSIC})), **changes)  # type: ignore[arg-type]


@pytest.mark.covers("R-087")
def test_a_music_teacher_with_time_left_serves_the_small_school_of_the_township() -> None:
    county, who, small = pair()
    plan = plan_itinerant(county, rules())
    (visit,) = plan.visits
    assert (visit.teacher_id, visit.school_id, visit.subject) == (who, small, Subject.MUSIC)
    assert (visit.periods, visit.days, visit.km) == (6.0, 2, 3.0)
    assert plan.home == {who: 9.0}
    (shortage,) = plan.shortages
    assert (shortage.before, shortage.after, shortage.offered_before, shortage.offered_after) == (6.0, 0.0, False, True)


@pytest.mark.parametrize(
    ("changes", "periods"),
    [
        ({"km": 2.9}, 0.0),
        ({"most_days": 1}, 5.0),
        ({"periods_a_day": 2}, 6.0),
        ({"periods_a_day": 1}, 3.0),
        ({"subjects": frozenset({Subject.PE})}, 0.0),
        ({"periods": {Stage.PRIMARY: 10.0}}, 4.0),
    ],
)
def test_every_limit_binds(changes: dict[str, object], periods: float) -> None:
    county, _, _ = pair()
    assert plan_itinerant(county, rules(**changes)).covered == pytest.approx(periods)


def test_across_clusters_only_where_it_is_allowed() -> None:
    county, _, small = pair()
    other = next(c.id for c in county.clusters if c.id != county.school_by_id[small].cluster_id)
    schools = tuple(replace(s, cluster_id=other) if s.id == small else s for s in county.schools)
    apart = replace(county, schools=schools)
    assert plan_itinerant(apart, rules()).covered == 0
    assert plan_itinerant(apart, rules(within_cluster=False)).covered == pytest.approx(6.0)


def test_a_visit_for_less_than_is_worth_the_trip_is_not_made_unless_it_ends_the_shortage() -> None:
    county, _, _ = pair(spare=1.5, lacking=6.0)
    assert plan_itinerant(county, rules()).visits == ()
    county, _, _ = pair(spare=9.0, lacking=1.0)
    assert plan_itinerant(county, rules()).covered == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [{"km": 0.0}, {"most_schools": 0}, {"periods": {Stage.PRIMARY: 0.0}}])
def test_limits_that_are_none_are_refused(bad: dict[str, object]) -> None:
    county, _, _ = pair()
    with pytest.raises(ValueError, match="above 0"):
        plan_itinerant(county, rules(**bad))


def kept(county: County, plan: ItinerantPlan, limits: ItinerantRules) -> None:
    """Recounts a plan by hand against its rules."""
    load = usual_load(county) | dict(limits.periods)
    by_teacher = defaultdict(list)
    by_need = defaultdict(float)
    for visit in plan.visits:
        teacher, host = county.teacher_by_id[visit.teacher_id], county.school_by_id[visit.school_id]
        assert visit.subject in {teacher.main_subject, *teacher.also_teaches} & limits.subjects
        assert host.id != teacher.works_at
        assert host.cluster_id == county.school_by_id[teacher.works_at].cluster_id or not limits.within_cluster
        assert visit.km <= limits.km
        assert 0 < visit.periods <= visit.days * limits.periods_a_day + 0.05
        by_teacher[visit.teacher_id].append(visit)
        by_need[visit.school_id, teacher.stage, visit.subject] += visit.periods
    for who, visits in by_teacher.items():
        assert len({v.school_id for v in visits}) <= limits.most_schools
        assert sum(v.days for v in visits) <= limits.most_days
        assert sum(v.periods for v in visits) <= load[county.teacher_by_id[who].stage] + 0.1
        assert plan.home[who] >= -0.1
    for shortage in plan.shortages:
        covered = by_need[shortage.school_id, shortage.stage, shortage.subject]
        assert covered <= shortage.before + 0.1
        assert shortage.after == pytest.approx(shortage.before - covered, abs=0.11)


def test_a_county_keeps_every_limit_and_gives_the_same_plan_again() -> None:
    county = make_county(teachers=500, seed=2, on=date(2026, 8, 31))
    limits = ItinerantRules()
    plan = plan_itinerant(county, limits)
    assert plan.covered > 0
    kept(county, plan, limits)
    shuffled = replace(county, teachers=tuple(reversed(county.teachers)), schools=tuple(reversed(county.schools)))
    assert plan_itinerant(shuffled, limits) == plan
    wider = replace(limits, within_cluster=False)
    kept(county, plan_itinerant(county, wider), wider)
