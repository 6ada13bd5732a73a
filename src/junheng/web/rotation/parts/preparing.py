"""Preparation: what is counted, what the trail calls it, who may have the files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from junheng.web.access import Permission, standing_of
from junheng.web.records import attachments
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, provide
from junheng.web.rotation.cycle import Done, Part, Progress, ToCount, progress, summed
from junheng.web.rotation.models import (
    BodyKind,
    DocumentKind,
    Meeting,
    MeetingKind,
    OfficialDocument,
    PhaseKind,
    ReadReceipt,
    RotationYear,
    WorkBody,
)
from junheng.web.staffing.models import TeacherState

register(
    {
        "rotation.parameters.set": gettext_lazy("设定参数"),
        "rotation.body.set_up": gettext_lazy("成立工作机构"),
        "rotation.meeting.held": gettext_lazy("登记会议"),
        "rotation.quotas.published": gettext_lazy("公布交流指标"),
        "rotation.needs.published": gettext_lazy("公布学科需求"),
        "rotation.document.drafted": gettext_lazy("拟稿"),
        "rotation.document.issued": gettext_lazy("发布文件"),
        "rotation.document.read": gettext_lazy("阅知文件"),
        "rotation.document.signed": gettext_lazy("签署责任书"),
    },
    kinds={
        "rotation.workbody": gettext_lazy("工作机构"),
        "rotation.meeting": gettext_lazy("会议"),
        "rotation.officialdocument": gettext_lazy("文件"),
    },
)


@progress(PhaseKind.PREPARATION)
def groups_set_up(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Schools that have set up their work group."""
    found = WorkBody.objects.filter(year=year, kind=BodyKind.SCHOOL, organisation__in=schools)  # scoped: reach
    return _each(_("成立学校工作小组"), schools, found, reverse("rotation:bodies", args=(year.pk,)))


@progress(PhaseKind.PREPARATION)
def mobilised(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Schools that have held their mobilisation meeting."""
    found = Meeting.objects.filter(year=year, kind=MeetingKind.MOBILISATION, organisation__in=schools)  # scoped: reach
    return _each(_("召开学校动员会"), schools, found, reverse("rotation:meetings", args=(year.pk,)))


def _each(what: str, schools: Sequence[int], rows: QuerySet[Any], url: str) -> ToCount:
    """Schools of which there is a row."""

    def made(done: Done) -> Progress:
        return Progress(what, len(done), len(schools), _("学校"), url, {key: (int(key in done), 1) for key in schools})

    return ToCount((Part(rows, "organisation"),), made)


@progress(PhaseKind.PREPARATION)
def documents_read(year: RotationYear, schools: Sequence[int]) -> ToCount | None:
    """Teachers who have read the last document that everybody has to read."""
    last = OfficialDocument.objects.filter(year=year, everybody=True, issued_at__isnull=False).first()  # scoped: year
    if last is None:
        return None
    what = _("阅知《%(title)s》") % {"title": last.title}
    receipts = ReadReceipt.objects.filter(document=last, school__in=schools)  # scoped: schools within reach
    present = TeacherState.objects.current().filter(school__in=schools)  # scoped: schools within reach

    def made(read: Done, there: Done) -> Progress:
        by_school = {key: (read.get(key, (0, 0))[1], of) for key, (_done, of) in there.items()}
        done, total = summed(read)[1], summed(there)[1]
        return Progress(what, done, total, pgettext("menu", "教师"), last.get_absolute_url(), by_school)

    return ToCount((Part(receipts, "school"), Part(present, "school")), made)


@provide
def documents_that_wait(request: HttpRequest) -> Iterable[Counted]:
    """Documents that a teacher has yet to read, letters that a principal has yet to sign, drafts to be issued."""
    standing = standing_of(request)
    running = OfficialDocument.objects.visible_to(standing).filter(year__archived_at__isnull=True)
    issued = running.filter(issued_at__isnull=False)
    if standing.allows(Permission.ROTATION_OWN):
        read = ReadReceipt.objects.filter(user=request.user.pk).values("document")  # scoped: one's own
        unread = issued.filter(everybody=True).exclude(pk__in=read)
        yield Counted(_("待阅知的文件"), _papers, unread, kind="rotation.document.read", key="year")
    signs = standing.organisations(Permission.ROTATION_SIGN)
    if signs:
        signed = ReadReceipt.objects.filter(signed=True, school__in=signs).values("document")  # scoped: one's school
        unsigned = issued.filter(kind=DocumentKind.LETTER).exclude(pk__in=signed)
        yield Counted(_("待签署的责任书"), _papers, unsigned, kind="rotation.document.sign", key="year")
    issues = standing.organisations(Permission.ROTATION_PUBLISH)
    if issues:
        drafts = running.filter(issued_at__isnull=True, year__county__in=issues)
        yield Counted(_("待发布的文件"), _papers, drafts, kind="rotation.document.issue", key="year")


def _papers(year: int, _last: int) -> str:
    return reverse("rotation:papers", args=(year,))


@attachments.access("rotation.meeting")
def may_see_minutes(standing: Any, key: str) -> bool:
    """Files of a meeting are for whoever may see the meeting."""
    return key.isdecimal() and Meeting.objects.visible_to(standing).filter(pk=int(key)).exists()
