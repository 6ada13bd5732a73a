"""From setting the year up to verdicts: pack and dates, bodies, quotas, needs, the plan, data, verdicts, an appeal."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from junheng.web.rotation.models import RotationYear

BEGIN = date(2027, 3, 1)


def set_up(story: Any) -> None:
    """The clerk of the bureau sets the year up and moves a date, for a reason that teachers read."""
    story.clock.put(BEGIN)
    story.sit_down("bureau_clerk")
    story.go("/rotation/")
    story.click("建立轮岗年度")
    pack = story.page.get_by_label("政策包", exact=True)
    pack.select_option("YUNLING")
    story.fill(准备阶段开始日期=BEGIN, 志愿数上限="2")
    story.look()
    story.click("建立年度")
    story.see("阶段和日期", "准备", "归档", "2027-09-01")
    story.year = RotationYear.objects.get().pk
    story.look()
    row = story.page.locator("#phase-applications")
    row.get_by_role("link").click()
    closes = story.page.get_by_label("截止")
    closes.fill("2027-04-05T18:00")
    story.fill(调整理由="清明假期前后学校事务多，延长一天")
    story.click("保存日期")
    story.told("日期已调整，理由已公开。")
    story.sit_down("bob")
    story.go("")
    story.see("清明假期前后学校事务多，延长一天", "2027-04-05 18:00")


def prepare(story: Any) -> None:
    """Bodies, meeting, parameter, quotas, needs, and the plan: drafted, issued, read."""
    story.sit_down("bureau_clerk")
    story.go("pack/")
    story.see("云岭县义务教育学校教师交流轮岗实施办法", "第十条")
    story.look()
    story.go("pack/parameters/")
    story.fill(晋升高级须交流的月数="10", 理由="本县教师交流一年按十个月计")
    story.click("保存")
    story.told("参数已保存。")
    story.see("10")
    story.go("bodies/")
    story.click("登记机构和分工")
    members = "文县长，组长，全面负责\n云山县局领导，副组长，分管人事"
    story.fill(机构="云山县", 类别="领导小组", 名称="云山县教师交流轮岗工作领导小组", 成立日期=BEGIN)
    story.fill(成员和分工=members)
    story.click("保存")
    story.see("云山县教师交流轮岗工作领导小组", "文县长", "分管人事")
    story.look()
    story.go("quotas/")
    story.click(_publish(story))
    story.told("指标已公布。")
    story.see("云山县河东小学", "第十条")
    story.look()
    story.go("needs/")
    story.click(_publish(story))
    story.told("需求已公布。")
    _issue(story)


def _publish(story: Any) -> str:
    """The words on the page's one button that publishes."""
    return str(story.page.get_by_role("main").get_by_role("button", name=re.compile("公布")).inner_text().strip())


def _issue(story: Any) -> None:
    story.go("documents/")
    story.click("拟稿")
    story.see("正文")
    story.click("保存")
    story.told("稿子已保存。")
    paper = story.page.url
    story.sit_down("section_head")
    story.page.goto(paper)
    story.look()
    story.fill(文号="云教〔2027〕5号")
    story.click("发布")
    story.told("文件已发布。")
    story.sit_down("alice")
    story.go("documents/")
    story.page.get_by_role("main").get_by_role("link", name=re.compile("方案")).first.click()
    story.see("云教〔2027〕5号")
    story.click("我已阅知")
    story.told("已记录您的阅知。")


def confirm(story: Any) -> None:
    """A teacher finds her data right."""
    story.phase("confirmation")
    story.sit_down("alice")
    story.go("own/")
    story.look()
    story.click("信息无误，确认")
    story.told("已确认本人信息无误。")
    story.see("已核对")
    story.sit_down("school_clerk")
    story.go("confirmations/")
    story.see("安丽丝", "代为核对")
    story.look()


def judge(story: Any) -> None:
    """The worker fixes everybody's verdict; its notice cites the clause; an appeal of facts is upheld."""
    story.phase("eligibility")
    story.sit_down("bureau_clerk")
    story.go("verdicts/")
    story.look()
    story.see("固定", "单博文")
    story.sit_down("bob")
    story.go("own/")
    story.click("阅知告知书")
    story.see("应交流", "第四条", "现校任教年限=27")
    story.look()
    story.sit_down("carol")
    story.go("own/")
    story.click("阅知告知书")
    story.see("不交流", "第三条", "现校任教年限=3")
    story.click("事实不对，提出异议")
    story.fill(哪一项事实不对="到现校日期应为2014年9月1日，档案误为2024年")
    story.click("提出异议")
    story.told("异议已提出，等待复核。")
    story.see("到现校日期应为2014年9月1日")
    story.look()


def put_right(story: Any) -> None:
    """The clerk puts the file right, the appeal is upheld, the verdict is made anew by the same clause's sister."""
    story.sit_down("bureau_clerk")
    person = story.people.teachers["carol"].pk
    story.go(f"/staffing/teachers/{person}/change/")
    story.fill(入现单位时间=date(2014, 9, 1), 理由="核对调令原件，录入有误")
    story.click("登记")
    story.go("appeals/")
    story.page.get_by_role("main").locator("tbody a").first.click()
    story.look()
    story.fill(复核结果="成立：档案已更正，按更正后的事实重新认定")
    story.fill(复核意见="调令属实，已更正。")
    story.click("作出决定")
    story.told("复核结果已告知本人。")
    story.sit_down("carol")
    story.go(f"verdicts/{person}/")
    story.see("可交流", "第四条", "现校任教年限=13", "经复核，代替")
