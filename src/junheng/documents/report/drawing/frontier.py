"""Plans between balance and wishes: what the county gives of one for the other."""

from __future__ import annotations

from junheng.documents.digest import PlanDigest
from junheng.documents.faults import Phrase
from junheng.documents.report.drawing.ink import AFTER, LIMIT, TEXT, Labels, Picture, picture, sheet


def frontier(digest: PlanDigest, lang: str) -> Picture:
    """Each plan as a point: imbalance to the right, service upward; the chosen one filled."""
    points = sorted(digest.frontier, key=lambda p: (p.imbalance, p.service))
    with sheet(3.0) as figure:
        axes = figure.add_subplot()
        across, up = [100 * p.imbalance for p in points], [p.service for p in points]
        axes.plot(across, up, color="#B9C0C8", lw=1.4, zorder=2)
        axes.scatter(across, up, s=[90 if p.chosen else 44 for p in points], zorder=4, lw=1.8,
                     color=[LIMIT if p.chosen else "white" for p in points],
                     edgecolor=[LIMIT if p.chosen else AFTER for p in points])  # fmt: skip
        axes.grid(color="#E6E9ED")
        axes.margins(x=0.16, y=0.2)
        axes.set_xlabel(
            Phrase("不均衡程度（交流前为 100，越小越好）", "imbalance (100 before the moves, less is better)").said(
                lang
            )
        )
        axes.set_ylabel(Phrase("人均志愿与通勤得分", "service, points a mover").said(lang))
        labels = Labels(axes)
        for point in points:
            labels.keep_free(100 * point.imbalance, point.service, 5)
        for point in sorted(points, key=lambda p: not p.chosen):
            said = Phrase(
                f"{point.label.zh} {point.moves}人 {point.extra_km:+.1f}公里",
                f"{point.label.en} {point.moves}, {point.extra_km:+.1f} km",
            ).said(lang)
            labels.put(100 * point.imbalance, point.service, said, 8, TEXT_OF[point.chosen])
        told = Phrase(
            "；".join(f"{p.label.zh}：不均衡 {p.imbalance:.1%}，得分 {p.service:.1f}" for p in points) + "。",
            "; ".join(f"{p.label.en}: imbalance {p.imbalance:.1%}, service {p.service:.1f}" for p in points) + ".",
        )
        title = Phrase("均衡与志愿之间的几种方案", "Plans between balance and wishes")
        return picture(figure, "frontier", (title, told), lang)


TEXT_OF = {True: LIMIT, False: TEXT}
