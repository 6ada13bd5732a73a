"""What waits in the room for the person of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.records.waiting import Counted, Waiting
from junheng.web.staffing.models import (
    EstablishmentPlan,
    Intake,
    IntakeState,
    PlanState,
    RoutingStep,
    VerificationRound,
)

_DECISIONS = (
    (PlanState.DRAFT, gettext_lazy("待记录核定的编制方案"), Permission.ESTABLISHMENT_VERIFY),
    (PlanState.VERIFIED, gettext_lazy("待记录审批的编制方案"), Permission.ESTABLISHMENT_APPROVE),
    (PlanState.APPROVED, gettext_lazy("待分配到校的编制方案"), Permission.ESTABLISHMENT_DRAFT),
    (PlanState.ALLOCATED, gettext_lazy("待备案的编制方案"), Permission.ESTABLISHMENT_APPROVE),
)
"""What is to be done with a plan in each state, and by whom."""


def intakes_to_confirm(request: HttpRequest) -> Iterable[Counted]:
    """Rehearsed files that only wait for a confirmation, and one's own that came back with faults."""
    standing = standing_of(request)
    may_confirm, may_upload = (standing.allows(each) for each in (Permission.INTAKE_CONFIRM, Permission.INTAKE_UPLOAD))
    if not (may_confirm or may_upload):
        return
    url = reverse("staffing:intakes")
    if may_confirm:
        ready = Intake.objects.visible_to(standing).to_confirm_by(standing)
        yield Counted(_("待确认的数据导入"), url, ready, kind="staffing.intake.confirm")
    if may_upload:
        faulty = Intake.objects.visible_to(standing).filter(
            uploaded_by=request.user, state__in=(IntakeState.FAULTY, IntakeState.STALE)
        )
        yield Counted(_("待修改的导入文件"), url, faulty, kind="staffing.intake.mend")


def plans_to_decide(request: HttpRequest) -> Iterable[Counted]:
    """Establishment plans of which the person may take the next step; who drafted one does not decide on it."""
    standing = standing_of(request)
    for state, label, permission in _DECISIONS:
        if not standing.allows(permission):
            continue
        plans = EstablishmentPlan.objects.visible_to(standing, permission).filter(state=state)
        if permission != Permission.ESTABLISHMENT_DRAFT:
            plans = plans.exclude(drafted_by=request.user)
        yield Counted(
            label, _one_or_all("staffing:establishment_plan", "staffing:establishment_plans"), plans,
            kind=f"staffing.plan.{state}",
        )  # fmt: skip


def _one_or_all(one: str, listed: str) -> Callable[[Any, Any], str]:
    """The page of the only one, or the list."""
    return lambda least, greatest: reverse(one, args=(least,)) if least == greatest else reverse(listed)


def rounds_to_answer(request: HttpRequest) -> Iterable[Waiting]:
    """Open rounds: schools of the person's own that are silent, or, for the bureau, how many schools still are."""
    standing = standing_of(request)
    bureau = standing.organisations(Permission.ESTABLISHMENT_DRAFT)
    own = standing.organisations(Permission.TEACHERS_EDIT) - bureau
    if not bureau and not own:
        return
    for each in VerificationRound.objects.visible_to(standing).filter(closed_at__isnull=True):
        schools = Organisation.objects.filter(county=each.county_id).schools().open_on(each.reckoned_on)
        silent = schools.exclude(pk__in=each.returns.values("school"))
        mine = list(silent.filter(pk__in=own).values_list("pk", flat=True))
        url = reverse("staffing:verification_answer", args=(each.pk, mine[0])) if len(mine) == 1 else ""
        yield Waiting(
            _("待核对本校人员"), url or each.get_absolute_url(), len(mine), each.due, kind="staffing.round.answer"
        )
        if each.county_id in bureau:
            yield Waiting(
                _("人员核对中未答复的学校"),
                each.get_absolute_url(),
                silent.count(),
                each.due,
                kind="staffing.round.silent",
            )


def replies_to_record(request: HttpRequest) -> Iterable[Counted]:
    """Documents that are with a department whose answer is not recorded yet."""
    counties = standing_of(request).organisations(Permission.ESTABLISHMENT_DRAFT)
    if not counties:
        return
    open_steps = RoutingStep.objects.filter(document__county__in=counties, answered_on__isnull=True)
    url = _one_or_all("staffing:document", "staffing:documents")
    yield Counted(_("待登记回复的会签文件"), url, open_steps, kind="staffing.document.reply", key="document")
