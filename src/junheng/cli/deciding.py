"""junheng decide: a verdict with its clause for every teacher of a county."""

from __future__ import annotations

from typing import Annotated

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.documents.tables.decided import STANDINGS, clause_table, decided_tables
from junheng.policy import Findings, decide


def decide_county(
    county: CountyArgument,
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    on: OnOption = None,
    settings: SetOption = None,
    mapping: MappingOption = None,
    name: NameOption = None,
    output: OutputOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Judges every teacher of a county under a pack."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    overrides, day = overrides_of(voice, pack, settings), date_or_refuse(voice, on)
    output_or_refuse(voice, output, county)
    held = county_or_refuse(voice, county, mapping, on, name)
    try:
        with voice.progress("判定", "deciding"):
            findings = decide(held, pack, on=day, parameters=overrides)
    except ValueError as problem:
        voice.refuse(f"不能判定：{problem}", f"Cannot decide: {problem}")
    say_verdicts(voice, findings)
    tables, charts = decided_tables(findings, held)
    write_tables(voice, tables, output, charts, on=held.on, answer={"standings": standings(findings)})


def standings(findings: Findings) -> dict[str, int]:
    """How many must, may and do not move."""
    held = [*findings.standings.values()]
    return {standing: sum(each == standing for each in held) for standing in STANDINGS}


def say_verdicts(voice: Voice, findings: Findings, clauses: int = 30) -> None:
    """Who must, may, cannot move and by which clause, in numbers."""
    voice.title(
        f"资格判定（依据《{findings.pack.identity.title.zh}》，基准日 {findings.reference_date}）",
        f"Verdicts (by {findings.pack.identity.title.en}, reference date {findings.reference_date})",
    )
    counts = standings(findings)
    voice.say(
        "；".join(f"{STANDINGS[s].zh} {n} 人" for s, n in counts.items()),
        "; ".join(f"{STANDINGS[s].en}: {n}" for s, n in counts.items()),
    )
    rows = [
        [cell.said(voice.lang) if hasattr(cell, "said") else cell for cell in row]
        for row in clause_table(findings).rows
    ]
    voice.table(
        [
            ("结论", "Standing"),
            ("判定", "Verdict"),
            ("条款", "Clause"),
            ("条款内容", "The clause says"),
            ("人数", "Teachers"),
        ],
        rows[:clauses],
        right=4,
    )
