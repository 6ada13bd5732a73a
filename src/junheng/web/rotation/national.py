"""The exchange in the field names of the national teacher system, as it stands in the personnel file."""

from __future__ import annotations

from functools import cache

from junheng.documents.national import NationalGroup, load_groups
from junheng.facts import SpellKind
from junheng.web.rotation.actions.placing_ends import spell_of
from junheng.web.rotation.models import Placement


@cache
def _group() -> NationalGroup:
    return next(group for group in load_groups() if group.rows == "exchanges")


def exchange_record(placement: Placement) -> list[tuple[str, str]]:
    """Header and value of each field; blank values where the personnel file has no spell for the placement."""
    spell = spell_of(placement)
    state = placement.teacher.state
    values: dict[str, str] = {"name": state.name if state else "", "number": placement.teacher.number}
    if spell is not None:
        values |= {
            "exchange_kind": spell.kind, "personnel_moved": "yes" if spell.personnel_moved else "no",
            "from": f"{spell.start:%Y-%m}", "until": f"{spell.end:%Y-%m}" if spell.end else "",
            "home": placement.from_school.name, "host": placement.to_school.name,
        }  # fmt: skip
    return [(column.header, _said(values.get(column.source, ""), column.codes)) for column in _group().columns]


def _said(value: str, codes: dict[str, str] | object) -> str:
    table = codes if isinstance(codes, dict) else {}
    kinds = {kind.value: kind.zh for kind in SpellKind}
    return str(table.get(value, kinds.get(value, value)))
