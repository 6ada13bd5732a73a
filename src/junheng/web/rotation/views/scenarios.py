"""Planning: scenarios, their figures and moves, side by side, changed by hand, chosen."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface import numbers
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import person_unit, persons
from junheng.web.records.models import Job
from junheng.web.rotation import comparing
from junheng.web.rotation.actions import adopting
from junheng.web.rotation.actions import scenarios as actions
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.assembling import unyielding
from junheng.web.rotation.forms.plans import ORDERS, ScenarioForm
from junheng.web.rotation.models import AppealStatus, FactAppeal, Pin, Scenario, ScenarioStatus
from junheng.web.rotation.overtaken import overtaken
from junheng.web.rotation.pack_words import plainly, unit_of
from junheng.web.rotation.publishing import name_of
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.wishing import spoken
from junheng.web.staffing.reach import author

May = Permission
PLANNERS = (May.ROTATION_PLAN, May.ROTATION_ADOPT)
TONES = {
    ScenarioStatus.QUEUED: "azure", ScenarioStatus.FAILED: "red", ScenarioStatus.READY: "green",
    ScenarioStatus.INFEASIBLE: "orange", ScenarioStatus.PROPOSED: "blue", ScenarioStatus.ADOPTED: "purple",
    ScenarioStatus.SET_ASIDE: "secondary",
}  # fmt: skip


def scenarios_of(page: YearPage) -> QuerySet[Scenario]:
    """The year's scenarios that the person may see."""
    return Scenario.objects.visible_to(page.standing).filter(year=page.year).defer("told_text")


def scenario_of(page: YearPage, key: int) -> Scenario:
    """One of them, or 404."""
    seen = Scenario.objects.visible_to(page.standing).filter(year=page.year)
    found: Scenario = get_object_or_404(seen.select_related("snapshot", "proposed_by", "adopted_by"), pk=key)
    found.year = page.year
    return found


class ScenarioTable(Table):
    """Scenarios."""

    name = Column(gettext_lazy("方案"), linkify=True, order_by="number")
    status = Column(gettext_lazy("状态"))
    moves_count = Column(gettext_lazy("移动人数"), attrs={"td": {"class": "number"}})
    first = Column(
        gettext_lazy("满足第一志愿（人）"), empty_values=(), orderable=False, attrs={"td": {"class": "number"}}
    )
    objective = Column(
        gettext_lazy("目标值（越小越好）"), empty_values=(), orderable=False, attrs={"td": {"class": "number"}}
    )
    manual = Column(gettext_lazy("人工改动"), attrs={"td": {"class": "number"}})
    created_at = Column(gettext_lazy("建立时间"))

    def render_name(self, record: Scenario) -> str:
        """Number and name."""
        return str(record)

    def render_first(self, record: Scenario) -> Any:
        """Movers who get their first wish."""
        return comparing.first_wishes(record) if record.is_computed else "—"

    def render_objective(self, record: Scenario) -> str:
        """J of the plan."""
        value = record.figures.get("objective")
        return "—" if value is None else f"{value:.3f}"


class ScenarioList(ListPage):
    """Every scenario of a year."""

    permissions = PLANNERS
    table_class = ScenarioTable
    search_fields = ("name",)
    search_hint = gettext_lazy("方案名称")
    template_name = "rotation/list.html"
    heading = gettext_lazy("方案编制")
    empty = gettext_lazy("还没有测算过方案。新建方案后在后台测算，可以做几个并列比较。")

    def get(self, request: HttpRequest, pk: int = 0, **words: Any) -> HttpResponse:
        """The list of the year."""
        self.page = YearPage(request, pk)
        self.page.require(*PLANNERS)
        return super().get(request, **words)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The year's."""
        return scenarios_of(self.page)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The ways on."""
        buttons: list[dict[str, Any]] = []
        if scenarios_of(self.page).filter(computed_at__isnull=False).count() > 1:
            buttons.append({"url": self.page.url("compare"), "icon": "columns", "label": _("并列比较")})
        if self.page.may(May.ROTATION_PLAN):
            url = self.page.url("scenario_new")
            buttons.append({"url": url, "icon": "plus", "label": _("新建方案"), "primary": True})
        return self.page.context("scenarios") | {"buttons": buttons}


@requires(May.ROTATION_PLAN)
def scenario_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a scenario: parameters, goals, voluntary part."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PLAN)
    form = ScenarioForm(request.POST or None, pack=pack_of(page.year), parameters=page.year.parameters)
    pins = Pin.objects.visible_to(page.standing).filter(year=page.year, withdrawn_at__isnull=True).count()
    words = {"pins": pins, "snapshot": page.year.snapshot_id or "—"}
    lead = _(
        "所据数据为本年度固定的快照 %(snapshot)s（含已成立的异议）和已审定的申请；现有指定与禁止 %(pins)s 条一并计入。"
    )
    lead %= words
    return page.form(
        "scenarios", form, lambda _given: actions.ask_for(page.year, form.asked(), by=author(request), at=page.now),
        done=_("已开始测算，进度见本页。"), back=page.url("scenarios"), heading=_("新建方案"), submit=_("开始测算"),
        lead=lead,
    )  # fmt: skip


@requires(*PLANNERS)
def scenario(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """A scenario: progress while it is computed, then figures, what hurts most, what conflicts, changes by hand."""
    page = YearPage(request, pk)
    page.require(*PLANNERS)
    held = scenario_of(page, key)
    told = actions.told_of(held)
    jobs = Job.objects.filter(subject_kind="rotation.scenario", subject_id=str(held.pk))  # scoped: by the scenario
    job = jobs.first()
    said = comparing.said
    return page.show(
        "scenarios", "scenario", heading=str(held), scenario=held, tone=TONES[ScenarioStatus(held.status)], charts=True,
        job=job if held.status == ScenarioStatus.QUEUED else None, percent=job.percent if job else None,
        message=job.message if job else "", cards=_cards(held) if held.is_computed else [],
        facts=_facts(page, held), stages=comparing.stage_rows(held),
        balance=comparing.balance_chart([held]) if held.is_computed else None,
        wishes=comparing.wish_chart([held]) if held.is_computed else None,
        broken=[comparing.cited(each) for each in told.get("broken", ())],
        giving=[comparing.cited(each) for each in told.get("giving", ())],
        prices=[comparing.cited(each) | {"worth": each["worth"]} for each in told.get("prices", ())],
        needs=[said(each) for each in told.get("needs", ())],
        notes=[{"said": said(each), "count": each["count"]} for each in held.figures.get("notes", ())],
        newer=page.year.snapshot_id if page.year.snapshot_id != held.snapshot_id else "",
        overtaken=overtaken(held) if held.status == ScenarioStatus.READY else [],
        refusal=said(told["refusal"]) if "refusal" in told else "", conflict=_conflict(told.get("conflict")),
        changes=held.changes.select_related("by").annotate(who=name_of("teacher")),
        buttons=_buttons(page, held), **_choosing(page, held),
    )  # fmt: skip


def _cards(held: Scenario) -> list[dict[str, Any]]:
    figures = held.figures
    percent = 100 * figures["imbalance_after"] / (figures["imbalance_before"] or 1.0)
    wished = figures["with_wishes"]
    met = sum(figures["wishes_met"])
    return [
        {"label": _("移动人数"), "value": figures["moves"], "unit": person_unit(figures["moves"]), "icon": "route",
         "badge": _("名额要求 %s") % figures["required"], "badge_tone": "secondary"},
        {"label": _("不均衡程度（轮岗前为 100%）"), "value": f"{percent:.1f}", "unit": "%", "icon": "scale",
         "tone": "green" if percent < 100 else "orange"},
        {"label": _("满足志愿"), "value": f"{met} / {wished}", "unit": person_unit(wished), "icon": "heart",
         "tone": "purple"},
        {"label": _("人工改动"), "value": held.manual, "unit": person_unit(held.manual), "icon": "hand-finger",
         "tone": "azure", "badge": f"{100 * held.manual_share:.1f}%", "badge_tone": "secondary"},
    ]  # fmt: skip


def _facts(page: YearPage, held: Scenario) -> list[dict[str, Any]]:
    figures = held.figures
    gap = figures.get("gap")
    facts: list[dict[str, Any]] = [
        {"label": _("状态"), "value": held.get_status_display()},
        {"label": _("数据快照"), "value": held.snapshot_id},
        {
            "label": _("计入的更正"),
            "value": _("异议成立 %s 件")
            % FactAppeal.objects.filter(  # scoped: a number alone
                year=page.year, status=AppealStatus.UPHELD, decided_at__lte=held.computed_at or page.now
            ).count(),
        },
        {"label": _("事实摘要"), "value": held.facts_digest[:16]},
        {"label": _("参数"), "value": _changed(page, held) or _("与年度相同")},
        {"label": _("目标次序"), "value": dict(ORDERS).get(held.order, held.order)},
        {"label": _("自愿互换"), "value": held.get_mechanism_display() if held.mechanism else _("不先行互换")},
        {"label": _("随机种子"), "value": held.seed},
        {"label": _("指定与禁止"), "value": held.pins},
        {"label": _("只接受所填志愿"), "value": persons(len(unyielding(page.year)))},
        {"label": _("人事关系随调"), "value": _("是") if held.relation_moved else _("否")},
        {"label": _("与最优界的差距"), "value": "—" if gap is None else f"{gap:.4%}"},
        {"label": _("方案摘要"), "value": held.plan_digest[:16]},
        {"label": _("默克尔根"), "value": held.root, "wide": True},
    ]
    if held.proposed_by:
        facts.append({"label": _("提请人"), "value": str(held.proposed_by)})
    if held.adopted_by:
        facts.append({"label": _("确认人"), "value": str(held.adopted_by)})
    if held.set_aside_because:
        facts.append({"label": _("未采用的理由"), "value": held.set_aside_because})
    return facts


def _changed(page: YearPage, held: Scenario) -> str:
    """The parameters that differ from the year's, in the pack's words."""
    known, lang = pack_of(page.year).parameters, spoken()
    return numbers.semicolon().join(
        f"{known[name].en if lang == 'en' else known[name].zh}{numbers.colon()}"
        f"{plainly(value, lang)}{unit_of(known[name].unit, lang)}"
        for name, value in held.parameters.items() if name in known
    )  # fmt: skip


def _conflict(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """Conflicts and remedies in the reader's language."""
    if kept is None:
        return None
    said = comparing.said
    return {
        "kinds": " × ".join(said(each) for each in kept["kinds"]),
        "every": kept["every"],
        "conflicts": [
            [comparing.cited(each) | {"kind": said(each["kind"])} for each in rules] for rules in kept["conflicts"]
        ],
        "remedies": [each | {"said": said(each)} for each in kept["remedies"]],
        "settings": [{"said": said(each), "enough": each["enough"]} for each in kept["settings"]],
        "alone": [each | {"said": said(each)} for each in kept["alone"]],
    }


def _buttons(page: YearPage, held: Scenario) -> list[dict[str, Any]]:
    if not held.is_computed:
        return []
    buttons = [
        {"url": page.url("scenario_moves", held.pk), "icon": "list", "label": _("移动名单")},
        {"url": page.url("scenario_flow", held.pk), "icon": "map", "label": _("流向图")},
        {"url": f"{page.url('compare')}?with={held.pk}", "icon": "columns", "label": _("并列比较")},
    ]
    if held.may_change and page.may(May.ROTATION_PLAN):
        buttons.append({"url": page.url("move_change", held.pk), "icon": "hand-finger", "label": _("人工调整")})
    return buttons


def _choosing(page: YearPage, held: Scenario) -> dict[str, Any]:
    """What may be done towards choosing the scenario, and what hinders it."""
    may, proposed = page.may(May.ROTATION_ADOPT), held.status == ScenarioStatus.PROPOSED
    return {
        "may_propose": may and held.status == ScenarioStatus.READY and held.snapshot_id == page.year.snapshot_id,
        "for_others": not may and held.status == ScenarioStatus.READY,
        "may_take_back": may and proposed,
        "may_adopt": may and proposed and held.proposed_by_id != page.request.user.pk,
        "may_set_aside": page.may(May.ROTATION_PLAN)
        and held.status in {ScenarioStatus.READY, ScenarioStatus.INFEASIBLE, ScenarioStatus.FAILED},
        "hindering": adopting.what_hinders(held, page.now) if proposed else [],
        "own_proposal": proposed and held.proposed_by_id == page.request.user.pk,
    }
