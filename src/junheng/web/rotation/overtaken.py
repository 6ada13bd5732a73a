"""Decisions made since a scenario was computed that its moves contradict: a relief granted, a pin laid down."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from junheng.web.interface.numbers import listed
from junheng.web.rotation.assembling import reliefs_in_force
from junheng.web.rotation.models import Pin, PinKind, Scenario


def overtaken(scenario: Scenario) -> list[str]:
    """What of the moves no longer agrees with what has been decided, in words; nothing while they agree."""
    moves = scenario.moves.order_by()
    excused = dict.fromkeys(
        each.teacher for each in reliefs_in_force(scenario.year).filter(teacher__in=moves.values("teacher"))
    )
    there = moves.filter(teacher=OuterRef("teacher")).values("to_school")[:1]
    pins = Pin.objects.filter(year=scenario.year_id, withdrawn_at__isnull=True).select_related("teacher").order_by("pk")
    against = dict.fromkeys(pin.teacher for pin in pins.annotate(goes_to=Subquery(there)) if _contradicts(pin))
    said = []
    if excused:
        said.append(_("%(who)s已批准暂缓或免除，方案仍安排其交流；请人工调整或重新测算。") % {"who": listed(excused)})
    if against:
        said.append(_("%(who)s的安排与现有的指定或禁止不符；请人工调整或重新测算。") % {"who": listed(against)})
    return said


def _contradicts(pin: Pin) -> bool:
    """Whether the school in ``goes_to``, none for somebody who stays, is not where the decision has him."""
    goes_to: int | None = getattr(pin, "goes_to", None)
    if pin.kind == PinKind.STAY:
        return goes_to is not None
    return (goes_to == pin.school_id) is (pin.kind == PinKind.FORBID)
