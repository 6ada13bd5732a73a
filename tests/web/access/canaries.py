"""Canaries: marked texts in every text field of every teacher and school, and who may see which of them.

A canary reads ``zq<whose>n<number>qz`` and ends in markup; whoever meets one that is not his to see has found a leak.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models, transaction

from junheng.web.access import ROLE_RULES, Permission, Privacy, privacy_of
from junheng.web.directory.models import Organisation, User
from junheng.web.staffing.models import Teacher

MARK = re.compile(r"zq([a-z_]+)n(\d+)qz")
MARKUP = "<i>\"'"
DERIVED = frozenset(
    {"pinyin", "initials", "strokes", "id_index", "source", "number", "code", "id_number", "digest", "token"}
)
SENSITIVE_MODELS = frozenset({"CircumstancesEntry", "SanctionEntry"})
SEES_TEACHER = (
    Permission.TEACHERS_VIEW, Permission.TEACHERS_EDIT, Permission.CORRECTIONS_DECIDE, Permission.INTAKE_CONFIRM,
)  # fmt: skip
SEES_SCHOOL = (
    Permission.SCHOOLS_VIEW, Permission.ESTABLISHMENT_VIEW, Permission.OVERVIEW_VIEW, Permission.TEACHERS_VIEW,
    Permission.ORGANISATIONS_VIEW,
)  # fmt: skip
SEES_ORGANISATION = tuple(Permission)
OWN_COUNTY = frozenset({"county", "cluster", "other_cluster", "yucai", "hedong", "xishan"})
"""Places of the county of most of the cast; names of its schools are public there."""
NEEDS: dict[str, tuple[Permission, ...]] = {
    "staffing.Correction": (Permission.CORRECTIONS_DECIDE, Permission.TEACHERS_SENSITIVE),
}
"""Who sees the texts of a model, where it is not who sees teachers or schools in general."""
RECIPES: dict[str, dict[str, Any]] = {
    "staffing.ContractEntry": {"end": date(2030, 8, 31)},
    "staffing.CircumstancesEntry": {"spouse_id": ""},
    "staffing.Correction": {
        "sheet": "teachers", "subject_key": "x", "needs": "", "proposed_text": "{}", "held_text": "{}",
    },
}  # fmt: skip
"""What a model needs besides to be saved with canaries, by its label."""
NOT_PLANTED: dict[str, str] = {}
"""Models about teachers or schools in which no canary stands, by label, each with the reason."""
ID_NUMBERS = {
    "alice": "990101198505120022", "bob": "990101198001010034", "carol": "990101199003070063",
    "dave": "990102197512110015", "eve": "990101198807090040",
}  # fmt: skip


@dataclass(frozen=True)
class Canary:
    """Whose it is, where it stands, who may see it: the places at one of which one of the permissions is needed."""

    number: int
    whose: str
    field: str
    places: frozenset[str]
    needs: tuple[Permission, ...]
    owner: str = ""

    @property
    def text(self) -> str:
        """What stands in the field."""
        return f"zq{self.whose}n{self.number}qz{MARKUP}"

    def is_for(self, name: str, identity: Any) -> bool:
        """Whether the person may see it."""
        may = ROLE_RULES[identity.role].may if identity.role else frozenset()
        return name == self.owner or bool(self.places & identity.reach and set(self.needs) & may)


@dataclass
class Aviary:
    """Every canary by its number."""

    canaries: dict[int, Canary] = field(default_factory=dict)
    planted: dict[str, set[str]] = field(default_factory=dict)
    made: dict[Any, Any] = field(default_factory=dict)

    def add(self, whose: str, model: type, name: str, places: frozenset[str], owner: str) -> Canary:
        """Another one, for a field."""
        sensitive = model.__name__ in SENSITIVE_MODELS or privacy_of(model).get(name) == Privacy.SENSITIVE
        of_teacher = owner or whose in ID_NUMBERS
        general = (Permission.TEACHERS_SENSITIVE,) if sensitive else SEES_TEACHER if of_teacher else SEES_SCHOOL
        needs = NEEDS.get(model._meta.label, general)
        if privacy_of(model).get(name) == Privacy.PUBLIC and places & OWN_COUNTY:
            needs, places = SEES_ORGANISATION, places | OWN_COUNTY
        number = len(self.canaries) + 100
        self.canaries[number] = Canary(number, whose, f"{model.__name__}.{name}", places, needs, owner)
        self.planted.setdefault(model._meta.label, set()).add(name)
        return self.canaries[number]

    def seen_wrongly(self, name: str, identity: Any, content: bytes) -> list[str]:
        """Canaries in what was answered that the person may not see."""
        numbers = {int(number) for part in texts_of(content) for _whose, number in MARK.findall(part)}
        return [
            f"{self.canaries[n].field} of {self.canaries[n].whose}"
            for n in sorted(numbers)
            if n in self.canaries and not self.canaries[n].is_for(name, identity)
        ]


def texts_of(content: bytes) -> Iterator[str]:
    """The answer as text; of a workbook or another archive, each of its parts."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    else:
        yield content.decode("utf-8", "replace")


def text_fields(model: Any) -> list[models.Field]:
    """Fields in which a person writes what he likes."""
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField | models.TextField)
        and not each.choices
        and each.name not in RECIPES.get(model._meta.label, {})
        and each.name not in DERIVED
        and (each.max_length or 99) >= 24
    ]


def subjects() -> Iterator[tuple[Any, str]]:
    """Every model about a teacher or a school, with the field that says about whom."""
    for model in apps.get_app_config("staffing").get_models():
        if model is Teacher:
            continue
        for name, target in (("teacher", Teacher), ("school", Organisation)):
            about = next((f for f in model._meta.concrete_fields if f.name == name), None)
            if about is not None and about.related_model is target:
                yield model, name
                break


def plant(cast: Any) -> Aviary:
    """Canaries everywhere, an ID number for every teacher."""
    aviary = Aviary()
    places = {getattr(cast, name).pk: name for name in ("yucai", "hedong", "xishan", "faraway")}
    owners = {teacher.pk: user for user, teacher in _own(cast)}
    for model, name in subjects():
        if model._meta.label in NOT_PLANTED or not text_fields(model):
            continue
        if name == "teacher":
            for whose, teacher in cast.teachers.items():
                at = frozenset(places[pk] for pk in _schools(teacher) if pk in places)
                _fill(aviary, model, {"teacher": teacher}, whose, at, owners.get(teacher.pk, ""))
        else:
            for pk, place in places.items():
                _fill(aviary, model, {"school": Organisation.objects.get(pk=pk)}, place, frozenset({place}), "")
    for whose, number in ID_NUMBERS.items():
        state = cast.teachers[whose].state
        state.id_number = number
        state.save()
    _far_away(aviary, cast)
    return aviary


def _far_away(aviary: Aviary, cast: Any) -> None:
    """Names of organisations and accounts of the other county: nobody of this county meets them anywhere."""
    place = frozenset({"faraway", "other_county"})
    for each in (cast.other_county, cast.faraway, cast.faraway.parent):
        canary = Canary(len(aviary.canaries) + 100, "faraway", "Organisation.name", place, SEES_ORGANISATION)
        aviary.canaries[canary.number] = canary
        each.name = canary.text
        each.save()
    for name in ("clerk_of_other_county", "teacher_of_other_county"):
        canary = Canary(len(aviary.canaries) + 100, "faraway", "User.name", place, SEES_ORGANISATION, name)
        aviary.canaries[canary.number] = canary
        cast.users[name].name = canary.text
        cast.users[name].save()


def _own(cast: Any) -> Iterator[tuple[str, Teacher]]:
    for name, user in cast.users.items():
        teacher = Teacher.objects.filter(user=user).first()
        if teacher is not None:
            yield name, teacher


def _schools(teacher: Teacher) -> set[int]:
    state = teacher.state
    return {pk for pk in (state.school_id, state.teaching_school_id) if pk}


def _fill(aviary: Aviary, model: Any, about: dict[str, Any], whose: str, places: frozenset[str], owner: str) -> None:  # noqa: PLR0917
    made = aviary.made
    row = model.objects.filter(**about).first() or model(**about)
    for each in model._meta.concrete_fields:
        if each.name in about or each.primary_key or (row.pk and each not in text_fields(model)):
            continue
        if each in text_fields(model):
            setattr(row, each.name, aviary.add(whose, model, each.name, places, owner).text)
        elif not each.has_default() and not each.null and getattr(row, each.attname, None) in (None, ""):
            setattr(row, each.name, _some(each, about, made))
    for name, value in RECIPES.get(model._meta.label, {}).items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save()


def _plain(model: Any, about: dict[str, Any], made: dict[Any, Any]) -> Any:
    row = model(**RECIPES.get(model._meta.label, {}))
    for each in model._meta.concrete_fields:
        if (
            not each.primary_key
            and not each.has_default()
            and not each.null
            and getattr(row, each.attname) in (None, "")
        ):
            setattr(row, each.name, _some(each, about, made))
    row.save()
    return row


def _school(about: dict[str, Any]) -> Organisation:
    return about.get("school") or about["teacher"].state.school


def _some(each: models.Field, about: dict[str, Any], made: dict[Any, Any]) -> Any:  # noqa: PLR0911
    """A value that a required field takes; of what it needs to refer to, one is made for each county."""
    if each.choices:
        return next(iter(dict(each.flatchoices)))
    if isinstance(each, models.DateTimeField):
        from django.utils import timezone

        return timezone.now()
    if isinstance(each, models.DateField):
        return date(2026, 8, 31)
    if isinstance(each, models.BooleanField):
        return False
    if isinstance(each, models.IntegerField | models.FloatField | models.DecimalField):
        return 1
    if isinstance(each, models.CharField | models.TextField):
        return "x"
    if each.is_relation and each.related_model is Organisation:
        school = _school(about)
        return school.parent if each.name == "cluster" else school.its_county if each.name == "county" else school
    if each.is_relation:
        county = _school(about).its_county
        if each.related_model is User:
            return User.objects.get(organisation=county, username__in=("ys-bureau_clerk", "qy-clerk"))
        key = (each.related_model, county.pk)
        if key not in made:
            made[key] = _plain(each.related_model, about, made)
        return made[key]
    raise AssertionError(
        f"{each.model._meta.label}.{each.name}: say in RECIPES of tests/web/access/canaries.py what it takes, "
        "or in NOT_PLANTED why no canary stands in this model"
    )
