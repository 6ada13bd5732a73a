"""The register of principals' study: who was trained, who visited, where they studied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import aside, comma, person_unit, persons
from junheng.web.rotation import developing
from junheng.web.rotation.actions import studies as actions
from junheng.web.rotation.forms.studies import StrikeForm, StudyForm
from junheng.web.rotation.models import Study, StudyKind, StudyPart
from junheng.web.rotation.names import with_names
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author

VIEW, PLAN = Permission.ROTATION_VIEW, Permission.ROTATION_PLAN
_ONE_LINE = '<span class="text-nowrap">{}</span>'
_SHOWN = 3
"""So many names stand in a row of the list without being folded up."""


class StudyTable(Table):
    """The register."""

    kind = Column(gettext_lazy("类别"))
    theme = Column(gettext_lazy("主题"))
    days = Column(gettext_lazy("时间"), accessor="start")
    where = Column(gettext_lazy("所到学校或地点"), empty_values=(), orderable=False)
    batch = Column(gettext_lazy("批次"))
    hours = Column(gettext_lazy("每人学时"))
    names = Column(gettext_lazy("参加人员"), empty_values=(), orderable=False)
    document_number = Column(gettext_lazy("文号"))
    strike = Column("", empty_values=(), orderable=False, exclude_from_export=True)

    def render_kind(self, record: Study) -> Any:
        """Below it the way in which themed study was done; neither is broken, so that the column is not narrow."""
        kind = format_html(_ONE_LINE, record.get_kind_display())
        if not record.mode:
            return kind
        return kind + format_html('<div class="text-nowrap text-secondary">{}</div>', record.get_mode_display())

    def value_kind(self, record: Study) -> str:
        """In one line, for a file."""
        return record.get_kind_display() + (aside(record.get_mode_display()) if record.mode else "")

    def render_days(self, record: Study) -> Any:
        """From when to when, or the day."""
        first, last = f"{record.start:%Y-%m-%d}", f"{record.end:%Y-%m-%d}"
        if first == last:
            return format_html(_ONE_LINE, first)
        return format_html(_ONE_LINE + " " + _ONE_LINE, f"{first} –", last)

    def render_where(self, record: Study) -> str:
        """The school of the county, the place, or both."""
        return comma().join(filter(None, (record.host.shown if record.host else "", record.place)))

    def render_hours(self, record: Study) -> str:
        """Without zeros that say nothing."""
        return f"{float(record.hours):g}" if record.hours else "—"

    def value_hours(self, record: Study) -> float:
        """As a figure, for a file."""
        return float(record.hours)

    def render_names(self, record: Any) -> Any:
        """Those of schools within reach, folded up where they are many, with the number of all."""
        names = self.value_names(record)
        if len(record.seen) <= _SHOWN and len(record.seen) == record.people:
            return names
        said = persons(record.people)
        return format_html('<details><summary class="text-nowrap">{}</summary>{}</details>', said, names)

    def value_names(self, record: Any) -> str:
        """Those of schools within reach; whoever shadowed where his school is helped is marked."""
        return comma().join(_named(record.seen, shadowing=record.kind == StudyKind.SHADOWING))

    def render_strike(self, record: Study) -> Any:
        """The way to strike it, for whoever may."""
        if not getattr(self.request, "may_strike", False):
            return ""
        return format_html(
            '<a href="{}/strike/">{}<span class="visually-hidden"> {}</span></a>', record.pk, _("注销"), record.theme
        )


def _named(parts: Iterable[StudyPart], *, shadowing: bool) -> Iterable[str]:
    for each in parts:
        helped = shadowing and each.helped
        yield each.teacher_name + aside(each.school.shown + (comma() + _("在帮扶学校") if helped else ""))


class StudyFilter(FilterSet):
    """By kind."""

    kind = ChoiceFilter(label=gettext_lazy("类别"), choices=StudyKind.choices)

    class Meta:
        model = Study
        fields = ("kind",)


class StudyList(ListPage):
    """What stands in the register, with its figures above."""

    permissions = (VIEW,)
    export_permission = Permission.EXPORT_LISTS
    table_class = StudyTable
    filterset_class = StudyFilter
    search_fields = ("theme", "place", "host__name", "document_number")
    template_name = "rotation/studies.html"
    heading = gettext_lazy("校长研修")
    empty = gettext_lazy("还没有登记研修。轮训、考察、论坛、主题研修、跟班学习和名校长培养，都在这里登记。")

    def rows(self, request: HttpRequest) -> Any:
        """Of the county, with those who took part of schools within reach."""
        self.page = YearPage(request, self.kwargs["pk"])
        request.may_strike = self.page.may(PLAN)  # type: ignore[attr-defined]
        within = StudyPart.objects.visible_to(self.page.standing).select_related("school")
        seen = Prefetch("parts", queryset=developing.with_help(with_names(within)), to_attr="seen")
        found = Study.objects.visible_to(self.page.standing).standing().filter(county=self.page.year.county)
        return found.annotate(people=Count("parts")).select_related("host").prefetch_related(seen).order_by(
            "-start", "-pk"
        )  # fmt: skip

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How many were trained, how often they visited, hours, and everything by kind."""
        page = self.page
        new = {"url": page.url("study_new"), "icon": "plus", "label": _("登记研修"), "primary": True}
        today, county = timezone.localdate(page.now), page.year.county
        covered = developing.coverage(page.standing, county, today)
        return page.context("studies") | {
            "cards": _cards(page, covered), "covered": covered, "kinds": developing.by_kind(page.standing, county),
            "buttons": [new] if page.may(PLAN) else [],
        }  # fmt: skip


def _cards(page: YearPage, covered: developing.Coverage) -> list[dict[str, Any]]:
    today, county = timezone.localdate(page.now), page.year.county
    asked, year = (page.standing, county), {"year": today.year}
    share = None if covered.percent is None else f"{covered.percent:.1f}"
    cultivated = developing.in_cultivation(*asked, today)
    return [
        {"label": _("三年内轮训过的校长"), "value": share or "—", "icon": "certificate", "tone": "blue",
         "unit": "%" if share else ""},
        {"label": _("%(year)s年学习考察") % year, "value": developing.visits_in(*asked, today.year), "icon": "route",
         "tone": "blue", "unit": _("人次")},
        {"label": _("%(year)s年研修学时合计") % year, "value": f"{float(developing.hours_in(*asked, today.year)):g}",
         "icon": "clock", "tone": "blue", "unit": _("学时")},
        {"label": _("培养中的名校长"), "value": cultivated, "icon": "medal", "tone": "blue",
         "unit": person_unit(cultivated)},
    ]  # fmt: skip


@requires(PLAN)
def study_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what cadres took part in."""
    page = YearPage(request, pk)
    page.require(PLAN)
    form = StudyForm(request.POST or None, county=page.year.county, schools=page.schools())

    def act(given: dict[str, Any]) -> None:
        people = given.pop("people")
        actions.enter_study(page.year.county, people, by=author(request), **given)

    return page.form("studies", form, act, done=_("研修已登记。"), back=page.url("studies"), heading=_("登记研修"))


@requires(PLAN)
def study_strike(request: HttpRequest, pk: int, study_pk: int) -> HttpResponse:
    """Strike what was entered by mistake."""
    page = YearPage(request, pk)
    page.require(PLAN)
    held = get_object_or_404(Study, pk=study_pk, county=page.year.county)  # scoped: the year's county
    return page.form(
        "studies", StrikeForm(request.POST or None),
        lambda given: actions.strike_study(held, by=author(request), **given),
        done=_("已注销。"), back=page.url("studies"), heading=_("注销研修：%(theme)s") % {"theme": held.theme},
    )  # fmt: skip
