"""Verification rounds, school by school, and documents on their way between departments."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.interface.listing import ListPage
from junheng.web.staffing.actions import rounds as actions
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.forms.rounds import AnswerForm, DocumentForm, ReplyForm, RoundForm, SendForm
from junheng.web.staffing.models import RoutedDocument, RoutingStep, VerificationReturn, VerificationRound
from junheng.web.staffing.models.rounds import Outcome
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.views.establishment.pages import DayColumn, NumberColumn, card, page_context, show
from junheng.web.staffing.views.establishment.scope import Scope, address


class RoundTable(Table):
    """Rounds."""

    title = Column(gettext_lazy("名称"), linkify=True)
    reckoned_on = DayColumn(verbose_name=gettext_lazy("数据日期"))
    due = DayColumn(verbose_name=gettext_lazy("截止日期"))
    answered = NumberColumn(verbose_name=gettext_lazy("已核对学校"))
    closed_at = Column(gettext_lazy("结束时间"))


class RoundsPage(ListPage):
    """Every round of the county (R-283)."""

    permissions = (Permission.ESTABLISHMENT_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    template_name = "staffing/establishment_list.html"
    table_class = RoundTable
    heading = gettext_lazy("人员核对")
    empty = gettext_lazy("还没有开展过人员核对。")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Rounds of the county."""
        self.scope = Scope(request)
        rounds = VerificationRound.objects.visible_to(standing_of(request)).filter(county=self.scope.county)
        return rounds.annotate(answered=Count("returns"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu, and the way to a new round."""
        buttons = []
        if self.scope.may(Permission.ESTABLISHMENT_DRAFT):
            url = address("verification_open")
            buttons.append({"url": url, "icon": "plus", "label": _("开始一轮核对"), "primary": True})
        lead = _("分配编制之前，各校核对本校现有人员：无误的确认，有差异的写明，县局据此更正。")
        return page_context(self.scope, "verifications") | {"buttons": buttons, "lead": lead}


@requires(Permission.ESTABLISHMENT_DRAFT)
def open_round(request: HttpRequest) -> HttpResponse:
    """Begin a round."""
    scope = Scope(request)
    if not scope.may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    title = _("%(year)s年中小学人员核对") % {"year": scope.on.year}
    form = RoundForm(request.POST or None, initial={"title": title})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_round(scope.county, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("核对已经开始，各校可以确认。"))
            return redirect(made)
    return _page(request, scope, "verifications", heading=_("开始一轮核对"), form=form)


def _page(request: HttpRequest, scope: Scope, page: str, **given: Any) -> HttpResponse:
    response = show(request, scope, page, "area_form", **({"back": address(page)} | given))
    response.status_code = 422 if request.method == "POST" else 200
    return response


@requires(Permission.ESTABLISHMENT_VIEW)
def verification(request: HttpRequest, pk: int) -> HttpResponse:
    """A round: how far it is, and what each school answered."""
    held = get_object_or_404(VerificationRound.objects.visible_to(standing_of(request)), pk=pk)
    scope = Scope(request)
    shown = _counts(held)
    returns = {each.school_id: each for each in held.returns.select_related("by")}
    editing = scope.standing.organisations(Permission.TEACHERS_EDIT)
    rows: list[dict[str, Any]] = [
        {
            "school": school, "shown": shown.get(school.code, {}), "answer": returns.get(school.pk),
            "url": address("verification_answer", held.pk, school.pk)
            if school.pk in editing and held.closed_at is None else "",
        }
        for school in _schools(held, scope)
    ]  # fmt: skip
    outcomes = Counter(row["answer"].outcome if row["answer"] else "silent" for row in rows)
    late = held.closed_at is None and held.due < timezone.localdate()
    done = len(rows) - outcomes["silent"]
    overdue = _("已过截止日期，仍有学校未核对。")
    return show(
        request, scope, "verifications", "verification", heading=str(held), round=held, rows=rows,
        percent=round(100 * done / len(rows)) if rows else 0, done=done,
        may_close=held.closed_at is None and scope.may(Permission.ESTABLISHMENT_DRAFT),
        notices=[{"tone": "warning", "text": overdue}] if late and outcomes["silent"] else [],
        cards=[
            card(pgettext("menu", "学校"), len(rows), "school", unit=_("所")),
            card(_("核对无误"), outcomes[Outcome.CONFIRMED], "circle-check", "green", unit=_("所")),
            card(_("有差异"), outcomes[Outcome.DIFFERENCES], "alert-triangle", "orange", unit=_("所")),
            card(_("未核对"), outcomes["silent"], "clock", "red" if late else "secondary", unit=_("所")),
        ],
    )  # fmt: skip


def _schools(round_: VerificationRound, scope: Scope) -> QuerySet[Organisation]:
    seen = Organisation.objects.visible_to(scope.standing, Permission.ESTABLISHMENT_VIEW)
    return seen.filter(county=round_.county).schools().open_on(round_.reckoned_on)


def _counts(round_: VerificationRound) -> dict[str, dict[str, int]]:
    """The numbers that each school is asked to check, as of the round's day."""
    found: dict[str, Counter[str]] = {}
    for row in figures_of(round_.county, round_.reckoned_on).establishment.rows:
        tally = found.setdefault(row.school_id, Counter())
        tally.update(
            on_establishment=row.on_establishment, at_work=row.at_work, exchanged_in=row.exchanged_in,
            exchanged_out=row.exchanged_out, not_in_post=row.not_in_post, lent_in=row.lent_in, hired=row.hired,
        )  # fmt: skip
    return {school: dict(tally) for school, tally in found.items()}


@requires(Permission.TEACHERS_EDIT)
def answer(request: HttpRequest, pk: int, school_pk: int) -> HttpResponse:
    """A school confirms its staff or says what differs."""
    held = get_object_or_404(VerificationRound.objects.visible_to(standing_of(request)), pk=pk)
    scope = Scope(request)
    school = get_object_or_404(_schools(held, scope), pk=school_pk)
    if school.pk not in scope.standing.organisations(Permission.TEACHERS_EDIT):
        raise PermissionDenied
    shown = _counts(held).get(school.code, {})
    before = VerificationReturn.objects.filter(round=held, school=school).first()
    initial = {"outcome": before.outcome, "note": before.note} if before else None
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_round(held, school, shown=shown, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已提交 %(school)s 的核对结果。") % {"school": school})
            return redirect(held)
    labels = _count_labels()
    return _page(
        request, scope, "verifications", heading=_("核对：%(school)s") % {"school": school.shown}, form=form,
        facts=[{"label": labels[name], "value": count} for name, count in shown.items()],
        back=held.get_absolute_url(), submit=_("提交核对结果"),
    )  # fmt: skip


def _count_labels() -> dict[str, str]:
    return {
        "on_establishment": _("在编"),
        "at_work": _("在岗"),
        "exchanged_in": _("交流进"),
        "exchanged_out": _("交流出"),
        "not_in_post": _("占编不在岗"),
        "lent_in": _("借入"),
        "hired": _("校聘"),
    }


@require_POST
@requires(Permission.ESTABLISHMENT_DRAFT)
def close_round(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round."""
    held = get_object_or_404(VerificationRound.objects.visible_to(standing_of(request)), pk=pk)
    if not Scope(request).may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    try:
        actions.close_round(held, by=request.user, reason=request.POST.get("reason", "")[:300])  # type: ignore[arg-type]
    except RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("本轮核对已结束。"))
    return redirect(held)


class DocumentTable(Table):
    """Documents and how far they are."""

    title = Column(gettext_lazy("标题"), linkify=lambda record: address("document", record.pk))
    document_number = Column(gettext_lazy("文号"))
    plan = Column(gettext_lazy("编制方案"))
    sent = NumberColumn(verbose_name=gettext_lazy("送出部门"))
    answered = NumberColumn(verbose_name=gettext_lazy("已回复"))
    created_at = Column(gettext_lazy("登记时间"))


class DocumentsPage(ListPage):
    """Documents routed among education, establishment, personnel and finance departments (R-291)."""

    permissions = (Permission.ESTABLISHMENT_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    template_name = "staffing/establishment_list.html"
    table_class = DocumentTable
    search_fields = ("title", "document_number")
    heading = gettext_lazy("部门会签")
    empty = gettext_lazy("还没有登记会签文件。")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Documents of the county, for whoever sees the whole county."""
        self.scope = Scope(request)
        documents = RoutedDocument.objects.visible_to(standing_of(request)).filter(county=self.scope.county)
        return documents.select_related("plan").annotate(sent=Count("steps"), answered=Count("steps__answered_on"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu, and the way to a new document."""
        buttons = []
        if self.scope.may(Permission.ESTABLISHMENT_DRAFT):
            url = address("document_register")
            buttons.append({"url": url, "icon": "plus", "label": _("登记文件"), "primary": True})
        lead = _("教育、机构编制、人力资源社会保障、财政等部门联合行文或会签的编制和交流文件，逐部门登记送出和回复。")
        return page_context(self.scope, "documents") | {
            "buttons": buttons, "lead": lead, "search_hint": _("标题或文号"),
        }  # fmt: skip


@requires(Permission.ESTABLISHMENT_DRAFT)
def register_document(request: HttpRequest) -> HttpResponse:
    """Register a document."""
    scope = Scope(request)
    if not scope.may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    form = DocumentForm(request.POST or None, county=scope.county)
    if request.method == "POST" and form.is_valid():
        made = actions.register_document(scope.county, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        return redirect("staffing:document", made.pk)
    return _page(request, scope, "documents", heading=_("登记文件"), form=form, wide=("title",))


def _document(request: HttpRequest, pk: int) -> RoutedDocument:
    found = RoutedDocument.objects.visible_to(standing_of(request)).select_related("county", "plan")
    return get_object_or_404(found, pk=pk)


@requires(Permission.ESTABLISHMENT_VIEW)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document's way; the departments still to be asked."""
    held, scope = _document(request, pk), Scope(request)
    may = scope.may(Permission.ESTABLISHMENT_DRAFT)
    steps = list(held.steps.all())
    form = SendForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid():
            try:
                actions.send_document(held, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except RefusedError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("staffing:document", held.pk)
    return show(
        request, scope, "documents", "document", heading=held.title, document=held, steps=steps,
        form=form if may else None, may=may,
    )  # fmt: skip


@requires(Permission.ESTABLISHMENT_DRAFT)
def reply(request: HttpRequest, pk: int, step_pk: int) -> HttpResponse:
    """Record a department's answer."""
    held, scope = _document(request, pk), Scope(request)
    step = get_object_or_404(RoutingStep.objects.select_related("document__county"), pk=step_pk, document=held)
    if not scope.may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_document(step, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("staffing:document", held.pk)
    heading = _("%(department)s的回复") % {"department": step.get_department_display()}
    return _page(request, scope, "documents", heading=heading, form=form, back=address("document", held.pk))
