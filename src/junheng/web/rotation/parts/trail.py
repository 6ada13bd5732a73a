"""What the rows of the trail tell about rotation beside the fields of their objects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from junheng.web.records.labels import register

register(
    {},
    fields={
        "allowance": _("补贴"),
        "appeal": _("事实异议"),
        "apply_years": _("计入年限"),
        "bodies": _("工作机构数"),
        "category": _("类别"),
        "certificates": _("服务证明数"),
        "change": _("变更"),
        "characters": _("字数"),
        "days_late": _("迟到天数"),
        "deduction": _("绩效扣减"),
        "entry": _("记录"),
        "exception": _("例外的理由"),
        "facts": _("事实摘要"),
        "figures": _("数字"),
        "goal": _("目标"),
        "grades": _("考核等次"),
        "late": _("是否迟报"),
        "meeting": _("会议"),
        "members": _("成员"),
        "move": _("干部交流"),
        "moves": _("移动人数"),
        "notice": _("公示"),
        "outcome": _("期满考核"),
        "pack": _("政策包摘要"),
        "past": _("原结束日期"),
        "phase": _("阶段"),
        "placements": _("交流任务数"),
        "plan": _("方案摘要"),
        "post": _("日志"),
        "problem": _("困难"),
        "recommended": _("推荐人数"),
        "state": _("档案现状"),
        "task": _("任务"),
        "together": _("一并办理人数"),
        "verdict": _("资格认定"),
        "visit": _("走访"),
        "wishes": _("志愿数"),
    },
)
