"""Reporting for duty: who has come, who is late since when, and what the pack says of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires
from junheng.web.rotation.actions import reporting as actions
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.forms.ordering import ArrivalForm, NumberForm, ReviewForm
from junheng.web.rotation.lateness import asks_for_days, latenesses
from junheng.web.rotation.models import Caution, CautionKind, Placement, PlacementStatus, StepKind
from junheng.web.rotation.papers import address
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.placements import placement_of
from junheng.web.staffing.reach import author

May = Permission


@requires(May.ROTATION_VIEW)
def reporting(request: HttpRequest, pk: int) -> HttpResponse:
    """Every ordered placement that the person sees: talk, arrangement, arrival, days late, papers."""
    page = YearPage(request, pk)
    pack, today = pack_of(page.year), timezone.localdate(page.now)
    rows = list(_ordered(page))
    missing = [each for each in rows if each.reported_on is None]
    late = latenesses(pack, page.year, [each.order_line.order.report_by for each in missing], today)
    by_key = dict(zip((each.pk for each in missing), late, strict=True))
    hosted = page.within(May.ROTATION_SCHOOL)
    bureau = page.may(May.ROTATION_PREPARE, May.ROTATION_ORDER)
    shown = [_row(page, each, by_key.get(each.pk), hosts=each.to_school_id in hosted, bureau=bureau) for each in rows]
    shown.sort(key=lambda row: -(row["late"].days if row["late"] else -1))
    cards = [
        {"icon": "users", "label": _("应报到"), "value": len(rows)},
        {"icon": "circle-check", "label": _("已报到"), "value": len(rows) - len(missing)},
        {"icon": "alarm", "tone": "orange", "label": _("逾期"), "value": sum(each.days > 0 for each in late)},
        {"icon": "clipboard-check", "label": _("已安排工作"), "value": sum(row["arranged"] for row in shown)},
    ]
    return page.show(
        "reporting", "reporting", heading=_("报到"), rows=shown, cards=cards, silent=not asks_for_days(pack),
        may_act=bureau,
    )  # fmt: skip


def _ordered(page: YearPage) -> Any:
    rows = Placement.objects.visible_to(page.standing).filter(year=page.year, order_line__isnull=False)
    rows = rows.exclude(status=PlacementStatus.CANCELLED).with_names()
    rows = rows.select_related("from_school", "to_school", "order_line__order", "arrangement", "year")
    return rows.prefetch_related("steps", "cautions").order_by("to_school__position", "teacher_pinyin")


def _row(page: YearPage, found: Any, late: Any, *, hosts: bool, bureau: bool) -> dict[str, Any]:
    done = {each.kind for each in found.steps.all()}
    drafted = {each.kind: each for each in found.cautions.all()}
    papers = []
    if bureau:
        for kind in CautionKind:
            paper = drafted.get(kind)
            due = late is not None and late.paper is not None and (kind in {late.paper, CautionKind.ADMONITION})
            if paper is None and not (due and found.status == PlacementStatus.ORDERED):
                continue
            papers.append({
                "kind": kind, "paper": paper, "url": address(page.year, kind.value, found.pk),
                "draft": page.url("caution_draft", found.pk, kind.value),
                "review": page.url("caution_review", found.pk) if kind == CautionKind.TERMINATION else "",
                "issue": page.url("caution_issue", found.pk, kind.value),
            })  # fmt: skip
    return {
        "placement": found, "late": late, "papers": papers, "talked": StepKind.TALK in done,
        "arranged": hasattr(found, "arrangement"), "report_by": found.order_line.order.report_by,
        "arrival": page.url("arrival", found.pk)
        if hosts and found.status == PlacementStatus.ORDERED and found.reported_on is None else "",
    }  # fmt: skip


@requires(May.ROTATION_SCHOOL)
def arrival(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Confirm at the host that the teacher has come."""
    page = YearPage(request, pk)
    found = placement_of(page, key, Placement.objects.all().hosted_by(page.standing))  # scoped: at the host
    return page.form(
        "reporting", ArrivalForm(request.POST or None),
        lambda given: _back(actions.confirm_arrival(found, on=given["on"], by=author(request))),
        done=_("报到已确认。"), back=page.url("reporting"),
        heading=_("确认报到：%(who)s") % {"who": found.teacher_name}, submit=_("确认报到"),
    )  # fmt: skip


def _back(_done: Any) -> None:
    """Goes back to the list."""


def _caution(page: YearPage, key: int, kind: CautionKind) -> Caution:
    found: Caution = get_object_or_404(
        Caution.objects.select_related("placement"), placement=placement_of(page, key), kind=kind
    )
    return found


@require_POST
@requires(May.ROTATION_PREPARE)
def caution_draft(request: HttpRequest, pk: int, key: int, kind: CautionKind) -> HttpResponse:
    """Draft the paper that the pack asks for."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE)
    found = placement_of(page, key)
    return page.act(
        lambda: actions.draft_caution(found, kind, by=author(request)),
        done=_("%(paper)s已拟稿。") % {"paper": kind.label}, back=page.url("reporting"),
    )  # fmt: skip


@requires(May.ROTATION_PREPARE, May.ROTATION_ORDER)
def caution_review(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """The legal review of a termination."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE, May.ROTATION_ORDER)
    found = _caution(page, key, CautionKind.TERMINATION)
    return page.form(
        "reporting", ReviewForm(request.POST or None),
        lambda given: _back(actions.review_caution(found, by=author(request), **given)),
        done=_("法制审核意见已登记。"), back=page.url("reporting"), heading=_("法制审核"),
        facts=[{"label": _("依据条款"), "value": found.clause}, {"label": _("理由"), "value": found.because},
               {"label": _("逾期天数"), "value": found.days}],
    )  # fmt: skip


@requires(May.ROTATION_ORDER)
def caution_issue(request: HttpRequest, pk: int, key: int, kind: CautionKind) -> HttpResponse:
    """Issue an admonition or a termination."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ORDER)
    found = _caution(page, key, kind)
    return page.form(
        "reporting", NumberForm(request.POST or None),
        lambda given: _back(actions.issue_caution(found, number=given["number"], by=author(request))),
        done=_("文书已发出，已通知本人和学校。"), back=page.url("reporting"),
        heading=_("发出%(paper)s") % {"paper": kind.label}, submit=_("发出"),
    )  # fmt: skip
