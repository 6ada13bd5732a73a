"""Changes to a school's file: its state, its classes, its resources, what it needs, its history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.models import Dated, Organisation
from junheng.web.staffing import reach
from junheng.web.staffing.actions import schools as actions
from junheng.web.staffing.actions.rows import RefusedError, StaleError, successor
from junheng.web.staffing.actions.teachers import Why
from junheng.web.staffing.chapters import entry_of
from junheng.web.staffing.declared import SCHOOL_PARTS, SCHOOL_STATE, Part, places_of
from junheng.web.staffing.forms.declared import DeclaredForm, Places
from junheng.web.staffing.forms.schools import LeaveOutForm, SchoolEntryForm, SchoolRowForm
from junheng.web.staffing.models import SchoolState
from junheng.web.staffing.views.edits import compared
from junheng.web.staffing.views.schools import school_in_reach

TAB_OF = {"schools": "overview", "requirements": "subjects", "history": "history"}


def editable_school(request: HttpRequest, pk: int) -> Organisation:
    """A school whose file the person may change; 404 out of reach, 403 without the right."""
    found = school_in_reach(request, pk)
    if found.pk not in standing_of(request).organisations(Permission.SCHOOLS_EDIT):
        raise PermissionDenied
    return found


def _places(found: Organisation) -> Places:
    assert found.county is not None  # noqa: S101 - the database promises it of a school
    return reach.places_to_choose(found.county)


def _part(key: str) -> Part:
    part = SCHOOL_PARTS.get(key)
    if part is None or part is SCHOOL_STATE:
        raise Http404
    return part


def _row(part: Part, found: Organisation, entry: int) -> Dated:
    row: Dated | None = part.model.objects.filter(pk=entry, school=found).first()
    if row is None:
        raise Http404
    return row


def _back(found: Organisation, part: Part) -> str:
    return f"{reverse('staffing:school', args=(found.pk,))}?tab={TAB_OF.get(part.key, 'resources')}"


def _page(request: HttpRequest, found: Organisation, form: Any, **given: Any) -> HttpResponse:
    status = given.pop("status", 422 if form.is_bound and form.errors else 200)
    crumbs = [
        {"label": pgettext("menu", "学校"), "url": reverse("staffing:schools")},
        {"label": found.shown, "url": reverse("staffing:school", args=(found.pk,))}, {"label": given["heading"]},
    ]  # fmt: skip
    context = {"school": found, "form": form, "breadcrumbs": crumbs, "back": _back(found, given["part"]), "keep": True}
    return render(request, given.get("template", "staffing/teacher_form.html"), context | given, status=status)


def _stale(
    request: HttpRequest, found: Organisation, form: DeclaredForm, current: Dated | None, page: dict[str, Any]
) -> HttpResponse:
    """What stands now beside what was typed, and the form again on top of it; nothing was written."""
    part: Part = page["part"]
    both = compared(part, current, form) if current is not None else []
    if current is not None:
        data: Any = form.data
        data = data.copy()
        data["version"] = str(current.pk)
        form = type(form)(part, _places(found), data, row=current)
        form.is_valid()
    return _page(
        request, found, form, status=409, current=current, both=both, template="staffing/teacher_stale.html", **page
    )


@never_cache
@requires(Permission.SCHOOLS_EDIT)
def change_school(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a change of what holds of a school."""
    found = editable_school(request, pk)
    state = SchoolState.objects.current().filter(school=found).select_related("cluster").first()  # scoped: in reach
    if state is None:
        raise Http404
    today = timezone.localdate().isoformat()
    page = {"part": SCHOOL_STATE, "heading": _("登记学校变动"), "submit": _("登记")}
    initial = {"version": state.pk, "effective": today}
    form = SchoolRowForm(SCHOOL_STATE, _places(found), request.POST or None, row=state, initial=initial)
    if request.method == "POST" and form.is_valid():
        version, why = form.cleaned_data["version"] or state.pk, Why(reach.author(request), form.cleaned_data["reason"])
        try:
            actions.change_school(found, form.values(), version=version, on=form.cleaned_data["effective"], why=why)
        except RefusedError as refused:
            form.add_error(refused.field, str(refused))
        except StaleError as stale:
            return _stale(request, found, form, stale.current, page)
        else:
            messages.success(request, _("已登记。"))
            return redirect(_back(found, SCHOOL_STATE))
    return _page(request, found, form, **page)


@never_cache
@requires(Permission.SCHOOLS_EDIT)
def add_school_entry(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Add a row: a grade's pupils and classes, a subject needed, resources, an event."""
    found, part = editable_school(request, pk), _part(key)
    page = {"part": part, "heading": _("新增：%(part)s") % {"part": part.title}, "submit": _("新增")}
    form = SchoolEntryForm(part, _places(found), request.POST or None, initial={"effective": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        why = Why(reach.author(request), form.cleaned_data["reason"])
        try:
            actions.add_school_entry(found, part, form.values(), since=form.cleaned_data["effective"], why=why)
        except StaleError:
            form.add_error(None, _("这一项已经有了，请返回后更正它。"))
            return _page(request, found, form, status=409, **page)
        messages.success(request, _("已新增。"))
        return redirect(_back(found, part))
    return _page(request, found, form, **page)


@never_cache
@requires(Permission.SCHOOLS_EDIT)
def change_school_entry(request: HttpRequest, pk: int, key: str, entry: int) -> HttpResponse:
    """Change a row of the school's file from a day on, or put it right from its start."""
    found, part = editable_school(request, pk), _part(key)
    row = _row(part, found, entry)
    page = {"part": part, "heading": _("变动：%(part)s") % {"part": part.title}, "submit": _("登记")}
    if request.method != "POST" and row.valid_until is not None:
        row = successor(row, "school") or row
    initial = {"version": row.pk, "effective": timezone.localdate()}
    form = SchoolRowForm(part, _places(found), request.POST or None, row=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        target = _row(part, found, version) if version else row
        why = Why(reach.author(request), form.cleaned_data["reason"])
        try:
            actions.change_school_entry(target, part, form.values(), on=form.cleaned_data["effective"], why=why)
        except RefusedError as refused:
            form.add_error(refused.field, str(refused))
        except StaleError as stale:
            return _stale(request, found, form, stale.current, page)
        else:
            messages.success(request, _("已登记。"))
            return redirect(_back(found, part))
    return _page(request, found, form, closed=row.valid_until is not None, **page)


@never_cache
@requires(Permission.SCHOOLS_EDIT)
def strike_school_entry(request: HttpRequest, pk: int, key: str, entry: int) -> HttpResponse:
    """Let a row end, or strike out one that should never have been there."""
    found, part = editable_school(request, pk), _part(key)
    row = _row(part, found, entry)
    shown = entry_of(part, row, timezone.localdate(), places_of(found.county)) if found.county else None
    page = {
        "part": part, "heading": _("终止或作废：%(part)s") % {"part": part.title}, "submit": _("确定"),
        "tone": "danger",
        "entry": shown, "closed": row.valid_until is not None,
    }  # fmt: skip
    form = LeaveOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = Why(reach.author(request), form.cleaned_data["reason"])
        try:
            actions.strike_school_entry(row, part, on=form.cleaned_data["effective"], why=why)
        except RefusedError as refused:
            form.add_error(refused.field, str(refused))
        except StaleError:
            form.add_error(None, _("这条记录已被别人改动，没有再改。"))
            return _page(request, found, form, status=409, **page)
        else:
            messages.success(request, _("已登记。"))
            return redirect(_back(found, part))
    return _page(request, found, form, **page)
