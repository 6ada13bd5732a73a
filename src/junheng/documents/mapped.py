"""Reading a foreign sheet by a mapping: one foreign row gives a row of ours and any number of split rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from junheng.documents.binding import Plan, Rows, filled_rows, missing_columns, read_rows, sheet_fault
from junheng.documents.cells import is_blank, shown
from junheng.documents.columns import FAULTS_HEADER, Column, Kind, plain
from junheng.documents.faults import Fault, Phrase
from junheng.documents.intake import RawColumn, RawSheet
from junheng.documents.mapping import SheetMapping, SplitRows

_CONSTANT = "（映射常量）"


def bind_mapped(raw: RawSheet, mapping: SheetMapping) -> tuple[list[Rows], list[Fault], list[Fault]]:
    """The rows of our sheets that a foreign sheet gives, faults and warnings; places are those of the foreign file."""
    top = mapping.header_row - 1
    if top >= raw.height:
        problem = Phrase(f"没有第{mapping.header_row}行", f"has no row {mapping.header_row}")
        return [], [sheet_fault(raw, "no_header", problem, _CHECK_MAPPING)], []
    headers = _headers(raw, top)
    faults = [*_unmapped(raw, mapping, headers, top), *_absent(raw, mapping, headers, top)]
    keep, warnings = _kept_rows(raw, mapping, headers, top)
    plans = _plans(mapping.columns, mapping.constants, mapping.values, headers)
    rows, read_faults = read_rows(raw, mapping.to, plans, top + 1, keep)
    faults += [*missing_columns(raw, mapping.to, plans, top), *read_faults]
    parts = [rows]
    for split in mapping.split:
        part, part_faults = _split(raw, mapping, split, headers, [number - 1 for number in rows.numbers])
        parts.append(part)
        faults += part_faults
    return parts, faults, [*warnings, *_exposed(raw, plans)]


_CHECK_MAPPING = Phrase("请检查映射文件", "check the mapping file")


def _headers(raw: RawSheet, top: int) -> dict[str, tuple[str, RawColumn]]:
    """The foreign columns by plain header; a header's later occurrences are named ``header#2``, ``header#3`` …"""
    found: dict[str, tuple[str, RawColumn]] = {}
    for source in raw.columns:
        header = shown(source[top]).strip()
        name, occurrence = plain(header), 1
        while name in found:
            occurrence += 1
            name = f"{plain(header)}#{occurrence}"
        if header or any(not is_blank(cell) for cell in source.distinct):
            found[name] = (header, source)
    return found


def _unmapped(
    raw: RawSheet, mapping: SheetMapping, headers: Mapping[str, tuple[str, RawColumn]], top: int
) -> Iterable[Fault]:
    expected = Phrase("请在映射文件的 columns 中对应，或列入 ignore", "map it under columns, or list it under ignore")
    own = {plain(header) for header in FAULTS_HEADER.values()}
    for name in headers.keys() - mapping.known() - own:
        header, source = headers[name]
        if not header and filled_rows([source], range(top + 1, raw.height)) == []:
            continue
        shown_header = header if "#" not in name else f"{header}#{name.rpartition('#')[2]}"
        problem = Phrase("是映射文件没有提到的表头", "is a header that the mapping does not mention")
        yield sheet_fault(
            raw, "unknown_header", problem, expected, row=top + 1, column=shown_header, value=shown_header
        )


def _absent(
    raw: RawSheet, mapping: SheetMapping, headers: Mapping[str, tuple[str, RawColumn]], top: int
) -> Iterable[Fault]:
    for name in sorted(mapping.known() - mapping.ignore - headers.keys()):
        problem = Phrase("映射文件要用的列不在表中", "is used by the mapping but not in the sheet")
        yield sheet_fault(raw, "missing_column", problem, _CHECK_MAPPING, row=top + 1, column=name)


def _kept_rows(
    raw: RawSheet, mapping: SheetMapping, headers: Mapping[str, tuple[str, RawColumn]], top: int
) -> tuple[list[int], list[Fault]]:
    kept = list(range(top + 1, raw.height))
    warnings = []
    for name, words in mapping.skip_rows.items():
        if name not in headers:
            continue
        header, source = headers[name]
        skipped = {number for number, cell in enumerate(source.distinct) if shown(cell).strip() in words}
        left = [row for row in kept if source.rows[row] not in skipped]
        if len(left) < len(kept):
            count, said = len(kept) - len(left), "、".join(sorted(words))
            problem = Phrase(
                f"按映射文件略去{count}行（{said}）", f"{count} rows left out as the mapping says ({said})"
            )
            expected = Phrase("请核对是否应略去", "check that this is meant")
            warnings.append(sheet_fault(raw, "skipped_rows", problem, expected, column=header, value=str(count)))
        kept = left
    return kept, warnings


def _plans(
    columns: Mapping[str, Sequence[Column]],
    constants: Sequence[tuple[Column, str]],
    values: Mapping[str, Mapping[str, str]],
    headers: Mapping[str, tuple[str, RawColumn]],
) -> list[Plan]:
    plans = [
        Plan(column, headers[name][0], headers[name][1], translations=values.get(name, {}))
        for name, ours in columns.items()
        if name in headers
        for column in ours
    ]
    return [*plans, *(Plan(column, f"{column.zh}{_CONSTANT}", None, constant) for column, constant in constants)]


def _split(
    raw: RawSheet,
    mapping: SheetMapping,
    split: SplitRows,
    headers: Mapping[str, tuple[str, RawColumn]],
    candidates: Sequence[int],
) -> tuple[Rows, list[Fault]]:
    if split.when not in headers:
        return Rows(split.to, raw.file, raw.name, []), []
    values = {**mapping.values, **split.values}
    blank = {word for word, ours in values.get(split.when, {}).items() if not ours}
    _header, source = headers[split.when]
    empty = {number for number, cell in enumerate(source.distinct) if is_blank(cell) or shown(cell).strip() in blank}
    keep = [row for row in candidates if source.rows[row] not in empty]
    plans = [
        *_plans(_key_columns(mapping, split), (), values, headers),
        *_plans(split.columns, split.constants, values, headers),
    ]
    rows, faults = read_rows(raw, split.to, plans, 0, keep)
    top = mapping.header_row - 1
    return rows, [*missing_columns(raw, split.to, plans, top), *faults]


def _key_columns(mapping: SheetMapping, split: SplitRows) -> dict[str, tuple[Column, ...]]:
    """The teacher's number of the roster's row, under the split sheet's own column."""
    target = next((column for column in split.to.columns if column.kind is Kind.TEACHER), None)
    sources = [name for name, ours in mapping.columns.items() for column in ours if column.zh == "工号"]
    return {sources[0]: (target,)} if target and sources else {}


def _exposed(raw: RawSheet, plans: Sequence[Plan]) -> Iterable[Fault]:
    by_header: dict[str, set[Kind]] = {}
    for plan in plans:
        by_header.setdefault(plan.header, set()).add(plan.column.kind)
    for header, kinds in by_header.items():
        if {Kind.ID_NUMBER, Kind.KEY} <= kinds:
            problem = Phrase(
                "身份证件号兼作工号，结果和名单中会显示",
                "the ID number serves as teacher number and will show in results",
            )
            expected = Phrase("建议改用其他编号", "better use another number")
            yield sheet_fault(raw, "exposed_id_number", problem, expected, column=header)
