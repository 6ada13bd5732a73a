"""junheng outlook: the years ahead under the rules in force: wave, batches, retirements, gaps, balance."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, NoReturn

import typer
from rich.bar import Bar

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import GapOption, ProcessesOption, SeedOption
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.documents.results import Table
from junheng.documents.tables.ahead import (
    comparison_table,
    compliance_sentence,
    outlook_charts,
    outlook_tables,
    peak_sentence,
    rule_phrase,
)
from junheng.facts import County, Stage
from junheng.planning.assembling import PlanningError
from junheng.planning.outlook import (
    LONGEST,
    NATIONAL_RATES,
    Outlook,
    PupilTrend,
    Request,
    look_ahead,
    side_by_side,
)
from junheng.planning.outlook.request import Pool
from junheng.policy import Pack

POOLS: tuple[Pool, ...] = ("obliged", "target")
WIDEST_CHANGE = 50
YearsOption = Annotated[
    int, typer.Option("--years", help=both("展望几年，通常 3 或 6", "years ahead, mostly 3 or 6"), min=1, max=LONGEST)
]
AgainstOption = Annotated[
    list[str] | None,
    typer.Option(
        "--against",
        help=both(
            "再按另一个政策包，或 参数=值，作对照；可多次", "compare with another pack or parameter=value; may repeat"
        ),
    ),
]
PoolOption = Annotated[
    str,
    typer.Option(
        "--pool",
        help=both("排谁：obliged 必须交流的；target 凡可交流的", "whom: obliged who must; target who may as well"),
    ),
]
EarlyOption = Annotated[
    int, typer.Option("--early", help=both("最多可提前几年", "years one may go before due"), min=0, max=LONGEST)
]
WithinOption = Annotated[
    int | None,
    typer.Option(
        "--within", help=both("到期起几年内须轮完，不写即展望期内", "years from due in which all must have gone"), min=1
    ),
]
ShareOption = Annotated[
    float, typer.Option("--school-share", help=both("一校一年派出上限，%", "most of a school's staff a year, %"))
]
PupilsOption = Annotated[
    str,
    typer.Option(
        "--pupils",
        help=both(
            "学生数：constant、cohort、national 或 primary=-2,junior=1.5（%）",
            "pupils: constant, cohort, national or primary=-2,junior=1.5 (%)",
        ),
    ),
]
PlanOption = Annotated[
    bool,
    typer.Option("--plan", help=both("逐年求解，预测何年均衡达标（较慢）", "plan each year, forecast the balance")),
]


def outlook(
    county: CountyArgument,
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    years: YearsOption = 3,
    settings: SetOption = None,
    against: AgainstOption = None,
    pool: PoolOption = "obliged",
    early: EarlyOption = 0,
    within: WithinOption = None,
    school_share: ShareOption = 15,
    pupils: PupilsOption = "constant",
    plan: PlanOption = False,
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
    """Looks some years ahead."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    request = Request(
        years=years,
        on=date_or_refuse(voice, on),
        parameters=overrides_of(voice, pack, settings),
        pool=_pool(voice, pool),
        early=early,
        within=within,
        school_share=_share(voice, school_share),
        pupils=_trend(voice, pupils),
        plan=plan,
        gap=gap,
        processes=processes,
        seed=seed,
    )
    other = _other(voice, pack, request, against)
    output_or_refuse(voice, output, county)
    held = county_or_refuse(voice, county, mapping, on, name)
    made = _look_or_refuse(voice, held, pack, request)
    _say(voice, made)
    tables = outlook_tables(made)
    if other is not None:
        compared = _compared(voice, made, _look_or_refuse(voice, held, *other), against or [])
        _say_compared(voice, compared)
        tables.insert(1, compared)
    write_tables(voice, tables, output, outlook_charts(made), on=held.on, answer=_answer(made))


# --- what was asked -------------------------------------------------------------------------------------------------


def _pool(voice: Voice, given: str) -> Pool:
    found = next((each for each in POOLS if each == given), None)
    if found is None:
        voice.refuse(f"--pool {given}：只能是 {'、'.join(POOLS)}。", f"--pool {given}: expected {' or '.join(POOLS)}.")
    return found


def _share(voice: Voice, percent: float) -> Fraction:
    if not 0 < percent <= 100:
        voice.refuse(
            f"--school-share {percent:g}：应大于 0、不超过 100。",
            f"--school-share {percent:g}: expected more than 0 and at most 100.",
        )
    return Fraction(str(percent)) / 100


def _trend(voice: Voice, given: str) -> PupilTrend:
    """How pupils change, from the option's word or its rates in percent."""
    if given in ("constant", "cohort"):
        return PupilTrend("cohort" if given == "cohort" else "constant")
    if given == "national":
        return PupilTrend("rates", NATIONAL_RATES)
    rates: dict[Stage, Fraction] = {}
    for part in given.split(","):
        word, _, percent = part.partition("=")
        try:
            rates[Stage.read(word.strip())] = Fraction(percent.strip().removesuffix("%")) / 100
        except ValueError:
            _refuse_trend(voice, given)
    if any(abs(rate) * 100 > WIDEST_CHANGE for rate in rates.values()):
        _refuse_trend(voice, given)
    return PupilTrend("rates", rates)


def _refuse_trend(voice: Voice, given: str) -> NoReturn:
    voice.refuse(
        f"--pupils {given}：请写 constant、cohort、national，或 primary=-2,junior=1.5（每年%，±{WIDEST_CHANGE} 内）。",
        f"--pupils {given}: write constant, cohort, national, or primary=-2,junior=1.5 (percent a year, within "
        f"±{WIDEST_CHANGE}).",
    )


def _other(voice: Voice, pack: Pack, request: Request, against: list[str] | None) -> tuple[Pack, Request] | None:
    """The pack and request to compare with: at most one other pack, any number of its parameters."""
    if not against:
        return None
    codes = [word for word in against if "=" not in word]
    if len(codes) > 1:
        voice.refuse(
            f"--against：只能对照一个政策包，给了 {'、'.join(codes)}。",
            f"--against: compare with one pack; {', '.join(codes)} were given.",
        )
    other = deciding_pack_or_refuse(voice, codes[0]) if codes else pack
    parameters = overrides_of(voice, other, [word for word in against if "=" in word])
    kept = {} if codes else dict(request.parameters)
    return other, replace(request, parameters=kept | parameters)


def _look_or_refuse(voice: Voice, county: County, pack: Pack, request: Request) -> Outlook:
    try:
        total = request.years if request.plan else None
        with voice.progress(
            f"按 {pack.code} 展望 {request.years} 年", f"looking ahead by {pack.code}", total=total
        ) as bar:
            return look_ahead(county, pack, request, progress=bar.to)
    except PlanningError as problem:
        voice.refuse(f"不能展望：{problem.zh}。", f"Cannot look ahead: {problem.en}.")
    except ValueError as problem:
        voice.refuse(f"不能展望：{problem}", f"Cannot look ahead: {problem}")


# --- what is said ---------------------------------------------------------------------------------------------------


def _say(voice: Voice, made: Outlook) -> None:
    batches = made.batches
    voice.title("今后几年（现行规定不变）", "The years ahead (under the rules as they are)")
    voice.table(
        [("年度", "Plan year"), ("在册", "Roster"), ("应当或可以", "Must or may"), ("到期", "First due"),
         ("批次", "Batch"), ("仍在等", "Waiting"), ("名额还需", "Quotas need"), ("其中骨干", "Backbone"),
         ("退休", "Retiring")],
        [
            (
                y.year, len(y.county.teachers), y.eligible(), batches.due[k], batches.gone[k], batches.waiting[k],
                batches.volunteers[k], batches.backbone_volunteers[k], made.retiring()[k],
            )
            for k, y in enumerate(made.years)
        ],
    )  # fmt: skip
    if batches.placings:
        voice.say(*peak_sentence(made))
        _say_wave(voice, made)
        _say_left(voice, made)
    else:
        voice.say(
            f"政策包 {made.pack.code} 只定每年名额，没有规定谁必须交流；要把可交流的人都排进各年，请加 --pool target。",
            f"Pack {made.pack.code} makes nobody move, it only sets yearly quotas; --pool target spreads all who may.",
        )
    _say_gaps(voice, made)
    if made.planned:
        voice.title("均衡预测", "Balance ahead")
        voice.say(*compliance_sentence(made))


def _say_wave(voice: Voice, made: Outlook) -> None:
    top = max(made.batches.peak_before, 1)
    for k, year in enumerate(made.calendar()):
        for zh, en, number, color in (
            ("到期即走", "as due", made.batches.due[k], "yellow"),
            ("分批之后", "batches", made.batches.gone[k], "cyan"),
        ):
            voice.say(f"{year} {zh} {number}", f"{year} {en} {number}")
            voice.out.print(Bar(top, 0, number, width=50, color=color))


def _say_left(voice: Voice, made: Outlook) -> None:
    stopped: dict[str, int] = {}
    for placing in made.batches.unplaced:
        for rule in sorted({rule.partition(":")[0] for _, rule in placing.stopped}):
            stopped[rule] = stopped.get(rule, 0) + 1
    for rule, number in sorted(stopped.items(), key=lambda each: (-each[1], each[0])):
        words = rule_phrase(rule)
        voice.say(f"  排不进 {number} 人：{words.zh}", f"  {number} not placed: {words.en}")


def _say_gaps(voice: Voice, made: Outlook) -> None:
    voice.title(
        "各学段余缺（对国家编制标准，不补充人员）", "Surplus and shortage of the stages (national norm, no hiring)"
    )
    for ahead in made.stages:
        gaps = [f"{c.on.year} {gap:+d}" for c, gap in zip(made.counties, ahead.gaps, strict=True)]
        voice.say(f"{ahead.stage.zh}：{'，'.join(gaps)}", f"{ahead.stage.en}: {', '.join(gaps)}")


def _compared(voice: Voice, first: Outlook, second: Outlook, against: list[str]) -> Table:
    names = (first.pack.code, " ".join(against))
    return comparison_table(side_by_side(first, second), names)


def _say_compared(voice: Voice, table: Table) -> None:
    voice.title("换一套规定会怎样", "What the other rules would do")
    headers = [(column.zh, column.en) for column in table.columns]
    rows = [["" if v is None else v.said(voice.lang) if i == 0 else v for i, v in enumerate(row)] for row in table.rows]
    voice.table(headers, rows, right=2)


def _answer(made: Outlook) -> dict[str, Any]:
    batches = made.batches
    return {
        "policy": made.pack.code,
        "years": list(made.calendar()),
        "due": list(batches.due),
        "batches": list(batches.gone),
        "waiting": list(batches.waiting),
        "retiring": list(made.retiring()),
        "peak_before": batches.peak_before,
        "peak": batches.peak,
        "least_peak": batches.least_peak,
        "proven": batches.proven,
        "placed": len(batches.placings) - len(batches.unplaced),
        "not_placed": len(batches.unplaced),
        "planned": bool(made.planned),
        "first_year_within_limits": made.first_within,
    }
