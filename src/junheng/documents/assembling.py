"""From bound rows without faults to a county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from junheng.documents.binding import Rows
from junheng.documents.book import Book
from junheng.documents.columns import Kind
from junheng.facts.codes import Stage
from junheng.facts.county import County
from junheng.facts.people import (
    AnnualAssessment,
    Appointment,
    ExamResult,
    FamilyLink,
    Honor,
    Leave,
    Sanction,
    Teacher,
    TitleSpell,
    TrainingHours,
    Wish,
)
from junheng.facts.schools import (
    Cluster,
    GradeEnrolment,
    Pairing,
    Resources,
    School,
    SchoolEvent,
    SubjectRequirement,
)

SCHOOL_PARTS: Mapping[str, type] = {
    "enrolment": GradeEnrolment,
    "resources": Resources,
    "history": SchoolEvent,
}
"""Facts of a school that have a sheet of their own; the sheet's key is the school's attribute."""

TEACHER_PARTS: Mapping[str, type] = {
    "appointments": Appointment,
    "titles": TitleSpell,
    "honors": Honor,
    "leaves": Leave,
    "sanctions": Sanction,
    "assessments": AnnualAssessment,
    "exams": ExamResult,
    "training": TrainingHours,
    "wishes": Wish,
}
"""Facts of a teacher that have a sheet of their own; the sheet's key is the teacher's attribute."""

FAMILY_FIELDS = ("spouse_id", "spouse_condition", "youngest_child_birth", "family_event")
"""Columns of the family sheet that make the link; its others are attributes of the teacher."""


def assemble(book: Book, name: str, on: date) -> County:
    """The county in the rows, which must be free of faults."""
    return County(
        name=name,
        on=on,
        clusters=tuple(Cluster(**facts) for facts in _facts(book, "clusters")),
        schools=tuple(_schools(book)),
        teachers=tuple(_teachers(book)),
        pairings=tuple(Pairing(**facts) for facts in _facts(book, "pairings")),
    )


def _facts(book: Book, key: str) -> Iterator[dict[str, Any]]:
    """For each row of a sheet the attributes it gives, blanks filled as declared."""
    for rows in book.of(key):
        names, columns = _columns(rows)
        for values in zip(*columns, strict=True):
            yield dict(zip(names, values, strict=True))


def _columns(rows: Rows) -> tuple[list[str], list[list[Any]]]:
    names, columns = [], []
    for column in rows.sheet.columns:
        if column.kind is Kind.CHECK:
            continue
        values = rows.values(column.field)
        if column.blank is not None:
            values = [column.blank if value is None else value for value in values]
        names.append(column.field)
        columns.append(values)
    return names, columns


def _grouped(book: Book, key: str, of: str, fact: type) -> dict[str, tuple[Any, ...]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for facts in _facts(book, key):
        owner = facts.pop(of)
        groups[owner].append(fact(**facts))
    return {owner: tuple(group) for owner, group in groups.items()}


def _schools(book: Book) -> Iterator[School]:
    parts = {key: _grouped(book, key, "school_id", fact) for key, fact in SCHOOL_PARTS.items()}
    posts, requirements = _posts(book)
    for facts in _facts(book, "schools"):
        code = facts["id"]
        facts["stages"] = frozenset(facts["stages"])
        for key, groups in parts.items():
            facts[key] = groups.get(code, ())
        yield School(**facts, posts=posts.get(code, {}), requirements=tuple(requirements.get(code, ())))


def _posts(book: Book) -> tuple[dict[str, dict[Stage, int]], dict[str, list[SubjectRequirement]]]:
    posts: defaultdict[str, dict[Stage, int]] = defaultdict(dict)
    requirements: defaultdict[str, list[SubjectRequirement]] = defaultdict(list)
    for facts in _facts(book, "posts"):
        code, authorised = facts.pop("school_id"), facts.pop("posts")
        if authorised is not None:
            posts[code][facts["stage"]] = authorised
        if facts["subject"] is not None:
            requirements[code].append(SubjectRequirement(**facts))
    return posts, requirements


def _teachers(book: Book) -> Iterator[Teacher]:
    parts = {key: _grouped(book, key, "teacher_id", fact) for key, fact in TEACHER_PARTS.items()}
    families = {facts.pop("teacher_id"): facts for facts in _facts(book, "family")}
    for facts in _facts(book, "teachers"):
        number = facts["id"]
        for key, groups in parts.items():
            facts[key] = groups.get(number, ())
        circumstances = dict(families.get(number, {}))
        if circumstances:
            facts["family"] = FamilyLink(**{name: circumstances.pop(name) for name in FAMILY_FIELDS})
        yield Teacher(**facts, **circumstances)
