"""The notice by which a teacher is called back from a secondment (返回通知)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Paper, Sheet, Text, chinese_date
from junheng.web.access import Permission
from junheng.web.rotation.documents.ordering import bureau_of
from junheng.web.rotation.models import SecondmentRecall
from junheng.web.rotation.papers import as_number, paper

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage


@paper("recall", _("借调返回通知"))
def recall(page: YearPage, key: str) -> Paper:
    """A notice of the year, for whoever may issue one."""
    if not page.may(Permission.ROTATION_REVIEW, Permission.ROTATION_ORDER):
        raise Http404
    rows = SecondmentRecall.objects.filter(year=page.year)  # scoped: the year's county, asked for above
    found = get_object_or_404(rows.select_related("teacher"), pk=as_number(key))
    state, bureau = found.teacher.state, bureau_of(page.year.county.name)
    school = state.school.name if state is not None else "原学校"
    return Paper(
        "关于借调人员按期返回的通知",
        (
            Text(
                f"你自{chinese_date(found.start)}起借调到{found.unit}工作，"
                f"借调期限至{chinese_date(found.end)}，现已期满。"
            ),
            Text(
                f"请自本通知发出之日起{found.days}个工作日内，即{chinese_date(found.return_by)}前，办结工作交接，"
                f"返回{school}报到上岗。"
            ),
            Text("因故不能按期返回的，请在上述期限内向县教育局人事科书面说明；不能返回的，其岗位按空缺重新核定。"),
        ),
        sheet=Sheet.RED_HEAD, issuer=bureau, number=found.number,
        addressed_to=f"{state.name if state is not None else found.teacher.number}老师", signed_by=bureau,
        signed_on=found.issued_on, about=state.name if state is not None else "",
    )  # fmt: skip
