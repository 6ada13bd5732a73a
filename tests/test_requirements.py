"""The table of clauses is whole, in our own words, and tests that cite it are held to it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "docs" / "requirements"
AREAS = (146, 31, 24, 31, 33, 28, 40, 61, 18, 79, 29, 23, 59, 33, 32, 51, 23)


def rows(name: str) -> list[dict[str, str]]:
    with (REQUIREMENTS / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


CLAUSES = rows("clauses.csv")


def test_there_are_741_clauses_with_consecutive_ids() -> None:
    assert [row["id"] for row in CLAUSES] == [f"R-{number:03}" for number in range(1, 742)]


def test_each_area_has_all_its_clauses_in_order() -> None:
    areas = [int(row["area"]) for row in CLAUSES]
    assert areas == sorted(areas)
    assert tuple(Counter(areas)[number] for number in range(1, 18)) == AREAS
    assert [int(row["number"]) for row in rows("areas.csv")] == list(range(1, 18))
    assert all(row["title_en"] and row["title_zh"] for row in rows("areas.csv"))


def test_each_clause_asks_one_thing_in_one_plain_sentence() -> None:
    asks = [row["asks"] for row in CLAUSES]
    assert {row["kind"] for row in CLAUSES} == {"rule", "artefact"}
    assert [text for text in asks if not 6 <= len(text.split()) <= 30] == []
    assert [text for text in asks if len(text) > 260 or not text.endswith(".") or "\n" in text] == []
    assert [text for text, times in Counter(text.casefold() for text in asks).items() if times > 1] == []


def test_no_sentence_of_a_source_is_quoted() -> None:
    chinese = re.compile(r"[\u3400-\u9fff,。;:、]{13,}")
    assert [row["id"] for row in CLAUSES if chinese.search(row["asks"])] == []


def test_every_clause_names_a_listed_source_and_its_section() -> None:
    codes = {row["code"] for row in rows("sources.csv")}
    assert {row["state"] for row in rows("sources.csv")} == {"complete", "truncated"}
    astray = [row["id"] for row in CLAUSES if not re.fullmatch(r"S\d-\d \S{1,12}", row["source"])]
    astray += [row["id"] for row in CLAUSES if row["source"].split()[0] not in codes]
    assert astray == []


def test_what_is_set_aside_exists_and_has_a_reason() -> None:
    ids = {row["id"] for row in CLAUSES}
    assert [row for row in rows("not-yet.csv") if row["id"] not in ids or len(row["reason"].split()) < 3] == []


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project of three tests with our conftest, our table and nothing else."""
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    shutil.copytree(REQUIREMENTS, tmp_path / "docs" / "requirements", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    covers(*clauses): cited\n")
    (tmp_path / "tests" / "test_small.py").write_text(
        "import pytest\n"
        "@pytest.mark.covers('R-041', 'R-006')\ndef test_holds(): assert True\n"
        "@pytest.mark.covers('R-042')\ndef test_breaks(): assert False\n"
        "@pytest.mark.covers('R-043')\n@pytest.mark.skip\ndef test_waits(): assert True\n"
    )
    return tmp_path


def run_pytest(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:cov", *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def run_report(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", str(project / "docs" / "requirements" / "report.py"), *options]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("processes", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_a_run_records_what_it_proved(small_project: Path, processes: str) -> None:
    ran = run_pytest(small_project, "-n", processes, "--clauses=out/clauses.json")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    record = json.loads((small_project / "out" / "clauses.json").read_text(encoding="utf-8"))
    assert {clause: [test["outcome"] for test in tests] for clause, tests in record.items()} == {
        "R-006": ["passed"],
        "R-041": ["passed"],
        "R-042": ["failed"],
        "R-043": ["skipped"],
    }
    assert record["R-041"][0]["test"] == "tests/test_small.py::test_holds"


@pytest.mark.parametrize("processes", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_a_test_that_cites_an_unknown_clause_stops_the_run(small_project: Path, processes: str) -> None:
    test = small_project / "tests" / "test_small.py"
    test.write_text(test.read_text().replace("R-043", "R-999"))
    ran = run_pytest(small_project, "-n", processes)
    assert ran.returncode in (1, 2)
    assert "test_waits cites 'R-999'" in ran.stdout
    assert "passed" not in ran.stdout
    assert "INTERNALERROR" not in ran.stdout


@pytest.fixture
def record(small_project: Path) -> str:
    """What a run wrote: one clause proven, one failing, one only skipped; another is set aside."""
    outcomes = {"R-041": "passed", "R-042": "failed", "R-043": "skipped"}
    file = small_project / "clauses.json"
    file.write_text(json.dumps({c: [{"test": f"tests/t.py::{c}", "outcome": o}] for c, o in outcomes.items()}))
    aside = small_project / "docs" / "requirements" / "not-yet.csv"
    aside.write_text("id,reason\nR-045,the county forbids it for good\n", encoding="utf-8")
    return file.name


def test_the_report_counts_proven_failing_set_aside_and_open(small_project: Path, record: str) -> None:
    report = json.loads(run_report(small_project, record, "--json").stdout)
    assert report["total"] == {"clauses": 741, "proven": 1, "failing": 1, "set aside": 1, "open": 738}
    assert report["areas"][0] | {"title": ""} == {
        "number": 1, "title": "", "clauses": 146, "proven": 1, "failing": 1, "set aside": 1, "open": 143
    }  # fmt: skip
    table = run_report(small_project, record, "--lang", "zh").stdout.splitlines()
    assert len(table) == 1 + 1 + 17 + 1 + 1
    assert table[-1].split() == ["total", "741", "1", "1", "1", "738"]


def test_the_report_lists_the_tests_of_an_area(small_project: Path, record: str) -> None:
    listing = run_report(small_project, record, "--area", "1").stdout
    assert re.search(r"^R-041  proven .*\n +passed +tests/t.py::R-041$", listing, re.MULTILINE)
    assert re.search(r"^R-043  open ", listing, re.MULTILINE)
    assert "set aside because: the county forbids it for good" in listing
    assert "R-147" not in listing


def test_the_report_refuses_a_record_of_other_clauses(small_project: Path, record: str) -> None:
    (small_project / record).write_text('{"R-999": []}')
    ran = run_report(small_project, record)
    assert ran.returncode == 2
    assert "R-999" in ran.stderr
    assert run_report(small_project, "absent.json").returncode == 2
