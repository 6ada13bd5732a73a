"""Visits of the bureau, leaders in charge of schools, and allowances by month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, Role, requires
from junheng.web.directory.models import User
from junheng.web.rotation import allowing, monthly
from junheng.web.rotation.actions import helping, paying
from junheng.web.rotation.forms.service_lists import LeaderForm, PaidForm, RateForm, SchoolVisitForm
from junheng.web.rotation.models import Allowance, AllowanceRate, LeaderDuty, Placement, Visit, VisitKind
from junheng.web.rotation.people import of_schools, with_names
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author

May = Permission
VISITORS = (May.ROTATION_REVIEW, May.ROTATION_ORDER, May.ROTATION_PLAN)
"""Whoever of the bureau goes to schools: its leaders, the section and its clerks."""


@never_cache
@requires(May.ROTATION_VIEW)
def visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers for which school, and the visits of bureau and home schools."""
    page = YearPage(request, pk)
    seen = Visit.objects.visible_to(page.standing).filter(year=page.year)
    duties = LeaderDuty.objects.visible_to(page.standing).filter(year=page.year).select_related("school", "leader")
    counts: dict[int, int] = {}
    for key in seen.filter(kind=VisitKind.LEADER).values_list("school", flat=True):
        counts[key] = counts.get(key, 0) + 1
    buttons = []
    if page.may(*VISITORS) and not page.year.is_archived:
        buttons.append({"label": _("登记到校走访"), "url": page.url("visit_new"), "icon": "plus", "primary": True})
        buttons.append({"label": _("确定包校领导"), "url": page.url("leader_new"), "icon": "user"})
    parts = [
        {
            "key": "leaders", "title": _("领导包校"), "head": (_("学校"), _("包校领导"), _("到校次数")),
            "rows": [
                {"cells": (each.school.shown, str(each.leader), counts.get(each.school_id, 0))} for each in duties
            ],
            "lead": _("还有 %(count)s 所学校没有包校领导。") % {"count": _without_leader(page, duties)},
        },
        {
            "key": "visits", "title": _("走访记录"),
            "head": (_("日期"), _("走访类别"), _("所到学校"), _("走访人"), _("发现的问题"), _("给予的帮助")),
            "rows": [
                {"cells": (each.on, each.get_kind_display(), each.school.shown, each.visitor, each.found, each.help)}
                for each in seen.select_related("school")[:200]
            ],
        },
    ]  # fmt: skip
    return page.show("services", "sections", heading=_("走访和包校"), parts=parts, buttons=buttons)


def _without_leader(page: YearPage, duties: Any) -> int:
    hosts = set(Placement.objects.visible_to(page.standing).filter(year=page.year).values_list("to_school", flat=True))
    within = hosts & set(page.school_keys)
    return len(within - {each.school_id for each in duties})


@requires(*VISITORS)
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a visit of the bureau to a school."""
    page = YearPage(request, pk)
    page.require(*VISITORS)
    form = SchoolVisitForm(request.POST or None, schools=page.schools(), initial={"visitor": str(author(request))})
    return page.form(
        "services", form,
        lambda given: helping.visit_school(page.year, by=author(request), at=page.now, **given) and page.url("visits"),
        done=_("已登记。"), back=page.url("visits"), heading=_("登记到校走访"),
    )  # fmt: skip


@requires(*VISITORS)
def leader_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a leader answer for a school."""
    page = YearPage(request, pk)
    page.require(*VISITORS)
    leaders = [each.pk for each in of_schools((Role.BUREAU_LEADER, Role.SECTION_HEAD), page.year.county_id)]
    found = User.objects.filter(pk__in=leaders)  # scoped: those who hold such a role in the year's county
    return page.form(
        "services", LeaderForm(request.POST or None, schools=page.schools(), leaders=found),
        lambda given: helping.put_in_charge(page.year, by=author(request), at=page.now, **given) and page.url("visits"),
        done=_("已确定。"), back=page.url("visits"), heading=_("确定包校领导"),
    )  # fmt: skip


@never_cache
@requires(May.ROTATION_VIEW, May.ROTATION_OWN)
def allowances(request: HttpRequest, pk: int) -> HttpResponse:
    """Allowances: what the pack and the year say, and month by month who was paid."""
    page = YearPage(request, pk)
    prepares = page.may(May.ROTATION_PREPARE) and not page.year.is_archived
    months = monthly.months_of_year(page.year, timezone.localdate(page.now))
    rates = AllowanceRate.objects.filter(year=page.year)
    buttons = []
    if prepares:
        buttons.append({"label": _("设定补助标准"), "url": page.url("rate_new"), "icon": "plus"})
        if months:
            buttons.append({"label": _("列出各月补助"), "url": page.url("allowances_lay"), "icon": "list"})
    paid_url = _payer_of(page)
    parts = [_stated_part(page), _rates_part(rates), _months_part(page, paid_url)]
    return page.show("services", "sections", heading=_("补助"), parts=parts, buttons=buttons)


def _stated_part(page: YearPage) -> dict[str, Any]:
    rows = [
        {"cells": (_(each.name), _("待主管部门确定") if each.amount is None else each.amount,
                   each.payer.label if each.payer else "", each.clause, each.because)}
        for each in allowing.stated(page.year)
    ]  # fmt: skip
    head = (_("补助名称"), _("每月金额（元）"), _("由谁承担"), _("依据"), _("说明"))
    return {"key": "stated", "title": _("政策规定的补助"), "head": head, "rows": rows}


def _rates_part(rates: Any) -> dict[str, Any]:
    rows = [
        {"cells": (_(each.name), each.amount, each.get_payer_display(),
                   _("是") if each.rural_only else _("否"), each.clause)}
        for each in rates
    ]  # fmt: skip
    head = (_("补助名称"), _("每月金额（元）"), _("由谁承担"), _("只发给到乡村学校的"), _("依据"))
    return {"key": "rates", "title": _("本年度补助标准"), "head": head, "rows": rows}


def _payer_of(page: YearPage) -> Any:
    """Says of an allowance whether the reader marks it as paid: the school that pays, or the bureau for the county."""
    school = page.within(May.ROTATION_SCHOOL)
    county = page.may(May.ROTATION_REVIEW)

    def may(row: Allowance) -> bool:
        if page.year.is_archived or row.paid_on is not None:
            return False
        if row.rate.payer == "county":
            return county
        side = row.placement.from_school_id if row.rate.payer == "home" else row.placement.to_school_id
        return side in school

    return may


def _months_part(page: YearPage, may_pay: Any) -> dict[str, Any]:
    found = Allowance.objects.visible_to(page.standing).filter(placement__year=page.year)
    named = with_names(found, "placement__teacher").select_related("rate", "placement__to_school")[:400]
    rows = [
        {
            "cells": (f"{each.month:%Y-%m}", each.teacher_name, each.placement.to_school.shown, _(each.rate.name),
                      each.amount, each.paid_on or _("未发放")),
            "acts": [{"label": _("登记发放"), "url": page.url("allowance_paid", each.pk)}] if may_pay(each) else [],
        }
        for each in named
    ]  # fmt: skip
    unpaid = found.filter(paid_on__isnull=True).count()
    head = (_("月份"), _("姓名"), _("接收学校"), _("补助名称"), _("金额（元）"), _("发放日期"))
    return {
        "key": "months", "title": _("各月补助"), "head": head, "rows": rows,
        "lead": _("未发放 %(count)s 笔。") % {"count": unpaid},
    }  # fmt: skip


@requires(May.ROTATION_PREPARE)
def rate_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set an allowance of the year."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE)
    said = next(iter(allowing.stated(page.year)), None)
    initial = {}
    if said is not None:
        initial = {"name": said.name, "amount": said.amount, "payer": said.payer, "rural_only": said.rural_only}
    return page.form(
        "services", RateForm(request.POST or None, initial=initial),
        lambda given: paying.set_rate(page.year, by=author(request), at=page.now, **given) and page.url("allowances"),
        done=_("已保存。"), back=page.url("allowances"), heading=_("设定补助标准"),
    )  # fmt: skip


@requires(May.ROTATION_PREPARE)
def allowances_lay(request: HttpRequest, pk: int) -> HttpResponse:
    """Put down what is due for every month that has begun."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE)
    if request.method != "POST":
        return page.show("services", "service_confirm", heading=_("列出各月补助"), back=page.url("allowances"))

    def lay() -> None:
        for month in monthly.months_of_year(page.year, timezone.localdate(page.now)):
            paying.lay_out(page.year, month, by=author(request), at=page.now)

    return page.act(lay, done=_("已列出。"), back=page.url("allowances"))


@requires(May.ROTATION_SCHOOL, May.ROTATION_REVIEW)
def allowance_paid(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Record that an allowance was paid, by whoever pays it."""
    page = YearPage(request, pk)
    own = page.within(May.ROTATION_SCHOOL)
    mine = Q(rate__payer="home", placement__from_school__in=own) | Q(rate__payer="host", placement__to_school__in=own)
    if page.may(May.ROTATION_REVIEW):
        mine |= Q(rate__payer="county")
    found = get_object_or_404(
        Allowance.objects.visible_to(page.standing).filter(mine, placement__year=page.year), pk=row
    )
    return page.form(
        "services", PaidForm(request.POST or None),
        lambda given: paying.mark_paid(found, by=author(request), at=page.now, **given) and page.url("allowances"),
        done=_("已登记。"), back=page.url("allowances"), heading=_("登记发放"),
        facts=[{"label": _("补助名称"), "value": str(found.rate)}, {"label": _("金额（元）"), "value": found.amount},
               {"label": _("月份"), "value": _said_month(found.month)}],
    )  # fmt: skip


def _said_month(month: date) -> str:
    return f"{month:%Y-%m}"
