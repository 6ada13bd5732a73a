"""junheng synth: a fictional county, a province, or a sample of the country."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import add
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.output import new_file_or_refuse, new_folder_or_refuse
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.documents import write_county
from junheng.documents.columnar import write_columnar
from junheng.facts import County
from junheng.facts.synthetic import make_county, make_small_county
from junheng.facts.synthetic.calibration import Comparison, Tally, compare, tally
from junheng.facts.synthetic.profiles import MEAN_COUNTY, REGION_BY_KEY
from junheng.facts.synthetic.provinces import CountyDraft, draft_country, draft_province, sizes_by_decile
from junheng.fleet.counties import INDEX, write_index
from junheng.planning.interchange import write_problem
from junheng.planning.year import Request, prepare_year
from junheng.policy import Pack

SYNTHETIC_ON = date(2026, 8, 31)
SMALLEST, LARGEST = 200, 200_000
SMALLEST_SAMPLE, MOST_COUNTIES = 3, 2850
DEFAULT_MEAN = 4000


class What(StrEnum):
    """What is to be made."""

    COUNTY = "county"
    PROVINCE = "province"
    COUNTRY = "country"


class Format(StrEnum):
    """How a county is written."""

    WORKBOOK = "workbook"
    PARQUET = "parquet"
    PROBLEM = "problem"


class RegionName(StrEnum):
    """A part of the country."""

    EAST = "east"
    MIDDLE = "middle"
    WEST = "west"


ENDINGS = {Format.WORKBOOK: ".xlsx", Format.PARQUET: ".parquet", Format.PROBLEM: ""}


def synth(
    what: Annotated[
        What,
        typer.Argument(
            metavar="WHAT",
            help=both("county 一县，province 一省，country 全国样本", "county, province or country (a sample)"),
        ),
    ] = What.COUNTY,
    teachers: Annotated[
        int, typer.Option(help=both("教师人数；省为每县平均", "number of teachers; of a province, a county's mean"))
    ] = DEFAULT_MEAN,
    counties: Annotated[
        int, typer.Option(help=both("省里有几个县", "counties of the province"), min=1, max=MOST_COUNTIES)
    ] = 120,
    sample: Annotated[
        int,
        typer.Option(help=both("全国样本取几个县", "counties of the sample"), min=SMALLEST_SAMPLE, max=MOST_COUNTIES),
    ] = 150,
    region: Annotated[
        RegionName | None,
        typer.Option(metavar="REGION", help=both("east 东部、middle 中部、west 西部", "east, middle or west")),
    ] = None,
    seed: Annotated[int, typer.Option(help=both("随机种子", "seed"))] = 1,
    small: Annotated[
        bool, typer.Option("--small", help=both("六所学校的小县，便于人读", "six schools that a person can read"))
    ] = False,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            metavar="FORM",
            help=both("workbook、parquet 或 problem", "workbook, parquet or problem"),
        ),
    ] = None,
    policy: Annotated[
        str,
        typer.Option("--policy", help=both("problem 形式按哪个政策包判定", "pack for --format problem")),
    ] = "CN",
    report: Annotated[
        bool, typer.Option("--report", help=both("与公布数据对照", "compare with the published figures"))
    ] = False,
    processes: Annotated[int, typer.Option(help=both("进程数", "processes"), min=1, max=64)] = 1,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=both("写到哪里：文件，多县时为文件夹", "file, or folder for many")),
    ] = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Writes fictional counties."""
    voice = Voice(lang, as_json)
    if not SMALLEST <= teachers <= LARGEST:
        voice.refuse(
            f"--teachers：{teachers} 超出范围，请填 {SMALLEST} 到 {LARGEST}。",
            f"--teachers: {teachers} is out of range; give {SMALLEST} to {LARGEST}.",
        )
    pack = deciding_pack_or_refuse(voice, policy) if form is Format.PROBLEM else None
    if what is What.COUNTY:
        shape = None if region is None else str(region)
        _one(voice, None if small else (teachers, seed), shape, form or Format.WORKBOOK, pack, output, report=report)
        return
    drafts = _drafts_or_refuse(voice, what, counties, teachers, sample, seed, region)
    _many(voice, what, drafts, (form or Format.PARQUET, pack), output or Path(str(what)), processes, report=report)


def _one(
    voice: Voice,
    wanted: tuple[int, int] | None,
    region: str | None,
    form: Format,
    pack: Pack | None,
    output: Path | None,
    *,
    report: bool,
) -> None:
    """A single county: ``wanted`` teachers and seed, or the small one."""
    target = output or Path(f"county{ENDINGS[form]}")
    (new_folder_or_refuse if form is Format.PROBLEM else new_file_or_refuse)(voice, target)
    with voice.progress("生成虚构县", "making a fictional county"):
        profile = REGION_BY_KEY[region].profile if region else MEAN_COUNTY
        county = (
            make_small_county()
            if wanted is None
            else make_county(teachers=wanted[0], seed=wanted[1], on=SYNTHETIC_ON, profile=profile)
        )
        _write(county, target, form, pack)
    voice.say(
        f"已写出 {county.name}：{len(county.schools)} 所学校，{len(county.teachers)} 名教师 → {target}",
        f"Wrote {county.name}: {len(county.schools)} schools, {len(county.teachers)} teachers → {target}",
    )
    answer: dict[str, object] = {
        "written": str(target), "schools": len(county.schools), "teachers": len(county.teachers)
    }  # fmt: skip
    if report:
        answer["calibration"] = _say_calibration(voice, compare(tally(county)))
    voice.answer(answer)


def _drafts_or_refuse(
    voice: Voice, what: What, counties: int, teachers: int, sample: int, seed: int, region: RegionName | None
) -> tuple[CountyDraft, ...]:
    try:
        if what is What.COUNTRY:
            return draft_country(sample=sample, seed=seed)
        return draft_province(counties=counties, teachers=teachers, seed=seed, region=str(region or RegionName.MIDDLE))
    except ValueError as fault:
        voice.refuse(f"不能生成：请填每县平均 200 到 30000 人（{fault}）", f"cannot be made: {fault}")


def _many(
    voice: Voice,
    what: What,
    drafts: Sequence[CountyDraft],
    written: tuple[Format, Pack | None],
    folder: Path,
    processes: int,
    *,
    report: bool,
) -> None:
    new_folder_or_refuse(voice, folder)
    folder.mkdir(exist_ok=True)
    form, pack = written
    made: dict[str, tuple[int, Tally | None]] = {}
    with voice.progress("生成虚构县", "making fictional counties", total=len(drafts)) as bar:
        jobs = [(draft, str(folder), form, pack, report) for draft in sorted(drafts, key=lambda d: -d.teachers)]
        with _mapped(processes) as each:
            for done, (name, schools, found) in enumerate(each(jobs), start=1):
                made[name] = (schools, found)
                bar.to(done, len(drafts))
    write_index(
        folder / INDEX,
        [(d.id, d.name, d.province, d.region.key, d.teachers, made[d.id][0], d.id + ENDINGS[form]) for d in drafts],
    )
    total = sum(draft.teachers for draft in drafts)
    deciles = sizes_by_decile([draft.teachers for draft in drafts])
    voice.say(
        f"已写出 {len(drafts)} 个县区、{total:,} 名教师 → {folder}（目录表 {INDEX}）",
        f"Wrote {len(drafts)} counties, {total:,} teachers → {folder} (index {INDEX})",
    )
    voice.say(
        f"县规模：最小 {deciles[0]:,}，中位 {deciles[5]:,}，最大 {deciles[-1]:,}",
        f"Sizes: least {deciles[0]:,}, median {deciles[5]:,}, largest {deciles[-1]:,}",
    )
    answer: dict[str, object] = {
        "written": str(folder), "counties": len(drafts), "teachers": total, "sizes_by_decile": deciles
    }  # fmt: skip
    if report:
        tallies = reduce(add, (made[d.id][1] or Tally() for d in drafts), Tally())
        answer["calibration"] = _say_calibration(voice, compare(tallies, country=what is What.COUNTRY))
    voice.answer(answer)


Job = tuple[CountyDraft, str, Format, Pack | None, bool]


@contextmanager
def _mapped(processes: int):  # type: ignore[no-untyped-def]
    """A way to make many counties: here, or in processes of their own."""
    if processes == 1:
        yield lambda jobs: map(_make, jobs)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda jobs: pool.map(_make, jobs)


def _make(job: Job) -> tuple[str, int, Tally | None]:
    """Makes and writes one county: its id, how many schools, and what the report needs."""
    draft, folder, form, pack, report = job
    county = draft.make(SYNTHETIC_ON)
    _write(county, Path(folder) / f"{draft.id}{ENDINGS[form]}", form, pack)
    return draft.id, len(county.schools), tally(county) if report else None


def _write(county: County, path: Path, form: Format, pack: Pack | None) -> None:
    if form is Format.WORKBOOK:
        write_county(county, path)
    elif form is Format.PARQUET:
        write_columnar(county, path)
    elif pack is not None:
        write_problem(prepare_year(county, pack, Request())[2].problem, path)


def _say_calibration(voice: Voice, compared: Sequence[Comparison]) -> list[dict[str, object]]:
    """The calibration as a table for people and as rows for machines."""
    voice.title("与公布数据对照", "Beside the published figures")
    voice.table(
        [
            ("项目", "Figure"),
            ("目标", "Target"),
            ("生成", "Made"),
            ("符合", "Met"),
            ("依据", "Mark"),
            ("来源", "Source"),
        ],
        [
            (
                voice.text(c.target.zh, c.target.en),
                f"{_shown(c.target.low, c)}–{_shown(c.target.high, c)}",
                _shown(c.made, c),
                voice.text("是" if c.met else "否", "yes" if c.met else "no"),
                c.target.mark,
                voice.text(*c.target.source),
            )
            for c in compared
        ],
    )
    met = sum(c.met for c in compared)
    voice.say(f"{len(compared)} 项中 {met} 项符合", f"{met} of {len(compared)} are met")
    return [
        {
            "key": c.target.key, "low": c.target.low, "high": c.target.high, "made": c.made, "met": c.met,
            "mark": c.target.mark, "source": voice.text(*c.target.source),
        }
        for c in compared
    ]  # fmt: skip


def _shown(value: float, compared: Comparison) -> str:
    return f"{value:.1%}" if compared.target.kind == "percent" else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
