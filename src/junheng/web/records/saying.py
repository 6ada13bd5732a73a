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

WORD = "word"


def word(label: Any) -> dict[str, str]:
    """A word of the house as it is kept among the values of a message: by its source, which every reader's is found by.

    ``label`` is one marked for translation, such as that of a choice.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return {WORD: str(label)}


def said(message: str, values: Mapping[str, Any]) -> str:
    """The sentence in the language in force; without its values where they do not fit."""
    sentence = gettext(message)
    try:
        return sentence % {name: _shown(each) for name, each in values.items()}
    except (KeyError, TypeError, ValueError):
        return sentence


def _shown(value: Any) -> Any:
    return gettext(value[WORD]) if isinstance(value, dict) and set(value) == {WORD} else value
