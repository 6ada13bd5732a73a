"""From the plan to the orders: scenarios, the notice, objections, adoption, orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from junheng.facts import Subject
from junheng.web.records.jobs import run_due
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation.actions import adopting, changing, formalities, notices, objections, ordering, scenarios
from junheng.web.rotation.models import (
    Finding,
    NoticeKind,
    NoticeStatus,
    Objection,
    ObjectionStatus,
    PinKind,
    Placement,
    PlacementStatus,
    PublicNotice,
    Scenario,
    ScenarioStatus,
    StepKind,
    Verdict,
    VerdictStanding,
)
from junheng.web.staffing.refusal import RefusedError

GAP, MOST_SECONDS = 5e-3, 60
AT_LEAST = 3
"""Scenarios side by side where all are to be computed; what comes after is for counties in which none would do."""


def compute(programme: Programme, *, every: bool = False) -> None:
    """Scenarios in the order of the programme's ways, until one keeps every rule, or all of them."""
    for number, way in enumerate(programme.ways, 1):
        given = {name: value for name, value in way.items() if name not in {"mechanism", "name"}}
        asked = scenarios.Asked(
            word("rotation", way.get("name", f"scenario_{min(number, 3)}")), parameters=given,
            mechanism=way.get("mechanism", ""), gap=GAP, time_limit=MOST_SECONDS,
        )  # fmt: skip
        made = scenarios.ask_for(programme.year, asked, by=programme.company.clerk)
        run_due()
        made.refresh_from_db()
        if ready(programme) and (not every or number >= AT_LEAST):
            return


def ready(programme: Programme) -> list[Scenario]:
    """Scenarios that keep every rule, the first first."""
    return list(Scenario.objects.filter(year=programme.year, status=ScenarioStatus.READY).order_by("number"))


def pin(programme: Programme) -> None:
    """Two decisions before planning: somebody stays, somebody does not go to one of the schools he wished for."""
    may = Verdict.objects.filter(year=programme.year, current=True, standing=VerdictStanding.MAY).values("teacher")
    wished = programme.year.applications.filter(status="accepted", teacher__in=may).select_related("teacher")
    found = sorted(wished, key=lambda each: each.teacher.number)
    if len(found) < 2:
        return
    by = programme.company.head
    scenarios.pin(programme.year, teacher=found[0].teacher, kind=PinKind.STAY, reason=word("rotation", "stays"), by=by)
    choice = found[1].choices.select_related("school").first()
    if choice is not None:
        scenarios.pin(
            programme.year, teacher=found[1].teacher, kind=PinKind.FORBID, school=choice.school,
            reason=word("rotation", "not_there"), by=by,
        )  # fmt: skip


def keep_who_leaves(programme: Programme) -> None:
    """Who may move but leaves the county or changes his school before long stays: the section knows of it."""
    year = programme.year
    may = Verdict.objects.filter(year=year, current=True, standing=VerdictStanding.MAY).select_related(
        "teacher", "school"
    )
    for verdict in may.order_by("teacher__number"):
        if programme.company.school_now(verdict.teacher) != verdict.school_id:
            reason = word("rotation", "leaves")
            scenarios.pin(year, teacher=verdict.teacher, kind=PinKind.STAY, reason=reason, by=programme.company.head)


def change_by_hand(programme: Programme, scenario: Scenario) -> None:
    """Somebody goes elsewhere than the plan says, where no rule is broken by it; else he stays."""
    for move in scenario.moves.select_related("teacher").order_by("teacher__number"):
        for school in [each for each in programme.company.cast.schools if each != move.to_school]:
            try:
                tried = changing.try_change(scenario, teacher=move.teacher, school=school)
            except RefusedError:
                continue
            if not tried.broken:
                changing.change(
                    scenario, teacher=move.teacher, school=school, reason=word("rotation", "by_hand"),
                    version=scenario.version, by=programme.company.clerk,
                )  # fmt: skip
                return


def propose(programme: Programme) -> None:
    """The head of the section proposes the first scenario that keeps every rule."""
    for scenario in ready(programme)[:1]:
        adopting.propose(scenario, by=programme.company.head, version=scenario.version)


def draft_notice(programme: Programme) -> PublicNotice | None:
    """The clerk drafts the notice of results."""
    if not Scenario.objects.filter(year=programme.year, status=ScenarioStatus.PROPOSED).exists():
        return None
    county = programme.company.county.name
    words = {
        "title": word("notice", "title", programme.year.title), "issuer": word("notice", "issuer", county),
        "basis": programme.year.pack_title, "text": word("notice", "text"), "office": word("notice", "office", county),
        "phone": word("notice", "phone"), "email": "", "address": word("notice", "address"), "days": 5,
        "answer_days": 10,
    }  # fmt: skip
    return notices.draft(programme.year, kind=NoticeKind.RESULTS, words=words, by=programme.company.clerk)


def publish(programme: Programme) -> None:
    """The head publishes it. An earlier notice, with a slip in it, was taken back the same morning."""
    drafted = draft_notice(programme)
    if drafted is None:
        return
    shown = notices.publish(drafted, by=programme.company.head)
    notices.withdraw(shown, reason=word("notice", "slip"), by=programme.company.head)
    again = draft_notice(programme)
    if again is not None:
        notices.publish(again, by=programme.company.head)


def _on_show(programme: Programme) -> PublicNotice | None:
    rows = PublicNotice.objects.filter(year=programme.year, kind=NoticeKind.RESULTS, status=NoticeStatus.PUBLISHED)
    return rows.first()


def object_to(programme: Programme) -> None:
    """Two objections: one by name about somebody of the list, one without a name about the whole."""
    notice = _on_show(programme)
    if notice is None:
        return
    row = notice.rows.order_by("position").last()
    by_name = objections.Said(
        word("notice", "objection_1"), programme.uuid("objection", 1), row=row, name=word("notice", "objector"),
        contact=word("notice", "contact"),
    )  # fmt: skip
    objections.receive(notice, by_name)
    objections.receive(
        notice, objections.Said(word("notice", "objection_2"), programme.uuid("objection", 2), named=False)
    )


def investigate(programme: Programme) -> None:
    """The head charges somebody with what has come in, and the findings are set down."""
    for made in _objections(programme, ObjectionStatus.RECEIVED):
        about = made.about_id is not None
        by = programme.company.head
        free = objections.may_investigate(made)
        investigator = programme.company.clerk if programme.company.clerk in free else free[0]
        objections.assign(made, investigator=investigator, holds=about, by=by)
        finding = Finding.NOT_UPHELD if about else Finding.OUTSIDE
        report = word("notice", "report_1" if about else "report_2")
        objections.find(made, finding=finding, report=report, by=investigator)


def answer(programme: Programme) -> None:
    """Whoever objected is answered."""
    for made in _objections(programme, ObjectionStatus.FOUND):
        text = word("notice", "answer_1" if made.about_id is not None else "answer_2")
        objections.answer(made, text=text, by=programme.company.head)


def _objections(programme: Programme, status: ObjectionStatus) -> list[Objection]:
    rows = Objection.objects.filter(notice__year=programme.year, status=status)
    return list(rows.select_related("notice__year__county", "about").order_by("pk"))


def adopt(programme: Programme) -> None:
    """The leader confirms what the head proposed."""
    scenario = Scenario.objects.filter(year=programme.year, status=ScenarioStatus.PROPOSED).first()
    if scenario is not None:
        adopting.adopt(scenario, by=programme.company.leader)


def order(programme: Programme, *, serial: int, leave: int = 0, report_by: date) -> Sequence[Placement]:
    """An order for the planned placements but the last few; gives those that it names."""
    planned = programme.placements(PlacementStatus.PLANNED)
    for each in planned:
        if not programme.company.remains(each.teacher):
            ordering.revoke(each, reason=word("rotation", "has_left"), by=programme.company.head)
    planned = [each for each in planned if programme.company.remains(each.teacher)]
    chosen = planned[: len(planned) - leave] if leave else planned
    if not chosen:
        return ()
    for each in chosen:
        programme.company.teacher(each.teacher)
    head = ordering.OrderHead(
        programme.number(serial), word("rotation", "signer"), timezone.localdate(), report_by,
        programme.uuid("order", serial),
    )  # fmt: skip
    ordering.issue(programme.year, head, [each.pk for each in chosen], by=programme.company.head)
    return chosen


def see_off(programme: Programme, *, but: int = 0) -> None:
    """What the home school does before somebody goes; of the last few not everything is done."""
    ordered = programme.placements(PlacementStatus.ORDERED)
    for place, each in enumerate(ordered):
        by = programme.company.principal(each.from_school)
        done = formalities.OF_HOME if place < len(ordered) - but else (StepKind.TALK,)
        for kind in done:
            note = word("service", "talk") if kind == StepKind.TALK else ""
            formalities.register_step(each, kind, done_on=timezone.localdate(), note=note, by=by)
        host = programme.company.school_clerk(each.to_school)
        taught = Subject.read(each.subject).zh
        arranged = formalities.Arranged(programme.one_of("classes"), taught, 12, "")
        formalities.arrange(each, arranged, by=host)
