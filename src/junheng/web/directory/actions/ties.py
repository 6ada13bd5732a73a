"""Ties between schools: one supports another from a day to a day."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Organisation, SchoolTie, User
from junheng.web.records.audit import record


def tie_schools(
    by: User, supporting: Organisation, supported: Organisation, *, kind: str, start: date, end: date | None = None
) -> SchoolTie:
    """Bind two schools. Raises ``ValidationError`` where they are one, no schools, or bound in this way already."""
    if supporting.pk == supported.pk:
        raise ValidationError({"supported": _("请选择另一所学校。")})
    if {supporting.kind, supported.kind} != {"school"}:
        raise ValidationError({"supported": _("结对只在学校之间建立。")})
    if end and end < start:
        raise ValidationError({"end": _("结束日期早于开始日期。")})
    try:
        with transaction.atomic():
            tie = SchoolTie.objects.create(
                supporting=supporting, supported=supported, kind=kind, start=start, end=end, valid_from=start,
                source="edit",
            )  # fmt: skip
            record(by, "directory.tie.added", tie, organisation=supporting,
                   after={"kind": kind, "start": start, "end": end})  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("这两所学校已经以这种方式结对。")) from None
    return tie


def end_tie(by: User, tie: SchoolTie, *, on: date, reason: str) -> SchoolTie:
    """End a tie; the row stays, closed on the day."""
    with transaction.atomic():
        tie = SchoolTie.objects.select_for_update(no_key=True).get(pk=tie.pk)
        if tie.valid_until is not None:
            raise ValidationError(_("这个结对已经结束。"))
        if on < tie.valid_from:
            raise ValidationError({"on": _("结束日期早于开始日期。")})
        if on > timezone.localdate():
            raise ValidationError({"on": _("请在结束之日或之后登记。")})
        before = {"valid_until": None, "end": tie.end}
        tie.valid_until = tie.end = on
        tie.save(update_fields=["valid_until", "end"])
        record(by, "directory.tie.ended", tie, organisation=tie.supporting, before=before, after={"end": on},
               reason=reason)  # fmt: skip
    return tie
