"""Papers of verdicts: the notice to a teacher with its slip, and the list on which a school has them signed for."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Column, Cut, Grid, Heading, Paper, Signature, Text, chinese_date
from junheng.web.access import Permission
from junheng.web.rotation.documents.ordering import bureau_of
from junheng.web.rotation.documents.reasons import in_sentences
from junheng.web.rotation.models import PhaseKind, Verdict, VerdictStanding
from junheng.web.rotation.names import with_names
from junheng.web.rotation.papers import as_number, paper

if TYPE_CHECKING:
    from datetime import datetime

    from junheng.web.rotation.views.pages import YearPage

LIST = (
    Column("序号", 0.5), Column("姓名", 1), Column("工号", 1.2), Column("结论", 0.9),
    Column("依据条款", 1.8, Align.LEFT), Column("网上阅知", 1.2), Column("本人签收", 1.2), Column("日期", 1),
)  # fmt: skip
MEANS = {
    VerdictStanding.MUST: "属于本年度应当交流的人员，请在个人申请阶段提交申请；确有困难的，可以申请暂缓或者免除。",
    VerdictStanding.MAY: "可以参加本年度交流，是否申请由本人决定。",
    VerdictStanding.NO: "本年度不参加交流。",
}


@paper("verdict", _("资格认定告知书"))
def verdict(page: YearPage, key: str) -> Paper:
    """The notice to a teacher, by his key; its reason for whoever may read it, a slip to be signed below."""
    seen = Verdict.objects.visible_to(page.standing).filter(year=page.year, current=True, teacher=as_number(key))
    found = get_object_or_404(with_names(seen.select_related("school", "teacher")))
    own = found.teacher.user_id == getattr(page.request.user, "pk", 0)
    sees = own or found.school_id in page.within(Permission.TEACHERS_SENSITIVE)
    said = (
        (Heading("理由"), Text(in_sentences(found.because_zh) or "见依据条款。")) if sees else ()
    )  # what a verdict rests on may tell of health or family
    name, bureau = found.teacher_name, bureau_of(page.year.county.name)
    return Paper(
        "教师交流轮岗资格认定告知书",
        (
            Text(
                f"根据《{page.year.pack_title}》，以{chinese_date(page.year.on)}的事实为准，您的资格认定结论为"
                f"“{found.get_standing_display()}”：{MEANS[VerdictStanding(found.standing)]}"
            ),
            Heading("依据"),
            Text(f"{found.clause or '—'}；数据快照{found.snapshot_id}。", align=Align.LEFT),
            *said,
            Heading("异议"),
            Text(_appeals_until(page)),
            Signature(bureau, timezone.localdate(found.judged_at)),
            Cut("送达回执"),
            Text(f"本人已收到《教师交流轮岗资格认定告知书》（{found.get_standing_display()}）。", indent=False),
            Text(
                f"{name}（工号{found.teacher.number}）　　签名：　　　　　　　　　　年　　月　　日", indent=False,
                align=Align.LEFT,
            ),
        ),
        addressed_to=f"{found.school.name}{name}老师", compact=True, about=name or "",
    )  # fmt: skip


def _appeals_until(page: YearPage) -> str:
    phase = page.year.phases.filter(kind=PhaseKind.ELIGIBILITY).first()
    if phase is None:
        return "对认定所据事实有异议的，请向学校或县教育局人事科提出。"
    return f"对认定所据事实有异议的，可以在{_end_of(phase.closes)}前在系统中或者通过学校提出复核。"


def _end_of(closes: datetime) -> str:
    """When a phase closes, as papers write it: what ends with a day, at its 24th hour."""
    there = timezone.localtime(closes)
    if there.time() == time():
        return f"{chinese_date((there - timedelta(days=1)).date())}24时"
    return f"{chinese_date(there.date())}{there:%H:%M}"


@paper("served", _("资格认定送达签收表"))
def served(page: YearPage, key: str) -> Paper:
    """A school's staff with their conclusions, to sign that they have the notice; by the key of the school."""
    school = get_object_or_404(page.schools(Permission.ROTATION_VIEW), pk=as_number(key))
    seen = Verdict.objects.visible_to(page.standing).filter(year=page.year, current=True, school=school)
    rows = with_names(seen.select_related("teacher")).order_by("teacher__number")
    if not rows.exists():
        raise Http404
    listed = tuple(
        (
            str(number), each.teacher_name, each.teacher.number, str(each.get_standing_display()), each.clause,
            timezone.localtime(each.read_at).strftime("%Y-%m-%d") if each.read_at else "", "", "",
        )
        for number, each in enumerate(rows, 1)
    )  # fmt: skip
    return Paper(
        f"{school.name}教师交流轮岗资格认定送达签收表",
        (
            Text(f"依据：《{page.year.pack_title}》。网上已阅知的不必再签。", indent=False),
            Grid(LIST, listed, small=True, height=8.0),
            Text("送达人：　　　　　　见证人：　　　　　　（盖章）　　　　年　月　日", indent=False),
        ),
        landscape=True, compact=True,
    )  # fmt: skip
