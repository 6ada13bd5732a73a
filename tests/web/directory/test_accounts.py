"""Accounts: opened by one, given roles by another, switched off at once."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from junheng.web.directory.actions import accounts
from junheng.web.directory.models import User
from junheng.web.records.models import AuditEvent


def open_by_form(client, **given):
    form = {"username": "new-person", "name": "单新人", "duty": "business"} | given
    return client.post(reverse("directory:user_open"), form)


def test_the_first_password_is_shown_once_works_and_must_be_changed(cast):
    answer = open_by_form(cast.client("system_admin"), organisation=cast.yucai.pk)
    page = answer.content.decode()
    first = re.search(r'id="secret">([^<]+)<', page)[1]
    assert "no-store" in answer["Cache-Control"]
    user = User.objects.get(username="new-person")
    assert user.must_change_password
    assert user.check_password(first)
    assert first not in cast.client("system_admin").get(reverse("directory:user", args=(user.pk,))).content.decode()
    event = AuditEvent.objects.get(action="directory.account.opened")
    assert event.author == "ys-system_admin"
    assert first not in str(event.after)


def test_the_same_name_twice_is_said_to_be_taken_and_what_was_typed_stays(cast):
    client = cast.client("system_admin")
    open_by_form(client, organisation=cast.yucai.pk)
    again = open_by_form(client, organisation=cast.yucai.pk, username="NEW-person", name="另一个人")
    assert again.status_code == 422
    assert "已有同名账号" in again.content.decode()
    assert "另一个人" in again.content.decode()
    with pytest.raises(ValidationError, match="同名"):
        accounts.open_account(None, username="new-person", name="又一人", duty="business", organisation=cast.yucai)
    assert User.objects.filter(username__iexact="new-person").count() == 1


def test_no_account_is_opened_at_an_organisation_out_of_reach(cast):
    answer = open_by_form(cast.client("system_admin"), organisation=cast.faraway.pk)
    assert answer.status_code == 422
    assert not User.objects.filter(username="new-person").exists()


@pytest.mark.parametrize("username", ["a b", "<b>", "a\0b", "x" * 200, ""])
def test_a_malformed_name_is_refused(cast, username):
    answer = open_by_form(cast.client("system_admin"), organisation=cast.yucai.pk, username=username)
    assert answer.status_code == 422


def test_switching_off_refuses_the_very_next_request(cast):
    victim = cast.client("principal")
    assert victim.get("/").status_code == 200
    url = reverse("directory:user_switch", args=(cast.users["principal"].pk,))
    assert cast.client("system_admin").post(url, {"reason": "调离"}).status_code == 302
    assert victim.get("/").status_code == 302
    assert cast.client("system_admin").post(url, {"reason": "调回"}).status_code == 302
    assert User.objects.get(pk=cast.users["principal"].pk).is_active
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"directory.account.switched_off", "directory.account.switched_on"} <= actions


def test_switching_off_twice_is_said_not_done(cast):
    admin, user = cast.users["system_admin"], cast.users["principal"]
    accounts.switch_off(admin, user, reason="一")
    with pytest.raises(ValidationError, match="已经停用"):
        accounts.switch_off(admin, user, reason="二")


def test_nobody_resets_or_switches_off_himself(cast):
    admin = cast.users["system_admin"]
    for act in (accounts.switch_off, accounts.reset_password, accounts.reset_second_factor):
        with pytest.raises(ValidationError, match="自己"):
            act(admin, admin, reason="试试")


def test_a_reset_password_ends_sessions_and_the_old_one_holds_no_more(cast):
    user = cast.users["principal"]
    user.set_password("the-old-long-password")
    user.save()
    client = Client()
    client.post("/account/login/", {"login": user.username, "password": "the-old-long-password"})
    assert client.get("/").status_code == 200
    url = reverse("directory:user_password", args=(user.pk,))
    page = cast.client("system_admin").post(url, {"reason": "忘记"}).content.decode()
    first = re.search(r'id="secret">([^<]+)<', page)[1]
    assert client.get("/").status_code == 302
    assert Client().post("/account/login/", {"login": user.username, "password": first}).status_code == 302
    assert not User.objects.get(pk=user.pk).check_password("the-old-long-password")


def test_taking_over_an_account_with_a_second_factor_needs_two_administrators(cast):
    user = cast.users["bureau_clerk"]
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "key", "credential": {}})
    factor = reverse("directory:user_second_factor", args=(user.pk,))
    password = reverse("directory:user_password", args=(user.pk,))
    assert cast.client("system_admin").post(factor, {"reason": "丢失"}).status_code == 403
    assert cast.client("security_admin").post(password, {"reason": "忘记"}).status_code == 403
    assert Authenticator.objects.filter(user=user).exists()
    assert cast.client("security_admin").post(factor, {"reason": "丢失"}).status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_new_code_replaces_the_one_before(cast):
    old = accounts.open_accounts([accounts.NewAccount("t-1", "赵一", cast.yucai)], by=None)["t-1"]
    user = User.objects.get(username="t-1")
    page = cast.client("system_admin").post(reverse("directory:user_code", args=(user.pk,)), {"reason": "丢了"})
    new = re.search(r'id="secret">([^<]+)<', page.content.decode())[1]
    with pytest.raises(ValidationError):
        accounts.activate("t-1", old, "a-right-long-password")
    assert accounts.activate("t-1", new, "a-right-long-password").pk == user.pk
    with pytest.raises(ValidationError, match="已经启用"):
        accounts.renew_code(cast.users["system_admin"], user)


@pytest.mark.parametrize("words", ["qingyuan", "清源", "qy-clerk"])
def test_the_list_shows_only_accounts_within_reach(cast, words):
    page = cast.client("system_admin").get(reverse("directory:users"), {"q": words}).content.decode()
    assert "qy-clerk" not in page.replace(f'value="{words}"', "").replace(f"q={words}", "")


def test_the_list_finds_by_pinyin_filters_by_role_and_asks_few_questions(cast, django_assert_max_num_queries):
    client = cast.client("system_admin")
    url = reverse("directory:users")
    client.get(url)
    assert "hd-principal" in client.get(url, {"q": "hedongxiao"}).content.decode()
    page = client.get(url, {"role": "principal"}).content.decode()
    assert "xs-principal" in page
    assert "ys-teacher" not in page
    with django_assert_max_num_queries(12):
        client.get(url)


def test_the_page_of_an_account_tells_its_roles_to_both_administrators(cast):
    url = reverse("directory:user", args=(cast.users["principal"].pk,))
    system, security = (cast.client(name).get(url).content.decode() for name in ("system_admin", "security_admin"))
    assert "校长" in system
    assert "校长" in security
    assert reverse("directory:grant_add", args=(cast.users["principal"].pk,)) in security
    assert reverse("directory:grant_add", args=(cast.users["principal"].pk,)) not in system


def test_editing_moves_the_account_and_keeps_the_roles(cast):
    user = cast.users["principal"]
    url = reverse("directory:user_edit", args=(user.pk,))
    cast.client("system_admin").post(url, {"name": "曾新名", "organisation": cast.hedong.pk})
    user.refresh_from_db()
    assert (user.name, user.organisation, user.initials) == ("曾新名", cast.hedong, "zxm")
    assert user.grants.get().organisation == cast.yucai


def test_the_list_is_in_the_bureaus_order_by_pinyin_or_by_strokes_of_the_surname(cast):
    names = {"wang": "王一凡", "ding": "丁一凡", "ma": "马一凡", "zhao": "赵一凡"}
    for username, name in names.items():
        User.objects.create_user(username=f"zz-{username}", password=None, name=name, organisation=cast.county)

    def order(**chosen):
        page = cast.client("system_admin").get(reverse("directory:users"), {"q": "一凡"} | chosen).content.decode()
        found = {page.index(f"zz-{username}"): username for username in names}
        return [found[place] for place in sorted(found)]

    assert order(order="strokes") == ["ding", "ma", "wang", "zhao"]  # 2, 3, 4 and 9 strokes
    assert order() == order(order="bureau") == ["ding", "ma", "wang", "zhao"]
    User.objects.filter(username="zz-ding").update(name="魏一凡")
    User.objects.get(username="zz-ding").save()
    assert order(order="strokes") == ["ma", "wang", "zhao", "ding"]
    assert order(order="pinyin") == ["ma", "wang", "ding", "zhao"]
