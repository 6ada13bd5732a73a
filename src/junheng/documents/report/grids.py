"""The tables of a report as text; the same rows stand in full in the result workbook."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.digest import FrontierPoint, PlanDigest, Price
from junheng.documents.faults import Phrase
from junheng.documents.report.content import Grid
from junheng.documents.results import plain_value
from junheng.documents.tables.planned import QUOTA_SENSES, PlanNames
from junheng.planning.explaining import FAMILIES, Giving
from junheng.planning.year import YearPlan

QUOTAS_SHOWN = 24
GIVING_SHOWN = 40
PRICES_SHOWN = 15


def _grid(
    lang: str,
    title: Phrase,
    columns: Sequence[tuple[Phrase, float, bool]],
    rows: Sequence[Sequence[str]],
    remark: Phrase | None = None,
) -> Grid:
    """``columns`` hold the head, the share of the width, and whether it holds numbers."""
    return Grid(
        title=title.said(lang),
        heads=[head.said(lang) for head, _, _ in columns],
        rows=rows,
        widths=[width for _, width, _ in columns],
        right=frozenset(at for at, (_, _, numbers) in enumerate(columns) if numbers),
        remark=remark.said(lang) if remark else "",
    )


def _yes_no(value: bool | None, lang: str) -> str:
    return "—" if value is None else str(plain_value(value, lang))


def balance_grid(digest: PlanDigest, lang: str) -> Grid:
    """Every indicator before and after, against its limit and standard."""
    rows = [
        (
            i.name().said(lang), f"{i.cv_before:.3f}", f"{i.cv_after:.3f}",
            "—" if i.limit is None else f"{i.limit:.2f}", _yes_no(i.within_after, lang),
            f"{i.reaching_before} → {i.reaching_after} / {len(i.schools)}",
        )
        for i in digest.indicators
    ]  # fmt: skip
    columns = (
        (Phrase("学段与指标", "Stage and indicator"), 3.6, False),
        (Phrase("交流前", "Before"), 1.0, True),
        (Phrase("交流后", "After"), 1.0, True),
        (Phrase("上限", "Limit"), 0.9, True),
        (Phrase("达标", "Within"), 0.9, True),
        (Phrase("达到标准学校", "Schools at standard"), 1.9, True),
    )
    return _grid(lang, Phrase("差异系数与达到标准的学校数", "Coefficients, and schools at the standard"), columns, rows)


def quota_grid(made: YearPlan, lang: str) -> Grid:
    """Quotas that are not met first, then the tightest; the workbook has them all."""
    lines = made.report.figures.quotas
    names = PlanNames(made.county, made.assembly)
    stated = made.findings.planning.quotas if made.findings.planning else ()
    rules = {q.id: q.clause for q in stated}
    tightest = sorted(lines, key=lambda q: (q.met, q.sense == "le", abs(q.actual - q.bound), q.quota, q.member))
    rows = [
        (
            rules.get(q.quota, q.quota), names.member(q.member).said(lang), QUOTA_SENSES[q.sense].said(lang),
            f"{q.base} × {float(q.rate):.1%} = {float(q.exact):.2f}", str(q.bound), str(q.actual), _yes_no(q.met, lang),
        )
        for q in tightest[:QUOTAS_SHOWN]
    ]  # fmt: skip
    columns = (
        (Phrase("条款", "Clause"), 1.2, False),
        (Phrase("范围", "Of"), 2.6, False),
        (Phrase("要求", "Sense"), 1.1, False),
        (Phrase("计算", "Base × rate"), 2.4, True),
        (Phrase("名额", "Quota"), 0.8, True),
        (Phrase("方案", "Plan"), 0.8, True),
        (Phrase("符合", "Met"), 0.8, True),
    )
    more = len(lines) - len(rows)
    remark = (
        Phrase(f"另有 {more} 项余量更大，见结果工作簿。", f"{more} more have more room; see the workbook.")
        if more
        else None
    )
    return _grid(lang, Phrase("最紧的名额", "The tightest quotas"), columns, rows, remark)


def moves_grid(digest: PlanDigest, lang: str) -> Grid:
    """Name, from, to and subject of every mover, by home school."""
    ordered = sorted(digest.movers, key=lambda m: (m.from_unit, m.teacher_id))
    rows = [
        (str(number), m.name, m.home_school, m.host_school, str(plain_value(m.teaches, lang)))
        for number, m in enumerate(ordered, start=1)
    ]
    columns = (
        (Phrase("序号", "No."), 0.6, True),
        (Phrase("姓名", "Name"), 1.5, False),
        (Phrase("派出学校", "Home school"), 3.0, False),
        (Phrase("接收学校", "Host school"), 3.0, False),
        (Phrase("任教学科", "Teaches"), 1.5, False),
    )
    return _grid(lang, Phrase(f"名单（{len(rows)} 人）", f"The list ({len(rows)})"), columns, rows)


def giving_grid(givings: Sequence[Giving], lang: str) -> Grid:
    """Which rules must give, and by how much."""
    rows = [
        (Phrase(*FAMILIES[g.family]).said(lang), Phrase(g.zh, g.en).said(lang), f"{g.by:g}")
        for g in givings[:GIVING_SHOWN]
    ]
    columns = (
        (Phrase("规则", "Rule"), 1.8, False),
        (Phrase("说明", "In words"), 6.2, False),
        (Phrase("差额（人）", "By, persons"), 1.1, True),
    )
    more = len(givings) - len(rows)
    remark = Phrase(f"另有 {more} 处，见结果工作簿。", f"{more} more are in the workbook.") if more else None
    return _grid(lang, Phrase("至少要放宽的规则", "The least that must give"), columns, rows, remark)


def frontier_grid(points: Sequence[FrontierPoint], lang: str) -> Grid:
    """The plans between balance and wishes, in figures."""
    rows = [
        (
            p.label.said(lang), f"{p.imbalance:.1%}", f"{p.service:.1f}", f"{p.extra_km:+.1f}".replace("-", "−"),
            str(p.moves), "●" if p.chosen else "",
        )
        for p in points
    ]  # fmt: skip
    columns = (
        (Phrase("方案", "Plan"), 2.4, False),
        (Phrase("不均衡（前为100%）", "Imbalance (100 % before)"), 1.6, True),
        (Phrase("人均得分", "Service a mover"), 1.2, True),
        (Phrase("通勤变化（公里）", "Commute, km"), 1.4, True),
        (Phrase("人数", "Moves"), 0.8, True),
        (Phrase("本方案", "This plan"), 0.9, True),
    )
    return _grid(lang, Phrase("几种方案的数字", "The plans in figures"), columns, rows)


def price_grid(prices: Sequence[Price], lang: str) -> Grid:
    """Rules by what the last person or post of each costs."""
    dearest = sorted(prices, key=lambda p: (-p.cost, p.what))
    rows = [(p.what.said(lang), f"{p.cost:.3f}") for p in dearest[:PRICES_SHOWN]]
    columns = ((Phrase("规则", "Rule"), 6.0, False), (Phrase("放宽一人可改善", "Gain if it gave by one"), 1.8, True))
    return _grid(lang, Phrase("代价最大的规则", "The rules that cost most"), columns, rows)


def notes_grid(made: YearPlan, lang: str) -> Grid:
    """What the data left open, and how it was read."""
    rows = [(Phrase(n.zh, n.en).said(lang), str(n.count)) for n in made.assembly.notes]
    columns = ((Phrase("读法", "Reading"), 6.0, False), (Phrase("涉及（人、校）", "Concerns"), 1.2, True))
    return _grid(lang, Phrase("数据未写明之处的读法", "How open points of the data were read"), columns, rows)
