"""No form asks twice under one name, in either language."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator

import pytest
from django import forms
from django.utils import translation

from junheng import web


def every_form() -> Iterator[type[forms.BaseForm]]:
    """Forms that any room declares."""
    for module in pkgutil.walk_packages(web.__path__, "junheng.web."):
        if ".forms" not in module.name or ".migrations" in module.name:
            continue
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, forms.BaseForm) and each.__module__ == module.name:
                yield each


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_fields_of_a_form_are_called_differently(language: str) -> None:
    found = list(every_form())
    assert len(found) > 60
    with translation.override(language):
        alike = {
            f"{form.__module__}.{form.__name__}": twice
            for form in found
            if (twice := [label for label, count in labels(form).items() if count > 1])
        }
    assert alike == {}


def labels(form: type[forms.BaseForm]) -> Counter[str]:
    """What the fields that are seen are called."""
    fields = getattr(form, "base_fields", {})
    shown = (each for each in fields.values() if not getattr(each.widget, "is_hidden", False))
    return Counter(str(each.label) for each in shown if each.label)
