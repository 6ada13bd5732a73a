"""junheng measure: balance, establishment and compliance of a county as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.documents.results import Chart, Table
from junheng.documents.tables.measured import (
    balance_charts,
    balance_table,
    establishment_table,
    school_table,
    standing_table,
    structure_table,
    subject_table,
    target_table,
)
from junheng.facts import County
from junheng.indicators import (
    BalanceReport,
    CountAt,
    Counting,
    ExchangeYear,
    Standards,
    measure_balance,
    measure_establishment,
    measure_structure,
    measure_subjects,
    measure_targets,
    national_standards,
    read_standards,
    target_set,
)
from junheng.policy import Pack, decide

CountAtOption = Annotated[
    CountAt,
    typer.Option("--count-at", help=both("外出教师计入哪一校", "where teachers who are away count")),
]


def measure(
    county: CountyArgument,
    policy: Annotated[
        str, typer.Option("--policy", help=both("据以认定谁可交流的政策包", "pack that says who is eligible"))
    ] = "CN",
    count_at: CountAtOption = CountAt.TEACHING,
    standards: Annotated[
        Path | None, typer.Option("--standards", help=both("本地标准文件（TOML）", "own standards, a TOML file"))
    ] = None,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    output: OutputOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Measures a county as it stands."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    output_or_refuse(voice, output, county)
    rules = _standards_or_refuse(voice, standards)
    held = county_or_refuse(voice, county, mapping, on, name)
    try:
        report = measure_balance(held, standards=rules, counting=Counting(at=count_at))
        tables, charts = measured_tables(held, report, pack, count_at)
    except ValueError as problem:
        voice.refuse(f"不能测算：{problem}", f"Cannot measure: {problem}")
    say_balance(voice, report)
    _say_establishment(voice, held)
    write_tables(voice, tables, output, charts, on=held.on)


def _standards_or_refuse(voice: Voice, path: Path | None) -> Standards:
    try:
        return read_standards(path) if path else national_standards()
    except (ValueError, OSError) as problem:
        voice.refuse(f"--standards {path} 不能使用：{problem}", f"--standards {path} cannot be used: {problem}")


def measured_tables(
    county: County, report: BalanceReport, pack: Pack, count_at: CountAt
) -> tuple[list[Table], list[Chart]]:
    """Every table of a measured county, and their charts."""
    findings = decide(county, pack)
    eligible = frozenset([*findings.with_standing("must"), *findings.with_standing("may")])
    away = {t.id: t.works_at for t in county.teachers if t.works_at != t.school_id}
    targets = measure_targets(
        ExchangeYear(county=county, eligible=eligible | away.keys(), moves=away), target_set("national")
    )
    tables = [
        balance_table(report),
        standing_table(report),
        school_table(report),
        establishment_table(measure_establishment(county)),
        subject_table(measure_subjects(county, count_at=count_at)),
        structure_table(measure_structure(county, count_at=count_at)),
        target_table(targets),
    ]
    return tables, balance_charts()


def say_balance(voice: Voice, report: BalanceReport) -> None:
    """The coefficients against their limits, for people."""
    voice.title("均衡程度（差异系数按学生数加权）", "Balance (coefficients weighted by pupils)")
    voice.table(
        [("学段", "Stage"), ("指标", "Indicator"), ("县均值", "Mean"), ("差异系数", "Coefficient"), ("上限", "Limit"),
         ("是否达标", "Within"), ("达标学校", "Schools at standard")],
        [
            (
                r.stage.label(voice.lang), r.indicator.label(voice.lang), f"{r.mean:.2f}", f"{r.cv:.3f}",
                "" if r.limit is None else f"{r.limit:.2f}", yes_no(voice, r.within_limit),
                f"{r.reaching}/{len(r.schools)}",
            )
            for r in report.indicators
        ],
        right=2,
    )  # fmt: skip


def _say_establishment(voice: Voice, county: County) -> None:
    report = measure_establishment(county)
    voice.title("编制", "Establishment")
    gap = report.total("headcount_gap")
    voice.say(
        f"应核编制 {report.required()}，在编 {report.total('on_establishment')}，实际在校 {report.total('at_work')}，"
        f"{'超' if gap >= 0 else '缺'} {abs(gap)} 人（{report.norm.zh}）",
        f"Posts by norm {report.required()}, on establishment {report.total('on_establishment')}, at work "
        f"{report.total('at_work')}: {'surplus' if gap >= 0 else 'shortage'} of {abs(gap)} ({report.norm.en})",
    )


def yes_no(voice: Voice, value: bool | None) -> str:
    """Yes, no or nothing in the reader's language."""
    return "" if value is None else voice.text("是" if value else "否", "yes" if value else "no")
