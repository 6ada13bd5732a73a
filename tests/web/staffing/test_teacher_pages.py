"""The roster and the file: who sees whom, on which day, in how many queries, and how an ID number is shown."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from junheng.web.records.models import AuditEvent
from junheng.web.staffing.actions import teachers as actions
from junheng.web.staffing.chapters import CHAPTERS
from junheng.web.staffing.models import (
    AppointmentEntry,
    CircumstancesEntry,
    Correction,
    HonorEntry,
    SanctionEntry,
    Teacher,
    TeacherState,
    TitleEntry,
)

SINCE = date(2026, 8, 31)
NUMBER = "990101198505120022"
LIST = "staffing:teachers"


def page(teacher, **query):
    return reverse("staffing:teacher", args=(teacher.pk,)) + ("?" + "&".join(f"{k}={v}" for k, v in query.items()))


def names_in(answer) -> list[str]:
    return [row.record.name for row in answer.context["table"].page.object_list]


def placement(teacher, school_code: str, start: date, end: date | None, **given):
    return AppointmentEntry.objects.create(
        teacher=teacher, school_id=school_code, kind="exchange", start=start, end=end, valid_from=SINCE, source="test",
        **given,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_chapter_of_a_file_opens_in_both_languages(cast, language):
    client = cast.client("bureau_clerk")
    client.cookies["django_language"] = language
    for key in [*(chapter.key for chapter in CHAPTERS), "history", "trail", "nonsense"]:
        answer = client.get(page(cast.teachers["alice"], tab=key))
        assert answer.status_code == 200, key
        assert "安丽丝" in answer.content.decode()


def test_a_long_list_of_schools_is_asked_for_and_a_short_one_stands_in_the_page(cast, monkeypatch):
    client, chosen = cast.client("bureau_clerk"), f"?school={cast.yucai.pk}"
    short = client.get(reverse(LIST) + chosen).content.decode()
    assert f'<option value="{cast.hedong.pk}">' in short
    monkeypatch.setattr("junheng.web.staffing.filters.MANY", 2)
    answer = client.get(reverse(LIST) + chosen)
    long = answer.content.decode()
    address = f"{reverse('staffing:to_choose')}?kind=school&amp;may=staffing.teachers_view"
    assert f'data-options="{address}"' in long
    assert f'<option value="{cast.yucai.pk}" selected>' in long, "what is chosen is there"
    assert f'<option value="{cast.hedong.pk}">' not in long
    assert names_in(answer) == names_in(client.get(reverse(LIST) + chosen))
    given = client.get(address.replace("&amp;", "&")).json()
    assert [each["text"] for each in given] == [each.shown for each in (cast.yucai, cast.hedong, cast.xishan)]
    assert given[0]["value"] == str(cast.yucai.pk)


def test_only_what_is_within_reach_can_be_chosen(cast):
    address = reverse("staffing:to_choose")
    assert [each["text"] for each in cast.client("principal").get(address).json()] == [cast.yucai.shown]
    clusters = cast.client("bureau_clerk").get(f"{address}?kind=cluster&may=staffing.schools_view").json()
    assert {each["text"] for each in clusters} == {cast.cluster.shown, cast.other_cluster.shown}
    for wrong in ("?kind=county", "?may=records.audit"):
        assert cast.client("bureau_clerk").get(address + wrong).status_code == 404


@pytest.mark.parametrize("tab", ["titles", "exchange"])
def test_every_way_to_an_entry_that_a_chapter_offers_leads_somewhere(cast, tab):
    alice, client = cast.teachers["alice"], cast.client("bureau_clerk")
    TitleEntry.objects.create(teacher=alice, title="first", start=date(2015, 1, 1), valid_from=SINCE, source="test")
    placement(alice, cast.xishan.code, SINCE, None)
    shown = client.get(page(alice, tab=tab)).content.decode()
    ways = re.findall(rf'href="(/staffing/teachers/{alice.pk}/\w+/\d+/\w+/)"', shown)
    assert ways
    assert {way: client.get(way).status_code for way in ways} == dict.fromkeys(ways, 200)


def test_home_and_present_school_both_see_a_teacher_and_another_school_does_not(cast):
    eve = cast.teachers["eve"]
    for who, status in (("principal", 200), ("principal_of_hedong", 200), ("principal_of_xishan", 404),
                        ("clerk_of_other_county", 404), ("teacher", 403), ("system_admin", 403)):  # fmt: skip
        assert cast.client(who).get(page(eve)).status_code == status, who
    assert "解忆雯" in names_in(cast.client("principal_of_hedong").get(reverse(LIST)))
    assert "解忆雯" not in names_in(cast.client("principal_of_xishan").get(reverse(LIST)))


def test_the_host_of_a_placement_sees_the_teacher_for_its_term_only(cast):
    bob, today = cast.teachers["bob"], timezone.localdate()
    assert cast.client("principal_of_xishan").get(page(bob)).status_code == 404
    spell = placement(bob, cast.xishan.code, today - timedelta(days=30), today)
    assert cast.client("principal_of_xishan").get(page(bob)).status_code == 200
    assert "单博文" in names_in(cast.client("principal_of_xishan").get(reverse(LIST)))
    AppointmentEntry.objects.filter(pk=spell.pk).update(end=today - timedelta(days=1))
    assert cast.client("principal_of_xishan").get(page(bob)).status_code == 404
    AppointmentEntry.objects.filter(pk=spell.pk).update(end=None, start=today + timedelta(days=1))
    assert cast.client("principal_of_xishan").get(page(bob)).status_code == 404


def test_a_placement_is_read_within_its_own_county(cast):
    placement(cast.teachers["dave"], cast.xishan.code, SINCE, None)
    assert cast.client("principal_of_xishan").get(page(cast.teachers["dave"])).status_code == 404


def test_who_has_left_is_seen_by_the_county_and_no_longer_by_the_school(cast):
    alice = cast.teachers["alice"]
    alice.states.update(valid_until=date(2026, 9, 30))
    assert cast.client("principal").get(page(alice)).status_code == 404
    answer = cast.client("bureau_clerk").get(page(alice))
    assert answer.status_code == 200
    assert "2026-09-30" in answer.content.decode()
    assert "安丽丝" in cast.client("bureau_clerk").get(page(alice, on="2026-09-01")).content.decode()


def test_a_host_does_not_edit_and_the_home_school_does(cast):
    eve, url = cast.teachers["eve"], reverse("staffing:change_state", args=(cast.teachers["eve"].pk,))
    assert cast.client("school_clerk").get(url).status_code == 200
    assert cast.client("principal").get(url).status_code == 403
    eve.states.update(school=cast.hedong, teaching_school=cast.yucai)
    assert cast.client("school_clerk").get(page(eve)).status_code == 200
    assert cast.client("school_clerk").get(url).status_code == 403


def test_sensitive_chapters_are_refused_to_a_principal_and_their_view_is_kept_on_record(cast):
    alice = cast.teachers["alice"]
    SanctionEntry.objects.create(teacher=alice, kind="warning", start=date(2025, 1, 1), valid_from=SINCE, source="test")
    assert cast.client("principal").get(page(alice, tab="sanctions")).status_code == 403
    assert "健康与家庭" not in cast.client("principal").get(page(alice)).content.decode()
    assert not AuditEvent.objects.filter(action="staffing.sensitive.viewed").exists()
    assert "警告" in cast.client("section_head").get(page(alice, tab="sanctions")).content.decode()
    event = AuditEvent.objects.get(action="staffing.sensitive.viewed")
    assert (event.author, event.object_id, event.details["part"]) == ("ys-section_head", str(alice.pk), "sanctions")


def test_sensitive_values_stand_in_no_other_chapter(cast):
    alice = cast.teachers["alice"]
    CircumstancesEntry.objects.create(
        teacher=alice, family_event="金丝雀家事", health="disability", valid_from=SINCE, source="test"
    )
    client = cast.client("section_head")
    for key in [*(chapter.key for chapter in CHAPTERS if chapter.key != "family"), "history", "trail"]:
        text = client.get(page(alice, tab=key)).content.decode()
        assert "金丝雀家事" not in text, key
        assert "身体残疾" not in text, key
    assert "金丝雀家事" in client.get(page(alice, tab="family")).content.decode()


def test_the_roster_and_the_file_show_an_id_number_masked(cast):
    for url in (reverse(LIST), page(cast.teachers["alice"])):
        text = cast.client("bureau_clerk").get(url).content.decode()
        assert "990101********0022" in text
        assert NUMBER not in text


def test_an_id_number_is_revealed_once_for_a_reason_that_is_kept(cast):
    alice, client = cast.teachers["alice"], cast.client("bureau_clerk")
    url = reverse("staffing:reveal", args=(alice.pk,))
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422
    assert NUMBER not in refused.content.decode()
    assert not AuditEvent.objects.filter(action=actions.REVEALED).exists()
    answer = client.post(url, {"reason": "核对退休材料"})
    assert NUMBER in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.get(action=actions.REVEALED)
    assert (event.reason, event.object_id) == ("核对退休材料", str(alice.pk))
    assert NUMBER not in f"{event.before}{event.after}{event.details}{event.object_label}"
    assert client.get(url).status_code == 405
    assert NUMBER not in client.get(page(alice)).content.decode()


def test_nobody_without_the_permission_over_the_teacher_reveals(cast):
    url = reverse("staffing:reveal", args=(cast.teachers["alice"].pk,))
    for who, status in (("principal", 403), ("bureau_leader", 403), ("clerk_of_other_county", 404), ("teacher", 403)):
        answer = cast.client(who).post(url, {"reason": "想看看"})
        assert answer.status_code == status, who
        assert NUMBER not in answer.content.decode()


def test_too_many_reveals_in_an_hour_are_refused(cast, monkeypatch):
    monkeypatch.setattr(actions, "REVEALS_PER_HOUR", 2)
    url, client = reverse("staffing:reveal", args=(cast.teachers["alice"].pk,)), cast.client("bureau_clerk")
    statuses = [client.post(url, {"reason": "核对"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert AuditEvent.objects.filter(action=actions.REVEALED).count() == 2


def test_an_exact_id_number_finds_the_teacher_without_standing_in_an_address(cast):
    client, url = cast.client("bureau_clerk"), reverse("staffing:find_by_id")
    answer = client.post(url, {"id_number": f" {NUMBER} "})
    assert answer["Location"] == cast.teachers["alice"].get_absolute_url()
    assert NUMBER not in answer["Location"]
    assert client.post(url, {"id_number": NUMBER[:-1]})["Location"] == reverse(LIST)
    assert client.get(url).status_code == 405
    assert [e.details["found"] for e in AuditEvent.objects.filter(action="staffing.id_number.searched")] == [
        False,
        True,
    ]
    assert cast.client("principal").post(url, {"id_number": NUMBER}).status_code == 403
    assert cast.client("clerk_of_other_county").post(url, {"id_number": NUMBER})["Location"] == reverse(LIST)


@pytest.mark.parametrize(
    ("words", "found"),
    [("安丽", ["安丽丝"]), ("shan", ["单博文"]), ("zkr", ["曾可柔"]), ("T0005", ["解忆雯"]), ("xieyi", ["解忆雯"]),
     ("没有这个人", []), ("%", [])],
)  # fmt: skip
def test_the_roster_is_searched_by_name_pinyin_initials_and_number(cast, words, found):
    assert names_in(cast.client("bureau_clerk").get(reverse(LIST), {"q": words})) == found


def test_the_roster_is_narrowed_by_what_holds_on_its_day(cast):
    alice, bob = cast.teachers["alice"], cast.teachers["bob"]
    TitleEntry.objects.create(teacher=alice, title="first", start=date(2015, 1, 1), valid_from=SINCE, source="test")
    TitleEntry.objects.create(teacher=alice, title="senior", start=date(2026, 9, 10), valid_from=SINCE, source="test")
    HonorEntry.objects.create(
        teacher=bob, kind="backbone", level="county", start=date(2020, 1, 1), valid_from=SINCE, source="test"
    )
    HonorEntry.objects.create(
        teacher=alice, kind="backbone", level="school", start=date(2020, 1, 1), valid_from=SINCE, source="test"
    )
    client = cast.client("bureau_clerk")

    def found(**query):
        return set(names_in(client.get(reverse(LIST), query)))

    assert found(title="senior") == {"安丽丝"}
    assert found(title="senior", on="2026-09-01") == set()
    assert found(title="first", on="2026-09-01") == {"安丽丝"}
    assert found(title="none") == {"单博文", "曾可柔", "解忆雯"}
    assert found(backbone="yes") == {"单博文"}
    assert found(exchange="yes") == {"解忆雯"}
    assert found(stage="primary") == {"单博文"}
    assert found(subject="chinese") == {"单博文"}
    assert found(school=cast.hedong.pk) == {"单博文", "解忆雯"}
    assert found(cluster=cast.other_cluster.pk) == {"曾可柔"}
    assert found(age="40_44") == {"安丽丝", "单博文", "曾可柔", "解忆雯"}
    assert found(age="35_39") == set()
    assert found(in_post="no") == set()
    assert found(school=cast.faraway.pk) == found()  # another county's school is no choice at all


def test_the_roster_sorts_by_the_offices_orders(cast):
    client = cast.client("bureau_clerk")
    assert names_in(client.get(reverse(LIST), {"order": "pinyin"})) == ["安丽丝", "单博文", "解忆雯", "曾可柔"]
    strokes = names_in(client.get(reverse(LIST), {"order": "strokes"}))
    assert strokes == ["安丽丝", "单博文", "曾可柔", "解忆雯"]
    TeacherState.objects.filter(name="曾可柔").update(birth_date=date(1970, 1, 1))
    assert names_in(client.get(reverse(LIST), {"order": "oldest"}))[0] == "曾可柔"
    assert names_in(client.get(reverse(LIST), {"sort": "-number"}))[0] == "解忆雯"


def test_the_roster_as_of_a_day_shows_what_held_then(cast):
    alice = cast.teachers["alice"]
    actions.change_state(
        alice,
        {"name": "安改名"},
        version=alice.state.pk,
        on=date(2026, 10, 1),
        why=actions.Why(cast.users["bureau_clerk"]),
    )
    client = cast.client("bureau_clerk")
    assert "安改名" in names_in(client.get(reverse(LIST)))
    assert "安丽丝" in names_in(client.get(reverse(LIST), {"on": "2026-09-30"}))
    assert names_in(client.get(reverse(LIST), {"on": "2020-01-01"})) == []
    assert client.get(reverse(LIST), {"on": "no day"}).status_code == 200


def many(cast, number: int) -> None:
    for i in range(number):
        made = Teacher.objects.create(county=cast.county, number=f"M{i:04}")
        TeacherState.objects.create(
            teacher=made, name=f"复姓欧阳{i:04}", school=cast.yucai, teaching_school=cast.hedong, sex="F",
            birth_date=date(1980, 1, 1), stage="junior", main_subject="maths", id_number=NUMBER, education="bachelor",
            joined_current_school=date(2010, 9, 1), valid_from=SINCE, source="test", in_post=False,
        )  # fmt: skip
        TitleEntry.objects.create(teacher=made, title="senior", start=date(2015, 1, 1), valid_from=SINCE, source="test")
        HonorEntry.objects.create(
            teacher=made, kind="backbone", level="county", start=date(2020, 1, 1), valid_from=SINCE, source="test"
        )


def test_a_full_page_of_the_roster_is_small_and_costs_no_more_queries_than_a_short_one(cast):
    client = cast.client("bureau_clerk")
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as short:
        client.get(reverse(LIST))
    many(cast, 55)
    with CaptureQueriesContext(connection) as full:
        answer = client.get(reverse(LIST))
    assert len(names_in(answer)) == 50
    assert len(full) == len(short)
    rows = client.get(reverse(LIST), headers={"hx-request": "true"})
    assert len(rows.content) < len(answer.content) <= 50_000


def test_a_file_costs_the_same_queries_however_long_it_is(cast):
    alice, client = cast.teachers["alice"], cast.client("bureau_clerk")
    client.get(page(alice))
    for tab in ("honors", "history"):
        HonorEntry.objects.filter(teacher=alice).delete()
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page(alice, tab=tab)).status_code == 200
            counts.append(len(asked))
            for year in range(2000, 2020):
                HonorEntry.objects.create(
                    teacher=alice, kind="backbone", level="county", start=date(year, 1, 1), valid_from=SINCE,
                    source="test",
                )  # fmt: skip
        assert counts[0] == counts[1], tab


def test_only_who_may_export_exports_and_no_id_number_leaves(cast):
    answer = cast.client("principal").get(reverse(LIST), {"export": "csv"})
    assert answer.status_code == 200
    text = b"".join(answer).decode("utf-8-sig") if answer.streaming else answer.content.decode("utf-8-sig")
    assert "T0001" in text
    assert NUMBER not in text
    assert "T0003" not in text
    assert cast.client("inspector").get(reverse(LIST), {"export": "csv"}).status_code == 403


def test_reckoned_figures_say_how_they_are_made(cast):
    alice, client = cast.teachers["alice"], cast.client("bureau_clerk")
    text = client.get(page(alice, on="2026-10-01")).content.decode()
    assert "2043-05-12" in text  # a woman born in May 1985: 55 and the whole delay of 36 months
    assert "按 2025 年起" in text
    assert "11 年" in text  # since September 2015
    alice.states.update(retirement_override=date(2040, 1, 1))
    text = client.get(page(alice)).content.decode()
    assert "2040-01-01" in text
    assert "按核定的退休日期" in text


def test_ones_own_file_shows_ones_own_and_a_way_to_say_that_it_is_wrong(cast):
    text = cast.client("teacher").get(reverse("staffing:own_file")).content.decode()
    assert "安丽丝" in text
    assert "part=teachers&amp;field=birth_date" in text
    assert "单博文" not in text
    assert NUMBER not in text
    nobody = cast.users["teacher"]
    Teacher.objects.filter(user=nobody).update(user=None)
    assert "还没有对应" in cast.client("teacher").get(reverse("staffing:own_file")).content.decode()
    assert cast.client("principal").get(reverse("staffing:own_file")).status_code == 403


def test_a_correction_in_hand_opens_the_file_to_its_decider_until_it_is_decided(cast):
    carol, decider = cast.teachers["carol"], cast.client("principal_of_xishan")
    made = Correction.objects.create(
        teacher=carol, school=cast.xishan, sheet="teachers", subject_key="x", proposed_text='{"name": "曾柔"}',
        reason="写错", requested_by=cast.users["nobody"],
    )  # fmt: skip
    carol.states.update(school=cast.yucai)
    assert decider.get(page(carol)).status_code == 200
    assert cast.client("principal_of_hedong").get(page(carol)).status_code == 404
    made.status, made.decided_by, made.decided_at = "rejected", cast.users["bureau_clerk"], timezone.now()
    made.save()
    assert decider.get(page(carol)).status_code == 404
