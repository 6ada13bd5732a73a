"""Signing in: slow for whoever guesses, one answer whoever is asked for, and everything written down."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as recovery_codes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from junheng.web.access import Role
from junheng.web.directory import braking
from junheng.web.directory.actions import accounts
from junheng.web.directory.models import SignInBrake, User
from junheng.web.records.models import AuditEvent

PASSWORD = "a-right-long-password"  # noqa: S105
WRONG = "a-wrong-long-password"
LOGIN = "/account/login/"


@pytest.fixture
def someone(cast):
    user = cast.users["principal"]
    user.set_password(PASSWORD)
    user.save()
    return user


def try_in(client: Client, name: str, password: str, **more):
    return client.post(LOGIN, {"login": name, "password": password}, **more)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>|csrfmiddlewaretoken\S+|value=\S+", " ", answer.content.decode()))


def test_the_right_password_lets_in_and_the_session_has_a_new_key(someone):
    client = Client()
    client.get(LOGIN)
    client.session["planted"] = "1"
    answer = try_in(client, someone.username, PASSWORD)
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert AuditEvent.objects.get(action="directory.session.begun").author == someone.username


def test_a_planted_session_key_is_not_kept(someone):
    client = Client()
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted.session_key
    try_in(client, someone.username, PASSWORD)
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != planted.session_key


def test_after_five_failures_the_right_password_is_refused_too(someone):
    client = Client()
    for _each in range(5):
        assert "账号或密码不正确" in text_of(try_in(client, someone.username, WRONG))
    assert "暂停登录" in text_of(try_in(client, someone.username, PASSWORD))
    assert client.get("/").status_code == 302
    assert AuditEvent.objects.filter(action="directory.session.refused").count() == 5
    assert AuditEvent.objects.filter(action="directory.session.shut").count() == 1


def test_four_failures_and_then_the_right_password_forget_the_failures(someone):
    for _each in range(4):
        try_in(Client(), someone.username, WRONG)
    assert try_in(Client(), someone.username, PASSWORD).status_code == 302
    assert SignInBrake.objects.filter(key=braking.name_key(someone.username)).count() == 0


def test_the_shutting_grows_and_is_never_for_long():
    waits = [braking.BY_NAME.shut_for(failures) for failures in range(3, 20)]
    assert waits[:6] == [timedelta(minutes=m) for m in (0, 0, 1, 2, 4, 8)]
    assert set(waits[6:]) == {braking.LONGEST}


def test_after_the_time_the_right_password_is_taken_again(someone):
    for _each in range(5):
        try_in(Client(), someone.username, WRONG)
    SignInBrake.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert try_in(Client(), someone.username, PASSWORD).status_code == 302


def test_the_name_is_shut_however_it_is_typed(someone):
    for _each in range(5):
        try_in(Client(), someone.username.upper(), WRONG)
    assert "暂停登录" in text_of(try_in(Client(), someone.username, PASSWORD))


def test_an_unknown_name_gets_the_same_words_and_the_same_work(someone):
    said, worked = [], []
    for name in (someone.username, "not-there-not-there"):
        client = Client()
        with mock.patch(
            "django.contrib.auth.hashers.MD5PasswordHasher.encode",
            autospec=True,
            side_effect=lambda _self, _password, salt, *_a: f"md5${salt}$x",
        ) as encode:
            words = [text_of(try_in(client, name, WRONG)).replace(name, "NAME") for _each in range(6)]
        said.append(words)
        worked.append(encode.call_count)
    assert said[0] == said[1]
    assert worked[0] == worked[1] == 5


def test_a_name_that_is_nobodys_is_not_written_down(cast):
    try_in(Client(), "my-secret-password-typed-too-early", WRONG)
    event = AuditEvent.objects.get(action="directory.session.refused")
    assert "secret" not in f"{event.object_label} {event.details}"


def test_many_failures_from_one_address_shut_the_address(someone, monkeypatch):
    monkeypatch.setattr(braking, "BY_ADDRESS", braking.Limit(3, timedelta(minutes=1)))
    for number in range(3):
        try_in(Client(), f"guess-{number}", WRONG, REMOTE_ADDR="10.0.0.9")
    assert "暂停登录" in text_of(try_in(Client(), someone.username, PASSWORD, REMOTE_ADDR="10.0.0.9"))
    assert try_in(Client(), someone.username, PASSWORD, REMOTE_ADDR="10.0.0.8").status_code == 302


def test_the_time_of_the_sign_in_before_is_shown(someone):
    try_in(Client(), someone.username, PASSWORD)
    first = User.objects.get(pk=someone.pk).last_login
    client = Client()
    answer = try_in(client, someone.username, PASSWORD, follow=True)
    assert User.objects.get(pk=someone.pk).previous_login == first
    assert f"上次登录：{timezone.localtime(first):%Y-%m-%d %H:%M}" in answer.content.decode()


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(someone):
    here, there = Client(), Client()
    try_in(here, someone.username, PASSWORD)
    try_in(there, someone.username, PASSWORD)
    new = "another-right-long-password"
    before = here.cookies[django_settings.SESSION_COOKIE_NAME].value
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert here.cookies[django_settings.SESSION_COOKIE_NAME].value != before
    assert AuditEvent.objects.filter(action="directory.password.changed").count() == 1


def test_a_first_password_must_be_changed_before_anything_else(someone):
    User.objects.filter(pk=someone.pk).update(must_change_password=True)
    client = Client()
    try_in(client, someone.username, PASSWORD)
    assert client.get("/")["Location"] == reverse("account_change_password")
    new = "another-right-long-password"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/").status_code == 200


def test_htmx_is_led_to_the_password_too(someone):
    User.objects.filter(pk=someone.pk).update(must_change_password=True)
    client = Client()
    client.force_login(someone)
    answer = client.get("/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("account_change_password")


def test_a_role_that_needs_a_second_factor_is_led_to_set_one_up(cast):
    client = cast.client("bureau_clerk", second_factor=False)
    assert client.get("/")["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    Authenticator.objects.create(user=cast.users["bureau_clerk"], type="webauthn", data={})
    assert client.get("/").status_code == 200


def test_a_role_that_needs_none_is_led_nowhere(cast):
    assert cast.client("teacher").get("/").status_code == 200


def test_a_demo_asks_for_no_second_factor(cast, settings):
    settings.DEMO = True
    assert cast.client("bureau_clerk", second_factor=False).get("/").status_code == 200


def test_a_code_from_the_device_is_asked_for_and_its_secret_is_sealed(someone):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(someone, secret)
    stored = Authenticator.objects.get(user=someone).data["secret"]
    assert secret not in stored
    client = Client()
    answer = try_in(client, someone.username, PASSWORD)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert client.get("/").status_code == 302
    assert AuditEvent.objects.filter(action="directory.factor.refused").count() == 1
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    assert AuditEvent.objects.get(action="directory.session.begun").details["ways"] == "password+totp"


def test_a_recovery_code_lets_in_once_and_no_code_stands_in_the_database(someone):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(someone, secret)
    recovery_codes.RecoveryCodes.activate(someone)
    here = Client()
    try_in(here, someone.username, PASSWORD)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    here.post(reverse("mfa_authenticate"), {"code": totp.format_hotp_value(totp.hotp_value(secret, counter))})
    where = reverse("mfa_view_recovery_codes")
    assert here.get(where)["Location"].startswith(reverse("account_reauthenticate")), "only who knows the password"
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    codes = re.search(r"<textarea[^>]*>([\d\s]+)</textarea>", here.get(where).content.decode())[1].split()
    assert len(set(codes)) == 10
    assert not any(code in str(Authenticator.objects.get(user=someone, type="recovery_codes").data) for code in codes)
    for turn, let_in in ((1, True), (2, False)):
        there = Client()
        try_in(there, someone.username, PASSWORD)
        there.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert (there.get("/").status_code == 200) is let_in, turn
    begun = (
        AuditEvent.objects.filter(action="directory.session.begun").order_by("number").values_list("details", flat=True)
    )
    assert [each["ways"] for each in begun] == ["password+totp", "password+recovery_codes"]


def test_an_idle_session_ends_and_a_used_one_goes_on(someone, monkeypatch):
    from junheng.web.directory import middleware

    client = Client()
    try_in(client, someone.username, PASSWORD)
    client.get("/")
    session = Session.objects.get(pk=client.session.session_key)
    assert timedelta(minutes=25) < session.expire_date - timezone.now() <= timedelta(minutes=30)
    Session.objects.filter(pk=session.pk).update(expire_date=timezone.now() + timedelta(minutes=2))
    now = middleware.time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: now + 61)
    client.get("/")
    assert Session.objects.get(pk=session.pk).expire_date > timezone.now() + timedelta(minutes=25)
    Session.objects.filter(pk=session.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/")["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://testserver/rotation/?page=2#top", "/rotation/%3Fpage%3D2"),
        ("https://evil.example/rotation/", "/"),
        ("", "/"),
    ],
)
def test_what_is_sent_after_the_session_ended_leads_back_to_its_page_and_is_said_to_be_lost(
    someone, came_from, leads_to
):
    client = Client()
    answer = client.post("/directory/search/", {"words": "x"}, headers={"referer": came_from})
    assert answer["Location"] == f"{LOGIN}?next={leads_to}"
    assert "没有保存" in client.get(answer["Location"]).content.decode()
    piece = client.get("/directory/search/", headers={"hx-request": "true", "hx-current-url": came_from})
    assert (piece.status_code, piece["HX-Redirect"]) == (204, f"{LOGIN}?next={leads_to}")


def test_the_address_of_a_button_opened_as_a_page_says_what_to_do(someone):
    client = Client()
    try_in(client, someone.username, PASSWORD)
    answer = client.get("/rotation/1/confirmations/own/")
    assert answer.status_code == 405
    assert "返回上一页" in answer.content.decode()
    assert int(answer["Content-Length"]) == len(answer.content)
    assert client.put("/rotation/1/confirmations/own/").content == b""


def test_one_sees_and_ends_ones_own_sessions(someone):
    here, there = Client(), Client()
    try_in(here, someone.username, PASSWORD)
    try_in(there, someone.username, PASSWORD)
    assert UserSession.objects.filter(user=someone).count() == 2
    assert here.get(reverse("usersessions_list")).status_code == 200
    here.post(reverse("usersessions_list"))
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_nobody_signs_up_by_himself(client, db):
    for path in ("signup/", "email/", "password/reset/", "login/code/", "3rdparty/signup/", "signup/passkey/"):
        assert client.get(f"/account/{path}").status_code in {302, 404}
        answer = client.get(f"/account/{path}", follow=True)
        assert answer.status_code == 404 or answer.request["PATH_INFO"] == LOGIN


def test_sign_in_leads_nowhere_else(someone):
    client = Client()
    answer = client.post(LOGIN, {"login": someone.username, "password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_an_account_opened_in_bulk_is_activated_once_with_its_code(cast):
    row = accounts.NewAccount("t-0001", "赵一一", cast.yucai)
    codes = accounts.open_accounts([row, accounts.NewAccount("t-0002", "钱二二", cast.yucai)], by=None)
    assert set(codes) == {"t-0001", "t-0002"}
    assert "暂停" not in text_of(try_in(Client(), "t-0001", codes["t-0001"]))
    assert not User.objects.get(username="t-0001").has_usable_password()
    form = {"username": "t-0001", "code": codes["t-0002"], "password": PASSWORD, "again": PASSWORD}
    client = Client()
    assert "启用码不正确" in text_of(client.post(reverse("account_activate"), form))
    form["code"] = codes["t-0001"].upper()
    assert client.post(reverse("account_activate"), form).status_code == 302
    assert try_in(client, "t-0001", PASSWORD).status_code == 302
    assert "启用码不正确" in text_of(Client().post(reverse("account_activate"), form))
    assert AuditEvent.objects.filter(action="directory.account.activated").count() == 1


def test_a_code_cannot_be_guessed_for_long(cast):
    codes = accounts.open_accounts([accounts.NewAccount("t-0001", "赵一一", cast.yucai)], by=None)
    form = {"username": "t-0001", "code": "22222-22222-22222", "password": PASSWORD, "again": PASSWORD}
    for _each in range(5):
        Client().post(reverse("account_activate"), form)
    answer = Client().post(reverse("account_activate"), form | {"code": codes["t-0001"]})
    assert "暂停登录" in text_of(answer)


def test_an_expired_code_and_a_weak_password_are_refused(cast):
    code = accounts.open_accounts([accounts.NewAccount("t-0001", "赵一一", cast.yucai)], by=None)["t-0001"]
    with pytest.raises(ValidationError, match="密码"):
        accounts.activate("t-0001", code, "1234567890")
    User.objects.filter(username="t-0001").update(activation_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError, match="过期"):
        accounts.activate("t-0001", code, PASSWORD)


def test_four_thousand_accounts_are_opened_within_seconds_and_twice_changes_nothing(cast, settings):
    settings.PASSWORD_HASHERS = ["junheng.web.directory.passwords.Argon2Hasher"]
    rows = [accounts.NewAccount(f"t-{number:05}", f"教师{number}", cast.yucai) for number in range(4000)]
    begun = timezone.now()
    codes = accounts.open_accounts(rows, by=cast.users["system_admin"])
    assert timezone.now() - begun < timedelta(seconds=20)
    assert len(codes) == len(set(codes.values())) == 4000
    assert accounts.open_accounts(rows, by=cast.users["system_admin"]) == {}
    assert AuditEvent.objects.filter(action="directory.account.opened_many").count() == 1


def test_the_language_is_kept_with_the_account(cast):
    client = cast.client("teacher")
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/directory/deputies/"})
    assert answer["Location"] == "/directory/deputies/"
    other_machine = cast.client("teacher")
    assert '<html lang="en"' in other_machine.get(reverse("directory:deputies")).content.decode()
    assert client.post(reverse("set_language"), {"language": "xx", "next": "//evil.example"})["Location"] == "/"
    assert User.objects.get(pk=cast.users["teacher"].pk).language == "en"


def test_the_login_page_speaks_english_to_its_punctuation_and_offers_each_role_once(cast, settings):
    settings.DEMO = True
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get(LOGIN).content.decode()
    assert re.search(r'<label[^>]*for="id_login"[^>]*>\s*Account\b(?!s)', page)
    offered = [re.sub(r"<[^>]+>", "", button).strip() for button in re.findall(r'btn-sm">(.*?)</button>', page)]
    assert sorted(offered) == sorted(f"Enter: {translated}" for translated in english(Role.labels))


def english(words):
    with translation.override("en"):
        return [str(word) for word in words]


def test_the_login_page_offers_accounts_in_a_demo_only(cast, settings):
    assert "ys-principal" not in Client().get(LOGIN).content.decode()
    settings.DEMO = True
    page = Client().get(LOGIN).content.decode()
    for role in ("teacher", "bureau_clerk", "audit_admin"):
        assert f"ys-{role}" in page
    assert "old-clerk" not in page
    user = cast.users["principal"]
    from junheng.web.directory.demo import DEMO_PASSWORD

    user.set_password(DEMO_PASSWORD)
    user.save()
    hidden = dict(re.findall(r'name="(login|password)" value="([^"]+)"', page.split("ys-principal", 1)[1]))
    assert try_in(Client(), "ys-principal", hidden["password"]).status_code == 302


def test_an_account_switched_off_does_not_get_in(someone):
    User.objects.filter(pk=someone.pk).update(is_active=False)
    client = Client()
    try_in(client, someone.username, PASSWORD)
    assert client.get("/").status_code == 302
