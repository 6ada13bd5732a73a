"""Roles granted to people at organisations, from a day to a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import ROLE_RULES, Permission, Privacy, Role, RoleRule, all_of

if TYPE_CHECKING:
    from junheng.web.access import Standing


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Reads of grants."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.USERS_VIEW) -> RoleGrantQuerySet:
        """Grants held at an organisation for which the person holds the permission."""
        return self.filter(organisation__in=standing.organisations(permission))

    def standing_open(self, day: date) -> RoleGrantQuerySet:
        """Not revoked and not yet ended, begun or not."""
        return self.filter(revoked_at__isnull=True).filter(Q(end__isnull=True) | Q(end__gte=day))

    def in_force(self, day: date) -> RoleGrantQuerySet:
        """Not revoked, begun and not yet ended.

        A deputy's only while the grant deputised for is in force too, and its holder's account is switched on.
        """

        def running(of: str) -> Q:
            return (
                Q(**{f"{of}revoked_at__isnull": True, f"{of}start__lte": day})
                & (Q(**{f"{of}end__isnull": True}) | Q(**{f"{of}end__gte": day}))
            )  # fmt: skip

        return self.filter(running("")).filter(
            Q(deputises__isnull=True) | (running("deputises__") & Q(deputises__user__is_active=True))
        )


class RoleGrant(models.Model):
    """A role held by a person at an organisation; for a deputy, ``deputises`` names the grant stood in for."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "user",
        "role",
        "organisation",
        "start",
        "end",
        "deputises",
        "granted_by",
        "granted_at",
        "revoked_at",
        "revoked_by",
        "reason",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="grants")
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"), null=True, blank=True)
    deputises = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="granted")
    granted_at = models.DateTimeField(_("授予时间"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="revoked"
    )
    reason = models.CharField(_("说明"), max_length=300, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ("user", "role", "start")
        constraints = (
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="grant_dates_in_order"),
            models.CheckConstraint(
                condition=Q(deputises__isnull=True) | Q(end__isnull=False), name="deputy_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="grant_revoked_at_and_by_together",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "organisation"),
                condition=Q(revoked_at__isnull=True, end__isnull=True, deputises__isnull=True),
                name="grant_open_once",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "organisation", "start"),
                condition=Q(revoked_at__isnull=True, deputises__isnull=True),
                name="grant_once_from_a_day",
            ),
            models.UniqueConstraint(
                fields=("user", "deputises", "start"),
                condition=Q(revoked_at__isnull=True, deputises__isnull=False),
                name="deputy_once_from_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.organisation}"

    def state_on(self, day: date) -> str:
        """``revoked``, ``ended``, ``ahead`` or ``in_force``; of this grant alone, a deputy's hangs on another too."""
        if self.revoked_at:
            return "revoked"
        if self.end and self.end < day:
            return "ended"
        return "ahead" if self.start > day else "in_force"

    @property
    def may(self) -> frozenset[Permission]:
        """What the grant allows: a deputy may do what the role may, but name no deputy of his own."""
        return self.rule.may if self.deputises_id is None else self.rule.may - {Permission.DEPUTY_NAME}

    @property
    def rule(self) -> RoleRule:
        """What the role allows."""
        return ROLE_RULES[Role(self.role)]
