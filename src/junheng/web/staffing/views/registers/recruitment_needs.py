"""The year's need for new teachers by school and subject, within posts and increase plan (R-173)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.facts import Stage, Subject
from junheng.indicators import RecruitmentNeed, RecruitmentReport, measure_recruitment
from junheng.web.access import Permission
from junheng.web.interface.numbers import listed, semicolon
from junheng.web.staffing.forms.filters import StandingFilter
from junheng.web.staffing.models import IncreasePlan, RecruitmentEntry
from junheng.web.staffing.models.choices import choices_of, label_of
from junheng.web.staffing.views.establishment.pages import (
    FiguresPage,
    NumberColumn,
    Row,
    card,
    school_page,
    school_row,
)
from junheng.web.staffing.views.establishment.scope import FIRST_YEAR, LAST_YEAR, Scope, address

AHEAD = 3
"""So many years may be looked at, from that of the day on."""


class NeedFilter(StandingFilter):
    """Also by year and subject."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), required=False, coerce=int, empty_value=None)
    subject = forms.ChoiceField(label=gettext_lazy("学科"), required=False)
    field_order = ("year", "subject", "standing", "cluster", "locale", "stage", "on", "order")


class NeedTable(Table):
    """One row for each subject that lacks teachers or loses some."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    stage = Column(gettext_lazy("学段"))
    subject = Column(gettext_lazy("学科"))
    cluster = Column(gettext_lazy("学区"))
    required = NumberColumn("required", verbose_name=gettext_lazy("需求教师"))
    held = NumberColumn("held", verbose_name=gettext_lazy("在编在岗"))
    retiring = NumberColumn("retiring", verbose_name=gettext_lazy("退休"))
    short = NumberColumn("short", verbose_name=gettext_lazy("缺"))
    proposed = NumberColumn("proposed", verbose_name=gettext_lazy("建议招聘"))
    planned = NumberColumn("planned", verbose_name=gettext_lazy("已安排"))
    how = Column(gettext_lazy("说明"), orderable=False)
    plan = Column(
        gettext_lazy("办理"), orderable=False, linkify=lambda record: record["plan_url"], exclude_from_export=True
    )

    class Meta:
        attrs = {"class": "frozen-1"}


def needs_of(scope: Scope, year: int) -> RecruitmentReport:
    """The county's need up to the end of a year, never before the day of the data; kept with the figures."""
    until = max(date(year, 12, 31), scope.on)
    plan = IncreasePlan.objects.current().filter(county=scope.county, year=year).first()
    increase = plan.number if plan else None
    figures = scope.figures
    made: RecruitmentReport = figures.kept(
        ("recruitment", until, increase),
        lambda: measure_recruitment(
            figures.county, figures.establishment, figures.subjects.rows, until=until, increase=increase
        ),
    )
    return made


def how_of(need: RecruitmentNeed, report: RecruitmentReport) -> str:
    """The way to the number: what is lacking, what the school's posts leave, and at which places the county gives."""
    free = report.free.get((need.school_id, need.stage))
    lacking = _("%(required)s －（%(held)s － %(retiring)s）→ 缺 %(short)s") % {
        "required": need.required, "held": need.held, "retiring": need.retiring, "short": need.short,
    }  # fmt: skip
    posts = _("学校没有核定编制") if free is None else _("学校空编 %(n)s") % {"n": max(0, free)}
    given = _("全县第 %(places)s 个名额") % {"places": listed(need.turns)} if need.turns else _("未分到名额")
    return semicolon().join([lacking, posts, given] if need.short else [lacking])


class RecruitmentNeedsPage(FiguresPage):
    """What every school lacks of every subject by the end of a year, and how many to take on."""

    table_class = NeedTable
    filter_class = NeedFilter
    page = "recruitment_needs"
    heading = gettext_lazy("招聘需求")
    empty = gettext_lazy("没有缺教师或年内有人退休的学科。学科需求在全县工作簿的“学科需求”中填写。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """Years from that of the day on, subjects, and how a row may stand."""
        first = min(self.scope.on.year, LAST_YEAR - AHEAD)
        return {
            "year": [(str(year), str(year)) for year in range(first, first + AHEAD)],
            "subject": choices_of(Subject),
            "standing": [
                ("short", gettext_lazy("缺教师")),
                ("proposed", gettext_lazy("建议招聘")),
                ("open", gettext_lazy("建议招聘未安排")),
                ("retiring", gettext_lazy("有人退休")),
            ],
        }

    @property
    def year(self) -> int:
        """The year looked at: the one asked for, or that of the day."""
        return self.filters.cleaned_data.get("year") or max(self.scope.on.year, FIRST_YEAR)

    def all_rows(self) -> Iterable[Row]:
        """Every subject in scope that lacks somebody or loses somebody."""
        scope, report = self.scope, needs_of(self.scope, self.year)
        planned = self._planned()
        for need in report.rows:
            if scope.sees(need.school_id) and (need.short or need.retiring):
                yield self._row(need, report, planned[need.school_id, need.stage.value, need.subject.value])

    def _planned(self) -> Counter[tuple[str, str, str]]:
        seen = RecruitmentEntry.objects.visible_to(self.scope.standing, Permission.ESTABLISHMENT_VIEW).current()
        rows = seen.filter(school__county=self.scope.county, year=self.year)
        return Counter({tuple(key): n for *key, n in rows.values_list("school__code", "stage", "subject", "number")})

    def _row(self, need: RecruitmentNeed, report: RecruitmentReport, planned: int) -> Row:
        scope, left = self.scope, need.proposed - planned
        asked = {
            "school": scope.figures.keys[need.school_id], "year": self.year, "stage": need.stage.value,
            "subject": need.subject.value, "number": need.proposed,
        }  # fmt: skip
        may = left > 0 and scope.may(Permission.ESTABLISHMENT_DRAFT)
        stands = {
            "short": need.short > 0, "proposed": need.proposed > 0, "open": left > 0, "retiring": need.retiring > 0,
        }  # fmt: skip
        return {
            **school_row(scope, scope.school_by_id[need.school_id]),
            "stage": label_of(need.stage),
            "stage_key": need.stage.value,
            "subject": label_of(need.subject),
            "subject_key": need.subject.value,
            "required": need.required,
            "held": need.held,
            "retiring": need.retiring,
            "short": need.short,
            "proposed": need.proposed,
            "planned": planned,
            "how": how_of(need, report),
            "plan": _("安排招聘") if may else "",
            "plan_url": f"{address('recruitment_enter')}?{urlencode(asked)}" if may else None,
            "standings": {name for name, holds in stands.items() if holds},
        }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """What is lacking, what limits it, what is proposed; a chart of the subjects."""
        report = needs_of(self.scope, self.year)
        notices = []
        if report.increase is None:
            text = _("%(year)s 年度还没有增人计划，只列需求，不提出建议招聘人数。") % {"year": self.year}
            notices.append({"tone": "warning", "text": text})
        cards = [
            card(_("缺教师"), sum(row["short"] for row in rows), "alert-triangle", "red", unit=_("人")),
            card(_("至年底退休"), sum(row["retiring"] for row in rows), "calendar-due", "azure", unit=_("人")),
            card(_("建议招聘"), sum(row["proposed"] for row in rows), "user-plus", "teal", unit=_("人")),
        ]
        if self.scope.whole:
            cards.insert(2, card(_("可招聘人数"), report.room, "armchair", unit=_("人")))
        buttons = []
        if self.scope.may(Permission.ESTABLISHMENT_DRAFT):
            buttons.append({"url": address("recruitment_increase"), "icon": "file-plus", "label": _("登记增人计划")})
        buttons.append({"url": address("recruitment"), "icon": "user-plus", "label": _("招聘计划")})
        return {
            "notices": notices,
            "buttons": buttons,
            "cards": cards,
            "charts": [_chart(rows, stage) for stage in Stage if any(r["stage_key"] == stage.value for r in rows)],
            "remarks": [
                _("缺＝需求教师－（在编在岗－至 %(until)s 退休）；按人事关系校和主教学科计，占编不在岗的不计。")
                % {"until": report.until.isoformat()},
                _("建议招聘：名额逐个分给当时缺额占需求比例最大的学科（比例相同的，缺得多的在先，再按学校和学科顺序）；"
                  "不超过该学科缺额、学校学段空编，合计不超过全县空余编制与年度增人计划中较小者。"),
                *self._room(report),
                _("学生数和学科需求按数据日期当天计；只列缺教师或有人退休的学科。"),
            ],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }  # fmt: skip

    def _room(self, report: RecruitmentReport) -> list[str]:
        """What limits the county, for whoever sees all of it."""
        if not self.scope.whole:
            return []
        return [
            _("可招聘人数：至年底全县空余编制 %(free)s，%(year)s 年增人计划 %(plan)s，取较小者。")
            % {
                "free": report.county_free, "year": self.year,
                "plan": "—" if report.increase is None else report.increase,
            }
        ]  # fmt: skip


def _chart(rows: Sequence[Row], stage: Stage) -> dict[str, Any]:
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["stage_key"] == stage.value:
            sums[str(row["subject"])].update({name: row[name] for name in ("short", "retiring", "proposed")})
    names = (("short", _("缺")), ("retiring", _("退休")), ("proposed", _("建议招聘")))
    data = {
        "categories": list(sums),
        "series": [{"name": label, "data": [sums[each][name] for each in sums]} for name, label in names],
        "unit": _("人"),
    }
    label = _("%(stage)s：各学科缺额、退休与建议招聘") % {"stage": label_of(stage)}
    return {"kind": "grouped-bar", "data": data, "name": f"needs-{stage.value}", "label": label}
