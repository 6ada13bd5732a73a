"""Moves between classes of schools as ribbons, and between clusters as a table in shades."""

from __future__ import annotations

from collections import Counter

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from junheng.documents.digest import PlanDigest
from junheng.documents.faults import Phrase
from junheng.documents.report.drawing.ink import TEXT, ZONES, Picture, picture, plain, sheet
from junheng.facts import Locale

CLUSTERS_SHOWN = 24
_GAP = 0.05
_BAR = 0.035


def zones(digest: PlanDigest, lang: str) -> Picture:
    """Ribbons from the class of the school left to that of the school reached, as wide as their movers are many."""
    flows = digest.zone_flows()
    total = sum(flows.values()) or 1
    with sheet(2.5) as figure:
        axes = figure.add_subplot()
        axes.axis("off")
        axes.set_xlim(-0.24, 1.24)
        axes.set_ylim(1 + 2 * _GAP + 0.02, -0.1)
        starts, ends = _sides(flows, total)
        for (home, host), number in sorted(
            flows.items(), key=lambda f: ([*Locale].index(f[0][0]), [*Locale].index(f[0][1]))
        ):
            high = number / total
            _ribbon(axes, (starts[home], ends[host], high), ZONES[home])
            if high > 0.035:
                axes.text(0.1, starts[home] + high / 2, str(number), va="center_baseline", ha="left", fontsize=8)
            starts[home] += high
            ends[host] += high
        _bars(axes, flows, total, lang)
        sides = (Phrase("派出学校", "leave"), Phrase("接收学校", "arrive at"))
        for x, side in zip((0.0, 1.0), sides, strict=True):
            axes.text(x, -0.06, side.said(lang), ha="center", fontsize=9, weight="bold")
        title = Phrase("城区、镇区、乡村之间的流向", "Moves between urban, town and rural schools")
        return picture(figure, "zones", (title, _zones_told(flows)), lang)


def _sides(flows: Counter[tuple[Locale, Locale]], total: int) -> tuple[dict[Locale, float], dict[Locale, float]]:
    """Where the bar of each class begins, on the left and on the right."""
    sides: list[dict[Locale, float]] = []
    for side in (0, 1):
        top, tops = 0.0, {}
        for locale in Locale:
            tops[locale] = top
            top += sum(n for pair, n in flows.items() if pair[side] is locale) / total + _GAP
        sides.append(tops)
    return sides[0], sides[1]


def _ribbon(axes: Axes, band: tuple[float, float, float], color: str) -> None:
    left, right, high = band
    begin, end = _BAR, 1 - _BAR
    points = [
        (begin, left), (0.5, left), (0.5, right), (end, right), (end, right + high), (0.5, right + high),
        (0.5, left + high), (begin, left + high), (begin, left),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), facecolor=color, alpha=0.42, edgecolor="white", lw=0.5))


def _bars(axes: Axes, flows: Counter[tuple[Locale, Locale]], total: int, lang: str) -> None:
    starts = _sides(flows, total)
    for side, (x, align, shift) in enumerate(((0.0, "right", -0.02), (1 - _BAR, "left", _BAR + 0.02))):
        for locale in Locale:
            number = sum(n for pair, n in flows.items() if pair[side] is locale)
            if number:
                top = starts[side][locale]
                axes.add_patch(Rectangle((x, top), _BAR, number / total, color=ZONES[locale], lw=0))
                axes.text(x + shift, top + number / total / 2, f"{locale.label(lang)} {number}", ha=align,
                          va="center_baseline")  # fmt: skip


def _zones_told(flows: Counter[tuple[Locale, Locale]]) -> Phrase:
    ordered = [(pair, flows[pair]) for pair in sorted(flows, key=lambda p: (-flows[p], p[0].value, p[1].value))]
    return Phrase(
        "城乡流向：" + "；".join(f"{a.zh}到{b.zh} {n} 人" for (a, b), n in ordered) + "。",
        "Moves: " + "; ".join(f"{a.en} to {b.en} {n}" for (a, b), n in ordered) + ".",
    )


def clusters(digest: PlanDigest, lang: str) -> Picture:
    """A square of clusters left (rows) and reached (columns), darker where more move; empty where nobody does."""
    flows = digest.cluster_flows()
    names = _clusters_shown(digest)
    grid = np.array([[flows[row, column] for column in names] for row in names], dtype=float).reshape(len(names), -1)
    with sheet(1.3 + 0.24 * len(names)) as figure:
        axes = figure.add_subplot()
        darkest = grid.max() if grid.size else 0.0
        for row, column in zip(*np.nonzero(grid), strict=True):
            share = grid[row, column] / darkest
            shade = colormaps["Blues"](0.12 + 0.75 * share)
            axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=shade, lw=0))
            axes.text(column, row, f"{grid[row, column]:.0f}", ha="center", va="center_baseline", fontsize=8,
                      color="white" if share > 0.6 else TEXT)  # fmt: skip
        axes.set_xlim(-0.5, len(names) - 0.5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xticks(range(len(names)), [plain(n) for n in names], rotation=60, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), [plain(n) for n in names])
        axes.set_xticks(np.arange(len(names) + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(len(names) + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="#EDEFF2", lw=0.6)
        axes.tick_params(which="both", length=0)
        axes.spines[:].set_visible(False)
        axes.set_ylabel(Phrase("派出学区", "cluster left").said(lang))
        axes.set_xlabel(Phrase("接收学区", "cluster reached").said(lang))
        title = Phrase("学区之间的流向（人）", "Moves between clusters (teachers)")
        return picture(figure, "clusters", (title, _clusters_told(flows)), lang)


def _clusters_shown(digest: PlanDigest) -> list[str]:
    """The clusters with most moves, in the county's own order."""
    busy: Counter[str] = Counter()
    for (home, host), number in digest.cluster_flows().items():
        busy[home] += number
        busy[host] += number
    most = sorted((c for c in digest.clusters if busy[c]), key=lambda c: -busy[c])[:CLUSTERS_SHOWN]
    return [c for c in digest.clusters if c in most]


def _clusters_told(flows: Counter[tuple[str, str]]) -> Phrase:
    within = sum(n for (home, host), n in flows.items() if home == host)
    total = sum(flows.values())
    top = sorted((f for f in flows.items() if f[0][0] != f[0][1]), key=lambda f: (-f[1], f[0]))[:5]
    return Phrase(
        f"学区流向：{total} 人中 {within} 人在本学区内，{total - within} 人跨学区"
        + ("，最多的是 " + "；".join(f"{a}到{b} {n} 人" for (a, b), n in top) if top else "") + "。",
        f"Moves by cluster: {within} of {total} stay in their cluster, {total - within} leave it"
        + ("; most from " + "; ".join(f"{a} to {b} {n}" for (a, b), n in top) if top else "") + ".",
    )  # fmt: skip
