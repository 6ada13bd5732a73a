"""The fleet over Dask, as a person starts it: workers that die, a kill in the middle, an interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from junheng.facts.synthetic.provinces import draft_province

pytest.importorskip("distributed")
LASTING = ("counties.parquet", "moves.parquet", "results.xlsx", "map.html", "fleet.json")
WINDOWS = sys.platform == "win32"


def command(folder: Path, out: Path, *words: str) -> list[str]:
    called = [sys.executable, "-m", "junheng.cli", "fleet", str(folder), "--policy", "CN", "-o", str(out)]
    return [*called, "--workers", "2", *words]


def lasting(folder: Path) -> dict[str, bytes]:
    files = [folder / name for name in LASTING] + sorted((folder / "counties").iterdir())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def cut_off(folder: Path, out: Path, by: signal.Signals, finished: int) -> subprocess.CompletedProcess[str]:
    """Starts a run in a group of its own and sends the whole group a signal once so many counties are finished."""
    process = subprocess.Popen(
        command(folder, out), start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while len(list(out.glob("counties/*.json"))) < finished and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, by)
    said, complained = process.communicate(timeout=600)
    return subprocess.CompletedProcess([], process.returncode, said, complained)


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory, write_counties: Any) -> Path:
    """A folder of six counties."""
    folder = tmp_path_factory.mktemp("six")
    return write_counties(folder, draft_province(counties=6, teachers=500, seed=9))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def whole(six: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The six counties, planned without interruption."""
    out = tmp_path_factory.mktemp("whole") / "out"
    done = subprocess.run(command(six, out, "--json"), capture_output=True, text=True, check=True)
    assert done.stderr == "", "Dask says nothing of its own"
    return out


@pytest.mark.slow
@pytest.mark.skipif(WINDOWS, reason="process groups")
@pytest.mark.parametrize(("by", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_run_that_is_cut_off_resumes_and_ends_like_an_uninterrupted_one(
    by: signal.Signals, code: int, six: Path, whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ended = cut_off(six, out, by, finished=2)
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr
    assert not (out / "counties.parquet").exists()
    refused = subprocess.run(command(six, out), capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    resumed = subprocess.run(command(six, out, "--resume", "--json"), capture_output=True, text=True, check=True)
    answer = json.loads(resumed.stdout)
    assert answer["kept"] >= 2
    assert answer["kept"] + answer["planned"] == answer["solved"] == 6
    assert lasting(out) == lasting(whole)


@pytest.mark.slow
def test_a_worker_that_dies_costs_one_county_and_only_that(six: Path, tmp_path: Path, settings: Any) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    done = subprocess.run([sys.executable, program, six], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"deadly": "failed", "weak": "fine", **{f"c{i}": "fine" for i in range(6)}}
    assert "Traceback" not in done.stderr


PROGRAM = """
import json, os, pathlib, sys, tempfile
from junheng.fleet import dask
from junheng.fleet.tasks import Outcome, Settings, Task

def plan(task):
    mark = pathlib.Path(task.path)
    if task.id == "deadly" or task.id == "weak" and not mark.exists():
        mark.touch()
        os._exit(9)
    return Outcome(id=task.id, status="fine")

if __name__ == "__main__":
    dask._on_worker = plan
    names = ["c0", "deadly", "c1", "weak", "c2", "c3", "c4", "c5"]
    with tempfile.TemporaryDirectory() as place, dask.local_workers(2) as team:
        tasks = [Task(n, "columnar", Settings(pack_name="", pack=""), f"{place}/{n}") for n in names]
        print(json.dumps({o.id: o.status for o in team.run(iter(tasks))}))
"""


@pytest.mark.slow
@pytest.mark.skipif(WINDOWS, reason="process groups")
def test_a_cluster_by_address_gives_the_same_plans(six: Path, whole: Path, tmp_path: Path, cluster: str) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [*command(six, out)[:-2], "--scheduler", cluster, "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["solved"] == 6
    assert lasting(out) == lasting(whole)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A scheduler with one worker that sees nothing of this test's folders by path."""
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    called = [sys.executable, "-m", "distributed.cli"]
    scheduler = subprocess.Popen(
        [*called[:2], "distributed.cli.dask_scheduler", "--scheduler-file", str(file), "--no-dashboard", "--port", "0"],
        env=environment, **quiet,
    )  # fmt: skip
    worker = subprocess.Popen(
        [*called[:2], "distributed.cli.dask_worker", "--scheduler-file", str(file), "--no-dashboard",
         "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)],
        env=environment, **quiet,
    )  # fmt: skip
    try:
        yield wait_for_workers(file)
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait(timeout=120)


def wait_for_workers(file: Path) -> str:
    for _ in range(1200):
        if file.exists() and (text := file.read_text("utf-8")):
            address = str(json.loads(text)["address"])
            asked = "import distributed, sys; c = distributed.Client(sys.argv[1]); c.wait_for_workers(1, timeout=300)"
            subprocess.run([sys.executable, "-c", asked, address], check=True, capture_output=True)
            return address
        time.sleep(0.05)
    raise AssertionError("no scheduler")


@pytest.mark.slow
def test_the_fleet_runs_on_two_processes(counties: Path, planned: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.run(command(counties, out, "--json"), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert done.stderr == ""
    assert (answer["workers"], answer["solved"]) == (2, 3)
    assert (out / "moves.parquet").read_bytes() == (planned.folder / "moves.parquet").read_bytes()
    assert (out / "map.html").read_bytes() == (planned.folder / "map.html").read_bytes()
