"""Icons of Tabler as inline SVG: no web font, no request, nothing for a screen reader to read."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from tablericons import IconDoesNotExist
from tablericons.templatetags.tablericons import icon as draw

FALLBACK = "point"
_ALIKE = re.compile(
    r' (?:(?:width|height)="24"|fill="none"|stroke="currentColor"|stroke-(?:width="2"|line(?:cap|join)="round"))'
)
"""What every icon of lines has alike stands once in the style sheet and not in each of a page's fifty icons."""
_NEXT_LINE = re.compile(r'"/><path d="M')
"""Where one line of an icon ends and the next begins: they may as well be one path."""
logger = logging.getLogger(__name__)


def has_icon(name: str) -> bool:
    """Whether an icon of that name exists, so that a test can find misspelt ones."""
    try:
        draw(_path(name))
    except IconDoesNotExist:
        return False
    return True


@lru_cache(maxsize=1024)
def svg(name: str, css_class: str = "icon") -> SafeString:
    """Return the icon as SVG; a misspelt name draws a dot and is logged, because no page should fail over it."""
    try:
        drawn = draw(_path(name), class_=css_class, aria_hidden="true")
    except IconDoesNotExist:
        logger.warning("no icon is named %r", name)
        drawn = draw(_path(FALLBACK), class_=css_class, aria_hidden="true")
    # The package writes any keyword as an attribute, and `class` is no keyword of Python.
    drawn = _ALIKE.sub("", re.sub(r"\s*\n\s*", "", drawn)).replace(" class-=", " class=").replace(" />", "/>")
    if " fill=" not in drawn:
        drawn = _NEXT_LINE.sub(r"M", drawn)
    return mark_safe(drawn)  # noqa: S308  # drawn from a fixed archive, attributes escaped


def labelled(name: str, label: str) -> SafeString:
    """Return an icon that stands alone, with its meaning as text for a screen reader."""
    return format_html('{}<span class="visually-hidden">{}</span>', svg(name), label)


def _path(name: str) -> str:
    return name if "/" in name else f"outline/{name}"
