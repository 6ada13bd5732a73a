"""The first day of an installation: its county, and the three administrators who open everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from junheng.web.access import ROLE_RULES, Duty, Role
from junheng.web.directory.actions.accounts import open_account
from junheng.web.directory.actions.grants import NewGrant, grant_roles
from junheng.web.directory.actions.organisations import add_organisation
from junheng.web.directory.models import Organisation, OrganisationKind, User

ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class FoundedError(Exception):
    """The installation has accounts or organisations already, ``accounts`` and ``organisations`` of them."""

    def __init__(self, accounts: int, organisations: int) -> None:
        super().__init__(f"{accounts} accounts, {organisations} organisations")
        self.accounts, self.organisations = accounts, organisations


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation to be made: its code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Administrator:
    """An account made for an administrator; the password is kept nowhere and must be changed at the first sign-in."""

    username: str
    name: str
    role: Role
    password: str


@transaction.atomic
def found(
    county: Place, names: Mapping[Role, str], *, above: Place | None = None, reason: str = ""
) -> tuple[Organisation, list[Administrator]]:
    """Make the county, below its prefecture where one is given, and an account for each administrator named.

    The administrators are held by the topmost organisation, so that everything below is theirs. All of it is made or
    nothing. Raises :class:`FoundedError` where the installation is not empty, and ``ValidationError`` for a name that
    does not fit.
    """
    accounts, organisations = User.objects.count(), Organisation.objects.count()  # scoped: whether there are any
    if accounts or organisations:
        raise FoundedError(accounts, organisations)
    top = None
    if above is not None:
        top = add_organisation(None, None, kind=OrganisationKind.PREFECTURE, code=above.code, name=above.name)
    made = add_organisation(None, top, kind=OrganisationKind.COUNTY, code=county.code, name=county.name)
    at = top or made
    people = [_opened(role, names[role], at) for role in ADMINISTRATORS]
    users = User.objects.in_bulk([each.username for each in people], field_name="username")  # scoped: made above
    today = timezone.localdate()
    grant_roles([NewGrant(users[each.username], each.role, at, today) for each in people], None, reason=reason)
    return made, people


def _opened(role: Role, name: str, at: Organisation) -> Administrator:
    username = role.value.replace("_", "-")
    duty: Duty = ROLE_RULES[role].duty
    if not name.strip():
        raise ValidationError({"name": str(role.label)})
    first = open_account(None, username=username, name=name.strip(), duty=duty, organisation=at)
    return Administrator(username, name.strip(), role, first)
