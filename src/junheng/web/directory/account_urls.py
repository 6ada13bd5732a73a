"""Addresses of signing in and of one's own account: those of allauth that are wanted, each behind its gate.

Signing up, e-mail addresses, sign-in codes and resetting a password by e-mail are not among them: accounts are opened,
and passwords reset, by the system administrator.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as outside
from allauth.socialaccount.providers.dingtalk import views as dingtalk
from allauth.socialaccount.providers.feishu import views as feishu
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.urls import path

from junheng.web.access import public, requires
from junheng.web.directory.views import entrance

own = requires()

urlpatterns = [
    path("login/", entrance.login, name="account_login"),
    path("activate/", entrance.activate, name="account_activate"),
    path("language/", entrance.set_language, name="set_language"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/set/", own(account.password_set), name="account_set_password"),
    path("sessions/", own(sessions.list_usersessions), name="usersessions_list"),
    path("2fa/", own(factors.index), name="mfa_index"),
    path("2fa/authenticate/", public(factors.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", own(factors.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", public(keys.login_webauthn), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", own(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("3rdparty/", own(outside.connections), name="socialaccount_connections"),
    path("3rdparty/login/cancelled/", public(outside.login_cancelled), name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", public(outside.login_error), name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/login/", entrance.outside("openid_connect", oidc.login), name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        entrance.outside("openid_connect", oidc.callback),
        name="openid_connect_callback",
    ),
    path("dingtalk/login/", entrance.outside("dingtalk", dingtalk.oauth2_login), name="dingtalk_login"),
    path("dingtalk/login/callback/", entrance.outside("dingtalk", dingtalk.oauth2_callback), name="dingtalk_callback"),
    path("feishu/login/", entrance.outside("feishu", feishu.oauth2_login), name="feishu_login"),
    path("feishu/login/callback/", entrance.outside("feishu", feishu.oauth2_callback), name="feishu_callback"),
]
