"""A county as one compact Parquet file: every fact, nothing lost, readable by any tool that reads Parquet.

The file has one row: ``name``, ``on``, and the lists ``clusters``, ``schools``, ``teachers`` and ``pairings`` of
structs with the fields of :mod:`junheng.facts`. So a whole folder is one table in a line of polars:
``pl.read_parquet("*.parquet").select("name", "teachers").explode("teachers").unnest("teachers")``. Codes are stored by
value, sets in order, an empty list as null. A county of 4,000 teachers takes about a third of a megabyte. Nothing in
such a file is ever executed.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import polars as pl

from junheng.facts import County
from junheng.facts.codes import Code

Write = Callable[[Sequence[Any]], pl.Series]
Read = Callable[[pl.Series], list[Any]]
_PLAIN: dict[type, pl.DataType] = {
    bool: pl.Boolean(),
    int: pl.Int64(),
    float: pl.Float64(),
    str: pl.String(),
    date: pl.Date(),
}
_FEW_FIELDS = 5
"""Records of so few fields, such as hours of training, repeat: equal ones become one object, which is immutable."""


class CountyFileError(ValueError):
    """A file that is no county; ``zh`` and ``en`` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclasses.dataclass(frozen=True, slots=True)
class _Form:
    """How a type is stored: the column's type, and whole columns there and back."""

    stored: pl.DataType
    write: Write
    read: Read


def county_bytes(county: County) -> bytes:
    """The county as the content of a Parquet file; equal counties give equal bytes."""
    out = io.BytesIO()
    frame = _form(County).write([county]).struct.unnest()
    frame.write_parquet(out, compression="zstd", compression_level=9, statistics=False)
    return out.getvalue()


def write_columnar(county: County, path: Path | str) -> None:
    """Writes a county as one Parquet file."""
    Path(path).write_bytes(county_bytes(county))


def read_columnar(path: Path | str) -> County:
    """The county in a Parquet file. Raises :class:`CountyFileError` for a file that does not hold one."""
    name, columns = Path(path).name, [field.name for field in dataclasses.fields(County)]
    try:
        frame = pl.read_parquet(io.BytesIO(Path(path).read_bytes()))
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise CountyFileError(f"{name} 不能读：{fault}", f"{name} cannot be read: {fault}") from fault
    if frame.height != 1 or not set(columns) <= set(frame.columns):
        found = ", ".join(frame.columns[:8])
        raise CountyFileError(
            f"{name} 不是县区文件：应为一行，列为 {'、'.join(columns)}；现有 {frame.height} 行，列为 {found}",
            f"{name} is no county: expected one row with {', '.join(columns)}; found {frame.height} rows with {found}",
        )
    try:
        county = _form(County).read(frame.select(columns).to_struct())[0]
    except (ValueError, TypeError, KeyError, pl.exceptions.PolarsError) as fault:
        raise CountyFileError(
            f"{name} 的内容不合规：{fault}", f"{name} holds a county that is not sound: {fault}"
        ) from fault
    assert isinstance(county, County)  # noqa: S101 - what the form of a county reads
    return county


@cache
def _form(kind: Any) -> _Form:
    """The form of a type of :mod:`junheng.facts`; ``TypeError`` for a type that no fact has."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:  # an optional fact: nulls pass through the forms of plain values and codes
        return _form(next(each for each in inner if each is not NoneType))
    if origin in (tuple, frozenset):
        return _list(_form(inner[0]), tuple if origin is tuple else frozenset)
    if origin is dict:
        return _pairs(_form(inner[0]), _form(inner[1]))
    if isinstance(kind, type) and issubclass(kind, Code):
        return _code(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record(kind)
    if kind in _PLAIN:
        return _plain(_PLAIN[kind])
    raise TypeError(f"no way to store {kind}")


def _plain(stored: pl.DataType) -> _Form:
    """Values as they are; a whole number among decimals becomes one."""
    return _Form(stored, lambda values: pl.Series(values, dtype=stored, strict=False), pl.Series.to_list)


def _code(kind: type[Code]) -> _Form:
    members: dict[str | None, Code | None] = {None: None} | {member.value: member for member in kind}

    def write(values: Sequence[Any]) -> pl.Series:
        return pl.Series([None if value is None else value.value for value in values], dtype=pl.String())

    return _Form(pl.String(), write, lambda series: [members[value] for value in series.to_list()])


def _list(form: _Form, collect: type) -> _Form:
    stored = pl.List(form.stored)

    def write(values: Sequence[Any]) -> pl.Series:
        lists = [sorted(each) for each in values] if collect is frozenset else values
        rows = [row for row, each in enumerate(lists) for _ in each]
        flat = form.write([value for each in lists for value in each])
        grouped = pl.DataFrame([pl.Series("row", rows, dtype=pl.Int64()), flat.alias("each")]).group_by(
            "row", maintain_order=True
        )
        every = pl.DataFrame({"row": pl.int_range(len(values), eager=True)})
        return every.join(grouped.agg("each"), on="row", how="left", maintain_order="left")["each"].cast(stored)

    def read(series: pl.Series) -> list[Any]:
        lengths = series.list.len().fill_null(0)
        flat = form.read(series.filter(lengths > 0).explode())
        return [collect(flat[start:end]) for start, end in pairwise(accumulate(lengths.to_list(), initial=0))]

    return _Form(stored, write, read)


def _pairs(key: _Form, value: _Form) -> _Form:
    """A mapping as a list of keys with values, in its order."""
    stored = pl.Struct({"key": key.stored, "value": value.stored})

    def write(pairs: Sequence[Any]) -> pl.Series:
        return _struct({"key": key.write([k for k, _ in pairs]), "value": value.write([v for _, v in pairs])})

    def read(series: pl.Series) -> list[Any]:
        return list(zip(key.read(series.struct.field("key")), value.read(series.struct.field("value")), strict=True))

    lists = _list(_Form(stored, write, read), tuple)
    return _Form(
        lists.stored,
        lambda values: lists.write([tuple(each.items()) for each in values]),
        lambda series: [dict(each) for each in lists.read(series)],
    )


def _record(kind: type) -> _Form:
    hints = get_type_hints(kind)
    forms = {field.name: _form(hints[field.name]) for field in dataclasses.fields(kind)}
    names = list(forms)

    def write(values: Sequence[Any]) -> pl.Series:
        return _struct({name: form.write([getattr(each, name) for each in values]) for name, form in forms.items()})

    def read(series: pl.Series) -> list[Any]:
        rows = list(zip(*(form.read(series.struct.field(name)) for name, form in forms.items()), strict=True))
        if len(names) > _FEW_FIELDS:
            return [kind(**dict(zip(names, row, strict=True))) for row in rows]
        once = {row: kind(**dict(zip(names, row, strict=True))) for row in dict.fromkeys(rows)}
        return [once[row] for row in rows]

    return _Form(pl.Struct({name: form.stored for name, form in forms.items()}), write, read)


def _struct(columns: dict[str, pl.Series]) -> pl.Series:
    return pl.DataFrame([series.alias(name) for name, series in columns.items()]).to_struct()
