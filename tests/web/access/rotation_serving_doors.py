"""The part of the table of doors that is about placements in service; see ``doors.py``.

The teachers are made for it, so that what both schools of a placement read of each other is nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from junheng.web.access import Permission as May
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.years import Setting, set_up, shipped
from junheng.web.rotation.counting import first_of_month
from junheng.web.rotation.models import (
    Allowance,
    AllowanceRate,
    MonthlyReport,
    PhaseKind,
    Placement,
    RotationYear,
    SecondmentRecall,
    SharingMeeting,
    Task,
)
from junheng.web.staffing.models import SecondmentEntry, Teacher, TeacherState

COUNTIES = ("county", "other_county")
WAYS = {"hedong": "yucai", "xishan": "hedong", "yucai": "xishan", "faraway": ""}
"""Host and home of a placement; the far host has a school of its own county for a home."""
HOMES = frozenset(
    {("school_clerk", "hedong"), ("principal", "hedong"), ("principal_of_hedong", "xishan"),
     ("principal_of_xishan", "yucai")}
)  # fmt: skip
ABOVE_HOMES = HOMES | {("cluster_head", "xishan"), ("head_of_other_cluster", "yucai")}
"""Who reads a placement from the side of its home, besides those within reach of its host."""
EVERYBODY = frozenset(
    (name, "county")
    for name in (
        "teacher", "school_clerk", "principal", "cluster_head", "inspector", "principal_of_hedong",
        "principal_of_xishan", "head_of_other_cluster", "teacher_of_hedong",
    )
) | {("teacher_of_other_county", "other_county")}  # fmt: skip
"""Who works below a county and sees its year."""
Words = dict[str, Any]


def year_in_service(cast: Any, place: str) -> RotationYear:
    """A year of the county whose service has gone on for a hundred days; made once."""
    county, today = getattr(cast, place), timezone.localdate()
    found = RotationYear.objects.filter(county=county, year=2010).first()
    if found is not None:
        return found
    starts, ends = today - timedelta(days=100), today + timedelta(days=100)
    days = {kind: (date(2026, 3, 2), date(2026, 3, 3)) for kind in PhaseKind} | {PhaseKind.SERVICE: (starts, ends)}
    setting = Setting(year=2010, pack=shipped("YUNLING"), on=starts, starts=starts, ends=ends)
    return set_up(county, setting, days, by=None)


def placement(cast: Any, host: str, **given: Any) -> Placement:
    """A placement at the host, of a teacher made for it."""
    year = year_in_service(cast, "other_county" if host == "faraway" else "county")
    there = Placement.objects.filter(year=year, to_school=getattr(cast, host)).first()
    if there is not None:
        return there
    county, number = year.county, f"placed-{host}"
    home = getattr(cast, WAYS[host]) if WAYS[host] else Organisation.objects.create(
        kind="school", code="placed-home", name="同县另一所学校", parent=cast.faraway.parent, county=county
    )  # fmt: skip
    teacher = Teacher.objects.create(county=county, number=number)
    TeacherState.objects.create(
        teacher=teacher, name="某位教师", school=home, valid_from=year.starts, source="test", sex="F",
        birth_date=date(1985, 5, 12), stage="junior", main_subject="maths",
    )  # fmt: skip
    values = {
        "from_school": home, "to_school": getattr(cast, host), "stage": "junior", "subject": "maths",
        "start": year.starts, "end": year.ends, "status": "serving",
    } | given  # fmt: skip
    return Placement.objects.create(year=year, teacher=teacher, **values)


def placements(cast: Any, **more: Any) -> dict[str, Words]:
    """A placement at each of several hosts."""
    found = {host: placement(cast, host) for host in WAYS}
    return {host: {"pk": each.year_id, "placement": each.pk} | more for host, each in found.items()}


def _lent(cast: Any, place: str) -> Teacher:
    """A teacher of a county on secondment past its end."""
    county = getattr(cast, place)
    there = Teacher.objects.filter(county=county, number="lent").first()
    if there is not None:
        return there
    teacher = Teacher.objects.create(county=county, number="lent")
    since = timezone.localdate() - timedelta(days=400)
    SecondmentEntry.objects.create(
        teacher=teacher, direction="out", unit="x", start=since, end=since + timedelta(days=300), document_number="x",
        valid_from=since, source="test",
    )  # fmt: skip
    return teacher


def _recalls(cast: Any) -> dict[str, Words]:
    found = {}
    for place in COUNTIES:
        year, today = year_in_service(cast, place), timezone.localdate()
        made, _new = SecondmentRecall.objects.get_or_create(
            teacher=_lent(cast, place), start=today - timedelta(days=400),
            defaults={
                "year": year, "unit": "x", "end": today - timedelta(days=100), "number": "x", "issued_on": today,
                "days": 5, "return_by": today, "issued_by": cast.users["nobody"], "issued_at": timezone.now(),
            },
        )  # fmt: skip
        found[place] = {"pk": year.pk, "recall": made.pk}
    return found


def years_in_service(cast: Any, **more: Any) -> dict[str, Words]:
    return {place: {"pk": year_in_service(cast, place).pk} | more for place in COUNTIES}


def _tasks(cast: Any) -> dict[str, Words]:
    found = {host: placement(cast, host) for host in WAYS}
    return {
        host: {
            "pk": each.year_id, "placement": each.pk, "what": "task-judge",
            "row": Task.objects.create(placement=each, kind="lecture", set_at=timezone.now()).pk,
        }
        for host, each in found.items()
    }  # fmt: skip


def _months(make: bool = False) -> Callable[[Any], dict[str, Words]]:
    def found(cast: Any) -> dict[str, Words]:
        words = {}
        for host in WAYS:
            each = placement(cast, host)
            month = first_of_month(each.start)
            if make:
                MonthlyReport.objects.create(
                    year=each.year, school=each.to_school, month=month, words="x", submitted_at=timezone.now()
                )
            words[host] = {"pk": each.year_id, "school": each.to_school_id, "month": f"{month:%Y-%m}"}
        return words

    return found


def _reports(cast: Any) -> dict[str, Words]:
    words = {}
    for host in WAYS:
        each = placement(cast, host)
        made = MonthlyReport.objects.create(
            year=each.year, school=each.to_school, month=each.start, words="x", submitted_at=timezone.now()
        )
        words[host] = {"pk": each.year_id, "report": made.pk}
    return words


def _meetings(cast: Any) -> dict[str, Words]:
    words = {}
    for place in COUNTIES:
        year = year_in_service(cast, place)
        made = SharingMeeting.objects.create(
            year=year, month=year.starts, on=year.starts, place="x", topic="x", grounds="x"
        )
        words[place] = {"pk": year.pk, "meeting": made.pk}
    return words


def _allowances(cast: Any) -> dict[str, Words]:
    words = {}
    for host in WAYS:
        each = placement(cast, host)
        rate, _new = AllowanceRate.objects.get_or_create(
            year=each.year, name="交通补助",
            defaults={"amount": Decimal(1), "payer": "host", "clause": "x", "at": timezone.now()},
        )  # fmt: skip
        made = Allowance.objects.create(placement=each, rate=rate, month=each.start, amount=Decimal(1))
        words[host] = {"pk": each.year_id, "row": made.pk}
    return words


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    reading = {"needs": (May.ROTATION_VIEW,), "also": ABOVE_HOMES}
    everybody = {"also": EVERYBODY}
    return {
        "rotation:services": door(years_in_service, **everybody),
        "rotation:service_settings": door(years_in_service, form={"report_due_day": "5"}),
        "rotation:development_targets": door(years_in_service, form={"county_lecture": "2"}),
        "rotation:service": door(placements, **reading),
        "rotation:service_add": door(
            lambda cast: placements(cast, what="task"), needs=(May.ROTATION_SCHOOL,),
            form={"kind": "lecture", "target": "1"},
        ),
        "rotation:service_row": door(_tasks, needs=(May.ROTATION_SCHOOL,), form={"met": "1"}),
        "rotation:safeguards_lay": door(placements, needs=(May.ROTATION_SCHOOL, May.ROTATION_REVIEW), also=HOMES),
        "rotation:months": door(years_in_service, queries=("?month=2026-13", "?month=x"), **everybody),
        "rotation:month_school": door(_months(make=True)),
        "rotation:month_write": door(_months(), form={"words": "x"}),
        "rotation:month_decide": door(_reports, form={"return": "1", "opinion": "x"}),
        "rotation:sharing_new": door(years_in_service, form={"topic": "x"}),
        "rotation:sharing_record": door(_meetings, form={"outcome": "x"}),
        "rotation:problems": door(years_in_service, queries=("?unchecked=1",), **everybody),
        "rotation:changes": door(years_in_service, **everybody),
        "rotation:deductions": door(years_in_service, **everybody),
        "rotation:secondments": door(years_in_service),
        "rotation:recall_new": door(
            lambda cast: {
                place: {"pk": year_in_service(cast, place).pk, "teacher": _lent(cast, place).pk} for place in COUNTIES
            },
            form={"number": "x"},
        ),
        "rotation:recall_settle": door(_recalls, form={"outcome": "returned", "on": "2026-01-01"}),
        "rotation:journal": door(years_in_service, **everybody),
        "rotation:visits": door(years_in_service, **everybody),
        "rotation:visit_new": door(years_in_service, form={"visitor": "x"}),
        "rotation:leader_new": door(years_in_service, form={"school": "1"}),
        "rotation:allowances": door(years_in_service, **everybody),
        "rotation:rate_new": door(years_in_service, form={"name": "x", "amount": "1", "payer": "home"}),
        "rotation:allowances_lay": door(years_in_service),
        "rotation:allowance_paid": door(_allowances, needs=(May.ROTATION_SCHOOL,), form={"on": "2026-01-01"}),
    }  # fmt: skip
