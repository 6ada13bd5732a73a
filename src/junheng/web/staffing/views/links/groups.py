"""Zones, school groups, leagues: which schools, which is the main one, what the others share with it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import listed
from junheng.web.staffing.actions.links import end_group_terms, set_group_terms
from junheng.web.staffing.filters import day_of
from junheng.web.staffing.forms.links import EndForm, GroupTermsForm
from junheng.web.staffing.models import GroupTerms, SchoolState
from junheng.web.staffing.reach import author
from junheng.web.staffing.views.establishment.pages import DayColumn, NumberColumn
from junheng.web.staffing.views.links import pages


class GroupTable(Table):
    """One row for each name under which schools stand together."""

    name = Column(verbose_name=gettext_lazy("名称"))
    kind = Column(verbose_name=gettext_lazy("类型"), default="—")
    main = Column(verbose_name=gettext_lazy("主校"), default="—")
    others = Column(verbose_name=gettext_lazy("分校（成员校）"), orderable=False, attrs={"td": {"class": "wrap"}})
    count = NumberColumn(verbose_name=gettext_lazy("学校数"))
    shares = Column(verbose_name=gettext_lazy("共享内容"), orderable=False, default="—")
    document_number = Column(verbose_name=gettext_lazy("文号"), default="—")
    since = DayColumn(verbose_name=gettext_lazy("自"))
    change = Column(empty_values=(), verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        attrs = {"class": "frozen-1"}

    def __init__(self, *args: Any, edits: bool = False, **given: Any) -> None:
        super().__init__(*args, exclude=() if edits else ("change",), **given)

    def render_change(self, record: dict[str, Any]) -> SafeString:
        """The ways to set and to end what is said of it."""
        set_ = format_html(
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("staffing:group_set", args=(record["school"],)), _("登记"), record["name"],
        )  # fmt: skip
        if record["pk"] is None:
            return set_
        return format_html(
            '{} <a href="{}">{}<span class="visually-hidden"> {}</span></a>', set_,
            reverse("staffing:group_end", args=(record["pk"],)), _("结束"), record["name"],
        )  # fmt: skip


class GroupList(ListPage):
    """Groups of the county."""

    permissions = (Permission.SCHOOLS_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    template_name = "staffing/links.html"
    heading = gettext_lazy("片区与集团")
    empty = gettext_lazy("没有学校登记片区或教育集团；在各校“登记变动”的“教育集团”一栏填写同一名称，即为一组。")

    def rows(self, request: HttpRequest) -> Any:
        """Every group that a school names on the day, with what is said of it."""
        county, day = pages.county_of(request), day_of(request)
        seen = GroupTerms.objects.visible_to(standing_of(request)).as_of(day).filter(county=county)
        terms = {each.name: each for each in seen.select_related("main")}
        return [_row(name, members, terms.get(name)) for name, members in sorted(members_of(county, day).items())]

    def table_class(self, rows: Any, *, request: HttpRequest) -> Table:  # type: ignore[override]
        """The table."""
        return GroupTable(rows, request=request, edits=pages.is_editor(request), empty_text=self.empty)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What a group does in a year of rotation."""
        return pages.context(request, "groups") | {
            "remarks": [
                _(
                    "政策包写明“只在结对（集团）学校之间交流”的，同一组学校即为可以交流的范围；只作优先的，方案优先安排到同组学校。"
                )
            ]
        }


def members_of(county: Organisation, day: Any) -> dict[str, list[Organisation]]:
    """The schools of each group of a county on a day; names alone, which everybody of the county may read."""
    states = SchoolState.objects.as_of(day).filter(school__county=county)  # scoped: names alone
    found: defaultdict[str, list[Organisation]] = defaultdict(list)
    for state in states.exclude(group="").select_related("school").order_by("school__position", "school__code"):
        found[state.group].append(state.school)
    return dict(found)


def _row(name: str, members: list[Organisation], terms: GroupTerms | None) -> dict[str, Any]:
    main = terms.main if terms else None
    return {
        "name": name, "school": members[0].pk, "count": len(members), "main": main.shown if main else None,
        "others": listed(each.shown for each in members if main is None or each.pk != main.pk),
        "kind": terms.get_kind_display() if terms else None,
        "shares": listed(terms.share_labels) if terms and terms.shares else None,
        "document_number": (terms.document_number or None) if terms else None,
        "since": terms.valid_from if terms else None, "pk": terms.pk if terms else None,
    }  # fmt: skip


@requires(Permission.LINKS_EDIT)
def set_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what the group of a school is from a day on."""
    within = Organisation.objects.visible_to(standing_of(request), Permission.LINKS_EDIT)
    school = get_object_or_404(within.schools().select_related("county"), pk=pk)
    state = SchoolState.objects.current().filter(school=school).first()  # scoped: in reach
    if state is None or not state.group or school.county is None:
        messages.warning(request, _("这所学校没有登记教育集团或片区；请先在学校的“登记变动”中填写。"))
        return redirect("staffing:groups")
    county, name = school.county, state.group
    members = members_of(county, timezone.localdate()).get(name, [school])
    held = GroupTerms.objects.current().filter(county=county, name=name).first()  # scoped: the school is
    names = GroupTermsForm.Meta.fields
    schools = Organisation.objects.filter(pk__in=[each.pk for each in members])  # scoped: of the person's county
    form = GroupTermsForm(
        request.POST or None, members=schools, initial={each: getattr(held, each) for each in names} if held else None
    )

    def act() -> str:
        given = form.cleaned_data
        set_group_terms(
            county, name, form.values(), on=given["entered_from"], by=author(request), reason=given["reason"]
        )
        return _("已登记：%(what)s。") % {"what": name}

    facts = [
        {"label": _("名称"), "value": name}, {"label": _("学校"), "value": listed(each.shown for each in members)},
    ]  # fmt: skip
    return pages.fill_in(request, "groups", form, act, heading=_("登记片区、集团"), facts=facts, wide=("shares",))


@requires(Permission.LINKS_EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End what is said of a group."""
    rows = GroupTerms.objects.visible_to(standing_of(request), Permission.LINKS_EDIT)
    held = get_object_or_404(rows.select_related("county"), pk=pk)
    form = EndForm(request.POST or None)

    def act() -> str:
        given = form.cleaned_data
        end_group_terms(held, on=given["on"], by=author(request), reason=given["reason"])
        return _("已结束登记：%(what)s。") % {"what": held}

    facts = [
        {"label": _("名称"), "value": held.name}, {"label": _("类型"), "value": held.get_kind_display()},
    ]  # fmt: skip
    return pages.fill_in(request, "groups", form, act, heading=_("结束登记"), submit=_("结束"), facts=facts)
