"""The first page: for every role, with what waits, and never more than is hers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from junheng.web.access import Role
from junheng.web.directory.models import Organisation, User
from junheng.web.records import waiting
from junheng.web.records.audit import record
from junheng.web.staffing.models import Teacher, TeacherState

Enter = Callable[[str], Client]
AT_SCHOOL = (Role.TEACHER, Role.SCHOOL_CLERK, Role.PRINCIPAL, Role.CLUSTER_HEAD)
EVERYBODY = (
    *(role.value.replace("_", "-") for role in Role if role not in AT_SCHOOL),
    *("principal-01", "school-clerk-01", "cluster-head-01", "deputy-01"),
    *("nobody", "expired-clerk", "prefecture-inspector"),
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_has_a_first_page(enter: Enter, language: str) -> None:
    for username in EVERYBODY:
        client = enter(username)
        client.cookies["django_language"] = language
        answer = client.get("/")
        assert answer.status_code == 200, username
        assert answer.headers["Content-Language"] == language, username


def test_what_waits_stands_first_and_is_counted(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def two(_request: Any) -> list[waiting.Waiting]:
        return [waiting.Waiting("两份更正", "/somewhere/", 2)]

    monkeypatch.setattr(waiting, "_providers", [two])
    answer = enter("principal-01").get("/")
    assert answer.context["waiting_count"] == 2
    assert 'href="/somewhere/"' in answer.content.decode()


def test_without_work_the_page_says_what_will_stand_there(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_providers", [])
    assert "没有待办事项" in enter("principal-01").get("/").content.decode()


def test_a_teacher_finds_her_file_and_nobody_elses(enter: Enter, place: Organisation) -> None:
    own = Teacher.objects.exclude(user=None).filter(user__username__startswith="t0", county=place).first()
    assert own is not None
    assert own.user is not None
    text = enter(own.user.username).get("/").content.decode()
    names = set(TeacherState.objects.current().values_list("name", flat=True))
    mine = own.state.name if own.state else ""
    assert mine in text
    assert not [name for name in names - {mine} if name in text]


def test_administrators_see_no_figures_of_people(enter: Enter) -> None:
    names = set(TeacherState.objects.values_list("name", flat=True))
    for username in ("system-admin", "security-admin", "audit-admin"):
        answer = enter(username).get("/")
        assert not [card for card in answer.context["cards"] if card["icon"] in ("users", "id-badge-2", "scale")]
        assert answer.context["changes"] == []
        signed_in = str(User.objects.get(username=username))
        assert not [name for name in names if name in answer.content.decode() and name != signed_in]


def test_a_large_intake_is_one_line_and_counts_the_own_school_only(enter: Enter, place: Organisation) -> None:
    clerk, principal = enter("bureau-clerk").get("/"), enter("principal-01").get("/")
    assert len(clerk.context["changes"]) <= 6
    here = principal.context["changes"][0].count
    assert 0 < here < TeacherState.objects.filter(teacher__county=place).count()


def test_what_i_did_is_mine(enter: Enter) -> None:
    client = enter("bureau-clerk")
    client.get("/overview/", {"export": "csv", "on": "2026-08-31"})
    done = client.get("/").context["done"]
    assert any("导出" in each["said"] for each in done)
    assert not any("导出" in each["said"] for each in enter("section-head").get("/").context["done"])


@pytest.mark.parametrize("username", ["bureau-clerk", "principal-01", "cluster-head-01", "prefecture-inspector"])
def test_the_frame_asks_little(enter: Enter, username: str) -> None:
    client = enter(username)
    client.get("/overview/map/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/overview/map/")
    frame = [q["sql"] for q in asked if "COUNT" in q["sql"] and "notification" in q["sql"]]
    frame += [q["sql"] for q in asked if "junheng_cache" in q["sql"] or 'MAX("staffing_teacherstate"' in q["sql"]]
    assert len(frame) == 1, frame


def test_the_menu_marks_one_entry(enter: Enter) -> None:
    for page in ("/", "/overview/", "/overview/map/"):
        menu = enter("bureau-clerk").get(page).context["frame"]["menu"]
        assert [entry["active"] for entry in menu].count(True) == 1, page


def test_pages_ask_the_database_as_often_however_large_the_county(
    enter: Enter, place: Organisation, django_assert_max_num_queries: Any
) -> None:
    client = enter("bureau-clerk")
    client.get("/overview/")
    with django_assert_max_num_queries(22):
        client.get("/overview/")
    with django_assert_max_num_queries(30):
        client.get("/")


PAGES = (
    "/", "/staffing/teachers/", "/staffing/schools/", "/staffing/establishment/", "/overview/", "/overview/balance/",
    "/overview/map/",
)  # fmt: skip


SEVERAL_KINDS = 14
"""The home page asks once more for each kind of work that may wait for the person."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_at_most_twelve_times(enter: Enter, page: str) -> None:
    client = enter("bureau-clerk")
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    most = 12 + (SEVERAL_KINDS if page == "/" else 0)
    assert len(asked) <= most, [query["sql"][:120] for query in asked]


def test_sums_of_home_follow_the_data(enter: Enter, place: Organisation) -> None:
    client = enter("bureau-clerk")
    card = next(card for card in client.get("/").context["cards"] if card["icon"] == "users")
    assert card["value"] == f"{TeacherState.objects.current().filter(teacher__county=place).count():,}"
    state = TeacherState.objects.current().filter(teacher__county=place).first()
    assert state is not None
    TeacherState.objects.filter(pk=state.pk).update(valid_until=state.valid_from)
    record(None, "staffing.teacher.left", state.teacher, organisation=place)
    after = next(card for card in client.get("/").context["cards"] if card["icon"] == "users")
    assert int(after["value"].replace(",", "")) == int(card["value"].replace(",", "")) - 1
