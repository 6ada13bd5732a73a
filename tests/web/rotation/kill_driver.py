"""Run as a process by ``test_killed.py``: plans, issues and begins in children of its own, which it kills on the way.

Prints as JSON what there was after each kill and at the end. The parent holds no connection and does no work, so that
a child begins with nothing but imported modules.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.conf import settings

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from junheng.web.directory.models import User  # noqa: E402
from junheng.web.records.jobs import run_due  # noqa: E402
from junheng.web.records.jobs.worker import Worker  # noqa: E402
from junheng.web.records.models import AuditEvent, Job  # noqa: E402
from junheng.web.rotation import proofs  # noqa: E402
from junheng.web.rotation.actions import headcounts, ordering  # noqa: E402
from junheng.web.rotation.actions.adopting import Placing  # noqa: E402
from junheng.web.rotation.actions.ordering import OrderHead  # noqa: E402
from junheng.web.rotation.actions.placing import make_placements  # noqa: E402
from junheng.web.rotation.actions.scenarios import Asked, ask_for  # noqa: E402
from junheng.web.rotation.models import (  # noqa: E402
    HeadCount,
    Move,
    Order,
    OrderLine,
    PhaseKind,
    Placement,
    PlanFile,
    RotationYear,
    Scenario,
)
from junheng.web.staffing.models import AppointmentEntry  # noqa: E402

MARK = Path(settings.DATA_DIR) / "mark"
TEACHERS, SEED, PLACED = 200, 2, 4
KEY = uuid.UUID(int=7)
HELD_UP = 0.5
"""Seconds that a child stays where it is to be killed."""


class Unmigrated(dict[str, None]):
    """Tables are made from the models: quicker, and the steps of the database are not what is tried."""

    def __contains__(self, _room: object) -> bool:
        return True

    def __getitem__(self, _room: str) -> None:
        return None


def planned() -> Any:
    """The module of the tests that founds a county."""
    spec = importlib.util.spec_from_file_location("planned", Path(__file__).with_name("planned.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["planned"] = module
    spec.loader.exec_module(module)
    return module


# --- children ---------------------------------------------------------------------------------------------------------


def forked(act: Callable[[], Any]) -> tuple[int, int]:
    """A child that does it and ends; gives its number and where its answer can be read."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return child, read
    os.close(read)
    code = 1
    try:
        os.write(write, json.dumps(act()).encode())
        code = 0
    finally:
        connections.close_all()
        sys.stderr.flush()
        os._exit(code)


def told(act: Callable[[], Any]) -> Any:
    """What a child that lives gives."""
    child, read = forked(act)
    with os.fdopen(read, "rb") as answer:
        text = answer.read()
    _child, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(f"{getattr(act, '__name__', act)} failed")
    return json.loads(text)


def killed(act: Callable[[], Any], mark: str, count: int = 1) -> dict[str, Any]:
    """A child that is killed when it says ``mark`` for the given time; what there is then."""
    MARK.write_text("")
    child, read = forked(act)
    until = time.monotonic() + 60
    while MARK.read_text().split().count(mark) < count:
        if time.monotonic() > until or os.waitpid(child, os.WNOHANG)[0]:
            raise SystemExit(f"no {mark}: {MARK.read_text()}")
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(read)
    return told(found) | {"killed": mark}


def marking(module: Any, name: str, mark: str, *, after: bool = True) -> None:
    """The function of a module says what it is at, and stays there for a while."""
    plain = getattr(module, name)

    def marked(*given: Any, **named: Any) -> Any:
        made = plain(*given, **named) if after else None
        with MARK.open("a") as file:
            file.write(f"{mark} ")
        time.sleep(HELD_UP)
        return made if after else plain(*given, **named)

    setattr(module, name, marked)


# --- what they do -----------------------------------------------------------------------------------------------------


def found_everything() -> None:
    """A county with a plan asked for, and placements that wait for their order."""
    settings.MIGRATION_MODULES = Unmigrated()
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    bureau = planned().found_bureau(teachers=TEACHERS, seed=SEED)
    run_due()
    bureau.open(PhaseKind.PLANNING, PhaseKind.ORDERS)
    ask_for(bureau.year, Asked("被中断的", gap=0.02), by=bureau.users["clerk"])
    today = timezone.localdate()
    moves, hosts = [], list(bureau.county.within_county.filter(kind="school").order_by("code"))
    for each in bureau.facts.teachers[:PLACED]:
        teacher = bureau.teacher(each.id)
        host = next(school for school in hosts if school.pk != teacher.state.school_id)
        moves.append(
            Placing(
                teacher, teacher.state.school, host, teacher.state.stage, teacher.state.main_subject, "rotation", None,
                today, today + timedelta(days=365), False,
            )
        )  # fmt: skip
    make_placements(bureau.year, moves, by=bureau.users["head"])


def works() -> None:
    """A worker as it is, with its marks."""
    marking(proofs, "write", "proving", after=False)
    marking(proofs, "keep", "saving")
    marking(headcounts, "change_state", "day")
    Worker(poll=0.05).run()


def issues(*, slowly: bool = True) -> int:
    """The order for all placements; ``slowly`` with its mark before the end of its transaction."""
    if slowly:
        marking(ordering, "notify", "issuing")
    year = RotationYear.objects.select_related("county").get()
    head = OrderHead("云教〔2026〕1号", "局长", timezone.localdate(), timezone.localdate(), KEY)
    keys = list(Placement.objects.values_list("pk", flat=True))
    return ordering.issue(year, head, keys, by=User.objects.get(username="990101-head")).pk


def finishes() -> None:
    """A worker that lives, until every job that is due is over; leases run out meanwhile."""
    until = time.monotonic() + 60
    while Job.objects.filter(status__in=("queued", "running"), due_at__lte=timezone.now()).exists():
        if time.monotonic() > until:
            raise SystemExit("the jobs are not over")
        run_due()
        time.sleep(0.1)


def asks_again() -> None:
    """The same plan once more."""
    ask_for(RotationYear.objects.get(), Asked("没有中断的", gap=0.02), by=User.objects.get(username="990101-clerk"))


def found() -> dict[str, Any]:
    """What there is."""
    scenarios = list(Scenario.objects.order_by("number"))
    jobs = {job.kind: [job.status, job.attempt] for job in Job.objects.order_by("pk").filter(kind__startswith="rot")}
    traced = Counter(AuditEvent.objects.filter(action__startswith="rotation.").values_list("action", flat=True))
    return {
        "plans": [[s.status, s.moves_count, s.plan_digest, s.moves.count(), s.files.count()] for s in scenarios],
        "moves": Move.objects.count(), "files": PlanFile.objects.count(), "jobs": jobs, "traced": traced,
        "orders": Order.objects.count(), "lines": OrderLine.objects.count(),
        "ordered": Placement.objects.filter(status="ordered").count(), "head_counts": HeadCount.objects.count(),
        "spells": AppointmentEntry.objects.filter(kind="exchange", source__startswith="rotation:").count(),
    }  # fmt: skip


def main() -> None:
    """The whole story; each step's findings."""
    told(found_everything)
    story = [killed(works, mark) for mark in ("proving", "saving", "saving")]
    told(finishes)
    story.append(told(found))
    told(asks_again)
    told(finishes)
    story.append(told(found))
    story.append(killed(issues, "issuing", PLACED))
    first = told(lambda: issues(slowly=False))
    again = told(lambda: issues(slowly=False))
    story.append(told(found) | {"same": first == again})
    story += [killed(works, "day"), killed(works, "day", 2)]
    told(finishes)
    story.append(told(found))
    sys.stdout.write(json.dumps(story) + "\n")


if __name__ == "__main__":
    main()
