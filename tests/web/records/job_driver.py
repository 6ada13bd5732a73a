"""Run as a process by the tests of jobs: a worker that knows the tests' kinds of work, and what prepares and tells.

job_driver.py migrate | enqueue KIND JSON | worker [--once] [--no-heart] [--no-fence] | cancel NUMBER | accounts N
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from junheng.web.records import jobs  # noqa: E402
from junheng.web.records.audit import record  # noqa: E402
from junheng.web.records.jobs import Work, job_kind, worker  # noqa: E402
from junheng.web.records.models import Job  # noqa: E402


@job_kind("tests.tally", attempts=100)
def tally(work: Work) -> dict[str, Any]:
    """Reckons for a while, then writes rows of the audit chain slowly; marks in a file what it is at."""
    mark, rows, digest = Path(work.arguments["mark"]), work.arguments["rows"], hashlib.sha256()
    mark.write_text("reading")
    for step in range(rows):
        work.progress(step, rows, f"step {step}")
        digest.update(str(step * work.arguments["seed"]).encode())
        time.sleep(work.arguments.get("pause", 0.05))
    with work.finishing() as result:
        mark.write_text("writing")
        for step in range(rows):
            record(None, "tests.row.written", None, row=step, job=work.job.pk)
            time.sleep(work.arguments.get("pause", 0.05))
        result["digest"] = digest.hexdigest()
    mark.write_text("written")
    return result


@job_kind("tests.busy")
def busy(work: Work) -> dict[str, Any]:
    """One long step in pure Python that says nothing, then one row."""
    Path(work.arguments["mark"]).write_text("reading")
    until = time.monotonic() + work.arguments["seconds"]
    while time.monotonic() < until:
        sum(range(1000))
    with work.finishing():
        record(None, "tests.row.written", None, job=work.job.pk, attempt=work.attempt)
    return {}


@job_kind("tests.endless")
def endless(work: Work) -> dict[str, Any]:
    """Reckons until it is told to stop."""
    Path(work.arguments["mark"]).write_text("reading")
    while True:
        work.progress(1, 0)
        time.sleep(0.05)


def run_worker(words: list[str]) -> None:
    """A worker, with or without its protections."""
    if "--no-heart" in words:
        worker.Heart = lambda work: contextlib.nullcontext()  # type: ignore[assignment, misc]
    worker.Worker(poll=0.1, once="--once" in words).run()


def accounts(number: int) -> dict[str, Any]:
    """An account with a session, and jobs that wait for next year."""
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user = get_user_model().objects.create_user(username="loader", password=None, name="压测")
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    later = timezone.now() + timedelta(days=365)
    keys = [jobs.enqueue("tests.busy", {}, title=f"等着 {each}", by=user, due_at=later).pk for each in range(number)]
    return {"session": session.session_key, "jobs": keys}


def main(command: str, *words: str) -> None:
    """What the tests ask for; the answer as JSON."""
    answer: Any = None
    if command == "migrate":
        call_command("migrate", verbosity=0, interactive=False)
    elif command == "enqueue":
        with transaction.atomic():
            answer = jobs.enqueue(words[0], json.loads(words[1]), title="试做", by=None).pk
    elif command == "worker":
        run_worker(list(words))
    elif command == "cancel":
        answer = jobs.cancel(Job.objects.get(pk=words[0]), by=None)
    elif command == "accounts":
        with transaction.atomic():
            answer = accounts(int(words[0]))
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
