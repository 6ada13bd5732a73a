"""junheng mechanisms: voluntary exchange by several mechanisms, with and without the optimiser, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import GapOption, ProcessesOption, SeedOption
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.cli.voluntary import PointsOption, PriorityOption, PriorityWord, order_or_refuse
from junheng.documents.tables.planned import PlanNames
from junheng.documents.tables.traded import (
    advice,
    advice_table,
    broken_words,
    detail_table,
    envy_table,
    honest,
    order_name,
    trade_off_charts,
    trade_off_table,
    way_name,
)
from junheng.facts import County
from junheng.planning.assembling import Assembly, PlanningError
from junheng.planning.mechanisms import Order, TradeOffs, trade_offs
from junheng.planning.problem import Assignment, Problem
from junheng.planning.result import Result
from junheng.planning.solving import solve
from junheng.planning.year import Request, prepare_year
from junheng.policy import Pack


def mechanisms(
    county: CountyArgument,
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    priority: PriorityOption = PriorityWord.BALANCE,
    points: PointsOption = None,
    settings: SetOption = None,
    seed: SeedOption = 0,
    gap: GapOption = 1e-3,
    processes: ProcessesOption = 2,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    output: OutputOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Compares the ways of making the year's moves."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    parameters, order = overrides_of(voice, pack, settings), order_or_refuse(voice, priority, points)
    output_or_refuse(voice, output, county)
    held = county_or_refuse(voice, county, mapping, on, name)
    request = Request(on=date_or_refuse(voice, on), parameters=parameters, seed=seed, gap=gap, processes=processes)
    assembly, compared = _compared_or_refuse(voice, held, pack, request, order)
    _say(voice, compared)
    passed_over = envy_table(PlanNames(assembly.county, assembly), compared)
    tables = [trade_off_table(compared), detail_table(compared), advice_table(compared), passed_over]
    write_tables(voice, tables, output, trade_off_charts(), on=assembly.county.on, answer=_answer(voice, compared))


def _compared_or_refuse(
    voice: Voice, county: County, pack: Pack, request: Request, order: Order
) -> tuple[Assembly, TradeOffs]:
    def solved(given: Problem, keep: Sequence[Assignment], worth: float) -> Result:
        return solve(
            given, seed=request.seed, gap=request.gap, processes=request.processes, keep=keep, keep_bonus=worth
        )

    try:
        assembly = prepare_year(county, pack, request)[2]
        with voice.progress("逐个机制比较", "comparing the ways", total=None) as bar:
            return assembly, trade_offs(assembly.problem, order, solved, progress=bar.to)
    except PlanningError as problem:
        voice.refuse(f"不能比较：{problem.zh}。", f"Cannot compare: {problem.en}.")
    except ValueError as problem:
        voice.refuse(f"不能比较：{problem}", f"Cannot compare: {problem}")


def _say(voice: Voice, compared: TradeOffs) -> None:
    voice.title("自愿互换的几种机制与优化求解", "Mechanisms for voluntary exchange, and the optimiser")
    voice.say(
        f"填有有效志愿（至少一个为规则所允许）的 {compared.applicants} 人。优先次序：{order_name(compared.order).zh}",
        f"{compared.applicants} applicants have a wish that the rules leave open. "
        f"Priority: {order_name(compared.order).en}",
    )
    voice.table(
        [("做法", "Way"), ("移动", "Moves"), ("互换", "Exch."), ("第一/任一", "1st/any"), ("违愿", "Against"),
         ("被越次", "Passed"), ("如实有利", "Truthful"), ("变差校", "Worse"), ("不均衡", "Imbal."), ("J", "J"),
         ("通勤", "km")],
        [
            (
                way_name(r).said(voice.lang), r.moves, r.exchanged or "", f"{r.first}/{r.any}", r.against, r.envious,
                honest(r).said(voice.lang), r.worse, f"{r.imbalance:.1%}", f"{r.objective:.2f}",
                f"{round(r.extra_km, 1) + 0.0:+.1f}",
            )
            for r in compared.rows
        ],
        right=1,
    )  # fmt: skip
    broken = [(way_name(r), broken_words(r)) for r in compared.rows if r.rules_broken and r.part != "today"]
    for way, rules in broken:
        voice.say(f"{way.zh}不能单独执行：{rules.zh}", f"{way.en} is not enough by itself: {rules.en}")
    voice.title("怎样选", "How to choose")
    for each in advice(compared):
        voice.say(each.zh, each.en)


def _answer(voice: Voice, compared: TradeOffs) -> dict[str, Any]:
    return {
        "priority": compared.order.kind,
        "applicants": compared.applicants,
        "advice": [each.said(voice.lang) for each in advice(compared)],
    }
