"""Ink and paper of the pictures: colours, the Chinese font, and a figure as clean SVG that repeats to the byte."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from textwrap import wrap
from typing import Any
from warnings import catch_warnings, filterwarnings
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from junheng.documents.faults import Phrase
from junheng.documents.report.letters import FONT, font_file, legible
from junheng.facts import Locale

READERS_FONTS = f"'{FONT}', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', sans-serif"
"""Whoever reads the page has one of these; the PDF carries the first."""
BEFORE, AFTER, LIMIT, WORSE, TEXT, FAINT = "#8C939C", "#0072B2", "#D55E00", "#CC79A7", "#1F2933", "#D8DCE1"
ZONES = {Locale.URBAN: "#0072B2", Locale.TOWN: "#E69F00", Locale.RURAL: "#009E73"}
ZONE_MARKS = {Locale.URBAN: "o", Locale.TOWN: "s", Locale.RURAL: "^"}
"""A mark of its own for each class of school, for eyes and printers without colour."""
WIDTH = 6.7
"""Inches: the width of the text on A4, so that letters keep their size on paper."""

_STYLE: Any = {
    "svg.hashsalt": "junheng",
    "svg.fonttype": "none",
    "font.family": [FONT],
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.edgecolor": "#A5ACB5",
    "axes.linewidth": 0.6,
    "axes.labelcolor": TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": "#4B5563",
    "ytick.color": "#4B5563",
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "text.color": TEXT,
    "text.parse_math": False,
    "grid.color": "#E6E9ED",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.dpi": 72,
}
_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_REFERENCE = re.compile(r'(?<=url\(#)[^)]+|(?<=href="#)[^"]+')
_IDENTITY = re.compile(r' id="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing: a name that is its anchor, title and alternative in words, a remark below it, and the SVG."""

    name: str
    title: str
    alternative: str
    svg: str
    remark: str = ""


@cache
def _font_known() -> None:
    font_manager.fontManager.addfont(str(font_file()))


@contextmanager
def sheet(height: float, width: float = WIDTH) -> Iterator[Figure]:
    """A figure of so many inches in the house's style, to draw on and to hand to :func:`picture` inside the block."""
    _font_known()
    with mpl.rc_context(_STYLE):
        yield Figure(figsize=(width, height), layout="constrained")


def picture(figure: Figure, name: str, said: tuple[Phrase, Phrase], lang: str, remark: str = "") -> Picture:
    """The figure as SVG with ``said``, its title and alternative, and no identifier that another picture could have."""
    buffer = io.StringIO()
    with catch_warnings():
        filterwarnings("ignore", message="Glyph .* missing from")  # said once for the whole report, see printing
        figure.savefig(buffer, format="svg", metadata=_METADATA, transparent=True)
    title, alternative = (phrase.said(lang) for phrase in said)
    svg = _clean(buffer.getvalue(), name, title, alternative)
    return Picture(name=name, title=title, alternative=alternative, svg=svg, remark=remark)


def _clean(text: str, name: str, title: str, alternative: str) -> str:
    """Drops the preamble and unused identifiers, prefixes the used ones, and says what a reader cannot see."""
    body = legible(text[text.index("<svg") :])
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    used = set(_REFERENCE.findall(body))
    body = _IDENTITY.sub(lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = _REFERENCE.sub(lambda m: f"{name}-{m[0]}", body)
    body = body.replace(f"'{FONT}'", READERS_FONTS)
    opening, _, rest = body.partition(">")
    opening = re.sub(r' (width|height)="[^"]*"', "", opening)
    title, alternative = (escape(legible(words)) for words in (title, alternative))
    said = f'<title id="{name}-title">{title}</title><desc id="{name}-desc">{alternative}</desc>'
    return f'{opening} role="img" aria-labelledby="{name}-title {name}-desc">{said}{rest}'.strip()


def width_of(text: str, size: float) -> float:
    """How many points a text is wide: a Chinese character is square, another letter somewhat over half."""
    return sum(size if ord(c) > 0x2E7F else 0.56 * size for c in text)


class Labels:
    """Places names beside points so that none covers another; a name without room is left out."""

    def __init__(self, axes: Axes, size: float = 7.5) -> None:
        self.axes, self.size = axes, size
        self.taken: list[tuple[float, float, float, float]] = []
        figure = axes.get_figure(root=True)
        if figure is not None:
            with catch_warnings():
                filterwarnings("ignore", message="Glyph .* missing from")
                figure.draw_without_rendering()
            figure.set_layout_engine("none")  # the frame is measured: it must not move any more
        frame = axes.get_window_extent()
        self.frame = (frame.x0, frame.y0, frame.x1, frame.y1)

    def keep_free(self, x: float, y: float, radius: float) -> None:
        """Nothing may be written over this point; radius in points."""
        at_x, at_y = self.axes.transData.transform((x, y))
        self.taken.append((at_x - radius, at_y - radius, at_x + radius, at_y + radius))

    def put(self, x: float, y: float, text: str, away: float, color: str = TEXT) -> bool:
        """Writes a name near a point, ``away`` points from it, where there is room; tells whether there was."""
        at_x, at_y = self.axes.transData.transform((x, y))
        wide, high = width_of(text, self.size), self.size * 1.25
        for across, up, align in _SIDES:
            left = at_x + across * away - {"left": 0.0, "center": wide / 2, "right": wide}[align]
            bottom = at_y + up * (away + high / 2) - high / 2
            box = (left, bottom, left + wide, bottom + high)
            if self._inside(box) and not any(_overlap(box, other) for other in self.taken):
                self.taken.append(box)
                self._write((x, y), text, (across * away, up * (away + high / 2)), align, color)
                return True
        return False

    def _inside(self, box: tuple[float, float, float, float]) -> bool:
        low_x, low_y, high_x, high_y = self.frame
        return bool(box[0] >= low_x and box[1] >= low_y and box[2] <= high_x and box[3] <= high_y)

    def _write(self, at: tuple[float, float], text: str, offset: tuple[float, float], align: str, color: str) -> None:
        halo = {"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.72}
        self.axes.annotate(
            text, at, offset, textcoords="offset points", ha=align, va="center_baseline", fontsize=self.size,
            color=color, bbox=halo, zorder=9, annotation_clip=False,
        )  # fmt: skip


_SIDES = (
    (1, 0, "left"), (-1, 0, "right"), (0, 1, "center"), (0, -1, "center"), (0.7, 0.7, "left"), (-0.7, 0.7, "right"),
    (0.7, -0.7, "left"), (-0.7, -0.7, "right"), (0, 2.2, "center"), (0, -2.2, "center"), (2.2, 0.6, "left"),
    (-2.2, 0.6, "right"),
)  # fmt: skip


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return bool(one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def folded(text: str) -> str:
    """A label on several lines where it would take more than a third of the width."""
    return text if width_of(text, _STYLE["font.size"]) <= WIDTH * 72 / 3 else "\n".join(wrap(text, 36))


def plain(text: str, longest: int = 16) -> str:
    """A name as a picture shows it: on one line, and not too long."""
    line = " ".join(legible(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
