"""A person's facts kept as text give the same verdict and explanation as when they were judged."""

from __future__ import annotations

import pytest

from junheng.facts.synthetic import make_county
from junheng.policy import decide, explain, load_pack
from junheng.policy.remembering import recalled, remembered
from junheng.policy.schema import Decide


@pytest.mark.parametrize("code", ["YUNLING", "XX", "HK", "NZ", "DXQ", "CN"])
def test_what_is_remembered_explains_as_what_was_judged(code: str) -> None:
    county, pack = make_county(teachers=150, seed=11), load_pack(code)
    if not isinstance(pack.rules.get("eligibility"), Decide):
        pytest.skip(f"{code} does not decide by a tree")
    findings = decide(county, pack)
    people = list(zip(remembered(findings.facts), findings.facts.iter_slices(1), strict=True))
    for (who, text), row in people[::3]:
        assert who == row["id"][0]
        assert explain(pack, recalled(pack, text)) == explain(pack, row)


def test_a_fact_that_the_pack_does_not_know_is_left_out() -> None:
    assert recalled(load_pack("CN"), '{"age": 40, "shoe_size": 41}').columns == ["age"]
