"""The map of moves from the schools' own coordinates, without a map from anybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from junheng.documents.digest import Place, PlanDigest
from junheng.documents.faults import Phrase
from junheng.documents.report.drawing.ink import ZONE_MARKS, ZONES, Labels, Picture, picture, plain, sheet
from junheng.facts import Locale

ARROW = "#3F4A57"
NAMED = 10
"""So many schools are named on a map: those with most moves."""
SEAT_LEAST = 5
SEAT_SHARE = 0.35
"""The county seat has a map of its own when it has so many schools on less than this share of the county's width."""


def maps(digest: PlanDigest, lang: str) -> list[Picture]:
    """The county, and its seat at a larger scale where schools stand close; none without coordinates."""
    located = [p for p in digest.places if p.located]
    if len({(p.x_km, p.y_km) for p in located}) < 2:
        return []
    seat = _seat(located)
    shown = {p.id: p for p in located}
    flows = {pair: n for pair, n in digest.flows().items() if set(pair) <= shown.keys()}
    within = {pair: n for pair, n in flows.items() if set(pair) <= {p.id for p in seat}}
    county = _Map("map", _COUNTY, located, {pair: n for pair, n in flows.items() if pair not in within}, seat)
    remark = _remark(digest, lang)
    if not seat:
        return [_drawn(county, lang, remark)]
    inside = Phrase(
        f"城区各校之间的 {sum(within.values())} 人见“城区放大图”。",
        f" The {sum(within.values())} moves inside the county seat are in a picture of its own.",
    ).said(lang)
    return [_drawn(county, lang, remark + inside), _drawn(_Map("map-seat", _SEAT, seat, within, ()), lang, "")]


_COUNTY = Phrase("全县教师流向示意图", "Where teachers move: the county")
_SEAT = Phrase("城区放大图", "Where teachers move: the county seat")


def _extent(places: Sequence[Place]) -> tuple[float, float]:
    xs, ys = [p.x_km for p in places], [p.y_km for p in places]
    return max(xs) - min(xs), max(ys) - min(ys)


def _seat(places: Sequence[Place]) -> list[Place]:
    """The schools in the frame around the urban ones, where that frame is small and holds enough of them."""
    urban = [p for p in places if p.locale is Locale.URBAN]
    if len(urban) < SEAT_LEAST or len(urban) == len(places):
        return []
    if max(_extent(urban)) > SEAT_SHARE * max(_extent(places)):
        return []
    low_x, high_x = min(p.x_km for p in urban), max(p.x_km for p in urban)
    low_y, high_y = min(p.y_km for p in urban), max(p.y_km for p in urban)
    return [p for p in places if low_x <= p.x_km <= high_x and low_y <= p.y_km <= high_y]


@dataclass(frozen=True, slots=True)
class _Map:
    """A map to draw: its schools, the moves shown on it, and the schools that another map shows larger."""

    name: str
    title: Phrase
    places: Sequence[Place]
    flows: Mapping[tuple[str, str], int]
    elsewhere: Sequence[Place]


def _drawn(drawn: _Map, lang: str, remark: str) -> Picture:
    wide, high = _extent(drawn.places)
    with sheet(min(5.6, max(3.2, 6.2 * (high + 0.1 * wide) / (1.1 * wide or 1.0)) + 0.6)) as figure:
        axes = figure.add_subplot()
        axes.set_aspect("equal", adjustable="datalim")
        axes.axis("off")
        axes.margins(0.08)
        _circles(axes, drawn.places, lang)
        _legend(axes, lang)
        _arrows(axes, drawn)
        _names(axes, drawn)
        return picture(figure, drawn.name, (drawn.title, _told(drawn)), lang, remark)


def _names(axes: Axes, drawn: _Map) -> None:
    """The names of the schools with most moves, but of none that another map shows larger."""
    labels = Labels(axes)
    for place in drawn.places:
        labels.keep_free(place.x_km, place.y_km, _radius(place))
    others = {p.id for p in drawn.elsewhere}
    busy = [p for p in drawn.places if p.id not in others and (p.leaving or p.arriving)]
    for place in sorted(busy, key=lambda p: (-p.leaving - p.arriving, p.id))[:NAMED]:
        labels.put(place.x_km, place.y_km, f"{plain(place.name)} {_signed(place.net)}", _radius(place) + 2)


def _signed(net: int) -> str:
    return f"{net:+d}".replace("-", "−") if net else "±0"


def _radius(place: Place) -> float:
    """Points; the area goes with the pupils."""
    return 2.2 + sqrt(max(place.pupils, 0)) / 7.5


def _circles(axes: Axes, places: Sequence[Place], lang: str) -> None:
    for locale in Locale:
        of_locale = [p for p in places if p.locale is locale]
        if of_locale:
            axes.scatter(
                [p.x_km for p in of_locale], [p.y_km for p in of_locale],
                s=[(2 * _radius(p)) ** 2 for p in of_locale], marker=ZONE_MARKS[locale], color=ZONES[locale],
                alpha=0.82, edgecolor="white", lw=0.6, zorder=4, label=locale.label(lang),
            )  # fmt: skip


def _legend(axes: Axes, lang: str) -> None:
    handles: list[Line2D] = [
        Line2D([], [], marker=ZONE_MARKS[locale], color="none", markerfacecolor=ZONES[locale], markeredgecolor="white",
               markersize=8, label=locale.label(lang))
        for locale in Locale
    ]  # fmt: skip
    for number in (1, 3, 6):
        said = Phrase(f"{number} 人", f"{number} teacher" + ("s" if number > 1 else "")).said(lang)
        handles.append(Line2D([], [], color=ARROW, lw=_line(number), alpha=0.7, label=said))
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 1.07), ncols=6, columnspacing=1.2)


def _line(number: int) -> float:
    return 0.5 + 0.55 * (number - 1) if number < 6 else 3.6


def _arrows(axes: Axes, drawn: _Map) -> None:
    """Bent to the left of the way, so that moves there and back do not cover each other; the thinnest first."""
    places = {p.id: p for p in drawn.places}
    for (home, host), number in sorted(drawn.flows.items(), key=lambda f: (f[1], f[0])):
        start, end = places[home], places[host]
        if (start.x_km, start.y_km) == (end.x_km, end.y_km):
            continue
        axes.add_patch(
            FancyArrowPatch(
                (start.x_km, start.y_km), (end.x_km, end.y_km), connectionstyle="arc3,rad=0.16",
                arrowstyle="-|>,head_length=3.4,head_width=1.5", mutation_scale=1, lw=_line(number), color=ARROW,
                alpha=min(0.85, 0.42 + 0.12 * number), zorder=3, shrinkA=_radius(start), shrinkB=_radius(end),
            )
        )  # fmt: skip


def _told(drawn: _Map) -> Phrase:
    flows, places, title = drawn.flows, drawn.places, drawn.title
    names = {p.id: p.name for p in places}
    top = sorted(flows.items(), key=lambda f: (-f[1], f[0]))[:5]
    zh = "；".join(f"{names[a]}到{names[b]} {n} 人" for (a, b), n in top)
    en = "; ".join(f"{names[a]} to {names[b]} {n}" for (a, b), n in top)
    return Phrase(
        f"{title.zh}：{len(places)} 所学校（学段）之间 {sum(flows.values())} 人，{len(flows)} 条流向"
        + (f"，最多的是 {zh}。" if top else "。"),
        f"{title.en}: {sum(flows.values())} teachers between {len(places)} schools on {len(flows)} ways"
        + (f"; most on {en}." if top else "."),
    )


def _remark(digest: PlanDigest, lang: str) -> str:
    unplaced = sum(not p.located for p in digest.places)
    said = Phrase(
        "图形大小为学生数，箭头粗细为人数，校名后为净增减人数。按学校坐标绘制的示意图，不是地图。",
        "Marks grow with pupils, arrows with teachers; after a name stands the net gain. Drawn from the schools' "
        "coordinates; it is no map.",
    ).said(lang)
    if unplaced:
        said += Phrase(
            f"有 {unplaced} 所学校缺坐标，未画出。", f" {unplaced} schools without coordinates are not drawn."
        ).said(lang)
    return said
