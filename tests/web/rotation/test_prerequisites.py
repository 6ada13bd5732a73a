"""May I apply? The page, the case files of the library, and a county judged as a whole give the same answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.urls import reverse

from junheng.facts.synthetic import make_small_county
from junheng.policy import ask, load_pack, pack_source
from junheng.policy.evaluation import parameter_values
from junheng.policy.frame import teacher_frame
from junheng.policy.judging import judge
from junheng.web.rotation import prerequisites
from junheng.web.rotation.asked import cited_alone
from junheng.web.rotation.models import RotationYear
from junheng.web.staffing.models import AppointmentEntry, SchoolState, TeacherState, TitleEntry

COUNTY = make_small_county(seed=3)
WANTED: dict[str, dict[str, Any]] = {
    "title_prereq": {"target_title": "高级教师"},
    "post_level_prereq": {"from_level": 10, "to_level": 9},
    "cadre_prereq": {"candidate_for": "中层以上干部"},
}


def year_of(code: str, **parameters: Any) -> RotationYear:
    return RotationYear(pack_source=pack_source(load_pack(code)), parameters=parameters)


@pytest.mark.covers("R-036", "R-037", "R-039", "R-040", "R-058", "R-084", "R-533")
@pytest.mark.parametrize("code", ["NZ", "YUNLING", "XX", "HK", "ST"])
def test_a_generated_county_is_answered_like_the_library_answers_it(code: str) -> None:
    pack, year = cited_alone(load_pack(code)), year_of(code)
    for question in prerequisites.questions_of(pack):
        wanted = WANTED[question.query]
        frame = teacher_frame(COUNTY, pack, on=COUNTY.on).with_columns(
            **{name: pl.lit(value) for name, value in wanted.items()}
        )
        judged = judge(pack, question.query, frame, parameter_values(pack))
        cases, words = [], set()
        for at, teacher in enumerate(COUNTY.teachers[:25]):
            held = prerequisites.facts_of(COUNTY, teacher.id, pack, COUNTY.on)
            answer = prerequisites.ask(year, question.query, held, wanted)
            row = judged.row(at, named=True)
            assert (answer.verdict, answer.clause, answer.because) == (
                row["verdict"], row["clause"], row["because_zh"],
            ), teacher.id  # fmt: skip
            cases.append({"id": teacher.id, "pack": code, "facts": {"query": question.query, **held, **wanted}})
            words.add((teacher.id, answer.verdict))
        assert {(each["id"], each["verdict"]) for each in ask(cases)} == words


@pytest.mark.parametrize(
    ("start", "end", "terms"),
    [
        (date(2025, 9, 1), date(2026, 8, 31), 2), (date(2025, 9, 1), date(2026, 1, 31), 1),
        (date(2025, 9, 16), date(2026, 1, 31), 0), (date(2026, 2, 20), date(2026, 7, 10), 1),
        (date(2026, 3, 2), date(2026, 7, 10), 0), (date(2025, 9, 15), date(2027, 6, 30), 4),
        (date(2025, 10, 8), date(2026, 6, 30), 1),
    ],
)  # fmt: skip
def test_terms_are_counted_whole(start: date, end: date, terms: int) -> None:
    assert prerequisites.terms(start, end) == terms


@pytest.mark.covers("R-071", "R-072")
def test_honours_and_posts_count_the_terms_of_exchange(cast: Any, service: Any) -> None:
    service.now(9, 2, year=2027)
    year = service.year("DXQ")
    url = reverse("rotation:prerequisite", args=(year.pk, "honour_prereq")) + "?on=2027-09-01&honour=骨干教师"
    mine = cast.client("teacher")
    assert "还不能申报" in mine.get(url).content.decode()
    service.placed(year)
    AppointmentEntry.objects.filter(teacher=cast.teachers["alice"]).update(end=service.ends)
    page = mine.get(url).content.decode()
    assert "可以申报" in page
    assert "教师交流3" in page
    assert "S2-1" not in page
    post = reverse("rotation:prerequisite", args=(year.pk, "post_prereq")) + "?on=2027-09-01&target_level=8"
    assert "政策把标准留给主管部门" in mine.get(post).content.decode()
    RotationYear.objects.filter(pk=year.pk).update(parameters={"post_exchange_semesters": 2})
    assert "可以申报：已满足" in mine.get(post).content.decode()


@pytest.mark.covers("R-036")
def test_a_missing_fact_is_named_and_is_no_no(cast: Any, service: Any) -> None:
    service.now(9, 2, year=2027)
    year = service.year("NZ")
    SchoolState.objects.filter(school=cast.hedong).update(kind="village_primary")
    service.placed(year)
    url = reverse("rotation:prerequisite", args=(year.pk, "title_prereq")) + "?on=2027-09-01&target_title=副高级"
    page = cast.client("teacher").get(url).content.decode()
    assert "缺少事实，不能判断" in page
    assert "现任职务聘任日期" in page
    TitleEntry.objects.create(
        teacher=cast.teachers["alice"], title="first", start=date(2020, 9, 1), valid_from=date(2020, 9, 1),
        source="test",
    )  # fmt: skip
    page = cast.client("teacher").get(url).content.decode()
    assert "还不能申报" in page  # one year of the two
    TeacherState.objects.filter(teacher=cast.teachers["alice"]).update(birth_date=date(1979, 1, 1))
    assert "免除" in cast.client("teacher").get(url + "&").content.decode()


def test_one_asks_of_oneself_offices_of_those_within_reach(cast: Any, service: Any) -> None:
    service.now(9, 2, year=2027)
    year = service.year("YUNLING")
    base = reverse("rotation:prerequisite", args=(year.pk, "title_prereq"))
    query = "?on=2027-08-31&target_title=高级教师&number="
    codes = {
        (name, number): cast.client(name).get(base + query + number).status_code
        for name in ("teacher", "principal", "principal_of_xishan", "bureau_clerk")
        for number in ("", "T0001", "T0002")
    }
    assert codes == {
        ("teacher", ""): 200, ("teacher", "T0001"): 200, ("teacher", "T0002"): 404,
        ("principal", ""): 302, ("principal", "T0001"): 200, ("principal", "T0002"): 404,
        ("principal_of_xishan", ""): 302, ("principal_of_xishan", "T0001"): 404,
        ("principal_of_xishan", "T0002"): 404,
        ("bureau_clerk", ""): 302, ("bureau_clerk", "T0001"): 200, ("bureau_clerk", "T0002"): 200,
    }  # fmt: skip
    before = cast.client("teacher").get(base + "?on=2020-01-01&target_title=高级教师")
    assert before.status_code == 422
    assert cast.client("teacher").get(reverse("rotation:prerequisite", args=(year.pk, "nonsense"))).status_code == 404
    listed = cast.client("teacher").get(reverse("rotation:prerequisites", args=(year.pk,))).content.decode()
    assert "申报职称" in listed
    assert "申报荣誉称号" not in listed  # the year's pack says nothing of honours
