"""Recruitment within the establishment and the year's increase plan (R-287)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.staffing.actions.recruitment import plan_recruitment, room_of, set_increase_plan
from junheng.web.staffing.forms.registers import IncreaseForm, RecruitmentForm
from junheng.web.staffing.models import RecruitmentEntry
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.views.establishment.pages import (
    FiguresPage,
    NumberColumn,
    Row,
    card,
    people_card,
    school_page,
    school_row,
    show,
)
from junheng.web.staffing.views.establishment.scope import Scope, address

PREFILLED = ("school", "year", "stage", "subject", "number")
"""What the page of needs fills in already."""


class RecruitmentTable(Table):
    """What is planned for whom."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    year = Column(gettext_lazy("年度"))
    stage = Column(gettext_lazy("学段"))
    subject = Column(gettext_lazy("学科"))
    number = NumberColumn("number", verbose_name=gettext_lazy("人数"))
    way = Column(gettext_lazy("招聘方式"))

    class Meta:
        attrs = {"class": "frozen-1"}


class RecruitmentPage(FiguresPage):
    """New staff planned, and the room that is left this year."""

    table_class = RecruitmentTable
    page = "recruitment"
    order = ""  # the newest year first
    heading = gettext_lazy("招聘计划")
    empty = gettext_lazy("还没有安排招聘。")

    def all_rows(self) -> Iterable[Row]:
        """Everything planned for schools in scope."""
        scope = self.scope
        seen = RecruitmentEntry.objects.visible_to(scope.standing, Permission.ESTABLISHMENT_VIEW)
        held = seen.current().filter(school__county=scope.county).select_related("school")
        for entry in held.order_by("-year", "school__position", "school__code"):
            if entry.school.code in scope.school_by_id and scope.sees(entry.school.code):
                yield {
                    **school_row(scope, scope.school_by_id[entry.school.code]),
                    "year": entry.year,
                    "stage": entry.get_stage_display(),
                    "stage_key": entry.stage,
                    "subject": entry.get_subject_display(),
                    "number": entry.number,
                    "way": _("面向社会公开招聘") if entry.openly else _("不公开：%(basis)s") % {"basis": entry.basis},
                }

    def summary(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Free posts, the year's plan, what is planned, what is left."""
        buttons: list[dict[str, Any]] = [
            {"url": address("recruitment_needs"), "icon": "calculator", "label": _("招聘需求测算")}
        ]
        if self.scope.may(Permission.ESTABLISHMENT_DRAFT):
            buttons.append({"url": address("recruitment_increase"), "icon": "file-plus", "label": _("登记增人计划")})
            url = address("recruitment_enter")
            buttons.append({"url": url, "icon": "plus", "label": _("安排招聘"), "primary": True})
        if not self.scope.whole:
            return {"buttons": buttons}
        room = room_of(self.scope.county, self.scope.on.year, self.scope.on)
        free = room.authorised - room.on_establishment
        return {
            "buttons": buttons,
            "cards": [
                card(_("空余编制"), free, "armchair", "green" if free > 0 else "red", unit=_("个")),
                people_card(
                    _("%(year)s 年增人计划") % {"year": room.year},
                    "—" if room.increase is None else room.increase, "file-plus",
                ),
                people_card(_("已安排招聘"), room.planned, "user-plus", "teal"),
                people_card(_("还可安排"), max(0, room.left), "circle-plus", "orange"),
            ],
            "remarks": [_("可招聘人数＝空余编制与年度增人计划中较小者，减去已安排的；超出的一律不予保存。")],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }  # fmt: skip


def _bureau(request: HttpRequest) -> Scope:
    scope = Scope(request)
    if not scope.may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    return scope


def _form_page(request: HttpRequest, scope: Scope, heading: str, form: Any) -> HttpResponse:
    response = show(request, scope, "recruitment", "area_form", heading=heading, form=form, back=address("recruitment"))
    response.status_code = 422 if request.method == "POST" else 200
    return response


@requires(Permission.ESTABLISHMENT_DRAFT)
def enter_recruitment(request: HttpRequest) -> HttpResponse:
    """Plan new staff for a school; what is beyond the room is refused."""
    scope = _bureau(request)
    within = Organisation.objects.visible_to(scope.standing, Permission.ESTABLISHMENT_DRAFT)
    schools = within.filter(county=scope.county).schools().open_on(scope.on)
    asked = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    form = RecruitmentForm(request.POST or None, schools=schools, initial={"year": scope.on.year} | asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_recruitment(form.cleaned_data["school"], form.values(), on=scope.on, by=request.user)  # type: ignore[arg-type]
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("已安排：%(school)s 招聘 %(n)s 人。") % {"school": made.school, "n": made.number}
            )
            return redirect("staffing:recruitment")
    return _form_page(request, scope, _("安排招聘"), form)


@requires(Permission.ESTABLISHMENT_DRAFT)
def enter_increase(request: HttpRequest) -> HttpResponse:
    """Set the year's increase plan."""
    scope = _bureau(request)
    form = IncreaseForm(request.POST or None, initial={"year": scope.on.year})
    if request.method == "POST" and form.is_valid():
        try:
            set_increase_plan(scope.county, on=scope.on, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("增人计划已登记。"))
            return redirect("staffing:recruitment")
    return _form_page(request, scope, _("登记增人计划"), form)
