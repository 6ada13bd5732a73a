"""Posts and people on the pages: norms, both head-counts, flags, totals, subjects, structure, outlook (area 6)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng.facts.synthetic import make_county
from junheng.indicators import measure_establishment
from junheng.web.directory.models import Organisation
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import figures
from junheng.web.staffing.models import CircumstancesEntry, EstablishmentSettings, SchoolState, Teacher, TeacherState
from junheng.web.staffing.views.establishment import table
from junheng.web.staffing.views.establishment.table import EstablishmentTable

PAGES = (
    "", "parameters/", "plans/", "subjects/", "courses/", "exam-subjects/", "structure/", "managers/", "statistics/",
    "categories/", "outlook/", "recruitment/", "support-posts/", "not-in-post/", "secondments/", "contracts/",
    "hired-teachers/", "early-leave/", "programme/", "retirements/", "verifications/", "documents/",
)  # fmt: skip
HERE = "/staffing/establishment/"


def settings_of(cast, **given):
    return EstablishmentSettings.objects.create(county=cast.county, valid_from=date(2026, 9, 1), source="test", **given)


def row_of(rows, name, stage="小学"):
    return next(row for row in rows if row and row[0].startswith(name) and row[1] == stage)


@pytest.mark.covers("R-266", "R-267", "R-268")
def test_two_hundred_pupils_need_nine_by_ratio_ten_by_classes_and_the_page_says_how(cast, lay, cells) -> None:
    lay.pupils(cast.hedong, "primary", 200, 6)
    lay.people(cast.county, cast.hedong, 8, first=1)
    settings_of(cast, norm="rural_primary_22_5", primary_per_class="1.7")
    client = cast.client("bureau_clerk")
    row = row_of(cells(client.get(HERE)), "云山县河东小学")
    assert row[2:7] == ["200", "6", "9", "10", "10"]
    told = client.get(f"{HERE}figures/{cast.hedong.pk}/primary/").content.decode()
    assert "200 ÷ 22.5 = 8.89 → 9；6个班 → 10.20 → 10，应配10人" in told
    assert "小规模学校" in row[20]
    assert row[8:12] == ["9", "10", "−1", "0"], "nine on the establishment; Eve works there too"


@pytest.mark.covers("R-266")
@pytest.mark.parametrize(("rounding", "posts"), [("half_up", "4"), ("ceil", "5"), ("floor", "4")])
def test_the_rounding_is_the_countys_to_set(cast, lay, cells, rounding, posts) -> None:
    lay.pupils(cast.hedong, "primary", 100, 3)
    settings_of(cast, norm="rural_primary_22_5", rounding=rounding)
    row = row_of(cells(cast.client("bureau_clerk").get(HERE)), "云山县河东小学")
    assert row[4] == posts


def test_parameters_changed_through_the_form_hold_from_their_day_and_leave_a_trace(cast, lay, cells) -> None:
    lay.pupils(cast.hedong, "primary", 200, 6)
    clerk = cast.client("bureau_clerk")
    given = {
        "norm": "own", "primary_town": "22.5", "rounding": "ceil", "small_school_pupils": "200",
        "programme_age": "50", "programme_education": "secondary", "contract_notice_days": "90",
        "valid_from": "2026-10-01", "reason": "按本县规定",
    }  # fmt: skip
    assert clerk.post(HERE + "parameters/change/", given).status_code == 302
    assert clerk.post(HERE + "parameters/change/", given).status_code == 302
    assert EstablishmentSettings.objects.count() == 1, "the same again changes nothing"
    assert row_of(cells(clerk.get(HERE + "?on=2026-10-02")), "云山县河东小学")[4] == "9"
    assert row_of(cells(clerk.get(HERE + "?on=2026-09-15")), "云山县河东小学")[4] == "11"
    event = AuditEvent.objects.get(action="staffing.parameters.set")
    assert (event.reason, event.after["primary_town"]) == ("按本县规定", "22.50") or event.after[
        "primary_town"
    ] == "22.5"


@pytest.mark.parametrize(
    "bad",
    [
        {"primary_town": "0"},
        {"primary_town": "-3"},
        {"rounding": "up"},
        {"norm": "own"},
        {"valid_from": "soon"},
        {"reason": ""},
    ],
)
def test_parameters_that_make_no_sense_are_refused_on_the_form(cast, bad) -> None:
    given = {
        "norm": "unified_2014", "rounding": "ceil", "small_school_pupils": "200", "programme_age": "50",
        "programme_education": "secondary", "contract_notice_days": "90", "valid_from": "2026-10-01", "reason": "x",
    } | bad  # fmt: skip
    assert cast.client("bureau_clerk").post(HERE + "parameters/change/", given).status_code == 200
    assert not EstablishmentSettings.objects.exists()


def test_only_whoever_drafts_may_change_parameters(cast) -> None:
    assert cast.client("principal").get(HERE + "parameters/change/").status_code == 403
    assert cast.client("principal").get(HERE + "parameters/").status_code == 200


@pytest.mark.covers("R-269")
def test_the_page_of_a_figure_lists_every_input(cast, lay, read) -> None:
    lay.pupils(cast.hedong, "primary", 120, 3, grade=1)
    lay.pupils(cast.hedong, "primary", 90, 3, grade=2)
    lay.needs(cast.hedong, "primary", "chinese", 3, 42)
    settings_of(cast, primary_periods="14")
    said = read(cast.client("bureau_clerk").get(f"{HERE}figures/{cast.hedong.pk}/primary/"))
    for words in (
        "学生数 210",
        "年级数 2",
        "班级数 6",
        "生师比 19",
        "周课时合计 42",
        "教师标准周课时 14",
        "学历达标率 100.0%",
    ):
        assert words in said


@pytest.mark.covers("R-284")
def test_posts_staff_exchanges_and_net_stand_in_one_row(cast, lay, cells) -> None:
    lay.pupils(cast.hedong, "primary", 190, 6)
    lay.posts(cast.hedong, "primary", 12)
    lay.people(cast.county, cast.hedong, 1, first=1, in_post=False)
    lay.people(cast.county, cast.hedong, 1, first=2, on_establishment=False)
    lay.people(cast.county, cast.hedong, 1, first=3, seconded_in=True, on_establishment=None)
    row = row_of(cells(cast.client("bureau_clerk").get(HERE)), "云山县河东小学")
    assert row[7:10] == ["12", "2", "4"], "authorised, on the establishment, at work"
    assert row[13:20] == ["1", "0", "+1", "1", "0", "1", "1"], "in, out, net, lent in, lent out, not in post, hired"


def test_words_stand_in_the_first_two_columns_and_the_last_three_as_the_style_sheet_says() -> None:
    table = EstablishmentTable([])
    words = ["number" not in str(column.attrs["td"].get("class", "")) for column in table.columns]
    assert table.attrs["class"].split()[-1] == "words-2-3"
    assert words == [True] * 2 + [False] * (len(words) - 5) + [True] * 3


@pytest.mark.covers("R-272")
def test_as_many_people_as_classes_are_flagged(cast, lay, read, cells) -> None:
    lay.pupils(cast.hedong, "primary", 60, 3)
    lay.people(cast.county, cast.hedong, 1, first=1)
    answer = cast.client("bureau_clerk").get(HERE)
    assert "包班" in row_of(cells(answer), "云山县河东小学")[20]
    assert "1 处在岗人数不多于班级数" in read(answer)


def test_gaps_are_exported_with_words_and_numbers(cast, lay) -> None:
    lay.pupils(cast.hedong, "primary", 200, 6)
    answer = cast.client("bureau_clerk").get(HERE + "?export=csv")
    text = answer.content.decode("utf-8-sig")
    assert answer.status_code == 200
    assert "云山县河东小学" in text
    assert "缺编、小规模学校、包班" in text
    assert "<" not in text
    assert AuditEvent.objects.filter(action="records.list.exported").count() == 1


def test_a_principal_sees_the_own_school_only(cast, lay, read) -> None:
    lay.pupils(cast.hedong, "primary", 200, 6)
    said = read(cast.client("principal_of_hedong").get(HERE))
    assert "云山县河东小学" in said
    assert "育才" not in said
    assert cast.client("principal_of_hedong").get(f"{HERE}figures/{cast.yucai.pk}/junior/").status_code == 404


def test_lists_narrow_by_cluster_class_stage_and_words(cast, lay, read) -> None:
    clerk = cast.client("bureau_clerk")
    west = read(clerk.get(HERE + "?cluster=X02"))
    assert "西山九年一贯制" in west
    assert "河东小学" not in west
    assert "河东小学" not in read(clerk.get(HERE + "?stage=junior"))
    assert "没有符合条件的记录" in read(clerk.get(HERE + "?locale=rural")) or "还没有学校数据" in read(
        clerk.get(HERE + "?locale=rural")
    )
    found = read(clerk.get(HERE + "?q=9901010002"))
    assert "河东小学" in found
    assert "育才" not in found


def listed_schools(cells, answer):
    """The schools of a list one after the other, the foot left out."""
    names = [row[0].removeprefix("云山县")[:2] for row in cells(answer) if row and row[0].startswith("云山县")]
    return list(dict.fromkeys(names))


def test_schools_are_found_by_pinyin_and_initials(cast, lay, read) -> None:
    clerk = cast.client("bureau_clerk")
    for words in ("hedong", "ysxhdxx", "河东"):
        found = read(clerk.get(HERE + f"?q={words}"))
        assert "河东小学" in found, words
        assert "育才" not in found, words


@pytest.mark.parametrize("place", ["", "structure/"])
def test_lists_stand_in_the_bureaus_order_or_by_pinyin_or_by_strokes(cast, lay, cells, place) -> None:
    for position, school in enumerate((cast.yucai, cast.xishan, cast.hedong), 1):
        Organisation.objects.filter(pk=school.pk).update(position=position)
    figures.forget()
    clerk = cast.client("bureau_clerk")
    assert listed_schools(cells, clerk.get(HERE + place)) == ["育才", "西山", "河东"]
    assert listed_schools(cells, clerk.get(HERE + place + "?order=pinyin")) == ["河东", "西山", "育才"]
    assert listed_schools(cells, clerk.get(HERE + place + "?sort=-school")) == ["育才", "西山", "河东"]
    assert listed_schools(cells, clerk.get(HERE + place + "?order=strokes"))[0] == "西山"
    assert listed_schools(cells, clerk.get(HERE + place + "?order=nonsense")) == ["育才", "西山", "河东"]


WRONG = (
    "?on=never", "?on=0001-01-01", "?on=9999-12-31", "?county=x", "?stage=none", "?sort=nothing", "?page=zz",
    "?cluster=%00", "?years=x&trend=y",
)  # fmt: skip


@pytest.mark.parametrize("place", ["", "subjects/", "retirements/", "outlook/", "contracts/", "statistics/"])
def test_an_address_typed_wrong_is_a_page_all_the_same(cast, lay, place) -> None:
    clerk = cast.client("bureau_clerk")
    assert {query: clerk.get(HERE + place + query).status_code for query in WRONG} == dict.fromkeys(WRONG, 200)


@pytest.mark.parametrize("place", PAGES)
def test_every_page_opens_for_the_bureau_and_the_school_and_asks_as_much_for_two_hundred(cast, lay, place) -> None:
    lay.pupils(cast.hedong, "primary", 200, 6)
    for who in ("bureau_clerk", "principal", "leading_group", "inspector"):
        assert cast.client(who).get(HERE + place).status_code == 200, who
    for who in ("teacher", "system_admin", "nobody"):
        assert cast.client(who).get(HERE + place).status_code == 403, who
    clerk = cast.client("bureau_clerk")
    clerk.get(HERE + place)
    with CaptureQueriesContext(connection) as few:
        clerk.get(HERE + place)
    lay.people(
        cast.county, cast.hedong, 60, first=100, in_post=False, birth_date=date(1967, 1, 1), education="secondary"
    )
    lay.people(cast.county, cast.hedong, 60, first=200, on_establishment=False)
    clerk.get(HERE + place)
    with CaptureQueriesContext(connection) as many:
        clerk.get(HERE + place)
    assert len(many) <= len(few) + 1, [q["sql"][:90] for q in many]


@pytest.mark.covers("R-270")
def test_weekly_periods_over_the_load_give_the_need_and_structural_shortage_shows(cast, lay, cells, read) -> None:
    lay.needs(cast.hedong, "primary", "chinese", 9, 28)
    lay.needs(cast.hedong, "primary", "english", 9, 42)
    lay.people(cast.county, cast.hedong, 4, first=1)
    settings_of(cast, primary_periods="14")
    answer = cast.client("bureau_clerk").get(HERE + "subjects/")
    rows = {row[2]: row for row in cells(answer) if row and row[0] == "云山县河东小学"}
    assert rows["语文"][6:10] == ["2", "5", "0", "+3"]
    assert rows["英语"][6:10] == ["3", "0", "0", "−3"]
    assert rows["英语"][10] == "42 ÷ 14 = 3.00 → 3"
    assert "结构性缺编 3 人" in read(answer)


@pytest.mark.covers("R-271")
def test_a_course_that_nobody_can_give_is_named(cast, lay, cells) -> None:
    lay.needs(cast.hedong, "primary", "chinese", 1)
    lay.needs(cast.hedong, "primary", "music", 1)
    lay.needs(cast.hedong, "primary", "art", 1)
    lay.people(cast.county, cast.hedong, 1, first=1, also_teaches=["art"])
    rows = cells(cast.client("bureau_clerk").get(HERE + "courses/"))
    row = row_of(rows, "云山县河东小学")
    assert row[4:] == ["3", "2", "未开齐", "音乐"]


@pytest.mark.covers("R-286")
def test_exam_subjects_over_and_others_short_are_reported_by_school(cast, lay, cells) -> None:
    lay.needs(cast.hedong, "primary", "chinese", 1)
    lay.needs(cast.hedong, "primary", "pe", 2)
    lay.people(cast.county, cast.hedong, 3, first=1)
    rows = cells(cast.client("bureau_clerk").get(HERE + "exam-subjects/"))
    assert row_of(rows, "云山县河东小学")[3:] == ["+3", "−2", "考试学科超编，非考试学科缺编"]


@pytest.mark.covers("R-280")
def test_four_structure_indicators_stand_urban_against_rural(cast, lay, read) -> None:
    SchoolState.objects.filter(school=cast.yucai).update(locale="urban")
    SchoolState.objects.filter(school=cast.hedong).update(locale="rural")
    lay.people(cast.county, cast.hedong, 3, first=1, education="secondary")
    answer = cast.client("bureau_clerk").get(HERE + "structure/")
    said = read(answer)
    for words in ("学科教师配齐率", "学历达标率", "高级岗位比例", "城乡年龄结构", "城区", "乡村"):
        assert words in said
    found = figures.figures_of(cast.county, timezone.localdate()).structure.locales
    assert [s.key for s in found if s.teachers] == ["urban", "town", "rural"]
    assert "40.0%" in said, "Bob and Eve of five at Hedong are qualified"


@pytest.mark.covers("R-290")
def test_middle_managers_above_the_cap_are_counted_and_without_a_cap_nobody_is_judged(cast, lay, cells, read) -> None:
    lay.people(cast.county, cast.hedong, 3, first=1, role="mid_level_cadre")
    clerk = cast.client("bureau_clerk")
    assert "还没有设定每校中层干部职数" in read(clerk.get(HERE + "managers/"))
    settings_of(cast, manager_cap=2)
    rows = cells(clerk.get(HERE + "managers/"))
    assert next(row for row in rows if row and row[0] == "云山县河东小学")[4:] == ["3", "2", "1"]


@pytest.mark.covers("R-292")
def test_the_register_tells_establishment_post_lending_and_work_apart(cast, lay, cells) -> None:
    lay.people(cast.county, cast.hedong, 2, first=1, in_post=False)
    lay.people(cast.county, cast.hedong, 1, first=3, on_establishment=False)
    lay.people(cast.county, cast.hedong, 1, first=4, seconded_in=True, on_establishment=None)
    lay.people(cast.county, cast.hedong, 1, first=5, role="support_staff")
    rows = cells(cast.client("bureau_clerk").get(HERE + "categories/"))
    assert ["在编", "不在岗", "未借调", "专任教师", "2"] in rows
    assert ["非在编", "在岗", "未借调", "专任教师", "1"] in rows
    assert ["未填", "在岗", "借入", "专任教师", "1"] in rows
    assert ["在编", "在岗", "未借调", "教辅人员", "1"] in rows


def test_the_register_of_one_school_opens_where_spouses_work_elsewhere(cast, lay, read) -> None:
    CircumstancesEntry.objects.create(
        teacher=cast.teachers["bob"], spouse_id="T0001", valid_from=lay.since, source="test"
    )
    assert "合计" in read(cast.client("principal_of_hedong").get(HERE + "categories/"))


@pytest.mark.covers("R-293")
def test_base_statistics_count_schools_pupils_classes_and_teachers_by_stage(cast, lay, cells) -> None:
    lay.pupils(cast.hedong, "primary", 200, 6)
    lay.pupils(cast.xishan, "primary", 100, 4)
    lay.pupils(cast.xishan, "junior", 90, 3)
    rows = cells(cast.client("bureau_clerk").get(HERE + "statistics/"))
    assert ["小学", "2", "300", "10", "1", "300.00", "30.0"] in rows
    assert ["初中", "2", "90", "3", "3", "30.00", "30.0"] in rows


def test_the_outlook_moves_grades_up_and_lets_people_retire(cast, lay, read, cells) -> None:
    for grade, pupils in enumerate((19, 38, 57, 76, 95, 114), 1):
        lay.pupils(cast.hedong, "primary", pupils, 1, grade=grade)
    lay.people(cast.county, cast.hedong, 1, first=1, birth_date=date(1966, 1, 1), sex="M")
    clerk = cast.client("bureau_clerk")
    answer = clerk.get(HERE + "outlook/?years=2&trend=cohort&on=2026-09-01")
    rows = cells(answer)
    assert ["小学", "学生", "399", "304", "228"] in rows
    assert ["应配", "21", "16", "12"] in rows
    assert ["在编", "2", "1", "1"] in rows
    constant = cells(clerk.get(HERE + "outlook/?years=2&trend=constant&on=2026-09-01"))
    assert ["小学", "学生", "399", "399", "399"] in constant


def test_the_figures_of_a_county_taken_in_are_those_of_its_facts(taken_in) -> None:
    county = make_county(teachers=400, on=date(2026, 10, 31))
    held = taken_in(county, code="990109")
    report = figures.figures_of(held, date(2026, 11, 1)).establishment
    wanted = measure_establishment(county)
    assert [(r.school_id, r.posts, r.on_establishment, r.at_work) for r in report.rows] == [
        (r.school_id, r.posts, r.on_establishment, r.at_work) for r in wanted.rows
    ]


def test_rows_that_contradict_each_other_are_said_and_no_page_breaks(cast, lay, read) -> None:
    TeacherState.objects.filter(teacher=cast.teachers["bob"]).update(valid_from=date(2026, 1, 1))
    answer = cast.client("bureau_clerk").get(HERE + "?on=2026-03-01")
    assert "这一天的数据互相矛盾" in read(answer)
    assert Teacher.objects.count() == 5


def test_of_many_clusters_the_chart_draws_those_with_the_largest_gaps() -> None:
    rows = [{"cluster": f"第{n}学区", "gap_home": n if n % 2 else -n, "gap_work": None} for n in range(table.DRAWN + 2)]
    few = table.gap_chart(rows[: table.DRAWN])
    assert (len(few["data"]["categories"]), few["label"]) == (table.DRAWN, "各学区余缺（负数为缺编）")
    many = table.gap_chart(rows)
    assert many["data"]["categories"] == [f"第{n}学区" for n in range(2, table.DRAWN + 2)]
    assert many["data"]["series"][0]["data"][:2] == [-2, 3]
    assert many["label"] == "余缺最大的 20 个学区（负数为缺编）"
