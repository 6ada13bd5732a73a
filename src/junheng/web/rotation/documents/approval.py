"""The approval form of an application for exchange (教师交流轮岗审批表), filled in as far as the file goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Box, Form, Paper, Row, Text, chinese_date
from junheng.facts.calendar import completed_years
from junheng.web.rotation.models import Application, Placement, PlacementStatus
from junheng.web.rotation.papers import as_number, paper
from junheng.web.staffing.models import HonorEntry, TeacherState, TitleEntry

if TYPE_CHECKING:
    from datetime import date

    from junheng.web.rotation.views.pages import YearPage

STAMP = "（公章）　负责人签名：　　　　　　　年　月　日"
_LOW, _SIGNED = 8.0, 15.0
"""Millimetres: rows without a signature, and from where on a row has one; so the form stays on one page."""
WIDTHS = (1.1, 1.2, 0.9, 1.1, 1.1, 1.2)


def _label(text: str) -> Box:
    return Box(text, label=True)


def _month(day: date | None) -> str:
    return f"{day.year}年{day.month}月" if day else ""


def _years(since: date | None, on: date) -> str:
    return f"{completed_years(since, on)}年" if since else ""


@paper("approval", _("教师交流轮岗审批表"))
def approval(page: YearPage, key: str) -> Paper:
    """For the home school, the offices above it and the teacher himself; ID number and telephone are left to write."""
    rows = Application.objects.visible_to(page.standing).select_related("teacher", "school", "year")
    found = get_object_or_404(rows, year=page.year, pk=as_number(key))
    states = TeacherState.objects.filter(teacher=found.teacher_id).select_related("school")
    state = states.order_by("-valid_from", "-pk").first()
    if state is None:
        raise Http404
    plain = (*_person(state), *_service(state, page.year.on), *_exchange(found))
    low = tuple(replace(row, height=_LOW) if row.height < _SIGNED else row for row in plain)
    return Paper(
        "教师交流轮岗审批表",
        (
            Text(f"回执号：{found.number}", indent=False, align=Align.RIGHT),
            Form(WIDTHS, (*low, *_opinions(found))),
            Text("注：本表一式三份，分别存入个人档案、派出学校和县教育局。", indent=False),
        ),
        compact=True, page_numbers=False, about=state.name,
    )  # fmt: skip


def _person(state: Any) -> tuple[Row, ...]:
    title = TitleEntry.objects.current().filter(teacher=state.teacher_id).order_by("-start", "-pk").first()
    honours = HonorEntry.objects.current().filter(teacher=state.teacher_id).order_by("-start")[:2]
    said = "；".join(f"{each.get_level_display()}{each.title or each.get_kind_display()}" for each in honours)
    return (
        Row((_label("姓名"), Box(state.name), _label("性别"), Box(state.get_sex_display()), _label("出生年月"),
             Box(_month(state.birth_date)))),
        Row((_label("身份证号"), Box("", 3), _label("联系电话"), Box(""))),
        Row((_label("最高学历"), Box(state.get_education_display()), _label("教师资格"), Box(state.certificate_stage),
             _label("职称"), Box(title.get_title_display() if title else ""))),
        Row((_label("骨干称号"), Box(said, 5, align=Align.LEFT))),
    )  # fmt: skip


def _service(state: Any, on: date) -> tuple[Row, ...]:
    return (
        Row((_label("参加工作\n时间"), Box(_month(state.work_start)), _label("教龄"), Box(_years(state.work_start, on)),
             _label("来校时间"), Box(_month(state.joined_current_school)))),
        Row((_label("现任教学校"), Box(state.school.name, 3), _label("在校年限"),
             Box(_years(state.joined_current_school, on)))),
        Row((_label("任教学段"), Box(state.get_stage_display()), _label("学科"), Box(state.get_main_subject_display()),
             _label("行政职务"), Box(state.get_role_display()))),
    )  # fmt: skip


def _exchange(found: Any) -> tuple[Row, ...]:
    wishes = "\n".join(f"{each.rank}. {each.school.name}" for each in found.choices.select_related("school"))
    placed = Placement.objects.filter(year=found.year_id, teacher=found.teacher_id).exclude(
        status__in=(PlacementStatus.CANCELLED, PlacementStatus.PLANNED)
    )
    to = placed.select_related("to_school").first()
    term = f"{chinese_date(to.start)}至{chinese_date(to.end)}" if to else ""
    return (
        Row((_label("志愿学校"), Box(wishes, 3, align=Align.LEFT), _label("服从调剂"),
             Box("是" if found.obeys else "否"))),
        Row((_label("交流形式"), Box(found.get_form_display()), _label("接收学校"),
             Box(to.to_school.name if to else "", 3))),
        Row((_label("起止时间"), Box(term, 5))),
        Row((_label("申请理由\n和承诺"), Box(found.reason, 5, sign="本人签名：　　　　　　　年　月　日")), 20),
    )  # fmt: skip


def _opinions(found: Any) -> tuple[Row, ...]:
    opinion = getattr(found, "school_opinion", None)
    said = opinion.opinion if opinion is not None and opinion.signed_at else ""
    offices = ("派出学校\n意见", "接收学校\n意见", "学区意见", "县教育局\n人事科意见", "县教育局\n审批意见")
    texts = (said, *[""] * (len(offices) - 1))
    return tuple(
        Row((_label(office), Box(text, 5, sign=STAMP)), 15) for office, text in zip(offices, texts, strict=True)
    )
