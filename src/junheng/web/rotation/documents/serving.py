"""Papers of service: the monthly report of a teacher and of a school (月报表)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Box, Column, Form, Grid, Paper, Row, Text, chinese_date
from junheng.web.rotation import monthly
from junheng.web.rotation.models import MonthlyReport, TaskKind
from junheng.web.rotation.papers import as_number, paper

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage

WIDTHS = (1.0, 1.5, 1.0, 1.5)
COLUMNS = (
    Column("序号", 0.6), Column("姓名", 1), Column("课时", 0.6), Column("活动次数", 1), Column("应出勤", 0.8),
    Column("实出勤", 0.8), Column("主要工作", 3.2, Align.LEFT),
)  # fmt: skip


@paper("month", _("月报表"))
def month(page: YearPage, key: str) -> Paper:
    """A report that the person sees, by its key: of a teacher, or of a school with its teachers beneath."""
    seen = MonthlyReport.objects.visible_to(page.standing).filter(year=page.year)
    found = get_object_or_404(seen.select_related("school", "placement__teacher"), pk=as_number(key))
    when = f"{found.month.year}年{found.month.month}月"
    sent_on = timezone.localdate(found.submitted_at)
    sent = chinese_date(sent_on)
    if found.placement is not None:
        who = str(found.placement.teacher)
        head = (_pair("教师", who, "接收学校", found.school.name),)
        return Paper(
            f"{when}交流教师月报表", (_form(found, head), Text(f"提交日期：{sent}", indent=False)), compact=True,
            page_numbers=False, about=found.placement.teacher.state.name if found.placement.teacher.state else "",
        )  # fmt: skip
    of_teachers = seen.filter(school=found.school, month=found.month, placement__isnull=False)
    rows = tuple(
        _line(number, each)
        for number, each in enumerate(of_teachers.select_related("placement__teacher").order_by("placement"), 1)
    )
    form = _form(found, (_pair("学校", found.school.name, "提交日期", sent),))
    teachers = (Text("交流教师本月情况", indent=False), Grid(COLUMNS, rows, small=True)) if rows else ()
    return Paper(
        f"{found.school.name}{when}交流轮岗月报表", (form, *teachers), compact=True, signed_by=found.school.name,
        signed_on=sent_on,
    )  # fmt: skip


def _pair(first: str, value: str, second: str, other: str) -> Row:
    return Row((Box(first, label=True), Box(value), Box(second, label=True), Box(other)))


def _form(found: MonthlyReport, head: tuple[Row, ...]) -> Form:
    figures = [(str(label), _said(value)) for label, value in monthly.named(found.figures)]
    figures += [(str(TaskKind(kind).label), str(count)) for kind, count in found.figures.get("kinds", {}).items()]
    if len(figures) % 2:
        figures.append(("", ""))
    pairs = tuple(_pair(*figures[at], *figures[at + 1]) for at in range(0, len(figures), 2))
    words = tuple(
        Row((Box(label, label=True), Box(text or "无", span=3, align=Align.LEFT)), height)
        for label, text, height in (("主要工作", found.words, 30.0), ("困难和建议", found.difficulties, 20.0))
    )
    return Form(WIDTHS, (*head, *pairs, *words))


def _said(value: Any) -> str:
    return "" if value is None else f"{value:g}"


def _line(number: int, report: MonthlyReport) -> tuple[str, ...]:
    names = ("lessons", "activities", "due_days", "present_days")
    held = report.placement.teacher.state if report.placement is not None else None
    figures = (_said(report.figures.get(name)) for name in names)
    return (str(number), held.name if held else "", *figures, report.words)
