"""junheng why: why a named teacher goes or stays, and what would have happened had one fact been another."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.planning import plan_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import GapOption, ProcessesOption
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.facts import County, Teacher
from junheng.planning.explaining import Counterfactual, Question, ask
from junheng.planning.units import unit_id
from junheng.planning.year import Request, YearPlan, names_of_year


def why(
    county: CountyArgument,
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    teacher: Annotated[str, typer.Option("--teacher", help=both("工号或姓名", "teacher's number or name"))],
    first: Annotated[
        list[str] | None,
        typer.Option("--first", help=both("如果第一志愿填这所学校", "had this school been the first wish")),
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", help=both("如果指定去这所学校", "were this school decided on"))
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help=both("如果留任", "were the teacher kept in place"))] = False,
    commute: Annotated[
        list[float] | None,
        typer.Option("--commute", help=both("如果通勤上限为几公里", "were the commute limit so many km"), min=0),
    ] = None,
    settings: SetOption = None,
    gap: GapOption = 5e-4,
    processes: ProcessesOption = 2,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Explains one teacher's outcome and answers what-ifs by planning again."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    overrides, day = overrides_of(voice, pack, settings), date_or_refuse(voice, on)
    held = county_or_refuse(voice, county, mapping, on, name)
    person = _person(voice, held, teacher)
    asked = [
        *(Question(person.id, "first", _unit(voice, held, person, school)) for school in first or []),
        *(Question(person.id, "to", _unit(voice, held, person, school)) for school in to or []),
        *((Question(person.id, "stay"),) if stay else ()),
        *(Question(person.id, "commute", km=km) for km in commute or []),
    ]
    made = plan_or_refuse(voice, held, pack, Request(on=day, parameters=overrides, gap=gap, processes=processes))
    if not made.adoptable:
        voice.say("没有可行的方案，先用 junheng plan 查看冲突。", "There is no plan; junheng plan says what conflicts.")
        raise typer.Exit(NO)
    told = _told(voice, made, person)
    names = names_of_year(made.county, made.assembly)
    answers = []
    for question in asked:
        with voice.progress("重算", "planning again"):
            answers.append(ask(made.assembly.problem, made.result, question, names, gap=gap, processes=processes))
    for each in answers:
        voice.say(each.zh, each.en)
    voice.answer(told | {"what_ifs": [_answer(voice, each) for each in answers]})


def _person(voice: Voice, county: County, word: str) -> Teacher:
    found = [t for t in county.teachers if word in (t.id, t.name)]
    if not found:
        voice.refuse(
            f"--teacher：本县没有工号或姓名为 {word} 的教师。", f"--teacher: nobody is numbered or named {word}."
        )
    if len(found) > 1:
        listed = "、".join(t.id for t in found[:10])
        voice.refuse(
            f"--teacher：有 {len(found)} 人名为 {word}，请用工号：{listed}",
            f"--teacher: {len(found)} are named {word}; give the number: {listed}",
        )
    return found[0]


def _unit(voice: Voice, county: County, teacher: Teacher, word: str) -> str:
    """The unit of the teacher's stage at the school with this code or name."""
    found = [s for s in county.schools if word in (s.id, s.name) and teacher.stage in s.stages]
    if len(found) != 1:
        voice.refuse(
            f"没有代码或名称为 {word} 的{teacher.stage.zh}学校（或不止一所，请用代码）。",
            f"There is no {teacher.stage.en} school with the code or name {word}, or several: give the code.",
        )
    return unit_id(found[0], teacher.stage)


def _told(voice: Voice, made: YearPlan, person: Teacher) -> dict[str, Any]:
    """Says and answers the teacher's outcome in the plan."""
    voice.title(person.name, person.name)
    reason = next((r for r in made.reasons if r.teacher_id == person.id), None)
    finding = made.findings.standings.get(person.id, "no")
    cited = made.findings.cited.get(person.id, "")
    voice.say(f"判定：{_STANDING[finding][0]}（{cited}）", f"Verdict: {_STANDING[finding][1]} ({cited})")
    if reason is None:
        voice.say("不参加本次交流。", "Takes no part this time.")
        return {"teacher": person.id, "verdict": finding, "clauses": cited, "outcome": None, "wishes": []}
    voice.say(reason.zh, reason.en)
    for wish in reason.wishes:
        voice.say(f"  {wish.zh}", f"  {wish.en}")
    return {
        "teacher": person.id,
        "verdict": finding,
        "clauses": cited,
        "outcome": reason.outcome,
        "to_school": reason.to_school,
        "reason": voice.text(reason.zh, reason.en),
        "wishes": [{"rank": w.rank, "school": w.school_id, "met": w.met, "why": [*w.codes]} for w in reason.wishes],
    }


_STANDING = {"must": ("应当交流", "must move"), "may": ("可以交流", "may move"), "no": ("不参加", "does not move")}


def _answer(voice: Voice, each: Counterfactual) -> dict[str, Any]:
    return {
        "kind": each.question.kind,
        "school": each.question.school_id,
        "km": each.question.km,
        "feasible": each.result is not None,
        "before": each.before.to_school if each.before else None,
        "after": each.after.to_school if each.after else None,
        "objective_change": each.change,
        "others_changed": [move.teacher_id for move in each.others],
        "sentence": voice.text(each.zh, each.en),
    }
