"""What a chart expects, and the same figures as a table for whoever cannot or will not look at a chart.

Every kind takes a plain dictionary that travels as JSON; texts in it are already in the language of the page.

* ``bar``, ``grouped-bar``, ``stacked-bar``, ``line``, ``pie``: ``categories``, ``series`` of ``{name, data}`` and the
  ``unit``; optional per series ``kind`` (``bar`` or ``line``), ``colour``, ``colours`` (one for each value) and
  ``dashed``; optional for the chart ``urls`` (one for each category), ``target`` ``{value, label}``, ``horizontal`` and
  ``axis``.
* ``boxplot``: ``categories``, ``values`` (lowest, lower quarter, median, upper quarter, highest), ``words`` (what the
  five are called), ``unit``, ``outliers`` (place, value), ``target``.
* ``scatter``: ``x`` and ``y`` ``{name, unit}``, ``series`` of ``{name, data}``, a point being
  ``{x, y, name, size, url}``.
* ``sankey``: ``nodes`` ``{id, name, colour, url}``, ``links`` ``{source, target, value}``, ``unit``.
* ``gauge``: ``value``, ``min``, ``max``, ``target``, ``lower`` (less is better), ``unit``, ``label``.
* ``map``: ``schools`` ``{id, name, short, x, y, size, group, category, url, tip}`` with x and y in kilometres,
  ``categories`` ``{key, label, colour}``, ``regions`` ``{key, label}`` (a school's ``group``), ``flows``
  ``{from, to, value, label}``, ``size_label``, ``flow_label``, ``flow_unit``. ``tip`` is a list of ``[word, value]``,
  or of values alone where the map has ``tip_words``; ``short`` is left out where it is the name.

Colours are names: blue, light, green, orange, red, purple, teal, yellow, azure, pink, secondary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from junheng.web.interface.numbers import aside, number

KINDS = frozenset(
    {"bar", "grouped-bar", "stacked-bar", "line", "pie", "scatter", "boxplot", "sankey", "map", "gauge"},
)


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: its head, and rows of which the first cell names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Plain(DjangoJSONEncoder):
    """JSON without blanks and with Chinese as it is, which is half as long as with each character written as six."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given | {"ensure_ascii": False, "separators": (",", ":")})


def drawn(figures: Figures) -> SafeString:
    """The rows of the table as HTML; a map has a thousand of them."""
    rows = (
        (
            conditional_escape(row[0]),
            format_html_join("", "<td>{}</td>", ((number(c),) for c in row[1:])),
        )
        for row in figures.rows
    )
    return format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', rows)


def figures_of(kind: str, data: Mapping[str, Any]) -> Figures:
    """Return the figures that a chart of that kind draws, as a table."""
    if kind not in KINDS:
        raise ValueError(f"no chart is of the kind {kind!r}; one of {', '.join(sorted(KINDS))}")
    return _SHAPES.get(kind, _by_category)(data)


def _unit(data: Mapping[str, Any], name: str) -> str:
    unit = data.get("unit")
    return f"{name}{aside(unit)}" if unit and name else name or (unit or "")


def _by_category(data: Mapping[str, Any]) -> Figures:
    head = (data.get("axis") or _("项目"), *(_unit(data, str(series["name"])) for series in data["series"]))
    columns = [list(series["data"]) for series in data["series"]]
    rows = tuple(
        (category, *(column[place] if place < len(column) else None for column in columns))
        for place, category in enumerate(data["categories"])
    )
    return Figures(head, rows)


def _boxes(data: Mapping[str, Any]) -> Figures:
    words = data.get("words") or (_("最低"), _("下四分位"), _("中位"), _("上四分位"), _("最高"))
    rows = tuple((name, *values) for name, values in zip(data["categories"], data["values"], strict=True))
    return Figures((_("项目"), *(_unit(data, str(word)) for word in words)), rows)


def _points(data: Mapping[str, Any]) -> Figures:
    head = (_("名称"), _("类别"), *(str(data.get(axis, {}).get("name") or axis) for axis in ("x", "y")))
    rows = tuple(
        (point.get("name", ""), series["name"], point["x"], point["y"])
        for series in data["series"]
        for point in series["data"]
    )
    return Figures(head, rows)


def _streams(data: Mapping[str, Any]) -> Figures:
    names = {str(node.get("id", node["name"])): node["name"] for node in data["nodes"]}
    rows = tuple(
        (
            names.get(str(link["source"]), link["source"]),
            names.get(str(link["target"]), link["target"]),
            link["value"],
        )
        for link in data["links"]
    )
    return Figures((_("从"), _("到"), _unit(data, _("数量"))), rows)


def _one_value(data: Mapping[str, Any]) -> Figures:
    rows = [(data.get("label") or _("数值"), data["value"])]
    if data.get("target") is not None:
        rows.append((_("目标"), data["target"]))
    return Figures((_("项目"), _unit(data, _("数值"))), tuple(rows))


def _places(data: Mapping[str, Any]) -> Figures:
    groups = {region["key"]: region["label"] for region in data.get("regions", ())}
    kinds = {category["key"]: category["label"] for category in data["categories"]}
    head = (_("学校"), _("片区"), _("类别"), data.get("size_label") or _("规模"))
    rows = tuple(
        (
            school["name"],
            groups.get(school.get("group"), ""),
            kinds.get(school.get("category"), ""),
            school.get("size"),
        )
        for school in data["schools"]
    )
    return Figures(head, rows)


_SHAPES = {"boxplot": _boxes, "scatter": _points, "sankey": _streams, "gauge": _one_value, "map": _places}
