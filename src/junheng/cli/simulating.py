"""junheng simulate: the same roster under several values of parameters, as table and chart."""

from __future__ import annotations

from itertools import product
from typing import Annotated, Any

import typer
from rich.bar import Bar

from junheng.cli.choices import SetOption, SettingError, overrides_of, read_setting
from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import GapOption, ProcessesOption, SeedOption
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.documents.tables.compared import STATUS, scenario_charts, scenario_name, scenario_table
from junheng.planning.assembling import PlanningError
from junheng.planning.simulating import Scenario
from junheng.planning.simulating import simulate as plan_scenarios
from junheng.planning.year import Request
from junheng.policy import Pack

MOST_SCENARIOS = 60


def simulate(
    county: CountyArgument,
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    vary: Annotated[
        list[str],
        typer.Option(
            "--vary",
            help=both(
                "参数=值1,值2,值3；可多次，逐一组合", "parameter=value,value,value; may repeat, values are combined"
            ),
        ),
    ],
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
    """Plans one roster under several values of parameters."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    variations = variations_of(voice, pack, vary)
    fixed = overrides_of(voice, pack, settings)
    output_or_refuse(voice, output, county)
    held = county_or_refuse(voice, county, mapping, on, name)
    request = Request(on=date_or_refuse(voice, on), parameters=fixed, seed=seed, gap=gap, processes=processes)
    try:
        with voice.progress("逐个方案求解", "planning each scenario", total=len(variations)) as bar:
            scenarios = plan_scenarios(held, pack, variations, request, progress=bar.to)
    except PlanningError as problem:
        voice.refuse(f"不能模拟：{problem.zh}。", f"Cannot simulate: {problem.en}.")
    except ValueError as problem:
        voice.refuse(f"不能模拟：{problem}", f"Cannot simulate: {problem}")
    _say(voice, scenarios)
    write_tables(voice, [scenario_table(scenarios)], output, scenario_charts(scenarios), on=held.on)


def variations_of(voice: Voice, pack: Pack, vary: list[str]) -> list[dict[str, Any]]:
    """Every combination of the values; refused where a parameter or a value is not the pack's."""
    axes: list[list[tuple[str, Any]]] = []
    for word in vary:
        name, equals, values = word.partition("=")
        if not equals or not values:
            voice.refuse(f"--vary {word}：请写成 参数=值1,值2。", f"--vary {word}: write it as parameter=value,value.")
        try:
            axes.append([read_setting(pack, f"{name}={value}") for value in values.split(",")])
        except SettingError as problem:
            voice.refuse(f"--vary {word}：{problem.zh}", f"--vary {word}: {problem.en}")
    combined = [dict(each) for each in product(*axes)]
    if len(combined) > MOST_SCENARIOS:
        voice.refuse(
            f"共 {len(combined)} 个方案，超过上限 {MOST_SCENARIOS}，请减少取值。",
            f"{len(combined)} scenarios exceed the limit of {MOST_SCENARIOS}; vary less.",
        )
    return combined


def _say(voice: Voice, scenarios: tuple[Scenario, ...]) -> None:
    voice.title("方案比较", "Scenarios")
    voice.table(
        [("取值", "Values"), ("状态", "Status"), ("应当/可以", "Must/may"), ("移动", "Moves"), ("不均衡", "Imbalance"),
         ("达标校次", "Schools at standard"), ("第一/任一志愿", "First/any wish"), ("通勤变化", "Commute, km")],
        [
            (
                scenario_name(s), STATUS[s.status].said(voice.lang), f"{s.must}/{s.may}", s.movers,
                f"{s.imbalance_ratio:.1%}", s.schools_reaching, f"{s.wishes_first}/{s.wishes_any}",
                f"{round(s.mean_extra_km, 1) + 0.0:+.1f}",
            )
            for s in scenarios
        ],
        right=2,
    )  # fmt: skip
    voice.title("轮岗后的不均衡（前为 100%）", "Imbalance after (before = 100 %)")
    for each in scenarios:
        voice.say(
            f"{scenario_name(each)}  {each.imbalance_ratio:.1%}", f"{scenario_name(each)}  {each.imbalance_ratio:.1%}"
        )
        voice.out.print(Bar(1.0, 0.0, min(1.0, each.imbalance_ratio), width=50, color="cyan"))
