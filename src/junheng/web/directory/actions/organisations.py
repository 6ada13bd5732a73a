"""Organisations: adding, renaming, moving, closing, putting in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.changing import organisation_changed
from junheng.web.directory.models import FormerName, Organisation, OrganisationKind, RoleGrant, User
from junheng.web.records.audit import record

BELOW: Mapping[str, tuple[OrganisationKind, ...]] = {
    "province": (OrganisationKind.PREFECTURE, OrganisationKind.COUNTY),
    "prefecture": (OrganisationKind.COUNTY,),
    "county": (OrganisationKind.CLUSTER, OrganisationKind.SCHOOL),
    "cluster": (OrganisationKind.SCHOOL,),
    "school": (),
}
"""What may stand below what. A school stands directly below its county where there are no clusters."""


def _taken() -> ValidationError:
    return ValidationError({"code": _("同一县（市、区）内已有这个代码的同类机构。")})


def _tell(organisation: Organisation, what: str, on: date, by: User | None) -> None:
    organisation_changed.send(sender=Organisation, organisation=organisation, what=what, on=on, by=by)


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _hold_county(organisation: Organisation) -> Organisation | None:
    """The county that an organisation belongs to: whoever changes the order of its schools waits for the others."""
    county = organisation.its_county
    return _locked(county) if county is not None else None


def number_schools(county: Organisation) -> None:
    """Number the schools through the county as the tree has them: clusters in their order, in each its schools.

    Lists sort by this number alone. The caller holds the county.
    """
    schools = Organisation.objects.filter(county=county, kind=OrganisationKind.SCHOOL).select_related("parent")
    inside = list(schools.order_by("parent__position", "parent__code", "position", "code"))
    if all(one.position < other.position for one, other in pairwise(inside)):
        return
    for place, school in enumerate(inside, 1):
        school.position = place
    Organisation.objects.bulk_update(inside, ["position"])


def add_organisation(
    by: User | None, parent: Organisation | None, *, kind: str, code: str, name: str, short_name: str = "",
    opened: date | None = None,
) -> Organisation:  # fmt: skip
    """Add an organisation below another, last in the bureau's order. Raises ``ValidationError`` naming the field."""
    try:
        with transaction.atomic():
            county = _hold_county(parent) if parent is not None else None
            if parent is not None:
                parent = _locked(parent)
                if kind not in BELOW[parent.kind]:
                    raise ValidationError({"kind": _("这一类机构不能设在所选机构之下。")})
                if parent.closed:
                    raise ValidationError(_("上级机构已经撤销。"))
            last = Organisation.objects.filter(parent=parent).order_by("-position").first()
            made = Organisation(
                parent=parent, kind=kind, code=code, name=name, short_name=short_name, opened=opened,
                county=parent.its_county if parent is not None and kind in {"cluster", "school"} else None,
                position=last.position + 1 if last else 1,
            )  # fmt: skip
            made.save(force_insert=True)
            if county is not None:
                number_schools(county)
                made.refresh_from_db(fields=["position"])
            record(by, "directory.organisation.added", made, organisation=made,
                   after={"kind": kind, "code": code, "name": name, "parent": str(parent or "")})  # fmt: skip
            _tell(made, "added", opened or timezone.localdate(), by)
    except IntegrityError:
        raise _taken() from None
    return made


def rename(by: User, organisation: Organisation, *, name: str, short_name: str, on: date, reason: str) -> Organisation:
    """Give another name from a day on; the name borne before is kept."""
    with transaction.atomic():
        organisation = _locked(organisation)
        before = {"name": organisation.name, "short_name": organisation.short_name}
        after = {"name": name, "short_name": short_name}
        if before == after:
            raise ValidationError(_("名称没有变化。"))
        if on > timezone.localdate():
            raise ValidationError({"on": _("请在新名称启用之日或之后登记。")})
        if organisation.name != name:
            last = organisation.former_names.first()
            since = last.valid_until if last and last.valid_until else organisation.opened
            if since and on < since:
                raise ValidationError({"on": _("启用日期早于现名称的启用日期。")})
            FormerName.objects.create(
                organisation=organisation, name=organisation.name, short_name=organisation.short_name,
                valid_from=since or on, valid_until=on, source="edit",
            )  # fmt: skip
        organisation.name, organisation.short_name = name, short_name
        organisation.save()
        record(by, "directory.organisation.renamed", organisation, organisation=organisation, before=before,
               after=after | {"on": on}, reason=reason)  # fmt: skip
        _tell(organisation, "renamed", on, by)
    return organisation


def move(by: User, organisation: Organisation, parent: Organisation, *, on: date, reason: str) -> Organisation:
    """Put an organisation below another of the same county."""
    with transaction.atomic():
        county = _hold_county(parent)
        organisation, parent = _locked(organisation), _locked(parent)
        if organisation.kind not in BELOW[parent.kind]:
            raise ValidationError({"parent": _("这一类机构不能设在所选机构之下。")})
        if organisation.kind in {"cluster", "school"} and parent.its_county != organisation.its_county:
            raise ValidationError({"parent": _("不能移到另一个县（市、区）。")})
        if parent.closed:
            raise ValidationError({"parent": _("上级机构已经撤销。")})
        if organisation.parent_id == parent.pk:
            raise ValidationError({"parent": _("已经隶属于这个机构。")})
        before = {"parent": str(organisation.parent or "")}
        organisation.parent = parent
        organisation.save()
        if county is not None:
            number_schools(county)
            organisation.refresh_from_db(fields=["position"])
        record(by, "directory.organisation.moved", organisation, organisation=organisation, before=before,
               after={"parent": str(parent), "on": on}, reason=reason)  # fmt: skip
        _tell(organisation, "moved", on, by)
    return organisation


def hindrances(organisation: Organisation, on: date) -> list[str]:
    """Why an organisation cannot be closed: what is open below it, and roles in force in it, by name."""
    today = timezone.localdate()
    below = Organisation.objects.descendants(organisation).open_on(on)
    grants = RoleGrant.objects.filter(organisation=organisation).standing_open(max(on, today))
    said = [_("下属的%(name)s还没有撤销") % {"name": each.name} for each in below[:10]]
    said += [
        _("%(name)s仍担任%(role)s") % {"name": each.user, "role": each.get_role_display()}
        for each in grants.select_related("user")[:20]
    ]
    return said


def close(by: User, organisation: Organisation, *, on: date, reason: str) -> Organisation:
    """Close an organisation from a day on; refused, saying why, while anything hangs on it."""
    with transaction.atomic():
        organisation = _locked(organisation)
        if organisation.closed:
            raise ValidationError(_("这个机构已经撤销。"))
        if organisation.opened and on < organisation.opened:
            raise ValidationError({"on": _("撤销日期早于设立日期。")})
        if said := hindrances(organisation, on):
            raise ValidationError([_("暂不能撤销："), *said])
        organisation.closed = on
        organisation.save(update_fields=["closed"])
        record(by, "directory.organisation.closed", organisation, organisation=organisation, before={"closed": None},
               after={"closed": on}, reason=reason)  # fmt: skip
        _tell(organisation, "closed", on, by)
    return organisation


def reopen(by: User, organisation: Organisation, *, reason: str) -> Organisation:
    """Undo a closing that was a mistake."""
    with transaction.atomic():
        organisation = _locked(organisation)
        if not organisation.closed:
            raise ValidationError(_("这个机构没有撤销。"))
        if organisation.parent is not None and organisation.parent.closed:
            raise ValidationError(_("上级机构已经撤销。"))
        before = organisation.closed
        organisation.closed = None
        organisation.save(update_fields=["closed"])
        record(by, "directory.organisation.reopened", organisation, organisation=organisation,
               before={"closed": before}, after={"closed": None}, reason=reason)  # fmt: skip
        _tell(organisation, "reopened", timezone.localdate(), by)
    return organisation


def _wanted_place(asked: int, present: int) -> tuple[int, bool, bool, int]:
    """Who is moved up stands before whoever has the place, who is moved down behind him."""
    return asked, asked >= present, asked > present, present


def reorder(by: User, parent: Organisation, places: Mapping[int, int]) -> int:
    """Put the organisations below one in the bureau's own order; gives how many changed their place."""
    with transaction.atomic():
        county = _hold_county(parent)
        children = list(Organisation.objects.select_for_update(no_key=True).filter(parent=parent))
        present = sorted(children, key=lambda c: (c.position, c.code))
        place_of = {child.pk: place for place, child in enumerate(present, 1)}
        wanted = sorted(present, key=lambda c: _wanted_place(places.get(c.pk, place_of[c.pk]), place_of[c.pk]))
        moved = [child for place, child in enumerate(wanted, 1) if place_of[child.pk] != place]
        if moved:
            for place, child in enumerate(wanted, 1):
                child.position = place
            Organisation.objects.bulk_update(wanted, ["position"])
            if county is not None:
                number_schools(county)
            record(by, "directory.organisation.ordered", parent, organisation=parent,
                   before={child.code: place_of[child.pk] for child in present},
                   after={child.code: place for place, child in enumerate(wanted, 1)})  # fmt: skip
    return len(moved)
