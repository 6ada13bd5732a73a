"""Dated spells: their order, and two regular posts at one time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from operator import itemgetter

from junheng.documents.binding import Rows
from junheng.documents.book import Book
from junheng.documents.faults import Fault, Phrase
from junheng.facts.calendar import anniversary
from junheng.facts.codes import SpellKind

_DATED = ("appointments", "honors", "leaves", "sanctions")
_YOUNGEST = 16


def check_careers(book: Book) -> Iterator[Fault]:
    """Spells that end before they start, start before the age of 16, name no school, or overlap as regular posts."""
    births = {
        teacher: birth
        for rows in book.of("teachers")
        for teacher, birth in zip(rows.values("id"), rows.values("birth_date"), strict=True)
        if birth is not None
    }
    for key in _DATED:
        for rows in book.of(key):
            yield from _backward(rows)
            yield from _before_sixteen(rows, births)
    for rows in book.of("titles"):
        yield from _before_sixteen(rows, births)
    for rows in book.of("appointments"):
        yield from _without_school(rows)
    yield from _two_posts(book)
    for rows in book.of("assessments"):
        yield from _rank_beyond(rows)


def _backward(rows: Rows) -> Iterator[Fault]:
    for row, (start, end) in enumerate(zip(rows.values("start"), rows.values("end"), strict=True)):
        if start is not None and end is not None and end < start:
            problem = Phrase(f"结束日期 {end} 早于开始日期 {start}", f"ends on {end}, before it starts on {start}")
            yield rows.fault(row, "end", "backward", problem, Phrase("请核对两个日期", "check both dates"))


def _before_sixteen(rows: Rows, births: dict[str, date]) -> Iterator[Fault]:
    for row, (teacher, start) in enumerate(zip(rows.values("teacher_id"), rows.values("start"), strict=True)):
        birth = births.get(teacher)
        if start is None or birth is None:
            continue
        earliest = anniversary(birth, birth.year + _YOUNGEST)
        if (start.year, start.month) < (earliest.year, earliest.month):
            problem = Phrase(
                f"{start} 时未满{_YOUNGEST}周岁（{birth} 出生）",
                f"on {start} the teacher, born {birth}, was under {_YOUNGEST}",
            )
            yield rows.fault(row, "start", "too_young", problem, Phrase("请核对工号和日期", "check number and date"))


def _without_school(rows: Rows) -> Iterator[Fault]:
    for row, (code, name) in enumerate(zip(rows.values("school_id"), rows.values("school_name"), strict=True)):
        if code is None and name is None and (row, "school_id") not in rows.bad:
            problem = Phrase("学校和县外单位名称都为空", "names neither a school nor one outside the county")
            yield rows.fault(row, "school_id", "required", problem, Phrase("请填写其中之一", "give one of the two"))


def _two_posts(book: Book) -> Iterator[Fault]:
    spells: defaultdict[str, list[tuple[date, date, str, Rows, int]]] = defaultdict(list)
    for rows in book.of("appointments"):
        names = ("teacher_id", "school_id", "school_name", "kind", "start", "end")
        for row, values in enumerate(zip(*map(rows.values, names), strict=True)):
            teacher, school, elsewhere, kind, start, end = values
            bad = bool(rows.bad) and any((row, name) in rows.bad for name in names)
            if not bad and start is not None and teacher is not None and kind in (None, SpellKind.POST):
                spells[teacher].append((start, end or date.max, school or elsewhere or "", rows, row))
    for held in spells.values():
        if len(held) > 1:
            yield from _overlaps(sorted(held, key=itemgetter(0, 1)))


def _overlaps(held: list[tuple[date, date, str, Rows, int]]) -> Iterator[Fault]:
    """Spells by start, each compared with the one before it that lasts longest.

    Sharing a month is no overlap, since rosters give months: a post until 2019-08 and another from 2019-08 follow on.
    """
    longest = held[0]
    for spell in held[1:]:
        start, end, school, rows, row = spell
        _start, last, other, earlier, at = longest
        if school != other and (start.year, start.month) < (last.year, last.month):
            until = "至今" if last == date.max else f"至 {last}"
            problem = Phrase(
                f"与“{earlier.name}”第{earlier.numbers[at]}行在另一学校的任职（{until}）时间重叠",
                f"overlaps the regular post at another school on row {earlier.numbers[at]} of “{earlier.name}”",
            )
            expected = Phrase(
                "请更正日期；交流、支教、借调请改「任职类型」",
                "correct the dates, or the kind if it was an exchange or support",
            )
            yield rows.fault(row, "start", "overlap", problem, expected)
        if end > last:
            longest = spell


def _rank_beyond(rows: Rows) -> Iterator[Fault]:
    for row, (rank, of) in enumerate(zip(rows.values("rank"), rows.values("of"), strict=True)):
        if rank is not None and of is not None and rank > of:
            problem = Phrase(f"名次 {rank} 大于参评人数 {of}", f"rank {rank} of only {of}")
            yield rows.fault(row, "rank", "contradiction", problem, Phrase("请核对", "check both"))
