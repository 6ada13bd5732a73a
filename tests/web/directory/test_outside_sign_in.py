"""Signing in with an account of somebody else's: each provider's own protocol, spoken by a server on this machine."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from django.test import Client

from junheng.web.directory.models import User
from junheng.web.records.models import AuditEvent

CONNECTIONS = "/account/3rdparty/"
DOORS = {
    "openid_connect": "/account/oidc/oidc/login/",
    "dingtalk": "/account/dingtalk/login/",
    "feishu": "/account/feishu/login/",
}
SECRET = "the-secret-of-the-bureau-kept-by-both"  # noqa: S105


@pytest.fixture
def provider(settings, monkeypatch):
    """One server that is an OpenID provider, DingTalk and Feishu by turns; ``who`` is the person at its page."""
    settings.SOCIALACCOUNT_PROVIDERS = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler())
    server.who, server.fails, server.asked = "outside-0001", False, []
    site = server.site = f"http://127.0.0.1:{server.server_port}"
    app = {"client_id": "junheng", "secret": SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [app | {"provider_id": "oidc", "name": "统一身份认证", "settings": {"server_url": site}}]
        },
        "dingtalk": {"APPS": [app | {"key": ""}]},
        "feishu": {"APPS": [app | {"key": ""}]},
    }
    monkeypatch.setattr(DingTalkOAuth2Adapter, "access_token_url", f"{site}/dingtalk/token")
    monkeypatch.setattr(DingTalkOAuth2Adapter, "profile_url", f"{site}/dingtalk/me")
    monkeypatch.setattr(FeishuOAuth2Adapter, "access_token_url", f"{site}/feishu/token")
    monkeypatch.setattr(FeishuOAuth2Adapter, "user_info_url", f"{site}/feishu/me")
    monkeypatch.setattr(FeishuOAuth2Client, "app_access_token_url", f"{site}/feishu/app")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def handler() -> type[BaseHTTPRequestHandler]:
    """What the providers answer, as their documents say."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append((self.path, dict(self.headers), ""))
            site = self.server.site
            pages = {
                "/.well-known/openid-configuration": {
                    "issuer": site, "authorization_endpoint": f"{site}/oidc/authorize",
                    "token_endpoint": f"{site}/oidc/token", "userinfo_endpoint": f"{site}/oidc/me",
                    "jwks_uri": f"{site}/oidc/keys", "token_endpoint_auth_methods_supported": ["client_secret_post"],
                },
                "/oidc/me": {"sub": self.server.who, "name": "外"},
                "/dingtalk/me": {"openId": self.server.who, "unionId": "u", "nick": "外"},
                "/feishu/me": {"code": 0, "data": {"open_id": self.server.who, "name": "外"}},
            }  # fmt: skip
            self.say(pages[self.path])

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.server.asked.append((self.path, dict(self.headers), body))
            claims = {
                "iss": self.server.site,
                "aud": "junheng",
                "sub": self.server.who,
                "iat": 1,
                "exp": 32_503_680_000,
            }
            pages = {
                "/oidc/token": {
                    "access_token": "t", "token_type": "Bearer", "id_token": jwt.encode(claims, SECRET, "HS256"),
                },
                "/dingtalk/token": {"accessToken": "t", "refreshToken": "r", "expireIn": 7200},
                "/feishu/app": {"app_access_token": "a"},
                "/feishu/token": {"code": 0, "data": {"access_token": "t", "expires_in": 7200}},
            }  # fmt: skip
            self.say(pages[self.path])

        def say(self, page):
            self.send_response(500 if self.server.fails else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(page).encode())

        def log_message(self, *_args):
            """Silent."""

    return Answers


def come_by(client: Client, provider: str, process: str = "login", **changed: str):
    """To the provider's page and back, as the browser does; ``changed`` replaces what comes back."""
    gone = client.post(f"{DOORS[provider]}?process={process}")
    assert gone.status_code == 302, gone.content.decode()[:500]
    state = parse_qs(urlsplit(gone["Location"]).query)["state"][0]
    code = "authCode" if provider == "dingtalk" else "code"
    return client.get(f"{DOORS[provider]}callback/", {code: "c", "state": state} | changed)


def join(cast, name: str, provider: str) -> User:
    """The named person joins the outside login to the account here, signed in."""
    client = cast.client(name)
    client.get(CONNECTIONS)
    come_by(client, provider, "connect")
    return cast.users[name]


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("which", DOORS)
def test_an_outside_login_joined_to_an_account_lets_in(cast, provider, which):
    user = join(cast, "teacher", which)
    assert SocialAccount.objects.filter(user=user, uid=provider.who).count() == 1
    client = Client()
    answer = come_by(client, which)
    assert answer.status_code == 302
    assert signed_in(client) == str(user.pk)
    assert any(SECRET in body or SECRET in str(headers) for _path, headers, body in provider.asked)


@pytest.mark.parametrize("which", DOORS)
def test_an_outside_login_that_nobody_joined_opens_no_account(cast, provider, which):
    before = User.objects.count()
    client = Client()
    answer = come_by(client, which)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert signed_in(client) is None
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert re.search(r"[一-鿿]", answer.content.decode()), "a page in the platform's own words"


def test_the_login_page_offers_each_and_the_browser_may_go_there(cast, provider):
    page = Client().get("/account/login/").content.decode()
    assert all(door in page for door in DOORS.values())


def test_one_outside_login_serves_one_account(cast, provider):
    join(cast, "teacher", "openid_connect")
    join(cast, "principal", "openid_connect")
    assert list(SocialAccount.objects.values_list("user__username", flat=True)) == [cast.users["teacher"].username]


def test_a_switched_off_account_is_not_let_in(cast, provider):
    user = join(cast, "teacher", "dingtalk")
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    come_by(client, "dingtalk")
    assert signed_in(client) is None


def test_the_second_factor_is_asked_for_all_the_same(cast, provider):
    user = join(cast, "teacher", "feishu")
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert Authenticator.objects.filter(user=user).exists()
    client = Client()
    answer = come_by(client, "feishu")
    assert signed_in(client) is None
    assert "/2fa/authenticate/" in answer["Location"]


@pytest.mark.parametrize("which", DOORS)
def test_a_state_that_was_not_ours_is_refused(cast, provider, which):
    join(cast, "teacher", which)
    client = Client()
    answer = come_by(client, which, state="x" * 16)
    assert signed_in(client) is None
    assert answer.status_code in (200, 401, 403)


@pytest.mark.parametrize("which", DOORS)
def test_a_provider_out_of_order_gives_a_page_and_lets_nobody_in(cast, provider, which):
    join(cast, "teacher", which)
    client = Client(raise_request_exception=False)
    gone = client.post(DOORS[which])
    state = parse_qs(urlsplit(gone["Location"]).query)["state"][0]
    provider.fails = True
    answer = client.get(f"{DOORS[which]}callback/", {"code": "c", "authCode": "c", "state": state}, follow=True)
    assert signed_in(client) is None
    assert answer.status_code < 500
    assert re.search(r"[一-鿿]", answer.content.decode())


def test_a_provider_that_is_away_gives_a_page_before_one_goes_there(cast, provider):
    provider.fails = True
    answer = Client().post(DOORS["openid_connect"], follow=True)
    assert answer.redirect_chain == [("/account/3rdparty/login/error/", 302)]
    assert answer.status_code == 401


def test_joining_and_parting_are_in_the_trail(cast, provider):
    user = join(cast, "teacher", "openid_connect")
    made = SocialAccount.objects.get(user=user)
    user.set_password("a-right-long-password")
    user.save()
    client = cast.client("teacher")
    client.post(CONNECTIONS, {"account": made.pk})
    assert not SocialAccount.objects.exists()
    actions = AuditEvent.objects.filter(action__startswith="directory.outside").order_by("pk")
    told = list(actions.values_list("action", "author_name"))
    assert [action for action, _by in told] == ["directory.outside_login.added", "directory.outside_login.removed"]
    assert len({by for _action, by in told}) == 1 and user.name in told[0][1]


def test_the_only_way_into_an_account_is_not_taken_away(cast, provider):
    user = join(cast, "teacher", "openid_connect")
    assert not user.has_usable_password()
    cast.client("teacher").post(CONNECTIONS, {"account": SocialAccount.objects.get(user=user).pk})
    assert SocialAccount.objects.filter(user=user).exists()
