"""Secondments past their end: whom to call back, the notices, and what came of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, requires
from junheng.web.rotation import papers
from junheng.web.rotation.actions import recalling as actions
from junheng.web.rotation.expiring import Overdue, to_return
from junheng.web.rotation.forms.recalling import OutcomeForm, RecallForm
from junheng.web.rotation.models import RecallOutcome, SecondmentRecall
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author

MAY = (Permission.ROTATION_REVIEW, Permission.ROTATION_ORDER)


@never_cache
@requires(*MAY)
def secondments(request: HttpRequest, pk: int) -> HttpResponse:
    """Secondments of the county past their end: whom to call back, the post that stands empty; and who has returned."""
    page = YearPage(request, pk)
    page.require(*MAY)
    overdue = to_return(page.year.county, timezone.localdate(page.now))
    vacant = sum(each.recall is not None and each.recall.outcome == RecallOutcome.VACANT for each in overdue)
    lead = ngettext(
        "共 %(count)s 人，其中不能返回的 %(vacant)s 人。应通知按期返回；不能返回的，其岗位按空缺重新核定。",
        "共 %(count)s 人，其中不能返回的 %(vacant)s 人。应通知按期返回；不能返回的，其岗位按空缺重新核定。",
        len(overdue),
    )
    part = {
        "key": "secondments", "title": _("应当返回的教师"),
        "lead": lead % {"count": len(overdue), "vacant": vacant} if overdue else "",
        "head": (
            _("教师"), _("借用单位"), _("到期日期"), _("已过天数"), _("文号"), _("返回通知"), _("应当返回的日期"),
            _("结果"),
        ),
        "rows": [_row(page, each) for each in overdue],
        "empty": _("没有到期未还的借调。登记的借调到期后，人员仍未返回的会列在这里。"),
    }  # fmt: skip
    return page.show("changes", "secondments", heading=_("到期未还的借调"), parts=[part, _returned(page)])


def _row(page: YearPage, each: Overdue) -> dict[str, Any]:
    days = (timezone.localdate(page.now) - each.end).days
    cells: tuple[Any, ...] = (str(each.teacher), each.unit, each.end, days, each.document_number)
    found = each.recall
    if found is None:
        new = {"url": page.url("recall_new", each.teacher.pk), "label": _("发返回通知")}
        return {"cells": (*cells, "", "", ""), "acts": [] if page.year.is_archived else [new]}
    said = f"{found.get_outcome_display()} · {found.outcome_on}" if found.outcome else ""
    settle = {"url": page.url("recall_settle", found.pk), "label": _("登记结果")}
    return {"cells": (*cells, found.number, found.return_by, said), "acts": [*_prints(page, found), settle]}


def _prints(page: YearPage, found: SecondmentRecall) -> list[dict[str, str]]:
    """The way to the paper; it belongs to the year in which it was issued."""
    if found.year_id != page.year.pk:
        return []
    return [{"url": papers.address(page.year, "recall", found.pk), "label": _("打印")}]


def _returned(page: YearPage) -> dict[str, Any]:
    """Whom a notice of the year has brought back."""
    rows = SecondmentRecall.objects.filter(year=page.year, outcome=RecallOutcome.RETURNED)  # scoped: the year's county
    return {
        "key": "returned", "title": _("已经返回的教师"), "empty": _("还没有人按返回通知返回。"),
        "head": (_("教师"), _("借用单位"), _("到期日期"), _("返回通知"), _("返回日期")),
        "rows": [
            {
                "cells": (str(each.teacher), each.unit, each.end, each.number, each.outcome_on),
                "acts": _prints(page, each),
            }
            for each in rows.select_related("teacher")
        ],
    }  # fmt: skip


@requires(*MAY)
def recall_new(request: HttpRequest, pk: int, teacher: int) -> HttpResponse:
    """Issue the notice of recall to somebody on secondment past its end."""
    page = YearPage(request, pk)
    page.require(*MAY)
    overdue = to_return(page.year.county, timezone.localdate(page.now))
    found = next((each for each in overdue if each.teacher.pk == teacher), None)
    if found is None:
        raise Http404
    back = page.url("secondments")
    return page.form(
        "changes", RecallForm(request.POST or None),
        lambda given: actions.recall(page.year, found, by=author(request), **given) and back,
        done=_("返回通知已登记，本人和学校已收到消息。"), back=back, submit=_("发出"),
        heading=_("发返回通知：%(teacher)s") % {"teacher": found.teacher},
        lead=_("借到%(unit)s，%(end)s 到期。") % {"unit": found.unit, "end": found.end},
    )  # fmt: skip


@requires(*MAY)
def recall_settle(request: HttpRequest, pk: int, recall: int) -> HttpResponse:
    """Record that the teacher has returned, or that he cannot."""
    page = YearPage(request, pk)
    page.require(*MAY)
    rows = SecondmentRecall.objects.filter(teacher__county=page.year.county_id)  # scoped: the county, required above
    found: SecondmentRecall = get_object_or_404(rows.select_related("teacher"), pk=recall)
    back = page.url("secondments")
    return page.form(
        "changes", OutcomeForm(request.POST or None),
        lambda given: actions.settle(found, by=author(request), **given) and back,
        done=_("结果已登记。"), back=back, heading=_("登记结果：%(teacher)s") % {"teacher": found.teacher},
        lead=_(
            "返回通知 %(number)s，限 %(day)s 前返回。返回的，同时结束借调登记；不能返回的，登记为占编不在岗，"
            "学科需求按岗位空缺计算；以后返回的可以再登记。"
        ) % {"number": found.number, "day": found.return_by},
    )  # fmt: skip
