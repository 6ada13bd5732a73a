"""The plans of a frontier as a numbered picture (SVG), which needs no library and prints at any size."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from junheng.documents.faults import Phrase
from junheng.documents.tables.chosen import TOWARD
from junheng.planning.goals.frontier import Frontier, FrontierPoint

WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 90, 40, 64, 84
INK, LINE, MARK = "#1f2d3d", "#5b7fa6", "#c0392b"
FONTS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
TICKS = 5


def write_picture(path: Path, frontier: Frontier, lang: str = "zh") -> None:
    """Writes imbalance (across) against service a mover (up), every plan numbered, the recommended one marked."""
    path.write_text("\n".join(_picture(frontier, lang)) + "\n", encoding="utf-8")


class _Plane:
    def __init__(self, points: tuple[FrontierPoint, ...]) -> None:
        across = [p.measures.balance for p in points]
        up = [p.measures.service_each for p in points]
        self.x0, self.x1 = _around(across)
        self.y0, self.y1 = _around(up)

    def x(self, value: float) -> float:
        return LEFT + (value - self.x0) / (self.x1 - self.x0) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.y0) / (self.y1 - self.y0) * (HEIGHT - TOP - BOTTOM)


def _around(values: list[float]) -> tuple[float, float]:
    room = 0.08 * (max(values) - min(values)) or 0.5
    return min(values) - room, max(values) + room


def _picture(frontier: Frontier, lang: str) -> list[str]:
    plane = _Plane(frontier.points)
    toward = TOWARD[frontier.toward].said(lang)
    title = f"均衡与{toward}之间的可选方案" if lang == "zh" else f"Plans between balance and {toward}"
    across = Phrase("轮岗后的不均衡（轮岗前 = 100%，越小越好）", "Imbalance after (before = 100 %), less is better")
    up = Phrase("人均服务分（越大越好）", "Points of service a mover, more is better")
    chosen = frontier.recommended
    note = (
        f"● 建议第 {chosen.number} 号：让出 {max(0.0, chosen.given_up):.1%} 的均衡"
        if lang == "zh"
        else f"● recommended: plan {chosen.number}, gives up {max(0.0, chosen.given_up):.1%} of the balance"
    )
    path = " ".join(
        f"{'L' if i else 'M'}{plane.x(p.measures.balance):.1f},{plane.y(p.measures.service_each):.1f}"
        for i, p in enumerate(frontier.points)
    )
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONTS}" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(WIDTH / 2, 34, title, size=20),
        *_axes(plane),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 40, across.said(lang), size=14),
        f'<g transform="translate(26 {(TOP + HEIGHT - BOTTOM) / 2:.0f}) rotate(-90)">',
        _text(0, 0, up.said(lang), size=14),
        "</g>",
        f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>',
        *(_dot(plane, p) for p in frontier.points),
        _text(WIDTH / 2, HEIGHT - 14, note, size=13, colour=MARK),
        "</svg>",
    ]


def _axes(plane: _Plane) -> list[str]:
    lines = []
    for tick in range(TICKS + 1):
        x = plane.x0 + tick / TICKS * (plane.x1 - plane.x0)
        y = plane.y0 + tick / TICKS * (plane.y1 - plane.y0)
        lines.append(_line(plane.x(x), TOP, plane.x(x), HEIGHT - BOTTOM))
        lines.append(_line(LEFT, plane.y(y), WIDTH - RIGHT, plane.y(y)))
        lines.append(_text(plane.x(x), HEIGHT - BOTTOM + 20, f"{x:.1%}", size=12))
        lines.append(_text(LEFT - 10, plane.y(y) + 4, f"{y:.1f}", size=12, anchor="end"))
    return lines


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e3e8ee"/>'


def _text(x: float, y: float, text: str, *, size: int, anchor: str = "middle", colour: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
    )


def _dot(plane: _Plane, point: FrontierPoint) -> str:
    x, y = plane.x(point.measures.balance), plane.y(point.measures.service_each)
    colour, radius = (MARK, 13) if point.recommended else (LINE, 11)
    number = _text(x, y + 4.5, str(point.number), size=13, colour="#ffffff")
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>{number}'
