"""A fictional county with a rotation year planned and published as its bureau would, and what the pages ask for."""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

WORDS = {
    "title": "关于2026年拟交流轮岗教师名单的公示", "issuer": "教育局", "basis": "教师交流轮岗实施办法",
    "text": "经审核和排定，现将名单公示如下。", "office": "人事科", "phone": "0990-8123456",
    "days": 5, "answer_days": 10,
}  # fmt: skip
COARSE = 0.01
"""The gap of the plans that are there to be compared with the first."""


def prepare(options: argparse.Namespace) -> dict[str, Any]:
    """The year up to its notice, with how long each step took, and what the clients need."""
    import django

    django.setup()
    from django.core.management import call_command

    from junheng.facts.synthetic import make_county
    from junheng.web.directory.models import Organisation, User
    from junheng.web.reporting.demo.accounts import Cast, make_accounts
    from junheng.web.rotation.actions import adopting, notices
    from junheng.web.rotation.models import Scenario
    from junheng.web.staffing.intake import take_in

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    facts = make_county(teachers=int(options.teachers), seed=options.seed)
    top = Organisation.objects.create(kind="prefecture", code="9901", name="云岭市")
    county = Organisation.objects.create(kind="county", code="990101", name=facts.name, parent=top)
    take_in(county, facts, by=None, source="bench")
    make_accounts(top, [Cast.of(county, "")], everybody=False)
    clerk, head = (User.objects.get(username=name) for name in ("bureau-clerk", "section-head"))
    took: dict[str, float] = {}
    with _timed(took, "snapshot"):
        year = _year(county, facts)
    applied = _applications(year, facts)
    with _timed(took, "plan"):
        first = _planned(year, clerk, "基准方案", {})
    with _timed(took, "plan, gap 1%"):
        _planned(year, clerk, "另一方案", {"gap": COARSE, "seed": 2})
    _planned(year, clerk, "第三方案", {"gap": COARSE, "seed": 3})
    scenario = Scenario.objects.get(pk=first)
    adopting.propose(scenario, by=head, version=scenario.version)
    drafted = notices.draft(year, kind="results", words=WORDS, by=clerk)
    with _timed(took, "publish"):
        notice = notices.publish(drafted, by=head)
    found = {
        "seconds": took, "schools": len(facts.schools), "applied": applied, "moves": scenario.moves_count,
        "gap": scenario.figures["gap"], "status": scenario.status,
    }  # fmt: skip
    return found | _counted(head, _pages(year, scenario, notice))


def _year(county: Any, facts: Any) -> Any:
    """A year whose verdicts rest on a snapshot of today, open from planning to objections."""
    from django.utils import timezone

    from junheng.web.rotation.actions.years import Setting, set_up, shipped
    from junheng.web.rotation.models import Phase, PhaseKind
    from junheng.web.staffing import snapshot

    setting = Setting(
        year=2026, pack=shipped("YUNLING"), on=facts.on, starts=date(2026, 9, 1), ends=date(2027, 8, 31)
    )  # fmt: skip
    days = {kind: (date(2026, 3, 2), date(2026, 3, 3)) for kind in PhaseKind}
    year = set_up(county, setting, days, by=None)
    _known, year.snapshot = snapshot.take(county, facts.on, None)
    year.frozen_at = now = timezone.now()
    year.save()
    kinds = (PhaseKind.PLANNING, PhaseKind.NOTICE, PhaseKind.OBJECTIONS)
    Phase.objects.filter(year=year, kind__in=kinds).update(
        opens=now - timedelta(days=1), closes=now + timedelta(days=30)
    )
    return year


def _applications(year: Any, facts: Any) -> int:
    """An accepted application of everybody who applies in the facts, with his wishes; gives how many."""
    from django.utils import timezone

    from junheng.web.directory.models import Organisation
    from junheng.web.rotation.models import Application, ApplicationStatus, Choice
    from junheng.web.staffing.models import Teacher

    people = dict(Teacher.objects.filter(county=year.county).values_list("number", "pk"))
    schools = dict(Organisation.objects.filter(county=year.county, kind="school").values_list("code", "pk"))
    applying, now = [each for each in facts.teachers if each.applied], timezone.now()
    made = Application.objects.bulk_create(
        (
            Application(
                year=year, teacher_id=people[each.id], school_id=schools[each.school_id], number=f"B-{each.id}",
                status=ApplicationStatus.ACCEPTED, commute_limit_km=each.commute_limit_km, submitted_at=now,
                received_at=now, key=uuid.uuid4(),
            )
            for each in applying
        ),
        batch_size=500,
    )  # fmt: skip
    Choice.objects.bulk_create(
        (
            Choice(application=row, rank=wish.rank, school_id=schools[wish.school_id])
            for row, each in zip(made, applying, strict=True)
            for wish in each.wishes
        ),
        batch_size=500,
    )
    return len(made)


def _planned(year: Any, by: Any, name: str, asked: dict[str, Any]) -> int:
    """A plan asked for and made by a worker; gives its key."""
    from junheng.web.records.jobs.worker import Worker
    from junheng.web.rotation.actions.scenarios import Asked, ask_for
    from junheng.web.rotation.models import Scenario

    made = ask_for(year, Asked(name=name, **asked), by=by)
    Worker(once=True).run()
    made = Scenario.objects.get(pk=made.pk)
    assert made.status == "ready", (made.status, made.told_text[:500])
    return int(made.pk)


def _pages(year: Any, scenario: Any, notice: Any) -> list[tuple[str, str]]:
    """What is measured: the offices' pages of planning, and the public ones."""
    base, public = f"/rotation/{year.pk}/scenarios/", f"/rotation/public/{notice.pk}/"
    return [
        ("plans", base),
        ("a plan", f"{base}{scenario.pk}/"),
        ("its moves", f"{base}{scenario.pk}/moves/"),
        ("its flow map", f"{base}{scenario.pk}/flow/"),
        ("comparison of three", f"{base}compare/"),
        ("public notice", public),
        ("notice as a sheet", f"{public}?print"),
        ("form for objections", f"{public}objections/new/"),
    ]


def _counted(by: Any, pages: list[tuple[str, str]]) -> dict[str, Any]:
    """Queries of each page, warm, and the cookie of a session."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(by)
    queries = {}
    for name, path in pages:
        client.get(path, headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path, headers={"host": "127.0.0.1"})
        assert answer.status_code == 200, (path, answer.status_code)
        queries[name] = len(asked)
    return {"queries": queries, "paths": pages, "cookie": f"sessionid={client.cookies['sessionid'].value}"}


@contextmanager
def _timed(took: dict[str, float], name: str) -> Iterator[None]:
    """Notes how long something took."""
    began = time.perf_counter()
    yield
    took[name] = time.perf_counter() - began
