"""Which day what happens on: three years of the county, counted from the day on which the demo is made.

Service of the present year began at the beginning of the month before last, so that there are months to report and
months still to come. The year that is over began two years earlier. The year in planning follows on the present one;
its phases overlap, as when applications are open once more for those who missed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from junheng.facts import Role
from junheng.facts.calendar import add_months
from junheng.web.reporting.demo.clock import Play, moment
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years import asking, beginning, deciding, ending, leading, serving, studying
from junheng.web.reporting.demo.years.programme import Company, Programme
from junheng.web.rotation import chasing
from junheng.web.rotation.actions import ordering, reporting
from junheng.web.rotation.actions.years import Setting, move_phase, proposed_dates, shipped
from junheng.web.rotation.models import CautionKind, Level, Order, Phase, PhaseKind, PlacementStatus
from junheng.web.rotation.workdays import end_of, start_of

PACK, PACK_IN_SERVICE = "YUNLING", "XX"
BEFORE = 130
"""Days before service on which a year is set up."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the three years: ``today`` is that of the demo, ``since`` the first day of the present service."""

    today: date

    @property
    def since(self) -> date:
        """The first day of the service that runs."""
        return add_months(self.today.replace(day=1), -2)

    @property
    def finished_since(self) -> date:
        """The first day of the service that is over."""
        return add_months(self.since, -24)

    @property
    def next_since(self) -> date:
        """The first day of the service that is planned."""
        return add_months(self.since, 12)

    @property
    def beginning(self) -> date:
        """The day on which everything begins: facts are known from then on."""
        return self.finished_since - timedelta(days=BEFORE + 20)

    def ago(self, days: int) -> date:
        """So many days before today."""
        return self.today - timedelta(days=days)


def play_years(play: Play, company: Company, days: Days, *, large: bool) -> None:
    """Puts the scenes of all three years into the play. ``large``: in a whole county the years past move few."""
    finished = _programme("finished", company, days.finished_since, large=large)
    _until_orders(play, finished)
    _first_days(play, finished)
    _a_whole_year(play, finished)
    _end(play, finished)
    present = _programme("present", company, days.since, large=large)
    _until_orders(play, present, leave=2)
    _first_days(play, present, late=1)
    _months_so_far(play, present, days)
    _changes(play, present, days)
    _second_order(play, present, days)
    _planning(play, _next(company, days, previous=present), days)


def _programme(key: str, company: Company, starts: date, *, large: bool) -> Programme:
    """A year that goes by the usual dates."""
    ends = add_months(starts, 12) - timedelta(days=1)
    finished = key == "finished"
    values: tuple[str, ...] = ("backbone_share=0", "batch_years=40") if finished else ("quota_min=0",)
    nobody_must = {"supervisory_rate": "0", "supervisory_min": "0"}
    ways: tuple[dict[str, str], ...] = ({}, nobody_must, nobody_must | {"quota_rate": "2"})
    if finished:
        ways = ({}, {"rural_share": "0"}, {"rural_share": "0", "stage_share": "1"})
    if large:
        values = (*values, *(("stage_share=1",) if finished else ("quota_rate=1",)))
    setting = Setting(
        year=starts.year, pack=shipped(PACK if finished else PACK_IN_SERVICE), on=starts - timedelta(days=1),
        starts=starts, ends=ends,
    )  # fmt: skip
    dates = proposed_dates(company.county, starts - timedelta(days=BEFORE), starts, ends)
    return Programme(key, company, setting, dates, applicants=10, values=values, ways=ways)


def _until_orders(play: Play, programme: Programme, *, leave: int = 0) -> None:
    """From the set-up to the orders, each in its phase; so many placements are left for a second order."""
    first, last = programme.first, programme.last
    play.at(first(PhaseKind.PREPARATION, 8), lambda: beginning.start(programme))
    play.at(first(PhaseKind.PREPARATION, 10), lambda: beginning.prepare(programme))
    play.at(first(PhaseKind.CONFIRMATION, 10), lambda: beginning.confirm(programme))
    play.at(first(PhaseKind.ELIGIBILITY, 9), lambda: beginning.freeze(programme))
    play.at(first(PhaseKind.ELIGIBILITY, 14), lambda: beginning.appeal(programme))
    play.at(first(PhaseKind.APPLICATIONS, 10), lambda: asking.apply(programme))
    play.at(last(PhaseKind.APPLICATIONS, 10), lambda: asking.ask_for_relief(programme, decided=True))
    play.at(first(PhaseKind.NOMINATIONS, 10), lambda: asking.opine(programme))
    play.at(last(PhaseKind.NOMINATIONS, 15), lambda: asking.sign(programme))
    play.at(first(PhaseKind.REVIEW, 10), lambda: asking.review(programme, Level.CLUSTER))
    play.at(last(PhaseKind.REVIEW, 10), lambda: asking.review(programme, Level.BUREAU))
    play.at(first(PhaseKind.PLANNING, 9), lambda: deciding.keep_who_leaves(programme))
    play.at(first(PhaseKind.PLANNING, 10), lambda: deciding.compute(programme))
    play.at(last(PhaseKind.PLANNING, 15), lambda: deciding.propose(programme))
    play.at(first(PhaseKind.NOTICE, 9), lambda: deciding.publish(programme))
    play.at(first(PhaseKind.NOTICE, 15), lambda: deciding.object_to(programme))
    play.at(last(PhaseKind.NOTICE, 9), lambda: deciding.investigate(programme))
    play.at(last(PhaseKind.OBJECTIONS, 9), lambda: deciding.answer(programme))
    play.at(last(PhaseKind.OBJECTIONS, 15), lambda: deciding.adopt(programme))
    report_by = programme.dates[PhaseKind.REPORTING][1]
    play.at(
        first(PhaseKind.ORDERS, 10),
        lambda: deciding.order(programme, serial=21, leave=leave, report_by=report_by),
    )
    play.at(last(PhaseKind.ORDERS, 10), lambda: deciding.see_off(programme, but=1 if leave else 0))


def _first_days(play: Play, programme: Programme, *, late: int = 0) -> None:
    """People come; a few come late. Then they get their tasks."""
    starts, report_by = programme.setting.starts, programme.dates[PhaseKind.REPORTING][1]
    play.at(moment(starts, 10), lambda: serving.arrive(programme, late=late))
    play.at(moment(report_by + timedelta(days=2), 2), lambda: chasing.chase(timezone.localdate()))
    play.at(moment(report_by + timedelta(days=4), 10), lambda: serving.arrive(programme))
    play.at(moment(report_by + timedelta(days=5), 10), lambda: serving.lay_out(programme))


def _months(first: date, last: date) -> list[date]:
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = add_months(month, 1)
    return found


def _a_whole_year(play: Play, programme: Programme) -> None:
    """Twelve months of service, each with its log, attendance, reports and allowance."""
    starts, ends = programme.setting.starts, programme.setting.ends
    months = _months(starts, ends)
    for place, month in enumerate(months):
        end = add_months(month, 1) - timedelta(days=1)
        slow = (0,) if place == 3 else ()
        play.at(moment(end, 15), partial(serving.live_through, programme, month))
        play.at(moment(end, 17), partial(serving.pay, programme, month))
        play.at(moment(end, 18), partial(serving.report_month, programme, month, slow=slow))
        if place in {2, 7}:
            play.at(moment(month + timedelta(days=19), 10), lambda: serving.visit(programme))
        if place in {3, 6, 9, 11}:
            play.at(moment(month + timedelta(days=24), 10), lambda: serving.judge(programme))
    play.at(moment(add_months(starts, 1), 10), lambda: serving.have_problems(programme, settled=True))
    play.at(moment(add_months(starts, 3), 10), lambda: serving.take_leave(programme, timezone.localdate()))
    play.at(moment(add_months(starts, 4), 10), partial(serving.share, programme, months[3], held=True))
    play.at(moment(add_months(starts, 8), 10), lambda: serving.come_back_early(programme))
    for days in (60, 30, 7):
        play.at(moment(ends - timedelta(days=days), 1.5), serving.watch)


def _end(play: Play, programme: Programme) -> None:
    """The service ends, is appraised, certified and archived."""
    first, last = programme.first, programme.last
    play.at(moment(programme.setting.ends - timedelta(days=3), 10), lambda: ending.sum_up(programme))
    play.at(moment(programme.setting.ends + timedelta(days=1), 1.5), serving.watch)
    play.at(first(PhaseKind.ASSESSMENT, 10), lambda: ending.propose(programme))
    play.at(first(PhaseKind.ASSESSMENT, 16), lambda: ending.object_to(programme))
    play.at(last(PhaseKind.ASSESSMENT, 10), lambda: ending.sign(programme))
    play.at(first(PhaseKind.ARCHIVE, 10), lambda: ending.audit(programme))
    play.at(first(PhaseKind.ARCHIVE, 14), lambda: ending.certify(programme))
    play.at(last(PhaseKind.ARCHIVE, 10), lambda: ending.close(programme))


# --- the year in service ----------------------------------------------------------------------------------------------


def _months_so_far(play: Play, programme: Programme, days: Days) -> None:
    """Months that are over, with the last reports still on their way, and the month that runs."""
    months = _months(programme.setting.starts, days.today)
    for month in months[:-2]:
        end = add_months(month, 1) - timedelta(days=1)
        play.at(moment(end, 15), partial(serving.live_through, programme, month))
        play.at(moment(end, 17), partial(serving.pay, programme, month))
        play.at(moment(end, 18), partial(serving.report_month, programme, month))
    for month in months[-2:-1]:
        end = add_months(month, 1) - timedelta(days=1)
        play.at(moment(end, 15), partial(serving.live_through, programme, month))
        play.at(moment(end, 17), partial(serving.pay, programme, month, paid=False))
        play.at(moment(end, 18), partial(serving.report_month, programme, month, slow=(1, 2), received=False))
        play.at(moment(end + timedelta(days=1), 0.5), partial(serving.return_one, programme, month))
    play.at(moment(days.today, 0.6), partial(serving.live_through, programme, months[-1], until=days.today))
    play.at(moment(add_months(programme.setting.starts, 1), 10), lambda: serving.visit(programme))
    play.at(moment(days.ago(26), 10), lambda: serving.have_problems(programme, settled=False))
    play.at(moment(days.ago(20), 10), partial(serving.share, programme, months[0], held=False))
    play.at(moment(days.ago(15), 10), lambda: serving.take_leave(programme, timezone.localdate()))
    play.at(moment(days.ago(6), 1.5), serving.watch)


def _changes(play: Play, programme: Programme, days: Days) -> None:
    """An order changed to one term, so that its end comes near; an early return; a stay asked for."""
    starts = programme.setting.starts

    def one_term() -> None:
        for each in serving.serve(programme)[2:3]:
            end, reason = days.today + timedelta(days=25), word("service", "one_term")
            ordering.change(each, {"end": end}, reason=reason, number=programme.number(23), by=programme.company.head)

    def before_it_begins() -> None:
        for each in programme.placements(PlacementStatus.ORDERED)[-1:]:
            ordering.revoke(each, reason=word("service", "revoked_order"), number=programme.number(22),
                            by=programme.company.head)  # fmt: skip

    play.at(programme.last(PhaseKind.ORDERS, 15), before_it_begins)
    report_by = programme.dates[PhaseKind.REPORTING][1]
    play.at(moment(max(starts, report_by) + timedelta(days=6), 10), one_term)
    play.at(moment(days.ago(12), 10), lambda: serving.come_back_early(programme))
    play.at(moment(days.ago(4), 10), lambda: serving.ask_to_stay(programme, add_months(programme.setting.ends, 6)))


def _second_order(play: Play, programme: Programme, days: Days) -> None:
    """A second order, for which the phase was made longer: one comes late, another has not come yet."""
    starts, report_by = days.ago(18), days.ago(13)

    def longer() -> None:
        phase = Phase.objects.get(year=programme.year, kind=PhaseKind.ORDERS)
        reason = word("rotation", "longer_orders")
        move_phase(phase, opens=phase.opens, closes=end_of(days.ago(20)), reason=reason, by=programme.company.head)

    def ordered() -> None:
        for each in deciding.order(programme, serial=31, report_by=report_by):
            reason = word("service", "begins_later")
            ordering.change(each, {"start": starts}, reason=reason, by=programme.company.head)

    def cautioned() -> None:
        for order in Order.objects.filter(year=programme.year, batch=2):
            for line in order.lines.select_related("placement"):
                if line.placement.reported_on is None:
                    made = reporting.draft_caution(line.placement, CautionKind.ADMONITION, by=programme.company.clerk)
                    reporting.issue_caution(made, number=programme.number(35), by=programme.company.head)

    play.at(moment(days.ago(34), 10), longer)
    play.at(moment(days.ago(28), 10), ordered)
    play.at(moment(days.ago(27), 10), lambda: deciding.see_off(programme))
    play.at(moment(days.ago(11), 2), lambda: chasing.chase(timezone.localdate()))
    play.at(moment(days.ago(10), 10), lambda: serving.arrive(programme, late=1, batch=2))
    play.at(moment(days.ago(3), 10), cautioned)


# --- the year in planning ---------------------------------------------------------------------------------------------


def _next(company: Company, days: Days, *, previous: Programme) -> Programme:
    """The year in planning, its phases counted from today."""
    starts = days.next_since
    ends = add_months(starts, 12) - timedelta(days=1)
    usual = proposed_dates(company.county, starts - timedelta(days=BEFORE), starts, ends)
    span = {
        PhaseKind.PREPARATION: (75, 62), PhaseKind.CONFIRMATION: (60, 53), PhaseKind.ELIGIBILITY: (50, 44),
        PhaseKind.APPLICATIONS: (42, 34), PhaseKind.NOMINATIONS: (32, 24), PhaseKind.REVIEW: (22, 13),
        PhaseKind.PLANNING: (11, -14), PhaseKind.NOTICE: (-17, -24), PhaseKind.OBJECTIONS: (-17, -34),
        PhaseKind.ORDERS: (-36, -42),
    }  # fmt: skip
    dates = {kind: usual[kind] for kind in PhaseKind}
    dates |= {kind: (days.ago(first), days.ago(last)) for kind, (first, last) in span.items()}
    setting = Setting(
        year=starts.year, pack=shipped(PACK), on=starts - timedelta(days=1), starts=starts, ends=ends
    )  # fmt: skip
    ways: tuple[dict[str, str], ...] = (
        {}, {"backbone_share": "0"}, {"backbone_share": "0", "mechanism": "da", "name": "scenario_wishes"},
        {"backbone_share": "0", "batch_years": "40"}, {"backbone_share": "0", "batch_years": "40", "rural_share": "0"},
    )  # fmt: skip
    return Programme("next", company, setting, dates, applicants=14, ways=ways, previous=previous)


def _planning(play: Play, programme: Programme, days: Days) -> None:
    """Applications in, most of them decided, some waiting at each office; scenarios, one of them proposed."""
    first, schools = programme.first, programme.company.cast.schools

    def once_more() -> None:
        for kind, until in ((PhaseKind.APPLICATIONS, -4), (PhaseKind.NOMINATIONS, -8), (PhaseKind.REVIEW, -10)):
            phase = Phase.objects.get(year=programme.year, kind=kind)
            closes, reason = end_of(days.ago(until)), word("rotation", "once_more")
            move_phase(phase, opens=start_of(programme.dates[kind][0]), closes=closes, reason=reason,
                       by=programme.company.head)  # fmt: skip

    play.at(first(PhaseKind.PREPARATION, 8), lambda: beginning.start(programme))
    play.at(first(PhaseKind.PREPARATION, 10), lambda: beginning.prepare(programme))
    play.at(first(PhaseKind.CONFIRMATION, 10), lambda: beginning.confirm(programme))
    play.at(first(PhaseKind.ELIGIBILITY, 9), lambda: beginning.freeze(programme))
    play.at(first(PhaseKind.ELIGIBILITY, 14), lambda: beginning.appeal(programme))
    play.at(first(PhaseKind.APPLICATIONS, 10), lambda: asking.apply(programme))
    play.at(first(PhaseKind.APPLICATIONS, 15), lambda: asking.ask_for_relief(programme, decided=True))
    play.at(moment(days.ago(35), 10), once_more)
    play.at(first(PhaseKind.NOMINATIONS, 10), lambda: asking.opine(programme))
    play.at(moment(days.ago(24), 15), lambda: asking.sign(programme))
    play.at(first(PhaseKind.REVIEW, 10), lambda: asking.review(programme, Level.CLUSTER, leave=2))
    play.at(moment(days.ago(14), 10), lambda: asking.review(programme, Level.BUREAU, leave=2))
    play.at(first(PhaseKind.PLANNING, 9), lambda: deciding.pin(programme))
    play.at(moment(days.ago(9), 10), lambda: deciding.compute(programme, every=True))
    play.at(moment(days.ago(9), 14), lambda: _third_by_hand(programme))
    play.at(moment(days.ago(9), 15), lambda: asking.nominate(programme, schools[0]))
    play.at(moment(days.ago(9), 16), lambda: asking.opine(programme, turned_down=0))
    play.at(moment(days.ago(2), 10), lambda: asking.sign(programme, but=schools))
    play.at(moment(days.ago(1), 10), lambda: deciding.propose(programme))
    play.at(moment(days.ago(1), 11), lambda: deciding.draft_notice(programme))
    play.at(moment(days.ago(1), 14), lambda: asking.apply_late(programme, 2))
    play.at(moment(days.ago(1), 15), lambda: asking.ask_for_relief(programme, decided=False))
    play.at(moment(days.ago(1), 16), lambda: asking.give_more_time(programme))
    _leaders(play, programme, days)


def _leaders(play: Play, programme: Programme, days: Days) -> None:
    """Terms and the reserve; one post filled by open selection, one open now; a temporary post, an exchange."""
    first, schools = programme.first, programme.company.cast.schools
    vice, dean = Role.VICE_PRINCIPAL, Role.DEAN
    begins = first(PhaseKind.PREPARATION, 14)
    play.at(begins, lambda: leading.enter_terms(programme))
    play.at(begins, lambda: leading.fill_reserve(programme))
    play.at(begins, lambda: studying.fill_register(programme))
    play.at(begins, lambda: leading.offer(programme, role=vice, school=schools[-1], apply_by=days.ago(45)))
    play.at(moment(days.ago(47), 10), lambda: leading.apply(programme, role=vice, people=3, withdrawn=True))
    play.at(first(PhaseKind.APPLICATIONS, 16), lambda: leading.offer(
        programme, role=dean, school=schools[-2], apply_by=days.ago(-6)
    ))  # fmt: skip
    play.at(moment(days.ago(30), 10), lambda: leading.review(programme))
    play.at(moment(days.ago(18), 10), lambda: leading.propose(programme))
    play.at(moment(days.ago(17), 10), lambda: leading.exchange(programme))
    play.at(moment(days.ago(2), 11), lambda: leading.apply(programme, role=dean, people=2))


def _third_by_hand(programme: Programme) -> None:
    found = deciding.ready(programme)
    if len(found) > 1:
        deciding.change_by_hand(programme, found[-1])
