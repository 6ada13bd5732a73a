"""Open selection: what the trail calls its actions, whose its files are, what waits, what a teacher sees of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.records import attachments
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, provide
from junheng.web.rotation.actions.selecting import takes_applications
from junheng.web.rotation.models import OpenPost, PostApplication, PostApplicationStatus
from junheng.web.rotation.own import Button, Card, own
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.models import Teacher

register(
    {
        "rotation.post_application.submitted": gettext_lazy("报名公开选聘"),
        "rotation.post_application.withdrawn": gettext_lazy("撤回选聘报名"),
        "rotation.post_application.reviewed": gettext_lazy("选聘资格审查"),
    },
    kinds={"rotation.postapplication": gettext_lazy("选聘报名")},
)


@attachments.access("rotation.postapplication")
def may_see_evidence(standing: Any, key: str) -> bool:
    """Evidence is for the applicant and for the bureau."""
    return key.isdecimal() and PostApplication.objects.visible_to(standing).filter(pk=int(key)).exists()


@provide
def to_review(request: HttpRequest) -> Iterable[Counted]:
    """Applications for posts that nobody has looked at."""
    standing = standing_of(request)
    if not standing.allows(Permission.ROTATION_REVIEW):
        return
    found = PostApplication.objects.visible_to(standing).filter(
        post__year__county__in=standing.organisations(Permission.ROTATION_REVIEW),
        post__year__archived_at__isnull=True, status=PostApplicationStatus.SUBMITTED,
    ).exclude(teacher__user=request.user)  # fmt: skip
    yield Counted(_("待审查的选聘报名"), _of_year, found, kind="rotation.post_application", key="post__year")


def _of_year(year: int, _last: int) -> str:
    return f"{reverse('rotation:post_applications', args=(year,))}?status=submitted"


@own(order=70)
def selection(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """Posts that one may apply for, and what one has applied for."""
    mine = PostApplication.objects.in_force().filter(post__year=page.year, teacher=teacher)
    applied = list(mine.select_related("post__school", "post__year"))
    for each in applied:
        yield Card(
            str(each.post), each.get_status_display(), "blue", said=each.opinion,
            facts=({"label": _("回执号"), "value": each.number},),
            buttons=(Button(_("查看"), each.get_absolute_url()),),
        )  # fmt: skip
    posts = OpenPost.objects.filter(year=page.year).exclude(pk__in=[each.post_id for each in applied])
    there = [each for each in posts.select_related("year") if takes_applications(each, page.now)]
    if there:
        said = _("现有 %(count)s 个职位公开选聘，符合条件的都可以报名。") % {"count": len(there)}
        yield Card(_("公开选聘"), _("正在报名"), "blue", said=said,
                   buttons=(Button(_("查看职位"), page.url("open_posts")),))  # fmt: skip
