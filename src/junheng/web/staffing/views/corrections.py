"""Corrections: asked for by a teacher, decided by whoever answers for the school."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.models import Dated
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import listed
from junheng.web.records import attachments
from junheng.web.staffing import reach
from junheng.web.staffing.actions import corrections as actions
from junheng.web.staffing.actions.rows import RefusedError, StaleError
from junheng.web.staffing.chapters import entry_of, facts_of
from junheng.web.staffing.declared import STATE, TEACHER_PARTS, Part, language, places_of, said, what_of
from junheng.web.staffing.filters import CorrectionFilter
from junheng.web.staffing.forms.corrections import DecisionForm, RequestForm
from junheng.web.staffing.forms.declared import DeclaredForm
from junheng.web.staffing.models import Correction, Teacher, TeacherState
from junheng.web.staffing.tables import CorrectionTable, marks
from junheng.web.staffing.views.edits import tab_of


class CorrectionList(ListPage):
    """Corrections that the person asked for or may decide."""

    permissions = (Permission.OWN_FILE, Permission.CORRECTIONS_DECIDE)
    table_class = CorrectionTable
    filterset_class = CorrectionFilter
    search_fields = ("teacher_name", "teacher_pinyin", "teacher__number")
    template_name = "staffing/corrections.html"
    heading = pgettext_lazy("heading", "更正")
    empty = gettext_lazy("没有更正")

    def rows(self, request: HttpRequest) -> Any:
        """With the teacher's name as it is now."""
        now = TeacherState.objects.current().filter(teacher=OuterRef("teacher"))  # scoped: of corrections within reach
        found = Correction.objects.visible_to(standing_of(request))
        return found.select_related("teacher", "school", "decided_by").annotate(
            teacher_name=Subquery(now.values("name")[:1]), teacher_pinyin=Subquery(now.values("pinyin")[:1])
        )

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Whether the person may ask for one."""
        return {"asks": standing_of(request).allows(Permission.OWN_FILE)}


@never_cache
@requires(Permission.OWN_FILE)
def request_correction(request: HttpRequest) -> HttpResponse:
    """Say what is wrong in one's own file, what it should be, and why."""
    me = get_object_or_404(Teacher.objects.select_related("county"), user=request.user)  # scoped: one's own
    part, row, names = _subject(request, me)
    form = RequestForm(
        part, reach.places_to_choose(me.county), request.POST or None, files=request.FILES or None, row=row, names=names
    )
    page = {
        "heading": pgettext("heading", "提出更正"), "part": part, "form": form, "teacher": me,
        "submit": _("提交"), "files": True,
        "back": reverse("staffing:own_file"), "keep": part.needs is None,
        "held": [each for each in _held(part, row, me) if names is None or each.field in names] if row else [],
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        fault = _ask(request, me, part, row, form)
        if isinstance(fault, Correction):
            messages.success(request, _("已提交，等待核实。"))
            return redirect(fault)
        form.add_error(*fault)
    return render(request, "staffing/correction_form.html", page, status=422 if form.errors else 200)


def _ask(
    request: HttpRequest, me: Teacher, part: Part, row: Dated | None, form: RequestForm
) -> Correction | tuple[str | None, str]:
    values = form.values()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return None, _("与档案现在的内容相同，没有需要更正的。")
    try:
        return actions.request_correction(
            me, part, row, form.raw(), reason=form.cleaned_data["reason"], by=reach.author(request),
            evidence=form.cleaned_data["evidence"],
        )  # fmt: skip
    except RefusedError as refused:
        return None, str(refused)
    except attachments.UnwelcomeFileError as unwelcome:
        return "evidence", str(unwelcome.args[0])


def _subject(request: HttpRequest, me: Teacher) -> tuple[Part, Dated | None, list[str] | None]:
    """What is to be put right: the part, its row, and the columns; 404 for what is not in one's own file."""
    part = TEACHER_PARTS.get(request.GET.get("part", ""))
    if part is None:
        raise Http404
    row: Dated | None = None
    if part is STATE:
        row = reach.present_state(me)
    elif number := request.GET.get("row", ""):
        row = part.model.objects.current().filter(teacher=me, pk=number).first() if number.isdecimal() else None
    wanted = request.GET.get("field", "")
    known = {column.field for column in part.columns}
    if (row is None and (part is STATE or "row" in request.GET)) or (wanted and wanted not in known):
        raise Http404
    if part is STATE and not wanted:
        raise Http404
    return part, row, [wanted] if wanted else None


def _held(part: Part, row: Dated, me: Teacher) -> Iterable[Any]:
    return entry_of(part, row, timezone.localdate(), places_of(me.county)).cells


@never_cache
@requires(Permission.OWN_FILE, Permission.CORRECTIONS_DECIDE)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: what is asked, what stands, what was decided; for the decider, the file and the decision."""
    return _page(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> Correction:
    seen = Correction.objects.visible_to(standing_of(request))
    return get_object_or_404(seen.select_related("teacher__county", "school", "requested_by", "decided_by"), pk=pk)


def _page(request: HttpRequest, found: Correction, form: DecisionForm | None = None, status: int = 200) -> HttpResponse:
    part = TEACHER_PARTS[found.sheet]
    within = Correction.objects.within_reach_of(standing_of(request))  # scoped: to whoever may decide
    decides = found.is_open and within.filter(pk=found.pk).exists()
    row = _row(part, found)
    state = reach.state_on(found.teacher, timezone.localdate())
    places = places_of(found.teacher.county)
    proposal = _proposal(part, found, row)
    readable = proposal.is_valid()
    context = {
        "heading": _("第 %(number)s 号更正") % {"number": found.pk}, "correction": found, "what": what_of(found),
        "teacher": found.teacher, "state": state, "marks": marks(state) if state else [], "part": part,
        "changes": _changes(part, found, row, proposal if readable else None, places),
        "files": attachments.of(found), "decides": decides, "readable": readable, "proposal": proposal,
        "gone": found.is_open and found.row is not None and row is None,
        "mine": found.requested_by_id == request.user.pk,
        "form": form or DecisionForm(initial={"version": row.pk if row is not None else None}),
        "facts": facts_of(state, ("name", "sex", "birth_date", "school_id", "main_subject", "role")) if state else [],
        "breadcrumbs": [
            {"label": pgettext("heading", "更正"), "url": reverse("staffing:corrections")}, {"label": str(found.pk)},
        ],
        "tab": tab_of(part),
        "sees_file": Teacher.objects.visible_to(standing_of(request)).filter(pk=found.teacher_id).exists() or decides,
    }  # fmt: skip
    return render(request, "staffing/correction.html", context, status=status)


def _row(part: Part, found: Correction) -> Dated | None:
    if part is STATE:
        return reach.present_state(found.teacher)
    row: Dated | None = part.model.objects.current().filter(pk=found.row, teacher=found.teacher).first()
    return row


def _proposal(part: Part, found: Correction, row: Dated | None) -> DeclaredForm:
    """What was proposed, read again on top of what stands now."""
    places = reach.places_to_choose(found.teacher.county)
    return DeclaredForm(part, places, found.proposed, row=row, names=found.proposed)


def _changes(
    part: Part, found: Correction, row: Dated | None, proposal: DeclaredForm | None, places: dict[str, str]
) -> list[dict[str, str]]:
    values = proposal.values() if proposal is not None else {}
    changes = []
    for column in part.columns:
        if column.field not in found.proposed:
            continue
        name = part.attribute(column)
        typed = found.proposed[column.field]
        before = said(column, part.value(row, column), places) if row is not None else ""
        if not found.is_open and found.row is not None:
            before = said(column, found.held.get(column.field), places)
        after = said(column, values[name], places) if name in values else said_typed(typed)
        changes.append({"label": column.header(language()), "before": before, "after": after})
    return changes


def said_typed(value: Any) -> str:
    """What was typed, when it can no longer be read."""
    return listed(value) if isinstance(value, list) else str(value or "")


@never_cache
@require_POST
@requires(Permission.CORRECTIONS_DECIDE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow the teacher, or not; the first decision holds."""
    found = _visible(request, pk)
    within = Correction.objects.within_reach_of(standing_of(request))  # scoped: to whoever may decide
    if not within.filter(pk=found.pk).exists():
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    try:
        status = _decide(request, found, form)
    except actions.AlreadyDecidedError as decided:
        return _page_of_decided(request, decided.correction)
    except StaleError:
        form.add_error(None, _("您查看期间档案已有改动，没有写入；请核对下面的现状后再决定。"))
        return _page(request, found, _fresh(form, found), 409)
    except RefusedError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        status = 422
    return redirect(found) if status == 302 else _page(request, found, form, status)


def _decide(request: HttpRequest, found: Correction, form: DecisionForm) -> int:
    by = reach.author(request)
    given = form.cleaned_data
    if given["decision"] == "reject":
        actions.reject(found, opinion=given["opinion"], by=by)
        messages.success(request, _("已决定：不采纳。"))
        return 302
    part = TEACHER_PARTS[found.sheet]
    row = _row(part, found)
    proposal = _proposal(part, found, row)
    actions.open_check(found)
    if found.row is not None and row is None:
        form.add_error(None, _("要更正的记录已经不在，不能采纳；可以不采纳并写明情况。"))
        return 409
    if not proposal.is_valid():
        form.add_error(None, _("申请的内容与现在的档案对不上，不能直接采纳；可以不采纳并写明情况。"))
        return 422
    actions.accept(
        found, proposal.values(), version=given["version"], effective=given["effective"], opinion=given["opinion"],
        by=by,
    )  # fmt: skip
    messages.success(request, _("已采纳，档案已更新。"))
    return 302


def _fresh(form: DecisionForm, found: Correction) -> DecisionForm:
    """The same form on top of what stands now, with what was typed and what was wrong."""
    row = _row(TEACHER_PARTS[found.sheet], found)
    data: Any = form.data
    data = data.copy()
    data["version"] = str(row.pk) if row is not None else ""
    again = DecisionForm(data)
    again.is_valid()
    for fault in form.non_field_errors():
        again.add_error(None, fault)
    return again


def _page_of_decided(request: HttpRequest, found: Correction) -> HttpResponse:
    context = {"heading": _("已经有了决定"), "correction": found}
    return render(request, "staffing/correction_decided.html", context, status=409)


@never_cache
@require_POST
@requires(Permission.OWN_FILE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own request back."""
    found = _visible(request, pk)
    if found.requested_by_id != request.user.pk:
        raise PermissionDenied
    try:
        actions.withdraw(found, by=reach.author(request))
    except actions.AlreadyDecidedError as decided:
        return _page_of_decided(request, decided.correction)
    messages.success(request, _("已撤回。"))
    return redirect(found)
