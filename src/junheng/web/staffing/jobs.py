"""Background work of the room: rehearsing and writing intakes, making files of the county."""

from __future__ import annotations

import hashlib
import json
from datetime import time
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.documents import Phrase, write_county, write_national
from junheng.web.records.audit import record
from junheng.web.records.jobs import JobRefused, Work, job_kind, nightly
from junheng.web.staffing import intake as taking
from junheng.web.staffing import snapshot, vault
from junheng.web.staffing.intake.comparing import Line
from junheng.web.staffing.intake.inserting import insert
from junheng.web.staffing.intake.rehearsing import Rehearsed, day_of, lines_of, rehearse, told
from junheng.web.staffing.intake.wording import language
from junheng.web.staffing.models import KEPT, CountyExport, ExportKind, Intake, IntakeLine, IntakeState

_STEPS = 4


def _asked(work: Work) -> Intake:
    return Intake.objects.select_related("county", "organisation", "mapping").get(pk=work.arguments["intake"])


def _telling(work: Work) -> Any:
    said = {
        "read_present": _("读取现有数据"),
        "read_file": _("读取并检查文件"),
        "compare": _("逐人逐项对照"),
        "store": _("整理结果"),
    }
    return lambda done, step: work.progress(done, _STEPS, said[step])


@job_kind("staffing.intake.rehearse")
def rehearse_intake(work: Work) -> dict[str, Any]:
    """Read the file, compare it with the county, and keep what was found as lines."""
    intake = _asked(work)
    result = {"url": intake.get_absolute_url()}
    if intake.state != IntakeState.REHEARSING:
        return result
    found = rehearse(intake, _telling(work))
    rows = [_row(intake, number, line, said) for number, (line, said) in enumerate(lines_of(found), start=1)]
    with work.finishing() as kept:
        kept.update(result)
        held = Intake.objects.select_for_update(no_key=True).get(pk=intake.pk)  # scoped: by the job
        if held.state != IntakeState.REHEARSING:
            return result
        held.lines.all().delete()
        insert(IntakeLine, _LINE_COLUMNS, rows)
        old = held.faults_stored
        _settle(held, found)
        transaction.on_commit(lambda: vault.drop(old))
    return result


_LINE_COLUMNS = ("intake_id", "position", "kind", "state", "code", "label", "school", "changes", "said")


def _row(intake: Intake, number: int, line: Line, said: dict[str, Any]) -> tuple[Any, ...]:
    return (
        intake.pk, number, str(line.kind), str(line.state), line.code[:100], line.label[:300], line.school[:200],
        line.changes, said,
    )  # fmt: skip


def _settle(intake: Intake, found: Rehearsed) -> None:
    """Keep what was found and say where the intake stands now."""
    intake.state = _state_of(found)
    intake.fingerprint = found.fingerprint
    intake.mapping = found.mapping
    if found.headers or found.mapping is None:  # a mapping that did not fit may be put together once more
        intake.headers = found.headers
    intake.on = day_of(found)
    intake.refusal = {"zh": found.refusal.zh, "en": found.refusal.en} if found.refusal else {}
    intake.warnings = told(found.reading.warnings) if found.reading is not None else []
    intake.faults_stored = found.faults_stored
    intake.counts = {**found.comparison.counts, "faults": len(found.faults)}
    if found.plan is not None:
        closed, added = found.plan.rows()
        intake.counts |= {"rows_closed": closed, "rows_added": added}
    intake.save()


def _state_of(found: Rehearsed) -> IntakeState:
    if found.refusal is not None:
        return IntakeState.REFUSED
    if found.plan is None:
        return IntakeState.FAULTY
    return IntakeState.SAME if found.plan.is_empty else IntakeState.READY


@job_kind("staffing.intake.write")
def write_intake(work: Work) -> dict[str, Any]:
    """Read the confirmed file once more and write it, if the county still looks as it was rehearsed."""
    intake = _asked(work)
    result = {"url": intake.get_absolute_url()}
    if intake.state != IntakeState.CONFIRMED:
        return result
    found = rehearse(intake, _telling(work), for_writing=True)
    with work.finishing() as kept:
        kept.update(result)
        held = Intake.objects.select_for_update(no_key=True).get(pk=intake.pk)  # scoped: by the job
        if held.state == IntakeState.CONFIRMED:
            _write(held, found)
    return result


def _write(intake: Intake, found: Rehearsed) -> None:
    """Write the plan, or say that the county has changed; inside the job's one transaction."""
    if found.plan is None or found.fingerprint != intake.fingerprint:
        _stale(intake, found.refusal)
        return
    try:
        taken = taking.carry_out(found.plan, intake.fingerprint, by=intake.confirmed_by, source=f"intake:{intake.pk}")
    except taking.IntakeRefusedError as fault:
        _stale(intake, fault.why)
        return
    intake.state, intake.written_at, intake.snapshot = IntakeState.WRITTEN, timezone.now(), taken.snapshot
    stored, intake.stored = intake.stored, ""
    intake.save()
    record(
        intake.confirmed_by, "staffing.intake.written", intake, organisation=intake.organisation,
        after={"on": intake.on, "snapshot": taken.snapshot.pk, "counts": intake.counts},
        file=intake.file_name, file_digest=intake.file_digest, lines=_digest_of_lines(intake),
        closed=taken.closed, added=taken.added,
    )  # fmt: skip
    transaction.on_commit(lambda: vault.drop(stored))


def _stale(intake: Intake, why: Phrase | None) -> None:
    intake.state = IntakeState.STALE
    intake.confirmed_by = intake.confirmed_at = None
    if why is not None:
        intake.refusal = {"zh": why.zh, "en": why.en}
    intake.save()


def _digest_of_lines(intake: Intake) -> str:
    """Binds the lines that were looked at to the trail."""
    digest = hashlib.sha256()
    for row in intake.lines.order_by("position").values_list("kind", "state", "code", "label", "changes").iterator():
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()


@job_kind("staffing.export.make")
def make_export(work: Work) -> dict[str, Any]:
    """Write the county to a file, seal it, and say that it can be fetched."""
    export = CountyExport.objects.select_related("county").get(pk=work.arguments["export"])
    work.progress(0, 3, _("读取现有数据"))
    try:
        county = snapshot.county_of(export.county, export.on)
    except snapshot.UnsoundCountyError as fault:
        raise JobRefused(_("现有数据互相矛盾，须先更正：%s") % fault) from None
    work.progress(1, 3, _("生成文件"))
    with vault.workplace() as folder:
        path = folder / "county.xlsx"
        if export.kind == ExportKind.NATIONAL:
            write_national(county, path, language())
        else:
            write_county(county, path, language())
        work.progress(2, 3, _("保存文件"))
        with path.open("rb") as file:
            stored = vault.keep(file)
    with work.finishing() as kept:
        kept["url"] = reverse("staffing:export_county")
        CountyExport.objects.filter(pk=export.pk).update(stored=stored, rows=len(county.teachers))
        record(
            export.asked_by, "staffing.county.exported", export.county, organisation=export.county,
            reason=export.reason, kind=export.kind, on=export.on, teachers=len(county.teachers),
            schools=len(county.schools),
        )  # fmt: skip
    return kept


@nightly("staffing.files.cleared", title=gettext_lazy("清理到期的导出文件"), at=time(1, 30))
def clear_files(work: Work) -> dict[str, Any]:
    """Remove files of the county that can no longer be fetched."""
    over = CountyExport.objects.filter(asked_at__lt=timezone.now() - KEPT).exclude(stored="")
    gone = list(over.values_list("pk", "stored"))
    with work.finishing() as kept:
        CountyExport.objects.filter(pk__in=[key for key, _stored in gone]).update(stored="")
        kept["cleared"] = len(gone)
    for _key, stored in gone:
        vault.drop(stored)
    return kept
