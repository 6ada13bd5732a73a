"""Papers of open selection: the announcement of the posts, and how many applied and were appointed, by month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Column, Grid, Heading, Paper, Text, chinese_date
from junheng.web.access import Permission
from junheng.web.rotation.documents.ordering import bureau_of
from junheng.web.rotation.models import OpenPost, PostApplication, PostApplicationStatus
from junheng.web.rotation.papers import paper

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage

PRINCIPLES = "按需设岗、平等竞争、择优聘任、科学考核、合同管理"
POSTS = (
    Column("序号", 0.5), Column("学校", 2, Align.LEFT), Column("职位", 0.9), Column("人数", 0.6),
    Column("任职条件", 3, Align.LEFT), Column("报名截止", 1.2),
)  # fmt: skip
MONTHS = (
    Column("月份", 1), Column("学校", 2, Align.LEFT), Column("职位", 1), Column("人数", 0.7), Column("报名", 0.7),
    Column("入围", 0.7), Column("拟任", 0.7), Column("已任用", 0.8),
)  # fmt: skip
OFFICES = (Permission.ROTATION_REVIEW, Permission.ROTATION_PLAN, Permission.ROTATION_ADOPT)
_LISTED = (PostApplicationStatus.SHORTLISTED, PostApplicationStatus.PROPOSED, PostApplicationStatus.APPOINTED)


def _posts(page: YearPage) -> list[OpenPost]:
    found = list(OpenPost.objects.filter(year=page.year).select_related("school").order_by("published_at", "pk"))
    if not found:
        raise Http404
    return found


@paper("open-posts", _("公开选聘公告"))
def announcement(page: YearPage, key: str) -> Paper:
    """The posts of the year for everybody (``all``): principles, posts with what is asked, how to apply."""
    posts = _posts(page)
    listed = tuple(
        (
            str(number), each.school.name, str(each.get_role_display()), str(each.places), each.requirements,
            chinese_date(each.apply_by),
        )
        for number, each in enumerate(posts, 1)
    )  # fmt: skip
    bureau = bureau_of(page.year.county.name)
    return Paper(
        f"{bureau}关于公开选聘学校干部的公告",
        (
            Text(f"根据《{page.year.pack_title}》，现面向全县教师公开选聘学校干部，有关事项公告如下。"),
            Heading("选聘原则"), Text(f"{PRINCIPLES}。"),
            Heading("职位和条件"), Grid(POSTS, listed, small=True),
            Heading("报名办法"),
            Text(
                "本人登录系统，在“公开选聘”中填写报名理由和任职设想，上传证明材料。报名到截止日24时为止，"
                "以服务器收到的时刻为准；提交后有回执号。本校职位由学校竞争上岗，不在此列。"
            ),
            Heading("程序"), Text("个人报名，资格审查，确定入围人选，考察，提出拟任人选，按干部管理权限批准后公布。"),
        ),
        signed_by=bureau, signed_on=timezone.localdate(posts[-1].published_at),
    )  # fmt: skip


@paper("open-posts-report", _("公开选聘情况表"))
def report(page: YearPage, key: str) -> Paper:
    """For the bureau (``all``): by the month of announcement, how many applied, were listed, proposed, appointed."""
    if not page.may(*OFFICES):
        raise Http404
    posts = _posts(page)
    rows = PostApplication.objects.visible_to(page.standing).in_force().filter(post__in=posts)
    counts = Counter(rows.values_list("post", "status"))

    def many(post: OpenPost, *statuses: str) -> int:
        return sum(number for (key, status), number in counts.items() if key == post.pk and status in statuses)

    figures = [
        (
            post.places, many(post, *PostApplicationStatus.values), many(post, *_LISTED),
            many(post, *_LISTED[1:]), many(post, *_LISTED[2:]),
        )
        for post in posts
    ]  # fmt: skip
    listed = [
        (
            timezone.localtime(post.published_at).strftime("%Y-%m"), post.school.name, str(post.get_role_display()),
            *map(str, numbers),
        )
        for post, numbers in zip(posts, figures, strict=True)
    ]  # fmt: skip
    total = ("合计", "", "", *(str(sum(column)) for column in zip(*figures, strict=True)))
    return Paper(
        f"{page.year.county.name}{page.year.year}—{page.year.year + 1}学年公开选聘情况表",
        (Grid(MONTHS, (*listed, total), small=True), Text("入围包括后来拟任和已任用的；已撤回的不计。", indent=False)),
        compact=True,
    )  # fmt: skip
