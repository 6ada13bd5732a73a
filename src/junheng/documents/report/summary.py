"""The first page: the plan in a few sentences that the head of a bureau understands, good and bad alike."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.digest import IndicatorPicture, PlanDigest
from junheng.documents.faults import Phrase
from junheng.documents.report.content import Card
from junheng.planning.year import YearPlan


def status_of(made: YearPlan) -> Phrase:
    """What the paper is: a draft to decide on, or a trial that nobody may adopt."""
    if made.adoptable:
        return Phrase(
            "本报告是测算出的方案草案，供研究决定，不是决定。",
            "This report describes a draft computed for decision. It is not a decision.",
        )
    return Phrase(
        "试排，不得采用：没有方案能同时满足全部规则，请先由有权机关选定放宽哪一条。",
        "A trial, not to be adopted: no plan keeps every rule. The authority must first choose which rule gives.",
    )


def cards(made: YearPlan, digest: PlanDigest) -> list[tuple[Phrase, str, Phrase]]:
    """Name, figure and remark of the figures that a reader must not miss."""
    moves, lines = len(digest.movers), digest.indicators
    before, after = mean_cv(lines)
    reached = sum(i.within_after is True for i in lines)
    reached_before = sum(i.within_before is True for i in lines)
    met, stated = sum(digest.wishes_met), moves - digest.without_wishes
    asked = made.report.figures.required_moves
    shown = [
        (
            Phrase("交流人数", "Teachers who move"),
            str(moves),
            Phrase(f"名额要求 {asked} 人", f"quotas ask for {asked}"),
        ),
        (
            Phrase("平均差异系数", "Mean coefficient"),
            f"{after:.3f}",
            Phrase(f"交流前 {before:.3f}", f"{before:.3f} before"),
        ),
        (
            Phrase("符合国家上限的指标", "Indicators within limits"),
            f"{reached}/{len(lines)}",
            Phrase(f"交流前 {reached_before}/{len(lines)}", f"{reached_before}/{len(lines)} before"),
        ),
        (
            Phrase("志愿得到满足", "Wishes met"),
            f"{met}/{stated}",
            Phrase(f"其中第一志愿 {first(digest)} 人", f"{first(digest)} of them the first"),
        ),
        (
            Phrase("通勤变化中位数", "Median commute change"),
            f"{digest.median_km():+.1f} km".replace("-", "−"),
            Phrase("单程", "one way"),
        ),
    ]
    if made.adoptable:
        gap = Phrase("任何方案至多再好这么多", "no plan can be better by more")
        shown.append((Phrase("已证明的差距", "Proven gap"), gap_text(made), gap))
    return shown


def said_cards(made: YearPlan, digest: PlanDigest, lang: str) -> list[Card]:
    """The cards in one language."""
    return [
        Card(name=name.said(lang), figure=figure, remark=remark.said(lang))
        for name, figure, remark in cards(made, digest)
    ]


def first(digest: PlanDigest) -> int:
    """Movers who got their first wish."""
    return digest.wishes_met[0] if digest.wishes_met else 0


def mean_cv(lines: Sequence[IndicatorPicture]) -> tuple[float, float]:
    """The plain mean of the coefficients before and after."""
    number = len(lines) or 1
    return sum(i.cv_before for i in lines) / number, sum(i.cv_after for i in lines) / number


def gap_text(made: YearPlan) -> str:
    """The proven gap as a share, rounded up so that the promise holds."""
    share = max(0.0, made.result.gap) * 100
    hundredths = -int(-share * 100 // 1)
    return f"{hundredths / 100:.2f}%"


def summary(made: YearPlan, digest: PlanDigest) -> list[Phrase]:
    """The plan in a few sentences: who moves, how even it gets, what gets worse, wishes, commutes, and the proof."""
    if not digest.movers:
        return [Phrase("本次没有教师交流。", "Nobody moves this time."), *_unmet(digest)]
    said = [_moving(made, digest), _evenness(digest), *_unmet(digest), *_worse(digest), _wishes(digest), _ways(digest)]
    if made.adoptable:
        said.append(_proof(made))
    return said


def _moving(made: YearPlan, digest: PlanDigest) -> Phrase:
    moves, total = len(digest.movers), len(made.county.teachers)
    figures = made.report.figures
    schools = sum(bool(p.leaving or p.arriving) for p in digest.places)
    met = sum(q.met for q in figures.quotas)
    return Phrase(
        f"全县 {total} 名教师中有 {moves} 人交流（{moves / total:.1%}），涉及 {schools} 所学校（学段），"
        f"其中骨干教师 {figures.backbone_movers} 人；{len(figures.quotas)} 项名额符合 {met} 项。",
        f"{moves} of {total} teachers move ({moves / total:.1%}), between {schools} schools; "
        f"{figures.backbone_movers} of them are backbone teachers. {met} of {len(figures.quotas)} quotas are met.",
    )


def _evenness(digest: PlanDigest) -> Phrase:
    lines = digest.indicators
    before, after = mean_cv(lines)
    was, now = (sum(getattr(i, side) is True for i in lines) for side in ("within_before", "within_after"))
    better = 1 - digest.imbalance_after / digest.imbalance_before if digest.imbalance_before else 0.0
    smaller = after <= before
    return Phrase(
        f"学校之间的差异{'缩小' if smaller else '扩大'}：{len(lines)} 项教师指标的差异系数平均由 {before:.3f} 变为 "
        f"{after:.3f}（不均衡程度{'下降' if better >= 0 else '上升'} {abs(better):.0%}），"
        f"不超过国家上限的由 {was} 项变为 {now} 项。",
        f"Schools become {'more' if smaller else 'less'} even: the mean coefficient of {len(lines)} teacher indicators "
        f"goes from {before:.3f} to {after:.3f} (imbalance {-better:+.0%}), and {was} indicators within the national "
        f"limit become {now}.",
    )


def _unmet(digest: PlanDigest) -> list[Phrase]:
    over = [i for i in digest.indicators if i.within_after is False and i.limit is not None]
    if not over:
        return []
    zh = "、".join(f"{i.name().zh}（{i.cv_after:.3f}，上限 {i.limit:.2f}）" for i in over)
    en = ", ".join(f"{i.name().en} ({i.cv_after:.3f}, limit {i.limit:.2f})" for i in over)
    return [Phrase(f"仍超过国家上限的是：{zh}。", f"Still above the national limit: {en}.")]


def _worse(digest: PlanDigest) -> list[Phrase]:
    """What the plan makes worse, so that nobody has to find it out."""
    fewer = [i for i in digest.indicators if i.reaching_after < i.reaching_before]
    wider = [i for i in digest.indicators if round(i.cv_after, 3) > round(i.cv_before, 3)]
    zh = [f"达到{i.name().zh}标准的学校由 {i.reaching_before} 所减为 {i.reaching_after} 所" for i in fewer]
    zh += [f"{i.name().zh}的差异系数由 {i.cv_before:.3f} 升为 {i.cv_after:.3f}" for i in wider]
    en = [f"schools at the standard fall from {i.reaching_before} to {i.reaching_after} ({i.name().en})" for i in fewer]
    en += [f"the coefficient rises from {i.cv_before:.3f} to {i.cv_after:.3f} ({i.name().en})" for i in wider]
    return [Phrase(f"需要注意：{'；'.join(zh)}。", f"Mind: {'; '.join(en)}.")] if zh else []


def _wishes(digest: PlanDigest) -> Phrase:
    stated, none = len(digest.movers) - digest.without_wishes, digest.without_wishes
    met = sum(digest.wishes_met)
    return Phrase(
        f"填报志愿的 {stated} 人中有 {met} 人如愿，其中第一志愿 {first(digest)} 人，{digest.wishes_missed} 人未能如愿；"
        f"另有 {none} 人未填志愿。",
        f"Of {stated} who stated wishes {met} get one, {first(digest)} the first, and {digest.wishes_missed} get none; "
        f"{none} stated no wish.",
    )


def _ways(digest: PlanDigest) -> Phrase:
    moves = len(digest.movers)
    shorter = sum(m.extra_km < 0 for m in digest.movers)
    longest = max(m.extra_km for m in digest.movers)
    return Phrase(
        f"单程通勤中位数变化 {digest.median_km():+.1f} 公里：{shorter} 人缩短，{moves - shorter} 人增加或不变，"
        f"增加最多的 {longest:.1f} 公里（直线距离）。".replace("-", "−"),
        f"The one-way commute changes by {digest.median_km():+.1f} km at the median: shorter for {shorter}, longer or "
        f"equal for {moves - shorter}, at most {longest:.1f} km longer (straight lines).".replace(" -", " −"),
    )


def _proof(made: YearPlan) -> Phrase:
    return Phrase(
        f"独立检查程序确认方案符合全部规则，并已证明：在这些规则和权重之下，"
        f"任何方案的综合目标值至多比本方案再好 {gap_text(made)}。",
        "An independent checker confirms that every rule is kept, and it is proven that under these rules and weights "
        f"no plan can have an objective better by more than {gap_text(made)}.",
    )
