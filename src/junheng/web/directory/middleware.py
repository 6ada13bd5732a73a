"""What happens to each request before its view: standing, language, idle sessions, and what must be done first."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from junheng.web.access import NoStanding, gate_of
from junheng.web.directory.models import User
from junheng.web.directory.standing import PersonStanding

Answer = Callable[[HttpRequest], HttpResponseBase]
SEEN = "seen"
SECOND_FACTOR = "second_factor"
"""Marks a session whose account was seen to have a second factor; taking factors off ends sessions."""
SEEN_EVERY = 60
"""Seconds after which a session's time of last use is written anew; idle time is exact to this."""

READING = frozenset({"GET", "HEAD", "OPTIONS"})

BEFORE_ANYTHING = frozenset(
    {
        "account_logout", "account_change_password", "account_set_password", "account_reauthenticate", "set_language",
        "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)  # fmt: skip
"""Pages open to somebody who has first to change a password or to set up a second factor."""


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads whoever is not signed in, or no longer, to sign in, and from there back to the page that he was on.

    What was sent by then is not kept, which is said. The address it was sent to is often no page at all, so that the
    way back leads to the page that it was sent from.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """The way to sign in."""
        is_sent = request.method not in READING
        if is_sent:
            messages.warning(request, _("您没有登录或登录已过期，刚才提交的内容没有保存。请登录后重新办理。"))
        if not is_sent and not getattr(request, "htmx", False):
            answer: HttpResponseBase = super().handle_no_permission(request, view_func)
            return answer
        led = redirect_to_login(_page_of(request))
        if not getattr(request, "htmx", False):
            return led
        found = HttpResponse(status=204)
        found.headers["HX-Redirect"] = led.url
        return found


def _page_of(request: HttpRequest) -> str:
    """The page that a request was sent from, where that is one of ours, else the first page."""
    came = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    split = urlsplit(came)
    return split._replace(scheme="", netloc="", fragment="").geturl() or "/" if is_ours else "/"


class StandingMiddleware:
    """``request.standing`` says what the person may do, as of this request; it is known to the account too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Adds the standing and answers."""
        request.standing = SimpleLazyObject(lambda: _standing(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _words: Any) -> None:
        """Tells the standing which permissions the view asks for, so that a deputy's acts name whom he acts for."""
        gate = gate_of(view)
        if gate is not None and gate.anyone_of and request.user.is_authenticated:
            request.standing.asked = gate.anyone_of  # type: ignore[attr-defined]
            request.user.standing = request.standing  # type: ignore[attr-defined]


def _standing(request: HttpRequest) -> object:
    user = request.user
    return PersonStanding(user, timezone.localdate()) if isinstance(user, User) else NoStanding()


class LanguageMiddleware:
    """Speaks the language that the account has chosen, on whatever machine its owner sits."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers in the account's language where it has one."""
        chosen = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        if chosen not in dict(settings.LANGUAGES):
            return self.get_response(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        response.headers["Content-Language"] = chosen
        return response


class IdleMiddleware:
    """Keeps a session alive while it is used: its time is written once a minute, not with every request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers, having noted the time."""
        if request.user.is_authenticated:
            now = int(time.time())
            if now - int(request.session.get(SEEN, 0)) >= SEEN_EVERY:
                request.session[SEEN] = now
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return self.get_response(request)


class FirstThingsMiddleware:
    """Leads whoever must change a first password, or set up a second factor, there before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _words: Any) -> HttpResponseBase | None:  # noqa: PLR0911
        """The page to go to first, or nothing."""
        user = request.user
        match = request.resolver_match
        if not isinstance(user, User) or match is None or match.url_name in BEFORE_ANYTHING:
            return None
        if gate_of(view) is not None and gate_of(view).name == "public":  # type: ignore[union-attr]
            return None
        if user.must_change_password:
            return self._lead(request, "account_change_password", _("首次登录，请先修改密码。"))
        if settings.DEMO or not request.standing.needs_second_factor:  # type: ignore[attr-defined]
            return None
        if request.session.get(SECOND_FACTOR) == user.pk:
            return None
        if Authenticator.objects.filter(user=user, type__in=("totp", "webauthn")).exists():
            request.session[SECOND_FACTOR] = user.pk
            return None
        return self._lead(request, "mfa_index", _("您的角色须启用两步验证，启用后才能使用其他功能。"))

    def _lead(self, request: HttpRequest, route: str, said: str) -> HttpResponseBase:
        if getattr(request, "htmx", False):
            answer = HttpResponse(status=204)
            answer.headers["HX-Redirect"] = reverse(route)
            return answer
        messages.warning(request, said)
        return redirect(route)
