"""Posts and people one to six years ahead: pupils move up, people retire, gaps by stage and school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from junheng.facts import Stage
from junheng.facts.ageing import ASSUMPTIONS
from junheng.indicators import Headcount, measure_establishment
from junheng.planning.outlook import LONGEST, NATIONAL_RATES, PupilTrend, Request
from junheng.planning.outlook.judged import counties_ahead
from junheng.web.access import Permission, requires
from junheng.web.staffing.figures import Figures
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.views.establishment.pages import (
    people_card,
    show,
    signed,
)
from junheng.web.staffing.views.establishment.scope import Scope

TRENDS: Mapping[str, PupilTrend] = {
    "cohort": PupilTrend("cohort"),
    "national": PupilTrend("rates", NATIONAL_RATES),
    "constant": PupilTrend(),
}


class OutlookForm(forms.Form):
    """How far, and how pupils change."""

    years = forms.ChoiceField(
        label=gettext_lazy("展望年数"), choices=[(str(n), n) for n in range(1, LONGEST + 1)], required=False
    )
    trend = forms.ChoiceField(
        label=gettext_lazy("学生数变化"),
        required=False,
        choices=[
            ("cohort", gettext_lazy("逐级升班")),
            ("national", gettext_lazy("按全国变化率")),
            ("constant", gettext_lazy("按现状不变")),
        ],
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """Establishment rows at the start of each year and after the last."""

    years: tuple[int, ...]
    reports: tuple[tuple[Headcount, ...], ...]


def ahead_of(figures: Figures, trend: str, years: int) -> Ahead:
    """The county's establishment in each of the coming years by its own norm; kept, because it takes a while."""
    held: Ahead = figures.kept(("ahead", trend, years), lambda: _look_ahead(figures, trend, years))
    return held


def _look_ahead(figures: Figures, trend: str, years: int) -> Ahead:
    counties = counties_ahead(figures.county, Request(years=years, pupils=TRENDS[trend]))
    return Ahead(
        tuple(county.on.year for county in counties),
        tuple(measure_establishment(county, figures.norm).rows for county in counties),
    )


@requires(Permission.ESTABLISHMENT_VIEW)
def outlook(request: HttpRequest) -> HttpResponse:
    """Pupils, posts, people and gaps ahead, of what the person sees."""
    scope = Scope(request)
    form = OutlookForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    years, trend = int(chosen.get("years") or 3), chosen.get("trend") or "cohort"
    if not form.is_bound or not form.is_valid():
        form = OutlookForm(initial={"years": years, "trend": trend})
    ahead = ahead_of(scope.figures, trend, years)
    seen = [[row for row in rows if scope.sees(row.school_id)] for rows in ahead.reports]
    lang = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return show(
        request, scope, "establishment_outlook", "establishment_outlook", heading=_("余缺展望"), form=form,
        years=ahead.years, stages=_stages(seen), schools=_schools(scope, seen), cards=_cards(seen),
        charts=[_chart(ahead.years, seen)] if any(seen) else [],
        remarks=[TRENDS[trend].words(lang), *(zh if lang == "zh" else en for zh, en in ASSUMPTIONS)],
    )  # fmt: skip


def _sum(rows: Sequence[Headcount], name: str, stage: Stage | None = None) -> int:
    chosen = [row for row in rows if stage is None or row.stage is stage]
    if name == "need":
        return sum(row.posts.required for row in chosen if row.posts)
    return sum(getattr(row, name) or 0 for row in chosen)


def _stages(seen: Sequence[Sequence[Headcount]]) -> list[dict[str, Any]]:
    names = (
        ("pupils", _("学生")), ("need", _("应配")), ("on_establishment", _("在编")), ("at_work", _("在岗")),
        ("headcount_gap", _("余缺（人事关系校）")), ("gap_at_work", _("余缺（实际任教校）")),
    )  # fmt: skip
    return [
        {
            "label": label_of(stage),
            "lines": [
                {
                    "label": label,
                    "numbers": [signed(n) if "gap" in name else n for n in (_sum(rows, name, stage) for rows in seen)],
                }
                for name, label in names
            ],
        }
        for stage in Stage
        if any(row.stage is stage for row in seen[0])
    ]


def _schools(scope: Scope, seen: Sequence[Sequence[Headcount]]) -> list[dict[str, Any]]:
    found = []
    for rows in zip(*seen, strict=True):
        gaps = [row.gap_at_work for row in rows]
        found.append(
            {
                "school": scope.name(rows[0].school_id),
                "stage": label_of(rows[0].stage),
                "leaving": rows[0].on_establishment - rows[-1].on_establishment,
                "gaps": [signed(gap) for gap in gaps],
                "last": gaps[-1] if gaps[-1] is not None else 0,
            }
        )
    return sorted(found, key=lambda row: (row["last"], row["school"]))


def _cards(seen: Sequence[Sequence[Headcount]]) -> list[dict[str, Any]]:
    first, last = seen[0], seen[-1]
    short = -sum(min(0, row.gap_at_work or 0) for row in last)
    surplus = sum(max(0, row.gap_at_work or 0) for row in last)
    leaving = _sum(first, "on_establishment") - _sum(last, "on_establishment")
    return [
        people_card(_("期末学生"), _sum(last, "pupils"), "users-group"),
        people_card(_("期内退休"), leaving, "calendar-due", "azure"),
        people_card(_("期末各校缺口合计"), short, "trending-down", "red"),
        people_card(_("期末各校富余合计"), surplus, "trending-up", "orange"),
    ]


def _chart(years: Sequence[int], seen: Sequence[Sequence[Headcount]]) -> dict[str, Any]:
    series = []
    for name, label in (("need", _("应配")), ("at_work", _("在岗"))):
        for stage in Stage:
            data = [_sum(rows, name, stage) for rows in seen]
            if any(data):
                series.append({"name": f"{label_of(stage)} {label}", "data": data, "dashed": name == "need"})
    shown = {"categories": [str(year) for year in years], "series": series, "unit": _("人")}
    return {"kind": "line", "data": shown, "name": "ahead", "label": _("应配与在岗人数展望")}
