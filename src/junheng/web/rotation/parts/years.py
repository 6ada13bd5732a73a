"""Setting up and dates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from junheng.web.records.labels import register
from junheng.web.rotation import turning  # noqa: F401 - registers the work of turning a phase

register(
    {
        "rotation.year.set_up": _("建立轮岗年度"),
        "rotation.year.taken_over": _("沿用上一年度"),
        "rotation.phase.moved": _("调整阶段日期"),
        "rotation.phase.opened": _("阶段开始"),
        "rotation.phase.closed": _("阶段截止"),
        "rotation.calendar.declared": _("登记工作日或休息日"),
    },
    kinds={"rotation.rotationyear": _("轮岗年度"), "rotation.calendarday": _("工作日调整")},
)
