"""The end of the year: outcomes from host to bureau, certificates that everybody can check, prerequisites, archive."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

from junheng.web.rotation.models import Certificate, RotationYear

SUMMARIES = {
    "alice": "在城关初级中学任教八年级数学一年，带动备课组形成集体备课制度，所教班级及格率提高九个百分点。",
    "bob": "到实验小学担任四年级语文教学，开设整本书阅读课，与两位青年教师结对，共听课三十六节。",
    "shiyan0": "在河东小学教三年级语文，整理校本识字材料，主持全镇习作教学研讨一次。",
    "chengguan0": "在育才初级中学任教七年级数学，承担毕业班后进生辅导，完成课题一项。",
}
"""What each says of the year; nobody copies."""


def finish(story: Any) -> None:
    """The last day passes: the placements end by themselves, and the teachers sum up."""
    serving = sys.modules["web_browser_year_serving"]
    story.clock.put(date(2028, 9, 1), 2)
    story.night()
    story.clock.put(date(2028, 9, 1))
    story.work()
    for name in serving.MOVES:
        story.sit_down(name)
        held = serving.placement(story, name)
        story.go(f"service/{held.pk}/")
        story.see("期满")
        story.click("提交交流总结")
        story.fill(总结=SUMMARIES[name])
        story.click("保存")
        story.told("已保存。")


def judge(story: Any) -> None:
    """Host, cluster and bureau one after another, then a certificate."""
    serving = sys.modules["web_browser_year_serving"]
    story.phase("assessment", days=3)
    for name, (_host, principal, head) in serving.MOVES.items():
        held = serving.placement(story, name)
        story.sit_down(principal)
        story.go(f"service/{held.pk}/")
        story.click("提出期满考核")
        story.look()
        for label in ("德", "能", "勤", "绩", "廉"):
            story.fill(**{f"{label}：": "92"})
        story.fill(等次="优秀" if name == "alice" else "合格", 意见="履职尽责。")
        story.click("保存")
        story.sit_down(head)
        story.go(f"outcomes/{held.pk}/")
        story.see(SUMMARIES[name][:20])
        story.look()
        _deed(story, "学区签署", 意见="同意学校意见。")
        story.sit_down("section_head")
        story.go(f"outcomes/{held.pk}/")
        _deed(story, "审定归档", 意见="同意。")
        story.click("出具交流服务证明")
        story.click("出具交流服务证明")
        story.told("证明已出具。")
        story.see("验证码")
    story.go("outcomes/")
    story.see("安丽丝", "单博文")
    story.look()


def _deed(story: Any, name: str, **typed: str) -> None:
    story.click(name)
    story.fill(**typed)
    story.page.locator("main form button.btn-primary").first.click()


def check(story: Any) -> None:
    """Anybody can check the certificate; the teacher asks what her year is good for."""
    serving = sys.modules["web_browser_year_serving"]
    held = serving.placement(story, "alice")
    paper = Certificate.objects.get(placement=held)
    with story.nobody():
        story.go("/rotation/certificates/")
        story.fill(验证码=paper.code)
        story.click("查验")
        story.see("证明有效，内容如下。", "安丽丝", "云山县城关初级中学", paper.number)
        story.look()
        story.fill(验证码="AAAAA-AAAAA-AAAAA-AAAAA")
        story.click("查验")
        story.see("没有这个验证码")
    story.sit_down("alice")
    story.go("prerequisites/")
    story.see("申报职称")
    story.look()
    ask_title(story)
    story.see("可以申报：已满足交流经历的要求", "第十三条")
    story.look()


def ask_title(story: Any) -> None:
    """The question whether one may apply for the senior title."""
    story.go("prerequisites/title_prereq/")
    story.fill(申报职称="高级教师")
    story.page.locator("main form button").first.click()


def archive(story: Any) -> None:
    """What is missing is named; then the year is closed for good."""
    story.phase("archive")
    story.sit_down("section_head")
    story.go("archive/")
    story.see("交流任务已结束", "齐全", "不影响归档")
    story.look()
    story.click("归档本年度")
    story.click("归档本年度")
    story.told("本年度已归档，今后只能查看。")
    story.see("只能查看")
    assert RotationYear.objects.get(pk=story.year).is_archived
