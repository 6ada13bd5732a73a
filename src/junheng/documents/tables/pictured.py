"""The tables behind the pictures of a plan, and the same pictures as charts of a spreadsheet: one sheet to look at.

Tables too wide or too long for that sheet, the moves by cluster and by school, have sheets of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.digest import IndicatorPicture, PlanDigest, commute_labels
from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, Gallery, ResultColumn, Table
from junheng.facts import Locale

Column = ResultColumn
BEFORE, AFTER, LIMIT, GREEN = "#8C939C", "#0072B2", "#D55E00", "#009E73"
SCHOOLS_CHARTED = 24
Pictured = tuple[Table, list[Chart]]


def gallery(digest: PlanDigest) -> Gallery:
    """The sheet 图表 (Charts): every table that a picture of the report is drawn from, with a chart beside it."""
    hung = [_coefficients(digest), *(_schools(line) for line in digest.indicators)]
    if digest.movers:
        hung += [_wishes(digest), _commutes(digest), _exchanges(digest), _zones(digest)]
    if digest.frontier:
        hung.append(_frontier(digest))
    if digest.prices:
        hung.append(_prices(digest))
    return Gallery(
        name_zh="图表",
        name_en="Charts",
        tables=[table for table, _ in hung],
        charts=[chart for _, charts in hung for chart in charts],
    )


def _coefficients(digest: PlanDigest) -> Pictured:
    table = Table(
        name_zh="差异系数",
        name_en="Coefficients",
        columns=(
            Column(key="label", zh="学段与指标", en="Stage and indicator", width=30),
            Column(key="cv_before", zh="交流前", en="Before", kind="number", decimals=3),
            Column(key="cv_after", zh="交流后", en="After", kind="number", decimals=3),
            Column(key="limit", zh="国家上限", en="Limit", kind="number"),
        ),
        rows=[(i.name(), i.cv_before, i.cv_after, i.limit) for i in digest.indicators],
    )
    chart = Chart(
        table="差异系数", kind="column", categories="label", values=("cv_before", "cv_after"), lines=("limit",),
        colors=(BEFORE, AFTER, LIMIT), title_zh="差异系数：交流前后与国家上限",
        title_en="Coefficients before and after, and the national limits",
    )  # fmt: skip
    return table, [chart]


def _schools(line: IndicatorPicture) -> Pictured:
    name = line.name()
    table = Table(
        name_zh=name.zh,
        name_en=name.en.replace(":", ","),
        columns=(
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="pupils", zh="学生数", en="Pupils", kind="integer"),
            Column(key="before", zh="交流前", en="Before", kind="number"),
            Column(key="after", zh="交流后", en="After", kind="number"),
            Column(key="least", zh="标准", en="Standard", kind="number"),
        ),
        rows=[(s.name, s.pupils, s.before, s.after, line.least) for s in line.schools],
        notes=[
            Phrase(
                f"全县每百名学生 {line.mean:.2f}；达到标准的学校 {line.reaching_before} → {line.reaching_after} 所",
                f"County {line.mean:.2f} per hundred pupils; {line.reaching_before} → {line.reaching_after} schools at "
                "the standard",
            )
        ],
    )
    chart = Chart(
        table=name.zh, kind="line", categories="school", values=("before", "after"), lines=("least",), style="dots",
        colors=(BEFORE, AFTER, LIMIT), title_zh=name.zh, title_en=name.en, axis_zh="每百名学生",
        axis_en="per hundred pupils",
    )  # fmt: skip
    return table, [chart]


def wish_rows(digest: PlanDigest) -> list[tuple[Phrase, int]]:
    """Movers by the wish that was met, those whose wishes were not, and those who stated none."""
    met = [(Phrase(f"第{rank}志愿", f"Wish {rank}"), n) for rank, n in enumerate(digest.wishes_met, start=1)]
    return [
        *met,
        (Phrase("填报而未满足", "Stated, none met"), digest.wishes_missed),
        (Phrase("未填志愿", "Stated none"), digest.without_wishes),
    ]


def _wishes(digest: PlanDigest) -> Pictured:
    table = _counted("志愿满足情况", "Wishes met", Phrase("志愿", "Wish"), wish_rows(digest))
    return table, [_bars("志愿满足情况", Phrase("交流教师的志愿", "Wishes of those who move"), AFTER)]


def _commutes(digest: PlanDigest) -> Pictured:
    rows = list(zip(commute_labels(), digest.commutes(), strict=True))
    middle, longest = digest.median_km(), max(m.extra_km for m in digest.movers)
    note = Phrase(
        f"中位数 {middle:+.1f} 公里，增加最多的 {longest:+.1f} 公里（直线距离）",
        f"median {middle:+.1f} km, at most {longest:+.1f} km longer (straight lines)",
    )
    table = _counted("通勤变化", "Commute changes", Phrase("单程变化（公里）", "One-way change, km"), rows, (note,))
    return table, [_bars("通勤变化", Phrase("单程通勤的变化（公里）", "How one-way commutes change, km"), GREEN)]


def _counted(zh: str, en: str, first: Phrase, rows: list[tuple[Phrase, int]], notes: Sequence[Phrase] = ()) -> Table:
    return Table(
        name_zh=zh,
        name_en=en,
        columns=(
            Column(key="label", zh=first.zh, en=first.en, width=30),
            Column(key="movers", zh="人数", en="Teachers", kind="integer"),
        ),
        rows=rows,
        notes=notes,
    )


def _bars(table: str, title: Phrase, color: str) -> Chart:
    return Chart(
        table=table, kind="column", categories="label", values=("movers",), colors=(color,), title_zh=title.zh,
        title_en=title.en, axis_zh="人数", axis_en="teachers",
    )  # fmt: skip


def _exchanges(digest: PlanDigest) -> Pictured:
    table = Table(
        name_zh="各校派出与接收",
        name_en="Schools give and gain",
        columns=(
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="leaving", zh="派出", en="Give", kind="integer"),
            Column(key="arriving", zh="接收", en="Gain", kind="integer"),
            Column(key="net", zh="净增减", en="Net", kind="integer"),
        ),
        rows=[(p.name, p.stage, p.leaving, p.arriving, p.net) for p in digest.busiest(len(digest.places))],
    )
    chart = Chart(
        table="各校派出与接收", kind="bar", categories="school", values=("leaving", "arriving"), colors=(LIMIT, AFTER),
        rows=SCHOOLS_CHARTED, title_zh="各校派出与接收人数（最多的学校）",
        title_en="What schools give and gain (the busiest)", height=560,
    )  # fmt: skip
    return table, [chart]


def _zones(digest: PlanDigest) -> Pictured:
    flows = digest.zone_flows()
    table = Table(
        name_zh="城乡流向",
        name_en="Moves by zone",
        columns=(
            Column(key="home", zh="派出学校", en="From", width=30),
            *(Column(key=z.value, zh=f"到{z.zh}", en=f"to {z.en}", kind="integer") for z in Locale),
        ),
        rows=[(home, *(flows[home, host] for host in Locale)) for home in Locale],
    )
    chart = Chart(
        table="城乡流向", kind="column", categories="home", values=[z.value for z in Locale], style="stacked",
        colors=("#0072B2", "#E69F00", "#009E73"), title_zh="城区、镇区、乡村之间的流向",
        title_en="Moves between urban, town and rural schools", axis_zh="人数", axis_en="teachers",
    )  # fmt: skip
    return table, [chart]


def flow_tables(digest: PlanDigest) -> list[Table]:
    """Moves by cluster and by school; none where nobody moves."""
    return [_clusters(digest), _ways(digest)] if digest.movers else []


def _clusters(digest: PlanDigest) -> Table:
    flows = digest.cluster_flows()
    return Table(
        name_zh="学区流向",
        name_en="Moves by cluster",
        columns=(
            Column(key="home", zh="派出学区＼接收学区", en="From cluster, to", width=30),
            *(Column(key=f"to_{at}", zh=name, en=name, kind="integer") for at, name in enumerate(digest.clusters)),
        ),
        rows=[(home, *(flows[home, host] or None for host in digest.clusters)) for home in digest.clusters],
    )


def _ways(digest: PlanDigest) -> Table:
    """Every pair of schools between which somebody moves: the arrows of the map."""
    names = {p.id: p for p in digest.places}
    flows = sorted(digest.flows().items(), key=lambda f: (-f[1], f[0]))
    return Table(
        name_zh="校际流向",
        name_en="Moves by school",
        columns=(
            Column(key="home", zh="派出学校", en="Home school", width=26),
            Column(key="host", zh="接收学校", en="Host school", width=26),
            Column(key="movers", zh="人数", en="Teachers", kind="integer"),
        ),
        rows=[(names[home].name, names[host].name, number) for (home, host), number in flows],
    )


def _frontier(digest: PlanDigest) -> Pictured:
    table = Table(
        name_zh="均衡与志愿",
        name_en="Balance and wishes",
        columns=(
            Column(key="label", zh="方案", en="Plan", width=30),
            Column(key="imbalance", zh="不均衡（交流前为1）", en="Imbalance (1 before)", kind="number", decimals=3),
            Column(key="service", zh="人均得分", en="Service a mover", kind="number", decimals=1),
            Column(key="extra_km", zh="通勤变化（公里）", en="Commute, km", kind="number", decimals=1),
            Column(key="moves", zh="人数", en="Moves", kind="integer"),
            Column(key="chosen", zh="本方案", en="This plan"),
        ),
        rows=[(p.label, p.imbalance, p.service, p.extra_km, p.moves, p.chosen) for p in digest.frontier],
    )
    chart = Chart(
        table="均衡与志愿", kind="scatter", categories="imbalance", values=("service",), style="dots", colors=(AFTER,),
        title_zh="均衡与志愿之间的几种方案", title_en="Plans between balance and wishes", axis_zh="人均志愿与通勤得分",
        axis_en="service, points a mover",
    )  # fmt: skip
    return table, [chart]


def _prices(digest: PlanDigest) -> Pictured:
    table = Table(
        name_zh="规则的代价",
        name_en="What rules cost",
        columns=(
            Column(key="rule", zh="规则", en="Rule", width=30),
            Column(key="cost", zh="放宽一人可改善", en="Gain if it gave by one", kind="number", decimals=3),
        ),
        rows=[(p.what, p.cost) for p in sorted(digest.prices, key=lambda p: (-p.cost, p.what))],
    )
    return table, []
