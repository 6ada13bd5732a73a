"""A clerk's choices on the command line: parameters set anew, people pinned, kept or barred from a school."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.speaking import Voice
from junheng.facts import County
from junheng.planning.problem import Pin
from junheng.policy import Pack, parse_override

SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="改参数,如 tenure_years=6 set a parameter, e.g. tenure_years=6")
]
PinOption = Annotated[list[str] | None, typer.Option("--pin", help="指定去向:工号=学校代码 must go: teacher=school")]
StayOption = Annotated[list[str] | None, typer.Option("--stay", help="留任:工号 must stay: teacher")]
ForbidOption = Annotated[
    list[str] | None, typer.Option("--forbid", help="排除去向:工号=学校代码 must not go: teacher=school")
]
PinsOption = Annotated[
    Path | None, typer.Option("--pins", help="CSV:teacher_id,kind(pin|stay|forbid),school_id,subject,reason")
]
PIN_HEADER = ("teacher_id", "kind", "school_id", "subject", "reason")


def overrides_of(voice: Voice, pack: Pack, settings: list[str] | None) -> dict[str, Any]:
    """The parameters that ``--set`` changes; refused with the name, the range and what was given."""
    found: dict[str, Any] = {}
    for setting in settings or []:
        try:
            name, value = read_setting(pack, setting)
        except ValueError as problem:
            voice.refuse(f"--set {setting}:{problem}", f"--set {setting}: {problem}")
        found[name] = value
    return found


def read_setting(pack: Pack, setting: str) -> tuple[str, Any]:
    """The parameter and value of ``[clause.]parameter=value``; a clause in front must be one that the parameter cites.

    Raises ``ValueError`` that says what was found and what is expected.
    """
    name, equals, value = setting.partition("=")
    clause, _, parameter = name.strip().rpartition(".")
    if clause and parameter in pack.parameters:
        cited = pack.parameters[parameter].clause
        if clause not in {*cited, *(pack.clauses[each].label for each in cited)}:
            raise ValueError(f"{parameter} belongs to {', '.join(cited)}, not to {clause}")
    return parse_override(pack, f"{parameter}{equals}{value}")


def pins_of(
    voice: Voice,
    county: County,
    pin: list[str] | None,
    stay: list[str] | None,
    forbid: list[str] | None,
    path: Path | None,
) -> list[Pin]:
    """The clerk's decisions from options and file; an unknown teacher or school is refused by name."""
    pins = [Pin(teacher, "stay", reason="--stay") for teacher in stay or []]
    for kind, words in (("pin", pin), ("forbid", forbid)):
        for word in words or []:
            teacher, equals, school = word.partition("=")
            if not equals:
                voice.refuse(
                    f"--{kind} {word}:请写成 工号=学校代码。", f"--{kind} {word}: write it as teacher=school code."
                )
            pins.append(Pin(teacher, "pin" if kind == "pin" else "forbid", school, reason=f"--{kind}"))
    pins += _pins_file(voice, path) if path else []
    for each in pins:
        if each.teacher_id not in county.teacher_by_id:
            voice.refuse(f"没有工号为 {each.teacher_id} 的教师。", f"There is no teacher {each.teacher_id}.")
        if each.kind != "stay" and each.school_id not in county.school_by_id:
            voice.refuse(f"没有代码为 {each.school_id} 的学校。", f"There is no school {each.school_id}.")
    return pins


def _pins_file(voice: Voice, path: Path) -> list[Pin]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as problem:
        voice.refuse(f"--pins {path}:{problem}", f"--pins {path}: {problem}")
    pins = []
    for number, row in enumerate(rows, start=2):
        kind = (row.get("kind") or "").strip()
        if kind not in ("pin", "stay", "forbid") or not row.get("teacher_id"):
            voice.refuse(
                f"{path.name} 第{number}行:需要 {','.join(PIN_HEADER)},kind 为 pin、stay 或 forbid,现为 {kind!r}。",
                f"{path.name} row {number}: expected {','.join(PIN_HEADER)}, kind pin, stay or forbid; found {kind!r}.",
            )
        values = [(row.get(field) or "").strip() for field in PIN_HEADER]
        pins.append(Pin(values[0], kind, values[2], values[3], values[4]))  # type: ignore[arg-type]
    return pins
