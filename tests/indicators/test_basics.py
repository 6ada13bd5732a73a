from __future__ import annotations

from datetime import date

import pytest

from junheng.facts import Appointment, Role, SchoolKind, SpellKind, Stage
from junheng.indicators import base_statistics, register
from junheng.indicators.basics import RegisterEntry

ON_LOAN = date(2025, 9, 1)


@pytest.mark.covers("R-293", "R-603")
def test_base_figures_add_up(hand_county):
    base = base_statistics(hand_county)
    assert (base.schools, base.pupils, base.teachers) == (4, 320, 10)
    assert {level.stage: (level.schools, level.pupils, level.teachers) for level in base.levels} == {
        Stage.PRIMARY: (3, 200, 6),
        Stage.JUNIOR: (2, 120, 4),
    }
    assert sum(base.kinds.values()) == base.schools
    assert base.kinds[SchoolKind.NINE_YEAR] == 1
    assert sum(level.pupils for level in base.levels) == base.pupils
    assert sum(level.teachers for level in base.levels) == base.teachers


def test_pupils_per_teacher_of_a_stage_without_teachers_is_unknown(make_hand_county):
    assert all(level.pupils_per_teacher is None for level in base_statistics(make_hand_county()).levels)


@pytest.mark.covers("R-292", "R-277")
def test_the_register_tells_apart_establishment_post_loan_and_kind_of_work(make_hand_county, teacher):
    lent = Appointment(school_id="", school_name="某机关", start=ON_LOAN, kind=SpellKind.SECONDMENT)
    ended = Appointment(school_name="某机关", school_id="", start=ON_LOAN, end=ON_LOAN, kind=SpellKind.SECONDMENT)
    county = make_hand_county(
        teacher("T1", "S1"),
        teacher("T2", "S1", in_post=False, appointments=(lent,)),
        teacher("T3", "S1", in_post=False),
        teacher("T4", "S1", on_establishment=False, seconded_in=True),
        teacher("T7", "S1", appointments=(Appointment(school_id="S1", start=ON_LOAN, kind=SpellKind.SECONDMENT),)),
        teacher("T8", "S1", appointments=(ended,)),
        teacher("T5", "S1", on_establishment=None, role=Role.SUPPORT_STAFF),
        teacher("T6", "S1", full_time=False),
    )
    assert register(county) == {
        RegisterEntry("on", "in_post", "no", "full_time_teacher"): 3,
        RegisterEntry("on", "not_in_post", "out", "full_time_teacher"): 1,
        RegisterEntry("on", "not_in_post", "no", "full_time_teacher"): 1,
        RegisterEntry("off", "in_post", "in", "full_time_teacher"): 1,
        RegisterEntry("unknown", "in_post", "no", "support_staff"): 1,
        RegisterEntry("on", "in_post", "no", "other"): 1,
    }


def test_the_register_holds_everybody(county):
    assert sum(register(county).values()) == len(county.teachers)
