"""Handing in, changing and withdrawing an application; how a year asks.

Whoever was in time is in time: each takes ``at``, the moment at which the request arrived. Handing in the same again,
by a second press or from a second window, gives the application that there is.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import until
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation.actions import asking_paper
from junheng.web.rotation.actions.asking_drafts import drop_draft
from junheng.web.rotation.actions.asking_paper import OnPaper
from junheng.web.rotation.addressees import SCHOOL, offices
from junheng.web.rotation.applying import may_apply
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    AskingSettings,
    Choice,
    Form,
    Origin,
    PaperKind,
    PhaseKind,
    RotationYear,
)
from junheng.web.rotation.returning import changed_in, require_time, withdrawn_in
from junheng.web.rotation.wishing import settings_of, wishable
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without letters and figures that are taken for one another."""
UNDECIDED = (ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED)
SUBMITTED = gettext_noop("您的交流申请已收到，回执号 %(number)s。")
ENTERED = gettext_noop("学校已代录您的纸质交流申请，回执号 %(number)s；请核对，不符的可以在截止前修改或撤回。")
REENTERED = gettext_noop("学校已代录您修改后的纸质交流申请，回执号 %(number)s；请核对。")
WITHDRAWN_ON_PAPER = gettext_noop(
    "学校已按您签名的书面材料撤回交流申请 %(number)s；不是您本人意愿的，请立即与学校和教育局联系。"
)
WITHDRAWABLE = (*UNDECIDED, ApplicationStatus.AT_SCHOOL, ApplicationStatus.AT_CLUSTER)


class AlreadySubmittedError(Exception):
    """The teacher has an application in this year; ``application`` is it."""

    def __init__(self, application: Application) -> None:
        super().__init__(application.number)
        self.application = application


@dataclass(frozen=True, slots=True)
class Asked:
    """What a teacher asks for; ``wishes`` in their order, ``partner`` as number and name of the spouse."""

    wishes: Sequence[Organisation]
    reason: str = ""
    form: str = Form.ROTATION.value
    obeys: bool = True
    commute_limit_km: float | None = None
    partner: tuple[str, str] = ("", "")


def hand_in(
    year: RotationYear, teacher: Teacher, asked: Asked, *, key: UUID, at: datetime, by: User,
    evidence: Sequence[UploadedFile] = (), paper: OnPaper | None = None,
) -> Application:  # fmt: skip
    """Hand an application in; the same ``key`` again gives what was handed in.

    With ``paper`` the school enters what the teacher has signed; ``at`` is then when it was entered, and ``evidence``
    the paper itself.

    Raises :class:`AlreadySubmittedError` for a second one, :class:`ClosedPhaseError` after the deadline,
    :class:`RefusedError` for what the year or the pack does not allow.
    """
    try:
        with transaction.atomic():
            return _hand_in(year, teacher, asked, key=key, at=at, by=by, evidence=evidence, paper=paper)
    except IntegrityError:
        there = present(year, teacher)
        if there is None:
            raise
        if there.key == key:
            return there
        raise AlreadySubmittedError(there) from None


def _hand_in(
    year: RotationYear, teacher: Teacher, asked: Asked, *, key: UUID, at: datetime, by: User,
    evidence: Sequence[UploadedFile], paper: OnPaper | None,
) -> Application:  # fmt: skip
    teacher = Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)
    same = Application.objects.filter(key=key, year=year, teacher=teacher).first()
    if same is not None:
        return same
    there = present(year, teacher)
    if there is not None:
        raise AlreadySubmittedError(there)
    require_open(year, PhaseKind.APPLICATIONS, at=at)
    state = may_apply(year, teacher)
    if paper is not None:
        asking_paper.check(paper, teacher, state.school_id, evidence, at=at, by=by)
    pause()
    made = Application.objects.create(
        year=year, teacher=teacher, school=state.school, number=receipt_number(year),
        origin=Origin.PAPER if paper else Origin.OWN, paper_dated=paper.dated if paper else None,
        submitted_at=at, received_at=timezone.now(), key=key, entered_by=by,
        **_values(year, teacher, asked),
    )  # fmt: skip
    keep_wishes(made, checked_wishes(year, teacher, asked.wishes))
    _keep_evidence(made, evidence, paper, key=key, at=at, by=by)
    drop_draft(year, teacher)
    verb, said = ("entered", ENTERED) if paper else ("submitted", SUBMITTED)
    record(by, f"rotation.application.{verb}", made, after=traced(made), organisation=state.school)
    tell(made, f"rotation.application.{verb}", said)
    return made


def _keep_evidence(
    application: Application, evidence: Sequence[UploadedFile], paper: OnPaper | None, *, key: UUID | None,
    at: datetime, by: User,
) -> None:  # fmt: skip
    """The files of an application: those of a paper with the paper, so that each paper keeps its own."""
    if paper is not None:
        asking_paper.keep(application, paper, evidence, key=key or uuid4(), at=at, by=by)
        return
    for upload in evidence:
        attachments.store(upload, application, by=by, organisation=application.school)


def present(year: RotationYear, teacher: Teacher) -> Application | None:
    """The teacher's application of the year that has not been withdrawn."""
    found: Application | None = (
        Application.objects.filter(year=year, teacher=teacher).exclude(status=ApplicationStatus.WITHDRAWN).first()
    )
    return found


def checked_wishes(
    year: RotationYear, teacher: Teacher, wishes: Sequence[Organisation]
) -> Sequence[Organisation]:  # fmt: skip
    """The wishes, when the year and the pack allow them. Raises :class:`RefusedError`."""
    if len(wishes) > year.wishes_allowed:
        raise RefusedError(_("填了 %(found)s 个志愿，最多 %(most)s 个。") % {
            "found": len(wishes), "most": year.wishes_allowed,
        })  # fmt: skip
    if len({each.pk for each in wishes}) < len(wishes):
        raise RefusedError(_("同一所学校只能填一次。"))
    known = {each.school.pk: each for each in wishable(year, teacher)}
    for each in wishes:
        if each.pk not in known:
            raise RefusedError(_("%(school)s不能作为志愿：应为本县举办您任教学段的其他学校。") % {"school": each})
        if known[each.pk].why_not:
            raise RefusedError(
                _("%(school)s不能作为志愿：%(why)s") % {"school": each, "why": known[each.pk].why_not}
            )  # fmt: skip
    return wishes


def _values(year: RotationYear, teacher: Teacher, asked: Asked) -> dict[str, Any]:
    if settings_of(year).statement_needed and not asked.reason.strip():
        raise RefusedError(_("请写明申请理由。"))
    if not asked.wishes and not asked.obeys:
        raise RefusedError(_("没有填志愿又不服从调剂，无法安排；请填志愿或选择服从调剂。"))
    return {
        "form": asked.form, "reason": asked.reason.strip(), "obeys": asked.obeys,
        "commute_limit_km": asked.commute_limit_km, "partner": _partner(teacher, asked.partner),
    }  # fmt: skip


def _partner(teacher: Teacher, named: tuple[str, str]) -> Teacher | None:
    """The spouse; both number and name have to be right, so that nobody finds out who is there."""
    number, name = (each.strip() for each in named)
    if not number and not name:
        return None
    found: Teacher | None = Teacher.objects.filter(county=teacher.county_id, number=number).first()
    state = found.state if found is not None else None
    if found is None or state is None or state.name != name:
        raise RefusedError(_("没有找到工号和姓名都相符的配偶；请核对，或者留空。"))
    if found.pk == teacher.pk:
        raise RefusedError(_("配偶不能填本人。"))
    return found


def keep_wishes(application: Application, wishes: Sequence[Organisation]) -> None:
    """Put the wishes in place of those that were there."""
    application.choices.all().delete()
    Choice.objects.bulk_create(
        Choice(application=application, rank=rank, school=each) for rank, each in enumerate(wishes, 1)
    )


def receipt_number(year: RotationYear) -> str:
    """A receipt number that nobody guesses."""
    letters = "".join(secrets.choice(_LETTERS) for _each in range(8))
    return f"{year.year}-{letters[:4]}-{letters[4:]}"


def digest_of(application: Application) -> str:
    """SHA-256 of what was asked for, as printed on the receipt."""
    text = json.dumps(
        {
            "number": application.number, "version": application.version, "form": application.form,
            "wishes": [each.school.code for each in application.choices.select_related("school")],
            "reason": application.reason, "obeys": application.obeys, "commute": application.commute_limit_km,
            "partner": application.partner_id,
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def traced(application: Application) -> dict[str, Any]:
    """What the trail keeps of an application: not the wishes themselves, but what proves them."""
    return {
        "number": application.number, "version": application.version, "status": application.status,
        "submitted_at": application.submitted_at, "wishes": application.choices.count(),
        "obeys": application.obeys, "digest": digest_of(application),
    } | ({"paper_dated": application.paper_dated} if application.paper_dated else {})  # fmt: skip


def _tell_school(application: Application) -> None:
    """The school is told that what was returned has been changed, and until when it is to be signed again."""
    values = {"number": application.number, "until": until(application.answer_by or application.received_at)}
    notify(
        offices(SCHOOL, application.school_id), "rotation.application.changed",
        gettext_noop("申请 %(number)s 已按退回意见修改，请在 %(until)s 前重新审核并由校长签署。"), values,
        application.get_absolute_url(),
    )  # fmt: skip


def tell(application: Application, kind: str, message: str, **values: Any) -> None:
    """Tell the teacher, where he has an account."""
    notify([application.teacher.user], kind, message, {"number": application.number} | values,
           application.get_absolute_url())  # fmt: skip


@transaction.atomic
def change(
    application: Application, asked: Asked, *, version: int, at: datetime, by: User,
    evidence: Sequence[UploadedFile] = (), paper: OnPaper | None = None, key: UUID | None = None,
) -> Application:  # fmt: skip
    """Put something else in place of what was asked for; one that was returned is handed in again by it.

    With ``paper`` the school enters what the teacher has signed anew, beside the papers before it; the same ``key``
    again gives what it made. Raises :class:`ClosedPhaseError` outside its time, :class:`RefusedError` for the rest.
    """
    held = locked(application)
    if paper is not None and key is not None and held.papers.filter(key=key).exists():
        return held
    returned = held.status == ApplicationStatus.RETURNED
    if held.status not in UNDECIDED:
        raise RefusedError(_("申请%(status)s，不能再修改。") % {"status": held.get_status_display()})
    require_time(held, *changed_in(held), at=at)
    if held.version != version:
        raise RefusedError(_("这份申请已在别处修改过；请打开最新的内容再改。"))
    if paper is not None:
        asking_paper.check_again(held, paper)
        asking_paper.check(paper, held.teacher, held.school_id, evidence, at=at, by=by)
    before = traced(held)
    pause()
    for name, value in _values(held.year, held.teacher, asked).items():
        if name != "reason" or held.origin != Origin.SCHOOL:  # the reason of a nomination is the school's
            setattr(held, name, value)
    keep_wishes(held, checked_wishes(held.year, held.teacher, asked.wishes))
    held.version += 1
    held.status, held.received_at = ApplicationStatus.SUBMITTED, timezone.now()
    held.submitted_at = held.submitted_at if returned else at
    if paper is not None and held.origin == Origin.PAPER:
        held.paper_dated, held.entered_by = paper.dated, by
    held.save()
    _keep_evidence(held, evidence, paper, key=key, at=at, by=by)
    verb = _verb_of_change(held, paper)
    after = traced(held) | _of_paper(paper)
    record(by, f"rotation.application.{verb}", held, before=before, after=after, organisation=held.school)
    if paper is not None:
        tell(held, f"rotation.application.{verb}", REENTERED)
    if returned and held.answer_by is not None:
        _tell_school(held)
    return held


def _verb_of_change(application: Application, paper: OnPaper | None) -> str:
    if paper is None:
        return "changed"
    return "spoken_for" if application.origin != Origin.PAPER else "reentered"


def _of_paper(paper: OnPaper | None) -> dict[str, Any]:
    """What the trail keeps of a paper."""
    return {"paper_dated": paper.dated} if paper is not None else {}


@transaction.atomic
def withdraw(
    application: Application, *, at: datetime, by: User, reason: str = "", evidence: Sequence[UploadedFile] = (),
    paper: OnPaper | None = None, key: UUID | None = None,
) -> Application:  # fmt: skip
    """Take an application back before the deadline, while the last office has not decided; again is the same.

    With ``paper`` the school enters what the teacher has signed; it is kept with its files beside the papers before
    it. Raises :class:`ClosedPhaseError` outside its time, :class:`RefusedError` for the rest.
    """
    held = locked(application)
    if held.status == ApplicationStatus.WITHDRAWN:
        return held
    if held.status not in WITHDRAWABLE:
        raise RefusedError(_("申请%(status)s，不能再撤回。") % {"status": held.get_status_display()})
    require_time(held, *withdrawn_in(held), at=at)
    if paper is not None:
        asking_paper.check_again(held, paper)
        asking_paper.check(paper, held.teacher, held.school_id, evidence, at=at, by=by)
    pause()
    before = traced(held)
    held.status, held.answer_by = ApplicationStatus.WITHDRAWN, None
    held.save(update_fields=["status", "answer_by"])
    if paper is not None:
        asking_paper.keep(held, paper, evidence, key=key or uuid4(), at=at, by=by, kind=PaperKind.WITHDRAWAL)
    verb = "withdrawal_entered" if paper is not None else "withdrawn"
    record(
        by, f"rotation.application.{verb}", held, before=before, after={"status": held.status} | _of_paper(paper),
        reason=reason, organisation=held.school,
    )  # fmt: skip
    if paper is not None:
        tell(held, f"rotation.application.{verb}", WITHDRAWN_ON_PAPER)
    return held


def locked(application: Application) -> Application:
    """The application, held by this transaction."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "year__county", "teacher", "school"
    )
    return rows.get(pk=application.pk)


@transaction.atomic
def arrange(year: RotationYear, values: dict[str, Any], *, reason: str, by: User) -> AskingSettings:
    """Say how a year asks, with a reason. Raises :class:`RefusedError` once somebody has decided something."""
    held = RotationYear.objects.select_for_update(no_key=True).select_related("county").get(pk=year.pk)
    found = settings_of(held)
    before = {name: getattr(found, name) for name in values}
    if held.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": held})
    decided = Application.objects.filter(year=held, steps__isnull=False).exists()
    if values.get("chain", found.chain) != found.chain and decided:
        raise RefusedError(_("已有申请作出决定，审核程序不能再改。"))
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    record(by, "rotation.asking.arranged", held, before=before, after=values, reason=reason, organisation=held.county)
    return found
