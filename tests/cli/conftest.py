"""The cast of the command's tests: a small county on paper, and the command as a clerk types it, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run
from junheng.documents import write_county
from junheng.facts.synthetic import make_county, make_small_county


@dataclass(frozen=True)
class Answer:
    """What a call gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Junheng = Callable[..., Answer]


@pytest.fixture
def junheng(capsys: pytest.CaptureFixture[str]) -> Junheng:
    """Calls the command with words, as the shell would."""

    def call(*words: object) -> Answer:
        capsys.readouterr()
        code = run(COMMANDS, [str(word) for word in words])
        shown = capsys.readouterr()
        return Answer(code, shown.out, shown.err)

    return call


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of six schools and sixty teachers."""
    path = tmp_path_factory.mktemp("small") / "county.xlsx"
    write_county(make_small_county(), path)
    return path


@pytest.fixture(scope="session")
def planned(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``out`` (the plan of the small county by CN) and ``problem`` (the same problem exported)."""
    folder = tmp_path_factory.mktemp("planned")
    words = [small, "--policy", "CN", "-o", folder / "out", "--export-problem", folder / "problem", "--json"]
    assert run(COMMANDS, ["plan", *map(str, words)]) == 0
    return folder


@pytest.fixture(scope="session")
def middling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a county of 500 teachers."""
    path = tmp_path_factory.mktemp("middling") / "county.xlsx"
    write_county(make_county(teachers=500, seed=2, on=date(2026, 8, 31)), path)
    return path


@pytest.fixture(scope="session")
def full_size(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a county of 4,000 teachers."""
    path = tmp_path_factory.mktemp("full") / "county.xlsx"
    write_county(make_county(teachers=4000, seed=1, on=date(2026, 8, 31)), path)
    return path


class Desk:
    """A folder with a copy of the small county's workbook that a test may spoil."""

    def __init__(self, honest: Path, folder: Path) -> None:
        self.book = openpyxl.load_workbook(honest)
        self.folder = folder
        self.path = folder / "county.xlsx"

    def column(self, sheet: str, header: str) -> int:
        return next(cell.column for cell in self.book[sheet][1] if cell.value == header)

    def get(self, sheet: str, row: int, header: str) -> Any:
        return self.book[sheet].cell(row, self.column(sheet, header)).value

    def set(self, sheet: str, row: int, header: str, value: Any) -> None:
        self.book[sheet].cell(row, self.column(sheet, header)).value = value

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path

    def left(self) -> set[str]:
        """What is in the folder besides the workbook."""
        return {path.name for path in self.folder.iterdir()} - {self.path.name}


@pytest.fixture
def desk(small: Path, tmp_path: Path) -> Iterator[Desk]:
    yield Desk(small, tmp_path)
