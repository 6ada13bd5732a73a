"""The cast of the web's tests: two counties, four schools, one person for each role, and their accounts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from junheng.web.access import ROLE_RULES, Role
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.records.sealing import encrypt
from junheng.web.staffing.models import SchoolState, Teacher, TeacherState

SINCE = date(2026, 8, 31)
KINDS = {("primary",): "village_primary", ("junior",): "junior_high", ("primary", "junior"): "nine_year"}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite's test database is a file, so that several connections can race on it."""
    from django.db import connections

    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _clean_up_lifts_the_guards() -> Iterator[None]:
    """What empties the tables after a transactional test is refused by the audit chain's triggers, so they are lifted.

    The ``post_migrate`` that the clean-up ends with puts them up again and makes the head of the chain anew.
    """
    from django.core.management.commands.flush import Command
    from django.db import connections

    from junheng.web.records import guarding

    def handle(self: Command, **options: Any) -> None:
        guarding.take_down(connections[options["database"]])
        plain(self, **options)

    plain, Command.handle = Command.handle, handle
    yield
    Command.handle = plain


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_left_in_the_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database that a session is in: a thread, or a killed process, may be slow to leave its own.

    They are waited for, and sent away after that.
    """
    yield
    from django.db import connection

    with django_db_blocker.unblock():
        if connection.vendor != "postgresql":
            return
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with connection.cursor() as cursor:
            for _look in range(50):
                cursor.execute(f"SELECT count(*) {others}")
                if cursor.fetchone() == (0,):
                    return
                time.sleep(0.1)
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a process remembers for a while is of no other test's county."""
    from django.core.cache import caches

    caches["process"].clear()


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    """What a test stores, and its mail, stay in the test."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "data" / "files"},
        }
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _in_chinese() -> None:
    """The language that an earlier test's page was read in does not stay."""
    translation.activate("zh-hans")


@dataclass
class Cast:
    """Everybody by name. ``users`` has an account per role of 云山县, plus others named by who they are."""

    county: Organisation
    other_county: Organisation
    cluster: Organisation
    other_cluster: Organisation
    yucai: Organisation
    hedong: Organisation
    xishan: Organisation
    faraway: Organisation
    users: dict[str, User] = field(default_factory=dict)
    teachers: dict[str, Teacher] = field(default_factory=dict)

    def client(self, name: str, *, second_factor: bool = True) -> Client:
        """A browser in which the named person is signed in, with a second factor where a role asks for one."""
        client, user = Client(), self.users[name]
        if second_factor and any(grant.rule.second_factor for grant in user.grants.all()):
            secret = {"secret": encrypt("JBSWY3DPEHPK3PXP")}
            Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": secret})
        client.force_login(user)
        return client


def organisation(kind: str, code: str, name: str, parent: Organisation | None, position: int = 0) -> Organisation:
    """An organisation under its parent, the county worked out."""
    county = parent if parent is not None and parent.kind == "county" else getattr(parent, "county", None)
    return Organisation.objects.create(kind=kind, code=code, name=name, parent=parent, county=county, position=position)


def school(code: str, name: str, cluster: Organisation, *, x: float, stages: tuple[str, ...]) -> Organisation:
    """A school with its state since the data's date."""
    made = organisation("school", code, name, cluster)
    SchoolState.objects.create(
        school=made, name=name, kind=KINDS[stages], stages=list(stages),
        locale="town", cluster=cluster, x_km=x, y_km=1.0, valid_from=SINCE, source="test",
    )  # fmt: skip
    return made


def teacher(county: Organisation, number: str, name: str, at: Organisation, **given: Any) -> Teacher:
    """A teacher with a present state."""
    made = Teacher.objects.create(county=county, number=number)
    state = {
        "sex": "F", "birth_date": date(1985, 5, 12), "stage": "junior", "main_subject": "maths",
        "id_number": "", "on_establishment": True, "in_post": True, "full_time": True, "seconded_in": False,
        "work_start": date(2007, 9, 1), "joined_current_school": date(2015, 9, 1), "education": "bachelor",
    } | given  # fmt: skip
    TeacherState.objects.create(teacher=made, name=name, school=at, valid_from=SINCE, source="test", **state)
    return made


def account(username: str, name: str, role: Role | None, at: Organisation, **given: Any) -> User:
    """An account with one role held at an organisation since last year."""
    duty = ROLE_RULES[role].duty if role else "business"
    user = User.objects.create_user(username=username, password=None, name=name, organisation=at, duty=duty)
    if role is not None:
        start = given.pop("start", timezone.localdate() - timedelta(days=365))
        RoleGrant.objects.create(user=user, role=role, organisation=at, start=start, **given)
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    """云山县 with two clusters and three schools, 清源县 with one, and everybody who plays."""
    return call_together()


@pytest.fixture(scope="module")
def cast_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The same cast for all tests of a module, which leave it as it was: each runs in a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield call_together()
        transaction.set_rollback(True)


def call_together() -> Cast:
    """Makes everybody."""
    county = organisation("county", "990101", "云山县", None)
    other = organisation("county", "990102", "清源县", None)
    east = organisation("cluster", "X01", "河东学区", county, 1)
    west = organisation("cluster", "X02", "西山学区", county, 2)
    far = organisation("cluster", "Q01", "清源学区", other, 1)
    people = Cast(
        county, other, east, west,
        yucai=school("9901010001", "云山县育才初级中学", east, x=1, stages=("junior",)),
        hedong=school("9901010002", "云山县河东小学", east, x=4, stages=("primary",)),
        xishan=school("9901010003", "云山县西山九年一贯制学校", west, x=9, stages=("primary", "junior")),
        faraway=school("9901020001", "清源县第一中学", far, x=2, stages=("junior",)),
    )  # fmt: skip
    people.teachers = {
        "alice": teacher(county, "T0001", "安丽丝", people.yucai, id_number="990101198505120022"),
        "bob": teacher(county, "T0002", "单博文", people.hedong, stage="primary", main_subject="chinese", sex="M"),
        "carol": teacher(county, "T0003", "曾可柔", people.xishan),
        "dave": teacher(other, "T0001", "戴维新", people.faraway, sex="M"),
        "eve": teacher(county, "T0005", "解忆雯", people.yucai, teaching_school=people.hedong),
    }
    seats = {
        Role.TEACHER: people.yucai, Role.SCHOOL_CLERK: people.yucai, Role.PRINCIPAL: people.yucai,
        Role.CLUSTER_HEAD: east,
    }  # fmt: skip
    for role in Role:
        people.users[role.value] = account(f"ys-{role.value}", f"云山{role.label}", role, seats.get(role, county))
    people.users |= {
        "principal_of_hedong": account("hd-principal", "河东校长", Role.PRINCIPAL, people.hedong),
        "principal_of_xishan": account("xs-principal", "西山校长", Role.PRINCIPAL, people.xishan),
        "head_of_other_cluster": account("xs-head", "西山学区长", Role.CLUSTER_HEAD, west),
        "clerk_of_other_county": account("qy-clerk", "清源经办人", Role.BUREAU_CLERK, other),
        "teacher_of_other_county": account("qy-teacher", "清源教师", Role.TEACHER, people.faraway),
        "teacher_of_hedong": account("hd-teacher", "河东教师", Role.TEACHER, people.hedong),
        "expired_clerk": account(
            "old-clerk", "原经办人", Role.BUREAU_CLERK, county, end=timezone.localdate() - timedelta(days=1)
        ),
        "nobody": account("nobody", "没有角色的人", None, county),
    }
    for user, who in (("teacher", "alice"), ("teacher_of_hedong", "bob"), ("teacher_of_other_county", "dave")):
        people.teachers[who].user = people.users[user]
        people.teachers[who].save()
    return people


@pytest.fixture
def read() -> Callable[[Any], str]:
    """The text of a page without its tags, for asserting what a person reads."""

    def text(answer: Any) -> str:
        assert answer.status_code in {200, 422}, answer.status_code
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    return text


@pytest.fixture
def cells() -> Callable[[Any], list[list[str]]]:
    """The rows of the page's tables, cell by cell."""

    def rows(answer: Any) -> list[list[str]]:
        assert answer.status_code == 200
        found = []
        for row in re.findall(r"<tr[^>]*>(.*?)(?=<tr|</tbody>|</thead>|</table>)", answer.content.decode(), re.DOTALL):
            parts = re.findall(r"<t[dh]\b[^>]*>(.*?)(?=</?t[dhr]\b|$)", row, re.DOTALL)
            found.append([re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in parts])
        return found

    return rows
