"""Who is told of something about a placement."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant, User
from junheng.web.rotation.models import Placement

SCHOOL = (Role.SCHOOL_CLERK, Role.PRINCIPAL)
BUREAU = (Role.BUREAU_CLERK, Role.SECTION_HEAD)


def offices(roles: Iterable[Role], *organisations: int) -> list[User]:
    """Accounts that hold one of the roles today at one of the organisations themselves."""
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(role__in=[role.value for role in roles])
    held = grants.filter(organisation__in=organisations).values("user")
    return list(User.objects.filter(is_active=True, pk__in=held))


def both_sides(placement: Placement) -> list[User]:
    """The teacher and the offices of both schools."""
    person = [placement.teacher.user] if placement.teacher.user is not None else []
    return [*person, *offices(SCHOOL, placement.from_school_id, placement.to_school_id)]


def bureau(placement: Placement) -> list[User]:
    """The bureau's personnel office."""
    return offices(BUREAU, placement.year.county_id)
