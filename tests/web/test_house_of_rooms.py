"""The rooms of the web keep their rules: directions of foreign keys, scoped reads, nothing untranslated."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from junheng.web import translating

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "junheng" / "web"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FULL_WIDTH = re.compile(r"[\u3001-\u303f\uff01-\uffef]")
"""Punctuation of Chinese that stands in no English sentence."""
BOTH_LANGUAGES_AT_ONCE = {
    "environment.py": "an error before any language is known",
    "settings.py": "an error before any language is known",
    "translating.py": "the tool itself",
    "directory/names.py": "surnames are data",
    "rotation/judging.py": "words of a kept reason, which is written in both",
}
PAPER_PAGES = {"rotation/templates/rotation/" + name for name in ("document.html", "paper.html", "_paper_foot.html")}
PAPERS = WEB / "rotation" / "documents"
"""Official papers are written in Chinese whatever language their reader has chosen."""
MARKED = {*translating.KEYWORDS, "pgettext", "Phrase", "both"}


def floors() -> dict[str, int]:
    """How high each room stands, from the contract of import-linter; higher rooms see lower ones."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in project["tool"]["importlinter"]["contracts"] if c.get("containers") == ["junheng.web"])
    layers = contract["layers"]
    return {name.strip(): len(layers) - at for at, layer in enumerate(layers) for name in layer.split("|")}


def test_foreign_keys_point_down_the_house() -> None:
    floor = floors()
    upward = []
    for model in apps.get_models():
        if model._meta.app_label not in settings.ROOMS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or target is apps.get_model("directory.User"):
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if there in floor and floor[there] > floor[here]:
                upward.append(f"{model.__name__}.{field.name} → {there}")
    assert not upward


def test_every_room_is_installed_and_a_layer() -> None:
    folders = {path.parent.name for path in WEB.glob("*/apps.py")}
    assert folders == set(settings.ROOMS)
    assert folders <= set(floors())


def views() -> list[Path]:
    """Files in which requests are answered."""
    return sorted(path for path in WEB.rglob("*.py") if path.stem == "views" or "views" in path.parent.parts)


def bare_reads(path: Path) -> Iterator[str]:
    """Places where a view reads a scoped model without saying for whom."""
    scoped = {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, "visible_to")}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)):
            continue
        if node.value.id not in scoped:
            continue
        chain, at = [], node
        while isinstance(parents.get(at), ast.Attribute | ast.Call) and (
            isinstance(parents[at], ast.Attribute) or parents[at].func is at
        ):
            at = parents[at]
            if isinstance(at, ast.Attribute):
                chain.append(at.attr)
        while not isinstance(at, ast.stmt):
            at = parents[at]
        excused = any("# scoped:" in line for line in lines[at.lineno - 1 : at.end_lineno])
        if "visible_to" not in chain and not excused:
            yield f"{path.relative_to(WEB)}:{node.lineno} {node.value.id}.objects.{'.'.join(chain)}"


@pytest.mark.parametrize("path", views(), ids=lambda p: str(p.relative_to(WEB)))
def test_a_view_reads_only_what_the_person_may_see(path: Path) -> None:
    assert list(bare_reads(path)) == []


def calls_of(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a method of that name in the rooms, with its file."""
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield path, node


def test_no_lock_keeps_rows_that_refer_to_its_own_from_being_inserted() -> None:
    """Else PostgreSQL breaks off one of two who only met: see ``rotation/holds.py``."""
    locks = list(calls_of("select_for_update"))
    assert {path.relative_to(WEB).parts[0] for path, _call in locks} == {"directory", "records", "rotation", "staffing"}
    keys = [(path, call) for path, call in locks if "no_key=True" not in map(ast.unparse, call.keywords)]
    assert [f"{path.relative_to(WEB)}:{call.lineno}" for path, call in keys] == []


REFERRED_TO_BEHIND_ANOTHER_LOCK = {
    "AllowanceRate": "allowances are laid out under the lock of their year, as rates are set",
    "WorkBody": "its members are written by whoever sets it up, in the same transaction",
}


def test_what_is_updated_or_created_is_nothing_that_others_refer_to() -> None:
    """``update_or_create`` locks the key and cannot be told otherwise."""
    models = {model.__name__: model for model in apps.get_models()}
    names = {ast.unparse(call.func).split(".")[0] for _path, call in calls_of("update_or_create")}
    assert {name for name in names if models[name]._meta.related_objects} == set(REFERRED_TO_BEHIND_ANOTHER_LOCK)


@pytest.mark.parametrize("room", translating.rooms(), ids=lambda p: p.name)
def test_everything_a_person_reads_is_there_in_english(room: Path) -> None:
    assert translating.missing(room) == []


def test_the_same_words_have_one_english() -> None:
    """Django joins the rooms' catalogues into one, so a word with two translations would change with their order."""
    said: dict[str, set[str]] = {}
    for room in translating.rooms():
        for message in translating.known(room):
            if message.id and not message.context:
                said.setdefault(str(message.id), set()).add(str(message.string))
    assert {words for words, english in said.items() if len(english) > 1} == set()


PAPER_NUMBERS = ("云教〔", "一、", "（一）")
"""What a person types in Chinese, whatever language he reads what to type in."""


@pytest.mark.parametrize("room", translating.rooms(), ids=lambda p: p.name)
def test_what_is_english_is_english_to_its_punctuation(room: Path) -> None:
    for message in translating.known(room):
        said = " ".join(message.string) if isinstance(message.string, tuple) else str(message.string or "")
        if message.id and not any(sample in said for sample in PAPER_NUMBERS):
            assert not CHINESE.search(said), said
            assert not FULL_WIDTH.search(said), said


TRANSLATED_BLOCK = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b[^%]*%}(.*?){%\s*endblocktrans(?:late)?\s*%}", flags=re.DOTALL
)


def tags_of(text: str) -> list[str]:
    """What stands in the tags of a template that translate nothing."""
    tags = re.findall(r"{[%{](.*?)[%}]}", text, flags=re.DOTALL)
    return [tag for tag in tags if not re.match(r"\s*(trans|translate|blocktrans)\b", tag) and "_(" not in tag]


def left_in_template(text: str, sought: re.Pattern[str]) -> list[str]:
    """Lines of a template with what is sought, outside all tags."""
    for pattern in (
        r"{%\s*comment.*?endcomment\s*%}", r"{#.*?#}", TRANSLATED_BLOCK.pattern, r"{%[^%]*%}", r"{{[^}]*}}",
        r"<!--.*?-->", r"<(\w+)[^>]*lang=\"zh-hans\"[^>]*>[^<]*</\1>",
    ):  # fmt: skip
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    return [line.strip() for line in text.splitlines() if sought.search(line)]


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda p: str(p.relative_to(WEB)))
def test_a_template_marks_what_it_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert left_in_template(text, CHINESE) == []
    assert str(path.relative_to(WEB)) in PAPER_PAGES or not [tag for tag in tags_of(text) if CHINESE.search(tag)]


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda p: str(p.relative_to(WEB)))
def test_a_template_leaves_punctuation_to_the_language(path: Path) -> None:
    """``{% colon %}``, ``{% comma %}``, ``|listed`` and ``|aside`` write it as the page's language has it."""
    if str(path.relative_to(WEB)) in PAPER_PAGES:
        pytest.skip("official papers are written in Chinese")
    text = path.read_text(encoding="utf-8")
    assert left_in_template(text, FULL_WIDTH) == []
    assert [tag for tag in tags_of(text) if FULL_WIDTH.search(tag)] == []
    assert [words for words in TRANSLATED_BLOCK.findall(text) if not CHINESE.search(words)] == []


def unmarked_in_python(path: Path) -> Iterator[str]:
    """Chinese in code outside gettext and docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)):
            continue
        parent = parents[node]
        if isinstance(parent, ast.Expr):
            continue
        above = parent
        while above is not None and not isinstance(above, ast.stmt):
            if isinstance(above, ast.Call):
                name = above.func.attr if isinstance(above.func, ast.Attribute) else getattr(above.func, "id", "")
                if name in MARKED:
                    break
            above = parents.get(above)
        else:
            yield f"{path.relative_to(WEB)}:{node.lineno} {node.value[:30]}"


@pytest.mark.parametrize(
    "path",
    sorted(path for path in WEB.rglob("*.py") if "migrations" not in path.parts),
    ids=lambda p: str(p.relative_to(WEB)),
)
def test_code_marks_what_it_says(path: Path) -> None:
    if path.is_relative_to(PAPERS):
        pytest.skip("official papers are written in Chinese")
    if str(path.relative_to(WEB)) in BOTH_LANGUAGES_AT_ONCE:
        pytest.skip(BOTH_LANGUAGES_AT_ONCE[str(path.relative_to(WEB))])
    assert list(unmarked_in_python(path)) == []


def test_a_moment_is_read_in_local_time_before_its_day_or_hour_is_said() -> None:
    """What is kept is UTC: before eight in the morning its date is the day before in China."""
    bare = re.compile(r"(?:_at|\.at|opens|closes)\.(?:date\(\)|strftime\()")
    found = [
        f"{path.relative_to(WEB)}:{number}: {line.strip()}"
        for path in sorted(WEB.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == [], "expected timezone.localdate(moment) or timezone.localtime(moment).strftime(…)"
