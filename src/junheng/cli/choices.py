"""A clerk's choices on the command line: parameters set anew, people pinned, kept or barred from a school."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.speaking import Voice, both
from junheng.facts import County
from junheng.planning.problem import Pin
from junheng.policy import Pack, parse_override

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help=both("改参数，如 tenure_years=6；可多次", "set a parameter, e.g. tenure_years=6; may repeat")
    ),
]
PinOption = Annotated[
    list[str] | None, typer.Option("--pin", help=both("指定去向：工号=学校代码", "must go there: teacher=school"))
]
StayOption = Annotated[list[str] | None, typer.Option("--stay", help=both("留任：工号", "must stay: teacher"))]
ForbidOption = Annotated[
    list[str] | None,
    typer.Option("--forbid", help=both("排除去向：工号=学校代码", "must not go there: teacher=school")),
]
PinsOption = Annotated[
    Path | None,
    typer.Option(
        "--pins",
        help=both(
            "以上三种决定的 CSV，列为 teacher_id, kind, school_id, subject, reason",
            "these decisions as CSV: teacher_id, kind, school_id, subject, reason",
        ),
    ),
]
PIN_HEADER = ("teacher_id", "kind", "school_id", "subject", "reason")
KINDS = ("pin", "stay", "forbid")


class SettingError(ValueError):
    """A parameter that the pack does not have, or a value that it cannot take, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def overrides_of(voice: Voice, pack: Pack, settings: list[str] | None) -> dict[str, Any]:
    """The parameters that ``--set`` changes; refused with the name, the range and what was given."""
    found: dict[str, Any] = {}
    for setting in settings or []:
        try:
            name, value = read_setting(pack, setting)
        except SettingError as problem:
            voice.refuse(f"--set {setting}：{problem.zh}", f"--set {setting}: {problem.en}")
        if name in found and found[name] != value:
            voice.refuse(f"--set：{name} 给了两个不同的值。", f"--set: {name} is given two different values.")
        found[name] = value
    return found


def read_setting(pack: Pack, setting: str) -> tuple[str, Any]:
    """The parameter and value of ``[clause.]parameter=value``; a clause in front must be one that the parameter cites.

    Raises :class:`SettingError` that says what was found and what is expected.
    """
    name, equals, value = setting.partition("=")
    clause, _, parameter = name.strip().rpartition(".")
    if not equals or not value.strip():
        raise SettingError("应写成 参数=值，如 tenure_years=6", "write it as parameter=value, e.g. tenure_years=6")
    if parameter not in pack.parameters:
        known = sorted(pack.parameters)
        raise SettingError(
            f"政策包 {pack.code} 没有参数“{parameter}”；它的参数是 {'、'.join(known) or '（无）'}",
            f"pack {pack.code} has no parameter '{parameter}'; it has {', '.join(known) or 'none'}",
        )
    cited = pack.parameters[parameter].clause
    if clause and clause not in {*cited, *(pack.clauses[each].label for each in cited)}:
        raise SettingError(
            f"参数 {parameter} 出自 {'、'.join(cited)}，不出自 {clause}",
            f"{parameter} belongs to {', '.join(cited)}, not to {clause}",
        )
    try:
        return parse_override(pack, f"{parameter}={value}")
    except ValueError as problem:
        raise SettingError(
            f"填的是 {value.strip()}；参数 {parameter}（{pack.parameters[parameter].zh}）{_expected(pack, parameter)}",
            str(problem),
        ) from problem


def _expected(pack: Pack, name: str) -> str:
    """What a parameter can be, in Chinese; the English is the engine's own."""
    parameter = pack.parameters[name]
    if parameter.options:
        return f"只能取 {'、'.join(str(each) for each in parameter.options)}"
    least, most = parameter.minimum, parameter.maximum
    if least is not None and most is not None:
        return f"应为 {least} 到 {most}"
    if least is not None or most is not None:
        return f"应不小于 {least}" if most is None else f"应不大于 {most}"
    return f"应与现值 {parameter.value} 同类"


def pins_of(
    voice: Voice,
    county: County,
    pin: list[str] | None,
    stay: list[str] | None,
    forbid: list[str] | None,
    path: Path | None,
) -> list[Pin]:
    """The clerk's decisions from options and file; unknown names and contradictions are refused."""
    pins = [Pin(teacher, "stay", reason="--stay") for teacher in stay or []]
    for kind, words in (("pin", pin), ("forbid", forbid)):
        for word in words or []:
            teacher, equals, school = word.partition("=")
            if not equals:
                voice.refuse(
                    f"--{kind} {word}：请写成 工号=学校代码。", f"--{kind} {word}: write it as teacher=school code."
                )
            pins.append(Pin(teacher, "pin" if kind == "pin" else "forbid", school, reason=f"--{kind}"))
    pins += _pins_file(voice, path) if path else []
    _refuse_unknown(voice, county, pins)
    _refuse_contradictions(voice, pins)
    return pins


def _refuse_unknown(voice: Voice, county: County, pins: Iterable[Pin]) -> None:
    for each in pins:
        teacher, school = county.teacher_by_id.get(each.teacher_id), county.school_by_id.get(each.school_id)
        if teacher is None:
            voice.refuse(
                f"--{each.kind}：没有工号为“{each.teacher_id}”的教师，请照“教师”表填写工号。",
                f"--{each.kind}: there is no teacher '{each.teacher_id}'; give a teacher no. of the teachers' sheet.",
            )
        if each.kind == "stay":
            continue
        if school is None:
            voice.refuse(
                f"--{each.kind}：没有代码为“{each.school_id}”的学校，请照“学校”表填写学校代码。",
                f"--{each.kind}: there is no school '{each.school_id}'; give a school code of the schools' sheet.",
            )
        if teacher.stage not in school.stages:
            voice.refuse(
                f"--{each.kind}：{each.teacher_id} 是{teacher.stage.zh}教师，{school.name}没有{teacher.stage.zh}。",
                f"--{each.kind}: {each.teacher_id} teaches {teacher.stage.en}; {school.name} has no such stage.",
            )


def _refuse_contradictions(voice: Voice, pins: Iterable[Pin]) -> None:
    wanted: dict[str, Pin] = {}
    for each in (p for p in pins if p.kind != "forbid"):
        other = wanted.setdefault(each.teacher_id, each)
        if (other.kind, other.school_id) != (each.kind, each.school_id):
            said = [f"{p.kind} {p.school_id}".strip() for p in (other, each)]
            voice.refuse(
                f"对 {each.teacher_id} 的决定互相矛盾：{said[0]} 与 {said[1]}，请只留一条。",
                f"decisions on {each.teacher_id} contradict each other: {said[0]} and {said[1]}; keep one.",
            )
    for each in (p for p in pins if p.kind == "forbid"):
        other_pin = wanted.get(each.teacher_id)
        if other_pin and other_pin.kind == "pin" and other_pin.school_id == each.school_id:
            voice.refuse(
                f"{each.teacher_id} 既指定到 {each.school_id} 又排除该校，请只留一条。",
                f"{each.teacher_id} is both pinned to {each.school_id} and barred from it; keep one.",
            )


def _pins_file(voice: Voice, path: Path) -> list[Pin]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        voice.refuse(f"--pins {path} 不能读：{problem}", f"--pins {path} cannot be read: {problem}")
    pins = []
    for number, row in enumerate(rows, start=2):
        kind = (row.get("kind") or "").strip()
        if kind not in KINDS or not row.get("teacher_id"):
            voice.refuse(
                f"{path.name} 第{number}行：需要 {','.join(PIN_HEADER)}，kind 为 pin、stay 或 forbid，现为“{kind}”。",
                f"{path.name} row {number}: expected {','.join(PIN_HEADER)}, kind pin, stay or forbid; found '{kind}'.",
            )
        values = [(row.get(field) or "").strip() for field in PIN_HEADER]
        pins.append(Pin(values[0], kind, values[2], values[3], values[4]))  # type: ignore[arg-type]
    return pins
