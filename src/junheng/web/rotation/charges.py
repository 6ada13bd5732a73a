"""Dual management (双重管理): which of the two schools keeps what of a placement, and by which clause.

The home school holds the personnel relation, pay and seniority; the host keeps attendance, tasks and appraisal. Where
the pack says something, its clause stands beside; where the bureau decided otherwise for one placement, its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from junheng.web.access import Permission
from junheng.web.directory.models import Organisation
from junheng.web.rotation import asked
from junheng.web.rotation.models import Charge, Matter, Placement, Side

if TYPE_CHECKING:
    from junheng.web.access import Standing

HOUSE_RULE: Mapping[Matter, Side] = {
    Matter.PERSONNEL: Side.HOME,
    Matter.PAY: Side.HOME,
    Matter.ATTENDANCE: Side.HOST,
    Matter.TASKS: Side.HOST,
    Matter.APPRAISAL: Side.HOST,
    Matter.TRAINING: Side.HOST,
    Matter.AWARDS: Side.HOST,
}
"""Who keeps what where neither the pack nor the bureau says otherwise."""
_WITH_THE_RELATION = (Matter.PERSONNEL, Matter.PAY)


@dataclass(frozen=True, slots=True)
class Kept:
    """A matter, the side and the school that keeps it, and why it is that one."""

    matter: Matter
    side: Side
    school: Organisation
    ground: str


def school_of(placement: Placement, side: Side) -> Organisation:
    """The school on a side of the placement."""
    return placement.from_school if side is Side.HOME else placement.to_school


def kept_by(placement: Placement) -> list[Kept]:
    """Every matter with the school that keeps it."""
    decided = {charge.matter: charge for charge in placement.charges.all()}
    stated = _stated(placement)
    found = []
    for matter in Matter:
        charge = decided.get(matter.value)
        if charge is not None:
            side, ground = Side(charge.side), charge.reason
        elif placement.relation_moved and matter in _WITH_THE_RELATION:
            side, ground = Side.HOST, _("人事关系已随本人调动")
        else:
            side, ground = stated.get(matter, (HOUSE_RULE[matter], ""))
        found.append(Kept(matter, side, school_of(placement, side), ground))
    return found


def side_of(placement: Placement, matter: Matter) -> Side:
    """The side that keeps a matter."""
    return next(kept.side for kept in kept_by(placement) if kept.matter is matter)


def keeps(standing: Standing, placement: Placement, matter: Matter, permission: Permission) -> bool:
    """Whether the person holds the permission at the school that keeps the matter."""
    return school_of(placement, side_of(placement, matter)).pk in standing.organisations(permission)


def _stated(placement: Placement) -> dict[Matter, tuple[Side, str]]:
    """What the year's pack says of it: the personnel relation, and who bears the benefits."""
    found: dict[Matter, tuple[Side, str]] = {}
    relation = asked.put(placement.year, "personnel_relation", {})
    if relation is not None and relation.verdict == "stays_at_home_school":
        found |= dict.fromkeys(_WITH_THE_RELATION, (Side.HOME, relation.clause))
    pays = asked.put(placement.year, "who_pays", {"on_support": True, "benefit": "home_benefits"})
    if pays is not None and pays.verdict in {"home_school", "receiving_school"}:
        found[Matter.PAY] = (Side.HOME if pays.verdict == "home_school" else Side.HOST, pays.clause)
    return found


def other_than_rule(placement: Placement) -> dict[str, Charge]:
    """Matters decided otherwise, by name."""
    return {charge.matter: charge for charge in placement.charges.all()}
