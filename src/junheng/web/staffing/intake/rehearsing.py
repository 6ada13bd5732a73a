"""A rehearsal: a file read onto the county, compared with it, and everything told before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models as db
from django.utils import timezone

from junheng.documents import (
    Base,
    Fault,
    Limits,
    Mapping,
    Phrase,
    Reading,
    UnreadableWorkbook,
    read_county,
    write_faults_copy,
)
from junheng.documents.proposing import foreign_sheets
from junheng.web.directory.models import Organisation, OrganisationKind
from junheng.web.staffing import snapshot, vault
from junheng.web.staffing.intake.comparing import Comparison, Line, compare
from junheng.web.staffing.intake.plans import IntakeRefusedError, Plan, fingerprint_of, latest_day, plan_for
from junheng.web.staffing.ledgers import LEDGERS
from junheng.web.staffing.models import Intake, LineKind, LineState, SavedMapping

MOST_FAULTS = 5000
"""So many faults become lines; the copy of the file shows them all."""

Tell = Callable[[int, str], None]
_INTEGERS = {db.PositiveSmallIntegerField: 32_767, db.PositiveIntegerField: 2_147_483_647}


@dataclass(slots=True)
class Rehearsed:
    """What a rehearsal found. ``plan`` is there only when everything could be written."""

    fingerprint: str
    reading: Reading | None = None
    refusal: Phrase | None = None
    comparison: Comparison = field(default_factory=Comparison)
    plan: Plan | None = None
    faults_stored: str = ""
    headers: list[dict[str, Any]] = field(default_factory=list)
    """Of a roster of another system. A workbook that has a sheet of ours is ours, whatever lies beside it."""
    mapping: SavedMapping | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults of the file."""
        return self.reading.faults if self.reading is not None else ()


def rehearse(intake: Intake, tell: Tell, *, for_writing: bool = False) -> Rehearsed:
    """Read the kept file onto the county and compare; writes nothing to the database.

    ``for_writing`` leaves out what only a person looks at: lines and the copy with the faults.
    """
    county = intake.county
    found = Rehearsed(fingerprint=fingerprint_of(county))
    try:
        with vault.opened(intake.stored, intake.file_name) as path:
            _read(intake, path, found, tell, for_writing=for_writing)
    except UnreadableWorkbook as fault:
        found.refusal = Phrase(fault.zh, fault.en)
    except vault.UnreadableFileError:
        found.refusal = Phrase("上传的文件已不在，请重新上传", "the uploaded file is no longer there; upload it again")
    except (IntakeRefusedError, snapshot.UnsoundCountyError) as fault:
        found.refusal = getattr(fault, "why", None) or Phrase(
            f"现有数据互相矛盾，须先更正：{fault}", f"the present data contradict each other: {fault}"
        )
    return found


def _read(intake: Intake, path: Path, found: Rehearsed, tell: Tell, *, for_writing: bool) -> None:
    tell(0, "read_present")
    base = base_for(intake)
    tell(1, "read_file")
    found.mapping = intake.mapping
    reading = found.reading = _reading(intake, path, base, found.mapping)
    if found.mapping is None and not for_writing and any(each.code == "unknown_sheet" for each in reading.warnings):
        headers = [asdict(sheet) for sheet in foreign_sheets(path, workbook_limits())]
        found.headers = headers if not _own_sheets(reading) else []
        found.mapping = known_mapping(intake.county, headers)
        if found.mapping is not None:
            reading = found.reading = _reading(intake, path, base, found.mapping)
    if not reading.faults and not _own_sheets(reading):
        found.refusal = Phrase(
            "文件中没有可读取的工作表；如果是其他系统的花名册，请先设置映射",
            "the file has no sheet that can be read; map its columns first if it is another system's roster",
        )
        return
    if reading.county is None:
        if not for_writing:
            found.faults_stored = _faults_copy(path, reading, workbook_limits())
        return
    tell(2, "compare")
    if not for_writing:
        found.comparison = compare(base.county, reading.county)
    found.plan = plan_for(intake.county, reading.county, for_writing=for_writing)
    tell(3, "store")


def _own_sheets(reading: Reading) -> set[str]:
    """Which sheets of the template were there, or took the place of one by a mapping; the cover tells nothing."""
    return set(reading.counts) - {"county"}


def base_for(intake: Intake) -> Base:
    """The county as it is now, and for which schools the intake may speak."""
    county = intake.county
    day = max(filter(None, (intake.day_given, latest_day(county), timezone.localdate())))
    schools = None
    if intake.organisation.kind != OrganisationKind.COUNTY:
        below = Organisation.objects.descendants(intake.organisation, include_self=True)
        schools = frozenset(below.filter(kind=OrganisationKind.SCHOOL).values_list("code", flat=True))
    return Base(county=snapshot.county_of(county, day), whole=intake.whole, schools=schools, room=room())


@cache
def room() -> dict[tuple[str, str], int]:
    """By sheet and field the longest text and the largest number that the tables keep."""
    found: dict[tuple[str, str], int] = {("teachers", "id"): 40, ("schools", "id"): 40, ("clusters", "id"): 40}
    for ledger in LEDGERS:
        sheet = "posts" if ledger.key == "requirements" else ledger.key
        for kept in ledger.fields:
            if kept.reference:
                continue
            column = ledger.model._meta.get_field(kept.column)
            if isinstance(column, db.CharField) and column.max_length and not column.choices:
                found[sheet, kept.name] = column.max_length
            elif type(column) in _INTEGERS:
                found[sheet, kept.name] = _INTEGERS[type(column)]
    return found


def workbook_limits() -> Limits:
    """What an uploaded workbook may cost."""
    return Limits(file_bytes=settings.UPLOAD_LIMITS["workbook"])


def _reading(intake: Intake, path: Path, base: Base, mapping: SavedMapping | None) -> Reading:
    said = Mapping.parse(mapping.text, mapping.name) if mapping is not None else None
    return read_county(path, mapping=said, on=intake.day_given, limits=workbook_limits(), base=base)


def headers_fingerprint(sheets: list[dict[str, Any]]) -> str:
    """By which a roster of the same make is known again."""
    told = sorted((sheet["name"], [each["header"] for each in sheet["headers"]]) for sheet in sheets)
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def known_mapping(county: Organisation, sheets: list[dict[str, Any]]) -> SavedMapping | None:
    """The mapping in use that was made for these headers, the latest of several."""
    if not sheets:
        return None
    fitting = SavedMapping.objects.filter(county=county, retired_at__isnull=True)  # scoped: the intake's county
    return fitting.filter(fingerprint=headers_fingerprint(sheets)).order_by("-created_at").first()


def _faults_copy(path: Path, reading: Reading, limits: Limits) -> str:
    with vault.workplace() as folder:
        copy = folder / "faults.xlsx"
        write_faults_copy(path, reading.faults, copy, "zh", limits)
        with copy.open("rb") as file:
            return vault.keep(file)


def lines_of(found: Rehearsed) -> Iterator[tuple[Line, dict[str, Any]]]:
    """Every line of a rehearsal, faults first, each with what a fault says by language."""
    for fault in found.faults[:MOST_FAULTS]:
        said = {
            lang: {"place": fault.place(lang), "says": fault.says(lang), "value": fault.value} for lang in ("zh", "en")
        }
        yield Line(LineKind.ROW, LineState.FAULTY, str(fault.row or "")[:100], fault.sheet[:300]), said
    for line in found.comparison.lines:
        yield line, {}


def told(faults: tuple[Fault, ...], most: int = 200) -> list[dict[str, str]]:
    """Warnings as sentences by language."""
    return [{lang: fault.message(lang) for lang in ("zh", "en")} for fault in faults[:most]]


def day_of(found: Rehearsed) -> date | None:
    """The day from which the data would hold."""
    return found.reading.county.on if found.reading is not None and found.reading.county is not None else None
