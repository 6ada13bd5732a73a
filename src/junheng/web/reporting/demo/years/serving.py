"""Service: people report, get tasks, write their log; months are reported; schools are visited and asked for help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from junheng.facts import LeaveKind, Level
from junheng.facts.calendar import add_months
from junheng.web.directory.models import Organisation
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation import counting, expiring
from junheng.web.rotation.actions import (
    changes,
    formalities,
    helping,
    journal,
    months,
    paying,
    problems,
    reporting,
    serving,
    targets,
)
from junheng.web.rotation.models import (
    Addressee,
    Allowance,
    ChangeKind,
    Goal,
    MonthlyReport,
    Payer,
    Placement,
    PlacementStatus,
    ProblemKind,
    RiskLevel,
    StepKind,
    TaskKind,
    VisitKind,
)

_RATE = Decimal(300)
TARGETS = {
    Level.COUNTY: {TaskKind.DEMONSTRATION: 2, TaskKind.RESEARCH: 4},
    Level.CITY: {TaskKind.DEMONSTRATION: 2, TaskKind.LECTURE: 2, TaskKind.MENTORING: 1},
    Level.PROVINCE: {TaskKind.DEMONSTRATION: 2, TaskKind.LECTURE: 3, TaskKind.MENTORING: 2, TaskKind.PROJECT: 1},
}
"""What backbone teachers of each level are to do in a year."""


def serve(programme: Programme) -> list[Placement]:
    """Who serves now."""
    return programme.placements(PlacementStatus.SERVING)


def arrive(programme: Programme, *, late: int = 0, batch: int = 1) -> None:
    """The hosts confirm that people have come, but for the last few."""
    waiting = [
        each
        for each in programme.placements(PlacementStatus.ORDERED)
        if each.reported_on is None and each.order_line.order.batch == batch
    ]
    for each in waiting[: len(waiting) - late] if late else waiting:
        by = programme.company.principal(each.to_school)
        reporting.confirm_arrival(each, on=timezone.localdate(), by=by)
        for kind in (StepKind.WELCOMED, StepKind.SLIP):
            formalities.register_step(each, kind, done_on=timezone.localdate(), by=by)


def lay_out(programme: Programme) -> None:
    """Tasks, safeguards, a goal for everybody; who of the bureau answers for which school; the allowance."""
    now, company = timezone.now(), programme.company
    hosts: dict[Organisation, None] = {}
    targets.set_targets(programme.year, TARGETS, by=company.clerk)
    for each in serve(programme):
        hosts.setdefault(each.to_school)
        host = company.principal(each.to_school)
        kinds = list(serving.kinds_for(each))
        for kind in (kinds[0], *programme.dice.sample(kinds[1:], 2)):
            due = min(each.end, add_months(each.start, programme.dice.choice((2, 5, 8))))
            target = 60 if kind == TaskKind.TEACHING else programme.dice.choice((2, 4, 6))
            serving.give_task(each, kind=kind, words=word("tasks", kind.value), target=target, due=due, by=host, at=now)
        if targets.open_targets(each)[1]:
            targets.lay_targets(each, due=each.end, by=host, at=now)
        helping.lay_safeguards(each, by=company.clerk, at=now)
        due = min(each.end, add_months(each.start, 5))
        goal, measure = programme.one_of("goals").split("；")
        helping.agree_goal(each, words=goal, measure=measure, due=due, by=host, at=now)
    for school in hosts:
        helping.put_in_charge(programme.year, school=school, leader=company.leader, by=company.head, at=now)
    paying.set_rate(
        programme.year, name=word("service", "allowance"), amount=_RATE, payer=Payer.COUNTY, rural_only=False,
        clause=word("service", "allowance_clause"), by=company.head, at=now,
    )  # fmt: skip


def live_through(programme: Programme, month: date, *, until: date | None = None) -> None:
    """The log of a month, confirmed by the host, and the attendance where the month is over."""
    now, today = timezone.now(), timezone.localdate()
    last = min(until or counting.last_of_month(month), today)
    for each in serve(programme):
        user, clerk = programme.company.teacher(each.teacher), programme.company.school_clerk(each.to_school)
        tasks = list(each.tasks.all())
        for turn, task in enumerate(programme.dice.sample(tasks, min(2, len(tasks)))):
            day = max(each.start, month) + timedelta(days=6 + 9 * turn)
            if day > min(last, each.end):
                continue
            count = programme.dice.randint(8, 16) if task.kind == TaskKind.TEACHING else 1
            serving.write_log(
                each, day=day, kind=TaskKind(task.kind), count=count, words=word("log", task.kind), task=task,
                key=programme.uuid("log", each.pk, month, turn), by=user, at=now,
            )  # fmt: skip
            if not turn and task.met is None:
                done = min(task.target, task.done + count)
                serving.report_task(task, done=done, result=word("log", task.kind), by=user, at=now)
        if last == counting.last_of_month(month):
            serving.confirm_log(each, until=last, by=clerk, at=now)
            due = serving.due_days(each, month)
            away = programme.dice.choice((0, 0, 0, 0, 1))
            serving.enter_attendance(
                each, month=month, present_days=Decimal(max(0, due - away)), late_times=away, absent_days=Decimal(0),
                note="", by=clerk, at=now,
            )  # fmt: skip


def report_month(programme: Programme, month: date, *, slow: Sequence[int] = (), received: bool = True) -> None:
    """Teachers and host schools report a month; the slow schools, by their place among the hosts, do not."""
    now, company = timezone.now(), programme.company
    by_host: dict[Organisation, list[Placement]] = {}
    for each in serve(programme):
        if month in counting.months_of(each, timezone.localdate()):
            by_host.setdefault(each.to_school, []).append(each)
    for place, (school, placements) in enumerate(by_host.items()):
        clerk = company.school_clerk(school)
        for each in placements[place in slow :]:
            made = months.submit_teachers(
                each, month=month, words=programme.one_of("reports"), difficulties=programme.one_of("difficulties"),
                by=company.teacher(each.teacher), at=now,
            )  # fmt: skip
            if received:
                months.decide(made, accept=True, opinion="", by=clerk, at=now)
        if place not in slow:
            own = months.submit_schools(
                programme.year, school, month=month, words=word("service", "school_report"), difficulties="", by=clerk,
                at=now,
            )  # fmt: skip
            if received:
                months.decide(own, accept=True, opinion="", by=company.clerk, at=now)


def return_one(programme: Programme, month: date) -> None:
    """The bureau returns the report of a school, which says too little."""
    rows = MonthlyReport.objects.filter(year=programme.year, month=month, placement__isnull=True, status="submitted")
    for report in rows.order_by("pk")[:1]:
        opinion = word("service", "too_little")
        months.decide(report, accept=False, opinion=opinion, by=programme.company.clerk, at=timezone.now())


def pay(programme: Programme, month: date, *, paid: bool = True) -> None:
    """The allowance of a month is laid out, and paid."""
    now, clerk = timezone.now(), programme.company.clerk
    paying.lay_out(programme.year, month, by=clerk, at=now)
    if paid:
        for row in Allowance.objects.filter(placement__year=programme.year, month=month).select_related("placement"):
            paying.mark_paid(row, on=timezone.localdate(), by=clerk, at=now)


def visit(programme: Programme) -> None:
    """Home schools see their teachers; the leader and a section see the first hosts."""
    now, today, company = timezone.now(), timezone.localdate(), programme.company
    placed = serve(programme)
    for each in placed[::2]:
        helping.visit_teacher(
            each, by=company.principal(each.from_school), at=now, on=today, visitor=word("service", "visitor"),
            thoughts=programme.one_of("thoughts"), work=programme.one_of("work"), life=programme.one_of("life"),
            found="", help="",
        )  # fmt: skip
    hosts = list(dict.fromkeys(each.to_school for each in placed))
    for school, kind in zip(hosts, (VisitKind.LEADER, VisitKind.SECTION, VisitKind.LEADER), strict=False):
        helping.visit_school(
            programme.year, school, kind=kind, by=company.clerk, at=now, on=today,
            visitor=str(company.leader if kind == VisitKind.LEADER else company.head),
            thoughts="", work=word("service", "seen"), life="", found=word("service", "found"),
            help=word("service", "help"),
        )  # fmt: skip
    for each in placed[:3]:
        for safeguard in list(each.safeguards.all())[:-1]:
            helping.check_safeguard(safeguard, met=True, note="", by=company.clerk, at=now)


def have_problems(programme: Programme, *, settled: bool) -> None:
    """Three difficulties: one settled, one answered, one that waits; all settled where the year goes to its end."""
    now, company = timezone.now(), programme.company
    asked = (
        (ProblemKind.LIVING, RiskLevel.MIDDLE, Addressee.HOST, "living"),
        (ProblemKind.TRANSPORT, RiskLevel.LOW, Addressee.BOTH, "transport"),
        (ProblemKind.WORK, RiskLevel.HIGH, Addressee.BUREAU, "work"),
    )
    for place, (each, (kind, level, to, name)) in enumerate(zip(serve(programme), asked, strict=False)):
        made = problems.raise_problem(
            each, kind=kind, level=level, to=to, words=word("problems", name), by=company.teacher(each.teacher), at=now
        )
        if place == 2 and not settled:
            continue
        by = company.clerk if to == Addressee.BUREAU else company.principal(each.to_school)
        made = problems.answer(made, words=word("problems", f"{name}_answer"), by=by, at=now)
        problems.check(made, level=RiskLevel.LOW, note=word("problems", "checked"), by=company.clerk, at=now)
        if place == 0 or settled:
            problems.settle(made, by=company.clerk, at=now)


def share(programme: Programme, month: date, *, held: bool) -> None:
    """Posts in the journal, one of them recommended; a meeting to share experience, planned or held."""
    now, company = timezone.now(), programme.company
    for place, each in enumerate(serve(programme)[:3], 1):
        title, text = word("journal", f"post_{place}").split("：", 1)
        made = journal.post(each, title=title, text=text, by=company.teacher(each.teacher), at=now)
        if place == 1:
            journal.recommend(made, by=company.clerk, at=now)
    on = timezone.localdate() + timedelta(days=0 if held else 14)
    meeting = months.plan_meeting(
        programme.year, by=company.clerk, at=now, month=month, on=on, place=word("rotation", "room"),
        topic=word("service", "topic"), grounds=word("service", "grounds"),
    )  # fmt: skip
    if held:
        months.record_meeting(meeting, outcome=word("service", "outcome"), by=company.clerk, at=now)


def take_leave(programme: Programme, start: date) -> None:
    """Somebody is ill for three days."""
    for each in serve(programme)[1:2]:
        serving.enter_leave(
            each, kind=LeaveKind.SICK, start=start, end=start + timedelta(days=2),
            approved_by=str(programme.company.principal(each.to_school)),
            by=programme.company.school_clerk(each.to_school), at=timezone.now(),
        )  # fmt: skip


def judge(programme: Programme) -> None:
    """What is due is judged: tasks that are done, goals that are reached."""
    now, today = timezone.now(), timezone.localdate()
    for each in serve(programme):
        host = programme.company.principal(each.to_school)
        for task in each.tasks.filter(met__isnull=True, due__lte=today):
            serving.judge_task(task, met=task.done >= task.target or task.done > 1, by=host, at=now)
        for goal in each.goals.filter(outcome=Goal.Outcome.OPEN, due__lte=today):
            found = programme.dice.choice((Goal.Outcome.MET, Goal.Outcome.MET, Goal.Outcome.PARTLY))
            helping.judge_goal(goal, outcome=found, note=word("service", "goal_note"), by=host, at=now)


def come_back_early(programme: Programme) -> None:
    """Somebody comes back before the end: asked for by the home school, agreed to, on the same day."""
    for each in serve(programme)[-1:]:
        made = changes.request(
            each, kind=ChangeKind.EARLY, on=timezone.localdate(), reason=word("service", "early"),
            by=programme.company.principal(each.from_school), at=timezone.now(),
        )  # fmt: skip
        opinion = word("service", "agreed")
        changes.decide(made, approve=True, opinion=opinion, by=programme.company.leader, at=timezone.now())


def ask_to_stay(programme: Programme, until: date) -> None:
    """A host asks to keep somebody longer; nobody has decided yet."""
    for each in serve(programme)[:1]:
        changes.request(
            each, kind=ChangeKind.EXTENSION, on=max(until, each.end + timedelta(days=31)),
            reason=word("service", "extension"), by=programme.company.principal(each.to_school), at=timezone.now(),
        )  # fmt: skip


def watch() -> None:
    """What the clock does at night about the ends of placements."""
    expiring.watch(timezone.localdate())
