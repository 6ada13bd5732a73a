"""What an order says of a placement: as it was issued, and after its amendments; what service changes is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import override

from junheng.web.rotation.models import ChangeOfOrder, OrderAmendment, OrderLine, Placement


@dataclass(frozen=True, slots=True)
class Issued:
    """A row of an order's list: who, from where to where (``to`` is the host's key), for what work and how long."""

    name: str
    home: str
    host: str
    to: int
    work: str
    form: str
    start: date
    end: date
    moved: bool

    @classmethod
    def of(cls, placement: Placement) -> Issued:
        """From a placement read with its names and schools; in Chinese, as the paper is."""
        with override("zh-hans"):
            subject = f"{placement.get_stage_display()}{placement.get_subject_display()}"
            return cls(
                placement.teacher_name or "", placement.from_school.name, placement.to_school.name,
                placement.to_school_id, str(placement.get_role_display()) if placement.role else subject,
                str(placement.get_form_display()), placement.start, placement.end, placement.relation_moved,
            )  # fmt: skip

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Issued:
        """From what a line of an order keeps."""
        days = {name: date.fromisoformat(kept[name]) for name in ("start", "end")}
        return cls(**{**kept, **days})

    def kept(self) -> dict[str, Any]:
        """As a line of an order keeps it."""
        return {**asdict(self), "start": self.start.isoformat(), "end": self.end.isoformat()}


def as_issued(line: OrderLine, placement: Placement) -> Issued:
    """The row as it stood in the order when it was issued; a line that kept nothing is read from the placement."""
    return Issued.read(line.issued) if line.issued else Issued.of(placement)


def term_ordered(placement: Placement) -> tuple[date, date]:
    """First and last day by the order and its amendments, whatever was agreed on during service."""
    line = OrderLine.objects.filter(placement=placement).first()
    if line is None or not line.issued:
        return placement.start, placement.end
    term = {name: line.issued[name] for name in ("start", "end")}
    changes = OrderAmendment.objects.filter(placement=placement, kind=ChangeOfOrder.CHANGED).order_by("at", "pk")
    for change in changes:
        term |= {name: change.after[name] for name in term if name in change.after}
    return date.fromisoformat(term["start"]), date.fromisoformat(term["end"])
