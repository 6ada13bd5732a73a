"""A sentence kept as message and values, said in the language of whoever reads it.

A value that is itself a word of the house, such as a status, is kept by :func:`word`, or it would stand in the language
of whoever caused the message::

    notify(people, "…", gettext_noop("建议已决定：%(status)s。"), {"status": word(Status.APPROVED.label)})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def word(label: Any) -> dict[str, str]:
    """A word of the house as it is kept among the values of a message: in every language of the house.

    ``label`` is one that is said in the language in force when it is written, such as that of a choice or a code.
    """
    kept = {}
    for code in LANGUAGES:
        with translation.override(code):
            kept[code] = str(label)
    return kept


def said(message: str, values: Mapping[str, Any]) -> str:
    """The sentence in the language in force; without its values where they do not fit."""
    sentence = gettext(message)
    try:
        return sentence % {name: _shown(each) for name, each in values.items()}
    except (KeyError, TypeError, ValueError):
        return sentence


def _shown(value: Any) -> Any:
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        return value
    return value.get(translation.get_language() or "", value[LANGUAGES[0]])
