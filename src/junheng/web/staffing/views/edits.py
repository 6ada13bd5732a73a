"""Changes to a teacher's file: register, add, put right, end, strike out; each a form, then a verb."""

from __future__ import annotations

from collections.abc import Callable
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
from junheng.web.directory.models import Dated
from junheng.web.staffing import reach
from junheng.web.staffing.actions import teachers as actions
from junheng.web.staffing.actions.rows import RefusedError, StaleError, successor
from junheng.web.staffing.actions.teachers import Why
from junheng.web.staffing.chapters import CHAPTERS, entry_of
from junheng.web.staffing.declared import STATE, TEACHER_PARTS, Part, language, places_of, said
from junheng.web.staffing.forms.declared import DeclaredForm
from junheng.web.staffing.forms.teachers import EndForm, EntryForm, ReasonForm, RowForm, StateForm
from junheng.web.staffing.models import Teacher

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    ("person", ("name", "sex", "birth_date", "id_number", "education", "certificate_stage")),
    ("post", ("school_id", "teaching_school_id", "stage", "main_subject", "also_teaches", "role", "specialist",
              "work_start", "joined_current_school", "terms_completed")),
    ("presence", ("on_establishment", "in_post", "full_time", "seconded_in", "retirement_override")),
    ("exchange", ("applied", "deferral_reason", "deferral_approved_by", "commute_limit_km", "home_x_km",
                  "home_y_km", "note")),
)  # fmt: skip

_NOT_SENSITIVE = frozenset(name for _key, names in GROUPS for name in names) - {
    "deferral_reason",
    "home_x_km",
    "home_y_km",
}
"""What may be changed without the permission to see what is sensitive."""


def editable_teacher(request: HttpRequest, pk: int) -> Teacher:
    """A teacher whose file the person may change; 404 out of reach, 403 without the right."""
    found = reach.teacher_in_reach(standing_of(request), pk)
    if not reach.holds(standing_of(request), Permission.TEACHERS_EDIT, found, reach.present_state(found)):
        raise PermissionDenied
    return found


def entry_part(request: HttpRequest, key: str, found: Teacher) -> Part:
    """A part with entries, which the person may see."""
    part = TEACHER_PARTS.get(key)
    if part is None or part is STATE:
        raise Http404
    if part.needs is not None and not reach.holds(standing_of(request), part.needs, found, reach.present_state(found)):
        raise PermissionDenied
    return part


def entry_in(part: Part, found: Teacher, entry: int) -> Dated:
    """An entry of the teacher's, also one that has been closed."""
    row: Dated | None = part.model.objects.filter(pk=entry, teacher=found).first()
    if row is None:
        raise Http404
    return row


def fieldsets(form: DeclaredForm) -> list[tuple[str, list[Any]]]:
    """The fields of a long form in groups, with their headings."""
    headings = {"person": _("身份与学历"), "post": _("任职"), "presence": _("在编与在岗"), "exchange": _("交流与备注")}
    return [(headings[key], [form[name] for name in names if name in form.fields]) for key, names in GROUPS]


def tab_of(part: Part) -> str:
    """The chapter in which a part stands."""
    return next((chapter.key for chapter in CHAPTERS if part.key in chapter.parts), "basic")


def back_to(found: Teacher, part: Part) -> str:
    """The page of the file at the chapter of the part."""
    return f"{reverse('staffing:teacher', args=(found.pk,))}?tab={tab_of(part)}"


def form_page(request: HttpRequest, found: Teacher, form: Any, **given: Any) -> HttpResponse:
    """The page with a form about a teacher's file."""
    part: Part = given["part"]
    status = given.pop("status", 422 if form.is_bound and form.errors else 200)
    crumbs = [
        {"label": pgettext("menu", "教师"), "url": reverse("staffing:teachers")},
        {"label": str(found), "url": found.get_absolute_url()}, {"label": given["heading"]},
    ]  # fmt: skip
    context = {
        "teacher": found, "form": form, "breadcrumbs": crumbs, "back": back_to(found, part),
        "keep": part.needs is None,
    } | given  # fmt: skip
    return render(request, given.get("template", "staffing/teacher_form.html"), context, status=status)


@never_cache
@requires(Permission.TEACHERS_EDIT)
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a change of what holds of a teacher."""
    found = editable_teacher(request, pk)
    present = reach.present_state(found)
    if present is None:
        raise Http404
    within = standing_of(request).organisations(Permission.TEACHERS_EDIT)
    places = reach.places_to_choose(found.county, within, present.school, present.teaching_school)
    today = timezone.localdate().isoformat()
    names = None if reach.holds(standing_of(request), Permission.TEACHERS_SENSITIVE, found, present) else _NOT_SENSITIVE

    def made(data: Any, row: Dated) -> StateForm:
        return StateForm(STATE, places, data, row=row, names=names, initial={"version": row.pk, "effective": today})

    page = {"part": STATE, "heading": _("登记变动"), "submit": _("登记")}
    if request.method != "POST":
        form = made(None, present)
        return form_page(request, found, form, fieldsets=fieldsets(form), **page)
    form = made(request.POST, present)
    if form.is_valid():
        why = Why(reach.author(request), form.cleaned_data["reason"])
        version = form.cleaned_data["version"] or present.pk
        try:
            actions.change_state(found, form.values(), version=version, on=form.cleaned_data["effective"], why=why)
        except RefusedError as refused:
            form.add_error(refused.field, str(refused))
        except StaleError as stale:
            return stale_page(request, form, stale.current, made, page | {"groups": True, "teacher": found})
        else:
            messages.success(request, _("已登记。"))
            return redirect(found)
    return form_page(request, found, form, fieldsets=fieldsets(form), **page)


def stale_page(
    request: HttpRequest, form: DeclaredForm, current: Dated | None,
    again: Callable[[Any, Dated], DeclaredForm], page: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """What stands now beside what was typed, and the form once more on top of what stands now; nothing was written."""
    part: Part = page["part"]
    page = dict(page)
    grouped, found = page.pop("groups", False), page.pop("teacher")
    sets = None
    if current is not None:
        data: Any = form.data
        data = data.copy()
        data["version"] = str(current.pk)
        both = compared(part, current, form)
        form = again(data, current)
        form.is_valid()
        sets = fieldsets(form) if grouped else None
    else:
        both = []
    return form_page(
        request, found, form, status=409, current=current, both=both, fieldsets=sets,
        template="staffing/teacher_stale.html", **page,
    )  # fmt: skip


def compared(part: Part, current: Dated, form: DeclaredForm) -> list[dict[str, str]]:
    """Fields in which what stands now differs from what was typed."""
    found = []
    values = form.values()
    for column in form.columns:
        name = part.attribute(column)
        if name in values and values[name] != getattr(current, name):
            found.append(
                {"label": column.header(language()), "before": said(column, getattr(current, name)),
                 "after": said(column, values[name])}
            )  # fmt: skip
    return found


@never_cache
@requires(Permission.TEACHERS_EDIT)
def add_entry(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Add an entry to a part of the file."""
    found = editable_teacher(request, pk)
    part = entry_part(request, key, found)
    form = EntryForm(part, reach.places_to_choose(found.county), request.POST or None)
    page = {"part": part, "heading": _("新增：%(part)s") % {"part": part.title}, "submit": _("新增")}
    if request.method == "POST" and form.is_valid():
        why = Why(reach.author(request), form.cleaned_data["reason"])
        try:
            actions.add_entry(found, part, form.values(), why=why)
        except StaleError:
            form.add_error(None, _("这一栏同时只能有一条，已经有了；请返回后更正它。"))
            return form_page(request, found, form, status=409, **page)
        messages.success(request, _("已新增。"))
        return redirect(back_to(found, part))
    return form_page(request, found, form, **page)


@never_cache
@requires(Permission.TEACHERS_EDIT)
def change_entry(request: HttpRequest, pk: int, key: str, entry: int) -> HttpResponse:
    """Put an entry right."""
    found = editable_teacher(request, pk)
    part = entry_part(request, key, found)
    row = entry_in(part, found, entry)
    places = reach.places_to_choose(found.county)

    def made(data: Any, row: Dated) -> RowForm:
        kind = RowForm if part.stands_alone else EntryForm
        return kind(part, places, data, row=row, initial={"version": row.pk})

    page = {"part": part, "heading": _("更正：%(part)s") % {"part": part.title}, "submit": _("更正")}
    if request.method != "POST":
        if row.valid_until is not None:
            row = successor(row, "teacher") or row
        return form_page(request, found, made(None, row), closed=row.valid_until is not None, **page)
    form = made(request.POST, row)
    if form.is_valid():
        version = form.cleaned_data["version"]
        target = entry_in(part, found, version) if version else row
        why = Why(reach.author(request), form.cleaned_data["reason"])
        try:
            actions.change_entry(target, part, form.values(), on=form.cleaned_data.get("effective"), why=why)
        except RefusedError as refused:
            form.add_error(refused.field, str(refused))
        except StaleError as stale:
            return stale_page(request, form, stale.current, made, page | {"teacher": found})
        else:
            messages.success(request, _("已更正。"))
            return redirect(back_to(found, part))
    return form_page(request, found, form, **page)


@never_cache
@requires(Permission.TEACHERS_EDIT)
def end_entry(request: HttpRequest, pk: int, key: str, entry: int) -> HttpResponse:
    """Register the last day of a spell."""
    found = editable_teacher(request, pk)
    part = entry_part(request, key, found)
    if not part.has_end:
        raise Http404

    def verb(row: Dated, form: Any, why: Why) -> None:
        actions.end_entry(row, part, end=form.cleaned_data["end"], why=why)

    heading = _("登记结束：%(part)s") % {"part": part.title}
    page = {"part": part, "heading": heading, "submit": _("登记结束")}
    return _short(request, entry_in(part, found, entry), EndForm, verb, page)


@never_cache
@requires(Permission.TEACHERS_EDIT)
def strike_entry(request: HttpRequest, pk: int, key: str, entry: int) -> HttpResponse:
    """Strike out an entry that should never have been there."""
    found = editable_teacher(request, pk)
    part = entry_part(request, key, found)

    def verb(row: Dated, _form: Any, why: Why) -> None:
        actions.strike_entry(row, part, why=why)

    heading = _("作废：%(part)s") % {"part": part.title}
    lead = _("作废的记录不再计入任何一天，但留在沿革中备查。")
    page = {"part": part, "heading": heading, "submit": _("作废"), "tone": "danger", "lead": lead}
    return _short(request, entry_in(part, found, entry), ReasonForm, verb, page)


def _short(
    request: HttpRequest, row: Any, kind: Callable[..., Any], verb: Callable[[Dated, Any, Why], None],
    page: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """A short form about one entry, which is shown above it."""
    found, part = row.teacher, page["part"]
    shown = entry_of(part, row, timezone.localdate(), places_of(found.county))
    form = kind(request.POST or None)
    page = page | {"entry": shown, "closed": row.valid_until is not None}
    if request.method == "POST" and form.is_valid():
        try:
            verb(row, form, Why(reach.author(request), form.cleaned_data["reason"]))
        except RefusedError as refused:
            form.add_error(refused.field, str(refused))
        except StaleError as stale:
            form.add_error(None, _("这条记录已被别人改动，没有再改。"))
            now = stale.current
            current = entry_of(part, now, timezone.localdate(), places_of(found.county)) if now is not None else None
            return form_page(request, found, form, status=409, now=current, **page)
        else:
            messages.success(request, _("已登记。"))
            return redirect(back_to(found, part))
    return form_page(request, found, form, **page)
