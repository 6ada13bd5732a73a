"""Tables of the voluntary part: what became of every applicant, and the ways of making a year's moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.documents.tables.compared import coefficient_column
from junheng.documents.tables.planned import PlanNames
from junheng.planning.mechanisms import Joined, Order, TradeOff, TradeOffs

Column = ResultColumn
TODAY = Phrase("现状（不调动）", "today, nobody moves")
OPTIMISED = Phrase("只用优化求解", "optimiser alone")
TRADE_OFFS = "机制比较"
_KEYS = {
    "years_at_school": Phrase("本校任教年限", "years at the school"),
    "title": Phrase("职称", "title"),
    "backbone": Phrase("骨干教师", "backbone teacher"),
    "high_degree": Phrase("高于规定学历", "degree above the required one"),
    "age": Phrase("年龄", "age"),
}


def way_name(row: TradeOff) -> Phrase:
    """What a way is called."""
    if row.mechanism is None:
        return TODAY if row.part == "today" else OPTIMISED
    zh, en = row.mechanism.zh, row.mechanism.en
    if row.part == "rewarded":
        return Phrase(f"{zh}优先＋优化求解", f"{en} favoured + optimiser")
    return Phrase(f"{zh}＋优化求解", f"{en} + optimiser") if row.part == "both" else Phrase(f"只用{zh}", f"{en} alone")


def honest(row: TradeOff) -> Phrase:
    """Whether stating true wishes is a best reply for every teacher."""
    if row.part == "today":
        return Phrase("", "")
    if row.part == "optimiser":
        return Phrase("否", "no")
    truthful = row.mechanism is not None and row.mechanism.truthful
    if row.part in ("both", "rewarded"):
        truthful &= row.part == "both"
        return Phrase("互换部分是", "in the exchange") if truthful else Phrase("否", "no")
    return Phrase("是", "yes") if truthful else Phrase("否", "no")


def order_name(order: Order) -> Phrase:
    """In words, by what order schools serve."""
    keys = [_KEYS[key] for key in order.keys]
    points_zh, points_en = "、".join(k.zh for k in keys), ", ".join(k.en for k in keys)
    if order.published:
        points_zh, points_en = f"公布的积分，其次{points_zh}", f"the published points, then {points_en}"
    if order.kind == "points":
        return Phrase(f"全县统一排序：{points_zh}", f"one order for all schools: {points_en}")
    return Phrase(
        f"各校按来人对本校均衡的作用排序；相同的，按{points_zh}",
        f"each school by what a teacher does for its balance; ties by {points_en}",
    )


def trade_off_table(compared: TradeOffs) -> Table:
    """One row a way: moves, wishes, people passed over, balance, J, commute."""
    return Table(
        name_zh=TRADE_OFFS,
        name_en="Mechanisms compared",
        columns=(
            Column(key="way", zh="做法", en="Way", width=34),
            Column(key="moves", zh="移动人数", en="Moves", kind="integer", width=10),
            Column(key="exchanged", zh="其中自愿互换", en="Exchanged", kind="integer", width=13),
            Column(key="voluntary", zh="去到所填志愿占比", en="Share to a wish", kind="percent", decimals=1, width=18),
            Column(key="first", zh="满足第一志愿", en="First wish", kind="integer", width=13),
            Column(key="any", zh="满足任一志愿", en="Any wish", kind="integer", width=13),
            Column(key="against", zh="填了志愿而去他校", en="Against wishes", kind="integer", width=18),
            Column(key="envious", zh="被越次的人数", en="Passed over", kind="integer", width=13),
            Column(key="truthful", zh="如实填报是否最有利", en="Truth is best", width=19),
            Column(key="worse", zh="均衡变差的学校", en="Schools worse", kind="integer", width=15),
            Column(key="imbalance", zh="不均衡程度", en="Imbalance", kind="percent", decimals=1, width=11),
            Column(key="objective", zh="目标值 J", en="J", kind="number", width=9),
            Column(
                key="extra_km", zh="人均通勤（公里）", en="Mean commute, km", kind="number", decimals=1, width=17
            ),
        ),
        rows=[
            (
                way_name(r), r.moves, r.exchanged, r.voluntary_share, r.first, r.any, r.against, r.envious, honest(r),
                r.worse, r.imbalance, r.objective, r.extra_km,
            )
            for r in compared.rows
        ],
        notes=[(f"优先次序：{order_name(compared.order).zh}。", f"Priority: {order_name(compared.order).en}.")],
    )  # fmt: skip


def detail_table(compared: TradeOffs) -> Table:
    """One row a way: coefficients, cases of justified envy, exchanges released, rules that it alone does not keep."""
    pairs = sorted({pair for row in compared.rows for pair in row.coefficients})
    return Table(
        name_zh="机制比较明细",
        name_en="Mechanisms in detail",
        columns=(
            Column(key="way", zh="做法", en="Way", width=34),
            *(replace(coefficient_column(stage, indicator), width=14) for stage, indicator in pairs),
            Column(key="cases", zh="越次（对）", en="Cases of justified envy", kind="integer", width=11),
            Column(key="cases_admitted", zh="其中获准参加者", en="Of those granted leave", kind="integer", width=12),
            Column(key="released", zh="取消的互换", en="Exchanges released", kind="integer", width=10),
            Column(key="broken", zh="单独执行时不符合的规则", en="Rules not kept", width=44),
        ),
        rows=[
            (
                way_name(r), *(r.coefficients.get(pair) for pair in pairs), r.cases, r.cases_admitted, r.released,
                broken_words(r),
            )
            for r in compared.rows
        ],
    )  # fmt: skip


def advice_table(compared: TradeOffs) -> Table:
    """How to choose, one sentence a row."""
    return Table(
        name_zh="怎样选",
        name_en="How to choose",
        columns=(Column(key="advice", zh="建议", en="Advice", width=120),),
        rows=[(each,) for each in advice(compared)],
    )


_RULES = {
    "must": Phrase("应当交流未安排", "must-movers not placed"),
    "quota": Phrase("名额未满", "quotas not met"),
    "direction": Phrase("流向", "direction"),
    "backbone": Phrase("骨干比例", "backbone share"),
}


def broken_words(row: TradeOff) -> Phrase:
    """Rules that the way alone does not keep, with how often."""
    named = [(_RULES.get(rule, Phrase(rule, rule)), number) for rule, number in row.rules_broken.items()]
    return Phrase(
        "、".join(f"{rule.zh} {number}" for rule, number in named),
        ", ".join(f"{rule.en} {number}" for rule, number in named),
    )


def advice(compared: TradeOffs) -> list[Phrase]:
    """What the figures mean for the choice, in plain words."""
    rows = {(row.part, row.mechanism.code if row.mechanism else ""): row for row in compared.rows}
    alone, both, favoured = rows["optimiser", ""], rows["both", "tobe"], rows["rewarded", "tobe"]
    said = [] if not alone.rules_broken else [_NO_PLAN]
    said += [
        Phrase(
            f"优化求解把不均衡降到 {alone.imbalance:.1%}，但不保护填报志愿的人：有 {alone.against} 人填了志愿却去了"
            "别的学校；虚报或少报志愿可能得利，报名须知应当写明。",
            f"The optimiser lowers the imbalance to {alone.imbalance:.1%} and does not protect those who state wishes: "
            f"{alone.against} go elsewhere; false or short lists can pay, and the form must say so.",
        ),
        Phrase(
            f"先整组互换、再优化求解：互换 {both.exchanged} 人，去到所填志愿的由 {alone.any} 人变为 {both.any} 人，"
            f"不均衡为 {both.imbalance:.1%}（互换占用名额，可用于均衡的名额就少了）。",
            f"Block exchange, then the optimiser: {both.exchanged} exchange, those who reach a wish go from "
            f"{alone.any} to {both.any}, the imbalance is {both.imbalance:.1%} (exchanges use up quota that would have "
            "served balance).",
        ),
        Phrase(
            f"互换只作优先、不固定：{favoured.exchanged} 人的互换成立，去到所填志愿的 {favoured.any} 人，"
            f"不均衡 {favoured.imbalance:.1%}；但此时如实填报不再有保证。",
            f"Exchanges favoured and not fixed: {favoured.exchanged} stand, {favoured.any} reach a wish, the imbalance "
            f"is {favoured.imbalance:.1%}; then the truth is no longer certain to be the best reply.",
        ),
        _envy_advice(rows["mechanism", "da"]),
    ]
    return said if compared.order.kind == "balance" else [*said, _points_advice(rows["mechanism", "tobe"].moves)]


_NO_PLAN = Phrase(
    "没有方案能同时满足全部规则，表中各方案都不得采用；请先用 junheng plan 查明要放宽哪一条。",
    "No plan keeps every rule, so none of these is to be adopted; see with junheng plan which rule must give.",
)


def _points_advice(swapped: int) -> Phrase:
    return Phrase(
        f"全县只有一个积分次序时，教师之间的整组互换一个也不会发生（这里的 {swapped} 人都是由缺额岗位带动的接替）；"
        "要互换，应改用各校按均衡作用排序。",
        "Under one points order for all schools block exchange among teachers moves nobody (the "
        f"{swapped} here follow one another into vacant posts); use each school's balance gain instead.",
    )


def _envy_advice(row: TradeOff) -> Phrase:
    admitted = row.cases_admitted or 0
    return Phrase(
        f"按序择优只互换 {row.moves} 人，获准参加的人之间越次 {admitted} 对；文件要求按序录用、"
        "不得越过排序在前者时用它。",
        f"Deferred acceptance exchanges {row.moves} only, with {admitted} cases of justified envy among those granted "
        "leave; use it where the rules demand that nobody be passed over.",
    )


def trade_off_charts() -> list[Chart]:
    """Wishes, balance, envy and commute by way."""

    def chart(values: Sequence[str], zh: str, en: str) -> Chart:
        return Chart(table=TRADE_OFFS, kind="column", categories="way", values=tuple(values), title_zh=zh, title_en=en)

    return [
        chart(["moves", "any", "first", "against"], "移动人数与志愿满足", "Moves and wishes"),
        chart(["imbalance"], "轮岗后的不均衡（前=100%）", "Imbalance after (before = 100 %)"),
        chart(["envious"], "被越次的人数", "Teachers passed over"),
        chart(["extra_km"], "人均单程通勤变化", "Mean commute change"),
    ]


def envy_table(names: PlanNames, compared: TradeOffs) -> Table:
    """Every case of justified envy under every way: who, which school, and who came there instead."""
    people = names.county.teacher_by_id
    return Table(
        name_zh="越次名单",
        name_en="Justified envy",
        columns=(
            Column(key="way", zh="做法", en="Way", width=34),
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="school", zh="想去而未去的学校", en="School wished for", width=26),
            Column(key="other_id", zh="排序在后而去了的人", en="Who came instead"),
            Column(key="other_name", zh="姓名（后者）", en="Name of the other"),
        ),
        rows=[
            (
                way_name(row), case.agent, people[case.agent].name, names.unit_name(case.place), case.other,
                people[case.other].name,
            )
            for row in compared.rows
            for case in row.judgement.envy
        ],
    )  # fmt: skip


def voluntary_table(names: PlanNames, joined: Joined) -> Table:
    """What became of every applicant of the voluntary round; exchanges that were released come first."""
    people, made = names.county.teacher_by_id, joined.round
    went = {move.teacher_id: move for move in made.moves}
    released = {move.teacher_id for move in joined.released}
    rows = []
    for teacher_id in sorted(made.applicants, key=lambda t: (t not in released, t not in went, t)):
        teacher, move = people[teacher_id], went.get(teacher_id)
        outcome = "released" if teacher_id in released else "exchanged" if move else "stayed"
        outcome = outcome if teacher_id in made.admitted else "no_leave"
        rows.append(
            (
                teacher.id, teacher.name, names.county.school_by_id[teacher.works_at].name, teacher.main_subject,
                _FATES[outcome], names.unit_name(move.to_school) if move else "",
            )
        )  # fmt: skip
    mechanism = made.mechanism
    return Table(
        name_zh="自愿互换",
        name_en="Voluntary exchange",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="outcome", zh="结果", en="Outcome", width=34),
            Column(key="host_school", zh="换到学校", en="Exchanged to", width=26),
        ),
        rows=rows,
        notes=[
            (
                f"机制：{mechanism.zh}（{mechanism.source}）。优先次序：{order_name(made.order).zh}。",
                f"Mechanism: {mechanism.en} ({mechanism.source}). Priority: {order_name(made.order).en}.",
            )
        ],
    )


_FATES = {
    "exchanged": Phrase("已互换", "exchanged"),
    "released": Phrase("换到而取消（与其他规则冲突）", "exchanged, released for the rules"),
    "stayed": Phrase("没有换到", "no exchange found"),
    "no_leave": Phrase("可调出名额已用完，未参加", "no leave left, did not take part"),
}
