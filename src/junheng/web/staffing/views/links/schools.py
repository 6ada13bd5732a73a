"""Pairs of schools: what binds them, what they share, what goes on all the year, who works where."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, FilterSet
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.actions.ties import end_tie, tie_schools
from junheng.web.directory.forms.organisations import pairing_kinds
from junheng.web.directory.models import SchoolTie
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import listed
from junheng.web.staffing.actions.links import set_pair_terms
from junheng.web.staffing.filters import YesNoFilter, day_of
from junheng.web.staffing.forms.links import EndForm, LinkForm, PairTermsForm
from junheng.web.staffing.links import Link, advanced_alone, advanced_without_activities, with_terms
from junheng.web.staffing.models import PairTerms, SchoolState, Sharing
from junheng.web.staffing.pairing import lasting_ties
from junheng.web.staffing.reach import author
from junheng.web.staffing.views.establishment.pages import DayColumn, NumberColumn
from junheng.web.staffing.views.links import pages


class LinkFilter(FilterSet):
    """What pairs can be narrowed by."""

    kind = ChoiceFilter(label=gettext_lazy("方式"), choices=pairing_kinds, empty_label=gettext_lazy("全部"))
    shares = ChoiceFilter(
        label=gettext_lazy("共享内容"), choices=Sharing.choices, empty_label=gettext_lazy("全部"),
        method="that_share",
    )  # fmt: skip
    named = YesNoFilter(label=gettext_lazy("写明常年活动"), method="with_activities")

    def _terms(self) -> Any:
        rows = PairTerms.objects.as_of(day_of(self.request))  # scoped: only whether there are such
        return rows.filter(supporting=OuterRef("supporting"), supported=OuterRef("supported"))

    def that_share(self, rows: Any, _name: str, value: str) -> Any:
        """With something among what is shared."""
        return rows.filter(Exists(self._terms().filter(shares__icontains=f'"{value}"')))

    def with_activities(self, rows: Any, _name: str, value: str) -> Any:
        """Whether activities of the whole year are named."""
        named = Exists(self._terms().exclude(activities=""))
        return rows.filter(named if value == "yes" else ~named)


class LinkTable(Table):
    """One row for each tie that holds on the day."""

    supporting = Column(accessor="tie__supporting__shown", verbose_name=gettext_lazy("支援学校"))
    supported = Column(accessor="tie__supported__shown", verbose_name=gettext_lazy("受援学校"))
    kind = Column(accessor="tie__kind_label", verbose_name=gettext_lazy("方式"))
    shares = Column(empty_values=(), verbose_name=gettext_lazy("共享内容"), orderable=False)
    activities = Column(
        accessor="terms__activities", verbose_name=gettext_lazy("常年开展的活动"), orderable=False,
        attrs={"td": {"class": "wrap"}},
    )  # fmt: skip
    went = NumberColumn(verbose_name=gettext_lazy("派往受援校（人）"))
    came = NumberColumn(verbose_name=gettext_lazy("来自受援校（人）"))
    start = DayColumn(accessor="tie__start", verbose_name=gettext_lazy("开始日期"))
    end = DayColumn(accessor="tie__end", verbose_name=gettext_lazy("结束日期"))
    change = Column(empty_values=(), verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        attrs = {"class": "frozen-1"}

    def __init__(self, *args: Any, edits: bool = False, **given: Any) -> None:
        super().__init__(*args, exclude=() if edits else ("change",), **given)

    def render_supporting(self, record: Link, value: str) -> SafeString:
        """Leading to the school's own page of links."""
        return _school(record.tie.supporting_id, value)

    def value_supporting(self, value: str) -> str:
        """The name alone, in a file."""
        return value

    def render_supported(self, record: Link, value: str) -> SafeString:
        """Leading to the school's own page of links."""
        return _school(record.tie.supported_id, value)

    def value_supported(self, value: str) -> str:
        """The name alone, in a file."""
        return value

    def render_shares(self, record: Link) -> SafeString:
        """In words, a bundle marked."""
        labels = record.terms.share_labels if record.terms else []
        bundle = [_("捆绑式")] if record.is_bundle else []
        return format_html(
            "{}{}", format_html_join("", '<span class="badge bg-green-lt">{}</span> ', ((each,) for each in bundle)),
            listed(labels) or "—",
        )  # fmt: skip

    def value_shares(self, record: Link) -> str:
        """In words, in a file."""
        return listed(record.terms.share_labels) if record.terms else ""

    def render_change(self, record: Link) -> SafeString:
        """The ways to change and to end it."""
        tie = record.tie
        return format_html(
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a> '
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("staffing:link_terms", args=(tie.pk,)), _("登记"), tie,
            reverse("staffing:link_end", args=(tie.pk,)), _("结束"), tie,
        )  # fmt: skip


def _school(key: int, name: str) -> SafeString:
    return format_html('<a href="{}?tab=history">{}</a>', reverse("staffing:school", args=(key,)), name)


class LinkList(ListPage):
    """Pairs of which one school at least is within reach."""

    permissions = (Permission.SCHOOLS_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    filterset_class = LinkFilter
    search_fields = (
        "supporting__name", "supporting__pinyin", "supporting__initials", "supporting__code",
        "supported__name", "supported__pinyin", "supported__initials", "supported__code",
    )  # fmt: skip
    template_name = "staffing/links.html"
    heading = gettext_lazy("学校结对")
    empty = gettext_lazy("没有登记结对。")

    def rows(self, request: HttpRequest) -> Any:
        """Ties that hold on the day."""
        ties = lasting_ties(day_of(request)).visible_to(standing_of(request), Permission.SCHOOLS_VIEW)
        return ties.select_related("supporting", "supported").order_by("supporting__position", "supporting__code", "pk")

    def table_class(self, rows: Any, *, request: HttpRequest) -> Table:  # type: ignore[override]
        """The table, with what is shared."""
        return LinkTable(
            with_terms(rows, day_of(request)), request=request, edits=pages.is_editor(request), empty_text=self.empty
        )

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How many advanced urban schools stand alone, and how many of their pairs have no lasting activities."""
        day, county = day_of(request), pages.county_of(request)
        states = SchoolState.objects.as_of(day).visible_to(standing_of(request)).filter(school__county=county)
        whole = county.pk in standing_of(request).organisations(Permission.SCHOOLS_VIEW)
        return pages.context(request, "links") | {
            "alone": 0 if request.GET else advanced_alone(states, day).count(),
            "idle": advanced_without_activities(county, day) if whole and not request.GET else 0,
            "buttons": [pages.button("link_add", _("建立结对"))] if pages.is_editor(request) else [],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }


@requires(Permission.LINKS_EDIT)
def add(request: HttpRequest) -> HttpResponse:
    """Bind two schools."""
    form = LinkForm(request.POST or None, county=pages.county_to_edit(request), standing=standing_of(request))

    def act() -> str:
        given = dict(form.cleaned_data)
        supporting, supported = given.pop("supporting"), given.pop("supported")
        return _("已建立结对：%(tie)s。") % {"tie": tie_schools(author(request), supporting, supported, **given)}

    return pages.fill_in(request, "links", form, act, heading=_("建立结对"))


def _tie(request: HttpRequest, pk: int) -> SchoolTie:
    """A tie both ends of which are the person's to keep; 404 for any other."""
    within = standing_of(request).organisations(Permission.LINKS_EDIT)
    ties = SchoolTie.objects.filter(Q(supporting__in=within) & Q(supported__in=within))  # scoped: both ends
    found: SchoolTie = get_object_or_404(ties.select_related("supporting", "supported"), pk=pk)
    return found


def _facts(tie: SchoolTie) -> list[dict[str, Any]]:
    return [
        {"label": _("支援学校"), "value": tie.supporting}, {"label": _("受援学校"), "value": tie.supported},
        {"label": _("方式"), "value": tie.kind_label}, {"label": _("开始日期"), "value": tie.start},
    ]  # fmt: skip


@requires(Permission.LINKS_EDIT)
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what the two schools share from a day on."""
    tie = _tie(request, pk)
    rows = PairTerms.objects.current()  # scoped: of a tie within reach
    held = rows.filter(supporting=tie.supporting, supported=tie.supported).first()
    names = PairTermsForm.Meta.fields
    form = PairTermsForm(request.POST or None, initial={name: getattr(held, name) for name in names} if held else None)

    def act() -> str:
        given = form.cleaned_data
        set_pair_terms(tie, form.values(), on=given["entered_from"], by=author(request), reason=given["reason"])
        return _("已登记：%(what)s。") % {"what": tie}

    return pages.fill_in(request, "links", form, act, heading=_("登记共享内容"), facts=_facts(tie), wide=("shares",))


@requires(Permission.LINKS_EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a tie."""
    tie = _tie(request, pk)
    form = EndForm(request.POST or None)

    def act() -> str:
        end_tie(author(request), tie, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"])
        return _("已结束结对：%(tie)s。") % {"tie": tie}

    return pages.fill_in(request, "links", form, act, heading=_("结束结对"), submit=_("结束"), facts=_facts(tie))
