"""Which moves are open at all, and for each move that is not, the reasons.

A move is an *arc* (teacher → school unit, subject). It is admissible when none of the :data:`REASONS` speaks against
it; the arrays of the solver and the answer to "why can't this teacher go there" come from the same masks.

Distances are compared with a slack of 1e-9 km, so that a teacher who lives exactly at the limit may go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.problem import Problem
from junheng.planning.solving.market import MUST, NO, Bools, Floats, Ints, Market, market_of

SLACK_KM = 1e-9
_BLOCK = 2048

REASONS = (
    "verdict",
    "stays",
    "same_school",
    "stage",
    "within_cluster",
    "within_partners",
    "pinned",
    "forbidden",
    "commute",
    "personal_limit",
    "returned_too_soon",
    "spouse_must_move",
    "subject",
    "slot_closed",
)
"""Reason codes in the order in which they are reported.

verdict: the policy's verdict is "no" · stays: a clerk keeps the teacher in place · same_school · stage: another stage ·
within_cluster: another cluster, where the policy keeps everybody in his own · within_partners: no partner, where the
policy keeps the staff of partner schools among these · pinned: a clerk sends the teacher elsewhere · forbidden: a clerk
forbade this school · commute: beyond the policy's limit and today's commute · personal_limit: beyond the limit stated
in the application · returned_too_soon: left that school too few years ago · spouse_must_move: the spouse must move and
both may not · subject: the school neither has nor needs a teacher of the teacher's subjects · slot_closed: it has, but
no place in those subjects can become free.
"""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Admissible arcs, sorted by (teacher, school, subject), as parallel arrays of indices."""

    teacher: Ints
    school: Ints
    subject: Ints
    service: Floats
    """Points of the move: wish, pairing and extra commute (``U`` is their sum over movers)."""

    def __len__(self) -> int:
        return len(self.teacher)

    def only(self, ids: Ints) -> Arcs:
        """These arcs; ``ids`` in rising order."""
        return Arcs(self.teacher[ids], self.school[ids], self.subject[ids], self.service[ids])

    def slot(self, market: Market) -> Ints:
        """The slot that each arc arrives in."""
        return self.school * len(market.subjects) + self.subject

    def of_stages(self, market: Market, stages: Ints) -> Arcs:
        """The arcs of some stages alone."""
        mine = np.isin(market.school_stage, stages)[self.school]
        return Arcs(self.teacher[mine], self.school[mine], self.subject[mine], self.service[mine])


def distances(market: Market, teachers: Ints) -> tuple[Floats, Floats]:
    """(t, J) km from the teachers' homes to every school, and (t,) km of today's commute."""
    gap = market.home[teachers, None, :] - market.school_xy[None, :, :]
    to_school = np.hypot(gap[:, :, 0], gap[:, :, 1])
    return to_school, to_school[np.arange(len(teachers)), market.school[teachers]]


def open_slots(market: Market) -> Bools:
    """(J, S) whether a slot can receive anybody: a place is free, or an eligible teacher of it could leave."""
    _, most = market.inflow_bounds()
    leavers = np.bincount(market.from_slot[market.verdict != NO], minlength=market.slots)
    return (most + leavers > 0).reshape(len(market.school_ids), len(market.subjects))


def taught_slots(market: Market) -> Bools:
    """(J, S) whether the school has or needs a teacher of the subject."""
    return (market.headcount > 0).reshape(market.required.shape) | (market.required > 0)


class Refusals:
    """The masks behind :data:`REASONS` for a block of teachers; each is (teachers, J)."""

    def __init__(self, market: Market, teachers: Ints) -> None:
        self.market = market
        self.teachers = teachers
        self.shape = (len(teachers), len(market.school_ids))
        self.km, self.km_today = distances(market, teachers)
        self._at = np.full(len(market.teacher_ids), -1, dtype=np.int64)
        self._at[teachers] = np.arange(len(teachers))

    def school_masks(self) -> Iterator[tuple[str, Bools]]:
        """Reason and mask, for the reasons that do not depend on the subject."""
        market, teachers = self.market, self.teachers
        yield "verdict", self._teachers(market.verdict[teachers] == NO)
        yield "stays", self._teachers(np.isin(teachers, market.choices.stays))
        yield "same_school", market.school[teachers, None] == np.arange(self.shape[1])[None, :]
        yield "stage", market.school_stage[market.school[teachers], None] != market.school_stage[None, :]
        if market.policy.within_cluster:
            cluster = market.school_cluster
            yield "within_cluster", cluster[market.school[teachers], None] != cluster[None, :]
        if market.policy.within_partners:
            partners: Bools = market.paired[market.school[teachers]]
            has_some = np.asarray(partners.any(axis=1, keepdims=True), dtype=bool)
            yield "within_partners", has_some & ~partners
        yield "pinned", self._pinned()
        yield "forbidden", self._pairs(market.choices.forbidden[market.choices.forbidden[:, 2] == -1][:, :2])
        yield "commute", self._beyond(market.reach[teachers])
        yield "personal_limit", self._beyond(market.limit[teachers])
        yield "returned_too_soon", self._pairs(market.choices.left)

    def spouse_mask(self) -> Bools:
        """Teachers whose spouse must move. The row ``couple`` says so too, so arcs are built without this mask."""
        market = self.market
        a, b = market.choices.couples[:, 0], market.choices.couples[:, 1]
        held = np.zeros(len(market.teacher_ids), dtype=bool)
        held[b[market.forced[a]]] = True
        held[a[market.forced[b]]] = True
        return self._teachers(held[self.teachers])

    def subject_mask(self, subject: Ints) -> Bools:
        """Schools closed to each teacher as teacher of ``subject`` (-1: none), by a clerk's decision on that
        subject.
        """
        market = self.market
        closed = self._teachers(subject < 0)
        for pairs, refuse_equal in ((market.choices.forbidden, True), (market.choices.pinned, False)):
            rows = pairs[(pairs[:, 2] != -1) & (self._at[pairs[:, 0]] >= 0)]
            at = self._at[rows[:, 0]]
            hit = (subject[at] == rows[:, 2]) == refuse_equal
            closed[at[hit], rows[hit, 1]] = True
        return closed

    def _teachers(self, mask: Bools) -> Bools:
        return np.repeat(mask[:, None], self.shape[1], axis=1)

    def _beyond(self, limit: Floats) -> Bools:
        return self.km > np.maximum(limit, self.km_today)[:, None] + SLACK_KM

    def _pairs(self, pairs: Ints) -> Bools:
        mask = np.zeros(self.shape, dtype=bool)
        at = self._at[pairs[:, 0]]
        mask[at[at >= 0], pairs[at >= 0, 1]] = True
        return mask

    def _pinned(self) -> Bools:
        pinned = self.market.choices.pinned
        bound = np.isin(self.teachers, pinned[:, 0])
        return self._teachers(bound) & ~self._pairs(pinned[:, :2])


def admissible_arcs(market: Market, stages: Ints | None = None) -> Arcs:
    """Every admissible arc of the teachers of the given stages (all when ``None``)."""
    candidates = market.verdict != NO
    if stages is not None:
        candidates &= np.isin(market.school_stage[market.school], stages)
    eligible = np.flatnonzero(candidates)
    blocks = [_block(market, eligible[i : i + _BLOCK]) for i in range(0, len(eligible), _BLOCK)]
    teacher, school, subject = (
        np.concatenate([b[k] for b in blocks] or [np.zeros(0)]).astype(np.int64) for k in range(3)
    )
    return Arcs(teacher, school, subject, np.concatenate([b[3] for b in blocks] or [np.zeros(0)]))


def _block(market: Market, teachers: Ints) -> tuple[Ints, Ints, Ints, Floats]:
    refusals = Refusals(market, teachers)
    closed = np.zeros(refusals.shape, dtype=bool)
    for _, mask in refusals.school_masks():
        closed |= mask
    receiving = open_slots(market)
    found = []
    for subject in (market.subject[teachers], market.second[teachers]):
        ok = ~closed & ~refusals.subject_mask(subject) & receiving[:, subject].T
        t, j = np.nonzero(ok)
        found.append((t, j, subject[t]))
    t, j, s = (np.concatenate([f[k] for f in found]) for k in range(3))
    order = np.lexsort((s, j, t))
    t, j, s = t[order], j[order], s[order]
    extra = np.maximum(0.0, refusals.km[t, j] - refusals.km_today[t])
    return teachers[t], j, s, service_points(market, teachers[t], j, extra)


def service_points(market: Market, teacher: Ints, school: Ints, extra_km: Floats) -> Floats:
    """Points of each move: rank of the wish, or the points of a missed one, plus pairing, less rounded extra commute.

    A wish beyond the list of points gives 0. The penalty ``km_penalty × extra km`` is rounded half up.
    """
    goals = market.policy.objective
    points = np.zeros(len(teacher))
    wishes = market.wishes[teacher]
    met = np.zeros(len(teacher), dtype=bool)
    for rank in range(wishes.shape[1]):
        hit = (wishes[:, rank] == school) & ~met
        points[hit] = goals.pref_points[rank] if rank < len(goals.pref_points) else 0.0
        met |= hit
    points[(wishes >= 0).any(axis=1) & ~met] = goals.pref_missed
    points += goals.paired_bonus * market.paired[market.school[teacher], school]
    return points - np.floor(goals.km_penalty * extra_km + 0.5)


def revalued(market: Market, arcs: Arcs) -> Arcs:
    """The same arcs with the points that the market's objective gives them."""
    gap = market.home[arcs.teacher] - market.school_xy[arcs.school]
    own = market.home[arcs.teacher] - market.school_xy[market.school[arcs.teacher]]
    extra = np.maximum(0.0, np.hypot(gap[:, 0], gap[:, 1]) - np.hypot(own[:, 0], own[:, 1]))
    return replace(arcs, service=service_points(market, arcs.teacher, arcs.school, extra))


def why_not(problem: Problem, teacher_id: str, school_id: str) -> tuple[str, ...]:
    """The :data:`REASONS` why a teacher may not go to a school unit; empty when the move is admissible.

    Raises ``ValueError`` for an unknown teacher or school.
    """
    return reasons(market_of(problem), teacher_id, school_id)


def reasons(market: Market, teacher_id: str, school_id: str) -> tuple[str, ...]:
    """As :func:`why_not`, for many questions about one problem."""
    if teacher_id not in market.teacher_ids or school_id not in market.school_ids:
        raise ValueError(f"unknown teacher or school: {teacher_id!r}, {school_id!r}")
    teacher, school = market.teacher_ids.index(teacher_id), market.school_ids.index(school_id)
    refusals = Refusals(market, np.array([teacher], dtype=np.int64))
    found = [name for name, mask in refusals.school_masks() if mask[0, school]]
    if refusals.spouse_mask()[0, school]:
        found.append("spouse_must_move")
    return (*found, *_subject_reasons(market, refusals, teacher, school))


def _subject_reasons(market: Market, refusals: Refusals, teacher: int, school: int) -> list[str]:
    subjects = [s for s in (market.subject[teacher], market.second[teacher]) if s >= 0]
    allowed = [s for s in subjects if not refusals.subject_mask(np.array([s], dtype=np.int64))[0, school]]
    if not allowed:
        pinned = (market.choices.pinned[:, 0] == teacher).any()
        return ["pinned" if pinned else "forbidden"]
    if not taught_slots(market)[school, allowed].any():
        return ["subject"]
    return [] if open_slots(market)[school, allowed].any() else ["slot_closed"]


def stranded(market: Market, arcs: Arcs) -> dict[str, dict[str, tuple[str, ...]]]:
    """Teachers who must move but have no admissible arc: teacher id → school id of the same stage → reasons."""
    reached = np.zeros(len(market.teacher_ids), dtype=bool)
    reached[arcs.teacher] = True
    told = {}
    for t in np.flatnonzero(market.forced & ~reached):
        stage = market.school_stage[market.school[t]]
        schools = [market.school_ids[j] for j in np.flatnonzero(market.school_stage == stage) if j != market.school[t]]
        told[market.teacher_ids[t]] = {j: reasons(market, market.teacher_ids[t], j) for j in schools}
    return told


__all__ = ["MUST", "REASONS", "Arcs", "admissible_arcs", "reasons", "stranded", "why_not"]
