"""Pairs of teachers: who supports whom in what, since when."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
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
from junheng.web.staffing.actions.links import end_teacher_tie, tie_teachers
from junheng.web.staffing.filters import day_of
from junheng.web.staffing.forms.links import EndForm, TeacherTieForm
from junheng.web.staffing.models import Teacher, TeacherState, TeacherTie
from junheng.web.staffing.reach import author
from junheng.web.staffing.views.establishment.pages import DayColumn
from junheng.web.staffing.views.links import pages


class TeacherTieTable(Table):
    """One row for each pair that holds on the day; a name leads to the file of whoever is within reach."""

    supporting = Column(accessor="supporting_name", verbose_name=gettext_lazy("支援教师"))
    supporting_school = Column(verbose_name=gettext_lazy("支援教师学校"))
    supported = Column(accessor="supported_name", verbose_name=gettext_lazy("受援教师"))
    supported_school = Column(verbose_name=gettext_lazy("受援教师学校"))
    aim = Column(verbose_name=gettext_lazy("结对内容"), orderable=False, attrs={"td": {"class": "wrap"}})
    start = DayColumn(verbose_name=gettext_lazy("开始日期"))
    end = DayColumn(verbose_name=gettext_lazy("结束日期"))
    change = Column(empty_values=(), verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        attrs = {"class": "frozen-1"}

    def __init__(self, *args: Any, seen: frozenset[int], kept: frozenset[int], **given: Any) -> None:
        super().__init__(*args, exclude=() if kept else ("change",), **given)
        self._seen, self._kept = seen, kept

    def render_supporting(self, record: TeacherTie, value: str) -> SafeString | str:
        """The name."""
        return self._named(record.supporting_id, value)

    def value_supporting(self, value: str) -> str:
        """The name alone, in a file."""
        return value

    def render_supported(self, record: TeacherTie, value: str) -> SafeString | str:
        """The name."""
        return self._named(record.supported_id, value)

    def value_supported(self, value: str) -> str:
        """The name alone, in a file."""
        return value

    def _named(self, key: int, name: str) -> SafeString | str:
        if key not in self._seen:
            return name
        return format_html('<a href="{}">{}</a>', reverse("staffing:teacher", args=(key,)), name)

    def render_change(self, record: TeacherTie) -> SafeString | str:
        """The way to end it, for the schools concerned."""
        if record.pk not in self._kept:
            return ""
        return format_html(
            '<a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            reverse("staffing:teacher_tie_end", args=(record.pk,)), _("结束"), record.aim,
        )  # fmt: skip


def named(rows: Any, day: Any) -> Any:
    """Ties with the names and schools of both on a day."""
    for side in ("supporting", "supported"):
        state = TeacherState.objects.as_of(day).filter(teacher=OuterRef(side))  # scoped: of ties within reach
        rows = rows.annotate(
            **{
                f"{side}_name": Subquery(state.values("name")[:1]),
                f"{side}_school": Subquery(state.values("school__name")[:1]),
            }
        )
    return rows


class TeacherTieList(ListPage):
    """Pairs of which one teacher at least is within reach."""

    permissions = (Permission.TEACHERS_VIEW,)
    export_permission = Permission.EXPORT_LISTS
    search_fields = ("supporting_name", "supported_name", "supporting__number", "supported__number",
                     "supporting_school", "supported_school", "aim")  # fmt: skip
    template_name = "staffing/links.html"
    heading = gettext_lazy("教师结对")
    empty = gettext_lazy("没有登记教师结对。")

    def rows(self, request: HttpRequest) -> Any:
        """Those that hold on the day."""
        day = day_of(request)
        seen = TeacherTie.objects.visible_to(standing_of(request)).lasting_on(day)
        return named(seen.filter(supporting__county=pages.county_of(request)), day)

    def table_class(self, rows: Any, *, request: HttpRequest) -> Table:  # type: ignore[override]
        """The table, with the ways that are open to the person."""
        standing = standing_of(request)
        ends = {key for pair in rows.values_list("supporting", "supported") for key in pair}
        seen = Teacher.objects.visible_to(standing).filter(pk__in=ends).values_list("pk", flat=True)
        kept: frozenset[int] = frozenset()
        if standing.allows(Permission.TEACHERS_EDIT):
            mine = TeacherTie.objects.editable_by(standing).filter(pk__in=rows.values("pk"))  # scoped: one's own
            kept = frozenset(mine.values_list("pk", flat=True))
        return TeacherTieTable(rows, request=request, seen=frozenset(seen), kept=kept, empty_text=self.empty)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to another one."""
        edits = standing_of(request).allows(Permission.TEACHERS_EDIT)
        return pages.context(request, "teacher_ties") | {
            "buttons": [pages.button("teacher_tie_add", _("建立教师结对"))] if edits else [],
            "search_hint": _("姓名、工号、学校、内容"),
        }


@requires(Permission.TEACHERS_EDIT)
def add(request: HttpRequest) -> HttpResponse:
    """Bind two teachers; for the school of either."""
    standing = standing_of(request)
    form = TeacherTieForm(request.POST or None, standing=standing, county=pages.county_of(request))

    def act() -> str:
        given = form.cleaned_data
        tie_teachers(
            form.found["supporting"], form.found["supported"], aim=given["aim"], start=given["start"],
            end=given["end"], by=author(request),
        )  # fmt: skip
        return _("已建立教师结对。")

    return pages.fill_in(request, "teacher_ties", form, act, heading=_("建立教师结对"))


@requires(Permission.TEACHERS_EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pair of teachers; for the school of either."""
    standing = standing_of(request)
    held = get_object_or_404(TeacherTie.objects.editable_by(standing), pk=pk)  # scoped: of one's own teachers
    form = EndForm(request.POST or None)

    def act() -> str:
        given = form.cleaned_data
        end_teacher_tie(held, on=given["on"], reason=given["reason"], by=author(request))
        return _("已结束教师结对。")

    shown = named(TeacherTie.objects.filter(pk=held.pk), max(held.start, held.valid_from)).get()  # scoped: held is
    facts = [
        {"label": _("支援教师"), "value": shown.supporting_name, "note": shown.supporting_school},
        {"label": _("受援教师"), "value": shown.supported_name, "note": shown.supported_school},
        {"label": _("结对内容"), "value": held.aim}, {"label": _("开始日期"), "value": held.start},
    ]  # fmt: skip
    return pages.fill_in(request, "teacher_ties", form, act, heading=_("结束教师结对"), submit=_("结束"), facts=facts)
