"""The library's code lists as choices of database fields, in the language of the page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language

from junheng.facts import Code


def _label(code: Code) -> str:
    return code.zh if (get_language() or "zh").startswith("zh") else code.en


label_of = lazy(_label, str)
"""The label of a code in the language of the page, when it is shown."""


def choices_of(codes: type[Code]) -> list[tuple[str, Any]]:
    """Values and labels of a code list."""
    return [(code.value, label_of(code)) for code in codes]


def code_field(codes: type[Code], name: Any, **given: Any) -> models.CharField[str, str]:
    """A field that keeps one code by its value; blank means not known."""
    return models.CharField(name, max_length=40, choices=choices_of(codes), **given)
