"""How every command speaks: Chinese or English, for people or as JSON, with exit codes 0 done, 1 no, 2 bad input.

What a person reads goes to standard output; progress and errors go to standard error, so that ``--json`` can be piped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, NoReturn

import typer
from rich.box import Box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

NO = 1
BAD_INPUT = 2
PLAIN_BOX = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""Plain dashes: drawn lines are as wide as a Chinese character in some terminals, as wide as a digit in others."""
PIPED_WIDTH = 120
"""Columns of a table where no terminal says how wide it is."""
BETWEEN = " ¦ "
"""Stands between the Chinese and the English of a help text."""


class Lang(StrEnum):
    """The language of what is printed and written."""

    ZH = "zh"
    EN = "en"


def both(zh: str, en: str) -> str:
    """A help text in both languages; :mod:`junheng.cli.catalogue` shows the one that the reader asked for."""
    return f"{zh}{BETWEEN}{en}"


def one_of_both(text: str, lang: str) -> str:
    """The Chinese or the English of a help text."""
    zh, between, en = text.partition(BETWEEN)
    return en if between and lang == "en" else zh


LangOption = Annotated[Lang, typer.Option("--lang", help=both("语言", "language"), envvar="JUNHENG_LANG")]
JsonOption = Annotated[
    bool, typer.Option("--json", help=both("输出一份 JSON，供其他程序读取", "answer with one JSON document"))
]


class Voice:
    """One command's way of speaking."""

    def __init__(self, lang: Lang | str, as_json: bool) -> None:
        self.lang = str(lang)
        self.as_json = as_json
        self.out = Console(highlight=False, quiet=as_json)
        if not self.out.is_terminal:
            self.out.width = PIPED_WIDTH
        self.err = Console(stderr=True, highlight=False, soft_wrap=True)

    def text(self, zh: str, en: str) -> str:
        """The one of the two that the reader asked for."""
        return zh if self.lang == "zh" else en

    def say(self, zh: str, en: str) -> None:
        """A line for people; silent under ``--json``."""
        self.out.print(self.text(zh, en), markup=False, soft_wrap=True)

    def warn(self, zh: str, en: str) -> None:
        """A line that must not be overlooked; silent under ``--json``."""
        self.out.print(self.text(zh, en), style="bold red", markup=False, soft_wrap=True)

    def title(self, zh: str, en: str) -> None:
        """A heading for people."""
        self.out.print()
        self.out.print(self.text(zh, en), style="bold cyan", markup=False, soft_wrap=True)

    def table(self, headers: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]], *, right: int = 1) -> None:
        """A table for people; columns from ``right`` on are aligned to the right."""
        table = Table(box=PLAIN_BOX, show_edge=False, pad_edge=False, header_style="bold")
        for index, (zh, en) in enumerate(headers):
            table.add_column(self.text(zh, en), justify="right" if index >= right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))  # text: its square brackets are no markup
        self.out.print(table)

    def answer(self, data: Mapping[str, Any] | Sequence[Any]) -> None:
        """The whole answer for machines; silent unless ``--json``. Infinite numbers become null: JSON has none."""
        if self.as_json:
            sys.stdout.write(json.dumps(_finite(data), ensure_ascii=False, indent=1, default=str) + "\n")

    def refuse(self, zh: str, en: str, *, details: Sequence[str] = (), code: int = BAD_INPUT) -> NoReturn:
        """Says what is wrong and ends the command; nothing has been written."""
        if self.as_json:
            self.answer({"error": self.text(zh, en), "details": list(details)})
        else:
            self.err.print(self.text(zh, en), style="bold red", markup=False)
            for line in details:
                self.err.print(f"  {line}", markup=False)
        raise typer.Exit(code)

    @contextmanager
    def progress(self, zh: str, en: str, total: int | None = None) -> Iterator[Advance]:
        """A bar (or a spinner without a total) on standard error while something long runs.

        It stays when the work is done and vanishes when the work fails, so that the error stands alone.
        """
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            console=self.err,
            disable=self.as_json,
        )
        with bar:
            task = bar.add_task(self.text(zh, en), total=total)
            try:
                yield Advance(bar, task)
            except BaseException:
                bar.remove_task(task)
                raise
            bar.update(task, total=1, completed=1)


class Advance:
    """Moves a progress bar."""

    def __init__(self, bar: Progress, task: Any) -> None:
        self._bar, self._task = bar, task

    def to(self, done: float, total: float | None = None) -> None:
        """So much is done."""
        self._bar.update(self._task, completed=done, total=total)


def _finite(data: Any) -> Any:
    if isinstance(data, float) and not isfinite(data):
        return None
    if isinstance(data, Mapping):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return data
