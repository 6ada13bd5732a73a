"""Money that the year's pack speaks of: allowances, and the deduction for unmet duties."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from junheng.policy import as_applied
from junheng.web.rotation import asked
from junheng.web.rotation.models import Payer, RotationYear

DEDUCTION = "duty_deduction"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a pack states of an allowance; ``amount`` is ``None`` where it leaves the number to an authority.

    ``name`` is Chinese, to be translated where it is shown.
    """

    name: str
    amount: Decimal | None
    payer: Payer | None
    rural_only: bool
    clause: str
    because: str


def stated(year: RotationYear) -> list[Stated]:
    """The allowances of which the year's pack speaks."""
    found = []
    rural = asked.put(year, "rural_allowance", {"rural_school": True})
    if rural is not None and isinstance(rural.value, dict):
        amount = _yuan(rural.value.get("yuan"))
        found.append(Stated(gettext_noop("农村特殊补贴"), amount, None, True, rural.clause, rural.because))
    pays = asked.put(year, "who_pays", {"on_support": True, "benefit": "allowance"})
    if pays is not None:
        said, _clause = asked.parameter(year, "allowance")
        hosts, _clause = asked.parameter(year, "benefits_by_host")
        payer = Payer.HOST if pays.verdict == "receiving_school" or "allowance" in (hosts or ()) else None
        found.append(Stated(gettext_noop("支教补贴"), _yuan(said), payer, False, pays.clause, pays.because))
    stipend, clause = asked.parameter(year, "volunteer_stipend")
    if stipend is not None:
        because = _clause_words(year, "volunteer_stipend")
        found.append(Stated(gettext_noop("志愿者补助"), _yuan(stipend), None, False, clause, because))
    return found


def _yuan(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _clause_words(year: RotationYear, name: str) -> str:
    pack = asked.pack_for(year)
    return as_applied(pack, pack.parameters[name].clause[0], asked.language(), year.parameters)


@dataclass(frozen=True, slots=True)
class DeductionRule:
    """What the pack says of unmet duties: ``percent`` ``None`` where an authority is to set it."""

    percent: Decimal | None
    clause: str
    because: str


def deduction_rule(year: RotationYear) -> DeductionRule | None:
    """The pack's rule on unmet duties; ``None`` where it has none, and then nothing is deducted."""
    found = asked.put(year, DEDUCTION, {"duties_met": False})
    if found is None or not isinstance(found.value, dict):
        return None
    return DeductionRule(_yuan(found.value.get("percent")), found.clause, found.because)
