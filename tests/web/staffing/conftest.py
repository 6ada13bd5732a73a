"""Fictional counties in the tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from junheng.facts import County
from junheng.web.directory.models import Organisation
from junheng.web.staffing import figures, intake
from junheng.web.staffing.models import EnrolmentEntry, PostsEntry, RequirementEntry, Teacher, TeacherState


@pytest.fixture
def taken_in(db: None) -> Callable[[County], Organisation]:
    """Takes a county in under an organisation of its name, made where there is none."""

    def take(county: County, code: str = "990101") -> Organisation:
        made, _new = Organisation.objects.get_or_create(kind="county", code=code, defaults={"name": county.name})
        intake.take_in(made, county, by=None, source="test")
        return made

    return take


class Laying:
    """Rows of schools and people, put in as if taken in on the data's first day."""

    since = date(2026, 8, 31)

    def pupils(self, school: Organisation, stage: str, pupils: int, classes: int, grade: int = 1) -> None:
        """Pupils and classes of a grade."""
        EnrolmentEntry.objects.create(
            school=school,
            stage=stage,
            grade=grade,
            pupils=pupils,
            classes=classes,
            valid_from=self.since,
            source="test",
        )

    def posts(self, school: Organisation, stage: str, posts: int) -> PostsEntry:
        """Authorised posts."""
        return PostsEntry.objects.create(school=school, stage=stage, posts=posts, valid_from=self.since, source="test")

    def needs(
        self, school: Organisation, stage: str, subject: str, required: int, periods: float | None = None
    ) -> None:
        """What a school needs of a subject."""
        RequirementEntry.objects.create(
            school=school, stage=stage, subject=subject, required=required, weekly_periods=periods,
            valid_from=self.since, source="test",
        )  # fmt: skip

    def people(self, county: Organisation, school: Organisation, count: int, *, first: int, **given: Any) -> None:
        """So many teachers numbered from ``first``."""
        for number in range(first, first + count):
            made = Teacher.objects.create(county=county, number=f"P{number:04}")
            state = {
                "sex": "F", "birth_date": date(1985, 5, 12), "stage": "primary", "main_subject": "chinese",
                "on_establishment": True, "in_post": True, "full_time": True, "seconded_in": False,
                "education": "bachelor",
            } | given  # fmt: skip
            TeacherState.objects.create(
                teacher=made, name=f"教师{number}", school=school, valid_from=self.since, source="test", **state
            )


@pytest.fixture
def lay(db: None) -> Iterator[Laying]:
    """Lays out schools and people; figures of other tests are forgotten."""
    figures.forget()
    yield Laying()
    figures.forget()


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
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", answer.content.decode(), re.DOTALL):
            parts = re.findall(r"<t[dh]\b[^>]*>(.*?)(?=</?t[dh]\b|$)", row, re.DOTALL)
            found.append([re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in parts])
        return found

    return rows
