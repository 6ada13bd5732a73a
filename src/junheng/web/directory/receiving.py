"""What Django and allauth report about signing in, written to the audit chain, each in a transaction of its own."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as social_signals
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from junheng.web.directory.models import User
from junheng.web.records.audit import name_deputies, record

name_deputies(lambda account: account.stands_in_for())


def _write(user: Any, action: str, **details: Any) -> None:
    if isinstance(user, User):
        with transaction.atomic():
            record(user, action, user, organisation=user.organisation, **details)


def _ways_in(request: Any) -> str:
    """How the person of the request proved who he is, such as ``password+totp``."""
    session = getattr(request, "session", None)
    steps = session.get("account_authentication_methods", []) if session is not None else []
    return "+".join(str(step.get("type") or step.get("provider") or step.get("method")) for step in steps)


@receiver(user_logged_in, dispatch_uid="audit_sign_in")
def on_sign_in(sender: object, request: Any, user: Any, **_given: Any) -> None:
    """Somebody came in."""
    _write(user, "directory.session.begun", ways=_ways_in(request), address=_address(request))


@receiver(user_logged_out, dispatch_uid="audit_sign_out")
def on_sign_out(sender: object, request: Any, user: Any, **_given: Any) -> None:
    """Somebody left."""
    _write(user, "directory.session.ended")


@receiver(user_login_failed, dispatch_uid="audit_sign_in_failed")
def on_sign_in_failed(sender: object, credentials: dict[str, Any], request: Any = None, **_given: Any) -> None:
    """Somebody gave a wrong password. A name that is nobody's is not kept: it may be a password typed too early."""
    user = User.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
    with transaction.atomic():
        record(None, "directory.session.refused", user, organisation=user.organisation if user else None,
               known=user is not None, address=_address(request))  # fmt: skip


def record_shut_name(name: str) -> None:
    """Writes that a name was shut for a while after too many failures, where it is somebody's."""
    user = User.objects.filter(username__iexact=name).first()
    if user is not None:
        with transaction.atomic():
            record(None, "directory.session.shut", user, organisation=user.organisation)


def _address(request: Any) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""


@receiver([account_signals.password_changed, account_signals.password_set], dispatch_uid="audit_password")
def on_password_changed(sender: object, request: Any, user: Any, **_given: Any) -> None:
    """A password was changed by its owner: the first one need not be changed again, other sessions end."""
    from junheng.web.directory.actions.sessions import end_sessions  # noqa: PLC0415 - models are not ready at import

    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        user.must_change_password = False
        ended = end_sessions(user, but=request.session.session_key or "")
        record(user, "directory.password.changed", user, organisation=user.organisation, other_sessions_ended=ended)


@receiver(mfa_signals.authenticator_added, dispatch_uid="audit_factor_added")
def on_factor_added(sender: object, user: Any, authenticator: Any, **_given: Any) -> None:
    """A second factor was set up."""
    _write(user, "directory.factor.added", kind=authenticator.type)


@receiver(mfa_signals.authenticator_removed, dispatch_uid="audit_factor_removed")
def on_factor_removed(sender: object, request: Any, user: Any, authenticator: Any, **_given: Any) -> None:
    """A second factor was removed by its owner: other sessions end, and this one has to be looked at again."""
    from junheng.web.directory.actions.sessions import end_sessions  # noqa: PLC0415 - models are not ready at import

    with transaction.atomic():
        request.session.pop("second_factor", None)
        ended = end_sessions(User.objects.get(pk=user.pk), but=request.session.session_key or "")
        _write(user, "directory.factor.removed", kind=authenticator.type, other_sessions_ended=ended)


@receiver(mfa_signals.authenticator_reset, dispatch_uid="audit_factor_reset")
def on_factor_reset(sender: object, user: Any, authenticator: Any, **_given: Any) -> None:
    """Recovery codes were made anew."""
    _write(user, "directory.factor.renewed", kind=authenticator.type)


@receiver(mfa_signals.authentication_failed, dispatch_uid="audit_factor_failed")
def on_factor_failed(sender: object, user: Any, authenticator: Any, **_given: Any) -> None:
    """A wrong code after a right password."""
    with transaction.atomic():
        record(None, "directory.factor.refused", user, organisation=user.organisation, kind=authenticator.type)


@receiver(social_signals.social_account_added, dispatch_uid="audit_outside_login_added")
def on_outside_login_added(sender: object, sociallogin: Any, **_given: Any) -> None:
    """An outside login was joined to the account."""
    _write(sociallogin.user, "directory.outside_login.added", provider=sociallogin.account.provider)


@receiver(social_signals.social_account_removed, dispatch_uid="audit_outside_login_removed")
def on_outside_login_removed(sender: object, socialaccount: Any, **_given: Any) -> None:
    """An outside login was taken off."""
    _write(socialaccount.user, "directory.outside_login.removed", provider=socialaccount.provider)
