"""Decisions before planning: where somebody must go, that he stays, where he must not go."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.rotation.actions import scenarios as actions
from junheng.web.rotation.forms.plans import PinForm, ReasonForm
from junheng.web.rotation.models import Pin
from junheng.web.rotation.publishing import name_of
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author

May = Permission


class PinTable(Table):
    """Decisions, those withdrawn too."""

    number = Column(gettext_lazy("工号"), accessor="teacher__number")
    who = Column(gettext_lazy("姓名"))
    kind = Column(gettext_lazy("决定"))
    school = Column(gettext_lazy("学校"), order_by="school__position")
    reason = Column(gettext_lazy("理由"))
    by = Column(gettext_lazy("经办人"))
    at = Column(gettext_lazy("时间"))
    state = Column(gettext_lazy("状态"), empty_values=(), orderable=False)

    def render_state(self, record: Pin) -> Any:
        """In force, with the way to withdraw it; or withdrawn, and why."""
        if record.withdrawn_at is not None:
            return _("已撤销：%s") % record.withdrawn_because
        return format_html('<a href="{}/withdraw/">{}</a>', record.pk, _("撤销这条"))


class PinList(ListPage):
    """Every decision of a year."""

    permissions = (May.ROTATION_PLAN,)
    table_class = PinTable
    search_fields = ("teacher__number", "who", "school__name")
    template_name = "rotation/list.html"
    heading = gettext_lazy("指定与禁止")
    empty = gettext_lazy("没有指定去向、留任或排除去向的决定。")

    def get(self, request: HttpRequest, pk: int = 0, **words: Any) -> HttpResponse:
        """The list of the year."""
        self.page = YearPage(request, pk)
        self.page.require(May.ROTATION_PLAN)
        return super().get(request, **words)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The year's."""
        found = Pin.objects.visible_to(self.page.standing).filter(year=self.page.year)
        return found.select_related("teacher", "school", "by").annotate(who=name_of("teacher"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How many there are, and the way to a new one."""
        found = Pin.objects.visible_to(self.page.standing).filter(year=self.page.year)
        count = found.filter(withdrawn_at__isnull=True).count()
        return self.page.context("pins") | {
            "lead": _("现有 %(count)s 条生效。每条都写明理由和经办人，条数随方案公布；改动后须重新测算方案。")
            % {"count": count},
            "buttons": [
                {"url": self.page.url("pin_new"), "icon": "plus", "label": _("增加一条"), "primary": True}
            ],
        }  # fmt: skip


@requires(May.ROTATION_PLAN)
def pin_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide of a teacher before planning."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PLAN)
    form = PinForm(request.POST or None, county=page.year.county)
    return page.form(
        "pins", form,
        lambda given: actions.pin(page.year, by=author(request), at=page.now, **given) and page.url("pins"),
        done=_("已登记，计入以后测算的方案。"), back=page.url("pins"), heading=_("增加指定或禁止"), submit=_("登记"),
    )  # fmt: skip


@requires(May.ROTATION_PLAN)
def pin_withdraw(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Take a decision back, with a reason."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PLAN)
    seen = Pin.objects.visible_to(page.standing).filter(year=page.year).select_related("teacher")
    held = get_object_or_404(seen, pk=key)
    return page.form(
        "pins", ReasonForm(request.POST or None),
        lambda given: actions.withdraw_pin(held, by=author(request), at=page.now, **given) and page.url("pins"),
        done=_("已撤销。"), back=page.url("pins"), submit=_("撤销这条"),
        heading=_("撤销：%s") % held.get_kind_display(),
        facts=[{"label": _("工号"), "value": held.teacher.number}, {"label": _("理由"), "value": held.reason}],
    )  # fmt: skip
