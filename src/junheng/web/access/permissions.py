"""Every permission there is, each with a sentence of prose."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What a role may allow. A permission holds within the organisations of the grant that gives it."""

    OWN_FILE = "staffing.own_file", _("查看本人档案，并对其中的错误提出更正")
    TEACHERS_VIEW = "staffing.teachers_view", _("查看范围内教师的名册和一人一档，证件号码以掩码显示")
    TEACHERS_EDIT = "staffing.teachers_edit", _("登记范围内教师的任职、职称、荣誉等变动")
    TEACHERS_SENSITIVE = "staffing.teachers_sensitive", _("查看范围内教师的健康、家庭和处分情况")
    ID_REVEAL = "staffing.id_reveal", _("说明理由后查看一位教师的完整证件号码；每次都留痕")
    CORRECTIONS_DECIDE = "staffing.corrections_decide", _("对教师提出的更正作出采纳或不采纳的决定")
    SCHOOLS_VIEW = "staffing.schools_view", _("查看范围内学校的一校一档")
    SCHOOLS_EDIT = "staffing.schools_edit", _("登记范围内学校的班级、学生、资源等变动")
    LINKS_EDIT = "staffing.links_edit", _("登记学校结对、片区和县外结对，以及各自共享的内容")
    ESTABLISHMENT_VIEW = "staffing.establishment_view", _("查看范围内的编制、余缺、借调和退休情况")
    ESTABLISHMENT_DRAFT = "staffing.establishment_draft", _("拟定编制方案，并在核定总额内分配到校")
    ESTABLISHMENT_VERIFY = "staffing.establishment_verify", _("记录机构编制部门会同财政部门的核定结果")
    ESTABLISHMENT_APPROVE = "staffing.establishment_approve", _("记录机构编制委员会的审批和备案结果")
    INTAKE_UPLOAD = "staffing.intake_upload", _("上传范围内的工作簿或花名册并预演，不改动数据")
    INTAKE_CONFIRM = "staffing.intake_confirm", _("确认预演无误的导入，写入数据")
    EXPORT_LISTS = "staffing.export_lists", _("导出所列名单；每次导出都留痕、计数并加水印")
    EXPORT_COUNTY = "staffing.export_county", _("导出全县工作簿和国家系统字段")
    SNAPSHOT_TAKE = "staffing.snapshot_take", _("固定一份数据快照，作为测算和报表的依据")
    ROTATION_OWN = "rotation.own", _("核对本人信息，查看本人的资格认定，提出申请，记录本人的交流")
    ROTATION_VIEW = "rotation.view", _("查看范围内的轮岗年度、进度、认定结果和交流任务")
    ROTATION_FOLLOW = "rotation.follow", _("查看范围内轮岗年度的进度、政策、组织、会议、指标、需求和文件，不看人员")
    ROTATION_PREPARE = "rotation.prepare", _("建立轮岗年度，选定政策包和参数，安排阶段日期，拟定指标和文件")
    ROTATION_SCHOOL = "rotation.school", _("办理本校的核对、推荐、接收、考勤和月报")
    ROTATION_SIGN = "rotation.sign", _("签署本校的推荐意见、承诺和报告")
    ROTATION_CLUSTER = "rotation.cluster", _("审核本学区的申请和推荐，汇总月报，签署期满意见")
    ROTATION_REVIEW = "rotation.review", _("审定全县的申请、暂缓和事实异议")
    ROTATION_PLAN = "rotation.plan", _("编制和比较轮岗方案，指定、禁止和人工调整，均须说明理由")
    ROTATION_ADOPT = "rotation.adopt", _("提请采用和确认采用方案；须由两人分别办理")
    ROTATION_PUBLISH = "rotation.publish", _("发布公示和文件，处理异议")
    ROTATION_ORDER = "rotation.order", _("签发调配文件，变更、延长和提前结束交流任务")
    OVERVIEW_VIEW = "reporting.overview_view", _("查看范围内的概览、均衡图表和学校分布图")
    ORGANISATIONS_VIEW = "directory.organisations_view", _("查看机构树和通讯录")
    ORGANISATIONS_EDIT = "directory.organisations_edit", _("增设、更名、撤并机构，维护集团和结对")
    USERS_VIEW = "directory.users_view", _("查看范围内的账号及其角色")
    USERS_EDIT = "directory.users_edit", _("开设和停用账号，重置密码")
    ROLES_GRANT = "directory.roles_grant", _("授予和收回角色，收回即时生效；重置两步验证")
    DEPUTY_NAME = "directory.deputy_name", _("在期限内委托他人代行本人的角色")
    JOBS_VIEW = "records.jobs_view", _("查看后台任务的进度和结果")
    AUDIT_VIEW = "records.audit_view", _("查看留痕，核验留痕链是否完整")
    HOOKS_EDIT = "records.hooks_edit", _("设置网络钩子，把消息转发到短信网关、钉钉和企业微信")
