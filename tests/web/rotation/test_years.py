"""Years, phases by the clock, working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from junheng.web.directory.models import Organisation
from junheng.web.records.jobs import run_due
from junheng.web.records.models import AuditEvent, Job, Notification
from junheng.web.rotation import cycle, turning
from junheng.web.rotation.actions import years as actions
from junheng.web.rotation.cycle import ClosedPhaseError, PhaseState, require_open, state_of
from junheng.web.rotation.models import (
    AskingSettings,
    MonthlyReport,
    Phase,
    PhaseKind,
    PhaseTurn,
    Placement,
    RotationYear,
    Turn,
)
from junheng.web.rotation.pack_words import plainly, unit_of
from junheng.web.rotation.workdays import Workdays, end_of, start_of
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_the_proposal_gives_every_phase_working_days_and_leaves_holidays_out(cast: Any) -> None:
    dates = actions.proposed_dates(cast.county, date(2026, 4, 27), date(2026, 9, 1), date(2027, 8, 31))
    assert list(dates) == list(PhaseKind)
    first, last = dates[PhaseKind.PREPARATION]
    assert (first, last) == (date(2026, 4, 27), date(2026, 5, 12))  # 1-5 May free, 9 May worked
    assert dates[PhaseKind.OBJECTIONS][0] == dates[PhaseKind.NOTICE][0]
    assert dates[PhaseKind.SERVICE] == (date(2026, 9, 1), date(2027, 8, 31))
    posted, signed_by = dates[PhaseKind.NOMINATIONS]
    days = AskingSettings._meta.get_field("notice_days").default
    assert Workdays.of(cast.county).after(posted, days) < signed_by, "the notice in the school ends before it"


def test_a_county_declares_its_own_days_over_the_calendar(cast: Any) -> None:
    saturday = date(2026, 6, 6)
    assert not Workdays.of(cast.county).is_workday(saturday)
    actions.declare_day(cast.county, day=saturday, working=True, note="高考调休", by=cast.users["bureau_clerk"])
    assert Workdays.of(cast.county).is_workday(saturday)
    assert not Workdays.of(cast.other_county).is_workday(saturday)


def test_beyond_the_known_calendar_weekdays_count_and_it_is_said() -> None:
    workdays = Workdays({})
    assert workdays.after(date(2098, 1, 1), 5) == date(2098, 1, 8)
    assert min(workdays.assumed) == date(2098, 1, 2)


@given(day=st.dates(date(2025, 1, 1), date(2026, 6, 1)), count=st.integers(1, 40))
def test_counting_working_days_forward_and_between_agree(day: date, count: int) -> None:
    workdays = Workdays({})
    last = workdays.after(day, count)
    assert workdays.is_workday(last)
    assert workdays.between(day + timedelta(days=1), last) == count


def test_a_period_in_days_is_open_on_its_whole_last_day() -> None:
    assert start_of(date(2026, 5, 20)) == datetime(2026, 5, 20, tzinfo=SHANGHAI)
    assert end_of(date(2026, 5, 20)) == datetime(2026, 5, 21, tzinfo=SHANGHAI)


def test_a_phase_opens_and_closes_to_the_second(make_year: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    phase = year.phases.get(kind=PhaseKind.PREPARATION)
    second = timedelta(seconds=1)
    assert state_of(phase, phase.opens - second) is PhaseState.AHEAD
    assert state_of(phase, phase.opens) is PhaseState.OPEN
    assert state_of(phase, phase.closes - second) is PhaseState.OPEN
    assert state_of(phase, phase.closes) is PhaseState.OVER
    assert require_open(year, PhaseKind.PREPARATION, at=phase.closes - second) == phase
    with pytest.raises(ClosedPhaseError, match="截止"):
        require_open(year, PhaseKind.PREPARATION, at=phase.closes)


def test_a_phase_that_needs_something_is_held_up_and_says_what(make_year: Any, monkeypatch: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    monkeypatch.setitem(cycle._needs, "preparation", [lambda _year: "领导小组还没有成立"])
    with pytest.raises(ClosedPhaseError, match="领导小组还没有成立"):
        require_open(year, PhaseKind.PREPARATION)


def test_an_archived_year_is_only_read(make_year: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    RotationYear.objects.filter(pk=year.pk).update(archived_at=timezone.now())
    year.refresh_from_db()
    with pytest.raises(ClosedPhaseError, match="归档"):
        require_open(year, PhaseKind.PREPARATION)
    with pytest.raises(RefusedError, match="归档"):
        phase = year.phases.first()
        actions.move_phase(phase, opens=phase.opens, closes=phase.closes + timedelta(1), reason="x", by=year.created_by)


def test_there_is_one_year_of_each_audience_in_a_county(make_year: Any) -> None:
    make_year()
    with pytest.raises(RefusedError, match="已经建立"):
        make_year()
    assert make_year(audience="cadres").audience == "cadres"


def test_a_pack_with_faults_is_refused_with_the_place(cast: Any) -> None:
    setting = actions.Setting(
        year=2026, pack="identity: [1]", on=date(2026, 8, 31), starts=date(2026, 9, 1), ends=date(2027, 8, 31)
    )
    with pytest.raises(RefusedError, match="政策包有误"):
        actions.set_up(cast.county, setting, {}, by=None)
    assert not RotationYear.objects.exists()


def test_the_pack_is_kept_as_it_was(make_year: Any) -> None:
    year = make_year()
    assert actions.pack_of(year).code == "YUNLING"
    assert actions.shipped("YUNLING") == year.pack_source


# --- turning --------------------------------------------------------------------------------------------------------


def test_what_hangs_on_a_turn_is_done_once_by_the_worker(make_year: Any, monkeypatch: Any) -> None:
    done: list[str] = []
    monkeypatch.setitem(cycle._steps, ("preparation", "opened"), [lambda phase: done.append(phase.kind)])
    year = make_year(PhaseKind.PREPARATION)
    phase = year.phases.get(kind=PhaseKind.PREPARATION)
    Job.objects.all().delete()
    Phase.objects.filter(pk=phase.pk).update(opens=timezone.now() - timedelta(hours=1))
    phase.refresh_from_db()
    turning.ask_for_turns(phase)
    turning.ask_for_turns(phase)
    run_due()
    run_due()
    assert done == ["preparation"]
    assert AuditEvent.objects.filter(action="rotation.phase.opened").count() == 1
    assert not turning.turn_now(phase, Turn.OPENED)


def test_a_year_turns_by_itself_at_the_moments_with_which_it_was_set_up_or_moved(cast: Any) -> None:
    setting = actions.Setting(
        year=2026, pack=actions.shipped("YUNLING"), on=date(2026, 8, 31), starts=date(2026, 9, 1),
        ends=date(2027, 8, 31),
    )  # fmt: skip
    today = timezone.localdate()
    days = (today, today + timedelta(days=3))
    year = actions.set_up(
        cast.county, setting, {PhaseKind.PREPARATION: days, PhaseKind.CONFIRMATION: days}, by=cast.users["bureau_clerk"]
    )
    later = timezone.localtime() + timedelta(days=1)
    moved = year.phases.get(kind=PhaseKind.CONFIRMATION)
    actions.move_phase(
        moved, opens=timezone.localtime() - timedelta(hours=1), closes=later, reason="提前",
        by=cast.users["section_head"],
    )  # fmt: skip
    run_due()
    turned = PhaseTurn.objects.filter(phase__year=year)
    assert set(turned.values_list("phase__kind", "turn")) == {("preparation", "opened"), ("confirmation", "opened")}


def test_a_turn_of_dates_that_were_changed_does_nothing(make_year: Any, cast: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    phase = year.phases.get(kind=PhaseKind.PREPARATION)
    Job.objects.all().delete()
    Phase.objects.filter(pk=phase.pk).update(closes=timezone.now() - timedelta(minutes=1))
    phase.refresh_from_db()
    turning.ask_for_turns(phase)
    actions.move_phase(
        phase, opens=phase.opens, closes=timezone.now() + timedelta(days=2), reason="学校要求延期",
        by=cast.users["section_head"],
    )  # fmt: skip
    run_due()
    assert not PhaseTurn.objects.filter(turn=Turn.CLOSED).exists()
    assert PhaseTurn.objects.filter(turn=Turn.OPENED).count() == 1


def test_a_turn_and_what_hangs_on_it_happen_together_or_not_at_all(make_year: Any, monkeypatch: Any) -> None:
    def fails(_phase: Phase) -> None:
        raise ZeroDivisionError

    year = make_year(PhaseKind.PREPARATION)
    monkeypatch.setitem(cycle._steps, ("preparation", "opened"), [fails])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        turning.turn_now(year.phases.get(kind=PhaseKind.PREPARATION), Turn.OPENED)
    assert not PhaseTurn.objects.exists()


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_clerk_sets_a_year_up_in_the_page(cast: Any) -> None:
    client = cast.client("bureau_clerk")
    given = {
        "county": cast.county.pk, "year": 2026, "audience": "teachers", "pack": "YUNLING", "on": "2026-08-31",
        "first": "2026-03-02", "starts": "2026-09-01", "ends": "2027-08-31", "wishes_allowed": 3,
    }  # fmt: skip
    refused = client.post("/rotation/new/", given | {"ends": "2026-08-01"})
    assert refused.status_code == 422
    assert "2026-03-02" in refused.content.decode()
    elsewhen = client.post("/rotation/new/", given | {"year": 2027})
    assert elsewhen.status_code == 422
    assert "应在 2027-07-01 至 2028-06-30 之间" in elsewhen.content.decode(), "a year's service begins in it"
    answer = client.post("/rotation/new/", given, follow=True)
    year = RotationYear.objects.get()
    assert answer.redirect_chain[-1][0] == year.get_absolute_url()
    assert year.phases.count() == len(PhaseKind)
    assert "2026—2027学年" in answer.content.decode()
    again = client.post("/rotation/new/", given)
    assert "已经建立" in again.content.decode()
    RotationYear.objects.filter(pk=year.pk).update(year=2090)
    offered = client.get("/rotation/new/").content.decode()
    assert 'value="2091"' in offered and 'value="2091-09-01"' in offered, "a year that there is is not offered again"
    assert f'<option value="{year.pk}" selected>' in offered


@pytest.mark.covers("R-156")
def test_the_leading_group_follows_a_year_without_people(cast: Any, make_year: Any, judge: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    judge(year, "alice", "must")
    client = cast.client("leading_group")
    assert str(year) in client.get("/rotation/").content.decode()
    pages = ("year", "pack", "bodies", "meetings", "quotas", "needs", "papers", "open_posts")
    for name in pages:
        answer = client.get(reverse(f"rotation:{name}", args=(year.pk,)))
        assert answer.status_code == 200, name
        assert str(cast.teachers["alice"]) not in answer.content.decode(), name
    assert cast.yucai.name in client.get(year.get_absolute_url()).content.decode(), "which schools are behind"
    for name in ("confirmations", "verdicts", "applications", "placements", "orders", "body_new", "parameters"):
        assert client.get(reverse(f"rotation:{name}", args=(year.pk,))).status_code == 403, name
    elsewhere = make_year(PhaseKind.PREPARATION, county=cast.other_county)
    assert client.get(elsewhere.get_absolute_url()).status_code == 404


def test_a_page_of_the_year_leads_back_to_what_is_above_it(cast: Any, make_year: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    client, own = cast.client("bureau_clerk"), year.get_absolute_url()

    def above(address: str) -> list[str]:
        return [each["url"] for each in client.get(address).context["crumbs"]]

    assert above(own) == ["/rotation/"]
    assert above(f"{own}meetings/") == ["/rotation/", own]
    assert above(f"{own}meetings/new/") == ["/rotation/", own, f"{own}meetings/"]
    assert above(f"{own}phases/applications/") == ["/rotation/", own]


def test_an_office_sees_its_year_in_figures_and_a_teacher_the_way_to_his_own(
    cast: Any, make_year: Any, judge: Any
) -> None:
    year = make_year(PhaseKind.APPLICATIONS)
    judge(year, "alice", "must")
    judge(year, "bob", "may")
    of_office = cast.client("bureau_clerk").get(year.get_absolute_url()).context
    assert [each["value"] for each in of_office["glance"]] == [1, 0, 0, 0]
    assert "1" in of_office["glance"][0]["badge"]
    of_teacher = cast.client("teacher").get(year.get_absolute_url()).context
    assert of_teacher["glance"] == []
    assert [each["url"] for each in of_teacher["buttons"]] == [year.own_url]


def everything_of_a_year(year: RotationYear, school: Any, other: Any, people: list[Any], by: Any) -> None:
    """For each teacher a placement from one school to the other, with a report of last month."""
    for each in people:
        held = Placement.objects.create(
            year=year, teacher=each, from_school=school, to_school=other, stage="junior", subject="maths",
            start=year.starts, end=year.ends, status="serving", reported_on=year.starts,
        )  # fmt: skip
        MonthlyReport.objects.create(
            year=year, placement=held, school=other, month=date(2026, 9, 1), submitted_at=timezone.now(),
            submitted_by=by,
        )  # fmt: skip


def test_the_page_of_a_year_asks_as_little_of_a_large_county_as_of_a_small_one(
    cast: Any, make_year: Any, judge: Any, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    made = make_year(*PhaseKind)
    for who in ("alice", "bob"):
        judge(made, who, "must")
    now = datetime(2026, 10, 20, tzinfo=SHANGHAI)
    monkeypatch.setattr(timezone, "now", lambda: now)
    Phase.objects.filter(year=made).update(opens=now - timedelta(days=40), closes=now + timedelta(days=40))
    client, url = cast.client("bureau_clerk"), made.get_absolute_url()
    everything_of_a_year(made, cast.yucai, cast.hedong, [cast.teachers["alice"]], cast.users["teacher"])
    client.get(url)
    with CaptureQueriesContext(connection) as small:
        first = client.get(url).content.decode()
    assert "2026-09 月报" in first
    assert len(small) <= 14
    schools = [
        Organisation.objects.create(
            kind="school", code=f"X{place}", name=f"新增学校{place}", county=cast.county, parent=cast.cluster
        )
        for place in range(6)
    ]
    people = [Teacher.objects.create(county=cast.county, number=f"N{place}") for place in range(30)]
    everything_of_a_year(made, schools[0], schools[1], people, cast.users["teacher"])
    with django_assert_num_queries(len(small)):
        later = client.get(url).content.decode()
    assert "1 / 2" in first
    assert "31 / 33" in later


def test_a_page_cites_a_clause_without_the_mark_of_its_source(make_year: Any) -> None:
    labels = {each.label for each in actions.pack_of(make_year(pack="XX")).clauses.values()}
    assert "六.8" in labels
    assert not [each for each in labels if "S0-9" in each]


def test_parameters_read_in_words_with_their_unit() -> None:
    assert plainly("half_up", "zh") == "四舍五入"
    assert plainly({"M": 50, "F": 45}, "zh") == "男 50、女 45"
    assert plainly(["personal_wish", "unwilling"], "zh") == "个人意愿、不愿交流"
    assert (unit_of("persons", "en", 1), unit_of("persons", "en", 2)) == (" person", " persons")
    assert (unit_of("percent", "en", 5), unit_of("years", "zh", 5)) == ("%", "年")


def test_a_composed_title_is_in_the_readers_language_and_a_typed_one_as_it_was_typed(cast: Any, make_year: Any) -> None:
    with translation.override("en"):
        made = make_year()
    assert made.title == "2026—2027学年教师交流轮岗"
    typed = make_year(county=cast.other_county, title="Our own year 2026")
    for language, composed in (("zh-hans", made.title), ("en", "Rotation of Teachers, school year 2026–2027")):
        with translation.override(language):
            assert (str(made), str(typed)) == (composed, "Our own year 2026")
    client = cast.client("bureau_clerk")
    client.cookies["django_language"] = "en"
    for url in (reverse("rotation:years"), made.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "Rotation of Teachers, school year 2026–2027" in page
        assert made.title not in page


def test_what_is_kept_of_a_year_stays_in_one_language(make_year: Any, judge: Any, cast: Any) -> None:
    made = make_year(PhaseKind.CONFIRMATION)
    with translation.override("en"):
        cycle.steps_of(made.phases.get(kind=PhaseKind.APPLICATIONS), Turn.CLOSED)[0](
            made.phases.get(kind=PhaseKind.APPLICATIONS)
        )
    told = Notification.objects.filter(kind="rotation.applications.turned")
    assert {each.values["year"] for each in told} == {made.title}


def test_dates_are_moved_with_a_reason_that_all_can_read(cast: Any, make_year: Any) -> None:
    year = make_year(PhaseKind.PREPARATION)
    client = cast.client("bureau_clerk")
    address = f"{year.get_absolute_url()}phases/applications/"
    given = {"opens": "2026-05-06T00:00", "closes": "2026-05-16T00:00", "reason": ""}
    assert client.post(address, given).status_code == 422
    client.post(address, given | {"reason": "中考占用考场"})
    assert "中考占用考场" in cast.client("teacher").get(year.get_absolute_url()).content.decode()
    assert cast.client("school_clerk").get(address).status_code == 403
    assert cast.client("clerk_of_other_county").get(year.get_absolute_url()).status_code == 404


@pytest.mark.covers("R-178", "R-179")
@pytest.mark.parametrize("who", ["principal", "school_clerk", "cluster_head", "teacher"])
def test_nobody_but_the_authority_settles_where_anybody_goes(cast: Any, make_year: Any, who: str) -> None:
    year, client = make_year(PhaseKind.PLANNING), cast.client(who)
    for name in ("scenario_new", "pin_new", "order_new"):
        at = reverse(f"rotation:{name}", args=(year.pk,))
        assert (client.get(at).status_code, client.post(at, {}).status_code) == (403, 403), name
        assert cast.client("section_head").get(at).status_code == 200, name
