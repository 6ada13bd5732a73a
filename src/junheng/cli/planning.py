"""junheng plan: from a county workbook, or from a problem in the interchange form, to a proven plan."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.choices import ForbidOption, PinOption, PinsOption, SetOption, StayOption, overrides_of, pins_of
from junheng.cli.plan_files import write_plan_folder
from junheng.cli.policies import pack_or_refuse
from junheng.cli.reading import MappingOption, NameOption, OnOption, county_or_refuse
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice
from junheng.cli.summary import plan_answer, say_plan, say_result
from junheng.facts import County
from junheng.planning.interchange import InterchangeError, read_plan, read_problem, write_plan, write_problem
from junheng.planning.problem import Assignment
from junheng.planning.solving import solve
from junheng.planning.year import Request, YearPlan, plan_year, prepare_year
from junheng.policy import Pack

GapOption = Annotated[
    float, typer.Option("--gap", help="与最优界的相对差距,到此即停 relative gap at which to stop", min=0)
]
SeedOption = Annotated[int, typer.Option("--seed", help="随机种子,写入证明包 seed, recorded in the bundle", min=0)]
TimeOption = Annotated[
    float | None,
    typer.Option("--time-limit", help="最长求解秒数(会影响可重复性) a guard in seconds; costs repeatability", min=1),
]
ProcessesOption = Annotated[int, typer.Option("--processes", help="求解进程数 solver processes", min=1, max=2)]


def plan(
    county: Annotated[list[Path] | None, typer.Argument(help="县区工作簿 county workbook")] = None,
    policy: Annotated[str | None, typer.Option("--policy", help="政策包代码或文件 pack")] = None,
    out: Annotated[Path, typer.Option("-o", "--out", "--output", help="输出文件夹(或 plan.csv) output")] = Path("out"),
    problem: Annotated[Path | None, typer.Option("--problem", help="交换格式的问题文件夹 problem folder")] = None,
    export_problem: Annotated[
        Path | None, typer.Option("--export-problem", help="另存问题文件夹 save the problem")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="已公布的方案,尽量少改 a published plan to keep to")
    ] = None,
    settings: SetOption = None,
    pin: PinOption = None,
    stay: StayOption = None,
    forbid: ForbidOption = None,
    pins: PinsOption = None,
    year: Annotated[int | None, typer.Option("--year", help="计划年度 plan year")] = None,
    seed: SeedOption = 0,
    gap: GapOption = 5e-4,
    time_limit: TimeOption = None,
    processes: ProcessesOption = 2,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """求解轮岗方案:名额、去向、理由、前后对比、证明包。 The rotation plan with reasons, balance and bundle."""
    voice = Voice(lang, as_json)
    if problem is not None:
        _plan_problem(voice, problem, out, seed, gap, time_limit, processes, keep)
        return
    if not county or not policy:
        voice.refuse(
            "请给出县区工作簿和 --policy,或用 --problem 给出问题文件夹。",
            "Give a county workbook and --policy, or a problem folder with --problem.",
        )
    pack = pack_or_refuse(voice, policy)
    held = county_or_refuse(voice, county, mapping, on, name)
    request = Request(
        plan_year=year,
        parameters=overrides_of(voice, pack, settings),
        pins=pins_of(voice, held, pin, stay, forbid, pins),
        seed=seed,
        gap=gap,
        time_limit=time_limit,
        processes=processes,
        keep=_kept(voice, keep),
    )
    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        voice.refuse(f"{out} 已存在且不空,请换一个文件夹。", f"{out} exists and is not empty; give another folder.")
    if export_problem is not None:
        write_problem(prepare_or_refuse(voice, held, pack, request), export_problem)
    made = plan_or_refuse(voice, held, pack, request)
    files = write_plan_folder(out, made, voice.lang, salt=secrets.token_bytes(32))
    say_plan(voice, made)
    for zh, en, path in files.listed:
        voice.say(f"{zh}:{path}", f"{en}: {path}")
    voice.answer(plan_answer(voice, made, files))
    if not made.result.feasible:
        raise typer.Exit(NO)


def plan_or_refuse(voice: Voice, county: County, pack: Pack, request: Request) -> YearPlan:
    """The plan of a year with progress shown, or the end of the command."""
    try:
        with voice.progress("求解方案", "planning", total=100) as bar:
            return plan_year(county, pack, request, progress=lambda phase, share: bar.to(100 * share, 100))
    except ValueError as problem:
        voice.refuse(f"不能排定:{problem}", f"Cannot plan: {problem}")


def prepare_or_refuse(voice: Voice, county: County, pack: Pack, request: Request):  # type: ignore[no-untyped-def]
    """The planning problem alone."""
    try:
        return prepare_year(county, pack, request)[2].problem
    except ValueError as problem:
        voice.refuse(f"不能排定:{problem}", f"Cannot plan: {problem}")


def _kept(voice: Voice, path: Path | None) -> tuple[Assignment, ...]:
    if path is None:
        return ()
    try:
        return tuple(read_plan(path))
    except (InterchangeError, OSError) as fault:
        voice.refuse(f"--keep {path}:{fault}", f"--keep {path}: {fault}")


def _plan_problem(
    voice: Voice,
    folder: Path,
    out: Path,
    seed: int,
    gap: float,
    time_limit: float | None,
    processes: int,
    keep: Path | None,
) -> None:
    """The interchange form in, ``plan.csv`` out."""
    try:
        problem = read_problem(folder)
    except (InterchangeError, OSError) as fault:
        text = fault.describe(voice.lang) if isinstance(fault, InterchangeError) else str(fault)
        voice.refuse(f"{folder} 不能使用", f"{folder} cannot be used", details=text.splitlines())
    kept = _kept(voice, keep)
    try:
        with voice.progress("求解方案", "planning", total=100) as bar:
            result = solve(
                problem, seed=seed, gap=gap, time_limit=time_limit, processes=processes, keep=kept,
                progress=lambda phase, share: bar.to(100 * share, 100),
            )  # fmt: skip
    except ValueError as fault:
        voice.refuse(f"{folder} 不能求解:{fault}", f"{folder} cannot be solved: {fault}")
    target = out if out.suffix == ".csv" else out / "plan.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_plan(result.assignments, target)
    say_result(voice, result)
    voice.say(f"已写出方案:{target}", f"Wrote the plan: {target}")
    voice.answer(
        {
            "status": result.status,
            "moves": len(result.assignments),
            "objective": result.objective,
            "bound": result.bound,
            "gap": result.gap,
            "relaxations": [{"row": r.row, "by": r.by, "sense": r.sense} for r in result.relaxations],
            "statistics": result.statistics,
            "seconds": result.seconds,
            "written": str(target),
        }
    )
    if not result.feasible:
        raise typer.Exit(NO)
