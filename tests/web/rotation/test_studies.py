"""Study of principals: entered with who took part, counted, told beside terms, struck when it was a mistake."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from junheng.facts.calendar import add_months, school_year
from junheng.web.directory.models import SchoolTie
from junheng.web.directory.standing import PersonStanding
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import developing
from junheng.web.rotation.actions import cadres
from junheng.web.rotation.actions import studies as actions
from junheng.web.rotation.models import PhaseKind, RotationYear, Study, StudyMode, StudyPart
from junheng.web.staffing.models import AppointmentEntry, TeacherState, TrainingEntry
from junheng.web.staffing.refusal import RefusedError


@pytest.fixture
def year(make_year: Any, cast: Any) -> RotationYear:
    """A year of cadres: Alice and Carol are principals, Bob a vice-principal, Eve a dean."""
    roles = {"alice": "principal", "carol": "principal", "bob": "vice_principal", "eve": "dean"}
    for who, role in roles.items():
        TeacherState.objects.filter(teacher=cast.teachers[who]).update(role=role)
    return make_year(PhaseKind.PREPARATION, pack="ST", audience="cadres")


def enter(cast: Any, *who: str, **given: Any) -> Study:
    """Something that people of the cast took part in today."""
    today = timezone.localdate()
    words = {"kind": "visit", "theme": "校园文化建设", "start": today, "end": today, "place": "省城"} | given
    people = [cast.teachers[each] for each in who]
    return actions.enter_study(cast.county, people, by=cast.users["bureau_clerk"], **words)


def standing(cast: Any, who: str = "bureau_clerk") -> PersonStanding:
    """What somebody may see."""
    return PersonStanding(cast.users[who], timezone.localdate())


def address(year: RotationYear, rest: str = "") -> str:
    """An address of the register."""
    return f"/rotation/{year.pk}/studies/{rest}"


# --- entered and struck ---------------------------------------------------------------------------------------------


@pytest.mark.covers("R-537")
def test_a_forum_with_its_theme_is_entered_on_the_page_and_counts_once(year: RotationYear, cast: Any) -> None:
    clerk = cast.client("bureau_clerk")
    given = {
        "kind": "forum", "theme": "打造校园文化", "start": "2026-05-08", "end": "2026-05-08", "place": "县教师发展中心",
        "hours": "4", "people": "T0001，T0003\nT0001", "document_number": "云教〔2026〕12号",
    }  # fmt: skip
    assert clerk.post(address(year, "new/"), given | {"theme": ""}).status_code == 422
    assert clerk.post(address(year, "new/"), given).status_code == 302
    held = Study.objects.get()
    assert sorted(held.parts.values_list("teacher__number", "school__code", "role")) == [
        ("T0001", cast.yucai.code, "principal"), ("T0003", cast.xishan.code, "principal"),
    ]  # fmt: skip
    assert "已经登记" in clerk.post(address(year, "new/"), given).content.decode()
    page = clerk.get(address(year)).content.decode()
    for word in ("打造校园文化", "安丽丝", "曾可柔", "云教〔2026〕12号", "县教师发展中心"):
        assert word in page
    told = AuditEvent.objects.get(action="rotation.study.entered")
    assert told.after["people"] == 2


def test_numbers_that_are_unknown_and_people_who_lead_nothing_are_named(year: RotationYear, cast: Any) -> None:
    TeacherState.objects.filter(teacher=cast.teachers["eve"]).update(role="teacher")
    given = {
        "kind": "visit",
        "theme": "学习",
        "start": "2026-05-08",
        "end": "2026-05-08",
        "place": "省城",
        "hours": "0",
    }
    clerk = cast.client("bureau_clerk")
    unknown = clerk.post(address(year, "new/"), given | {"people": "T0001 T8888 T9999"})
    assert "T8888、T9999" in unknown.content.decode()
    assert "T0005 现在不是" in clerk.post(address(year, "new/"), given | {"people": "T0001 T0005"}).content.decode()
    assert "T0001" not in str(Study.objects.all())
    assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "themed"}, "研修方式"), ({"mode": "swap"}, "研修方式"), ({"kind": "training"}, "第几批"),
        ({"kind": "shadowing"}, "所到学校"), ({"place": ""}, "地点"), ({"end": date(2020, 1, 1)}, "结束日期"),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for(year: RotationYear, cast: Any, given: dict[str, Any], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        enter(cast, "alice", **given)
    assert not Study.objects.exists()


def test_somebody_must_have_taken_part(year: RotationYear, cast: Any) -> None:
    with pytest.raises(RefusedError, match="参加人员"):
        enter(cast)


def test_the_database_holds_to_modes_and_batches(year: RotationYear, cast: Any) -> None:
    held = enter(cast, "alice")
    for wrong in ({"mode": "swap"}, {"kind": "themed"}, {"kind": "training"}, {"place": ""}, {"kind": "shadowing"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Study.objects.filter(pk=held.pk).update(**wrong)


def test_what_is_struck_counts_no_more_and_may_be_entered_anew(year: RotationYear, cast: Any) -> None:
    held, clerk = enter(cast, "alice"), cast.client("bureau_clerk")
    assert f'href="{held.pk}/strike/"' in clerk.get(address(year)).content.decode()
    assert clerk.post(address(year, f"{held.pk}/strike/"), {"reason": " "}).status_code == 422
    for _again in range(2):
        clerk.post(address(year, f"{held.pk}/strike/"), {"reason": "重复登记"})
    assert AuditEvent.objects.filter(action="rotation.study.struck").count() == 1
    assert "校园文化建设" not in clerk.get(address(year)).content.decode()
    assert developing.visits_in(standing(cast), cast.county, timezone.localdate().year) == 0
    assert enter(cast, "alice").pk != held.pk


def test_a_school_sees_its_own_people_and_changes_nothing(year: RotationYear, cast: Any) -> None:
    held = enter(cast, "alice", "carol")
    enter(cast, "carol", theme="别校的事")
    page = cast.client("principal").get(address(year)).content.decode()
    assert "安丽丝" in page
    assert "曾可柔" not in page
    assert "别校的事" not in page
    assert "strike" not in page
    assert cast.client("principal").post(address(year, f"{held.pk}/strike/"), {"reason": "x"}).status_code == 403
    assert cast.client("principal").get(address(year, "new/")).status_code == 403


def test_the_register_leaves_as_a_file(year: RotationYear, cast: Any) -> None:
    enter(cast, "alice", kind="themed", mode="swap", host=cast.hedong)
    text = cast.client("bureau_clerk").get(address(year), {"export": "csv"}).content.decode("utf-8-sig")
    assert "主题研修（异校交流）" in text
    assert "安丽丝" in text
    assert "注销" not in text


# --- counted --------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-526")
def test_principals_trained_within_three_years_are_counted_by_batch(year: RotationYear, cast: Any) -> None:
    today = timezone.localdate()

    def trained(*who: str, batch: int, end: date) -> None:
        enter(cast, *who, kind="training", batch=batch, start=end - timedelta(3), end=end)

    edge = add_months(today, -36)
    trained("alice", batch=1, end=edge)
    trained("bob", "eve", batch=1, end=today)
    trained("carol", batch=5, end=today + timedelta(1))
    found = developing.coverage(standing(cast), cast.county, today)
    assert (found.trained, found.principals, found.percent, found.batches) == (0, 2, 0.0, ())
    trained("alice", batch=2, end=edge + timedelta(1))
    trained("alice", "bob", batch=3, end=today)
    found = developing.coverage(standing(cast), cast.county, today)
    assert (found.trained, found.principals, found.percent, found.batches) == (1, 2, 50.0, ((2, 1), (3, 1)))
    trained("carol", batch=3, end=today - timedelta(1))
    found = developing.coverage(standing(cast), cast.county, today)
    assert (found.percent, found.batches) == (100.0, ((2, 1), (3, 2)))
    page = cast.client("bureau_clerk").get(address(year)).content.decode()
    assert "现任校长 2 人，三年内轮训过 2 人。" in page
    assert "第 3 批 2 人。" in page


def test_without_principals_there_is_no_share(year: RotationYear, cast: Any) -> None:
    found = developing.coverage(standing(cast, "principal_of_hedong"), cast.county, timezone.localdate())
    assert (found.principals, found.percent) == (0, None)
    assert cast.client("principal_of_hedong").get(address(year)).status_code == 200


@pytest.mark.covers("R-536")
def test_visits_are_counted_in_person_times_from_vice_principals_up(year: RotationYear, cast: Any) -> None:
    today = timezone.localdate()
    enter(cast, "alice", "bob", "eve")
    enter(cast, "alice", theme="第二次")
    enter(cast, "alice", kind="themed", mode="outward")
    enter(cast, "alice", kind="themed", mode="together")
    last = date(today.year - 1, 12, 31)
    enter(cast, "alice", start=last, end=last)
    assert developing.visits_in(standing(cast), cast.county, today.year) == 4
    assert developing.visits_in(standing(cast), cast.county, today.year - 1) == 1
    assert developing.visits_in(standing(cast, "principal_of_hedong"), cast.county, today.year) == 1


@pytest.mark.covers("R-538", "R-543")
def test_themed_study_is_counted_by_its_seven_modes(year: RotationYear, cast: Any) -> None:
    for mode in StudyMode:
        enter(cast, "alice", "carol", kind="themed", mode=mode.value, host=cast.hedong)
    enter(cast, "bob", kind="themed", mode="hosting", host=cast.xishan)
    rows = developing.by_kind(standing(cast), cast.county)
    modes = {row["mode"]: (row["times"], row["people"]) for row in rows if row["mode"]}
    assert len(modes) == 7
    assert modes.pop("接待参访团") == (2, 3)
    assert set(modes.values()) == {(1, 2)}
    assert {"点校开放", "异校交流"} <= set(modes)
    page = cast.client("bureau_clerk").get(address(year)).content.decode()
    for mode in StudyMode:
        assert (
            f'<span class="text-nowrap">主题研修</span><div class="text-nowrap text-secondary">{mode.label}</div>'
            in page
        )
    assert cast.hedong.shown in page


@pytest.mark.covers("R-539")
def test_shadowing_at_the_school_that_helps_ones_own_is_said_so(year: RotationYear, cast: Any) -> None:
    today = timezone.localdate()
    tie = SchoolTie.objects.create(
        supporting=cast.yucai, supported=cast.xishan, kind="pairing", start=today - timedelta(100),
        valid_from=today - timedelta(100), source="test",
    )  # fmt: skip
    enter(cast, "carol", "bob", kind="shadowing", host=cast.yucai)

    def helped() -> dict[str, bool]:
        parts = developing.with_help(StudyPart.objects.all())
        return {each.teacher.number: each.helped for each in parts}

    assert helped() == {"T0003": True, "T0002": False}
    page = cast.client("bureau_clerk").get(address(year)).content.decode()
    assert "曾可柔（云山县西山九年一贯制学校、在帮扶学校）" in page
    assert "单博文（云山县河东小学）" in page
    SchoolTie.objects.filter(pk=tie.pk).update(end=today - timedelta(1))
    assert not any(helped().values())
    SchoolTie.objects.filter(pk=tie.pk).update(end=None, valid_until=today - timedelta(100))
    assert not any(helped().values())


@pytest.mark.covers("R-540")
def test_outstanding_principals_are_counted_while_they_are_cultivated(year: RotationYear, cast: Any) -> None:
    today = timezone.localdate()
    enter(cast, "alice", kind="cultivation", start=today - timedelta(400), end=today)
    enter(cast, "alice", kind="cultivation", theme="导师带教", start=today, end=today + timedelta(300))
    enter(cast, "carol", kind="cultivation", start=today - timedelta(400), end=today - timedelta(1))
    assert developing.in_cultivation(standing(cast), cast.county, today) == 1
    assert "名校长培养" in cast.client("bureau_clerk").get(address(year)).content.decode()


# --- beside a cadre's terms -----------------------------------------------------------------------------------------


@pytest.mark.covers("R-541")
def test_hours_of_study_stand_beside_those_of_the_hours_ledger(year: RotationYear, cast: Any) -> None:
    today = timezone.localdate()
    enter(cast, "alice", "carol", hours=Decimal("7.5"))
    for hours in (24, 48):
        TrainingEntry.objects.create(
            teacher=cast.teachers["alice"], school_year=school_year(today), kind="centralised", hours=hours,
            valid_from=today, source="test",
        )  # fmt: skip
    assert developing.hours_in(standing(cast), cast.county, today.year) == 15
    found = developing.served_by([cast.teachers["alice"].pk, cast.teachers["carol"].pk], cast.county)
    assert found[cast.teachers["alice"].pk].hours == [(school_year(today), 72, 7.5)]
    assert found[cast.teachers["carol"].pk].hours == [(school_year(today), 0, 7.5)]
    page = cast.client("bureau_clerk").get(f"/rotation/{year.pk}/terms/").content.decode()
    assert f"{school_year(today)}学年：学时台账 72 学时，校长研修 7.5 学时" in page


@pytest.mark.covers("R-535")
def test_spells_elsewhere_stand_beside_the_terms_of_a_cadre(year: RotationYear, cast: Any) -> None:
    given = {"teacher": cast.teachers["alice"], "valid_from": date(2020, 9, 1), "source": "test"}
    AppointmentEntry.objects.create(
        school_id=cast.hedong.code, kind="exchange", start=date(2020, 9, 1), end=date(2022, 8, 31), **given
    )
    AppointmentEntry.objects.create(school_id="X9", school_name="外县中学", kind="teaching_support",
                                    start=date(2018, 9, 1), end=date(2019, 8, 31), **given)  # fmt: skip
    AppointmentEntry.objects.create(school_id=cast.xishan.code, kind="post", start=date(2010, 9, 1), **given)
    found = developing.served_by([cast.teachers["alice"].pk], cast.county)[cast.teachers["alice"].pk]
    assert [(each["school"], each["kind"]) for each in found.spells] == [
        (cast.hedong.shown, "交流轮岗"), ("外县中学", "支教"),
    ]  # fmt: skip
    for number, start, end in ((1, date(2022, 9, 1), date(2025, 8, 31)), (2, date(2025, 9, 1), date(2028, 8, 31))):
        cadres.enter_term(
            cast.teachers["alice"], by=cast.users["section_head"], school=cast.yucai, role="principal", number=number,
            start=start, end=end, selection="competition", goals="校风好转",
        )  # fmt: skip
    page = cast.client("bureau_clerk").get(f"/rotation/{year.pk}/terms/").content.decode()
    assert f"2022-09-01 – 2025-08-31 {cast.yucai.shown} · 校长" in page
    assert "2020-09-01 – 2022-08-31" in page
    assert "外县中学" in page
