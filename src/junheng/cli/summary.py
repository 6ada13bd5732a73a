"""What a plan says in one screen: moves, quotas, wishes, balance before and after, or which rules must give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.cli.conflict_words import diagnosis_answer, say_conflicts, say_remedies
from junheng.cli.deciding import say_verdicts, standings
from junheng.cli.measuring import yes_no
from junheng.cli.plan_files import PlanFiles, speaker_of
from junheng.cli.speaking import Voice
from junheng.documents.results import plain_value
from junheng.documents.tables.planned import QUOTA_SENSES, PlanNames, kept_table
from junheng.planning.explaining import FAMILIES, Giving, totals
from junheng.planning.keeping import changed
from junheng.planning.mechanisms import Joined
from junheng.planning.result import Result
from junheng.planning.year import YearPlan
from junheng.policy import Pack
from junheng.policy.conditions import Parameter
from junheng.policy.schema import DirectionRule

QUOTAS_SHOWN = 12
SET_AT = {
    "must": "--stay", "total": "posts", "quota": "quotas", "outflow": "subject_outflow_share",
    "refill": "refill", "direction": "direction", "backbone": "backbone_share_min",
    "couple": "spouse_both_forbidden", "commute": "commute_km_max", "no_return": "no_return_years",
    "within_cluster": "within_cluster", "within_partners": "within_partners",
}  # fmt: skip
GIVING_SHOWN = 12
CHANGES_SHOWN = 20
CHANGE_HEADERS = (
    ("学段", "Stage"),
    ("指标", "Indicator"),
    ("前", "Before"),
    ("后", "After"),
    ("上限", "Limit"),
    ("达标", "Within"),
    ("达标学校", "Schools at standard"),
)


def say_plan(voice: Voice, made: YearPlan) -> None:
    """The whole of a plan for people."""
    say_verdicts(voice, made.findings, clauses=16)
    _say_quotas(voice, made)
    voice.title(*(("轮岗方案", "The plan") if made.adoptable else ("没有可行的方案", "There is no plan")))
    say_result(voice, made.result, made.giving)
    if not made.adoptable:
        _say_remedies(voice, made)
    if made.adoptable:
        _say_lasting(voice, made)
        _say_moves(voice, made)
        if made.joined is not None:
            say_exchanges(voice, made.joined)
        _say_kept(voice, made)
        _say_change(voice, made)
    _say_notes(voice, made)


def say_result(voice: Voice, result: Result, given: Sequence[Giving]) -> None:
    """How good the plan provably is, or which rules must give."""
    if result.status == "stopped_by_clock":
        voice.warn("因时限停止：再次运行可能得到别的方案", "Stopped by the clock: another run may give another plan")
    if result.feasible:
        voice.say(
            f"移动 {len(result.assignments)} 人；目标值 {result.objective:.4f}，"
            f"已证明任何方案不低于 {result.bound:.4f}（差距 {max(0.0, result.gap):.3%}）",
            f"{len(result.assignments)} moves; objective {result.objective:.4f}, "
            f"no plan can be below {result.bound:.4f} (gap {max(0.0, result.gap):.3%})",
        )
        return
    _say_giving(voice, given)


def _say_remedies(voice: Voice, made: YearPlan) -> None:
    """Which rules conflict, what would do, and where each kind of rule is set."""
    if made.diagnosis is None:
        return
    speaker = speaker_of(made)
    say_conflicts(voice, speaker, made.diagnosis)
    say_remedies(voice, speaker, made.diagnosis, made.remedies)
    for each in (a for a in made.alone if a.enough and a.family in SET_AT):
        place = remedy(made.findings.pack, each.family)
        voice.say(f"{FAMILIES[each.family][0]}在这里设定：{place}", f"{FAMILIES[each.family][1]}: set at {place}")


def remedy(pack: Pack, family: str) -> str:
    """How a clerk lets a kind of rule give: the option that sets it, or the place in the pack that states it."""
    named = SET_AT[family]
    value = getattr(pack.planning, named, None)
    value = value.share_min if isinstance(value, DirectionRule) else value
    if isinstance(value, Parameter):
        return f"--set {value.name}=…"
    return named if family in ("must", "total") else f"planning.{named}"


def _say_giving(voice: Voice, given: Sequence[Giving]) -> None:
    voice.warn("没有方案能同时满足全部规则。至少要放宽：", "No plan keeps every rule. The least that must give:")
    for family, (rules, by) in totals(given).items():
        zh, en = FAMILIES[family]
        voice.say(f"{zh}：{rules} 处，共 {by:g} 人", f"{en}: in {rules} places, {by:g} persons in all")
        of_family = [each for each in given if each.family == family]
        for each in of_family[:GIVING_SHOWN]:
            voice.say(f"  {each.zh}", f"  {each.en}")
        if more := len(of_family) - GIVING_SHOWN if len(of_family) > GIVING_SHOWN else 0:
            voice.say(f"  ……另有 {more} 处", f"  … and {more} more")
    voice.say(
        "请由有权机关选定放宽哪一条，再算一次。这次的结果不是可以采用的方案。",
        "Have the authority choose which rule gives and plan again. What was found is not a plan to adopt.",
    )


def _say_lasting(voice: Voice, made: YearPlan) -> None:
    """Who comes home first, and how the moves hang together."""
    if made.returns:
        voice.say(
            f"期满先返回原校 {len(made.returns)} 人，空出的岗位由方案补位",
            f"{len(made.returns)} whose term ends are home first; the plan fills the places they leave",
        )
    chains = [c for c in made.chains if c.kind == "chain"]
    exchanged = sum(len(c.links) for c in made.chains if c.kind == "exchange")
    longest = max((len(c.links) for c in chains), default=0)
    voice.say(
        f"补位链 {len(chains)} 条（最长 {longest} 步），互换 {exchanged} 人",
        f"{len(chains)} replacement chains (longest {longest} steps), {exchanged} in closed exchanges",
    )


def say_exchanges(voice: Voice, joined: Joined) -> None:
    """How many applied, were granted leave and exchanged, and which exchanges gave way to the rules."""
    made, planned = joined.round, len(joined.result.assignments) - len(joined.kept)
    voice.say(
        f"自愿互换（{made.mechanism.zh}）：填有有效志愿 {len(made.applicants)} 人，获准参加 {len(made.admitted)} 人，"
        f"互换 {len(joined.kept)} 人；其余 {planned} 人为统筹安排",
        f"Voluntary exchange ({made.mechanism.en}): {len(made.applicants)} applied, {len(made.admitted)} were granted "
        f"leave, {len(joined.kept)} exchanged; the other {planned} are planned",
    )
    for move in joined.released[:CHANGES_SHOWN]:
        voice.say(
            f"  与其他规则不能同时满足，取消互换：{move.teacher_id} → {move.to_school}",
            f"  released for the other rules: {move.teacher_id} → {move.to_school}",
        )
    if more := max(0, len(joined.released) - CHANGES_SHOWN):
        voice.say(f"  ……另取消 {more} 人", f"  … and {more} more")


def voluntary_answer(joined: Joined) -> dict[str, Any]:
    """The voluntary round for machines."""
    made = joined.round
    return {
        "mechanism": made.mechanism.code,
        "priority": made.order.kind,
        "applicants": list(made.applicants),
        "admitted": list(made.admitted),
        "exchanged": [move.teacher_id for move in joined.kept],
        "released": [move.teacher_id for move in joined.released],
    }


def _say_kept(voice: Voice, made: YearPlan) -> None:
    if not made.kept:
        return
    moved = changed(made.kept)
    same = len(made.kept) - len(moved)
    voice.say(
        f"与原方案相比：{same} 人不变，变动 {len(moved)} 人",
        f"Against the kept plan: {same} as before, {len(moved)} changed",
    )
    table = kept_table(PlanNames(made.county, made.assembly), moved)
    for row in table.rows[:CHANGES_SHOWN]:
        teacher, name, fate, before, after = (plain_value(cell, voice.lang) for cell in row)
        voice.say(
            f"  {teacher} {name}：{fate}（{before or '—'} → {after or '—'}）",
            f"  {teacher} {name}: {fate} ({before or '—'} → {after or '—'})",
        )
    if more := len(table.rows) - CHANGES_SHOWN if len(table.rows) > CHANGES_SHOWN else 0:
        voice.say(f"  ……另有 {more} 人", f"  … and {more} more")


def _say_quotas(voice: Voice, made: YearPlan) -> None:
    lines = made.report.figures.quotas
    names = PlanNames(made.county, made.assembly)
    tightest = sorted(lines, key=lambda q: (q.met, q.sense == "le", abs(q.actual - q.bound), q.quota, q.member))
    short = tightest[:QUOTAS_SHOWN] if len(lines) > QUOTAS_SHOWN else lines
    voice.title("名额", "Quotas")
    voice.table(
        [("规则", "Rule"), ("范围", "Of"), ("要求", "Sense"), ("计算", "base × rate = raw → rounded → quota"),
         ("方案", "Plan"), ("符合", "Met")],
        [
            (
                q.quota, names.member(q.member).said(voice.lang), QUOTA_SENSES[q.sense].said(voice.lang),
                f"{q.base} × {float(q.rate):.1%} = {float(q.exact):.2f} → {q.rounded} → {q.bound}", q.actual,
                yes_no(voice, q.met),
            )
            for q in short
        ],
        right=4,
    )  # fmt: skip
    if len(lines) > len(short):
        met = sum(q.met for q in lines)
        voice.say(f"共 {len(lines)} 项名额，符合 {met} 项", f"{len(lines)} quotas in all, {met} met")


def _say_moves(voice: Voice, made: YearPlan) -> None:
    figures = made.report.figures
    first = figures.wishes_met[0] if figures.wishes_met else 0
    broken = len(made.report.violations)
    voice.say(
        f"独立检查：{f'{broken} 处违反' if broken else '全部规则符合'}；"
        f"骨干教师 {figures.backbone_movers} 人；填报志愿者 {figures.movers_with_wishes} 人，"
        f"满足第一志愿 {first} 人、任一志愿 {sum(figures.wishes_met)} 人",
        f"Independent check: {f'{broken} rules broken' if broken else 'every rule holds'}; "
        f"{figures.backbone_movers} backbone teachers; {figures.movers_with_wishes} movers had stated wishes, "
        f"{first} get their first, {sum(figures.wishes_met)} any of them",
    )
    for reason in [r for r in made.reasons if r.outcome == "moves"][:3]:
        voice.say(f"  例 {reason.teacher_id}：{reason.zh}", f"  e.g. {reason.teacher_id}: {reason.en}")


def _say_change(voice: Voice, made: YearPlan) -> None:
    title = made.settings.standards
    voice.title(f"均衡前后对比（{title.title('zh')}）", f"Balance before and after ({title.title('en')})")
    teachers = {"degree", "backbone", "pe_art"}
    voice.table(
        CHANGE_HEADERS,
        [
            (
                c.stage.label(voice.lang), c.indicator.label(voice.lang), f"{c.cv_before:.3f}", f"{c.cv_after:.3f}",
                "" if c.limit is None else f"{c.limit:.2f}", yes_no(voice, c.within_after),
                f"{c.reaching_before} → {c.reaching_after} / {c.schools}",
            )
            for c in made.change.indicators
            if c.indicator.value in teachers
        ],
        right=2,
    )  # fmt: skip


def _say_notes(voice: Voice, made: YearPlan) -> None:
    if not made.assembly.notes:
        return
    voice.title("数据未写明之处的读法", "How open points of the data were read")
    for note in made.assembly.notes:
        voice.say(f"  {note.zh}（{note.count}）", f"  {note.en} ({note.count})")


def say_files(voice: Voice, files: PlanFiles) -> None:
    """What was written where, and what could not be."""
    for zh, en, path in files.listed:
        voice.say(f"{zh}：{path}", f"{en}: {path}")
    if files.no_report is not None:
        voice.warn(f"{files.no_report.zh}。", f"{files.no_report.en}.")


def plan_answer(voice: Voice, made: YearPlan, files: PlanFiles) -> dict[str, Any]:
    """The plan's answer for machines."""
    figures, result = made.report.figures, made.result
    return {
        "status": result.status,
        "feasible": result.feasible,
        "standings": standings(made.findings),
        "moves": figures.movers,
        "moves_asked": figures.required_moves,
        "objective": result.objective,
        "bound": result.bound,
        "gap": result.gap,
        "violations": [v.message_zh if voice.lang == "zh" else v.message_en for v in made.report.violations],
        "adoptable": made.adoptable,
        "relaxations": giving_answer(voice, made.giving),
        "enough_alone": {each.family: each.by for each in made.alone if each.enough},
        "conflict": diagnosis_answer(voice, speaker_of(made), made.diagnosis, made.remedies)
        if made.diagnosis
        else None,
        "changed": [
            {"teacher_id": k.teacher_id, "change": k.fate, "before": k.before, "after": k.after}
            for k in changed(made.kept)
        ],
        "quotas_met": sum(q.met for q in figures.quotas),
        "quotas": len(figures.quotas),
        "balance": [
            {
                "stage": c.stage.value,
                "indicator": c.indicator.value,
                "before": c.cv_before,
                "after": c.cv_after,
                "limit": c.limit,
                "schools_before": c.reaching_before,
                "schools_after": c.reaching_after,
            }
            for c in made.change.indicators
        ],
        "wishes_met": list(figures.wishes_met),
        "voluntary": voluntary_answer(made.joined) if made.joined is not None else None,
        "seconds": result.seconds,
        "written": files.as_data(),
        "no_report": files.no_report.said(voice.lang) if files.no_report else None,
        "root": files.root,
    }


def giving_answer(voice: Voice, given: Sequence[Giving]) -> list[dict[str, Any]]:
    """The rules that must give, for machines."""
    return [
        {
            "rule": each.family,
            "of": voice.text(each.where_zh, each.where_en),
            "by": each.by,
            "sense": each.sense,
            "message": voice.text(each.zh, each.en),
        }
        for each in given
    ]
