"""junheng plan --order: goals in an order, what each reached and what it gave up."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from junheng.cli.speaking import NO, Voice, both
from junheng.planning.goals.frontier import NoFrontierError
from junheng.planning.goals.levels import (
    Level,
    LevelOutcome,
    Ordered,
    OrderError,
    attainable,
    ordered,
    read_order,
)
from junheng.planning.problem import Problem

OrderOption = Annotated[
    str | None,
    typer.Option(
        "--order",
        help=both(
            "目标次序，如 balance:2%,wishes",
            "goals in order, e.g. balance,standard:2%,wishes; the share is what later ones may take",
        ),
    ),
]
GOAL_WORDS = {
    "balance": ("均衡", "balance"),
    "standard": ("达标学校", "schools at the standard"),
    "wishes": ("志愿与结对", "wishes and pairing"),
    "commute": ("通勤", "commute"),
    "extra": ("少动（名额以外的移动）", "few moves beyond the quotas"),
}


def order_or_refuse(voice: Voice, text: str | None) -> tuple[Level, ...]:
    """The order that was typed, or the end of the command; nothing without one."""
    try:
        return read_order(text) if text is not None else ()
    except OrderError as fault:
        voice.refuse(f"--order {text}：{fault.zh}。", f"--order {text}: {fault.en}.")


def ordered_or_refuse(voice: Voice, problem: Problem, levels: tuple[Level, ...]) -> Ordered:
    """The weights and plan that an order comes to, or the end of the command."""
    try:
        with voice.progress("按次序求解各个目标", "each goal in its turn", total=None) as bar:
            return ordered(problem, levels, progress=bar.to)
    except NoFrontierError:
        voice.refuse(
            "没有方案能同时满足全部规则，目标的次序无从谈起；请先不加 --order 运行，查看要放宽哪一条。",
            "No plan keeps every rule, so an order of goals means nothing; run without --order to see which must give.",
            code=NO,
        )


def say_order(voice: Voice, found: Ordered) -> None:
    """Every goal in its order: its best when its turn came, what the plan reached, what was given up."""
    voice.title("目标的次序", "Goals in their order")
    voice.table(
        [("目标", "Goal"), ("容许让出", "May give up"), ("轮到时最好", "Best in its turn"), ("方案达到", "Reached"),
         ("让出", "Given up"), ("最多还能好", "At most better by"), ("权重", "Weight")],
        [
            (
                voice.text(*GOAL_WORDS[o.level.goal]), f"{o.level.tolerance:.1%}", _shown(o, o.best),
                _shown(o, o.reached), f"{o.given_up:.2%}", _distance(o), f"{o.weight:.3g}",
            )
            for o in found.outcomes
        ],
        right=1,
    )  # fmt: skip
    voice.say(
        "均衡、达标：以轮岗前为 100%，越小越好；志愿、通勤：每个应动名额的分数；少动：占名额的比例。",
        "Balance and standard: before = 100 %, less is better; wishes, commute: points for each move that is due; "
        "few moves: share of the moves due.",
    )


def _shown(outcome: LevelOutcome, value: float) -> str:
    if outcome.level.goal in ("balance", "standard", "extra"):
        return f"{value:.2%}"
    return f"{abs(100 * value):.1f}"


def _distance(outcome: LevelOutcome) -> str:
    """How much better another plan could be; nothing where a slight weight proves nothing."""
    told = outcome.proven <= attainable(outcome.level.goal, outcome.best)
    return _shown(outcome, outcome.proven) if told else "—"


def order_answer(found: Ordered) -> list[dict[str, Any]]:
    """The outcomes for machines."""
    return [
        {
            "goal": o.level.goal, "tolerance": o.level.tolerance, "weight": o.weight, "best": o.best,
            "reached": o.reached, "given_up": o.given_up, "proven": o.proven,
        }
        for o in found.outcomes
    ]  # fmt: skip
