"""Data confirmed, verdicts frozen, read and appealed against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.jobs import enqueue
from junheng.web.records.models import Job
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation import judging
from junheng.web.rotation.actions.refixing import fix_anew, verdict_row
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.models import AppealStatus, DataConfirmation, FactAppeal, PhaseKind, RotationYear, Verdict
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing import snapshot as taking
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

FREEZE = "rotation.verdicts.freeze"
APPEAL_DAYS = 5
"""Working days in which an appeal is answered, unless the year's phases end sooner."""
_BATCH = 500


@transaction.atomic
def confirm(
    year: RotationYear, teacher: Teacher, *, by: User, at: datetime | None = None, in_stead: str = ""
) -> DataConfirmation:
    """A teacher finds his file right; doing it twice is once. A school that does it in his stead says why."""
    require_open(year, PhaseKind.CONFIRMATION, at=at)
    state = TeacherState.objects.current().filter(teacher=teacher).first()  # scoped: the teacher asked for
    if state is None:
        raise RefusedError(_("档案没有现状，不能核对；请与经办人联系。"))
    if teacher.user_id != by.pk and not in_stead.strip():
        raise RefusedError(_("请写明代为核对的原因。"))
    try:
        with transaction.atomic():
            made, new = DataConfirmation.objects.get_or_create(
                year=year, teacher=teacher,
                defaults={"school": state.school, "state": state.pk, "by": by, "at": timezone.now(),
                          "in_stead": in_stead},
            )  # fmt: skip
    except IntegrityError:
        return DataConfirmation.objects.get(year=year, teacher=teacher)  # scoped: the same
    if not new and made.state != state.pk:
        made.state, made.by, made.at, made.in_stead = state.pk, by, timezone.now(), in_stead
        made.save()
    elif not new:
        return made
    record(
        by, "rotation.data.confirmed", teacher, after={"year": year.title, "state": state.pk}, reason=in_stead,
        organisation=state.school,
    )  # fmt: skip
    return made


# --- verdicts -------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_to_freeze(year: RotationYear, *, by: User | None, at: datetime | None = None) -> Job:
    """Ask for verdicts on everybody by the facts of today; asked for while it is on its way, it is the same work."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(held, PhaseKind.ELIGIBILITY, at=at)
    if held.is_frozen:
        raise RefusedError(_("资格认定结果已经固定。"))
    if not judging.can_judge(held):
        raise RefusedError(_("政策包 %(code)s 没有规定谁应交流，不能认定资格。") % {"code": held.pack_code})
    return enqueue(
        FREEZE, {"year": held.pk, "by": by.pk if by else None}, title=_("资格认定：%(year)s") % {"year": held}, by=by,
        organisation=held.county, subject=held, once=f"{FREEZE}:{held.pk}:{timezone.now():%Y%m%d%H%M}",
    )  # fmt: skip


def reckon(year: RotationYear, step: Callable[[int, int, str], None]) -> list[judging.Said]:
    """Everybody's verdict by the county of today, before anything is written."""
    step(0, 3, _("读取现有数据"))
    county = judging.county_now(year, timezone.localdate())
    step(1, 3, _("逐人认定"))
    return judging.judged(year, county)


@transaction.atomic
def keep(year: RotationYear, said: Sequence[judging.Said], *, by: User | None) -> int:
    """Fix the snapshot and everybody's verdict; how many. Nothing where another was quicker.

    Raises :class:`RefusedError` where the data have changed since the verdicts were reckoned.
    """
    held = RotationYear.objects.select_for_update(no_key=True).select_related("county").get(pk=year.pk)
    pause()
    if held.is_frozen:
        return held.verdicts.filter(current=True).count()
    county, made = taking.take(held.county, timezone.localdate(), by, source=f"rotation:{held.pk}")
    schools, now = judging.schools_by_code(held.county), timezone.now()
    teachers = dict(Teacher.objects.filter(county=held.county).values_list("number", "pk"))  # scoped: whole county
    if not {each.teacher_id for each in said} <= {each.id for each in county.teachers}:
        raise RefusedError(_("认定期间数据有变动，请重新认定。"))
    rows = [
        verdict_row(held, each, snapshot=made, at=now, teacher_id=teachers[each.teacher_id],
                    school=schools[each.school_id])
        for each in said
    ]  # fmt: skip
    Verdict.objects.bulk_create(rows, batch_size=_BATCH)
    held.snapshot, held.frozen_at = made, now
    held.save(update_fields=["snapshot", "frozen_at"])
    record(
        by, "rotation.verdicts.frozen", held, organisation=held.county,
        after={"snapshot": made.pk, "digest": made.digest, "pack": held.pack_digest,
               "counts": dict(Counter(each.word for each in said))},
    )  # fmt: skip
    readers = [each.user for each in Teacher.objects.filter(county=held.county, user__isnull=False)]  # scoped: county
    notify(
        readers, "rotation.verdicts.frozen", gettext_noop("%(year)s：您的资格认定结果已出，请阅知；有异议可以提出。"),
        {"year": str(held)}, held.own_url,
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def read_verdict(verdict: Verdict, *, by: User) -> None:
    """The teacher has read his notice; noted once."""
    if verdict.read_at is None and verdict.teacher.user_id == by.pk:
        changed = Verdict.objects.filter(pk=verdict.pk, read_at__isnull=True).update(read_at=timezone.now())
        if changed:
            record(by, "rotation.verdict.read", verdict.teacher, organisation=verdict.school, verdict=verdict.pk)


# --- appeals --------------------------------------------------------------------------------------------------------


@transaction.atomic
def appeal(
    verdict: Verdict, *, text: str, by: User, evidence: list[UploadedFile] | None = None, at: datetime | None = None
) -> FactAppeal:
    """Say that a fact behind one's verdict is wrong. The same sent twice is once.

    Raises :class:`RefusedError` for another text while the first waits, so that nobody believes it was taken in.
    """
    held = Verdict.objects.select_for_update(no_key=True).select_related("year__county", "teacher").get(pk=verdict.pk)
    require_open(held.year, PhaseKind.ELIGIBILITY, at=at)
    if held.teacher.user_id != by.pk:
        raise RefusedError(_("只有本人可以对自己的认定结果提出异议。"))
    if not held.current:
        raise RefusedError(_("这份认定结果已经由新的结果代替。"))
    waiting = FactAppeal.objects.filter(verdict=held).open().first()  # scoped: of one's own verdict
    if waiting is not None and waiting.text.split() != text.split():
        raise RefusedError(_("您的第 %(number)s 号异议还在复核，没有收下这一份；要改写，请先撤回那一份。") % {
            "number": waiting.pk,
        })  # fmt: skip
    if waiting is not None:
        return waiting
    due = Workdays.of(held.year.county).after(timezone.localdate(), APPEAL_DAYS)
    made = FactAppeal.objects.create(
        year=held.year, verdict=held, text=text, submitted_by=by, submitted_at=timezone.now(), due=due
    )
    for upload in evidence or []:
        attachments.store(upload, made, by=by, organisation=held.school)
    record(by, "rotation.appeal.submitted", held.teacher, after={"due": due}, organisation=held.school, appeal=made.pk)
    return made


@transaction.atomic
def decide_appeal(appeal_: FactAppeal, *, upheld: bool, opinion: str, by: User) -> FactAppeal:
    """Decide an appeal once. Where it is upheld the file has been put right before, and the verdict is made anew.

    Raises :class:`RefusedError` for a second decision, for one's own appeal, and where the facts give the same verdict
    by the same facts as before, because then nothing has been put right.
    """
    held = (
        FactAppeal.objects.select_for_update(no_key=True)
        .select_related("verdict__teacher", "year__county")
        .get(pk=appeal_.pk)
    )
    pause()
    if held.status != AppealStatus.OPEN:
        raise RefusedError(_("这份异议已经有了结果：%(status)s。") % {"status": held.get_status_display()})
    if held.submitted_by_id == by.pk:
        raise RefusedError(_("不能决定自己提出的异议。"))
    if not opinion.strip():
        raise RefusedError(_("请写明复核意见。"))
    if upheld:
        held.result = _judged_anew(held, by)
    held.status = AppealStatus.UPHELD if upheld else AppealStatus.DISMISSED
    held.decided_by, held.decided_at, held.opinion = by, timezone.now(), opinion
    held.save()
    record(
        by, f"rotation.appeal.{held.status}", held.verdict.teacher, organisation=held.verdict.school, appeal=held.pk,
        after={"verdict": held.result.word} if held.result else None,
    )  # fmt: skip
    notify(
        [held.submitted_by], f"rotation.appeal.{held.status}",
        gettext_noop("您对资格认定提出的异议已有复核结果，请查看。"), {}, held.get_absolute_url(),
    )  # fmt: skip
    return held


def _judged_anew(appeal_: FactAppeal, by: User) -> Verdict:
    """The verdict by the facts as they are now, in place of the one appealed against; the year rests on them."""
    old, number = appeal_.verdict, appeal_.verdict.teacher.number
    found = fix_anew(appeal_.year, reason=_("事实异议 %s 成立") % appeal_.pk, by=by, anew=(number,)).get(number)
    if found is None:
        raise RefusedError(_("名册里已没有这位教师，或其职务已不在认定范围。"))
    if (found.facts_text, found.because_zh) == (old.facts_text, old.because_zh):
        raise RefusedError(_("档案里的事实与认定时相同；请先更正档案，再支持这份异议。"))
    return found


@transaction.atomic
def withdraw_appeal(appeal_: FactAppeal, *, by: User) -> None:
    """Take one's appeal back while nobody has decided."""
    held = FactAppeal.objects.select_for_update(no_key=True).select_related("verdict__teacher").get(pk=appeal_.pk)
    if held.status != AppealStatus.OPEN:
        raise RefusedError(_("这份异议已经有了结果：%(status)s。") % {"status": held.get_status_display()})
    if held.submitted_by_id != by.pk:
        raise RefusedError(_("只有提出人可以撤回。"))
    held.status, held.decided_by, held.decided_at = AppealStatus.WITHDRAWN, by, timezone.now()
    held.save()
    record(by, "rotation.appeal.withdrawn", held.verdict.teacher, organisation=held.verdict.school, appeal=held.pk)
