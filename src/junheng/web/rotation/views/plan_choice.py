"""Choosing a scenario: proposed, taken back, confirmed, set aside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires
from junheng.web.rotation.actions import adopting
from junheng.web.rotation.actions import scenarios as actions
from junheng.web.rotation.forms.plans import ReasonForm
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.scenarios import scenario_of
from junheng.web.staffing.reach import author

May = Permission


@require_POST
@requires(May.ROTATION_ADOPT)
def scenario_propose(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Propose a scenario."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ADOPT)
    held = scenario_of(page, key)
    version = request.POST.get("version", "")
    return page.act(
        lambda: adopting.propose(
            held, by=author(request), version=int(version) if version.isdecimal() else 0, at=page.now
        ),
        done=_("已提请采用。下一步：公示名单。"), back=held.get_absolute_url(),
    )  # fmt: skip


@requires(May.ROTATION_ADOPT)
def scenario_take_back(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Withdraw a proposal, with a reason."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ADOPT)
    held = scenario_of(page, key)
    return page.form(
        "scenarios", ReasonForm(request.POST or None),
        lambda given: adopting.take_back(held, by=author(request), at=page.now, **given),
        done=_("已撤回提请；正在进行的公示一并撤回。"), back=held.get_absolute_url(),
        heading=_("撤回提请：%s") % held, submit=_("撤回"),
    )  # fmt: skip


@require_POST
@requires(May.ROTATION_ADOPT)
def scenario_adopt(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Confirm a proposed scenario: another person than proposed it."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ADOPT)
    held = scenario_of(page, key)
    return page.act(
        lambda: adopting.adopt(held, by=author(request), at=page.now),
        done=_("方案已采用，交流任务已生成，待发文。"), back=held.get_absolute_url(),
    )  # fmt: skip


@requires(May.ROTATION_PLAN)
def scenario_set_aside(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Say that a scenario is not to be used, with a reason."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PLAN)
    held = scenario_of(page, key)
    return page.form(
        "scenarios", ReasonForm(request.POST or None),
        lambda given: actions.set_aside(held, by=author(request), at=page.now, **given),
        done=_("已记为不采用。"), back=held.get_absolute_url(), heading=_("不采用：%s") % held, submit=_("不采用"),
    )  # fmt: skip
