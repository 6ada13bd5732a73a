"""What the room stores."""

from junheng.web.directory.models.dated import Dated, DatedQuerySet
from junheng.web.directory.models.grants import RoleGrant
from junheng.web.directory.models.organisations import FormerName, Organisation, OrganisationKind, SchoolTie
from junheng.web.directory.models.users import SignInBrake, User

__all__ = [
    "Dated",
    "DatedQuerySet",
    "FormerName",
    "Organisation",
    "OrganisationKind",
    "RoleGrant",
    "SchoolTie",
    "SignInBrake",
    "User",
]
