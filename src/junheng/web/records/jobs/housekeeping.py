"""What is tidied up every night."""

from __future__ import annotations

from datetime import time, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.records.jobs.periodic import nightly
from junheng.web.records.jobs.working import Work
from junheng.web.records.models import Job, JobStatus

KEEP_DAYS = 400
"""Jobs of people are kept for more than a year; those of the system for a month."""


@nightly("records.sessions.clear", title=_("清理过期的登录会话"), at=time(2, 30))
def clear_sessions(work: Work) -> None:
    """Removes sessions that have expired."""
    with work.finishing():
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@nightly("records.jobs.clear", title=_("清理早已结束的后台任务"), at=time(2, 40))
def clear_jobs(work: Work) -> dict[str, Any]:
    """Removes jobs that ended long ago; what they changed stands in the audit chain."""
    now = timezone.now()
    with work.finishing() as result:
        over = Job.objects.filter(status__in=(JobStatus.DONE, JobStatus.CANCELLED))
        system = over.filter(requested_by__isnull=True, finished_at__lt=now - timedelta(days=30))
        people = over.filter(finished_at__lt=now - timedelta(days=KEEP_DAYS))
        result["removed"] = system.delete()[0] + people.delete()[0]
    return result
