"""Planning: scenarios, decisions beforehand, changes by hand, the choice of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.records.labels import register
from junheng.web.records.waiting import Waiting, provide
from junheng.web.rotation import computing  # noqa: F401 - registers the work of computing a scenario
from junheng.web.rotation.actions.adopting import what_hinders
from junheng.web.rotation.cycle import Done, Part, Progress, ToCount, needs, progress, summed
from junheng.web.rotation.models import PhaseKind, RotationYear, Scenario, ScenarioStatus

register(
    {
        "rotation.pin.set": gettext_lazy("作出指定或禁止"),
        "rotation.pin.withdrawn": gettext_lazy("撤销指定或禁止"),
        "rotation.plan.asked": gettext_lazy("测算轮岗方案"),
        "rotation.plan.computed": gettext_lazy("轮岗方案测算完成"),
        "rotation.plan.failed": gettext_lazy("轮岗方案未能测算"),
        "rotation.plan.changed": gettext_lazy("人工调整方案"),
        "rotation.plan.set_aside": gettext_lazy("不采用方案"),
        "rotation.plan.proposed": gettext_lazy("提请采用方案"),
        "rotation.plan.taken_back": gettext_lazy("撤回采用方案的提请"),
        "rotation.plan.adopted": gettext_lazy("确认采用方案"),
    },
    kinds={"rotation.scenario": gettext_lazy("轮岗方案"), "rotation.pin": gettext_lazy("指定与禁止")},
)


@needs(PhaseKind.PLANNING)
def facts_are_fixed(year: RotationYear) -> str:
    """A plan rests on the facts that the verdicts were fixed with."""
    return "" if year.snapshot_id else _("资格认定结果还没有固定。")


@progress(PhaseKind.PLANNING)
def a_scenario_is_chosen(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """The bureau's own step: one scenario proposed."""
    chosen = Scenario.objects.filter(year=year, status__in=(ScenarioStatus.PROPOSED, ScenarioStatus.ADOPTED))
    url = reverse("rotation:scenarios", args=(year.pk,))

    def made(found: Done) -> Progress:
        return Progress(_("选定拟采用的方案"), summed(found)[1], 1, who=_("人事科负责人"), url=url)

    return ToCount((Part(chosen),), made)


@provide
def scenarios_to_confirm(request: HttpRequest) -> Iterable[Waiting]:
    """Proposed scenarios that nothing hinders any more, for those who may confirm them."""
    within = standing_of(request).organisations(Permission.ROTATION_ADOPT)
    if not within:
        return []
    proposed = Scenario.objects.filter(status=ScenarioStatus.PROPOSED, year__county__in=within)
    ready = [
        each
        for each in proposed.exclude(proposed_by=request.user.pk).select_related("year")
        if not each.year.is_archived and not what_hinders(each, timezone.now())
    ]
    if not ready:
        return []
    return [Waiting(_("待确认采用的轮岗方案"), ready[0].get_absolute_url(), len(ready), kind="rotation.plan")]
