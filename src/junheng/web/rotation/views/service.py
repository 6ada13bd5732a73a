"""Placements in service: the list, the page of one, and the forms about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.rotation.actions import helping
from junheng.web.rotation.models import Placement, PlacementStatus
from junheng.web.rotation.people import with_names
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.service_dialogs import ADD, ROWS
from junheng.web.rotation.views.service_page import PEOPLE, ServicePage
from junheng.web.rotation.views.service_sections import head_of, sections_of

WRITERS = (
    Permission.ROTATION_OWN, Permission.ROTATION_SCHOOL, Permission.ROTATION_SIGN, Permission.ROTATION_CLUSTER,
    Permission.ROTATION_REVIEW, Permission.ROTATION_ORDER,
)  # fmt: skip


class DayColumn(Column):
    """A day, in one way everywhere."""

    def render(self, value: Any) -> str:
        """The day as the files of the office write it."""
        return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


class ServiceTable(Table):
    """Placements that serve or have served."""

    teacher_name = Column(
        verbose_name=gettext_lazy("姓名"), order_by="teacher_pinyin",
        linkify=lambda record: reverse("rotation:service", args=(record.year_id, record.pk)),
    )  # fmt: skip
    from_school = Column(verbose_name=gettext_lazy("派出学校"))
    to_school = Column(verbose_name=gettext_lazy("接收学校"))
    subject = Column(accessor="get_subject_display", verbose_name=gettext_lazy("任教学科"), orderable=False)
    form = Column(accessor="get_form_display", verbose_name=gettext_lazy("交流形式"), orderable=False)
    start = DayColumn(verbose_name=gettext_lazy("开始日期"))
    end = DayColumn(verbose_name=gettext_lazy("结束日期"), accessor="last_day", order_by="end")
    left = Column(empty_values=(), verbose_name=gettext_lazy("距到期"), orderable=False)
    status = Column(accessor="get_status_display", verbose_name=gettext_lazy("状态"), orderable=False)

    def render_left(self, record: Placement) -> str:
        """Days until the end of a placement that serves."""
        if record.status != PlacementStatus.SERVING:
            return ""
        days = (record.end - timezone.localdate()).days
        return _("%(days)s 天") % {"days": days} if days >= 0 else _("已过 %(days)s 天") % {"days": -days}


class ServiceList(ListPage):
    """Placements in service within the person's reach."""

    permissions = PEOPLE
    export_permission = Permission.EXPORT_LISTS
    table_class = ServiceTable
    search_fields = ("teacher_name", "teacher_pinyin", "teacher__number", "from_school__name", "to_school__name")
    template_name = "rotation/list.html"
    heading = gettext_lazy("在岗交流")
    empty = gettext_lazy("还没有在岗的交流教师。")

    def rows(self, request: HttpRequest) -> Any:
        """Those that serve or have served."""
        self.page = YearPage(request, self.kwargs["pk"])
        found = Placement.objects.visible_to(standing_of(request)).filter(
            year=self.page.year,
            status__in=(PlacementStatus.SERVING, PlacementStatus.ENDED, PlacementStatus.EARLY),
        )
        return with_names(found).select_related("from_school", "to_school").order_by("end", "teacher_pinyin")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu of the year, and what stands beside this list."""
        buttons = [
            {"label": _("交流日志"), "url": self.page.url("journal"), "icon": "notebook"},
            {"label": _("补助"), "url": self.page.url("allowances"), "icon": "coin"},
        ]
        if self.page.standing.allows(Permission.ROTATION_VIEW):
            buttons.insert(1, {"label": _("走访和包校"), "url": self.page.url("visits"), "icon": "walk"})
        if self.page.may(Permission.ROTATION_PREPARE):
            buttons.append({"label": _("骨干培养目标"), "url": self.page.url("development_targets"), "icon": "target"})
            buttons.append({"label": _("在岗管理设置"), "url": self.page.url("service_settings"), "icon": "settings"})
        return self.page.context("services") | {"buttons": buttons}


@never_cache
@requires(*PEOPLE)
def service(request: HttpRequest, pk: int, placement: int) -> HttpResponse:
    """A placement: everything on record about it, with what the reader may do."""
    page = ServicePage(request, pk, placement)
    order = {"label": _("调配和报到"), "url": page.url("placement", page.placement.pk), "icon": "file-certificate"}
    return page.show(
        "services", "service", heading=str(page.placement.teacher), facts=head_of(page), parts=sections_of(page),
        placement=page.placement, buttons=[order],
    )  # fmt: skip


@never_cache
@requires(*WRITERS)
def service_add(request: HttpRequest, pk: int, placement: int, what: str) -> HttpResponse:
    """Add something to a placement; 404 for what is not the person's to add."""
    page = ServicePage(request, pk, placement)
    dialog = ADD.get(what)
    if dialog is None:
        raise Http404
    page.must(dialog.may(page))
    form = dialog.form(page, request.POST or None, request.FILES or None)
    return page.form(
        "services", form, lambda given: dialog.act(page, given) and page.here(dialog.section), done=_("已保存。"),
        back=page.here(dialog.section), heading=dialog.heading, lead=dialog.lead,
        facts=head_of(page) + dialog.told(page),
    )  # fmt: skip


@never_cache
@requires(*WRITERS)
def service_row(request: HttpRequest, pk: int, placement: int, what: str, row: int) -> HttpResponse:
    """Do something to a row of a placement; 404 for what is not the person's to do."""
    page = ServicePage(request, pk, placement)
    dialog = ROWS.get(what)
    if dialog is None:
        raise Http404
    found = get_object_or_404(dialog.find(page), pk=row)
    back, told = page.here(dialog.section), head_of(page) + dialog.told(found)
    if dialog.form is None:
        if request.method != "POST":
            return page.show("services", "service_confirm", heading=dialog.heading, facts=told, row=found,
                             back=back)  # fmt: skip
        return page.act(lambda: dialog.act(page, found, {}), done=_("已办理。"), back=back)
    form = dialog.form(request.POST or None, request.FILES or None, initial=dialog.initial(found))
    return page.form(
        "services", form, lambda given: dialog.act(page, found, given) and back, done=_("已办理。"), back=back,
        heading=dialog.heading, facts=told,
    )  # fmt: skip


@requires(*WRITERS)
def safeguards_lay(request: HttpRequest, pk: int, placement: int) -> HttpResponse:
    """Lay the usual safeguards out."""
    page = ServicePage(request, pk, placement)
    page.must(ADD["safeguard"].may(page))
    back = page.here("safeguards")
    if request.method != "POST":
        return page.show("services", "service_confirm", heading=_("列出常规保障事项"), facts=head_of(page), back=back)
    return page.act(
        lambda: helping.lay_safeguards(page.placement, by=page.by, at=page.now), done=_("已列出。"), back=back
    )
