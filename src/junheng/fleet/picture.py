"""The map of all counties: one page, two schematic maps side by side, nothing loaded from anywhere.

A county is a cell in its province's block, in the order of ids; its colour is the mean coefficient of variation of the
teacher indicators before and after the plan, dark where schools differ most. It is no map of the land: the order is
that of the ids. Hovering names the county. The colours are told apart by the colour-blind and in grey print.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from junheng.fleet.tasks import STATUSES

_SCALE = ("#fff7d6", "#fdd98b", "#f9b15a", "#ee8044", "#d34f3d", "#a32a3f", "#6a1440")
_NO_PLAN = "#c9ced6"
_CELL, _GAP, _LABEL, _WIDTH = 22, 3, 20, 560
_CELLS_A_ROW = 12
_STYLE = (
    "body{font:14px/1.6 'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei',sans-serif;margin:2em;color:#1c2430}"
    "h1{font-size:1.4em;margin:0}h2{font-size:1.05em}.maps{display:flex;flex-wrap:wrap;gap:32px}"
    "table{border-collapse:collapse;margin-top:1em}td,th{padding:.2em .8em;border-bottom:1px solid #d8dde5;"
    "text-align:right}td:first-child,th:first-child{text-align:left}small{color:#5a6472}svg text{font-size:12px}"
    "@media print{body{margin:0}}"
)


def map_page(
    rows: Sequence[Mapping[str, Any]], provinces: Sequence[Mapping[str, Any]], lang: str, title: tuple[str, str]
) -> str:
    """The page. ``rows`` and ``provinces`` as :mod:`junheng.fleet.tables` makes them."""

    def said(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    values = [row[key] for row in rows for key in ("cv_before", "cv_after") if row[key] is not None]
    low, high = (math.floor(min(values) * 20) / 20, math.ceil(max(values) * 20) / 20) if values else (0.0, 1.0)
    steps = _steps(low, max(high, low + 0.05))
    heading = escape(said(*title))
    before, after = (
        f"<section><h2>{escape(said(*words))}</h2>{_svg(rows, key, steps, lang)}</section>"
        for key, words in (("cv_before", ("轮岗前", "Before")), ("cv_after", ("轮岗后", "After")))
    )
    note = said(
        "每格一个县区，按省和编号排列，不是地理位置；颜色为教师三项指标差异系数的平均值，越深越不均衡。",
        "A cell is a county, by province and id, not by its place on the land; its colour is the mean coefficient of "
        "variation of the three teacher indicators, darker where schools differ more.",
    )
    return (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{heading}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{heading}</h1><p><small>{escape(note)}</small></p>{_legend(steps, lang)}"
        f'<div class="maps">{before}{after}</div>{_table(provinces, lang)}</body></html>\n'
    )


def _steps(low: float, high: float) -> list[float]:
    """Lower ends of the colour classes."""
    return [low + (high - low) * i / len(_SCALE) for i in range(len(_SCALE))]


def _colour(value: float | None, steps: Sequence[float]) -> str:
    if value is None:
        return _NO_PLAN
    return _SCALE[max(0, sum(value >= step for step in steps) - 1)]


def _svg(rows: Sequence[Mapping[str, Any]], key: str, steps: Sequence[float], lang: str) -> str:
    blocks: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        blocks.setdefault(row["province"] or "", []).append(row)
    pitch, cells = _CELL + _GAP, []
    columns = 1 if len(blocks) == 1 else 2 if len(blocks) < 9 else 3
    across = max(4, (20 if columns == 1 else _CELLS_A_ROW if columns == 2 else 7))
    width = across * pitch + 14
    heights = [0] * columns
    for name in sorted(blocks):
        column = heights.index(min(heights))
        x, y = column * width, heights[column]
        cells.append(f'<text x="{x}" y="{y + 14}">{escape(name)}</text>' if name else "")
        for i, row in enumerate(blocks[name]):
            at = (x + i % across * pitch, y + _LABEL + i // across * pitch)
            cells.append(_cell(row, key, at, _colour(row[key], steps), lang))
        heights[column] = y + _LABEL + math.ceil(len(blocks[name]) / across) * pitch + 8
    size = (columns * width, max(heights))
    label = escape({"zh": "县区示意图", "en": "schematic map of counties"}[lang])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="{size[0]}" '
        f'height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}">{"".join(cells)}</svg>'
    )


def _cell(row: Mapping[str, Any], key: str, at: tuple[float, float], colour: str, lang: str) -> str:
    value = "–" if row[key] is None else f"{row[key]:.3f}"
    zh, en = STATUSES[row["status"]]
    said = (
        f"{row['name']}（{zh}）：教师 {row['teachers'] or '–'}，移动 {row['moves'] or 0}，差异系数均值 {value}"
        if lang == "zh"
        else f"{row['name']} ({en}): {row['teachers'] or '–'} teachers, {row['moves'] or 0} moves, mean CV {value}"
    )
    edge = ' stroke="#1c2430" stroke-dasharray="3 2"' if row["status"] != "solved" else ""
    return (
        f'<rect x="{at[0]}" y="{at[1]}" width="{_CELL}" height="{_CELL}" rx="3" fill="{colour}"{edge}>'
        f"<title>{escape(said)}</title></rect>"
    )


def _legend(steps: Sequence[float], lang: str) -> str:
    entries = [(colour, f"≥ {step:.2f}") for colour, step in zip(_SCALE, steps, strict=True)]
    entries.append((_NO_PLAN, "没有方案" if lang == "zh" else "no plan"))
    parts = [
        f'<rect x="{i * 76}" y="2" width="16" height="16" rx="3" fill="{colour}"/>'
        f'<text x="{i * 76 + 21}" y="15">{escape(text)}</text>'
        for i, (colour, text) in enumerate(entries)
    ]
    width = len(entries) * 76
    return f'<svg width="{width}" height="22" viewBox="0 0 {width} 22" role="img">{"".join(parts)}</svg>'


def _table(provinces: Sequence[Mapping[str, Any]], lang: str) -> str:
    headers = {
        "zh": ("省（市）", "县区", "已排定", "教师", "移动", "不均衡 后÷前", "差异系数均值 前", "后",
               "达标校次 前", "后"),
        "en": ("Province", "Counties", "Planned", "Teachers", "Moves", "Imbalance after ÷ before", "Mean CV before",
               "after", "Schools at standard before", "after"),
    }[lang]  # fmt: skip
    body = ""
    for row in provinces:
        name = row["province"] if row["province"] is not None else ("合计" if lang == "zh" else "All")
        cells = (
            name, f"{row['counties']:,}", f"{row['solved']:,}", f"{row['teachers']:,}", f"{row['moves']:,}",
            _number(row["imbalance_ratio"], ".1%"), _number(row["cv_before"], ".3f"), _number(row["cv_after"], ".3f"),
            f"{row['reaching_before']:,}", f"{row['reaching_after']:,}",
        )  # fmt: skip
        body += "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"
    return "<table><tr>" + "".join(f"<th>{escape(h)}</th>" for h in headers) + f"</tr>{body}</table>"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
