"""Between facts and dated rows: which fact is kept in which table, field by field, both ways.

The fields of a table bear the names of the fact's attributes, so a ledger is read off the two of them. What a row holds
is compared as a tuple of plain values (:meth:`Ledger.plain`), the same whether it comes from a fact or from a table.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from junheng import facts
from junheng.facts import Code
from junheng.web.directory.models import SchoolTie
from junheng.web.staffing import models

Plain = tuple[Any, ...]
Read = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


@cache
def _words(codes: type[Code]) -> dict[str, Code]:
    """Every spelling under which a table may hold a code."""
    found: dict[str, Code] = {}
    for code in codes:
        for word in (code.en, code.zh):
            found.setdefault(word, code)
    return found | {code.value: code for code in codes}


def _members(hint: Any) -> tuple[type[Code] | None, bool, bool]:
    """The code list of a type, whether it may be missing, and whether there are several."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        codes = next((a for a in arguments if isinstance(a, type) and issubclass(a, Code)), None)
        return codes, True, False
    if origin in (tuple, frozenset) and arguments and issubclass(arguments[0], Code):
        return arguments[0], False, True
    return (hint if isinstance(hint, type) and issubclass(hint, Code) else None), False, False


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a fact and how it is kept: ``store`` makes the plain value, ``read`` makes the attribute again.

    ``reference`` names what the attribute's code stands for when the table holds a key instead: a school or a cluster.
    """

    name: str
    column: str
    read: Read
    store: Read
    reference: bool = False
    as_is: bool = False
    unordered: bool = False

    def plain(self, value: Any, codes: Mapping[int, str]) -> Any:
        """What a table holds as the plain value of the same fact."""
        if self.reference:
            return codes[value] if value is not None else ""
        if isinstance(value, list):
            return tuple(sorted(value) if self.unordered else value)
        return value


def _field(name: str, hint: Any, column: str, *, reference: bool) -> Field:
    codes, optional, several = _members(hint)
    if codes is not None:
        words = _words(codes)
        if several:
            return _several(name, column, words, unordered=get_origin(hint) is frozenset)
        if optional:
            return Field(
                name,
                column,
                lambda value: words[value] if value else None,
                lambda member: member.value if member is not None else "",
            )
        return Field(name, column, words.__getitem__, lambda member: member.value)
    return Field(name, column, _same, _same, reference=reference, as_is=not reference)


def _several(name: str, column: str, words: Mapping[str, Code], *, unordered: bool) -> Field:
    if unordered:
        return Field(
            name,
            column,
            lambda values: frozenset(words[value] for value in values),
            lambda members: tuple(sorted(member.value for member in members)),
            unordered=True,
        )
    return Field(
        name,
        column,
        lambda values: tuple(words[value] for value in values),
        lambda members: tuple(member.value for member in members),
    )


class Ledger:
    """A kind of fact and the table of dated rows that keeps it.

    ``owner`` is the table's column of the teacher or school, ``key`` the attribute of the owner's fact. ``references``
    gives, by attribute, the foreign key that stands in its place.
    """

    def __init__(
        self,
        key: str,
        fact: type,
        model: Any,
        owner: str,
        *,
        references: Mapping[str, str] | None = None,
        only: Iterable[str] | None = None,
    ) -> None:
        self.key, self.fact, self.model, self.owner = key, fact, model, owner
        hints = get_type_hints(fact)
        wanted = tuple(only) if only is not None else tuple(field.name for field in fields(fact))
        named = references or {}
        self.fields = tuple(
            _field(name, hints[name], named.get(name, name), reference=name in named) for name in wanted
        )
        self.columns = tuple(field.column for field in self.fields)
        self.attnames = tuple(f"{f.column}_id" if f.reference else f.column for f in self.fields)
        self.names = tuple(field.name for field in self.fields)
        self._stored = tuple((at, field.store) for at, field in enumerate(self.fields) if field.store is not _same)

    def __repr__(self) -> str:
        return f"<{self.key}>"

    def plain(self, fact: Any) -> Plain:
        """What a row of this fact holds; references stay codes."""
        values = [getattr(fact, name) for name in self.names]
        for at, store in self._stored:
            values[at] = store(values[at])
        return tuple(values)

    def attributes(self, row: Plain, codes: Mapping[int, str]) -> dict[str, Any]:
        """The fact's attributes in a row of :attr:`columns`; ``codes`` gives the code of each organisation's key."""
        return {
            field.name: (codes[value] if value is not None else "") if field.reference else field.read(value)
            for field, value in zip(self.fields, row, strict=True)
        }

    def plain_of_row(self, row: Plain, codes: Mapping[int, str]) -> Plain:
        """A row of :attr:`columns` as :meth:`plain` gives it for the same fact."""
        return tuple(field.plain(value, codes) for field, value in zip(self.fields, row, strict=True))

    def reader(self, codes: Mapping[int, str]) -> Callable[[Plain], Any]:
        """Makes facts of rows, fast: equal rows give one and the same fact."""
        known: dict[Plain, Any] = {}
        steps = [
            (field.name, (lambda key: codes[key] if key is not None else "") if field.reference else field.read)
            for field in self.fields
        ]
        if all(field.as_is for field in self.fields):
            steps = []
        fact, names = self.fact, self.names

        def read(row: Plain) -> Any:
            found = known.get(row)
            if found is None:
                values = (
                    {name: step(value) for (name, step), value in zip(steps, row, strict=True)}
                    if steps
                    else dict(zip(names, row, strict=True))
                )
                found = known[row] = fact(**values)
            return found

        return read


TEACHER_LEDGERS: tuple[Ledger, ...] = (
    Ledger("appointments", facts.Appointment, models.AppointmentEntry, "teacher"),
    Ledger("titles", facts.TitleSpell, models.TitleEntry, "teacher"),
    Ledger("honors", facts.Honor, models.HonorEntry, "teacher"),
    Ledger("leaves", facts.Leave, models.LeaveEntry, "teacher"),
    Ledger("sanctions", facts.Sanction, models.SanctionEntry, "teacher"),
    Ledger("assessments", facts.AnnualAssessment, models.AssessmentEntry, "teacher"),
    Ledger("exams", facts.ExamResult, models.ExamEntry, "teacher"),
    Ledger("training", facts.TrainingHours, models.TrainingEntry, "teacher"),
    Ledger("wishes", facts.Wish, models.WishEntry, "teacher", references={"school_id": "school"}),
)
"""Facts of a teacher that come in lists; the key is the teacher's attribute."""

SCHOOL_LEDGERS: tuple[Ledger, ...] = (
    Ledger("enrolment", facts.GradeEnrolment, models.EnrolmentEntry, "school"),
    Ledger("requirements", facts.SubjectRequirement, models.RequirementEntry, "school"),
    Ledger("resources", facts.Resources, models.ResourcesEntry, "school"),
    Ledger("history", facts.SchoolEvent, models.SchoolEventEntry, "school"),
)
"""Facts of a school that come in lists; the key is the school's attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePosts:
    """The authorised establishment of one stage; in the facts an entry of ``School.posts``."""

    stage: facts.Stage
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Family and health of a teacher in one row; in the facts a link and attributes of the teacher."""

    spouse_id: str = ""
    spouse_condition: str = ""
    youngest_child_birth: Any = None
    family_event: str = ""
    health: facts.Health | None = None
    health_certificate_level: str = ""
    health_leave_approved: bool | None = None
    pregnant: bool | None = None
    lactating: bool | None = None
    unfit_to_teach: bool | None = None


FAMILY = ("spouse_id", "spouse_condition", "youngest_child_birth", "family_event")
HEALTH = (
    "health", "health_certificate_level", "health_leave_approved", "pregnant", "lactating", "unfit_to_teach",
)  # fmt: skip

POSTS = Ledger("posts", StagePosts, models.PostsEntry, "school")
CIRCUMSTANCES = Ledger("family", Circumstances, models.CircumstancesEntry, "teacher")
TIES = Ledger(
    "pairings",
    facts.Pairing,
    SchoolTie,
    "supporting",
    references={"supporting_id": "supporting", "supported_id": "supported"},
)

_OF_LISTS = {ledger.key for ledger in (*TEACHER_LEDGERS, *SCHOOL_LEDGERS)}


def _own(fact: type, *without: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(fact) if field.name not in _OF_LISTS and field.name not in without)


TEACHERS = Ledger(
    "teachers",
    facts.Teacher,
    models.TeacherState,
    "teacher",
    references={"school_id": "school", "teaching_school_id": "teaching_school"},
    only=_own(facts.Teacher, "id", "family", *HEALTH),
)
SCHOOLS = Ledger(
    "schools",
    facts.School,
    models.SchoolState,
    "school",
    references={"cluster_id": "cluster"},
    only=_own(facts.School, "id", "posts"),
)
CLUSTERS = Ledger("clusters", facts.Cluster, models.ClusterState, "cluster", only=("name",))

LEDGERS: tuple[Ledger, ...] = (
    CLUSTERS, SCHOOLS, *SCHOOL_LEDGERS, POSTS, TEACHERS, CIRCUMSTANCES, *TEACHER_LEDGERS, TIES,
)  # fmt: skip
"""Every table of dated rows that makes up a county."""


def county_of_rows(ledger: Ledger) -> str:
    """The path from a row to its county."""
    return f"{ledger.owner}__county"


_NO_CIRCUMSTANCES = CIRCUMSTANCES.plain(Circumstances())


def circumstances_of(teacher: facts.Teacher) -> Plain | None:
    """The row of family and health, or ``None`` where there is nothing to tell."""
    plain = (
        *(getattr(teacher.family, name) for name in FAMILY),
        teacher.health.value if teacher.health is not None else "",
        *(getattr(teacher, name) for name in HEALTH[1:]),
    )
    return None if plain == _NO_CIRCUMSTANCES else plain
