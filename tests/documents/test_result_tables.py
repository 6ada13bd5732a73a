"""The tables of results: unique keys, both languages, rows that fit, text that stays text, figures that repeat."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from junheng.documents.results import Chart, Table, plain_value, write_csv, write_json, write_results
from junheng.documents.tables.compared import scenario_charts, scenario_table
from junheng.documents.tables.decided import decided_tables
from junheng.documents.tables.measured import (
    balance_charts,
    balance_table,
    establishment_table,
    school_table,
    standing_table,
    structure_table,
    subject_table,
    target_table,
)
from junheng.documents.tables.planned import (
    PlanNames,
    assignment_table,
    change_charts,
    change_table,
    kept_table,
    note_table,
    quota_table,
    relaxation_table,
    school_change_table,
    staying_table,
)
from junheng.facts import County
from junheng.facts.synthetic import make_small_county
from junheng.indicators import (
    ExchangeYear,
    measure_balance,
    measure_establishment,
    measure_structure,
    measure_subjects,
    measure_targets,
    target_set,
)
from junheng.planning.problem import Pin
from junheng.planning.simulating import simulate
from junheng.planning.year import Request, YearPlan, plan_year
from junheng.policy import load_pack

FORMULA = "=cmd()"
CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def spoiled() -> County:
    """The small county, in which people and schools have names that a spreadsheet could take for formulas."""
    county = make_small_county()
    schools = tuple(replace(s, name=f"{FORMULA}{s.name}") for s in county.schools)
    teachers = tuple(replace(t, name=f"@{FORMULA}" if i % 2 else FORMULA) for i, t in enumerate(county.teachers))
    return replace(county, schools=schools, teachers=teachers)


@pytest.fixture(scope="module")
def made(spoiled: County) -> YearPlan:
    first = plan_year(spoiled, load_pack("CN"), Request())
    leaving = first.result.assignments[0].teacher_id
    pins = [Pin(leaving, "stay", reason=FORMULA)]
    return plan_year(spoiled, load_pack("CN"), Request(pins=pins, keep=first.result.assignments))


@pytest.fixture(scope="module")
def hopeless(spoiled: County) -> YearPlan:
    return plan_year(spoiled, load_pack("CN"), Request(parameters={"teacher_share": 100}))


@pytest.fixture(scope="module")
def tables(spoiled: County, made: YearPlan, hopeless: YearPlan) -> list[Table]:
    """Every kind of table, filled."""
    names = PlanNames(spoiled, made.assembly)
    balance = measure_balance(spoiled)
    decided, _ = decided_tables(made.findings, spoiled)
    eligible = frozenset(t.id for t in spoiled.teachers)
    scenarios = simulate(spoiled, load_pack("CN"), [{"tenure_years": 5}, {"tenure_years": 6}], Request())
    year = ExchangeYear(county=spoiled, eligible=eligible, moves={})
    return [
        change_table(made.change),
        assignment_table(names, made.reasons),
        staying_table(names, made.reasons),
        kept_table(names, made.kept),
        quota_table(names, made.report.figures.quotas),
        school_change_table(made.change),
        note_table(made.assembly.notes, made.report),
        relaxation_table(hopeless.giving),
        assignment_table(PlanNames(spoiled, hopeless.assembly), hopeless.reasons, adoptable=False),
        *decided,
        balance_table(balance),
        standing_table(balance),
        school_table(balance),
        establishment_table(measure_establishment(spoiled)),
        subject_table(measure_subjects(spoiled)),
        structure_table(measure_structure(spoiled)),
        target_table(measure_targets(year, target_set("national"))),
        scenario_table(scenarios),
    ]


@pytest.fixture(scope="module")
def charts(spoiled: County, made: YearPlan) -> list[Chart]:
    scenarios = simulate(spoiled, load_pack("CN"), [{"tenure_years": 5}], Request())
    return [
        *change_charts(),
        *balance_charts(),
        *decided_tables(made.findings, spoiled)[1],
        *scenario_charts(scenarios),
    ]


def test_tables_have_names_of_their_own_and_rows(tables: list[Table]) -> None:
    for name in (lambda t: t.name_zh, lambda t: t.name_en):
        assert len({name(table) for table in tables}) == len(tables)
    assert [table.name_en for table in tables if not table.rows] == []


def test_columns_have_unique_keys_and_two_headers(tables: list[Table]) -> None:
    for table in tables:
        for of in (lambda c: c.key, lambda c: c.zh, lambda c: c.en):
            seen = [of(column) for column in table.columns]
            assert len(set(seen)) == len(seen), table.name_en
        assert all(CHINESE.search(column.zh) for column in table.columns)
        assert not any(CHINESE.search(column.en) for column in table.columns)
        assert not CHINESE.search(table.name_en)


def test_rows_fit_the_columns_and_numbers_are_numbers(tables: list[Table]) -> None:
    for table in tables:
        for row in table.rows:
            assert len(row) == len(table.columns), table.name_en
            for column, value in zip(table.columns, row, strict=True):
                if column.kind in ("integer", "number", "percent") and value is not None:
                    assert isinstance(value, int | float), (table.name_en, column.key, value)
                    assert not isinstance(value, bool)


def test_a_row_says_the_same_things_in_both_languages(tables: list[Table]) -> None:
    for table in tables:
        for row in table.rows[:50]:
            for value in row:
                zh, en = plain_value(value, "zh"), plain_value(value, "en")
                assert bool(zh) == bool(en) or value in (0, 0.0, False), (table.name_en, value)


def test_a_name_that_looks_like_a_formula_stays_text(tables: list[Table], charts: list[Chart], tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        write_results(tmp_path / f"{lang}.xlsx", tables, lang, charts)
        book = openpyxl.load_workbook(tmp_path / f"{lang}.xlsx")
        assert len(book.sheetnames) == len(tables)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert any(cell.value == FORMULA and cell.data_type == "s" for cell in cells)


def test_csv_guards_what_looks_like_a_formula_and_json_keeps_it(tables: list[Table], tmp_path: Path) -> None:
    for number, table in enumerate(tables):
        write_csv(tmp_path / f"{number}.csv", table)
        with (tmp_path / f"{number}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == len(table.rows) + 1
        assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)
    write_json(tmp_path / "all.json", tables)
    content = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert [len(table["rows"]) for table in content] == [len(table.rows) for table in tables]
    assert any(row.get("name") == FORMULA for table in content for row in table["rows"])


def test_the_same_tables_give_the_same_bytes(tables: list[Table], charts: list[Chart], tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_results(tmp_path / f"{name}.xlsx", tables, "zh", charts)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.covers("R-006")
def test_a_quota_shows_how_it_was_worked_out(tables: list[Table]) -> None:
    table = next(t for t in tables if t.name_en == "Quotas")
    at = {column.key: i for i, column in enumerate(table.columns)}
    get: Callable[[tuple[object, ...], str], float] = lambda row, key: row[at[key]]  # type: ignore[assignment,return-value] # noqa: E731
    for row in table.rows:
        exact = Fraction(str(get(row, "base"))) * Fraction(str(get(row, "rate")))
        assert float(exact) == pytest.approx(get(row, "exact"))
        assert abs(get(row, "rounded") - get(row, "exact")) < 1
        assert get(row, "bound") >= get(row, "rounded")


def test_a_draft_that_breaks_rules_says_so_in_its_name_and_notes(tables: list[Table]) -> None:
    names = {table.name_zh for table in tables}
    assert "试排（不得采用）" in names
    giving = next(table for table in tables if table.name_en == "Rules that must give")
    assert "不得采用" in giving.notes[0][0]
    assert "not to be adopted" in giving.notes[0][1]


@pytest.mark.covers("R-007")
def test_wish_and_need_stand_beside_every_proposed_move(tables: list[Table], made: YearPlan) -> None:
    table = next(t for t in tables if t.name_en == "Plan")
    at = {column.key: i for i, column in enumerate(table.columns)}
    stated = {t.id: len(t.preferences) for t in made.assembly.problem.teachers}
    for row in table.rows:
        assert (row[at["wishes"]] or 0) == stated[row[at["teacher_id"]]]
        assert row[at["as_subject"]]
        assert plain_value(row[at["reason"]], "zh")


def test_every_chart_finds_its_table_and_columns(tables: list[Table], charts: list[Chart]) -> None:
    columns = {table.name_zh: {c.key for c in table.columns} for table in tables}
    assert {chart.table for chart in charts} <= set(columns)
    assert all({chart.categories, *chart.values} <= columns[chart.table] for chart in charts)


@pytest.mark.covers("R-116", "R-117")
def test_the_notes_show_how_many_go_of_their_own_wish_and_how_many_are_backbone(made: YearPlan) -> None:
    lines = {row[0].en: (row[1], row[2].en) for row in note_table(made.assembly.notes, made.report).rows}
    people = {t.id: t for t in made.assembly.problem.teachers}
    moving = [people[a.teacher_id] for a in made.result.assignments]
    voluntary, backbone = sum(bool(t.preferences) for t in moving), sum(t.backbone for t in moving)
    assert lines["Voluntary: stated wishes"] == (voluntary, f"{voluntary / len(moving):.1%} of the moves")
    assert lines["Ordered: stated none"][0] == len(moving) - voluntary
    assert lines["Of them backbone teachers"] == (backbone, f"{backbone / len(moving):.1%} of the moves")
