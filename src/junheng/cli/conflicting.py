"""junheng conflicts: why a county has no plan, which single changes would do, and a trial of the clerk's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.choices import ForbidOption, PinOption, PinsOption, SetOption, StayOption, overrides_of, pins_of
from junheng.cli.conflict_words import diagnosis_answer, remedy_answer, say_conflicts, say_remedies, say_remedy
from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.planning import CountyOption, PolicyOption, ProblemOption, YearOption, prepare_or_refuse
from junheng.cli.reading import MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import ProcessesOption, problem_or_refuse
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.documents.tables.relaxed import conflict_table, remedy_table
from junheng.planning.explaining import Speaker, names_of
from junheng.planning.problem import Problem
from junheng.planning.relaxing import (
    Change,
    ChangeError,
    Remedy,
    diagnose,
    read_changes,
    remedies_of,
    try_changes,
)
from junheng.planning.year import Request, clauses_of, names_in_the_bureau

TryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--try",
        help=both(
            "试改，如 commute=32；可多次，写法见手册",
            "try e.g. commute=32 or stay:TEACHER; may repeat, each is tried by itself; a semicolon joins",
        ),
    ),
]
RemediesOption = Annotated[
    int,
    typer.Option(
        "--single-changes", help=both("最多试算几项单项改动", "most single changes to be tried"), min=0, max=40
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The problem in question and how to speak of it."""

    problem: Problem
    speaker: Speaker


def conflicts(
    county: CountyOption = None,
    policy: PolicyOption = None,
    problem: ProblemOption = None,
    trial: TryOption = None,
    remedies: RemediesOption = 8,
    settings: SetOption = None,
    pin: PinOption = None,
    stay: StayOption = None,
    forbid: ForbidOption = None,
    pins: PinsOption = None,
    year: YearOption = None,
    processes: ProcessesOption = 2,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    output: OutputOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Says why there is no plan and what would do, or tries changes."""
    voice = Voice(lang, as_json)
    output_or_refuse(voice, output, county or [])
    if problem is not None:
        held = problem_or_refuse(voice, problem)
        asked = Asked(held, Speaker(held, names_of(held)))
    else:
        if not county or not policy:
            voice.refuse(
                "请给出县区工作簿和 --policy，或用 --problem 给出问题文件夹。",
                "Give a county workbook and --policy, or a problem folder with --problem.",
            )
        pack = deciding_pack_or_refuse(voice, policy)
        parameters, day = overrides_of(voice, pack, settings), date_or_refuse(voice, on)
        place = county_or_refuse(voice, county, mapping, on, name)
        chosen = pins_of(voice, place, pin, stay, forbid, pins)
        findings, held = prepare_or_refuse(voice, place, pack, Request(day, year, parameters, chosen))
        asked = Asked(held, Speaker(held, names_in_the_bureau(place, held), clauses_of(findings)))
    if trial:
        _try(voice, asked, trial, processes)
    else:
        _explain(voice, asked, remedies, processes, output)


def _try(voice: Voice, asked: Asked, trial: Sequence[str], processes: int) -> None:
    read = [_read_or_refuse(voice, asked.problem, text) for text in trial]
    with voice.progress("逐项试算", "trying each change", total=len(read)) as bar:
        tried = []
        for number, changes in enumerate(read, start=1):
            tried.append(try_changes(asked.problem, changes, processes=processes))
            bar.to(number, len(read))
    voice.title("试算结果", "What was tried")
    for each in tried:
        say_remedy(voice, asked.speaker, each)
    voice.answer({"tried": [remedy_answer(voice, asked.speaker, each) for each in tried]})
    if not all(each.works for each in tried):
        raise typer.Exit(NO)


def _read_or_refuse(voice: Voice, problem: Problem, text: str) -> tuple[Change, ...]:
    try:
        return read_changes(text, problem)
    except ChangeError as fault:
        voice.refuse(f"--try {text}：{fault.zh}。", f"--try {text}: {fault.en}.")


def _explain(voice: Voice, asked: Asked, most: int, processes: int, output: Path | None) -> None:
    with voice.progress("查找冲突", "finding the conflict", total=100) as bar:
        found = diagnose(asked.problem)
        bar.to(50)
        remedies: tuple[Remedy, ...] = ()
        if not found.feasible and most:
            remedies = remedies_of(
                asked.problem, found, most=most, processes=processes,
                progress=lambda done, total: bar.to(50 + 50 * done / total),
            )  # fmt: skip
    if found.feasible:
        voice.say("全部规则可以同时满足，没有冲突。", "Every rule can be kept; nothing conflicts.")
        voice.answer({"feasible": True})
        return
    say_conflicts(voice, asked.speaker, found)
    say_remedies(voice, asked.speaker, found, remedies)
    tables = [conflict_table(found, asked.speaker), remedy_table(found, remedies, asked.speaker)]
    write_tables(voice, tables, output, answer=diagnosis_answer(voice, asked.speaker, found, remedies))
    raise typer.Exit(NO)
