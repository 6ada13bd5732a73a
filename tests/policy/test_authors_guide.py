"""The authors' guide and its example county do what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from junheng.facts.synthetic import make_county, make_small_county
from junheng.policy import Pack, ask, decide, load_pack, parse_pack
from junheng.policy.linting import lint
from junheng.policy.loading import PACKS
from junheng.policy.yamlfile import parse_yaml, read_yaml

ROOT = Path(__file__).resolve().parents[2]
MEASURES = ROOT / "examples" / "measures"
GUIDES = [ROOT / "docs" / "policy-authors.md", ROOT / "docs" / "guides" / "policy-authors.zh-CN.md"]
CASES: list[dict[str, Any]] = json.loads((MEASURES / "yunling-cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("YUNLING")


@pytest.fixture(scope="module")
def answers(pack: Pack) -> dict[str, dict[str, Any]]:
    return {answer["id"]: answer for answer in ask(CASES, {pack.code: pack})}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_case_of_the_example_answers_as_its_author_expects(
    case: dict[str, Any], answers: dict[str, dict[str, Any]]
) -> None:
    answer = answers[case["id"]]
    assert {key: answer.get(key) for key in case["expect"]} == case["expect"], case["why"]
    assert answer["because"]


def test_the_cases_ask_every_branch_and_every_question(pack: Pack, answers: dict[str, dict[str, Any]]) -> None:
    asked = {case["facts"]["query"] for case in CASES}
    assert asked == set(pack.rules) - {"exchange_months"}
    given = {answers[case["id"]]["verdict"] for case in CASES if case["facts"]["query"] == "eligibility"}
    assert given == {*(pack.planning.verdicts if pack.planning else ()), "unknown"}


def test_the_example_binds_few_and_lets_a_third_go() -> None:
    county = make_county(teachers=1000, seed=2)
    standings = [*decide(county, load_pack("YUNLING")).standings.values()]
    assert 0.005 < standings.count("must") / len(standings) < 0.03
    assert 0.28 < standings.count("may") / len(standings) < 0.45


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_a_full_county_one_or_two_in_a_hundred_must_go(seed: int) -> None:
    findings = decide(make_county(teachers=4000, seed=seed), load_pack("YUNLING"))
    shares = {each: len(findings.with_standing(each)) / 4000 for each in ("must", "may")}
    assert 0.01 <= shares["must"] <= 0.02
    assert 0.30 <= shares["may"] <= 0.40


def test_the_blank_file_is_already_a_pack_that_decides() -> None:
    blank = load_pack(MEASURES / "blank.yaml")
    findings = decide(make_small_county(seed=1), blank)
    assert {"may", "no"} >= set(findings.standings.values())
    assert lint(blank) == ()


def test_every_commented_part_of_the_blank_file_can_be_used() -> None:
    text = (MEASURES / "blank.yaml").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        commented = re.match(r"^(\s*)# (?=[a-zA-Z-]|  )(.*)$", line)
        lines.append(commented.group(1) + commented.group(2) if commented and line.startswith("  ") else line)
    pack = parse_pack("\n".join(lines))
    assert set(pack.clauses) == {"OURS-01", "OURS-02"}
    assert "mandatory" in {branch.verdict for branch in pack.rules["eligibility"].branches}  # type: ignore[union-attr]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_the_guide_shows_of_the_example_is_in_the_example(guide: Path) -> None:
    shown = _blocks(guide.read_text(encoding="utf-8"))
    whole = read_yaml(PACKS / "YUNLING.yaml").content
    parts = [parse_yaml(block, guide.name).content for block in shown if re.match(r"[a-z]+:\n", block)]
    assert {key for part in parts for key in part} == {"identity", "parameters", "clauses", "rules", "planning"}
    for part in parts:
        for key, value in part.items():
            assert _missing(value, whole[key]) == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_the_case_and_the_files_that_the_guide_names_exist(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    (case,) = [json.loads(block) for block in _blocks(text) if block.startswith("{")]
    (held,) = [each for each in CASES if each["id"] == case["id"]]
    assert (case["facts"], case["expect"]) == (held["facts"], held["expect"])
    assert f"{len(CASES)} " in text
    for name in re.findall(r"(?:src|examples)/[\w./-]+\.(?:yaml|json|md)", text):
        assert (ROOT / name).is_file(), name


def test_the_two_guides_have_the_same_steps_and_the_same_commands() -> None:
    english, chinese = (guide.read_text(encoding="utf-8") for guide in GUIDES)
    assert english.count("\n## ") == chinese.count("\n## ")

    def commands(text: str) -> list[str]:
        return [line.removesuffix(" --lang en") for line in re.findall(r"^    (junheng .*)$", text, re.MULTILINE)]

    assert commands(english) == commands(chinese)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (", min: 1, amount", ", amount", "small_school"),
        ("years_at_school: {at_least: $batch_years}", "years_at_school: {more_than: $pool_years}", "gap"),
    ],
)
def test_what_the_guide_tells_readers_to_try_gives_the_remark_that_it_names(old: str, new: str, kind: str) -> None:
    text = (PACKS / "YUNLING.yaml").read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new)
    if kind == "gap":
        text = text.replace("years_at_school: {at_least: $pool_years}", "years_at_school: {less_than: $pool_years}")
    (remark,) = [each for each in lint(parse_pack(text)) if each.kind == kind]
    assert kind != "small_school" or remark.evidence["first_size_above_zero"] == 7
    assert kind != "gap" or remark.evidence["value"] == 9


def _blocks(text: str) -> list[str]:
    """The indented blocks of a page, without their indent."""
    found = re.findall(r"(?:^(?:    .*)?\n)+", text, re.MULTILINE)
    blocks = [re.sub(r"^    ", "", each, flags=re.MULTILINE).strip("\n") for each in found]
    return [part for block in blocks for part in re.split(r"\n\n+(?=\S)", block) if part]


def _missing(shown: Any, whole: Any) -> list[Any]:
    """What a block shows that the file does not say; lists may show a part of their items."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        return [each for key, value in shown.items() for each in _missing(value, whole.get(key))]
    if isinstance(shown, list) and isinstance(whole, list):
        return [each for each in shown if not any(_missing(each, item) == [] for item in whole)]
    return [] if shown == whole else [(shown, whole)]
