"""Charts of the balance inspection: coefficients against their limit, schools against the standard."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import Locale, School
from junheng.indicators import Indicator, IndicatorResult, SchoolValue
from junheng.web.interface.numbers import number
from junheng.web.staffing.models.choices import label_of

SHORT: dict[Indicator, str | Promise] = {
    Indicator.DEGREE: gettext_lazy("高学历教师"),
    Indicator.BACKBONE: gettext_lazy("骨干教师"),
    Indicator.PE_ART: gettext_lazy("体艺教师"),
    Indicator.TEACHING_AREA: gettext_lazy("教学用房"),
    Indicator.SPORTS_AREA: gettext_lazy("运动场馆"),
    Indicator.EQUIPMENT: gettext_lazy("仪器设备"),
    Indicator.MULTIMEDIA: gettext_lazy("多媒体教室"),
    Indicator.COMPUTERS: gettext_lazy("计算机"),
    Indicator.BOOKS: gettext_lazy("图书"),
    Indicator.STAFFING: gettext_lazy("师生比"),
    Indicator.TITLED: gettext_lazy("中级以上职务"),
}
"""What an indicator is called where there is little room."""

Chart = dict[str, Any]


def coefficients(
    results: Sequence[IndicatorResult],
    beside: Sequence[IndicatorResult] = (),
    names: tuple[str, str] = ("", ""),
    urls: Sequence[str] = (),
) -> Chart:
    """The coefficients of a stage beside their limit; with a second day, both."""
    now = {
        "name": names[1] or _("差异系数"),
        "data": [round(r.cv, 3) for r in results],
        "colours": ["red" if r.within_limit is False else "blue" for r in results],
    }
    before = {each.indicator: round(each.cv, 3) for each in beside}
    old = {"name": names[0], "data": [before.get(r.indicator) for r in results], "colour": "light"}
    series = [old] if beside else []
    limit = next((r.limit for r in results if r.limit is not None), None)
    return {
        "categories": [str(SHORT[r.indicator]) for r in results],
        "series": [*series, now],
        "urls": list(urls) or None,
        "target": None if limit is None else {"value": limit, "label": _("上限 %(limit)s") % {"limit": f"{limit:.2f}"}},
        "min": 0,
        "horizontal": True,
    }


def against_standard(pairs: Sequence[tuple[Indicator, SchoolValue]], share: float) -> Chart:
    """One school's values as per cent of each standard; red under ``share`` of it, orange up to it."""
    rated = [(i, 100 * v.value / float(v.least), v) for i, v in pairs if v.least]
    return {
        "categories": [str(SHORT[indicator]) for indicator, _rate, _value in rated],
        "series": [
            {
                "name": _("占标准的百分比"),
                "data": [round(rate, 1) for _indicator, rate, _value in rated],
                "colours": [
                    "green" if value.reached else "orange" if rate >= 100 * share else "red"
                    for _indicator, rate, value in rated
                ],
            }
        ],
        "unit": "%",
        "target": {"value": 100, "label": _("标准")},
        "min": 0,
        "horizontal": True,
    }


def school_bars(values: Sequence[SchoolValue], unit: str, links: Mapping[str, str], names: Mapping[str, str]) -> Chart:
    """Every school's value, the lowest first, with the line of the standard; below it in red."""
    ordered = sorted(values, key=lambda v: (v.value, v.school_id))
    least = next((v.least for v in ordered if v.least is not None), None)
    return {
        "categories": [names.get(v.school_id, v.school_name) for v in ordered],
        "series": [
            {
                "name": _("校值"),
                "data": [round(v.value, 2) for v in ordered],
                "colours": ["red" if v.reached is False else "blue" for v in ordered],
            }
        ],
        "urls": [links.get(v.school_id, "") for v in ordered],
        "unit": unit,
        "target": _line(least),
    }


def boxes_by_locale(values: Sequence[SchoolValue], schools: Mapping[str, School], unit: str) -> Chart | None:
    """How schools' values spread in towns and in the country; ``None`` where no class has three schools."""
    groups = {locale: sorted(v.value for v in values if schools[v.school_id].locale is locale) for locale in Locale}
    shown = {locale: found for locale, found in groups.items() if len(found) >= 3}
    if not shown:
        return None
    least = next((v.least for v in values if v.least is not None), None)
    return {
        "categories": [str(label_of(locale)) for locale in shown],
        "values": [[round(quantile(found, q), 2) for q in (0, 0.25, 0.5, 0.75, 1)] for found in shown.values()],
        "words": [_("最低"), _("下四分位"), _("中位"), _("上四分位"), _("最高")],
        "unit": unit,
        "target": _line(least),
    }


def _line(least: Fraction | None) -> dict[str, Any] | None:
    """The line of the standard."""
    if least is None:
        return None
    return {"value": float(least), "label": _("标准 %(least)s") % {"least": number(least)}}


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which the share of the ordered values lies, by linear interpolation."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def lorenz(values: Collection[SchoolValue]) -> Chart:
    """Which share of what is counted the worst provided tenths of pupils have; on the diagonal all are equal."""
    ordered = sorted(values, key=lambda v: (v.value, v.school_id))
    pupils = [0.0, *accumulate(float(v.pupils) for v in ordered)]
    amounts = [0.0, *accumulate(v.amount for v in ordered)]
    shares = [100 * _at(pupils, amounts, pupils[-1] * tenth / 10) / (amounts[-1] or 1) for tenth in range(11)]
    return {
        "categories": [f"{tenth * 10}%" for tenth in range(11)],
        "series": [
            {"name": _("实际占有"), "data": [round(share, 1) for share in shares], "colour": "blue"},
            {"name": _("完全均等"), "data": [tenth * 10 for tenth in range(11)], "colour": "secondary", "dashed": True},
        ],
        "unit": "%",
        "min": 0,
        "max": 100,
    }


def _at(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    """The height of the broken line at ``x``."""
    for (x0, y0), (x1, y1) in zip(zip(xs, ys, strict=True), zip(xs[1:], ys[1:], strict=True), strict=False):
        if x <= x1:
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0) if x1 > x0 else 1.0)
    return ys[-1]


def unit_of(result: IndicatorResult) -> str:
    """The unit of a school's value."""
    units = {
        Indicator.TEACHING_AREA: _("平方米"),
        Indicator.SPORTS_AREA: _("平方米"),
        Indicator.EQUIPMENT: _("元"),
        Indicator.MULTIMEDIA: _("间"),
    }
    return units.get(result.indicator, _("人"))
