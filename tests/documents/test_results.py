"""Results as workbook, CSV and JSON: the same values, safe, complete and repeatable."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.documents import Chart, ResultColumn, Table, write_csv, write_json, write_results
from junheng.facts import Stage, Subject

COLUMNS = (
    ResultColumn(key="teacher", zh="工号", en="Teacher"),
    ResultColumn(key="stage", zh="学段", en="Stage"),
    ResultColumn(key="years", zh="年限", en="Years", kind="integer"),
    ResultColumn(key="share", zh="占比", en="Share", kind="percent", decimals=1),
    ResultColumn(key="since", zh="起", en="Since", kind="date"),
    ResultColumn(key="moved", zh="交流", en="Moved"),
)
ROWS = [
    ["=1+1", Stage.PRIMARY, 6, 0.125, date(2019, 9, 1), True],
    ["0001", Stage.JUNIOR, -3, None, None, False],
]
TABLE = Table(
    name_zh="认定结果",
    name_en="Verdicts",
    columns=COLUMNS,
    rows=ROWS,
    notes=[("按教学所在校统计", "counted where they teach")],
)
CHART = Chart(
    table="认定结果", kind="column", categories="teacher", values=["years", "share"], title_zh="年限", title_en="Years"
)


def cells(path: Path, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


def test_a_workbook_holds_headers_rows_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "result.xlsx"
    write_results(path, [TABLE])
    sheet = openpyxl.load_workbook(path)["认定结果"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["工号", "学段", "年限", "占比", "起", "交流"]
    assert [str(value)[:10] for value in rows[1]] == ["=1+1", "小学", "6", "0.125", "2019-09-01", "是"]
    assert rows[2] == ["0001", "初中", -3, None, None, "否"]
    assert rows[4][0] == "按教学所在校统计"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F3"
    assert sheet["D2"].number_format == "0.0%"


def test_no_cell_is_a_formula_and_a_dangerous_one_keeps_its_quote(tmp_path: Path) -> None:
    path = tmp_path / "result.xlsx"
    write_results(path, [TABLE], charts=[CHART])
    sheet = openpyxl.load_workbook(path)["认定结果"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in part or b"<f " in part for part in parts)


def test_english_names_and_labels(tmp_path: Path) -> None:
    write_results(tmp_path / "result.xlsx", [TABLE], "en")
    rows = cells(tmp_path / "result.xlsx", "Verdicts")
    assert rows[0][1] == "Stage"
    assert rows[1][1] == "primary"
    assert rows[1][5] == "yes"


def test_charts_are_native_and_refer_to_the_cells(tmp_path: Path) -> None:
    path = tmp_path / "result.xlsx"
    write_results(path, [TABLE], charts=[CHART])
    with zipfile.ZipFile(path) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert "认定结果!$C$2:$C$3" in chart
    assert chart.count("<c:ser>") == 2


def test_large_tables_are_written_row_by_row(tmp_path: Path) -> None:
    table = Table(name_zh="大表", name_en="Large", columns=COLUMNS[:1], rows=[[f"+{n}"] for n in range(20_001)])
    write_results(tmp_path / "large.xlsx", [table])
    book = openpyxl.load_workbook(tmp_path / "large.xlsx", read_only=True)
    rows = list(book["大表"].iter_rows(values_only=True))
    book.close()
    assert (len(rows), rows[-1]) == (20_002, ("+20000",))


def test_csv_and_json_hold_the_same(tmp_path: Path) -> None:
    write_csv(tmp_path / "result.csv", TABLE)
    assert (tmp_path / "result.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "result.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["'=1+1", "小学", "6", "0.125", "2019-09-01", "是"]
    assert rows[2] == ["0001", "初中", "-3", "", "", "否"]
    write_json(tmp_path / "result.json", [TABLE])
    (table,) = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert table["rows"][0] == {
        "teacher": "=1+1", "stage": "primary", "years": 6, "share": 0.125, "since": "2019-09-01", "moved": True,
    }  # fmt: skip
    assert table["notes"] == ["按教学所在校统计"]


def test_the_same_tables_are_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_results(tmp_path / name, [TABLE], charts=[CHART])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_cannot_be_written_is_refused_before_anything_is(tmp_path: Path) -> None:
    short = Table(name_zh="短", name_en="Short", columns=COLUMNS, rows=[["T1"]])
    with pytest.raises(ValueError, match="row 1 has 1 values for 6 columns"):
        write_results(tmp_path / "a.xlsx", [short])
    lost = Chart(table="没有", kind="bar", categories="teacher", values=["years"], title_zh="", title_en="x")
    with pytest.raises(ValueError, match="no table"):
        write_results(tmp_path / "a.xlsx", [TABLE], charts=[lost])
    wrong = Chart(table="Verdicts", kind="bar", categories="teacher", values=["nothing"], title_zh="", title_en="x")
    with pytest.raises(ValueError, match="no column nothing"):
        write_results(tmp_path / "a.xlsx", [TABLE], charts=[wrong])
    assert list(tmp_path.iterdir()) == []


def test_several_values_in_a_cell_are_joined(tmp_path: Path) -> None:
    row = [(Subject.MATHS, Subject.PE), frozenset({Stage.PRIMARY, Stage.JUNIOR}), float("nan"), None, None, None]
    write_results(tmp_path / "a.xlsx", [Table(name_zh="表", name_en="T", columns=COLUMNS, rows=[row])])
    assert cells(tmp_path / "a.xlsx", "表")[1][:3] == ["数学、体育", "初中、小学", "nan"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_text_survives_the_csv_without_a_dangerous_lead(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    encodable = [text.encode("utf-8", "ignore").decode() for text in texts]
    write_csv(path, Table(name_zh="表", name_en="T", columns=COLUMNS[:1], rows=[[text] for text in encodable]))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row[0] if row else "" for row in csv.reader(file)][1:]
    assert [row.removeprefix("'") for row in rows] == [text.removeprefix("'") for text in encodable]
    assert not any(row[:1] in "=+-@\t\r＝＋－＠" for row in rows if row)
