"""junheng plan: from a county workbook, or from a problem in the interchange form, to a proven plan."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.choices import ForbidOption, PinOption, PinsOption, SetOption, StayOption, overrides_of, pins_of
from junheng.cli.choosing import FrontierOption, PointOption, choice_or_refuse
from junheng.cli.ordering import OrderOption, order_answer, order_or_refuse, ordered_or_refuse, say_order
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.plan_files import write_plan_folder
from junheng.cli.reading import MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import GapOption, ProcessesOption, SeedOption, TimeOption, kept_or_refuse, plan_problem
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.cli.summary import plan_answer, say_plan
from junheng.facts import County
from junheng.planning.assembling import PlanningError
from junheng.planning.goals.levels import Ordered
from junheng.planning.interchange import write_problem
from junheng.planning.problem import Problem
from junheng.planning.year import Request, YearPlan, plan_year, prepare_year
from junheng.policy import Pack

CountyOption = Annotated[
    list[Path] | None, typer.Argument(help=both("县区工作簿", "the county workbook"), show_default=False)
]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))
]
OutOption = Annotated[
    Path,
    typer.Option(
        "-o",
        "--out",
        "--output",
        help=both("新的输出文件夹；用 --problem 时为 plan.csv", "a new folder; plan.csv with --problem"),
    ),
]
ProblemOption = Annotated[
    Path | None,
    typer.Option("--problem", help=both("代替工作簿的问题文件夹", "problem folder instead of a workbook")),
]
ExportOption = Annotated[
    Path | None,
    typer.Option("--export-problem", help=both("另存问题文件夹，供别的程序求解", "also save the problem as a folder")),
]
KeepOption = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        help=both(
            "已公布的方案（plan.csv 或其文件夹），尽量少改", "a published plan to keep to: plan.csv or its folder"
        ),
    ),
]
YearOption = Annotated[int | None, typer.Option("--year", help=both("计划年度", "plan year"), min=2000, max=2100)]


def plan(
    county: CountyOption = None,
    policy: PolicyOption = None,
    out: OutOption = Path("out"),
    problem: ProblemOption = None,
    export_problem: ExportOption = None,
    keep: KeepOption = None,
    frontier: FrontierOption = None,
    point: PointOption = None,
    order: OrderOption = None,
    settings: SetOption = None,
    pin: PinOption = None,
    stay: StayOption = None,
    forbid: ForbidOption = None,
    pins: PinsOption = None,
    year: YearOption = None,
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
    """Plans a county's year, or solves a problem folder."""
    voice = Voice(lang, as_json)
    if keep is not None and frontier is not None:
        voice.refuse("--keep 与 --frontier 只能给一个。", "Give --keep or --frontier, not both.")
    levels = order_or_refuse(voice, order)
    if levels and (keep is not None or frontier is not None or problem is not None):
        voice.refuse(
            "--order 不能与 --keep、--frontier、--problem 一起给。",
            "--order does not go with --keep, --frontier or --problem.",
        )
    if problem is not None:
        plan_problem(voice, problem, out, seed=seed, gap=gap, time_limit=time_limit, processes=processes, keep=keep)
        return
    if not county or not policy:
        voice.refuse(
            "请给出县区工作簿和 --policy，或用 --problem 给出问题文件夹。",
            "Give a county workbook and --policy, or a problem folder with --problem.",
        )
    pack = deciding_pack_or_refuse(voice, policy)
    parameters, day = overrides_of(voice, pack, settings), date_or_refuse(voice, on)
    kept = kept_or_refuse(voice, keep)
    _new_folder_or_refuse(voice, out)
    held = county_or_refuse(voice, county, mapping, on, name)
    request = Request(
        on=day,
        plan_year=year,
        parameters=parameters,
        pins=pins_of(voice, held, pin, stay, forbid, pins),
        seed=seed,
        gap=gap,
        time_limit=time_limit,
        processes=processes,
        keep=kept,
        diagnose=True,
    )
    prepared = prepare_or_refuse(voice, held, pack, request)
    chosen = choice_or_refuse(voice, frontier, point, prepared)
    if chosen is not None:
        request = replace(request, objective=chosen.objective, keep=chosen.assignments)
    by_order = ordered_or_refuse(voice, prepared, levels) if levels else None
    if by_order is not None:
        request = replace(request, objective=by_order.objective, keep=by_order.assignments)
    _plan_county(voice, held, pack, request, out, export_problem, by_order)


def _plan_county(
    voice: Voice,
    county: County,
    pack: Pack,
    request: Request,
    out: Path,
    export: Path | None,
    by_order: Ordered | None,
) -> None:
    prepared = prepare_or_refuse(voice, county, pack, request)
    if export is not None:
        write_problem(prepared, export)
    made = plan_or_refuse(voice, county, pack, request)
    files = write_plan_folder(out, made, voice.lang, salt=secrets.token_bytes(32))
    say_plan(voice, made)
    if by_order is not None:
        say_order(voice, by_order)
    voice.title("写出了什么", "What was written")
    for zh, en, path in files.listed:
        voice.say(f"{zh}：{path}", f"{en}: {path}")
    if export is not None:
        voice.say(f"问题文件夹：{export}", f"Problem folder: {export}")
    voice.answer(plan_answer(voice, made, files) | ({"order": order_answer(by_order)} if by_order else {}))
    if not made.adoptable:
        raise typer.Exit(NO)


def plan_or_refuse(voice: Voice, county: County, pack: Pack, request: Request) -> YearPlan:
    """The plan of a year with progress shown, or the end of the command."""
    try:
        with voice.progress("求解方案", "planning", total=100) as bar:
            return plan_year(county, pack, request, progress=lambda phase, share: bar.to(100 * share, 100))
    except PlanningError as problem:
        voice.refuse(f"不能排定：{problem.zh}。", f"Cannot plan: {problem.en}.")
    except ValueError as problem:
        voice.refuse(f"不能排定：{problem}", f"Cannot plan: {problem}")


def prepare_or_refuse(voice: Voice, county: County, pack: Pack, request: Request) -> Problem:
    """The planning problem alone; a kept plan that is of another county is refused."""
    try:
        problem = prepare_year(county, pack, request)[2].problem
    except PlanningError as fault:
        voice.refuse(f"不能排定：{fault.zh}。", f"Cannot plan: {fault.en}.")
    except ValueError as fault:
        voice.refuse(f"不能排定：{fault}", f"Cannot plan: {fault}")
    schools, teachers = {s.id for s in problem.schools}, county.teacher_by_id
    for move in request.keep:
        if move.teacher_id not in teachers or move.to_school not in schools:
            odd = move.teacher_id if move.teacher_id not in teachers else move.to_school
            voice.refuse(
                f"--keep：本县没有 {odd}，这不是本县的方案。",
                f"--keep: {odd} is not in this county; the plan is of another.",
            )
    return problem


def _new_folder_or_refuse(voice: Voice, out: Path) -> None:
    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        voice.refuse(
            f"-o {out}：已存在且不空，请换一个文件夹。", f"-o {out}: it exists and is not empty; give another folder."
        )
    if not out.resolve().parent.is_dir():
        voice.refuse(
            f"-o {out}：没有文件夹 {out.parent}，请先建立。",
            f"-o {out}: there is no folder {out.parent}; make it first.",
        )
