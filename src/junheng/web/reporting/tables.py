"""Tables beside the charts; each can be exported as it stands."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.interface.numbers import number, signed

_RIGHT = {"td": {"class": "number"}, "th": {"class": "number"}, "tf": {"class": "number"}}


class Amount(tables.Column):
    """A number, to the right; a blank is shown as such."""

    def __init__(self, digits: int = 0, *, signed: bool = False, percent: bool = False, **given: Any) -> None:
        self.digits, self.signed, self.percent = digits, signed, percent
        super().__init__(attrs=_RIGHT, **given)

    def render(self, value: float) -> str:
        """As people read it."""
        return f"{(signed if self.signed else number)(value, self.digits)}{'%' if self.percent else ''}"

    def value(self, value: Any) -> Any:
        """As a file holds it."""
        return round(value, self.digits) if isinstance(value, float) else value


class Named(tables.Column):
    """A name with the address of its page."""

    def render(self, value: str, record: dict[str, Any]) -> str:
        """A link where there is somewhere to go."""
        url = record.get("url")
        return format_html('<a href="{}">{}</a>', url, value) if url else value

    def value(self, value: Any) -> Any:
        """The name alone."""
        return value


class Verdict(tables.Column):
    """Yes, no, or not known."""

    def render(self, value: str, record: dict[str, Any]) -> str:
        """A badge."""
        tone = {True: "green", False: "red", None: "secondary"}[record.get("passes")]
        return format_html('<span class="badge bg-{}-lt">{}</span>', tone, value)

    def value(self, value: Any) -> Any:
        """The word alone."""
        return value


class PartsTable(tables.Table):
    """Clusters of a county, or schools of a cluster, with their figures."""

    name = Named(verbose_name=gettext_lazy("单位"))
    schools = Amount(verbose_name=gettext_lazy("学校"))
    pupils = Amount(verbose_name=gettext_lazy("学生"))
    teachers = Amount(verbose_name=gettext_lazy("专任教师"))
    ratio = Amount(1, verbose_name=gettext_lazy("生师比"))
    on_establishment = Amount(verbose_name=gettext_lazy("在编"))
    at_work = Amount(verbose_name=gettext_lazy("在岗"))
    required = Amount(verbose_name=gettext_lazy("应配"))
    gap = Amount(signed=True, verbose_name=gettext_lazy("超（＋）缺（−）编"))
    backbone_rate = Amount(1, percent=True, verbose_name=gettext_lazy("骨干占比"))
    standing = tables.Column(verbose_name=gettext_lazy("达标学校"), attrs=_RIGHT)

    class Meta:
        orderable = False
        attrs = {"class": "frozen-1 table-sm"}


class IndicatorTable(tables.Table):
    """The indicators of a stage: what was found, the limit, and who reaches the standard."""

    name = Named(verbose_name=gettext_lazy("指标"))
    mean = Amount(2, verbose_name=gettext_lazy("全县"))
    least = Amount(2, verbose_name=gettext_lazy("校级标准"))
    reaching = tables.Column(verbose_name=gettext_lazy("达到标准的学校"), attrs=_RIGHT)
    cv = Amount(3, verbose_name=gettext_lazy("差异系数"))
    limit = Amount(2, verbose_name=gettext_lazy("上限"))
    before = Amount(3, verbose_name=gettext_lazy("对比日差异系数"))
    verdict = Verdict(verbose_name=gettext_lazy("结论"))

    class Meta:
        orderable = False
        attrs = {"class": "frozen-1 table-sm"}


class SchoolValueTable(tables.Table):
    """Every school in one indicator, with the numbers behind its value."""

    name = Named(verbose_name=gettext_lazy("学校"))
    cluster = tables.Column(verbose_name=gettext_lazy("学区"))
    locale = tables.Column(verbose_name=gettext_lazy("城乡"))
    amount = Amount(0, verbose_name=gettext_lazy("数量"))
    pupils = Amount(verbose_name=gettext_lazy("学生"))
    value = Amount(2, verbose_name=gettext_lazy("校值"))
    least = Amount(2, verbose_name=gettext_lazy("标准"))
    share = Amount(1, percent=True, verbose_name=gettext_lazy("占全县差异"))
    verdict = Verdict(verbose_name=gettext_lazy("是否达到"))

    class Meta:
        orderable = False
        attrs = {"class": "frozen-1 table-sm"}


class StandingTable(tables.Table):
    """Schools under the rule of the inspection and what each lacks."""

    name = Named(verbose_name=gettext_lazy("学校"))
    stage = tables.Column(verbose_name=gettext_lazy("学段"))
    reached = tables.Column(verbose_name=gettext_lazy("达到指标"), attrs=_RIGHT)
    short = tables.Column(verbose_name=gettext_lazy("未达到的指标"))
    far_short = tables.Column(verbose_name=gettext_lazy("低于保底线的指标"))
    verdict = Verdict(verbose_name=gettext_lazy("结论"))

    class Meta:
        orderable = False
        attrs = {"class": "frozen-1 table-sm"}


class StructureTable(tables.Table):
    """Teachers of each school or cluster by the rates of their structure."""

    name = Named(verbose_name=gettext_lazy("单位"))
    teachers = Amount(verbose_name=gettext_lazy("专任教师"))
    mean_age = Amount(1, verbose_name=gettext_lazy("平均年龄"))
    women = Amount(1, percent=True, verbose_name=gettext_lazy("女教师占比"))
    young = Amount(1, percent=True, verbose_name=gettext_lazy("35岁以下"))
    old = Amount(1, percent=True, verbose_name=gettext_lazy("50岁以上"))
    bachelor = Amount(1, percent=True, verbose_name=gettext_lazy("本科以上"))
    senior = Amount(1, percent=True, verbose_name=gettext_lazy("高级以上职称"))
    backbone = Amount(1, percent=True, verbose_name=gettext_lazy("骨干占比"))

    class Meta:
        orderable = False
        attrs = {"class": "frozen-1 table-sm"}


class PlacesTable(tables.Table):
    """Schools of the map as a list."""

    name = Named(verbose_name=gettext_lazy("学校"))
    cluster = tables.Column(verbose_name=gettext_lazy("学区"))
    township = tables.Column(verbose_name=gettext_lazy("乡镇"))
    locale = tables.Column(verbose_name=gettext_lazy("城乡"))
    kind = tables.Column(verbose_name=gettext_lazy("办学类型"))
    pupils = Amount(verbose_name=gettext_lazy("学生"))
    teachers = Amount(verbose_name=gettext_lazy("在岗教师"))
    gap = Amount(signed=True, verbose_name=gettext_lazy("超（＋）缺（−）编"))
    x_km = Amount(2, verbose_name=gettext_lazy("横坐标（千米）"))
    y_km = Amount(2, verbose_name=gettext_lazy("纵坐标（千米）"))
    category = tables.Column(verbose_name=gettext_lazy("着色"))

    class Meta:
        orderable = False
        attrs = {"class": "frozen-1 table-sm"}


def verdict_word(passes: bool | None) -> str:
    """What a verdict is called."""
    return {True: _("达标"), False: _("未达标"), None: _("数据不全")}[passes]
