"""junheng verify · check-plan: what a stranger runs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.solving import moves_or_refuse, problem_or_refuse
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.planning.checking import check
from junheng.planning.proof import verify_bundle

SHOWN = 40


def verify(
    bundle: Annotated[Path, typer.Argument(help=both("证明包文件夹", "folder of the bundle"))],
    root: Annotated[
        str | None, typer.Option("--root", help=both("公布的默克尔根", "the Merkle root as published"))
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy-hash", help=both("事先公布的政策摘要", "the policy hash as committed"))
    ] = None,
    commitment: Annotated[
        str | None,
        typer.Option("--commitment", help=both("截止前公布的承诺摘要", "the commitment's hash as published")),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help=both("公开版，个人文件未放入", "a public bundle, personal files withheld"))
    ] = False,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Verifies a bundle step by step."""
    voice = Voice(lang, as_json)
    if not bundle.is_dir():
        voice.refuse(f"找不到证明包文件夹：{bundle}", f"No such folder: {bundle}")
    with voice.progress("复核", "verifying"):
        outcome = verify_bundle(
            bundle, expected_root=root, expected_policy=policy, expected_commitment=commitment, public=public
        )
    for line in outcome.lines(voice.lang):
        voice.say(line, line)
    if outcome.objective is not None and outcome.bound is not None:
        gap = max(0.0, outcome.gap or 0)
        voice.say(
            f"目标值 {outcome.objective:.6f}，经证明不可能低于 {outcome.bound:.6f}（差距 {gap:.4%}）",
            f"Objective {outcome.objective:.6f}, proven lower bound {outcome.bound:.6f} (gap {gap:.4%})",
        )
    voice.say(*(("复核通过", "Accepted") if outcome.accepted else ("复核不通过", "REFUSED")))
    voice.answer(
        {
            "accepted": outcome.accepted,
            "complete": outcome.complete,
            "root": outcome.root,
            "objective": outcome.objective,
            "bound": outcome.bound,
            "gap": outcome.gap,
            "steps": [
                {
                    "number": s.number,
                    "name": s.name(voice.lang),
                    "outcome": s.outcome,
                    "findings": [f.message(voice.lang) for f in s.findings],
                }
                for s in outcome.steps
            ],
        }
    )
    if not outcome.accepted:
        raise typer.Exit(NO)


def check_plan(
    plan: Annotated[Path, typer.Argument(help=both("方案文件 plan.csv", "the plan, plan.csv"))],
    problem: Annotated[Path, typer.Option("--problem", help=both("问题文件夹", "folder of the problem"))],
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Checks any plan independently."""
    voice = Voice(lang, as_json)
    held, moves = problem_or_refuse(voice, problem), moves_or_refuse(voice, plan)
    report = check(held, moves)
    for violation in report.violations[:SHOWN]:
        voice.say(violation.message_zh, violation.message_en)
    if more := len(report.violations) - SHOWN if len(report.violations) > SHOWN else 0:
        voice.say(f"……另有 {more} 处", f"… and {more} more")
    figures = report.figures
    voice.say(
        f"{'符合全部规则' if report.feasible else f'违反规则 {len(report.violations)} 处'}；"
        f"移动 {figures.movers} 人（名额要求 {figures.required_moves}），目标值 {figures.objective:.6f}",
        f"{'Every rule holds' if report.feasible else f'{len(report.violations)} rules broken'}; "
        f"{figures.movers} moves ({figures.required_moves} asked for), objective {figures.objective:.6f}",
    )
    voice.answer(
        {
            "feasible": report.feasible,
            "rules_broken": report.rules_broken,
            "violations": [asdict(v) for v in report.violations],
            "figures": asdict(figures),
        }
    )
    if not report.feasible:
        raise typer.Exit(NO)
