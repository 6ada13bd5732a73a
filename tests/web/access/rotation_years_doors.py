"""The part of the table of doors that is about rotation years, confirmation, verdicts and appeals; see ``doors.py``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from junheng.web.access import Permission as May
from junheng.web.rotation.actions.years import Setting, proposed_dates, set_up, shipped
from junheng.web.rotation.models import RotationYear

COUNTIES = ("county", "other_county")
TEACHERS = {"yucai": "alice", "hedong": "bob", "xishan": "carol", "faraway": "dave"}
COUNTY_OF = {"yucai": "county", "hedong": "county", "xishan": "county", "faraway": "other_county"}
OWN = frozenset({("teacher", "yucai"), ("teacher_of_hedong", "hedong"), ("teacher_of_other_county", "faraway")})


def model(name: str) -> Any:
    """A model of the room."""
    return apps.get_model(f"rotation.{name}")


def year_of(cast: Any, place: str) -> RotationYear:
    """The year of a county, made once."""
    county = getattr(cast, place)
    found = RotationYear.objects.filter(county=county).first()
    if found is not None:
        return found
    setting = Setting(
        year=2026, pack=shipped("YUNLING"), on=date(2026, 8, 31), starts=date(2026, 9, 1), ends=date(2027, 8, 31)
    )
    return set_up(county, setting, proposed_dates(county, date(2026, 3, 2), setting.starts, setting.ends), by=None)


def years(cast: Any, **more: Any) -> dict[str, dict[str, Any]]:
    """The year of each of two counties."""
    return {place: {"pk": year_of(cast, place).pk} | more for place in COUNTIES}


EVERYBODY_OF_COUNTY = frozenset(
    (name, "county")
    for name in (
        "teacher", "school_clerk", "principal", "cluster_head", "inspector", "principal_of_hedong",
        "principal_of_xishan", "head_of_other_cluster", "teacher_of_hedong",
    )
) | {("teacher_of_other_county", "other_county")}  # fmt: skip
"""Who works below a county and sees its year."""


def per_person(make: Any) -> Any:
    """The same by the accounts of those whom it is about."""

    def found(cast: Any) -> dict[str, dict[str, Any]]:
        accounts = {"yucai": "teacher", "hedong": "teacher_of_hedong", "faraway": "teacher_of_other_county"}
        return {accounts[place]: words for place, words in per_teacher(make)(cast).items() if place in accounts}

    return found


def per_teacher(make: Any) -> Any:
    """An object about a teacher of each school; ``make`` is given cast, year and teacher."""

    def found(cast: Any) -> dict[str, dict[str, Any]]:
        rows = {}
        for place, who in TEACHERS.items():
            teacher = cast.teachers[who]
            year = year_of(cast, COUNTY_OF[place])
            rows[place] = {"pk": year.pk} | make(cast, year, teacher)
        return rows

    return found


def a_verdict(cast: Any, year: Any, teacher: Any) -> Any:
    """A verdict on a teacher, made once."""
    found = model("Verdict").objects.filter(year=year, teacher=teacher, current=True).first()
    if found is not None:
        return found
    snapshot, _new = apps.get_model("staffing.Snapshot").objects.get_or_create(
        id=f"door-{year.county_id}",
        defaults={"county": year.county, "on": date(2026, 8, 31), "digest": "0" * 64, "taken_at": timezone.now()},
    )
    return model("Verdict").objects.create(
        year=year, teacher=teacher, school=teacher.state.school, word="excluded", standing="no", clause="第一条",
        because_zh="理由", because_en="reason", facts_text="", snapshot=snapshot, judged_at=timezone.now(),
    )  # fmt: skip


def with_verdict(cast: Any, year: Any, teacher: Any) -> dict[str, Any]:
    """The notice of a teacher's verdict."""
    a_verdict(cast, year, teacher)
    return {"teacher_pk": teacher.pk}


def years_of_judged(cast: Any) -> dict[str, dict[str, Any]]:
    """Years in which everybody has a verdict."""
    per_teacher(with_verdict)(cast)
    return years(cast)


def with_appeal(cast: Any, year: Any, teacher: Any) -> dict[str, Any]:
    """A teacher's appeal."""
    author = teacher.user or cast.users["nobody"]
    held = model("FactAppeal").objects.create(
        year=year, verdict=a_verdict(cast, year, teacher), text="事实不对", submitted_by=author,
        submitted_at=timezone.now(), due=date(2026, 9, 8),
    )  # fmt: skip
    return {"appeal_pk": held.pk}


BELOW = frozenset(
    (name, "county")
    for name in (
        "school_clerk", "principal", "cluster_head", "inspector", "principal_of_hedong", "principal_of_xishan",
        "head_of_other_cluster",
    )
)  # fmt: skip
BELOW_TEACHERS = frozenset({("teacher", "county"), ("teacher_of_hedong", "county"),
                            ("teacher_of_other_county", "other_county")})  # fmt: skip


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    reviewed = (May.ROTATION_REVIEW,)
    return {
        "rotation:years": door(),
        "rotation:year_new": door(),
        "rotation:year": door(years, also=EVERYBODY_OF_COUNTY),
        "rotation:phase_move": door(lambda cast: years(cast, kind="applications"), form={"reason": "试一试"}),
        "rotation:calendar": door(years, form={"day": "2026-05-05", "working": "1"}),
        "rotation:confirmations": door(years, needs=(May.ROTATION_VIEW,), also=BELOW),
        "rotation:confirm": door(years, needs=(May.ROTATION_OWN,), also=BELOW_TEACHERS),
        "rotation:confirm_in_stead": door(
            per_teacher(lambda _cast, _year, teacher: {"teacher_pk": teacher.pk}), form={"reason": "代为核对"}
        ),
        "rotation:verdicts": door(years, needs=(May.ROTATION_VIEW,), also=BELOW),
        "rotation:freeze": door(years),
        "rotation:served": door(years, needs=(May.ROTATION_VIEW,), also=BELOW),
        "rotation:fix_anew": door(years),
        "rotation:verdict": door(per_teacher(with_verdict), needs=(May.ROTATION_VIEW,), also=OWN),
        "rotation:appeals": door(years, needs=reviewed, also=BELOW_TEACHERS),
        "rotation:appeal_new": door(years_of_judged, needs=(May.ROTATION_OWN,), also=BELOW_TEACHERS),
        "rotation:appeal": door(per_teacher(with_appeal), needs=reviewed, also=OWN, reads_only=OWN),
        "rotation:appeal_withdraw": door(per_person(with_appeal), by="person"),
    }
