"""Many counties: found, planned, kept, resumed, and added up."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run
from junheng.documents import write_county
from junheng.documents.columnar import read_columnar
from junheng.facts.synthetic import make_small_county
from junheng.fleet.counties import FleetError, find_counties
from junheng.fleet.estimate import country_sizes, estimate
from junheng.fleet.picture import map_page
from junheng.fleet.running import InOrder, run_fleet
from junheng.fleet.store import Store
from junheng.fleet.tasks import Outcome, Settings, Task, key_of, task_of
from junheng.fleet.work import plan_county
from junheng.planning.interchange import write_problem
from junheng.planning.year import Request, plan_year, prepare_year
from junheng.policy import load_pack

LASTING = ("counties.parquet", "moves.parquet", "results.xlsx", "map.html", "fleet.json")


def lasting(folder: Path) -> dict[str, bytes]:
    """Everything that must repeat byte for byte: all but seconds and logs."""
    files = [folder / name for name in LASTING] + sorted((folder / "counties").iterdir())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class Cut:
    """Workers that are cut off after some counties, as a kill does."""

    count, see_our_disk = 1, True

    def __init__(self, after: int) -> None:
        self.after = after

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """What came of the first tasks."""
        for number, outcome in enumerate(InOrder().run(tasks), start=1):
            yield outcome
            if number == self.after:
                raise KeyboardInterrupt


def test_a_county_gets_the_plan_that_it_gets_alone(counties: Path, planned: Any) -> None:
    path = min(counties.glob("*.parquet"))
    made = plan_year(read_columnar(path), load_pack("CN"), Request(processes=1))
    kept = json.loads((planned.folder / "counties" / f"{path.stem}.json").read_text("utf-8"))
    assert [(m[0], m[2], m[3]) for m in kept["moves"]] == [
        (a.teacher_id, a.to_school, a.as_subject) for a in made.result.assignments
    ]
    assert kept["figures"]["objective"] == made.report.figures.objective
    assert kept["figures"]["bound"] == made.result.bound
    assert kept["figures"]["must"] + kept["figures"]["may"] > 0


def test_results_in_parquet_have_a_row_a_county_and_a_row_a_move(planned: Any) -> None:
    counties = pl.read_parquet(planned.folder / "counties.parquet")
    moves = pl.read_parquet(planned.folder / "moves.parquet")
    seconds = pl.read_parquet(planned.folder / "seconds.parquet")
    assert counties["id"].to_list() == ["P01C001", "P01C002", "P01C003"] == seconds["id"].to_list()
    assert counties["status"].to_list() == ["solved"] * 3
    assert counties["teachers"].sum() == 630
    assert counties["moves"].sum() == moves.height > 0
    assert (counties["cv_after"] < counties["cv_before"]).all()
    assert (counties["bound"] <= counties["objective"] + 1e-9).all()
    assert (seconds["total"] > 0).all()


def test_workbook_and_map_tell_of_every_county(planned: Any) -> None:
    book = openpyxl.load_workbook(planned.folder / "results.xlsx")
    assert book.sheetnames == ["各省", "各县区"]
    assert [row[0].value for row in book["各县区"].iter_rows(min_row=2)] == ["P01C001", "P01C002", "P01C003"]
    assert book["各省"]["A3"].value == "合计"
    page = (planned.folder / "map.html").read_text("utf-8")
    for row in planned.written.rows:
        assert page.count(f"<title>{row['name']}（已排定）") == 2
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page


def test_a_run_that_was_cut_off_resumes_to_the_same_bytes(
    counties: Path, settings: Settings, planned: Any, tmp_path: Path, plan_all: Callable[..., Any]
) -> None:
    out, found = tmp_path / "out", find_counties(counties)
    store = Store(out)
    store.open(settings, "1", found)
    with pytest.raises(KeyboardInterrupt):
        run_fleet(found, settings, store, Cut(2), version="1")
    assert len(list((out / "counties").iterdir())) == 2
    (out / "counties" / ".P01C009.json.part").write_text("{", "utf-8")
    resumed = plan_all(counties, settings, out)
    assert (resumed.run.kept, resumed.run.planned) == (2, 1)
    assert lasting(out) == lasting(planned.folder)


def test_only_what_was_planned_for_the_same_input_is_kept(counties: Path, settings: Settings, planned: Any) -> None:
    county = find_counties(counties)[0]
    store = Store(planned.folder)
    assert store.kept(county, key_of(county, settings, "1")) is not None
    for other in (
        key_of(county, settings, "2"),
        key_of(county, replace(settings, gap=0.1), "1"),
        key_of(county, replace(settings, pack=settings.pack + "\n"), "1"),
        key_of(county, replace(settings, parameters=(("tenure_years", 5),)), "1"),
        key_of(find_counties(counties)[1], settings, "1"),
    ):
        assert store.kept(county, other) is None


@pytest.mark.slow
def test_a_spoilt_result_is_planned_again(
    counties: Path, settings: Settings, planned: Any, tmp_path: Path, plan_all: Callable[..., Any]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(planned.folder, out)
    (out / "counties" / "P01C002.json").write_text('{"key": ', "utf-8")
    again = plan_all(counties, settings, out)
    assert (again.run.kept, again.run.planned) == (2, 1)
    assert lasting(out) == lasting(planned.folder)


@pytest.mark.slow
def test_one_bad_county_does_not_stop_the_others_and_is_tried_again(
    counties: Path, settings: Settings, tmp_path: Path, plan_all: Callable[..., Any]
) -> None:
    folder = tmp_path / "counties"
    folder.mkdir()
    shutil.copy(counties / "P01C001.parquet", folder / "good.parquet")
    (folder / "bad.parquet").write_bytes(b"no county")
    made = plan_all(folder, settings, tmp_path / "out")
    status = {outcome.id: outcome.status for outcome in made.run.outcomes}
    assert status == {"bad": "failed", "good": "solved"}
    assert "bad.parquet" in made.run.outcomes[0].error.zh
    assert "Traceback" in (tmp_path / "out" / "logs" / "bad.log").read_text("utf-8")
    assert openpyxl.load_workbook(tmp_path / "out" / "results.xlsx")["未排定"]["A2"].value == "bad"
    (folder / "bad.parquet").write_bytes((counties / "P01C002.parquet").read_bytes())
    mended = plan_all(folder, settings, tmp_path / "out")
    assert (mended.run.kept, mended.run.planned) == (1, 1)
    assert all(outcome.status == "solved" for outcome in mended.run.outcomes)


@pytest.mark.slow
def test_workbooks_and_problem_folders_are_counties_too(settings: Settings, tmp_path: Path) -> None:
    county = make_small_county()
    (tmp_path / "north").mkdir()
    write_county(county, tmp_path / "north" / "one.xlsx")
    write_problem(prepare_year(county, load_pack("CN"), Request())[2].problem, tmp_path / "two")
    found = {each.id: each for each in find_counties(tmp_path)}
    assert {name: (each.form, each.province) for name, each in found.items()} == {
        "one": ("workbook", "north"),
        "two": ("problem", ""),
    }
    by_path = [plan_county(task_of(found[name], settings, by_path=True)) for name in ("one", "two")]
    by_bytes = [plan_county(task_of(found[name], settings, by_path=False)) for name in ("one", "two")]
    assert [o.status for o in by_path] == ["solved", "solved"]
    assert [o.moves for o in by_path] == [o.moves for o in by_bytes]
    assert by_path[0].moves == by_path[1].moves


def test_a_plan_that_cannot_be_is_a_result_and_not_a_failure(counties: Path, settings: Settings) -> None:
    strict = replace(settings, parameters=(("teacher_share", 100),))
    outcome = plan_county(task_of(find_counties(counties)[0], strict, by_path=True))
    assert outcome.status == "infeasible"
    assert outcome.moves == ()
    assert outcome.figures["rules_broken"]
    assert "objective" not in outcome.figures


def test_progress_counts_what_is_done_running_and_failed(planned: Any) -> None:
    told = planned.told
    assert [each.done for each in told] == [0, 1, 2, 3]
    assert told[0].left is None
    assert told[-1].left == 0
    assert all(each.of == 3 and each.failed == 0 and each.running <= 1 for each in told)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "no county"),
        ({"counties.csv": "id,file\na,nowhere.parquet\n"}, "nowhere.parquet"),
        ({"counties.csv": "id,file\na,x.parquet\na,x.parquet\n", "x.parquet": ""}, "several counties called a"),
        ({"counties.csv": "id,file\n../a,x.parquet\n", "x.parquet": ""}, "cannot be a county's id"),
    ],
)
def test_a_folder_that_is_no_fleet_is_refused(content: dict[str, str], said: str, tmp_path: Path) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(FleetError, match=said) as refused:
        find_counties(tmp_path)
    assert refused.value.zh


def test_the_country_is_estimated_from_sizes_that_follow_a_power() -> None:
    measured = [(size, 1e-4 * size**1.3) for size in (300, 700, 1500, 3000, 5000, 9000, 16000)]
    guess = estimate(measured)
    assert guess is not None
    assert guess.growth == pytest.approx(1.3)
    assert guess.cpu_seconds == pytest.approx(sum(1e-4 * size**1.3 for size in country_sizes()), rel=0.02)
    assert guess.wall_seconds(2, 0.5) == pytest.approx(guess.cpu_seconds)
    assert guess.wall_seconds(10**6, 1.0) == guess.largest_seconds
    assert estimate(measured[:4]) is None


def test_the_country_has_its_counties_and_teachers() -> None:
    sizes = country_sizes()
    assert len(sizes) == 2850
    assert sum(sizes) == pytest.approx(10.7e6, rel=0.01)
    assert max(sizes) == 30_000
    assert math.log(sizes[1424]) == pytest.approx(math.log(10.7e6 / 2850) - 0.75**2 / 2, abs=0.02)


def test_the_map_escapes_what_a_name_holds() -> None:
    row: dict[str, Any] = {"id": "a", "name": "<b>&", "province": "<i>", "status": "failed"}
    row |= dict.fromkeys(("cv_before", "cv_after", "teachers", "moves"))
    page = map_page([row], [], "en", ("汇总", "All"))
    assert "<b>" not in page
    assert "<i>" not in page
    assert "&lt;b&gt;&amp;" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_dask_the_command_says_what_to_install(
    lang: str, counties: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    words = ["fleet", str(counties), "--policy", "CN", "-o", str(tmp_path / "out"), "--lang", lang]
    assert run(COMMANDS, words) == 2
    assert "junheng[cluster]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "earlier run"),
        (["--resume", "--policy", "G1"], "does not say who rotates"),
        (["--resume", "--set", "nonsense=1"], "no parameter"),
        (["--resume", "--scheduler", "tcp://127.0.0.1:9", "--security", "nowhere"], "ca.pem is missing"),
    ],
)
def test_a_slip_is_refused_and_changes_nothing(
    words: list[str], said: str, counties: Path, planned: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lasting(planned.folder)
    called = ["fleet", str(counties), "--policy", "CN", "-o", str(planned.folder), "--lang", "en", *words]
    assert run(COMMANDS, called) == 2
    assert said in capsys.readouterr().err
    assert lasting(planned.folder) == before


def test_a_folder_of_something_else_is_not_written_into(counties: Path, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", "utf-8")
    called = ["fleet", str(counties), "--policy", "CN", "--workers", "0", "--resume", "-o", str(tmp_path)]
    assert run(COMMANDS, called) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]
