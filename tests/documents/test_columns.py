"""The declared columns carry every fact and cannot be confused."""

from __future__ import annotations

import dataclasses

import pytest

from junheng.documents.assembling import FAMILY_FIELDS, SCHOOL_PARTS, TEACHER_PARTS
from junheng.documents.cells import Bad, read_cell
from junheng.documents.columns import (
    SHEET_BY_KEY,
    SHEETS,
    Column,
    Kind,
    Sheet,
    column_named,
    headers_of,
    plain,
    sheet_named,
)
from junheng.facts import Cluster, FamilyLink, Pairing, School, SubjectRequirement, Teacher

EVERY_COLUMN = [(sheet, column) for sheet in SHEETS for column in sheet.columns]
NAMES = [f"{sheet.key}-{column.field}" for sheet, column in EVERY_COLUMN]


def fields(fact: type) -> set[str]:
    return {field.name for field in dataclasses.fields(fact)}


def carried(*keys: str) -> set[str]:
    return {column.field for key in keys for column in SHEET_BY_KEY[key].columns if column.kind is not Kind.CHECK}


@pytest.mark.parametrize(("key", "fact"), [*SCHOOL_PARTS.items(), *TEACHER_PARTS.items()])
def test_every_fact_of_a_dated_record_has_a_column(key: str, fact: type) -> None:
    owner = "school_id" if key in SCHOOL_PARTS else "teacher_id"
    assert carried(key) - {owner} | ({"school_id"} & fields(fact)) == fields(fact)


def test_every_fact_of_teachers_schools_clusters_and_pairings_has_a_column() -> None:
    assert carried("teachers", "family") - set(FAMILY_FIELDS) - {"teacher_id"} == fields(Teacher) - {
        *TEACHER_PARTS,
        "family",
    }
    assert set(FAMILY_FIELDS) == fields(FamilyLink)
    assert carried("schools") == fields(School) - {*SCHOOL_PARTS, "posts", "requirements"}
    assert carried("posts") - {"school_id", "posts"} == fields(SubjectRequirement)
    assert carried("clusters") == fields(Cluster)
    assert carried("pairings") == fields(Pairing)


@pytest.mark.parametrize(("sheet", "column"), EVERY_COLUMN, ids=NAMES)
def test_a_column_explains_itself_in_both_languages_and_its_example_can_be_read(sheet: Sheet, column: Column) -> None:
    assert column.zh
    assert column.en
    assert column.help_zh
    assert column.help_en
    assert (column.codes is not None) == (column.kind in (Kind.CODE, Kind.CODES))
    if column.required:
        assert column.example, "what must be filled in has an example"
    if column.example:
        assert not isinstance(read_cell(column, column.example), Bad)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_no_header_means_two_columns_of_a_sheet(sheet: Sheet) -> None:
    names = [plain(name) for column in sheet.columns for name in {column.zh, column.en}]
    assert len(names) == len(set(names))
    assert all(headers_of(sheet)[plain(column.zh)] is column for column in sheet.columns)


def test_sheets_are_found_by_either_language_and_by_key() -> None:
    for sheet in SHEETS:
        assert {sheet_named(name) for name in (sheet.zh, sheet.en, sheet.key, f" {sheet.zh} ")} == {sheet}
    assert sheet_named("说明") is None


def test_a_header_is_found_whatever_its_spaces_stars_and_brackets() -> None:
    sheet = SHEET_BY_KEY["resources"]
    wanted = sheet.column("teaching_area_m2")
    assert column_named(sheet, "*教学及辅助用房 面积(平方米)") is wanted
    assert column_named(sheet, "教学面积？") is None
