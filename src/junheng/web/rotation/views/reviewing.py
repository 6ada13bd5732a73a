"""Applications as offices see them, and what waits for their decision: one, or hundreds at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.interface.arriving import arrived
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import until
from junheng.web.records import attachments
from junheng.web.rotation.actions import reviewing as actions
from junheng.web.rotation.forms.reviewing import DecisionForm, ExtendForm
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Deliberation,
    Form,
    Level,
    Origin,
    ReviewOutcome,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.reviewing import MAY, in_hand
from junheng.web.rotation.schooling import guards_of
from junheng.web.rotation.views.asking import again_on_paper, back_on_paper, couple_words, papers_of
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.reliefs import name_now
from junheng.web.rotation.views.schooling import OF_SCHOOL
from junheng.web.rotation.wishing import settings_of
from junheng.web.staffing.chapters import facts_of
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

AT_ONCE = 300
"""Applications on a page of the queue, and at most decided together."""
SEES_WISHES = (
    Permission.ROTATION_SCHOOL, Permission.ROTATION_SIGN, Permission.ROTATION_CLUSTER, Permission.ROTATION_REVIEW,
    Permission.ROTATION_PLAN,
)  # fmt: skip


class ApplicationTable(Table):
    """Applications, without their wishes."""

    number = Column(gettext_lazy("回执号"), linkify=True)
    teacher = Column(gettext_lazy("教师"), accessor="teacher_name", order_by="teacher__number")
    school = Column(gettext_lazy("学校"))
    origin = Column(gettext_lazy("来源"))
    form = Column(gettext_lazy("交流形式"))
    status = Column(gettext_lazy("状态"))
    submitted_at = Column(gettext_lazy("提交时间"))
    answer_by = Column(gettext_lazy("改正期限"))

    def render_answer_by(self, value: datetime) -> str:
        """Until the end of which day."""
        return until(value)


class ApplicationFilter(django_filters.FilterSet):
    """By status and origin."""

    status = django_filters.ChoiceFilter(choices=ApplicationStatus.choices, label=gettext_lazy("状态"))
    origin = django_filters.ChoiceFilter(choices=Origin.choices, label=gettext_lazy("来源"))
    lapsed = django_filters.ChoiceFilter(
        choices=[("true", gettext_lazy("退回后逾期"))], label=gettext_lazy("改正期限"), method="by_time"
    )

    def by_time(self, rows: Any, _name: str, _value: str) -> Any:
        """Those that were returned and not put right in their time."""
        return rows.filter(answer_by__lte=timezone.now())

    class Meta:
        model = Application
        fields = ("status", "origin")


class QueueFilter(django_filters.FilterSet):
    """What waits, by school, form and what the school says."""

    school = django_filters.ModelChoiceFilter(queryset=None, label=gettext_lazy("学校"))
    form = django_filters.ChoiceFilter(choices=Form.choices, label=gettext_lazy("交流形式"))
    origin = django_filters.ChoiceFilter(choices=Origin.choices, label=gettext_lazy("来源"))

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.filters["school"].queryset = schools

    class Meta:
        model = Application
        fields = ("school", "form", "origin")


class ApplicationList(ListPage):
    """Applications of the year that the person may see."""

    permissions = (Permission.ROTATION_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    table_class = ApplicationTable
    filterset_class = ApplicationFilter
    search_fields = ("teacher_name", "teacher__number", "number")
    template_name = "rotation/asking_applications.html"
    heading = gettext_lazy("申请")
    empty = gettext_lazy("还没有申请。个人申请阶段开始后，教师提交的申请和学校的推荐列在这里。")

    def rows(self, request: HttpRequest) -> Any:
        """With the teacher's name."""
        page = YearPage(request, self.kwargs["pk"])
        found = Application.objects.visible_to(page.standing).filter(year=page.year)
        return found.select_related("teacher", "school", "year").annotate(teacher_name=name_now())

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to the settings."""
        page = YearPage(request, self.kwargs["pk"])
        return page.context("applications") | {"may_prepare": page.may(Permission.ROTATION_PREPARE)}


@never_cache
@requires(Permission.ROTATION_OWN, Permission.ROTATION_VIEW)
def application(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """An application: who asks for what, what was found and decided, and what can be done with it now."""
    page = YearPage(request, pk)
    rows = Application.objects.visible_to(page.standing).filter(year=page.year)
    found: Application = get_object_or_404(
        rows.select_related("school__parent", "teacher__county", "partner", "year__county"), pk=application
    )
    mine = found.teacher.user_id == request.user.pk
    acts = any(found.school_id in page.within(each) for each in SEES_WISHES)
    at_school = any(found.school_id in page.within(each) for each in OF_SCHOOL)
    here = in_hand(page.year, page.standing).filter(pk=found.pk).exists()
    state = found.teacher.state
    sensitive = found.school_id in page.within(Permission.TEACHERS_SENSITIVE)
    return page.show(
        "own" if mine else "applications", "asking_application",
        heading=_("申请 %(number)s") % {"number": found.number},
        application=found, mine=mine, sees_wishes=mine or acts, in_hand=here, state=state,
        facts=_facts(found) if acts and state else [], couple=couple_words(found),
        choices=found.choices.select_related("school"), steps=found.steps.select_related("by", "meeting"),
        verdict=Verdict.objects.visible_to(page.standing)
        .filter(year=page.year, teacher=found.teacher_id, current=True).first(),
        opinion=getattr(found, "school_opinion", None), files=attachments.of(found) if mine or acts else [],
        guard=guards_of(page.year, [found.teacher_id])[found.teacher_id] if sensitive else None,
        papers=papers_of(found) if mine or acts else [],
        on_paper=at_school and again_on_paper(page, found), back_on_paper=at_school and back_on_paper(page, found),
        at_school=at_school and found.status == ApplicationStatus.SUBMITTED,
        extends=found.answer_by is not None and not mine and not page.year.is_archived
        and any(found.school_id in page.within(each) for each in MAY.values()),
        back=page.url("own" if mine else "applications"),
    )  # fmt: skip


@never_cache
@requires(*MAY.values())
def application_extend(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """Give an application that was returned its working days once more."""
    page = YearPage(request, pk)
    rows = Application.objects.visible_to(page.standing).filter(year=page.year)
    found: Application = get_object_or_404(rows.select_related("school", "year__county"), pk=application)
    if not any(found.school_id in page.within(each) for each in MAY.values()):
        raise PermissionDenied
    return page.form(
        "applications", ExtendForm(request.POST or None),
        lambda given: actions.extend(found, reason=given["reason"], at=arrived(request), by=author(request)),
        done=_("改正期限已延长。"), back=found.get_absolute_url(),
        heading=_("延长改正期限：%(number)s") % {"number": found.number}, submit=_("延长"),
        lead=_("从今天起再给 %(days)s 个工作日，教师会收到通知。") % {"days": settings_of(page.year).return_days},
    )  # fmt: skip


def _facts(found: Application) -> list[Any]:
    """The applicant in the words of the file, for whoever has the case in his hands."""
    names = ("name", "sex", "birth_date", "school_id", "stage", "main_subject", "role", "joined_current_school")
    return facts_of(found.teacher.state, names) if found.teacher.state else []


@never_cache
@requires(Permission.ROTATION_CLUSTER, Permission.ROTATION_REVIEW, Permission.ROTATION_SIGN)
def reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for the person's decision; one decision on all that are selected, in one transaction."""
    page = YearPage(request, pk)
    level = _level(page)
    waiting = in_hand(page.year, page.standing, level).select_related("teacher", "school", "year", "school_opinion")
    narrowed = QueueFilter(request.GET, queryset=waiting, schools=_schools_of(waiting))
    meetings = list(
        Deliberation.objects.visible_to(page.standing).filter(year=page.year).exclude(organisation__kind="school")
    )
    form = DecisionForm(request.POST or None, meetings=meetings)
    if request.method == "POST" and form.is_valid():
        answer = _decide(page, level, form)
        if answer is not None:
            return answer
    rows = narrowed.qs.annotate(teacher_name=name_now(), found=_found(page)).order_by("school", "number")
    shown = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    for each in shown:
        each.conclusion = str(dict(VerdictStanding.choices).get(each.found, ""))
    chosen = set(request.POST.getlist("application") or request.GET.getlist("one"))
    if request.method != "POST" and "all" in request.GET:
        chosen = {str(each.pk) for each in shown}
    return page.show(
        "reviews", "asking_reviews", status=422 if form.errors else 200, heading=_("审核"), form=form, level=level,
        waiting=shown, chosen=chosen, narrowed=narrowed, wide=("opinion",),
        meetings=meetings, keeps=_keeps(page), back=page.url("reviews"),
    )  # fmt: skip


def _schools_of(waiting: Any) -> Any:
    return Organisation.objects.filter(pk__in=waiting.values("school"))  # scoped: what the person decides on


def _found(page: YearPage) -> Subquery:
    """What the pack finds of the applicant."""
    counted = Verdict.objects.filter(year=page.year, teacher=OuterRef("teacher"), current=True)  # scoped: of rows
    return Subquery(counted.values("standing")[:1])


def _level(page: YearPage) -> Level | None:
    """The office for which the person decides here: the bureau where he may, else the cluster; none for a principal."""
    for level in (Level.BUREAU, Level.CLUSTER):
        if page.within(MAY[level]):
            return level
    return None


def _decide(page: YearPage, level: Level | None, form: DecisionForm) -> HttpResponse | None:
    chosen = [int(key) for key in page.request.POST.getlist("application") if key.isdecimal() and len(key) < 19]
    seen = Application.objects.visible_to(page.standing).filter(year=page.year, pk__in=chosen[:AT_ONCE])
    if level is not None:
        seen = seen.filter(school__in=page.within(MAY[level]))
    given = form.cleaned_data
    decision = actions.Decision(
        ReviewOutcome(given["outcome"]), given["opinion"], given["clause"], given["batch"],
        form.meetings.get(given["meeting"]),
    )  # fmt: skip
    try:
        if level is None:
            raise RefusedError(_("您不办理审核；学校意见请在“学校推荐”中办理。"))
        if len(chosen) > AT_ONCE:
            raise RefusedError(_("一次最多办理 %(most)s 份。") % {"most": AT_ONCE})
        keys = list(seen.values_list("pk", flat=True))
        if len(keys) < len(set(chosen)):
            raise RefusedError(_("所选申请中有不由您办理的，全部没有写入。"))
        done = actions.decide(page.year, keys, level, decision, at=arrived(page.request), by=author(page.request))
    except RefusedError as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(page.request, _("已办理 %(count)s 份申请，并已告知教师。") % {"count": len(done)})
    return redirect(page.url("reviews"))


def _keeps(page: YearPage) -> Any:
    """Clusters and county for which the person keeps the minutes of joint meetings."""
    rows = Organisation.objects.visible_to(page.standing, Permission.ROTATION_CLUSTER).filter(
        kind="cluster", county=page.year.county_id
    )
    found = list(rows)
    return [page.year.county, *found] if page.may(Permission.ROTATION_REVIEW) else found
