"""Orders: the list, a new one, and one with its placements and papers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.rotation.actions import ordering as actions
from junheng.web.rotation.forms.ordering import OrderForm
from junheng.web.rotation.holds import held_back
from junheng.web.rotation.models import Order, Placement, PlacementStatus
from junheng.web.rotation.papers import address
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.models import TeacherState
from junheng.web.staffing.reach import author


class OrderTable(Table):
    """Orders."""

    batch = Column(gettext_lazy("批次"))
    number = Column(gettext_lazy("发文字号"), linkify=True)
    signer = Column(gettext_lazy("签发人"))
    issued_on = Column(gettext_lazy("成文日期"))
    report_by = Column(gettext_lazy("报到截止日期"))
    count = Column(gettext_lazy("人数"))


class OrderList(ListPage):
    """The orders of a year."""

    permissions = (Permission.ROTATION_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    table_class = OrderTable
    search_fields = ("number", "signer")
    search_hint = gettext_lazy("文号或签发人")
    template_name = "rotation/list.html"
    heading = gettext_lazy("调配文件")
    empty = gettext_lazy("还没有调配文件。方案采用以后，由人事科或局领导签发。")

    def rows(self, request: HttpRequest) -> Any:
        """With the number of placements."""
        page = YearPage(request, self.kwargs["pk"])
        return Order.objects.visible_to(page.standing).filter(year=page.year).annotate(count=Count("lines"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to a new one, and how many are left."""
        page = YearPage(request, self.kwargs["pk"])
        buttons = []
        if page.may(Permission.ROTATION_ORDER):
            buttons.append({"url": page.url("order_new"), "label": _("签发调配文件"), "icon": "plus", "primary": True})
        return page.context("orders") | {"buttons": buttons}


@requires(Permission.ROTATION_ORDER)
def order_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue an order: whoever has been longest at a school stands first; those held back cannot be chosen."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_ORDER)
    waiting = held_back(page.year)
    rows = list(_planned(page))
    for each in rows:
        each.held = each.teacher_id in waiting
    report_by = Workdays.of(page.year.county).first_from(page.year.starts)
    form = OrderForm(request.POST or None, rows=rows, report_by=report_by)
    chosen = {int(each) for each in request.POST.getlist("placements") if each.isdigit()} if request.POST else None
    for each in rows:
        each.chosen = not each.held if chosen is None else each.pk in chosen
    return page.form(
        "orders", form,
        lambda given: actions.issue(page.year, form.head(), given["placements"], by=author(request)),
        done=_("调配文件已签发，已通知教师和两校。"), back=page.url("orders"), template="order_new",
        heading=_("签发调配文件"), submit=_("签发"), rows=rows, left=len(rows), stopped=sum(each.held for each in rows),
    )  # fmt: skip


def _planned(page: YearPage) -> Any:
    joined = TeacherState.objects.current().filter(teacher=OuterRef("teacher"))  # scoped: of the year's placements
    rows = Placement.objects.visible_to(page.standing).filter(year=page.year, status=PlacementStatus.PLANNED)
    return (
        rows.with_names()
        .annotate(joined=Subquery(joined.values("joined_current_school")[:1]))
        .select_related("from_school", "to_school", "teacher")
        .order_by(F("joined").asc(nulls_last=True), "teacher__number")
    )


@requires(Permission.ROTATION_VIEW)
def order(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    """An order with the placements that the person sees, and its papers."""
    page = YearPage(request, pk)
    found = get_object_or_404(Order.objects.visible_to(page.standing), year=page.year, pk=order)
    rows = Placement.objects.visible_to(page.standing).filter(order_line__order=found).with_names()
    facts = [
        {"label": _("批次"), "value": found.batch},
        {"label": _("签发人"), "value": found.signer},
        {"label": _("成文日期"), "value": found.issued_on},
        {"label": _("报到截止日期"), "value": found.report_by},
        {"label": _("发文时间"), "value": found.issued_at},
    ]
    return page.show(
        "orders", "order", heading=found.number, facts=facts,
        rows=rows.select_related("from_school", "to_school", "order_line").order_by("order_line__letter"),
        buttons=[
            {"url": address(page.year, "order", found.pk), "label": _("文件正文"), "icon": "file-text"},
            {"url": address(page.year, "roster", "all"), "label": _("交流教师花名册"), "icon": "users"},
        ],
    )  # fmt: skip
