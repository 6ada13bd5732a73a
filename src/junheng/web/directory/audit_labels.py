"""What this room's actions are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from junheng.web.records.labels import register

register(
    {
        "directory.session.begun": _("登录"),
        "directory.session.ended": _("退出登录"),
        "directory.session.refused": _("登录未成功"),
        "directory.session.shut": _("连续失败，账号暂停登录"),
        "directory.password.changed": _("修改密码"),
        "directory.password.reset": _("重置密码"),
        "directory.factor.added": _("启用第二种验证方式"),
        "directory.factor.removed": _("停用第二种验证方式"),
        "directory.factor.renewed": _("重新生成恢复码"),
        "directory.factor.refused": _("验证码不正确"),
        "directory.factor.reset": _("重置第二种验证方式"),
        "directory.outside_login.added": _("关联外部账号"),
        "directory.outside_login.removed": _("解除外部账号"),
        "directory.account.opened": _("开设账号"),
        "directory.account.opened_many": _("批量开设账号"),
        "directory.account.activated": _("启用新账号"),
        "directory.account.edited": _("修改账号"),
        "directory.account.switched_off": _("停用账号"),
        "directory.account.switched_on": _("恢复账号"),
        "directory.account.code_renewed": _("重发启用码"),
        "directory.grant.granted": _("授予角色"),
        "directory.grant.granted_many": _("批量授予角色"),
        "directory.grant.revoked": _("收回角色"),
        "directory.deputy.named": _("委托代行"),
        "directory.deputy.ended": _("结束代行"),
        "directory.organisation.added": _("增设机构"),
        "directory.organisation.renamed": _("机构更名"),
        "directory.organisation.moved": _("调整机构隶属"),
        "directory.organisation.closed": _("撤销机构"),
        "directory.organisation.reopened": _("恢复机构"),
        "directory.organisation.ordered": _("调整机构顺序"),
        "directory.tie.added": _("建立结对"),
        "directory.tie.ended": _("结束结对"),
    },
    kinds={
        "directory.user": _("账号"),
        "directory.organisation": _("机构"),
        "directory.schooltie": _("结对"),
        "directory.rolegrant": _("任职"),
    },
)
