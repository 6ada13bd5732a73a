"""What a finished run writes of all counties together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from junheng.documents.results import write_results
from junheng.fleet.counties import CountyFile
from junheng.fleet.picture import map_page
from junheng.fleet.running import Run
from junheng.fleet.store import Store
from junheng.fleet.tables import (
    by_province,
    counties_parquet,
    county_rows,
    moves_parquet,
    result_tables,
    seconds_parquet,
)

TITLE = ("县区轮岗方案汇总", "Rotation plans of all counties")


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of all counties and provinces, and where everything is."""

    rows: list[dict[str, Any]]
    provinces: list[dict[str, Any]]
    listed: list[tuple[str, str, Path]]


def write_all(store: Store, counties: Sequence[CountyFile], run: Run, lang: str) -> Written:
    """Writes tables, workbook and map; all but the seconds repeat exactly."""
    rows = county_rows(counties, run.outcomes)
    provinces = by_province(rows)
    listed = [
        ("汇总工作簿", "Result workbook", _workbook(store, rows, lang)),
        ("示意图（用浏览器打开）", "Map, for a browser", store.write("map.html", _page(rows, provinces, lang))),
        ("一县一行", "One row a county", store.write("counties.parquet", counties_parquet(rows))),
        ("一人一行", "One row a move", store.write("moves.parquet", moves_parquet(run.outcomes))),
        ("逐县用时", "Seconds of each county", store.write("seconds.parquet", seconds_parquet(run.outcomes))),
    ]
    return Written(rows, provinces, listed)


def _workbook(store: Store, rows: Sequence[Mapping[str, Any]], lang: str) -> Path:
    path = store.folder / "results.xlsx"
    tables, charts = result_tables(rows)
    write_results(path, tables, lang, charts)
    return path


def _page(rows: Sequence[Mapping[str, Any]], provinces: Sequence[Mapping[str, Any]], lang: str) -> bytes:
    return map_page(rows, provinces, lang, TITLE).encode()
