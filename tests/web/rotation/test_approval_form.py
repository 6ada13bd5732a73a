"""The approval form of an application, read back."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

import docx
import pytest
from django.utils import timezone

from junheng.web.rotation.models import Application, Choice, PhaseKind
from junheng.web.rotation.papers import address


@pytest.fixture
def application(cast: Any, make_year: Any) -> Application:
    made = Application.objects.create(
        year=make_year(PhaseKind.APPLICATIONS), teacher=cast.teachers["alice"], school=cast.yucai, number="SQ990101-1",
        reason="愿意到农村学校任教。", submitted_at=timezone.now(), received_at=timezone.now(), key=uuid.uuid4(),
    )  # fmt: skip
    Choice.objects.create(application=made, rank=1, school=cast.xishan)
    return made


def test_the_form_is_filled_from_the_file_and_the_application(cast: Any, application: Application) -> None:
    answer = cast.client("teacher").get(address(application.year, "approval", application.pk) + "?docx")
    document = docx.Document(io.BytesIO(answer.content))
    (table,) = document.tables
    text = "\n".join(cell.text for row in table.rows for cell in row.cells)
    for said in (
        "安丽丝", "1985年5月", "云山县育才初级中学", "10年", "1. 云山县西山九年一贯制学校", "愿意到农村学校任教。",
        "县教育局\n审批意见",
    ):  # fmt: skip
        assert said in text
    assert application.year.on == date(2026, 8, 31), "years are counted to the year's own day"
    assert "990101198505120028" not in text
    assert any("SQ990101-1" in each.text for each in document.paragraphs)


def test_only_the_home_school_the_offices_above_and_the_teacher_have_it(cast: Any, application: Application) -> None:
    url = address(application.year, "approval", application.pk)
    seen = {
        name: cast.client(name).get(url).status_code
        for name in ("teacher", "school_clerk", "bureau_clerk", "principal_of_xishan", "teacher_of_hedong")
    }
    assert seen == {
        "teacher": 200, "school_clerk": 200, "bureau_clerk": 200, "principal_of_xishan": 404, "teacher_of_hedong": 404
    }  # fmt: skip
