"""A public notice on a telephone: read, objected to, looked up; nobody signs in, and nothing scrolls sideways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from junheng.web.rotation.models import NoticeKind, NoticeRow, NoticeStatus, Objection, PhaseKind, PublicNotice

pytestmark = pytest.mark.slow
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def notice(cast: Any, live_server: Any) -> PublicNotice:
    """A notice of forty lines that is on show."""
    from junheng.web.rotation.actions.years import Setting, set_up, shipped

    on = timezone.localdate()
    setting = Setting(year=on.year, pack=shipped("YUNLING"), on=on, starts=on, ends=on + timedelta(days=364))
    days = {kind: (on, on + timedelta(days=9)) for kind in (PhaseKind.NOTICE, PhaseKind.OBJECTIONS)}
    year = set_up(cast.county, setting, days, by=None)
    now, by = timezone.now(), cast.users["section_head"]
    made = PublicNotice.objects.create(
        year=year, kind=NoticeKind.CANDIDATES, title=f"关于{on.year}年拟交流轮岗教师候选人名单的公示",
        issuer="云山县教育局", basis="云山县教师交流轮岗实施办法", office="人事科", phone="0990-8123456",
        status=NoticeStatus.PUBLISHED, opens=now - timedelta(hours=1), closes=now + timedelta(days=7), root="a" * 64,
        rows_digest="b" * 64, created_by=by, created_at=now, published_by=by, published_at=now,
    )  # fmt: skip
    NoticeRow.objects.bulk_create(
        NoticeRow(
            notice=made, position=place, name=f"候选人{place}", home="云山县西山九年一贯制学校", stage="小学",
            subject="道德与法治", form="轮岗交流", teacher=cast.teachers["alice"],
        )
        for place in range(1, 41)
    )  # fmt: skip
    return made


def test_a_notice_is_read_and_objected_to_on_a_telephone(notice: PublicNotice, phone: Any, live_server: Any) -> None:
    phone.goto(f"{live_server.url}/rotation/public/")
    phone.get_by_role("link", name=notice.title).click()
    assert phone.get_by_text("候选人40").count() == 1
    assert phone.evaluate(WIDER) == 0
    assert not Axe().run(phone).response["violations"]
    phone.get_by_role("link", name="提出异议").click()
    assert phone.evaluate(WIDER) == 0
    assert not Axe().run(phone).response["violations"]
    phone.get_by_label("反映方式").select_option("0")
    phone.get_by_label("反映的情况").fill("教龄有误")
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("您的异议已收到").wait_for()
    made = Objection.objects.get()
    code = phone.locator("dd").nth(1).inner_text()
    assert phone.locator("dd").nth(0).inner_text() == made.number
    phone.get_by_role("link", name="查询异议").click()
    phone.get_by_label("编号").fill(made.number)
    phone.get_by_label("查询码").fill(code)
    phone.get_by_role("button", name="查询").click()
    phone.get_by_text("已受理").wait_for()
    assert phone.evaluate(WIDER) == 0


def test_a_notice_works_without_scripts(notice: PublicNotice, new_context: Any, live_server: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/rotation/public/{notice.pk}/objections/new/")
    page.get_by_label("反映方式").select_option("0")
    page.get_by_label("反映的情况").fill("教龄有误")
    page.get_by_role("button", name="提交").click()
    assert "您的异议已收到" in page.content()
    page.goto(f"{live_server.url}/rotation/public/{notice.pk}/?print")
    assert "候选人40" in page.content()
