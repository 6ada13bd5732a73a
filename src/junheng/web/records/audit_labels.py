"""What this room's actions are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from junheng.web.records.labels import register

register(
    {
        "records.attachment.added": _("上传附件"),
        "records.attachment.withdrawn": _("撤下附件"),
        "records.audit.verified": _("核验留痕"),
        "records.hook.added": _("新增网络钩子"),
        "records.hook.edited": _("修改网络钩子"),
        "records.hook.switched": _("启用或停用网络钩子"),
        "records.hook.tried": _("试发网络钩子"),
        "records.job.cancelled": _("取消后台任务"),
        "records.list.exported": _("导出名单"),
        "records.list.exported_much": _("短时间内大量导出"),
        "records.notifications.chosen": _("修改消息设置"),
    },
    kinds={
        "records.attachment": _("附件"),
        "records.job": _("后台任务"),
        "records.webhook": _("网络钩子"),
    },
)
