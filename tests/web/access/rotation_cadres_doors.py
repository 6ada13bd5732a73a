"""The part of the table of doors that is about cadres; see ``doors.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.utils import timezone

COUNTIES = {"county": ("bureau_clerk", "alice", "yucai"), "other_county": ("clerk_of_other_county", "dave", "faraway")}
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
APPLICANTS = frozenset({("teacher", "county"), ("teacher_of_other_county", "other_county")})
READERS = APPLICANTS | {("bureau_leader", "county")}
START, END = date(2026, 9, 1), date(2029, 8, 31)


def model(name: str) -> Any:
    """A model of the room."""
    return apps.get_model(f"rotation.{name}")


def cadre_year(county: Any) -> Any:
    """A year of cadres, made once."""
    from junheng.web.rotation.actions.years import shipped

    whose = {"county": county, "year": 2026, "audience": "cadres"}
    given = {
        "title": "干部年度", "pack_code": "ST", "pack_title": "意见", "pack_source": shipped("ST"),
        "pack_digest": "0" * 64, "on": date(2026, 8, 31), "starts": START, "ends": date(2027, 8, 31),
        "created_at": timezone.now(),
    }  # fmt: skip
    return model("RotationYear").objects.get_or_create(**whose, defaults=given)[0]


def years(cast: Any) -> dict[str, dict[str, Any]]:
    """The year of each of two counties."""
    return {place: {"pk": cadre_year(getattr(cast, place)).pk} for place in COUNTIES}


def per_county(make: Callable[[Any, Any, Any, Any], dict[str, Any]]) -> Any:
    """An object of each county; ``make`` is given year, clerk, teacher and the teacher's school."""

    def found(cast: Any) -> dict[str, dict[str, Any]]:
        rows = {}
        for place, (clerk, who, school) in COUNTIES.items():
            year = cadre_year(getattr(cast, place))
            made = make(year, cast.users[clerk], cast.teachers[who], getattr(cast, school))
            rows[place] = {"pk": year.pk} | made
        return rows

    return found


def a_term(_year: Any, clerk: Any, teacher: Any, school: Any) -> dict[str, Any]:
    """A term."""
    made = model("CadreTerm").objects.create(
        teacher=teacher, school=school, role="principal", number=1, start=START, end=END, selection="open",
        goals="目标", entered_by=clerk, entered_at=timezone.now(),
    )  # fmt: skip
    return {"term_pk": made.pk}


def in_reserve(_year: Any, clerk: Any, teacher: Any, school: Any) -> dict[str, Any]:
    """Somebody in the reserve."""
    made = model("ReserveCadre").objects.create(
        teacher=teacher, school=school, category="vice", since=START, appraisal="好", by=clerk, at=timezone.now()
    )
    return {"entry_pk": made.pk}


def a_study(year: Any, clerk: Any, _teacher: Any, school: Any) -> dict[str, Any]:
    """An entry of the register of study."""
    made = model("Study").objects.create(
        county=year.county, kind="visit", theme="校园文化", start=START, end=START, host=school, entered_by=clerk,
        entered_at=timezone.now(),
    )  # fmt: skip
    return {"study_pk": made.pk}


def a_move(year: Any, clerk: Any, teacher: Any, school: Any) -> dict[str, Any]:
    """A move that waits for a second person."""
    other = apps.get_model("directory.Organisation").objects.filter(kind="school").exclude(pk=school.pk).first()
    made = model("CadreMove").objects.create(
        year=year, teacher=teacher, from_school=school, to_school=other, role="dean", form="post", start=START,
        end=END, reason="需要", proposed_by=clerk, proposed_at=timezone.now(),
    )  # fmt: skip
    return {"move_pk": made.pk}


def a_post(year: Any, clerk: Any, _teacher: Any, school: Any) -> Any:
    """A post at another school of the county, for which applications are taken."""
    other = apps.get_model("directory.Organisation").objects.filter(kind="school", county=year.county)
    other = other.exclude(pk=school.pk).first() or school
    given = {"places": 1, "requirements": "条件", "apply_by": date(2099, 1, 1), "published_at": timezone.now(),
             "published_by": clerk}  # fmt: skip
    return model("OpenPost").objects.get_or_create(year=year, school=other, role="dean", defaults=given)[0]


def an_open_post(year: Any, clerk: Any, teacher: Any, school: Any) -> dict[str, Any]:
    """The post."""
    return {"post_pk": a_post(year, clerk, teacher, school).pk}


def an_application(year: Any, clerk: Any, teacher: Any, school: Any) -> dict[str, Any]:
    """The county's teacher applies for it."""
    post, now = a_post(year, clerk, teacher, school), timezone.now()
    made, _new = model("PostApplication").objects.get_or_create(
        post=post, teacher=teacher,
        defaults={"school": school, "number": f"D-{year.pk}", "reason": "想去", "submitted_at": now, "received_at": now,
                  "key": uuid4()},
    )  # fmt: skip
    return {"key": made.pk}


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    from junheng.web.access import Permission as May

    planners = (May.ROTATION_PLAN, May.ROTATION_ADOPT)
    move, reason = per_county(a_move), {"reason": "改派"}
    applied, bureau = per_county(an_application), (May.ROTATION_REVIEW, *planners)
    return {
        "rotation:terms": door(years, also=OFFICES),
        "rotation:term_new": door(years),
        "rotation:term_review": door(per_county(a_term), form={"review": "完成"}),
        "rotation:reserve": door(years, also=OFFICES),
        "rotation:reserve_new": door(years),
        "rotation:reserve_remove": door(per_county(in_reserve), form={"until": "2027-09-01", "reason": "提任"}),
        "rotation:studies": door(years, also=OFFICES),
        "rotation:study_new": door(years),
        "rotation:study_strike": door(per_county(a_study), form=reason),
        "rotation:open_posts": door(years, also=OFFICES | TEACHERS),
        "rotation:open_post_new": door(years),
        "rotation:post_apply": door(per_county(an_open_post), also=TEACHERS, own_account=True),
        "rotation:post_applications": door(years, needs=bureau),
        "rotation:post_application": door(applied, needs=bureau, also=APPLICANTS, reads_only=READERS),
        "rotation:post_application_withdraw": door(applied, also=APPLICANTS, by="person"),
        "rotation:post_application_propose": door(applied),
        "rotation:cadre_moves": door(years),
        "rotation:cadre_move_new": door(years),
        "rotation:cadre_move": door(move, needs=planners),
        "rotation:cadre_move_confirm": door(move),
        "rotation:cadre_move_withdraw": door(move, form=reason),
    }
