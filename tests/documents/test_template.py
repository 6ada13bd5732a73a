"""The blank workbook: every declared column, explained, with dropdowns, and readable as it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from junheng.documents import read_county, write_template
from junheng.documents.columns import CODES_SHEET, GUIDE_SHEET, SHEETS, Kind


@pytest.fixture(scope="module", params=["zh", "en"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path, request.param)
    return request.param, path


def test_every_declared_column_has_header_note_and_dropdown(template: tuple[str, Path]) -> None:
    lang, path = template
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [GUIDE_SHEET[lang], *(sheet.title(lang) for sheet in SHEETS), CODES_SHEET[lang]]
    for sheet in SHEETS:
        page = book[sheet.title(lang)]
        assert [cell.value for cell in page[1]] == [column.header(lang) for column in sheet.columns]
        assert all(column.help(lang) in cell.comment.text for cell, column in zip(page[1], sheet.columns, strict=True))
        listed = {str(rule.sqref).split(":")[0] for rule in page.data_validations.dataValidation}
        wanted = {
            f"{cell.column_letter}2"
            for cell, column in zip(page[1], sheet.columns, strict=True)
            if column.codes is not None or column.kind is Kind.YES_NO
        }
        assert listed == wanted


def test_dropdowns_offer_the_labels_of_the_code_list(template: tuple[str, Path]) -> None:
    lang, path = template
    book = openpyxl.load_workbook(path)
    codes = book[CODES_SHEET[lang]]
    assert codes.sheet_state == "hidden"
    for sheet in SHEETS:
        by_cell = {
            str(rule.sqref).split(":")[0]: rule.formula1
            for rule in book[sheet.title(lang)].data_validations.dataValidation
        }
        for number, column in enumerate(sheet.columns, start=1):
            if column.codes is not None:
                formula = by_cell[f"{openpyxl.utils.get_column_letter(number)}2"]
                cells = codes[formula.partition("!")[2].replace("$", "")]
                assert [row[0].value for row in cells] == [code.label(lang) for code in column.codes]


def test_the_guide_explains_every_column_and_is_not_read(template: tuple[str, Path]) -> None:
    lang, path = template
    guide = openpyxl.load_workbook(path)[GUIDE_SHEET[lang]]
    lines = {(row[0], row[1]) for row in guide.iter_rows(values_only=True)}
    assert {(sheet.title(lang), column.header(lang)) for sheet in SHEETS for column in sheet.columns} <= lines


def test_the_blank_template_is_read_and_only_lacks_data(template: tuple[str, Path]) -> None:
    _lang, path = template
    reading = read_county(path)
    assert {fault.code for fault in reading.faults} == {"too_few_rows", "required"}
    assert set(reading.counts.values()) == {0}


def test_what_is_typed_as_text_stays_text(template: tuple[str, Path]) -> None:
    lang, path = template
    page = openpyxl.load_workbook(path)[SHEETS[7].title(lang)]
    assert SHEETS[7].key == "teachers"
    assert page.column_dimensions["A"].number_format == "@"
