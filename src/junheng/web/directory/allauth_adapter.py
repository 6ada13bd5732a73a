"""What allauth may do here: nobody signs up by himself, guessing is slowed down, secrets are sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from junheng.web.directory import braking
from junheng.web.directory.models import User
from junheng.web.directory.receiving import record_shut_name
from junheng.web.records.sealing import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the system administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("账号或密码不正确。"),
        "too_many_login_attempts": _("尝试次数过多，此账号暂停登录，请稍后再试。"),
        "account_inactive": _("此账号已停用，请联系系统管理员。"),
        "enter_current_password": _("请输入现在的密码。"),
        "incorrect_password": _("密码不正确。"),
        "incorrect_code": _("验证码不正确。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses, before the password is looked at, a name or an address from which too many have failed."""
        address = braking.address_key(self.get_client_ip(request))
        name = str(credentials.get("username", ""))
        key = braking.name_key(name)
        if braking.shut_until(address) or braking.count(key, braking.BY_NAME):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The account, where name and password are right; that it is switched off is said at the next step."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            braking.release(braking.name_key(str(credentials.get("username", ""))))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the failure for the address too."""
        name = str(credentials.get("username", ""))
        braking.count(braking.address_key(self.get_client_ip(request)), braking.BY_ADDRESS)
        if braking.shut_until(braking.name_key(name)):
            record_shut_name(name)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Keeps when the person came last, before the present sign-in takes its place."""
        previous = user.last_login
        with transaction.atomic():
            super().login(request, user)
            if isinstance(user, User):
                user.previous_login = previous
                user.save(update_fields=["previous_login"])

    def send_notification_mail(self, *_args: Any, **_given: Any) -> None:
        """Nothing by mail: what was done to an account is in the audit chain and among the notifications."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An outside login is joined to an account that exists; it never makes one."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "connected_other": _("这个外部账号已关联到平台上的另一个账号。"),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Never."""
        return False

    def send_notification_mail(self, *_args: Any, **_given: Any) -> None:
        """Nothing by mail."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; what has to be kept secret is sealed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不正确。"),
    }

    def encrypt(self, text: str) -> str:
        """What the database keeps."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return decrypt(encrypted_text)
