"""The call on young teachers of the towns: who is meant, and that relation and pay stay as they are."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import docx
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from junheng.web.rotation import holds as holding
from junheng.web.rotation.actions import adopting
from junheng.web.rotation.actions.ordering import OrderHead, change, issue
from junheng.web.rotation.calling import answering, called, kept_by_call
from junheng.web.rotation.models import AskingSettings, Phase, PhaseKind, Placement, RotationYear
from junheng.web.rotation.papers import address
from junheng.web.staffing.actions import links
from junheng.web.staffing.models import BUNDLE, SchoolState, TeacherState
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db

CLAUSE = "《加强教师队伍建设的意见》第三条"


@pytest.fixture(autouse=True)
def no_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "_holds", [])


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 12, 1, 3, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def located(cast: Any) -> Any:
    """育才 and 河东 in the town, 西山 in the countryside."""
    SchoolState.objects.filter(school=cast.xishan).update(locale="rural")
    return cast


def calls(year: RotationYear, **given: Any) -> AskingSettings:
    return AskingSettings.objects.create(year=year, call_clause=CLAUSE, **given)


@pytest.fixture
def year(clock: Any, make_year: Any, located: Any) -> RotationYear:
    made = make_year(PhaseKind.ORDERS, PhaseKind.REPORTING)
    Phase.objects.filter(year=made, kind="reporting").update(closes=timezone.now() + timedelta(days=60))
    return made


def to_xishan(cast: Any, year: RotationYear, who: str = "alice") -> Placement:
    return Placement.objects.create(
        year=year, teacher=cast.teachers[who], from_school=cast.yucai, to_school=cast.xishan, stage="junior",
        subject="maths", start=date(2026, 12, 1), end=date(2027, 8, 31),
    )  # fmt: skip


# --- who is meant ---------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-227")
def test_the_call_means_the_young_of_the_towns_to_the_day(cast: Any, year: RotationYear) -> None:
    alice = cast.teachers["alice"]
    assert called(year, alice) is None, "without a call nobody is called"
    calls(year, call_age=41)
    assert called(year, alice) is not None, "born in May 1985 she is 41 on 31 August 2026"
    TeacherState.objects.filter(teacher=alice).update(birth_date=date(1984, 8, 31))
    assert called(year, alice) is None, "42 on that very day"
    TeacherState.objects.filter(teacher=alice).update(birth_date=date(1984, 9, 1))
    assert called(year, alice) is not None, "42 a day later"
    assert called(year, cast.teachers["carol"]) is None, "carol teaches in the countryside already"


@pytest.mark.covers("R-227")
def test_age_and_years_of_work_hold_together_and_unknown_is_no(cast: Any, year: RotationYear) -> None:
    alice = cast.teachers["alice"]
    calls(year, call_age=45, call_years=18)
    assert called(year, alice) is not None, "at work since September 2007: 18 completed years"
    TeacherState.objects.filter(teacher=alice).update(work_start=date(2007, 8, 31))
    assert called(year, alice) is None, "19 years"
    TeacherState.objects.filter(teacher=alice).update(work_start=None)
    assert called(year, alice) is None


@pytest.mark.covers("R-227")
def test_only_the_way_from_town_to_countryside_answers_the_call(cast: Any, year: RotationYear) -> None:
    calls(year, call_age=45)
    alice, bob = cast.teachers["alice"].pk, cast.teachers["bob"].pk
    town, other, rural = cast.yucai.pk, cast.hedong.pk, cast.xishan.pk
    assert answering(year, [(alice, town, rural), (bob, town, other)]) == {alice}
    assert answering(year, [(alice, rural, town)]) == frozenset()


def test_a_call_without_a_clause_is_refused(cast: Any, year: RotationYear) -> None:
    client, url = cast.client("bureau_clerk"), reverse("rotation:asking_settings", args=(year.pk,))
    form = {
        "chain": "cluster_bureau", "notice_days": 5, "return_days": 5, "relief_months": 12, "call_age": 35,
        "reason": "倡导",
    }  # fmt: skip
    assert client.post(url, form).status_code == 422
    assert client.post(url, form | {"call_clause": CLAUSE}).status_code == 302
    held = AskingSettings.objects.get(year=year)
    assert (held.call_age, held.call_years, held.call_clause) == (35, None, CLAUSE)
    assert client.post(url, form | {"call_age": "", "call_clause": CLAUSE}).status_code == 302
    held.refresh_from_db()
    assert (held.call_age, held.call_clause) == (None, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        AskingSettings.objects.filter(pk=held.pk).update(call_age=35)


@pytest.mark.covers("R-227")
def test_whoever_is_meant_reads_it_where_he_applies(cast: Any, make_year: Any, located: Any, judge: Any, read: Any):
    made = make_year(PhaseKind.APPLICATIONS)
    judge(made, "alice")
    teacher, url = cast.teachers["alice"], reverse("rotation:apply", args=(made.pk,))
    teacher.user = cast.users["teacher"]
    teacher.save()
    held = calls(made, call_age=45)
    page = read(cast.client("teacher").get(url))
    assert "人事关系不转、待遇不变" in page
    assert CLAUSE in page
    assert f"可以填报的乡村学校：{cast.xishan.shown}" in page
    AskingSettings.objects.filter(pk=held.pk).update(call_age=30)
    assert "待遇不变" not in read(cast.client("teacher").get(url))


# --- relation and pay stay ------------------------------------------------------------------------------------------


@pytest.mark.covers("R-227")
def test_a_plan_that_moves_relations_leaves_that_of_whoever_answers(cast: Any, year: RotationYear) -> None:
    calls(year, call_age=45)
    rows = [
        SimpleNamespace(
            teacher=cast.teachers[who], teacher_id=cast.teachers[who].pk, from_school=home, from_school_id=home.pk,
            to_school=host, to_school_id=host.pk, stage="junior", subject="maths", form="rotation", wish_rank=None,
        )
        for who, home, host in (("alice", cast.yucai, cast.xishan), ("bob", cast.hedong, cast.yucai))
    ]  # fmt: skip
    scenario = SimpleNamespace(
        year=year, relation_moved=True, moves=SimpleNamespace(select_related=lambda *_names: rows)
    )
    moved = {each.teacher.pk: each.relation_moved for each in adopting.placings_of(scenario)}  # type: ignore[arg-type]
    assert moved == {cast.teachers["alice"].pk: False, cast.teachers["bob"].pk: True}


@pytest.mark.covers("R-227")
def test_an_order_cannot_be_changed_to_move_the_relation(cast: Any, year: RotationYear) -> None:
    held = calls(year, call_age=45)
    placed, by = to_xishan(cast, year), cast.users["section_head"]
    issue(year, OrderHead("云教〔2026〕5号", "李局长", date(2026, 11, 20), date(2026, 12, 1), uuid.uuid4()),
          [placed.pk], by=by)  # fmt: skip
    placed.refresh_from_db()
    with pytest.raises(RefusedError, match="待遇不变"):
        change(placed, {"relation_moved": True}, reason="调动", by=by)
    AskingSettings.objects.filter(pk=held.pk).update(call_age=30)
    assert change(placed, {"relation_moved": True}, reason="调动", by=by).relation_moved


@pytest.mark.covers("R-227")
def test_page_letter_and_agreement_say_that_relation_and_pay_stay(cast: Any, year: RotationYear, read: Any) -> None:
    calls(year, call_age=45)
    placed = to_xishan(cast, year)
    issue(year, OrderHead("云教〔2026〕5号", "李局长", date(2026, 11, 20), date(2026, 12, 1), uuid.uuid4()),
          [placed.pk], by=cast.users["section_head"])  # fmt: skip
    assert kept_by_call(placed) is not None
    client = cast.client("school_clerk")
    assert f"关系不转、待遇不变：{CLAUSE}" in read(client.get(placed.get_absolute_url()))
    for kind in ("letter", "agreement"):
        document = docx.Document(io.BytesIO(client.get(f"{address(year, kind, placed.pk)}?docx").content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join([each.text for each in document.paragraphs] + cells)
        assert f"人事关系不转、待遇不变（{CLAUSE}）" in text


# --- what binds the two schools -------------------------------------------------------------------------------------


@pytest.mark.covers("R-185", "R-196")
def test_a_placement_shows_what_binds_its_schools_and_with_whom_the_teacher_is_paired(
    cast: Any, year: RotationYear, read: Any
) -> None:
    from junheng.web.directory.models import SchoolTie

    placed, by = to_xishan(cast, year), cast.users["bureau_clerk"]
    issue(year, OrderHead("云教〔2026〕5号", "李局长", date(2026, 11, 20), date(2026, 12, 1), uuid.uuid4()),
          [placed.pk], by=by)  # fmt: skip
    client = cast.client("school_clerk")
    assert "两校和教师的结对" not in read(client.get(placed.get_absolute_url()))
    tie = SchoolTie.objects.create(
        supporting=cast.yucai, supported=cast.xishan, kind="assistance", valid_from=date(2026, 9, 1), source="test"
    )
    values = {"shares": [each.value for each in BUNDLE], "activities": "", "document_number": ""}
    links.set_pair_terms(tie, values, on=date(2026, 9, 1), by=by)
    links.tie_teachers(
        cast.teachers["alice"], cast.teachers["carol"], aim="每月互听两节课", start=date(2026, 9, 1), by=by
    )
    page = read(client.get(placed.get_absolute_url()))
    assert "捆绑式" in page
    assert "支援 曾可柔" in page
    assert "每月互听两节课" in page


@pytest.mark.covers("R-188")
def test_a_placement_within_a_zone_says_what_the_zone_shares(cast: Any, year: RotationYear, read: Any) -> None:
    placed = to_xishan(cast, year)
    SchoolState.objects.filter(school__in=(cast.yucai, cast.xishan)).update(group="第一片区")
    links.set_group_terms(
        cast.county, "第一片区", {"kind": "zone", "main": cast.yucai, "shares": ["staff", "ideas"],
                                 "document_number": ""}, on=date(2026, 9, 1), by=cast.users["bureau_clerk"],
    )  # fmt: skip
    client = cast.client("bureau_clerk")
    assert "人员共用、理念共享" in read(client.get(placed.get_absolute_url()))
    SchoolState.objects.filter(school=cast.xishan).update(group="第二片区")
    assert "理念共享" not in read(client.get(placed.get_absolute_url()))
