"""The map: schools where they stand, coloured by what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import School
from junheng.web.interface.numbers import signed
from junheng.web.reporting.scope import Scope
from junheng.web.reporting.summary import gap_of, need_of, verdict_of
from junheng.web.staffing.models.choices import label_of

LEVEL = 0.03
"""Up to this share of the posts by norm a school counts as evenly staffed, and always within one person."""


@dataclass(frozen=True, slots=True)
class Colouring:
    """A way to colour the map: its categories as (key, label, colour), and how a school gets one."""

    key: str
    label: str | Promise
    categories: tuple[tuple[str, str | Promise, str], ...]
    choose: Callable[[Scope, School], str]


def _by_staffing(scope: Scope, school: School) -> str:
    gap = gap_of(scope.figures, {school.id}).get(school.id)
    if gap is None:
        return "unknown"
    room = max(1.0, LEVEL * need_of(scope.figures, school.id))
    return "over" if gap > room else "short" if gap < -room else "even"


def _by_balance(scope: Scope, school: School) -> str:
    return {True: "passes", False: "fails", None: "unknown"}[verdict_of(scope.figures, {school.id}).get(school.id)]


def _by_locale(_scope: Scope, school: School) -> str:
    return school.locale.value


def _by_strength(_scope: Scope, school: School) -> str:
    return school.strength.value


COLOURINGS = (
    Colouring(
        "staffing",
        gettext_lazy("超编缺编"),
        (
            ("over", gettext_lazy("超编"), "red"),
            ("even", gettext_lazy("基本持平"), "green"),
            ("short", gettext_lazy("缺编"), "blue"),
            ("unknown", gettext_lazy("无法计算"), "secondary"),
        ),
        _by_staffing,
    ),
    Colouring(
        "balance",
        gettext_lazy("是否达标"),
        (
            ("passes", gettext_lazy("达标"), "green"),
            ("fails", gettext_lazy("未达标"), "red"),
            ("unknown", gettext_lazy("数据不全"), "secondary"),
        ),
        _by_balance,
    ),
    Colouring(
        "locale",
        gettext_lazy("城乡类型"),
        (
            ("urban", gettext_lazy("城区"), "blue"),
            ("town", gettext_lazy("镇区"), "azure"),
            ("rural", gettext_lazy("乡村"), "orange"),
        ),
        _by_locale,
    ),
    Colouring(
        "strength",
        gettext_lazy("办学水平"),
        (
            ("strong", gettext_lazy("优质"), "green"),
            ("ordinary", gettext_lazy("一般"), "azure"),
            ("under_resourced", gettext_lazy("薄弱"), "orange"),
        ),
        _by_strength,
    ),
)
COLOURING_BY_KEY = {each.key: each for each in COLOURINGS}


def school_page(scope: Scope, key: int | None) -> str:
    """The address of a school's page; empty where there is none, or where the person may not open it."""
    return "" if key is None or key not in scope.opened else _school_page(key)


@lru_cache(maxsize=8192)
def _school_page(key: int) -> str:
    try:
        return reverse("staffing:school", args=(key,))
    except NoReverseMatch:
        return ""


def placed(scope: Scope) -> tuple[list[School], list[School]]:
    """The schools of the page that have coordinates, and those that have none."""
    schools = [s for s in scope.figures.county.schools if s.id in scope.codes]
    return (
        [s for s in schools if s.x_km is not None and s.y_km is not None],
        [s for s in schools if s.x_km is None or s.y_km is None],
    )


def school_map(scope: Scope, colouring: Colouring) -> dict[str, Any]:
    """The chart's data."""
    clusters = {c.id: c.name for c in scope.figures.county.clusters}
    gaps = gap_of(scope.figures, scope.codes)
    words = _("学区"), _("类型"), _("学生数"), _("在岗教师"), _("超（＋）缺（−）编")
    schools = [
        _point(scope, school, colouring.choose(scope, school)) | {"tip": _tip(scope, school, clusters, gaps)}
        for school in placed(scope)[0]
    ]
    used = {school["category"] for school in schools}
    groups = {school["group"] for school in schools}
    return {
        "schools": schools,
        "categories": [
            {"key": key, "label": str(label), "colour": colour}
            for key, label, colour in colouring.categories
            if key in used
        ],
        "regions": [{"key": key, "label": name} for key, name in clusters.items() if key in groups],
        "size_label": _("学生数"),
        "tip_words": words,
    }


def _point(scope: Scope, school: School, category: str) -> dict[str, Any]:
    short = {"short": school.short_name} if school.short_name not in {"", school.name} else {}
    return short | {
        "id": school.id,
        "name": school.name,
        "x": school.x_km,
        "y": school.y_km,
        "size": school.pupils(),
        "group": school.cluster_id,
        "category": category,
        "url": school_page(scope, scope.figures.keys.get(school.id)),
    }


def _tip(scope: Scope, school: School, clusters: Mapping[str, str], gaps: Mapping[str, int]) -> tuple[str, ...]:
    gap = gaps.get(school.id)
    return (
        clusters.get(school.cluster_id, ""),
        str(label_of(school.kind)),
        str(school.pupils()),
        str(len(scope.figures.county.working_at[school.id])),
        signed(gap),
    )
