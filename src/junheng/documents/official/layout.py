"""The measures of GB/T 9704-2012: page, margins, type sizes, pitch of lines. Lengths in twips: 20 to the point.

The type area of 156 mm × 225 mm takes 22 lines of 28 characters. 22 lines at the often quoted 29 points are two tenths
of a point too high for it and 28 characters of 16 points too wide, so lines stand 28.95 points apart and characters
of the body are drawn together by a quarter of a point. The page's grid counts lines only: programs differ in how they
set characters on one.
"""

from __future__ import annotations

from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1588, 1474
LINES, CHARACTERS = 22, 28
LINE = 579
"""Pitch of the body's lines: 28.95 points."""
TITLE_LINE = 700
COMPACT_LINE = 410
"""Pitch of the lines of a compact sheet."""
CLOSER = -5
"""What is added to the width of each character of the body."""
FOOTER = 1247
"""From the page's lower edge to the foot of the page number, whose head is then 7 mm under the type area."""
HEAD_DROP = 1984
"""35 mm from the head of the type area to the issuer's name."""
RULE_GAP_POINTS = 11
"""4 mm between the document number and the red rule."""
RED = "FF0000"
MILLIMETRE = 1440 / 25.4

TITLE, BODY, SMALL, FORM, TABLE, NUMBER = 22.0, 16.0, 10.5, 12.0, 12.0, 14.0
"""Points: 二号, 三号, 五号, 小四, 小四, 四号."""
ISSUER_LARGEST = 60.0


@dataclass(frozen=True, slots=True)
class Turned:
    """Page and margins of a section: upright, or turned so that its head lies at the binding edge."""

    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int

    @property
    def measure(self) -> int:
        """Width of the type area."""
        return self.width - self.left - self.right


UPRIGHT = Turned(PAGE_WIDTH, PAGE_HEIGHT, TOP, BOTTOM, LEFT, RIGHT)
LYING = Turned(PAGE_HEIGHT, PAGE_WIDTH, LEFT, RIGHT, BOTTOM, TOP)


def issuer_size(name: str) -> float:
    """Points for the name in the red head: as large as fits the type area in one line, within half a point."""
    fitting = UPRIGHT.measure / 20 / max(1, len(name))
    return min(ISSUER_LARGEST, int(fitting * 2) / 2)


def width_in_characters(text: str) -> float:
    """How many Chinese characters wide a text is: letters and digits of the Latin alphabet count half."""
    return sum(0.5 if ord(each) < 0x2E80 and each not in "“”‘’—…·" else 1.0 for each in text)
