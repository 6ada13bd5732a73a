"""Background jobs: what was asked for, how far it is, what came of it, and calling it off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import django_filters
import django_tables2
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from junheng.web.access import Duty, Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.records import jobs
from junheng.web.records.models import FaultKind, Job, JobStatus
from junheng.web.records.models.job import JobQuerySet

ONE_LINE = {"td": {"class": "text-nowrap"}}


class JobTable(django_tables2.Table):
    """What, by whom, where it stands, how far, since when, for how long."""

    title = django_tables2.Column(linkify=True, attrs={"td": {"class": "wrap"}})
    requested_by = django_tables2.Column(default=_("系统"), attrs=ONE_LINE)
    status = django_tables2.TemplateColumn(template_name="records/_job_state.html", verbose_name=_("状态"))
    done = django_tables2.Column(verbose_name=_("进度"), orderable=False, default="—", accessor="percent")
    started_at = django_tables2.DateTimeColumn(format="Y-m-d H:i", default="—", attrs=ONE_LINE)
    took = django_tables2.Column(verbose_name=_("用时"), orderable=False, default="—", attrs=ONE_LINE)

    class Meta:
        model = Job
        fields = ("title", "requested_by", "status", "done", "started_at", "took")
        empty_text = _("没有后台任务")

    def render_title(self, record: Job) -> str:
        """In the language of the page."""
        return record.shown_title

    def value_title(self, record: Job) -> str:
        """As it was asked for, in files."""
        return record.title

    def render_done(self, value: int) -> str:
        """Of a hundred."""
        return f"{value}%"

    def render_took(self, value: timedelta) -> str:
        """Rounded to what matters."""
        return duration(value)


class JobFilter(django_filters.FilterSet):
    """By status."""

    status = django_filters.ChoiceFilter(label=_("状态"), choices=JobStatus.choices, empty_label=_("全部"))

    class Meta:
        model = Job
        fields = ("status",)


class JobsPage(ListPage):
    """One's own jobs, and those of the organisations whose jobs one may see."""

    permissions = ()
    table_class = JobTable
    filterset_class = JobFilter
    search_fields = ("title", "requested_by__name")
    template_name = "records/jobs.html"
    heading = _("后台任务")

    def rows(self, request: HttpRequest) -> JobQuerySet:
        """With who asked for them."""
        return Job.objects.visible_to(request.user, standing_of(request)).select_related("requested_by")


@require_safe
@requires()
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job. htmx asks for the part with the progress bar, and for the whole page once the job is over."""
    shown = _job_or_404(request, pk)
    context = {
        "job": shown,
        "percent": shown.percent,
        "message": _message(shown),
        "fault": fault_of(shown) if shown.status == JobStatus.FAILED else "",
        "cancel_url": reverse("records:job_cancel", args=[shown.pk]) if _may_cancel(request, shown) else "",
        "result_url": _open_address(request, (shown.result or {}).get("url")) if shown.status == JobStatus.DONE else "",
        "result_label": (shown.result or {}).get("url_label") or gettext("查看结果"),
        "facts": _facts(shown),
        "outcome": _outcome(shown),
        "breadcrumbs": [{"label": gettext("后台任务"), "url": reverse("records:jobs")}, {"label": shown.shown_title}],
    }
    if not getattr(request, "htmx", False):
        return render(request, "records/job.html", context)
    answer = render(request, "records/_job.html", context)
    if shown.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@requires()
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Calls off one's own job; system administrators call off any that they see."""
    shown = _job_or_404(request, pk)
    if not _may_cancel(request, shown):
        raise PermissionDenied
    if not jobs.cancel(shown, by=request.user):
        messages.info(request, gettext("任务已经结束，不能再取消。"))
    else:
        shown.refresh_from_db()
        waits = shown.status == JobStatus.RUNNING
        messages.success(request, gettext("已要求取消，进行到下一步时停下。") if waits else gettext("任务已取消。"))
    return redirect(shown)


def _job_or_404(request: HttpRequest, pk: int) -> Job:
    seen = Job.objects.visible_to(request.user, standing_of(request)).select_related("requested_by")
    return get_object_or_404(seen, pk=pk)


def _may_cancel(request: HttpRequest, shown: Job) -> bool:
    user: Any = request.user
    administers = user.duty == Duty.SYSTEM and standing_of(request).allows(Permission.JOBS_VIEW)
    return shown.requested_by_id == user.pk or administers


def fault_of(shown: Job) -> str:
    """What went wrong and what to do about it, for people; never a traceback."""
    if shown.fault_kind == FaultKind.REFUSED:
        return shown.fault or gettext("这项任务不能完成。")
    if shown.fault_kind == FaultKind.LOST:
        return gettext(
            "处理这项任务的后台进程中断了 %(times)s 次，没有写入任何数据。"
            "请把编号 %(number)s 告诉系统管理员，排除原因后重新发起。"
        ) % {"times": shown.attempt, "number": shown.reference}
    return gettext(
        "程序出错，没有写入任何数据，详情已记入服务器日志。请把编号 %(number)s 告诉系统管理员，排除原因后重新发起。"
    ) % {"number": shown.reference}


def _message(shown: Job) -> str:
    """What the job does now, in a line."""
    if shown.status == JobStatus.QUEUED:
        if shown.fault_kind == FaultKind.UNEXPECTED:
            at = date_format(timezone.localtime(shown.due_at), "H:i:s")
            left = shown.attempts_allowed - shown.attempt
            return ngettext(
                "上一次没有成功，%(at)s 再试，还有 %(left)s 次。",
                "上一次没有成功，%(at)s 再试，还有 %(left)s 次。",
                left,
            ) % {"at": at, "left": left}
        if shown.due_at > timezone.now():
            at = date_format(timezone.localtime(shown.due_at), "Y-m-d H:i")
            return gettext("定于 %(at)s 开始。") % {"at": at}
        return gettext("正在排队，前面的任务完成后开始。")
    if shown.status == JobStatus.RUNNING and shown.cancel_requested:
        return gettext("正在取消…")
    return "" if shown.status == JobStatus.DONE else shown.message


def _facts(shown: Job) -> list[dict[str, Any]]:
    def moment(at: Any) -> str:
        return date_format(timezone.localtime(at), "Y-m-d H:i:s") if at else "—"

    return [
        {"label": gettext("发起人"), "value": str(shown.requested_by or gettext("系统"))},
        {"label": gettext("发起时间"), "value": moment(shown.created_at)},
        {"label": gettext("开始"), "value": moment(shown.started_at)},
        {"label": gettext("结束"), "value": moment(shown.finished_at)},
        {"label": gettext("用时"), "value": duration(shown.took) if shown.took else "—"},
        {"label": gettext("编号"), "value": shown.reference},
    ]


def _outcome(shown: Job) -> list[dict[str, Any]]:
    """The facts that a job's result tells, as pairs of label and value."""
    told = (shown.result or {}).get("facts")
    pairs = told if isinstance(told, list) else []
    return [{"label": each[0], "value": each[1]} for each in pairs if isinstance(each, list) and len(each) == 2]


def _open_address(request: HttpRequest, url: Any) -> str:
    """An address within the site whose door is open to the person, or nothing: who runs jobs may not see what of."""
    if not isinstance(url, str) or not url.startswith("/") or url.startswith("//"):
        return ""
    try:
        gate = getattr(resolve(urlsplit(url).path).func, "gate", None)
    except Resolver404:
        return ""
    wanted = gate.anyone_of if gate is not None else ()
    return url if not wanted or any(standing_of(request).allows(each) for each in wanted) else ""


def duration(length: timedelta) -> str:
    """A length of time in words: seconds, then minutes and seconds, then hours and minutes."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return gettext("%(s)s 秒") % {"s": seconds}
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return gettext("%(m)s 分 %(s)s 秒") % {"m": minutes, "s": seconds}
    hours, minutes = divmod(minutes, 60)
    return gettext("%(h)s 小时 %(m)s 分") % {"h": hours, "m": minutes}
