"""junheng template · check: the county workbook, empty and examined."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.output import new_file_or_refuse, writable_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, fault_lines, reading_or_refuse
from junheng.cli.speaking import BAD_INPUT, JsonOption, Lang, LangOption, Voice, both
from junheng.documents import Reading, write_faults_copy, write_template
from junheng.documents.columns import SHEET_BY_KEY


def template(
    output: Annotated[Path, typer.Option("-o", "--output", help=both("写到哪里", "where to write"))] = Path(
        "blank.xlsx"
    ),
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Writes the empty county workbook."""
    voice = Voice(lang, as_json)
    new_file_or_refuse(voice, output)
    write_template(output, lang=voice.lang)
    voice.say(
        f"已写出空白工作簿：{output}（先看第一张表“说明”）",
        f"Wrote the empty workbook: {output} (read its first sheet)",
    )
    voice.answer({"written": str(output)})


def check(
    county: CountyArgument,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help=both("带错误列的副本写到哪里", "where the copy goes"))
    ] = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Names every fault of a county workbook and saves a copy with an error column."""
    voice = Voice(lang, as_json)
    copy = output or _free_name(county[0], voice.text("错误", "faults"))
    writable_or_refuse(voice, copy, county)
    reading = reading_or_refuse(voice, county, mapping, on, name)
    _say_warnings(voice, reading)
    if not reading.faults:
        names = [(SHEET_BY_KEY[key].title(voice.lang), rows) for key, rows in reading.counts.items()]
        counts = voice.text("、", ", ").join(f"{name} {rows}" for name, rows in names)
        voice.say(f"没有发现问题。读到：{counts}", f"No faults. Read: {counts}")
        voice.answer(_answer(reading, None, voice.lang))
        return
    write_faults_copy(county, reading.faults, copy, voice.lang)
    voice.answer(_answer(reading, copy, voice.lang))
    for line in [] if as_json else fault_lines(voice, reading):
        voice.say(line, line)
    voice.say(
        f"共 {len(reading.faults)} 处要改正；带“错误信息”列的副本：{copy}",
        f"{len(reading.faults)} faults; copy with an error column: {copy}",
    )
    raise typer.Exit(BAD_INPUT)


def _free_name(workbook: Path, word: str) -> Path:
    """A name beside the workbook that no file has: an earlier copy may hold a clerk's corrections."""
    stem = workbook.resolve().stem
    names = [f"{stem}-{word}.xlsx", *(f"{stem}-{word}-{number}.xlsx" for number in range(2, 1000))]
    return next(path for path in map(workbook.resolve().with_name, names) if not path.exists())


def _say_warnings(voice: Voice, reading: Reading) -> None:
    shown = reading.warnings[:10]
    for warning in shown:
        voice.say(f"提示：{warning.message('zh')}", f"Note: {warning.message('en')}")
    if more := len(reading.warnings) - len(shown):
        voice.say(f"……另有 {more} 条提示", f"… and {more} more notes")


def _answer(reading: Reading, copy: Path | None, lang: str) -> dict[str, object]:
    return {
        "sound": not reading.faults,
        "counts": dict(reading.counts),
        "copy": str(copy) if copy else None,
        "faults": [
            {
                "code": f.code,
                "sheet": f.sheet,
                "row": f.row,
                "column": f.column,
                "value": f.value,
                "expected": f.expected.said(lang),
                "message": f.message(lang),
            }
            for f in reading.faults
        ],
        "warnings": [w.message(lang) for w in reading.warnings],
    }
