"""What cluster and bureau decide: one application or hundreds at once, each with its own trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.interface.numbers import listed, until
from junheng.web.records.audit import Trace, record, record_many
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation.actions.asking import locked, tell
from junheng.web.rotation.actions.asking_paper import ask_for_paper
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Deliberation,
    Level,
    Relief,
    ReviewOutcome,
    ReviewStep,
    RotationYear,
    Scenario,
    ScenarioStatus,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.returning import decided_in, time_for
from junheng.web.rotation.reviewing import ends_with, level_of
from junheng.web.rotation.wishing import settings_of
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


class MovedOnError(RefusedError):
    """Some of what was selected is no longer with the office: decided by another, changed or withdrawn meanwhile."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an office decides, with clause, opinion and the meeting it rests on; ``batch`` makes a repeat the same."""

    outcome: ReviewOutcome
    opinion: str
    clause: str
    batch: UUID
    meeting: Deliberation | None = None


def decide(
    year: RotationYear, applications: Sequence[int], level: Level, decision: Decision, *, at: datetime, by: User
) -> list[Application]:
    """Decide on all of the applications in one transaction, or on none; the same ``batch`` again changes nothing.

    Raises :class:`MovedOnError` where one is no longer with the office, :class:`RefusedError` for one's own
    application, a missing opinion or a teacher who has been deferred.
    """
    try:
        with transaction.atomic():
            return _decide(year, applications, level, decision, at=at, by=by)
    except IntegrityError:
        raise MovedOnError(_("所选申请中有的已由他人办理，请刷新后再选。")) from None


def _decide(
    year: RotationYear, applications: Sequence[int], level: Level, decision: Decision, *, at: datetime, by: User
) -> list[Application]:
    rows = (
        Application.objects.select_for_update(no_key=True, of=("self",))
        .filter(year=year, pk__in=applications)
        .order_by("pk")
    )
    related = ("teacher__user", "school__parent", "school__county", "year__county")
    held = list(rows.select_related(*related).prefetch_related("steps"))
    done = set(ReviewStep.objects.filter(batch=decision.batch, by=by).values_list("application", flat=True))
    if held and done >= {each.pk for each in held}:
        return held
    require_open(year, *decided_in(held), at=at)
    if not held:
        raise RefusedError(_("请先选择申请。"))
    if not decision.opinion.strip():
        raise RefusedError(_("请写明意见。"))
    chain = settings_of(year).chain
    _refuse(held, level, chain, decision, by)
    pause()
    status = _status(decision.outcome, level, chain)
    before = {each.pk: each.status for each in held}
    now = timezone.now()
    answer_by = time_for(held[0].year, at) if status is ApplicationStatus.RETURNED else None
    for each in held:
        each.status, each.answer_by = status, answer_by
    Application.objects.bulk_update(held, ["status", "answer_by"])
    ReviewStep.objects.bulk_create(
        ReviewStep(
            application=each, version=each.version, level=level, outcome=decision.outcome, clause=decision.clause,
            opinion=decision.opinion.strip(), meeting=decision.meeting, by=by, at=now, batch=decision.batch,
        )
        for each in held
    )  # fmt: skip
    given_time = {"answer_by": answer_by} if answer_by is not None else {}
    record_many(
        by, f"rotation.application.{_TRACED[decision.outcome]}",
        [
            Trace(
                each, {"status": before[each.pk]}, {"status": status.value, "level": level.value} | given_time,
                decision.opinion, each.school,
                {"clause": decision.clause, "meeting": decision.meeting.pk if decision.meeting else None,
                 "together": len(held)},
            )
            for each in held
        ],
    )  # fmt: skip
    words = {"year": year.title, "until": until(answer_by) if answer_by is not None else ""}
    notify(
        [each.teacher.user for each in held], f"rotation.application.{_TRACED[decision.outcome]}",
        _NEWS[decision.outcome], words, reverse("rotation:own", args=(year.pk,)),
    )  # fmt: skip
    ask_for_paper(held)
    return held


@transaction.atomic
def extend(application: Application, *, reason: str, at: datetime, by: User) -> Application:
    """Give what was returned its working days once more from now, with a reason; the teacher is told.

    Raises :class:`RefusedError` for one that is not being changed and for one's own.
    """
    held = locked(application)
    if held.answer_by is None or held.status not in {ApplicationStatus.RETURNED, ApplicationStatus.SUBMITTED}:
        raise RefusedError(_("申请%(status)s，没有退回修改的期限可以延长。") % {"status": held.get_status_display()})
    if held.year.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": held.year})
    if held.teacher.user_id == by.pk:
        raise RefusedError(_("不能办理本人的申请，请由其他人办理。"))
    if not reason.strip():
        raise RefusedError(_("请写明延长的理由。"))
    before, held.answer_by = held.answer_by, max(held.answer_by, time_for(held.year, at))
    held.save(update_fields=["answer_by"])
    record(
        by, "rotation.application.extended", held, before={"answer_by": before}, after={"answer_by": held.answer_by},
        reason=reason, organisation=held.school,
    )  # fmt: skip
    tell(
        held, "rotation.application.extended", gettext_noop("您的交流申请 %(number)s 的改正期限延长到 %(until)s。"),
        until=until(held.answer_by),
    )  # fmt: skip
    return held


def _refuse(held: list[Application], level: Level, chain: str, decision: Decision, by: User) -> None:
    gone = [each.number for each in held if level_of(each, chain) is not level]
    if gone:
        raise MovedOnError(
            _("%(numbers)s 已经不在本环节（他人已办理、本人修改或撤回），全部没有写入，请刷新后再选。")
            % {"numbers": listed(gone[:5])}
        )
    if any(each.teacher.user_id == by.pk for each in held):
        raise RefusedError(_("不能办理本人的申请，请由其他人办理。"))
    if decision.outcome is ReviewOutcome.REJECTED and not decision.clause.strip():
        raise RefusedError(_("不予通过的，应写明依据条款。"))
    if decision.outcome is ReviewOutcome.ACCEPTED:
        if Scenario.objects.filter(year=held[0].year_id, status=ScenarioStatus.ADOPTED).exists():
            raise RefusedError(_("本年度的方案已经采用，不能再通过申请。"))
        _refuse_unmoved(held)
        deferred = Relief.objects.in_force(held[0].year.starts).filter(teacher__in=[each.teacher_id for each in held])
        names = set(deferred.values_list("teacher", flat=True))
        numbers = [each.number for each in held if each.teacher_id in names]
        if numbers:
            raise RefusedError(_("%(numbers)s 的教师已批准暂缓或免除，不能通过。") % {"numbers": "、".join(numbers)})


def _refuse_unmoved(held: list[Application]) -> None:
    """Nobody is accepted whose verdict has become that he does not move, as after an appeal."""
    stay = Verdict.objects.filter(
        year=held[0].year_id, teacher__in=[each.teacher_id for each in held], current=True, standing=VerdictStanding.NO
    )
    keys = set(stay.values_list("teacher", flat=True))
    numbers = [each.number for each in held if each.teacher_id in keys]
    if numbers:
        raise RefusedError(_("%(numbers)s 的教师资格认定为不交流，不能通过。") % {"numbers": "、".join(numbers)})


def _status(outcome: ReviewOutcome, level: Level, chain: str) -> ApplicationStatus:
    if outcome is ReviewOutcome.RETURNED:
        return ApplicationStatus.RETURNED
    if outcome is ReviewOutcome.REJECTED:
        return ApplicationStatus.REJECTED
    return ApplicationStatus.ACCEPTED if ends_with(level, chain) else ApplicationStatus.AT_CLUSTER


_TRACED = {ReviewOutcome.ACCEPTED: "accepted", ReviewOutcome.RETURNED: "returned", ReviewOutcome.REJECTED: "rejected"}
_NEWS = {
    ReviewOutcome.ACCEPTED: gettext_noop("您在%(year)s中的申请已通过审核。"),
    ReviewOutcome.RETURNED: gettext_noop(
        "您在%(year)s中的申请被退回修改，请看意见，在 %(until)s 前改好并由学校重新签署。"
    ),
    ReviewOutcome.REJECTED: gettext_noop("您在%(year)s中的申请未予通过，请看意见和依据。"),
}
