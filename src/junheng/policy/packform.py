"""The form of a pack as JSON Schema (draft 2020-12), for editors and other programs: ``pack.schema.json``.

It says what :mod:`junheng.policy.schema` says. What only the loader can see, that every name used is declared, that
numbers are in their range and rules form no circle, is not in it. Dates are text such as 2026-08-31. Whoever changes
the models writes the file anew with ``python -m junheng.policy.packform``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from junheng.policy.conditions import OPERATORS, SHIFTS
from junheng.policy.schema import Pack

SCHEMA_FILE = Path(__file__).parent / "pack.schema.json"
CONDITION = "a condition, see the authors' guide"
VALUE = "a value, see the authors' guide"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a pack, with conditions and values spelt out."""
    form = _spelt_out(Pack.model_json_schema())
    form["$defs"] |= _definitions()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "pack.schema.json",
        **form,
        "title": "Junheng policy pack",
    }


def schema_text() -> str:
    """The content of ``pack.schema.json``."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _spelt_out(part: Any) -> Any:
    """The generated schema with a reference wherever a condition or value may stand."""
    if isinstance(part, list):
        return [_spelt_out(each) for each in part]
    if not isinstance(part, dict):
        return part
    name = {CONDITION: "Condition", VALUE: "Value"}.get(str(part.get("description", "")))
    if name is None:
        return {key: _spelt_out(each) for key, each in part.items()}
    reference = {"$ref": f"#/$defs/{name}"}
    optional = name == "Condition" and "default" in part
    return {"anyOf": [reference, {"type": "null"}], "default": None} if optional else reference


def _definitions() -> dict[str, Any]:
    value, condition = {"$ref": "#/$defs/Value"}, {"$ref": "#/$defs/Condition"}
    scalar = {"type": ["boolean", "number", "string"]}
    words = {"type": "array", "items": scalar}
    shift = {"$ref": "#/$defs/Shift"}
    conditions = {"type": "array", "items": condition, "minItems": 1}
    return {
        "Condition": {
            "description": "Holds when every test in it holds; or asks another rule of the pack.",
            "anyOf": [{"$ref": "#/$defs/Tests"}, {"$ref": "#/$defs/RuleTest"}],
        },
        "Tests": {
            "description": "Facts (or $parameters) with what is asked of them; all, any and not combine conditions.",
            "type": "object",
            "minProperties": 1,
            "properties": {"all": conditions, "any": conditions, "not": condition, "rule": False},
            "additionalProperties": {"$ref": "#/$defs/Test"},
        },
        "Test": {
            "description": "A plain value (equal), a list (one of), or operators.",
            "anyOf": [scalar, words, {"type": "null"}, {"$ref": "#/$defs/Operators"}],
        },
        "Operators": {
            "type": "object",
            "properties": {**dict.fromkeys(OPERATORS, value), "inclusive": value},
            "additionalProperties": False,
            "minProperties": 1,
            "not": {"required": ["inclusive"], "maxProperties": 1},
        },
        "RuleTest": {
            "description": "Whether another rule, asked about this person or a record, gives one of the verdicts.",
            "type": "object",
            "properties": {"rule": {"type": "string"}, "of": {"type": "string"}, "in": words},
            "required": ["rule", "in"],
            "additionalProperties": False,
        },
        "Value": {
            "description": "Plain, a list, $parameter, {M: , F: } by sex, or {fact: } moved by a number or a time.",
            "anyOf": [scalar, {"type": "null"}, words, {"$ref": "#/$defs/BySex"}, {"$ref": "#/$defs/FactValue"}],
        },
        "BySex": {
            "type": "object",
            "properties": {"M": value, "F": value},
            "required": ["M", "F"],
            "additionalProperties": False,
        },
        "FactValue": {
            "type": "object",
            "properties": {"fact": {"type": "string"}, "plus": shift, "minus": shift},
            "required": ["fact"],
            "additionalProperties": False,
        },
        "Shift": {
            "description": "A number, a $parameter, or years, months and days.",
            "anyOf": [
                {"type": ["number", "string", "null"]},
                {"type": "object", "properties": dict.fromkeys(SHIFTS, value), "additionalProperties": False},
            ],
        },
    }


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
