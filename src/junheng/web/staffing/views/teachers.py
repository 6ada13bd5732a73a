"""The roster, a teacher's file, one's own file, and the logged looks at an ID number."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_tables2 import Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import aside
from junheng.web.interface.rows import KeysFirst
from junheng.web.staffing import reach
from junheng.web.staffing.actions.rows import RefusedError
from junheng.web.staffing.actions.teachers import TooManyError, note_id_search, note_sensitive_view, reveal_id
from junheng.web.staffing.chapters import CHAPTER, CHAPTERS, Chapter, facts_of, sections_of
from junheng.web.staffing.declared import TEACHER_PARTS, places_of
from junheng.web.staffing.encryption import blind_index
from junheng.web.staffing.filters import TeacherFilter, day_of
from junheng.web.staffing.forms.teachers import IdSearchForm, ReasonForm
from junheng.web.staffing.links import companions_of
from junheng.web.staffing.models import Correction, Teacher, TeacherState
from junheng.web.staffing.reckoning import reckoned
from junheng.web.staffing.rosters import listed, roster
from junheng.web.staffing.tables import TeacherTable, marks
from junheng.web.staffing.trails import authors_in, entries_in_time, events_about, steps_of, versions_of

HISTORY, TRAIL = "history", "trail"
SEEN_BY = (Permission.TEACHERS_EDIT, Permission.TEACHERS_SENSITIVE, Permission.CORRECTIONS_DECIDE)
"""Whoever holds one of these over a teacher may read the trail of the file."""


class TeacherList(ListPage):
    """The roster as of a day."""

    permissions = (Permission.TEACHERS_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    filterset_class = TeacherFilter
    search_fields = ("name", "pinyin", "initials", "teacher__number")
    template_name: ClassVar[str] = "staffing/teachers.html"
    part_name: ClassVar[str] = "staffing/_roster.html"
    heading = pgettext_lazy("menu", "教师")
    empty = gettext_lazy("没有符合条件的教师")

    def rows(self, request: HttpRequest) -> Any:
        """States on the day, of teachers within reach."""
        return roster(standing_of(request), day_of(request))

    def table_class(self, rows: Any, *, request: HttpRequest) -> Table:  # type: ignore[override]
        """The table, which reckons ages on the day."""
        data = KeysFirst(rows, wide=listed(TeacherState.objects.all()))  # scoped: only rows of the list are read
        return TeacherTable(data, request=request, on=day_of(request), empty_text=self.empty)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The search by ID number, for whoever may."""
        standing = standing_of(request)
        return {
            "id_search": IdSearchForm() if standing.allows(Permission.ID_REVEAL) else None,
            "day": day_of(request), "today": timezone.localdate(),
            "intake": standing.allows(Permission.INTAKE_UPLOAD),
        }  # fmt: skip


@sensitive_post_parameters("id_number")
@require_POST
@requires(Permission.ID_REVEAL)
def find_by_id(request: HttpRequest) -> HttpResponse:
    """Go to the teacher with exactly this ID number; the search stays on record."""
    form = IdSearchForm(request.POST)
    index = blind_index("".join(form.cleaned_data["id_number"].split())) if form.is_valid() else ""
    within = Teacher.objects.visible_to(standing_of(request), Permission.ID_REVEAL)
    held = TeacherState.objects.visible_to(standing_of(request), Permission.ID_REVEAL).filter(id_index=index).current()
    found = within.filter(pk__in=held.values("teacher")).first() if index else None
    note_id_search(found, by=reach.author(request))
    if found is None:
        messages.warning(request, _("没有这个证件号码的教师，或不在您的管理范围内。"))
        return redirect("staffing:teachers")
    return redirect(found)


@never_cache
@requires(Permission.TEACHERS_VIEW, Permission.CORRECTIONS_DECIDE)
def teacher(request: HttpRequest, pk: int) -> HttpResponse:
    """A teacher's file, one chapter at a time."""
    found = reach.teacher_in_reach(standing_of(request), pk)
    return render(request, "staffing/teacher.html", file_context(request, found))


def file_context(request: HttpRequest, found: Teacher) -> dict[str, Any]:
    """Everything the page of a file shows; a sensitive chapter is refused or its view kept on record."""
    standing, day = standing_of(request), day_of(request)
    state = reach.state_on(found, day)
    present = reach.present_state(found)
    may = {each.name.lower(): reach.holds(standing, each, found, present) for each in (*SEEN_BY, Permission.ID_REVEAL)}
    tab = request.GET.get("tab", "basic")
    chapter = CHAPTER.get(tab) or (None if tab in {HISTORY, TRAIL} else CHAPTER["basic"])
    if tab == TRAIL and not any(may[each.name.lower()] for each in SEEN_BY):
        raise PermissionDenied
    if chapter is not None and chapter.needs is not None:
        if not reach.holds(standing, chapter.needs, found, present):
            raise PermissionDenied
        note_sensitive_view(found, chapter.key, by=reach.author(request))
    places = places_of(found.county)
    context = {
        "teacher": found, "state": state, "present": present, "day": day, "today": timezone.localdate(),
        "is_today": day == timezone.localdate(), "may": may, "chapter": chapter, "tab": chapter.key if chapter else tab,
        "heading": getattr(state or present, "name", found.number),
        "tabs": _tabs(request, found, tab, may), "marks": marks(state) if state else [],
        "breadcrumbs": [
            {"label": pgettext("menu", "教师"), "url": reverse("staffing:teachers")}, {"label": _named(found, present)},
        ],
        "companions": companions_of(found, day) if chapter is not None and chapter.key == "basic" else [],
        "reason_form": ReasonForm(), "last": None if state or present else reach.last_spell(found),
    }  # fmt: skip
    if chapter is not None:
        context["facts"] = facts_of(state, chapter.fields) if state else []
        context["sections"] = sections_of(chapter, found, day, places)
        context["reckoned"] = reckoned(state, day) if state and chapter.key == "basic" else []
    else:
        context |= _history(found, places, may) if tab == HISTORY else _trail(found, may)
    return context


def _named(found: Teacher, present: Any) -> str:
    """As the teacher says of itself, by the state that has been read already."""
    return present.name + aside(found.number) if present else found.number


def _tabs(request: HttpRequest, found: Teacher, tab: str, may: dict[str, bool]) -> list[dict[str, Any]]:
    day = f"&on={request.GET['on']}" if request.GET.get("on") else ""
    shown: list[tuple[str, Any, str]] = [
        (chapter.key, chapter.label, chapter.icon)
        for chapter in CHAPTERS
        if chapter.needs is None or may[chapter.needs.name.lower()]
    ]
    shown.append((HISTORY, _("变动沿革"), "timeline"))
    if any(may[each.name.lower()] for each in SEEN_BY):
        shown.append((TRAIL, _("留痕"), "history"))
    known = tab if tab in {key for key, _label, _icon in shown} else "basic"
    url = reverse("staffing:teacher", args=(found.pk,))
    return [
        {"label": label, "icon": icon, "url": f"{url}?tab={key}{day}", "active": key == known}
        for key, label, icon in shown
    ]


def _history(found: Teacher, places: dict[str, str], may: dict[str, bool]) -> dict[str, Any]:
    authors = authors_in(events_about(found))
    state, *parts = (part for part in TEACHER_PARTS.values() if part.needs is None or may[part.needs.name.lower()])
    return {
        "versions": versions_of(state, found, places, authors),
        "kept": [(part, entries_in_time(part, found, places, authors)) for part in parts if not part.needs],
    }


def _trail(found: Teacher, may: dict[str, bool]) -> dict[str, Any]:
    return {"steps": steps_of(events_about(found), TEACHER_PARTS, with_views=may["teachers_sensitive"])}


@never_cache
@requires(Permission.OWN_FILE)
def own_file(request: HttpRequest) -> HttpResponse:
    """One's own file, on a phone first: every field with a way to say that it is wrong."""
    me = Teacher.objects.filter(user=request.user).select_related("county").first()  # scoped: one's own
    if me is None:
        return render(request, "staffing/own_file.html", {"heading": _("我的档案"), "state": None})
    day = timezone.localdate()
    state = reach.state_on(me, day)
    places = places_of(me.county)
    chapters = [
        {
            "chapter": chapter, "facts": facts_of(state, chapter.fields) if state else [],
            "sections": sections_of(chapter, me, day, places), "reckoned": _reckoned(chapter, state, day),
        }
        for chapter in CHAPTERS
    ]  # fmt: skip
    corrections = Correction.objects.visible_to(standing_of(request)).filter(requested_by=reach.author(request))[:5]
    return render(
        request, "staffing/own_file.html",
        {"heading": _("我的档案"), "teacher": me, "state": state, "chapters": chapters, "corrections": corrections,
         "marks": marks(state) if state else [], "day": day, "companions": companions_of(me, day)},
    )  # fmt: skip


def _reckoned(chapter: Chapter, state: TeacherState | None, day: date) -> list[Any]:
    return reckoned(state, day) if state is not None and chapter.key == "basic" else []


@never_cache
@require_POST
@requires(Permission.ID_REVEAL)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole ID number, shown once, for a reason; never in an address, never kept by a cache."""
    found = reach.teacher_in_reach(standing_of(request), pk)
    present = reach.present_state(found)
    if not reach.holds(standing_of(request), Permission.ID_REVEAL, found, present):
        raise PermissionDenied
    form, number, fault, status = ReasonForm(request.POST), "", "", 200
    if not form.is_valid():
        status = 422
    else:
        try:
            number = reveal_id(found, reason=form.cleaned_data["reason"], by=reach.author(request))
        except TooManyError:
            fault, status = _("一小时内查看的证件号码过多，请稍后再试；确需批量使用的，请按规定导出。"), 429
        except RefusedError as refused:
            fault, status = str(refused), 409
    context = {"teacher": found, "state": present, "reason_form": form, "number": number, "fault": fault}
    template = "staffing/_teacher_reveal.html" if getattr(request, "htmx", False) else "staffing/teacher_reveal.html"
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store, private"
    return answer
