"""Where a command's tables go: a workbook, a folder of CSV files, a JSON file, or standard output as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.speaking import Voice, both
from junheng.documents.results import Chart, Table, table_rows, write_csv, write_json, write_results

OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help=both("结果：.xlsx、.json 或放 CSV 的文件夹", "result: .xlsx, .json or a folder of CSV files"),
    ),
]


ENDINGS = (".xlsx", ".json", "")


def output_or_refuse(voice: Voice, output: Path | None, inputs: Sequence[Path] = ()) -> None:
    """Refuses, before any work is done, an output that cannot be written or that is one of the command's inputs."""
    if output is None:
        return
    if output.suffix not in ENDINGS:
        voice.refuse(
            f"-o {output}：不能写 {output.suffix} 文件，请用 .xlsx、.json 或一个文件夹名。",
            f"-o {output}: cannot write {output.suffix} files; give .xlsx, .json or the name of a folder.",
        )
    writable_or_refuse(voice, output, inputs, folder=output.suffix == "")


def writable_or_refuse(voice: Voice, path: Path, inputs: Sequence[Path] = (), *, folder: bool = False) -> None:
    """Refuses a path whose folder does not exist, that is of the other kind, or that is an input."""
    if not path.parent.is_dir():
        voice.refuse(
            f"-o {path}：没有文件夹 {path.parent}，请先建立。",
            f"-o {path}: there is no folder {path.parent}; make it first.",
        )
    if path.exists() and path.is_dir() is not folder:
        voice.refuse(
            f"-o {path}：这里已有一个{'文件' if folder else '文件夹'}，请换一个名字。",
            f"-o {path}: a {'file' if folder else 'folder'} is there already; give another name.",
        )
    _probe(voice, path)
    if path.exists() and any(each.exists() and path.samefile(each) for each in inputs):
        voice.refuse(
            f"-o {path}：不能覆盖原件，请换一个名字。", f"-o {path}: this would overwrite the input; give another name."
        )


def new_file_or_refuse(voice: Voice, output: Path) -> None:
    """Refuses to write over a workbook: it may be filled in."""
    writable_or_refuse(voice, output)
    if output.exists():
        voice.refuse(
            f"-o {output}：已有这个文件，不覆盖，请换一个名字。",
            f"-o {output}: this file exists and is not overwritten; give another name.",
        )


def new_folder_or_refuse(voice: Voice, folder: Path) -> None:
    """Refuses a folder that has something in it, or that stands nowhere."""
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        voice.refuse(
            f"-o {folder}：已存在且不空，请换一个文件夹。",
            f"-o {folder}: it exists and is not empty; give another folder.",
        )
    if not folder.resolve().parent.is_dir():
        voice.refuse(
            f"-o {folder}：没有文件夹 {folder.parent}，请先建立。",
            f"-o {folder}: there is no folder {folder.parent}; make it first.",
        )


def _probe(voice: Voice, path: Path) -> None:
    """Refuses a folder into which nothing can be written, by trying."""
    probe = path.with_name(f".{path.name}.part")
    try:
        probe.touch()
        probe.unlink()
    except OSError as fault:
        voice.refuse(
            f"-o {path}：不能写到文件夹 {path.parent}（{fault.strerror}）。",
            f"-o {path}: cannot write into the folder {path.parent} ({fault.strerror}).",
        )


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
        _save(tables, output, charts, voice.lang, on)
        voice.say(f"已写出：{output}", f"Wrote {output}")
    if voice.as_json:
        content = {table.name_en: table_rows(table) for table in tables}
        voice.answer((answer or {}) | {"tables": content} | ({"written": str(output)} if output else {}))


def _save(tables: Sequence[Table], output: Path, charts: Sequence[Chart], lang: str, on: date | None) -> None:
    if output.suffix == ".xlsx":
        write_results(output, tables, lang, charts, on=on)
    elif output.suffix == ".json":
        write_json(output, tables, lang)
    else:
        output.mkdir(exist_ok=True)
        for table in tables:
            write_csv(output / f"{table.name(lang)}.csv", table, lang)
