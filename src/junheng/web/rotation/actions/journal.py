"""The exchange journal: posts by teachers, recommended ones, posts taken off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.rotation.actions.holding import TO_THE_END, hold, require_time_for, runs_until
from junheng.web.rotation.models import JournalPost, Placement
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@transaction.atomic
def post(placement: Placement, *, title: str, text: str, by: User, at: datetime) -> JournalPost:
    """Put a text into the journal; the same text of the same teacher is the same post."""
    held = hold(placement, at=at, phases=TO_THE_END, ended=True)
    known = JournalPost.objects.filter(placement=held, title=title, text=text, withdrawn_at__isnull=True).first()
    if known is not None:
        return known
    made = JournalPost.objects.create(placement=held, title=title, text=text, posted_at=at)
    record(by, "rotation.journal.posted", held, after={"title": title}, organisation=held.to_school, post=made.pk)
    return made


@transaction.atomic
def recommend(found: JournalPost, *, by: User, at: datetime) -> JournalPost:
    """Mark a post as worth reading; its author is told. Marking it again changes nothing."""
    held = _held(found, at)
    if held.recommended_at is None:
        held.recommended_by, held.recommended_at = by, at
        held.save(update_fields=["recommended_by", "recommended_at"])
        record(by, "rotation.journal.recommended", held.placement, organisation=held.placement.to_school, post=held.pk)
        notify(
            [held.placement.teacher.user], "rotation.journal.recommended",
            gettext_noop("您的交流日志《%(title)s》被推荐。"), {"title": held.title},
        )  # fmt: skip
    return held


@transaction.atomic
def withdraw(found: JournalPost, *, reason: str, by: User, at: datetime) -> JournalPost:
    """Take a post off the journal, with a reason."""
    held = _held(found, at)
    if not reason.strip():
        raise RefusedError(_("请写明撤下的理由。"))
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    record(
        by, "rotation.journal.withdrawn", held.placement, reason=reason, organisation=held.placement.to_school,
        post=held.pk,
    )  # fmt: skip
    return held


def _held(found: JournalPost, at: datetime) -> JournalPost:
    held = (
        JournalPost.objects.select_for_update(no_key=True, of=("self",))
        .select_related("placement__year__county", "placement__teacher__user", "placement__to_school")
        .get(pk=found.pk)
    )
    require_time_for(held.placement.year, runs_until(held.placement, at), *TO_THE_END, at=at)
    if held.withdrawn_at is not None:
        raise RefusedError(_("这篇文章已经撤下。"))
    return held
