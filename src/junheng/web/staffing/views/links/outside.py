"""Districts elsewhere with which the county is paired."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.staffing.actions.links import end_outside_partner, set_outside_partner
from junheng.web.staffing.filters import day_of
from junheng.web.staffing.forms.links import EndForm, OutsidePartnerForm
from junheng.web.staffing.models import OutsidePartner
from junheng.web.staffing.reach import author
from junheng.web.staffing.views.establishment.pages import DayColumn
from junheng.web.staffing.views.links import pages


class OutsideTable(Table):
    """One row for each programme with a district elsewhere."""

    partner = Column(verbose_name=gettext_lazy("县外结对单位"))
    programme = Column(verbose_name=gettext_lazy("结对项目"))
    whole_county = Column(verbose_name=gettext_lazy("全域结对"))
    contact_unit = Column(verbose_name=gettext_lazy("对方牵头部门"))
    contents = Column(verbose_name=gettext_lazy("协作内容"), orderable=False, attrs={"td": {"class": "wrap"}})
    start = DayColumn(verbose_name=gettext_lazy("开始日期"))
    end = DayColumn(verbose_name=gettext_lazy("结束日期"))
    document_number = Column(verbose_name=gettext_lazy("文号"))
    change = Column(empty_values=(), verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        attrs = {"class": "frozen-1"}

    def __init__(self, *args: Any, edits: bool = False, **given: Any) -> None:
        super().__init__(*args, exclude=() if edits else ("change",), **given)

    def render_whole_county(self, value: bool) -> str:
        """In words."""
        return _("是") if value else _("否")

    def render_change(self, record: OutsidePartner) -> SafeString:
        """The ways to change and to end it."""
        return format_html(
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a> '
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("staffing:outside_partner_change", args=(record.pk,)), _("变更"), record,
            reverse("staffing:outside_partner_end", args=(record.pk,)), _("结束"), record,
        )  # fmt: skip


class OutsideList(ListPage):
    """Partners of the county."""

    permissions = (Permission.SCHOOLS_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    search_fields = ("partner", "programme", "contents")
    template_name = "staffing/links.html"
    heading = gettext_lazy("县外结对")
    empty = gettext_lazy("没有登记县外结对单位。")

    def rows(self, request: HttpRequest) -> Any:
        """Those that hold on the day."""
        seen = OutsidePartner.objects.visible_to(standing_of(request)).as_of(day_of(request))
        return seen.filter(county=pages.county_of(request))

    def table_class(self, rows: Any, *, request: HttpRequest) -> Table:  # type: ignore[override]
        """The table."""
        return OutsideTable(rows, request=request, edits=pages.is_editor(request), empty_text=self.empty)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to another one."""
        edits = pages.is_editor(request)
        return pages.context(request, "outside_partners") | {
            "buttons": [pages.button("outside_partner_add", _("登记县外结对"))] if edits else [],
            "search_hint": _("单位、项目、内容"),
        }


@requires(Permission.LINKS_EDIT)
def add(request: HttpRequest) -> HttpResponse:
    """Enter a programme with a district elsewhere."""
    county = pages.county_to_edit(request)
    form = OutsidePartnerForm(request.POST or None)

    def act() -> str:
        given = form.cleaned_data
        made = set_outside_partner(
            county, form.values(), on=given["entered_from"], by=author(request), reason=given["reason"]
        )
        return _("已登记：%(what)s。") % {"what": made}

    return pages.fill_in(request, "outside_partners", form, act, heading=_("登记县外结对"))


def _held(request: HttpRequest, pk: int) -> OutsidePartner:
    rows = OutsidePartner.objects.visible_to(standing_of(request), Permission.LINKS_EDIT)
    found: OutsidePartner = get_object_or_404(rows.select_related("county"), pk=pk)
    return found


@requires(Permission.LINKS_EDIT)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is agreed from a day on; another partner or programme is another entry."""
    held = _held(request, pk)
    initial = {name: getattr(held, name) for name in OutsidePartnerForm.Meta.fields}
    form = OutsidePartnerForm(request.POST or None, initial=initial, again=True)

    def act() -> str:
        given = form.cleaned_data
        made = set_outside_partner(
            held.county, form.values(), on=given["entered_from"], by=author(request), reason=given["reason"]
        )
        return _("已登记：%(what)s。") % {"what": made}

    return pages.fill_in(request, "outside_partners", form, act, heading=_("变更县外结对"))


@requires(Permission.LINKS_EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a programme with a district elsewhere."""
    held = _held(request, pk)
    form = EndForm(request.POST or None)

    def act() -> str:
        given = form.cleaned_data
        end_outside_partner(held, on=given["on"], by=author(request), reason=given["reason"])
        return _("已结束登记：%(what)s。") % {"what": held}

    facts = [
        {"label": _("县外结对单位"), "value": held.partner}, {"label": _("结对项目"), "value": held.programme},
    ]  # fmt: skip
    return pages.fill_in(
        request, "outside_partners", form, act, heading=_("结束县外结对"), submit=_("结束"), facts=facts
    )
