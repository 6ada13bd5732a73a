"""The part of the table of doors that is about orders, placements, reporting for duty and papers; see ``doors.py``."""

from __future__ import annotations

import importlib.util
import sys
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from junheng.web.access import Permission as May
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models import (
    Caution,
    CautionKind,
    Order,
    OrderLine,
    Phase,
    PhaseKind,
    Placement,
    PlacementStatus,
    RotationYear,
    StepKind,
)


def _years() -> Any:
    name = "web_access_rotation_years_doors"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "rotation_years_doors.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def _year(cast: Any, place: str) -> RotationYear:
    """The year of a county, in which orders and reporting are open now."""
    year = _years().year_of(cast, place)
    now = timezone.now()
    Phase.objects.filter(year=year, kind__in=(PhaseKind.ORDERS, PhaseKind.REPORTING)).update(
        opens=now - timedelta(days=1), closes=now + timedelta(days=1)
    )
    return year


def _order(cast: Any, year: RotationYear) -> Order:
    return Order.objects.get_or_create(
        year=year, batch=1,
        defaults={
            "number": "教〔2026〕1号", "signer": "局长", "issued_on": date(2026, 8, 20), "report_by": date(2026, 9, 1),
            "issued_by": cast.users["section_head"], "issued_at": timezone.now(), "key": uuid.uuid4(),
        },
    )[0]  # fmt: skip


def _placement(cast: Any, year: RotationYear, who: str, home: Any, host: Any) -> Placement:
    made, new = Placement.objects.get_or_create(
        year=year, teacher=cast.teachers[who],
        defaults={
            "from_school": home, "to_school": host, "stage": "junior", "subject": "maths", "start": date(2026, 9, 1),
            "end": date(2027, 8, 31), "status": PlacementStatus.ORDERED,
        },
    )  # fmt: skip
    if new:
        order = _order(cast, year)
        OrderLine.objects.create(order=order, placement=made, letter=order.lines.count() + 1)
        for kind in CautionKind:
            Caution.objects.create(
                placement=made, kind=kind, days=15, clause="第十条", because="逾期", drafted_at=timezone.now(),
                drafted_by=cast.users["bureau_leader"],
            )  # fmt: skip
    return made


def _pair(cast: Any) -> dict[str, tuple[RotationYear, Placement]]:
    """A placement within 云山县, known by its home, and one in the other county."""
    year, other = _year(cast, "county"), _year(cast, "other_county")
    return {
        "yucai": (year, _placement(cast, year, "eve", cast.yucai, cast.hedong)),
        "faraway": (other, _placement(cast, other, "dave", cast.faraway, _second(cast))),
    }


def _second(cast: Any) -> Any:
    """Another school of the other county, at which nobody of the cast works."""
    parent = cast.faraway.parent
    return Organisation.objects.get_or_create(
        kind="school", code="9901020002", defaults={"name": "清源县第二中学", "parent": parent, "county": parent.county}
    )[0]


def by_home(cast: Any, **more: Any) -> dict[str, dict[str, Any]]:
    """A placement of each county under its home school."""
    return {
        place: {"pk": year.pk, "key": placement.pk} | more for place, (year, placement) in _pair(cast).items()
    }  # fmt: skip


def by_host(cast: Any, **more: Any) -> dict[str, dict[str, Any]]:
    """The placement of 云山县 under its host school."""
    year, placement = _pair(cast)["yucai"]
    return {"hedong": {"pk": year.pk, "key": placement.pk} | more}


def of_county(cast: Any, **more: Any) -> dict[str, dict[str, Any]]:
    """A placement of each county under the county."""
    places = {"yucai": "county", "faraway": "other_county"}
    return {
        places[place]: {"pk": year.pk, "key": placement.pk} | more
        for place, (year, placement) in _pair(cast).items()
    }  # fmt: skip


def years(cast: Any) -> dict[str, dict[str, Any]]:
    """The year of each county."""
    return {place: {"pk": _year(cast, place).pk} for place in ("county", "other_county")}


def orders(cast: Any) -> dict[str, dict[str, Any]]:
    """The order of each county."""
    places = {"yucai": "county", "faraway": "other_county"}
    return {
        places[place]: {"pk": year.pk, "order": _order(cast, year).pk} for place, (year, _) in _pair(cast).items()
    }  # fmt: skip


def rosters(cast: Any) -> dict[str, dict[str, Any]]:
    """The roster of each school, in the year of its county."""
    return {
        place: {
            "pk": _year(cast, "other_county" if place == "faraway" else "county").pk, "kind": "roster",
            "key": getattr(cast, place).pk,
        }
        for place in ("yucai", "hedong", "xishan", "faraway")
    }  # fmt: skip


BELOW = frozenset(
    (name, "county")
    for name in (
        "school_clerk", "principal", "cluster_head", "inspector", "principal_of_hedong", "principal_of_xishan",
        "head_of_other_cluster",
    )
)  # fmt: skip
"""Offices below the county: they see its year, and of its lists what is theirs."""
NAMED = frozenset((name, "county") for name in ("school_clerk", "principal", "cluster_head", "principal_of_hedong"))
"""Offices of both schools of the placement, and above them."""
HOST_AND_SELF = frozenset({("principal_of_hedong", "yucai"), ("teacher_of_other_county", "faraway")})


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    of_host = {"objects": by_host, "needs": (May.ROTATION_SCHOOL,)}
    return {
        "rotation:paper": door(rosters, needs=(May.ROTATION_VIEW,), queries=("?docx",)),
        "rotation:orders": door(years, also=BELOW),
        "rotation:order_new": door(years, form={"number": "教〔2026〕2号", "signer": "局长"}),
        "rotation:order": door(orders, also=NAMED),
        "rotation:placements": door(years, also=BELOW),
        "rotation:placement": door(by_home, needs=(May.ROTATION_VIEW,), also=HOST_AND_SELF),
        "rotation:arrangement": door(
            **of_host, form={"classes": "初一（1）班", "subject": "数学", "weekly_periods": "10"}
        ),
        "rotation:step": door(
            lambda cast: by_home(cast, kind=StepKind.SENT), needs=(May.ROTATION_SCHOOL,),
            form={"done_on": "2026-08-31"},
        ),
        "rotation:step_strike": door(
            lambda cast: by_host(cast, kind=StepKind.SLIP), needs=(May.ROTATION_SCHOOL,), form={"reason": "试一试"}
        ),
        "rotation:placement_change": door(of_county, form={"reason": "试一试"}),
        "rotation:placement_revoke": door(of_county, form={"reason": "试一试"}),
        "rotation:reporting": door(years, also=BELOW),
        "rotation:arrival": door(**of_host, form={"on": "2026-08-31"}),
        "rotation:caution_draft": door(lambda cast: of_county(cast, kind=CautionKind.ADMONITION)),
        "rotation:caution_review": door(of_county, form={"lawful": "1", "opinion": "试一试"}),
        "rotation:caution_issue": door(
            lambda cast: of_county(cast, kind=CautionKind.ADMONITION), form={"number": "教告〔2026〕1号"}
        ),
    }  # fmt: skip
