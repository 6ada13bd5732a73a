"""What a teacher has signed on paper, as his school enters it: who may enter what, and the papers as they came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import until
from junheng.web.records import attachments
from junheng.web.records.notifying import notify
from junheng.web.rotation.addressees import SCHOOL, offices
from junheng.web.rotation.models import Application, ApplicationPaper, Origin, PaperKind
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

RETURNED = gettext_noop("申请 %(number)s 被退回修改，教师没有账号；请转告，并在 %(until)s 前代录本人签名的修改件。")


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A paper that a teacher of ``school`` has signed and dated, which his school enters for him."""

    school: Organisation
    dated: date


def speaks_on_paper(application: Application) -> bool:
    """Whether a school may enter what the teacher says of it: it came on paper, or the teacher has no account."""
    return application.origin == Origin.PAPER or application.teacher.user_id is None


def check(
    paper: OnPaper, teacher: Teacher, school: int, evidence: Sequence[UploadedFile], *, at: datetime, by: User
) -> None:  # fmt: skip
    """Raises :class:`RefusedError` for one's own, another school's, one dated ahead, and where the paper is missing.

    ``school`` is the key of the school that answers for the teacher.
    """
    if teacher.user_id == by.pk:
        raise RefusedError(_("不能代录本人的申请，请在“我的轮岗”里提交。"))
    if school != paper.school.pk:
        raise RefusedError(_("只能代录人事关系在本校的教师的申请。"))
    if paper.dated > timezone.localdate(at):
        raise RefusedError(_("签名日期不能晚于今天。"))
    if not evidence:
        raise RefusedError(_("请上传教师本人签名的纸质件。"))


def check_again(application: Application, paper: OnPaper) -> None:
    """Raises :class:`RefusedError` where a paper cannot follow: the teacher speaks for himself, or signed it earlier.

    Earlier than the last paper, that is; the first paper of one whom the school has put forward follows none.
    """
    if not speaks_on_paper(application):
        raise RefusedError(
            _("申请 %(number)s 不是代录的，教师有账号，由教师本人修改或撤回。") % {"number": application.number}
        )
    last = application.papers.first()
    if last is not None and paper.dated < last.dated:
        raise RefusedError(_("签名日期不能早于上一份纸质件（%(day)s）。") % {"day": last.dated.isoformat()})


def keep(
    application: Application, paper: OnPaper, evidence: Sequence[UploadedFile], *, key: UUID, at: datetime, by: User,
    kind: str = PaperKind.REQUEST,
) -> ApplicationPaper:  # fmt: skip
    """Keep a paper with its files beside those that came before; it says what the application's version asks for.

    A withdrawal takes that version back.
    """
    made = ApplicationPaper.objects.create(
        application=application, kind=kind, version=application.version, dated=paper.dated, key=key, entered_by=by,
        entered_at=at,
    )  # fmt: skip
    for upload in evidence:
        attachments.store(upload, made, by=by, organisation=application.school)
    return made


def ask_for_paper(applications: Sequence[Application]) -> None:
    """Tell the schools of what was returned to teachers without an account: what they sign is theirs to enter."""
    for each in applications:
        if each.teacher.user_id is not None or each.answer_by is None:
            continue
        notify(
            offices(SCHOOL, each.school_id), "rotation.application.returned",
            RETURNED, {"number": each.number, "until": until(each.answer_by)}, each.get_absolute_url(),
        )  # fmt: skip
