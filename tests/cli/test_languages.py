"""Every command speaks Chinese or English, to people or to machines, and never a mixture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from junheng.cli.app import COMMANDS
from junheng.cli.catalogue import Catalogue
from junheng.facts.synthetic import make_small_county
from junheng.policy import load_pack, shipped_packs

CHINESE = re.compile(r"[\u3400-\u9fff]+")


def names_that_stay(small: Path) -> str:
    """Names of people, places, cited documents and the workbook's own headers, which have no English."""
    county = make_small_county()
    names = {county.name, *(s.name for s in county.schools), *(t.name for t in county.teachers)}
    names |= {c.name for c in county.clusters}
    book = openpyxl.load_workbook(small, read_only=True)
    for sheet in book:
        names |= {sheet.title, *(str(cell.value) for cell in next(sheet.iter_rows(max_row=1)))}
    for code in shipped_packs():
        pack = load_pack(code)
        names |= {clause.label for clause in pack.clauses.values()} | {pack.identity.document_number or ""}
        names |= set(quoted(json.loads(pack.model_dump_json(include={"identity", "facts", "parameters", "rules"}))))
    return "\n".join(names)


def quoted(data: Any) -> Iterator[str]:
    """Words that a pack quotes from the world, such as posts and titles: whatever is no wording in two languages."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key != "zh":
                yield key
                yield from quoted(value)
    elif isinstance(data, list):
        for value in data:
            yield from quoted(value)
    elif isinstance(data, str):
        yield data


def untranslated(text: str, known: str) -> list[str]:
    return sorted({word for word in CHINESE.findall(text) if word not in known and word not in "教督号"})


def calls(small: Path, planned: Path, folder: Path) -> list[list[object]]:
    cases = folder / "cases.json"
    cases.write_text(json.dumps([{"id": "1", "pack": "CN", "teacher": {"sex": "F"}}]), "utf-8")
    return [
        ["template", "-o", folder / "blank.xlsx"],
        ["synth", "--small", "-o", folder / "synth.xlsx"],
        ["check", small],
        ["decide", small, "--policy", "CN", "-o", folder / "verdicts.xlsx"],
        ["measure", small, "-o", folder / "measured.xlsx"],
        ["plan", small, "--policy", "CN", "-o", folder / "out"],
        ["plan", small, "--policy", "CN", "--set", "teacher_share=100", "-o", folder / "none"],
        ["plan", "--problem", planned / "problem", "--out", folder / "plan.csv"],
        ["check-plan", "--problem", planned / "problem", planned / "out" / "plan.csv"],
        ["simulate", small, "--policy", "CN", "--vary", "tenure_years=5,6", "-o", folder / "sim.xlsx"],
        ["outlook", small, "--policy", "DXQ", "--against", "CN", "-o", folder / "sight.xlsx"],
        ["plan", small, "--policy", "CN", "--voluntary", "tobe", "--processes", "1", "-o", folder / "exchanged"],
        ["mechanisms", small, "--policy", "CN", "--processes", "1", "-o", folder / "mechanisms.xlsx"],
        [
            "conflicts",
            small,
            "--policy",
            "CN",
            "--set",
            "teacher_share=99",
            "--single-changes",
            "0",
            "-o",
            folder / "m.xlsx",
        ],
        ["conflicts", small, "--policy", "CN", "--try", "commute=40"],
        ["verify", planned / "out" / "bundle"],
        ["policy", "list"],
        ["policy", "show", "CN"],
        ["policy", "lint", "CN"],
        ["policy", "diff", "CN", "HK", "--roster", small],
        ["policy", "ask", cases],
    ]


def test_english_has_no_chinese_but_names(small: Path, planned: Path, tmp_path: Path, junheng) -> None:
    known = names_that_stay(small)
    for words in calls(small, planned, tmp_path):
        answer = junheng(*words, "--lang", "en")
        assert answer.code in (0, 1, 2)
        assert untranslated(answer.said, known) == [], words[:3]
    for book in tmp_path.glob("[mvs]*.xlsx"):
        if book.name == "synth.xlsx":
            continue
        for sheet in openpyxl.load_workbook(book):
            headers = [str(cell.value) for cell in sheet[1]]
            assert untranslated(" ".join([sheet.title, *headers]), known) == [], book.name


def test_json_is_one_document_and_nothing_else(small: Path, planned: Path, tmp_path: Path, junheng) -> None:
    for words in calls(small, planned, tmp_path):
        answer = junheng(*words, "--json")
        assert answer.err == "", words[:3]

        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is no JSON")

        json.loads(answer.out, parse_constant=refuse)


def test_refusals_are_json_too(small: Path, tmp_path: Path, junheng) -> None:
    for words in (
        ["plan", tmp_path / "nowhere.xlsx", "--policy", "CN"],
        ["plan", small, "--policy", "NOPE"],
        ["decide", small, "--policy", "CN", "--set", "tenure_years=99"],
        ["decide", small],
        ["nonsense"],
        ["verify", tmp_path / "nowhere"],
    ):
        answer = junheng(*words, "--json")
        assert answer.code == 2
        assert answer.err == ""
        assert answer.json["error"]


def every_command(catalogue: Catalogue = COMMANDS, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, entry in catalogue.entries.items():
        if isinstance(entry, Catalogue):
            yield from every_command(entry, (*before, name))
        else:
            yield (*before, name)


@pytest.mark.parametrize("words", list(every_command()), ids=lambda words: " ".join(words) or "junheng")
def test_every_help_is_in_one_language_and_fits_eighty_columns(words, junheng, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    english, chinese = junheng(*words, "--help", "--lang", "en"), junheng(*words, "--help")
    assert (english.code, chinese.code) == (0, 0)
    assert CHINESE.findall(english.out) == []
    assert CHINESE.search(chinese.out)
    assert "¦" not in chinese.out + english.out
    assert "…" not in chinese.out + english.out, "nothing is cut off"
    for name in COMMANDS.entries if not words else ():
        assert name in english.out
        assert name in chinese.out


def test_the_environment_can_choose_the_language(small: Path, junheng, monkeypatch) -> None:
    monkeypatch.setenv("JUNHENG_LANG", "en")
    assert "No faults" in junheng("check", small).out
    assert "没有发现问题" in junheng("check", small, "--lang", "zh").out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nonsense"], "nonsense"),
        (["plan", "x.xlsx", "--polcy", "CN"], "--polcy"),
        (["decide", "x.xlsx"], "--policy"),
        (["policy", "nonsense"], "nonsense"),
        (["synth", "--teachers", "many"], "--teachers"),
        (["synth", "--teachers", "3"], "200"),
    ],
)
def test_a_slip_of_the_pen_is_explained(words, named: str, junheng) -> None:
    for lang in ("zh", "en"):
        answer = junheng(*words, "--lang", lang)
        assert answer.code == 2
        assert named in answer.err
        assert "Traceback" not in answer.err
