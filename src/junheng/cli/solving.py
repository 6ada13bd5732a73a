"""junheng plan --problem: a problem in the interchange form in, ``plan.csv`` out; and the solver's options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.conflict_words import diagnosis_answer, say_conflicts, say_remedies
from junheng.cli.speaking import NO, Voice, both
from junheng.cli.summary import giving_answer, say_exchanges, say_result, voluntary_answer
from junheng.planning.checking import check
from junheng.planning.explaining import Speaker, giving, names_of
from junheng.planning.interchange import InterchangeError, read_plan, read_problem, write_plan
from junheng.planning.keeping import LEAST_CHANGE, against, changed
from junheng.planning.mechanisms import Voluntary, join
from junheng.planning.problem import Assignment, Problem
from junheng.planning.relaxing import diagnose, remedies_of
from junheng.planning.result import Result
from junheng.planning.solving import solve
from junheng.planning.year import TRIED

GapOption = Annotated[
    float,
    typer.Option(
        "--gap", help=both("与最优界的相对差距，到此即停", "relative gap to the bound at which to stop"), min=0
    ),
]
SeedOption = Annotated[
    int, typer.Option("--seed", help=both("随机种子，写入证明包", "seed, recorded in the bundle"), min=0)
]
TimeOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        help=both("最多求解几秒，结果可能不可重复", "most seconds; a plan cut short may not repeat"),
        min=1,
    ),
]
ProcessesOption = Annotated[int, typer.Option("--processes", help=both("求解进程数", "solver processes"), min=1, max=2)]


def plan_problem(
    voice: Voice,
    folder: Path,
    out: Path,
    *,
    seed: int,
    gap: float,
    time_limit: float | None,
    processes: int,
    keep: Path | None,
    voluntary: Voluntary | None = None,
) -> None:
    """Solves the problem in a folder and writes the plan, which is written also when it breaks rules: it says so."""
    problem, kept = problem_or_refuse(voice, folder), kept_or_refuse(voice, keep)
    target = out if out.suffix == ".csv" else out / "plan.csv"
    try:
        with voice.progress("求解方案", "planning", total=100) as bar:

            def solved(given: Problem, moves: Sequence[Assignment], worth: float) -> Result:
                return solve(
                    given, seed=seed, gap=gap, time_limit=time_limit, processes=processes, keep=(*kept, *moves),
                    keep_bonus=worth if moves else LEAST_CHANGE,
                    progress=lambda phase, share: bar.to(100 * share, 100),
                )  # fmt: skip

            joined = join(problem, voluntary, solved) if voluntary is not None else None
            problem = joined.problem if joined is not None else problem
            result = joined.result if joined is not None else solved(problem, (), 0.0)
    except ValueError as fault:
        voice.refuse(f"{folder} 不能求解：{fault}", f"{folder} cannot be solved: {fault}")
    given = giving(problem, result, check(problem, result.assignments), names_of(problem))
    say_result(voice, result, given)
    if joined is not None:
        say_exchanges(voice, joined)
    conflict = None if result.status != "infeasible" else _why_not(voice, problem, processes)
    if result.feasible:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_plan(result.assignments, target)
        voice.say(f"已写出方案：{target}", f"Wrote the plan: {target}")
    moves = against(kept, result.assignments) if kept else ()
    if kept:
        voice.say(
            f"与原方案相比变动 {len(changed(moves))} 人", f"{len(changed(moves))} moves differ from the kept plan"
        )
    voice.answer(
        _answer(problem, result)
        | {
            "relaxations": giving_answer(voice, given),
            "conflict": conflict,
            "changed": [move.teacher_id for move in changed(moves)],
            "voluntary": voluntary_answer(joined) if joined is not None else None,
            "written": str(target) if result.feasible else None,
        }
    )
    if not result.feasible:
        raise typer.Exit(NO)


def _why_not(voice: Voice, problem: Problem, processes: int) -> dict[str, Any]:
    """Says which rules conflict and what would do."""
    with voice.progress("查找冲突", "finding the conflict"):
        found = diagnose(problem)
        remedies = remedies_of(problem, found, most=TRIED, processes=processes)
    speaker = Speaker(problem, names_of(problem))
    say_conflicts(voice, speaker, found)
    say_remedies(voice, speaker, found, remedies)
    return diagnosis_answer(voice, speaker, found, remedies)


def _answer(problem: Problem, result: Result) -> dict[str, Any]:
    return {
        "status": result.status,
        "feasible": result.feasible,
        "teachers": len(problem.teachers),
        "schools": len(problem.schools),
        "moves": len(result.assignments),
        "objective": result.objective,
        "bound": result.bound,
        "gap": result.gap,
        "statistics": result.statistics,
        "seconds": result.seconds,
    }


def problem_or_refuse(voice: Voice, folder: Path) -> Problem:
    """The problem in a folder, or the end of the command with every fault named."""
    if not folder.is_dir():
        voice.refuse(f"--problem {folder}：没有这个文件夹。", f"--problem {folder}: there is no such folder.")
    try:
        return read_problem(folder)
    except (InterchangeError, ValueError, OSError) as fault:
        voice.refuse(f"{folder} 不能使用：", f"{folder} cannot be used:", details=_lines(fault, voice.lang))


def moves_or_refuse(voice: Voice, path: Path) -> tuple[Assignment, ...]:
    """The moves in a plan file, or the end of the command."""
    try:
        return tuple(read_plan(path))
    except (InterchangeError, ValueError, OSError) as fault:
        voice.refuse(f"{path} 不能使用：", f"{path} cannot be used:", details=_lines(fault, voice.lang))


def kept_or_refuse(voice: Voice, path: Path | None) -> tuple[Assignment, ...]:
    """The moves of a published plan: ``plan.csv``, or the folder that holds it; nothing without a path."""
    if path is None:
        return ()
    return moves_or_refuse(voice, path / "plan.csv" if path.is_dir() else path)


def _lines(fault: Exception, lang: str) -> list[str]:
    return (fault.describe(lang) if isinstance(fault, InterchangeError) else str(fault)).splitlines()
