"""A county as Parquet loses nothing, is small, and refuses what is no county."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from junheng.documents.columnar import CountyFileError, county_bytes, read_columnar, write_columnar
from junheng.facts import County
from junheng.facts.synthetic import make_county, make_small_county


@pytest.mark.parametrize("seed", [1, 2])
def test_a_county_comes_back_as_it_was(seed: int, tmp_path: Path) -> None:
    county = make_county(teachers=300, seed=seed)
    write_columnar(county, tmp_path / "county.parquet")
    back = read_columnar(tmp_path / "county.parquet")
    assert back == county
    assert county_bytes(back) == (tmp_path / "county.parquet").read_bytes()


def test_a_county_of_nobody_comes_back_too(tmp_path: Path) -> None:
    county = make_small_county()
    empty = replace(county, teachers=(), pairings=())
    write_columnar(empty, tmp_path / "county.parquet")
    assert read_columnar(tmp_path / "county.parquet") == empty


def test_a_file_is_small_and_a_table_for_others(tmp_path: Path) -> None:
    county = make_county(teachers=1000, seed=1)
    path = tmp_path / "county.parquet"
    write_columnar(county, path)
    assert path.stat().st_size < 200_000, "two megabytes would be 20,000 teachers"
    teachers = pl.read_parquet(path).select("name", "teachers").explode("teachers").unnest("teachers", separator=".")
    assert teachers.height == 1000
    assert set(teachers["teachers.sex"]) == {"M", "F"}


def broken(path: Path) -> dict[str, bytes]:
    write_columnar(make_small_county(), path)
    frame = pl.read_parquet(path)
    frame.drop("schools").write_parquet(path)
    lacking = path.read_bytes()
    pl.concat([frame, frame]).write_parquet(path)
    twice = path.read_bytes()
    frame.with_columns(pl.col("clusters").list.head(0)).write_parquet(path)
    unsound = path.read_bytes()
    frame.with_columns(schools=pl.lit(3)).write_parquet(path)
    return {"text": b"no parquet at all", "empty": b"", "lacking": lacking, "twice": twice, "unsound": unsound,
            "number": path.read_bytes()}  # fmt: skip


@pytest.mark.parametrize("kind", ["text", "empty", "lacking", "twice", "unsound", "number"])
def test_what_is_no_county_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    content = broken(tmp_path / "made.parquet")[kind]
    path = tmp_path / "county.parquet"
    path.write_bytes(content)
    with pytest.raises(CountyFileError, match=r"county\.parquet") as refused:
        read_columnar(path)
    assert "county.parquet" in refused.value.zh


def test_every_field_of_the_facts_has_a_place() -> None:
    frame = pl.read_parquet(county_bytes(make_small_county()))
    assert frame.columns == list(County.__dataclass_fields__)
