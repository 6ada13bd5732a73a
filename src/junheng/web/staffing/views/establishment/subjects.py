"""Subjects needed by weekly periods and had: shortages, courses nobody can give, exam subjects against the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.facts import Stage, Subject
from junheng.indicators.subjects import EXAM_SUBJECTS, SubjectGap
from junheng.web.interface.numbers import listed, number
from junheng.web.staffing.forms.filters import StandingFilter
from junheng.web.staffing.models.choices import choices_of, label_of
from junheng.web.staffing.views.establishment.pages import (
    FiguresPage,
    GapColumn,
    NumberColumn,
    Row,
    card,
    people_card,
    school_page,
    school_row,
)
from junheng.web.staffing.views.establishment.scope import Scope


class SubjectFilter(StandingFilter):
    """Also by subject."""

    subject = forms.ChoiceField(label=gettext_lazy("学科"), required=False)
    field_order = ("subject", "standing", "cluster", "locale", "stage", "on", "order")


class SubjectTable(Table):
    """One row for each subject of each stage of each school."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    stage = Column(gettext_lazy("学段"))
    subject = Column(gettext_lazy("学科"))
    cluster = Column(gettext_lazy("学区"))
    weekly_periods = NumberColumn("weekly_periods", verbose_name=gettext_lazy("周课时"))
    load = NumberColumn(verbose_name=gettext_lazy("标准周课时"))
    required = NumberColumn("required", verbose_name=gettext_lazy("需求教师"))
    present = NumberColumn("present", verbose_name=gettext_lazy("现有教师"))
    also_able = NumberColumn(verbose_name=gettext_lazy("可兼教"))
    gap = GapColumn(verbose_name=gettext_lazy("余缺"))
    how = Column(gettext_lazy("说明"), orderable=False)

    class Meta:
        attrs = {"class": "frozen-1"}


def subject_row(scope: Scope, gap: SubjectGap) -> Row:
    """A subject of a stage of a school."""
    load = scope.figures.settings.periods().get(gap.stage)
    by_periods = load is not None and gap.weekly_periods is not None
    return {
        **school_row(scope, scope.school_by_id[gap.school_id]),
        "stage": label_of(gap.stage),
        "stage_key": gap.stage.value,
        "subject": label_of(gap.subject),
        "subject_key": gap.subject.value,
        "weekly_periods": gap.weekly_periods,
        "load": float(load) if load is not None else None,
        "required": gap.required,
        "present": gap.present,
        "also_able": gap.also_able,
        "gap": gap.gap,
        "offered": gap.offered,
        "how": f"{number(gap.weekly_periods)} ÷ {number(load or 1)} = {number(gap.need, 2)} → {number(gap.required)}"
        if by_periods
        else _("学校填报 %(n)s") % {"n": gap.required},
        "standings": {"short"} if gap.gap < 0 else {"over"} if gap.gap > 0 else set(),
    }


class SubjectDemandPage(FiguresPage):
    """What every school needs and has of every subject (R-270)."""

    table_class = SubjectTable
    filter_class = SubjectFilter
    page = "subject_demand"
    heading = gettext_lazy("学科余缺")
    empty = gettext_lazy("还没有学科需求数据。请在全县工作簿中填写“学科需求”后导入。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """Subjects, and how a row may stand."""
        return {
            "subject": choices_of(Subject),
            "standing": [("short", gettext_lazy("缺")), ("over", gettext_lazy("余"))],
        }

    def all_rows(self) -> Iterable[Row]:
        """Every subject of every school in scope."""
        return [
            subject_row(self.scope, gap) for gap in self.scope.figures.subjects.rows if self.scope.sees(gap.school_id)
        ]

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Shortage and surplus in the whole, and a chart of every subject."""
        short = -sum(row["gap"] for row in rows if row["gap"] < 0)
        surplus = sum(row["gap"] for row in rows if row["gap"] > 0)
        structural = min(short, surplus)
        return {
            "cards": [
                people_card(_("需求教师"), sum(r["required"] for r in rows), "target"),
                people_card(_("现有教师"), sum(r["present"] for r in rows), "users", "green"),
                people_card(_("各校缺口合计"), short, "alert-triangle", "red"),
                people_card(_("结构性缺编"), structural, "arrows-left-right", "orange"),
            ],
            "charts": [_chart(rows, stage) for stage in Stage if any(r["stage_key"] == stage.value for r in rows)],
            "remarks": [
                _("需求教师＝周课时÷标准周课时；没有设标准周课时或没有填周课时的，按学校填报的需求数。"),
                _("结构性缺编：有的学科富余、有的学科短缺，总数相抵的部分。现有教师按实际任教校和主教学科计。"),
            ],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }


def _chart(rows: Sequence[Row], stage: Stage) -> dict[str, Any]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row["stage_key"] == stage.value:
            sums[str(row["subject"])][0] += row["required"]
            sums[str(row["subject"])][1] += row["present"]
    names = list(sums)
    data = {
        "categories": names,
        "series": [
            {"name": _("需求教师"), "data": [sums[n][0] for n in names]},
            {"name": _("现有教师"), "data": [sums[n][1] for n in names]},
        ],
        "unit": _("人"),
    }
    label = _("%(stage)s：各学科需求与现有") % {"stage": label_of(stage)}
    return {"kind": "grouped-bar", "data": data, "name": f"subjects-{stage.value}", "label": label}


class OfferedTable(Table):
    """Schools and the courses that nobody there can give."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page)
    stage = Column(gettext_lazy("学段"))
    cluster = Column(gettext_lazy("学区"))
    locale = Column(gettext_lazy("城乡"))
    courses = NumberColumn(verbose_name=gettext_lazy("应开课程"))
    offered = NumberColumn(verbose_name=gettext_lazy("有人能教"))
    verdict = Column(gettext_lazy("结论"), accessor="full")
    missing = Column(gettext_lazy("无人能教的课程"), orderable=False)

    class Meta:
        attrs = {"class": "frozen-1"}

    def render_verdict(self, value: bool) -> Any:
        """A badge."""
        words = (("green", _("开齐开足")),) if value else (("red", _("未开齐")),)
        return format_html_join("", '<span class="badge bg-{}-lt">{}</span>', words)


class CoursesOfferedPage(FiguresPage):
    """Whether a school has somebody for every course (R-271)."""

    table_class = OfferedTable
    filter_class = StandingFilter
    page = "courses_offered"
    heading = gettext_lazy("开齐开足")
    empty = gettext_lazy("还没有学科需求数据。请在全县工作簿中填写“学科需求”后导入。")
    lead = gettext_lazy("一门课程有主教或能兼教的在岗教师，即视为能开；没有任何人能教的，列在右边。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """Full or not."""
        return {"standing": [("missing", gettext_lazy("未开齐")), ("full", gettext_lazy("开齐开足"))]}

    def all_rows(self) -> Iterable[Row]:
        """Every stage of every school that states what it needs."""
        grouped: defaultdict[tuple[str, Stage], list[SubjectGap]] = defaultdict(list)
        for gap in self.scope.figures.subjects.rows:
            if self.scope.sees(gap.school_id) and gap.need > 0:
                grouped[gap.school_id, gap.stage].append(gap)
        for (school_id, stage), gaps in grouped.items():
            missing = [gap for gap in gaps if not gap.offered]
            yield {
                **school_row(self.scope, self.scope.school_by_id[school_id]),
                "stage": label_of(stage),
                "stage_key": stage.value,
                "courses": len(gaps),
                "offered": len(gaps) - len(missing),
                "full": not missing,
                "missing": listed(label_of(gap.subject) for gap in missing),
                "standings": {"missing"} if missing else {"full"},
            }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """How many are full."""
        short = sum(not row["full"] for row in rows)
        return {
            "cards": [
                card(_("检查的学段"), len(rows), "school", unit=_("处")),
                card(_("开齐开足"), len(rows) - short, "circle-check", "green", unit=_("处")),
                card(_("未开齐"), short, "alert-circle", "red" if short else "green", unit=_("处")),
            ],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }


class ExamTable(Table):
    """Exam subjects against the others."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page)
    stage = Column(gettext_lazy("学段"))
    cluster = Column(gettext_lazy("学区"))
    exam = GapColumn(verbose_name=gettext_lazy("考试学科余缺"))
    others = GapColumn(verbose_name=gettext_lazy("非考试学科余缺"))
    verdict = Column(gettext_lazy("情况"), orderable=False)

    class Meta:
        attrs = {"class": "frozen-1"}


class ExamSubjectsPage(FiguresPage):
    """Surplus in subjects that are examined against shortage in the others, school by school (R-286)."""

    table_class = ExamTable
    filter_class = StandingFilter
    page = "exam_subjects"
    heading = gettext_lazy("考试与非考试学科")
    empty = gettext_lazy("还没有学科需求数据。请在全县工作簿中填写“学科需求”后导入。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """The standing that the report is about."""
        return {"standing": [("skewed", gettext_lazy("考试学科超编而非考试学科缺编"))]}

    def all_rows(self) -> Iterable[Row]:
        """Every stage of every school in scope."""
        for (school_id, stage), (exam, others) in self.scope.figures.subjects.exam_against_others().items():
            if self.scope.sees(school_id):
                skewed = exam > 0 > others
                yield {
                    **school_row(self.scope, self.scope.school_by_id[school_id]),
                    "stage": label_of(stage),
                    "stage_key": stage.value,
                    "exam": exam,
                    "others": others,
                    "verdict": _("考试学科超编，非考试学科缺编") if skewed else "",
                    "standings": {"skewed"} if skewed else set(),
                }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """How many schools are skewed, and which subjects count as examined."""
        named = listed(label_of(subject) for subject in Subject if subject in EXAM_SUBJECTS)
        return {
            "cards": [
                people_card(_("考试学科富余"), sum(max(0, r["exam"]) for r in rows), "trending-up", "orange"),
                people_card(_("非考试学科短缺"), -sum(min(0, r["others"]) for r in rows), "trending-down", "red"),
                card(_("两者并存"), sum("skewed" in r["standings"] for r in rows), "scale", "purple", unit=_("处")),
            ],
            "remarks": [_("考试学科：%(subjects)s；其余为非考试学科。") % {"subjects": named}],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }
