"""Support posts: gatekeepers, cooks, boiler workers, paid by the county and apart from teaching posts (R-277)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.interface import numbers
from junheng.web.staffing.actions.registers import enter_support_posts
from junheng.web.staffing.forms.registers import SupportPostForm
from junheng.web.staffing.models import SupportPostEntry
from junheng.web.staffing.views.establishment.pages import (
    DayColumn,
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


class SupportTable(Table):
    """One row for each kind of support post of each school."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    cluster = Column(gettext_lazy("学区"))
    kind = Column(gettext_lazy("岗位"))
    posts = NumberColumn("posts", verbose_name=gettext_lazy("核定岗位数"))
    people = NumberColumn("people", verbose_name=gettext_lazy("实有人数"))
    yearly_yuan = NumberColumn("yearly_yuan", digits=2, verbose_name=gettext_lazy("县财政年支出（元）"))
    since = DayColumn(verbose_name=gettext_lazy("自"))

    class Meta:
        attrs = {"class": "frozen-1"}


class SupportPostsPage(FiguresPage):
    """Support posts of every school, which use no teaching post."""

    table_class = SupportTable
    page = "support_posts"
    heading = gettext_lazy("工勤岗位")
    empty = gettext_lazy("还没有登记工勤岗位。")

    def all_rows(self) -> Iterable[Row]:
        """Everything entered for schools in scope."""
        scope = self.scope
        seen = SupportPostEntry.objects.visible_to(scope.standing, Permission.ESTABLISHMENT_VIEW)
        held = seen.as_of(scope.on).filter(school__county=scope.county).select_related("school")
        for entry in held.order_by("school__position", "school__code", "kind"):
            if scope.sees(entry.school.code) and entry.school.code in scope.school_by_id:
                yield {
                    **school_row(scope, scope.school_by_id[entry.school.code]),
                    "kind": entry.get_kind_display(),
                    "posts": entry.posts,
                    "people": entry.people,
                    "yearly_yuan": entry.yearly_yuan,
                    "since": entry.valid_from,
                }

    def summary(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Posts, people, cost; and what stands in the teachers' roster meanwhile."""
        report = self.scope.figures.establishment
        support = sum(row.support for row in report.rows if self.scope.sees(row.school_id))
        buttons = []
        if self.scope.standing.allows(Permission.SCHOOLS_EDIT):
            url = address("support_posts_enter")
            buttons.append({"url": url, "icon": "plus", "label": _("登记"), "primary": True})
        cost = sum(row["yearly_yuan"] for row in rows)
        return {
            "buttons": buttons,
            "cards": [
                card(_("核定岗位数"), sum(r["posts"] for r in rows), "certificate", unit=_("个")),
                people_card(_("实有人数"), sum(r["people"] for r in rows), "users", "green"),
                card(_("县财政年支出"), numbers.number(cost, 0), "cash", "orange", unit=_("元")),
                people_card(_("占用教师编制的教辅工勤"), support, "alert-circle", "red" if support else "green"),
            ],
            "remarks": [_("工勤岗位单列，由县财政承担工资，不计入教师编制和余缺。")],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }


@requires(Permission.SCHOOLS_EDIT)
def enter_support(request: HttpRequest) -> HttpResponse:
    """Set a school's support posts of one kind from a day on."""
    scope = Scope(request)
    within = Organisation.objects.visible_to(scope.standing, Permission.SCHOOLS_EDIT)
    schools = within.filter(county=scope.county).schools().open_on(scope.on)
    form = SupportPostForm(request.POST or None, schools=schools)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["entered_from"]
        enter_support_posts(form.cleaned_data["school"], form.values(), on=day, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("已登记：%(school)s。") % {"school": form.cleaned_data["school"]})
        return redirect("staffing:support_posts")
    response = show(
        request,
        scope,
        "support_posts",
        "area_form",
        heading=_("登记工勤岗位"),
        form=form,
        back=address("support_posts"),
    )
    response.status_code = 422 if request.method == "POST" else 200
    return response
