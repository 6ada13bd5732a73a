"""Papers of schools and review: the notice within a school, minutes of meetings on people, recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Column, Grid, Heading, Paper, Text, chinese_date
from junheng.web.access import Permission
from junheng.web.rotation.models import Application, Deliberation, SchoolNotice, SchoolReturn
from junheng.web.rotation.papers import as_number, paper
from junheng.web.staffing.models import Teacher, TeacherState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from junheng.web.rotation.views.pages import YearPage

HANDLED_BY = (
    Permission.ROTATION_SCHOOL, Permission.ROTATION_SIGN, Permission.ROTATION_CLUSTER, Permission.ROTATION_REVIEW,
)  # fmt: skip
NAMED = (Column("序号", 0.6), Column("姓名", 1), Column("学科", 1), Column("交流形式", 1.4))


def _handled(page: YearPage, organisation: int) -> None:
    """404 for whoever does not work on applications of the place."""
    if not any(organisation in page.within(each) for each in HANDLED_BY):
        raise Http404


def _named(applications: Iterable[Application]) -> tuple[tuple[str, ...], ...]:
    """Number, name, subject and form of each: nothing else about anybody."""
    listed = list(applications)
    states = TeacherState.objects.current().filter(teacher__in=[each.teacher_id for each in listed])
    known = {each.teacher_id: each for each in states}
    return tuple(
        (
            str(number), known[each.teacher_id].name, str(known[each.teacher_id].get_main_subject_display()),
            str(each.get_form_display()),
        )
        for number, each in enumerate(listed, 1)
        if each.teacher_id in known
    )  # fmt: skip


def _numbered(page: YearPage, school: int, numbers: list[str]) -> list[Application]:
    rows = Application.objects.filter(year=page.year, school=school, number__in=numbers)
    return list(rows.order_by("number"))


@paper("school_notice", _("校内公示"))
def school_notice(page: YearPage, key: str) -> Paper:
    """The notice that a school posts: names, subject and form, and until when objections are taken."""
    rows = SchoolNotice.objects.visible_to(page.standing).select_related("organisation")
    found = get_object_or_404(rows, year=page.year, pk=as_number(key))
    _handled(page, found.organisation_id)
    until = chinese_date(found.last_day)
    return Paper(
        f"{found.organisation.name}拟推荐交流轮岗人员公示",
        (
            Text(
                f"根据《{page.year.pack_title}》，经个人申请、资格审核和集体讨论，拟推荐以下人员参加交流轮岗，现予公示。"
                f"公示期自{chinese_date(found.posted_on)}起{found.days}个工作日，至{until}止。"
            ),
            Grid(NAMED, _named(_numbered(page, found.organisation_id, found.names))),
            Text("公示期内对所列人员有异议的，请以书面形式实名向学校反映，学校核实后答复。"),
        ),
        signed_by=found.organisation.name, signed_on=found.posted_on,
    )  # fmt: skip


@paper("minutes", _("会议记录"))
def minutes(page: YearPage, key: str) -> Paper:
    """Minutes of a school's discussion or of a joint meeting, with what was decided on their basis."""
    rows = Deliberation.objects.visible_to(page.standing).select_related("organisation", "by")
    found = get_object_or_404(rows, year=page.year, pk=as_number(key))
    _handled(page, found.organisation_id)
    seen = Application.objects.visible_to(page.standing).filter(year=page.year)
    steps = list(found.steps.filter(application__in=seen).select_related("application__teacher"))
    names = _names(each.application.teacher for each in steps)
    decided = tuple(
        (
            str(number), names[each.application.teacher_id], str(each.get_outcome_display()), each.clause,
            each.opinion,
        )
        for number, each in enumerate(steps, 1)
    )  # fmt: skip
    columns = (
        Column("序号", 0.6), Column("姓名", 1), Column("结果", 1), Column("依据条款", 1.4),
        Column("意见", 2.6, Align.LEFT),
    )  # fmt: skip
    after = (Heading("依据本次会议作出的决定"), Grid(columns, decided, small=True)) if decided else ()
    head = (Heading("会议内容"),) if decided else ()  # one part alone has no number
    return Paper(
        _heading(found.title, found.organisation.name),
        (
            Text(f"时间：{chinese_date(found.held_on)}", indent=False),
            Text(f"单位：{found.organisation.name}", indent=False),
            Text(f"出席：{found.present}", indent=False),
            *head,
            *(Text(line) for line in found.minutes.splitlines() if line.strip()),
            *after,
        ),
        signed_by=found.organisation.name, signed_on=found.held_on, note=f"记录人：{found.by}",
    )  # fmt: skip


def _heading(title: str, place: str) -> str:
    """Whose minutes of what: a school's name and 会议记录 are put to a title that lacks them."""
    what = title.removesuffix("记录").removesuffix("会议")
    return f"{'' if place in what else place}{what}会议记录"


@paper("recommendation", _("学校推荐"))
def recommendation(page: YearPage, key: str) -> Paper:
    """What a principal signed: whom the school recommends, the discussion, the notice, the declaration."""
    rows = SchoolReturn.objects.visible_to(page.standing).select_related("organisation", "meeting", "notice", "by")
    found = get_object_or_404(rows, year=page.year, pk=as_number(key))
    _handled(page, found.organisation_id)
    listed = _named(_numbered(page, found.organisation_id, found.numbers))
    notice = found.notice
    shown = (
        f"，并自{chinese_date(notice.posted_on)}至{chinese_date(notice.last_day)}在校内公示，"
        f"{'收到异议，处理情况：' + notice.outcome if notice.objected else '没有收到异议'}"
        if notice is not None
        else ""
    )
    return Paper(
        f"{found.organisation.name}关于推荐交流轮岗人员的报告",
        (
            Text(f"经{chinese_date(found.meeting.held_on)}集体讨论{shown}，我校推荐以下{len(listed)}人参加交流轮岗："),
            Grid(NAMED, listed),
            Text(found.declaration if "承诺" in found.declaration[:4] else f"我校承诺：{found.declaration}"),
        ),
        addressed_to=page.year.county.name + "教育局", signed_by=f"{found.organisation.name}　校长：{found.by}",
        signed_on=timezone.localdate(found.at),
    )  # fmt: skip


def _names(teachers: Iterable[Teacher]) -> dict[int, str]:
    keys = [each.pk for each in teachers]
    return dict(TeacherState.objects.current().filter(teacher__in=keys).values_list("teacher", "name"))
