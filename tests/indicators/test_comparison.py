from __future__ import annotations

import pytest

from junheng.facts import Stage, Subject
from junheng.indicators import CountAt, Counting, Indicator, Move, balance_after

TO_VILLAGE = {"T01": Move("S2", Stage.PRIMARY, Subject.PE)}


def test_a_move_is_counted_at_the_destination_under_either_choice(hand_county):
    for at in CountAt:
        change = balance_after(hand_county, TO_VILLAGE, counting=Counting(at=at))
        rows = {(s.school_id, s.indicator): (s.amount_before, s.amount_after) for s in change.schools}
        before, after = rows["S1", Indicator.BACKBONE]
        assert after == before - 1
        before, after = rows["S2", Indicator.BACKBONE]
        assert after == before + 1
        # T01 taught Chinese and goes to teach PE.
        assert rows["S2", Indicator.PE_ART] == (0, 1)


def test_schools_that_do_not_change_are_not_listed(hand_county):
    change = balance_after(hand_county, TO_VILLAGE)
    assert {s.school_id for s in change.schools} == {"S1", "S2"}
    assert balance_after(hand_county, {}).schools == ()


def test_no_move_changes_no_coefficient(hand_county):
    for row in balance_after(hand_county, {}).indicators:
        assert row.cv_before == row.cv_after
        assert row.reaching_before == row.reaching_after


def test_moves_within_a_stage_keep_the_county_mean(county):
    urban = county.schools[0]
    village = next(s for s in county.schools if s.kind.value == "village_primary")
    people = [t for t in county.working_at[urban.id] if t.is_backbone(county.on)][:3]
    moves = {t.id: Move(village.id, Stage.PRIMARY, t.main_subject) for t in people}
    change = balance_after(county, moves)
    for before, after in zip(change.before.indicators, change.after.indicators, strict=True):
        assert before.mean == pytest.approx(after.mean)
    backbone = next(r for r in change.indicators if r.indicator is Indicator.BACKBONE and r.stage is Stage.PRIMARY)
    assert backbone.cv_after != backbone.cv_before
    assert f"{backbone.cv_before:.3f}→{backbone.cv_after:.3f}" in backbone.sentence()
    assert "coefficient" in backbone.sentence("en")


def test_every_move_that_names_nobody_or_nowhere_is_told(hand_county):
    moves = {
        "T99": Move("S1", Stage.PRIMARY, Subject.PE),
        "T01": Move("S9", Stage.PRIMARY, Subject.PE),
        "T02": Move("S4", Stage.PRIMARY, Subject.PE),
    }
    with pytest.raises(ValueError, match="T99") as failure:
        balance_after(hand_county, moves)
    assert "S9" in str(failure.value)
    assert "S4, destination of teacher T02, has no primary stage" in str(failure.value)
