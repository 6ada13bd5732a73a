"""Keeping files: written and on disk before the row that names them, under names that nobody guesses."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from junheng.web.records.attachments.contents import UnwelcomeFileError, examine
from junheng.web.records.audit import record
from junheng.web.records.models import Attachment

__all__ = ["UnwelcomeFileError", "of", "of_all", "store", "withdraw"]


def of(owner: models.Model) -> models.QuerySet[Attachment]:
    """The files of an object that have not been withdrawn."""
    return Attachment.objects.filter(
        owner_kind=owner._meta.label_lower, owner_id=str(owner.pk), withdrawn_at__isnull=True
    )


def of_all(owners: Sequence[models.Model]) -> models.QuerySet[Attachment]:
    """The files of several objects of one kind that have not been withdrawn; ``owner_id`` says whose each is."""
    if not owners:
        return Attachment.objects.none()
    keys = [str(each.pk) for each in owners]
    return Attachment.objects.filter(
        owner_kind=owners[0]._meta.label_lower, owner_id__in=keys, withdrawn_at__isnull=True
    )


def store(upload: UploadedFile, owner: models.Model, *, by: Any, organisation: Any = None) -> Attachment:
    """Keep a file that belongs to ``owner``. Raises :class:`UnwelcomeFileError` for one that may not come in."""
    limit = settings.UPLOAD_LIMITS["attachment"]
    content = upload.read(limit + 1)
    found = examine(upload.name or "", content, limit)
    random = secrets.token_hex(20)
    name = default_storage.save(f"attachments/{random[:2]}/{random}", ContentFile(found.content))
    try:
        _settle(Path(default_storage.path(name)))
        with transaction.atomic():
            kept = Attachment.objects.create(
                owner_kind=owner._meta.label_lower,
                owner_id=str(owner.pk),
                name=found.name,
                size=len(found.content),
                content_type=found.content_type,
                sha256=hashlib.sha256(found.content).hexdigest(),
                stored_as=name,
                uploaded_by=by,
            )
            record(
                by, "records.attachment.added", owner, organisation=organisation,
                file=found.name, size=kept.size, sha256=kept.sha256,
            )  # fmt: skip
    except BaseException:
        default_storage.delete(name)
        raise
    return kept


@transaction.atomic
def withdraw(attachment: Attachment, *, by: Any, reason: str) -> None:
    """Take a file out of reach; it stays where it is for the trail."""
    if attachment.withdrawn_at is None:
        attachment.withdrawn_at = timezone.now()
        attachment.save(update_fields=["withdrawn_at"])
        record(by, "records.attachment.withdrawn", attachment, reason=reason, sha256=attachment.sha256)


def _settle(path: Path) -> None:
    """See that the file survives a power cut before a row says that it is there."""
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
