"""Teachers: dates that cannot be, subjects out of place, wishes, families."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from junheng.documents.binding import Rows
from junheng.documents.book import Book
from junheng.documents.faults import Fault, Phrase
from junheng.facts.calendar import anniversary
from junheng.facts.codes import Stage, Subject

_JUNIOR_ONLY = frozenset({Subject.PHYSICS, Subject.CHEMISTRY, Subject.BIOLOGY, Subject.HISTORY, Subject.GEOGRAPHY})
_YOUNGEST = 16


def check_people(book: Book, on: date | None) -> Iterator[Fault]:
    """Contradictions in the rows of teachers, their wishes and families."""
    for rows in book.of("teachers"):
        yield from _began_too_young(rows)
        yield from _joined_before_beginning(rows)
        yield from _too_young_now(rows, on)
    yield from _own_school_wished(book)
    yield from _wish_gaps(book)
    for rows in book.of("family"):
        columns = zip(rows.values("teacher_id"), rows.values("spouse_id"), strict=True)
        for row, (teacher, spouse) in enumerate(columns):
            if teacher is not None and teacher == spouse:
                problem = Phrase("配偶工号是本人工号", "is the teacher's own number")
                yield rows.fault(row, "spouse_id", "own_spouse", problem, Phrase("请核对", "check it"))


def warn_people(book: Book, on: date | None) -> Iterator[Fault]:
    """Subjects and stages out of place, and dates after the county's date."""
    stages = {
        code: taught
        for rows in book.of("schools")
        for code, taught in zip(rows.values("id"), rows.values("stages"), strict=True)
        if code is not None and taught is not None
    }
    for rows in book.of("teachers"):
        columns = zip(rows.values("school_id"), rows.values("stage"), rows.values("main_subject"), strict=True)
        for row, (school, stage, subject) in enumerate(columns):
            if stage is Stage.PRIMARY and subject in _JUNIOR_ONLY:
                problem = Phrase(f"小学一般不设{subject.zh}", f"primary schools do not usually teach {subject.en}")
                yield rows.fault(
                    row,
                    "main_subject",
                    "subject_of_stage",
                    problem,
                    Phrase("请核对学段和学科", "check stage and subject"),
                )
            if stage is not None and stage not in stages.get(school, (stage,)):
                problem = Phrase(f"人事关系学校没有{stage.zh}学段", f"the establishment school has no {stage.en} stage")
                yield rows.fault(
                    row, "stage", "stage_of_school", problem, Phrase("请核对学段和学校", "check stage and school")
                )
        yield from _after(rows, ("work_start", "joined_current_school"), on)


def _after(rows: Rows, names: tuple[str, ...], on: date | None) -> Iterator[Fault]:
    for name in names:
        for row, day in enumerate(rows.values(name)):
            if on is not None and day is not None and day > on:
                problem = Phrase(f"{day} 晚于数据日期 {on}", f"{day} is later than the data date {on}")
                yield rows.fault(row, name, "future", problem, Phrase("请核对", "check it"))


def _began_too_young(rows: Rows) -> Iterator[Fault]:
    for row, (birth, began) in enumerate(zip(rows.values("birth_date"), rows.values("work_start"), strict=True)):
        if birth is not None and began is not None and _months(began) < _months(birth) + _YOUNGEST * 12:
            problem = Phrase(
                f"{began} 时未满{_YOUNGEST}周岁（{birth} 出生）",
                f"on {began} the teacher, born {birth}, was under {_YOUNGEST}",
            )
            yield rows.fault(row, "work_start", "too_young", problem, Phrase("请核对两个日期", "check both dates"))


def _joined_before_beginning(rows: Rows) -> Iterator[Fault]:
    columns = zip(rows.values("work_start"), rows.values("joined_current_school"), strict=True)
    for row, (began, joined) in enumerate(columns):
        if began is not None and joined is not None and _months(joined) < _months(began):
            problem = Phrase(
                f"{joined} 早于参加工作时间 {began}", f"{joined} is earlier than beginning work on {began}"
            )
            yield rows.fault(
                row, "joined_current_school", "contradiction", problem, Phrase("请核对两个日期", "check both dates")
            )


def _too_young_now(rows: Rows, on: date | None) -> Iterator[Fault]:
    for row, birth in enumerate(rows.values("birth_date")):
        if on is not None and birth is not None and anniversary(birth, birth.year + _YOUNGEST) > on:
            problem = Phrase(
                f"{birth} 出生，到 {on} 未满{_YOUNGEST}周岁", f"born {birth}, is under {_YOUNGEST} on {on}"
            )
            yield rows.fault(row, "birth_date", "too_young", problem, Phrase("请核对", "check it"))


def _months(day: date) -> int:
    # Rosters give months, and a month alone became its first day: comparing days would find false contradictions.
    return day.year * 12 + day.month


def _own_school_wished(book: Book) -> Iterator[Fault]:
    school_of = {
        teacher: school
        for rows in book.of("teachers")
        for teacher, school in zip(rows.values("id"), rows.values("school_id"), strict=True)
    }
    for rows in book.of("wishes"):
        for row, (teacher, school) in enumerate(zip(rows.values("teacher_id"), rows.values("school_id"), strict=True)):
            if school is not None and school_of.get(teacher) == school:
                problem = Phrase("志愿学校是本人现人事关系学校", "is the teacher's own establishment school")
                yield rows.fault(
                    row, "school_id", "own_school", problem, Phrase("请填写其他学校", "name another school")
                )


def _wish_gaps(book: Book) -> Iterator[Fault]:
    ranks: defaultdict[str, list[tuple[int, Rows, int]]] = defaultdict(list)
    for rows in book.of("wishes"):
        for row, (teacher, rank) in enumerate(zip(rows.values("teacher_id"), rows.values("rank"), strict=True)):
            if teacher is not None and rank is not None:
                ranks[teacher].append((rank, rows, row))
    for wished in ranks.values():
        wished.sort(key=lambda wish: wish[0])
        before = 0
        for rank, rows, row in wished:
            if rank > before + 1:
                problem = Phrase(f"第{rank}志愿之前缺第{before + 1}志愿", f"wish {rank} without wish {before + 1}")
                yield rows.fault(
                    row, "rank", "wish_gap", problem, Phrase("志愿从1起连续编号", "number wishes from 1 without gaps")
                )
            before = rank
