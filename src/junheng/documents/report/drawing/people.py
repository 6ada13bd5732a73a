"""What the moves mean for people and schools: wishes, commutes, and how many each school gives and gains."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.documents.digest import Place, PlanDigest, commute_labels
from junheng.documents.faults import Phrase
from junheng.documents.report.drawing.ink import AFTER, BEFORE, LIMIT, Picture, picture, plain, sheet
from junheng.documents.tables.pictured import wish_rows

SCHOOLS_SHOWN = 24


def wishes(digest: PlanDigest, lang: str) -> Picture:
    """Bars of movers by wish met."""
    rows = wish_rows(digest)
    with sheet(0.5 + 0.25 * len(rows)) as figure:
        axes = figure.add_subplot()
        places = range(len(rows))[::-1]
        colors = [AFTER] * len(digest.wishes_met) + [LIMIT, BEFORE]
        bars = axes.barh(places, [n for _, n in rows], height=0.66, color=colors)
        axes.bar_label(bars, padding=4, fontsize=8.5)
        axes.set_yticks(places, [label.said(lang) for label, _ in rows])
        axes.set_xticks([])
        axes.margins(x=0.08)
        axes.spines[["left", "bottom"]].set_visible(False)
        told = Phrase(
            "志愿满足情况，" + "，".join(f"{label.zh} {n} 人" for label, n in rows) + "。",
            "Wishes: " + ", ".join(f"{label.en} {n}" for label, n in rows) + ".",
        )
        return picture(figure, "wishes", (Phrase("交流教师的志愿", "Wishes of those who move"), told), lang)


def commutes(digest: PlanDigest, lang: str) -> Picture:
    """Bars of movers by how much longer the way to work becomes; shorter ways in another colour."""
    rows = list(zip(commute_labels(), digest.commutes(), strict=True))
    with sheet(2.1) as figure:
        axes = figure.add_subplot()
        shorter = [label.zh.startswith(("≤", "−")) for label, _ in rows]
        bars = axes.bar(range(len(rows)), [n for _, n in rows], width=0.78,
                        color=["#009E73" if less else "#E69F00" for less in shorter])  # fmt: skip
        axes.bar_label(bars, padding=2, fontsize=8.5)
        axes.set_xticks(range(len(rows)), [label.said(lang) for label, _ in rows])
        axes.set_yticks([])
        axes.margins(y=0.12)
        axes.spines[["left"]].set_visible(False)
        axes.set_xlabel(
            Phrase(
                "单程通勤变化（公里）：绿色缩短，橙色增加",
                "change of the one-way commute, km: green shorter, orange longer",
            ).said(lang)
        )
        told = Phrase(
            "单程通勤变化，" + "，".join(f"{label.zh} 公里 {n} 人" for label, n in rows) + "。",
            "Change of the one-way commute: " + ", ".join(f"{label.en} km {n}" for label, n in rows) + ".",
        )
        return picture(figure, "commutes", (Phrase("单程通勤的变化", "How commutes change"), told), lang)


def exchanges(digest: PlanDigest, lang: str) -> Picture:
    """Bars of teachers leaving to the left and arriving to the right, for the schools with most of them."""
    busiest = digest.busiest(SCHOOLS_SHOWN)
    with sheet(0.75 + 0.185 * len(busiest)) as figure:
        axes = figure.add_subplot()
        places = range(len(busiest))[::-1]
        leaving = axes.barh(places, [-p.leaving for p in busiest], height=0.68, color=LIMIT,
                            label=Phrase("派出", "give").said(lang))  # fmt: skip
        arriving = axes.barh(places, [p.arriving for p in busiest], height=0.68, color=AFTER,
                             label=Phrase("接收", "gain").said(lang))  # fmt: skip
        axes.bar_label(leaving, [str(p.leaving or "") for p in busiest], padding=3, fontsize=8)
        axes.bar_label(arriving, [str(p.arriving or "") for p in busiest], padding=3, fontsize=8)
        axes.axvline(0, color="#6B7280", lw=0.8)
        axes.set_yticks(places, [plain(p.name) for p in busiest])
        axes.set_xticks([])
        axes.margins(x=0.08, y=0.01)
        axes.spines[["left", "bottom"]].set_visible(False)
        figure.legend(loc="outside upper left", ncols=2)
        title = Phrase("各校派出与接收人数", "What schools give and gain")
        return picture(figure, "gives-and-gains", (title, _exchanges_told(digest, busiest)), lang)


def _exchanges_told(digest: PlanDigest, busiest: Sequence[Place]) -> Phrase:
    moving = sum(bool(p.leaving or p.arriving) for p in digest.places)
    return Phrase(
        f"{moving} 所学校（学段）有人员变动，图示最多的 {len(busiest)} 所："
        + "；".join(f"{p.name}派出 {p.leaving}、接收 {p.arriving}" for p in busiest) + "。",
        f"{moving} schools have moves; the busiest {len(busiest)}: "
        + "; ".join(f"{p.name} gives {p.leaving}, gains {p.arriving}" for p in busiest) + ".",
    )  # fmt: skip
