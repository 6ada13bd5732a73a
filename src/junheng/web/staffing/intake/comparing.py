"""Two counties compared for a person to look at: who is new, who changed in which field, who leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from junheng import facts
from junheng.facts.identity import mask_identity_number
from junheng.web.staffing.ledgers import (
    CIRCUMSTANCES,
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
)
from junheng.web.staffing.models import LineKind, LineState

Change = dict[str, Any]
SENSITIVE = frozenset({"family", "sanctions"})
"""Sheets whose values stand in no line and in no trail, only that they changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody or something that would be added, changed or ended."""

    kind: str
    state: str
    code: str
    label: str
    school: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """All lines, and how many of each kind are in each state, those unchanged included."""

    lines: list[Line] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, kind: str, lines: Iterable[Line], unchanged: int) -> None:
        """Add what was found of one kind."""
        found = list(lines)
        self.lines += found
        states = Counter(line.state for line in found)
        self.counts[kind] = {state.value: states[state] for state in LineState if state != LineState.FAULTY}
        self.counts[kind]["unchanged"] = unchanged

    def total(self, state: str) -> int:
        """How many there are in a state, of all kinds."""
        return sum(counts[state] for counts in self.counts.values())


def compare(old: facts.County, new: facts.County) -> Comparison:
    """What becomes of everybody and everything from one county to the next."""
    names = {school.id: school.name for county in (old, new) for school in county.schools}
    clusters = {cluster.id: cluster.name for county in (old, new) for cluster in county.clusters}
    words = {"school_id": names, "teaching_school_id": names, "cluster_id": clusters,
             "supporting_id": names, "supported_id": names}  # fmt: skip
    found = Comparison()
    _kind(found, LineKind.CLUSTER, (_by_id(old.clusters), _by_id(new.clusters)), _cluster, lambda _each: "")
    _kind(
        found, LineKind.SCHOOL, (old.school_by_id, new.school_by_id), lambda a, b: _school(a, b, words),
        lambda school: clusters.get(school.cluster_id, ""),
    )  # fmt: skip
    _kind(
        found, LineKind.TEACHER, (old.teacher_by_id, new.teacher_by_id), lambda a, b: _teacher(a, b, words),
        lambda teacher: names.get(teacher.school_id, ""),
    )  # fmt: skip
    _pairings(found, old, new, names)
    return found


def _by_id(held: Iterable[Any]) -> dict[str, Any]:
    return {each.id: each for each in held}


def _kind(
    found: Comparison,
    kind: str,
    counties: tuple[Mapping[str, Any], Mapping[str, Any]],
    changes_of: Callable[[Any, Any], list[Change]],
    place_of: Callable[[Any], str],
) -> None:
    old, new = counties
    lines, unchanged = [], 0
    for code, fact in new.items():
        before = old.get(code)
        if before is None:
            lines.append(Line(kind, LineState.NEW, code, fact.name, place_of(fact)))
        elif changes := [] if before == fact else changes_of(before, fact):
            lines.append(Line(kind, LineState.CHANGED, code, fact.name, place_of(fact), changes))
        else:
            unchanged += 1
    gone = (old[code] for code in old if code not in new)
    lines += [Line(kind, LineState.LEAVING, each.id, each.name, place_of(each)) for each in gone]
    found.add(kind, lines, unchanged)


def _cluster(before: facts.Cluster, after: facts.Cluster) -> list[Change]:
    return [{"sheet": "clusters", "field": "name", "before": before.name, "after": after.name}]


def _school(before: facts.School, after: facts.School, words: Mapping[str, Mapping[str, str]]) -> list[Change]:
    changes = [*_fields(SCHOOLS, SCHOOLS.plain(before), SCHOOLS.plain(after), words)]
    for ledger in SCHOOL_LEDGERS:
        changes += _rows(ledger, _plains(ledger, before), _plains(ledger, after), words)
    posts = [
        [POSTS.plain(StagePosts(stage=stage, posts=number)) for stage, number in school.posts.items()]
        for school in (before, after)
    ]
    return [*changes, *_rows(POSTS, posts[0], posts[1], words)]


def _teacher(before: facts.Teacher, after: facts.Teacher, words: Mapping[str, Mapping[str, str]]) -> list[Change]:
    changes = [*_fields(TEACHERS, TEACHERS.plain(before), TEACHERS.plain(after), words)]
    for ledger in TEACHER_LEDGERS:
        if getattr(before, ledger.key) != getattr(after, ledger.key):
            changes += _rows(ledger, _plains(ledger, before), _plains(ledger, after), words)
    rows = [[plain] if (plain := circumstances_of(each)) is not None else [] for each in (before, after)]
    return [*changes, *_rows(CIRCUMSTANCES, rows[0], rows[1], words)]


def _plains(ledger: Ledger, owner: Any) -> list[Plain]:
    return [ledger.plain(fact) for fact in getattr(owner, ledger.key)]


def _fields(ledger: Ledger, before: Plain, after: Plain, words: Mapping[str, Mapping[str, str]]) -> Iterator[Change]:
    for name, old, new in zip(ledger.names, before, after, strict=True):
        if old != new:
            yield {
                "sheet": ledger.key,
                "field": name,
                "before": _shown(name, old, words),
                "after": _shown(name, new, words),
            }


def _rows(
    ledger: Ledger, before: list[Plain], after: list[Plain], words: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    """Rows that are no longer there and rows that are new, whatever their order; of sensitive sheets only how many."""
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if not gone and not come:
        return
    if ledger.key in SENSITIVE:
        yield {"sheet": ledger.key, "hidden": True, "before": gone.total(), "after": come.total()}
        return
    for state, rows in (("before", gone), ("after", come)):
        for plain in rows.elements():
            filled = {name: _shown(name, value, words) for name, value in zip(ledger.names, plain, strict=True)}
            yield {"sheet": ledger.key, state: {name: value for name, value in filled.items() if _tells(value)}}


def _tells(value: Any) -> bool:
    return value not in (None, "", [], False)


def _shown(name: str, value: Any, words: Mapping[str, Mapping[str, str]]) -> Any:
    """A plain value as a line keeps it: ID numbers masked, places by their names, days as text."""
    if name == "id_number":
        return mask_identity_number(value)
    if name in words and value:
        return words[name].get(value, value)
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _pairings(found: Comparison, old: facts.County, new: facts.County, names: Mapping[str, str]) -> None:
    before, after = Counter(map(TIES.plain, old.pairings)), Counter(map(TIES.plain, new.pairings))
    lines = [
        Line(
            LineKind.PAIRING,
            state,
            f"{plain[0]}→{plain[1]}",
            f"{names.get(plain[0], plain[0])} → {names.get(plain[1], plain[1])}",
        )
        for state, rows in ((LineState.NEW, after - before), (LineState.LEAVING, before - after))
        for plain in rows.elements()
    ]
    found.add(LineKind.PAIRING, lines, (before & after).total())
