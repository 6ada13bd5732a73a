"""Lists with a real browser: found by pinyin, narrowed, sorted, paged, taken home, with and without scripts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from junheng.web.staffing.models import Teacher, TeacherState

SINCE = date(2026, 8, 31)


@pytest.fixture
def many(live_server: Any, cast: Any) -> None:
    """Sixty more teachers at 育才, the older the higher the number."""
    for at in range(60):
        made = Teacher.objects.create(county=cast.county, number=f"Z{at:03}")
        TeacherState.objects.create(
            teacher=made, name=f"众人{chr(0x4E00 + at)}", school=cast.yucai, valid_from=SINCE, source="test",
            sex="M", birth_date=date(1995 - at // 4, 3, 4), stage="junior",
            main_subject="physics" if at % 2 else "music",
            on_establishment=True, in_post=True, full_time=True, seconded_in=False, work_start=date(2018, 9, 1),
            joined_current_school=date(2018, 9, 1), education="bachelor",
        )  # fmt: skip


def names(page: Any) -> list[str]:
    """Names in the list, from top to bottom."""
    return [text.strip() for text in page.locator("#list tbody tr td:nth-child(2)").all_inner_texts()]


def test_a_teacher_is_found_by_initials_by_pinyin_and_by_characters(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    sign_in("principal")
    page.goto(f"{live_server.url}/staffing/teachers/")
    box = page.get_by_role("searchbox", name="搜索")
    for words in ("als", "anlisi", "安丽", "T0001"):
        box.fill(words)
        expect(page.locator("#list tbody tr")).to_have_count(1)
        assert names(page) == ["安丽丝"]
    box.fill("xyj")  # 解 is read Xiè as a surname
    expect(page.locator("#list")).not_to_contain_text("安丽丝")
    assert "q=xyj" in page.url
    box.fill("xyw")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert names(page) == ["解忆雯"]


def test_the_search_of_the_whole_site_finds_people_and_schools_in_reach_only(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    sign_in("bureau_clerk")
    page.goto(live_server.url)
    page.get_by_role("banner").get_by_role("link", name="搜索").click()
    box = page.get_by_role("searchbox", name="搜索")
    box.fill("als")
    expect(page.locator("#hits").get_by_role("link", name="安丽丝").first).to_be_visible()
    box.fill("河东")
    expect(page.locator("#hits").get_by_role("link", name="河东").first).to_be_visible()
    box.fill("戴维新")
    expect(page.locator("#hits")).to_contain_text("没有找到")


def test_a_list_is_narrowed_sorted_and_paged_by_links_that_can_be_sent_on(
    page: Any, live_server: Any, cast: Any, many: None, sign_in: Any
) -> None:
    sign_in("bureau_clerk")
    page.goto(f"{live_server.url}/staffing/teachers/")
    expect(page.locator("#list tbody tr")).to_have_count(50)
    page.get_by_role("link", name="下一页").click()
    expect(page.locator("#list tbody tr")).to_have_count(14)
    page.goto(f"{live_server.url}/staffing/teachers/")
    page.get_by_label("学科", exact=True).select_option("music")
    expect(page.locator("#list tbody tr")).to_have_count(30)
    page.locator("#list thead").get_by_role("link", name="年龄").click()
    page.wait_for_url("**sort=*")
    expect(page.locator("#list tbody tr")).to_have_count(30)
    ages = [int(text) for text in page.locator("#list tbody tr td:nth-child(4)").all_inner_texts()]
    assert ages in (sorted(ages), sorted(ages, reverse=True))
    assert len(set(ages)) > 1
    address = page.url
    page.goto(live_server.url)
    page.goto(address)
    expect(page.get_by_label("学科", exact=True)).to_have_value("music")
    expect(page.locator("#list tbody tr")).to_have_count(30)


@pytest.mark.usefixtures("many")
def test_what_a_list_shows_is_what_its_file_holds(page: Any, live_server: Any, sign_in: Any, tmp_path: Path) -> None:
    sign_in("bureau_clerk")
    page.goto(f"{live_server.url}/staffing/teachers/?subject=physics")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    waiting.value.save_as(tmp_path / "list.xlsx")
    rows = [
        row
        for sheet in openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets
        for row in sheet.iter_rows(values_only=True)
        if row[0] and str(row[0]).startswith("Z")
    ]
    assert len(rows) == 30


def test_number_and_name_stay_in_sight_while_a_wide_list_is_moved(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    page.set_viewport_size({"width": 900, "height": 700})
    sign_in("bureau_clerk")
    page.goto(f"{live_server.url}/staffing/teachers/")
    box, row = page.locator("#list .table-box"), page.locator("#list tbody tr").first
    before = [row.locator("td, th").nth(at).bounding_box()["x"] for at in range(3)]
    moved = box.evaluate("box => (box.scrollLeft = 200, box.scrollLeft)")
    assert moved > 100, "the list is wider than its box"
    after = [row.locator("td, th").nth(at).bounding_box()["x"] for at in range(3)]
    assert [round(one - other) for one, other in zip(before, after, strict=True)] == [0, 0, round(moved)]


def test_schools_are_put_in_another_order_without_a_page_turned(
    page: Any, live_server: Any, cast: Any, sign_in: Any
) -> None:
    sign_in("bureau_clerk")
    page.goto(f"{live_server.url}/staffing/schools/")
    page.get_by_label("排序").select_option(label="拼音")
    expect(page.locator("#list tbody tr").first).to_contain_text("河东小学")
    assert "order=pinyin" in page.url
    page.get_by_label("排序").select_option(label="笔画")
    expect(page.locator("#list tbody tr").first).to_contain_text("西山")


def test_a_list_works_without_scripts(live_server: Any, cast: Any, many: None, without_scripts: Any) -> None:
    page = without_scripts("bureau_clerk")
    page.goto(f"{live_server.url}/staffing/teachers/")
    page.get_by_role("searchbox", name="搜索").fill("als")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="清除条件").click()
    page.get_by_role("link", name="下一页").click()
    expect(page.locator("#list tbody tr")).to_have_count(14)
    page.locator("#list thead").get_by_role("link", name="姓名").click()
    expect(page.locator("#list tbody tr").first).to_be_visible()
    page.get_by_label("学科", exact=True).select_option("music")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("#list tbody tr")).to_have_count(30)
