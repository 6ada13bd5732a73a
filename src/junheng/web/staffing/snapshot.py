"""The county in the tables as the library knows it: read as of a day, and fixed under an id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from junheng import facts
from junheng.documents import county_digest
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.staffing.ledgers import (
    CIRCUMSTANCES,
    CLUSTERS,
    FAMILY,
    HEALTH,
    POSTS,
    SCHOOL_LEDGERS,
    SCHOOLS,
    TEACHER_LEDGERS,
    TEACHERS,
    TIES,
    Ledger,
    county_of_rows,
)
from junheng.web.staffing.models import Snapshot, Teacher
from junheng.web.staffing.resting import trail_length

Lists = dict[int, tuple[Any, ...]]


class UnsoundCountyError(ValueError):
    """The rows of a day do not make up a county, as when a teacher's school has no data on that day."""


def county_of(county: Organisation, on: date, *, without: Collection[str] = ()) -> facts.County:
    """Everything known of the county on the day ``on``, equal to what was taken in with that date.

    A constant number of queries, whatever the county's size. A day before the first data gives a county without
    schools or teachers. ``without`` names histories of teachers that are not read and stay empty, for whoever counts
    nothing by them. Raises :class:`UnsoundCountyError` where rows contradict each other.
    """
    codes = dict(Organisation.objects.filter(county=county).values_list("pk", "code"))
    try:
        return facts.County(
            name=county.name,
            on=on,
            clusters=tuple(_clusters(county, on, codes)),
            schools=tuple(_schools(county, on, codes)),
            teachers=tuple(_teachers(county, on, codes, without)),
            pairings=_ties(county, on, codes),
        )
    except ValueError as fault:
        raise UnsoundCountyError(str(fault)) from fault


def rows_as_of(ledger: Ledger, county: Organisation, on: date, *columns: str) -> Any:
    """Rows of a ledger that hold on the day, in the order in which they were written."""
    held = ledger.model.objects.filter(**{county_of_rows(ledger): county}).as_of(on)
    return held.order_by("pk").values_list(*columns, *ledger.columns)


def _lists(ledger: Ledger, county: Organisation, on: date, codes: Mapping[int, str]) -> Lists:
    """The facts of a ledger by the key of their owner."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    read = ledger.reader(codes)
    for owner, *row in rows_as_of(ledger, county, on, f"{ledger.owner}_id"):
        found[owner].append(read(tuple(row)))
    return {owner: tuple(listed) for owner, listed in found.items()}


def _clusters(county: Organisation, on: date, codes: Mapping[int, str]) -> list[facts.Cluster]:
    clusters = [facts.Cluster(id=codes[key], name=name) for key, name in rows_as_of(CLUSTERS, county, on, "cluster_id")]
    known = CLUSTERS.model.objects.filter(cluster__county=county).values("cluster")
    unknown = Organisation.objects.filter(county=county, kind="cluster").exclude(pk__in=known).open_on(on)
    return [*clusters, *(facts.Cluster(id=code, name=name) for code, name in unknown.values_list("code", "name"))]


def _schools(county: Organisation, on: date, codes: Mapping[int, str]) -> list[facts.School]:
    parts = {ledger.key: _lists(ledger, county, on, codes) for ledger in SCHOOL_LEDGERS}
    posts: defaultdict[int, dict[facts.Stage, int]] = defaultdict(dict)
    read = POSTS.reader(codes)
    for owner, *row in rows_as_of(POSTS, county, on, "school_id"):
        entry = read(tuple(row))
        posts[owner][entry.stage] = entry.posts
    schools = []
    for key, *row in rows_as_of(SCHOOLS, county, on, "school_id"):
        given = SCHOOLS.attributes(tuple(row), codes)
        given.update((name, lists.get(key, ())) for name, lists in parts.items())
        schools.append(facts.School(id=codes[key], posts=dict(posts.get(key, {})), **given))
    return schools


def _teachers(
    county: Organisation, on: date, codes: Mapping[int, str], without: Collection[str]
) -> list[facts.Teacher]:
    numbers = dict(Teacher.objects.filter(county=county).values_list("pk", "number"))  # scoped: of the county asked for
    read = [ledger for ledger in TEACHER_LEDGERS if ledger.key not in without]
    parts = {ledger.key: _lists(ledger, county, on, codes) for ledger in read}
    circumstances = {
        owner: CIRCUMSTANCES.attributes(tuple(row), codes)
        for owner, *row in rows_as_of(CIRCUMSTANCES, county, on, "teacher_id")
    }
    make = _maker(codes)
    teachers = []
    for key, *row in rows_as_of(TEACHERS, county, on, "teacher_id"):
        given = make(row)
        for name, lists in parts.items():
            if key in lists:
                given[name] = lists[key]
        known = circumstances.get(key)
        if known is not None:
            given["family"] = facts.FamilyLink(**{name: known[name] for name in FAMILY})
            given.update((name, known[name]) for name in HEALTH)
        teachers.append(facts.Teacher(id=numbers[key], **given))
    return teachers


def _maker(codes: Mapping[int, str]) -> Callable[[list[Any]], dict[str, Any]]:
    """Attributes of a teacher from a row; only the fields that are kept in another form are converted."""
    names = TEACHERS.names
    converted = [(at, field) for at, field in enumerate(TEACHERS.fields) if not field.as_is]

    def make(row: list[Any]) -> dict[str, Any]:
        for at, field in converted:
            value = row[at]
            row[at] = (codes[value] if value is not None else "") if field.reference else field.read(value)
        return dict(zip(names, row, strict=True))

    return make


def _ties(county: Organisation, on: date, codes: Mapping[int, str]) -> tuple[facts.Pairing, ...]:
    return tuple(facts.Pairing(**TIES.attributes(tuple(row), codes)) for row in rows_as_of(TIES, county, on))


def counts_of(county: facts.County) -> dict[str, int]:
    """How many clusters, schools, teachers, and how many entries about them."""
    lists = (ledger.key for ledger in TEACHER_LEDGERS)
    return {
        "clusters": len(county.clusters),
        "schools": len(county.schools),
        "teachers": len(county.teachers),
        "pupils": sum(school.pupils() for school in county.schools),
        "entries": sum(len(getattr(teacher, name)) for name in lists for teacher in county.teachers),
        "pairings": len(county.pairings),
    }


def take(county: Organisation, on: date, by: Any, *, source: str = "") -> tuple[facts.County, Snapshot]:
    """Fix the county as of the day; the same content and day give the snapshot that there is already.

    The facts are read before the transaction that keeps the row and its trace.
    """
    since = trail_length()
    known = county_of(county, on)
    digest = county_digest(known)
    with transaction.atomic():
        return known, keep(county, known, digest, by, source=source, since=since)


def keep(
    county: Organisation, known: facts.County, digest: str, by: Any, *, source: str = "", since: int | None = None
) -> Snapshot:
    """Store the snapshot of facts that have been read, and their digest; inside a transaction.

    ``since`` is the last row of the trail when they were read, where that is known: then the figures of the day rest on
    the snapshot until something else is recorded (:mod:`~junheng.web.staffing.resting`).
    """
    there = Snapshot.objects.filter(county=county, on=known.on, digest=digest).first()  # scoped: by the caller
    if there is not None:
        if since is not None:
            record(by, "staffing.snapshot.confirmed", there, organisation=county, on=known.on, last_row=since)
        return there
    try:
        with transaction.atomic():
            made = Snapshot.objects.create(
                id=_free_id(known.on, digest), county=county, on=known.on, digest=digest, counts=counts_of(known),
                taken_at=timezone.now(), taken_by=by, source=source,
            )  # fmt: skip
    except IntegrityError:
        return Snapshot.objects.get(county=county, on=known.on, digest=digest)  # scoped: by the caller
    record(
        by, "staffing.snapshot.taken", made, organisation=county, on=known.on, digest=digest, counts=made.counts,
        source=source, last_row=since,
    )  # fmt: skip
    return made


def _free_id(on: date, digest: str) -> str:
    """``S`` with the day and as much of the digest as tells it from every other, eight characters at least."""
    for length in range(8, len(digest) // 2 + 1, 4):
        found = f"S{on:%Y%m%d}-{digest[:length]}"
        if not Snapshot.objects.filter(pk=found).exists():
            return found
    return f"S{on:%Y%m%d}-{digest[:30]}"
