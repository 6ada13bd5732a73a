"""The page of a job, watched in a browser while the job runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.records.models import Job, JobStatus

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_bar_moves_and_the_result_appears_without_a_click(
    page: Any, cast: Any, sign_in: Callable[[str], None], live_server: Any
) -> None:
    now = timezone.now()
    job = Job.objects.create(
        kind="tests.page", title="导入 花名册.xlsx", requested_by=cast.users["school_clerk"], due_at=now,
        created_at=now, started_at=now, status=JobStatus.RUNNING, attempt=1, done=1, total=4,
        lease_until=now + timedelta(hours=1),
    )  # fmt: skip
    sign_in("school_clerk")
    page.goto(live_server.url + reverse("records:job", args=[job.pk]))
    page.get_by_text("25%").wait_for()
    Job.objects.filter(pk=job.pk).update(done=2)
    page.get_by_text("50%").wait_for()
    result = {"url": reverse("records:jobs"), "url_label": "查看预演结果"}
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.DONE, finished_at=timezone.now(), lease_until=None, result=result
    )
    page.get_by_role("link", name="查看预演结果").click()
    page.wait_for_url("**" + reverse("records:jobs"))
    assert page.get_by_role("link", name="导入 花名册.xlsx").is_visible()
