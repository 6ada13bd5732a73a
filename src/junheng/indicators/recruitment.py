"""How many new teachers a year needs, subject by subject, and how many of them posts and the year's plan allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from heapq import heapify, heappop, heappush

from junheng.facts import County, Stage, Subject
from junheng.facts.ageing import retires_on
from junheng.indicators.counting import CountAt, places
from junheng.indicators.establishment import EstablishmentReport, Presence, presence, recruitment_room
from junheng.indicators.subjects import SubjectGap

Post = tuple[str, Stage]
"""A stage of a school, to which authorised posts belong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitmentNeed:
    """A subject in one stage of a school at the end of the year, if nobody is taken on.

    ``required`` teachers, ``held`` of the establishment have it as main subject and do their work today, ``retiring``
    of them retire by then. ``turns`` are the places in the county's order at which a new post falls to it, so that
    ``proposed`` is their number and never above ``short``.
    """

    school_id: str
    school_name: str
    stage: Stage
    subject: Subject
    required: int
    held: int
    retiring: int
    turns: tuple[int, ...] = ()

    @property
    def short(self) -> int:
        """Teachers lacking once those who retire are gone; 0 where there are enough."""
        return max(0, self.required - (self.held - self.retiring))

    @property
    def proposed(self) -> int:
        """How many of them to take on this year."""
        return len(self.turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitmentReport:
    """The need of a county by a day, and what limits it.

    ``free`` are the posts of each stage of a school that will be free by then, ``None`` where none are authorised;
    ``county_free`` those of the county, school surpluses taken off; ``increase`` is the year's plan for new staff,
    ``None`` where there is none yet; ``room`` the lesser of the two.
    """

    on: date
    until: date
    rows: tuple[RecruitmentNeed, ...]
    free: Mapping[Post, int | None] = field(default_factory=dict)
    county_free: int = 0
    increase: int | None = None
    room: int = 0

    @property
    def short(self) -> int:
        """Teachers lacking in all subjects of all schools; a surplus elsewhere makes up for none of them."""
        return sum(row.short for row in self.rows)

    @property
    def proposed(self) -> int:
        """How many are proposed in the whole."""
        return sum(row.proposed for row in self.rows)


def measure_recruitment(
    county: County,
    posts: EstablishmentReport,
    subjects: Iterable[SubjectGap],
    *,
    until: date,
    increase: int | None,
) -> RecruitmentReport:
    """The need for new teachers by the end of a year, from ages and subjects, within posts and increase plan (R-173).

    ``posts`` and ``subjects`` are the county's own reports of the same day; of ``subjects`` only what each subject
    requires is read. Who retires up to ``until``, that day included, leaves post and subject.

    One post after the other goes to the subject that then lacks the greatest share of what it requires; of equal
    shares, to the one that lacks more, then in the order of schools and subjects. A subject takes no more than it
    lacks, a school stage no more than will be free there, the county no more than its room. Without an increase plan
    nothing is proposed. Raises ``ValueError`` where ``until`` lies before the county's own day.
    """
    if until < county.on:
        raise ValueError(f"until must not lie before the county's day {county.on}, found {until}")
    held, retiring = _teaching(county, until)
    leaving = _leaving(county, until)
    free = {
        (row.school_id, row.stage): None
        if row.authorised is None
        else row.authorised - row.on_establishment + leaving[row.school_id, row.stage]
        for row in posts.rows
    }
    county_free = posts.total("authorised") - posts.total("on_establishment") + sum(leaving.values())
    rows = [
        RecruitmentNeed(
            school_id=gap.school_id,
            school_name=gap.school_name,
            stage=gap.stage,
            subject=gap.subject,
            required=gap.required,
            held=held[gap.school_id, gap.stage, gap.subject],
            retiring=retiring[gap.school_id, gap.stage, gap.subject],
        )
        for gap in subjects
    ]
    room = recruitment_room(county_free, 0, increase or 0)
    turns = _shared_out(rows, free, room)
    return RecruitmentReport(
        on=county.on,
        until=until,
        rows=tuple(replace(row, turns=turns[at]) for at, row in enumerate(rows)),
        free=free,
        county_free=county_free,
        increase=increase,
        room=room,
    )


def _teaching(county: County, until: date) -> tuple[Counter[tuple[str, Stage, Subject]], ...]:
    """Who of the establishment teaches what at his own school's cost, and who of them retires."""
    held: Counter[tuple[str, Stage, Subject]] = Counter()
    retiring: Counter[tuple[str, Stage, Subject]] = Counter()
    for place in places(county, CountAt.ESTABLISHMENT):
        if presence(place.teacher) is Presence.NOT_IN_POST:
            continue
        key = place.school_id, place.stage, place.subject
        held[key] += 1
        retiring[key] += retires_on(place.teacher) <= until
    return held, retiring


def _leaving(county: County, until: date) -> Counter[Post]:
    """Posts that fall free because whoever holds them retires, teacher or not, at work or not."""
    found: Counter[Post] = Counter()
    for teacher in county.teachers:
        if presence(teacher) in (Presence.AT_HOME, Presence.AWAY, Presence.NOT_IN_POST):
            stages = county.school_by_id[teacher.school_id].stages
            stage = teacher.stage if teacher.stage in stages else min(stages)
            found[teacher.school_id, stage] += retires_on(teacher) <= until
    return found


def _shared_out(rows: list[RecruitmentNeed], free: Mapping[Post, int | None], room: int) -> dict[int, tuple[int, ...]]:
    """At which turns a new post falls to each row, by the row's number."""
    turns: dict[int, tuple[int, ...]] = dict.fromkeys(range(len(rows)), ())
    left = {key: number or 0 for key, number in free.items()}
    waiting = [_place_in_line(row.short, row.required, at) for at, row in enumerate(rows) if row.short]
    heapify(waiting)
    turn = 0
    while waiting and turn < room:
        _share, lacking, at = heappop(waiting)
        row, post = rows[at], (rows[at].school_id, rows[at].stage)
        if left.get(post, 0) <= 0:
            continue
        turn += 1
        turns[at] += (turn,)
        left[post] -= 1
        if -lacking > 1:
            heappush(waiting, _place_in_line(-lacking - 1, row.required, at))
    return turns


def _place_in_line(lacking: int, required: int, at: int) -> tuple[Fraction, int, int]:
    """The smaller, the sooner: greatest share, then greatest number, then the order of rows."""
    return -Fraction(lacking, required), -lacking, at
