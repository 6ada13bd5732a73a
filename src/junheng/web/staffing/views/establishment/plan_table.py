"""The table of establishment plans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.staffing.views.establishment.pages import DayColumn, NumberColumn


class PlanTable(Table):
    """Versions of the plan."""

    version = Column(gettext_lazy("版本"), linkify=True)
    title = Column(gettext_lazy("名称"), linkify=True)
    state = Column(gettext_lazy("状态"))
    reckoned_on = DayColumn(verbose_name=gettext_lazy("数据日期"))
    effective_from = DayColumn(verbose_name=gettext_lazy("执行日期"))
    requested_total = NumberColumn(verbose_name=gettext_lazy("申请总额"))
    verified_total = NumberColumn(verbose_name=gettext_lazy("核定总额"))
    approved_total = NumberColumn(verbose_name=gettext_lazy("审批总额"))
    allocated_total = NumberColumn(verbose_name=gettext_lazy("已分配"))
