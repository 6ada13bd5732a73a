"""Confirmation, verdicts, appeals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import User
from junheng.web.records import attachments
from junheng.web.records.jobs import Work, job_kind
from junheng.web.records.labels import register
from junheng.web.records.notifying import notify
from junheng.web.records.waiting import Counted, Waiting, provide
from junheng.web.rotation import judging
from junheng.web.rotation.actions import freezing as actions
from junheng.web.rotation.cycle import Part, ToCount, needs, open_phases, progress, running_years, when
from junheng.web.rotation.models import (
    DataConfirmation,
    FactAppeal,
    Phase,
    PhaseKind,
    RotationYear,
    Turn,
    Verdict,
)
from junheng.web.staffing.models import Teacher, TeacherState

register(
    {
        "rotation.data.confirmed": gettext_lazy("核对本人信息"),
        "rotation.verdicts.frozen": gettext_lazy("固定资格认定"),
        "rotation.facts.fixed_anew": gettext_lazy("按更正后的数据重新固定"),
        "rotation.verdict.read": gettext_lazy("阅知认定结果"),
        "rotation.appeal.submitted": gettext_lazy("提出事实异议"),
        "rotation.appeal.upheld": gettext_lazy("事实异议成立"),
        "rotation.appeal.dismissed": gettext_lazy("事实异议不成立"),
        "rotation.appeal.withdrawn": gettext_lazy("撤回事实异议"),
    },
    kinds={"rotation.factappeal": gettext_lazy("事实异议")},
)


@job_kind(actions.FREEZE)
def freeze(work: Work) -> dict[str, Any]:
    """Reckon everybody's verdict, then write them all with the snapshot in one transaction."""
    year = RotationYear.objects.select_related("county").get(pk=work.arguments["year"])  # scoped: by the job
    result = {"url": reverse("rotation:verdicts", args=(year.pk,))}
    if year.is_frozen:
        return result
    said = actions.reckon(year, work.progress)
    work.progress(2, 3, _("写入认定结果"))
    by = User.objects.filter(pk=work.arguments.get("by")).first()
    with work.finishing() as kept:
        kept.update(result, verdicts=actions.keep(year, said, by=by))
    return result


@when(PhaseKind.CONFIRMATION, Turn.OPENED)
def ask_teachers_to_confirm(phase: Phase) -> None:
    """Every teacher with an account is asked to look at his file."""
    county = phase.year.county
    readers = [each.user for each in Teacher.objects.filter(county=county, user__isnull=False)]  # scoped: county
    notify(
        readers, "rotation.confirmation.opened", gettext_noop("%(year)s：请核对本人信息。"),
        {"year": phase.year.title}, phase.year.own_url,
    )  # fmt: skip


@when(PhaseKind.ELIGIBILITY, Turn.OPENED)
def freeze_by_itself(phase: Phase) -> None:
    """Verdicts are reckoned as soon as the phase begins."""
    if not phase.year.is_frozen and judging.can_judge(phase.year):
        actions.ask_to_freeze(phase.year, by=None, at=phase.opens)


@needs(PhaseKind.APPLICATIONS)
def verdicts_are_frozen(year: RotationYear) -> str:
    """Nobody applies before it is known who must, may or does not move."""
    return "" if year.is_frozen else _("资格认定结果还没有固定")


@progress(PhaseKind.CONFIRMATION)
def confirmed(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Teachers of the schools who have confirmed their data."""
    present = TeacherState.objects.current().filter(school__in=schools)  # scoped: schools within reach
    have = DataConfirmation.objects.filter(year=year).values("teacher")  # scoped: of teachers of the schools
    part = Part(present, "school", Q(teacher__in=have))
    return ToCount.of(
        _("核对本人信息"), part, pgettext("menu", "教师"), reverse("rotation:confirmations", args=(year.pk,))
    )


@progress(PhaseKind.ELIGIBILITY)
def notices_read(year: RotationYear, schools: Sequence[int]) -> ToCount | None:
    """Teachers of the schools who have read their notice."""
    if not year.is_frozen:
        return None
    found = Verdict.objects.filter(year=year, current=True, school__in=schools)  # scoped: schools within reach
    part = Part(found, "school", Q(read_at__isnull=False))
    return ToCount.of(_("阅知认定结果"), part, pgettext("menu", "教师"), reverse("rotation:verdicts", args=(year.pk,)))


@provide
def waits_in_freezing(request: HttpRequest) -> Iterable[Waiting | Counted]:
    """A teacher's file to confirm and notice to read, a reviewer's appeals."""
    standing = standing_of(request)
    if standing.allows(Permission.ROTATION_OWN):
        yield from _waits_for_teacher(request)
    if standing.allows(Permission.ROTATION_REVIEW):
        within = standing.organisations(Permission.ROTATION_REVIEW)
        found = FactAppeal.objects.filter(year__county__in=within).open()  # scoped: to be decided
        yield Counted(
            _("待复核的事实异议"), lambda year, _last: reverse("rotation:appeals", args=(year,)), found, "due",
            kind="rotation.appeal", key="year",
        )  # fmt: skip


def _waits_for_teacher(request: HttpRequest) -> Iterable[Waiting]:
    me = Teacher.objects.filter(user=request.user).first()  # scoped: oneself
    if me is None:
        return
    for year in running_years(request):
        if year.county_id != me.county_id:
            continue
        for phase in open_phases(year):
            last = timezone.localtime(phase.closes - timedelta(seconds=1)).date()
            url = year.own_url
            if phase.kind == PhaseKind.CONFIRMATION:
                if not DataConfirmation.objects.filter(year=year, teacher=me).exists():  # scoped: one's own
                    yield Waiting(_("待核对的本人信息"), url, 1, last, kind="rotation.confirmation")
            elif phase.kind == PhaseKind.ELIGIBILITY:
                unread = Verdict.objects.filter(year=year, teacher=me, current=True, read_at=None)  # scoped: one's own
                yield Waiting(_("待阅知的认定结果"), url, unread.count(), last, kind="rotation.verdict")


@attachments.access("rotation.factappeal")
def may_see_evidence(standing: Any, key: str) -> bool:
    """Evidence is for whoever may see the appeal."""
    return key.isdecimal() and FactAppeal.objects.visible_to(standing).filter(pk=int(key)).exists()
