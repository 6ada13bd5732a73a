"""WHO MAY DO WHAT: permissions, roles and the rule for each, on one page; no models.

Grants of roles to people are in ``directory``; every view declares its permission with :func:`requires`.
"""

from junheng.web.access.gate import (
    PUBLIC,
    SIGNED_IN,
    Gate,
    NoStanding,
    RequiresMixin,
    Standing,
    gate_of,
    public,
    requires,
    standing_of,
)
from junheng.web.access.permissions import Permission
from junheng.web.access.privacy import Privacy, all_of, privacy_of
from junheng.web.access.roles import ROLE_RULES, Duty, Role, RoleRule

__all__ = [
    "PUBLIC",
    "ROLE_RULES",
    "SIGNED_IN",
    "Duty",
    "Gate",
    "NoStanding",
    "Permission",
    "Privacy",
    "RequiresMixin",
    "Role",
    "RoleRule",
    "Standing",
    "all_of",
    "gate_of",
    "privacy_of",
    "public",
    "requires",
    "standing_of",
]
