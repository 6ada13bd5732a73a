"""What any room tells people is there in both languages, values that are words of the house included."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from junheng.web import translating
from junheng.web.records.models import Notification
from junheng.web.records.saying import said, word
from junheng.web.rotation.models import ChangeStatus

WEB = Path(__file__).resolve().parents[2] / "src" / "junheng" / "web"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MARKING = [path for path in sorted(WEB.rglob("*.py")) if "gettext_noop(" in path.read_text(encoding="utf-8")]
NAMED = re.compile(r"%\(\w+\)s")
TELLING = [path for path in sorted(WEB.rglob("*.py")) if "notify(" in path.read_text(encoding="utf-8")]


def english() -> dict[str, str]:
    """Every sentence of every room with its English."""
    return {
        str(message.id): str(message.string)
        for room in translating.rooms()
        for message in translating.known(room)
        if message.id and not isinstance(message.id, tuple)
    }


def messages(path: Path) -> Iterator[str]:
    """Sentences of a file that are marked to be said later, as those of notifications are."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gettext_noop":
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def calls(path: Path) -> Iterator[ast.Call]:
    """Calls of ``notify``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "notify":
            yield node


def test_there_are_rooms_that_tell() -> None:
    assert {path.relative_to(WEB).parts[0] for path in TELLING} >= {"records", "staffing", "rotation", "reporting"}
    assert sum(1 for path in TELLING for _ in calls(path)) > 30


@pytest.mark.parametrize("path", MARKING, ids=lambda p: str(p.relative_to(WEB)))
def test_a_message_has_its_english_with_the_same_values(path: Path) -> None:
    known = english()
    for sentence in messages(path):
        if CHINESE.search(sentence):
            told = known.get(sentence, "")
            assert told, sentence
            assert not CHINESE.search(told), told
            assert set(NAMED.findall(told)) == set(NAMED.findall(sentence)), sentence


@pytest.mark.parametrize("path", TELLING, ids=lambda p: str(p.relative_to(WEB)))
def test_a_message_is_kept_as_its_source_and_words_among_its_values_are(path: Path) -> None:
    for call in calls(path):
        parts = ast.unparse(call)
        assert "_display()" not in parts, f"{path.name}:{call.lineno} a word in the language of whoever caused it"
        assert not re.search(r"(?<!word\()\b[\w.()]+\.label\b(?!\))", parts), f"{path.name}:{call.lineno}"
        message = call.args[2]
        assert not isinstance(message, ast.Constant), "a sentence that nobody can look up"
        assert getattr(getattr(message, "func", None), "id", "gettext_noop") == "gettext_noop"


def test_a_reader_has_sentence_and_words_in_his_own_language() -> None:
    with translation.override("en"):
        kept = {"teacher": "T0001", "status": word(ChangeStatus.APPROVED.label)}
    sentence = "%(teacher)s的绩效扣减建议已决定：%(status)s。"
    news = Notification(message=sentence, values=kept)
    with translation.override("en"):
        assert not CHINESE.search(news.text)
        assert news.text == said(sentence, kept)
        assert str(ChangeStatus.APPROVED.label) in news.text
    with translation.override("zh-hans"):
        assert str(ChangeStatus.APPROVED.label) in news.text
