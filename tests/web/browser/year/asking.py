"""Application, the schools' opinions and notices, review by clusters and bureau."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils import timezone

from junheng.web.rotation.models import Application

WISHES = {
    "alice": ("云山县城关初级中学", "云山县西山九年一贯制学校"),
    "bob": ("云山县实验小学",),
    "shiyan0": ("云山县河东小学", "云山县青石小学"),
}
"""Who applies for what."""


def apply(story: Any) -> None:
    """Wishes in their order, and a receipt; a second press says so; after the deadline it is too late."""
    story.phase("applications")
    for name, wishes in WISHES.items():
        story.sit_down(name)
        story.go("apply/")
        story.see("第四条")
        story.look()
        for rank, wish in enumerate(wishes, 1):
            box = story.page.get_by_label(f"第 {rank} 志愿")
            value = box.locator("option").filter(has_text=wish).first.get_attribute("value")
            box.select_option(value=value)
        story.fill(申请理由="愿意到需要的学校去")
        story.click("提交申请")
        story.told("已收到，回执号")
        story.see("申请回执", *wishes)
    story.look()
    number = Application.objects.get(teacher=story.people.teachers["shiyan0"]).number
    story.go("apply/")
    story.told(f"您已提交过申请，回执号 {number}，没有重复收取。")
    story.clock.put(timezone.localdate(story.clock()) + (date(2027, 4, 5) - date(2027, 3, 29)), 18, 1)
    story.work()
    story.sit_down("carol")
    story.go("apply/")
    story.see("“个人申请”阶段已于 2027-04-05 18:00:00 截止。")


def recommend(story: Any) -> None:
    """Each school checks its applications, keeps minutes, posts its notice, and the principal signs."""
    story.phase("nominations", days=1)
    schools = {
        "yucai": ("school_clerk", "principal"), "hedong": ("principal_of_hedong",) * 2,
        "shiyan": ("principal_of_shiyan",) * 2,
    }  # fmt: skip
    for name, (clerk, _head) in schools.items():
        story.sit_down(clerk)
        story.go("nominations/")
        story.see("应交流" if name == "hedong" else "可交流", "第四条")
        story.look()
        home = story.page.url
        story.click("审核并提意见")
        story.see("系统认定", "现校任教年限")
        story.fill(资格审核="通过", 资格审核理由="任教年限属实", 学校意见="推荐", 意见说明="同意参加交流")
        story.click("保存")
        story.told("学校意见已保存，待校长签署。")
        story.click("登记集体讨论")
        story.fill(召开日期=timezone.localdate(story.clock()), 出席人员="校长、副校长、工会主席")
        story.fill(会议记录="逐一研究申请人的资格和教学安排，一致同意推荐。")
        story.click("保存")
        story.told("会议记录已保存。")
        story.click("登记校内公示")
        story.fill(公示开始=timezone.localdate(story.clock()), 公示工作日="1")
        story.click("保存")
        story.told("校内公示已登记。")
        story.see("公示中", "校务公开栏")
        assert story.page.url == home
    story.phase("nominations", days=3)
    for clerk, head in schools.values():
        story.sit_down(clerk)
        story.go("nominations/")
        story.click("办结校内公示")
        story.fill(收到异议="没有收到")
        story.click("保存")
        story.told("校内公示已办结。")
        story.sit_down(head)
        story.go("nominations/")
        story.click("签署并报送")
        story.page.get_by_label(re.compile("^本人承诺")).check()
        story.click("签署并报送")
        story.told("已签署，推荐人员已报送。")
        story.see("学校已推荐", "校长签署")


def review(story: Any) -> None:
    """Cluster and bureau decide a batch at once, on the minutes of their meeting."""
    story.phase("review")
    _decide(story, "cluster_head", "云山河东学区负责人主持，审阅三校推荐材料。", "学区审核通过", 3)
    _decide(story, "bureau_clerk", "局务会研究学区意见，逐人审定。", "审定", 3)
    story.go("applications/")
    story.see("已审定", "安丽丝", "单博文")
    story.look()
    story.sit_down("alice")
    story.go("own/")
    story.see("已审定")


def _decide(story: Any, who: str, minutes: str, opinion: str, count: int) -> None:
    story.sit_down(who)
    story.go("reviews/")
    story.look()
    story.page.get_by_role("main").get_by_role("link", name=re.compile("登记联席会议")).first.click()
    story.fill(召开日期=timezone.localdate(story.clock()), 出席人员="全体成员", 会议记录=minutes)
    story.click("保存")
    story.told("会议记录已保存。")
    boxes = story.page.locator("main input[name=application]")
    assert boxes.count() == count
    for each in boxes.all():
        each.check()
    meeting = story.page.get_by_label("依据的会议")
    meeting.select_option(index=1)
    story.fill(结果={"index": 0}, 意见=opinion)
    story.click("办理所选")
    story.see("没有待审核的申请")
