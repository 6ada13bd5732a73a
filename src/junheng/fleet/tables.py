"""All counties in tables: Parquet for programs, a workbook with a line a province for people."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.fleet.counties import CountyFile
from junheng.fleet.figures import STAGES
from junheng.fleet.tasks import STATUSES, Outcome
from junheng.planning.problem import INDICATORS

_INDICATOR_WORDS = {
    "degree": ("高学历", "degree"),
    "backbone": ("骨干", "backbone"),
    "pe_art": ("体音美", "PE and arts"),
}
_STAGE_WORDS = {"primary": ("小学", "primary"), "junior": ("初中", "junior")}


def _column(key: str, zh: str, en: str, kind: str = "integer", decimals: int = 2) -> ResultColumn:
    return ResultColumn(key=key, zh=zh, en=en, kind=kind, decimals=decimals)  # type: ignore[arg-type]


def _cv_columns() -> list[ResultColumn]:
    return [
        _column(
            f"cv_{stage}_{each}_{when}",
            f"{_STAGE_WORDS[stage][0]}{_INDICATOR_WORDS[each][0]}差异系数·{'前' if when == 'before' else '后'}",
            f"CV {_STAGE_WORDS[stage][1]} {_INDICATOR_WORDS[each][1]}, {when}",
            "number",
            3,
        )
        for stage in STAGES
        for each in INDICATORS
        for when in ("before", "after")
    ]


COUNTY_COLUMNS: tuple[ResultColumn, ...] = (
    _column("id", "编号", "Id", "text"),
    ResultColumn(key="name", zh="县区", en="County", width=22),
    ResultColumn(key="province", zh="省（市）", en="Province", width=20),
    _column("status", "结果", "Status", "text"),
    _column("teachers", "教师", "Teachers"),
    _column("schools", "学校", "Schools"),
    _column("must", "应当", "Must"),
    _column("may", "可以", "May"),
    _column("moves_asked", "名额", "Moves asked"),
    _column("moves", "移动", "Moves"),
    _column("objective", "目标值", "J", "number", 3),
    _column("bound", "已证下界", "Proven bound", "number", 3),
    _column("gap", "差距", "Gap", "percent", 3),
    _column("imbalance_before", "不均衡·前", "Imbalance, before", "number", 4),
    _column("imbalance_after", "不均衡·后", "Imbalance, after", "number", 4),
    _column("cv_before", "差异系数均值·前", "Mean CV, before", "number", 3),
    _column("cv_after", "差异系数均值·后", "Mean CV, after", "number", 3),
    _column("within_before", "系数达标项·前", "Coefficients within, before"),
    _column("within_after", "系数达标项·后", "Coefficients within, after"),
    _column("within_of", "系数项数", "Coefficients judged"),
    _column("reaching_before", "达标校次·前", "Schools at standard, before"),
    _column("reaching_after", "达标校次·后", "Schools at standard, after"),
    _column("reaching_of", "校次", "Schools × indicators"),
    _column("wishers", "移动者有志愿", "Movers with wishes"),
    _column("wish_first", "满足第一志愿", "First wish met"),
    _column("wish_any", "满足任一志愿", "Any wish met"),
    _column("backbone_movers", "骨干移动", "Backbone movers"),
    _column("extra_km", "增加通勤合计（公里）", "Extra commute in all, km", "number", 1),
    *_cv_columns(),
    ResultColumn(key="rules_broken", zh="冲突的规则", en="Rules broken", width=24),
    ResultColumn(key="error", zh="错误", en="Error", width=60),
)
_KINDS: Mapping[str, pl.DataType] = {
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "percent": pl.Float64(),
    "text": pl.String(),
}
MOVE_COLUMNS = ("county", "teacher_id", "from_school", "to_school", "as_subject")
SUMS = ("teachers", "schools", "must", "may", "moves", "within_before", "within_after", "within_of",
        "reaching_before", "reaching_after", "reaching_of", "wishers", "wish_first", "wish_any")  # fmt: skip


def county_rows(counties: Sequence[CountyFile], outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A row a county, in the order of the outcomes."""
    place = {each.id: each for each in counties}
    rows = []
    for outcome in outcomes:
        county = place[outcome.id]
        named = county.name if county.name != county.id else outcome.figures.get("name", county.name)
        row = outcome.figures | {"id": outcome.id, "name": named, "province": county.province}
        row |= {"status": outcome.status, "error": outcome.error if any(outcome.error) else None}
        rows.append({column.key: row.get(column.key) for column in COUNTY_COLUMNS})
    return rows


def counties_parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """One row a county."""
    schema = {column.key: _KINDS[column.kind] for column in COUNTY_COLUMNS}
    plain = [{key: each.en if isinstance(each, Phrase) else each for key, each in row.items()} for row in rows]
    return _parquet(pl.DataFrame(plain, schema=pl.Schema(schema)))


def moves_parquet(outcomes: Sequence[Outcome]) -> bytes:
    """One row a move."""
    rows = [(outcome.id, *move) for outcome in outcomes for move in outcome.moves]
    return _parquet(pl.DataFrame(rows, schema=dict.fromkeys(MOVE_COLUMNS, pl.String()), orient="row"))


def seconds_parquet(outcomes: Sequence[Outcome]) -> bytes:
    """One row a county: seconds by phase."""
    phases = ("read", "decide", "solve", "check", "total", "cpu")
    rows = [(o.id, o.figures.get("teachers"), *(o.seconds.get(phase) for phase in phases)) for o in outcomes]
    schema = {"id": pl.String(), "teachers": pl.Int64()} | dict.fromkeys(phases, pl.Float64())
    return _parquet(pl.DataFrame(rows, schema=schema, orient="row"))


def _parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd")
    return out.getvalue()


def by_province(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sums and means of each province, and of all without a name (``None``) as the last, over what was planned."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["province"] or "", []).append(row)
    names = sorted(groups)
    parts = [(name, groups[name]) for name in names] if len(names) > 1 or names != [""] else []
    return [_summed(name, members) for name, members in parts] + [_summed(None, rows)]


def _summed(name: str | None, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    planned = [row for row in rows if row["status"] == "solved"]
    before = sum(row["imbalance_before"] or 0.0 for row in planned)
    after = sum(row["imbalance_after"] or 0.0 for row in planned)
    gaps = sorted(row["gap"] for row in planned if row["gap"] is not None)
    return {
        "province": name,
        "counties": len(rows),
        **{status: sum(row["status"] == status for row in rows) for status in STATUSES},
        **{key: sum(row[key] or 0 for row in planned) for key in SUMS},
        "imbalance_ratio": after / before if before else None,
        "cv_before": _mean([row["cv_before"] for row in planned]),
        "cv_after": _mean([row["cv_after"] for row in planned]),
        "gap_median": gaps[len(gaps) // 2] if gaps else None,
        "gap_worst": gaps[-1] if gaps else None,
    }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


PROVINCE_COLUMNS: tuple[ResultColumn, ...] = (
    ResultColumn(key="province", zh="省（市）", en="Province", width=20),
    _column("counties", "县区", "Counties"),
    _column("solved", "已排定", "Planned"),
    _column("infeasible", "规则冲突", "Rules conflict"),
    _column("refused", "检查不通过", "Refused"),
    _column("failed", "失败", "Failed"),
    _column("teachers", "教师", "Teachers"),
    _column("schools", "学校", "Schools"),
    _column("must", "应当", "Must"),
    _column("may", "可以", "May"),
    _column("moves", "移动", "Moves"),
    _column("imbalance_ratio", "不均衡：后 ÷ 前", "Imbalance, after ÷ before", "percent", 1),
    _column("cv_before", "差异系数均值·前", "Mean CV, before", "number", 3),
    _column("cv_after", "差异系数均值·后", "Mean CV, after", "number", 3),
    _column("within_before", "系数达标项·前", "Coefficients within, before"),
    _column("within_after", "系数达标项·后", "Coefficients within, after"),
    _column("within_of", "系数项数", "Coefficients judged"),
    _column("reaching_before", "达标校次·前", "Schools at standard, before"),
    _column("reaching_after", "达标校次·后", "Schools at standard, after"),
    _column("reaching_of", "校次", "Schools × indicators"),
    _column("wishers", "移动者有志愿", "Movers with wishes"),
    _column("wish_first", "满足第一志愿", "First wish met"),
    _column("wish_any", "满足任一志愿", "Any wish met"),
    _column("gap_median", "差距中位", "Gap, median", "percent", 3),
    _column("gap_worst", "差距最大", "Gap, worst", "percent", 3),
)
ALL = Phrase("合计", "All")
_NOTES = (
    (
        "各项为已排定的县区之和或平均；不均衡按教师三项指标差异系数平方加权合计。",
        "Sums and means over the planned counties; imbalance: weighted squared coefficients of three indicators.",
    ),
    (
        "差距：与已证明下界的相对距离。逐县的移动名单见 moves.parquet。",
        "Gap: relative distance to the proven bound. Each county's moves are in moves.parquet.",
    ),
)


def result_tables(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Table], list[Chart]]:
    """Sheets for provinces and counties, and what failed where anything did, with a chart."""
    provinces = [
        row | {"province": row["province"] if row["province"] is not None else ALL} for row in by_province(rows)
    ]
    tables = [
        _table("各省", "Provinces", PROVINCE_COLUMNS, provinces, _NOTES),
        _table("各县区", "Counties", COUNTY_COLUMNS, [_worded(row) for row in rows]),
    ]
    if trouble := [_worded(row) for row in rows if row["status"] != "solved"]:
        some = [c for c in COUNTY_COLUMNS if c.key in ("id", "name", "province", "status", "rules_broken", "error")]
        tables.append(_table("未排定", "Not planned", some, trouble))
    chart = Chart(
        table="各省",
        kind="column",
        categories="province",
        values=["cv_before", "cv_after"],
        title_zh="教师指标差异系数均值：轮岗前后",
        title_en="Mean coefficient of the teacher indicators, before and after",
    )
    return tables, [chart]


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {"status": Phrase(*STATUSES[row["status"]])}


def _table(
    zh: str,
    en: str,
    columns: Sequence[ResultColumn],
    rows: Sequence[Mapping[str, Any]],
    notes: Sequence[tuple[str, str]] = (),
) -> Table:
    cells = [[row[column.key] for column in columns] for row in rows]
    return Table(name_zh=zh, name_en=en, columns=columns, rows=cells, notes=notes)
