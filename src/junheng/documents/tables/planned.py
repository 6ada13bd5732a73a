"""Tables of a plan: who goes where and why, who stays and why, quotas, and every school before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.facts import Code, County, Stage, Subject
from junheng.indicators import BalanceChange
from junheng.planning.assembling import Assembly, Note
from junheng.planning.checking import QuotaLine, Report
from junheng.planning.explaining import FAMILIES, Giving, Reason
from junheng.planning.keeping import KeptMove
from junheng.planning.mechanisms import Joined, part_of

Column = ResultColumn
QUOTA_SENSES = {"eq": Phrase("等于", "exactly"), "ge": Phrase("不少于", "at least"), "le": Phrase("不多于", "at most")}


class PlanNames:
    """Names of the county's people and places for the ids of a planning problem."""

    def __init__(self, county: County, assembly: Assembly) -> None:
        self.county = county
        self.assembly = assembly
        self._units = {unit.id: unit.name for unit in assembly.problem.schools}

    def school(self, unit: str) -> str:
        """The name of the school that a unit belongs to."""
        school_id = self.assembly.unit_school.get(unit)
        return self.county.school_by_id[school_id].name if school_id else ""

    def member(self, member: str) -> Phrase:
        """A member of a quota's scope: the county, a stage, a cluster, a cluster's stage or a school unit."""
        if member == "county":
            return Phrase("全县", "County")
        cluster, _, stage = member.rpartition("/")
        names = {c.id: c.name for c in self.county.clusters}
        if stage in [*Stage]:
            label = Stage.read(stage)
            return Phrase(f"{names.get(cluster, '')}{label.zh}", f"{names.get(cluster, '')} {label.en}".strip())
        name = names.get(member) or self.unit_name(member)
        return Phrase(name, name)

    def unit_name(self, unit: str) -> str:
        """The name of a school unit, which says the stage where the school has several."""
        return self._units.get(unit, unit)


def assignment_table(
    names: PlanNames, reasons: Sequence[Reason], *, adoptable: bool = True, joined: Joined | None = None
) -> Table:
    """One row a mover, with the wish that was met, the commute and the reason; what may not be adopted is named so.

    With a voluntary round each row says whether the move was exchanged or planned.
    """
    part = (Column(key="part", zh="安排方式", en="Made by", width=30),) if joined is not None else ()
    people = names.county.teacher_by_id
    rows = []
    for reason in (r for r in reasons if r.outcome == "moves"):
        teacher = people[reason.teacher_id]
        rows.append(
            (
                teacher.id, teacher.name, teacher.sex, teacher.stage, names.county.school_by_id[teacher.works_at].name,
                teacher.main_subject, names.school(reason.to_school), subject_label(reason.as_subject),
                *([Phrase(*part_of(joined, teacher.id))] if joined is not None else []),
                reason.wish_met or None, len(reason.wishes) or None, reason.extra_km, reason.balance_gain,
                Phrase(reason.zh, reason.en),
            )
        )  # fmt: skip
    return Table(
        name_zh="轮岗方案" if adoptable else "试排（不得采用）",
        name_en="Plan" if adoptable else "Draft, not to be adopted",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="sex", zh="性别", en="Sex"),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="home_school", zh="派出学校", en="Home school", width=26),
            Column(key="subject", zh="现教学科", en="Subject"),
            Column(key="host_school", zh="接收学校", en="Host school", width=26),
            Column(key="as_subject", zh="任教学科", en="Teaches there"),
            *part,
            Column(key="wish_met", zh="满足第几志愿", en="Wish met", kind="integer"),
            Column(key="wishes", zh="志愿数", en="Wishes stated", kind="integer"),
            Column(key="extra_km", zh="单程通勤变化（公里）", en="Commute change, km", kind="number", decimals=1),
            Column(key="balance_gain", zh="对均衡的贡献", en="Gain in balance", kind="number", decimals=3),
            Column(key="reason", zh="理由", en="Reason", width=90),
        ),
        rows=rows,
    )


def staying_table(names: PlanNames, reasons: Sequence[Reason]) -> Table:
    """Everybody whom the policy lets move and the plan leaves in place, with the reason; must-movers first."""
    people = names.county.teacher_by_id
    staying = sorted(
        (r for r in reasons if r.outcome != "moves"), key=lambda r: (r.outcome != "unplaced", r.teacher_id)
    )
    rows = []
    for reason in staying:
        teacher = people[reason.teacher_id]
        wishes_zh = "".join(w.zh for w in reason.wishes)
        rows.append(
            (
                teacher.id, teacher.name, teacher.stage, names.county.school_by_id[teacher.works_at].name,
                teacher.main_subject, _OUTCOMES[reason.outcome], Phrase(reason.zh, reason.en),
                Phrase(wishes_zh, " ".join(w.en for w in reason.wishes)),
            )
        )  # fmt: skip
    return Table(
        name_zh="未安排",
        name_en="Not placed",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="outcome", zh="结果", en="Outcome"),
            Column(key="reason", zh="理由", en="Reason", width=80),
            Column(key="wishes", zh="各志愿情况", en="Each wish", width=90),
        ),
        rows=rows,
    )


_OUTCOMES = {
    "stays": Phrase("可以交流，本次留任", "may move, stays this time"),
    "unplaced": Phrase("应当交流，未能安排", "must move, could not be placed"),
}


def quota_table(names: PlanNames, lines: Sequence[QuotaLine]) -> Table:
    """Every quota for every member: base × rate = raw → rounded → after the minimum, and what the plan does."""
    return Table(
        name_zh="名额",
        name_en="Quotas",
        columns=(
            Column(key="quota", zh="规则", en="Rule"),
            Column(key="member", zh="范围", en="Of", width=26),
            Column(key="sense", zh="要求", en="Sense"),
            Column(key="base", zh="基数", en="Base", kind="integer"),
            Column(key="rate", zh="比例", en="Rate", kind="percent", decimals=1),
            Column(key="exact", zh="计算值", en="Raw", kind="number"),
            Column(key="rounded", zh="取整", en="Rounded", kind="integer"),
            Column(key="bound", zh="名额（计入最低数）", en="After minimum", kind="integer"),
            Column(key="actual", zh="方案人数", en="In the plan", kind="integer"),
            Column(key="met", zh="是否符合", en="Met"),
        ),
        rows=[
            (
                q.quota, names.member(q.member), QUOTA_SENSES[q.sense], q.base, float(q.rate), float(q.exact),
                q.rounded, q.bound, q.actual, q.met,
            )
            for q in lines
        ],
    )  # fmt: skip


def change_table(change: BalanceChange) -> Table:
    """Every indicator of the county before and after, against its limit."""
    return Table(
        name_zh="前后对比",
        name_en="Before and after",
        columns=(
            Column(key="label", zh="学段与指标", en="Stage and indicator", width=44),
            Column(key="cv_before", zh="差异系数（前）", en="Coefficient before", kind="number", decimals=3),
            Column(key="cv_after", zh="差异系数（后）", en="Coefficient after", kind="number", decimals=3),
            Column(key="limit", zh="上限", en="Limit", kind="number"),
            Column(key="within_before", zh="达标（前）", en="Within before"),
            Column(key="within_after", zh="达标（后）", en="Within after"),
            Column(key="reaching_before", zh="达到标准学校（前）", en="Schools at standard before", kind="integer"),
            Column(key="reaching_after", zh="达到标准学校（后）", en="Schools at standard after", kind="integer"),
            Column(key="schools", zh="学校数", en="Schools", kind="integer"),
        ),
        rows=[
            (
                Phrase(f"{c.stage.zh}:{c.indicator.zh}", f"{c.stage.en}: {c.indicator.en}"), c.cv_before, c.cv_after,
                c.limit, c.within_before, c.within_after, c.reaching_before, c.reaching_after, c.schools,
            )
            for c in change.indicators
        ],
    )  # fmt: skip


def change_charts() -> list[Chart]:
    """Coefficients before and after beside their limits."""
    return [
        Chart(
            table="前后对比",
            kind="column",
            categories="label",
            values=("cv_before", "cv_after", "limit"),
            title_zh="轮岗前后差异系数与国家上限",
            title_en="Coefficients before and after, and the national limits",
        )
    ]


def school_change_table(change: BalanceChange) -> Table:
    """Every school and indicator that the plan changes."""
    return Table(
        name_zh="各校变化",
        name_en="Schools before and after",
        columns=(
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="indicator", zh="指标", en="Indicator", width=30),
            Column(key="pupils", zh="学生数", en="Pupils", kind="integer"),
            Column(key="amount_before", zh="人数（前）", en="Count before", kind="number", decimals=0),
            Column(key="amount_after", zh="人数（后）", en="Count after", kind="number", decimals=0),
            Column(key="value_before", zh="每百生（前）", en="Per hundred before", kind="number"),
            Column(key="value_after", zh="每百生（后）", en="Per hundred after", kind="number"),
            Column(key="reached_after", zh="达到标准（后）", en="At standard after"),
        ),
        rows=[
            (
                s.school_id, s.school_name, s.stage, s.indicator, s.pupils, s.amount_before, s.amount_after,
                s.value_before, s.value_after, s.reached_after,
            )
            for s in change.schools
        ],
    )  # fmt: skip


def relaxation_table(givings: Sequence[Giving]) -> Table:
    """Which rules must give, and by how much, when no plan keeps them all."""
    return Table(
        name_zh="无法同时满足",
        name_en="Rules that must give",
        columns=(
            Column(key="family", zh="规则", en="Rule", width=24),
            Column(key="where", zh="范围", en="Of", width=30),
            Column(key="by", zh="差额（人）", en="By, persons", kind="number", decimals=1),
            Column(key="sense", zh="方向", en="Direction"),
            Column(key="sentence", zh="说明", en="In words", width=80),
        ),
        rows=[
            (Phrase(*FAMILIES[g.family]), Phrase(g.where_zh, g.where_en), g.by, _WAYS[g.sense], Phrase(g.zh, g.en))
            for g in givings
        ],
        notes=[
            (
                "没有方案能同时满足全部规则，上面是破坏最少的一种，不得采用；请由有权机关选定放宽哪一条，再算一次。",
                "No plan keeps every rule; the above breaks least and is not to be adopted. Choose which rule gives.",
            )
        ],
    )


_WAYS = {"few": Phrase("不足", "too few"), "many": Phrase("超出", "too many")}


def kept_table(names: PlanNames, kept: Sequence[KeptMove]) -> Table:
    """What became of every move of the plan that was kept to; those that changed come first."""
    people = names.county.teacher_by_id
    order = list(_FATES)
    rows = []
    for each in sorted(kept, key=lambda k: (order.index(k.fate), k.teacher_id)):
        teacher = people.get(each.teacher_id)
        rows.append(
            (
                each.teacher_id, teacher.name if teacher else "", _FATES[each.fate], names.school(each.before),
                names.school(each.after),
            )
        )  # fmt: skip
    return Table(
        name_zh="与原方案比较",
        name_en="Against the kept plan",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="fate", zh="变化", en="Change"),
            Column(key="before", zh="原接收学校", en="Host school before", width=26),
            Column(key="after", zh="现接收学校", en="Host school now", width=26),
        ),
        rows=rows,
    )


_FATES = {
    "redirected": Phrase("改派", "sent elsewhere"),
    "dropped": Phrase("不再交流", "no longer moves"),
    "added": Phrase("新增", "added"),
    "retaught": Phrase("改教学科", "other subject"),
    "same": Phrase("不变", "as before"),
}


def note_table(notes: Sequence[Note], report: Report) -> Table:
    """How open points of the data were read, and the plan's figures."""
    figures = report.figures
    rows: list[Sequence[Any]] = [
        (Phrase("移动人数", "Moves"), figures.movers, Phrase("", "")),
        (Phrase("名额要求人数", "Moves that the quotas ask for"), figures.required_moves, Phrase("", "")),
        (
            Phrase("其中骨干教师", "Of them backbone teachers"),
            figures.backbone_movers,
            share_of_moves(figures.backbone_movers, figures.movers),
        ),
        (
            Phrase("自愿(填报了志愿)者", "Voluntary: stated wishes"),
            figures.movers_with_wishes,
            share_of_moves(figures.movers_with_wishes, figures.movers),
        ),
        (
            Phrase("指令(未填志愿)者", "Ordered: stated none"),
            figures.movers - figures.movers_with_wishes,
            share_of_moves(figures.movers - figures.movers_with_wishes, figures.movers),
        ),
    ]
    for rank, met in enumerate(figures.wishes_met, start=1):
        rows.append((Phrase(f"满足第{rank}志愿", f"Wish {rank} met"), met, Phrase("", "")))
    rows += [(Phrase("数据读法", "Reading of the data"), n.count, Phrase(n.zh, n.en)) for n in notes]
    return Table(
        name_zh="说明",
        name_en="Notes",
        columns=(
            Column(key="item", zh="项目", en="Item", width=30),
            Column(key="number", zh="数", en="Number", kind="integer"),
            Column(key="text", zh="内容", en="Text", width=90),
        ),
        rows=rows,
    )


def share_of_moves(number: int, moves: int) -> Phrase:
    """A number of movers as a share of all, or nothing where nobody moves."""
    if not moves:
        return Phrase("", "")
    return Phrase(f"占移动人数 {number / moves:.1%}", f"{number / moves:.1%} of the moves")


def subject_label(subject: str) -> Code | str:
    """The subject of the interchange form as a code where it is one of ours."""
    try:
        return Subject.read(subject)
    except ValueError:
        return subject
