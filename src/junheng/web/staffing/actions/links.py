"""What links of schools, groups, districts and teachers say: set from a day on, ended; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from junheng.web.directory.models import Dated, Organisation, SchoolTie
from junheng.web.records.audit import record
from junheng.web.staffing.models import GroupTerms, OutsidePartner, PairTerms, Teacher, TeacherState, TeacherTie
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

Terms = TypeVar("Terms", bound=Dated)


@transaction.atomic
def set_pair_terms(tie: SchoolTie, values: Mapping[str, Any], *, on: date, by: User, reason: str = "") -> PairTerms:
    """Set what the two schools of a tie share, and what they do all the year round, from a day on.

    ``values`` are ``shares`` (codes of :class:`Sharing`), ``activities`` and ``document_number``; the same again
    changes nothing. Raises :class:`RefusedError` for a tie that is over.
    """
    held = SchoolTie.objects.select_for_update(no_key=True).select_related("supporting").get(pk=tie.pk)
    if held.valid_until is not None:
        raise RefusedError(_("这个结对已经结束。"))
    about = {"supporting": held.supporting, "supported": held.supported}
    return _set(PairTerms, about, values, on=on, by=by, reason=reason, place=held.supporting, deed="pair_terms")


@transaction.atomic
def set_group_terms(
    county: Organisation, name: str, values: Mapping[str, Any], *, on: date, by: User, reason: str = ""
) -> GroupTerms:
    """Set what a school group of the county is, ``kind main shares document_number``, from a day on."""
    Organisation.objects.select_for_update(no_key=True).get(pk=county.pk)
    about = {"county": county, "name": name}
    return _set(GroupTerms, about, values, on=on, by=by, reason=reason, place=county, deed="group_terms")


@transaction.atomic
def set_outside_partner(
    county: Organisation, values: Mapping[str, Any], *, on: date, by: User, reason: str = ""
) -> OutsidePartner:
    """Set what the county has agreed with a district elsewhere in one programme, from a day on."""
    Organisation.objects.select_for_update(no_key=True).get(pk=county.pk)
    about = {"county": county, "partner": values["partner"], "programme": values["programme"]}
    rest = {name: value for name, value in values.items() if name not in about}
    return _set(OutsidePartner, about, rest, on=on, by=by, reason=reason, place=county, deed="outside_partner")


def _set(
    kind: type[Terms], about: Mapping[str, Any], values: Mapping[str, Any], *, on: date, by: User, reason: str,
    place: Organisation, deed: str,
) -> Terms:  # fmt: skip
    """Close the row that holds and add another; the caller has locked what it is about."""
    held = kind.objects.current().filter(**about).first()
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return cast("Terms", held)
    if held is not None:
        kind.objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    made = cast("Terms", kind.objects.create(**about, **values, valid_from=on, source="edit"))
    before = {name: getattr(held, name) for name in values} if held is not None else None
    record(
        by, f"staffing.{deed}.set", made, before=_plain(before), after=_plain(values), reason=reason,
        organisation=place, since=on,
    )  # fmt: skip
    return made


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """As the trail writes it: schools by their names."""
    if values is None:
        return None
    return {name: str(value) if isinstance(value, Organisation) else value for name, value in values.items()}


@transaction.atomic
def end_group_terms(terms: GroupTerms, *, on: date, by: User, reason: str) -> None:
    """End what is said of a group; its schools stay in it by their own state."""
    _end(terms, on=on, by=by, reason=reason, place=terms.county, deed="group_terms")


@transaction.atomic
def end_outside_partner(terms: OutsidePartner, *, on: date, by: User, reason: str) -> None:
    """End a pairing with a district elsewhere."""
    _end(terms, on=on, by=by, reason=reason, place=terms.county, deed="outside_partner")


def _end(terms: Any, *, on: date, by: User, reason: str, place: Organisation, deed: str) -> None:
    held = type(terms).objects.select_for_update(no_key=True).get(pk=terms.pk)
    if held.valid_until is not None:
        raise RefusedError(_("这条登记已经结束或已被替换。"))
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    type(terms).objects.filter(pk=held.pk).update(valid_until=max(held.valid_from, on))
    record(by, f"staffing.{deed}.ended", held, before={"valid_until": None}, after={"valid_until": on},
           reason=reason, organisation=place)  # fmt: skip


@transaction.atomic
def tie_teachers(
    supporting: Teacher, supported: Teacher, *, aim: str, start: date, end: date | None = None, by: User
) -> TeacherTie:
    """Bind two teachers of a county. Raises :class:`RefusedError` where they are one, have left, or are bound."""
    if supporting.pk == supported.pk:
        raise RefusedError(_("请选择另一位教师。"))
    if supporting.county_id != supported.county_id:
        raise RefusedError(_("只登记本县两位教师之间的结对。"))
    if end is not None and end < start:
        raise RefusedError(_("结束日期不能早于开始日期。"))
    present = TeacherState.objects.current().filter(teacher__in=(supporting, supported))
    if present.count() < 2:
        raise RefusedError(_("这位教师已经离开本县，不能再登记。"))
    try:
        with transaction.atomic():
            made = TeacherTie.objects.create(
                supporting=supporting, supported=supported, aim=aim, start=start, end=end, valid_from=start,
                source="edit",
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("这两位教师已经结对。")) from None
    _record_tie(by, "added", made, after={"aim": aim, "start": start, "end": end})
    return made


@transaction.atomic
def end_teacher_tie(tie: TeacherTie, *, on: date, reason: str, by: User) -> None:
    """End a pair of teachers; the row stays, closed on the day."""
    held = TeacherTie.objects.select_for_update(no_key=True, of=("self",)).get(pk=tie.pk)
    if held.valid_until is not None:
        raise RefusedError(_("这条登记已经结束或已被替换。"))
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    day = max(held.start, on)
    before, held.end, held.valid_until = held.end, day, day
    held.save(update_fields=["end", "valid_until"])
    _record_tie(by, "ended", held, before={"end": before}, after={"end": day}, reason=reason)


def _record_tie(by: User, verb: str, tie: TeacherTie, **said: Any) -> None:
    """In the trail of both teachers' files, each under the school of its own."""
    for teacher in (tie.supporting, tie.supported):
        state = teacher.state
        record(by, f"staffing.teacher_tie.{verb}", teacher, organisation=state.school if state else teacher.county,
               row=tie.pk, part="teacher_ties", **said)  # fmt: skip
