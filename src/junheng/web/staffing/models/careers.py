"""Dated entries about a teacher; fields are those of the facts of the same name in :mod:`junheng.facts`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.facts import (
    ExamScope,
    Grade,
    Health,
    HonorKind,
    LeaveKind,
    Level,
    SanctionKind,
    SpellKind,
    Subject,
    Title,
    TrainingKind,
)
from junheng.web.access import Privacy, all_of
from junheng.web.directory.models import Dated, Organisation
from junheng.web.staffing.models.choices import code_field
from junheng.web.staffing.models.teachers import Teacher


class OfTeacher(Dated):
    """An entry about a teacher."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "teacher")

    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="%(class)s_set")

    class Meta(Dated.Meta):
        abstract = True


class AppointmentEntry(OfTeacher):
    """A dated spell at a school (任职经历); ``school_id`` is a code as in the workbook, also of a past school."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "school_id", "school_name", "kind", "start", "end", "personnel_moved"
    )

    school_id = models.CharField(_("学校代码"), max_length=40, blank=True)
    school_name = models.CharField(_("学校名称"), max_length=200, blank=True)
    kind = code_field(SpellKind, _("类别"), default=SpellKind.POST.value)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"), null=True, blank=True)
    personnel_moved = models.BooleanField(_("调动人事关系"), default=False)


class TitleEntry(OfTeacher):
    """A professional title or post grade held from a day."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "title", "start", "post_grade")

    title = code_field(Title, _("职称"))
    start = models.DateField(_("聘用日期"))
    post_grade = models.PositiveSmallIntegerField(_("岗位等级"), null=True, blank=True)


class HonorEntry(OfTeacher):
    """An honour."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "kind", "level", "start", "end", "title", "counts_as_backbone"
    )

    kind = code_field(HonorKind, _("类别"))
    level = code_field(Level, _("级别"))
    start = models.DateField(_("授予日期"))
    end = models.DateField(_("有效期至"), null=True, blank=True)
    title = models.CharField(_("称号名称"), max_length=200, blank=True)
    counts_as_backbone = models.BooleanField(_("计为骨干"), null=True, blank=True)


class LeaveEntry(OfTeacher):
    """An absence."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.SENSITIVE, "kind", "start", "end", "approved_by")

    kind = code_field(LeaveKind, _("类别"))
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"), null=True, blank=True)
    approved_by = models.CharField(_("批准单位"), max_length=200, blank=True)


class SanctionEntry(OfTeacher):
    """A sanction or inquiry; sensitive."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.SENSITIVE, "kind", "start", "end")

    kind = code_field(SanctionKind, _("类别"))
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"), null=True, blank=True)


class CircumstancesEntry(OfTeacher):
    """Family and health as a policy may consider them; sensitive. At most one holds at a time."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.SENSITIVE,
        "spouse_id",
        "spouse_condition",
        "youngest_child_birth",
        "family_event",
        "health",
        "health_certificate_level",
        "health_leave_approved",
        "pregnant",
        "lactating",
        "unfit_to_teach",
    )

    spouse_id = models.CharField(_("配偶工号"), max_length=40, blank=True)
    spouse_condition = models.CharField(_("配偶情况"), max_length=200, blank=True)
    youngest_child_birth = models.DateField(_("最小子女出生日期"), null=True, blank=True)
    family_event = models.CharField(_("家庭变故"), max_length=300, blank=True)
    health = code_field(Health, _("健康情况"), blank=True)
    health_certificate_level = models.CharField(_("健康证明级别"), max_length=60, blank=True)
    health_leave_approved = models.BooleanField(_("病休已批准"), null=True, blank=True)
    pregnant = models.BooleanField(_("孕期"), null=True, blank=True)
    lactating = models.BooleanField(_("哺乳期"), null=True, blank=True)
    unfit_to_teach = models.BooleanField(_("不适合任教"), null=True, blank=True)


class AssessmentEntry(OfTeacher):
    """A year's assessment."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PERSONAL, "year", "grade", "score", "rank", "of", "ethics_passed"
    )

    year = models.PositiveSmallIntegerField(_("年度"))
    grade = code_field(Grade, _("等次"), blank=True)
    score = models.FloatField(_("得分"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("名次"), null=True, blank=True)
    of = models.PositiveIntegerField(_("参评人数"), null=True, blank=True)
    ethics_passed = models.BooleanField(_("师德合格"), null=True, blank=True)


class ExamEntry(OfTeacher):
    """Result of a term-end exam."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PERSONAL, "year", "term", "subject", "grade", "mean", "scope_mean", "rank_from_bottom", "scope"
    )

    year = models.PositiveSmallIntegerField(_("学年"))
    term = models.PositiveSmallIntegerField(_("学期"))
    subject = code_field(Subject, _("学科"))
    grade = models.PositiveSmallIntegerField(_("年级"))
    mean = models.FloatField(_("平均分"), null=True, blank=True)
    scope_mean = models.FloatField(_("范围平均分"), null=True, blank=True)
    rank_from_bottom = models.PositiveIntegerField(_("倒数名次"), null=True, blank=True)
    scope = code_field(ExamScope, _("比较范围"), default=ExamScope.TOWNSHIP.value)


class TrainingEntry(OfTeacher):
    """Training hours of a school year."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "school_year", "kind", "hours", "ethics")

    school_year = models.PositiveSmallIntegerField(_("学年"))
    kind = code_field(TrainingKind, _("学时类别"))
    hours = models.FloatField(_("学时数"))
    ethics = models.BooleanField(_("师德学时"), default=False)


class WishEntry(OfTeacher):
    """A ranked wish."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.SENSITIVE, "rank", "school")

    rank = models.PositiveSmallIntegerField(_("志愿顺序"))
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="wished_for")
