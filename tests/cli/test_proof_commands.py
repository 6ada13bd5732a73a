"""junheng proof: commitment before the deadline, public bundle, receipts, verifier, from the bureau to outsiders."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.planning.proof import read_runs


@pytest.fixture
def published(planned: Path, tmp_path: Path, junheng) -> tuple[Path, str]:
    """The public folder of the small county's plan, and the root."""
    answer = junheng("proof", "publish", planned / "out" / "bundle", "-o", tmp_path / "public", "--json")
    assert answer.code == 0, answer.said
    return tmp_path / "public", answer.json["root"]


def test_the_public_bundle_has_the_root_of_the_full_one(planned: Path, published: tuple[Path, str], junheng) -> None:
    folder, root = published
    assert junheng("verify", planned / "out" / "bundle", "--root", root).code == 0
    answer = junheng("verify", folder, "--public", "--root", root, "--json")
    assert answer.code == 0
    outcomes = {step["number"]: step["outcome"] for step in answer.json["steps"]}
    assert outcomes == dict.fromkeys((1, 2, 3), "ok") | dict.fromkeys(range(4, 9), "withheld") | {9: "partly"}
    assert junheng("verify", folder).code == 1


def test_every_teacher_gets_a_receipt_that_opens_her_rows_only(
    planned: Path, published: tuple[Path, str], tmp_path: Path, junheng
) -> None:
    _, root = published
    keys = planned / "out" / "private" / "keys.csv"
    made = junheng("proof", "receipts", planned / "out" / "bundle", "--keys", keys, "-o", tmp_path / "slips", "--json")
    assert made.code == 0, made.said
    with keys.open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    assert made.json["receipts"] == len(people) == len(list((tmp_path / "slips").iterdir()))
    with (planned / "out" / "plan.csv").open(encoding="utf-8", newline="") as file:
        movers = {row["teacher_id"]: row for row in csv.DictReader(file)}
    for person in people[:: max(1, len(people) // 12)] + [p for p in people if p["teacher_id"] in movers][:3]:
        slip = tmp_path / "slips" / f"{person['teacher_id']}.json"
        seen = junheng("proof", "check-receipt", slip, "--root", root, "--json")
        assert seen.code == 0
        row = seen.json["rows"]["plan.csv"]
        move = movers.get(person["teacher_id"])
        assert row == (f"{person['pseudonym']},{move['to_school']},{move['as_subject']}" if move else None)
        assert junheng("proof", "check-receipt", slip, "--root", "0" * 64).code == 1


def test_the_written_verifier_needs_nothing_but_python(
    planned: Path, published: tuple[Path, str], tmp_path: Path, junheng
) -> None:
    folder, root = published
    assert junheng("proof", "verifier", "-o", tmp_path / "verify.py").code == 0
    alone = [sys.executable, "-I", "-S", str(tmp_path / "verify.py")]
    full = subprocess.run([*alone, str(planned / "out" / "bundle"), "--root", root], check=False, capture_output=True)
    assert (full.returncode, full.stderr) == (0, b"")
    public = [*alone, str(folder), "--public", "--root", root, "--lang", "en"]
    assert b"withheld" in subprocess.run(public, check=True, capture_output=True).stdout
    (folder / "plan.csv").unlink()
    assert subprocess.run(public, check=False, capture_output=True).returncode == 1


@pytest.fixture
def promise(tmp_path: Path, junheng) -> tuple[Path, str]:
    """A commitment to pack CN and two runs, and its published hash."""
    path = tmp_path / "commitment.json"
    answer = junheng("proof", "commit", "--policy", "CN", "--runs", 2, "-o", path, "--deadline", "2026-06-01", "--json")
    assert answer.code == 0, answer.said
    return path, answer.json["sha256"]


def test_runs_under_a_commitment_are_counted_and_stand_in_the_bundle(
    small: Path, promise: tuple[Path, str], tmp_path: Path, junheng
) -> None:
    path, digest = promise
    words = ["plan", small, "--policy", "CN", "--commitment", path, "-o"]
    for number in (1, 2):
        out = tmp_path / f"out{number}"
        assert junheng(*words, out).code == 0
        assert junheng("verify", out / "bundle", "--commitment", digest).code == 0
        assert len(read_runs((out / "bundle" / "runs.csv").read_bytes())) == number
    one, two = read_runs((tmp_path / "commitment.runs.csv").read_bytes())
    assert (one.problem, one.objective) == (two.problem, two.objective), "the same data, the same plan"
    third = junheng(*words, tmp_path / "out3")
    assert third.code == 2
    assert "2" in third.err
    assert not (tmp_path / "out3").exists()
    assert junheng("verify", tmp_path / "out2" / "bundle", "--commitment", "0" * 64).code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--policy", "YUNLING"], "YUNLING"),
        (["--policy", "CN", "--seed", "5"], "5"),
        (["--policy", "CN", "--gap", "0.02"], "0.02"),
        (["--policy", "CN", "--on", "2026-03-01"], "reference date"),
    ],
)
def test_a_run_that_is_not_what_was_committed_to_is_refused(
    words: list[str], said: str, small: Path, promise: tuple[Path, str], junheng
) -> None:
    path, _ = promise
    answer = junheng("plan", small, *words, "--commitment", path, "-o", path.parent / "out", "--lang", "en")
    assert answer.code == 2
    assert said in answer.err
    assert [other.name for other in path.parent.iterdir()] == ["commitment.json"]


def test_a_commitment_is_never_rewritten_and_an_edited_one_is_refused(
    small: Path, promise: tuple[Path, str], tmp_path: Path, junheng
) -> None:
    path, _ = promise
    assert junheng("proof", "commit", "--policy", "CN", "-o", path).code == 2
    path.write_text(path.read_text().replace('"runs":2', '"runs": 20'))
    answer = junheng("plan", small, "--policy", "CN", "--commitment", path, "-o", tmp_path / "out")
    assert answer.code == 2
    assert "commitment.json" in answer.err


def test_a_second_run_at_the_same_time_is_refused(
    small: Path, promise: tuple[Path, str], tmp_path: Path, junheng
) -> None:
    (tmp_path / "commitment.runs.lock").touch()
    answer = junheng("plan", small, "--policy", "CN", "--commitment", promise[0], "-o", tmp_path / "out")
    assert answer.code == 2
    assert "commitment.runs.lock" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ["publish", "{nowhere}", "-o", "{out}"],
        ["publish", "{tmp}", "-o", "{out}"],
        ["receipts", "{bundle}", "--keys", "{nowhere}", "-o", "{out}"],
        ["receipts", "{bundle}", "--keys", "{bundle}/plan.csv", "-o", "{out}"],
        ["receipts", "{bundle}", "--keys", "{keys}", "--teacher", "nobody", "-o", "{out}"],
        ["receipts", "{tmp}", "--keys", "{keys}", "-o", "{out}"],
        ["check-receipt", "{keys}", "--root", "00"],
        ["commit", "--policy", "CN", "--set", "no_such=1", "-o", "{out}"],
        ["commit", "--policy", "CN", "--deadline", "yesterday", "-o", "{out}"],
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(words: list[str], planned: Path, tmp_path: Path, junheng) -> None:
    places = {
        "nowhere": tmp_path / "nowhere", "tmp": tmp_path, "out": tmp_path / "out",
        "bundle": planned / "out" / "bundle", "keys": planned / "out" / "private" / "keys.csv",
    }  # fmt: skip
    answer = junheng("proof", *(word.format(**places) for word in words))
    assert answer.code == 2, answer.said
    assert answer.err
    assert list(tmp_path.iterdir()) == []
