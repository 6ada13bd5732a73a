"""Papers of notices and objections: the sheet for the notice board, the answer to an objection."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Column, Grid, Paper, Text, chinese_date
from junheng.web.access import Permission
from junheng.web.rotation.actions.objections import is_concerned
from junheng.web.rotation.models import NoticeKind, NoticeStatus, Objection, ObjectionStatus, PublicNotice
from junheng.web.rotation.papers import as_number, paper
from junheng.web.rotation.publishing import lines_for

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage

RESULTS = (
    Column("序号", 0.6), Column("姓名", 0.82), Column("派出学校", 1.95, Align.LEFT),
    Column("接收学校", 1.95, Align.LEFT), Column("学段", 0.6), Column("学科", 0.97), Column("形式", 1.05),
    Column("期限", 1.5),
)  # fmt: skip
CANDIDATES = (
    Column("序号", 0.6), Column("姓名", 1), Column("学校", 2.4, Align.LEFT), Column("学段", 0.8), Column("学科", 1),
    Column("形式", 1.2),
)  # fmt: skip
HANDLERS = (Permission.ROTATION_PUBLISH, Permission.ROTATION_REVIEW)


@paper("public-notice", _("公示"))
def public_notice(page: YearPage, key: str) -> Paper:
    """The sheet of a notice; of one that is over only for the offices that keep it."""
    seen = PublicNotice.objects.visible_to(page.standing).filter(year=page.year)
    notice = get_object_or_404(seen.select_related("scenario"), pk=as_number(key))
    drafting = notice.status == NoticeStatus.DRAFT
    if not (drafting or notice.on_show(page.now)) and not page.may(*HANDLERS, Permission.ROTATION_PLAN):
        raise Http404
    rows = lines_for(notice) if drafting else list(notice.rows.all())
    blocks: list[Text | Grid] = []
    if notice.basis:
        blocks.append(Text(f"依据：{notice.basis}。"))
    blocks += [Text(line) for line in notice.text.splitlines() if line.strip()]
    if rows and notice.kind == NoticeKind.RESULTS:
        blocks.append(
            Grid(
                RESULTS,
                tuple(
                    (str(r.position), r.name, r.home, r.host, r.stage, r.subject, r.form, _two_lines(r.term))
                    for r in rows
                ),
                small=True,
            )
        )
        said = f"以上共{notice.moves or len(rows)}人，其中人工决定{notice.manual}人（{notice.manual_percent}%）。"
        if notice.scenario is not None and notice.scenario.pins:
            said += f"编制方案之前作出指定、留任和排除去向的决定{notice.scenario.pins}条。"
        blocks.append(Text(said))
    elif rows:
        listed = tuple((str(r.position), r.name, r.home, r.stage, r.subject, r.form) for r in rows)
        blocks.append(Grid(CANDIDATES, listed, small=True))
    blocks.append(Text(_period(notice)))
    where = f"受理部门：{notice.office}；电话：{notice.phone}"
    where += f"；邮箱：{notice.email}" if notice.email else ""
    where += f"；地址：{notice.address}" if notice.address else ""
    blocks += [Text(f"{where}。"), Text("反映情况请实事求是，提倡实名；匿名反映也予受理。")]
    if notice.root:
        blocks.append(Text(f"方案证明的默克尔根：{notice.root}", align=Align.LEFT))
    return Paper(
        notice.title, tuple(blocks), signed_by=notice.issuer,
        signed_on=timezone.localdate(notice.opens) if notice.opens else None,
    )  # fmt: skip


def _two_lines(term: str) -> str:
    """A term's beginning over its end, so that no day is broken."""
    return term.replace(" — ", " —\n")


def _period(notice: PublicNotice) -> str:
    if notice.opens is None or notice.closes is None:
        return f"公示期：自公布之日起{notice.days}个工作日。"
    last = timezone.localtime(notice.closes - timedelta(seconds=1)).date()
    first = timezone.localdate(notice.opens)
    return f"公示期：{chinese_date(first)}至{chinese_date(last)}（{notice.days}个工作日）。"


@paper("objection-answer", _("异议答复"))
def objection_answer(page: YearPage, key: str) -> Paper:
    """The answer to an objection, for those who deal with objections and are not concerned in it."""
    seen = Objection.objects.visible_to(page.standing).filter(notice__year=page.year, status=ObjectionStatus.ANSWERED)
    held = get_object_or_404(seen.select_related("notice"), pk=as_number(key))
    if is_concerned(page.request.user, held):  # type: ignore[arg-type]
        raise Http404
    return Paper(
        "关于异议的答复",
        (
            Text(
                f"你于{chinese_date(timezone.localdate(held.received_at))}就“{held.notice.title}”"
                f"提出的异议（编号{held.number}）收悉。经调查，结论为：{held.get_finding_display()}。",
                align=Align.LEFT,  # a number that no line can break would draw the line before it apart
            ),
            *(Text(line) for line in held.answer.splitlines() if line.strip()),
            Text("如对本答复仍有意见，可以依法向上级主管部门反映。"),
        ),
        addressed_to=held.name if held.named else "反映人", signed_by=held.notice.issuer,
        signed_on=timezone.localdate(held.answered_at) if held.answered_at else None, page_numbers=False,
    )  # fmt: skip
