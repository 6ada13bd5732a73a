"""Binding a sheet of a file to a declared sheet: which header fills which column, and the values read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from junheng.documents.cells import Bad, is_blank, one_of, read_cell, shown, shown_in
from junheng.documents.columns import FAULTS_HEADER, Column, Sheet, headers_of, plain
from junheng.documents.faults import Fault, Phrase
from junheng.documents.intake import RawColumn, RawSheet

_HEADER_SEARCH_ROWS = 10
_SKIPPED_HEADERS = {plain(header) for header in (*FAULTS_HEADER.values(), "序号")}


@dataclass(slots=True)
class BoundColumn:
    """A declared column, the header it has in the file, and a value for each row: ``None`` for a blank or bad cell."""

    column: Column
    header: str
    values: list[Any]
    cells: Sequence[Any]

    def found(self, row: int) -> str:
        """The cell of a row as a message shows it."""
        return shown_in(self.column, self.cells[row])


@dataclass(slots=True)
class Rows:
    """Rows of a file bound to a declared sheet. ``numbers`` are the rows as the spreadsheet shows them."""

    sheet: Sheet
    file: str
    name: str
    numbers: list[int]
    columns: dict[str, BoundColumn] = field(default_factory=dict)
    bad: set[tuple[int, str]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.numbers)

    def values(self, name: str) -> list[Any]:
        """A value for each row of the column that fills ``name``; ``None`` where blank, bad or absent."""
        bound = self.columns.get(name)
        return bound.values if bound else [None] * len(self)

    def fault(self, row: int, name: str, code: str, problem: Phrase, expected: Phrase) -> Fault:
        """A fault at the cell of a row (counted from 0) and column."""
        bound = self.columns.get(name)
        header = bound.header if bound else self.sheet.column(name).zh
        return Fault(
            code=code,
            sheet=self.name,
            row=self.numbers[row],
            column=header,
            value=bound.found(row) if bound else "",
            problem=problem,
            expected=expected,
            file=self.file,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one column: from which column of the file (``None`` for a constant), with which translations."""

    column: Column
    header: str
    source: RawColumn | None
    constant: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)


def sheet_fault(
    raw: RawSheet,
    code: str,
    problem: Phrase,
    expected: Phrase,
    *,
    row: int | None = None,
    column: str = "",
    value: str = "",
) -> Fault:
    """A fault of a sheet as a whole, or of its header row."""
    return Fault(
        code=code,
        sheet=raw.name,
        row=row,
        column=column,
        value=value,
        problem=problem,
        expected=expected,
        file=raw.file,
    )


def bind(raw: RawSheet, sheet: Sheet) -> tuple[Rows, list[Fault]]:
    """Bind a sheet whose headers are ours, in any order, in Chinese or English, under a title or not."""
    top = header_row(raw, sheet)
    if top is None:
        wanted = "、".join(column.zh for column in sheet.columns if column.required)
        problem = Phrase("找不到表头", "has no header row")
        expected = Phrase(
            f"请在前{_HEADER_SEARCH_ROWS}行内填写表头，如 {wanted}", f"begin with headers such as {wanted}"
        )
        return Rows(sheet, raw.file, raw.name, []), [sheet_fault(raw, "no_header", problem, expected)]
    plans, faults = _plans(raw, sheet, top)
    rows, read_faults = read_rows(raw, sheet, plans, top + 1)
    return rows, [*faults, *missing_columns(raw, sheet, plans, top), *read_faults]


def header_row(raw: RawSheet, sheet: Sheet) -> int | None:
    """The row, from 0, among the first ten that has most of the sheet's headers; ``None`` when none has any."""
    known = headers_of(sheet)
    best, most = None, 0
    for number in range(min(raw.height, _HEADER_SEARCH_ROWS)):
        hits = sum(plain(shown(cell)) in known for cell in raw.row(number))
        if hits > most:
            best, most = number, hits
    return best


def _plans(raw: RawSheet, sheet: Sheet, top: int) -> tuple[list[Plan], list[Fault]]:
    known = headers_of(sheet)
    plans: dict[str, Plan] = {}
    faults: list[Fault] = []
    for source in raw.columns:
        header = shown(source[top]).strip()
        column = known.get(plain(header))
        if column is None:
            faults += _unknown(raw, source, header, top, [c.zh for c in sheet.columns])
        elif column.field in plans:
            earlier = plans[column.field].header
            problem = Phrase(f"与「{earlier}」含义相同，重复出现", f"means the same as “{earlier}”")
            expected = Phrase("请只保留一列", "keep only one of the columns")
            faults.append(
                sheet_fault(raw, "repeated_header", problem, expected, row=top + 1, column=header, value=header)
            )
        else:
            plans[column.field] = Plan(column, header, source)
    return list(plans.values()), faults


def _unknown(raw: RawSheet, source: RawColumn, header: str, top: int, wanted: list[str]) -> Iterable[Fault]:
    if plain(header) in _SKIPPED_HEADERS:
        return
    if not header:
        filled = next((row for row in range(top + 1, raw.height) if not is_blank(source[row])), None)
        if filled is not None:
            value = shown(source[filled])
            problem = Phrase(f'有数据 "{value}" 但该列没有表头', f'holds "{value}" in a column without header')
            expected = Phrase("请补填表头或删除该列", "give the column a header or delete it")
            yield sheet_fault(raw, "no_header", problem, expected, row=filled + 1, value=value)
        return
    near = get_close_matches(header, wanted, n=1, cutoff=0.5)
    hint = Phrase(f"是否应为「{near[0]}」？", f"perhaps “{near[0]}”? ") if near else Phrase("", "")
    expected = Phrase(
        f"{hint.zh}请按模板修改表头、删除该列，或使用映射文件",
        f"{hint.en}correct the header, delete the column, or use a mapping file",
    )
    problem = Phrase("是未知表头", "is an unknown header")
    yield sheet_fault(raw, "unknown_header", problem, expected, row=top + 1, column=header, value=header)


def missing_columns(raw: RawSheet, sheet: Sheet, plans: Sequence[Plan], top: int) -> Iterable[Fault]:
    """A fault for each required column that no header fills."""
    present = {plan.column.field for plan in plans}
    for column in sheet.columns:
        if column.required and column.field not in present:
            problem = Phrase("缺少该列", "the column is missing")
            expected = Phrase(
                f"请添加表头「{column.zh}」并填写（{column.help_zh}）",
                f"add the header “{column.en}”: {column.help_en}",
            )
            yield sheet_fault(raw, "missing_column", problem, expected, row=top + 1, column=column.zh)


def read_rows(
    raw: RawSheet, sheet: Sheet, plans: Sequence[Plan], first: int, keep: Sequence[int] | None = None
) -> tuple[Rows, list[Fault]]:
    """Read the rows from ``first`` (from 0), or those in ``keep``; rows blank in every planned column are skipped."""
    sources = [plan.source for plan in plans if plan.source is not None]
    chosen = filled_rows(sources, range(first, raw.height) if keep is None else keep)
    rows = Rows(sheet, raw.file, raw.name, [row + 1 for row in chosen])
    faults: list[Fault] = []
    for plan in plans:
        bound, bad = _read_column(plan, chosen)
        rows.columns[plan.column.field] = bound
        faults += _column_faults(rows, bound, bad)
    return rows, faults


def filled_rows(sources: Sequence[RawColumn], rows: Iterable[int]) -> list[int]:
    """The rows that are not blank in every one of the columns."""
    filled: set[int] = set()
    wanted = set(rows)
    for source in sources:
        blanks = {number for number, cell in enumerate(source.distinct) if is_blank(cell)}
        filled.update(row for row, number in enumerate(source.rows) if number not in blanks)
        if wanted <= filled:
            break
    return sorted(filled & wanted)


def _read_column(plan: Plan, chosen: Sequence[int]) -> tuple[BoundColumn, dict[int, Bad]]:
    source = plan.source
    if source is None:
        value = read_cell(plan.column, plan.constant) if plan.constant else None
        bad = dict.fromkeys(range(min(1, len(chosen))), value) if isinstance(value, Bad) else {}
        values = [None if isinstance(value, Bad) else value] * len(chosen)
        return BoundColumn(plan.column, plan.header, values, [plan.constant] * len(chosen)), bad
    table = [_read(plan, cell) for cell in source.distinct]
    numbers = [source.rows[row] for row in chosen]
    wrong = {number for number, value in enumerate(table) if isinstance(value, Bad)}
    bad = {at: table[number] for at, number in enumerate(numbers) if number in wrong} if wrong else {}
    clean = [None if number in wrong else value for number, value in enumerate(table)]
    values = [clean[number] for number in numbers]
    return BoundColumn(plan.column, plan.header, values, _Cells(source, chosen)), bad


def _read(plan: Plan, cell: Any) -> Any:
    if plan.translations:
        cell = plan.translations.get(shown(cell).strip(), cell)
    return None if is_blank(cell) else read_cell(plan.column, cell)


class _Cells(Sequence[Any]):
    """The cells of chosen rows of a column, not copied."""

    def __init__(self, source: RawColumn, chosen: Sequence[int]) -> None:
        self._source, self._chosen = source, chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def __getitem__(self, row: Any) -> Any:
        return self._source[self._chosen[row]]


def _column_faults(rows: Rows, bound: BoundColumn, bad: Mapping[int, Bad]) -> Iterable[Fault]:
    name = bound.column.field
    for row, why in bad.items():
        rows.bad.add((row, name))
        yield rows.fault(row, name, why.code, why.problem, why.expected)
    if bound.column.required:
        for row, value in enumerate(bound.values):
            if value is None and row not in bad:
                rows.bad.add((row, name))
                yield rows.fault(row, name, "required", Phrase("不能为空", "must not be blank"), _wanted(bound.column))


def _wanted(column: Column) -> Phrase:
    if column.codes is not None:
        return one_of(column.codes)
    example = f"，如 {column.example}" if column.example else ""
    return Phrase(
        f"请填写{column.help_zh}{example}",
        f"give: {column.help_en}{f', e.g. {column.example}' if column.example else ''}",
    )
