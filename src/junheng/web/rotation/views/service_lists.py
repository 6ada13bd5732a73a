"""Lists of a year in service: difficulties and risks, changes, deductions, the journal."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.rotation import counting
from junheng.web.rotation.actions import targets
from junheng.web.rotation.actions.serving import set_settings, settings_of
from junheng.web.rotation.allowing import deduction_rule
from junheng.web.rotation.forms.service_lists import DevelopmentForm, SettingsForm
from junheng.web.rotation.models import Deduction, JournalPost, PlacementChange, Problem, RiskLevel
from junheng.web.rotation.people import with_names
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.service import DayColumn
from junheng.web.rotation.views.service_page import PEOPLE
from junheng.web.staffing.reach import author

May = Permission


def _to_placement(anchor: str) -> Any:
    def link(record: Any) -> str:
        return f"{reverse('rotation:service', args=(record.placement.year_id, record.placement_id))}#{anchor}"

    return link


class OfPlacementList(ListPage):
    """A list of rows about placements of a year, with the teachers' names."""

    permissions = (May.ROTATION_VIEW,)
    template_name = "rotation/list.html"
    search_fields = ("teacher_name", "teacher_pinyin", "placement__teacher__number")
    name = ""

    def seen(self, request: HttpRequest) -> Any:
        """The rows that the person sees."""
        raise TypeError(f"{type(self).__name__} must say which rows it shows")

    def rows(self, request: HttpRequest) -> Any:
        """Those of the year, with names and schools."""
        self.page = YearPage(request, self.kwargs["pk"])
        found = with_names(self.seen(request).filter(placement__year=self.page.year), "placement__teacher")
        return found.select_related("placement__from_school", "placement__to_school", "placement__teacher")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu of the year."""
        return self.page.context(self.name)


class ProblemTable(Table):
    """Difficulties; what they say stands on the placement's page only."""

    teacher_name = Column(
        verbose_name=gettext_lazy("姓名"), order_by="teacher_pinyin", linkify=_to_placement("problems")
    )
    host = Column(accessor="placement__to_school", verbose_name=gettext_lazy("接收学校"))
    kind = Column(accessor="get_kind_display", verbose_name=gettext_lazy("类别"), orderable=False)
    level = Column(accessor="get_level_display", verbose_name=gettext_lazy("风险"), orderable=False)
    to = Column(accessor="get_to_display", verbose_name=gettext_lazy("向谁反映"), orderable=False)
    status = Column(accessor="get_status_display", verbose_name=gettext_lazy("状态"), orderable=False)
    raised_at = DayColumn(verbose_name=gettext_lazy("反映时间"))
    checked_at = DayColumn(verbose_name=gettext_lazy("最近核查日期"))


class ProblemList(OfPlacementList):
    """The register of risks: open ones first, with those that nobody has looked at this month."""

    export_permission = May.EXPORT_LISTS
    table_class = ProblemTable
    heading = gettext_lazy("困难与问题")
    empty = gettext_lazy("没有反映困难。交流教师和接收学校在在岗页面反映的困难列在这里，由县局答复。")
    name = "problems"

    def seen(self, request: HttpRequest) -> Any:
        """One's own school's, or the county's."""
        found = Problem.objects.visible_to(standing_of(request))
        if request.GET.get("unchecked"):
            month = counting.first_of_month(timezone.localdate())
            found = found.exclude(status=Problem.Status.CLOSED).filter(
                Q(checked_at__isnull=True) | Q(checked_at__lt=month)
            )
        return found.order_by("status", "-raised_at")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How many are open, grave, and not looked at this month."""
        found = Problem.objects.visible_to(standing_of(request)).filter(placement__year=self.page.year)
        waiting = found.exclude(status=Problem.Status.CLOSED)
        month = counting.first_of_month(timezone.localdate(self.page.now))
        unchecked = waiting.filter(Q(checked_at__isnull=True) | Q(checked_at__lt=month)).count()
        grave = waiting.filter(level=RiskLevel.HIGH).count()
        cards = [
            {"label": _("未解决的困难"), "value": waiting.count(), "icon": "help", "tone": "orange"},
            {"label": _("高风险"), "value": grave, "icon": "alert-triangle", "tone": "red"},
            {"label": _("本月还没有核查"), "value": unchecked, "icon": "clock", "tone": "blue", "url": "?unchecked=1"},
        ]
        return super().context(request) | {"cards": cards}


class ChangeTable(Table):
    """Changes."""

    teacher_name = Column(
        verbose_name=gettext_lazy("姓名"), order_by="teacher_pinyin", linkify=_to_placement("changes")
    )
    home = Column(accessor="placement__from_school", verbose_name=gettext_lazy("派出学校"))
    host = Column(accessor="placement__to_school", verbose_name=gettext_lazy("接收学校"))
    kind = Column(accessor="get_kind_display", verbose_name=gettext_lazy("变更类别"), orderable=False)
    on = DayColumn(verbose_name=gettext_lazy("交流至（含当日）"))
    status = Column(accessor="get_status_display", verbose_name=gettext_lazy("状态"), orderable=False)
    requested_at = DayColumn(verbose_name=gettext_lazy("提出时间"))


class ChangeList(OfPlacementList):
    """Changes asked for and decided; secondments past their end."""

    export_permission = May.EXPORT_LISTS
    table_class = ChangeTable
    heading = gettext_lazy("变更与续期")
    empty = gettext_lazy("没有变更。延长、提前返回等申请在交流教师的在岗页面提出，办理结果列在这里。")
    name = "changes"

    def seen(self, request: HttpRequest) -> Any:
        """Those about placements within reach."""
        return PlacementChange.objects.visible_to(standing_of(request)).order_by("status", "-requested_at")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to the secondments."""
        buttons = [{"label": _("绩效扣减建议"), "url": self.page.url("deductions"), "icon": "minus"}]
        if self.page.may(May.ROTATION_REVIEW, May.ROTATION_ORDER):
            buttons.append({"label": _("到期未还的借调"), "url": self.page.url("secondments"), "icon": "alarm"})
        return super().context(request) | {"buttons": buttons}


class DeductionTable(Table):
    """Proposed deductions."""

    teacher_name = Column(
        verbose_name=gettext_lazy("姓名"), order_by="teacher_pinyin", linkify=_to_placement("deductions")
    )
    host = Column(accessor="placement__to_school", verbose_name=gettext_lazy("接收学校"))
    month = DayColumn(verbose_name=gettext_lazy("月份"))
    clause = Column(verbose_name=gettext_lazy("依据"))
    status = Column(accessor="get_status_display", verbose_name=gettext_lazy("状态"), orderable=False)


class DeductionList(OfPlacementList):
    """Deductions proposed because duties were not met."""

    table_class = DeductionTable
    heading = gettext_lazy("绩效扣减建议")
    empty = gettext_lazy("没有绩效扣减建议。交流教师的任务未完成时，接收学校可在其在岗页面提出，由县局决定。")
    name = "changes"

    def seen(self, request: HttpRequest) -> Any:
        """Those about placements within reach."""
        return Deduction.objects.visible_to(standing_of(request))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Where the policy knows no deduction, that none can be proposed."""
        known = deduction_rule(self.page.year) is not None
        silent = _("本年度的政策没有扣减绩效工资的规定，因此不会有扣减建议。")
        return super().context(request) | ({} if known else {"empty": silent})


@never_cache
@requires(*PEOPLE)
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """The exchange journal of the year: recommended posts first."""
    page = YearPage(request, pk)
    posts = JournalPost.objects.visible_to(page.standing).filter(placement__year=page.year, withdrawn_at__isnull=True)
    named = with_names(posts, "placement__teacher").select_related("placement__to_school")
    recommended = named.filter(recommended_at__isnull=False).order_by("-recommended_at")
    others = named.filter(recommended_at__isnull=True)[:50]
    return page.show("services", "journal", heading=_("交流日志"), recommended=recommended[:20], others=others)


@requires(May.ROTATION_PREPARE)
def development_targets(request: HttpRequest, pk: int) -> HttpResponse:
    """What backbone teachers of each level are to do in the year."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE)
    held = targets.targets_of(page.year)
    initial = {f"{level.value}_{kind.value}": n for level, row in held.items() for kind, n in row.items()}
    form = DevelopmentForm(request.POST or None, initial=initial, levels=targets.LEVELS, kinds=targets.KINDS)
    return page.form(
        "services", form,
        lambda _given: targets.set_targets(page.year, form.targets(), by=author(request)) and page.url("services"),
        done=_("已保存。"), back=page.url("services"), heading=_("骨干培养目标"), template="development",
        lead=_("按骨干级别分别设定本年度的目标次数，留空为不设。交流教师按自己的级别，由接收学校一次布置成工作任务。"),
    )  # fmt: skip


@requires(May.ROTATION_PREPARE)
def service_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's settings for service."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE)
    held = settings_of(page.year)
    initial = {
        "report_due_day": held.report_due_day, "similar_percent": held.similar_percent,
        "warning_days": ", ".join(str(each) for each in held.warning_days),
    }  # fmt: skip
    return page.form(
        "services", SettingsForm(request.POST or None, initial=initial),
        lambda given: set_settings(page.year, by=author(request), **given) and page.url("services"),
        done=_("已保存。"), back=page.url("services"), heading=_("在岗管理设置"),
    )  # fmt: skip
