"""What a person may do now, read anew from the grants for every request, so that a revocation holds at once."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.http import HttpRequest

from junheng.web.access import Permission, Role
from junheng.web.directory.models import Organisation, RoleGrant, User


class Place(NamedTuple):
    """What menus and lists of choices show of an organisation."""

    pk: int
    parent_id: int | None
    kind: str
    code: str
    name: str
    short_name: str
    position: int
    closed: date | None

    @property
    def shown(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class PersonStanding:
    """The grants of a person in force on a day. Reads are made once, when first asked for."""

    def __init__(self, user: User, on: date) -> None:
        self.user = user
        self.on = on
        self.asked: tuple[Permission, ...] = ()
        """Permissions one of which the view of this request demands."""

    @cached_property
    def grants(self) -> tuple[RoleGrant, ...]:
        """Grants in force, with their organisations."""
        if not self.user.is_active:
            return ()
        held = RoleGrant.objects.filter(user=self.user).in_force(self.on)
        return tuple(
            g
            for g in held.select_related("organisation", "organisation__county", "deputises__user")
            if g.rule.duty == self.user.duty
        )

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Roles in force."""
        return frozenset(Role(grant.role) for grant in self.grants)

    @cached_property
    def _places(self) -> dict[int, tuple[Any, ...]]:
        """For each organisation of a grant, itself and everything below it."""
        tops = {grant.organisation_id: grant.organisation for grant in self.grants}
        below = Organisation.objects.descendants
        return {key: tuple(below(top, include_self=True).values_list(*Place._fields)) for key, top in tops.items()}

    @cached_property
    def _within(self) -> dict[int, frozenset[int]]:
        """The keys of the same."""
        return {key: frozenset(each[0] for each in places) for key, places in self._places.items()}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every organisation below which the person holds any role, in the bureau's order; itself among them."""
        found = {each[0]: Place(*each) for places in self._places.values() for each in places}
        return tuple(sorted(found.values(), key=lambda each: (each.position, each.code)))

    @cached_property
    def _reach(self) -> dict[Permission, frozenset[int]]:
        reach: defaultdict[Permission, frozenset[int]] = defaultdict(frozenset)
        for grant in self.grants:
            for permission in grant.may:
                reach[permission] |= self._within[grant.organisation_id]
        return dict(reach)

    def allows(self, permission: Permission) -> bool:
        """Whether any grant in force gives the permission."""
        return any(permission in grant.may for grant in self.grants)

    def organisations(self, permission: Permission) -> frozenset[int]:
        """Keys of the organisations for which it is given, with everything below them."""
        return self._reach.get(permission, frozenset())

    @cached_property
    def counties(self) -> tuple[Organisation, ...]:
        """The counties in which the person holds any role, in the bureau's order."""
        held = [g.organisation.its_county for g in self.grants]
        if None in held:  # a role above the counties
            keys = {each.pk for each in self.places if each.kind == "county"} | {each.pk for each in held if each}
            return tuple(Organisation.objects.filter(kind="county", pk__in=keys))
        found = {each.pk: each for each in held if each}
        return tuple(sorted(found.values(), key=lambda each: (each.position, each.code)))

    @property
    def county(self) -> Organisation | None:
        """The county whose data the person works with; the first, where there are several."""
        return self.counties[0] if self.counties else None

    def stands_in_for(self, organisation: object = None) -> str:
        """The name of the person whose role is exercised, where no role of the person's own would do.

        What counts are the grants that give what the view demands, at ``organisation`` where that is one.
        """
        serving = [g for g in self.grants if not self.asked or g.may & set(self.asked)]
        if isinstance(organisation, Organisation):
            there = [g for g in serving if organisation.pk in self._within[g.organisation_id]]
            serving = there or serving
        if not serving or any(grant.deputises_id is None for grant in serving):
            return ""
        return "、".join(sorted({str(grant.deputises.user) for grant in serving if grant.deputises}))

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role in force is to be exercised with a second factor only."""
        return any(grant.rule.second_factor for grant in self.grants)


def person_of(request: HttpRequest) -> User:
    """The account of the request, in a view that only somebody signed in can reach."""
    assert isinstance(request.user, User)  # noqa: S101 - the gate has let nobody else in
    return request.user
