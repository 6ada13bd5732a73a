"""The guides speak of sheets and commands that exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.documents.columns import SHEETS

GUIDES = sorted((Path(__file__).resolve().parents[1] / "docs" / "guides").glob("*.md"))
WITHOUT_COMMANDS = {"online.zh-CN.md", "rotation.zh-CN.md"}
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


def commands_of(group: str) -> set[str]:
    """Every word of the group's help."""
    words = [group] if group else []
    command = [sys.executable, "-X", "utf8", "-m", "junheng.cli", *words, "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    return set(re.findall(r"[a-z][a-z-]+", shown))
