"""Registers of the personnel office: what is listed, entered, ended, exported, and who sees it (area 6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from junheng.web.access import Role
from junheng.web.directory.models import Organisation, RoleGrant
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import figures
from junheng.web.staffing.models import (
    AppointmentEntry,
    AssessmentEntry,
    ContractEntry,
    EarlyLeaveEntry,
    NotInPostEntry,
    ProgrammeEntry,
    RecruitmentEntry,
    RetirementDecision,
    SchoolState,
    SecondmentEntry,
    SupportPostEntry,
    Teacher,
    TeacherState,
    TitleEntry,
    WageEntry,
)

HERE = "/staffing/establishment/"
TODAY = timezone.localdate


def enter(cast, who, register, teacher, **given):
    """The form of a register, sent for a teacher."""
    known = {"entered_from": TODAY().isoformat(), "remark": "据花名册"}
    return cast.client(who).post(f"{HERE}{register}/enter/{teacher.pk}/", known | given)


def row_of(rows, name):
    return next((row for row in rows if row and row[0] == name), None)


@pytest.fixture
def idle(cast, lay):
    """Three of Hedong on the establishment and not in post."""
    lay.people(cast.county, cast.hedong, 3, first=1, in_post=False)
    return [Teacher.objects.get(number=f"P000{n}") for n in (1, 2, 3)]


@pytest.mark.covers("R-279")
def test_who_is_not_in_post_is_counted_against_nil_and_reason_and_action_are_entered(cast, idle, read, cells) -> None:
    answer = cast.client("bureau_clerk").get(HERE + "not-in-post/")
    assert "占编不在岗 3 人 目标 0" in read(answer)
    assert "未登记原因 3 人" in read(answer)
    given = {"reason": "left", "since": "2026-09-01", "action_taken": "已发函催归", "due": "2026-10-01"}
    assert enter(cast, "bureau_clerk", "not-in-post", idle[0], **given).status_code == 302
    answer = cast.client("bureau_clerk").get(HERE + "not-in-post/")
    row = row_of(cells(answer), "教师1")
    assert row[5:7] == ["自行离岗", "2026-09-01"]
    assert row[8] == "已发函催归"
    assert "逾期未整改" in row[10]
    assert "没有占编不在岗的人员，已达到目标 0" in read(cast.client("principal").get(HERE + "not-in-post/"))


def test_somebody_in_post_cannot_be_entered_as_not_in_post(cast, lay, read) -> None:
    answer = enter(cast, "bureau_clerk", "not-in-post", cast.teachers["bob"], reason="left", since="2026-09-01")
    assert answer.status_code == 422
    assert "没有登记为“在编不在岗”" in read(answer)
    assert not NotInPostEntry.objects.exists()


def test_a_reason_that_touches_health_is_for_whoever_may_know_it_and_never_in_a_file(cast, idle, read) -> None:
    given = {"reason": "illness", "since": "2026-09-01", "action_taken": "重大疾病治疗中"}
    enter(cast, "bureau_clerk", "not-in-post", idle[0], **given)
    assert "长期病休" in read(cast.client("section_head").get(HERE + "not-in-post/"))
    for who in ("principal_of_hedong", "bureau_leader", "inspector"):
        answer = cast.client(who).get(HERE + "not-in-post/")
        assert "教师1" in read(answer), who
        assert "长期病休" not in read(answer).split("整改期限")[1], who
        assert "重大疾病" not in read(answer), who
    file = cast.client("bureau_clerk").get(HERE + "not-in-post/?export=csv").content.decode("utf-8-sig")
    assert "教师1" in file
    assert "病" not in file
    event = AuditEvent.objects.get(action="staffing.not_in_post.entered")
    assert "病" not in str(event.after)
    assert event.after["reason"] == "***"


def test_a_change_closes_the_row_before_and_an_end_needs_a_reason(cast, idle) -> None:
    given = {"reason": "study", "since": "2026-09-01"}
    enter(cast, "bureau_clerk", "not-in-post", idle[0], entered_from="2026-09-10", **given)
    enter(cast, "bureau_clerk", "not-in-post", idle[0], entered_from="2026-09-20", **given)
    assert NotInPostEntry.objects.count() == 1, "the same again changes nothing"
    enter(cast, "bureau_clerk", "not-in-post", idle[0], entered_from="2026-10-20", **(given | {"reason": "personal"}))
    first, second = NotInPostEntry.objects.order_by("pk")
    assert (first.valid_until, second.valid_until) == (date(2026, 10, 20), None)
    clerk = cast.client("bureau_clerk")
    clerk.post(f"{HERE}not-in-post/end/{second.pk}/", {"reason": " "})
    assert NotInPostEntry.objects.current().count() == 1
    assert clerk.post(f"{HERE}not-in-post/end/{second.pk}/", {"reason": "已到岗"}).status_code == 302
    assert not NotInPostEntry.objects.current().exists()
    assert clerk.post(f"{HERE}not-in-post/end/{second.pk}/", {"reason": "又一次"}).status_code == 302
    assert AuditEvent.objects.filter(action="staffing.not_in_post.ended").count() == 1


@pytest.mark.parametrize("register", ["not-in-post", "secondments", "contracts", "hired-teachers", "programme"])
def test_a_school_enters_its_own_people_only(cast, lay, register) -> None:
    assert cast.client("school_clerk").get(f"{HERE}{register}/enter/{cast.teachers['alice'].pk}/").status_code == 200
    assert cast.client("school_clerk").get(f"{HERE}{register}/enter/{cast.teachers['bob'].pk}/").status_code == 404
    assert cast.client("principal").get(f"{HERE}{register}/enter/{cast.teachers['alice'].pk}/").status_code == 403
    assert cast.client("bureau_clerk").get(f"{HERE}{register}/enter/{cast.teachers['dave'].pk}/").status_code == 404
    assert cast.client("bureau_clerk").get(f"{HERE}{register}/enter/999999/").status_code == 404


def test_a_guest_from_another_school_is_seen_but_entered_at_home(cast, lay) -> None:
    """Eve of Yucai works at Hedong: Hedong's clerk sees her and may not write."""
    RoleGrant.objects.create(
        user=cast.users["nobody"], role=Role.SCHOOL_CLERK, organisation=cast.hedong, start=date(2026, 1, 1)
    )
    assert cast.client("nobody").get(f"{HERE}contracts/enter/{cast.teachers['eve'].pk}/").status_code == 403


@pytest.mark.parametrize("register", ["early-leave", "retirements"])
def test_what_the_bureau_grants_is_entered_by_the_bureau(cast, lay, register) -> None:
    assert cast.client("school_clerk").get(f"{HERE}{register}/enter/{cast.teachers['alice'].pk}/").status_code == 403
    assert cast.client("bureau_clerk").get(f"{HERE}{register}/enter/{cast.teachers['alice'].pk}/").status_code == 200


def test_a_teacher_named_by_number_is_found_within_the_scope_only(cast, lay, read) -> None:
    given = {
        "direction": "out", "unit": "县文旅局", "start": "2026-09-01", "document_number": "函12", "number": "T0002",
        "entered_from": "2026-09-01",
    }  # fmt: skip
    answer = cast.client("school_clerk").post(HERE + "secondments/enter/", given)
    assert answer.status_code == 422
    assert "没有工号为 T0002 的教师" in read(answer)
    assert cast.client("bureau_clerk").post(HERE + "secondments/enter/", given).status_code == 302
    assert SecondmentEntry.objects.get().teacher == cast.teachers["bob"]


@pytest.mark.covers("R-292")
def test_secondments_out_and_in_are_listed_with_paper_and_overdue_ones_are_marked(cast, lay, cells, read) -> None:
    lay.people(cast.county, cast.hedong, 1, first=1, in_post=False)
    lay.people(cast.county, cast.hedong, 1, first=2, seconded_in=True)
    AppointmentEntry.objects.create(
        teacher=Teacher.objects.get(number="P0001"), school_name="县直某机关", kind="secondment",
        start=date(2025, 9, 1), end=TODAY() - timedelta(days=3), valid_from=lay.since, source="test",
    )  # fmt: skip
    rows = cells(cast.client("bureau_clerk").get(HERE + "secondments/"))
    assert row_of(rows, "教师1")[5:7] == ["借出", "县直某机关"]
    assert "到期未归" in row_of(rows, "教师1")[10]
    assert row_of(rows, "教师2")[5] == "借入"
    end = TODAY() + timedelta(days=100)
    given = {
        "direction": "out",
        "unit": "县直某机关",
        "start": "2025-09-01",
        "end": end.isoformat(),
        "document_number": "借3",
    }
    assert enter(cast, "bureau_clerk", "secondments", Teacher.objects.get(number="P0001"), **given).status_code == 302
    row = row_of(cells(cast.client("bureau_clerk").get(HERE + "secondments/")), "教师1")
    assert (row[8], row[9], row[10]) == (end.isoformat(), "借3", "—") or row[10] == ""


@pytest.mark.covers("R-282")
def test_contracts_of_all_staff_are_listed_by_how_they_stand(cast, lay, cells, read) -> None:
    ends = {
        "alice": TODAY() + timedelta(days=30),
        "bob": TODAY() - timedelta(days=1),
        "carol": TODAY() + timedelta(days=999),
    }
    for who, end in ends.items():
        given = {"kind": "fixed", "start": "2024-09-01", "end": end.isoformat(), "contract_number": "H-1"}
        assert enter(cast, "bureau_clerk", "contracts", cast.teachers[who], **given).status_code == 302
    answer = cast.client("bureau_clerk").get(HERE + "contracts/")
    marks = {row[0]: row[9] for row in cells(answer) if len(row) > 9}
    assert (marks["安丽丝"], marks["单博文"], marks["曾可柔"], marks["解忆雯"]) == (
        "即将到期",
        "已到期",
        "履行中",
        "未登记",
    )
    for words in ("履行中 1 人", "即将到期 1 人", "已到期 1 人", "未登记 1 人"):
        assert words in read(answer)
    soon = cast.client("bureau_clerk").get(HERE + "contracts/?standing=soon")
    assert "安丽丝" in read(soon)
    assert "单博文" not in read(soon)
    assert ContractEntry.objects.get(teacher=cast.teachers["bob"]).kind == "fixed"


@pytest.mark.parametrize(
    "bad", [{"end": ""}, {"end": "2020-01-01"}, {"kind": "forever"}, {"start": "2026-13-01"}, {"entered_from": ""}]
)
def test_a_contract_that_makes_no_sense_is_refused_on_the_form(cast, lay, bad) -> None:
    given = {"kind": "fixed", "start": "2024-09-01", "end": "2027-08-31"} | bad
    answer = enter(cast, "bureau_clerk", "contracts", cast.teachers["alice"], **given)
    assert answer.status_code == 422
    assert "2024-09-01" in answer.content.decode() or "start" in bad, "what was typed stays"
    assert not ContractEntry.objects.exists()


@pytest.mark.covers("R-288")
def test_teachers_hired_by_schools_are_counted_with_what_they_cost(cast, lay, read, cells) -> None:
    lay.people(cast.county, cast.hedong, 2, first=1, on_establishment=False)
    one, two = (Teacher.objects.get(number=f"P000{n}") for n in (1, 2))
    assert enter(cast, "bureau_clerk", "hired-teachers", one, yearly_yuan="36000", paid_by="school").status_code == 302
    assert (
        enter(cast, "bureau_clerk", "hired-teachers", two, yearly_yuan="24000.50", paid_by="school").status_code == 302
    )
    answer = cast.client("bureau_clerk").get(HERE + "hired-teachers/")
    assert "校聘教师 2 人" in read(answer)
    assert "60,000 元" in read(answer)
    assert row_of(cells(answer), "教师1")[5] == "36,000.00"
    refused = enter(cast, "bureau_clerk", "hired-teachers", cast.teachers["bob"], yearly_yuan="1", paid_by="school")
    assert refused.status_code == 422
    assert WageEntry.objects.count() == 2


@pytest.mark.covers("R-277")
def test_support_posts_stand_apart_and_use_no_teaching_post(cast, lay, read, cells) -> None:
    lay.pupils(cast.yucai, "junior", 270, 6)
    before = cells(cast.client("bureau_clerk").get(HERE))
    clerk = cast.client("school_clerk")
    given = {
        "school": cast.yucai.pk, "kind": "cook", "posts": 3, "people": 2, "yearly_yuan": "72000",
        "entered_from": "2026-09-01",
    }  # fmt: skip
    assert clerk.post(HERE + "support-posts/enter/", given).status_code == 302
    assert clerk.post(HERE + "support-posts/enter/", given | {"school": cast.hedong.pk}).status_code == 422
    assert clerk.post(HERE + "support-posts/enter/", given | {"posts": -1}).status_code == 422
    assert clerk.post(HERE + "support-posts/enter/", given | {"people": 3}).status_code == 302
    assert SupportPostEntry.objects.count() == 2
    rows = cells(cast.client("bureau_clerk").get(HERE + "support-posts/"))
    assert ["云山县育才初级中学", "河东学区", "炊事员", "3", "3", "72,000.00", "2026-09-01"] in rows
    assert cells(cast.client("bureau_clerk").get(HERE)) == before, "posts and gaps of teachers are as before"


@pytest.mark.covers("R-281")
def test_early_leave_is_entered_with_document_and_the_post_freed_is_followed(cast, lay, read, cells) -> None:
    given = {"start": "2026-09-01", "ground": "体弱，任教三十五年", "document_number": "退养2号", "freed_for": ""}
    assert enter(cast, "bureau_clerk", "early-leave", cast.teachers["bob"], **given).status_code == 302
    answer = cast.client("bureau_clerk").get(HERE + "early-leave/")
    assert "腾出编制未使用 1 个" in read(answer)
    used = given | {"freed_for": "2027年特岗教师（语文）"}
    assert enter(cast, "bureau_clerk", "early-leave", cast.teachers["bob"], **used).status_code == 302
    answer = cast.client("bureau_clerk").get(HERE + "early-leave/")
    assert "腾出编制已使用 1 个" in read(answer)
    assert row_of(cells(answer), "单博文")[6:10] == [
        "2026-09-01",
        "体弱，任教三十五年",
        "退养2号",
        "2027年特岗教师（语文）",
    ]
    assert EarlyLeaveEntry.objects.current().count() == 1
    assert "体弱" not in read(cast.client("principal_of_hedong").get(HERE + "early-leave/"))


@pytest.mark.covers("R-289")
def test_the_programme_lists_whom_it_is_for_with_measure_and_progress(cast, lay, read, cells) -> None:
    SchoolState.objects.filter(school=cast.hedong).update(locale="rural")
    lay.people(cast.county, cast.hedong, 1, first=1, education="secondary")
    lay.people(cast.county, cast.hedong, 1, first=2, birth_date=date(1968, 1, 1))
    lay.people(cast.county, cast.hedong, 1, first=3)
    lay.people(cast.county, cast.xishan, 1, first=4, education="secondary")
    answer = cast.client("bureau_clerk").get(HERE + "programme/")
    assert row_of(cells(answer), "教师1")[7] == "学历偏低"
    assert row_of(cells(answer), "教师2")[7] == "年龄偏大"
    assert row_of(cells(answer), "教师3") is None
    assert row_of(cells(answer), "教师4") is None, "the programme is for rural schools"
    one = Teacher.objects.get(number="P0001")
    given = {"former_community_teacher": "on", "measure": "degree", "start_year": 2026, "progress": "planned"}
    assert enter(cast, "bureau_clerk", "programme", one, **given).status_code == 302
    assert enter(cast, "bureau_clerk", "programme", one, **(given | {"progress": "under_way"})).status_code == 302
    answer = cast.client("bureau_clerk").get(HERE + "programme/")
    assert row_of(cells(answer), "教师1")[7:11] == ["学历偏低 民转公", "学历提升", "2026–2029", "进行中"]
    assert "符合条件未列入 1 人" in read(answer)
    assert "进行中 1 人" in read(answer)
    assert [e.progress for e in ProgrammeEntry.objects.order_by("pk")] == ["planned", "under_way"]


def test_retirements_follow_the_rule_of_2025_and_a_date_granted_overrides_it(cast, lay, read, cells) -> None:
    lay.people(cast.county, cast.hedong, 1, first=1, sex="M", birth_date=date(1966, 5, 10))
    lay.people(cast.county, cast.hedong, 1, first=2, birth_date=date(1971, 9, 3))
    lay.people(cast.county, cast.hedong, 1, first=3, birth_date=date(1990, 1, 1))
    clerk = cast.client("bureau_clerk")
    rows = cells(clerk.get(HERE + "retirements/?on=2026-09-01"))
    assert row_of(rows, "教师1")[5:7] == ["2026-10-10", "第 1 年内"], "60 years and 5 months"
    assert row_of(rows, "教师2")[5:7] == ["2027-03-03", "第 1 年内"], "55 years and 6 months"
    assert row_of(rows, "教师3") is None
    three = Teacher.objects.get(number="P0003")
    given = {"retires_on": "2030-01-31", "ground": "工伤", "document_number": "退字5号", "entered_from": "2026-09-01"}
    assert enter(cast, "bureau_clerk", "retirements", three, **given).status_code == 302
    rows = cells(clerk.get(HERE + "retirements/?on=2026-09-01"))
    assert row_of(rows, "教师3")[5:9] == ["2030-01-31", "第 4 年内", "核定日期", "退字5号"]
    states = list(TeacherState.objects.filter(teacher=three).order_by("pk"))
    assert [s.retirement_override for s in states] == [None, date(2030, 1, 31)]
    assert (states[0].valid_until, states[1].valid_from) == (date(2026, 9, 1), date(2026, 9, 1))
    entry = RetirementDecision.objects.get()
    assert clerk.post(f"{HERE}retirements/end/{entry.pk}/", {"reason": "撤销决定"}).status_code == 302
    assert three.state.retirement_override is None
    assert AuditEvent.objects.get(action="staffing.retirement.entered").after["document_number"] == "退字5号"


@pytest.mark.parametrize("day", ["1999-01-01", "never", ""])
def test_a_retirement_date_that_makes_no_sense_is_refused(cast, lay, day) -> None:
    given = {"retires_on": day, "ground": "x", "document_number": "x"}
    assert enter(cast, "bureau_clerk", "retirements", cast.teachers["bob"], **given).status_code == 422
    assert TeacherState.objects.filter(teacher=cast.teachers["bob"]).count() == 1


def test_people_are_found_by_pinyin_and_initials_and_only_within_the_scope(cast, lay, read) -> None:
    clerk = cast.client("bureau_clerk")
    for words in ("shanbowen", "sbw", "单博文", "T0002"):
        found = read(clerk.get(f"{HERE}contracts/?q={words}"))
        assert "单博文" in found, words
        assert "安丽丝" not in found, words
    assert "单博文" not in read(cast.client("principal").get(HERE + "contracts/"))
    assert "解忆雯" in read(cast.client("principal_of_hedong").get(HERE + "contracts/")), "she works there"


def test_people_stand_by_pinyin_by_strokes_or_by_their_schools_in_the_bureaus_order(cast, lay, cells) -> None:
    for position, school in enumerate((cast.xishan, cast.hedong, cast.yucai), 1):
        Organisation.objects.filter(pk=school.pk).update(position=position)
    figures.forget()
    clerk = cast.client("bureau_clerk")
    for query, names in (
        ("", ["曾可柔", "单博文", "安丽丝", "解忆雯"]),
        ("?order=pinyin", ["安丽丝", "单博文", "解忆雯", "曾可柔"]),
        ("?sort=name", ["安丽丝", "单博文", "解忆雯", "曾可柔"]),
        ("?order=strokes", ["安丽丝", "单博文", "曾可柔", "解忆雯"]),
    ):
        rows = [row[0] for row in cells(clerk.get(f"{HERE}contracts/{query}"))]
        assert [name for name in rows if name in names] == names, query


@pytest.mark.parametrize(
    "place", ["not-in-post", "secondments", "contracts", "hired-teachers", "programme", "retirements", "early-leave"]
)
def test_who_may_not_see_teachers_sees_sums_and_no_names(cast, idle, read, place) -> None:
    lay_names = ("安丽丝", "单博文", "教师1")
    said = read(cast.client("leading_group").get(f"{HERE}{place}/"))
    assert "您的角色只看汇总" in said
    assert not [name for name in lay_names if name in said]


@pytest.mark.covers("R-287")
def test_recruitment_beyond_the_establishment_or_the_years_plan_is_refused(cast, lay, read) -> None:
    lay.posts(cast.hedong, "primary", 10)
    lay.posts(cast.yucai, "junior", 2)
    clerk = cast.client("bureau_clerk")
    year = TODAY().year
    wanted = {
        "school": cast.hedong.pk, "year": year, "stage": "primary", "subject": "english", "number": 4, "openly": "on",
    }  # fmt: skip

    def plan(**given):
        return clerk.post(HERE + "recruitment/enter/", wanted | given)

    assert "还没有增人计划" in read(plan())
    increase = {"year": year, "number": 5, "document_number": "人社7号"}
    assert clerk.post(HERE + "recruitment/increase/", increase).status_code == 302
    assert plan().status_code == 302
    assert "还可安排 1" in read(plan(subject="pe", number=2))
    assert plan(subject="pe", number=1).status_code == 302
    assert clerk.post(HERE + "recruitment/increase/", increase | {"number": 4}).status_code == 422
    assert clerk.post(HERE + "recruitment/increase/", increase | {"number": 50}).status_code == 302
    refused = read(plan(subject="music", number=4))
    assert "编制 12，在编 4" in refused, "eight posts are free, five are spoken for"
    assert plan(subject="music", number=3).status_code == 302
    assert plan(number=5).status_code == 422, "a number that replaces its own row counts once"
    assert plan(number=3).status_code == 302
    assert sorted(RecruitmentEntry.objects.current().values_list("subject", "number")) == [
        ("english", 3), ("music", 3), ("pe", 1),
    ]  # fmt: skip
    assert cast.client("principal").get(HERE + "recruitment/enter/").status_code == 403


@pytest.mark.covers("R-173")
def test_the_need_of_a_year_is_shown_with_its_way_and_within_the_increase_plan(cast, lay, read, cells) -> None:
    lay.posts(cast.hedong, "primary", 10)
    lay.needs(cast.hedong, "primary", "pe", 3)
    lay.people(cast.county, cast.hedong, 1, first=1, main_subject="pe")
    clerk, year = cast.client("bureau_clerk"), TODAY().year
    page = clerk.get(f"{HERE}recruitment/needs/")
    assert "还没有增人计划，只列需求" in read(page)
    row = next(each for each in cells(page) if each[2:3] == ["体育"])
    assert row[4:9] == ["3", "1", "0", "2", "0"]
    increase = {"year": year, "number": 1, "document_number": "人社7号"}
    assert clerk.post(HERE + "recruitment/increase/", increase).status_code == 302
    page = clerk.get(f"{HERE}recruitment/needs/?year={year}&standing=open")
    row = next(each for each in cells(page) if each[2:3] == ["体育"])
    assert row[4:10] == ["3", "1", "0", "2", "1", "0"]
    assert "3 －（1 － 0）→ 缺 2" in row[10]
    assert "全县第 1 个名额" in row[10]
    form = clerk.get(f"{HERE}recruitment/enter/?school={cast.hedong.pk}&year={year}&stage=primary&subject=pe&number=1")
    assert form.context["form"]["subject"].value() == "pe"
    wanted = {"school": cast.hedong.pk, "year": year, "stage": "primary", "subject": "pe", "number": 1}
    assert clerk.post(HERE + "recruitment/enter/", wanted | {"openly": "on"}).status_code == 302
    assert "体育" not in read(clerk.get(f"{HERE}recruitment/needs/?year={year}&standing=open&export=csv"))
    assert "体育" in clerk.get(f"{HERE}recruitment/needs/?year={year}&export=csv").content.decode("utf-8-sig")
    assert "体育" not in str(cells(cast.client("principal").get(f"{HERE}recruitment/needs/"))), "of another school"


@pytest.mark.covers("R-173")
def test_new_teachers_are_recruited_openly_unless_a_document_allows_otherwise(cast, lay, read, cells) -> None:
    lay.posts(cast.hedong, "primary", 10)
    clerk, year = cast.client("bureau_clerk"), TODAY().year
    clerk.post(HERE + "recruitment/increase/", {"year": year, "number": 5, "document_number": "人社7号"})
    wanted = {"school": cast.hedong.pk, "year": year, "stage": "primary", "subject": "english", "number": 2}
    refused = clerk.post(HERE + "recruitment/enter/", wanted)
    assert refused.status_code == 422
    assert "请填写依据的文件" in read(refused)
    assert clerk.post(HERE + "recruitment/enter/", wanted | {"basis": "县教〔2026〕3号"}).status_code == 302
    assert cells(clerk.get(HERE + "recruitment/"))[1][5] == "不公开：县教〔2026〕3号"
    assert clerk.post(HERE + "recruitment/enter/", wanted | {"openly": "on"}).status_code == 302
    said = read(clerk.get(HERE + "recruitment/"))
    assert "面向社会公开招聘" in said
    assert "不公开" not in said


@pytest.mark.covers("R-201")
def test_the_appraisal_of_the_appointed_is_tracked_year_by_year(cast, read, cells) -> None:
    bob, first = cast.teachers["bob"], TODAY().year - 3
    given = {"teacher": bob, "valid_from": date(2020, 1, 1), "source": "test"}
    TitleEntry.objects.create(title="first", start=date(first - 1, 9, 1), **given)
    for year, score, rank in ((first, 91.5, 4), (first + 2, 85, 17)):
        AssessmentEntry.objects.create(year=year, grade="qualified", score=score, rank=rank, of=40, **given)
    name = "单博文"
    page = cast.client("bureau_clerk").get(HERE + "appraisals/?standing=falling")
    row = row_of(cells(page), name)
    assert f"{first}: 91.5 → {first + 2}: 85.0" in row[8]
    assert "最近名次 17/40" in row[8]
    assert row[9:] == ["88.25", "−6.5", str(first + 1)]
    assert "得分下降 1 人" in read(page)
    assert row_of(cells(cast.client("bureau_clerk").get(HERE + "appraisals/?standing=rising")), name) is None
    sent = cast.client("bureau_clerk").get(HERE + "appraisals/?export=csv").content.decode("utf-8-sig")
    assert name in sent
    assert "91.5" in sent
    assert name not in read(cast.client("leading_group").get(HERE + "appraisals/"))
