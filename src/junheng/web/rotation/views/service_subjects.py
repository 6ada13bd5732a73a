"""What a form that decides, answers or judges something of a placement shows of it, as facts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junheng.web.interface.numbers import listed
from junheng.web.rotation.models import Deduction, Goal, MonthlyReport, PlacementChange, Problem, Safeguard, Task


def logged(task: Task) -> int:
    """How often the task was done by the log."""
    return sum(task.log.values_list("count", flat=True))


def of_task(task: Task) -> list[dict[str, Any]]:
    """A task: what is asked, until when, how far it is."""
    return [
        {"label": _("任务类别"), "value": task.get_kind_display()}, {"label": _("要求"), "value": task.words},
        {"label": _("完成期限"), "value": task.due}, {"label": _("进度"), "value": f"{task.done} / {task.target}"},
        {"label": _("工作日志中的次数"), "value": str(logged(task))},
        {"label": _("完成情况"), "value": task.result, "wide": True},
    ]  # fmt: skip


def of_problem(problem: Problem) -> list[dict[str, Any]]:
    """A problem with its answer."""
    return [
        {"label": _("类别"), "value": problem.get_kind_display()},
        {"label": _("风险"), "value": problem.get_level_display()},
        {"label": _("具体情况"), "value": problem.words, "wide": True},
        {"label": _("答复"), "value": problem.answer, "wide": True},
    ]  # fmt: skip


def of_change(change: PlacementChange) -> list[dict[str, Any]]:
    """A change that is asked for, with what the policy says of it."""
    facts = [
        {"label": _("变更类别"), "value": change.get_kind_display()},
        {"label": _("交流至（含当日）"), "value": change.on},
        {"label": _("提出人"), "value": str(change.requested_by or "")},
        {"label": _("理由"), "value": change.reason, "wide": True},
    ]  # fmt: skip
    if change.successor is not None:
        facts.append({"label": _("接替教师"), "value": str(change.successor)})
    if change.finding:
        facts.append({"label": _("政策认定"), "value": f"{change.clause} {change.finding}", "wide": True})
    return facts


def of_deduction(deduction: Deduction) -> list[dict[str, Any]]:
    """A deduction that is proposed."""
    percent = _("待主管部门确定") if deduction.percent is None else f"{deduction.percent:g}%"
    return [
        {"label": _("月份"), "value": f"{deduction.month:%Y-%m}"},
        {"label": _("扣减比例（%）"), "value": percent}, {"label": _("依据"), "value": deduction.clause},
        {"label": _("未完成的任务"), "value": listed(deduction.unmet), "wide": True},
        {"label": _("理由"), "value": deduction.reason, "wide": True},
    ]  # fmt: skip


def of_report(report: MonthlyReport) -> list[dict[str, Any]]:
    """A monthly report."""
    return [
        {"label": _("月份"), "value": f"{report.month:%Y-%m}"},
        {"label": _("主要工作"), "value": report.words, "wide": True},
        {"label": _("困难和建议"), "value": report.difficulties, "wide": True},
    ]


def of_goal(goal: Goal) -> list[dict[str, Any]]:
    """A goal of the improvement agreement."""
    return [
        {"label": _("提高目标"), "value": goal.words}, {"label": _("检验办法"), "value": goal.measure},
        {"label": _("期限"), "value": goal.due},
    ]  # fmt: skip


def of_safeguard(safeguard: Safeguard) -> list[dict[str, Any]]:
    """Something that the host has promised."""
    return [
        {"label": _("类别"), "value": safeguard.get_group_display()},
        {"label": _("保障事项"), "value": gettext(safeguard.words)},
    ]  # fmt: skip
