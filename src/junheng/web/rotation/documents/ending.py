"""Papers of the end: the teacher's summary, the outcome form (考核表), the certificate of service."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Box, Form, Paper, Row, Text, chinese_date
from junheng.facts import Grade
from junheng.web.rotation import counting
from junheng.web.rotation.actions.outcomes import HEADINGS, VETOES, average
from junheng.web.rotation.documents.ordering import bureau_of
from junheng.web.rotation.models import (
    Attendance,
    Certificate,
    Outcome,
    OutcomeStage,
    OutcomeStep,
    Placement,
    Summary,
)
from junheng.web.rotation.papers import as_number, paper

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage

WIDTHS = (1.0, 1.4, 1.0, 1.4, 1.0, 1.4)
OPINIONS = (
    (OutcomeStage.HOST, "接收学校意见"), (OutcomeStage.CLUSTER, "学区意见"), (OutcomeStage.BUREAU, "县教育局审定"),
)  # fmt: skip


def _placement(page: YearPage, key: str) -> Placement:
    rows = Placement.objects.visible_to(page.standing).with_names().select_related("from_school", "to_school")
    found: Placement = get_object_or_404(rows, year=page.year, pk=as_number(key))
    return found


@paper("summary", _("交流总结"))
def summary(page: YearPage, key: str) -> Paper:
    """The summary of a placement, by its key."""
    held = _placement(page, key)
    found = get_object_or_404(Summary.objects.visible_to(page.standing), placement=held)
    paragraphs = [line.strip() for line in found.text.splitlines() if line.strip()]
    return Paper(
        f"{page.year.year}—{page.year.year + 1}学年交流教师工作总结", tuple(Text(each) for each in paragraphs),
        signed_by=held.teacher_name or "", signed_on=timezone.localdate(found.submitted_at), sealed=False,
        about=held.teacher_name or "",
    )  # fmt: skip


@paper("outcome", _("交流教师考核表"))
def outcome(page: YearPage, key: str) -> Paper:
    """The outcome form of a placement, by its key, with the opinions as far as they are given."""
    held = _placement(page, key)
    found = get_object_or_404(Outcome.objects.visible_to(page.standing), placement=held)
    last = held.ended_on or held.end
    rows = (
        _six(
            "姓名", held.teacher_name or "", "学段学科", f"{held.get_stage_display()}{held.get_subject_display()}",
            "交流形式", str(held.get_form_display()),
        ),
        Row(tuple(
            Box(text, label=place % 2 == 0, span=1 + place % 2)
            for place, text in enumerate(("派出学校", held.from_school.name, "接收学校", held.to_school.name))
        )),
        _wide("起止日期", f"{chinese_date(held.start)}至{chinese_date(last)}"),
        _six("出勤", _attendance(held), "任务完成", _tasks(held), "平均得分", f"{average(found.marks):g}"),
        *_marks(found),
        _wide("一票否决", "、".join(str(VETOES[each]) for each in found.vetoes) or "无"),
        _wide("考核等次", Grade.read(found.grade).zh),
        *(_opinion(found, stage, label) for stage, label in OPINIONS),
    )  # fmt: skip
    return Paper(
        f"{page.year.year}—{page.year.year + 1}学年交流教师期满考核表", (Form(WIDTHS, rows),), compact=True,
        page_numbers=False, about=held.teacher_name or "",
    )  # fmt: skip


def _six(*texts: str) -> Row:
    return Row(tuple(Box(text, label=place % 2 == 0) for place, text in enumerate(texts)))


def _wide(label: str, text: str, height: float = 9.0, sign: str = "") -> Row:
    return Row((Box(label, label=True), Box(text, span=5, align=Align.LEFT, sign=sign)), height)


def _marks(found: Outcome) -> list[Row]:
    named = ((name, str(label).partition("：")) for name, label in HEADINGS.items())
    return [_wide(short, f"{long}　{found.marks[name]}分") for name, (short, _mark, long) in named]


def _attendance(held: Placement) -> str:
    """Days present of the days due in the months that are registered, and how many months are not."""
    rows = Attendance.objects.filter(placement=held).values_list("month", "present_days", "due_days")
    by_month = {month: (present, due) for month, present, due in rows}
    if not by_month:
        return "未登记"
    present, due = (sum(each) for each in zip(*by_month.values(), strict=True))
    missing = len(set(counting.months_of(held, timezone.localdate())) - by_month.keys())
    return f"{float(present):g} / {due}天" + (f"，{missing}个月未登记" if missing else "")


def _tasks(held: Placement) -> str:
    """Tasks fulfilled of those that were judged, and how many were not."""
    met = list(held.tasks.values_list("met", flat=True))
    judged = [each for each in met if each is not None]
    left = len(met) - len(judged)
    return f"{sum(judged)} / {len(judged)}项" + (f"，{left}项未认定" if left else "")


def _opinion(found: Outcome, stage: OutcomeStage, label: str) -> Row:
    step = found.steps.filter(stage=stage).exclude(deed=OutcomeStep.Deed.RETURNED).order_by("-pk").first()
    if step is None or _is_stale(found, step):
        return _wide(label, "", 26.0, "（公章）　　　　年　月　日")
    grade = Grade.read(step.grade).zh if step.grade else ""
    return _wide(label, f"{step.opinion}　等次：{grade}", 26.0, f"（公章）{chinese_date(timezone.localdate(step.at))}")


def _is_stale(found: Outcome, step: OutcomeStep) -> bool:
    """Whether the outcome was returned after the step, which then no longer stands."""
    return found.steps.filter(deed=OutcomeStep.Deed.RETURNED, pk__gt=step.pk).exists()


@paper("certificate", _("交流服务证明"))
def certificate(page: YearPage, key: str) -> Paper:
    """A certificate that stands, by its key, as it was issued."""
    seen = Certificate.objects.visible_to(page.standing).filter(placement__year=page.year, revoked_at__isnull=True)
    found = get_object_or_404(seen, pk=as_number(key))
    said = found.content
    try:
        body = (
            Text(
                f"{said['name']}老师系{said['home']}教师，于{_date(said['start'])}至{_date(said['end'])}"
                f"以“{said['form']}”形式"
                f"到{said['host']}任教（{said['stage']}{said['subject']}），按政策计入交流{said['months']}个月，"
                f"期满考核等次为“{said['grade']}”。"
            ),
            Text("特此证明。"),
            Text(f"证明编号：{found.number}", indent=False),
            Text(f"验证码：{found.code}", indent=False),
            Text(f"查验地址：{page.request.build_absolute_uri(reverse('rotation:certificate_check'))}", indent=False),
        )
    except KeyError:
        raise Http404 from None
    return Paper(
        "教师交流服务证明", body, signed_by=bureau_of(page.year.county.name), signed_on=found.issued_on,
        page_numbers=False, about=said["name"],
    )  # fmt: skip


def _date(written: str) -> str:
    """A day of a certificate, which keeps it as 2026-09-01, as papers write it."""
    return chinese_date(date.fromisoformat(written))
