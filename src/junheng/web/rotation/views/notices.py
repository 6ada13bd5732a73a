"""Notices and objections in the offices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.records.attachments import keeping
from junheng.web.rotation.actions import notices as actions
from junheng.web.rotation.actions import objections
from junheng.web.rotation.documents.ordering import bureau_of
from junheng.web.rotation.forms.plans import ReasonForm
from junheng.web.rotation.forms.publicity import AnswerForm, AssignForm, FileForm, FindingForm, NoticeForm
from junheng.web.rotation.models import (
    NoticeKind,
    NoticeStatus,
    Objection,
    ObjectionStatus,
    PublicNotice,
    Scenario,
    ScenarioStatus,
)
from junheng.web.rotation.models.years import title_of
from junheng.web.rotation.publishing import faults_of, lines_for
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

May = Permission
HANDLERS = (May.ROTATION_PUBLISH, May.ROTATION_REVIEW)
DRAFTERS = (May.ROTATION_PUBLISH, May.ROTATION_PLAN)


def state_of(notice: PublicNotice, now: datetime) -> str:
    """Where a notice stands at a moment, in a word."""
    if notice.is_over(now):
        return _("公示期满，已撤下")
    return str(notice.get_status_display())


class NoticeTable(Table):
    """Notices."""

    title = Column(gettext_lazy("标题"), linkify=True)
    kind = Column(gettext_lazy("公示内容"))
    opens = Column(gettext_lazy("公示开始"))
    closes = Column(gettext_lazy("公示截止"))
    status = Column(gettext_lazy("状态"))
    reads = Column(gettext_lazy("阅读次数"), attrs={"td": {"class": "number"}})
    unsettled = Column(gettext_lazy("未答复的异议"), attrs={"td": {"class": "number"}})

    def render_status(self, record: PublicNotice) -> str:
        """With the end of its period."""
        return state_of(record, timezone.now())


class NoticeList(ListPage):
    """Every notice of a year."""

    permissions = (May.ROTATION_VIEW,)
    table_class = NoticeTable
    search_fields = ("title",)
    search_hint = gettext_lazy("标题")
    template_name = "rotation/list.html"
    heading = gettext_lazy("公示")
    empty = gettext_lazy("还没有公示。选定拟采用的方案以后拟写草稿，发布后公开显示。")

    def get(self, request: HttpRequest, pk: int = 0, **words: Any) -> HttpResponse:
        """The list of the year."""
        self.page = YearPage(request, pk)
        return super().get(request, **words)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The year's that the person may see."""
        found = PublicNotice.objects.visible_to(self.page.standing).filter(year=self.page.year)
        return found.annotate(unsettled=Count("objections", filter=~Q(objections__status=ObjectionStatus.ANSWERED)))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to a new one."""
        buttons = []
        if self.page.may(*DRAFTERS):
            url = self.page.url("notice_new")
            buttons.append({"url": url, "icon": "plus", "label": _("拟公示"), "primary": True})
        return self.page.context("notices") | {"buttons": buttons}


def _notice(page: YearPage, key: int) -> PublicNotice:
    seen = PublicNotice.objects.visible_to(page.standing).filter(year=page.year)
    found: PublicNotice = get_object_or_404(seen.select_related("scenario", "bundle").defer("bundle__content"), pk=key)
    found.year = page.year
    return found


@requires(*DRAFTERS)
def notice_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a notice, worded for the plan that is proposed."""
    page = YearPage(request, pk)
    page.require(*DRAFTERS)
    proposed = Scenario.objects.visible_to(page.standing).filter(year=page.year, status=ScenarioStatus.PROPOSED)
    kind = NoticeKind.RESULTS if proposed.exists() else NoticeKind.CANDIDATES
    initial = {
        "kind": kind, "issuer": bureau_of(page.year.county.name), "basis": page.year.pack_title,
        "title": _("关于%(year)s拟交流人员名单的公示") % {"year": title_of(page.year.year, page.year.audience)},
    }  # fmt: skip
    form = NoticeForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> PublicNotice:
        words = {name: value for name, value in given.items() if name != "kind"}
        return actions.draft(page.year, kind=given["kind"], words=words, by=author(request), at=page.now)

    return page.form(
        "notices", form, act, done=_("已存为草稿。请核对名单、添加附件，再由有发布权限的人发布。"),
        back=page.url("notices"), heading=_("拟公示"), submit=_("存为草稿"),
    )  # fmt: skip


@requires(May.ROTATION_VIEW)
def notice(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """A notice: as it will be or was published, its files, its readers, whether it is still as it was."""
    page = YearPage(request, pk)
    held = _notice(page, key)
    drafting = held.status == NoticeStatus.DRAFT
    may_edit, may_publish = page.may(*DRAFTERS), page.may(May.ROTATION_PUBLISH)
    rows = lines_for(held) if drafting else list(held.rows.all())
    publishing = may_publish and drafting
    faults = faults_of(held) if may_publish and not drafting and "check" in request.GET else None
    return page.show(
        "notices", "notice", heading=held.title, notice=held, rows=rows, files=keeping.of(held), drafting=drafting,
        state=state_of(held, page.now), may_edit=may_edit and drafting, may_publish=publishing, faults=faults,
        may_check=may_publish and not drafting,
        may_withdraw=may_publish and held.status == NoticeStatus.PUBLISHED,
        file_form=FileForm() if may_edit and drafting else None,
        public_url=request.build_absolute_uri(reverse("rotation:public_notice", args=(held.pk,)))
        if held.status == NoticeStatus.PUBLISHED else "",
        objections=held.objections.count() if page.may(*HANDLERS) else None,
    )  # fmt: skip


@requires(*DRAFTERS)
def notice_edit(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Reword a draft."""
    page = YearPage(request, pk)
    page.require(*DRAFTERS)
    held = _notice(page, key)
    form = NoticeForm(request.POST or None, instance=held)
    return page.form(
        "notices", form, lambda given: actions.rewrite(held, words=given, by=author(request)), done=_("已保存。"),
        back=held.get_absolute_url(), heading=_("修改公示草稿"), submit=_("保存"),
    )  # fmt: skip


@require_POST
@requires(*DRAFTERS)
def notice_file(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Add a file to a draft."""
    page = YearPage(request, pk)
    page.require(*DRAFTERS)
    held = _notice(page, key)
    form = FileForm(request.POST, request.FILES)

    def act() -> None:
        if not form.is_valid():
            raise RefusedError(_("请选择要添加的文件。"))
        actions.attach(held, form.cleaned_data["file"], by=author(request))

    return page.act(act, done=_("附件已添加。"), back=held.get_absolute_url())


@require_POST
@requires(May.ROTATION_PUBLISH)
def notice_publish(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Publish a draft."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PUBLISH)
    held = _notice(page, key)
    return page.act(
        lambda: actions.publish(held, by=author(request), at=page.now), done=_("已公示，到期自动撤下。"),
        back=held.get_absolute_url(),
    )  # fmt: skip


@requires(May.ROTATION_PUBLISH)
def notice_withdraw(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take a notice back, with a reason."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PUBLISH)
    held = _notice(page, key)
    return page.form(
        "notices", ReasonForm(request.POST or None),
        lambda given: actions.withdraw(held, by=author(request), at=page.now, **given), done=_("已撤回。"),
        back=held.get_absolute_url(), heading=_("撤回公示：%s") % held, submit=_("撤回"),
    )  # fmt: skip


# --- objections ------------------------------------------------------------------------------------------------------


class ObjectionTable(Table):
    """Objections."""

    number = Column(gettext_lazy("编号"), linkify=True)
    named = Column(gettext_lazy("反映方式"))
    received_at = Column(gettext_lazy("收到时间"))
    due = Column(gettext_lazy("答复期限"))
    status = Column(gettext_lazy("状态"))
    investigator = Column(gettext_lazy("调查人"))

    def render_named(self, value: bool) -> str:
        """Named or not."""
        return _("实名") if value else _("匿名")


class ObjectionList(ListPage):
    """Every objection of a year."""

    permissions = HANDLERS
    table_class = ObjectionTable
    search_fields = ("number",)
    search_hint = gettext_lazy("异议编号")
    template_name = "rotation/list.html"
    heading = gettext_lazy("异议")
    empty = gettext_lazy("没有收到异议。公示期间在公示页面提出的异议列在这里，逐件答复。")

    def get(self, request: HttpRequest, pk: int = 0, **words: Any) -> HttpResponse:
        """The list of the year."""
        self.page = YearPage(request, pk)
        self.page.require(*HANDLERS)
        return super().get(request, **words)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The year's."""
        found = Objection.objects.visible_to(self.page.standing).filter(notice__year=self.page.year)
        return found.select_related("notice", "investigator").defer("text", "report", "answer", "contact", "name")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu."""
        return self.page.context("objections")


def _objection(page: YearPage, key: int) -> Objection:
    seen = Objection.objects.visible_to(page.standing).filter(notice__year=page.year)
    found: Objection = get_object_or_404(
        seen.select_related("notice__scenario", "about", "investigator", "answered_by", "by"), pk=key
    )
    found.notice.year = page.year
    return found


@requires(*HANDLERS)
def objection(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """An objection with what is next to be done; closed to whoever is concerned."""
    page = YearPage(request, pk)
    page.require(*HANDLERS)
    held = _objection(page, key)
    person = author(request)
    if objections.is_concerned(person, held):
        raise PermissionDenied
    open_still = held.status != ObjectionStatus.ANSWERED
    publishing = page.may(May.ROTATION_PUBLISH)
    assign = open_still and publishing and held.status != ObjectionStatus.FOUND
    late = open_still and held.due < timezone.localdate(page.now)
    return page.show(
        "objections", "objection", heading=_("异议 %s") % held.number, objection=held, late=late,
        facts=_objection_facts(held), open=open_still, back=page.url("objections"),
        assign_form=AssignForm(people=objections.may_investigate(held), initial={"holds": held.holds})
        if assign else None,
        finding_form=FindingForm(initial={"finding": held.finding, "report": held.report})
        if open_still and held.investigator_id == person.pk
        else None,
        answer_form=AnswerForm() if publishing and held.status == ObjectionStatus.FOUND else None,
    )  # fmt: skip


def _objection_facts(held: Objection) -> list[dict[str, Any]]:
    return [
        {"label": _("状态"), "value": held.get_status_display()},
        {"label": _("反映方式"), "value": _("实名") if held.named else _("匿名")},
        {"label": _("姓名"), "value": held.name},
        {"label": _("联系方式"), "value": held.contact},
        {"label": _("所涉教师"), "value": str(held.about) if held.about else ""},
        {"label": _("收到时间"), "value": f"{timezone.localtime(held.received_at):%Y-%m-%d %H:%M}"},
        {"label": _("答复期限"), "value": held.due.isoformat()},
        {
            "label": _("暂缓发文"),
            "value": _("是") if held.holds and held.status != ObjectionStatus.ANSWERED else _("否"),
        },
        {"label": _("调查人"), "value": str(held.investigator or "")},
        {"label": _("结论"), "value": held.get_finding_display()},
    ]


@require_POST
@requires(*HANDLERS)
def objection_step(request: HttpRequest, pk: int, key: int, step: str) -> HttpResponse:
    """One step: assign, find or answer."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PUBLISH if step != "find" else May.ROTATION_REVIEW, May.ROTATION_PUBLISH)
    held = _objection(page, key)
    person = author(request)
    form: Any = {
        "assign": lambda: AssignForm(request.POST, people=objections.may_investigate(held)),
        "find": lambda: FindingForm(request.POST), "answer": lambda: AnswerForm(request.POST),
    }[step]()  # fmt: skip
    act: Any = {"assign": objections.assign, "find": objections.find, "answer": objections.answer}[step]

    def done() -> None:
        if not form.is_valid():
            raise RefusedError(_("请把各项填写完整。"))
        act(held, by=person, at=page.now, **form.cleaned_data)

    return page.act(done, done=_("已登记。"), back=held.get_absolute_url())
