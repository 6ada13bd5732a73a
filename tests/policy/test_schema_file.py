"""The published JSON Schema accepts and refuses what the loader does."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from junheng.policy import PackError, load_pack, parse_pack, shipped_packs
from junheng.policy.loading import PACKS
from junheng.policy.packform import SCHEMA_FILE, schema_text
from junheng.policy.yamlfile import read_yaml

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "measures"
YUNLING = PACKS / "YUNLING.yaml"
Mutation = Callable[[dict[str, Any]], None]


def as_json(value: Any) -> Any:
    """Plain YAML as JSON has it: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    form = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(form)
    return jsonschema.Draft202012Validator(form, format_checker=jsonschema.FormatChecker())


def test_the_file_is_the_one_that_the_models_give() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.covers("R-001")
@pytest.mark.parametrize("code", [*shipped_packs(), "blank"])
def test_every_shipped_pack_and_example_validates(code: str, validator: jsonschema.Draft202012Validator) -> None:
    path = PACKS / f"{code}.yaml" if code in shipped_packs() else EXAMPLES / f"{code}.yaml"
    faults = [
        f"{list(fault.path)}: {fault.message}" for fault in validator.iter_errors(as_json(read_yaml(path).content))
    ]
    assert faults == []
    assert load_pack(path).clauses


def misspell_a_key(pack: dict[str, Any]) -> None:
    pack["identity"]["isuer"] = pack["identity"].pop("issuer")


def drop_the_clause_of_a_branch(pack: dict[str, Any]) -> None:
    del pack["rules"]["eligibility"]["branches"][0]["clause"]


def invent_an_operator(pack: dict[str, Any]) -> None:
    pack["rules"]["eligibility"]["branches"][2]["when"] = {"years_to_retirement": {"smaller_than": 5}}


def empty_a_condition(pack: dict[str, Any]) -> None:
    pack["rules"]["eligibility"]["branches"][1]["when"] = {}


def leave_only_whether_the_bound_counts(pack: dict[str, Any]) -> None:
    pack["rules"]["eligibility"]["branches"][1]["when"] = {"age": {"inclusive": True}}


def invent_a_shape(pack: dict[str, Any]) -> None:
    pack["rules"]["tie_break"]["shape"] = "sort"


def invent_a_level(pack: dict[str, Any]) -> None:
    pack["identity"]["level"] = "village"


def forget_the_english(pack: dict[str, Any]) -> None:
    del pack["clauses"]["Y-06"]["says"]["en"]


def ask_for_the_quota_of_a_street(pack: dict[str, Any]) -> None:
    pack["planning"]["quotas"][0]["scope"] = "street"


def plan_with_maybe(pack: dict[str, Any]) -> None:
    pack["planning"]["verdicts"]["in_scope"] = "maybe"


def write_half_a_rule_test(pack: dict[str, Any]) -> None:
    pack["rules"]["title_prereq"]["branches"][0]["when"] = {"rule": "eligibility"}


def shift_a_date_by_weeks(pack: dict[str, Any]) -> None:
    when = {"birth_date": {"before": {"fact": "reference_date", "minus": {"weeks": 2}}}}
    pack["rules"]["eligibility"]["branches"][1]["when"] = when


BROKEN = [
    misspell_a_key,
    drop_the_clause_of_a_branch,
    invent_an_operator,
    empty_a_condition,
    leave_only_whether_the_bound_counts,
    invent_a_shape,
    invent_a_level,
    forget_the_english,
    ask_for_the_quota_of_a_street,
    plan_with_maybe,
    write_half_a_rule_test,
    shift_a_date_by_weeks,
]


@pytest.mark.parametrize("breaks", BROKEN, ids=lambda mutation: mutation.__name__)
def test_a_broken_pack_is_refused_by_schema_and_loader_alike(
    breaks: Mutation, validator: jsonschema.Draft202012Validator
) -> None:
    content = copy.deepcopy(read_yaml(YUNLING).content)
    breaks(content)
    assert not validator.is_valid(as_json(content))
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump(content, text)
    with pytest.raises(PackError):
        parse_pack(text.getvalue())
