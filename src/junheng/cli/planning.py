"""junheng plan: from a county workbook, or from a problem in the interchange form, to a proven plan."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.choices import ForbidOption, PinOption, PinsOption, SetOption, StayOption, overrides_of, pins_of
from junheng.cli.choosing import FrontierOption, PointOption, choice_or_refuse, frontier_points
from junheng.cli.ordering import OrderOption, order_answer, order_or_refuse, ordered_or_refuse, say_order
from junheng.cli.output import new_folder_or_refuse
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.plan_files import PlanFiles, pictured_plan, write_plan_folder
from junheng.cli.promised import CommitmentOption, Promise, begin_promised, log_run
from junheng.cli.reading import MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import GapOption, ProcessesOption, SeedOption, TimeOption, kept_or_refuse, plan_problem
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.cli.summary import plan_answer, say_files, say_plan
from junheng.cli.voluntary import (
    HoldOption,
    HoldWord,
    PointsOption,
    PriorityOption,
    PriorityWord,
    VoluntaryOption,
    voluntary_or_refuse,
)
from junheng.documents.digest import FrontierPoint
from junheng.facts import County
from junheng.planning.assembling import PlanningError
from junheng.planning.goals.levels import Ordered
from junheng.planning.interchange import write_problem
from junheng.planning.mechanisms import Voluntary
from junheng.planning.problem import Problem
from junheng.planning.year import Request, YearPlan, plan_year, prepare_year
from junheng.policy import Findings, Pack

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
NoReturnsOption = Annotated[
    bool,
    typer.Option("--no-returns", help=both("期满教师不先返校", "those whose term ends do not come home first")),
]
ReportOption = Annotated[
    bool,
    typer.Option(
        "--report", help=both("另写报告 report.pdf 与 report.html", "also write a report: report.pdf and report.html")
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
    no_returns: NoReturnsOption = False,
    voluntary: VoluntaryOption = None,
    hold: HoldOption = HoldWord.FIX,
    priority: PriorityOption = PriorityWord.BALANCE,
    points: PointsOption = None,
    commitment: CommitmentOption = None,
    year: YearOption = None,
    seed: SeedOption = 0,
    gap: GapOption = 5e-4,
    time_limit: TimeOption = None,
    processes: ProcessesOption = 2,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    report: ReportOption = False,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Plans a county's year, or solves a problem folder."""
    voice = Voice(lang, as_json)
    part = voluntary_or_refuse(voice, voluntary, hold, priority, points)
    levels = order_or_refuse(voice, order)
    _refuse_two_goals(voice, keep, frontier, problem, levels)
    if problem is not None:
        _refuse_report(voice, report=report)
        plan_problem(
            voice, problem, out, seed=seed, gap=gap, time_limit=time_limit, processes=processes, keep=keep,
            voluntary=part,
        )  # fmt: skip
        return
    if not county or not policy:
        voice.refuse(
            "请给出县区工作簿和 --policy，或用 --problem 给出问题文件夹。",
            "Give a county workbook and --policy, or a problem folder with --problem.",
        )
    pack = deciding_pack_or_refuse(voice, policy)
    parameters, day, kept = overrides_of(voice, pack, settings), date_or_refuse(voice, on), kept_or_refuse(voice, keep)
    new_folder_or_refuse(voice, out)
    promise = None
    if commitment is not None:
        _refuse_unpromised(voice, part, frontier or levels)
        promise = begin_promised(voice, commitment, pack, parameters, day, seed=seed, gap=gap)
    held = county_or_refuse(voice, county, mapping, on, name)
    request = Request(
        on=day, plan_year=year, parameters=parameters, pins=pins_of(voice, held, pin, stay, forbid, pins), seed=seed,
        gap=gap, time_limit=time_limit, processes=processes, keep=kept, returns=not no_returns, voluntary=part,
        diagnose=True,
    )  # fmt: skip
    _, prepared = prepare_or_refuse(voice, held, pack, request)
    by_order = ordered_or_refuse(voice, prepared, levels) if levels else None
    chosen = choice_or_refuse(voice, frontier, point, prepared)
    if goal := by_order or chosen:
        request = replace(request, objective=goal.objective, keep=goal.assignments)
    writing = Writing(out, voice.lang, promise, report=report, frontier=frontier_points(chosen))
    _plan_county(voice, held, pack, request, writing, export_problem, by_order)


def _refuse_report(voice: Voice, *, report: bool) -> None:
    if report:
        voice.refuse(
            "--report 需要县区工作簿；问题文件夹里没有姓名和校名，写不出报告。请去掉 --report。",
            "--report needs a county workbook; a problem folder has no names to report. Leave out --report.",
        )


def _refuse_two_goals(
    voice: Voice, keep: Path | None, frontier: Path | None, problem: Path | None, levels: object
) -> None:
    """Refuses options that say in two ways what is wanted."""
    if keep is not None and frontier is not None:
        voice.refuse("--keep 与 --frontier 只能给一个。", "Give --keep or --frontier, not both.")
    if levels and (keep is not None or frontier is not None or problem is not None):
        voice.refuse(
            "--order 不能与 --keep、--frontier、--problem 一起给。",
            "--order does not go with --keep, --frontier or --problem.",
        )


@dataclass(frozen=True, slots=True)
class Writing:
    """Where and how a plan is written: folder, language, the commitment it is made under, with or without a report."""

    out: Path
    lang: str
    promise: Promise | None
    report: bool
    frontier: tuple[FrontierPoint, ...] = ()

    def write(self, made: YearPlan) -> PlanFiles:
        """Writes the plan, and its run into the log of the commitment."""
        salt = secrets.token_bytes(32)
        files = write_plan_folder(
            self.out, made, self.lang, salt=salt, promise=self.promise, report=self.report,
            digest=pictured_plan(made, self.frontier),
        )  # fmt: skip
        if self.promise is not None:
            self.promise.keep(files.bundle)
        return files


def _refuse_unpromised(voice: Voice, part: Voluntary | None, goals: object) -> None:
    """A commitment names no mechanism and no goals but the pack's: one chosen now is chosen after the deadline."""
    if goals:
        voice.refuse(
            "--commitment 不能与 --frontier、--order 同时使用：目标的权重写在政策包里，截止后再选就不算承诺。",
            "--commitment does not go with --frontier or --order: weights stand in the pack, those chosen after the "
            "deadline are no promise.",
        )
    if part is not None:
        voice.refuse(
            "--commitment 与 --voluntary 不能同时使用：承诺里没有写明自愿互换的机制，截止后再选就不算承诺。",
            "--commitment and --voluntary cannot go together: a commitment names no mechanism for the voluntary part, "
            "and one chosen after the deadline is no promise.",
        )


def _plan_county(
    voice: Voice,
    county: County,
    pack: Pack,
    request: Request,
    writing: Writing,
    export: Path | None,
    by_order: Ordered | None,
) -> None:
    _, prepared = prepare_or_refuse(voice, county, pack, request)
    if export is not None:
        write_problem(prepared, export)
    if writing.promise is not None:
        writing = replace(writing, promise=log_run(voice, writing.promise, prepared))
    made, files = _planned_and_written(voice, county, pack, request, writing)
    say_plan(voice, made)
    if by_order is not None:
        say_order(voice, by_order)
    voice.title("写出了什么", "What was written")
    say_files(voice, files)
    if export is not None:
        voice.say(f"问题文件夹：{export}", f"Problem folder: {export}")
    voice.answer(plan_answer(voice, made, files) | ({"order": order_answer(by_order)} if by_order else {}))
    if not made.adoptable:
        raise typer.Exit(NO)


def _planned_and_written(
    voice: Voice, county: County, pack: Pack, request: Request, writing: Writing
) -> tuple[YearPlan, PlanFiles]:
    try:
        made = plan_or_refuse(voice, county, pack, request)
        return made, writing.write(made)
    finally:
        if writing.promise is not None:
            writing.promise.release()


def plan_or_refuse(voice: Voice, county: County, pack: Pack, request: Request) -> YearPlan:
    """The plan of a year with progress shown, or the end of the command."""
    try:
        with voice.progress("求解方案", "planning", total=100) as bar:
            return plan_year(county, pack, request, progress=lambda phase, share: bar.to(100 * share, 100))
    except PlanningError as problem:
        voice.refuse(f"不能排定：{problem.zh}。", f"Cannot plan: {problem.en}.")
    except ValueError as problem:
        voice.refuse(f"不能排定：{problem}", f"Cannot plan: {problem}")


def prepare_or_refuse(voice: Voice, county: County, pack: Pack, request: Request) -> tuple[Findings, Problem]:
    """Verdicts and planning problem alone; a kept plan that is of another county is refused."""
    try:
        findings, _, assembly = prepare_year(county, pack, request)
    except PlanningError as fault:
        voice.refuse(f"不能排定：{fault.zh}。", f"Cannot plan: {fault.en}.")
    except ValueError as fault:
        voice.refuse(f"不能排定：{fault}", f"Cannot plan: {fault}")
    problem = assembly.problem
    schools, teachers = {s.id for s in problem.schools}, county.teacher_by_id
    for move in request.keep:
        if move.teacher_id not in teachers or move.to_school not in schools:
            odd = move.teacher_id if move.teacher_id not in teachers else move.to_school
            voice.refuse(
                f"--keep：本县没有 {odd}，这不是本县的方案。",
                f"--keep: {odd} is not in this county; the plan is of another.",
            )
    return findings, problem
