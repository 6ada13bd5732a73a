"""Accounts offered on the login page of a demo; anywhere else there are none."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant

DEMO_PASSWORD = "junheng-demo-2026"  # noqa: S105 - known to all by intention, and of fictional people only

_ABOVE_COUNTY = ("province", "prefecture")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try a role with."""

    role: Role
    username: str
    name: str
    organisation: str


def demo_accounts() -> list[DemoAccount]:
    """One account for each role, in the order of the policy; none outside :attr:`Mode.DEMO`.

    Whoever holds that role alone comes first, so that a teacher's page is not a principal's, and a county before what
    stands above it.
    """
    if not settings.DEMO:
        return []
    held = RoleGrant.objects.in_force(timezone.localdate()).filter(user__is_active=True, deputises__isnull=True)
    first: dict[str, RoleGrant] = {}
    for role in Role:
        offered = (
            held.filter(role=role)
            .annotate(roles=Count("user__grants"), above=Q(organisation__kind__in=_ABOVE_COUNTY))
            .select_related("user", "organisation")
            .order_by("roles", "above", "pk")
            .first()
        )
        if offered is not None and offered.rule.duty == offered.user.duty:
            first[role] = offered
    return [
        DemoAccount(Role(role), grant.user.username, grant.user.name, grant.organisation.shown)
        for role, grant in first.items()
    ]
