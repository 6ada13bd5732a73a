"""The pages of jobs: who sees which, what they say, calling off."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng.web.records.models import FaultKind, Job, JobStatus

pytestmark = pytest.mark.django_db


def job(by: Any, organisation: Any = None, **given: Any) -> Job:
    """A job as it stands in the table."""
    now = timezone.now()
    status = given.get("status", JobStatus.QUEUED)
    over = {"finished_at": now} if status in {JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED} else {}
    running = {"lease_until": now, "started_at": now} if status == JobStatus.RUNNING else {}
    fields = {"kind": "tests.page", "title": "导入 花名册.xlsx", "due_at": now, "created_at": now} | over | running
    return Job.objects.create(
        requested_by=by, organisation_key=organisation.pk if organisation else None, **fields | given
    )


@pytest.fixture
def jobs(cast: Any) -> dict[str, Job]:
    """A job of a school's clerk, one of the bureau's, one of another county's, and one of the system."""
    return {
        "school": job(cast.users["school_clerk"], cast.yucai),
        "bureau": job(cast.users["bureau_clerk"], cast.county),
        "other county": job(cast.users["clerk_of_other_county"], cast.other_county),
        "system": job(None),
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("school_clerk", {"school"}),
        ("bureau_clerk", {"school", "bureau"}),
        ("clerk_of_other_county", {"other county"}),
        ("system_admin", {"school", "bureau", "system"}),
        ("principal", set()),
        ("audit_admin", set()),
        ("expired_clerk", set()),
    ],
)
def test_everybody_sees_the_jobs_that_concern_them(who: str, sees: set[str], cast: Any, jobs: dict[str, Job]) -> None:
    client = cast.client(who)
    listed = client.get("/records/jobs/").content.decode()
    for name, each in jobs.items():
        assert (f"/records/jobs/{each.pk}/" in listed) is (name in sees)
        assert client.get(f"/records/jobs/{each.pk}/").status_code == (200 if name in sees else 404)
        if name not in sees:
            assert client.post(f"/records/jobs/{each.pk}/cancel/").status_code == 404
            each.refresh_from_db()
            assert each.status == JobStatus.QUEUED


def test_nobody_signed_in_sees_no_job(jobs: dict[str, Job]) -> None:
    for path in ("/records/jobs/", f"/records/jobs/{jobs['school'].pk}/"):
        assert Client().get(path).status_code == 302


def test_a_list_of_jobs_costs_the_same_for_one_row_and_for_fifty(cast: Any, jobs: dict[str, Job]) -> None:
    client, counts = cast.client("bureau_clerk"), []
    client.get("/records/jobs/")
    for more in (0, 60):
        for number in range(more):
            job(cast.users["bureau_clerk"], cast.county, title=f"批量 {number}", status=JobStatus.DONE)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/records/jobs/").content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert page.count("<tr") == 51


def test_a_list_of_jobs_is_searched_and_filtered(cast: Any, jobs: dict[str, Job]) -> None:
    client = cast.client("bureau_clerk")
    assert "导入 花名册" in client.get("/records/jobs/", {"q": "花名册"}).content.decode()
    assert "导入 花名册" not in client.get("/records/jobs/", {"q": "别的"}).content.decode()
    assert "导入 花名册" not in client.get("/records/jobs/", {"status": "done"}).content.decode()


def test_the_page_of_a_running_job_asks_again_and_offers_to_call_it_off(cast: Any) -> None:
    user = cast.users["bureau_clerk"]
    running = job(user, status=JobStatus.RUNNING, attempt=1, done=30, total=120, message="第 30 行")
    page = cast.client("bureau_clerk").get(f"/records/jobs/{running.pk}/").content.decode()
    assert f'hx-get="/records/jobs/{running.pk}/"' in page
    assert "25%" in page and "第 30 行" in page
    assert f'action="/records/jobs/{running.pk}/cancel/"' in page


def test_htmx_gets_the_part_and_reloads_the_page_when_the_job_is_over(cast: Any) -> None:
    client, user = cast.client("bureau_clerk"), cast.users["bureau_clerk"]
    running = job(user, status=JobStatus.RUNNING, attempt=1)
    part = client.get(f"/records/jobs/{running.pk}/", headers={"HX-Request": "true"})
    assert b"<html" not in part.content and "HX-Refresh" not in part.headers
    Job.objects.filter(pk=running.pk).update(status=JobStatus.DONE, finished_at=timezone.now())
    assert client.get(f"/records/jobs/{running.pk}/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_a_job_that_is_done_leads_to_where_its_result_belongs(cast: Any) -> None:
    result = {"url": "/staffing/intakes/7/", "url_label": "查看预演结果", "facts": [["新增", 12], ["有误", 3]]}
    done = job(cast.users["bureau_clerk"], status=JobStatus.DONE, result=result)
    page = cast.client("bureau_clerk").get(f"/records/jobs/{done.pk}/").content.decode()
    assert 'href="/staffing/intakes/7/"' in page and "查看预演结果" in page
    assert "新增" in page and "有误" in page
    assert 'hx-get="/records/jobs' not in page


def test_a_result_is_no_link_for_who_may_run_jobs_but_not_see_what_they_make(cast: Any) -> None:
    done = job(cast.users["bureau_clerk"], cast.county, status=JobStatus.DONE, result={"url": "/staffing/intakes/7/"})
    page = cast.client("system_admin").get(f"/records/jobs/{done.pk}/")
    assert page.status_code == 200
    assert "/staffing/intakes/7/" not in page.content.decode()


def test_a_title_is_in_the_language_of_the_page_where_it_is_known(cast: Any) -> None:
    browser = cast.client("bureau_clerk")
    browser.cookies["django_language"] = "en"
    titles = {"清理早已结束的后台任务": "Clear jobs that ended long ago", "导入 花名册.xlsx": "导入 花名册.xlsx"}
    for title, shown in titles.items():
        one = job(cast.users["bureau_clerk"], title=title)
        for address in (f"/records/jobs/{one.pk}/", "/records/jobs/"):
            assert shown in browser.get(address).content.decode()


def test_a_result_cannot_lead_out_of_the_site(cast: Any) -> None:
    for url in ("https://example.org/", "//example.org/", "javascript:alert(1)", 5):
        done = job(cast.users["bureau_clerk"], status=JobStatus.DONE, result={"url": url})
        page = cast.client("bureau_clerk").get(f"/records/jobs/{done.pk}/").content.decode()
        assert "example.org" not in page and "javascript:" not in page


@pytest.mark.parametrize(
    ("kind", "said", "what"),
    [
        (FaultKind.REFUSED, "教师名册第14行：日期无法识别", "教师名册第14行：日期无法识别"),
        (FaultKind.UNEXPECTED, "", "程序出错，没有写入任何数据"),
        (FaultKind.LOST, "", "后台进程中断了 5 次"),
    ],
)
def test_a_job_that_failed_says_why_and_what_to_do(kind: str, said: str, what: str, cast: Any) -> None:
    failed = job(
        cast.users["bureau_clerk"], status=JobStatus.FAILED, fault_kind=kind, fault=said,
        fault_class="builtins.KeyError", attempt=5,
    )  # fmt: skip
    page = cast.client("bureau_clerk").get(f"/records/jobs/{failed.pk}/").content.decode()
    assert what in page
    assert f"J{failed.pk}-5" in page
    assert "KeyError" not in page and "Traceback" not in page


def test_one_calls_off_ones_own_job_but_not_a_colleagues(cast: Any, jobs: dict[str, Job]) -> None:
    own, other = jobs["bureau"], jobs["school"]
    client = cast.client("bureau_clerk")
    assert client.get(f"/records/jobs/{own.pk}/cancel/").status_code == 405
    assert client.post(f"/records/jobs/{own.pk}/cancel/").status_code == 302
    own.refresh_from_db()
    assert own.status == JobStatus.CANCELLED
    assert client.post(f"/records/jobs/{own.pk}/cancel/", follow=True).status_code == 200
    assert client.post(f"/records/jobs/{other.pk}/cancel/").status_code == 403
    other.refresh_from_db()
    assert other.status == JobStatus.QUEUED


def test_a_system_administrator_calls_off_what_hangs(cast: Any, jobs: dict[str, Job]) -> None:
    assert cast.client("system_admin").post(f"/records/jobs/{jobs['school'].pk}/cancel/").status_code == 302
    jobs["school"].refresh_from_db()
    assert jobs["school"].status == JobStatus.CANCELLED


def test_markup_in_a_title_stays_text(cast: Any) -> None:
    each = job(cast.users["bureau_clerk"], title="<script>alert(1)</script>", message="<b>x</b>")
    client = cast.client("bureau_clerk")
    for path in ("/records/jobs/", f"/records/jobs/{each.pk}/"):
        assert "<script>alert" not in client.get(path).content.decode()


@pytest.mark.parametrize("number", ["999999", "99999999999999999999"])
def test_a_number_that_no_job_bears_is_not_found(number: str, cast: Any) -> None:
    assert cast.client("bureau_clerk").get(f"/records/jobs/{number}/").status_code == 404
