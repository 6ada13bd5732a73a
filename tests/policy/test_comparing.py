"""What changes between two packs, or between two values of a parameter."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from junheng.facts import County
from junheng.facts.synthetic import make_small_county
from junheng.policy import Pack, load_pack, shipped_packs
from junheng.policy.comparing import diff, diff_on_roster, plain_data
from junheng.policy.loading import PACKS
from junheng.policy.yamlfile import read_yaml

YUNLING = PACKS / "YUNLING.yaml"


@pytest.fixture(scope="module")
def county() -> County:
    return make_small_county(seed=3)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(YUNLING)


def changed(**edits: Any) -> Pack:
    content = copy.deepcopy(read_yaml(YUNLING).content)
    for name, value in edits.items():
        content["parameters"][name]["value"] = value
    return Pack.model_validate(content)


# --- the text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", shipped_packs())
def test_a_pack_does_not_differ_from_itself_nor_from_its_plain_data(code: str) -> None:
    pack = load_pack(code)
    assert list(diff(pack, pack)) == []
    assert list(diff(pack, Pack.model_validate(plain_data(pack)))) == []


def test_a_parameter_with_another_value_is_one_difference(pack: Pack) -> None:
    (found,) = diff(pack, changed(pool_years=8))
    assert (found.part, found.name, found.how, found.place) == ("parameters", "pool_years", "changed", "value")
    assert (found.before, found.after) == (9, 8)


def test_a_condition_is_shown_as_its_author_wrote_it(pack: Pack) -> None:
    content = copy.deepcopy(read_yaml(YUNLING).content)
    content["rules"]["eligibility"]["branches"][2]["when"] = {"years_to_retirement": {"at_most": {"M": 5, "F": 4}}}
    (found,) = diff(pack, Pack.model_validate(content))
    assert (found.part, found.name, found.place) == ("rules", "eligibility", "branches.2.when.years_to_retirement")
    assert (found.before, found.after) == ({"less_than": "$retirement_years"}, {"at_most": {"M": 5, "F": 4}})


def test_what_is_added_and_what_is_removed_are_told_apart(pack: Pack) -> None:
    content = copy.deepcopy(read_yaml(YUNLING).content)
    content["clauses"]["Y-20"] = {"label": "第二十条", "says": {"zh": "新增", "en": "new"}}
    del content["rules"]["tie_break"]
    found = {(each.part, each.name): each.how for each in diff(pack, Pack.model_validate(content))}
    assert found == {("clauses", "Y-20"): "added", ("rules", "tie_break"): "removed"}


def test_differences_are_told_in_lines_and_as_data_in_both_languages(pack: Pack) -> None:
    found = diff(pack, changed(pool_years=8))
    assert found.lines("zh") == ["参数 pool_years value:9 → 8"]
    assert found.lines("en") == ["parameter pool_years value: 9 → 8"]
    assert json.loads(json.dumps(found.as_data("en")))[0]["after"] == 8
    everything = diff(pack, load_pack("XX"))
    assert len(everything) == len(everything.lines()) == len(json.loads(json.dumps(everything.as_data())))


# --- on a roster ------------------------------------------------------------------------------------------------------


def test_nobody_changes_between_a_pack_and_itself(county: County, pack: Pack) -> None:
    same = diff_on_roster(county, pack)
    assert (same.changes, same.by_school, same.quotas) == ((), {}, ())
    assert same.standings["may"][0] > 0


def test_a_shorter_tenure_brings_in_exactly_those_between_the_two_limits(county: County, pack: Pack) -> None:
    found = diff_on_roster(county, pack, parameters={"pool_years": 7})
    frame = found.before.facts
    joined = dict(zip(frame["id"], frame["joined_current_school"], strict=True))
    assert found.changes
    for change in found.changes:
        assert (change.standing_after, change.after, change.clause_after) == ("may", "in_scope", "第四条")
        assert 2017 <= joined[change.teacher_id].year <= 2019
    expected = found.standings["may"][1] - found.standings["may"][0]
    assert sum(1 for change in found.changes if change.standing_before == "no") == expected


def test_each_change_says_why_on_both_sides_in_both_languages(county: County, pack: Pack) -> None:
    for change in diff_on_roster(county, pack, parameters={"pool_years": 12}).changes:
        assert change.clause_before.startswith("第")
        assert change.because_before["zh"] != change.because_before["en"]
        assert change.because_before != change.because_after


def test_changes_are_counted_by_school(county: County, pack: Pack) -> None:
    found = diff_on_roster(county, pack, parameters={"pool_years": 12})
    assert sum(sum(each.values()) for each in found.by_school.values()) == len(found.changes)
    assert set(found.by_school) == {change.school_id for change in found.changes}
    before, after = (sum(pair[i] for pair in found.counts.values()) for i in (0, 1))
    assert before == after == len(county.teachers)


def test_a_quota_follows_the_number_who_are_eligible(county: County, pack: Pack) -> None:
    found = diff_on_roster(county, pack, parameters={"stage_share": 30})
    assert found.changes == ()
    assert {each.quota for each in found.quotas} == {"stage10"}
    assert all(each.after > each.before for each in found.quotas if each.before is not None and each.after is not None)


def test_two_packs_are_compared_on_one_roster(county: County, pack: Pack) -> None:
    found = diff_on_roster(county, pack, load_pack("XX"))
    assert {each.quota for each in found.quotas} >= {"stage10", "school15"}
    assert all(each.after is None for each in found.quotas if each.quota == "stage10")
    assert found.before.pack.code == "YUNLING"
    assert found.after.pack.code == "XX"


def test_the_other_side_may_be_a_pack_with_another_number(county: County, pack: Pack) -> None:
    by_pack = diff_on_roster(county, pack, changed(pool_years=7))
    by_parameter = diff_on_roster(county, pack, parameters={"pool_years": 7})
    told = [each.because_after["zh"].replace("（现按应交流的年限7年执行）", "") for each in by_parameter.changes]
    assert told == [each.because_after["zh"] for each in by_pack.changes]
    assert [(each.teacher_id, each.after, each.clause_after) for each in by_pack.changes] == [
        (each.teacher_id, each.after, each.clause_after) for each in by_parameter.changes
    ]


def test_a_roster_is_told_in_lines_and_as_data(county: County, pack: Pack) -> None:
    found = diff_on_roster(county, pack, parameters={"pool_years": 7})
    chinese, english = found.lines("zh"), found.lines("en")
    assert len(chinese) == len(english) == 3 + len(found.quotas) + 1 + len(found.changes)
    assert chinese[1] == "可以交流:{} → {}".format(*found.standings["may"])
    assert english[1] == "may move: {} → {}".format(*found.standings["may"])
    data = json.loads(json.dumps(found.as_data("en")))
    assert len(data["changes"]) == len(found.changes)
    assert sum(row["count"] for rows in data["by_school"].values() for row in rows) == len(found.changes)


def test_an_unknown_parameter_is_refused(county: County, pack: Pack) -> None:
    with pytest.raises(ValueError, match="pool_yeers"):
        diff_on_roster(county, pack, parameters={"pool_yeers": 7})
