"""The county of the story: the named cast, three schools more, and colleagues enough to plan a year for."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from junheng.web.access import Role
from junheng.web.staffing.models import EnrolmentEntry, HonorEntry, PostsEntry, SchoolState, TeacherState

SUBJECTS = {"primary": ("chinese", "maths", "english", "pe"), "junior": ("chinese", "maths", "english", "physics")}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
JOINED = (2013, 2016, 2018, 2020, 2022, 2024)
"""Years in which colleagues came to their school: some may move, some have just come."""


@dataclass
class People:
    """The cast with its three new schools, principals of every school, and the colleagues by number."""

    cast: Any
    schools: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cast, name)


def settle(cast: Any) -> People:
    """Founds the schools, hires everybody and gives the accounts that the story needs."""
    make = sys.modules[type(cast).__module__]
    east, west = cast.cluster, cast.other_cluster
    shiyan = make.school("9901010004", "云山县实验小学", east, x=2, stages=("primary",))
    chengguan = make.school("9901010005", "云山县城关初级中学", west, x=3, stages=("junior",))
    qingshi = make.school("9901010006", "云山县青石小学", west, x=12, stages=("primary",))
    SchoolState.objects.filter(school__in=(shiyan, chengguan)).update(locale="urban")
    SchoolState.objects.filter(school=qingshi).update(locale="rural")
    people = People(cast, {
        "yucai": cast.yucai, "hedong": cast.hedong, "xishan": cast.xishan, "shiyan": shiyan, "chengguan": chengguan,
        "qingshi": qingshi,
    })  # fmt: skip
    _fill(people)
    _hire(make, people)
    for name in ("shiyan", "chengguan", "qingshi"):
        at = people.schools[name]
        cast.users[f"principal_of_{name}"] = make.account(f"{name}-head", f"{at.shown}校长", Role.PRINCIPAL, at)
    cast.users["second_section_head"] = make.account("ys-head2", "云山人事科副科长", Role.SECTION_HEAD, cast.county)
    _known(make, people)
    return people


def _fill(people: People) -> None:
    """Pupils and posts of every school: eight posts a stage, pupils of six or three grades."""
    for place, at in enumerate(people.schools.values()):
        state = SchoolState.objects.get(school=at)
        for stage in state.stages:
            given = {"school": at, "valid_from": state.valid_from, "source": "test", "stage": stage}
            PostsEntry.objects.create(**given, posts=8)
            for grade in range(1, 7) if stage == "primary" else range(7, 10):
                EnrolmentEntry.objects.create(**given, grade=grade, pupils=14 + 2 * place, classes=1)


def _hire(make: Any, people: People) -> None:
    """Five to seven colleagues for each school, of every age and subject."""
    number = 100
    for place, (name, at) in enumerate(people.schools.items()):
        stages = SchoolState.objects.get(school=at).stages
        for nth in range(5 + place % 3):
            number += 1
            stage = stages[nth % len(stages)]
            joined = JOINED[(nth + place) % len(JOINED)]
            made = make.teacher(
                people.county, f"T{number:04}", SURNAMES[(number - 101) % len(SURNAMES)] + "明华"[nth % 2] + "安",
                at, stage=stage, main_subject=SUBJECTS[stage][(nth + place) % 4], sex="FM"[nth % 2],
                birth_date=date(1978 + (nth * 3 + place) % 12, 3, 1 + nth), work_start=date(2000, 9, 1),
                joined_current_school=date(joined, 9, 1),
            )  # fmt: skip
            people.teachers[f"{name}{nth}"] = made


def _known(make: Any, people: People) -> None:
    """Gives the named ones their past, and an account to those who have none."""
    past = {
        "alice": {"joined_current_school": date(2014, 9, 1)},
        "bob": {"joined_current_school": date(2000, 9, 1), "birth_date": date(1977, 5, 12),
                "work_start": date(2000, 9, 1)},
        "carol": {"joined_current_school": date(2024, 9, 1), "stage": "primary", "main_subject": "english"},
        "eve": {"stage": "primary", "joined_current_school": date(2022, 9, 1)},
        "chengguan0": {"joined_current_school": date(1999, 9, 1), "birth_date": date(1976, 3, 1),
                       "work_start": date(1999, 9, 1), "main_subject": "maths"},
        "shiyan0": {"joined_current_school": date(2015, 9, 1), "main_subject": "chinese"},
    }  # fmt: skip
    for name, facts in past.items():
        TeacherState.objects.filter(teacher=people.teachers[name]).update(**facts)
    for name in ("alice", "bob", "shiyan0"):
        HonorEntry.objects.create(
            teacher=people.teachers[name], kind="backbone", level="county", start=date(2022, 9, 1),
            valid_from=date(2026, 8, 31), source="test",
        )  # fmt: skip
    for name, username in (("carol", "xs-carol"), ("shiyan0", "sy-teacher"), ("chengguan0", "cg-teacher")):
        person = people.teachers[name]
        state = TeacherState.objects.get(teacher=person)
        people.users[name] = make.account(username, state.name, Role.TEACHER, state.school)
        person.user = people.users[name]
        person.save()
    people.users["alice"], people.users["bob"] = people.users["teacher"], people.users["teacher_of_hedong"]
