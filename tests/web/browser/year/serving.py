"""The order with its letters, reporting for duty, and the year at the host school: log, reports, a difficulty."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import docx

from junheng.web.rotation.models import Placement

MOVES = {
    "alice": ("chengguan", "principal_of_chengguan", "head_of_other_cluster"),
    "bob": ("shiyan", "principal_of_shiyan", "cluster_head"),
    "shiyan0": ("hedong", "principal_of_hedong", "cluster_head"),
    "chengguan0": ("yucai", "principal", "cluster_head"),
}
"""Where the adopted plan sends whom; the principal there, and the head of that cluster."""
FIRST_DAY = date(2027, 9, 1)


def placement(story: Any, name: str) -> Placement:
    """The placement of a teacher in the year."""
    return Placement.objects.get(year=story.year, teacher=story.people.teachers[name])


def order(story: Any) -> None:
    """The order is issued; the teacher's letter is a Word file that opens."""
    story.phase("orders")
    story.sit_down("section_head")
    story.go("orders/new/")
    story.see("待发文 4 人", "安丽丝", "单博文")
    story.look()
    story.fill(发文字号="云教〔2027〕21号", 签发人="云山县教育局局长", 成文日期=date(2027, 6, 1))
    story.click("签发")
    story.told("调配文件已签发，已通知教师和两校。")
    story.see("云教〔2027〕21号", "云山县城关初级中学")
    story.look()
    story.sit_down("alice")
    story.go("own/")
    story.see("云山县城关初级中学", "2027-09-01")
    story.go(f"placements/{placement(story, 'alice').pk}/")
    story.see("已发文", "云教〔2027〕21号", "调动")
    story.look()
    story.click("介绍信")
    story.look()
    with story.page.expect_download() as waiting:
        story.click("下载 Word 文件")
    letter = Path(waiting.value.path())
    assert waiting.value.suggested_filename.endswith(".docx")
    said = "\n".join(each.text for each in docx.Document(str(letter)).paragraphs)
    assert "安丽丝" in said
    assert "云山县城关初级中学" in said


def report(story: Any) -> None:
    """The host arranges the work; on the first day the counts change; one comes late."""
    story.sit_down("principal_of_chengguan")
    story.go(f"placements/{placement(story, 'alice').pk}/")
    story.click("安排工作")
    story.fill(任教班级="八年级1班、2班", 周课时="12")
    story.click("保存")
    story.told("工作安排已保存。")
    story.see("八年级1班、2班", "每周 12 课时")
    story.clock.put(FIRST_DAY)
    story.work()
    for name, (_host, principal, _head) in MOVES.items():
        if name != "bob":
            _arrive(story, name, principal, FIRST_DAY)
    story.clock.put(date(2027, 9, 6))
    story.work()
    story.sit_down("section_head")
    story.go("reporting/")
    story.see("逾期 5 天", "单博文")
    story.look()
    _arrive(story, "bob", "principal_of_shiyan", date(2027, 9, 6))
    story.sit_down("alice")
    story.go(f"placements/{placement(story, 'alice').pk}/")
    story.see("交流中", "2027-09-01")
    story.sit_down("bureau_clerk")
    story.go(f"/staffing/teachers/{story.people.teachers['alice'].pk}/?tab=careers")
    story.see("云山县城关初级中学", "2027-09-01")


def _arrive(story: Any, name: str, principal: str, on: date) -> None:
    story.sit_down(principal)
    story.go("reporting/")
    story.page.get_by_role("main").get_by_role("link", name=re.compile("^确认报到")).click()
    story.fill(报到日期=on)
    story.click("确认报到")
    story.told("报到已确认。")
    story.see(f"{on:%Y-%m-%d}")


def serve(story: Any) -> None:
    """Log, attendance, the month's report of the teacher and of the school, a difficulty that is answered."""
    held = placement(story, "alice")
    story.clock.put(date(2027, 9, 20))
    story.sit_down("alice")
    story.go(f"service/{held.pk}/")
    story.look()
    story.click("记工作日志")
    story.fill(日期=date(2027, 9, 17), 课时或次数="4", 内容="八年级一次函数新授")
    story.click("保存")
    story.see("八年级一次函数新授", "未确认")
    story.click("反映困难")
    story.fill(具体情况="周转房热水器坏了")
    story.click("保存")
    story.see("周转房热水器坏了")
    story.sit_down("principal_of_chengguan")
    story.go("problems/")
    story.see("安丽丝")
    story.look()
    story.go(f"service/{held.pk}/")
    story.click("答复")
    story.fill(答复="今天已请人修好。")
    story.click("保存")
    story.see("今天已请人修好。")
    story.click("确认工作日志")
    story.fill(确认到=date(2027, 9, 20))
    story.click("保存")
    story.sit_down("alice")
    story.go(f"service/{held.pk}/")
    story.click("已解决")
    story.click("已解决")
    story.see("已解决")
    _month(story, held)


def _month(story: Any, held: Placement) -> None:
    story.clock.put(date(2027, 9, 30), 16)
    story.sit_down("principal_of_chengguan")
    story.go(f"service/{held.pk}/")
    story.click("登记月考勤")
    story.fill(月份="2027-09", 实出勤天数="22")
    story.click("保存")
    story.see("2027-09")
    story.sit_down("alice")
    story.go(f"service/{held.pk}/")
    story.click("提交月报")
    story.fill(月份="2027-09", 主要工作="承担两个班数学教学，听评课四次。")
    story.click("保存")
    story.see("承担两个班数学教学", "已提交")
    story.sit_down("principal_of_chengguan")
    story.go("months/?month=2027-09")
    story.click("填写")
    story.fill(主要工作="一名交流教师到岗，教学秩序良好。")
    story.click("提交")
    story.told("月报已提交。")
    story.sit_down("bureau_clerk")
    story.go("months/?month=2027-09")
    story.look()
    story.click("处理")
    story.click("接收")
    story.told("已处理。")
    story.see("已接收")
