"""A clause as it is applied: its words, and the county's own values where they are not those that the words give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from junheng.policy import conditions as c
from junheng.policy.checking import operands_in
from junheng.policy.schema import Decide, Pack, Parameter

UNITS = {
    "percent": "%", "years": "年", "months": "个月", "month": "月", "hours": "学时", "persons": "人", "schools": "所",
    "days": "天", "terms": "个聘期", "semesters": "个学期", "yuan": "元", "yuan a month": "元（每月）",
    "ten thousand yuan": "万元", "km": "千米", "times": "次", "weeks": "周", "minutes": "分钟", "lessons": "节",
    "points": "分",
}  # fmt: skip
READINGS = {
    "inclusive": ("首尾两日都计", "both ends included"), "anniversary": ("按满周年计", "completed years"),
    "school_year": ("按学年计", "school years"), "calendar": ("按自然年计", "calendar years"),
    "half_up": ("四舍五入", "rounded half up"), "ceil": ("向上取整", "rounded up"),
    "floor": ("向下取整", "rounded down"),
}  # fmt: skip
"""Words for ways of counting, which texts of clauses state as they state figures."""


def as_applied(pack: Pack, clause: str, lang: str, values: Mapping[str, Any] | None) -> str:
    """What a clause says, followed by the values in force of its parameters where they are others than the pack's.

    ``values`` may name parameters of other packs too; those that it does not name are as in the pack.
    """
    text = pack.clauses[clause].says.text(lang)
    own = [
        f"{parameter.zh if lang == 'zh' else parameter.en}{_gap(lang)}{_said(parameter, value, lang)}"
        for parameter, value in departures(pack, clause, values or {})
    ]
    if not own:
        return text
    return f"{text}（现按{'、'.join(own)}执行）" if lang == "zh" else f"{text} (applied here: {', '.join(own)})"


def departures(pack: Pack, clause: str, values: Mapping[str, Any]) -> list[tuple[Parameter, Any]]:
    """Parameters of a clause whose value is another than the pack's, with that value, in the order of the pack.

    A clause's are those that name it and those by which what cites it is decided. Only figures, days and ways of
    counting: what a text does not state is no departure from it, and what it leaves open neither.
    """
    names = [name for name, parameter in pack.parameters.items() if _departs(parameter, values.get(name))]
    if not names:
        return []
    used = _used_by(pack, clause)
    return [
        (pack.parameters[name], values[name])
        for name in names
        if clause in pack.parameters[name].clause or name in used
    ]  # fmt: skip


def _departs(parameter: Parameter, value: Any) -> bool:
    given = parameter.value
    if value is None or given is None or _plain(value) == _plain(given):
        return False
    return _is_stated(given) and _is_stated(value)


def _is_stated(value: Any) -> bool:
    """Whether it is a figure, figures by sex, a day, or a way of counting."""
    match value:
        case bool() | None:
            return False
        case int() | float() | date():
            return True
        case str():
            return value in READINGS or value.replace("-", "").isdigit()
        case dict():
            return set(value) == {"M", "F"} and all(_is_stated(each) for each in value.values())
    return False


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _used_by(pack: Pack, clause: str) -> set[str]:
    """Names of the parameters by which a clause decides."""
    return {
        operand.name
        for part in _citing(pack, clause)
        for _, operand in operands_in(part)
        if isinstance(operand, c.Parameter)
    }


def _citing(pack: Pack, clause: str) -> Iterator[Any]:
    """The parts of rules that cite a clause: of decisions the lines, of all others the rule."""
    for rule in pack.rules.values():
        lines: Sequence[Any] = [*rule.branches, rule.otherwise] if isinstance(rule, Decide) else [rule]
        yield from (each for each in lines if clause in each.clause)


def _said(parameter: Parameter, value: Any, lang: str) -> str:
    if isinstance(value, dict):
        sexes = {"M": ("男", "men"), "F": ("女", "women")}
        parts = [f"{sexes[key][lang != 'zh']}{_gap(lang)}{_number(each)}" for key, each in value.items()]
        return "/".join(parts)
    if isinstance(value, str) and value in READINGS:
        return READINGS[value][lang != "zh"]
    return f"{_number(_plain(value))}{_unit(parameter, value, lang)}"


def _unit(parameter: Parameter, value: Any, lang: str) -> str:
    if parameter.unit == "percent":
        return "%"
    if lang == "zh":
        return UNITS.get(parameter.unit, "")
    unit = parameter.unit.removesuffix("s") if value == 1 else parameter.unit
    return f" {unit}" if unit else ""


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _gap(lang: str) -> str:
    return "" if lang == "zh" else " "
