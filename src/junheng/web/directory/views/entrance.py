"""Signing in, turning in an activation code, choosing the language."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from junheng.web.access import public
from junheng.web.access.gate import View
from junheng.web.directory import braking
from junheng.web.directory.actions import accounts
from junheng.web.directory.demo import DEMO_PASSWORD, demo_accounts
from junheng.web.directory.forms.accounts import ActivationForm

_log = logging.getLogger(__name__)


class EntranceView(LoginView):
    """The login page; a demo lists an account for each role."""

    template_name = "directory/login.html"

    def get_form(self, form_class: Any = None) -> Any:
        """The account is called here as everywhere else; the label says enough, so nothing stands in the controls."""
        form = super().get_form(form_class)
        form.fields["login"].label = _("账号")
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        return form

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Adds the accounts of a demo."""
        offered = demo_accounts()
        return super().get_context_data(**given) | {
            "demo_accounts": offered, "demo_password": DEMO_PASSWORD if offered else "",
        }  # fmt: skip


login = public(EntranceView.as_view())


@public
@never_cache
@sensitive_post_parameters("code", "password", "again")
def activate(request: HttpRequest) -> HttpResponse:
    """The owner of an account opened in bulk turns in the code and chooses a password."""
    form = ActivationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        address = braking.address_key(get_adapter().get_client_ip(request))
        key = braking.name_key(given["username"])
        if braking.shut_until(address) or braking.count(key, braking.BY_NAME):
            form.add_error(None, _("尝试次数过多，此账号暂停登录，请稍后再试。"))
        else:
            try:
                accounts.activate(given["username"], given["code"], given["password"])
            except ValidationError as fault:
                braking.count(address, braking.BY_ADDRESS)
                form.add_error(None, fault)
            else:
                braking.release(key)
                messages.success(request, _("密码已设好，请登录。"))
                return redirect("account_login")
    return render(request, "directory/activate.html", {"form": form})


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language in a cookie, and with the account of whoever is signed in."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer = redirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            accounts.choose_language(request.user, chosen)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return answer


def outside(provider: str, view: View) -> View:
    """A door of an outside provider: none where it is not configured, an error page where it does not answer."""

    def door(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        if provider not in settings.SOCIALACCOUNT_PROVIDERS:
            raise Http404
        try:
            return view(request, *args, **words)
        except OSError:  # what the provider's answer, or none, is reported as
            _log.exception("the sign-in provider %s does not answer as it should", provider)
            return redirect("socialaccount_login_error")

    return public(door)
