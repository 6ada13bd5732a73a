"""The page of a placement, section by section: what is on record, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from junheng.facts import Grade
from junheng.web.access import Permission
from junheng.web.interface.numbers import listed
from junheng.web.records import attachments
from junheng.web.rotation import charges, counting, monthly, releasing
from junheng.web.rotation.actions import paying, serving, targets
from junheng.web.rotation.asked import language
from junheng.web.rotation.models import (
    Addressee,
    ChangeStatus,
    Deduction,
    JournalPost,
    Matter,
    Outcome,
    PlacementStatus,
    Problem,
    ReportStatus,
    Side,
    Summary,
    TaskKind,
    Visit,
)
from junheng.web.rotation.papers import address
from junheng.web.rotation.views.service_dialogs import ADD
from junheng.web.rotation.views.service_page import ServicePage
from junheng.web.staffing.models.choices import label_of

SHOWN = 60
"""Lines of the log on the page; the newest first."""


@dataclass(slots=True)
class Section:
    """A table of the page: its heading, what may be added, and rows of cells with what may be done to each."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    lead: str = ""
    notices: list[dict[str, str]] = field(default_factory=list)


def head_of(page: ServicePage) -> list[dict[str, Any]]:
    """The placement in a few facts."""
    held = page.placement
    return [
        {"label": _("教师"), "value": str(held.teacher)},
        {"label": _("派出学校"), "value": held.from_school.name},
        {"label": _("接收学校"), "value": held.to_school.name},
        {"label": _("任教学科"), "value": held.get_subject_display()},
        {"label": _("交流形式"), "value": held.get_form_display()},
        {"label": _("起止日期"), "value": _from_to(held.start, held.ended_on or held.end)},
        {"label": _("状态"), "value": held.get_status_display()},
    ]  # fmt: skip


def _from_to(start: date, end: date) -> SafeString:
    """Two days, neither of which is broken by the end of a line."""
    whole = '<span class="text-nowrap">{}</span>'
    said = _("%(start)s 至 %(end)s") % {"start": "{0}", "end": "{1}"}
    return format_html(said, format_html(whole, start), format_html(whole, end))


def sections_of(page: ServicePage) -> list[Section]:
    """Every section, in the order of a year."""
    made = (
        _charges, _service, _tasks, _log, _attendance, _reports, _visits, _safeguards, _goals, _problems, _changes,
        _deductions, _posts, _ending,
    )  # fmt: skip
    return [each(page) for each in made]


def _buttons(page: ServicePage, *names: str) -> list[dict[str, Any]]:
    return [{"label": ADD[name].heading, "url": page.add(name)} for name in names if ADD[name].offered(page)]


def _act(page: ServicePage, label: Any, what: str, row: Any, *, when: bool = True) -> list[dict[str, Any]]:
    return [{"label": label, "url": page.row(what, row)}] if when and page.in_time else []


def _row(cells: Iterable[Any], acts: list[dict[str, Any]] | None = None, files: Any = ()) -> dict[str, Any]:
    return {"cells": list(cells), "acts": acts or [], "files": list(files)}


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment is not None else ""


def _charges(page: ServicePage) -> Section:
    rows = [
        _row((kept.matter.label, kept.side.label, kept.school.name, kept.ground or _("一般规定")))
        for kept in charges.kept_by(page.placement)
    ]
    head = (_("管理事项"), _("由谁管理"), _("学校"), _("依据"))
    lead = _("两所学校都能查看；每一事项只由管理的学校登记。")
    return Section("charges", _("双重管理分工"), head, rows, _buttons(page, "charge"), lead)


def _service(page: ServicePage) -> Section:
    held = page.placement
    found = counting.service_of(held, timezone.localdate(page.now))
    words = {True: _("计入"), False: _("不计入"), None: _("政策没有规定")}
    lang = language()
    rows = [_row((each.kind.label(lang), each.start, each.end, each.days, words[each.counts])) for each in found.leave]
    section = Section(
        "service", _("交流年限"), (_("假别"), _("开始日期"), _("结束日期"), _("天数"), _("是否计入")), rows
    )
    clause = found.clause or _("政策没有另行规定")
    section.lead = _("到 %(day)s 已满 %(months)s 个月，按政策计 %(counted)s 个月（%(clause)s）。") % {
        "day": found.until, "months": found.months, "counted": found.counted, "clause": clause,
    }  # fmt: skip
    if found.leave_clause:
        section.lead += _("请假是否计入，依据 %(clause)s。") % {"clause": found.leave_clause}
    kept = releasing.may_end(held, held.end) if held.status == PlacementStatus.SERVING else None
    if kept is not None:
        section.notices = [{"tone": "warning", "text": _("尚未达到结束条件：%(why)s") % {"why": kept.because}}]
    return section


def _tasks(page: ServicePage) -> Section:
    keeps = page.keeps(Matter.TASKS)
    judged = {True: _("已完成"), False: _("未完成"), None: _("未认定")}
    rows = [
        _row(
            (task.get_kind_display(), task.words, task.due, f"{task.done} / {task.target}", task.result,
             judged[task.met]),
            _act(page, _("填写"), "task-report", task, when=page.mine and task.met is None)
            + _act(page, _("认定"), "task-judge", task, when=keeps),
            attachments.of(task),
        )
        for task in page.placement.tasks.all()
    ]  # fmt: skip
    head = (_("任务类别"), _("要求"), _("完成期限"), _("进度"), _("完成情况"), _("认定"))
    level, wanted, missing = targets.open_targets(page.placement)
    adding = ("task", "targets") if missing else ("task",)
    section = Section("tasks", _("工作任务"), head, rows, _buttons(page, *adding))
    if level is not None and wanted:
        section.lead = _("%(level)s骨干，本年度培养目标：%(targets)s。") % {
            "level": label_of(level), "targets": _how_often(wanted),
        }  # fmt: skip
        section.lead += _("还没有布置：%(targets)s。") % {"targets": _how_often(missing)} if missing else ""
    section.notices = [{"tone": "warning", "text": each} for each in serving.kinds_missing(page.placement)]
    return section


def _how_often(counts: Mapping[TaskKind, int]) -> str:
    """Kinds of tasks, each with its number of times."""
    return listed(_("%(kind)s %(count)s 次") % {"kind": kind.label, "count": count} for kind, count in counts.items())


def _log(page: ServicePage) -> Section:
    rows = [
        _row((line.day, line.get_kind_display(), line.count, line.words,
              _day(line.confirmed_at) or _("未确认")))
        for line in page.placement.log.all()[:SHOWN]
    ]  # fmt: skip
    head = (_("日期"), _("类别"), _("课时或次数"), _("内容"), _("确认"))
    return Section("log", _("工作日志"), head, rows, _buttons(page, "log", "confirm"))


def _attendance(page: ServicePage) -> Section:
    rows = [
        _row((f"{each.month:%Y-%m}", each.due_days, floatformat(each.present_days), each.late_times,
              floatformat(each.absent_days), each.note))
        for each in page.placement.attendance.all()
    ]  # fmt: skip
    head = (_("月份"), _("应出勤天数"), _("实出勤天数"), _("迟到早退次数"), _("旷工天数"), _("说明"))
    return Section("attendance", _("考勤"), head, rows, _buttons(page, "attendance", "leave"))


def _reports(page: ServicePage) -> Section:
    keeps = page.keeps(Matter.TASKS)
    rows = []
    for report in page.placement.monthly_reports.all():
        waiting = report.status == ReportStatus.SUBMITTED and keeps
        late = report.submitted_at > monthly.due_at(page.year, report.month)
        told = monthly.in_words(report.figures)
        rows.append(
            _row(
                (f"{report.month:%Y-%m}", told, report.words, report.difficulties,
                 report.get_status_display() + (_("（逾期）") if late else ""), report.opinion),
                _act(page, _("接收"), "report-accept", report, when=waiting)
                + _act(page, _("退回"), "report-return", report, when=waiting)
                + [{"label": _("月报表"), "url": address(page.year, "month", report.pk)}],
            )
        )  # fmt: skip
    owed = page.mine and monthly.to_report(page.placement, page.now)
    head = (_("月份"), _("数据"), _("主要工作"), _("困难和建议"), _("状态"), _("处理意见"))
    return Section("reports", _("月报"), head, rows, _buttons(page, "report") if owed else [])


def _visits(page: ServicePage) -> Section:
    found = Visit.objects.visible_to(page.standing).filter(placement=page.placement)
    rows = [
        _row((visit.on, visit.visitor, visit.thoughts, visit.work, visit.life, visit.found, visit.help))
        for visit in found
    ]
    head = (_("日期"), _("走访人"), _("思想情况"), _("工作和学习情况"), _("生活情况"), _("发现的问题"), _("给予的帮助"))
    return Section("visits", _("派出学校走访"), head, rows, _buttons(page, "visit"))


def _safeguards(page: ServicePage) -> Section:
    may = ADD["safeguard"].may(page)
    rows = [
        _row(
            (each.get_group_display(), _(each.words), _("已落实") if each.met else _("未落实"), each.checked_on,
             each.note),
            _act(page, _("检查"), "safeguard", each, when=may),
        )
        for each in page.placement.safeguards.all()
    ]  # fmt: skip
    head = (_("类别"), _("保障事项"), _("落实情况"), _("检查日期"), _("说明"))
    section = Section("safeguards", _("经济、政策和业务保障"), head, rows, _buttons(page, "safeguard"))
    if ADD["safeguard"].offered(page) and not rows:
        url = page.url("safeguards_lay", page.placement.pk)
        section.buttons.insert(0, {"label": _("列出常规保障事项"), "url": url})
    return section


def _goals(page: ServicePage) -> Section:
    rows = [
        _row((goal.words, goal.measure, goal.due, goal.get_outcome_display(), goal.note),
             _act(page, _("检验"), "goal", goal, when=page.at(Side.HOST)))
        for goal in page.placement.goals.all()
    ]  # fmt: skip
    head = (_("提高目标"), _("检验办法"), _("期限"), _("结果"), _("说明"))
    return Section("goals", _("提高协议"), head, rows, _buttons(page, "goal"))


def _problems(page: ServicePage) -> Section:
    found = Problem.objects.visible_to(page.standing).filter(placement=page.placement)
    mine = set(found.answerable_by(page.standing).values_list("pk", flat=True))
    rows = []
    for each in found:
        waits = each.status != Problem.Status.CLOSED and each.pk in mine
        settle = each.status == Problem.Status.ANSWERED and (each.pk in mine or page.mine)
        rows.append(
            _row(
                (each.get_kind_display(), each.get_level_display(), Addressee(each.to).label, each.words,
                 each.get_status_display(), each.answer, each.checked_at),
                _act(page, _("答复"), "problem-answer", each, when=waits)
                + _act(page, _("核查"), "problem-check", each, when=waits)
                + _act(page, _("已解决"), "problem-settle", each, when=settle),
            )
        )  # fmt: skip
    head = (_("类别"), _("风险"), _("向谁反映"), _("具体情况"), _("状态"), _("答复"), _("最近核查日期"))
    return Section("problems", _("困难与问题"), head, rows, _buttons(page, "problem"))


def _changes(page: ServicePage) -> Section:
    rows = []
    for each in page.placement.changes.select_related("requested_by", "successor"):
        waits = each.status == ChangeStatus.REQUESTED
        own = each.requested_by_id == page.by.pk
        rows.append(
            _row(
                (each.get_kind_display(), each.on, each.reason, each.clause, each.finding, each.get_status_display(),
                 each.opinion),
                _act(page, _("作出决定"), "change-decide", each,
                     when=waits and not own and page.may(Permission.ROTATION_ORDER))
                + _act(page, _("撤回"), "change-withdraw", each, when=waits and own),
            )
        )  # fmt: skip
    head = (_("变更类别"), _("交流至（含当日）"), _("理由"), _("依据"), _("政策认定"), _("状态"), _("决定意见"))
    return Section("changes", _("变更与续期"), head, rows, _buttons(page, "change"))


def _deductions(page: ServicePage) -> Section:
    decides = page.may(Permission.ROTATION_ORDER)
    rows = [
        _row(
            (f"{each.month:%Y-%m}", listed(each.unmet), each.reason,
             _("待主管部门确定") if each.percent is None else f"{each.percent:g}%", each.clause,
             each.get_status_display(), each.opinion),
            _act(page, _("作出决定"), "deduction-decide", each,
                 when=decides and each.status == Deduction.Status.PROPOSED and each.proposed_by_id != page.by.pk),
        )
        for each in page.placement.deductions.all()
    ]  # fmt: skip
    unmet = paying.unmet_tasks(page.placement, timezone.localdate(page.now))
    head = (_("月份"), _("未完成的任务"), _("理由"), _("扣减比例（%）"), _("依据"), _("状态"), _("决定意见"))
    section = Section("deductions", _("绩效扣减建议"), head, rows, _buttons(page, "deduction") if unmet else [])
    if unmet:
        text = _("未完成或已过期限的任务：%(tasks)s") % {"tasks": listed(unmet)}
        section.notices = [{"tone": "warning", "text": text}]
    return section


def _posts(page: ServicePage) -> Section:
    may = page.may(Permission.ROTATION_REVIEW) or page.keeps(Matter.TASKS) or page.clusters()
    takes_off = page.mine or page.may(Permission.ROTATION_REVIEW)
    found = JournalPost.objects.visible_to(page.standing).filter(placement=page.placement, withdrawn_at__isnull=True)
    rows = [
        _row((_day(post.posted_at), post.title, _("已推荐") if post.recommended_at else ""),
             _act(page, _("推荐"), "post-recommend", post, when=may and post.recommended_at is None)
             + _act(page, _("撤下"), "post-withdraw", post, when=takes_off))
        for post in found
    ]  # fmt: skip
    return Section("posts", _("交流日志"), (_("日期"), _("标题"), _("推荐")), rows, _buttons(page, "post"))


def _ending(page: ServicePage) -> Section:
    held = page.placement
    rows = []
    summary = Summary.objects.visible_to(page.standing).filter(placement=held).first()
    if summary is not None:
        rows.append(_row((_("交流总结"), _day(summary.submitted_at), _("第 %(n)s 稿") % {"n": summary.version})))
    outcome = Outcome.objects.visible_to(page.standing).filter(placement=held).first()
    if outcome is not None:
        stage = f"{Grade.read(outcome.grade).label(language())} · {outcome.get_stage_display()}"
        rows.append(_row((_("期满考核"), _day(outcome.archived_at or outcome.opened_at), stage)))
    for paper in held.certificates.all():
        said = paper.number + (_("（已作废）") if paper.revoked_at else "")
        rows.append(_row((_("交流服务证明"), f"{paper.issued_on}", said)))
    for row in rows:
        row["acts"] = [{"label": _("查看"), "url": page.url("outcome", held.pk)}]
    buttons = _buttons(page, "summary", "outcome")
    return Section("ending", _("期满"), (_("材料"), _("日期"), _("结果")), rows, buttons)
