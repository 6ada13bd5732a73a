"""Teachers apply at the last moment: who was in time is in, who was late is not, nothing is stored twice.

    python benchmarks/deadline.py                      300 teachers in the last minute and in the last second
    python benchmarks/deadline.py --teachers 20 --minute 6
    python benchmarks/deadline.py --postgresql postgres:///

A fictional county, a rotation year whose applications close at a moment, the server on loopback as ``junheng web
serve`` starts it, and a client with a connection of its own for each teacher. Every teacher sends his application twice
(the second press of an impatient hand), in the last minute or all within the last second before the deadline; as many
again as a tenth send after it. The server itself notes when a request arrived; in a third run a reverse proxy does, and
says so in a header. Seconds are of the whole answer as the client sees it. Who sent in time and is not stored is
printed with what he was answered. Writes docs/benchmarks/deadline.md (``--out`` names another file, ``--out -`` none).
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks import machine  # noqa: E402
from benchmarks.serving import child, databases, fresh, serving, told_of  # noqa: E402
from benchmarks.web_clients import at  # noqa: E402

DATABASE = "junheng_bench_deadline"
HEADER = "X-Request-Start"
TOKEN = "a" * 32
LATE_SHARE = 10
"""One late teacher for so many in time."""
QUIET = 8
"""Seconds that the clients have to get ready before the last minute begins."""


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario: within how many seconds before the deadline all send, and whether the proxy's word is there."""

    name: str
    seconds: float
    proxied: bool = False


def main() -> None:
    """Measure every scenario on every database, print, write the page."""
    options = _options()
    if options.child:
        print(json.dumps(globals()[f"child_{options.child}"](options)))
        return
    runs = [
        Run("last minute", options.minute), Run("last second", 1.0), Run("last second, proxy", 1.0, proxied=True),
    ]  # fmt: skip
    results = []
    for name, address in databases(options.postgresql, DATABASE):
        with tempfile.TemporaryDirectory() as folder:
            for result in measure(name, address, runs, Path(folder), options.teachers):
                print(json.dumps(result, ensure_ascii=False), flush=True)
                results.append(result)
    text = page(results, " ".join(sys.argv[1:]))
    print(text)
    if options.out != "-":
        Path(options.out).write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", type=int, default=300, help="who apply in time")
    parser.add_argument("--minute", type=float, default=60, help="seconds of the last minute")
    parser.add_argument("--postgresql", default=None, help="a server, as URL; empty for none")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks" / "deadline.md"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--closes", type=float, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(name: str, address: str, runs: list[Run], folder: Path, teachers: int) -> Iterator[dict[str, Any]]:
    """Every scenario on one database, in a county that is made once."""
    fresh(address)
    everybody = teachers + max(1, teachers // LATE_SHARE)
    plain = told_of(address, folder)
    found = child(__file__, "prepare", ["--teachers", str(everybody)], plain)
    for run in runs:
        told = plain | ({"JUNHENG_ARRIVAL_HEADER": HEADER} if run.proxied else {})
        with serving(told, folder) as port:
            for cookie in found["cookies"][:12]:
                _ask(port, found, cookie, "GET", "")  # every process has read what it keeps
            closes = child(__file__, "close", ["--closes", str(QUIET + run.seconds)], told)["closes"]
            answers = _send(port, found, run, closes, teachers)
        kept = child(__file__, "count", [], told)
        yield {"database": name, "teachers": teachers, **asdict(run), **_judged(answers, kept, closes)}


def _judged(answers: list[dict[str, Any]], kept: dict[str, Any], closes: float) -> dict[str, Any]:
    """What came of it: who was in time and in, who was late and out, how long the answers took.

    In time is whoever's first press was really sent before the deadline, as the client noted when it had sent.
    """
    first: dict[int, float] = {}
    for each in answers:
        first[each["teacher"]] = min(each["sent"], first.get(each["teacher"], each["sent"]))
    in_time = {number for number, sent in first.items() if sent < closes}
    stored = {int(number): moment for number, moment in kept["stored"].items()}
    seconds = [each["seconds"] for each in answers]
    lost = {
        number: {
            "before": round(closes - first[number], 4),
            "answered": [each["status"] for each in answers if each["teacher"] == number],
        }
        for number in sorted(in_time - set(stored))
    }
    return {
        "in_time": len(in_time), "in": len(in_time & set(stored)), "rows": kept["rows"],
        "late": len(first) - len(in_time), "late_in": len(set(stored) - in_time),
        "with_receipt": len({each["teacher"] for each in answers if each["to"]}),
        "faults": sum(each["status"] >= 500 or not each["status"] for each in answers), "lost": lost,
        "answered_after": sum(each["sent"] < closes < each["sent"] + each["seconds"] for each in answers),
        "p50": at(seconds, 0.5), "p95": at(seconds, 0.95), "longest": max(seconds),
        "drift": max((moment - first[number] for number, moment in stored.items()), default=0.0),
    }  # fmt: skip


def _send(port: int, found: dict[str, Any], run: Run, closes: float, teachers: int) -> list[dict[str, Any]]:
    """Every teacher in a thread of his own, sending twice at his moments."""
    chance = random.Random(1)  # noqa: S311 - moments, no secrets
    answers: list[dict[str, Any]] = []
    lock = threading.Lock()

    def client(number: int, moment: float) -> None:
        for _press in range(2):
            time.sleep(max(0.0, moment - time.time()))
            answer = _ask(port, found, found["cookies"][number], "POST", found["forms"][number])
            with lock:
                answers.append({"teacher": number} | answer)

    threads = []
    for number in range(len(found["cookies"])):
        late = number >= teachers
        moment = closes + chance.uniform(0.05, 1.0) if late else closes - chance.uniform(0.02, run.seconds)
        threads.append(threading.Thread(target=client, args=(number, moment)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _ask(port: int, found: dict[str, Any], cookie: str, method: str, body: str) -> dict[str, Any]:
    """One request; where it leads, and how long it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    sent = time.time()
    headers = {
        "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}", "Host": "127.0.0.1",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    status, to = 0, ""
    try:
        connection.connect()
        sent = time.time()
        headers[HEADER] = f"t={sent:.6f}"
        connection.request(method, found["address"], body=body or None, headers=headers)
        answer = connection.getresponse()
        answer.read()
        status, to = answer.status, answer.headers.get("Location", "") if answer.status == 302 else ""
    except (OSError, http.client.HTTPException) as fault:
        print(f"no answer: {fault!r}", file=sys.stderr)
    connection.close()
    return {"sent": sent, "seconds": time.time() - sent, "status": status, "to": to}


# --- in a process with Django ---------------------------------------------------------------------------------------


def child_prepare(options: argparse.Namespace) -> dict[str, Any]:
    """A county, a year that takes applications, and so many teachers of it who may apply, with their sessions."""
    import django

    django.setup()
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction
    from django.urls import reverse

    from junheng.facts.synthetic import make_county
    from junheng.web.directory.models import Organisation
    from junheng.web.staffing.intake import take_in

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    facts = make_county(teachers=max(400, 2 * options.teachers), seed=1)
    county = Organisation.objects.create(kind="county", code="990101", name=facts.name)
    take_in(county, facts, by=None, source="bench")
    year = _year(county)
    cookies, forms = [], []
    with transaction.atomic():
        for user, school in _teachers(year, options.teachers):
            session = SessionStore()
            session["_auth_user_id"] = str(user.pk)
            session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
            session["_auth_user_hash"] = user.get_session_auth_hash()
            session.create()
            cookies.append(session.session_key)
            forms.append(_form(school))
    return {"cookies": cookies, "forms": forms, "address": reverse("rotation:apply", args=(year.pk,))}


def _form(wish: Any) -> str:
    """What a browser sends, with the key of the form before the teacher."""
    from uuid import uuid4

    return urlencode(
        {
            "csrfmiddlewaretoken": TOKEN, "key": str(uuid4()), "form": "rotation", "wish_1": wish.pk, "obeys": "on",
            "reason": "愿意到乡村学校任教", "commute_limit_km": "30",
        }
    )  # fmt: skip


def _year(county: Any) -> Any:
    from django.utils import timezone

    from junheng.web.rotation.actions.years import Setting, set_up, shipped
    from junheng.web.rotation.models import Phase, PhaseKind
    from junheng.web.staffing.models import Snapshot

    setting = Setting(
        year=2026, pack=shipped("YUNLING"), on=date(2026, 8, 31), starts=date(2026, 9, 1), ends=date(2027, 8, 31)
    )
    days = {kind: (date(2026, 3, 2), date(2026, 3, 3)) for kind in PhaseKind}
    year = set_up(county, setting, days, by=None)
    now = timezone.now()
    year.snapshot = Snapshot.objects.create(id="S", county=county, on=year.on, digest="0" * 64, taken_at=now)
    year.frozen_at = now
    year.save()
    Phase.objects.filter(year=year, kind="applications").update(
        opens=now - timedelta(days=1), closes=now + timedelta(days=1)
    )
    return year


def _teachers(year: Any, count: int) -> Any:
    """Teachers with an account and a verdict, each with a school that teaches the stage and is not the own."""
    from django.utils import timezone

    from junheng.web.access import Role
    from junheng.web.directory.models import RoleGrant, User
    from junheng.web.rotation.models import Verdict
    from junheng.web.staffing.models import SchoolState, TeacherState

    schools = list(SchoolState.objects.as_of(year.on).select_related("school").order_by("school__code"))
    states = TeacherState.objects.as_of(year.on).select_related("teacher", "school").order_by("teacher__number")
    made = 0
    for state in states:
        other = [each for each in schools if state.stage in each.stages and each.school_id != state.school_id]
        if not other or made >= count:
            continue
        user = User.objects.create_user(
            username=f"t{made}", password=None, name=state.name, organisation=state.school, duty="business"
        )
        RoleGrant.objects.create(user=user, role=Role.TEACHER, organisation=state.school, start=date(2020, 1, 1))
        state.teacher.user = user
        state.teacher.save()
        Verdict.objects.create(
            year=year, teacher=state.teacher, school=state.school, word="in_scope", standing="may", clause="Y-03",
            snapshot=year.snapshot, judged_at=timezone.now(),
        )  # fmt: skip
        yield user, other[made % len(other)].school
        made += 1
    if made < count:
        raise SystemExit(f"the county has {made} teachers who could apply, {count} are needed")


def child_close(options: argparse.Namespace) -> dict[str, Any]:
    """Nobody has applied yet; puts the deadline, so many seconds from now."""
    import django

    django.setup()
    from junheng.web.rotation.models import Application, Phase

    Application.objects.all().delete()

    closes = datetime.now(UTC) + timedelta(seconds=options.closes)
    Phase.objects.filter(kind="applications").update(closes=closes)
    return {"closes": closes.timestamp()}


def child_count(_options: argparse.Namespace) -> dict[str, Any]:
    """What is stored: by the teacher's place in the row of clients, when it counts as handed in."""
    import django

    django.setup()
    from junheng.web.rotation.models import Application

    rows = Application.objects.values_list("teacher__user__username", "submitted_at")
    return {"stored": {name[1:]: moment.timestamp() for name, moment in rows}, "rows": rows.count()}


# --- the page -------------------------------------------------------------------------------------------------------


COLUMNS = (
    "database", "run", "in time", "in", "lost: s before", "rows", "receipts", "late", "late in", "faults", "p50 s",
    "p95 s", "max s", "drift",
)  # fmt: skip


def page(results: list[dict[str, Any]], arguments: str) -> str:
    """The measurements as a page."""
    versions = {name: metadata.version(name) for name in ("junheng", "django", "granian", "psycopg")}
    lines = [
        "# The deadline, measured",
        "",
        f"Written by `python benchmarks/deadline.py {arguments}`.".replace(" `.", "`."),
        "",
        "Every teacher has a connection of his own and sends twice; a tenth more send only after the deadline. Server,",
        "database and clients share the machine. *In* are those who sent in time and are stored; *late in* those who",
        "sent too late and are stored all the same, which must be none. The drift is the longest time between sending",
        "and the moment that counts: that at which our server had received the request, before it waited its turn, or",
        "in the last run that which a reverse proxy put into a header. *Lost: s before* is how long before the end",
        "the earliest of those sent who were refused although they sent in time.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
    ]
    for each in results:
        lines.append(
            f"| {each['database']} | {each['name']} | {each['in_time']} | {each['in']} |"
            f" {max((one['before'] for one in each['lost'].values()), default=0):.3f} | {each['rows']} |"
            f" {each['with_receipt']} | {each['late']} | {each['late_in']} | {each['faults']} | {each['p50']:.2f} |"
            f" {each['p95']:.2f} | {each['longest']:.2f} | {each['drift']:.3f} |"
        )
    return "\n".join([*lines, "", *machine.described(versions), ""])


if __name__ == "__main__":
    main()
