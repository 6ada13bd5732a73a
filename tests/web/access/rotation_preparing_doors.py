"""The part of the table of doors that is about preparation and documents; see ``doors.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from junheng.web.access import Permission as May

COUNTIES = {"county": "bureau_clerk", "other_county": "clerk_of_other_county"}
SCHOOLS = {"yucai": "county", "hedong": "county", "xishan": "county", "faraway": "other_county"}
OFFICES = frozenset(
    (name, "county")
    for name in (
        "school_clerk", "principal", "cluster_head", "inspector", "principal_of_hedong", "principal_of_xishan",
        "head_of_other_cluster",
    )
)  # fmt: skip
TEACHERS = frozenset(
    {("teacher", "county"), ("teacher_of_hedong", "county"), ("teacher_of_other_county", "other_county")}
)
NOW = timezone.now


def model(name: str) -> Any:
    """A model of the room."""
    return apps.get_model(f"rotation.{name}")


def year_of(county: Any) -> Any:
    """A year of a county with a pack that comes with the library, made once."""
    from junheng.web.rotation.actions.years import shipped

    given = {
        "title": "试行年度", "pack_code": "YUNLING", "pack_title": "办法", "pack_source": shipped("YUNLING"),
        "pack_digest": "0" * 64, "on": date(2026, 8, 31), "starts": date(2026, 9, 1), "ends": date(2027, 8, 31),
        "created_at": NOW(),
    }  # fmt: skip
    made: Any = model("RotationYear").objects.get_or_create(
        county=county, year=2026, audience="teachers", defaults=given
    )
    return made[0]


def years(cast: Any) -> dict[str, dict[str, Any]]:
    """The year of each of two counties."""
    return {place: {"pk": year_of(getattr(cast, place)).pk} for place in COUNTIES}


def per_county(make: Callable[[Any, Any], dict[str, Any]]) -> Any:
    """An object of each county's year; ``make`` is given the year and the county's clerk."""

    def found(cast: Any) -> dict[str, dict[str, Any]]:
        rows = {}
        for place, who in COUNTIES.items():
            year = year_of(getattr(cast, place))
            rows[place] = {"pk": year.pk} | make(year, cast.users[who])
        return rows

    return found


def per_school(make: Callable[[Any, Any], dict[str, Any]]) -> Any:
    """An object of each school; ``make`` is given the year and the school."""

    def found(cast: Any) -> dict[str, dict[str, Any]]:
        rows = {}
        for place, county in SCHOOLS.items():
            year = year_of(getattr(cast, county))
            rows[place] = {"pk": year.pk} | make(year, getattr(cast, place))
        return rows

    return found


def a_body(year: Any, school: Any) -> dict[str, Any]:
    """A school's work group."""
    made = model("WorkBody").objects.create(
        year=year, organisation=school, kind="school", name="工作小组", set_up_on=date(2026, 3, 2), at=NOW()
    )
    return {"body_pk": made.pk}


def a_meeting(year: Any, school: Any) -> dict[str, Any]:
    """A school's meeting."""
    made = model("Meeting").objects.create(
        year=year, organisation=school, kind="mobilisation", title="动员会", held_on=date(2026, 3, 2), expected=2,
        attended=1, minutes="记录", at=NOW(),
    )  # fmt: skip
    return {"meeting_pk": made.pk}


def a_document(kind: str, *, issued: bool) -> Callable[[Any, Any], dict[str, Any]]:
    """A document of a county, issued or a draft."""

    def make(year: Any, clerk: Any) -> dict[str, Any]:
        number = f"文〔2026〕{model('OfficialDocument').objects.count() + 1}号"
        given = {"number": number, "issued_on": date(2026, 3, 2), "issued_at": NOW()} if issued else {}
        made = model("OfficialDocument").objects.create(
            year=year, kind=kind, title="文件", text="正文", drafted_by=clerk, drafted_at=NOW(), **given
        )
        return {"document_pk": made.pk}

    return make


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    seen, letter = (May.ROTATION_VIEW, May.ROTATION_FOLLOW), per_county(a_document("letter", issued=True))
    draft = per_county(a_document("notice", issued=False))
    signers = frozenset((name, "county") for name in ("principal", "principal_of_hedong", "principal_of_xishan"))
    issue = {"number": "文〔2026〕9号", "issued_on": "2026-03-03"}
    return {
        "rotation:pack": door(years, also=OFFICES),
        "rotation:parameters": door(years),
        "rotation:what_if": door(years, queries=("?settings=x%3D1",)),
        "rotation:bodies": door(years, also=OFFICES),
        "rotation:body_new": door(years, also=OFFICES | TEACHERS),
        "rotation:body": door(per_school(a_body), needs=seen),
        "rotation:meetings": door(years, also=OFFICES),
        "rotation:meeting_new": door(years, also=OFFICES | TEACHERS),
        "rotation:meeting": door(per_school(a_meeting), needs=seen),
        "rotation:quotas": door(years, also=OFFICES | TEACHERS),
        "rotation:quotas_publish": door(years),
        "rotation:needs": door(years, also=OFFICES | TEACHERS),
        "rotation:needs_publish": door(years),
        "rotation:papers": door(years, also=OFFICES | TEACHERS),
        "rotation:document_new": door(years),
        "rotation:document": door(letter, also=OFFICES | TEACHERS),
        "rotation:document_edit": door(draft),
        "rotation:document_read": door(letter, also=OFFICES | TEACHERS),
        "rotation:document_sign": door(letter, also=signers),
        "rotation:document_issue": door(draft, form=issue),
    }
