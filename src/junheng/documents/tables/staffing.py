"""Tables of retirements and of the gaps that they leave, year by year: subjects of schools and county, stages."""

from __future__ import annotations

from collections import Counter

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.planning.outlook.ahead import Outlook
from junheng.planning.outlook.staffing import StageAhead, by_subject, in_order

Column = ResultColumn


def retirement_table(outlook: Outlook) -> Table:
    """Retirements by year, school, stage and subject."""
    found = Counter((r.index, r.school_id, r.stage, r.subject) for r in outlook.retirements)
    overdue = Counter((r.index, r.school_id, r.stage, r.subject) for r in outlook.retirements if r.overdue)
    years, schools = outlook.calendar(), outlook.county.school_by_id
    return Table(
        name_zh="退休",
        name_en="Retirements",
        columns=(
            Column(key="year", zh="年度", en="Plan year"),
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="retiring", zh="退休人数", en="Retiring", kind="integer"),
            Column(key="overdue", zh="其中退休日已过、仍在册", en="Of them past the date already", kind="integer"),
        ),
        rows=[
            (str(years[key[0]]), key[1], schools[key[1]].name, key[2], key[3], number, overdue[key])
            for key, number in sorted(found.items())
        ],
        notes=[
            (
                "年度自当年数据日期次日起满一年；按2025年起施行的延迟退休规定逐月计算，有批准日期的按批准日期。",
                "A plan year begins the day after the county's date; by the 2025 rule, or the date granted.",
            )
        ],
    )


def retirement_subject_table(outlook: Outlook) -> Table:
    """Retirements of the whole county by stage and subject, a column a year."""
    found = Counter((r.stage, r.subject, r.index) for r in outlook.retirements)
    keys = sorted({(stage, subject) for stage, subject, _ in found}, key=in_order)
    return Table(
        name_zh="退休分学科",
        name_en="Retirements by subject",
        columns=(
            Column(key="subject", zh="学段与学科", en="Stage and subject", width=30),
            *(yearly("retiring", y, "退休", "Retiring") for y in outlook.calendar()),
        ),
        rows=[
            (
                Phrase(f"{stage.zh}{subject.zh}", f"{stage.en}, {subject.en}"),
                *(found[stage, subject, k] for k in range(len(outlook.years))),
            )
            for stage, subject in keys
        ],
    )


def _starts(outlook: Outlook) -> tuple[int, ...]:
    """The years at whose start gaps are told: every plan year and the one after."""
    return tuple(c.on.year for c in outlook.counties)


def county_gap_table(outlook: Outlook) -> Table:
    """Surplus and shortage of each subject in the county at the start of each year, shaded."""
    sums = by_subject(outlook.subjects)
    return Table(
        name_zh="县学科余缺",
        name_en="Subjects of the county",
        columns=(
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="required", zh="现需求", en="Required today", kind="integer"),
            Column(key="present", zh="现有", en="Present today", kind="integer"),
            *(yearly("gap", y, "余缺", "Gap", heat=True) for y in _starts(outlook)),
        ),
        rows=[
            (stage, subject, required[0], present[0], *(p - r for p, r in zip(present, required, strict=True)))
            for (stage, subject), (required, present) in sums.items()
        ],
        notes=[_gap_note(outlook)],
    )


def school_gap_table(outlook: Outlook) -> Table:
    """Surplus and shortage of each subject at each school at the start of each year, shaded."""
    return Table(
        name_zh="各校学科余缺",
        name_en="Subjects of schools",
        columns=(
            Column(key="school_id", zh="学校代码", en="School code"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="required", zh="现需求", en="Required today", kind="integer"),
            Column(key="present", zh="现有", en="Present today", kind="integer"),
            *(yearly("gap", y, "余缺", "Gap", heat=True) for y in _starts(outlook)),
        ),
        rows=[
            (r.school_id, r.school_name, r.stage, r.subject, r.required[0], r.present[0], *r.gaps)
            for r in outlook.subjects
        ],
        notes=[_gap_note(outlook)],
    )


def _gap_note(outlook: Outlook) -> tuple[str, str]:
    trend = outlook.request.pupils
    return (
        f"各年初、退休之后、未补充人员时的余缺，负数为缺；{trend.words('zh')}。",
        f"At the start of each year, after retirements and before hiring; below 0 a shortage; {trend.words('en')}.",
    )


def stage_table(outlook: Outlook) -> Table:
    """Pupils, posts by the national norm and people at work of each stage at the start of each year."""
    return Table(
        name_zh="学段供需",
        name_en="Stages",
        columns=(
            Column(key="year", zh="年初", en="Start of year"),
            *(column for s in outlook.stages for column in _stage_columns(s)),
        ),
        rows=[
            (str(year), *(each[k] for s in outlook.stages for each in (s.pupils, s.required, s.at_work, s.gaps)))
            for k, year in enumerate(_starts(outlook))
        ],
        notes=[(outlook.request.pupils.words("zh"), outlook.request.pupils.words("en"))],
    )


def _stage_columns(ahead: StageAhead) -> tuple[Column, ...]:
    stage = ahead.stage
    figures = (
        ("pupils", "学生数", "pupils"),
        ("required", "应核编制", "posts by norm"),
        ("at_work", "在校人数", "at work"),
        ("gap", "余缺", "surplus or shortage"),
    )
    return tuple(
        Column(key=f"{key}_{stage.value}", zh=f"{stage.zh}{zh}", en=f"{stage.en.capitalize()} {en}", kind="integer")
        for key, zh, en in figures
    )


def stage_charts(outlook: Outlook) -> list[Chart]:
    """Surplus and shortage of the stages by year."""
    return [
        Chart(
            table="学段供需",
            kind="line",
            categories="year",
            values=tuple(f"gap_{s.stage.value}" for s in outlook.stages),
            title_zh="各学段余缺（对国家编制标准）",
            title_en="Surplus and shortage of the stages (national norm)",
        ),
        Chart(
            table="退休分学科",
            kind="column",
            categories="subject",
            values=tuple(f"retiring_{year}" for year in outlook.calendar()),
            title_zh="各学科逐年退休人数",
            title_en="Retirements of each subject by year",
        ),
    ]


def yearly(key: str, year: int, zh: str, en: str, *, heat: bool = False) -> Column:
    """A column of counts of one year; its key ends with the year."""
    return Column(key=f"{key}_{year}", zh=f"{year}年{zh}", en=f"{en} {year}", kind="integer", heat=heat)
