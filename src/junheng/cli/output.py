"""Where a command's tables go: a workbook, a folder of CSV files, a JSON file, or standard output as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.speaking import Voice
from junheng.documents.results import Chart, Table, table_rows, write_csv, write_json, write_results

OutputOption = Annotated[
    Path | None,
    typer.Option("-o", "--output", help="结果文件:.xlsx、.json 或文件夹(CSV) result: .xlsx, .json or a folder"),
]


def write_tables(
    voice: Voice,
    tables: Sequence[Table],
    output: Path | None,
    charts: Sequence[Chart] = (),
    *,
    on: date | None = None,
    answer: dict[str, Any] | None = None,
) -> None:
    """Writes the tables where the option says, tells where, and answers ``--json`` with all of them."""
    if output is not None:
        save_tables(voice, tables, output, charts, on=on)
        voice.say(f"已写出:{output}", f"Wrote {output}")
    if voice.as_json:
        content = {table.name_en: table_rows(table) for table in tables}
        voice.answer((answer or {}) | {"tables": content} | ({"written": str(output)} if output else {}))


def save_tables(
    voice: Voice, tables: Sequence[Table], output: Path, charts: Sequence[Chart] = (), *, on: date | None = None
) -> None:
    """Writes the tables in the form that the path's ending asks for."""
    if not output.parent.is_dir():
        voice.refuse(f"不能写到 {output}:没有这个文件夹。", f"Cannot write {output}: its folder does not exist.")
    if output.suffix == ".xlsx":
        write_results(output, tables, voice.lang, charts, on=on)
    elif output.suffix == ".json":
        write_json(output, tables, voice.lang)
    elif output.suffix in ("", "."):
        output.mkdir(exist_ok=True)
        for table in tables:
            write_csv(output / f"{table.name(voice.lang)}.csv", table, voice.lang)
    else:
        voice.refuse(
            f"不能写 {output.suffix} 文件:请用 .xlsx、.json 或一个文件夹名。",
            f"Cannot write {output.suffix} files: give .xlsx, .json or the name of a folder.",
        )
