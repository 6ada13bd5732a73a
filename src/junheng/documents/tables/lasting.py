"""Tables of what lasts: who comes home, which move fills which place, whose week is split between schools."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.documents.tables.planned import PlanNames, subject_label
from junheng.facts import County
from junheng.planning.lasting import Chain, ItinerantPlan, Return

Column = ResultColumn


def return_table(county: County, returns: Sequence[Return]) -> Table:
    """Everybody whose term ends with the school year: from the host school back home."""
    rows = []
    for each in returns:
        teacher = county.teacher_by_id[each.teacher_id]
        rows.append(
            (
                teacher.id, teacher.name, teacher.stage, teacher.main_subject,
                county.school_by_id[each.from_school].name, county.school_by_id[each.to_school].name, each.ended,
            )
        )  # fmt: skip
    return Table(
        name_zh="期满返校",
        name_en="Returns",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="from_school", zh="交流学校", en="Host school", width=26),
            Column(key="to_school", zh="返回学校", en="Home school", width=26),
            Column(key="ended", zh="期满日期", en="Term ends", kind="date"),
        ),
        rows=rows,
        notes=(
            (
                "期满教师先返回原校，方案在此之后排定：交流学校空出的岗位由方案补位，返校教师本次不再调整。",
                "Those whose term ends come home first; the plan fills the places they leave and does not move them.",
            ),
        ),
    )


def chain_table(names: PlanNames, chains: Sequence[Chain]) -> Table:
    """Each move with the place it fills and whose: chains longest first, exchanges after them."""
    people = names.county.teacher_by_id
    rows = []
    ordered = sorted(chains, key=lambda c: (c.kind != "chain", -len(c.links), c.links[0].teacher_id))
    for number, chain in enumerate(ordered, start=1):
        for step, link in enumerate(chain.links, start=1):
            before = chain.links[step - 2] if step > 1 or chain.kind == "exchange" else None
            fate = Phrase("期满返回原校", "home, the term is over") if link.returning else Phrase("交流", "moves")
            filled = Phrase("增加一人", "one more")
            if before is not None:
                who = people[before.teacher_id].name
                filled = Phrase(f"补{who}的位", f"takes the place of {who}")
            last = step == len(chain.links) and chain.kind == "chain"
            rows.append(
                (
                    number, _KINDS[chain.kind], step, link.teacher_id, people[link.teacher_id].name, fate,
                    names.unit_name(link.from_school), subject_label(link.from_subject),
                    names.unit_name(link.to_school), subject_label(link.as_subject), filled,
                    Phrase("不再补人", "not filled") if last else Phrase("由下一步补位", "filled by the next"),
                )
            )  # fmt: skip
    return Table(
        name_zh="补位链",
        name_en="Replacement chains",
        columns=(
            Column(key="chain", zh="链号", en="Chain", kind="number", decimals=0),
            Column(key="kind", zh="类型", en="Kind"),
            Column(key="step", zh="步", en="Step", kind="number", decimals=0),
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="fate", zh="变动", en="What"),
            Column(key="from_school", zh="原任教学校", en="From", width=26),
            Column(key="from_subject", zh="原任教学科", en="Subject there"),
            Column(key="to_school", zh="去向", en="To", width=26),
            Column(key="as_subject", zh="任教学科", en="Subject here"),
            Column(key="fills", zh="补谁的位", en="Takes whose place", width=18),
            Column(key="leaves", zh="空出的岗位", en="The place left"),
        ),
        rows=rows,
    )


_KINDS = {"chain": Phrase("补位链", "chain"), "exchange": Phrase("互换", "exchange")}


def visit_tables(county: County, plan: ItinerantPlan) -> list[Table]:
    """Whose week is split and how, and what it covers."""
    return [_visits(county, plan), _shortages(county, plan)]


def _visits(county: County, plan: ItinerantPlan) -> Table:
    rows = []
    for visit in plan.visits:
        teacher = county.teacher_by_id[visit.teacher_id]
        host = county.school_by_id[visit.school_id]
        rows.append(
            (
                teacher.id, teacher.name, county.school_by_id[teacher.works_at].name, teacher.main_subject,
                plan.home[visit.teacher_id], host.name, visit.subject, visit.periods, visit.days, visit.km,
            )
        )  # fmt: skip
    return Table(
        name_zh="走教安排",
        name_en="Itinerant teaching",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="school", zh="本校", en="Own school", width=26),
            Column(key="subject", zh="学科", en="Subject"),
            Column(
                key="home_periods", zh="本校周课时（至多）", en="Periods at home, at most", kind="number", decimals=1
            ),
            Column(key="host", zh="走教学校", en="Visits", width=26),
            Column(key="taught", zh="任教学科", en="Teaches there"),
            Column(key="periods", zh="周课时", en="Periods a week", kind="number", decimals=1),
            Column(key="days", zh="每周天数", en="Days a week", kind="number", decimals=0),
            Column(key="km", zh="两校距离（公里）", en="Between schools, km", kind="number", decimals=1),
        ),
        rows=rows,
    )


def _shortages(county: County, plan: ItinerantPlan) -> Table:
    return Table(
        name_zh="缺课时",
        name_en="Periods lacking",
        columns=(
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="before", zh="缺周课时", en="Periods short", kind="number", decimals=1),
            Column(key="after", zh="走教后仍缺", en="Short after visits", kind="number", decimals=1),
            Column(key="offered_before", zh="本校有人能教", en="Somebody here gives it"),
            Column(key="offered_after", zh="走教后开设", en="Given after visits"),
        ),
        rows=[
            (
                county.school_by_id[s.school_id].name, s.stage, s.subject, s.before, s.after, s.offered_before,
                s.offered_after,
            )
            for s in plan.shortages
        ],
    )  # fmt: skip


def shortage_by_subject(plan: ItinerantPlan) -> Table:
    """Periods short before and after visits, by subject."""
    subjects = sorted({s.subject for s in plan.shortages})
    return Table(
        name_zh="各学科缺课时",
        name_en="Periods lacking by subject",
        columns=(
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="before", zh="缺周课时", en="Periods short", kind="number", decimals=1),
            Column(key="after", zh="走教后仍缺", en="Short after visits", kind="number", decimals=1),
            Column(key="missing_before", zh="开不出课的学校", en="Schools without it", kind="number", decimals=0),
            Column(key="missing_after", zh="走教后仍开不出", en="Without it after visits", kind="number", decimals=0),
        ),
        rows=[
            (
                subject, round(sum(s.before for s in rows), 1), round(sum(s.after for s in rows), 1),
                sum(not s.offered_before for s in rows), sum(not s.offered_after for s in rows),
            )
            for subject in subjects
            for rows in ([s for s in plan.shortages if s.subject is subject],)
        ],
    )  # fmt: skip


def shortage_charts() -> list[Chart]:
    """Periods short by subject, before and after."""
    return [
        Chart(
            table="各学科缺课时",
            kind="column",
            categories="subject",
            values=("before", "after"),
            title_zh="走教前后各学科缺课时",
            title_en="Periods short by subject, before and after visits",
        )
    ]
