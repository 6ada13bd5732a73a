"""What is mistyped on the server is answered in the reader's language, with what to do, and never with a trace."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SLIPS = [
    (("demoo",), "没有命令 demoo；是不是 'demo'？", "Did you mean 'demo'?"),
    (("audit", "verfy"), "没有命令 verfy", "No such command 'verfy'"),
    (("digest", "more"), "多出的内容：more", "unexpected extra"),
    (("demo", "--size", "huge"), "应为 small、county 之一", "'huge' is not one of"),
    (("demo", "--seed", "x"), "应为整数，不小于 0，不大于 1000000", "valid integer"),
    (("serve", "--port", "99999"), "应为整数，不小于 1，不大于 65535", "65535"),
    (("worker", "--poll", "0"), "应为数字，不小于 0.05", "0.05"),
    (("backup", "/nowhere/at/all"), "没有这个文件夹", "no such folder"),
    (("restore", "/nowhere"), "没有这个文件", "no such file"),
]
TOUCHING = [("migrate",), ("demo",), ("serve", "--port", "8991"), ("worker", "--once"), ("digest",)]
NOT_THERE = [("digest",), ("audit", "verify"), ("audit", "anchor"), ("backup", "x.jhb")]


def junheng(folder: Path, *words: str, **told: str) -> tuple[int, str]:
    """Exit code and all that was said, in a folder of its own that is not made beforehand."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "JUNHENG_LANG"}}
    kept |= {"JUNHENG_MODE": "development", "JUNHENG_HTTPS": "false", "JUNHENG_DATA_DIR": str(folder / "data")} | told
    command = [sys.executable, "-m", "junheng.cli", "web", *words]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("words", "zh", "en"), SLIPS)
def test_a_slip_is_answered_in_the_readers_language(words: tuple[str, ...], zh: str, en: str, tmp_path: Path) -> None:
    code, said = junheng(tmp_path, *words)
    assert code == 2 and zh in said and "Traceback" not in said
    code, said = junheng(tmp_path, *words, JUNHENG_LANG="en")
    assert code == 2 and en in said and not CHINESE.search(said)


@pytest.mark.slow
@pytest.mark.parametrize("words", NOT_THERE)
def test_without_a_database_the_way_to_one_is_said_and_nothing_is_made(words: tuple[str, ...], tmp_path: Path) -> None:
    code, said = junheng(tmp_path, *words)
    assert code == 2 and "junheng web migrate" in said and "Traceback" not in said
    assert not (tmp_path / "data").exists()
    (tmp_path / "data").mkdir()
    code, said = junheng(tmp_path, *words, JUNHENG_LANG="en")
    assert code == 2 and "Run: junheng web migrate" in said and "Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("migrate",), ("demo",), ("serve", "--port", "8991"), ("worker", "--once"), ("digest",)]
)
def test_a_database_that_does_not_answer_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    code, said = junheng(tmp_path, *words, DATABASE_URL="postgres://u:p@127.0.0.1:1/x")
    assert code == 2 and "数据库连不上" in said and "Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize("address", ["nonsense", "mysql://u:p@h/x", "postgres://u@:bad/x"])
def test_a_mistyped_database_address_is_explained_in_both_languages(address: str, tmp_path: Path) -> None:
    code, said = junheng(tmp_path, "digest", DATABASE_URL=address)
    assert code == 2 and "应为 sqlite:///路径" in said and "expected sqlite:///path" in said
    assert "Traceback" not in said
