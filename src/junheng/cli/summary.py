"""What a plan says in one screen: moves, quotas, wishes, balance before and after, or which rules must give."""

from __future__ import annotations

from typing import Any

from junheng.cli.deciding import say_verdicts, standings
from junheng.cli.measuring import yes_no
from junheng.cli.plan_files import PlanFiles
from junheng.cli.speaking import Voice
from junheng.documents.tables.planned import QUOTA_SENSES, PlanNames
from junheng.planning.result import Result
from junheng.planning.year import YearPlan

QUOTAS_SHOWN = 12
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
    voice.title("轮岗方案", "The plan")
    say_result(voice, made.result)
    _say_moves(voice, made)
    _say_change(voice, made)
    _say_notes(voice, made)


def say_result(voice: Voice, result: Result) -> None:
    """How good the plan provably is, or which rules must give."""
    if result.status == "stopped_by_clock":
        voice.say("因时限停止:再次运行可能得到别的方案", "stopped by the clock: another run may give another plan")
    if result.feasible:
        voice.say(
            f"移动 {len(result.assignments)} 人;目标值 {result.objective:.4f},"
            f"已证明任何方案不低于 {result.bound:.4f}(差距 {result.gap:.3%})",
            f"{len(result.assignments)} moves; objective {result.objective:.4f}, "
            f"no plan can be below {result.bound:.4f} (gap {result.gap:.3%})",
        )
        return
    voice.say("没有方案能同时满足全部规则;最少要放宽:", "No plan keeps every rule; the least that must give:")
    for each in result.relaxations[:QUOTAS_SHOWN]:
        voice.say(
            f"  {each.row}:{'差' if each.sense == 'few' else '超'} {each.by:g}",
            f"  {each.row}: {each.by:g} too {each.sense}",
        )
    for teacher, schools in list(result.stranded.items())[:5]:
        codes = sorted({code for reasons in schools.values() for code in reasons})
        voice.say(
            f"  应交流的 {teacher} 没有可去的学校({', '.join(codes)})",
            f"  {teacher} must move but no school is open to him ({', '.join(codes)})",
        )


def _say_quotas(voice: Voice, made: YearPlan) -> None:
    lines = made.report.figures.quotas
    names = PlanNames(made.county, made.assembly)
    short = sorted(lines, key=lambda q: (q.met, q.member))[:QUOTAS_SHOWN] if len(lines) > QUOTAS_SHOWN else lines
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
        voice.say(f"共 {len(lines)} 项名额,符合 {met} 项", f"{len(lines)} quotas in all, {met} met")


def _say_moves(voice: Voice, made: YearPlan) -> None:
    figures = made.report.figures
    first = figures.wishes_met[0] if figures.wishes_met else 0
    broken = len(made.report.violations)
    voice.say(
        f"独立检查:{f'{broken} 处违反' if broken else '全部规则符合'};"
        f"骨干教师 {figures.backbone_movers} 人;填报志愿者 {figures.movers_with_wishes} 人,"
        f"满足第一志愿 {first} 人、任一志愿 {sum(figures.wishes_met)} 人",
        f"Independent check: {f'{broken} rules broken' if broken else 'every rule holds'}; "
        f"{figures.backbone_movers} backbone teachers; {figures.movers_with_wishes} movers had stated wishes, "
        f"{first} get their first, {sum(figures.wishes_met)} any of them",
    )
    for reason in [r for r in made.reasons if r.outcome == "moves"][:3]:
        voice.say(f"  例 {reason.teacher_id}:{reason.zh}", f"  e.g. {reason.teacher_id}: {reason.en}")


def _say_change(voice: Voice, made: YearPlan) -> None:
    title = made.settings.standards
    voice.title(f"均衡前后对比({title.title('zh')})", f"Balance before and after ({title.title('en')})")
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
        voice.say(f"  {note.zh}({note.count})", f"  {note.en} ({note.count})")


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
        "relaxations": [{"row": r.row, "by": r.by, "sense": r.sense} for r in result.relaxations],
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
        "seconds": result.seconds,
        "written": {en: str(path) for _, en, path in files.listed},
        "root": files.root,
    }
