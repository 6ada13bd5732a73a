"""The second year: set up from the first one's archive, with what it takes over, and who served counts as served."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

from junheng.web.rotation.models import RotationYear

BEGIN = date(2029, 3, 1)


def begin(story: Any) -> None:
    """Nobody types the pack, the parameter, the settings or the leading group again."""
    first = RotationYear.objects.get(pk=story.year)
    story.clock.put(BEGIN)
    story.sit_down("bureau_clerk")
    story.go("archive/")
    story.click("建立下一年度")
    story.look()
    assert story.page.get_by_label("交流开始日期").input_value() == "2029-09-01"
    story.fill(交流结束日期=date(2029, 3, 1))
    story.click("保存")
    story.see("交流结束日期应晚于开始日期。")
    story.fill(交流结束日期=date(2030, 8, 31))
    story.click("保存")
    story.told("下一年度已建立，政策、参数和各项设置沿用本年度。")
    story.see("2029—2030学年教师交流轮岗", "2029-09-01")
    story.year = RotationYear.objects.get(previous=first).pk
    story.go("pack/")
    story.see("云岭县义务教育学校教师交流轮岗实施办法", "10")
    story.go("bodies/")
    story.see("云山县教师交流轮岗工作领导小组", "文县长", "分管人事")
    story.go("pins/")
    story.see("曾可柔", "留任", "省级课题主持人，课题期内不动")
    story.go(f"/rotation/{first.pk}/archive/")
    story.see("2029—2030学年教师交流轮岗")


def judge(story: Any) -> None:
    """Last time's verdicts turn over for those who have served, and the notice says why; others are as they were."""
    before = RotationYear.objects.get(pk=story.year).previous_id
    story.phase("eligibility")
    for name in ("alice", "bob"):
        person = story.people.teachers[name].pk
        story.sit_down(name)
        story.go(f"/rotation/{before}/verdicts/{person}/")
        story.see("可交流" if name == "alice" else "应交流", "第四条")
        story.go("own/")
        story.click("阅知告知书")
        story.see("不交流", "第三条", "现校任教年限=2")
        story.look()
    story.sit_down("carol")
    story.go(f"verdicts/{story.people.teachers['carol'].pk}/")
    story.see("可交流", "第四条", "现校任教年限=15")
    story.phase("applications")
    story.sit_down("alice")
    story.go("apply/")
    story.see("资格认定结论为不交流（依据 第三条），不能申请")
    story.go("prerequisites/title_prereq/")
    sys.modules["web_browser_year_ending"].ask_title(story)
    story.see("可以申报：已满足交流经历的要求", "交流月数=12")
