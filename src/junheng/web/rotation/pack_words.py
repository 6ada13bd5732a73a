"""How parameters of a pack read on a page: a value in words, with its unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import Sex
from junheng.policy.comparing import json_ready
from junheng.web.interface.numbers import listed
from junheng.web.rotation.models import Ground

UNITS = {
    "percent": "%", "years": gettext_lazy("年"), "months": gettext_lazy("个月"), "month": gettext_lazy("个月"),
    "hours": gettext_lazy("学时"), "persons": gettext_lazy("人"), "schools": gettext_lazy("所"),
    "terms": gettext_lazy("个聘期"), "semesters": gettext_lazy("个学期"), "days": gettext_lazy("天"),
    "yuan": gettext_lazy("元"), "km": gettext_lazy("千米"), "times": gettext_lazy("次"),
}  # fmt: skip
"""Units of parameters beside a figure, on a Chinese page."""
READINGS = {
    "inclusive": gettext_lazy("首尾两日都计"), "anniversary": gettext_lazy("按满周年计"),
    "school_year": gettext_lazy("按学年计"), "calendar": gettext_lazy("按自然年计"),
    "half_up": gettext_lazy("四舍五入"), "ceil": gettext_lazy("向上取整"), "floor": gettext_lazy("向下取整"),
    "even": gettext_lazy("双周"), "odd": gettext_lazy("单周"),
    "combined": gettext_lazy("评聘结合"), "separate": gettext_lazy("评聘分开"),
    "unwilling": gettext_lazy("不愿交流"), "none": gettext_lazy("没有理由"),
} | dict(Ground.choices)  # fmt: skip
"""Words that packs choose among, as people say them."""


def plainly(value: Any, lang: str) -> Any:
    """A value as people read it."""
    found = json_ready(value)
    if isinstance(found, dict):
        return listed(f"{Sex.read(key).label(lang)} {each}" for key, each in found.items())
    if isinstance(found, bool):
        return _("是") if found else _("否")
    if isinstance(found, list):
        return listed(dict.fromkeys(str(READINGS.get(each, each)) for each in found))
    return READINGS.get(found, found) if isinstance(found, str) else found


def unit_of(unit: str, lang: str, value: Any = None) -> Any:
    """A unit behind its figure."""
    if lang == "zh" or unit == "percent":
        return UNITS.get(unit, "")
    return f" {unit.removesuffix('s') if value == 1 else unit}" if unit else ""
