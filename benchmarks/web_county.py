"""A fictional county brought into the bureau online as a clerk would, within a process, and what its pages ask for."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.web_clients import PAGES

HISTORIES = ("titles", "honors", "appointments", "leaves", "sanctions", "assessments", "exams", "training", "wishes")


def prepare(options: argparse.Namespace) -> dict[str, Any]:
    """The county in the database by way of the web, with how long each step took, and what the clients need."""
    import django

    django.setup()
    from django.core.management import call_command

    from junheng.documents import read_county, write_county
    from junheng.facts.synthetic import make_county
    from junheng.web.directory.models import Organisation, User
    from junheng.web.reporting.demo.accounts import Cast, make_accounts
    from junheng.web.staffing import snapshot
    from junheng.web.staffing.models import Teacher

    call_command("migrate", interactive=False, verbosity=0)
    facts = make_county(teachers=int(options.teachers), seed=options.seed)
    top = Organisation.objects.create(kind="prefecture", code="9901", name="云岭市")
    county = Organisation.objects.create(kind="county", code="990101", name=facts.name, parent=top)
    make_accounts(top, [Cast.of(county, "")], everybody=False)
    clerk = User.objects.get(username="bureau-clerk")
    roster, workbook = options.folder / "roster.xlsx", options.folder / "county.xlsx"
    bare = dict.fromkeys(HISTORIES, ())
    write_county(replace(facts, teachers=tuple(replace(each, **bare) for each in facts.teachers)), roster)
    took: dict[str, float] = {}
    intakes = {"roster": _taken_in(county, clerk, roster, "written")}
    if int(options.teachers) <= options.histories:
        write_county(facts, workbook)
        intakes["county"] = _taken_in(county, clerk, workbook, "written")
    else:
        workbook = roster
    intakes["again"] = _taken_in(county, clerk, workbook, "same")
    with _timed(took, "read"):
        reading = read_county(workbook)
    with _timed(took, "county_of"):
        known = snapshot.county_of(county, facts.on)
    with _timed(took, "export"):
        write_county(known, options.folder / "out.xlsx")
    assert known == reading.county
    school = Organisation.objects.filter(county=county, kind="school").first()
    teacher = Teacher.objects.filter(county=county).first()
    assert school is not None
    assert teacher is not None
    urls = {"teacher_url": teacher.get_absolute_url(), "school_url": f"/staffing/schools/{school.pk}/"}
    return {"seconds": took, "intakes": intakes, "rows": sum(reading.counts.values())} | urls | _counted(clerk, urls)


def _taken_in(county: Any, clerk: Any, file: Path, ends: str) -> dict[str, float]:
    """Seconds of each step of an intake, and of all, by the verbs of the pages and the work of a worker."""
    from junheng.web.records.jobs.worker import Worker
    from junheng.web.staffing.actions.intakes import Offer, confirm, upload

    took: dict[str, float] = {}
    began = time.perf_counter()
    with _timed(took, "upload"), file.open("rb") as content:
        size = file.stat().st_size
        offer = Offer(
            organisation=county, file=content, file_name=file.name, file_size=size, whole=True, key=f"{file}:{ends}"
        )
        intake = upload(offer, by=clerk)
    with _timed(took, "rehearse"):
        Worker(once=True).run()
    intake.refresh_from_db()
    if intake.state == "ready":
        with _timed(took, "confirm"):
            confirm(intake, intake.rehearsal, by=clerk)
        with _timed(took, "write"):
            Worker(once=True).run()
        intake.refresh_from_db()
    assert intake.state == ends, (file.name, intake.state, intake.refusal, intake.counts)
    return took | {"all": time.perf_counter() - began}


def _counted(clerk: Any, urls: dict[str, str]) -> dict[str, Any]:
    """Queries of each page, warm, and the cookie of a session."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(clerk)
    queries = {}
    for name, pattern in PAGES:
        path = pattern.format(teacher=urls["teacher_url"], school=urls["school_url"])
        client.get(path, headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path, headers={"host": "127.0.0.1"})
        assert answer.status_code == 200, (path, answer.status_code)
        queries[name] = len(asked)
    return {"queries": queries, "cookie": f"sessionid={client.cookies['sessionid'].value}"}


class _timed:  # noqa: N801 - read as a word of a sentence
    """Notes how long something took."""

    def __init__(self, took: dict[str, float], name: str) -> None:
        self.took, self.name = took, name

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_fault: object) -> None:
        self.took[self.name] = time.perf_counter() - self.began
