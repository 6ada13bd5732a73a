"""What a school does: nominate, check, give its opinion, discuss, post its notice; what its principal signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import until
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.races import pause
from junheng.web.rotation.actions.asking import (
    UNDECIDED,
    AlreadySubmittedError,
    locked,
    present,
    receipt_number,
    tell,
    traced,
)
from junheng.web.rotation.actions.asking_paper import ask_for_paper
from junheng.web.rotation.applying import may_apply
from junheng.web.rotation.cycle import ClosedPhaseError, require_open
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Deliberation,
    Level,
    Origin,
    PhaseKind,
    Recommendation,
    ReviewOutcome,
    ReviewStep,
    RotationYear,
    SchoolNotice,
    SchoolOpinion,
    SchoolReturn,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.returning import goes_to, is_in_time, require_time, time_for
from junheng.web.rotation.schooling import guards_of, scores_of
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A school's word on an application: its finding on qualification with a reason, and its opinion."""

    qualified: bool
    finding: str
    recommends: str
    opinion: str


def nominate(
    year: RotationYear, teacher: Teacher, school: Organisation, *, form: str, reason: str, key: UUID, at: datetime,
    by: User,
) -> Application:  # fmt: skip
    """Put a teacher of the school forward; the same ``key`` again gives what was made.

    Raises :class:`AlreadySubmittedError` for one who has an application, :class:`RefusedError` for one whom the pack
    does not let go or forbids to be put forward.
    """
    try:
        with transaction.atomic():
            teacher = Teacher.objects.select_for_update(no_key=True).get(pk=teacher.pk)
            there = present(year, teacher)
            if there is not None and there.key == key:
                return there
            if there is not None:
                raise AlreadySubmittedError(there)
            require_open(year, PhaseKind.NOMINATIONS, at=at)
            state = may_apply(year, teacher)
            if state.school_id != school.pk:
                raise RefusedError(_("只能推荐人事关系在本校的教师。"))
            if not reason.strip():
                raise RefusedError(_("请写明推荐理由。"))
            refuse_unfit(year, teacher)
            pause()
            made = Application.objects.create(
                year=year, teacher=teacher, school=school, number=receipt_number(year), origin=Origin.SCHOOL, form=form,
                reason=reason.strip(), obeys=True, submitted_at=at, received_at=timezone.now(), key=key, entered_by=by,
            )  # fmt: skip
            record(by, "rotation.application.nominated", made, after=traced(made), reason=reason, organisation=school)
            tell(
                made,
                "rotation.application.nominated",
                gettext_noop("学校推荐您参加交流轮岗，编号 %(number)s；校长签署以前，您可以填写志愿。"),
            )
            return made
    except IntegrityError:
        there = present(year, teacher)
        if there is None:
            raise
        raise AlreadySubmittedError(there) from None


def refuse_unfit(year: RotationYear, teacher: Teacher) -> None:
    """Raises :class:`RefusedError` for a teacher whom the pack forbids to be put forward; it names only the clause."""
    guard = guards_of(year, [teacher.pk])[teacher.pk]
    if guard.forbidden:
        raise RefusedError(_("不能推荐：%(clause)s，%(says)s。") % {"clause": guard.clause, "says": guard.says})


@transaction.atomic
def give_opinion(application: Application, said: Said, *, at: datetime, by: User) -> SchoolOpinion:
    """Check an application against what the engine found and say what the school thinks; anew until it is signed."""
    held = locked(application)
    require_time(held, PhaseKind.NOMINATIONS, at=at)
    if held.status != ApplicationStatus.SUBMITTED:
        raise RefusedError(_("申请%(status)s，学校不能再提意见。") % {"status": held.get_status_display()})
    _not_ones_own(held, by)
    if not said.finding.strip() or not said.opinion.strip():
        raise RefusedError(_("资格审核理由和学校意见都应写明。"))
    verdict = Verdict.objects.filter(year=held.year, teacher=held.teacher, current=True).first()
    if said.qualified and verdict is not None and verdict.standing == VerdictStanding.NO:
        raise RefusedError(_("系统认定为不交流（依据 %(clause)s），不能审核通过；事实有误的，请先办理复核。") % {
            "clause": verdict.clause,
        })  # fmt: skip
    if not said.qualified and said.recommends == Recommendation.YES:
        raise RefusedError(_("资格审核不通过的，不能推荐。"))
    if said.recommends == Recommendation.YES:
        refuse_unfit(held.year, held.teacher)
    found, _new = SchoolOpinion.objects.update_or_create(
        application=held,
        defaults={
            "version": held.version, "qualified": said.qualified, "finding": said.finding.strip(),
            "recommends": said.recommends, "opinion": said.opinion.strip(), "by": by, "at": timezone.now(),
            "word": verdict.word if verdict else "", "standing": verdict.standing if verdict else "",
            "clause": verdict.clause if verdict else "", "signed_by": None, "signed_at": None,
        },
    )  # fmt: skip
    record(
        by, "rotation.application.opined", held, reason=said.opinion, organisation=held.school,
        after={"version": held.version, "qualified": said.qualified, "recommends": said.recommends,
               "verdict": found.word, "clause": found.clause},
    )  # fmt: skip
    return found


@transaction.atomic
def send_back(application: Application, *, opinion: str, at: datetime, by: User) -> Application:
    """The school returns an application for changes; the teacher may hand it in again within the time for it."""
    held = locked(application)
    require_time(held, PhaseKind.NOMINATIONS, at=at)
    if held.status not in UNDECIDED or held.status == ApplicationStatus.RETURNED:
        raise RefusedError(_("申请%(status)s，学校不能退回。") % {"status": held.get_status_display()})
    _not_ones_own(held, by)
    if not opinion.strip():
        raise RefusedError(_("请写明要修改什么。"))
    pause()
    held.status, held.answer_by = ApplicationStatus.RETURNED, time_for(held.year, at)
    held.save(update_fields=["status", "answer_by"])
    ReviewStep.objects.create(
        application=held, version=held.version, level=Level.SCHOOL, outcome=ReviewOutcome.RETURNED,
        opinion=opinion, by=by, at=timezone.now(),
    )  # fmt: skip
    record(
        by, "rotation.application.returned", held, after={"answer_by": held.answer_by}, reason=opinion,
        organisation=held.school, level=Level.SCHOOL,
    )  # fmt: skip
    tell(
        held, "rotation.application.returned",
        gettext_noop("您的交流申请 %(number)s 被退回修改，请看意见，在 %(until)s 前改好并由学校重新签署。"),
        until=until(held.answer_by),
    )  # fmt: skip
    ask_for_paper([held])
    return held


def _not_ones_own(application: Application, by: User) -> None:
    if application.teacher.user_id == by.pk:
        raise RefusedError(_("不能办理本人的申请，请由其他人办理。"))


# --- discussion and notice ------------------------------------------------------------------------------------------


@transaction.atomic
def keep_minutes(
    year: RotationYear, organisation: Organisation, *, title: str, held_on: date, present_were: str, minutes: str,
    by: User, at: datetime, papers: Sequence[UploadedFile] = (),
) -> Deliberation:  # fmt: skip
    """Keep the minutes of a meeting on people: date, who was there, what was said and decided."""
    require_open(year, PhaseKind.NOMINATIONS, PhaseKind.REVIEW, at=at)
    if held_on > timezone.localdate(at):
        raise RefusedError(_("召开日期不能晚于今天。"))
    made = Deliberation.objects.create(
        year=year, organisation=organisation, title=title, held_on=held_on, present=present_were, minutes=minutes,
        by=by, at=timezone.now(),
    )  # fmt: skip
    for upload in papers:
        attachments.store(upload, made, by=by, organisation=organisation)
    record(
        by, "rotation.deliberation.kept", made, after={"title": title, "held_on": held_on, "present": present_were},
        organisation=organisation,
    )  # fmt: skip
    return made


@transaction.atomic
def post_notice(
    year: RotationYear, school: Organisation, *, posted_on: date, days: int, place: str, by: User, at: datetime
) -> SchoolNotice:
    """Record that the school shows whom it means to recommend, for so many working days after the day of posting."""
    Organisation.objects.select_for_update(no_key=True).get(pk=school.pk)
    named = _to_recommend(year, school)
    if not any(is_in_time(each, at) for each in named):
        require_open(year, PhaseKind.NOMINATIONS, at=at)
    if SchoolNotice.objects.filter(year=year, organisation=school, closed_at__isnull=True).exists():
        raise RefusedError(_("已有一次校内公示没有办结。"))
    if posted_on > timezone.localdate(at):
        raise RefusedError(_("公示开始日期不能晚于今天。"))
    if not named:
        raise RefusedError(_("还没有拟推荐的人员，不用公示。"))
    made = SchoolNotice.objects.create(
        year=year, organisation=school, days=days, posted_on=posted_on, place=place, by=by, at=timezone.now(),
        last_day=Workdays.of(year.county).after(posted_on, days), names=[each.number for each in named],
    )  # fmt: skip
    record(
        by, "rotation.school_notice.posted", made, organisation=school,
        after={"posted_on": posted_on, "days": days, "last_day": made.last_day, "numbers": made.names},
    )  # fmt: skip
    return made


@transaction.atomic
def close_notice(notice: SchoolNotice, *, objected: bool, outcome: str, by: User, at: datetime) -> SchoolNotice:
    """End a notice after its last day: whether anybody objected, and what came of it."""
    held: SchoolNotice = SchoolNotice.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "year__county", "organisation"
    ).get(pk=notice.pk)  # fmt: skip
    if held.closed_at is not None:
        return held
    if timezone.localdate(at) <= held.last_day:
        raise RefusedError(_("公示到 %(day)s 为止，期满后才能办结。") % {"day": held.last_day})
    if objected and not outcome.strip():
        raise RefusedError(_("收到异议的，请写明调查处理情况。"))
    held.objected, held.outcome, held.closed_by, held.closed_at = objected, outcome, by, timezone.now()
    held.save()
    record(
        by, "rotation.school_notice.closed", held, after={"objected": objected}, reason=outcome,
        organisation=held.organisation,
    )  # fmt: skip
    return held


def _to_recommend(year: RotationYear, school: Organisation) -> list[Application]:
    """Applications on which the school has said yes to what now stands."""
    rows = Application.objects.filter(
        year=year, school=school, status=ApplicationStatus.SUBMITTED, school_opinion__recommends=Recommendation.YES
    ).select_related("school_opinion", "teacher", "school", "year__county")
    return [each for each in rows.order_by("number") if each.school_opinion.version == each.version]


# --- the principal's signature --------------------------------------------------------------------------------------


@transaction.atomic
def sign(year: RotationYear, school: Organisation, *, declaration: str, at: datetime, by: User) -> SchoolReturn:
    """Sign the school's opinions: whoever is recommended goes on to the next office, whoever is not has been refused.

    Needs a discussion, a notice that has ended and named everybody who is recommended, and the declaration that they
    are fit. Raises :class:`RefusedError` with what is missing. Once nominations are closed, what was returned is
    still signed within its own time, and that alone.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=school.pk)
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).filter(
        year=year, school=school, status=ApplicationStatus.SUBMITTED
    )
    held = _signable(year, list(rows.select_related("teacher", "school", "year__county").order_by("pk")), at)
    opinions = {each.application_id: each for each in SchoolOpinion.objects.filter(application__in=held)}
    ready = [each for each in held if (o := opinions.get(each.pk)) is not None and o.version == each.version]
    if not ready:
        raise RefusedError(_("没有可以签署的学校意见。"))
    sent = [each for each in ready if opinions[each.pk].recommends == Recommendation.YES]
    meeting, notice = _grounds(year, school, sent)
    if not declaration.strip():
        raise RefusedError(_("请作出承诺。"))
    for each in ready:
        _not_ones_own(each, by)
    for each in sent:
        refuse_unfit(year, each.teacher)
    pause()
    made = SchoolReturn.objects.create(
        year=year, organisation=school, declaration=declaration, numbers=[each.number for each in sent],
        meeting=meeting, notice=notice, by=by, at=timezone.now(),
        strength=scores_of(year, [school.pk])[school.pk].strength(each.teacher_id for each in sent),
    )  # fmt: skip
    for each in ready:
        _settle(each, opinions[each.pk], by)
    record(
        by, "rotation.school.signed", made, organisation=school, reason=declaration,
        after={"recommended": made.numbers, "meeting": meeting.pk, "notice": made.notice_id},
    )  # fmt: skip
    return made


def _signable(year: RotationYear, submitted: list[Application], at: datetime) -> list[Application]:
    """All of the school's while nominations are open, afterwards those that were returned and are in time."""
    in_time = [each for each in submitted if is_in_time(each, at)]
    try:
        require_open(year, PhaseKind.NOMINATIONS, at=at)
    except ClosedPhaseError:
        if not in_time:
            raise
        return in_time
    return submitted


def _grounds(
    year: RotationYear, school: Organisation, sent: list[Application]
) -> tuple[Deliberation, SchoolNotice | None]:
    meeting = Deliberation.objects.filter(year=year, organisation=school).first()
    if meeting is None:
        raise RefusedError(_("还没有集体讨论记录，不能签署。"))
    notices = SchoolNotice.objects.filter(year=year, organisation=school, closed_at__isnull=False)
    shown = {number for each in notices for number in each.names}
    notice = notices.first()
    if notice is None and sent:
        raise RefusedError(_("校内公示还没有期满办结，不能签署。"))
    unseen = [each.number for each in sent if each.number not in shown]
    if unseen:
        raise RefusedError(_("拟推荐的 %(numbers)s 没有经过校内公示，不能签署。") % {"numbers": "、".join(unseen)})
    return meeting, notice


def _settle(application: Application, opinion: SchoolOpinion, by: User) -> None:
    yes = opinion.recommends == Recommendation.YES
    now = timezone.now()
    opinion.signed_by, opinion.signed_at = by, now
    opinion.save(update_fields=["signed_by", "signed_at"])
    application.status = goes_to(application) if yes else ApplicationStatus.REJECTED
    application.answer_by = None
    application.save(update_fields=["status", "answer_by"])
    ReviewStep.objects.create(
        application=application, version=application.version, level=Level.SCHOOL, by=by, at=now,
        outcome=ReviewOutcome.ACCEPTED if yes else ReviewOutcome.REJECTED, clause=opinion.clause,
        opinion=opinion.opinion,
    )  # fmt: skip
    kind = "rotation.application.recommended" if yes else "rotation.application.not_recommended"
    record(by, kind, application, reason=opinion.opinion, organisation=application.school, clause=opinion.clause)
    tell(application, kind, _NEWS[yes])


_NEWS = {
    True: gettext_noop("学校已推荐您的交流申请 %(number)s。"),
    False: gettext_noop("学校没有推荐您的交流申请 %(number)s，请看意见。"),
}


def nominable(year: RotationYear, school: Organisation) -> list[TeacherState]:
    """Teachers of the school whom the pack lets go and who have no application, by number."""
    judged = Verdict.objects.filter(year=year, school=school, current=True).exclude(standing=VerdictStanding.NO)
    taken = Application.objects.filter(year=year).exclude(status=ApplicationStatus.WITHDRAWN)
    rows = TeacherState.objects.current().filter(school=school, teacher__in=judged.values("teacher"))
    rows = rows.exclude(teacher__in=taken.values("teacher"))
    return list(rows.select_related("teacher").order_by("teacher__number"))
