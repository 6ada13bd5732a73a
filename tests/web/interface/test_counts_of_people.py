"""One person is one person: English words beside a number of people have their singular."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.utils import translation

from junheng.web import translating
from junheng.web.interface.numbers import person_unit, persons

NOUNS = "people|persons|teachers|principals|pupils|recruits|members|candidates|applicants|officers|heads"
COUNTED = re.compile(rf"%(?:\(\w+\))?[sd] (?:[\w-]+ )?(?:{NOUNS})\b")
NEVER_ONE = {"%(number)s 名以上教师的档案": "a threshold, fixed well above one"}


def faults(catalogue: Catalog) -> Iterator[str]:
    """Source strings whose English puts a number before people without a singular of its own."""
    for each in catalogue:
        if each.id and isinstance(each.string, str) and each.id not in NEVER_ONE and COUNTED.search(each.string):
            yield str(each.id)


@pytest.mark.parametrize("room", [pytest.param(each, id=each.name) for each in translating.rooms()])
def test_where_people_are_counted_english_has_a_singular(room: Any) -> None:
    with translating.catalogue_path(room).open("rb") as stored:
        assert list(faults(read_po(stored))) == []


def test_a_count_without_a_singular_is_found_out() -> None:
    text = 'msgid ""\nmsgstr ""\n\nmsgid "%(n)s 人"\nmsgstr "%(n)s full-time teachers"\n'
    assert list(faults(read_po(BytesIO(text.encode())))) == ["%(n)s 人"]


@pytest.mark.parametrize(("count", "said"), [(0, "people"), (1, "person"), (2, "people"), (-1, "person")])
def test_the_word_behind_a_number_follows_it(count: int, said: str) -> None:
    with translation.override("en"):
        assert person_unit(count) == said
        assert persons(count).endswith(f" {said}")
    with translation.override("zh-hans"):
        assert (person_unit(count), persons(count)[-2:]) == ("人", " 人")


def test_what_is_not_known_counts_as_many() -> None:
    with translation.override("en"):
        assert person_unit(None) == "people"
