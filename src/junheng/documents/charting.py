"""Native charts of the spreadsheet, from the declared form of a chart."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

from junheng.documents.paper import Paper

if TYPE_CHECKING:
    from junheng.documents.results import Chart, Table


def draw_chart(book: Paper, place: tuple[str, int], table: Table, chart: Chart, lang: str) -> Any:
    """The chart of a table whose headers stand in a row of a sheet."""
    headers = {column.key: column.header(lang) for column in table.columns}
    drawing = book.workbook.add_chart(_KINDS.get((chart.kind, chart.style), {"type": chart.kind}))
    series = [_series(place, table, chart, key) for key in chart.values]
    over = [_series(place, table, chart, key) for key in chart.lines]
    if over and chart.kind == "column":
        above = book.workbook.add_chart({"type": "line"})
        for each in over:
            above.add_series(each)
        drawing.combine(above)
    for each in [*series, *(over if chart.kind != "column" else [])]:
        drawing.add_series(each)
    drawing.set_title({"name": chart.title_zh if lang == "zh" else chart.title_en, "name_font": {"size": 12}})
    many = len(chart.values) + len(chart.lines) > 1
    drawing.set_legend({"position": "bottom"} if many or chart.kind == "pie" else {"none": True})
    drawing.set_size({"width": 720, "height": chart.height})
    drawing.set_y_axis({"name": chart.axis_zh if lang == "zh" else chart.axis_en, "major_gridlines": _GRID})
    if chart.kind == "scatter":
        across = {column.key: column for column in table.columns}[chart.categories]
        room = _room(table, _keys(table).index(across.key)) if chart.style == "solid" else {}
        drawing.set_x_axis(
            {"name": headers[chart.categories], "major_gridlines": _GRID, "num_format": across.number_format()} | room
        )
    elif chart.style == "dots":
        drawing.set_x_axis({"num_font": {"size": 8, "rotation": -60}, "interval_unit": 1})
    elif chart.kind == "bar":
        drawing.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    return drawing


_KINDS = {
    ("column", "stacked"): {"type": "column", "subtype": "stacked"},
    ("scatter", "solid"): {"type": "scatter", "subtype": "straight_with_markers"},
}
_GRID: dict[str, Any] = {"visible": True, "line": {"color": "#E6E9ED", "width": 0.75}}


def _series(place: tuple[str, int], table: Table, chart: Chart, key: str) -> dict[str, Any]:
    """One row of values as the charts of the spreadsheet want it."""
    sheet, header = place
    keys, last = (
        [column.key for column in table.columns],
        header + max(min(len(table.rows), chart.rows or len(table.rows)), 1),
    )
    order = [*chart.values, *chart.lines]
    color = dict(zip(order, chart.colors, strict=False)).get(key)
    series: dict[str, Any] = {
        "name": [sheet, header, keys.index(key)],
        "categories": [sheet, header + 1, keys.index(chart.categories), last, keys.index(chart.categories)],
        "values": [sheet, header + 1, keys.index(key), last, keys.index(key)],
    }
    ink = {"color": color} if color else {}
    if key in chart.lines:
        return series | {"line": {**ink, "width": 1.5, "dash_type": "dash"}, "marker": {"type": "none"}}
    if chart.labels and key == chart.values[0]:
        series["data_labels"] = _labels(table, keys.index(chart.labels), last - header)
    if chart.kind == "scatter" and chart.style == "solid":
        series["marker"] = {"type": "circle", "size": 6 if key == chart.values[0] else 11}
    if chart.style == "dots":
        marker = {"type": "circle", "size": 6} | ({"border": ink, "fill": ink} if ink else {})
        return series | {"line": {"none": True}, "marker": marker}
    return series | ({"fill": ink} if ink and chart.kind in ("column", "bar") else {})


def _labels(table: Table, at: int, last: int) -> dict[str, Any]:
    """The values of a column as the labels of points; codes and phrases are not labels."""
    texts = [str(row[at]) for row in table.rows[:last]]
    return {"custom": [{"value": text} for text in texts], "value": True, "position": "above"}


def _room(table: Table, at: int) -> dict[str, float]:
    """Limits of an axis that begin where the values do: tenths around them."""
    values = [row[at] for row in table.rows if isinstance(row[at], int | float)]
    return {"min": floor(10 * min(values)) / 10, "max": ceil(10 * max(values)) / 10} if values else {}


def _keys(table: Table) -> list[str]:
    return [column.key for column in table.columns]
