"""The roster of a year's placements (花名册)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Column, Grid, Paper, Text
from junheng.web.access import Permission
from junheng.web.rotation.models import Placement, PlacementStatus
from junheng.web.rotation.papers import as_number, paper

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage

COLUMNS = (
    Column("序号", 0.6), Column("姓名", 0.9), Column("派出学校", 2, Align.LEFT), Column("接收学校", 2, Align.LEFT),
    Column("学段", 0.6), Column("学科", 1.2), Column("交流形式", 1), Column("开始日期", 1.2), Column("结束日期", 1.2),
    Column("人事关系", 1), Column("状态", 1),
)  # fmt: skip


@paper("roster", _("交流教师花名册"))
def roster(page: YearPage, key: str) -> Paper:
    """Of every placement that the person sees (``all``), or of those from or to one of the schools, by its key."""
    if not page.within(Permission.ROTATION_VIEW):
        raise Http404
    found = Placement.objects.visible_to(page.standing).filter(year=page.year)
    whose = page.year.county.name
    if key != "all":
        school = get_object_or_404(page.schools(), pk=as_number(key))
        found, whose = found.filter(Q(from_school=school) | Q(to_school=school)), school.name
    found = found.exclude(status=PlacementStatus.CANCELLED).select_related("from_school", "to_school")
    rows = [
        (
            str(number), each.teacher_name, each.from_school.name, each.to_school.name, each.get_stage_display(),
            each.get_subject_display(), each.get_form_display(), each.start.isoformat(), each.end.isoformat(),
            "调动" if each.relation_moved else "不动", each.get_status_display(),
        )
        for number, each in enumerate(found.with_names().order_by("from_school__position", "from_school", "pk"), 1)
    ]  # fmt: skip
    return Paper(
        f"{whose}{page.year.year}—{page.year.year + 1}学年交流轮岗教师花名册",
        (
            Grid(COLUMNS, tuple(rows), small=True),
            Text("填表人：　　　　　　负责人：　　　　　　（盖章）　　　　年　月　日", indent=False),
        ),
        landscape=True, compact=True,
    )  # fmt: skip
