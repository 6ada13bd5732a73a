"""What must be written so that the tables say what a county says: rows to close, rows to add, organisations to make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from junheng import facts
from junheng.documents import Phrase, county_digest
from junheng.web.directory.models import Organisation
from junheng.web.staffing.ledgers import (
    CIRCUMSTANCES,
    CLUSTERS,
    LEDGERS,
    POSTS,
    SCHOOL_LEDGERS,
    SCHOOLS,
    TEACHER_LEDGERS,
    TEACHERS,
    TIES,
    Ledger,
    Plain,
    StagePosts,
    circumstances_of,
    county_of_rows,
)
from junheng.web.staffing.models import ClusterState, Teacher
from junheng.web.staffing.models.teachers import derived_of

DERIVED = ("pinyin", "initials", "strokes", "id_index")
"""What :func:`~junheng.web.staffing.models.teachers.derived_of` gives."""

Owned = tuple[str, Plain]
"""The code of an owner and a row of his."""


class IntakeRefusedError(ValueError):
    """Data that cannot be taken in; ``why`` is a phrase that a person can read, in both languages."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(slots=True)
class Changes:
    """Of one ledger, keys of present rows to close and rows to add, each with its owner's code."""

    ledger: Ledger
    close: list[int] = field(default_factory=list)
    add: list[Owned] = field(default_factory=list)
    ended_in_tree: list[str] = field(default_factory=list)
    """Codes of clusters known from the tree only whose present name or existence ends."""


@dataclass(slots=True)
class Plan:
    """Everything to be written for a county to be ``target`` from the day ``on``."""

    county: Organisation
    target: facts.County
    changes: list[Changes]
    keys: dict[str, dict[str, int]]
    """Keys by code of the organisations that exist, for ``cluster`` and for ``school``."""
    derived: list[Plain] = field(default_factory=list)
    """For each state of a teacher to be added what is derived from it, worked out before the transaction begins."""
    digest: str = ""
    """Of the county's facts in canonical form."""

    @property
    def on(self) -> date:
        """The day from which it holds."""
        return self.target.on

    @property
    def is_empty(self) -> bool:
        """Whether the tables say it all already."""
        return not any(each.close or each.add or each.ended_in_tree for each in self.changes)

    def rows(self) -> tuple[int, int]:
        """How many rows are closed and how many are added."""
        return sum(len(each.close) for each in self.changes), sum(len(each.add) for each in self.changes)


def fingerprint_of(county: Organisation) -> str:
    """A text that is another one as soon as any dated row of the county was added or closed, or a place renamed.

    Rows are never overwritten, so the newest key and the number of present rows tell of every change.
    """
    parts = [county.name]
    for ledger in LEDGERS:
        rows = ledger.model.objects.filter(**{county_of_rows(ledger): county})
        known = rows.aggregate(last=Max("pk"), present=Count("pk", filter=Q(valid_until__isnull=True)))
        parts.append(f"{ledger.key}:{known['last'] or 0}:{known['present']}")
    places = Organisation.objects.filter(county=county).order_by("pk")
    parts += [f"{key}:{code}:{name}:{closed or ''}" for key, code, name, closed in places.values_list(
        "pk", "code", "name", "closed")]  # fmt: skip
    return "|".join(parts)


def latest_day(county: Organisation) -> date | None:
    """The latest day on which anything in the county's data begins or ends; ``None`` where there are no data."""
    days: list[date] = []
    for ledger in LEDGERS:
        rows = ledger.model.objects.filter(**{county_of_rows(ledger): county})
        known = rows.aggregate(begun=Max("valid_from"), ended=Max("valid_until"))
        days += [day for day in known.values() if day is not None]
    return max(days, default=None)


def check_day(county: Organisation, on: date) -> None:
    """Raises :class:`IntakeRefusedError` for a day before the data that the county has."""
    latest = latest_day(county)
    if latest is not None and on < latest:
        why = Phrase(
            f"数据日期 {on} 早于本县已有数据的日期 {latest}，不能把新数据写到旧数据之前；请改用 {latest} 或以后的日期",
            f"the data date {on} is earlier than {latest}, up to which the county has data; use {latest} or later",
        )
        raise IntakeRefusedError(why)


def plan_for(county: Organisation, target: facts.County, *, for_writing: bool = True) -> Plan:
    """Compare the present rows with what the county is to be. Reads only.

    Without ``for_writing`` what only the writing needs is left out. Raises :class:`IntakeRefusedError` for another
    county's data and for a day before the county's latest.
    """
    if target.name != county.name:
        why = Phrase(
            f"数据是“{target.name}”的，不是“{county.name}”的，请核对县区名称",
            f"the data are of “{target.name}”, not of “{county.name}”; check the county's name",
        )
        raise IntakeRefusedError(why)
    check_day(county, target.on)
    keys: dict[str, dict[str, int]] = {"cluster": {}, "school": {}}
    codes: dict[int, str] = {}
    for key, kind, code in Organisation.objects.filter(county=county).values_list("pk", "kind", "code"):
        codes[key] = code
        if kind in keys:
            keys[kind][code] = key
    numbers = dict(Teacher.objects.filter(county=county).values_list("pk", "number"))  # scoped: the county's own
    owners = {"teacher": numbers}
    changes = []
    for ledger, wanted in _wanted(target):
        changes.append(_compare(county, ledger, wanted, owners.get(ledger.owner, codes), codes))
    plan = Plan(county=county, target=target, changes=changes, keys=keys)
    if for_writing:
        added = next(each.add for each in changes if each.ledger is TEACHERS)
        plan.derived = [_derived(plain) for _owner, plain in added]
        plan.digest = county_digest(target)
    return plan


_NAME, _ID_NUMBER = TEACHERS.names.index("name"), TEACHERS.names.index("id_number")


def _derived(plain: Plain) -> Plain:
    found = derived_of(plain[_NAME], plain[_ID_NUMBER])
    return tuple(found[name] for name in DERIVED)


def _compare(
    county: Organisation, ledger: Ledger, wanted: Iterable[Owned], owners: dict[int, str], codes: dict[int, str]
) -> Changes:
    """Rows that are wanted and there already stay as they are, whatever their order."""
    there: defaultdict[Owned, list[int]] = defaultdict(list)
    present = ledger.model.objects.current().filter(**{county_of_rows(ledger): county}).order_by("-pk")
    rows = present.values_list("pk", f"{ledger.owner}_id", *ledger.columns)
    for key, owner, *row in rows:
        there[owners[owner], ledger.plain_of_row(tuple(row), codes)].append(key)
    if ledger is CLUSTERS:
        for owned in _of_the_tree(county):
            there[owned].append(0)
    changes = Changes(ledger)
    for owner, plain in wanted:
        kept = there.get((owner, plain))
        if kept:
            kept.pop()
            continue
        changes.add.append((owner, plain))
    changes.close = sorted(key for keys in there.values() for key in keys if key)
    changes.ended_in_tree = sorted(owner for (owner, _plain), keys in there.items() if 0 in keys)
    return changes


def _of_the_tree(county: Organisation) -> Iterator[Owned]:
    """Clusters that are known from the tree only and have no row yet."""
    known = ClusterState.objects.filter(cluster__county=county).values("cluster")
    unknown = Organisation.objects.filter(county=county, kind="cluster", closed__isnull=True).exclude(pk__in=known)
    return ((code, (name,)) for code, name in unknown.values_list("code", "name"))


def _wanted(target: facts.County) -> Iterator[tuple[Ledger, Iterable[Owned]]]:
    """For each ledger the rows that a county needs, in the order of the facts."""
    yield CLUSTERS, ((cluster.id, CLUSTERS.plain(cluster)) for cluster in target.clusters)
    yield SCHOOLS, ((school.id, SCHOOLS.plain(school)) for school in target.schools)
    for ledger in SCHOOL_LEDGERS:
        yield ledger, _listed(ledger, target.schools)
    yield (
        POSTS,
        (
            (school.id, POSTS.plain(StagePosts(stage=stage, posts=posts)))
            for school in target.schools
            for stage, posts in school.posts.items()
        ),
    )
    yield TEACHERS, ((teacher.id, TEACHERS.plain(teacher)) for teacher in target.teachers)
    for ledger in TEACHER_LEDGERS:
        yield ledger, _listed(ledger, target.teachers)
    yield (
        CIRCUMSTANCES,
        ((teacher.id, plain) for teacher in target.teachers if (plain := circumstances_of(teacher)) is not None),
    )
    yield TIES, ((pairing.supporting_id, TIES.plain(pairing)) for pairing in target.pairings)


def _listed(ledger: Ledger, held: Iterable[Any]) -> Iterator[Owned]:
    memo: dict[Any, Plain] = {}
    for owner in held:
        for fact in getattr(owner, ledger.key):
            plain = memo.get(fact)
            if plain is None:
                plain = memo[fact] = ledger.plain(fact)
            yield owner.id, plain
