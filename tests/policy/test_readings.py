"""Another reading of a parameter is judged as if the pack had said so from the start."""

from __future__ import annotations

import pytest

from junheng.facts.synthetic import make_county
from junheng.policy.evaluation import parameter_values
from junheng.policy.frame import teacher_frame
from junheng.policy.loading import load_pack, shipped_packs
from junheng.policy.results import evaluate, reading_flags, readings_of

WITH_READINGS = [code for code in shipped_packs() if any(readings_of(load_pack(code), "eligibility"))]


@pytest.mark.parametrize("code", WITH_READINGS)
def test_a_reading_raises_its_flag_where_a_pack_that_says_so_would_judge_otherwise(code: str) -> None:
    pack = load_pack(code)
    facts = teacher_frame(make_county(teachers=400, seed=3), pack)
    values = parameter_values(pack)
    result = evaluate(pack, "eligibility", facts, values, with_values=False)
    found = {id(reading): differs.to_list() for reading, differs in reading_flags(result, values)}
    for name, reading in readings_of(pack, "eligibility"):
        other = evaluate(pack, "eligibility", facts, {**values, name: reading.value}, with_values=False)
        expected = (result.verdict != other.verdict).fill_null(value=False).to_list()
        assert found.get(id(reading), [False] * len(expected)) == expected, (name, reading.value)
