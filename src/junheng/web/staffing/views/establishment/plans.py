"""Establishment plans: the list, a plan's page with its chain, and every step of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import number
from junheng.web.records.attachments import UnwelcomeFileError
from junheng.web.staffing.actions import establishment as actions
from junheng.web.staffing.declared import language
from junheng.web.staffing.forms.establishment import AllocationForm, DecisionForm, DraftForm, FilingForm, OpinionForm
from junheng.web.staffing.models import EstablishmentPlan, PlanLine, PlanState
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.views.establishment.pages import page_context, show, signed
from junheng.web.staffing.views.establishment.papers import papers_of
from junheng.web.staffing.views.establishment.plan_table import PlanTable
from junheng.web.staffing.views.establishment.scope import Scope, address

CHAIN: tuple[tuple[PlanState, Any, str], ...] = (
    (PlanState.DRAFT, gettext_lazy("教育部门拟定"), "drafted"),
    (PlanState.VERIFIED, gettext_lazy("机构编制部门会同财政部门核定"), "verified"),
    (PlanState.APPROVED, gettext_lazy("机构编制委员会审批"), "approved"),
    (PlanState.ALLOCATED, gettext_lazy("教育部门分配到校"), "allocated"),
    (PlanState.FILED, gettext_lazy("机构编制部门备案"), "filed"),
)
NEXT = {
    PlanState.DRAFT: ("establishment_verify", gettext_lazy("记录核定"), Permission.ESTABLISHMENT_VERIFY),
    PlanState.VERIFIED: ("establishment_approve", gettext_lazy("记录审批"), Permission.ESTABLISHMENT_APPROVE),
    PlanState.APPROVED: ("establishment_allocate", gettext_lazy("分配到校"), Permission.ESTABLISHMENT_DRAFT),
    PlanState.ALLOCATED: ("establishment_file", gettext_lazy("记录备案"), Permission.ESTABLISHMENT_APPROVE),
}
TONES = {"draft": "blue", "filed": "green", "returned": "red", "withdrawn": "secondary"}


class PlansPage(ListPage):
    """Every version of a county's plan, the newest first."""

    permissions = (Permission.ESTABLISHMENT_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    template_name = "staffing/establishment_list.html"
    table_class = PlanTable
    heading = gettext_lazy("编制方案")
    empty = gettext_lazy("还没有编制方案。")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """Plans of the county, for whoever sees the whole county."""
        self.scope = Scope(request)
        return EstablishmentPlan.objects.visible_to(standing_of(request)).filter(county=self.scope.county)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu, and the way to a new version."""
        buttons = []
        if self.scope.may(Permission.ESTABLISHMENT_DRAFT):
            url = address("establishment_draft")
            buttons.append({"url": url, "icon": "plus", "label": _("拟定新版本"), "primary": True})
        lead = _(
            "拟定、核定、审批、分配到校、备案依次办理；拟定的人不能核定、审批或备案。备案后各校核定编制按执行日期更新。"
        )
        return page_context(self.scope, "establishment_plans") | {"buttons": buttons, "lead": lead}


def _plan(request: HttpRequest, pk: int) -> EstablishmentPlan:
    plans = EstablishmentPlan.objects.visible_to(standing_of(request))
    return get_object_or_404(plans.select_related("county", "previous", "drafted_by"), pk=pk)


@requires(Permission.ESTABLISHMENT_VIEW)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A version: how far it is, who did what, every line, and what changed since the version before."""
    held = _plan(request, pk)
    scope = Scope(request)
    lines = list(held.lines.select_related("school"))
    before = _earlier(held)
    taken = {step.kind: step for step in held.steps.select_related("by")}
    return show(
        request, scope, "establishment_plans", "establishment_plan",
        heading=str(held), plan=held, steps=_chain(held, taken), lines=[_shown(line, before) for line in lines],
        spells=[_spell(step) for step in held.steps.select_related("by")], buttons=_buttons(scope, held),
        facts=_facts(held, opens=scope.may(Permission.SNAPSHOT_TAKE) or scope.may(Permission.EXPORT_COUNTY)),
        gap=sum(line.need - (line.authorised or 0) for line in lines),
        documents=held.documents.all(), may_return=_may_return(scope, held), documents_url=address("documents"),
        papers=papers_of(held.steps.all()),
    )  # fmt: skip


def _earlier(plan: EstablishmentPlan) -> dict[tuple[int, str], PlanLine]:
    if plan.previous is None:
        return {}
    return {(line.school_id, line.stage): line for line in plan.previous.lines.all()}


def _shown(line: PlanLine, before: dict[tuple[int, str], PlanLine]) -> dict[str, Any]:
    was = before.get((line.school_id, line.stage))
    share = line.proposal
    how = ""
    if line.proposed is not None and share.get("rank") is None:
        how = _("总额足够，按应配。")
    elif line.proposed is not None:
        how = _("应配 %(need)s，按总额折算 %(exact)s，取整 %(whole)s，余数第 %(rank)s 位%(added)s。") % {
            "need": line.need,
            "exact": share["exact"],
            "whole": share["whole"],
            "rank": share["rank"],
            "added": _("，加 1") if share["added"] else "",
        }
    return {
        "line": line,
        "how": how,
        "new": was is None,
        "pupils": signed(line.pupils - was.pupils) if was else "",
        "need": signed(line.need - was.need) if was else "",
        "change": signed((line.allotted if line.allotted is not None else line.need) - (line.authorised or 0)),
    }


def _chain(plan: EstablishmentPlan, taken: dict[str, Any]) -> list[dict[str, Any]]:
    reached = [state for state, _label, kind in CHAIN if kind in taken]
    steps: list[dict[str, Any]] = []
    for state, label, kind in CHAIN:
        step = taken.get(kind)
        done = state in reached
        ahead = not done and not plan.is_over and len(steps) == len(reached)
        note = f"{step.document_number or ''} {step.total if step.total is not None else ''}".strip() if step else ""
        steps.append({"label": label, "state": "done" if done else "current" if ahead else "ahead", "note": note})
    if plan.state == PlanState.RETURNED:
        steps.append({"label": _("已退回"), "state": "blocked"})
    return steps


def _spell(step: Any) -> dict[str, Any]:
    parts = [step.body, step.jointly_with, step.document_number, f"{_('总额')} {step.total}" if step.total else ""]
    return {
        "since": timezone.localdate(step.at),
        "until": timezone.localdate(step.at),
        "title": f"{step.get_kind_display()} · {step.by}",
        "text": " · ".join(filter(None, [*parts, step.opinion])),
        "tone": "red" if step.kind == "returned" else "blue",
    }


def _total(posts: int | None) -> str | None:
    return None if posts is None else number(posts)


def _norm_of(plan: EstablishmentPlan) -> str:
    """By which norm the plan was reckoned, in the language of the page, with its document."""
    named = plan.norm.get(language()) or plan.norm.get("zh", "")
    return f"{named} {plan.norm.get('document_number', '')}".strip()


def _facts(plan: EstablishmentPlan, *, opens: bool = False) -> list[dict[str, Any]]:
    return [
        {"label": _("状态"), "value": plan.get_state_display()},
        {"label": _("数据日期"), "value": plan.reckoned_on},
        {"label": _("执行日期"), "value": plan.effective_from},
        {"label": _("申请总额"), "value": _total(plan.requested_total)},
        {"label": _("核定总额"), "value": _total(plan.verified_total)},
        {"label": _("审批总额"), "value": _total(plan.approved_total)},
        {"label": _("已分配"), "value": _total(plan.allocated_total)},
        {"label": _("测算标准"), "value": _norm_of(plan)},
        {
            "label": _("数据快照"), "value": plan.snapshot_id,
            "url": address("snapshot", plan.snapshot_id) if plan.snapshot_id and opens else "",
        },
        {
            "label": _("上一版本"), "value": str(plan.previous) if plan.previous else None,
            "url": plan.previous.get_absolute_url() if plan.previous else "",
        },
    ]  # fmt: skip


def _buttons(scope: Scope, plan: EstablishmentPlan) -> list[dict[str, Any]]:
    buttons = []
    found = NEXT.get(PlanState(plan.state))
    if found and scope.may(found[2]) and not _own(scope, plan, found[2]):
        buttons.append({"url": address(found[0], plan.pk), "icon": "check", "label": found[1], "primary": True})
    if plan.state == PlanState.ALLOCATED and scope.may(Permission.ESTABLISHMENT_DRAFT):
        buttons.append({"url": address("establishment_allocate", plan.pk), "icon": "edit", "label": _("调整分配")})
    if _may_return(scope, plan):
        buttons.append({"url": address("establishment_return", plan.pk), "icon": "arrow-back-up", "label": _("退回")})
    if plan.state == PlanState.DRAFT and scope.may(Permission.ESTABLISHMENT_DRAFT):
        buttons.append({"url": address("establishment_withdraw", plan.pk), "icon": "x", "label": _("撤回")})
    return buttons


def _own(scope: Scope, plan: EstablishmentPlan, permission: Permission) -> bool:
    return permission != Permission.ESTABLISHMENT_DRAFT and plan.drafted_by_id == scope.standing.user.pk


def _may_return(scope: Scope, plan: EstablishmentPlan) -> bool:
    """Whoever would take the next decision may return the plan instead."""
    needed = Permission.ESTABLISHMENT_VERIFY if plan.state == PlanState.DRAFT else Permission.ESTABLISHMENT_APPROVE
    return not plan.is_over and scope.may(needed) and plan.drafted_by_id != scope.standing.user.pk


@requires(Permission.ESTABLISHMENT_DRAFT)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a version."""
    scope = Scope(request)
    if not scope.may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    title = _("%(county)s%(year)s年中小学教职工编制方案") % {"county": scope.county, "year": scope.on.year}
    form = DraftForm(request.POST or None, initial={"title": title})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_plan(scope.county, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已按数据日期测算各校应配人数，申请总额 %(n)s。") % {"n": made.requested_total})
            return redirect(made)
    return show(
        request, scope, "establishment_plans", "area_form", heading=pgettext("heading", "拟定编制方案"), form=form,
        submit=_("测算并拟定"), back=address("establishment_plans"), wide=("title",),
    )  # fmt: skip


class StepView:
    """A step of the chain: the form about the plan as it is, the verb, and back to the plan."""

    permissions: tuple[Permission, ...]
    form_class: type[forms.Form]
    heading: Any
    submit: Any

    @classmethod
    def as_view(cls, **_given: Any) -> Any:
        """The view behind its gate."""
        return requires(*cls.permissions)(cls())

    def __call__(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, or take the step."""
        held, scope = _plan(request, pk), Scope(request)
        if not any(held.county_id in scope.standing.organisations(each) for each in self.permissions):
            raise PermissionDenied
        form = self.form(request, held)
        status = 200
        if request.method == "POST":
            if form.is_valid() and self.taken(request, held, form):
                messages.success(request, _("已办理：%(step)s。") % {"step": self.heading})
                return redirect(held)
            status = 422
        context = {"heading": self.heading, "form": form, "plan": held, "submit": self.submit, **self.more(held, form)}
        response = show(request, scope, "establishment_plans", self.template(), back=held.get_absolute_url(), **context)
        response.status_code = status
        return response

    def template(self) -> str:
        """The page."""
        return "area_form"

    def form(self, request: HttpRequest, plan: EstablishmentPlan) -> Any:
        """The form, about the plan as it is now unless it was sent."""
        initial = {"seen": plan.moves, **self.initial(plan)}
        return self.form_class(request.POST or None, request.FILES or None, initial=initial)

    def initial(self, plan: EstablishmentPlan) -> dict[str, Any]:
        """What is filled in already."""
        return {}

    def more(self, plan: EstablishmentPlan, form: Any) -> dict[str, Any]:
        """What the page gets besides."""
        return {"facts": _facts(plan)[1:6]}

    def taken(self, request: HttpRequest, plan: EstablishmentPlan, form: Any) -> bool:
        """Whether the verb was carried out; a refusal is said on the form."""
        try:
            self.act(plan, form, request.user)
        except RefusedError as refused:
            form.add_error(None, str(refused))
            return False
        except UnwelcomeFileError as unwelcome:
            form.add_error("papers", str(unwelcome.args[0]))
            return False
        return True

    def act(self, plan: EstablishmentPlan, form: Any, by: Any) -> None:
        """The verb."""
        raise TypeError(f"{type(self).__name__} must say what it does")


class DecisionView(StepView):
    """A decision on a total."""

    form_class: type[forms.Form] = DecisionForm
    verb: Callable[..., Any]

    def act(self, plan: EstablishmentPlan, form: Any, by: Any) -> None:
        """Record the decision."""
        given = form.cleaned_data
        type(self).verb(plan, seen=given["seen"], by=by, decision=form.decision(), papers=given["papers"])


class Verify(DecisionView):
    """The establishment office, with the finance department, verifies."""

    permissions = (Permission.ESTABLISHMENT_VERIFY,)
    heading, submit = gettext_lazy("记录核定结果"), gettext_lazy("记录核定")
    verb = staticmethod(actions.verify)

    def initial(self, plan: EstablishmentPlan) -> dict[str, Any]:
        """The total asked for."""
        return {"total": plan.requested_total, "body": _("机构编制部门"), "jointly_with": _("财政部门")}


class Approve(DecisionView):
    """The committee approves."""

    permissions = (Permission.ESTABLISHMENT_APPROVE,)
    heading, submit = gettext_lazy("记录审批结果"), gettext_lazy("记录审批")
    verb = staticmethod(actions.approve)

    def initial(self, plan: EstablishmentPlan) -> dict[str, Any]:
        """The total verified."""
        return {"total": plan.verified_total, "body": _("机构编制委员会")}


class File(DecisionView):
    """The division is filed; the posts are the schools' from the plan's day on."""

    form_class = FilingForm
    permissions = (Permission.ESTABLISHMENT_APPROVE,)
    heading, submit = gettext_lazy("记录备案"), gettext_lazy("备案并写入各校核定编制")
    verb = staticmethod(actions.file)

    def initial(self, plan: EstablishmentPlan) -> dict[str, Any]:
        """Where plans are filed."""
        return {"body": _("机构编制部门")}


class Return(StepView):
    """Back to the drafter with an opinion."""

    form_class = OpinionForm
    permissions = (Permission.ESTABLISHMENT_VERIFY, Permission.ESTABLISHMENT_APPROVE)
    heading, submit = gettext_lazy("退回方案"), gettext_lazy("退回")

    def act(self, plan: EstablishmentPlan, form: Any, by: Any) -> None:
        """Return it."""
        actions.return_plan(plan, seen=form.cleaned_data["seen"], by=by, opinion=form.cleaned_data["opinion"])


class Withdraw(StepView):
    """A draft is taken back."""

    form_class = OpinionForm
    permissions = (Permission.ESTABLISHMENT_DRAFT,)
    heading, submit = gettext_lazy("撤回方案"), gettext_lazy("撤回")

    def act(self, plan: EstablishmentPlan, form: Any, by: Any) -> None:
        """Withdraw it."""
        actions.withdraw(plan, seen=form.cleaned_data["seen"], by=by, opinion=form.cleaned_data["opinion"])


class Allocate(StepView):
    """Posts are divided among the schools within the approved total."""

    permissions = (Permission.ESTABLISHMENT_DRAFT,)
    heading, submit = gettext_lazy("分配到校"), gettext_lazy("保存分配")

    def template(self) -> str:
        """A page with a line for each stage of each school."""
        return "establishment_allocate"

    def form(self, request: HttpRequest, plan: EstablishmentPlan) -> AllocationForm:
        """A field for every line."""
        lines = plan.lines.select_related("school")
        return AllocationForm(request.POST or None, lines, initial={"seen": plan.moves})

    def more(self, plan: EstablishmentPlan, form: AllocationForm) -> dict[str, Any]:
        """The lines with the way to each proposal."""
        shown = [(_shown(line, {}), field) for line, field in form.rows()]
        return {"facts": _facts(plan)[1:6], "shown": shown, "proposed": sum(line.proposed or 0 for line in form.lines)}

    def act(self, plan: EstablishmentPlan, form: AllocationForm, by: Any) -> None:
        """Allot."""
        given = form.cleaned_data
        actions.allocate(plan, seen=given["seen"], by=by, posts=form.posts(), reason=given["reason"])
