"""A rotation year of the cast's county, with the phases that a test wants open now."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from junheng.web.rotation.actions import notices
from junheng.web.rotation.actions.adopting import propose
from junheng.web.rotation.actions.years import Setting, set_up, shipped
from junheng.web.rotation.models import Phase, PhaseKind, Placement, RotationYear, Verdict
from junheng.web.rotation.workdays import end_of, start_of
from junheng.web.staffing.models import AppointmentEntry, Snapshot, TeacherState

MakeYear = Callable[..., RotationYear]


def _beside(name: str) -> Any:
    """A module beside this file."""
    spec = importlib.util.spec_from_file_location(f"web_rotation_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


planned, light_rows = _beside("planned"), _beside("light")
NOTICE = {
    "title": "关于2026年拟交流轮岗教师名单的公示", "issuer": "明岚县教育局", "basis": "明岚县教师交流轮岗实施办法",
    "text": "经审核和排定，现将名单公示如下。", "office": "明岚县教育局人事科", "phone": "0990-8123456", "days": 5,
    "answer_days": 10,
}  # fmt: skip


def open_now(year: RotationYear, *kinds: PhaseKind) -> RotationYear:
    """Puts the phases in their order round the present moment: what is named is open, the rest is over or ahead."""
    now, order = timezone.now(), list(PhaseKind)
    first = min((order.index(kind) for kind in kinds), default=len(order))
    for place, kind in enumerate(order):
        if kind in kinds:
            opens, closes = now - timedelta(days=1), now + timedelta(days=3)
        elif place < first:
            opens, closes = now - timedelta(days=40 - 2 * place), now - timedelta(days=39 - 2 * place)
        else:
            opens, closes = now + timedelta(days=10 + 2 * place), now + timedelta(days=11 + 2 * place)
        Phase.objects.filter(year=year, kind=kind.value).update(opens=opens, closes=closes)
    return RotationYear.objects.get(pk=year.pk)


@pytest.fixture(scope="session")
def light() -> Any:
    """Plans and placements as rows, see ``light.py``."""
    return light_rows


@pytest.fixture
def make_year(cast: Any) -> MakeYear:
    """Makes the year of a county (the cast's own unless said) whose named phases are open now."""

    def make(*kinds: PhaseKind, pack: str = "YUNLING", county: Any = None, **given: Any) -> RotationYear:
        setting = Setting(
            **{
                "year": 2026, "pack": shipped(pack), "on": date(2026, 8, 31), "starts": date(2026, 9, 1),
                "ends": date(2027, 8, 31),
            } | given
        )  # fmt: skip
        days = {kind: (date(2026, 3, 2), date(2026, 3, 3)) for kind in PhaseKind}
        return open_now(set_up(county or cast.county, setting, days, by=cast.users["bureau_clerk"]), *kinds)

    return make


@pytest.fixture
def judge(cast: Any) -> Callable[..., Verdict]:
    """Gives a teacher of the cast a verdict in a year."""

    def given(year: RotationYear, who: str | Any, standing: str = "may", **fields: Any) -> Verdict:
        teacher = cast.teachers[who] if isinstance(who, str) else who
        snapshot, _new = Snapshot.objects.get_or_create(
            id=f"S-{year.county_id}", county=year.county, on=year.on, digest="0" * 64,
            defaults={"taken_at": timezone.now(), "taken_by": cast.users["bureau_clerk"]},
        )  # fmt: skip
        frozen = RotationYear.objects.filter(pk=year.pk, frozen_at=None)
        frozen.update(snapshot=snapshot, frozen_at=timezone.now())
        year.refresh_from_db(fields=["snapshot", "frozen_at"])
        words = {"word": "in_scope", "clause": "Y-03", "because_zh": "在同校任教满六年", "because_en": "six years"}
        return Verdict.objects.create(
            year=year, teacher=teacher, school=teacher.state.school, standing=standing, snapshot=snapshot,
            judged_at=timezone.now(), **(words | fields),
        )  # fmt: skip

    return given


class Service:
    """Placements in service: alice of 育才 serves at 河东 from September 2026 to August 2027, by her own clock."""

    starts, ends = date(2026, 9, 1), date(2027, 8, 31)

    def __init__(self, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cast, self.patch = cast, monkeypatch

    def at(self, month: int, day: int, hour: int = 10, *, year: int = 0) -> datetime:
        """A moment of the school year 2026, local time."""
        plain = datetime(year or (2026 if month >= 9 else 2027), month, day, hour)  # noqa: DTZ001 - made aware below
        return timezone.make_aware(plain)

    def now(self, *moment: int, year: int = 0) -> datetime:
        """Puts the clock to a moment of the school year."""
        there = self.at(*moment, year=year)
        self.patch.setattr(timezone, "now", lambda: there)
        return there

    def year(self, pack: str = "YUNLING", **given: Any) -> RotationYear:
        """A year whose service runs from September to August, with assessment and archive after it."""
        county = given.pop("county", self.cast.county)
        setting = Setting(
            year=2026, pack=given.pop("source", "") or shipped(pack), on=date(2026, 8, 31), starts=self.starts,
            ends=self.ends, **given,
        )  # fmt: skip
        days = {kind: (date(2026, 3, 2), date(2026, 3, 3)) for kind in PhaseKind}
        days[PhaseKind.SERVICE] = (self.starts, self.ends)
        days[PhaseKind.ASSESSMENT] = (date(2027, 9, 1), date(2027, 9, 15))
        days[PhaseKind.ARCHIVE] = (date(2027, 9, 16), date(2027, 9, 30))
        return set_up(county, setting, days, by=self.cast.users["bureau_clerk"])

    def placed(self, year: RotationYear, who: str = "alice", **given: Any) -> Placement:
        """A placement that serves, with its spell and the place of work in the personnel file."""
        teacher = self.cast.teachers[who]
        values = {
            "from_school": self.cast.yucai, "to_school": self.cast.hedong, "stage": "primary", "subject": "maths",
            "start": self.starts, "end": self.ends, "status": "serving", "reported_on": self.starts,
        } | given  # fmt: skip
        made = Placement.objects.create(year=year, teacher=teacher, **values)
        AppointmentEntry.objects.create(
            teacher=teacher, school_id=made.to_school.code, kind="exchange", start=made.start, valid_from=made.start,
            source="test", personnel_moved=made.relation_moved,
        )  # fmt: skip
        state = TeacherState.objects.filter(teacher=teacher, valid_until__isnull=True)
        state.update(teaching_school=made.to_school)
        return made

    def open(self, year: RotationYear, kind: PhaseKind, first: date, last: date) -> None:
        """Gives a phase whole days."""
        Phase.objects.filter(year=year, kind=kind.value).update(opens=start_of(first), closes=end_of(last))


@pytest.fixture
def service(cast: Any, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Makes years and placements in service, and sets the clock."""
    return Service(cast, monkeypatch)


@pytest.fixture(scope="module")
def bureau_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A county of 400 teachers with its year in planning, for all tests of a module, which leave it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield planned.found_bureau()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ready_of_module(bureau_of_module: Any, django_db_blocker: Any) -> Any:
    """The same with a scenario that keeps every rule."""
    with django_db_blocker.unblock():
        bureau_of_module.scenario = bureau_of_module.compute("第一方案")
    return bureau_of_module


@pytest.fixture
def bureau(bureau_of_module: Any, db: None) -> Any:
    """The county of the module in a transaction of the test's own."""
    bureau_of_module.year.refresh_from_db()
    return bureau_of_module


@pytest.fixture
def ready(ready_of_module: Any, db: None) -> Any:
    """The county with a scenario that keeps every rule, ``ready.scenario``."""
    ready_of_module.year.refresh_from_db()
    ready_of_module.scenario.refresh_from_db()
    ready_of_module.words = NOTICE
    return ready_of_module


@pytest.fixture
def small_ready(transactional_db: None) -> Any:
    """A county with a plan in tables that several connections see."""
    found = planned.found_bureau()
    found.scenario, found.words = found.compute("第一方案"), NOTICE
    return found


@pytest.fixture
def shown(ready: Any) -> Any:
    """The county with its plan proposed and published, ``shown.notice``, ``shown.at`` the moment."""
    ready.at = planned.NOW
    ready.open(PhaseKind.NOTICE, PhaseKind.OBJECTIONS, PhaseKind.PLANNING, at=ready.at)
    propose(ready.scenario, by=ready.users["head"], version=ready.scenario.version, at=ready.at)
    drafted = notices.draft(ready.year, kind="results", words=NOTICE, by=ready.users["clerk"], at=ready.at)
    ready.notice = notices.publish(drafted, by=ready.users["head"], at=ready.at)
    return ready
