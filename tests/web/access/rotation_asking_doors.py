"""The part of the table of doors that is about applications, deferrals, nominations and review; see ``doors.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.utils import timezone

from junheng.web.access import Permission as May

PEOPLE = {"yucai": "alice", "hedong": "bob", "xishan": "carol", "faraway": "dave"}
OWNERS = {"teacher": "yucai", "teacher_of_hedong": "hedong", "teacher_of_other_county": "faraway"}
TEACHERS = frozenset(
    {("teacher", "county"), ("teacher_of_hedong", "county"), ("teacher_of_other_county", "other_county")}
)
OF_SCHOOL = ("school_clerk", "principal", "principal_of_hedong", "principal_of_xishan")
TEXT = {"reason": "试一试", "opinion": "试一试"}


def model(name: str) -> Any:
    """A model of the room."""
    return apps.get_model(f"rotation.{name}")


def year_at(cast: Any, place: str) -> Any:
    """The year of the county of a place, made once."""
    from junheng.web.rotation.actions.years import Setting, proposed_dates, set_up, shipped

    county = cast.other_county if place in {"faraway", "other_county"} else cast.county
    found = model("RotationYear").objects.filter(county=county).first()
    if found is not None:
        return found
    setting = Setting(
        year=2026, pack=shipped("YUNLING"), on=date(2026, 8, 31), starts=date(2026, 9, 1), ends=date(2027, 8, 31)
    )
    return set_up(county, setting, proposed_dates(county, date(2026, 3, 2), setting.starts, setting.ends), by=None)


def years(cast: Any) -> dict[str, dict[str, Any]]:
    """The year of each of two counties."""
    return {place: {"pk": year_at(cast, place).pk} for place in ("county", "other_county")}


def at_schools(cast: Any, **more: Any) -> dict[str, dict[str, Any]]:
    """Each school in the year of its county."""
    return {
        place: {"pk": year_at(cast, place).pk, "school": getattr(cast, place).pk} | more for place in PEOPLE
    }  # fmt: skip


def people_of_schools(cast: Any) -> dict[str, dict[str, Any]]:
    """A teacher of each school, in the year of its county."""
    found = at_schools(cast)
    return {place: found[place] | {"teacher": cast.teachers[who].pk} for place, who in PEOPLE.items()}


def _application(cast: Any, place: str) -> Any:
    teacher, now = cast.teachers[PEOPLE[place]], timezone.now()
    found = model("Application").objects.filter(teacher=teacher, year=year_at(cast, place)).first()
    return found or model("Application").objects.create(
        year=year_at(cast, place), teacher=teacher, school=getattr(cast, place), number=f"N-{place}", submitted_at=now,
        received_at=now, key=uuid4(),
    )  # fmt: skip


def applications(cast: Any) -> dict[str, dict[str, Any]]:
    """An application of a teacher of each school."""
    made = {place: _application(cast, place) for place in PEOPLE}
    return {place: {"pk": each.year_id, "application": each.pk} for place, each in made.items()}


def applications_of_teachers(cast: Any) -> dict[str, dict[str, Any]]:
    """The application of each teacher who has an account."""
    found = applications(cast)
    return {who: found[place] for who, place in OWNERS.items()}


def _relief(cast: Any, place: str) -> Any:
    teacher, now = cast.teachers[PEOPLE[place]], timezone.now()
    year = year_at(cast, place)
    return model("Relief").objects.filter(year=year, teacher=teacher).first() or model("Relief").objects.create(
        year=year, teacher=teacher, school=getattr(cast, place), ground="family", ground_text="家中有事",
        office="县教育局", requested_by=teacher.user or cast.users["nobody"], requested_at=now, received_at=now,
        key=uuid4(),
    )  # fmt: skip


def reliefs(cast: Any) -> dict[str, dict[str, Any]]:
    """A request of a teacher of each school."""
    made = {place: _relief(cast, place) for place in PEOPLE}
    return {place: {"pk": each.year_id, "relief": each.pk} for place, each in made.items()}


def reliefs_of_teachers(cast: Any) -> dict[str, dict[str, Any]]:
    """The request of each teacher who has an account."""
    found = reliefs(cast)
    return {who: found[place] for who, place in OWNERS.items()}


def notices(cast: Any) -> dict[str, dict[str, Any]]:
    """A notice at each school."""
    made = {}
    for place in PEOPLE:
        today = timezone.localdate()
        year, school = year_at(cast, place), getattr(cast, place)
        notice = model("SchoolNotice").objects.filter(year=year, organisation=school).first()
        notice = notice or model("SchoolNotice").objects.create(
            year=year, organisation=school, days=5, posted_on=today, last_day=today + timedelta(days=7), place="x",
            by=cast.users["principal"], at=timezone.now(),
        )  # fmt: skip
        made[place] = {"pk": year.pk, "school": school.pk, "notice": notice.pk}
    return made


def meetings(cast: Any) -> dict[str, dict[str, Any]]:
    """Minutes of each school, of a cluster and of both counties."""
    made = {}
    for place in (*PEOPLE, "cluster", "county", "other_county"):
        meeting = model("Deliberation").objects.create(
            year=year_at(cast, place), organisation=getattr(cast, place), title="会", held_on=timezone.localdate(),
            present="x", minutes="x", by=cast.users["principal"], at=timezone.now(),
        )  # fmt: skip
        made[place] = {"pk": meeting.year_id, "meeting": meeting.pk}
    return made


def of_school(objects: Callable[[Any], Any], door: Any, **more: Any) -> Any:
    """A door that whoever acts for the school passes; who only sees the school is refused."""
    return door(objects, needs=(May.ROTATION_SCHOOL, May.ROTATION_SIGN), **more)


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    below = frozenset((who, "county") for who in (*OF_SCHOOL, "cluster_head", "inspector", "head_of_other_cluster"))
    sees_application = frozenset(OWNERS.items())
    one_school = door(at_schools, form={"title": "x"})
    return {
        "rotation:own": door(years, also=TEACHERS),
        "rotation:apply": door(years, also=TEACHERS, form={"keep": "1"}),
        "rotation:asking_settings": door(years, form=TEXT),
        "rotation:applications": door(years, also=below),
        "rotation:application": door(applications, needs=(May.ROTATION_VIEW,), also=sees_application),
        "rotation:receipt": door(applications_of_teachers, by="person"),
        "rotation:application_change": door(applications_of_teachers, by="person"),
        "rotation:application_withdraw": door(applications_of_teachers, by="person"),
        "rotation:application_opinion": of_school(applications, door, form=TEXT),
        "rotation:paper_change": of_school(applications, door, form=TEXT),
        "rotation:paper_withdraw": of_school(applications, door, form=TEXT),
        "rotation:application_return": of_school(applications, door, form=TEXT),
        "rotation:application_extend": door(applications, needs=(May.ROTATION_CLUSTER, May.ROTATION_REVIEW), form=TEXT),
        "rotation:reliefs": door(years, also=below),
        "rotation:relief_new": door(years, also=TEACHERS, form=TEXT),
        "rotation:relief": door(reliefs, needs=(May.ROTATION_VIEW,), also=sees_application),
        "rotation:relief_withdraw": door(reliefs_of_teachers, by="person"),
        "rotation:relief_decide": door(reliefs, needs=(May.ROTATION_REVIEW,), form=TEXT),
        "rotation:nominations": door(years, also=below),
        "rotation:school_nominations": one_school,
        "rotation:nominate": of_school(at_schools, door, form=TEXT),
        "rotation:paper_people": of_school(at_schools, door),
        "rotation:paper_application": of_school(people_of_schools, door, form=TEXT),
        "rotation:school_notice_new": of_school(at_schools, door, form=TEXT),
        "rotation:school_notice_close": of_school(notices, door, form=TEXT),
        "rotation:school_sign": door(at_schools, form=TEXT),
        "rotation:people_meeting": door(meetings),
        "rotation:discussion_new": of_school(at_schools, door, form=TEXT),
        "rotation:joint_meeting_new": door(organisations, form=TEXT),
        "rotation:reviews": door(years, also=below, form=TEXT),
    }


def organisations(cast: Any) -> dict[str, dict[str, Any]]:
    """A cluster and the counties, each in the year of its county."""
    places = ("cluster", "county", "other_county")
    return {
        place: {"pk": year_at(cast, place).pk, "organisation": getattr(cast, place).pk} for place in places
    }  # fmt: skip
