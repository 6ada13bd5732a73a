"""The years of a county, and the page of one: its phases, who must do what until when, who is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, gate_of, requires, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import person_unit
from junheng.web.records.tallying import numbers
from junheng.web.rotation.actions import years as actions
from junheng.web.rotation.actions.taking_over import take_over
from junheng.web.rotation.cycle import (
    PhaseState,
    Progress,
    present_phase,
    progress_of_phases,
    state_of,
    what_holds_up,
)
from junheng.web.rotation.forms.years import DayForm, PhaseForm, YearForm
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    CalendarDay,
    FactAppeal,
    Objection,
    Phase,
    Placement,
    PlacementStatus,
    RotationYear,
    Scenario,
    ScenarioStatus,
    Verdict,
)
from junheng.web.rotation.views.pages import EVERYBODY, YearPage
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

CHOSEN = (ScenarioStatus.PROPOSED, ScenarioStatus.ADOPTED)
STEPS = {
    PhaseState.OVER: "done",
    PhaseState.OPEN: "current",
    PhaseState.AHEAD: "ahead",
    PhaseState.HELD: "blocked",
}


class YearTable(Table):
    """Years."""

    title = Column(gettext_lazy("名称"), linkify=True)
    county = Column(gettext_lazy("县（市、区）"))
    pack_title = Column(gettext_lazy("政策依据"))
    starts = Column(gettext_lazy("交流开始日期"))
    ends = Column(gettext_lazy("交流结束日期"))
    stage = Column(gettext_lazy("所处阶段"), empty_values=(), orderable=False)

    def render_title(self, record: RotationYear) -> str:
        """As it was typed, or in the reader's language."""
        return str(record)

    def render_stage(self, record: RotationYear) -> str:
        """The phase it is in."""
        if record.is_archived:
            return _("已归档")
        phase = present_phase(record.phases.all())
        return str(phase.get_kind_display()) if phase else _("未开始")


class YearList(ListPage):
    """Every year that the person has to do with."""

    permissions = EVERYBODY
    table_class = YearTable
    search_fields = ("title", "pack_title")
    search_hint = gettext_lazy("学年或政策")
    template_name = "rotation/years.html"
    heading = gettext_lazy("轮岗年度")
    empty = gettext_lazy("还没有轮岗年度。由局人事经办人建立年度后，各校和教师会在这里看到要办的事。")

    def rows(self, request: HttpRequest) -> Any:
        """With county and phases."""
        found = RotationYear.objects.visible_to(standing_of(request))
        return found.select_related("county").prefetch_related("phases")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to a new one."""
        return {"may_prepare": standing_of(request).allows(Permission.ROTATION_PREPARE)}


@requires(Permission.ROTATION_PREPARE)
def year_new(request: HttpRequest) -> HttpResponse:
    """Set a year up: pack, dates of service, a proposal for every phase."""
    standing = standing_of(request)
    counties = Organisation.objects.visible_to(standing, Permission.ROTATION_PREPARE).filter(kind="county")
    form = YearForm(request.POST or None, counties=counties, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        county, setting, first = form.setting()
        dates = actions.proposed_dates(county, first, setting.starts, setting.ends)
        try:
            with transaction.atomic():
                made = actions.set_up(county, setting, dates, by=author(request))
                take_over(made, bodies=True, pins=False, by=author(request), at=timezone.now())
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(made)
    page = {"form": form, "heading": _("建立轮岗年度"), "back": reverse("rotation:years"), "submit": _("建立年度")}
    return render(request, "rotation/year_new.html", page, status=422 if form.errors else 200)


@requires(*EVERYBODY)
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """A year: where it stands, what is to be done, how far the schools are, what is overdue."""
    page = YearPage(request, pk)
    phases = list(page.year.phases.prefetch_related("changes"))
    here = present_phase(phases, page.now)
    schools = page.school_keys
    begun = [each.kind for each in phases if page.now >= each.opens]
    counted = progress_of_phases(page.year, begun, schools)
    rows = [_phase_row(page, each, here, counted.get(each.kind, [])) for each in phases]
    present = [row for row in rows if row["state"] in {PhaseState.OPEN, PhaseState.HELD}]
    late = [row for row in rows if row["state"] is PhaseState.OVER and row["missing"]]
    steps = [
        {"label": row["label"], "state": STEPS[row["state"]], "notes": row["span"], "url": f"#phase-{row['kind']}"}
        for row in rows
    ]
    return page.show(
        "year", "year", heading=str(page.year), steps=steps, rows=rows, present=present, late=late,
        behind=_schools_behind(page, present), may_prepare=page.may(Permission.ROTATION_PREPARE),
        offices=page.standing.allows(Permission.ROTATION_VIEW) or page.standing.allows(Permission.ROTATION_FOLLOW),
        glance=_at_a_glance(page), buttons=_own_way(page),
    )  # fmt: skip


def _own_way(page: YearPage) -> list[dict[str, Any]]:
    """For a teacher the way to what the year asks of himself."""
    if not page.standing.allows(Permission.ROTATION_OWN):
        return []
    return [{"url": page.year.own_url, "icon": "user", "label": _("我的轮岗"), "primary": True}]


def _at_a_glance(page: YearPage) -> list[dict[str, Any]]:
    """The year in figures of what an office sees: who must move, who asked to, who moves, what waits for an answer."""
    if not page.within(Permission.ROTATION_VIEW):
        return []
    year, standing = page.year, page.standing
    verdicts = Verdict.objects.visible_to(standing).filter(year=year, current=True)
    asked = Application.objects.visible_to(standing).filter(year=year).exclude(status=ApplicationStatus.WITHDRAWN)
    moving = Placement.objects.visible_to(standing).filter(year=year).exclude(status=PlacementStatus.CANCELLED)
    appeals = FactAppeal.objects.visible_to(standing).filter(year=year).open()
    objections = Objection.objects.visible_to(standing).filter(notice__year=year).unsettled()
    must, may, sought, moves, appealed, objected = numbers(
        verdicts.filter(standing="must"), verdicts.filter(standing="may"), asked, moving, appeals, objections
    )
    reach = must + may
    chosen = None if moves else Scenario.objects.visible_to(standing).filter(year=year, status__in=CHOSEN).first()
    shown = chosen.figures.get("moves", 0) if chosen else moves
    cards: list[dict[str, Any]] = [
        {"icon": "user-up", "label": _("应交流教师"), "value": must, "unit": person_unit(must),
         "url": page.url("verdicts"), "badge": _("另有可交流 %(count)s 人") % {"count": may},
         "badge_tone": "blue"},
        {"icon": "send", "tone": "azure", "label": _("申请和推荐"), "value": sought, "unit": _("份"),
         "url": page.url("applications")},
        {"icon": "route", "tone": "green", "label": _("拟交流人数") if chosen else _("交流教师"), "value": shown,
         "unit": person_unit(shown), "url": chosen.get_absolute_url() if chosen else page.url("placements"),
         "badge": _("占应交流和可交流的 %(share)s") % {"share": f"{shown / reach:.1%}"} if shown and reach else ""},
    ]  # fmt: skip
    if page.may(Permission.ROTATION_REVIEW):
        cards.append({
            "icon": "alert-triangle", "tone": "red", "label": _("待处理异议"), "value": appealed + objected,
            "unit": _("件"), "url": page.url("appeals" if appealed else "objections"),
        })  # fmt: skip
    return cards


def _phase_row(page: YearPage, phase: Phase, here: Phase | None, counted: list[Progress]) -> dict[str, Any]:
    phase.year = page.year
    state = state_of(phase, page.now)
    found = [each if _leads_in(page, each.url) else replace(each, url="") for each in counted if each.total]
    last = timezone.localtime(phase.closes - timedelta(seconds=1))
    first = timezone.localtime(phase.opens)
    return {
        "kind": phase.kind, "label": phase.get_kind_display(), "state": state, "opens": phase.opens,
        "closes": phase.closes, "span": (f"{first:%m-%d}", f"– {last:%m-%d}"),
        "here": here is not None and here.pk == phase.pk,
        "progress": found, "missing": sum(each.missing for each in found), "changes": list(phase.changes.all()),
        "held": what_holds_up(page.year, phase.kind) if state is PhaseState.HELD else [],
        "left": (last.date() - timezone.localdate(page.now)).days,
    }  # fmt: skip


def _leads_in(page: YearPage, url: str) -> bool:
    """Whether the person passes the gate of an address."""
    gate = gate_of(resolve(url).func) if url else None
    return gate is None or not gate.anyone_of or any(page.standing.allows(each) for each in gate.anyone_of)


def _schools_behind(page: YearPage, present: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Schools of which something of an open phase is missing, with what."""
    names = {each.pk: each for each in page.school_list}
    found: dict[int, dict[str, Any]] = {}
    for row in present:
        for counted in row["progress"]:
            for key, (done, total) in counted.schools.items():
                if key in names and done < total:
                    held = found.setdefault(key, {"school": names[key], "missing": []})
                    held["missing"].append({"what": counted.what, "done": done, "total": total})
    return [found[key] for key in names if key in found]


@requires(Permission.ROTATION_PREPARE)
def phase_move(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Give a phase other dates, with a reason."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_PREPARE)
    phase = get_object_or_404(Phase, year=page.year, kind=kind)  # scoped: of the year
    form = PhaseForm(request.POST or None, initial={"opens": phase.opens, "closes": phase.closes})
    return page.form(
        "year", form, lambda given: actions.move_phase(phase, by=author(request), **given).year,
        done=_("日期已调整，理由已公开。"), back=page.year.get_absolute_url(),
        heading=_("调整日期：%(phase)s") % {"phase": phase.get_kind_display()}, submit=_("保存日期"),
    )  # fmt: skip


@requires(Permission.ROTATION_PREPARE)
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The county's working days: what it has declared, and what the national calendar does not know yet."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_PREPARE)
    form = DayForm(request.POST or None)
    workdays = Workdays.of(page.year.county)
    phases = list(page.year.phases.all())
    first = min((timezone.localdate(each.opens) for each in phases), default=page.year.starts)
    last = max((timezone.localdate(each.closes) for each in phases), default=page.year.ends)
    workdays.between(first, last)
    return page.form(
        "calendar", form,
        lambda given: actions.declare_day(page.year.county, by=author(request), **given) and page.url("calendar"),
        done=_("已登记。"), back=page.url("calendar"), template="calendar", heading=_("工作日历"),
        declared=CalendarDay.objects.filter(county=page.year.county),  # scoped: of the year's county
        assumed_from=min(workdays.assumed, default=None), submit=_("登记"),
    )  # fmt: skip
