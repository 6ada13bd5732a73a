"""A school's file: people, figures with how they are made, history, and changes as dated rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from junheng.facts.codes import PairingKind
from junheng.web.directory.actions.organisations import rename
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.records.models import AuditEvent
from junheng.web.staffing import figures
from junheng.web.staffing.declared import SCHOOL_STATE
from junheng.web.staffing.forms.declared import typed
from junheng.web.staffing.models import (
    EnrolmentEntry,
    PostsEntry,
    RequirementEntry,
    ResourcesEntry,
    SchoolEventEntry,
    SchoolState,
)
from junheng.web.staffing.views.schools import TABS

SINCE = date(2026, 8, 31)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    figures.forget()
    yield
    figures.forget()


@pytest.fixture
def furnished(cast):
    """育才 with 300 pupils in 6 classes, 30 authorised posts, two teachers of maths needed and one of music."""
    row = {"school": cast.yucai, "stage": "junior", "valid_from": SINCE, "source": "test"}
    EnrolmentEntry.objects.create(grade=7, pupils=180, classes=4, **row)
    EnrolmentEntry.objects.create(grade=8, pupils=120, classes=2, **row)
    PostsEntry.objects.create(posts=30, **row)
    RequirementEntry.objects.create(subject="maths", required=2, **row)
    RequirementEntry.objects.create(subject="music", required=1, **row)
    ResourcesEntry.objects.create(teaching_area_m2=1500, sports_area_m2=3600, equipment_yuan=600000, **row)
    SchoolEventEntry.objects.create(
        school=cast.yucai, kind="merged_from", on=date(2019, 9, 1), other_name="云山县第三中学", other_id="9901010099",
        valid_from=SINCE, source="test",
    )  # fmt: skip
    SchoolTie.objects.create(
        supporting=cast.yucai, supported=cast.xishan, kind="assistance", valid_from=SINCE, source="test"
    )
    return cast


def page(school, **query):
    return reverse("staffing:school", args=(school.pk,)) + "?" + "&".join(f"{k}={v}" for k, v in query.items())


def url(name: str, school, *more):
    return reverse(f"staffing:{name}", args=(school.pk, *more))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_part_of_a_school_opens_in_both_languages_with_data_and_without(furnished, language):
    client = furnished.client("bureau_clerk")
    client.cookies["django_language"] = language
    for key, _label, _icon in TABS:
        for school in (furnished.yucai, furnished.xishan):
            answer = client.get(page(school, tab=key))
            assert answer.status_code == 200, key
            assert school.name in answer.content.decode()


def test_who_sees_a_school_and_who_its_people(furnished):
    yucai = furnished.yucai
    for who, status in (("principal", 200), ("cluster_head", 200), ("leading_group", 200), ("inspector", 200),
                        ("principal_of_hedong", 404), ("head_of_other_cluster", 404), ("clerk_of_other_county", 404),
                        ("teacher", 403), ("system_admin", 403), ("expired_clerk", 403)):  # fmt: skip
        assert furnished.client(who).get(page(yucai)).status_code == status, who
    assert furnished.client("leading_group").get(page(yucai, tab="people")).status_code == 403
    text = furnished.client("leading_group").get(page(yucai, tab="print")).content.decode()
    assert "安丽丝" not in text
    assert "安丽丝" in furnished.client("principal").get(page(yucai, tab="print")).content.decode()
    assert furnished.client("bureau_clerk").get(page(furnished.cluster)).status_code == 404


def test_people_are_those_of_the_establishment_and_those_who_work_here(furnished):
    at_home = furnished.client("principal").get(page(furnished.yucai, tab="people")).context["staff"]
    assert {(each["state"].name, each["where"]) for each in at_home} == {
        ("安丽丝", ""), ("解忆雯", "在云山县河东小学任教")
    }  # fmt: skip
    host = furnished.client("principal_of_hedong").get(page(furnished.hedong, tab="people")).context["staff"]
    assert {(each["state"].name, each["where"]) for each in host} == {
        ("单博文", ""), ("解忆雯", "来自云山县育才初级中学")
    }  # fmt: skip


def test_figures_are_right_and_say_how_they_are_made(furnished):
    client = furnished.client("principal")
    sums = client.get(page(furnished.yucai)).context["sums"]
    assert (sums["pupils"], sums["classes"], sums["at_home"], sums["at_work"]) == (300, 6, 2, 1)
    subjects = client.get(page(furnished.yucai, tab="subjects"))
    rows = {row.subject: (row.required, row.present, row.gap) for row in subjects.context["profile"].subjects}
    assert rows == {"maths": (2, 1, -1), "music": (1, 0, -1)}
    assert "开不出" in subjects.content.decode()
    posts = client.get(page(furnished.yucai, tab="posts")).content.decode()
    assert "300 ÷ 13.5 = 22.22" in posts
    balance = client.get(page(furnished.yucai, tab="balance")).content.decode()
    assert "1,500 ÷ 300 = 5.00" in balance
    assert "600,000 ÷ 300 = 2,000.00" in balance
    assert "1 ÷ 300" in balance or "2 ÷ 300" in balance


def test_history_ties_and_the_names_of_schools_absorbed_are_shown(furnished):
    text = furnished.client("principal").get(page(furnished.yucai, tab="history")).content.decode()
    assert "云山县第三中学" in text
    assert "支援 云山县西山九年一贯制学校" in text


def test_the_names_that_a_school_bore_before_stand_on_its_page(furnished):
    today = timezone.localdate()
    rename(
        furnished.users["system_admin"], furnished.yucai, name="云山县育才实验学校", short_name="育才实验", on=today,
        reason="县政府批复",
    )  # fmt: skip
    answer = furnished.client("principal").get(page(furnished.yucai, tab="history"))
    assert [each.name for each in answer.context["former"]] == ["云山县育才初级中学"]
    told = answer.content.decode()
    assert "曾用名" in told
    assert f"至 {today:%Y-%m-%d}" in told


def test_a_day_before_the_data_says_so(furnished):
    answer = furnished.client("principal").get(page(furnished.yucai, on="2020-01-01"))
    assert answer.status_code == 200
    assert "没有这所学校的数据" in answer.content.decode()
    assert furnished.client("principal").get(page(furnished.yucai, on="nonsense")).status_code == 200


def test_the_county_is_read_once_for_many_schools(furnished):
    client = furnished.client("bureau_clerk")
    client.get(page(furnished.yucai))
    with CaptureQueriesContext(connection) as again:
        client.get(page(furnished.hedong))
    assert len(again) <= 25
    assert not [query for query in again if "staffing_examentry" in query["sql"] and "MAX" not in query["sql"]]


def test_the_list_of_schools_counts_people_pupils_and_classes_as_of_a_day(furnished):
    client = furnished.client("bureau_clerk")
    answer = client.get(reverse("staffing:schools"))
    rows = {row.record.name: row.record for row in answer.context["table"].page.object_list}
    yucai = rows["云山县育才初级中学"]
    assert (yucai.pupils, yucai.classes, yucai.at_home, yucai.at_work) == (300, 6, 2, 1)
    hedong = rows["云山县河东小学"]
    assert (hedong.pupils, hedong.at_home, hedong.at_work) == (0, 1, 2)
    assert "清源县第一中学" not in rows

    def found(**query):
        page = client.get(reverse("staffing:schools"), query).context["table"].page
        return {row.record.name[3:] for row in page.object_list}

    assert found(q="hedong") == {"河东小学"}
    assert found(stage="primary") == {"河东小学", "西山九年一贯制学校"}
    assert found(cluster=furnished.other_cluster.pk) == {"西山九年一贯制学校"}
    assert found(on="2020-01-01") == set()
    own = furnished.client("principal").get(reverse("staffing:schools")).context["table"]
    assert [row.record.name for row in own.rows] == ["云山县育才初级中学"]


def test_the_list_of_schools_stands_in_the_bureaus_order_or_by_pinyin_or_by_strokes(furnished):
    cast = furnished
    for position, school in enumerate((cast.yucai, cast.xishan, cast.hedong), 1):
        school.position = position
        school.save()
    client = cast.client("bureau_clerk")

    def names(query):
        answer = client.get(reverse("staffing:schools") + query)
        return [row.record.name[3:5] for row in answer.context["table"].page.object_list]

    assert names("") == names("?order=bureau") == names("?order=nonsense") == ["育才", "西山", "河东"]
    assert names("?order=pinyin") == names("?sort=name") == ["河东", "西山", "育才"]
    assert names("?order=strokes")[0] == "西山"


def test_the_list_of_schools_costs_no_more_for_more_schools(furnished):
    client = furnished.client("bureau_clerk")
    client.get(reverse("staffing:schools"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("staffing:schools"))
    for i in range(12):
        made = Organisation.objects.create(
            kind="school", code=f"99010199{i:02}", name=f"云山县第{i}小学", parent=furnished.cluster,
            county=furnished.county,
        )  # fmt: skip
        SchoolState.objects.create(
            school=made, name=made.name, kind="village_primary", stages=["primary"], locale="rural",
            cluster=furnished.cluster, valid_from=SINCE, source="test",
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("staffing:schools"))
    assert len(many) == len(few)


def test_a_change_of_a_school_closes_a_row_and_adds_another_once(furnished):
    yucai, client = furnished.yucai, furnished.client("school_clerk")
    state = SchoolState.objects.current().get(school=yucai)
    data = {c.field: typed(c, SCHOOL_STATE.value(state, c)) for c in SCHOOL_STATE.columns}
    data |= {"version": state.pk, "effective": "2026-10-01", "reason": "县里认定", "strength": "strong"}
    assert [client.post(url("change_school", yucai), data).status_code for _ in range(2)] == [302, 302]
    old, new = SchoolState.objects.filter(school=yucai).order_by("pk")
    assert (old.valid_until, new.valid_from, new.strength) == (date(2026, 10, 1), date(2026, 10, 1), "strong")
    event = AuditEvent.objects.get(action="staffing.school.changed")
    assert (event.before, event.after) == ({"strength": "ordinary"}, {"strength": "strong"})
    stale = client.post(url("change_school", yucai), data | {"township": "河东镇"})
    assert stale.status_code == 409
    assert "河东镇" in stale.content.decode()
    assert SchoolState.objects.filter(school=yucai).count() == 2


def test_rows_of_a_school_are_added_changed_and_ended(furnished):
    yucai, client = furnished.yucai, furnished.client("school_clerk")
    data = {
        "stage": "junior",
        "grade": "9",
        "pupils": "90",
        "classes": "2",
        "effective": "2026-09-01",
        "reason": "学籍",
    }
    assert [client.post(url("add_school_entry", yucai, "enrolment"), data).status_code for _ in range(2)] == [302, 302]
    ninth = EnrolmentEntry.objects.get(school=yucai, grade=9)
    twin = client.post(url("add_school_entry", yucai, "enrolment"), data | {"pupils": "95"})
    assert twin.status_code == 409
    changed = data | {"pupils": "88", "effective": "2026-11-01", "version": ninth.pk}
    assert client.post(url("change_school_entry", yucai, "enrolment", ninth.pk), changed).status_code == 302
    assert EnrolmentEntry.objects.as_of(date(2026, 10, 31)).get(school=yucai, grade=9).pupils == 90
    now = EnrolmentEntry.objects.current().get(school=yucai, grade=9)
    assert now.pupils == 88
    stale = client.post(url("change_school_entry", yucai, "enrolment", ninth.pk), changed | {"pupils": "70"})
    assert stale.status_code == 409
    wrong = client.post(
        url("change_school_entry", yucai, "enrolment", now.pk), changed | {"pupils": "-3", "grade": "x"}
    )
    assert set(wrong.context["form"].errors) == {"pupils", "grade"}
    assert "-3" in wrong.content.decode()
    ended = {"reason": "毕业", "effective": "2026-11-10"}
    for _ in range(2):
        assert client.post(url("strike_school_entry", yucai, "enrolment", now.pk), ended).status_code == 302
    assert not EnrolmentEntry.objects.current().filter(school=yucai, grade=9).exists()
    actions = AuditEvent.objects.filter(action__startswith="staffing.school_entry").order_by("number")
    assert [event.action.rpartition(".")[2] for event in actions] == ["added", "corrected", "struck"]


def test_a_great_value_is_shown_with_commas_and_comes_back_from_its_form_unrounded(furnished):
    entry = ResourcesEntry.objects.get(school=furnished.yucai)
    entry.equipment_yuan = 1665951.02
    entry.save()
    client = furnished.client("bureau_clerk")
    assert "1,665,951.02" in client.get(page(furnished.yucai, tab="resources")).content.decode()
    form = client.get(url("change_school_entry", furnished.yucai, "resources", entry.pk)).content.decode()
    assert 'value="1665951.02"' in form


def test_a_pair_of_schools_is_named_in_english_on_an_english_page(furnished):
    client = furnished.client("bureau_clerk")
    client.cookies["django_language"] = "en"
    shown = client.get(page(furnished.yucai, tab="history")).content.decode()
    assert "结对帮扶" not in shown and PairingKind.ASSISTANCE.en in shown


def test_who_may_not_edit_a_school_does_not_and_tampered_ids_are_not_found(furnished):
    yucai, row = furnished.yucai, EnrolmentEntry.objects.first()
    for who in ("principal", "cluster_head", "principal_of_hedong", "teacher", "leading_group"):
        client = furnished.client(who)
        assert client.get(url("change_school", yucai)).status_code == 403, who
        struck = client.post(url("strike_school_entry", yucai, "enrolment", row.pk), {"reason": "删"})
        assert struck.status_code == 403, who
    clerk = furnished.client("bureau_clerk")
    assert clerk.get(url("change_school_entry", furnished.hedong, "enrolment", row.pk)).status_code == 404
    assert clerk.get(url("change_school_entry", yucai, "nonsense", row.pk)).status_code == 404
    assert clerk.get(url("add_school_entry", yucai, "schools")).status_code == 404
    assert clerk.get(url("change_school", furnished.faraway)).status_code == 404
    assert furnished.client("school_clerk").get(url("change_school", furnished.hedong)).status_code == 404
    assert EnrolmentEntry.objects.current().filter(pk=row.pk).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_form_of_a_school_opens(furnished, language):
    clerk = furnished.client("bureau_clerk")
    clerk.cookies["django_language"] = language
    assert clerk.get(url("change_school", furnished.yucai)).status_code == 200
    for key in ("enrolment", "requirements", "resources", "history"):
        assert clerk.get(url("add_school_entry", furnished.yucai, key)).status_code == 200


@pytest.mark.covers("R-184")
def test_urban_schools_that_stand_by_no_weak_rural_school_are_listed(cast, read) -> None:
    def classed(school: Organisation, locale: str, strength: str) -> None:
        SchoolState.objects.filter(school=school).update(locale=locale, strength=strength)

    classed(cast.hedong, "urban", "strong")
    classed(cast.yucai, "urban", "ordinary")
    classed(cast.xishan, "rural", "under_resourced")
    tie = SchoolTie.objects.create(
        supporting=cast.yucai, supported=cast.xishan, kind="assistance", valid_from=SINCE, source="test"
    )
    clerk, here = cast.client("bureau_clerk"), reverse("staffing:schools")

    def listed(**asked: str) -> set[int]:
        return {each.school_id for each in clerk.get(here, asked).context["table"].data}

    assert "有 1 所城区学校没有与乡村薄弱学校结对" in read(clerk.get(here))
    assert listed(locale="urban", stands_by="no") == {cast.hedong.pk}
    assert listed(stands_by="yes") == {cast.yucai.pk}
    classed(cast.xishan, "rural", "ordinary")
    assert listed(locale="urban", stands_by="no") == {cast.hedong.pk, cast.yucai.pk}, "it is no weak school"
    classed(cast.xishan, "rural", "under_resourced")
    SchoolTie.objects.filter(pk=tie.pk).update(end=date(2026, 9, 1))
    assert "有 2 所城区学校没有与乡村薄弱学校结对" in read(clerk.get(here)), "the tie has ended"
    assert "没有与乡村薄弱学校结对" not in read(clerk.get(here, {"locale": "rural"}))
