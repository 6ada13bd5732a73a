"""What the clock does: a job for each moment at which a phase opens or closes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.records.audit import record
from junheng.web.records.jobs import Work, enqueue, job_kind
from junheng.web.rotation.cycle import steps_of
from junheng.web.rotation.models import Phase, PhaseTurn, Turn

KIND = "rotation.phase.turn"


def ask_for_turns(phase: Phase) -> None:
    """Sees to it that both turns of a phase are done at their moments; asked again after each change of its dates."""
    for turn, moment in ((Turn.OPENED, phase.opens), (Turn.CLOSED, phase.closes)):
        due = moment.astimezone(UTC)  # one spelling of a moment, whether it comes from a form or from the table
        enqueue(
            KIND,
            {"phase": phase.pk, "turn": turn.value, "due": due.isoformat()},
            title=_("%(phase)s：%(turn)s") % {"phase": phase, "turn": turn.label},
            by=None,
            organisation=phase.year.county,
            subject=phase.year,
            due_at=due,
            once=f"rotation.turn:{phase.pk}:{turn.value}:{due.isoformat()}",
        )


@job_kind(KIND)
def turn_phase(work: Work) -> dict[str, Any]:
    """Does what is due when a phase opens or closes, once; nothing where its dates have been changed meanwhile."""
    arguments = work.arguments
    with work.finishing() as kept:
        phase = Phase.objects.select_for_update(no_key=True).select_related("year__county").get(pk=arguments["phase"])
        turn = Turn(arguments["turn"])
        due = phase.opens if turn is Turn.OPENED else phase.closes
        kept["url"] = phase.year.get_absolute_url()
        if due == datetime.fromisoformat(arguments["due"]) and not phase.year.is_archived:
            turn_now(phase, turn)
    return {"url": phase.year.get_absolute_url()}


@transaction.atomic
def turn_now(phase: Phase, turn: Turn) -> bool:
    """Records that a phase has turned, and does what hangs on it; False where that has been done before."""
    due = phase.opens if turn is Turn.OPENED else phase.closes
    _made, new = PhaseTurn.objects.get_or_create(phase=phase, turn=turn, due=due, defaults={"at": timezone.now()})
    if new:
        for step in steps_of(phase, turn):
            step(phase)
        record(
            None, f"rotation.phase.{turn.value}", phase.year, after={"phase": phase.kind, "due": due},
            organisation=phase.year.county,
        )  # fmt: skip
    return new
