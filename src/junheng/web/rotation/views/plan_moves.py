"""The moves of a scenario: as a list, on the map, side by side with others, changed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.facts import Subject
from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.rotation import comparing
from junheng.web.rotation.actions import changing as changes
from junheng.web.rotation.forms.plans import ChangeForm
from junheng.web.rotation.models import Move, RotationYear, Scenario
from junheng.web.rotation.publishing import name_of
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.scenarios import PLANNERS, scenario_of, scenarios_of
from junheng.web.staffing import appraisals
from junheng.web.staffing.models.choices import choices_of
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

May = Permission


NARROW = {"th": {"class": "narrow"}, "td": {"class": "number"}}
"""Of a column of short figures under a long name."""


def appraised_on(year: RotationYear) -> date:
    """The day as of which a year looks at appraisals: that of its facts, once they are fixed."""
    return year.snapshot.on if year.snapshot else timezone.localdate()


class MoveTable(Table):
    """Moves of a scenario."""

    number = Column(gettext_lazy("工号"), accessor="teacher__number")
    who = Column(gettext_lazy("姓名"))
    from_school = Column(gettext_lazy("派出学校"), order_by="from_school__position")
    to_school = Column(gettext_lazy("接收学校"), order_by="to_school__position")
    subject = Column(gettext_lazy("任教学科"))
    wish_rank = Column(gettext_lazy("所满足的志愿"), attrs=NARROW)
    extra_km = Column(gettext_lazy("通勤增加（千米）"), attrs=NARROW)
    appraised = Column(gettext_lazy("聘期考核"), accessor="teacher", orderable=False)
    because = Column(gettext_lazy("理由"), orderable=False, attrs={"td": {"class": "wrap"}})
    manual = Column(gettext_lazy("人工"))

    def render_subject(self, record: Move) -> str:
        """With its stage."""
        return f"{record.get_stage_display()} {record.get_subject_display()}"

    def render_extra_km(self, value: float) -> str:
        """To a hundred metres."""
        return f"{value:.1f}"

    def render_appraised(self, record: Move) -> str:
        """The scores since the appointment to the present title, as they were when the facts were fixed."""
        return appraisals.words_of(appraisals.tracked(record.teacher, appraised_on(record.scenario.year)))

    def render_manual(self, value: bool) -> str:
        """Only where it is so."""
        return _("人工") if value else "—"


class MoveList(ListPage):
    """Every move of a scenario."""

    permissions = PLANNERS
    table_class = MoveTable
    search_fields = ("teacher__number", "who", "from_school__name", "to_school__name")
    template_name = "rotation/list.html"
    heading = gettext_lazy("移动名单")
    empty = gettext_lazy("这个方案没有人移动。")

    def get(self, request: HttpRequest, pk: int = 0, key: int = 0, **words: Any) -> HttpResponse:
        """The list of the scenario."""
        self.page = YearPage(request, pk)
        self.page.require(*PLANNERS)
        self.scenario = scenario_of(self.page, key)
        return super().get(request, **words)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The scenario's, with names."""
        found = Move.objects.visible_to(self.page.standing).filter(scenario=self.scenario)
        found = found.select_related("teacher", "from_school", "to_school", "scenario__year__snapshot")
        found = found.annotate(who=name_of("teacher"))
        return found.prefetch_related(*appraisals.behind("teacher__"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Which scenario."""
        return self.page.context("scenarios") | {
            "heading": _("移动名单：%s") % self.scenario,
            "buttons": [{"url": self.scenario.get_absolute_url(), "icon": "arrow-left", "label": _("返回方案")}],
        }


@requires(*PLANNERS)
def scenario_flow(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """From where to where, on the map and as a table."""
    page = YearPage(request, pk)
    page.require(*PLANNERS)
    held = scenario_of(page, key)
    return page.show(
        "scenarios", "plan_flow", heading=_("流向图：%s") % held, scenario=held, map=comparing.flow_map(held),
        flows=comparing.flow_rows(held), charts=True,
        buttons=[{"url": held.get_absolute_url(), "icon": "arrow-left", "label": _("返回方案")}],
    )  # fmt: skip


@requires(*PLANNERS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Scenarios side by side; ``?with=`` chooses, the latest without it."""
    page = YearPage(request, pk)
    page.require(*PLANNERS)
    every = [each for each in scenarios_of(page) if each.is_computed]
    wanted = {int(each) for each in request.GET.getlist("with") if each.isdecimal()}
    chosen = [each for each in every if each.pk in wanted] or every
    if len(chosen) == 1:
        chosen = sorted({*chosen, *[each for each in every if each.pk not in wanted][-1:]}, key=lambda s: s.number)
    chosen = chosen[-comparing.MOST :]
    return page.show(
        "scenarios", "plan_compare", heading=_("并列比较"), every=every, chosen=chosen,
        keys={each.pk for each in chosen}, most=comparing.MOST, rows=comparing.side_by_side(chosen), charts=True,
        balance=comparing.balance_chart(chosen) if chosen else None,
        wishes=comparing.wish_chart(chosen) if chosen else None,
        buttons=[{"url": page.url("scenarios"), "icon": "arrow-left", "label": _("方案编制")}],
    )  # fmt: skip


@requires(May.ROTATION_PLAN)
def move_change(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Change a move by hand: first what it would do, by the independent checker, then with a reason for good."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PLAN)
    held = scenario_of(page, key)
    initial = {"version": held.version, "teacher": request.GET.get("teacher", "")}
    form = ChangeForm(request.POST or None, county=page.year.county, initial=initial)
    back, status, tried, asked = held.get_absolute_url(), 200, None, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            asked = {name: given[name] for name in ("teacher", "school", "subject")}
            try:
                if given["confirmed"]:
                    changes.change(
                        held, **asked, reason=given["reason"], version=given["version"], by=author(request), at=page.now
                    )
                    messages.success(request, _("已调整，并计入人工改动。"))
                    return redirect(back)
                tried, status = changes.try_change(held, **asked), 200
            except RefusedError as refused:
                form.add_error(None, str(refused))
        if tried is None:
            again = request.POST.copy()
            again["confirmed"], again["version"] = "", str(held.version)  # checked again before it is written
            form.data = again
    shown = {"tried": _shown(tried), "facts": _asked(held, asked)} if tried and asked else {}
    return page.show(
        "scenarios", "plan_change", status=status, heading=_("人工调整：%s") % held, form=form, scenario=held,
        back=back, **shown,
    )  # fmt: skip


def _asked(held: Scenario, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Who is to go where, and where the plan has him now."""
    teacher, home = given["teacher"], given["teacher"].state
    move = held.moves.filter(teacher=teacher).select_related("to_school").first()
    stays = _("不交流，留在本校")
    there = given["school"]
    subject = dict(choices_of(Subject)).get(given["subject"] or (home.main_subject if home else ""), "")
    return [
        {"label": _("教师"), "value": str(teacher)},
        {"label": _("学校"), "value": str(home.school) if home else "—"},
        {"label": _("改动前"), "value": f"{move.to_school} {move.get_subject_display()}" if move else stays},
        {"label": _("改动后"), "value": f"{there} {subject}" if there else stays},
    ]


def _shown(tried: changes.Tried) -> dict[str, Any]:
    """A trial in the reader's language."""
    cited = comparing.cited
    names = (
        ("objective", _("目标值（越小越好）"), "{:.3f}"), ("imbalance_after", _("不均衡程度"), "{:.4f}"),
        ("moves", _("移动人数"), "{}"), ("extra_km", _("通勤合计增加（千米）"), "{:.1f}"),
    )  # fmt: skip
    return {
        "new": [cited(each) for each in tried.new],
        "standing": [cited(each) for each in tried.standing],
        "mended": [cited(each) for each in tried.mended],
        "broken": tried.broken,
        "figures": [
            {"name": name, "before": shown.format(tried.before[key]), "after": shown.format(tried.after[key])}
            for key, name, shown in names
        ],
    }
