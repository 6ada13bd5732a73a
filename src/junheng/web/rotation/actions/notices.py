"""Public notices: drafted, checked for what must not be public, published, taken down by the clock, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.interface.numbers import semicolon
from junheng.web.records.attachments import keeping
from junheng.web.records.audit import record
from junheng.web.records.jobs import Work, enqueue, job_kind
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation import proofs
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.models import (
    FileKind,
    NoticeKind,
    NoticeRow,
    NoticeStatus,
    PhaseKind,
    PublicNotice,
    RotationYear,
    Scenario,
    ScenarioStatus,
)
from junheng.web.rotation.privacy_lint import UnreadableAttachmentError, text_of
from junheng.web.rotation.publishing import (
    FilesRead,
    digest_of,
    is_still,
    lines_for,
    read_files,
    what_is_private,
)
from junheng.web.rotation.workdays import Workdays, end_of
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

TAKE_DOWN = "rotation.notice.take_down"
SAID = 5
"""How many of the things that must not be public are named in a refusal."""


def _require(year: RotationYear, kind: str, at: datetime | None) -> None:
    """Results are published in their phase; lists and quotas whenever their year has not been archived."""
    if kind == NoticeKind.RESULTS:
        require_open(year, PhaseKind.PLANNING, PhaseKind.NOTICE, at=at)
    elif year.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": year})


@transaction.atomic
def draft(
    year: RotationYear, *, kind: str, words: Mapping[str, Any], by: User, at: datetime | None = None
) -> PublicNotice:
    """Begin a notice; one of results speaks of the scenario that is proposed. Raises :class:`RefusedError`."""
    _require(year, kind, at)
    scenario = None
    if kind == NoticeKind.RESULTS:
        scenario = Scenario.objects.filter(year=year, status=ScenarioStatus.PROPOSED).first()
        if scenario is None:
            raise RefusedError(_("还没有提请采用的方案，不能拟名单公示。"))
    made = PublicNotice.objects.create(
        year=year, kind=kind, scenario=scenario, created_by=by, created_at=at or timezone.now(), **words
    )
    record(by, "rotation.notice.drafted", made, organisation=year.county, after={"kind": kind, "title": made.title})
    return made


@transaction.atomic
def rewrite(notice: PublicNotice, *, words: Mapping[str, Any], by: User) -> PublicNotice:
    """Change a draft; one of results then speaks of the scenario that is proposed now.

    Raises :class:`RefusedError` for one that is published: it can only be withdrawn.
    """
    held = _draft(notice)
    if held.kind == NoticeKind.RESULTS:
        held.scenario = Scenario.objects.filter(year=held.year, status=ScenarioStatus.PROPOSED).first() or held.scenario
    for name, value in words.items():
        setattr(held, name, value)
    held.save()
    record(by, "rotation.notice.rewritten", held, organisation=held.year.county, after={"title": held.title})
    return held


def attach(notice: PublicNotice, upload: UploadedFile, *, by: User) -> None:
    """Add a file to a draft: Word, Excel or PDF. Raises :class:`RefusedError` for one that cannot be checked."""
    _draft_only(notice)
    content = upload.read()
    upload.seek(0)
    try:
        text_of(upload.name or "", content)
        with transaction.atomic():
            keeping.store(upload, _draft(notice), by=by, organisation=notice.year.county)
    except (UnreadableAttachmentError, keeping.UnwelcomeFileError) as fault:
        raise RefusedError(str(fault)) from fault


def _draft_only(notice: PublicNotice) -> None:
    if notice.status != NoticeStatus.DRAFT:
        raise RefusedError(_("已发布的公示不能修改；有误的请撤回，重新公示。"))


def _draft(notice: PublicNotice) -> PublicNotice:
    held = _locked(notice.pk)
    _draft_only(held)
    return held


def _locked(key: int) -> PublicNotice:
    rows = PublicNotice.objects.select_for_update(no_key=True, of=("self",)).select_related("year__county", "scenario")
    return rows.get(pk=key)


def publish(notice: PublicNotice, *, by: User, at: datetime | None = None) -> PublicNotice:
    """Publish a draft for its working days, from this moment; everything that it shows is fixed and hashed.

    Its files are read to the end before any row is held, and published only if they are still the ones that were read.

    Raises :class:`RefusedError` for anything that must not be public, for files that changed meanwhile, for a plan that
    is no longer the proposed one, and for a second notice of one plan.
    """
    now = at or timezone.now()
    return _publish(notice, read_files(PublicNotice.objects.get(pk=notice.pk)), by=by, at=now)


@transaction.atomic
def _publish(notice: PublicNotice, read: FilesRead, *, by: User, at: datetime) -> PublicNotice:
    in_line(notice.year)
    held = _draft(notice)
    _require(held.year, held.kind, at)
    content = b""
    if held.scenario is not None:
        if held.scenario.status != ScenarioStatus.PROPOSED:
            raise RefusedError(
                _(
                    "“%(scenario)s”没有提请采用，不能公示；提请采用别的方案以后，请在“修改”里核对保存，名单即改为该方案的。"
                )
                % {"scenario": held.scenario}
            )
        content = proofs.public_part(held.scenario)
    rows = lines_for(held)
    _refuse_private(held, rows, read)
    pause()
    held.opens = at
    held.closes = end_of(Workdays.of(held.year.county).after(timezone.localdate(at), held.days))
    held.status, held.published_by, held.published_at = NoticeStatus.PUBLISHED, by, at
    if held.scenario is not None:
        held.root, held.moves = held.scenario.root, held.scenario.moves_count
        held.manual = proofs.decided_by_hand(held.scenario)
    held.rows_digest = digest_of(held, rows)
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        raise RefusedError(_("这个方案的名单已经公示。")) from None
    if held.scenario is not None:
        there = held.scenario.files.filter(kind=FileKind.PUBLIC, version=held.scenario.version).first()
        held.bundle = there or proofs.keep(held.scenario, content, FileKind.PUBLIC)
        held.save(update_fields=["bundle"])
    NoticeRow.objects.bulk_create(rows, batch_size=500)
    ask_to_take_down(held)
    record(
        by, "rotation.notice.published", held, organisation=held.year.county,
        after={"digest": held.rows_digest, "root": held.root, "opens": held.opens, "closes": held.closes,
               "rows": len(rows), "manual": held.manual},
    )  # fmt: skip
    _tell(held, rows)
    return held


def _refuse_private(notice: PublicNotice, rows: Sequence[NoticeRow], read: FilesRead) -> None:
    if not is_still(notice, read):
        raise RefusedError(_("检查附件期间，公示的附件或联系电话有改动，没有发布；请核对以后再发布一次。"))
    if read.fault:
        raise RefusedError(read.fault)
    found = what_is_private(notice, rows, read)
    if found:
        more = _("等 %s 处") % len(found) if len(found) > SAID else ""
        raise RefusedError(
            _("公示中不得出现以下内容，请删除后再发布：%(found)s%(more)s")
            % {"found": semicolon().join(found[:SAID]), "more": more}
        )


def _tell(notice: PublicNotice, rows: Sequence[NoticeRow]) -> None:
    people = Teacher.objects.filter(pk__in=[row.teacher_id for row in rows if row.teacher_id]).select_related("user")
    accounts = [each.user for each in people if each.user is not None]
    notify(accounts, "rotation.notice.published", gettext_noop("“%(title)s”已经公示，名单中有您。"),
           {"title": notice.title}, f"/rotation/public/{notice.pk}/")  # fmt: skip


def ask_to_take_down(notice: PublicNotice) -> None:
    """Sees to it that the notice is recorded as taken down when its period ends; nobody can read it from then on."""
    if notice.closes is None:
        return
    enqueue(
        TAKE_DOWN, {"notice": notice.pk}, title=_("撤下公示：%s") % notice.title, by=None,
        organisation=notice.year.county, subject=notice, due_at=notice.closes,
        once=f"{TAKE_DOWN}:{notice.pk}:{notice.closes.isoformat()}",
    )  # fmt: skip


@job_kind(TAKE_DOWN)
def take_down(work: Work) -> dict[str, Any]:
    """Record that a notice is over. That nobody can read it any more does not wait for this: the page has a clock."""
    with work.finishing() as told:
        held = _locked(work.arguments["notice"])
        told["url"] = held.get_absolute_url()
        now = timezone.now()
        if held.taken_down_at is None and held.is_over(now):
            held.taken_down_at = now
            held.save(update_fields=["taken_down_at"])
            record(
                None, "rotation.notice.taken_down", held, organisation=held.year.county,
                after={"closes": held.closes, "reads": held.reads},
            )  # fmt: skip
    return {"url": held.get_absolute_url()}


@transaction.atomic
def withdraw(notice: PublicNotice, *, reason: str, by: User, at: datetime | None = None) -> PublicNotice:
    """Take a notice back before its end, with a reason. Raises :class:`RefusedError`."""
    in_line(notice.year)
    held = _locked(notice.pk)
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    if held.status != NoticeStatus.PUBLISHED:
        raise RefusedError(_("这份公示没有在公示中。"))
    pause()
    held.status, held.withdrawn_by, held.withdrawn_at = NoticeStatus.WITHDRAWN, by, at or timezone.now()
    held.withdrawn_because = reason
    held.save(update_fields=["status", "withdrawn_by", "withdrawn_at", "withdrawn_because"])
    record(by, "rotation.notice.withdrawn", held, organisation=held.year.county, reason=reason)
    return held


def count_reading(notice: PublicNotice) -> None:
    """One more reader."""
    PublicNotice.objects.filter(pk=notice.pk).update(reads=F("reads") + 1)
