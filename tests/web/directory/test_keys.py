"""A set of keys in a query finds what the plain set finds, and is written once."""

from __future__ import annotations

import copy

import pytest
from django.db.models import Count, Q
from django.utils import timezone

from junheng.web.access import Permission
from junheng.web.directory.keys import Keys
from junheng.web.directory.models import Organisation
from junheng.web.directory.standing import PersonStanding
from junheng.web.staffing.models import Teacher, TeacherState


@pytest.mark.parametrize("named", [("yucai", "hedong"), ("yucai",), (), ("yucai", "hedong", "xishan", "faraway")])
def test_a_query_finds_the_same_with_keys_and_with_the_plain_set(cast, named) -> None:
    plain = frozenset(getattr(cast, name).pk for name in named)
    keys = Keys(plain)
    assert keys == plain
    states, places = TeacherState.objects.order_by("pk"), Organisation.objects.order_by("pk")
    for one, other in (
        (places.filter(pk__in=keys), places.filter(pk__in=plain)),
        (places.exclude(pk__in=keys), places.exclude(pk__in=plain)),
        (states.filter(school__in=keys), states.filter(school__in=plain)),
        (states.exclude(teaching_school__in=keys), states.exclude(teaching_school__in=plain)),
        (states.filter(Q(school__in=keys) | Q(teaching_school__in=keys)),
         states.filter(Q(school__in=plain) | Q(teaching_school__in=plain))),
        (Teacher.objects.filter(states__school__in=keys), Teacher.objects.filter(states__school__in=plain)),
        (states.filter(teacher__in=Teacher.objects.filter(states__school__in=keys)),
         states.filter(teacher__in=Teacher.objects.filter(states__school__in=plain))),
        (states.filter(school__in=copy.deepcopy(keys)), states.filter(school__in=plain)),
    ):  # fmt: skip
        assert list(one) == list(other)
        assert one.count() == other.count()
    counted = [
        list(states.values("stage").annotate(there=Count("pk", filter=Q(school__in=each)), all=Count("pk"))
             .order_by("stage").filter(all__gt=0).values_list("stage", "there"))
        for each in (keys, plain)
    ]  # fmt: skip
    assert counted[0] == counted[1]


def test_keys_stand_in_the_statement_without_parameters(cast) -> None:
    keys = Keys({cast.yucai.pk, cast.hedong.pk})
    sql, parameters = Organisation.objects.filter(pk__in=keys).query.sql_with_params()
    assert f"IN ({', '.join(map(str, sorted(keys)))})" in sql
    assert parameters == ()


def test_a_persons_reach_is_made_of_keys(cast) -> None:
    standing = PersonStanding(cast.users["bureau_clerk"], timezone.localdate())
    within = standing.organisations(Permission.TEACHERS_VIEW)
    assert isinstance(within, Keys)
    assert standing.organisations(Permission.SCHOOLS_VIEW) is within
