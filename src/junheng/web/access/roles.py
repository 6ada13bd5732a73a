"""The access policy: each role, where it is held, what it may do, and why, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from junheng.web.access.permissions import Permission as May


class Duty(TextChoices):
    """What an account is for. An account has one duty, so the administrators can never hold business roles."""

    BUSINESS = "business", _("业务")
    SYSTEM = "system", _("系统管理")
    SECURITY = "security", _("安全管理")
    AUDIT = "audit", _("审计管理")


class Role(TextChoices):
    """A role that can be granted to a person at an organisation, from a day to a day."""

    TEACHER = "teacher", _("教师")
    SCHOOL_CLERK = "school_clerk", _("学校经办人")
    PRINCIPAL = "principal", _("校长")
    CLUSTER_HEAD = "cluster_head", _("学区负责人")
    BUREAU_CLERK = "bureau_clerk", _("局人事经办人")
    SECTION_HEAD = "section_head", _("人事科负责人")
    BUREAU_LEADER = "bureau_leader", _("局领导")
    LEADING_GROUP = "leading_group", _("领导小组成员")
    INSPECTOR = "inspector", _("督导")
    TRAINING_CENTRE = "training_centre", _("教师培训机构")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What a role is for, at which kinds of organisation it is held, and what it allows there and below."""

    prose: str | Promise
    held_at: frozenset[str]
    may: frozenset[May]
    duty: Duty = Duty.BUSINESS
    second_factor: bool = False


_SCHOOL_VIEW = {
    May.TEACHERS_VIEW,
    May.SCHOOLS_VIEW,
    May.ESTABLISHMENT_VIEW,
    May.ORGANISATIONS_VIEW,
    May.ROTATION_VIEW,
}
_LEADER_VIEW = _SCHOOL_VIEW | {May.OVERVIEW_VIEW, May.EXPORT_LISTS}
_BUREAU = frozenset({"county", "prefecture", "province"})

ROLE_RULES: dict[Role, RoleRule] = {
    Role.TEACHER: RoleRule(
        _("教师看到并核对自己的档案；看不到任何同事的档案。"),
        frozenset({"school"}),
        frozenset({May.OWN_FILE, May.ROTATION_OWN, May.ORGANISATIONS_VIEW}),
    ),
    Role.SCHOOL_CLERK: RoleRule(
        _("学校经办人维护本校教师和班级数据，上传本校花名册（写入由县局确认），办理本校的轮岗事务。"),
        frozenset({"school"}),
        frozenset(
            _SCHOOL_VIEW
            | {
                May.TEACHERS_EDIT,
                May.SCHOOLS_EDIT,
                May.INTAKE_UPLOAD,
                May.EXPORT_LISTS,
                May.OVERVIEW_VIEW,
                May.ROTATION_SCHOOL,
            }
        ),
    ),
    Role.PRINCIPAL: RoleRule(
        _("校长查看本校的人和岗，决定本校教师提出的更正，签署推荐和报告，可以委托他人代行。"),
        frozenset({"school"}),
        frozenset(_LEADER_VIEW | {May.CORRECTIONS_DECIDE, May.DEPUTY_NAME, May.ROTATION_SCHOOL, May.ROTATION_SIGN}),
    ),
    Role.CLUSTER_HEAD: RoleRule(
        _("学区负责人查看本学区各校的人和岗，审核学区内的申请；不修改学校的数据。"),
        frozenset({"cluster"}),
        frozenset(_LEADER_VIEW | {May.DEPUTY_NAME, May.ROTATION_CLUSTER}),
    ),
    Role.BUREAU_CLERK: RoleRule(
        _("局人事经办人维护全县的人员和编制数据，导入导出，拟定编制方案，组织轮岗。"),
        _BUREAU,
        frozenset(
            _LEADER_VIEW
            | {
                May.TEACHERS_EDIT,
                May.TEACHERS_SENSITIVE,
                May.ID_REVEAL,
                May.CORRECTIONS_DECIDE,
                May.SCHOOLS_EDIT,
                May.LINKS_EDIT,
                May.ESTABLISHMENT_DRAFT,
                May.INTAKE_UPLOAD,
                May.INTAKE_CONFIRM,
                May.EXPORT_COUNTY,
                May.SNAPSHOT_TAKE,
                May.JOBS_VIEW,
                May.ROTATION_PREPARE,
                May.ROTATION_REVIEW,
                May.ROTATION_PLAN,
            }
        ),
        second_factor=True,
    ),
    Role.SECTION_HEAD: RoleRule(
        _("人事科负责人除经办人的查看和导出外，记录编制的核定结果，决定更正，发布公示，提请采用方案。"),
        _BUREAU,
        frozenset(
            _LEADER_VIEW
            | {
                May.TEACHERS_SENSITIVE,
                May.ID_REVEAL,
                May.CORRECTIONS_DECIDE,
                May.ESTABLISHMENT_VERIFY,
                May.EXPORT_COUNTY,
                May.SNAPSHOT_TAKE,
                May.INTAKE_CONFIRM,
                May.INTAKE_UPLOAD,
                May.DEPUTY_NAME,
                May.JOBS_VIEW,
                May.ROTATION_PREPARE,
                May.ROTATION_REVIEW,
                May.ROTATION_PLAN,
                May.ROTATION_ADOPT,
                May.ROTATION_PUBLISH,
                May.ROTATION_ORDER,
            }
        ),
        second_factor=True,
    ),
    Role.BUREAU_LEADER: RoleRule(
        _("局领导查看全县情况，记录编制的审批和备案，确认方案，签发调配文件；不看证件号码、健康和处分。"),
        _BUREAU,
        frozenset(_LEADER_VIEW | {May.ESTABLISHMENT_APPROVE, May.DEPUTY_NAME, May.ROTATION_ADOPT, May.ROTATION_ORDER}),
        second_factor=True,
    ),
    Role.LEADING_GROUP: RoleRule(
        _("领导小组成员查看全县的概览、学校、编制和轮岗年度的进展；不看人员名单和教师个人档案，不办理也不导出。"),
        _BUREAU,
        frozenset(
            {
                May.SCHOOLS_VIEW,
                May.ESTABLISHMENT_VIEW,
                May.OVERVIEW_VIEW,
                May.ORGANISATIONS_VIEW,
                May.ROTATION_FOLLOW,
            }
        ),
    ),
    Role.INSPECTOR: RoleRule(
        _("督导查看责任范围内学校的人、岗和均衡情况；只看不改，也不导出。"),
        frozenset({"school", "cluster", *_BUREAU}),
        frozenset({*_SCHOOL_VIEW, May.OVERVIEW_VIEW}),
    ),
    Role.TRAINING_CENTRE: RoleRule(
        _("教师培训机构查看机构和概览；学时台账启用后在此登记。"),
        _BUREAU,
        frozenset({May.ORGANISATIONS_VIEW, May.OVERVIEW_VIEW}),
    ),
    Role.SYSTEM_ADMIN: RoleRule(
        _("系统管理员维护机构和账号，查看和取消后台任务；看不到业务数据，也不能授予角色。"),
        _BUREAU,
        frozenset(
            {
                May.ORGANISATIONS_VIEW,
                May.ORGANISATIONS_EDIT,
                May.USERS_VIEW,
                May.USERS_EDIT,
                May.JOBS_VIEW,
                May.HOOKS_EDIT,
            }
        ),
        duty=Duty.SYSTEM,
        second_factor=True,
    ),
    Role.SECURITY_ADMIN: RoleRule(
        _("安全管理员授予和收回角色，重置两步验证；看不到业务数据，也不能开设账号或重置密码。"),
        _BUREAU,
        frozenset({May.ORGANISATIONS_VIEW, May.USERS_VIEW, May.ROLES_GRANT}),
        duty=Duty.SECURITY,
        second_factor=True,
    ),
    Role.AUDIT_ADMIN: RoleRule(
        _("审计管理员查看和核验全部留痕；看不到业务数据，也不能改动任何东西。"),
        _BUREAU,
        frozenset({May.ORGANISATIONS_VIEW, May.AUDIT_VIEW}),
        duty=Duty.AUDIT,
        second_factor=True,
    ),
}
"""One rule for each role; nothing else grants anything."""
