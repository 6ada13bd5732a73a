"""The cast of the fleet's tests: three tiny counties on disk, planned once in this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from junheng.documents.columnar import write_columnar
from junheng.facts.synthetic.provinces import CountyDraft, draft_province
from junheng.fleet.counties import INDEX, find_counties, write_index
from junheng.fleet.running import InOrder, Progress, Run, run_fleet
from junheng.fleet.store import Store
from junheng.fleet.tasks import Settings
from junheng.fleet.writing import Written, write_all
from junheng.policy import load_pack, pack_source

DAY = date(2026, 8, 31)


def _write_counties(folder: Path, drafts: tuple[CountyDraft, ...]) -> Path:
    """The counties as Parquet files with an index."""
    for draft in drafts:
        write_columnar(draft.make(DAY), folder / f"{draft.id}.parquet")
    rows = [(d.id, d.name, d.province, d.region.key, d.teachers, "", f"{d.id}.parquet") for d in drafts]
    write_index(folder / INDEX, rows)
    return folder


@pytest.fixture(scope="session")
def write_counties() -> Callable[..., Path]:
    """``write_counties(folder, drafts)``: the counties as Parquet files with an index."""
    return _write_counties


@pytest.fixture(scope="session")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three counties of some two hundred teachers."""
    return _write_counties(tmp_path_factory.mktemp("counties"), draft_province(counties=3, teachers=210, seed=4))


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The national pack."""
    return Settings(pack_name="CN.yaml", pack=pack_source(load_pack("CN")))


class Planned:
    """A finished run: its folder, what came of it, what was written and what progress was told."""

    def __init__(self, folder: Path, run: Run, written: Written, told: list[Progress]) -> None:
        self.folder, self.run, self.written, self.told = folder, run, written, told


def _plan_all(folder: Path, settings: Settings, out: Path, version: str = "1") -> Planned:
    """Plans a folder of counties in this process."""
    found, store = find_counties(folder), Store(out)
    store.open(settings, version, found)
    told: list[Progress] = []
    run = run_fleet(found, settings, store, InOrder(), version=version, tell=told.append)
    return Planned(out, run, write_all(store, found, run, "zh"), told)


@pytest.fixture(scope="session")
def plan_all() -> Callable[..., Planned]:
    """``plan_all(folder, settings, out)``: plans a folder of counties in this process."""
    return _plan_all


@pytest.fixture(scope="session")
def planned(counties: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """The three counties, planned."""
    return _plan_all(counties, settings, tmp_path_factory.mktemp("out") / "fleet")
