"""Scenarios computed and compared, a change by hand, the public notice, an objection, adoption by another person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from junheng.web.rotation.models import PublicNotice, Scenario

OBJECTION = "公示名单中此人的任教年限请再核一遍"


def compute(story: Any) -> None:
    """Two scenarios by the worker, side by side."""
    story.phase("planning")
    story.sit_down("bureau_clerk")
    story.go("scenarios/new/")
    story.look()
    for name, order in (("第一方案", "按政策包的权重"), ("先顾志愿", "先志愿，再均衡（志愿至多让出 1%）")):
        story.go("scenarios/new/")
        story.fill(方案名称=name, 目标次序=order, 人事关系随调=True)
        story.click("开始测算")
        story.told("已开始测算，进度见本页。")
        story.see("正在测算")
        story.work()
        story.page.reload()
        story.see("可采用", "移动人数", "满足志愿", "默克尔根")
    story.look()
    story.go("scenarios/")
    story.see("第一方案", "先顾志愿", "可采用")
    story.look()
    story.click("并列比较")
    story.see("1. 第一方案", "2. 先顾志愿", "最好", "差异系数")
    story.look()


def change(story: Any) -> None:
    """A change by hand is tried before it is kept; a plan that breaks a rule by it cannot be proposed."""
    first = Scenario.objects.get(name="第一方案")
    story.sit_down("bureau_clerk")
    story.go(f"scenarios/{first.pk}/")
    story.click("移动名单")
    story.see("安丽丝", "单博文")
    story.look()
    story.go(f"scenarios/{first.pk}/change/")
    story.fill(工号=story.people.teachers["bob"].number, 学校="不交流，留在本校", 理由="本人请求留下")
    story.click("检查")
    story.see("这样改会违反", "改动前", "改动后")
    story.look()
    story.click("确定改动")
    story.told("已调整，并计入人工改动。")
    story.see("本人请求留下", "云山局人事经办人", "不能满足全部规则")
    story.sit_down("section_head")
    story.page.reload()
    expect(story.page.get_by_role("button", name="提请采用")).to_have_count(0)
    story.click("不采用")
    story.fill(理由="应交流的教师不能留下")
    story.click("不采用")
    story.told("已记为不采用。")
    story.see("应交流的教师不能留下")


def publish(story: Any) -> None:
    """Proposed by one person, published, and to be read by everybody."""
    chosen = Scenario.objects.get(name="先顾志愿")
    story.sit_down("section_head")
    story.go(f"scenarios/{chosen.pk}/")
    story.click("提请采用")
    story.told("已提请采用。下一步：公示名单。")
    story.see("您已提请采用这个方案，须由另一人确认。", "名单还没有公示。")
    story.phase("notice")
    story.sit_down("bureau_clerk")
    story.go("notices/")
    story.click("拟公示")
    story.fill(正文="经审核和排定，现将名单公示如下。", 受理部门="云山县教育局人事科", 受理电话="0990-8123456")
    story.fill(公示期="3")
    story.click("存为草稿")
    story.see("发布后的样子", "安丽丝", "单博文")
    at = story.page.url
    story.sit_down("section_head")
    story.page.goto(at)
    story.look()
    story.click("发布")
    story.told("已公示，到期自动撤下。")
    story.see("公开网址", "默克尔根")


def object_to_it(story: Any) -> None:
    """Somebody who does not sign in objects, and later reads the answer."""
    notice = PublicNotice.objects.get()
    with story.nobody():
        story.go("/rotation/public/")
        story.click(notice.title)
        story.see("安丽丝", "公示期", "怎样核验")
        story.look()
        story.click("提出异议")
        story.fill(反映方式="匿名", 反映的情况=OBJECTION)
        story.look()
        story.click("提交")
        story.see("您的异议已收到")
        number, code = (story.page.locator("main dd").nth(nth).inner_text() for nth in (0, 1))
    story.sit_down("section_head")
    story.go("objections/")
    story.click(number)
    story.look()
    story.fill(调查人="云山局人事经办人")
    story.click("交办")
    story.told("已登记。")
    at = story.page.url
    story.sit_down("bureau_clerk")
    story.page.goto(at)
    story.see(OBJECTION)
    story.fill(结论={"index": 2}, 调查情况="调阅档案，任教年限属实。")
    story.click("登记结论")
    story.told("已登记。")
    story.sit_down("section_head")
    story.page.goto(at)
    box = story.page.get_by_role("main").get_by_role("textbox", name="答复")
    box.fill("经核对档案原件，名单所列任教年限属实。")
    story.click("答复")
    story.told("已登记。")
    with story.nobody():
        story.go(f"/rotation/public/{notice.pk}/objections/status/")
        story.fill(编号=number, 查询码=code)
        story.click("查询")
        story.see("经核对档案原件，名单所列任教年限属实。")
        story.look()


def adopt(story: Any) -> None:
    """The notice is taken down by the clock; who proposed the plan cannot confirm it, another person does."""
    notice, chosen = PublicNotice.objects.get(), Scenario.objects.get(name="先顾志愿")
    story.sit_down("second_section_head")
    story.go(f"scenarios/{chosen.pk}/")
    story.see("确认采用之前还要", "才结束")
    assert notice.closes is not None
    story.clock.put(timezone.localdate(notice.closes) + timedelta(days=1))
    story.work()
    with story.nobody():
        story.go("/rotation/public/")
        story.see("现在没有正在公示的事项。")
        answer = story.page.goto(f"{story.site}/rotation/public/{notice.pk}/")
        assert answer.status == 410
        story.see("现已撤下，不再显示内容")
    story.sit_down("section_head")
    story.go(f"scenarios/{chosen.pk}/")
    story.see("须由另一人确认")
    expect(story.page.get_by_role("button", name="确认采用")).to_have_count(0)
    story.sit_down("second_section_head")
    story.go(f"scenarios/{chosen.pk}/")
    story.click("确认采用")
    story.told("方案已采用，交流任务已生成，待发文。")
    story.see("已采用", "云山人事科副科长")
