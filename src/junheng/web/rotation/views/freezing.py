"""Confirmation of data, verdicts with their reasons, the notice to a teacher, appeals of facts."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_tables2 import Column, DateTimeColumn, Table

from junheng.policy import verdict_words
from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import person_unit
from junheng.web.records import attachments
from junheng.web.rotation import judging
from junheng.web.rotation.actions import freezing as actions
from junheng.web.rotation.actions import refixing
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.cycle import PhaseState, state_of
from junheng.web.rotation.forms.freezing import AppealDecisionForm, AppealForm, FixAnewForm, InSteadForm
from junheng.web.rotation.models import (
    DataConfirmation,
    FactAppeal,
    PhaseKind,
    ScenarioStatus,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.names import with_names
from junheng.web.rotation.papers import address
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.reach import author

VIEW = Permission.ROTATION_VIEW


class ConfirmationTable(Table):
    """Teachers and whether they have confirmed."""

    name = Column(gettext_lazy("姓名"), accessor="teacher_name")
    number = Column(gettext_lazy("工号"), accessor="teacher__number")
    school = Column(gettext_lazy("学校"), accessor="school__name")
    at = DateTimeColumn(verbose_name=gettext_lazy("核对时间"), format="Y-m-d H:i")
    by = Column(gettext_lazy("核对人"))
    in_stead = Column(gettext_lazy("代为核对的原因"))


class ConfirmationList(ListPage):
    """Who has confirmed his data."""

    permissions = (VIEW,)
    table_class = ConfirmationTable
    search_fields = ("teacher_name", "teacher_pinyin", "teacher__number")
    template_name = "rotation/confirmations.html"
    heading = gettext_lazy("信息核对")
    empty = gettext_lazy("还没有教师核对过信息。")

    def rows(self, request: HttpRequest) -> Any:
        """Confirmations of the schools within reach."""
        self.page = YearPage(request, self.kwargs["pk"])
        found = DataConfirmation.objects.visible_to(self.page.standing).filter(year=self.page.year)
        return with_names(found.select_related("teacher", "school", "by"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Who has not, at the schools that the person keeps."""
        page = self.page
        done = DataConfirmation.objects.filter(year=page.year).values("teacher")  # scoped: numbers alone
        kept = page.schools(Permission.ROTATION_SCHOOL).values("pk")
        left = TeacherState.objects.current().filter(school__in=kept).exclude(teacher__in=done)  # scoped: schools kept
        return page.context("confirmations") | {"left": left.select_related("school").order_by("pinyin")[:200]}


@requires(Permission.ROTATION_SCHOOL)
def confirm_in_stead(request: HttpRequest, pk: int, teacher_pk: int) -> HttpResponse:
    """The school confirms for a teacher who cannot."""
    page = YearPage(request, pk)
    kept = page.schools(Permission.ROTATION_SCHOOL).values("pk")
    state = get_object_or_404(
        TeacherState.objects.current().filter(school__in=kept).select_related("teacher"), teacher=teacher_pk
    )  # scoped: schools kept
    return page.form(
        "confirmations", InSteadForm(request.POST or None),
        lambda given: actions.confirm(
            page.year, state.teacher, by=author(request), at=page.now, in_stead=given["reason"]
        ) and None,
        done=_("已登记核对。"), back=page.url("confirmations"), submit=_("代为核对"),
        heading=_("代为核对：%(name)s") % {"name": state.name},
    )  # fmt: skip


@require_POST
@requires(Permission.ROTATION_OWN)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own data are right."""
    page = YearPage(request, pk)
    me = get_object_or_404(Teacher, user=request.user, county=page.year.county)  # scoped: oneself
    return page.act(
        lambda: actions.confirm(page.year, me, by=author(request), at=page.now),
        done=_("已确认本人信息无误。"), back=page.year.own_url,
    )  # fmt: skip


# --- verdicts -------------------------------------------------------------------------------------------------------


class VerdictTable(Table):
    """Verdicts."""

    name = Column(gettext_lazy("姓名"), accessor="teacher_name")
    number = Column(gettext_lazy("工号"), accessor="teacher__number")
    school = Column(gettext_lazy("学校"), accessor="school__name")
    standing = Column(gettext_lazy("结论"))
    clause = Column(gettext_lazy("依据条款"))
    read_at = DateTimeColumn(verbose_name=gettext_lazy("本人阅知时间"), format="Y-m-d H:i")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.columns["name"].column.linkify = lambda record: record.url


class VerdictFilter(django_filters.FilterSet):
    """By conclusion."""

    standing = django_filters.ChoiceFilter(label=gettext_lazy("结论"), choices=VerdictStanding.choices)

    class Meta:
        model = Verdict
        fields = ("standing",)


class VerdictList(ListPage):
    """What the pack says of everybody within reach; reasons stand on each one's page."""

    permissions = (VIEW,)
    export_permission = Permission.EXPORT_LISTS
    table_class = VerdictTable
    filterset_class = VerdictFilter
    search_fields = ("teacher_name", "teacher_pinyin", "teacher__number")
    template_name = "rotation/verdicts.html"
    heading = gettext_lazy("资格认定")
    empty = gettext_lazy("还没有认定结果。资格认定阶段开始后自动认定，也可以由局人事经办人提前发起。")

    def rows(self, request: HttpRequest) -> Any:
        """Verdicts that count, of the schools within reach."""
        self.page = YearPage(request, self.kwargs["pk"])
        found = Verdict.objects.visible_to(self.page.standing).filter(year=self.page.year, current=True)
        return with_names(found.select_related("teacher", "school").defer("facts_text", "because_zh", "because_en"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How many of each, and whether verdicts can be asked for."""
        page = self.page
        found = Verdict.objects.visible_to(page.standing).filter(year=page.year, current=True)
        counts = {each.value: found.filter(standing=each.value).count() for each in VerdictStanding}
        tones = {"must": ("orange", "user-share"), "may": ("blue", "user-question"), "no": ("secondary", "user-check")}
        cards = [
            {"label": each.label, "value": counts[each.value], "unit": person_unit(counts[each.value]),
             "tone": tones[each.value][0], "icon": tones[each.value][1], "url": f"?standing={each.value}"}
            for each in VerdictStanding
        ]  # fmt: skip
        phase = page.year.phases.filter(kind=PhaseKind.ELIGIBILITY).first()
        return page.context("verdicts") | {
            "slips": page.schools(VIEW) if page.year.is_frozen else (),
            "cards": cards if page.year.is_frozen else [],
            "may_fix_anew": page.may(Permission.ROTATION_PREPARE) and page.year.is_frozen and not page.year.is_archived
            and not page.year.scenarios.filter(status=ScenarioStatus.ADOPTED).exists(),
            "may_freeze": page.may(Permission.ROTATION_PREPARE) and not page.year.is_frozen and phase is not None
            and state_of(phase, page.now) is PhaseState.OPEN,
        }  # fmt: skip


@require_POST
@requires(Permission.ROTATION_PREPARE)
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for everybody's verdict now."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_PREPARE)
    return page.act(
        lambda: actions.ask_to_freeze(page.year, by=author(request), at=page.now),
        done=_("正在后台认定，完成后结果显示在这里。"), back=page.url("verdicts"),
    )  # fmt: skip


@requires(Permission.ROTATION_PREPARE)
def fix_anew(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the facts anew after something in them was put right; whoever is judged otherwise by them is told."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_PREPARE)
    return page.form(
        "verdicts", FixAnewForm(request.POST or None),
        lambda given: refixing.fix_anew(page.year, by=author(request), **given) and None,
        done=_("已按更正后的数据重新固定。"), back=page.url("verdicts"), heading=_("按更正后的数据重新固定"),
        submit=_("重新固定"),
        lead=_("认定之后更正过档案的，方案不能再按原快照编制。重新固定后，结论有变的教师换发新的认定，并通知本人。"),
    )  # fmt: skip


@never_cache
@requires(VIEW, Permission.ROTATION_OWN)
def verdict(request: HttpRequest, pk: int, teacher_pk: int) -> HttpResponse:
    """The notice of a verdict (告知书): what, by which clause, on which facts; facts for those who may see them."""
    page = YearPage(request, pk)
    held = _verdict(page, teacher_pk)
    own = held.teacher.user_id == author(request).pk
    if own:
        actions.read_verdict(held, by=author(request))
    sees = own or held.school_id in page.within(Permission.TEACHERS_SENSITIVE)
    lang = "en" if get_language() == "en" else "zh"
    pack = pack_of(page.year)
    held.year = page.year
    explained = judging.explanation_of(held, pack, lang) if sees else None
    appeals = FactAppeal.objects.visible_to(page.standing).filter(verdict__teacher=held.teacher_id, year=page.year)
    return page.show(
        "own" if own else "verdicts", "verdict", heading=_("资格认定告知书"), verdict=held, own=own, sees=sees,
        name=_name(held.teacher), words=verdict_words(held.word, lang), explained=explained, appeals=appeals,
        replaced=held.replaces, pack=pack, back=page.year.own_url if own else page.url("verdicts"),
        before_applications=judging.takes_as_given(page.year),
        may_appeal=own and _open(page, PhaseKind.ELIGIBILITY) and not appeals.open().exists(),
    )  # fmt: skip


def _verdict(page: YearPage, teacher_pk: int) -> Any:
    seen = Verdict.objects.visible_to(page.standing).filter(year=page.year, current=True, teacher=teacher_pk)
    return get_object_or_404(seen.select_related("teacher", "school", "snapshot", "replaces"))


def _name(teacher: Teacher) -> str:
    state = teacher.state
    return state.name if state else teacher.number


def _open(page: YearPage, kind: PhaseKind) -> bool:
    phase = page.year.phases.filter(kind=kind).first()
    return phase is not None and state_of(phase, page.now) is PhaseState.OPEN


@requires(VIEW)
def served(request: HttpRequest, pk: int) -> HttpResponse:
    """The list on which a school has its notices signed for; the school is chosen on the page of verdicts."""
    page = YearPage(request, pk)
    chosen = request.GET.get("school", "")
    listed = {str(each.pk): each for each in page.schools(VIEW)}
    return redirect(address(page.year, "served", chosen) if chosen in listed else page.url("verdicts"))


# --- appeals --------------------------------------------------------------------------------------------------------


class AppealTable(Table):
    """Appeals."""

    id = Column(gettext_lazy("编号"), linkify=True)
    name = Column(gettext_lazy("姓名"), accessor="teacher_name")
    school = Column(gettext_lazy("学校"), accessor="verdict__school__name")
    submitted_at = DateTimeColumn(verbose_name=gettext_lazy("提出时间"), format="Y-m-d H:i")
    due = Column(gettext_lazy("应答复日期"))
    status = Column(gettext_lazy("状态"))


class AppealList(ListPage):
    """Appeals of facts within reach."""

    permissions = (Permission.ROTATION_REVIEW, Permission.ROTATION_OWN)
    table_class = AppealTable
    search_fields = ("teacher_name", "teacher_pinyin")
    template_name = "rotation/list.html"
    heading = gettext_lazy("事实异议")
    empty = gettext_lazy("没有事实异议。教师认为认定所据的事实有误的，可在认定告知书上提出，由县局复核。")

    def rows(self, request: HttpRequest) -> Any:
        """To be decided by the person, or the person's own."""
        self.page = YearPage(request, self.kwargs["pk"])
        found = FactAppeal.objects.visible_to(self.page.standing).filter(year=self.page.year)
        return with_names(found.select_related("verdict__school"), "verdict__teacher")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu."""
        return self.page.context("appeals")


@never_cache
@requires(Permission.ROTATION_OWN)
def appeal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a fact behind one's verdict is wrong."""
    page = YearPage(request, pk)
    mine = Verdict.objects.filter(year=page.year, current=True, teacher__user=request.user)  # scoped: one's own
    held = get_object_or_404(mine)
    form = AppealForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> Any:
        evidence = [given["evidence"]] if given["evidence"] else []
        return actions.appeal(held, text=given["text"], by=author(request), evidence=evidence, at=page.now)

    return page.form(
        "own", form, act, done=_("异议已提出，等待复核。"), back=page.url("verdict", held.teacher_id),
        heading=_("提出事实异议"), submit=_("提出异议"),
        lead=_("先看看档案哪一项不对：档案本身的错误，也可以在“我的档案”里提出更正。"),
    )  # fmt: skip


@never_cache
@requires(Permission.ROTATION_REVIEW, Permission.ROTATION_OWN)
def appeal(request: HttpRequest, pk: int, appeal_pk: int) -> HttpResponse:
    """An appeal, and the decision on it."""
    page = YearPage(request, pk)
    seen = FactAppeal.objects.visible_to(page.standing).filter(year=page.year)
    held = get_object_or_404(seen.select_related("verdict__teacher", "verdict__school", "result", "decided_by"),
                             pk=appeal_pk)  # fmt: skip
    decides = page.may(Permission.ROTATION_REVIEW) and held.submitted_by_id != author(request).pk
    if request.method == "POST" and not decides:
        raise PermissionDenied
    form = AppealDecisionForm(request.POST or None) if decides and held.status == "open" else None
    given: dict[str, Any] = {
        "heading": _("事实异议 %(number)s") % {"number": held.pk}, "appeal": held, "name": _name(held.verdict.teacher),
        "files": attachments.of(held), "mine": held.submitted_by_id == author(request).pk,
        "submit": _("作出决定"),
    }  # fmt: skip
    if form is None:
        return page.show("appeals", "appeal", back=page.url("appeals"), **given)
    return page.form(
        "appeals", form, lambda said: actions.decide_appeal(held, by=author(request), **said),
        done=_("复核结果已告知本人。"), back=page.url("appeals"), template="appeal", **given,
    )  # fmt: skip


@require_POST
@requires(Permission.ROTATION_OWN)
def appeal_withdraw(request: HttpRequest, pk: int, appeal_pk: int) -> HttpResponse:
    """Take one's appeal back."""
    page = YearPage(request, pk)
    mine = FactAppeal.objects.filter(year=page.year, submitted_by=author(request))  # scoped: one's own
    held = get_object_or_404(mine, pk=appeal_pk)
    return page.act(
        lambda: actions.withdraw_appeal(held, by=author(request)), done=_("异议已撤回。"), back=held.get_absolute_url()
    )
