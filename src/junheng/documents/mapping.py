"""Mapping files: how a foreign roster's sheets, headers and words become ours.

A mapping is one YAML file::

    name: 某区在编教师名册
    sheets:
      - from: [在编教师, 在编*]      # sheet names, or CSV stems, * and ? allowed
        to: 教师                     # our sheet
        header_row: 2                # the row of the headers, 1 when left out
        key: 教育网短号               # the foreign column that serves as 工号, when none is mapped to it
        columns:                     # foreign header: our header, or several of ours
          校名: 人事关系学校
        constants: {在编: 是}         # our header: what every row says
        values:                      # foreign header: foreign word: our word ("" for blank)
          行政职务: {党组织书记兼校长: 校长, 无: ""}
        skip_rows:                   # rows to leave out, counted in a warning
          任教学段: [幼儿园, 高中]
        ignore: [民族, 籍贯]          # headers left out on purpose; any other unmapped header is a fault
        split:                       # a further row of another sheet, when a cell is filled
          - to: 任职经历
            when: 支教单位名称
            columns: {支教单位名称: 县外单位名称, 支教开始时间: 开始日期, 支教结束时间: 结束日期}
            constants: {任职类型: 支教}

When a header stands more than once, the second is named ``header#2``. Sheets that no entry names are read as ours.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from junheng.documents.columns import Column, Sheet, column_named, plain, sheet_named

_LARGEST = 1_000_000


class MappingError(ValueError):
    """A mapping file that cannot be used; ``zh`` and ``en`` name file, line, what was found and what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def message(self, lang: str = "zh") -> str:
        """The sentence in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRows:
    """A further row of another of our sheets, made wherever the foreign column ``when`` is filled."""

    to: Sheet
    when: str
    columns: Table[str, tuple[Column, ...]]
    constants: tuple[tuple[Column, str], ...] = ()
    values: Table[str, Table[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMapping:
    """How one foreign sheet is read. Foreign headers are kept as :func:`~junheng.documents.columns.plain` text."""

    names: tuple[str, ...]
    to: Sheet
    header_row: int = 1
    columns: Table[str, tuple[Column, ...]] = field(default_factory=dict)
    constants: tuple[tuple[Column, str], ...] = ()
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    skip_rows: Table[str, frozenset[str]] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    split: tuple[SplitRows, ...] = ()

    def known(self) -> frozenset[str]:
        """Every foreign header that the mapping speaks of."""
        used = {*self.columns, *self.skip_rows, *self.ignore}
        for split in self.split:
            used |= {split.when, *split.columns}
        return frozenset(used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A mapping file as loaded."""

    name: str
    sheets: tuple[SheetMapping, ...]

    def of(self, sheet_name: str) -> SheetMapping | None:
        """The entry that a foreign sheet's name matches, the first of several."""
        wanted = plain(sheet_name)
        for sheet in self.sheets:
            if any(fnmatchcase(wanted, pattern) for pattern in sheet.names):
                return sheet
        return None

    @classmethod
    def load(cls, path: Path | str) -> Mapping:
        """The mapping in a YAML file. Raises :class:`MappingError` with file and line for anything unexpected."""
        path = Path(path)
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise MappingError(
                f"{path.name}：找不到映射文件，或文件过大。", f"{path.name}: no such mapping, or too large."
            )
        return cls.parse(path.read_text("utf-8-sig", errors="replace"), path.name)

    @classmethod
    def parse(cls, text: str, file: str = "mapping") -> Mapping:
        """The mapping in YAML text; ``file`` names it in errors."""
        try:
            content = YAML(typ="rt", pure=True).load(StringIO(text))
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise MappingError(
                f"{file} 第{line}行：不是正确的YAML，请检查缩进和冒号。",
                f"{file} line {line}: no valid YAML; check it.",
            ) from None
        return _Loader(file).mapping(content)


def _pattern(name: str) -> str:
    """A sheet name as :func:`fnmatchcase` takes it: plain, with its ``*`` and ``?``, a bracket meaning itself."""
    return "*".join(plain(part) for part in name.split("*")).replace("[", "[[]")


class _Loader:
    """Turns the tree of a YAML file into a mapping and knows where each node stands."""

    def __init__(self, file: str) -> None:
        self._file = file

    def mapping(self, node: Any) -> Mapping:
        self._keys(node, {"name", "sheets"}, {"sheets"})
        sheets = self._list(node, "sheets")
        return Mapping(name=str(node.get("name", "")), sheets=tuple(self._sheet(sheet) for sheet in sheets))

    def _sheet(self, node: Any) -> SheetMapping:
        optional = {"header_row", "key", "columns", "constants", "values", "skip_rows", "ignore", "split"}
        self._keys(node, {"from", "to", *optional}, {"from", "to"})
        to = self._target(node)
        columns = self._columns(node, to)
        if "key" in node:
            header = plain(str(node["key"]))
            columns[header] = (*columns.get(header, ()), self._key_of(node, to))
        names = node["from"] if isinstance(node["from"], list) else [node["from"]]
        return SheetMapping(
            names=tuple(_pattern(str(name)) for name in names),
            to=to,
            header_row=self._header_row(node),
            columns=columns,
            constants=self._constants(node, to),
            values=self._values(node),
            skip_rows={
                plain(str(header)): frozenset(
                    str(word).strip() for word in self._listed(node["skip_rows"], words, header)
                )
                for header, words in self._dict(node, "skip_rows").items()
            },
            ignore=frozenset(plain(str(header)) for header in self._list(node, "ignore")),
            split=tuple(self._split(split) for split in self._list(node, "split")),
        )

    def _split(self, node: Any) -> SplitRows:
        self._keys(node, {"to", "when", "columns", "constants", "values"}, {"to", "when", "columns"})
        to = self._target(node)
        return SplitRows(
            to=to,
            when=plain(str(node["when"])),
            columns=self._columns(node, to),
            constants=self._constants(node, to),
            values=self._values(node),
        )

    def _target(self, node: Any) -> Sheet:
        sheet = sheet_named(str(node["to"]))
        if sheet is None:
            raise self._error(node, "to", f"没有名为“{node['to']}”的工作表", f"there is no sheet “{node['to']}”")
        return sheet

    def _key_of(self, node: Any, to: Sheet) -> Column:
        column = column_named(to, "工号")
        if column is None:
            raise self._error(node, "key", f"“{to.zh}”表没有工号", f"the sheet “{to.en}” has no teacher number")
        return column

    def _header_row(self, node: Any) -> int:
        row = node.get("header_row", 1)
        if not isinstance(row, int) or isinstance(row, bool) or row < 1:
            raise self._error(node, "header_row", "应为从1起的行号", "is expected to be a row number from 1")
        return row

    def _columns(self, node: Any, to: Sheet) -> dict[str, tuple[Column, ...]]:
        found = {}
        for header, ours in self._dict(node, "columns").items():
            names = ours if isinstance(ours, list) else [ours]
            found[plain(str(header))] = tuple(self._column(node["columns"], header, to, str(name)) for name in names)
        return found

    def _constants(self, node: Any, to: Sheet) -> tuple[tuple[Column, str], ...]:
        constants = self._dict(node, "constants")
        return tuple(
            (self._column(constants, ours, to, str(ours)), self._word(value)) for ours, value in constants.items()
        )

    def _values(self, node: Any) -> dict[str, dict[str, str]]:
        values = self._dict(node, "values")
        return {
            plain(str(header)): {
                str(theirs).strip(): self._word(ours) for theirs, ours in self._table(values, words, header).items()
            }
            for header, words in values.items()
        }

    def _column(self, node: Any, key: Any, to: Sheet, name: str) -> Column:
        column = column_named(to, name)
        if column is None:
            raise self._error(node, key, f"“{to.zh}”表没有「{name}」列", f"the sheet “{to.en}” has no column “{name}”")
        return column

    @staticmethod
    def _word(value: Any) -> str:
        # YAML reads an unquoted 是 as text but yes, 1 and dates as other types.
        if isinstance(value, bool):
            return "是" if value else "否"
        return "" if value is None else str(value)

    def _keys(self, node: Any, allowed: set[str], needed: set[str]) -> None:
        if not isinstance(node, dict):
            raise self._error(
                node, None, f"应为键值，含 {'、'.join(sorted(needed))}", f"expected keys {sorted(needed)}"
            )
        for key in node:
            if key not in allowed:
                raise self._error(
                    node,
                    key,
                    f"不认识“{key}”，可用：{'、'.join(sorted(allowed))}",
                    f"unknown key; known: {sorted(allowed)}",
                )
        for key in sorted(needed - set(node)):
            raise self._error(node, None, f"缺少“{key}”", f"“{key}” is missing")

    def _dict(self, node: Any, key: str) -> dict[Any, Any]:
        return self._table(node, node.get(key), key)

    def _table(self, node: Any, value: Any, key: Any) -> dict[Any, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._error(node, key, "应为“名称: 内容”的列表", "is expected to hold “name: content” lines")
        return value

    def _list(self, node: Any, key: str) -> list[Any]:
        return self._listed(node, node.get(key), key)

    def _listed(self, node: Any, value: Any, key: Any) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._error(node, key, "应为列表", "is expected to be a list")
        return value

    def _error(self, node: Any, key: Any, zh: str, en: str) -> MappingError:
        line = self._line(node, key)
        return MappingError(
            f"{self._file} 第{line}行「{key or ''}」：{zh}。", f"{self._file} line {line} “{key or ''}”: {en}."
        )

    @staticmethod
    def _line(node: Any, key: Any) -> int:
        place = getattr(node, "lc", None)
        if place is None:
            return 1
        try:
            return int(place.key(key)[0]) + 1
        except (KeyError, TypeError, AttributeError):
            return int(place.line) + 1
