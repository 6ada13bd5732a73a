"""The cells of a file as sheets of columns, whether it was a workbook or a CSV."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column as distinct cells and, for each row, which of them it holds. Cell 0 is the empty text.

    A roster repeats itself: 50,000 teachers have two sexes and some hundred schools. Each distinct cell is read once.
    """

    distinct: list[Any]
    rows: array[int]

    def __getitem__(self, row: int) -> Any:
        """The cell of a row, counted from 0."""
        return self.distinct[self.rows[row]]

    @classmethod
    def of(cls, cells: Sequence[Any]) -> RawColumn:
        """A column from its cells."""
        index: dict[Any, int] = {"": 0}
        rows = array("I", (index.setdefault(cell, len(index)) for cell in cells))
        return cls(list(index), rows)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands in the file: row 0 is the spreadsheet's row 1, column 0 its column A."""

    file: str
    name: str
    height: int
    columns: tuple[RawColumn, ...]

    def row(self, number: int) -> list[Any]:
        """The cells of a row, counted from 0."""
        return [column[number] for column in self.columns]

    def rows(self) -> Iterator[list[Any]]:
        """Every row from the top."""
        return (self.row(number) for number in range(self.height))
