"""Roles: granting, revoking, and deputies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access import ROLE_RULES, Duty, Permission, Role
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.records.audit import record
from junheng.web.records.races import pause

LONGEST_DEPUTY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role to be granted among many."""

    user: User
    role: Role
    organisation: Organisation
    start: date
    end: date | None = None


def _described(grant: RoleGrant) -> dict[str, Any]:
    return {
        "role": grant.role, "organisation": str(grant.organisation), "start": grant.start, "end": grant.end,
    }  # fmt: skip


def _fits(user: User, role: Role, organisation: Organisation, start: date, end: date | None) -> None:
    """Raises ``ValidationError`` naming the field where the policy does not let this role be held like this."""
    rule = ROLE_RULES[role]
    if rule.duty != user.duty:
        raise ValidationError(
            {"role": _("此账号的用途是“%(duty)s”，不能担任这个角色。") % {"duty": Duty(user.duty).label}}
        )
    if organisation.kind not in rule.held_at:
        raise ValidationError({"organisation": _("“%(role)s”不在这一类机构任职。") % {"role": role.label}})
    if organisation.closed and organisation.closed <= start:
        raise ValidationError({"organisation": _("这个机构已经撤销。")})
    if end and end < start:
        raise ValidationError({"end": _("结束日期早于开始日期。")})
    if end and end < timezone.localdate():
        raise ValidationError({"end": _("结束日期已经过去。")})
    if not user.is_active:
        raise ValidationError(_("此账号已停用，请先由系统管理员恢复。"))


def _overlapping(user: User, role: Role, organisation: Organisation, start: date, end: date | None) -> bool:
    held = RoleGrant.objects.filter(
        user=user, role=role, organisation=organisation, deputises__isnull=True
    ).standing_open(start)
    return any(end is None or each.start <= end for each in held)


def grant_role(
    by: User, user: User, role: Role, organisation: Organisation, *, start: date, end: date | None = None,
    reason: str = "",
) -> RoleGrant:  # fmt: skip
    """Grant a role. Nobody grants himself anything; the same role at the same place is held once at a time.

    Raises ``ValidationError`` where the policy does not allow it.
    """
    if by.pk == user.pk:
        raise ValidationError(_("不能给自己授予角色，请由另一位安全管理员办理。"))
    try:
        with transaction.atomic():
            user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            _fits(user, role, organisation, start, end)
            if _overlapping(user, role, organisation, start, end):
                raise ValidationError(_("此人在这段时间已经担任这个角色。"))
            pause()
            grant = RoleGrant.objects.create(
                user=user, role=role, organisation=organisation, start=start, end=end, granted_by=by, reason=reason
            )
            record(
                by, "directory.grant.granted", user, reason=reason, organisation=organisation, after=_described(grant)
            )
    except IntegrityError:
        raise ValidationError(_("此人在这段时间已经担任这个角色。")) from None
    return grant


def grant_roles(rows: Iterable[NewGrant], by: User | None, *, reason: str = "") -> int:
    """Grant many roles at once, as after a roster has been taken in; gives how many. One row of audit names them all.

    Each must fit the policy. Whoever holds the role there already keeps it and gets no second one.
    """
    wanted = list(rows)
    for row in wanted:
        _fits(row.user, row.role, row.organisation, row.start, row.end)
    with transaction.atomic():
        held = set(
            RoleGrant.objects.filter(deputises__isnull=True, role__in={row.role for row in wanted})
            .standing_open(timezone.localdate())
            .values_list("user", "role", "organisation")
        )
        fresh: dict[tuple[int, str, int], RoleGrant] = {}
        for row in wanted:
            key = (row.user.pk, str(row.role), row.organisation.pk)
            if key not in held and (by is None or by.pk != row.user.pk):
                fresh[key] = RoleGrant(
                    user=row.user, role=row.role, organisation=row.organisation, start=row.start, end=row.end,
                    granted_by=by, reason=reason,
                )  # fmt: skip
        RoleGrant.objects.bulk_create(fresh.values(), batch_size=500)
        if fresh:
            said = [f"{g.user.username} {g.role} {g.organisation.code}" for g in fresh.values()]
            record(by, "directory.grant.granted_many", None, reason=reason, count=len(said), grants=said)
    return len(fresh)


def revoke(by: User, grant: RoleGrant, *, reason: str) -> RoleGrant:
    """Take a role back: the next request of its holder is answered without it. Deputies go with it."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=grant.user_id)
        grant = (
            RoleGrant.objects.select_for_update(no_key=True, of=("self",))
            .select_related("user", "organisation")
            .get(pk=grant.pk)
        )
        if grant.revoked_at is not None:
            raise ValidationError(_("这个角色已经收回。"))
        pause()
        now = timezone.now()
        deputies = list(grant.deputies.filter(revoked_at__isnull=True).select_related("user", "organisation"))
        for each in (grant, *deputies):
            each.revoked_at, each.revoked_by = now, by
            each.save(update_fields=["revoked_at", "revoked_by"])
        action = "directory.deputy.ended" if grant.deputises_id else "directory.grant.revoked"
        record(by, action, grant.user, reason=reason, organisation=grant.organisation, before=_described(grant))
        for each in deputies:
            record(by, "directory.deputy.ended", each.user, reason=reason, organisation=each.organisation,
                   before=_described(each))  # fmt: skip
    return grant


def possible_deputies(grant: RoleGrant) -> Any:
    """Accounts that may stand in for the holder of a grant: of business duty, switched on, at the place or below it."""
    below = Organisation.objects.descendants(grant.organisation, include_self=True)
    return User.objects.filter(organisation__in=below, duty=Duty.BUSINESS, is_active=True).exclude(pk=grant.user_id)


def name_deputy(by: User, grant: RoleGrant, user: User, *, start: date, end: date, reason: str) -> RoleGrant:
    """Name somebody who exercises one's role until a day. A deputy names no deputy of his own.

    Raises ``ValidationError`` where this is not for ``by`` to give away, or not to this person.
    """
    try:
        with transaction.atomic():
            # first the person, then the grant, as when it is revoked
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            grant = (
                RoleGrant.objects.select_for_update(no_key=True, of=("self",))
                .select_related("organisation")
                .get(pk=grant.pk)
            )
            today = timezone.localdate()
            if grant.user_id != by.pk or grant.deputises_id is not None or Permission.DEPUTY_NAME not in grant.may:
                raise ValidationError(_("只能委托他人代行本人的角色；代行来的角色不能再委托。"))
            if grant.state_on(today) != "in_force":
                raise ValidationError(_("这个角色已不在有效期内。"))
            if not possible_deputies(grant).filter(pk=user.pk).exists():
                raise ValidationError({"username": _("没有可以代行的这个账号：代行人须是本机构或下属机构的在用账号。")})
            if start < today or end < start:
                raise ValidationError({"end": _("请填写今天或以后的起止日期，结束不早于开始。")})
            if end - start > LONGEST_DEPUTY or (grant.end and end > grant.end):
                raise ValidationError({"end": _("代行不能超过一年，也不能超过本人任职的结束日期。")})
            if any(each.start <= end for each in grant.deputies.filter(user=user).standing_open(start)):
                raise ValidationError(_("此人在这段时间已经代行这个角色。"))
            pause()
            deputy = RoleGrant.objects.create(
                user=user, role=grant.role, organisation=grant.organisation, start=start, end=end, deputises=grant,
                granted_by=by, reason=reason,
            )  # fmt: skip
            record(by, "directory.deputy.named", user, reason=reason, organisation=grant.organisation,
                   after=_described(deputy))  # fmt: skip
    except IntegrityError:
        raise ValidationError(_("此人在这段时间已经代行这个角色。")) from None
    return deputy
