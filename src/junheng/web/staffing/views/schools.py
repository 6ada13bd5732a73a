"""The list of schools and a school's file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.interface.listing import ListPage
from junheng.web.staffing.chapters import entries_of, entry_of
from junheng.web.staffing.declared import SCHOOL_PARTS, SCHOOL_STATE, language, places_of, said
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.filters import SchoolFilter, day_of
from junheng.web.staffing.links import terms_of_group, with_terms
from junheng.web.staffing.models import EnrolmentEntry, SchoolState, TeacherState
from junheng.web.staffing.pairing import urban_without
from junheng.web.staffing.profiles import Profile, profile_of, standing_sentence, structure_charts, subject_chart
from junheng.web.staffing.rosters import with_standing
from junheng.web.staffing.snapshot import UnsoundCountyError
from junheng.web.staffing.tables import SchoolTable, marks
from junheng.web.staffing.trails import authors_in, events_about, steps_of, versions_of

TABS = (
    ("overview", gettext_lazy("概况"), "school"), ("people", pgettext_lazy("menu", "教师"), "users"),
    ("subjects", gettext_lazy("学科余缺"), "book"), ("posts", gettext_lazy("编制"), "scale"),
    ("balance", gettext_lazy("均衡指标"), "chart-bar"), ("resources", gettext_lazy("班级与条件"), "building"),
    ("history", gettext_lazy("沿革与结对"), "timeline"), ("trail", gettext_lazy("留痕"), "history"),
    ("print", gettext_lazy("全部（打印）"), "printer"),
)  # fmt: skip
PARTS_ON = {"subjects": ("requirements",), "resources": ("enrolment", "resources"), "history": ("history",)}
"""Parts of the file whose rows stand on a tab; on paper all of them do."""
TAB_KEYS = {key for key, _label, _icon in TABS}


class SchoolList(ListPage):
    """Schools as of a day, with how many pupils, classes and people they have."""

    permissions = (Permission.SCHOOLS_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    table_class = SchoolTable
    filterset_class = SchoolFilter
    search_fields = ("name", "short_name", "school__pinyin", "school__initials", "school__code", "township")
    template_name = "staffing/schools.html"
    heading = pgettext_lazy("menu", "学校")
    empty = gettext_lazy("没有符合条件的学校")

    def rows(self, request: HttpRequest) -> Any:
        """States on the day, of schools within reach, in the bureau's order."""
        day = day_of(request)
        enrolled = EnrolmentEntry.objects.as_of(day).filter(
            school=OuterRef("school")
        )  # scoped: of schools within reach
        people = TeacherState.objects.as_of(day)  # scoped: counted only
        came = people.filter(teaching_school=OuterRef("school"))
        stayed = people.filter(school=OuterRef("school"), teaching_school__isnull=True)
        found = SchoolState.objects.as_of(day).visible_to(standing_of(request)).select_related("school", "cluster")
        return found.annotate(
            pupils=_sum(enrolled, "pupils"), classes=_sum(enrolled, "classes"),
            at_home=_count(people.filter(school=OuterRef("school")), "school"),
            # two counts: an index finds either, and no index finds where one column stands in for another
            at_work=_count(came, "teaching_school") + _count(stayed, "school"),
        ).order_by("school__position", "school__code")  # fmt: skip

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The day, and how many urban schools stand by no weak rural school."""
        day = day_of(request)
        states = SchoolState.objects.as_of(day).visible_to(standing_of(request))
        alone = 0 if request.GET else urban_without(states, day).count()
        return {"day": day, "today": timezone.localdate(), "alone": alone}


def _sum(rows: Any, name: str) -> Any:
    return Coalesce(Subquery(rows.order_by().values("school").annotate(n=Sum(name)).values("n")), 0)


def _count(rows: Any, group: str) -> Any:
    return Coalesce(Subquery(rows.order_by().values(group).annotate(n=Count("pk")).values("n")), 0)


def school_in_reach(request: HttpRequest, pk: int) -> Organisation:
    """A school whose file the person may see; 404 for any other."""
    found = Organisation.objects.visible_to(standing_of(request), Permission.SCHOOLS_VIEW).filter(kind="school")
    return get_object_or_404(found.select_related("county", "parent"), pk=pk)


@never_cache
@requires(Permission.SCHOOLS_VIEW)
def school(request: HttpRequest, pk: int) -> HttpResponse:
    """A school's file, one part at a time, or all of it for paper."""
    found = school_in_reach(request, pk)
    tab = request.GET.get("tab", "overview")
    tab = tab if tab in TAB_KEYS else "overview"
    standing, day = standing_of(request), day_of(request)
    edits = pk in standing.organisations(Permission.SCHOOLS_EDIT)
    people = pk in standing.organisations(Permission.TEACHERS_VIEW)
    if (tab == "people" and not people) or (tab == "trail" and not edits):
        raise PermissionDenied
    state = SchoolState.objects.as_of(day).filter(school=found).select_related("cluster").first()  # scoped: in reach
    context = {
        "school": found, "state": state, "day": day, "today": timezone.localdate(), "tab": tab,
        "is_today": day == timezone.localdate(), "edits": edits, "sees_people": people,
        "heading": state.name if state else found.name, "tabs": _tabs(request, found, tab, people, edits),
        "breadcrumbs": [
            {"label": pgettext("menu", "学校"), "url": reverse("staffing:schools")}, {"label": found.shown},
        ],
        "show": {key: tab in {key, "print"} for key in TAB_KEYS},
    }  # fmt: skip
    assert found.county is not None  # noqa: S101 - the database promises it of a school
    places = places_of(found.county)
    context |= _own_rows(found, state, day, places, tab)
    context |= _reports(found, day)
    if tab == "people" or (tab == "print" and people):
        context["staff"] = _staff(found, day)
    if tab in {"history", "trail", "print"}:
        context |= _story(found, day, places)
    return render(request, "staffing/school.html", context)


def _tabs(request: HttpRequest, found: Organisation, tab: str, people: bool, edits: bool) -> list[dict[str, Any]]:
    url, day = reverse("staffing:school", args=(found.pk,)), request.GET.get("on", "")
    return [
        {"label": label, "icon": icon, "active": key == tab, "url": f"{url}?tab={key}{f'&on={day}' if day else ''}"}
        for key, label, icon in TABS
        if (key != "people" or people) and (key != "trail" or edits)
    ]


def _own_rows(
    found: Organisation, state: SchoolState | None, day: date, places: dict[str, str], tab: str
) -> dict[str, Any]:
    """What is kept of the school: its state in words, and the rows of each part that stands on the tab."""
    sections = {}
    for part in SCHOOL_PARTS.values():
        if part is not SCHOOL_STATE and (tab == "print" or part.key in PARTS_ON.get(tab, ())):
            rows = [entry_of(part, row, day, places) for row in entries_of(part, found, day)]
            sections[part.key] = {
                "part": part,
                "entries": rows,
                "columns": [c.header(language()) for c in part.columns],
            }
    facts = [
        {"label": column.header(language()), "value": said(column, SCHOOL_STATE.value(state, column))}
        for column in SCHOOL_STATE.columns
    ] if state else []  # fmt: skip
    return {"facts": facts, "sections": sections}


def _reports(found: Organisation, day: date) -> dict[str, Any]:
    """Figures from the county's reports, which are kept until the data change; none where the rows contradict."""
    assert found.county is not None  # noqa: S101 - the database promises it of a school
    try:
        profile = profile_of(figures_of(found.county, day), found.code)
    except UnsoundCountyError as fault:
        return {"profile": None, "unsound": str(fault)}
    if profile is None:
        return {"profile": None}
    return {
        "profile": profile, "sums": _sums(profile), "sentences": [standing_sentence(s) for s in profile.standings],
        "charts": structure_charts(profile.structure) if profile.structure and profile.structure.teachers else [],
        "subject_chart": subject_chart(profile.subjects) if profile.subjects else None,
    }  # fmt: skip


def _sums(profile: Profile) -> dict[str, Any]:
    rows = profile.headcounts
    gaps = [row.headcount_gap for row in rows]
    return {
        "pupils": profile.school.pupils(), "classes": profile.school.classes(),
        "at_home": sum(row.on_establishment for row in rows), "at_work": sum(row.at_work for row in rows),
        "gap": None if None in gaps else sum(gap for gap in gaps if gap is not None),
        "short": sum(max(0, -row.gap) for row in profile.subjects),
        "not_offered": [row for row in profile.subjects if not row.offered],
    }  # fmt: skip


def _staff(found: Organisation, day: date) -> list[dict[str, Any]]:
    """Everybody of the establishment, and everybody who works here, with where they are or whence they come."""
    here = Q(school=found) | Q(teaching_school=found)
    states = TeacherState.objects.as_of(day).filter(here)  # scoped: of a school within reach
    return [
        {"state": state, "marks": marks(state), "where": _where(state, found), "present": state.works_at == found}
        for state in with_standing(states, day).order_by("strokes", "teacher__number")
    ]


def _where(state: TeacherState, found: Organisation) -> str:
    if state.school_id != found.pk:
        return _("来自%(school)s") % {"school": state.school.shown}
    if state.teaching_school is not None and state.teaching_school_id != found.pk:
        return _("在%(school)s任教") % {"school": state.teaching_school.shown}
    return ""


def _story(found: Organisation, day: date, places: dict[str, str]) -> dict[str, Any]:
    events = events_about(found)
    ties = SchoolTie.objects.as_of(day).filter(Q(supporting=found) | Q(supported=found))  # scoped: found is
    state = SchoolState.objects.as_of(day).filter(school=found).first()  # scoped: in reach
    same = (
        SchoolState.objects.as_of(day).filter(school__county=found.county).exclude(school=found)
    )  # scoped: names only
    return {
        "former": found.former_names.all(),
        "versions": versions_of(SCHOOL_STATE, found, places, authors_in(events)),
        "steps": steps_of(events, SCHOOL_PARTS, with_views=False),
        "ties": [
            {"link": link, "supports": link.tie.supporting_id == found.pk,
             "other": link.tie.supported if link.tie.supporting_id == found.pk else link.tie.supporting}
            for link in with_terms(ties.select_related("supporting", "supported"), day)
        ],
        "group_terms": terms_of_group(found.county, state.group if state else "", day),
        "group": list(same.filter(group=state.group).values_list("name", flat=True)) if state and state.group else [],
    }  # fmt: skip
