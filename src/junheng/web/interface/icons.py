"""Icons of Tabler as SVG: no web font, nothing for a screen reader to read.

Those of the menus stand on every page: they come once, in one drawing that the browser keeps (``sprite``), and pages
refer to them. All others are drawn in the page itself.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from junheng.web.access import public

FALLBACK = "point"
SHARED = frozenset((
    "adjustments", "arrows-exchange", "arrows-left-right", "bell", "books", "calculator", "calendar-due", "camera",
    "category", "chart-bar", "chart-line", "chart-pie", "chevron-right", "clipboard-check", "contract", "door-exit",
    "edit", "file-certificate", "file-export", "file-import", "hierarchy-2", "history", "home", "id", "list-check",
    "map-2", "menu-2", "progress", "scale", "school", "search", "shield-check", "signature", "sitemap", "stairs-up",
    "sum", "table", "tools-kitchen-2", "trending-up", "user-cog", "user-dollar", "user-off", "user-plus",
    "user-share", "users",
))  # fmt: skip
"""What the menus above and at the side bear."""
_ALIKE = re.compile(
    r' (?:xmlns="[^"]*"|(?:width|height)="24"|fill="none"|stroke="currentColor"'
    r'|stroke-(?:width="2"|line(?:cap|join)="round"))'
)
"""What every icon of lines has alike stands once in the style sheet and not in each of a page's fifty icons."""
_CONTENT = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_NEXT_LINE = re.compile(r'"/><path d="M')
"""Where one line of an icon ends and the next begins: they may as well be one path."""
_YEAR = 365 * 24 * 3600
logger = logging.getLogger(__name__)


def has_icon(name: str) -> bool:
    """Whether an icon of that name exists, so that a test can find misspelt ones."""
    return _source(name) is not None


@lru_cache(maxsize=1)
def _archive() -> ZipFile:
    """The package's drawings. Its own tag reads the list of all six thousand anew for every icon, in some 40 ms."""
    return ZipFile(BytesIO((files("tablericons") / "tablericons.zip").read_bytes()))


def _source(name: str) -> str | None:
    """The SVG of an icon as the package has it, or none."""
    try:
        return _archive().read(f"{name if '/' in name else f'outline/{name}'}.svg").decode()
    except KeyError:
        return None


@lru_cache(maxsize=1024)
def svg(name: str, css_class: str = "icon") -> SafeString:
    """Return the icon as SVG; a misspelt name draws a dot and is logged, because no page should fail over it."""
    if name in SHARED:
        return format_html(
            '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
            css_class, reverse("icons", args=(digest(),)), name,
        )  # fmt: skip
    return mark_safe(_drawn(name, css_class))  # noqa: S308  # drawn from a fixed archive, attributes escaped


def _drawn(name: str, css_class: str = "icon") -> str:
    source = _source(name)
    if source is None:
        logger.warning("no icon is named %r", name)
        source = _source(FALLBACK) or ""
    drawn = _ALIKE.sub("", " ".join(source.split())).replace(" />", "/>").replace("> <", "><").replace(" >", ">", 1)
    drawn = drawn.replace(">", f' class="{escape(css_class)}" aria-hidden="true">', 1)
    if " fill=" not in drawn:
        drawn = _NEXT_LINE.sub(r"M", drawn)
    return drawn


@lru_cache(maxsize=1)
def sprite() -> str:
    """All icons of the menus in one SVG, each a symbol of its name."""
    found = {name: _CONTENT.fullmatch(_drawn(name)) for name in sorted(SHARED)}
    symbols = "".join(
        f'<symbol id="{name}" viewBox="0 0 24 24">{match[1]}</symbol>' for name, match in found.items() if match
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'


@lru_cache(maxsize=1)
def digest() -> str:
    """What the address of the drawing bears, so that a browser may keep it until another version has other icons."""
    return sha256(sprite().encode()).hexdigest()[:8]


@public
@require_safe
def shared_icons(_request: HttpRequest, version: str) -> HttpResponse:
    """The icons of the menus, to be kept by the browser for as long as it likes."""
    if version != digest():
        raise Http404
    answer = HttpResponse(sprite(), content_type="image/svg+xml")
    patch_cache_control(answer, public=True, max_age=_YEAR, immutable=True)
    return answer


def labelled(name: str, label: str) -> SafeString:
    """Return an icon that stands alone, with its meaning as text for a screen reader."""
    return format_html('{}<span class="visually-hidden">{}</span>', svg(name), label)
