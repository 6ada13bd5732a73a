"""Placements as an adopted plan, or the confirmed move of a cadre, asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from junheng.web.directory.models import Organisation
from junheng.web.records.audit import Trace, record_many
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.models import Placement, PlacementStatus, RotationYear
from junheng.web.rotation.still_serving import stints
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

TERMS = (
    "from_school", "to_school", "stage", "subject", "form", "role", "wish_rank", "start", "end", "relation_moved",
)  # fmt: skip


class Placing(Protocol):
    """A move as a placement is made from it; ``start`` and ``end`` are the first and last day of service."""

    @property
    def teacher(self) -> Teacher:
        """Who moves."""

    @property
    def from_school(self) -> Organisation:
        """Home."""

    @property
    def to_school(self) -> Organisation:
        """Host."""

    @property
    def stage(self) -> str:
        """Code of the stage."""

    @property
    def subject(self) -> str:
        """Code of the subject."""

    @property
    def form(self) -> str:
        """Form of exchange."""

    @property
    def role(self) -> str:
        """Code of the post that is taken up; blank for whoever teaches."""

    @property
    def wish_rank(self) -> int | None:
        """Which wish it fulfils."""

    @property
    def start(self) -> date:
        """First day."""

    @property
    def end(self) -> date:
        """Last day."""

    @property
    def relation_moved(self) -> bool:
        """Whether the personnel relation goes along."""


@transaction.atomic
def make_placements(year: RotationYear, moves: Sequence[Placing], *, by: User | None) -> list[Placement]:
    """A placement for each move; they are in force when their order is issued.

    Done again it changes nothing. Placements that are still planned and not among the moves are cancelled: the plan
    that asked for them has been replaced; those of cadres stand, because no plan asked for them. Raises
    :class:`RefusedError` where a teacher of the moves has been ordered elsewhere already, or has a post to take up.
    """
    held = in_line(year)
    standing = {
        each.teacher_id: each
        for each in Placement.objects.filter(year=held).exclude(status=PlacementStatus.CANCELLED)
    }  # fmt: skip
    _refuse_still_serving(held, moves)
    kept, new, replaced = [], [], []
    for move in moves:
        there = standing.pop(move.teacher.pk, None)
        if there is not None and there.role:
            raise RefusedError(
                _("%(teacher)s的任职安排已经确认（%(school)s），不能再按方案交流。")
                % {"teacher": move.teacher, "school": there.to_school}
            )
        if there is not None and _same(there, move):
            kept.append(there)
            continue
        if there is not None and there.status != PlacementStatus.PLANNED:
            raise RefusedError(
                _("%(teacher)s已经发文，不能按新的方案改派；请先更改或撤销原调配。") % {"teacher": move.teacher}
            )
        if there is not None:
            replaced.append(there)
        new.append(Placement(year=held, teacher=move.teacher, **{name: getattr(move, name) for name in TERMS}))
    replaced += [each for each in standing.values() if each.status == PlacementStatus.PLANNED and not each.role]
    Placement.objects.filter(pk__in=[each.pk for each in replaced]).update(status=PlacementStatus.CANCELLED)
    made = Placement.objects.bulk_create(new, batch_size=500)
    record_many(by, "rotation.placement.planned", [
        Trace(each, after={"to": each.to_school.code, "start": each.start, "end": each.end},
              organisation=each.from_school) for each in made
    ])  # fmt: skip
    record_many(by, "rotation.placement.replaced", [Trace(each, organisation=each.from_school) for each in replaced])
    return kept + made


@transaction.atomic
def add_placement(year: RotationYear, move: Placing, *, by: User | None) -> Placement:
    """One placement beside those that there are, for a cadre whose move is confirmed; under the lock of the year.

    Raises :class:`RefusedError` where the teacher has one in this year already.
    """
    held = in_line(year)
    there = Placement.objects.filter(year=held, teacher=move.teacher).exclude(status=PlacementStatus.CANCELLED).first()
    if there is not None:
        raise RefusedError(
            _("%(teacher)s本年度已有交流任务（%(school)s）；请先撤销它。")
            % {"teacher": move.teacher, "school": there.to_school}
        )
    made = Placement.objects.create(year=held, teacher=move.teacher, **{name: getattr(move, name) for name in TERMS})
    record_many(by, "rotation.placement.planned", [
        Trace(made, after={"to": made.to_school.code, "role": made.role, "start": made.start, "end": made.end},
              organisation=made.from_school)
    ])  # fmt: skip
    return made


def _refuse_still_serving(year: RotationYear, moves: Sequence[Placing]) -> None:
    """Nobody is at two schools: whoever serves a placement of another year stays until it ends."""
    for stint in stints(year, [move.teacher.pk for move in moves]):
        held = stint.placement
        if held.year_id != year.pk and stint.lasts_into(year):
            raise RefusedError(
                _("%(teacher)s在%(school)s的交流任务（%(year)s）还没有结束，不能再安排；请在方案中调整，或先办理结束。")
                % {"teacher": held.teacher, "school": held.to_school, "year": held.year}
            )


def _same(placement: Placement, move: Placing) -> bool:
    return all(getattr(placement, name) == getattr(move, name) for name in TERMS)
