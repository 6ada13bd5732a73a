"""Verbs of intakes: upload, rehearse again, confirm, discard."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.jobs import enqueue
from junheng.web.records.races import pause
from junheng.web.staffing import vault
from junheng.web.staffing.intake import fingerprint_of
from junheng.web.staffing.models import Intake, IntakeState, SavedMapping


class NotNowError(Exception):
    """The intake does not stand where this could be done; ``intake`` is how it stands now."""

    def __init__(self, intake: Intake) -> None:
        super().__init__(intake.state)
        self.intake = intake


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A file as it was uploaded, and how it is meant."""

    organisation: Organisation
    file: BinaryIO
    file_name: str
    file_size: int
    whole: bool = False
    mapping: SavedMapping | None = None
    day: date | None = None
    key: str


def upload(offer: Offer, *, by: Any) -> Intake:
    """Keep the file and ask for its rehearsal. The same form sent twice gives the one intake that there is."""
    there = Intake.objects.filter(uploaded_by=by, key=offer.key).first()
    if there is not None:
        return there
    county = offer.organisation.its_county
    if county is None:
        raise ValueError("an intake is for a county, a cluster or a school")
    digest = _digest_of(offer.file)
    stored = vault.keep(offer.file)
    try:
        with transaction.atomic():
            intake = Intake.objects.create(
                county=county, organisation=offer.organisation, key=offer.key, stored=stored, file_digest=digest,
                file_name=vault.safe_name(offer.file_name), file_size=offer.file_size, whole=offer.whole,
                mapping=offer.mapping, day_given=offer.day, uploaded_by=by,
            )  # fmt: skip
            _ask_for_rehearsal(intake, by)
            record(
                by, "staffing.intake.uploaded", intake, organisation=offer.organisation, file=intake.file_name,
                file_digest=digest, size=intake.file_size, whole=intake.whole,
            )  # fmt: skip
    except IntegrityError:
        vault.drop(stored)
        return Intake.objects.get(uploaded_by=by, key=offer.key)
    except BaseException:
        vault.drop(stored)
        raise
    return intake


def _digest_of(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1024 * 1024):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _ask_for_rehearsal(intake: Intake, by: Any) -> None:
    intake.rehearsal += 1
    intake.state = IntakeState.REHEARSING
    intake.job = enqueue(
        "staffing.intake.rehearse", {"intake": intake.pk}, title=_("预演 %s") % intake.file_name, by=by,
        organisation=intake.organisation, subject=intake,
        once=f"staffing.intake.rehearse:{intake.pk}:{intake.rehearsal}",
    )  # fmt: skip
    intake.save()


@transaction.atomic
def rehearse_again(intake: Intake, *, by: Any, mapping: SavedMapping | None = None) -> Intake:
    """Rehearse the kept file anew, as after the county has changed or a mapping was made.

    Raises :class:`NotNowError` while it is being rehearsed or written and when it is over.
    """
    held = _held(intake)
    if not (held.is_open or held.is_stuck) or not held.stored:
        raise NotNowError(held)
    held.confirmed_by = held.confirmed_at = None
    held.mapping = mapping or held.mapping
    _ask_for_rehearsal(held, by)
    record(by, "staffing.intake.rehearsed_again", held, organisation=held.organisation, rehearsal=held.rehearsal)
    return held


def confirm(intake: Intake, rehearsal: int, *, by: Any) -> Intake:
    """Ask for what was rehearsed to be written.

    Raises :class:`NotNowError` when it is confirmed or written already, when the form is of an earlier rehearsal, and
    when the county has changed since, in which case the intake then says so.
    """
    with transaction.atomic():
        held = _held(intake)
        if held.state != IntakeState.READY or held.rehearsal != rehearsal:
            raise NotNowError(held)
        pause()
        changed = fingerprint_of(held.county) != held.fingerprint
        if changed:
            held.state = IntakeState.STALE
            held.save()
            record(by, "staffing.intake.found_stale", held, organisation=held.organisation)
        else:
            _confirm(held, by)
    if changed:
        raise NotNowError(held)
    return held


def _confirm(held: Intake, by: Any) -> None:
    held.state, held.confirmed_by, held.confirmed_at = IntakeState.CONFIRMED, by, timezone.now()
    held.job = enqueue(
        "staffing.intake.write", {"intake": held.pk}, title=_("写入 %s") % held.file_name, by=by,
        organisation=held.organisation, subject=held, once=f"staffing.intake.write:{held.pk}:{held.rehearsal}",
    )  # fmt: skip
    held.save()
    record(
        by, "staffing.intake.confirmed", held, organisation=held.organisation, file=held.file_name, counts=held.counts
    )


@transaction.atomic
def discard(intake: Intake, *, by: Any) -> Intake:
    """Throw a file away that was not written; its lines go too. Raises :class:`NotNowError`."""
    held = _held(intake)
    if not (held.is_open or held.is_stuck):
        raise NotNowError(held)
    held.confirmed_by = held.confirmed_at = None
    gone = (held.stored, held.faults_stored)
    held.state, held.stored, held.faults_stored = IntakeState.DISCARDED, "", ""
    held.lines.all().delete()
    held.save()
    record(by, "staffing.intake.discarded", held, organisation=held.organisation, file=held.file_name)
    for name in gone:
        transaction.on_commit(partial(vault.drop, name))
    return held


def _held(intake: Intake) -> Intake:
    """The intake under a lock, as it stands now."""
    return (
        Intake.objects.select_for_update(no_key=True, of=("self",))
        .select_related("county", "organisation", "job")
        .get(pk=intake.pk)
    )
