"""The glossary knows every word that a workbook cell may hold."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from junheng.facts import codes
from junheng.facts.codes import Code
from junheng.planning import problem

GLOSSARY = (Path(__file__).resolve().parents[1] / "docs" / "glossary.md").read_text(encoding="utf-8")
LISTS = [each for _, each in inspect.getmembers(codes, inspect.isclass) if issubclass(each, Code) and each is not Code]


@pytest.mark.parametrize("code", LISTS, ids=lambda code: code.__name__)
def test_every_value_of_a_code_list_is_in_the_glossary_in_both_languages(code: type[Code]) -> None:
    section = GLOSSARY.split(f"`{code.__name__}`\n\n| 中文 | English | identifier |", 1)
    assert len(section) == 2, f"the glossary lacks the list {code.__name__}"
    listed = re.findall(r"^\| (.+?) \| (.+?) \| `(.+?)` \|$", section[1].split("\n**")[0], re.MULTILINE)
    assert listed == [(member.zh, member.en, member.value) for member in code]


def test_every_part_of_a_rotation_problem_is_in_the_glossary() -> None:
    parts = {
        name
        for name, part in inspect.getmembers(problem, inspect.isclass)
        if part.__module__ == problem.__name__ and name != "PlanningPolicy"
    }
    assert len(parts) > 5
    assert {name for name in parts if f"`{name}`" not in GLOSSARY} == set()


def test_no_chinese_term_is_explained_twice() -> None:
    terms = re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \| [^|]+ \|$", GLOSSARY.split("## 8")[0], re.MULTILINE)
    explained = [term for term in terms if term not in ("中文", "---")]
    assert len(explained) > 80
    assert sorted({term for term in explained if explained.count(term) > 1}) == []
