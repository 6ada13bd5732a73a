"""Balance before and after: coefficients against their limits, every school of an indicator against the standard."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from junheng.documents.digest import IndicatorPicture, PlanDigest, SchoolPoint
from junheng.documents.faults import Phrase
from junheng.documents.report.drawing.ink import (
    AFTER,
    BEFORE,
    LIMIT,
    WORSE,
    Labels,
    Picture,
    folded,
    picture,
    plain,
    sheet,
)

NAMED = 4
"""So many schools are named in a picture of schools: those that change most."""
NOTABLE = 0.06
"""A change is worth a name when it is so large beside the highest value shown."""
_HALO = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}


def coefficients(digest: PlanDigest, lang: str) -> Picture:
    """One line per indicator from the coefficient before to that after, with the limit as an upright mark."""
    lines = digest.indicators[::-1]
    with sheet(0.7 + 0.33 * len(lines)) as figure:
        axes = figure.add_subplot()
        for at, line in enumerate(lines):
            axes.plot([line.cv_before, line.cv_after], [at, at], color="#B9C0C8", lw=2.4, zorder=2)
            if line.limit is not None:
                axes.plot([line.limit] * 2, [at - 0.34, at + 0.34], color=LIMIT, lw=2.2, zorder=3)
            left, right = sorted((line.cv_before, line.cv_after))
            for value, side in ((left, "right"), (right, "left")):
                shift = (-7, 0) if side == "right" else (7, 0)
                axes.annotate(f"{value:.3f}", (value, at), shift, textcoords="offset points", ha=side, va="center",
                              fontsize=8, zorder=6, bbox=_HALO)  # fmt: skip
        axes.scatter([i.cv_before for i in lines], range(len(lines)), s=46, color="white", edgecolor=BEFORE, lw=1.8,
                     zorder=4, label=Phrase("交流前", "before").said(lang))  # fmt: skip
        axes.scatter([i.cv_after for i in lines], range(len(lines)), s=50, color=AFTER, zorder=5,
                     label=Phrase("交流后", "after").said(lang))  # fmt: skip
        axes.plot([], [], color=LIMIT, lw=2.2, label=Phrase("国家上限", "national limit").said(lang))
        axes.set_yticks(range(len(lines)), [folded(line.name().said(lang)) for line in lines])
        axes.set_ylim(-0.6, len(lines) - 0.4)
        axes.margins(x=0.16)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(Phrase("差异系数（越小越均衡）", "coefficient of variation (smaller is more even)").said(lang))
        figure.legend(loc="outside upper left", ncols=3, handletextpad=0.5)
        title = Phrase("差异系数：交流前后与国家上限", "Coefficients before and after, and the national limit")
        return picture(figure, "coefficients", (title, _told(digest.indicators)), lang)


def _told(lines: Sequence[IndicatorPicture]) -> Phrase:
    zh = [
        f"{i.name().zh} {i.cv_before:.3f} → {i.cv_after:.3f}" + ("" if i.limit is None else f"（上限 {i.limit:.2f}）")
        for i in lines
    ]
    en = [
        f"{i.name().en} {i.cv_before:.3f} → {i.cv_after:.3f}" + ("" if i.limit is None else f" (limit {i.limit:.2f})")
        for i in lines
    ]
    return Phrase("差异系数，" + "；".join(zh) + "。", "Coefficients: " + "; ".join(en) + ".")


def schools(line: IndicatorPicture, lang: str) -> Picture:
    """Every school of an indicator as an upright line from before to after, in rising order of the value before."""
    with sheet(2.1) as figure:
        axes = figure.add_subplot()
        points = list(enumerate(line.schools))
        axes.vlines([at for at, _ in points], [s.before for _, s in points], [s.after for _, s in points], lw=1.6,
                    colors=[AFTER if s.after >= s.before else WORSE for _, s in points], alpha=0.6,
                    zorder=2)  # fmt: skip
        axes.scatter([at for at, _ in points], [s.before for _, s in points], s=15, color="white", edgecolor=BEFORE,
                     lw=1.1, zorder=3, label=Phrase("交流前", "before").said(lang))  # fmt: skip
        axes.scatter([at for at, _ in points], [s.after for _, s in points], s=15, color=AFTER, zorder=4,
                     label=Phrase("交流后", "after").said(lang))  # fmt: skip
        if line.least is not None:
            axes.axhline(line.least, color=LIMIT, lw=1.3, ls=(0, (5, 3)), zorder=1,
                         label=Phrase(f"标准 {line.least:g}", f"standard {line.least:g}").said(lang))  # fmt: skip
        axes.axhline(line.mean, color="#4B5563", lw=0.9, ls=(0, (1, 2)), zorder=1,
                     label=Phrase(f"全县 {line.mean:.2f}", f"county {line.mean:.2f}").said(lang))  # fmt: skip
        _frame(axes, len(points))
        axes.set_ylabel(Phrase("每百名学生", "per hundred pupils").said(lang))
        axes.set_xlabel(
            Phrase(
                f"{len(points)} 所学校，按交流前由低到高", f"{len(points)} schools, lowest before the moves first"
            ).said(lang)
        )
        figure.legend(loc="outside upper left", ncols=4, handletextpad=0.5, columnspacing=1.4)
        _name_notable(Labels(axes), points)
        name = f"schools-{line.stage.value}-{line.indicator.value}"
        return picture(figure, name.replace("_", "-"), (line.name(), _schools_told(line)), lang)


def _frame(axes: Axes, number: int) -> None:
    axes.set_xticks([])
    axes.set_xlim(-1, max(number, 1))
    axes.set_ylim(bottom=0)
    axes.margins(y=0.16)
    axes.grid(axis="y")


def _name_notable(labels: Labels, points: Sequence[tuple[int, SchoolPoint]]) -> None:
    """The schools that change most, and nothing where nothing changes."""
    for at, school in points:
        for value in (school.before, school.after):
            labels.keep_free(at, value, 3)
    highest = max((max(s.before, s.after) for _, s in points), default=0.0)
    notable = sorted(points, key=lambda p: -abs(p[1].after - p[1].before))[:NAMED]
    for at, school in notable:
        if abs(school.after - school.before) > NOTABLE * highest:
            labels.put(at, max(school.before, school.after), plain(school.name), 6)


def _schools_told(line: IndicatorPicture) -> Phrase:
    number = len(line.schools)
    changed = sum(s.before != s.after for s in line.schools)
    standard_zh = "" if line.least is None else f"，标准为每百名学生 {line.least:g}"
    standard_en = "" if line.least is None else f", the standard is {line.least:g} per hundred pupils"
    return Phrase(
        f"{line.name().zh}：{number} 所学校，{changed} 所有变化{standard_zh}；"
        f"达到标准的由 {line.reaching_before} 所变为 {line.reaching_after} 所；"
        f"差异系数 {line.cv_before:.3f} → {line.cv_after:.3f}。",
        f"{line.name().en}: {number} schools, {changed} change{standard_en}; "
        f"{line.reaching_before} reach it before and {line.reaching_after} after; "
        f"coefficient {line.cv_before:.3f} → {line.cv_after:.3f}.",
    )
