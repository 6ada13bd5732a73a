"""Getting in with a real browser: first password, second factor, passkey, lockout."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from junheng.web.directory.actions.accounts import reset_password
from junheng.web.directory.actions.grants import revoke
from junheng.web.directory.models import RoleGrant

CHOSEN = "a-quite-long-pass-2026"
CODE_HOLDS = 30


def sign_in_by_hand(page: Any, site: str, name: str, password: str) -> None:
    """Through the login page."""
    page.goto(f"{site}/account/login/")
    page.get_by_label("账号", exact=True).fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def sign_out(page: Any) -> None:
    """Through the person's menu."""
    page.get_by_role("button", name="打开个人菜单").click()
    page.get_by_role("button", name="退出登录").click()


def code_of(secret: str, steps_ahead: int = 0) -> str:
    """What an authenticator app shows, now or some steps later: a code is taken once only."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // CODE_HOLDS + steps_ahead))


@pytest.fixture
def passkeys(page: Any) -> Any:
    """A device with a fingerprint reader, as Chromium plays it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_first_password_is_changed_and_then_a_code_of_the_app_is_asked_for(
    page: Any, live_server: Any, cast: Any, settings: Any
) -> None:
    settings.MFA_TOTP_TOLERANCE = 2  # the test signs in twice within one period
    clerk = cast.users["bureau_clerk"]
    first = reset_password(cast.users["system_admin"], clerk, reason="首次发放")
    sign_in_by_hand(page, live_server.url, clerk.username, first)
    expect(page).to_have_url(f"{live_server.url}/account/password/change/")
    expect(page.get_by_text("首次登录，请先修改密码。").first).to_be_visible()
    page.goto(f"{live_server.url}/staffing/teachers/")
    expect(page).to_have_url(f"{live_server.url}/account/password/change/")
    page.locator("#id_oldpassword").fill(first)
    page.locator("#id_password1").fill(CHOSEN)
    page.locator("#id_password2").fill(CHOSEN)
    page.locator("main form button[type=submit]").click()
    page.goto(live_server.url)
    expect(page).to_have_url(f"{live_server.url}/account/2fa/")
    expect(page.get_by_text("您的角色须启用两步验证").first).to_be_visible()

    page.goto(f"{live_server.url}/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.locator("#id_password").fill(CHOSEN)
        page.locator("main form button[type=submit]").first.click()
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(code_of(secret))
    page.locator("main form button[type=submit]").click()
    page.goto(live_server.url)
    expect(page).to_have_url(f"{live_server.url}/")

    sign_out(page)
    sign_in_by_hand(page, live_server.url, clerk.username, CHOSEN)
    expect(page).to_have_url(f"{live_server.url}/account/2fa/authenticate/")
    page.locator("#id_code").fill("000000")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("验证码不正确")).to_be_visible()
    page.locator("#id_code").fill(code_of(secret, 1))
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(f"{live_server.url}/")
    clerk.refresh_from_db()
    assert not clerk.must_change_password


def test_a_passkey_opens_the_door_without_a_password(page: Any, live_server: Any, cast: Any, passkeys: Any) -> None:
    principal = cast.users["principal"]
    principal.set_password(CHOSEN)
    principal.save()
    sign_in_by_hand(page, live_server.url, principal.username, CHOSEN)
    expect(page).to_have_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.locator("#id_password").fill(CHOSEN)
        page.locator("main form button[type=submit]").first.click()
    page.locator("#id_name").fill("办公室电脑")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: not url.endswith("/webauthn/add/"))
    assert Authenticator.objects.filter(user=principal, type=Authenticator.Type.WEBAUTHN).count() == 1

    sign_out(page)
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(f"{live_server.url}/")
    expect(page.get_by_role("button", name="打开个人菜单")).to_contain_text(principal.name)


def test_whoever_guesses_is_told_that_the_account_is_shut_for_a_while(page: Any, live_server: Any, cast: Any) -> None:
    principal = cast.users["principal"]
    principal.set_password(CHOSEN)
    principal.save()
    for _each in range(5):
        sign_in_by_hand(page, live_server.url, principal.username, "not-the-password")
        expect(page.get_by_text("账号或密码不正确。")).to_be_visible()
    sign_in_by_hand(page, live_server.url, principal.username, CHOSEN)
    expect(page.get_by_text("尝试次数过多，此账号暂停登录，请稍后再试。")).to_be_visible()
    expect(page.get_by_label("账号", exact=True)).to_have_value(principal.username)


def test_a_role_that_is_taken_away_is_gone_at_the_next_click(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    sign_in("system_admin")
    page.goto(f"{live_server.url}/directory/users/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("账号")
    grant = RoleGrant.objects.get(user=cast.users["system_admin"])
    revoke(cast.users["security_admin"], grant, reason="调离")
    answer = page.reload()
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="账号", exact=True)).to_have_count(0)


def test_the_language_chosen_stays_on_the_pages_that_follow(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    sign_in("bureau_clerk")
    page.goto(f"{live_server.url}/overview/structure/")
    page.locator("header button[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(f"{live_server.url}/overview/structure/")
    page.goto(f"{live_server.url}/directory/organisations/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("header button[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.goto(live_server.url)
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    sign_in("bureau_clerk")
    page.goto(f"{live_server.url}/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
