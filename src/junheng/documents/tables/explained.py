"""Tables that explain a plan: what each school gives and gains, what rules cost, where one more teacher helps most."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.faults import Phrase
from junheng.documents.results import ResultColumn, Table
from junheng.documents.tables.planned import PlanNames
from junheng.planning.explaining import FAMILIES, Need, Price, SchoolAccount

Column = ResultColumn
PRICES_SHOWN = 60


def account_table(names: PlanNames, accounts: Sequence[SchoolAccount]) -> Table:
    """Every school unit that gives or gains, the one that comes nearest to the mean first."""
    ordered = sorted((a for a in accounts if a.gives.people or a.gains.people), key=lambda a: (-a.evened, a.school_id))
    return Table(
        name_zh="各校得失",
        name_en="Schools' gains and losses",
        columns=(
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="gives", zh="送出", en="Gives", kind="number", decimals=0),
            Column(key="gains", zh="调入", en="Gains", kind="number", decimals=0),
            Column(key="net", zh="净增", en="Net", kind="number", decimals=0),
            Column(key="gives_backbone", zh="送出骨干", en="Backbone out", kind="number", decimals=0),
            Column(key="gains_backbone", zh="调入骨干", en="Backbone in", kind="number", decimals=0),
            Column(key="gives_degree", zh="送出高学历", en="Degree out", kind="number", decimals=0),
            Column(key="gains_degree", zh="调入高学历", en="Degree in", kind="number", decimals=0),
            Column(key="part_before", zh="原不均衡分", en="Part before", kind="number", decimals=3),
            Column(key="part_after", zh="现不均衡分", en="Part after", kind="number", decimals=3),
            Column(key="sentence", zh="说明", en="In words", width=80),
        ),
        rows=[
            (
                names.unit_name(a.school_id), a.gives.people, a.gains.people, a.net, a.gives.held["backbone"],
                a.gains.held["backbone"], a.gives.held["degree"], a.gains.held["degree"], a.part_before, a.part_after,
                Phrase(a.zh, a.en),
            )
            for a in ordered
        ],
        notes=(
            (
                "不均衡分：该校偏离全县均值在目标值中所占的分，全县轮岗前合计为不均衡权重（通常 100 分）。",
                "Part: what the school's distance from the mean adds to J; before, all parts together are its weight.",
            ),
        ),
    )  # fmt: skip


def price_table(prices: Sequence[Price], needs: Sequence[Need]) -> Table:
    """What hurts most: the rules whose giving by one would improve the plan most, then where one teacher helps most."""
    rows = [(Phrase(*FAMILIES[p.family]), Phrase(p.zh, p.en), p.worth) for p in prices[:PRICES_SHOWN]]
    rows += [(Phrase("补充教师", "recruiting"), Phrase(n.zh, n.en), n.worth) for n in needs]
    return Table(
        name_zh="规则的代价",
        name_en="What rules cost",
        columns=(
            Column(key="family", zh="规则", en="Rule", width=18),
            Column(key="sentence", zh="如果", en="If", width=80),
            Column(key="worth", zh="目标值约降", en="J falls by", kind="number", decimals=3),
        ),
        rows=rows,
        notes=(
            (
                "由最优性证明的乘数得出，只对一人一岗的小改动成立；要确知结果，请改动后重算。",
                "From the multipliers of the proof, true for a small step; to be certain, change it and plan again.",
            ),
        ),
    )
