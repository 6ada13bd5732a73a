"""The options of the voluntary part: by which mechanism, how firmly, and whom a school serves first."""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.speaking import Voice, both
from junheng.planning.mechanisms import KEYS, POINTS_KEYS, Order, Voluntary


class MechanismWord(StrEnum):
    """The mechanisms that a plan may use."""

    TOBE = "tobe"
    DA = "da"
    TTC = "ttc"


class HoldWord(StrEnum):
    """Whether exchanges are fixed in the plan or only favoured."""

    FIX = "fix"
    REWARD = "reward"


class PriorityWord(StrEnum):
    """Whom a school serves first."""

    BALANCE = "balance"
    POINTS = "points"


VoluntaryOption = Annotated[
    MechanismWord | None,
    typer.Option(
        "--voluntary",
        help=both(
            "先自愿互换： tobe 整组、 da 按序、 ttc 循环",
            "exchange first: tobe block exchange, da deferred acceptance, ttc top trading cycles",
        ),
    ),
]
HoldOption = Annotated[
    HoldWord,
    typer.Option(
        "--voluntary-hold",
        help=both("换到的：fix 固定，reward 只作优先", "exchanges are fixed, or only favoured (reward)"),
    ),
]
PriorityOption = Annotated[
    PriorityWord,
    typer.Option(
        "--priority",
        help=both(
            "先后次序：balance 按对本校均衡的作用，points 按全县积分",
            "order: balance, what a teacher does for the school; points, one order for all",
        ),
    ),
]
PointsOption = Annotated[
    str | None,
    typer.Option(
        "--points",
        help=both(
            "积分：CSV（列 teacher_id, points），或项目，如 title,age",
            "points: a CSV (teacher_id, points), or keys such as title,age",
        ),
    ),
]
HEADER = {"teacher_id", "points"}


def voluntary_or_refuse(
    voice: Voice, mechanism: MechanismWord | None, hold: HoldWord, priority: PriorityWord, points: str | None
) -> Voluntary | None:
    """The voluntary part that the options ask for; nothing without a mechanism."""
    if mechanism is None:
        if hold is not HoldWord.FIX or priority is not PriorityWord.BALANCE or points is not None:
            voice.refuse(
                "--voluntary-hold、--priority、--points 只与 --voluntary 一起使用。",
                "--voluntary-hold, --priority and --points go with --voluntary only.",
            )
        return None
    return Voluntary(mechanism.value, order_or_refuse(voice, priority, points), hold.value)


def order_or_refuse(voice: Voice, priority: PriorityWord, points: str | None) -> Order:
    """The order of priority, or the end of the command with what is wrong with ``--points``."""
    if points is None:
        return Order(priority.value)
    if points.casefold().endswith(".csv"):
        return Order(priority.value, published=_scores_or_refuse(voice, Path(points)))
    keys = tuple(key.strip() for key in points.split(","))
    unknown = [key for key in keys if key not in KEYS]
    if unknown or len(set(keys)) < len(keys):
        voice.refuse(
            f"--points {points}：“{'、'.join(unknown) or points}”不能用；项目有 {'、'.join(KEYS)}，各用一次，"
            f"默认 {','.join(POINTS_KEYS)}；或给出 CSV 文件。",
            f"--points {points}: {', '.join(unknown) or points} cannot be used; the keys are {', '.join(KEYS)}, each "
            f"once, {','.join(POINTS_KEYS)} unless told; or give a CSV file.",
        )
    return Order(priority.value, keys)


def _scores_or_refuse(voice: Voice, path: Path) -> dict[str, float]:
    """Published points by teacher, every fault of the file named."""
    if not path.is_file():
        voice.refuse(f"--points {path}：没有这个文件。", f"--points {path}: there is no such file.")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not set(rows.fieldnames or ()) >= HEADER:
            voice.refuse(
                f"--points {path}：应有 teacher_id、points 两列，现有 {'、'.join(rows.fieldnames or ()) or '（无）'}。",
                f"--points {path}: it needs the columns teacher_id, points; it has {', '.join(rows.fieldnames or ())}.",
            )
        scores: dict[str, float] = {}
        faults = []
        for line, row in enumerate(rows, start=2):
            score = _number(row["points"])
            if score is None or row["teacher_id"] in scores:
                faults.append(
                    voice.text(
                        f"第{line}行 {row['teacher_id']}：“{row['points']}”应为数字，每人一行",
                        f"line {line}, {row['teacher_id']}: {row['points']!r} should be a number, one line a teacher",
                    )
                )
            else:
                scores[row["teacher_id"]] = score
    if faults:
        voice.refuse(f"--points {path} 不能使用：", f"--points {path} cannot be used:", details=faults)
    return scores


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
