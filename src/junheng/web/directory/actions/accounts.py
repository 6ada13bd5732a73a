"""Accounts: opening them one by one or in bulk, switching them off and on, resetting ways in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access import Duty
from junheng.web.directory.actions.sessions import end_sessions
from junheng.web.directory.models import Organisation, User
from junheng.web.records.audit import record

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Signs of first passwords and codes, without those that are mistaken for one another."""
CODE_HOLDS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A row of accounts to be opened in bulk."""

    username: str
    name: str
    organisation: Organisation
    duty: Duty = Duty.BUSINESS


def random_text(length: int) -> str:
    """Random signs that are easily read out, about five bits each."""
    return "".join(secrets.choice(ALPHABET) for _each in range(length))


def _digest(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").strip().casefold().encode()).hexdigest()


def open_account(by: User | None, *, username: str, name: str, duty: Duty | str, organisation: Organisation) -> str:
    """Open an account; gives the first password, which is kept nowhere and must be changed at the first sign-in.

    Raises ``ValidationError`` where the name is taken.
    """
    first = random_text(14)
    try:
        with transaction.atomic():
            user = User(username=User.normalize_username(username), name=name, duty=duty, organisation=organisation)
            user.set_password(first)
            user.must_change_password = True
            user.full_clean(exclude=["password"])
            user.save(force_insert=True)
            record(by, "directory.account.opened", user, organisation=organisation,
                   after={"username": user.username, "name": name, "duty": str(duty)})  # fmt: skip
    except IntegrityError:
        raise ValidationError({"username": _("已有同名账号。")}) from None
    return first


def open_accounts(rows: Iterable[NewAccount], by: User | None) -> dict[str, str]:
    """Open many accounts; gives the activation code of each by its username. One row of audit names them all.

    They have no password until their owners turn in the codes, so that thousands are opened within seconds. Accounts
    that exist already are left alone and are not in the answer.
    """
    until = timezone.now() + CODE_HOLDS
    codes: dict[str, str] = {}
    made: list[User] = []
    for row in rows:
        username = User.normalize_username(row.username)
        if username in codes:
            continue
        code = "-".join(random_text(5) for _each in range(3))
        user = User(
            username=username, name=row.name, organisation=row.organisation, duty=row.duty,
            password=make_password(None), activation_digest=_digest(code), activation_until=until,
        )  # fmt: skip
        user.derive()
        codes[username] = code
        made.append(user)
    with transaction.atomic():
        taken = {
            name
            for at in range(0, len(made), 500)
            for name in User.objects.filter(username__in=[u.username for u in made[at : at + 500]]).values_list(
                "username", flat=True
            )
        }
        fresh = [user for user in made if user.username not in taken]
        try:
            User.objects.bulk_create(fresh, batch_size=500)
        except IntegrityError:
            raise ValidationError(_("开设过程中有同名账号出现，没有开设任何账号，请重试。")) from None
        if fresh:
            record(by, "directory.account.opened_many", None, count=len(fresh), accounts=[u.username for u in fresh])
    return {user.username: codes[user.username] for user in fresh}


def activate(username: str, code: str, password: str) -> User:
    """Set the password that the owner chose, once, with the code. One message for every reason to refuse."""
    with transaction.atomic():
        user = (
            User.objects.select_for_update(no_key=True)
            .filter(username__iexact=username.strip(), is_active=True)
            .first()
        )
        right = (
            user is not None
            and user.activation_digest
            and secrets.compare_digest(user.activation_digest, _digest(code))
            and user.activation_until is not None
            and user.activation_until > timezone.now()
        )
        if user is None or not right:
            raise ValidationError(_("账号或启用码不正确，或启用码已过期。"))
        try:
            validate_password(password, user)
        except ValidationError as fault:
            raise ValidationError({"password": fault.messages}) from None
        user.set_password(password)
        user.activation_digest, user.activation_until = "", None
        user.save(update_fields=["password", "activation_digest", "activation_until"])
        record(user, "directory.account.activated", user, organisation=user.organisation)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _not_oneself(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise ValidationError(_("不能对自己的账号做这件事，请由另一位系统管理员办理。"))


def edit_account(by: User, user: User, *, name: str, organisation: Organisation) -> User:
    """Correct the name, or put the account under another organisation; roles stay as they are."""
    with transaction.atomic():
        user = _locked(user)
        before: dict[str, Any] = {"name": user.name, "organisation": str(user.organisation or "")}
        user.name, user.organisation = name, organisation
        user.save(update_fields=["name", "organisation", "pinyin", "initials", "strokes"])
        record(by, "directory.account.edited", user, organisation=organisation, before=before,
               after={"name": name, "organisation": str(organisation)})  # fmt: skip
    return user


def switch_off(by: User, user: User, *, reason: str) -> User:
    """Shut an account at once: its sessions end, and nobody signs in with it."""
    _not_oneself(by, user)
    with transaction.atomic():
        user = _locked(user)
        if not user.is_active:
            raise ValidationError(_("此账号已经停用。"))
        user.is_active = False
        user.save(update_fields=["is_active"])
        ended = end_sessions(user)
        record(by, "directory.account.switched_off", user, reason=reason, organisation=user.organisation,
               before={"is_active": True}, after={"is_active": False}, sessions_ended=ended)  # fmt: skip
    return user


def switch_on(by: User, user: User, *, reason: str) -> User:
    """Open an account again."""
    with transaction.atomic():
        user = _locked(user)
        if user.is_active:
            raise ValidationError(_("此账号正在启用中。"))
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(by, "directory.account.switched_on", user, reason=reason, organisation=user.organisation,
               before={"is_active": False}, after={"is_active": True})  # fmt: skip
    return user


def reset_password(by: User, user: User, *, reason: str) -> str:
    """Give a new first password, to be changed at the next sign-in; every session ends."""
    _not_oneself(by, user)
    first = random_text(14)
    with transaction.atomic():
        user = _locked(user)
        user.set_password(first)
        user.must_change_password = True
        user.activation_digest, user.activation_until = "", None
        user.save(update_fields=["password", "must_change_password", "activation_digest", "activation_until"])
        ended = end_sessions(user)
        record(by, "directory.password.reset", user, reason=reason, organisation=user.organisation,
               sessions_ended=ended)  # fmt: skip
    return first


def reset_second_factor(by: User, user: User, *, reason: str) -> int:
    """Take every second factor off, for somebody who has lost it; every session ends. Gives how many there were."""
    _not_oneself(by, user)
    with transaction.atomic():
        user = _locked(user)
        factors = Authenticator.objects.filter(user=user)
        count = factors.count()
        if not count:
            raise ValidationError(_("此账号没有启用第二种验证方式。"))
        factors.delete()
        ended = end_sessions(user)
        record(by, "directory.factor.reset", user, reason=reason, organisation=user.organisation, count=count,
               sessions_ended=ended)  # fmt: skip
    return count


def renew_code(by: User, user: User) -> str:
    """Give another activation code to an account that was never activated; the one before holds no more."""
    code = "-".join(random_text(5) for _each in range(3))
    with transaction.atomic():
        user = _locked(user)
        if not user.awaits_activation:
            raise ValidationError(_("此账号已经启用，不需要启用码。"))
        user.activation_digest, user.activation_until = _digest(code), timezone.now() + CODE_HOLDS
        user.save(update_fields=["activation_digest", "activation_until"])
        record(by, "directory.account.code_renewed", user, organisation=user.organisation)
    return code


def choose_language(user: Any, language: str) -> None:
    """Keep the language in which the person reads; this is nobody's business but his, so nothing is recorded."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=language)
