"""junheng frontier, and planning exactly the plan that was chosen."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run

Junheng = Callable[..., Any]
WORDS = ("--policy", "CN", "--points", "3", "--processes", "1")


@pytest.fixture(scope="module")
def chosen(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frontier") / "choices"
    assert run(COMMANDS, ["frontier", str(small), *WORDS, "-o", str(folder)]) == 0
    return folder


def test_the_chosen_plan_is_planned_to_the_move(small: Path, chosen: Path, tmp_path: Path, junheng: Junheng) -> None:
    points = json.loads((chosen / "frontier.json").read_text(encoding="utf-8"))["points"]
    last = points[-1]
    out = tmp_path / "plan"
    answer = junheng(
        "plan",
        small,
        "--policy",
        "CN",
        "--frontier",
        chosen,
        "--point",
        last["number"],
        "-o",
        out,
        "--report",
        "--json",
    )
    assert answer.code == 0, answer.said
    rows = (out / "plan.csv").read_text(encoding="utf-8-sig").split()[1:]
    assert rows == [",".join(move) for move in last["assignments"]]
    assert answer.json["objective"] == pytest.approx(last["value"], abs=1e-6)
    assert junheng("verify", out / "bundle").code == 0
    told = (out / "report.html").read_text(encoding="utf-8")
    assert "均衡与志愿之间的几种方案" in told
    assert all(f"第 {point['number']} 号" in told for point in points)
    with zipfile.ZipFile(out / "results.xlsx") as book:
        charts = [book.read(name) for name in book.namelist() if name.startswith("xl/charts/chart")]
    assert any(b"scatterChart" in chart for chart in charts)


def test_workbook_has_a_native_scatter_chart_and_the_picture_is_numbered(chosen: Path) -> None:
    with zipfile.ZipFile(chosen / "frontier.xlsx") as book:
        assert b"scatterChart" in book.read("xl/charts/chart1.xml")
    points = json.loads((chosen / "frontier.json").read_text(encoding="utf-8"))["points"]
    picture = ElementTree.parse(chosen / "frontier.svg")  # noqa: S314 - written by the command above
    texts = [each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert all(str(point["number"]) in texts for point in points)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--point", "1"), "要一起给出"),
        (("--frontier", "{chosen}"), "要一起给出"),
        (("--frontier", "{chosen}", "--point", "9"), "没有第 9 号方案"),
        (("--frontier", "{chosen}", "--point", "1", "--set", "tenure_years=5"), "用别的数据、政策包或参数算出"),
        (("--frontier", "nowhere.json", "--point", "1"), "不能读"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(
    words: tuple[str, ...], said: str, small: Path, chosen: Path, junheng: Junheng
) -> None:
    spelled = [word.replace("{chosen}", str(chosen)) for word in words]
    out = chosen.parent / "refused"
    answer = junheng("plan", small, "--policy", "CN", "-o", out, *spelled)
    assert (answer.code, out.exists()) == (2, False)
    assert said in answer.said


def test_a_goal_that_is_none_is_refused(small: Path, junheng: Junheng) -> None:
    answer = junheng("frontier", small, *WORDS, "--toward", "money", "--lang", "en")
    assert answer.code == 2
    assert "service, wishes, commute" in answer.said
