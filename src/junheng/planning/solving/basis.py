"""The state of one programme as a running start for another: its columns and its optimal basis, by what they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from junheng.planning.solving.balance import Balance
from junheng.planning.solving.columns import Master
from junheng.planning.solving.market import Ints

_STATUS = {int(member): member for member in highspy.HighsBasisStatus.__members__.values()}
_BASIC, _LOWER = int(highspy.HighsBasisStatus.kBasic), int(highspy.HighsBasisStatus.kLower)


def put_back(master: Master, basis: highspy.HighsBasis) -> None:
    """Gives a programme the basis that it had before: columns added since rest at their lower bound, rows are basic."""
    column, row = list(basis.col_status), list(basis.row_status)
    basis.col_status = column + [_STATUS[_LOWER]] * (master.width - len(column))
    basis.row_status = row + [_STATUS[_BASIC]] * (master.lp_rows - len(row))
    master.highs.setBasis(basis)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Columns and rows of a programme with the statuses that HiGHS gave them.

    ``moves`` (n, 3): teacher, school and subject of each arc. ``steps``: (sign, offset, school, indicator) rows.
    ``slacks``: what each slack belongs to, a row name or ``must:`` and a teacher, with its sign.
    """

    stages: Ints
    balance: Balance
    names: tuple[str, ...]
    row_status: Ints
    teachers: Ints
    teacher_status: Ints
    moves: Ints
    move_status: Ints
    steps: Ints
    step_status: Ints
    slacks: tuple[tuple[str, int], ...]
    slack_status: Ints
    rounds: int


def snapshot(master: Master, stages: Ints, rounds: int) -> Snapshot:
    """The state of a solved programme."""
    basis = master.highs.getBasis()
    column = np.array([int(s) for s in basis.col_status], dtype=np.int64)
    row = np.array([int(s) for s in basis.row_status], dtype=np.int64)
    teachers = np.flatnonzero(master.teacher_row >= 0)
    arcs = master.arcs
    return Snapshot(
        stages=stages,
        balance=master.balance,
        names=master.rows.names,
        row_status=row[: len(master.rows)],
        teachers=teachers,
        teacher_status=row[master.teacher_row[teachers]],
        moves=np.stack([arcs.teacher[master.pool], arcs.school[master.pool], arcs.subject[master.pool]], axis=1),
        move_status=column[master.column[master.pool]],
        steps=_steps(master),
        step_status=column[np.concatenate([columns for _, _, columns in master.step_columns])],
        slacks=_slacks(master),
        slack_status=column[master.slack_column],
        rounds=rounds,
    )


def _steps(master: Master) -> Ints:
    blocks = [
        np.stack([np.full_like(c, sign), np.full_like(c, offset), master.step_school, master.step_k], axis=1)
        for sign, offset, c in master.step_columns
    ]
    return np.concatenate(blocks)


def _slacks(master: Master) -> tuple[tuple[str, int], ...]:
    teacher_of = {int(row): t for t, row in enumerate(master.teacher_row) if row >= 0}
    names = master.rows.names
    return tuple(
        (names[row] if row < len(names) else f"must:{teacher_of[int(row)]}", int(sign))
        for row, sign in zip(master.slack_row, master.slack_sign, strict=True)
    )


def plant(master: Master, snapshots: list[Snapshot]) -> None:
    """Gives a fresh programme the columns of others that share no teacher, and their bases as its starting one.

    Rows that none of them has start basic. Where the pieces do not fit together, HiGHS starts from its own basis.
    """
    total, level = master.balance.total.copy(), master.balance.level.copy()
    for piece in snapshots:
        total[piece.stages], level[piece.stages] = piece.balance.total[piece.stages], piece.balance.level[piece.stages]
    master.rebalance(replace(master.balance, total=total, level=level))
    ids = [master.ids_of(piece.moves) for piece in snapshots]
    master.add_arcs(np.concatenate(ids))
    master.extend_steps_to(max(int(piece.steps[:, 1].max(initial=0)) for piece in snapshots))
    master.add_teacher_rows(np.concatenate([p.teachers[master.teacher_row[p.teachers] < 0] for p in snapshots]))
    column = np.full(master.width, _LOWER, dtype=np.int64)
    row = np.full(master.lp_rows, _BASIC, dtype=np.int64)
    at_row = {name: i for i, name in enumerate(master.rows.names)}
    at_step = {tuple(key): c for key, c in zip(_steps(master).tolist(), _columns(master), strict=True)}
    at_slack = {key: int(c) for key, c in zip(_slacks(master), master.slack_column, strict=True)}
    for piece, arcs in zip(snapshots, ids, strict=True):
        column[master.column[arcs]] = piece.move_status
        column[[at_step[tuple(key)] for key in piece.steps.tolist()]] = piece.step_status
        column[[at_slack[key] for key in piece.slacks]] = piece.slack_status
        row[[at_row[name] for name in piece.names]] = piece.row_status
        row[master.teacher_row[piece.teachers]] = piece.teacher_status
    if int((column == _BASIC).sum() + (row == _BASIC).sum()) == master.lp_rows:
        basis = highspy.HighsBasis()
        basis.col_status = [_STATUS[s] for s in column.tolist()]
        basis.row_status = [_STATUS[s] for s in row.tolist()]
        basis.valid = True
        master.highs.setBasis(basis)


def _columns(master: Master) -> list[int]:
    return [int(c) for _, _, columns in master.step_columns for c in columns]
