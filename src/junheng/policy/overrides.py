"""Parameters set anew on a command line or in a form: ``name=value`` as text, checked against the pack."""

from __future__ import annotations

from typing import Any

from junheng.policy.checking import parameter_faults
from junheng.policy.errors import PackError
from junheng.policy.schema import Pack
from junheng.policy.yamlfile import parse_yaml


def parse_override(pack: Pack, setting: str) -> tuple[str, Any]:
    """Read ``name=value``: a number, true or false, a word, a YAML list, or ``men/women`` for a limit by sex.

    Raises ``ValueError`` for an unknown parameter, a value out of its range or of another kind.
    """
    name, equals, text = setting.partition("=")
    name = name.strip()
    if not equals or not text.strip():
        raise ValueError(f"found {setting!r}; expected name=value, for instance tenure_years=6")
    if name not in pack.parameters:
        raise ValueError(f"pack {pack.code} has no parameter {name!r}; it has {', '.join(sorted(pack.parameters))}")
    parameter = pack.parameters[name]
    value = _value(text.strip(), by_sex=isinstance(parameter.value, dict) and set(parameter.value) == {"M", "F"})
    if parameter.value is not None and _kind(value) != _kind(parameter.value):
        raise ValueError(f"{name} is {text!r}; expected {_kind(parameter.value)}, such as {parameter.value}")
    faults = parameter_faults(parameter, value)
    if faults:
        raise ValueError(f"{name}: {faults[0]}")
    return name, value


def _value(text: str, *, by_sex: bool) -> Any:
    if by_sex and "/" in text:
        men, women = text.split("/", 1)
        return {"M": _value(men.strip(), by_sex=False), "F": _value(women.strip(), by_sex=False)}
    try:
        return parse_yaml(text, "--set").content
    except PackError as fault:
        raise ValueError(str(fault)) from fault


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case dict():
            return "men/women"
        case list():
            return "a list"
    return "a word"
