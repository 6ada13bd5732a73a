"""junheng verify: a changed byte anywhere is found and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def bundle(planned: Path, tmp_path: Path) -> Path:
    shutil.copytree(planned / "out" / "bundle", tmp_path / "bundle")
    return tmp_path / "bundle"


def test_an_honest_bundle_is_accepted_in_nine_steps(bundle: Path, junheng) -> None:
    answer = junheng("verify", bundle, "--json")
    assert answer.code == 0
    assert answer.json["accepted"]
    assert [step["number"] for step in answer.json["steps"]] == list(range(1, 10))
    assert junheng("verify", bundle, "--root", answer.json["root"]).code == 0


def test_a_changed_byte_in_any_file_is_found_and_the_file_named(bundle: Path, junheng) -> None:
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    assert len(files) >= 10
    for path in files:
        honest = path.read_bytes()
        if not honest:
            continue
        at = len(honest) // 2
        path.write_bytes(honest[:at] + bytes([honest[at] ^ 1]) + honest[at + 1 :])
        answer = junheng("verify", bundle, "--lang", "en")
        assert answer.code == 1, path.name
        assert path.relative_to(bundle).as_posix() in answer.out
        path.write_bytes(honest)
    assert junheng("verify", bundle).code == 0


def test_a_file_that_is_missing_or_added_is_named(bundle: Path, junheng) -> None:
    (bundle / "note.txt").write_text("hello", "utf-8")
    answer = junheng("verify", bundle)
    assert answer.code == 1
    assert "note.txt" in answer.out
    (bundle / "note.txt").unlink()
    (bundle / "figures.json").unlink()
    answer = junheng("verify", bundle)
    assert answer.code == 1
    assert "figures.json" in answer.out


def test_another_root_than_the_published_one_is_refused(bundle: Path, junheng) -> None:
    assert junheng("verify", bundle, "--root", "0" * 64).code == 1


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path, junheng) -> None:
    answer = junheng("verify", tmp_path / "nowhere")
    assert answer.code == 2
    assert "nowhere" in answer.err
