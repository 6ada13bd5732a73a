"""The plans of a frontier as table and native scatter chart."""

from __future__ import annotations

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.planning.goals.frontier import Frontier, FrontierPoint, Toward

Column = ResultColumn
TOWARD: dict[Toward, Phrase] = {
    "service": Phrase("服务（志愿、结对、通勤）", "service: wishes, pairing, commute"),
    "wishes": Phrase("志愿与结对", "wishes and pairing"),
    "commute": Phrase("通勤", "commute"),
}


def frontier_table(frontier: Frontier) -> Table:
    """One row a plan, from best balance to best service; what each gives up, and what it gains."""
    return Table(
        name_zh="可选方案",
        name_en="Choices",
        columns=(
            Column(key="number", zh="编号", en="No.", kind="integer"),
            Column(key="recommended", zh="建议", en="Recommended"),
            Column(key="balance", zh="不均衡（前=100%）", en="Imbalance, before = 100%", kind="percent"),
            Column(key="given_up", zh="让出的均衡", en="Balance given up", kind="percent", decimals=1),
            Column(key="service", zh="人均服务分", en="Points of service a mover", kind="number", decimals=1),
            Column(key="first", zh="第一志愿满足", en="First wishes met", kind="integer"),
            Column(key="any", zh="任一志愿满足", en="Any wish met", kind="integer"),
            Column(key="with_wishes", zh="填志愿的移动者", en="Movers with wishes", kind="integer"),
            Column(key="extra_km", zh="人均通勤增加（公里）", en="Mean longer commute, km", kind="number", decimals=1),
            Column(key="moves", zh="移动人数", en="Moves", kind="integer"),
            Column(key="reaching", zh="达标校次", en="Schools at standard", kind="integer"),
            Column(key="nearly", zh="达85%校次", en="Schools at 85 %", kind="integer"),
            Column(key="ratio", zh="服务权重（办法=1）", en="Weight of service, policy = 1", kind="number", decimals=3),
            Column(key="objective", zh="目标值", en="Objective", kind="number", decimals=4),
            Column(key="bound", zh="已证明的下界", en="Proven bound", kind="number", decimals=4),
            Column(key="feasible", zh="独立检查", en="Independent check"),
            Column(key="marked", zh="建议方案的服务分", en="Service of the recommended", kind="number", decimals=1),
        ),
        rows=[_row(point) for point in frontier.points],
        notes=_notes(frontier),
    )


def _row(point: FrontierPoint) -> tuple[object, ...]:
    m = point.measures
    return (
        point.number, Phrase("建议", "yes") if point.recommended else Phrase("", ""), m.balance, point.given_up,
        m.service_each, m.wishes_met[0] if m.wishes_met else 0, sum(m.wishes_met), m.movers_with_wishes, m.extra_km,
        m.moves, m.reaching, m.nearly, point.ratio, point.value, point.bound,
        Phrase("符合", "holds") if point.feasible else Phrase("违反", "broken"),
        m.service_each if point.recommended else None,
    )  # fmt: skip


def _notes(frontier: Frontier) -> list[tuple[str, str]]:
    toward = TOWARD[frontier.toward]
    share = f"{frontier.allowance:.1%}"
    ways = Phrase(
        f"从上到下，均衡逐步让位于{toward.zh}。每个方案都是在其权重下求得的最优方案，差距见目标值与下界。",
        f"From top to bottom balance gives way to {toward.en}. Each is the best under its weights, up to the bound.",
    )
    rule = Phrase(
        f"“让出的均衡”以第1号方案的改善为 100%。建议：让出不超过 {share} 的方案中，离两端连线最远的一个。",
        "'Balance given up': the improvement of plan 1 is 100 %. Recommended: of the plans that give up at most "
        f"{share}, the one farthest from the line between the ends.",
    )
    points = Phrase(
        "各方案的服务分都按办法原来的分值计算，可以互相比较；目标值按各自的权重计算，不能互相比较。",
        "Points of service are by the policy's own points and compare between plans; "
        "objectives, each by its own weights, do not.",
    )
    return [(each.zh, each.en) for each in (ways, rule, points)]


def frontier_charts(frontier: Frontier) -> list[Chart]:
    """Service against imbalance, the recommended plan marked."""
    toward = TOWARD[frontier.toward]
    return [
        Chart(
            table="可选方案",
            kind="scatter",
            categories="balance",
            values=("service", "marked"),
            labels="number",
            title_zh=f"均衡与{toward.zh}之间的可选方案",
            title_en=f"Plans between balance and {toward.en}",
        )
    ]
