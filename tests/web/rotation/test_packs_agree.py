"""Every shipped pack answers alike through the web, the command line and the library, teacher by teacher."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import run
from junheng.documents import write_county
from junheng.facts import County
from junheng.facts.synthetic import make_county
from junheng.policy import ask, decide, load_pack, shipped_packs, verdict_words
from junheng.web.directory.models import Organisation
from junheng.web.rotation import judging
from junheng.web.rotation.actions import freezing
from junheng.web.rotation.actions.years import shipped
from junheng.web.rotation.asked import cited_alone, put
from junheng.web.rotation.models import PhaseKind, RotationYear, Verdict
from junheng.web.staffing.intake import take_in

TEACHERS = 160
DECIDING = tuple(code for code in shipped_packs() if load_pack(code).planning is not None)
CASES = Path(__file__).parents[2] / "policy" / "cases"
ASKED = [case for path in sorted(CASES.glob("*.json")) for case in json.loads(path.read_text(encoding="utf-8"))]


@dataclass(frozen=True)
class Held:
    """A generated county in the database and as a workbook."""

    county: Organisation
    facts: County
    workbook: Path


@pytest.fixture(scope="module")
def held(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Held]:  # fmt: skip
    """The county, for all packs."""
    facts, workbook = make_county(teachers=TEACHERS, seed=3), tmp_path_factory.mktemp("packs") / "county.xlsx"
    write_county(facts, workbook, "zh")
    with django_db_blocker.unblock(), transaction.atomic():
        county = Organisation.objects.create(kind="county", code="990109", name=facts.name)
        take_in(county, facts, by=None, source="test")
        yield Held(county, facts, workbook)
        transaction.set_rollback(True)


def by_command(held: Held, pack: str, folder: Path) -> dict[str, tuple[str, str, str]]:
    """What ``junheng decide`` writes of everybody: verdict, clause, reason."""
    words = ["decide", str(held.workbook), "--policy", pack, "--on", held.facts.on.isoformat(), "-o", str(folder)]
    assert run(COMMANDS, words) == 0
    table = next(path for path in folder.glob("*.csv") if "资格判定" in path.name)
    rows = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig")))
    return {row["工号"]: (row["判定"], row["条款"], row["理由"]) for row in rows}


def test_there_are_packs_to_agree_on() -> None:
    assert len(DECIDING) >= 6


@pytest.mark.covers("R-001")
@pytest.mark.django_db
@pytest.mark.parametrize("pack", DECIDING)
def test_everybody_is_judged_alike_by_web_command_and_library(
    pack: str, held: Held, make_year: Any, tmp_path: Path
) -> None:
    year = make_year(PhaseKind.ELIGIBILITY, county=held.county, on=held.facts.on, pack=pack)
    freezing.keep(year, freezing.reckon(year, lambda *_said: None), by=None)
    on = held.facts.on
    willing = replace(held.facts, teachers=tuple(replace(each, applied=True) for each in held.facts.teachers))
    expected, plain = (
        {each.teacher_id: each for each in decide(facts, read, on=on, plan_year=on.year).rows()}
        for facts, read in ((willing, cited_alone(load_pack(pack))), (held.facts, load_pack(pack)))
    )
    kept = {each.teacher.number: each for each in Verdict.objects.filter(year=year).select_related("teacher", "year")}
    assert len(kept) == len(expected) == TEACHERS
    assert {number: (v.word, v.standing, v.clause, v.because_zh, v.because_en) for number, v in kept.items()} == {
        number: (
            e.verdict,
            e.standing,
            e.clause[:200],
            judging.still_open(e.because_zh),
            judging.still_open(e.because_en),
        )
        for number, e in expected.items()
    }
    assert {number: (tuple(v.flags), tuple(v.missing)) for number, v in kept.items()} == {
        number: (tuple(e.flags), tuple(e.missing)) for number, e in expected.items()
    }
    assert by_command(held, pack, tmp_path / "out") == {
        number: (verdict_words(e.verdict, "zh"), e.clause, e.because_zh) for number, e in plain.items()
    }
    for each in list(kept.values())[:5]:
        told = judging.explanation_of(each, judging.pack_of(year), "zh")
        assert told is None or told.verdict == each.word


def test_every_question_is_answered_by_the_command_as_by_the_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.json").write_text(json.dumps(ASKED, ensure_ascii=False), encoding="utf-8")
    assert run(COMMANDS, ["policy", "ask", str(tmp_path / "cases.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ask(ASKED)


@pytest.mark.parametrize("pack", sorted({case["pack"] for case in ASKED}))
def test_every_question_is_answered_by_the_web_as_by_the_library(pack: str) -> None:
    """Of the packs about training, titles, support and posts too, which judge nobody for exchange."""
    year, cases = RotationYear(pack_code=pack, pack_source=shipped(pack)), [c for c in ASKED if c["pack"] == pack]
    for case, answer in zip(cases, ask(cases, {pack: cited_alone(load_pack(pack))}), strict=True):
        facts = {name: value for name, value in case["facts"].items() if name != "query"}
        found = put(year, case["facts"]["query"], facts)
        assert found is not None, case["id"]
        assert (found.verdict, found.clause, found.because, list(found.flags), found.value) == (
            answer["verdict"], answer["clause"], answer["because"], list(answer["flags"]), answer.get("value"),
        ), case["id"]  # fmt: skip
