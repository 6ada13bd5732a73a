"""Reading the county that a command works on, or refusing it with every fault named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.speaking import Voice, both
from junheng.documents import Mapping, MappingError, Reading, UnreadableWorkbook, read_county
from junheng.facts import County

FAULTS_SHOWN = 40

CountyArgument = Annotated[
    list[Path],
    typer.Argument(
        help=both(
            "县区工作簿：xlsx、CSV 或文件夹，可多个", "the county workbook: xlsx, CSV or a folder; may be several"
        )
    ),
]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", help=both("外来表头的对照文件", "mapping file for foreign headers"))
]
OnOption = Annotated[
    str | None, typer.Option("--on", help=both("基准日，如 2026-08-31", "reference date, e.g. 2026-08-31"))
]
NameOption = Annotated[
    str | None,
    typer.Option("--name", help=both("县区名称，工作簿里没有写时用", "name of the county, if no sheet says it")),
]


def date_or_refuse(voice: Voice, text: str | None) -> date | None:
    """The date that an option gives, ``None`` without one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        voice.refuse(
            f"--on：无法识别“{text}”，请填写如 2026-08-31。", f"--on: {text!r} is not a date; write it as 2026-08-31."
        )


def mapping_or_refuse(voice: Voice, path: Path | None) -> Mapping | None:
    """The mapping of foreign headers, ``None`` without one."""
    if path is None:
        return None
    try:
        return Mapping.load(path)
    except (MappingError, OSError) as problem:
        said = (problem.zh, problem.en) if isinstance(problem, MappingError) else (str(problem), str(problem))
        voice.refuse(f"--mapping {path}：{said[0]}", f"--mapping {path}: {said[1]}")


def reading_or_refuse(
    voice: Voice, paths: list[Path], mapping: Path | None, on: str | None, name: str | None
) -> Reading:
    """What the workbook says, faults included; refuses what cannot be read at all."""
    day, rules = date_or_refuse(voice, on), mapping_or_refuse(voice, mapping)
    for path in paths:
        if not path.exists():
            voice.refuse(f"找不到文件：{path}", f"No such file: {path}")
    called = ", ".join(path.name for path in paths)
    try:
        with voice.progress(f"读取 {called}", f"reading {called}"):
            return read_county(paths, mapping=rules, on=day, name=name)
    except UnreadableWorkbook as problem:
        voice.refuse(problem.message("zh"), problem.message("en"))


def county_or_refuse(
    voice: Voice, paths: list[Path], mapping: Path | None = None, on: str | None = None, name: str | None = None
) -> County:
    """The county, or the end of the command with every fault named."""
    reading = reading_or_refuse(voice, paths, mapping, on, name)
    if reading.county is None:
        called = ", ".join(path.name for path in paths)
        voice.refuse(
            f"{called} 有 {len(reading.faults)} 处要改正，什么都没有写出。用 junheng check 另存带错误列的副本。",
            f"{called} has {len(reading.faults)} faults; nothing was written. "
            "junheng check saves a copy with an error column.",
            details=fault_lines(voice, reading),
        )
    return reading.county


def fault_lines(voice: Voice, reading: Reading) -> list[str]:
    """The faults as sentences, the first ones under a long list's end."""
    shown = [fault.message(voice.lang) for fault in reading.faults[:FAULTS_SHOWN]]
    more = len(reading.faults) - len(shown)
    return shown + ([voice.text(f"……另有 {more} 处", f"… and {more} more")] if more else [])
