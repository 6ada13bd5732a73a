"""Roles and deputies: granted by somebody else, within the policy, gone at once when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from racing import at_once

from junheng.web.access import Permission, Role
from junheng.web.directory.actions import accounts, grants
from junheng.web.directory.models import RoleGrant, User
from junheng.web.directory.standing import PersonStanding
from junheng.web.records.models import AuditEvent

TODAY = timezone.localdate


def days(number: int):
    return TODAY() + timedelta(days=number)


def standing(user):
    return PersonStanding(User.objects.get(pk=user.pk), TODAY())


def grant_by_form(cast, who, **given):
    form = {"role": "school_clerk", "organisation": cast.yucai.pk, "start": TODAY().isoformat()} | given
    return cast.client("security_admin").post(reverse("directory:grant_add", args=(cast.users[who].pk,)), form)


def test_a_role_works_from_the_next_request_on_and_stops_with_the_next_one_after_it_is_revoked(cast):
    client = cast.client("nobody")
    url = reverse("directory:organisation", args=(cast.yucai.pk,))
    assert client.get(url).status_code == 403
    assert grant_by_form(cast, "nobody").status_code == 302
    assert client.get(url).status_code == 200
    held = RoleGrant.objects.get(user=cast.users["nobody"])
    revoked = cast.client("security_admin").post(reverse("directory:grant_revoke", args=(held.pk,)), {"reason": "调离"})
    assert revoked.status_code == 302
    assert client.get(url).status_code == 403
    about = AuditEvent.objects.filter(action__startswith="directory.grant.").order_by("number")
    assert list(about.values_list("action", flat=True)) == ["directory.grant.granted", "directory.grant.revoked"]


def test_whoever_holds_several_roles_may_what_any_of_them_allows_where_it_is_held(cast):
    client, who = cast.client("principal_of_hedong"), cast.users["principal_of_hedong"]
    own, second = (reverse("staffing:school", args=(school.pk,)) for school in (cast.hedong, cast.xishan))
    assert [client.get(url).status_code for url in (own, second)] == [200, 404]
    assert grant_by_form(cast, "principal_of_hedong", organisation=cast.xishan.pk).status_code == 302
    assert [client.get(url).status_code for url in (own, second)] == [200, 200]
    held = standing(who)
    assert held.organisations(Permission.CORRECTIONS_DECIDE) == {cast.hedong.pk}, "as principal, and nowhere else"
    assert {cast.hedong.pk, cast.xishan.pk} <= held.organisations(Permission.TEACHERS_VIEW)
    grants.revoke(cast.users["security_admin"], RoleGrant.objects.get(user=who, role="school_clerk"), reason="换人")
    assert [client.get(url).status_code for url in (own, second)] == [200, 404]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"role": "principal", "organisation": "county"}, "不在这一类机构任职"),
        ({"role": "cluster_head", "organisation": "yucai"}, "不在这一类机构任职"),
        ({"role": "audit_admin", "organisation": "county"}, "选择一个有效的选项"),
        ({"organisation": "faraway"}, "选择一个有效的选项"),
        ({"end": "2020-01-01"}, "结束日期早于开始日期"),
        ({"start": "2020-01-01", "end": "2020-02-01"}, "结束日期已经过去"),
        ({"start": "9999-12-31"}, "请检查年份"),
        ({"start": "not a day"}, "输入一个有效的日期"),
        ({"role": "emperor"}, "选择一个有效的选项"),
    ],
)
def test_what_the_policy_does_not_allow_is_refused_with_a_reason(cast, given, said):
    given = {key: getattr(cast, value).pk if key == "organisation" else value for key, value in given.items()}
    answer = grant_by_form(cast, "nobody", **given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not RoleGrant.objects.filter(user=cast.users["nobody"]).exists()


def test_nobody_grants_himself_anything(cast):
    admin = cast.users["security_admin"]
    with pytest.raises(ValidationError, match="不能给自己"):
        grants.grant_role(admin, admin, Role.SECURITY_ADMIN, cast.county, start=TODAY())
    answer = grant_by_form(cast, "security_admin", role="security_admin", organisation=cast.county.pk)
    assert "不能给自己" in answer.content.decode()


def test_an_administrator_gets_no_business_role_and_the_other_way_round(cast):
    by = cast.users["security_admin"]
    for who, role in (("system_admin", Role.BUREAU_CLERK), ("nobody", Role.SYSTEM_ADMIN)):
        with pytest.raises(ValidationError, match="不能担任"):
            grants.grant_role(by, cast.users[who], role, cast.county, start=TODAY())


def test_the_system_administrator_grants_nothing_and_the_security_administrator_opens_nothing(cast):
    url = reverse("directory:grant_add", args=(cast.users["nobody"].pk,))
    assert cast.client("system_admin").get(url).status_code == 403
    assert cast.client("security_admin").get(reverse("directory:user_open")).status_code == 403


def test_the_same_role_is_not_held_twice_at_a_time_but_one_after_the_other(cast):
    by, user = cast.users["security_admin"], cast.users["nobody"]
    grants.grant_role(by, user, Role.TEACHER, cast.yucai, start=TODAY(), end=days(10))
    with pytest.raises(ValidationError, match="已经担任"):
        grants.grant_role(by, user, Role.TEACHER, cast.yucai, start=days(10))
    assert grants.grant_role(by, user, Role.TEACHER, cast.yucai, start=days(11)).pk


def test_many_roles_are_granted_at_once_and_a_second_time_none(cast):
    accounts.open_accounts([accounts.NewAccount(f"t-{n}", f"教师{n}", cast.yucai) for n in range(600)], by=None)
    rows = [
        grants.NewGrant(u, Role.TEACHER, cast.yucai, TODAY()) for u in User.objects.filter(username__startswith="t-")
    ]
    assert grants.grant_roles(rows, cast.users["security_admin"], reason="入职") == 600
    assert grants.grant_roles(rows, cast.users["security_admin"]) == 0
    assert AuditEvent.objects.filter(action="directory.grant.granted_many").count() == 1
    with pytest.raises(ValidationError):
        grants.grant_roles([grants.NewGrant(rows[0].user, Role.PRINCIPAL, cast.county, TODAY())], None)


# --- deputies -------------------------------------------------------------------------------------------------------


def deputy(cast, name="school_clerk", **given):
    held = cast.users["principal"].grants.get()
    words = {"start": TODAY(), "end": days(7), "reason": "外出培训"} | given
    return grants.name_deputy(cast.users["principal"], held, cast.users[name], **words)


def test_a_deputy_may_do_what_the_role_may_but_name_no_deputy(cast):
    deputy(cast)
    may = standing(cast.users["school_clerk"])
    assert may.allows(Permission.CORRECTIONS_DECIDE)
    assert not may.allows(Permission.DEPUTY_NAME)
    held = cast.users["school_clerk"].grants.get(deputises__isnull=False)
    client = cast.client("school_clerk")
    assert client.get(reverse("directory:deputy_name", args=(held.pk,))).status_code == 403
    with pytest.raises(ValidationError, match="不能再委托"):
        grants.name_deputy(
            cast.users["school_clerk"], held, cast.users["teacher"], start=TODAY(), end=days(1), reason="再委托"
        )


def test_a_deputy_is_named_by_form_and_ended_by_form(cast):
    client = cast.client("principal")
    held = cast.users["principal"].grants.get()
    form = {"username": "ys-school_clerk", "start": TODAY(), "end": days(3), "reason": "外出"}
    assert client.post(reverse("directory:deputy_name", args=(held.pk,)), form).status_code == 302
    assert "ys-school_clerk" not in client.get(reverse("directory:deputies")).content.decode()
    assert "云山学校经办人" in client.get(reverse("directory:deputies")).content.decode()
    assert "云山校长" in cast.client("school_clerk").get(reverse("directory:deputies")).content.decode()
    made = RoleGrant.objects.get(deputises=held)
    assert client.post(reverse("directory:deputy_end", args=(made.pk,)), {"reason": "回来了"}).status_code == 302
    assert not standing(cast.users["school_clerk"]).allows(Permission.CORRECTIONS_DECIDE)


@pytest.mark.parametrize("username", ["hd-teacher", "qy-clerk", "ys-system_admin", "no-such-account", "ys-principal"])
def test_who_may_not_stand_in_is_refused_like_who_is_not_there(cast, username):
    held = cast.users["principal"].grants.get()
    form = {"username": username, "start": TODAY(), "end": days(3), "reason": "外出"}
    answer = cast.client("principal").post(reverse("directory:deputy_name", args=(held.pk,)), form)
    assert answer.status_code == 422
    assert "没有可以代行的这个账号" in answer.content.decode()


def test_the_deputy_goes_with_the_role_deputised_for(cast):
    made = deputy(cast)
    grants.revoke(cast.users["security_admin"], made.deputises, reason="免职")
    assert not standing(cast.users["school_clerk"]).allows(Permission.CORRECTIONS_DECIDE)
    assert AuditEvent.objects.filter(action="directory.deputy.ended").count() == 1


def test_the_deputy_goes_with_the_account_of_the_person_deputised_for(cast):
    deputy(cast)
    accounts.switch_off(cast.users["system_admin"], cast.users["principal"], reason="停用")
    assert not standing(cast.users["school_clerk"]).allows(Permission.CORRECTIONS_DECIDE)


def test_a_deputy_ends_on_the_day_and_never_outlasts_the_role(cast):
    deputy(cast, end=days(2))
    user = User.objects.get(pk=cast.users["school_clerk"].pk)
    assert PersonStanding(user, days(2)).allows(Permission.CORRECTIONS_DECIDE)
    assert not PersonStanding(user, days(3)).allows(Permission.CORRECTIONS_DECIDE)
    with pytest.raises(ValidationError, match="一年"):
        deputy(cast, name="teacher", end=days(400))
    RoleGrant.objects.filter(user=cast.users["principal"]).update(end=days(5))
    with pytest.raises(ValidationError, match="结束日期"):
        deputy(cast, name="teacher", end=days(6))


def test_what_a_deputy_does_is_written_as_done_for_the_other(cast):
    held = cast.users["section_head"].grants.get()
    grants.name_deputy(
        cast.users["section_head"], held, cast.users["leading_group"], start=TODAY(), end=days(5), reason="出差"
    )
    user = User.objects.get(pk=cast.users["leading_group"].pk)
    user.standing = PersonStanding(user, TODAY())
    user.standing.asked = (Permission.CORRECTIONS_DECIDE,)
    assert user.stands_in_for() == "云山人事科负责人"
    user.standing.asked = (Permission.SCHOOLS_VIEW,)
    assert user.stands_in_for() == ""


def test_a_deputys_act_in_a_request_names_both(cast, rf, settings):
    """Through the middleware, with a page that the deputy opens and something that is recorded there."""
    from django.db import transaction
    from django.http import HttpResponse

    from junheng.web.access import requires
    from junheng.web.directory.middleware import StandingMiddleware
    from junheng.web.records.audit import record

    deputy(cast)

    @requires(Permission.CORRECTIONS_DECIDE)
    def view(request):
        with transaction.atomic():
            record(request.user, "staffing.correction.decided", None)
        return HttpResponse()

    request = rf.post("/")
    request.user = User.objects.get(pk=cast.users["school_clerk"].pk)

    def answer(asked):
        middleware.process_view(asked, view, (), {})
        return view(asked)

    middleware = StandingMiddleware(answer)
    assert middleware(request).status_code == 200
    event = AuditEvent.objects.first()
    assert (event.author, event.deputising_for) == ("ys-school_clerk", "云山校长")


# --- two at once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def racing(transactional_db, settings, cast):
    settings.WIDEN_RACES = 0.2
    return cast


@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_make_one_and_a_message(racing):
    by, user = racing.users["security_admin"], racing.users["nobody"]

    def act():
        return grants.grant_role(by, user, Role.TEACHER, racing.yucai, start=TODAY(), end=days(30))

    outcome = at_once(act, act)
    assert sorted(type(each).__name__ for each in outcome) == ["RoleGrant", "ValidationError"]
    assert user.grants.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_revocations_at_once_make_one_and_a_message(racing):
    held = racing.users["principal"].grants.get()
    by = racing.users["security_admin"]
    outcome = at_once(*[lambda: grants.revoke(by, held, reason="调离")] * 2)
    assert sorted(type(each).__name__ for each in outcome) == ["RoleGrant", "ValidationError"]
    assert AuditEvent.objects.filter(action="directory.grant.revoked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_deputy_named_while_the_role_is_revoked_has_no_power(racing):
    by = racing.users["security_admin"]
    held = racing.users["principal"].grants.get()
    outcome = at_once(lambda: grants.revoke(by, held, reason="免职"), lambda: deputy(racing))
    assert all(isinstance(each, RoleGrant | ValidationError) for each in outcome), outcome
    assert not standing(racing.users["school_clerk"]).allows(Permission.CORRECTIONS_DECIDE)


@pytest.mark.django_db(transaction=True)
def test_guessing_at_once_gets_no_more_tries_than_one_by_one(transactional_db, cast):
    from junheng.web.directory import braking

    outcome = at_once(*[lambda: braking.count(braking.name_key("somebody"), braking.BY_NAME)] * 12)
    assert sum(each is None for each in outcome) == braking.BY_NAME.free
