"""A small county on paper: its workbook as plain lists that a test may spoil and write again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from junheng.documents import Fault, Reading, read_county, write_county
from junheng.facts import County
from junheng.facts.synthetic import make_small_county

Sheets = dict[str, list[list[Any]]]


class Workbook:
    """Sheets as lists of rows, the first of them headers."""

    def __init__(self, sheets: Sheets, folder: Path) -> None:
        self.sheets = sheets
        self.folder = folder
        self.path = folder / "county.xlsx"

    def cell(self, sheet: str, row: int, header: str) -> Any:
        return self.sheets[sheet][row - 1][self.sheets[sheet][0].index(header)]

    def set(self, sheet: str, row: int, header: str, value: Any) -> None:
        """Put a value into a row as the spreadsheet counts it, under a header."""
        self.sheets[sheet][row - 1][self.sheets[sheet][0].index(header)] = value

    def add(self, sheet: str, cells: dict[str, Any]) -> int:
        """Append a row and tell its number."""
        self.sheets[sheet].append([cells.get(header) for header in self.sheets[sheet][0]])
        return len(self.sheets[sheet])

    def save(self) -> Path:
        book = xlsxwriter.Workbook(str(self.path), {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
        for name, rows in self.sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, column, value)
        book.close()
        return self.path

    def read(self, **options: Any) -> Reading:
        return read_county(self.save(), **options)

    def only_fault(self, **options: Any) -> Fault:
        """The one fault that reading finds."""
        faults = self.read(**options).faults
        assert len(faults) == 1, [fault.message() for fault in faults]
        return faults[0]


@pytest.fixture(scope="session")
def county() -> County:
    return make_small_county()


@pytest.fixture(scope="session")
def written(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("written") / "county.xlsx"
    write_county(county, path)
    return path


@pytest.fixture(scope="session")
def sheets_of() -> Callable[[Path], Sheets]:
    """Reads a workbook with another library than the product's."""

    def read(path: Path) -> Sheets:
        book = openpyxl.load_workbook(path)
        return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}

    return read


@pytest.fixture(scope="session")
def plain_sheets(written: Path, sheets_of: Callable[[Path], Sheets]) -> Sheets:
    return sheets_of(written)


@pytest.fixture
def workbook(plain_sheets: Sheets, tmp_path: Path) -> Workbook:
    """The small county's workbook without faults, to be spoiled."""
    return Workbook({name: [list(row) for row in rows] for name, rows in plain_sheets.items()}, tmp_path)
