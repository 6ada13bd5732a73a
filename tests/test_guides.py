"""The guides speak of sheets and commands that exist."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from junheng.documents.columns import SHEETS

ROOT = Path(__file__).resolve().parents[1]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
ROTATION = [path for path in GUIDES if path.name.startswith("rotation")]
WITHOUT_COMMANDS = {"online.zh-CN.md", *(path.name for path in ROTATION)}
"""Guides for people who work in the browser."""
BUREAU = next(path for path in GUIDES if path.name == "bureau.zh-CN.md").read_text(encoding="utf-8")


def test_the_bureau_guide_explains_every_sheet_of_the_workbook_in_its_order() -> None:
    table = BUREAU.split("| 工作表 |", 1)[1].split("\n\n", 1)[0]
    explained = re.findall(r"^\| (?:\*\*(.+?)\*\*（必有）|(\w+)) \|", table, re.MULTILINE)
    assert [needed or optional for needed, optional in explained] == [sheet.zh for sheet in SHEETS]
    assert [needed for needed, _ in explained if needed] == [sheet.zh for sheet in SHEETS if sheet.required]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_names_only_commands_that_exist(guide: Path) -> None:
    pytest.importorskip("junheng.cli.app")
    named = re.findall(r"junheng ((?:policy )?[a-z][a-z-]+)", guide.read_text(encoding="utf-8"))
    listed = {group: commands_of(group) for group in ("", "policy")}
    unknown = [
        name
        for name in sorted(set(named))
        if name.removeprefix("policy ") not in listed["policy" if name.startswith("policy ") else ""]
    ]
    assert named or guide.name in WITHOUT_COMMANDS
    assert unknown == []


def pictures_of(guide: Path) -> set[str]:
    """The pictures that a guide shows, by their names in docs/images."""
    return set(re.findall(r"\.\./images/([\w.-]+)", guide.read_text(encoding="utf-8")))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_shows_only_pictures_that_are_there_and_leads_only_to_guides_that_are(guide: Path) -> None:
    there = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    assert pictures_of(guide) <= there
    assert set(re.findall(r"\]\(([\w.-]+\.md)\)", guide.read_text(encoding="utf-8"))) <= {path.name for path in GUIDES}


def test_every_picture_of_the_rotation_is_taken_by_the_script_shown_in_a_guide_and_small() -> None:
    listed = tomllib.loads((ROOT / "docs" / "guides" / "pictures.toml").read_text(encoding="utf-8"))["picture"]
    taken = {f"{each['name']}.png" for each in listed if each["name"].startswith("rotation-")}
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").glob("rotation-*.png")}
    assert taken == set(there) == set().union(*map(pictures_of, ROTATION))
    assert all(4_000 < size < 120_000 for size in there.values())


@pytest.mark.parametrize("guide", ROTATION, ids=lambda path: path.name)
def test_words_in_quotation_marks_are_words_of_the_pages(guide: Path) -> None:
    web = ROOT / "src" / "junheng"
    said = "".join(path.read_text(encoding="utf-8") for kind in ("py", "html") for path in web.rglob(f"*.{kind}"))
    quoted = set(re.findall(r"“([^”]+)”", guide.read_text(encoding="utf-8")))
    assert len(quoted) > 5
    assert sorted(words for words in quoted if words not in said) == []


def commands_of(group: str) -> set[str]:
    """Every word of the group's help."""
    words = [group] if group else []
    command = [sys.executable, "-X", "utf8", "-m", "junheng.cli", *words, "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return set(re.findall(r"[a-z][a-z-]+", shown))
