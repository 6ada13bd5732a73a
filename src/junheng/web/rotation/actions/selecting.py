"""Open selection: teachers apply for posts, the bureau shortlists, and who is chosen is moved as a cadre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.facts import Role
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.records.saying import word
from junheng.web.rotation.actions.asking import receipt_number
from junheng.web.rotation.actions.cadres import propose_move
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import CadreMove, Form, OpenPost, PostApplication, RotationYear
from junheng.web.rotation.models import PostApplicationStatus as Status
from junheng.web.rotation.workdays import end_of
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

UNDECIDED = (Status.SUBMITTED, Status.SHORTLISTED)
"""In which an application can still be withdrawn, shortlisted or refused."""


def takes_applications(post: OpenPost, at: datetime) -> bool:
    """Whether somebody may apply for the post at the moment: until the end of its last day, to the second."""
    return post.published_at <= at < end_of(post.apply_by) and not post.year.is_archived


def present(post: OpenPost, teacher: Teacher) -> PostApplication | None:
    """The teacher's application for a post that has not been withdrawn."""
    found: PostApplication | None = PostApplication.objects.in_force().filter(post=post, teacher=teacher).first()
    return found


def may_apply(post: OpenPost, teacher: Teacher) -> TeacherState:
    """The state of a teacher who may apply. Raises :class:`RefusedError` with what stands against it."""
    state: TeacherState | None = teacher.state
    if state is None or teacher.county_id != post.year.county_id:
        raise RefusedError(_("档案没有现状，不能报名；请与学校经办人联系。"))
    if state.school_id == post.school_id:
        raise RefusedError(_("这是您本校的职位，由学校竞争上岗，不在这里报名。"))
    return state


def hand_in(
    post: OpenPost, teacher: Teacher, *, reason: str, key: UUID, at: datetime, by: User,
    evidence: Sequence[UploadedFile] = (),
) -> PostApplication:  # fmt: skip
    """Apply for a post; the same ``key`` again, or a second application for it, gives the one that there is.

    Raises :class:`ClosedPhaseError` after the last day and :class:`RefusedError` for what stands against it.
    """
    try:
        with transaction.atomic():
            return _hand_in(post, teacher, reason=reason, key=key, at=at, by=by, evidence=evidence)
    except IntegrityError:
        there = present(post, teacher)
        if there is None:
            raise
        return there


def _hand_in(
    post: OpenPost, teacher: Teacher, *, reason: str, key: UUID, at: datetime, by: User,
    evidence: Sequence[UploadedFile],
) -> PostApplication:  # fmt: skip
    teacher = Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)
    there = present(post, teacher)
    if there is not None:
        return there
    if not takes_applications(post, at):
        raise ClosedPhaseError(_("“%(post)s”的报名已于 %(day)s 截止。") % {"post": post, "day": post.apply_by})
    state = may_apply(post, teacher)
    if not reason.strip():
        raise RefusedError(_("请写明报名理由和任职设想。"))
    pause()
    made = PostApplication.objects.create(
        post=post, teacher=teacher, school=state.school, number=receipt_number(post.year), reason=reason.strip(),
        submitted_at=at, received_at=max(timezone.now(), at), key=key,
    )  # fmt: skip
    for upload in evidence:
        attachments.store(upload, made, by=by, organisation=post.year.county)
    record(
        by, "rotation.post_application.submitted", made, organisation=post.year.county,
        after={"number": made.number, "post": str(post), "submitted_at": at, "files": len(evidence)},
    )  # fmt: skip
    _tell(made, gettext_noop("您报名%(school)s%(role)s已收到，回执号 %(number)s。"))
    return made


def _held(application: PostApplication) -> PostApplication:
    rows = PostApplication.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("post__year__county", "post__school", "teacher__user", "school").get(pk=application.pk)


def _undecided(held: PostApplication) -> None:
    if held.post.year.is_archived:
        raise ClosedPhaseError(_("%(year)s已经归档，只能查看。") % {"year": held.post.year})
    if held.status not in UNDECIDED:
        raise RefusedError(_("这份报名现在是“%(status)s”，不能再办理。") % {"status": held.get_status_display()})


@transaction.atomic
def withdraw(application: PostApplication, *, by: User) -> PostApplication:
    """The applicant takes his application back, until a move has been proposed. Twice is once."""
    held = _held(application)
    if held.teacher.user_id != by.pk:
        raise RefusedError(_("只有本人可以撤回。"))
    if held.status == Status.WITHDRAWN:
        return held
    _undecided(held)
    before, held.status = held.status, Status.WITHDRAWN
    held.save(update_fields=["status"])
    record(
        by, "rotation.post_application.withdrawn", held, before={"status": before}, after={"status": held.status},
        organisation=held.post.year.county,
    )  # fmt: skip
    return held


@transaction.atomic
def review(application: PostApplication, *, shortlist: bool, opinion: str, by: User) -> PostApplication:
    """Shortlist somebody or refuse him, with a reason that he reads. Nobody decides on his own application."""
    held = _held(application)
    pause()
    _undecided(held)
    if held.teacher.user_id == by.pk:
        raise RefusedError(_("不能审查自己的报名。"))
    if not opinion.strip():
        raise RefusedError(_("请写明资格审查意见。"))
    before = held.status
    held.status = Status.SHORTLISTED if shortlist else Status.REFUSED
    held.opinion, held.decided_by, held.decided_at = opinion.strip(), by, timezone.now()
    held.save(update_fields=["status", "opinion", "decided_by", "decided_at"])
    record(
        by, "rotation.post_application.reviewed", held, before={"status": before}, after={"status": held.status},
        organisation=held.post.year.county,
    )  # fmt: skip
    _tell(held, gettext_noop("您报名%(school)s%(role)s的资格审查已有结果，请查看。"))
    return held


def places_left(post: OpenPost) -> int:
    """How many of the post's places nobody has been proposed for."""
    taken = CadreMove.objects.filter(post=post, withdrawn_at__isnull=True).count()  # scoped: a number alone
    return max(0, post.places - taken)


@transaction.atomic
def propose(
    application: PostApplication, *, start: date, end: date, reason: str, by: User, form: str = Form.POST.value,
    **given: Any,
) -> CadreMove:  # fmt: skip
    """Propose a shortlisted applicant for the post; from there it is a cadre's move, confirmed by another person.

    Raises :class:`RefusedError` for who is not shortlisted and for more people than places.
    """
    RotationYear.objects.select_for_update(no_key=True, of=("self",)).get(pk=application.post.year_id)
    held = _held(application)
    if held.status != Status.SHORTLISTED:
        raise RefusedError(_("只能从入围的人中提出拟任人选。"))
    if not places_left(held.post):
        raise RefusedError(_("这个职位的 %(places)s 个名额都已有拟任人选。") % {"places": held.post.places})
    move = propose_move(
        held.post.year, held.teacher, to_school=held.post.school, role=held.post.role, form=form, start=start, end=end,
        reason=reason, by=by, post=held.post, application=held, **given,
    )  # fmt: skip
    held.status = Status.PROPOSED
    held.save(update_fields=["status"])
    return move


def _tell(application: PostApplication, message: str) -> None:
    notify(
        [application.teacher.user], f"rotation.post_application.{application.status}", message,
        {"school": str(application.post.school), "role": word(label_of(Role.read(application.post.role))),
         "number": application.number},
        application.get_absolute_url(),
    )  # fmt: skip
