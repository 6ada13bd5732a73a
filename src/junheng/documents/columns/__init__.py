"""The county workbook, declared: each sheet and each column once."""

from __future__ import annotations

import re
import unicodedata

from junheng.documents.columns.careers import APPOINTMENTS, FAMILY, HONORS, LEAVES, SANCTIONS, TITLES
from junheng.documents.columns.column import Column, Kind, Sheet
from junheng.documents.columns.people import TEACHERS
from junheng.documents.columns.places import CLUSTERS, COUNTY, SCHOOLS
from junheng.documents.columns.provision import ENROLMENT, HISTORY, PAIRINGS, POSTS, RESOURCES
from junheng.documents.columns.records import ASSESSMENTS, EXAMS, TRAINING, WISHES

SHEETS: tuple[Sheet, ...] = (
    COUNTY,
    CLUSTERS,
    SCHOOLS,
    ENROLMENT,
    POSTS,
    RESOURCES,
    HISTORY,
    TEACHERS,
    APPOINTMENTS,
    TITLES,
    HONORS,
    LEAVES,
    SANCTIONS,
    FAMILY,
    ASSESSMENTS,
    EXAMS,
    TRAINING,
    PAIRINGS,
    WISHES,
)
"""Every sheet that carries facts, in the order of the workbook."""

GUIDE_SHEET = {"zh": "说明", "en": "Guide"}
"""Written, never read: how to fill in the workbook."""

CODES_SHEET = {"zh": "代码表", "en": "Code lists"}
"""Written and hidden, never read: the lists behind the dropdowns."""

FAULTS_HEADER = {"zh": "错误信息", "en": "Faults"}
"""The extra column of a copy that shows the faults; skipped when the corrected copy is read."""

SHEET_BY_KEY: dict[str, Sheet] = {sheet.key: sheet for sheet in SHEETS}


def plain(text: str) -> str:
    """A header or sheet name reduced to what tells it apart: no spaces, stars or brackets' width, lower case."""
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", text)).casefold()


def sheet_named(name: str) -> Sheet | None:
    """The sheet that a sheet or file name means, or ``None``."""
    return _SHEET_NAMES.get(plain(name))


def headers_of(sheet: Sheet) -> dict[str, Column]:
    """Every accepted header of the sheet, reduced by :func:`plain`. A declared header wins over another's ``also``."""
    accepted: dict[str, Column] = {}
    for column in sheet.columns:
        for header in (column.zh, column.en, column.field):
            accepted.setdefault(plain(header), column)
    for column in sheet.columns:
        for header in column.also:
            accepted.setdefault(plain(header), column)
    return accepted


def column_named(sheet: Sheet, header: str) -> Column | None:
    """The column of the sheet that a header means, or ``None``."""
    return headers_of(sheet).get(plain(header))


_SHEET_NAMES: dict[str, Sheet] = {
    plain(name): sheet
    for names in ("also", "main")
    for sheet in SHEETS
    for name in (sheet.also if names == "also" else (sheet.key, sheet.zh, sheet.en))
}

__all__ = [
    "CODES_SHEET",
    "FAULTS_HEADER",
    "GUIDE_SHEET",
    "SHEETS",
    "SHEET_BY_KEY",
    "Column",
    "Kind",
    "Sheet",
    "column_named",
    "headers_of",
    "plain",
    "sheet_named",
]
