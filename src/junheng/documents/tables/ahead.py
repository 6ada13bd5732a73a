"""Tables of the years ahead: the wave and its batches, who goes when, who cannot, retirements, gaps, balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.documents.tables.staffing import (
    county_gap_table,
    retirement_subject_table,
    retirement_table,
    school_gap_table,
    stage_charts,
    stage_table,
    yearly,
)
from junheng.indicators.comparison import IndicatorChange
from junheng.planning.outlook.ahead import Outlook
from junheng.planning.outlook.batches import Placing
from junheng.planning.outlook.side_by_side import Figure
from junheng.planning.outlook.staffing import in_order

Column = ResultColumn
RULES = {
    "school": Phrase("该校当年派出人数已到上限", "the school's share of leavers is full"),
    "subject": Phrase("该校该学科当年派出人数已到上限", "the subject's leavers at the school are full"),
    "quota": Phrase("办法规定的名额已满", "the policy's quota is full"),
    "couple": Phrase("配偶同年外出", "the spouse goes in the same year"),
    "backbone": Phrase("当年骨干教师比例不足", "the year lacks backbone teachers"),
    "nowhere": Phrase("可去的范围内没有同学段的其他学校", "no other school of the stage where he may go"),
}
"""Why somebody is in no batch."""


def rule_phrase(rule: str) -> Phrase:
    """The words of a rule that stops somebody."""
    return RULES[rule.partition(":")[0]]


def outlook_tables(outlook: Outlook) -> list[Table]:
    """Every table of an outlook."""
    tables = [
        years_table(outlook),
        batch_table(outlook),
        left_table(outlook),
        school_wave_table(outlook),
        subject_wave_table(outlook),
        retirement_table(outlook),
        retirement_subject_table(outlook),
        county_gap_table(outlook),
        school_gap_table(outlook),
        stage_table(outlook),
    ]
    if outlook.planned:
        tables.append(balance_ahead_table(outlook))
    return [*tables, assumption_table(outlook)]


def outlook_charts(outlook: Outlook) -> list[Chart]:
    """The wave before and after levelling, retirements, stages, and the coefficients where they are forecast."""
    charts = [
        Chart(
            table="逐年总览",
            kind="column",
            categories="year",
            values=("due", "gone"),
            title_zh="应交流人数：到期即走与分批之后",
            title_en="Must-movers: as they fall due, and in batches",
        ),
        *stage_charts(outlook),
    ]
    if outlook.planned:
        charts.append(
            Chart(
                table="均衡预测",
                kind="column",
                categories="label",
                values=("cv_now", *(f"cv_{p.year}" for p in outlook.planned), "limit"),
                title_zh="差异系数：现状、逐年与上限",
                title_en="Coefficients: today, year by year, and the limits",
            )
        )
    return charts


def years_table(outlook: Outlook) -> Table:
    """One row a plan year: the wave as it comes, the batch, who waits, what quotas still need, retirements."""
    b = outlook.batches
    rows = [
        (
            str(y.year), len(y.county.teachers), y.eligible(), b.due[k], b.gone[k], b.waiting[k], b.volunteers[k],
            b.backbone_volunteers[k], outlook.retiring()[k],
        )
        for k, y in enumerate(outlook.years)
    ]  # fmt: skip
    zh, en = peak_sentence(outlook)
    return Table(
        name_zh="逐年总览",
        name_en="Years",
        columns=(
            Column(key="year", zh="年度", en="Plan year"),
            Column(key="staff", zh="在册教师", en="On the roster", kind="integer"),
            Column(key="eligible", zh="应当或可以交流", en="Must or may", kind="integer"),
            Column(key="due", zh="当年到期（应交流）", en="First due", kind="integer"),
            Column(key="gone", zh="当年批次", en="Batch", kind="integer"),
            Column(key="waiting", zh="年末仍在等", en="Waiting at the end", kind="integer"),
            Column(key="volunteers", zh="名额还需的其他人", en="Others that quotas need", kind="integer"),
            Column(key="backbone", zh="其中骨干", en="Of them backbone", kind="integer"),
            Column(key="retiring", zh="当年退休", en="Retiring", kind="integer"),
        ),
        rows=rows,
        notes=[(zh, en)],
    )


def peak_sentence(outlook: Outlook) -> tuple[str, str]:
    """The wave's peak before and after levelling, and how it is proven, in both languages."""
    b = outlook.batches
    if b.peak == b.least_peak:
        proof = ("按人数清点即知不能更低", "counting shows that it cannot be lower")
    elif b.proven:
        proof = ("求解程序已证明不能更低", "proven by the search to be the lowest")
    else:
        proof = ("尚未证明不能更低", "not proven to be the lowest")
    placed, left = len(b.placings) - len(b.unplaced), len(b.unplaced)
    zh = f"到期即走，最多的一年 {b.peak_before} 人；分批之后最多 {b.peak} 人，{proof[0]}。"
    en = f"Going as due, the heaviest year has {b.peak_before}; in batches {b.peak}, {proof[1]}."
    return f"{zh}{placed} 人排入，{left} 人排不进。", f"{en} {placed} placed, {left} not."


_PERSON = (
    Column(key="teacher_id", zh="工号", en="Teacher no."),
    Column(key="name", zh="姓名", en="Name"),
    Column(key="school", zh="学校", en="School", width=26),
    Column(key="stage", zh="学段", en="Stage"),
    Column(key="subject", zh="学科", en="Subject"),
    Column(key="years_at_school", zh="到期时在校年数", en="Years at school when due", kind="integer"),
    Column(key="backbone", zh="骨干", en="Backbone"),
    Column(key="due", zh="首次到期", en="First due"),
    Column(key="years", zh="可排年度", en="Possible years", width=20),
)


def _person(outlook: Outlook, placing: Placing) -> tuple[Any, ...]:
    teacher, years = placing.teacher, outlook.calendar()
    return (
        teacher.id, teacher.name, outlook.county.school_by_id[teacher.school_id].name, teacher.stage,
        teacher.main_subject, placing.years_at_school, placing.backbone, str(years[placing.due]),
        [str(years[k]) for k in placing.years],
    )  # fmt: skip


def batch_table(outlook: Outlook) -> Table:
    """Who goes in which year, and by which clause; within a year the longest at school first."""
    years = outlook.calendar()
    placed = [p for p in outlook.batches.placings if p.year is not None]
    placed.sort(key=lambda p: (p.year, -p.years_at_school, p.teacher.id))
    return Table(
        name_zh="批次名单",
        name_en="Batches",
        columns=(
            Column(key="batch", zh="批次年度", en="Batch"),
            *_PERSON,
            Column(key="clause", zh="条款", en="Clause", width=24),
        ),
        rows=[(str(years[p.year or 0]), *_person(outlook, p), p.clause) for p in placed],
    )


def left_table(outlook: Outlook) -> Table:
    """Who is in no batch, and the rule that stops it in each of the possible years."""
    return Table(
        name_zh="排不进的人员",
        name_en="Not placed",
        columns=(*_PERSON, Column(key="stopped", zh="被什么挡住", en="Stopped by", width=60)),
        rows=[(*_person(outlook, p), _stopped(outlook, p)) for p in outlook.batches.unplaced],
    )


def _stopped(outlook: Outlook, placing: Placing) -> Phrase:
    years = outlook.calendar()
    said: dict[str, list[str]] = {}
    for k, rule in placing.stopped:
        said.setdefault(rule.partition(":")[0], []).append(str(years[k]))
    if "nowhere" in said:
        return RULES["nowhere"]
    return Phrase(
        "；".join(f"{'、'.join(when)}：{RULES[rule].zh}" for rule, when in said.items()),
        "; ".join(f"{', '.join(when)}: {RULES[rule].en}" for rule, when in said.items()),
    )


def school_wave_table(outlook: Outlook) -> Table:
    """First due and batch by school and year."""
    schools = [s for s in outlook.county.schools if any(p.teacher.school_id == s.id for p in outlook.batches.placings)]
    return _wave(
        outlook,
        ("各校批次", "Batches by school"),
        (
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
        ),
        [((s.id, s.name), [p for p in outlook.batches.placings if p.teacher.school_id == s.id]) for s in schools],
    )


def subject_wave_table(outlook: Outlook) -> Table:
    """First due and batch by stage, subject and year."""
    keys = sorted({(p.teacher.stage, p.teacher.main_subject) for p in outlook.batches.placings}, key=in_order)
    held = [
        (key, [p for p in outlook.batches.placings if (p.teacher.stage, p.teacher.main_subject) == key]) for key in keys
    ]
    columns = (Column(key="stage", zh="学段", en="Stage"), Column(key="subject", zh="学科", en="Subject"))
    return _wave(outlook, ("各学科批次", "Batches by subject"), columns, held)


def _wave(
    outlook: Outlook,
    name: tuple[str, str],
    lead: tuple[Column, ...],
    groups: Iterable[tuple[tuple[Any, ...], list[Placing]]],
) -> Table:
    rows = []
    for key, placings in groups:
        due, gone = Counter(p.due for p in placings), Counter(p.year for p in placings)
        horizon = range(len(outlook.years))
        rows.append((*key, *(due[k] for k in horizon), *(gone[k] for k in horizon), gone[None]))
    return Table(
        name_zh=name[0],
        name_en=name[1],
        columns=(
            *lead,
            *(yearly("due", y, "到期", "First due") for y in outlook.calendar()),
            *(yearly("gone", y, "批次", "Batch") for y in outlook.calendar()),
            Column(key="left", zh="排不进", en="Not placed", kind="integer"),
        ),
        rows=rows,
    )


def balance_ahead_table(outlook: Outlook) -> Table:
    """The coefficients today and after each year's plan, against the limits, and the first year within each."""
    lines = list(zip(*(p.teacher_indicators for p in outlook.planned), strict=True))
    return Table(
        name_zh="均衡预测",
        name_en="Balance ahead",
        columns=(
            Column(key="label", zh="学段与指标", en="Stage and indicator", width=44),
            Column(key="cv_now", zh="现状", en="Today", kind="number", decimals=3),
            *(
                Column(key=f"cv_{y}", zh=f"{y}年轮岗后", en=f"After {y}", kind="number", decimals=3)
                for y in outlook.calendar()
            ),
            Column(key="limit", zh="上限", en="Limit", kind="number"),
            Column(key="first", zh="首个达标年度", en="First year within"),
            Column(key="reaching", zh="期末达到标准的学校", en="Schools at standard, at the end", kind="integer"),
            Column(key="schools", zh="学校数", en="Schools", kind="integer"),
        ),
        rows=[_balance_row(outlook, line) for line in lines],
        notes=[compliance_sentence(outlook), *_planned_notes(outlook)],
    )


def _balance_row(outlook: Outlook, line: Sequence[IndicatorChange]) -> tuple[Any, ...]:
    first, last = line[0], line[-1]
    met = next((str(y) for y, i in zip(outlook.calendar(), line, strict=True) if i.within_after), None)
    return (
        Phrase(f"{first.stage.zh} {first.indicator.zh}", f"{first.stage.en} {first.indicator.en}"),
        first.cv_before, *(i.cv_after for i in line), first.limit, met, last.reaching_after, last.schools,
    )  # fmt: skip


def compliance_sentence(outlook: Outlook) -> tuple[str, str]:
    """In how many years the county is within the official limits, in both languages."""
    first = outlook.first_within
    if first is not None:
        number = first - outlook.calendar()[0] + 1
        return (
            f"随教师流动的三项指标，预计第 {number} 年（{first} 年轮岗之后）全部降到上限以内。",
            f"The three indicators that move with teachers are within their limits in year {number}, after {first}.",
        )
    if not outlook.planned:
        return ("未逐年求解，不预测达标年份。", "Years were not planned; no year of compliance is forecast.")
    over = [i for i in outlook.planned[-1].teacher_indicators if not i.within_after]
    zh = "、".join(f"{i.stage.zh}{i.indicator.zh} {i.cv_after:.3f}（上限 {i.limit:.2f}）" for i in over)
    en = "; ".join(f"{i.stage.en}, {i.indicator.en} {i.cv_after:.3f} (limit {i.limit:.2f})" for i in over)
    return (
        f"{len(outlook.planned)} 年内不能全部达标，期末仍超出：{zh}。",
        f"Not within the limits in {len(outlook.planned)} years; at the end still above: {en}.",
    )


def _planned_notes(outlook: Outlook) -> list[tuple[str, str]]:
    return [
        (
            f"{p.year} 年：批次 {p.batch} 人中 {p.batch_moved} 人有合适去处，另有 {p.others_moved} 人轮岗"
            + (f"；有 {p.broken} 处规则只能放宽" if p.broken else ""),
            f"{p.year}: {p.batch_moved} of the batch of {p.batch} find a school, {p.others_moved} others move"
            + (f"; {p.broken} rules had to give" if p.broken else ""),
        )
        for p in outlook.planned
    ]


def assumption_table(outlook: Outlook) -> Table:
    """What the outlook takes for granted."""
    return Table(
        name_zh="假定",
        name_en="Assumptions",
        columns=(Column(key="assumption", zh="本展望的假定", en="What is taken for granted", width=110),),
        rows=[(Phrase(zh, en),) for zh, en in outlook.assumptions()],
    )


FIGURES = {
    "due": Phrase("当年到期（应交流）", "first due"),
    "gone": Phrase("当年批次", "batch"),
    "waiting": Phrase("年末仍在等", "waiting at the end"),
    "volunteers": Phrase("名额还需的其他人", "others that quotas need"),
    "eligible": Phrase("应当或可以交流", "must or may"),
    "retiring": Phrase("当年退休", "retiring"),
    "peak_before": Phrase("到期即走的最高峰", "peak when going as due"),
    "peak": Phrase("分批后的最高峰", "peak in batches"),
    "unplaced": Phrase("排不进的人数", "not placed"),
    "first_within": Phrase("首个达标年度", "first year within the limits"),
}


def comparison_table(figures: Sequence[Figure], names: tuple[str, str]) -> Table:
    """Two policies side by side: every figure, and the change."""
    return Table(
        name_zh="政策比较",
        name_en="Policies compared",
        columns=(
            Column(key="figure", zh="项目", en="Figure", width=34),
            Column(key="year", zh="年度", en="Plan year"),
            Column(key="before", zh=names[0], en=names[0], kind="integer", width=18),
            Column(key="after", zh=names[1], en=names[1], kind="integer", width=18),
            Column(key="change", zh="变化", en="Change", kind="integer"),
        ),
        rows=[
            (FIGURES[f.key], None if f.year is None else str(f.year), f.before, f.after, f.change)
            for f in figures
            if (f.before, f.after) != (None, None)
        ],
    )
