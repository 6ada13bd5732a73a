"""What is added to a placement, and what is done to one row of it: for each a form, who may, and the action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission
from junheng.web.rotation import counting, monthly
from junheng.web.rotation.actions import changes, helping, journal, months, outcomes, paying, problems, serving, targets
from junheng.web.rotation.actions.holding import SERVED
from junheng.web.rotation.forms import ending  # fmt: skip
from junheng.web.rotation.forms import serving as forms
from junheng.web.rotation.models import (
    ChangeKind,
    Form,
    Goal,
    Matter,
    PlacementStatus,
    Problem,
    ReportStatus,
    Safeguard,
    Side,
    Task,
)
from junheng.web.rotation.views import service_subjects as subjects
from junheng.web.rotation.views.service_page import ServicePage, storing
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

May = Permission
Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form about a placement: its heading, how it is made, who may, what is done, where it stands on the page.

    ``serving``: only while the placement serves; the rest belongs to its time and may follow its end. ``told`` is what
    the form says before it asks.
    """

    heading: Any
    form: Callable[..., BaseForm]
    may: Callable[[ServicePage], bool]
    act: Callable[..., Any]
    section: str
    lead: Any = ""
    files: bool = False
    serving: bool = False
    told: Callable[[ServicePage], list[dict[str, Any]]] = lambda page: []

    def offered(self, page: ServicePage) -> bool:
        """Whether it may be done now, by this reader."""
        served = (PlacementStatus.SERVING,) if self.serving else SERVED
        return page.in_time and page.placement.status in served and self.may(page)


def _months(page: ServicePage) -> list[Any]:
    return counting.months_of(page.placement, timezone.localdate(page.now))


def _with_months(form: Any) -> Callable[..., BaseForm]:
    return lambda page, *given, **named: form(*given, months=_months(page), **named)


def _plain(form: Any) -> Callable[..., BaseForm]:
    return lambda page, *given, **named: form(*given, **named)


def _either_school(page: ServicePage, permission: Permission = May.ROTATION_SCHOOL) -> bool:
    return page.at(Side.HOME, permission) or page.at(Side.HOST, permission)


def _kinds(page: ServicePage) -> list[ChangeKind]:
    """Teachers ask to stay longer or go home early; a school or the bureau may ask for all that fits the form."""
    if page.mine:
        return [ChangeKind.EXTENSION, ChangeKind.EARLY]
    supervised = page.placement.form == Form.SUPERVISED
    return [kind for kind in ChangeKind if kind is not ChangeKind.CONTINUATION or supervised]


def may_ask_for_change(page: ServicePage) -> bool:
    """The teacher, a principal of either school, the bureau's office."""
    return page.mine or _either_school(page, May.ROTATION_SIGN) or page.may(May.ROTATION_REVIEW, May.ROTATION_ORDER)


def _ask_for_change(page: ServicePage, given: Given) -> Any:
    number, kind = given.pop("successor", "").strip(), ChangeKind(given.pop("kind"))
    if kind not in _kinds(page):
        raise RefusedError(str(_("不能申请这种变更。")))
    successor = None
    if number:
        county = page.year.county_id
        successor = Teacher.objects.filter(county=county, number=number).first()  # scoped: of the year's county
        if successor is None:
            raise RefusedError(str(_("本县没有工号为 %(number)s 的教师。")) % {"number": number})
    return changes.request(page.placement, kind=kind, successor=successor, by=page.by, at=page.now, **given)


def _report_form(page: ServicePage, *given: Any, **named: Any) -> BaseForm:
    """Offers the months that are still to be written; one sent twice is read twice, and is the same report."""
    sent = bool(given and given[0])
    return forms.ReportForm(
        *given, months=_months(page) if sent else monthly.to_report(page.placement, page.now), **named
    )


def _figures_by_month(page: ServicePage) -> list[dict[str, Any]]:
    """What goes into the report of each month that is still to be written."""
    return [
        {
            "label": f"{month:%Y-%m}", "wide": True,
            "value": monthly.in_words(monthly.figures_of_teacher(page.placement, month)),
        }
        for month in monthly.to_report(page.placement, page.now)
    ]  # fmt: skip


def _do(action: Callable[..., Any]) -> Callable[[ServicePage, Given], Any]:
    return lambda page, given: action(page.placement, by=page.by, at=page.now, **given)


ADD: dict[str, Dialog] = {
    "charge": Dialog(
        _("调整双重管理分工"), _plain(forms.ChargeForm), lambda page: page.may(May.ROTATION_REVIEW),
        _do(serving.decide_charge), "charges", serving=True,
    ),
    "task": Dialog(
        _("布置任务"),
        lambda page, *given, **named: forms.TaskForm(*given, kinds=serving.kinds_for(page.placement), **named),
        lambda page: page.keeps(Matter.TASKS), _do(serving.give_task), "tasks", serving=True,
    ),
    "targets": Dialog(
        _("按培养目标布置任务"), _plain(forms.TargetsForm),
        lambda page: page.keeps(Matter.TASKS), _do(targets.lay_targets), "tasks",
        _("按教师的骨干级别和本年度培养目标，补足还没有布置的任务；再办一次不会重复布置。"), serving=True,
    ),
    "log": Dialog(
        _("记工作日志"),
        lambda page, *given, **named: forms.LogForm(*given, placement=page.placement, **named),
        lambda page: page.mine, _do(serving.write_log), "log",
    ),
    "confirm": Dialog(
        _("确认工作日志"), _plain(forms.UntilForm), lambda page: page.keeps(Matter.TASKS),
        _do(serving.confirm_log), "log",
    ),
    "attendance": Dialog(
        _("登记月考勤"), _with_months(forms.AttendanceForm), lambda page: page.keeps(Matter.ATTENDANCE),
        _do(serving.enter_attendance), "attendance",
        _("应出勤天数按本县工作日历计算；请假另行登记。"),
    ),
    "leave": Dialog(
        _("登记请假"), _plain(forms.LeaveForm), lambda page: page.keeps(Matter.ATTENDANCE),
        _do(serving.enter_leave), "attendance", _("请假记入一人一档，交流年限按政策计算时从那里取数。"),
    ),
    "report": Dialog(
        _("提交月报"),
        _report_form,
        lambda page: page.mine, _do(months.submit_teachers), "reports",
        _("课时、活动和出勤由系统从工作日志和考勤中带入，不用再填。"), told=_figures_by_month,
    ),
    "post": Dialog(_("发表交流日志"), _plain(forms.PostForm), lambda page: page.mine, _do(journal.post), "posts"),
    "visit": Dialog(
        _("登记走访"), _plain(forms.VisitForm), lambda page: page.at(Side.HOME), _do(helping.visit_teacher), "visits"
    ),
    "safeguard": Dialog(
        _("增加保障事项"), _plain(forms.SafeguardForm),
        lambda page: _either_school(page) or page.may(May.ROTATION_REVIEW), _do(helping.add_safeguard), "safeguards",
        serving=True,
    ),
    "goal": Dialog(
        _("增加提高目标"), _plain(forms.GoalForm), lambda page: page.at(Side.HOST), _do(helping.agree_goal), "goals",
        serving=True,
    ),
    "problem": Dialog(
        _("反映困难"), _plain(forms.ProblemForm), lambda page: page.mine or _either_school(page),
        _do(problems.raise_problem), "problems", serving=True,
    ),
    "change": Dialog(
        _("申请变更"), lambda page, *given, **named: forms.ChangeForm(*given, kinds=_kinds(page), **named),
        may_ask_for_change, _ask_for_change, "changes", serving=True,
    ),
    "deduction": Dialog(
        _("提出绩效扣减建议"), _with_months(forms.DeductionForm),
        lambda page: page.keeps(Matter.TASKS, May.ROTATION_SIGN), _do(paying.propose_deduction), "deductions",
        _("只有政策规定可以扣减、且有未完成的任务时才能提出，由县局决定。"), serving=True,
    ),
    "summary": Dialog(
        _("提交交流总结"), _plain(ending.SummaryForm), lambda page: page.mine, _do(outcomes.submit_summary), "ending"
    ),
    "outcome": Dialog(
        _("提出期满考核"),
        lambda page, *given, **named: ending.OutcomeForm(
            *given, headings=outcomes.HEADINGS, vetoes=outcomes.VETOES, **named
        ),
        lambda page: page.keeps(Matter.APPRAISAL, May.ROTATION_SIGN), _do(outcomes.propose), "ending",
    ),
}  # fmt: skip
"""What may be added to a placement, by the word in its address."""


@dataclass(frozen=True, slots=True)
class RowDialog:
    """A form about a row of a placement; ``find`` gives the rows of it that the person may handle.

    ``told`` is what the form says of the row: what is being judged, answered or decided.
    """

    heading: Any
    form: Callable[..., BaseForm] | None
    find: Callable[[ServicePage], Any]
    act: Callable[..., Any]
    section: str
    initial: Callable[[Any], Given] = lambda row: {}
    files: bool = False
    told: Callable[[Any], list[dict[str, Any]]] = lambda row: []


def _rows(rows: Any, allowed: bool) -> Any:
    return rows if allowed else rows.none()


def _on_row(action: Callable[..., Any]) -> Callable[[ServicePage, Any, Given], Any]:
    return lambda page, row, given: action(row, by=page.by, at=page.now, **given)


def _problems_to_answer(page: ServicePage) -> Any:
    found = Problem.objects.visible_to(page.standing).answerable_by(page.standing)
    return found.filter(placement=page.placement).exclude(status=Problem.Status.CLOSED)


ROWS: dict[str, RowDialog] = {
    "task-report": RowDialog(
        _("填写任务完成情况"), forms.TaskReportForm,
        lambda page: _rows(Task.objects.visible_to(page.standing).filter(placement=page.placement), page.mine),
        lambda page, row, given: storing(
            lambda: serving.report_task(row, files=given.pop("evidence"), by=page.by, at=page.now, **given)
        ),
        "tasks", lambda row: {"done": max(row.done, subjects.logged(row)), "result": row.result}, files=True,
        told=subjects.of_task,
    ),
    "task-judge": RowDialog(
        _("认定任务完成情况"), forms.JudgeForm,
        lambda page: _rows(
            Task.objects.visible_to(page.standing).filter(placement=page.placement), page.keeps(Matter.TASKS)
        ),
        _on_row(serving.judge_task), "tasks",
        told=subjects.of_task,
    ),
    "safeguard": RowDialog(
        _("检查保障事项"), forms.SafeguardCheckForm,
        lambda page: _rows(
            Safeguard.objects.visible_to(page.standing).filter(placement=page.placement),
            _either_school(page) or page.may(May.ROTATION_REVIEW),
        ),
        _on_row(helping.check_safeguard), "safeguards", lambda row: {"met": row.met, "note": row.note},
        told=subjects.of_safeguard,
    ),
    "goal": RowDialog(
        _("检验提高目标"), forms.GoalJudgeForm,
        lambda page: _rows(Goal.objects.visible_to(page.standing).filter(placement=page.placement), page.at(Side.HOST)),
        _on_row(helping.judge_goal), "goals", lambda row: {"outcome": row.outcome, "note": row.note},
        told=subjects.of_goal,
    ),
    "problem-answer": RowDialog(
        _("答复困难"), forms.AnswerForm, _problems_to_answer, _on_row(problems.answer), "problems",
        told=subjects.of_problem,
    ),
    "problem-check": RowDialog(
        _("核查风险"), forms.RiskForm, _problems_to_answer, _on_row(problems.check), "problems",
        lambda row: {"level": row.level},
        told=subjects.of_problem,
    ),
    "problem-settle": RowDialog(
        _("已解决"), None,
        lambda page: _rows(
            Problem.objects.visible_to(page.standing).filter(placement=page.placement), page.mine
        ) | _problems_to_answer(page),
        _on_row(problems.settle), "problems",
        told=subjects.of_problem,
    ),
    "change-withdraw": RowDialog(
        _("撤回变更"), None, lambda page: page.placement.changes.filter(requested_by=page.by),
        _on_row(changes.withdraw), "changes",
        told=subjects.of_change,
    ),
    "change-decide": RowDialog(
        _("决定变更"), forms.DecideForm,
        lambda page: _rows(page.placement.changes.all(), page.may(May.ROTATION_ORDER)),
        _on_row(changes.decide), "changes",
        told=subjects.of_change,
    ),
    "deduction-decide": RowDialog(
        _("决定绩效扣减建议"), forms.DecideForm,
        lambda page: _rows(page.placement.deductions.all(), page.may(May.ROTATION_ORDER)),
        _on_row(paying.decide_deduction), "deductions",
        told=subjects.of_deduction,
    ),
    "post-recommend": RowDialog(
        _("推荐日志"), None,
        lambda page: _rows(
            page.placement.posts.filter(withdrawn_at__isnull=True),
            page.may(May.ROTATION_REVIEW) or page.keeps(Matter.TASKS) or page.clusters(),
        ),
        _on_row(journal.recommend), "posts",
    ),
    "post-withdraw": RowDialog(
        _("撤下日志"), ending.ReasonForm,
        lambda page: _rows(
            page.placement.posts.filter(withdrawn_at__isnull=True), page.mine or page.may(May.ROTATION_REVIEW)
        ),
        _on_row(journal.withdraw), "posts",
    ),
    "report-return": RowDialog(
        _("退回月报"), forms.OpinionForm,
        lambda page: _rows(
            page.placement.monthly_reports.filter(status=ReportStatus.SUBMITTED), page.keeps(Matter.TASKS)
        ),
        lambda page, row, given: months.decide(row, accept=False, by=page.by, at=page.now, **given), "reports",
        told=subjects.of_report,
    ),
    "report-accept": RowDialog(
        _("接收月报"), None,
        lambda page: _rows(
            page.placement.monthly_reports.filter(status=ReportStatus.SUBMITTED), page.keeps(Matter.TASKS)
        ),
        lambda page, row, given: months.decide(row, accept=True, opinion="", by=page.by, at=page.now), "reports",
        told=subjects.of_report,
    ),
}  # fmt: skip
"""What may be done to one row of a placement, by the word in its address; without a form it is a button."""
