"""A pack or a parameter that cannot be used: exit code 2, with file, line, what was found and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.policy import load_pack, pack_source

CN = pack_source(load_pack("CN"))


def no_yaml(text: str) -> tuple[str, list[str]]:
    return "identity: [", ["not YAML"]


def no_mapping(text: str) -> tuple[str, list[str]]:
    return "轮岗办法", ["mapping"]


def clause_without_id(text: str) -> tuple[str, list[str]]:
    return text.replace("    clause: CN-01\n    absent", "    absent", 1), ["rules", "clause"]


def clause_nobody_declared(text: str) -> tuple[str, list[str]]:
    return text.replace("clause: CN-08, when", "clause: CN-99, when", 1), ["CN-99", "declared under clauses"]


def parameter_out_of_range(text: str) -> tuple[str, list[str]]:
    return text.replace("tenure_years: {value: 6,", "tenure_years: {value: 60,", 1), ["60", "at most 20"]


def quota_of_two_hundred_percent(text: str) -> tuple[str, list[str]]:
    return text.replace("teacher_share: {value: 10,", "teacher_share: {value: 200,", 1), ["200", "at most 100"]


def unknown_fact(text: str) -> tuple[str, list[str]]:
    return text.replace("{pregnant: true}", "{expecting: true}", 1), ["expecting"]


FAULTS = [
    no_yaml,
    no_mapping,
    clause_without_id,
    clause_nobody_declared,
    parameter_out_of_range,
    quota_of_two_hundred_percent,
    unknown_fact,
]


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: spoil.__name__)
def test_a_pack_that_cannot_be_used_is_refused_with_its_line(spoil, small: Path, tmp_path: Path, junheng) -> None:
    text, named = spoil(CN)
    assert text != CN, "the fault is in the text"
    pack = tmp_path / "own.yaml"
    pack.write_text(text, "utf-8")
    answer = junheng("plan", small, "--policy", pack, "-o", tmp_path / "out")
    assert answer.code == 2
    assert "own.yaml:" in answer.err
    assert [word for word in named if word not in answer.err] == []
    assert {path.name for path in tmp_path.iterdir()} == {"own.yaml"}


def test_a_share_above_one_hundred_percent_in_the_planning_part_is_refused(small: Path, tmp_path, junheng) -> None:
    pack = tmp_path / "own.yaml"
    pack.write_text(CN.replace("pct: $teacher_share", "pct: 200", 1), "utf-8")
    answer = junheng("plan", small, "--policy", pack, "-o", tmp_path / "out")
    assert answer.code == 2
    assert "200" in answer.err
    assert "100" in answer.err
    assert {path.name for path in tmp_path.iterdir()} == {"own.yaml"}


def test_an_impossible_quota_is_an_answer_that_names_what_must_give(small: Path, tmp_path: Path, junheng) -> None:
    """All who may move are to move, but no subject of a school may lose so many."""
    answer = junheng("plan", small, "--policy", "CN", "--set", "teacher_share=100", "-o", tmp_path / "out")
    assert answer.code == 1
    assert "没有方案能同时满足全部规则" in answer.out
    assert "不是可以采用的方案" in answer.out
    assert "小学" in answer.out
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {"results.xlsx", "tables"}, "neither a plan to adopt nor a bundle to publish"
    assert (tmp_path / "out" / "tables" / "无法同时满足.csv").is_file()
    assert (tmp_path / "out" / "tables" / "试排（不得采用）.csv").is_file()


def test_an_impossible_quota_answers_machines_with_the_same(small: Path, tmp_path: Path, junheng) -> None:
    words = ["plan", small, "--policy", "CN", "--set", "teacher_share=100", "-o", tmp_path / "out"]
    answer = junheng(*words, "--json", "--lang", "en")
    assert answer.code == 1
    data = answer.json
    assert (data["status"], data["feasible"], data["adoptable"]) == ("infeasible", False, False)
    assert data["gap"] is None
    assert data["relaxations"]
    assert all(each["by"] > 0 and each["message"] for each in data["relaxations"])


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("teacher_share=200", ["200", "交流占符合条件教师比例", "0.0 到 100.0"]),
        ("tenure_years=0", ["0", "同校任教年限"]),
        ("tenure_years=many", ["many", "tenure_years"]),
        ("service_year=lunar", ["lunar", "inclusive"]),
        ("exchange_share=5", ["exchange_share", "teacher_share"]),
        ("CN-06.tenure_years=5", ["tenure_years", "CN-02", "CN-06"]),
        ("tenure_years", ["参数=值"]),
    ],
)
def test_a_setting_that_cannot_be_is_refused(setting: str, named, small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("plan", small, "--policy", "CN", "--set", setting, "-o", tmp_path / "out")
    assert answer.code == 2
    assert [word for word in [*named, setting] if word not in answer.err] == []
    assert list(tmp_path.iterdir()) == []
    varied = junheng("simulate", small, "--policy", "CN", "--vary", setting, "-o", tmp_path / "sim.xlsx")
    assert varied.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_pack_that_says_nothing_of_rotation_is_refused_with_those_that_do(small: Path, tmp_path, junheng) -> None:
    for command in ("decide", "plan"):
        answer = junheng(command, small, "--policy", "KY", "-o", tmp_path / "out")
        assert answer.code == 2
        assert "planning" in answer.err
        assert "CN" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_pack_is_refused_with_the_list(small: Path, tmp_path: Path, junheng) -> None:
    answer = junheng("plan", small, "--policy", "NOPE", "-o", tmp_path / "out")
    assert answer.code == 2
    assert "NOPE" in answer.err
    assert "CN" in answer.err


def test_too_many_scenarios_are_refused_before_any_work(small: Path, tmp_path: Path, junheng) -> None:
    years = ",".join(str(year) for year in range(1, 13))
    shares = ",".join(str(share) for share in range(5, 15))
    answer = junheng(
        "simulate", small, "--policy", "CN", "--vary", f"tenure_years={years}", "--vary", f"teacher_share={shares}"
    )
    assert answer.code == 2
    assert "120" in answer.err
