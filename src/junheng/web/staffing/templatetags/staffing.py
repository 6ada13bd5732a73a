"""Words for what the library gives: codes and sentences."""

from __future__ import annotations

from typing import Any

from django import template

from junheng.facts import Code
from junheng.web.staffing.declared import language

register = template.Library()


@register.filter
def code(value: Code | None) -> str:
    """The label of a code in the language of the page."""
    return value.label(language()) if value is not None else ""


@register.filter
def sentence(value: Any) -> str:
    """A result in words, in the language of the page."""
    return str(value.sentence(language()))
