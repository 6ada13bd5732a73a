"""Tables of a measured county: balance, every school's values, establishment, subjects, structure, targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.facts import Code
from junheng.indicators import (
    BalanceReport,
    EstablishmentReport,
    IndicatorResult,
    StructureReport,
    SubjectReport,
    TargetResult,
)

Column = ResultColumn
C = TypeVar("C", bound=Code)


def balance_table(report: BalanceReport) -> Table:
    """One row an indicator and stage: mean, coefficient against its limit, schools that reach the standard."""
    return Table(
        name_zh="均衡指标",
        name_en="Balance",
        columns=(
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="indicator", zh="指标", en="Indicator", width=34),
            Column(key="mean", zh="县均值", en="County mean", kind="number"),
            Column(key="cv", zh="差异系数", en="Coefficient of variation", kind="number", decimals=3),
            Column(key="limit", zh="上限", en="Limit", kind="number"),
            Column(key="within", zh="是否达标", en="Within limit"),
            Column(key="reaching", zh="达到标准的学校", en="Schools at standard", kind="integer"),
            Column(key="schools", zh="学校数", en="Schools", kind="integer"),
            Column(key="unknown", zh="缺资料人数", en="Teachers without the fact", kind="integer"),
        ),
        rows=[
            (r.stage, r.indicator, r.mean, r.cv, r.limit, r.within_limit, r.reaching, len(r.schools), r.unknown)
            for r in report.indicators
        ],
        notes=balance_notes(report),
    )


def balance_notes(report: BalanceReport) -> list[tuple[str, str]]:
    """Which text was applied, where teachers who are away count, and what was not reported."""
    notes = [
        (f"依据：{report.standards.title('zh')}", f"By {report.standards.title('en')}"),
        (
            f"外出教师计入：{report.counting.at.zh}；差异系数按学生数加权，比较时不四舍五入",
            f"Teachers away count at the {report.counting.at.en}; coefficients weighted by pupils, compared unrounded",
        ),
    ]
    if report.not_reported:
        names = [(f"{s.zh}{i.zh}", f"{s.en} {i.en}") for s, i in report.not_reported]
        notes.append(
            (
                "未填报、未评判：" + "、".join(n[0] for n in names),
                "Not reported, not judged: " + "; ".join(n[1] for n in names),
            )
        )
    return notes


def balance_charts() -> list[Chart]:
    """The coefficients against their limits."""
    return [
        Chart(
            table="均衡指标",
            kind="bar",
            categories="indicator",
            values=("cv", "limit"),
            title_zh="差异系数与上限",
            title_en="Coefficients of variation and their limits",
        )
    ]


def school_table(report: BalanceReport) -> Table:
    """Every school in every indicator: amount ÷ pupils, the standard, its part of the county's variance."""
    return Table(
        name_zh="各校指标",
        name_en="Balance by school",
        columns=(
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="indicator", zh="指标", en="Indicator", width=30),
            Column(key="amount", zh="数量", en="Amount", kind="number", decimals=0),
            Column(key="pupils", zh="学生数", en="Pupils", kind="integer"),
            Column(key="value", zh="校值", en="Value", kind="number"),
            Column(key="least", zh="标准", en="Standard", kind="number"),
            Column(key="reached", zh="是否达到", en="Reached"),
            Column(key="share", zh="对差异的贡献", en="Share of the variance", kind="percent", decimals=1),
        ),
        rows=list(_school_rows(report.indicators)),
    )


def _school_rows(results: Iterable[IndicatorResult]) -> Iterable[Sequence[Any]]:
    for r in results:
        for s in r.schools:
            least = None if s.least is None else float(s.least)
            figures = (s.amount, s.pupils, s.value, least, s.reached, s.share)
            yield (s.school_id, s.school_name, r.stage, r.indicator, *figures)


def standing_table(report: BalanceReport) -> Table:
    """Whether each school meets the rule "so many of the indicators, and a share of the other"."""
    return Table(
        name_zh="学校达标",
        name_en="Schools against the rule",
        columns=(
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="reached", zh="达标项数", en="Reached", kind="integer"),
            Column(key="judged", zh="已评项数", en="Judged", kind="integer"),
            Column(key="of", zh="应评项数", en="Of", kind="integer"),
            Column(key="passes", zh="是否达标", en="Passes"),
            Column(key="short", zh="未达到标准", en="Under the standard", width=40),
            Column(key="far_short", zh="低于其余一项最低比例", en="Under the least share", width=40),
        ),
        rows=[
            (s.school_id, s.school_name, s.stage, s.reached, s.judged, s.of, s.passes, s.short, s.far_short)
            for s in report.schools
        ],
    )


def establishment_table(report: EstablishmentReport) -> Table:
    """Posts by norm, both head-counts and the signed gaps of every school and stage."""
    return Table(
        name_zh="编制",
        name_en="Establishment",
        columns=(
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="pupils", zh="学生数", en="Pupils", kind="integer"),
            Column(key="classes", zh="班级数", en="Classes", kind="integer"),
            Column(key="required", zh="应核编制", en="Posts by norm", kind="integer"),
            Column(key="authorised", zh="核定编制", en="Authorised posts", kind="integer"),
            Column(key="on_establishment", zh="在编人数（人事关系校）", en="On establishment", kind="integer"),
            Column(key="at_work", zh="实际在校人数（任教校）", en="At work here", kind="integer"),
            Column(key="exchanged_in", zh="交流来", en="Exchanged in", kind="integer"),
            Column(key="exchanged_out", zh="交流出", en="Exchanged out", kind="integer"),
            Column(key="not_in_post", zh="在编不在岗", en="On establishment, not in post", kind="integer"),
            Column(key="gap", zh="余缺（对标准）", en="Surplus or shortage by norm", kind="integer"),
            Column(key="gap_to_authorised", zh="超缺编（对核定）", en="Against authorised", kind="integer"),
            Column(key="one_teacher_classes", zh="包班", en="No more staff than classes"),
        ),
        rows=[
            (
                r.school_id, r.school_name, r.stage, r.pupils, r.classes, r.posts and r.posts.required, r.authorised,
                r.on_establishment, r.at_work, r.exchanged_in, r.exchanged_out, r.not_in_post, r.headcount_gap,
                r.gap_to_authorised, r.one_teacher_classes,
            )
            for r in report.rows
        ],
    )  # fmt: skip


def subject_table(report: SubjectReport) -> Table:
    """Surplus and shortage of every subject at every school (学科余缺)."""
    return Table(
        name_zh="学科余缺",
        name_en="Subjects",
        columns=(
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="weekly_periods", zh="周课时", en="Weekly periods", kind="number", decimals=0),
            Column(key="required", zh="需求人数", en="Required", kind="integer"),
            Column(key="present", zh="现有人数", en="Present", kind="integer"),
            Column(key="also_able", zh="可兼教人数", en="Could also teach it", kind="integer"),
            Column(key="gap", zh="余缺", en="Surplus or shortage", kind="integer"),
        ),
        rows=[
            (
                r.school_id, r.school_name, r.stage, r.subject, r.weekly_periods, r.required, r.present, r.also_able,
                r.gap,
            )
            for r in report.rows
        ],
    )  # fmt: skip


def structure_table(report: StructureReport) -> Table:
    """Age, titles, education and rates of the county, its urban–rural classes and every school."""
    rows = [report.county, *report.locales, *report.schools]
    return Table(
        name_zh="队伍结构",
        name_en="Structure",
        columns=(
            Column(key="name", zh="范围", en="Of", width=26),
            Column(key="teachers", zh="专任教师", en="Full-time teachers", kind="integer"),
            Column(key="mean_age", zh="平均年龄", en="Mean age", kind="number", decimals=1),
            Column(key="ages", zh="年龄分布", en="Ages", width=48),
            Column(key="titles", zh="职称分布", en="Titles", width=48),
            Column(key="backbone", zh="骨干教师", en="Backbone teachers", kind="integer"),
            Column(key="backbone_rate", zh="骨干占比", en="Backbone share", kind="percent", decimals=1),
            Column(key="qualification_rate", zh="学历达标率", en="Qualified", kind="percent", decimals=1),
            Column(key="staffing_rate", zh="学科满足率", en="Subject posts filled", kind="percent", decimals=1),
        ),
        rows=[
            (
                s.name, s.teachers, s.mean_age, _spread(s.ages), _spread(s.titles), s.backbone, _share(s.backbone_rate),
                _share(s.qualification_rate), _share(s.staffing_rate),
            )
            for s in rows
        ],
    )  # fmt: skip


def target_table(results: Sequence[TargetResult]) -> Table:
    """Exchange targets: base × share → required against actual."""
    return Table(
        name_zh="交流比例",
        name_en="Exchange targets",
        columns=(
            Column(key="target", zh="指标", en="Target", width=44),
            Column(key="base", zh="基数", en="Base", kind="integer"),
            Column(key="share", zh="要求比例", en="Share asked for", kind="percent", decimals=1),
            Column(key="required", zh="要求人数", en="Required", kind="number", decimals=1),
            Column(key="actual", zh="实际人数", en="Actual", kind="integer"),
            Column(key="actual_share", zh="实际比例", en="Actual share", kind="percent", decimals=1),
            Column(key="met", zh="是否达到", en="Met"),
            Column(key="source", zh="依据", en="Source", width=40),
        ),
        rows=[_target_row(result) for result in results],
    )


def _target_row(result: TargetResult) -> Sequence[Any]:
    target = result.target
    asked = (result.base, float(target.share), float(result.required))
    return (
        Phrase(target.zh, target.en), *asked, result.actual, _share(result.actual_share), result.met, target.source,
    )  # fmt: skip


def _share(value: Any) -> float | None:
    return None if value is None else float(value)


def _spread(counts: Mapping[C, int]) -> Phrase:
    held = [(code, number) for code, number in counts.items() if number]
    return Phrase("、".join(f"{c.zh} {n}" for c, n in held), ", ".join(f"{c.en} {n}" for c, n in held))
