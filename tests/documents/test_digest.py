"""The figures behind the pictures agree with the plan, the checker and each other."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from junheng.documents.digest import COMMUTE_EDGES, FrontierPoint, PlanDigest, commute_labels, digest_of
from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, Gallery, ResultColumn, Table, write_results
from junheng.documents.tables.pictured import flow_tables, gallery
from junheng.facts.synthetic import make_small_county
from junheng.planning.year import Request, YearPlan, plan_year
from junheng.policy import load_pack


@pytest.fixture(scope="module")
def made() -> YearPlan:
    return plan_year(make_small_county(), load_pack("CN"), Request(processes=1))


@pytest.fixture(scope="module")
def digest(made: YearPlan) -> PlanDigest:
    point = FrontierPoint(label=Phrase("本方案", "This plan"), imbalance=0.5, service=9.0, extra_km=1.0, moves=6)
    return digest_of(made, frontier=(point,))


def test_flows_movers_and_schools_add_up_to_the_plan(made: YearPlan, digest: PlanDigest) -> None:
    moves = len(made.result.assignments)
    assert moves > 0
    for total in (
        len(digest.movers),
        sum(digest.flows().values()),
        sum(digest.zone_flows().values()),
        sum(digest.cluster_flows().values()),
        sum(digest.commutes()),
        sum(p.leaving for p in digest.places),
        sum(p.arriving for p in digest.places),
        sum(digest.wishes_met) + digest.wishes_missed + digest.without_wishes,
    ):
        assert total == moves
    assert Counter(m.wish_met for m in digest.movers if m.wish_met) == Counter(
        {rank: n for rank, n in enumerate(digest.wishes_met, start=1) if n}
    )


def test_indicators_are_the_checkers_and_schools_stand_in_rising_order(made: YearPlan, digest: PlanDigest) -> None:
    checked = {(line.stage, line.indicator): line for line in made.report.figures.stages}
    assert len(digest.indicators) == 6
    for line in digest.indicators:
        said = checked[line.stage.value, line.indicator.value]
        assert (line.cv_before, line.cv_after) == pytest.approx((said.cv_before, said.cv_after), abs=1e-12)
        values = [school.before for school in line.schools]
        assert values == sorted(values)


def test_a_commute_on_a_bound_belongs_to_the_bar_below_it(digest: PlanDigest) -> None:
    assert len(commute_labels()) == len(digest.commutes()) == len(COMMUTE_EDGES) + 1
    assert [label.zh for label in commute_labels()][2:4] == ["−5～0", "0～+5"]


def test_the_gallery_holds_the_tables_and_a_chart_for_each_picture(
    digest: PlanDigest, made: YearPlan, tmp_path: Path
) -> None:
    hung = gallery(digest)
    first = flow_tables(digest)
    assert sum(row[2] for row in first[1].rows) == len(made.result.assignments)
    for lang, name in (("zh", "图表"), ("en", "Charts")):
        path = tmp_path / f"{lang}.xlsx"
        write_results(path, first, lang, on=date(2026, 8, 31), gallery=hung)
        book = openpyxl.load_workbook(path)
        assert book.sheetnames.index(name) == 1
        sheet = book[name]
        assert len(sheet._charts) == len(hung.charts) == 12
        titles = [cell.value for cell in sheet["A"] if cell.font.b and cell.font.sz == 14]
        assert titles == [table.name(lang) for table in hung.tables]
        coefficients = [cell.value for cell in sheet["C"][2 : 2 + len(digest.indicators)]]
        assert coefficients == pytest.approx([i.cv_after for i in digest.indicators])
    again = tmp_path / "again.xlsx"
    write_results(again, first, "en", on=date(2026, 8, 31), gallery=hung)
    assert again.read_bytes() == (tmp_path / "en.xlsx").read_bytes()


def test_a_chart_of_a_gallery_must_name_its_table_and_columns(tmp_path: Path) -> None:
    table = Table(name_zh="表", name_en="Table", columns=[ResultColumn(key="a", zh="甲", en="A")], rows=[[1]])
    chart = Chart(table="表", kind="line", categories="a", values=["a"], lines=["b"], title_zh="图", title_en="Chart")
    with pytest.raises(ValueError, match="no column b"):
        write_results(
            tmp_path / "x.xlsx",
            [table],
            gallery=Gallery(name_zh="图表", name_en="Charts", tables=[table], charts=[chart]),
        )
    assert list(tmp_path.iterdir()) == []
