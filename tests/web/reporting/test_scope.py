"""Who sees which figures, on which day, and what happens to words of an address that mean nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from junheng.web.directory.models import Organisation, User
from junheng.web.staffing.models import SchoolState

Enter = Callable[[str], Client]
Nth = Callable[[int], Organisation]
PAGES = ("/overview/", "/overview/balance/", "/overview/structure/", "/overview/map/", "/overview/map/screen/")


@pytest.mark.parametrize("address", PAGES)
def test_a_principal_sees_the_own_school_and_no_other(enter: Enter, school: Nth, address: str) -> None:
    answer = enter("principal-01").get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert school(1).name in text
    others = [school(n).name for n in range(2, 7)]
    assert not [name for name in others if name in text]


@pytest.mark.parametrize("address", PAGES)
def test_a_cluster_head_sees_the_schools_of_the_own_cluster(enter: Enter, school: Nth, address: str) -> None:
    inside = [school(n) for n in range(1, 7) if school(n).parent_id == school(3).parent_id]
    outside = [school(n) for n in range(1, 7) if school(n).parent_id != school(3).parent_id]
    assert inside
    assert outside
    text = enter("cluster-head-02").get(address).content.decode()
    assert not [each.name for each in outside if each.name in text]
    if address in ("/overview/", "/overview/map/"):
        assert [each.name for each in inside if each.name not in text] == []


@pytest.mark.parametrize("address", PAGES)
def test_what_is_out_of_scope_is_not_there(enter: Enter, place: Organisation, school: Nth, address: str) -> None:
    beside = Organisation.objects.get(code="990201")
    strangers = Organisation.objects.filter(county=beside, kind="school").first()
    assert strangers is not None
    for username, key in (
        ("principal-01", school(2).pk),
        ("principal-01", place.pk),
        ("cluster-head-01", place.pk),
        ("bureau-clerk", beside.pk),
        ("bureau-clerk", strangers.pk),
        ("b-bureau-clerk", place.pk),
    ):
        assert enter(username).get(address, {"scope": key}).status_code == 404, (username, key)
    assert enter("bureau-clerk").get(address, {"scope": school(2).pk}).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_figures_are_for_those_who_hold_the_permission(enter: Enter, address: str) -> None:
    teacher = User.objects.filter(username__startswith="t0").order_by("pk").first()
    assert teacher is not None
    for username in ("nobody", "expired-clerk", "revoked-clerk", "system-admin", "audit-admin", teacher.username):
        assert enter(username).get(address).status_code == 403, username
    assert Client().get(address).status_code == 302


NONSENSE: tuple[dict[str, str], ...] = (
    {"scope": "99999999"}, {"scope": "-1"}, {"scope": "x"}, {"scope": "٣"}, {"scope": "9" * 40},
    {"on": "2026-02-30"}, {"on": "31.8.2026"}, {"on": "9999-12-31"}, {"on": "0001-01-01"},
    {"with": "x"}, {"indicator": "x", "stage": "y"}, {"colour": "x"}, {"page": "x"}, {"schools-page": "999999"},
    {"export": "exe"}, {"export": "xlsx", "table": "x"},
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_words_that_mean_nothing_get_a_page(enter: Enter, address: str) -> None:
    client = enter("bureau-clerk")
    for words in NONSENSE:
        assert client.get(address, words).status_code in (200, 404), words


def test_a_day_before_all_data_says_so_and_from_when_there_are(enter: Enter) -> None:
    answer = enter("bureau-clerk").get("/overview/", {"on": "2020-01-01"})
    assert answer.status_code == 200
    assert "这一天没有数据" in answer.content.decode()
    assert "2025-08-31" in answer.content.decode()


def test_rows_that_do_not_fit_together_get_a_page_that_says_which(enter: Enter, school: Nth) -> None:
    SchoolState.objects.filter(school=school(2)).delete()
    answer = enter("bureau-clerk").get("/overview/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "前后不一致" in text or "概览" in text


def test_a_prefecture_chooses_among_its_counties(enter: Enter, place: Organisation) -> None:
    beside = Organisation.objects.get(code="990201")
    inspector = enter("prefecture-inspector")
    assert place.name in inspector.get("/overview/").content.decode()
    answer = inspector.get("/overview/", {"scope": beside.pk})
    assert answer.status_code == 200
    assert "望溪县" in answer.content.decode()
