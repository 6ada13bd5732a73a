"""Placements: the list, one with its hand-over, and what schools and the bureau do to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.rotation.actions import formalities, ordering
from junheng.web.rotation.actions.formalities import OF_HOME, is_late_transfer
from junheng.web.rotation.calling import kept_by_call
from junheng.web.rotation.documents.lateness import may_read
from junheng.web.rotation.forms.ordering import ArrangementForm, ChangeForm, ReasonForm, RevokeForm, StepForm
from junheng.web.rotation.models import Arrangement, Placement, PlacementStatus, StepKind
from junheng.web.rotation.papers import address
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.links import companions_of, terms_of_group, ties_between
from junheng.web.staffing.models import GroupTerms, SchoolState
from junheng.web.staffing.reach import author

May = Permission


class PlacementTable(Table):
    """Placements."""

    teacher_name = Column(gettext_lazy("姓名"), linkify=True, order_by=("teacher_pinyin",))
    from_school = Column(gettext_lazy("派出学校"), accessor="from_school__shown", order_by=("from_school__position",))
    to_school = Column(gettext_lazy("接收学校"), accessor="to_school__shown", order_by=("to_school__position",))
    stage = Column(gettext_lazy("学段"))
    subject = Column(gettext_lazy("任教学科"))
    form = Column(gettext_lazy("交流形式"))
    start = Column(gettext_lazy("开始日期"))
    end = Column(gettext_lazy("结束日期"), accessor="last_day", order_by="end")
    status = Column(gettext_lazy("状态"))


class PlacementFilter(FilterSet):
    """By status."""

    status = ChoiceFilter(label=gettext_lazy("状态"), choices=PlacementStatus.choices)

    class Meta:
        model = Placement
        fields = ("status",)


class PlacementList(ListPage):
    """The placements of a year that the person sees."""

    permissions = (May.ROTATION_VIEW,)
    export_permission = May.EXPORT_LISTS
    table_class = PlacementTable
    filterset_class = PlacementFilter
    search_fields = ("teacher_name", "teacher_pinyin", "teacher_number", "from_school__name", "to_school__name")
    template_name = "rotation/list.html"
    heading = gettext_lazy("交流任务")
    empty = gettext_lazy("还没有交流任务。方案采用以后，入选教师会列在这里。")

    def rows(self, request: HttpRequest) -> Any:
        """With names and schools."""
        page = YearPage(request, self.kwargs["pk"])
        rows = Placement.objects.visible_to(page.standing).filter(year=page.year).with_names()
        return rows.select_related("from_school", "to_school", "year", "teacher")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The roster as a paper."""
        page = YearPage(request, self.kwargs["pk"])
        roster = {"url": address(page.year, "roster", "all"), "label": _("交流教师花名册"), "icon": "file-text"}
        return page.context("placements") | {"buttons": [roster]}


def placement_of(page: YearPage, key: int, rows: Any = None) -> Placement:
    """A placement of the year that the person sees; 404 for anybody else."""
    seen = Placement.objects.visible_to(page.standing) if rows is None else rows
    related = ("from_school", "to_school", "teacher__user", "year__county")
    found: Placement = get_object_or_404(seen.with_names().select_related(*related), year=page.year, pk=key)
    found.year = page.year
    return found


@requires(May.ROTATION_VIEW, May.ROTATION_OWN)
def placement(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """A placement: terms, hand-over step by step, papers; for both schools, the offices above and the teacher."""
    page = YearPage(request, pk)
    found = placement_of(page, key)
    within = page.within(May.ROTATION_SCHOOL)
    at_home, at_host = found.from_school_id in within, found.to_school_id in within
    work = Arrangement.objects.filter(placement=found).first()
    line = getattr(found, "order_line", None)
    return page.show(
        "placements", "placement", heading=_("%(who)s：%(from)s → %(to)s") % {
            "who": found.teacher_name, "from": found.from_school.shown, "to": found.to_school.shown,
        },
        placement=found, facts=_facts(found, line), steps=_steps(page, found, at_home=at_home, at_host=at_host),
        work=work, may_arrange=at_host and _in_force(found), papers=_papers(page, found, line),
        buttons=_ways(page, found), linked=_linked(found),
        amendments=found.amendments.select_related("by"), notices=_warnings(found, work),
        may_order=page.may(May.ROTATION_ORDER), running=_in_force(found),
        revocable=found.status in {*_FORCE, PlacementStatus.PLANNED},
    )  # fmt: skip


_FORCE = (PlacementStatus.ORDERED, PlacementStatus.SERVING)


def _in_force(found: Placement) -> bool:
    return found.status in _FORCE


def _facts(found: Placement, line: Any) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("状态"), "value": found.get_status_display()},
        {"label": _("派出学校"), "value": found.from_school},
        {"label": _("接收学校"), "value": found.to_school},
        {"label": _("学段"), "value": found.get_stage_display()},
        {"label": _("任教学科"), "value": found.get_subject_display()},
        {"label": _("交流形式"), "value": found.get_form_display()},
        *([{"label": _("拟任职务"), "value": found.get_role_display()}] if found.role else []),
        {"label": _("开始日期"), "value": found.start},
        {"label": _("结束日期"), "value": found.last_day},
        {"label": _("人事关系"), "value": _("调动") if found.relation_moved else _("不动"), "note": _promise(found)},
        {"label": _("报到日期"), "value": found.reported_on},
    ]
    if line is not None:
        facts.insert(1, {"label": _("发文字号"), "value": line.order.number})
        facts.append({"label": _("报到截止日期"), "value": line.order.report_by})
    return facts


def _promise(found: Placement) -> str:
    """What a call to the countryside promises the teacher."""
    call = kept_by_call(found)
    return _("关系不转、待遇不变：%(clause)s") % {"clause": call.clause} if call else ""


def _linked(found: Placement) -> dict[str, Any]:
    """What binds the two schools, and with whom the teacher is paired, on the day or on the nearest one of service."""
    day = min(max(timezone.localdate(), found.start), found.end)
    links = ties_between(found.from_school, found.to_school, day)
    return {"links": links, "companions": companions_of(found.teacher, day), "zone": _zone(found, day)}


def _zone(found: Placement, day: date) -> GroupTerms | None:
    """The group to which both schools belong, where something is said of it."""
    schools = (found.from_school_id, found.to_school_id)
    states = SchoolState.objects.as_of(day).filter(school__in=schools).exclude(group="")  # scoped: of the placement
    names = list(states.values_list("group", flat=True))
    if len(names) < len(schools) or len(set(names)) > 1:
        return None
    return terms_of_group(found.year.county, names[0], day)


def _steps(page: YearPage, found: Placement, *, at_home: bool, at_host: bool) -> list[dict[str, Any]]:
    done = {each.kind: each for each in found.steps.select_related("by")}
    running = _in_force(found)
    return [
        {
            "kind": kind.value, "label": kind.label, "done": done.get(kind), "home": kind in OF_HOME,
            "may": running and (at_home if kind in OF_HOME else at_host),
            "late": kind in done and is_late_transfer(done[kind]),
            "url": page.url("step", found.pk, kind.value), "strike": page.url("step_strike", found.pk, kind.value),
        }
        for kind in StepKind
    ]  # fmt: skip


def _papers(page: YearPage, found: Placement, line: Any) -> list[dict[str, Any]]:
    if line is None:
        return []
    kinds = [("letter", _("介绍信")), ("registration", _("教师交流登记表")), ("agreement", _("交流协议"))]
    offices = page.within(May.ROTATION_VIEW)
    if {found.from_school_id, found.to_school_id} & offices:
        kinds += [("handover", _("交接单"))]
    kinds += [(each.kind, each.get_kind_display()) for each in found.cautions.all() if may_read(page, found, each)]
    return [{"label": label, "url": address(page.year, kind, found.pk)} for kind, label in kinds]


def _ways(page: YearPage, found: Placement) -> list[dict[str, Any]]:
    if found.status not in {PlacementStatus.SERVING, PlacementStatus.ENDED, PlacementStatus.EARLY}:
        return []
    return [{"url": page.url("service", found.pk), "label": _("在岗管理"), "icon": "user-check"}]


def _warnings(found: Placement, work: Arrangement | None) -> list[dict[str, str]]:
    if work is None or not work.other_jobs:
        return []
    return [
        {
            "tone": "warning",
            "text": _("除教学外还安排了其他工作：%(jobs)s。请避免身兼多职。") % {"jobs": work.other_jobs},
        }
    ]


def _of_side(page: YearPage, key: int, kind: StepKind) -> Placement:
    """The placement for the school whose step it is."""
    rows = Placement.objects.all()  # scoped: narrowed to the side at once
    rows = rows.sent_by(page.standing) if kind in OF_HOME else rows.hosted_by(page.standing)
    return placement_of(page, key, rows)


@requires(May.ROTATION_SCHOOL)
def step(request: HttpRequest, pk: int, key: int, kind: StepKind) -> HttpResponse:
    """Register a formality."""
    page = YearPage(request, pk)
    found = _of_side(page, key, kind)
    return page.form(
        "placements", StepForm(request.POST or None),
        lambda given: _then(formalities.register_step(found, kind, by=author(request), **given)),
        done=_("“%(step)s”已登记。") % {"step": kind.label}, back=found.get_absolute_url(),
        heading=f"{kind.label}：{found.teacher_name}", submit=_("登记"),
    )  # fmt: skip


def _then(_done: Any) -> None:
    """Goes back to where one came from."""


@requires(May.ROTATION_SCHOOL)
def step_strike(request: HttpRequest, pk: int, key: int, kind: StepKind) -> HttpResponse:
    """Take a formality back."""
    page = YearPage(request, pk)
    found = _of_side(page, key, kind)
    return page.form(
        "placements", ReasonForm(request.POST or None),
        lambda given: formalities.strike_step(found, kind, by=author(request), **given),
        done=_("“%(step)s”已撤回。") % {"step": kind.label}, back=found.get_absolute_url(),
        heading=_("撤回：%(step)s") % {"step": kind.label}, submit=_("撤回"),
    )  # fmt: skip


@requires(May.ROTATION_SCHOOL)
def arrangement(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Arrange the teacher's work at the host."""
    page = YearPage(request, pk)
    found = placement_of(page, key, Placement.objects.all().hosted_by(page.standing))  # scoped: at the host
    before = Arrangement.objects.filter(placement=found).first()
    names = ("classes", "subject", "weekly_periods", "other_jobs")
    initial = {name: getattr(before, name) for name in names} if before else {"subject": found.get_subject_display()}
    form = ArrangementForm(request.POST or None, initial=initial)
    return page.form(
        "placements", form, lambda _given: _then(formalities.arrange(found, form.arranged(), by=author(request))),
        done=_("工作安排已保存。"), back=found.get_absolute_url(),
        heading=_("安排工作：%(who)s") % {"who": found.teacher_name},
    )  # fmt: skip


@requires(May.ROTATION_ORDER)
def revoke(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Revoke a placement."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ORDER)
    found = placement_of(page, key)
    return page.form(
        "placements", RevokeForm(request.POST or None),
        lambda given: ordering.revoke(found, by=author(request), **given),
        done=_("已撤销，两校人数已恢复原状。"), back=found.get_absolute_url(),
        heading=_("撤销交流任务：%(who)s") % {"who": found.teacher_name}, submit=_("撤销交流任务"),
    )  # fmt: skip


@requires(May.ROTATION_ORDER)
def change(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Change the terms of a placement that has been ordered."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ORDER)
    found = placement_of(page, key)
    form = ChangeForm(request.POST or None, placement=found, schools=page.schools(May.ROTATION_ORDER))
    return page.form(
        "placements", form,
        lambda given: ordering.change(
            found, form.values(), reason=given["reason"], number=given["number"], by=author(request)
        ),
        done=_("已更改，并通知教师和学校。"), back=found.get_absolute_url(),
        heading=_("更改调配：%(who)s") % {"who": found.teacher_name}, submit=_("更改调配"),
    )  # fmt: skip
