"""Applications: handed in, seen by the school, decided by cluster and bureau, each office in its phase."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from junheng.web.directory.models import Organisation
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation.actions import asking, reliefs, reviewing, schooling
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Deliberation,
    Ground,
    Level,
    Placement,
    PlacementStatus,
    Recommendation,
    Relief,
    ReliefKind,
    ReviewOutcome,
    SchoolNotice,
    Verdict,
)
from junheng.web.rotation.reviewing import level_of
from junheng.web.rotation.wishing import settings_of, wishable
from junheng.web.staffing.refusal import RefusedError

_WISHES = 2
AWAY = (PlacementStatus.PLANNED, PlacementStatus.ORDERED, PlacementStatus.SERVING)
NOTICE_DAYS = 3
_FEW = 3


def candidates(programme: Programme) -> list[Verdict]:
    """Those who may or must move, are not away now, and have not applied."""
    found = Verdict.objects.filter(year=programme.year, current=True).exclude(standing="no")
    away = Placement.objects.filter(status__in=AWAY).values("teacher")
    asked = Application.objects.filter(year=programme.year).values("teacher")
    reliefs_ = Relief.objects.filter(year=programme.year).values("teacher")
    rows = found.exclude(teacher__in=away).exclude(teacher__in=asked).exclude(teacher__in=reliefs_)
    rows = rows.select_related("teacher__user", "teacher__county", "school").order_by("teacher__number")
    return [each for each in rows if programme.company.remains(each.teacher, leads=False)]


def apply(programme: Programme) -> None:
    """As many as the programme says hand in their wishes, some of them of the first school; one takes it back."""
    found = candidates(programme)
    first = [each for each in found if each.school == programme.company.cast.schools[0]][:3]
    rest = [each for each in found if each not in first]
    chosen = [*first, *programme.dice.sample(rest, min(len(rest), max(0, programme.applicants - len(first))))]
    made = [each for verdict in chosen if (each := _hand_in(programme, verdict)) is not None]
    if len(made) > _FEW:
        by = programme.company.teacher(made[-1].teacher)
        asking.withdraw(made[-1], at=timezone.now(), by=by)


def apply_late(programme: Programme, count: int) -> None:
    """A few more hand in."""
    for verdict in candidates(programme)[:count]:
        _hand_in(programme, verdict)


def _hand_in(programme: Programme, verdict: Verdict) -> Application | None:
    schools = [each.school for each in wishable(programme.year, verdict.teacher) if not each.why_not]
    wishes = programme.dice.sample(schools, min(_WISHES, len(schools)))
    asked = asking.Asked(wishes, reason=programme.one_of("reasons"))
    account = programme.company.teacher(verdict.teacher)
    key = programme.uuid("application", verdict.teacher.number)
    try:
        return asking.hand_in(programme.year, verdict.teacher, asked, key=key, at=timezone.now(), by=account)
    except RefusedError:
        return None


def ask_for_relief(programme: Programme, *, decided: bool) -> None:
    """Somebody asks to be deferred; the bureau agrees, or has it still before it."""
    found = candidates(programme)
    if not found:
        return
    verdict, now = found[-1], timezone.now()
    account = programme.company.teacher(verdict.teacher)
    made = reliefs.request_relief(
        programme.year, verdict.teacher, kind=ReliefKind.DEFERRAL, ground=Ground.FAMILY,
        ground_text=word("rotation", "relief"), key=programme.uuid("relief", verdict.teacher.number), at=now,
        by=account,
    )  # fmt: skip
    if decided:
        since, until = reliefs.proposed_span(programme.year)
        reliefs.grant(
            made, clause=word("rotation", "relief_clause"), opinion=word("rotation", "relief_answer"), since=since,
            until=until, by=programme.company.head, at=now,
        )  # fmt: skip


def _schools(programme: Programme) -> dict[Organisation, list[Application]]:
    """What waits at schools, by school in the bureau's order."""
    rows = Application.objects.filter(year=programme.year, status=ApplicationStatus.SUBMITTED)
    found: dict[Organisation, list[Application]] = {}
    related = ("school__county", "school__parent", "teacher__user", "year__county")
    for each in rows.select_related(*related).order_by("school__position", "school__code", "teacher__number"):
        found.setdefault(each.school, []).append(each)
    return found


def opine(programme: Programme, *, turned_down: int = 1) -> None:
    """Every school says what it thinks, discusses it, and posts its notice; the last few are not recommended."""
    now, year = timezone.now(), programme.year
    waiting = _schools(programme)
    every = [each for rows in waiting.values() for each in rows]
    refused = set(every[-turned_down:]) if turned_down and len(every) > 2 * turned_down else set()
    for school, rows in waiting.items():
        clerk = programme.company.school_clerk(school)
        for each in rows:
            yes = each not in refused
            said = schooling.Said(
                qualified=True, finding=word("rotation", "finding"),
                recommends=Recommendation.YES if yes else Recommendation.NO,
                opinion=word("rotation", "opinion" if yes else "opinion_no"),
            )  # fmt: skip
            try:
                schooling.give_opinion(each, said, at=now, by=clerk)
            except RefusedError:
                schooling.send_back(each, opinion=word("rotation", "returned"), at=now, by=clerk)
        if not Deliberation.objects.filter(year=year, organisation=school).exists():
            schooling.keep_minutes(
                year, school, title=word("rotation", "discussion"), held_on=timezone.localdate(),
                present_were=word("rotation", "present"), minutes=word("rotation", "discussed"), by=clerk, at=now,
            )  # fmt: skip
        if any(each not in refused for each in rows):
            schooling.post_notice(
                year, school, posted_on=timezone.localdate(), days=NOTICE_DAYS, place=word("rotation", "board"),
                by=clerk, at=now,
            )  # fmt: skip


def sign(programme: Programme, *, but: Sequence[Organisation] = ()) -> None:
    """Notices that are over are closed, and principals sign; those of the named schools have not yet."""
    now, year = timezone.now(), programme.year
    for notice in SchoolNotice.objects.filter(year=year, closed_at__isnull=True).select_related("organisation"):
        clerk = programme.company.school_clerk(notice.organisation)
        schooling.close_notice(notice, objected=False, outcome="", by=clerk, at=now)
    for school in _schools(programme):
        if school not in but:
            by = programme.company.principal(school)
            try:
                schooling.sign(year, school, declaration=word("rotation", "declaration"), at=now, by=by)
            except RefusedError:
                continue


def give_more_time(programme: Programme) -> None:
    """Whoever has not put his application right in time is given more."""
    for each in Application.objects.filter(year=programme.year, answer_by__lte=timezone.now()):
        reason = word("rotation", "more_time")
        reviewing.extend(each, reason=reason, at=timezone.now(), by=programme.company.head)


def nominate(programme: Programme, school: Organisation) -> None:
    """A school puts somebody forward."""
    for state in schooling.nominable(programme.year, school):
        if programme.company.remains(state.teacher, leads=False):
            try:
                schooling.nominate(
                    programme.year, state.teacher, school, form="rotation", reason=word("rotation", "nominated"),
                    key=programme.uuid("nominated", state.teacher.number), at=timezone.now(),
                    by=programme.company.principal(school),
                )  # fmt: skip
            except RefusedError:
                continue
            return


def review(programme: Programme, level: Level, *, leave: int = 0) -> None:
    """An office decides on what it has, but for a few of the first cluster; one of the bureau's is returned."""
    year = programme.year
    chain = settings_of(year).chain
    rows = Application.objects.filter(year=year).select_related("school__parent", "teacher").order_by("number")
    first = programme.company.cast.clusters[0].pk
    here = [each for each in rows if level_of(each, chain) is level]
    held = sorted(here, key=lambda each: (each.school.parent_id == first, each.teacher.number))
    held = held[: len(held) - leave] if leave else held
    by_office: dict[object, list[int]] = {}
    for each in held:
        parent = each.school.parent
        office = parent if level is Level.CLUSTER and parent is not None else programme.company.county
        by_office.setdefault(office, []).append(each.pk)
    for office, keys in by_office.items():
        bureau = level is Level.BUREAU
        by = programme.company.clerk if bureau else programme.company.cluster_head(office)  # type: ignore[arg-type]
        returned = keys[-1:] if bureau and len(keys) > _FEW else []
        decided = ((ReviewOutcome.ACCEPTED, "accepted", keys[: len(keys) - len(returned)]),
                   (ReviewOutcome.RETURNED, "returned", returned))  # fmt: skip
        for outcome, opinion, chosen in decided:
            if chosen:
                batch = programme.uuid("review", level.value, outcome.value, *chosen)
                said = reviewing.Decision(outcome, word("rotation", opinion), word("rotation", "clause"), batch)
                reviewing.decide(year, chosen, level, said, at=timezone.now(), by=by)
