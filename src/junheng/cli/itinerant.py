"""junheng itinerant: weekly time split between schools, so that small ones can offer every subject."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.output import OutputOption, output_or_refuse, write_tables
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import moves_or_refuse
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.documents.tables.lasting import shortage_by_subject, shortage_charts, visit_tables
from junheng.facts import County, Stage, Subject
from junheng.indicators.counting import Move
from junheng.planning.lasting import ItinerantPlan, ItinerantRules, after_returns, plan_itinerant
from junheng.planning.units import unit_id

SHOWN = 15


def itinerant(
    county: CountyArgument,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", help=both("先执行这份方案（plan.csv）", "after this plan: plan.csv or its folder")),
    ] = None,
    subjects: Annotated[
        list[str] | None,
        typer.Option("--subject", help=both("走教学科，可多次；默认音体美英信", "shared subjects; may repeat")),
    ] = None,
    km: Annotated[
        float, typer.Option("--km", help=both("两校最远公里", "longest way between schools"), min=0.1)
    ] = 10.0,
    anywhere: Annotated[
        bool, typer.Option("--across-clusters", help=both("可跨学区（乡镇）", "also across clusters"))
    ] = False,
    schools: Annotated[
        int, typer.Option("--schools", help=both("每人至多几所", "most schools for one teacher"), min=1, max=5)
    ] = 2,
    days: Annotated[
        int, typer.Option("--days", help=both("每周至多几天在外", "most days a week away"), min=1, max=5)
    ] = 3,
    primary: Annotated[
        float | None, typer.Option("--periods-primary", help=both("小学每人周课时", "weekly load, primary"), min=1)
    ] = None,
    junior: Annotated[
        float | None, typer.Option("--periods-junior", help=both("初中每人周课时", "weekly load, junior"), min=1)
    ] = None,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    output: OutputOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Plans itinerant teaching for a county."""
    voice = Voice(lang, as_json)
    output_or_refuse(voice, output, county)
    loads = {stage: load for stage, load in ((Stage.PRIMARY, primary), (Stage.JUNIOR, junior)) if load is not None}
    rules = ItinerantRules(
        periods=loads, km=km, within_cluster=not anywhere, most_schools=schools, most_days=days,
        subjects=_subjects(voice, subjects),
    )  # fmt: skip
    date_or_refuse(voice, on)
    held, _ = after_returns(county_or_refuse(voice, county, mapping, on, name))
    moves = _moves(voice, held, plan)
    with voice.progress("安排走教", "planning visits"):
        made = plan_itinerant(held, rules, moves)
    _say(voice, held, made)
    tables = [shortage_by_subject(made), *visit_tables(held, made)]
    write_tables(voice, tables, output, shortage_charts(), on=held.on, answer={"covered": made.covered})


def _subjects(voice: Voice, asked: list[str] | None) -> frozenset[Subject]:
    if not asked:
        return ItinerantRules().subjects
    found = set()
    for word in asked:
        try:
            found.add(Subject.read(word))
        except ValueError:
            known = "、".join(s.zh for s in Subject)
            voice.refuse(f"--subject {word}：不是学科；可用 {known}", f"--subject {word}: one of {', '.join(Subject)}")
    return frozenset(found)


def _moves(voice: Voice, county: County, plan: Path | None) -> dict[str, Move]:
    if plan is None:
        return {}
    units = {unit_id(school, stage): (school.id, stage) for school in county.schools for stage in school.stages}
    moves = {}
    for row in moves_or_refuse(voice, plan / "plan.csv" if plan.is_dir() else plan):
        if row.teacher_id not in county.teacher_by_id or row.to_school not in units:
            odd = row.teacher_id if row.teacher_id not in county.teacher_by_id else row.to_school
            voice.refuse(
                f"--plan：本县没有 {odd}，这不是本县的方案。",
                f"--plan: {odd} is not in this county; the plan is of another.",
            )
        moves[row.teacher_id] = Move(*units[row.to_school], Subject.read(row.as_subject))
    return moves


def _say(voice: Voice, county: County, made: ItinerantPlan) -> None:
    lacking = sum(s.before for s in made.shortages)
    missing = [s for s in made.shortages if not s.offered_before]
    voice.title("走教", "Itinerant teaching")
    if not made.shortages:
        voice.say("这些学科没有学校缺课时。", "No school lacks periods in these subjects.")
        return
    voice.say(
        f"缺周课时 {lacking:.0f} 节，走教补 {made.covered:.0f} 节，由 {made.teachers} 名教师承担；"
        f"开不出课的校次 {len(missing)} → {sum(not s.offered_after for s in missing)}",
        f"{lacking:.0f} periods a week lacking, {made.covered:.0f} covered by {made.teachers} teachers; "
        f"subjects that a school cannot offer {len(missing)} → {sum(not s.offered_after for s in missing)}",
    )
    voice.table(
        [("教师", "Teacher"), ("本校", "Own school"), ("走教学校", "Visits"), ("学科", "Subject"),
         ("周课时", "Periods"), ("天", "Days"), ("公里", "km")],
        [
            (
                county.teacher_by_id[v.teacher_id].name,
                county.school_by_id[county.teacher_by_id[v.teacher_id].works_at].name,
                county.school_by_id[v.school_id].name, v.subject.label(voice.lang), f"{v.periods:g}", v.days,
                f"{v.km:.1f}",
            )
            for v in made.visits[:SHOWN]
        ],
        right=4,
    )  # fmt: skip
    if more := len(made.visits) - SHOWN if len(made.visits) > SHOWN else 0:
        voice.say(f"……另有 {more} 项，见结果表", f"… and {more} more in the result tables")
