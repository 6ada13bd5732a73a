"""The gate lets through whoever holds the permission now, and nobody else."""

from __future__ import annotations

from django.utils import timezone

from junheng.web.access import ROLE_RULES, Duty, Permission, Role
from junheng.web.directory.standing import PersonStanding


def standing(cast, name):
    return PersonStanding(cast.users[name], timezone.localdate())


def test_a_role_reaches_its_organisation_and_everything_below(cast):
    reach = standing(cast, "cluster_head").organisations(Permission.TEACHERS_VIEW)
    assert reach == {cast.cluster.pk, cast.yucai.pk, cast.hedong.pk}


def test_an_ended_role_gives_nothing(cast):
    assert standing(cast, "expired_clerk").grants == ()
    assert not standing(cast, "expired_clerk").allows(Permission.TEACHERS_VIEW)


def test_a_revoked_grant_gives_nothing_at_the_next_look(cast):
    user = cast.users["principal"]
    user.grants.update(revoked_at=timezone.now(), revoked_by=cast.users["security_admin"])
    assert not standing(cast, "principal").allows(Permission.TEACHERS_VIEW)


def test_administrators_hold_no_permission_on_people_or_posts():
    for role, rule in ROLE_RULES.items():
        if rule.duty is not Duty.BUSINESS:
            assert not {each for each in rule.may if each.startswith("staffing.")}, role


def test_every_role_has_its_rule_and_every_permission_a_holder():
    assert set(ROLE_RULES) == set(Role)
    assert {each for rule in ROLE_RULES.values() for each in rule.may} == set(Permission)
