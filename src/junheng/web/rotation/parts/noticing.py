"""Notices and objections: what hangs on their phases, who may have their files, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.records.attachments import access
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, provide
from junheng.web.rotation.actions import notices  # noqa: F401 - registers the work of taking notices down
from junheng.web.rotation.actions.objections import held_back
from junheng.web.rotation.cycle import Done, Part, Progress, ToCount, progress, summed
from junheng.web.rotation.holds import holds
from junheng.web.rotation.models import (
    NoticeKind,
    NoticeStatus,
    Objection,
    ObjectionStatus,
    PhaseKind,
    PublicNotice,
    RotationYear,
)

register(
    {
        "rotation.notice.drafted": gettext_lazy("拟公示"),
        "rotation.notice.rewritten": gettext_lazy("修改公示草稿"),
        "rotation.notice.published": gettext_lazy("发布公示"),
        "rotation.notice.taken_down": gettext_lazy("公示到期撤下"),
        "rotation.notice.withdrawn": gettext_lazy("撤回公示"),
        "rotation.objection.received": gettext_lazy("收到异议"),
        "rotation.objection.assigned": gettext_lazy("交办异议"),
        "rotation.objection.found": gettext_lazy("填写异议调查结论"),
        "rotation.objection.answered": gettext_lazy("答复异议"),
    },
    kinds={"rotation.publicnotice": gettext_lazy("公示"), "rotation.objection": gettext_lazy("异议")},
)

holds(held_back)


@access("rotation.publicnotice")
def may_have_file(standing: Any, key: str) -> bool:
    """Whoever may see the notice in the offices; others have its files from the public page while it runs."""
    return PublicNotice.objects.visible_to(standing).filter(pk=key).exists()


@progress(PhaseKind.NOTICE)
def results_are_published(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """The bureau's own step."""
    shown = PublicNotice.objects.filter(year=year, kind=NoticeKind.RESULTS, status=NoticeStatus.PUBLISHED)
    url = reverse("rotation:notices", args=(year.pk,))

    def made(found: Done) -> Progress:
        return Progress(_("公示拟交流人员名单"), min(1, summed(found)[1]), 1, who=_("人事科负责人"), url=url)

    return ToCount((Part(shown),), made)


@progress(PhaseKind.OBJECTIONS)
def objections_are_answered(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """How many have their answer."""
    part = Part(Objection.objects.filter(notice__year=year), done=Q(status=ObjectionStatus.ANSWERED))
    url = reverse("rotation:objections", args=(year.pk,))
    return ToCount((part,), lambda found: Progress(_("答复异议"), *summed(found), who=_("人事科"), url=url))


@provide
def objections_to_deal_with(request: HttpRequest) -> Iterable[Counted]:
    """To be assigned or answered by those who publish; to be investigated by whoever is charged with it."""
    standing = standing_of(request)
    within = standing.organisations(Permission.ROTATION_PUBLISH)
    mine = Objection.objects.filter(investigator=request.user.pk, status=ObjectionStatus.INVESTIGATING)
    theirs = Objection.objects.filter(
        notice__year__county__in=within, status__in=(ObjectionStatus.RECEIVED, ObjectionStatus.FOUND)
    )
    for label, found in ((_("待调查的异议"), mine), (_("待交办或答复的异议"), theirs)):
        yield Counted(label, _objections, found, "due", kind="rotation.objection", key="notice__year")


def _objections(year: int, _last: int) -> str:
    return reverse("rotation:objections", args=(year,))
