"""A teacher's file with a real browser: wrong, put right, revealed, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from junheng.web.records.models import AuditEvent
from junheng.web.staffing.models import Correction, TeacherState

WORD = "a-quite-long-pass-2026"


def overflow(page: Any) -> int:
    """By how much the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_correction_goes_from_a_telephone_to_the_principal_and_into_the_file(
    phone: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    page = phone
    sign_in("teacher")
    page.goto(live_server.url)
    page.goto(f"{live_server.url}/staffing/own/")
    assert overflow(page) <= 0
    page.locator("summary").filter(has_text="学习经历").click()
    page.get_by_role("link", name=re.compile("有误.*最高学历")).click()
    assert overflow(page) <= 0
    page.locator("[name=education]").select_option("master")
    page.get_by_label("依据和说明").fill("2024年取得硕士学位，证书编号 2024-0001")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交，等待核实。").first).to_be_visible()
    assert overflow(page) <= 0
    asked = Correction.objects.get()

    sign_in("principal")
    page.goto(f"{live_server.url}/")
    expect(page.get_by_role("main")).to_contain_text("更正")
    page.goto(f"{live_server.url}/staffing/corrections/")
    page.locator("#list tbody a").first.click()
    expect(page).to_have_url(f"{live_server.url}/staffing/corrections/{asked.pk}/")
    expect(page.locator("ins").first).to_contain_text("硕士")
    page.get_by_role("button", name="采纳并写入档案").click()
    page.wait_for_load_state()
    assert TeacherState.objects.current().get(teacher=cast.teachers["alice"]).education == "master"

    sign_in("teacher")
    page.goto(f"{live_server.url}/staffing/own/")
    page.locator("summary").filter(has_text="学习经历").click()
    expect(page.get_by_text("硕士研究生").first).to_be_visible()
    expect(page.get_by_role("link", name="条未读消息")).to_be_visible()


def test_an_id_number_is_shown_for_a_reason_only_and_the_look_is_kept(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    sign_in("bureau_clerk")
    alice = cast.teachers["alice"]
    page.goto(f"{live_server.url}/staffing/teachers/{alice.pk}/")
    expect(page.get_by_role("main")).not_to_contain_text("990101198505120022")
    page.locator("#reveal").get_by_label("理由").fill("核对职称申报材料")
    page.locator("#reveal").get_by_role("button", name="查看").click()
    expect(page.locator("#reveal")).to_contain_text("990101198505120022")
    assert "990101198505120022" not in page.url
    page.reload()
    expect(page.get_by_role("main")).not_to_contain_text("990101198505120022")
    look = AuditEvent.objects.get(action="staffing.id_number.revealed")
    assert look.reason == "核对职称申报材料"
    assert look.author == cast.users["bureau_clerk"].username


def test_what_was_typed_is_still_there_after_the_session_ran_out(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    clerk, alice = cast.users["school_clerk"], cast.teachers["alice"]
    clerk.set_password(WORD)
    clerk.save()
    sign_in("school_clerk")
    address = f"{live_server.url}/staffing/teachers/{alice.pk}/change/"
    page.goto(address)
    page.locator("textarea[name=reason]").fill("教育局文件〔2026〕12号")
    Session.objects.all().delete()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/account/login/**")
    page.get_by_label("账号", exact=True).fill(clerk.username)
    page.get_by_label("密码", exact=True).fill(WORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(address)
    expect(page.locator("textarea[name=reason]")).to_have_value("教育局文件〔2026〕12号")
    expect(page.get_by_text("已恢复您此前填写、尚未提交的内容")).to_be_visible()


def test_pressing_a_button_twice_stores_once(page: Any, live_server: Any, cast: Any, sign_in: Any) -> None:
    alice = cast.teachers["alice"]
    sign_in("school_clerk")
    page.goto(f"{live_server.url}/staffing/teachers/{alice.pk}/change/")
    page.locator("[name=education]").select_option("master")
    page.locator("[name=effective]").fill("2026-09-15")
    page.locator("textarea[name=reason]").fill("学历证书编号 2026-0002")
    page.locator("main form button.btn-primary").dblclick()
    expect(page).not_to_have_url(re.compile("/change/"))
    assert TeacherState.objects.filter(teacher=alice).count() == 2
    assert TeacherState.objects.current().get(teacher=alice).education == "master"
    assert AuditEvent.objects.filter(object_id=str(alice.pk), reason="学历证书编号 2026-0002").count() == 1
