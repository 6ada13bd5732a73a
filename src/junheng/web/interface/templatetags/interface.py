"""Tags and filters of the page frame: the bundle, icons, tones, links of lists, charts with their tables."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BoundField, Select
from django.forms.widgets import ChoiceWidget
from django.template.context import RequestContext
from django.utils.html import json_script
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_vite.core.asset_loader import DjangoViteAssetLoader  # type: ignore[import-untyped]
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError  # type: ignore[import-untyped]

from junheng.web.interface import icons, numbers
from junheng.web.interface.figures import Plain, drawn, figures_of
from junheng.web.interface.rows import rows_of

register = template.Library()
logger = logging.getLogger(__name__)
TONES = {"error": "danger", "debug": "info"}


@register.simple_tag
def bundle(entry: str) -> SafeString:
    """Return the style and script of a bundled entry.

    Where nothing has been bundled the page comes without them and the log says so: every page works as plain
    links and forms, and the page that reports an error must not fail over its looks.
    """
    try:
        found = DjangoViteAssetLoader.instance().generate_vite_asset(entry, app="default")
    except (DjangoViteAssetNotFoundError, DjangoViteManifestError):
        logger.warning("the front end is not bundled: %s is missing", entry)
        return SafeString()
    return mark_safe(found)  # noqa: S308 - made from the manifest of our own bundle


@register.simple_tag
def icon(name: str, *, small: bool = False, label: str = "", **attributes: str) -> SafeString:
    """Draw a Tabler icon; with a label it speaks, without one it is decoration."""
    if label:
        return icons.labelled(name, label)
    extra = attributes.get("class", "")
    return icons.svg(name, " ".join(filter(None, ("icon", "icon-sm" if small else "", extra))))


@register.filter
def tone(message: Message) -> str:
    """Return the colour in which a message of Django's is shown."""
    return TONES.get(message.level_tag, message.level_tag or "info")


@register.simple_tag
def page_numbers(page: Page[object]) -> list[int | None]:
    """Return the numbers to offer round a page of a list; ``None`` stands for those left out."""
    last = page.paginator.num_pages
    near = {1, last, *range(page.number - 2, page.number + 3)}
    shown: list[int | None] = []
    for number in sorted(each for each in near if 1 <= each <= last):
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """Return the rows of the page of a list, each a ``<tr>``."""
    return rows_of(table)


@register.simple_tag(takes_context=True)
def with_query(context: RequestContext, name: str, value: object) -> str:
    """Return the query of this page with one word of it replaced, as ``?…``; an empty value takes the word out."""
    query = context["request"].GET.copy() if "request" in context else None
    if query is None:
        return f"?{name}={value}"
    if value in (None, ""):
        query.pop(name, None)
    else:
        query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the control of a form's field in the classes of the page, marked when it was refused."""
    widget = field.field.widget
    if getattr(widget, "input_type", "") in {"checkbox", "radio"}:
        kind = "choices" if isinstance(widget, ChoiceWidget) else "form-check-input"
    else:
        kind = "form-select" if isinstance(widget, Select) else "form-control"
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": " ".join(filter(None, (kind, own, "is-invalid" if field.errors else "")))})


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """Write a figure as every page does: ``1,234.5``, ``−3``, a dash for what is not known."""
    return numbers.number(value, digits)


@register.filter
def signed(value: Any, digits: int | None = None) -> str:
    """Write a difference as every page does: ``+3``, ``−3``, ``0``."""
    return numbers.signed(value, digits)


@register.filter
def until(moment: datetime | None, form: str = "") -> str:
    """Write when something ends, nothing where that is open; ``"seconds"`` with its seconds. See :mod:`numbers`."""
    return numbers.until(moment, seconds=form == "seconds") if moment else ""


@register.filter
def listed(words: Iterable[Any]) -> str:
    """Write words one after the other, apart as the language has it."""
    return numbers.listed(words)


@register.simple_tag
def comma() -> str:
    """Return what stands between two words of a list in the language of the page."""
    return numbers.comma()


@register.simple_tag
def colon() -> str:
    """Return what stands between a thing and what is said of it in the language of the page."""
    return numbers.colon()


@register.simple_tag
def semicolon() -> str:
    """Return what stands between two parts of a remark in the language of the page."""
    return numbers.semicolon()


@register.filter(is_safe=True)
def aside(word: Any) -> str:
    """Put a word in brackets, straight behind another."""
    return numbers.aside(word)


@register.inclusion_tag("interface/_chart.html")
def chart(kind: str, data: Mapping[str, Any], name: str, label: str, *, height: int = 320) -> dict[str, Any]:
    """Draw a chart with the same figures as a table behind a button; ``name`` must be the only one on the page."""
    figures = figures_of(kind, data)
    return {
        "kind": kind,
        "data": data,
        "name": name,
        "label": label,
        "height": height,
        "figures": figures,
        "rows": drawn(figures),
        "drawing": json_script(data, f"{name}-data", encoder=Plain),
        "missing": not figures.rows or data.get("value", 0) is None,
    }
