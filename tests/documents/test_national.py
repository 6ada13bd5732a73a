"""The national fields: groups, headers and codes; nothing in clear that must not be, nothing a spreadsheet runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from junheng.documents import write_national
from junheng.documents.national import NationalFormError, load_groups
from junheng.facts import County, SpellKind
from junheng.facts.synthetic import make_county


@pytest.fixture(scope="module")
def county() -> County:
    made = make_county(teachers=160, seed=3)
    named = replace(made.teachers[0], name='=HYPERLINK("x")')
    return replace(made, teachers=(named, *made.teachers[1:]))


def test_every_group_is_a_sheet_with_the_national_headers(county: County, tmp_path: Path) -> None:
    write_national(county, tmp_path / "n.xlsx")
    book = load_workbook(tmp_path / "n.xlsx")
    assert book.sheetnames == ["说明", *(group.name for group in load_groups())]
    basic = list(book["基本信息"].values)
    assert basic[0][:3] == ("姓名", "教职工号", "曾用名") and len(basic) == len(county.teachers) + 1
    at = {header: number for number, header in enumerate(basic[0])}
    first = county.teachers[1]
    row = basic[2]
    assert row[at["教职工号"]] == first.id and row[at["性别"]] == {"M": "1", "F": "2"}[first.sex.value]
    assert row[at["曾用名"]] is None and row[at["民族"]] is None
    assert "********" in row[at["身份证件号"]]


def test_no_formula_and_no_full_id_number_leaves(county: County, tmp_path: Path) -> None:
    write_national(county, tmp_path / "n.xlsx")
    numbers = {t.id_number for t in county.teachers if t.id_number}
    for sheet in load_workbook(tmp_path / "n.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.value not in numbers


def test_exchanges_follow_the_national_rule_that_none_clears_the_rest(county: County, tmp_path: Path) -> None:
    write_national(county, tmp_path / "n.xlsx")
    rows = list(load_workbook(tmp_path / "n.xlsx")["交流轮岗"].values)[1:]
    away = {t.id for t in county.teachers if any(a.kind is not SpellKind.POST for a in t.appointments)}
    assert {row[1] for row in rows if row[2] == "0"} == {t.id for t in county.teachers} - away
    assert all(row[3:] == (None,) * 5 for row in rows if row[2] == "0")
    assert all(row[4] and row[7] for row in rows if row[2] != "0")


def test_a_file_of_groups_that_names_something_unknown_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "groups.yaml"
    path.write_text("codes: {}\ngroups:\n- {name: 甲, rows: teacher, columns: [[乙, blood_type]]}\n", "utf-8")
    with pytest.raises(NationalFormError, match="blood_type"):
        load_groups(path)
