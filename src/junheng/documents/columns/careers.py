"""Sheets of dated facts about teachers: many rows to a teacher, joined by the teacher number."""

from __future__ import annotations

from junheng.documents.columns.column import Column, Kind, Sheet
from junheng.facts.codes import (
    Health,
    HonorKind,
    LeaveKind,
    Level,
    SanctionKind,
    SpellKind,
    Title,
)

TEACHER_OF_ROW = Column(
    "teacher_id",
    "工号",
    "Teacher number",
    Kind.TEACHER,
    "“教师”表中的工号",
    "The number on the teachers sheet",
    "T0001",
    required=True,
    also=("教职工号", "教师编号", "教师工号"),
)
NAME_CHECK = Column(
    "teacher_name",
    "姓名",
    "Name",
    Kind.CHECK,
    "仅供核对，可不填；与工号对应的姓名不符即报错",
    "Only compared with the name of that teacher; may be blank",
    "张三",
    also=("教师姓名",),
)
OF_TEACHER = (TEACHER_OF_ROW, NAME_CHECK)


def _start(zh: str = "开始日期", *also: str) -> Column:
    return Column(
        "start", zh, "From", Kind.DATE, "第一天；只填年月按1日", "First day", "2019-09-01", required=True, also=also
    )


def _end(zh: str = "结束日期", *also: str) -> Column:
    return Column(
        "end",
        zh,
        "To",
        Kind.END_DATE,
        "最后一天；只填年月按月末；未结束留空或填“至今”",
        "Last day; blank while it lasts",
        "2020-08-31",
        also=also,
    )


def whole_number(field: str, zh: str, en: str, help_zh: str, help_en: str, example: str, low: int, high: int) -> Column:  # noqa: PLR0917 - a row of a table
    """A column of whole numbers between two bounds."""
    return Column(field, zh, en, Kind.INTEGER, help_zh, help_en, example, minimum=low, maximum=high)


APPOINTMENTS = Sheet(
    "appointments",
    "任职经历",
    "Appointments",
    "每段任教、交流、支教、借调经历一行，时间不重叠。",
    "One row for each spell of posting, exchange, support or secondment.",
    (
        *OF_TEACHER,
        Column(
            "school_id",
            "学校",
            "School",
            Kind.PAST_SCHOOL,
            "本县学校代码或名称；县外学校留空并填县外单位名称",
            "School of the county by code or name; blank for one outside, then give its name in the next column",
            "3199010001",
            blank="",
            also=("学校代码", "任教学校"),
        ),
        Column(
            "school_name",
            "县外单位名称",
            "School outside the county",
            Kind.TEXT,
            "县外学校名称",
            "Name of a school outside the county",
            "",
            blank="",
            also=("单位名称",),
        ),
        Column(
            "kind",
            "任职类型",
            "Spell kind",
            Kind.CODE,
            "空白按任职",
            "Blank means regular post",
            "任职",
            SpellKind,
            blank=SpellKind.POST,
            also=("经历类型", "交流轮岗类型"),
        ),
        _start("开始日期", "开始时间", "开始年月"),
        _end("结束日期", "结束时间", "结束年月"),
        Column(
            "personnel_moved",
            "调动人事关系",
            "Personnel relation moved",
            Kind.YES_NO,
            "是否调动人事关系；空白按否",
            "Whether the personnel relation moved; blank means no",
            "否",
            blank=False,
            also=("是否调动人事关系",),
        ),
    ),
    also=("工作经历",),
)

TITLES = Sheet(
    "titles",
    "职称岗位",
    "Titles and grades",
    "每次职称或岗位等级变动一行，按聘用时间。",
    "One row for each professional title or post grade held from a date.",
    (
        *OF_TEACHER,
        Column(
            "title",
            "职称",
            "Title",
            Kind.CODE,
            "现行或原职称名称均可",
            "Professional title, new or old name",
            "一级教师",
            Title,
            required=True,
            also=("专业技术职务", "现聘职称"),
        ),
        Column(
            "start",
            "聘用日期",
            "Held from",
            Kind.DATE,
            "聘任开始年月",
            "Month of appointment",
            "2016-12",
            required=True,
            also=("聘用时间", "开始日期", "聘任开始年月"),
        ),
        whole_number(
            "post_grade", "岗位等级", "Post grade", "专业技术岗位等级，1—13", "Grade of the technical post", "9", 1, 13
        ),
    ),
    also=("职称",),
)

HONORS = Sheet(
    "honors",
    "荣誉",
    "Honours",
    "每项荣誉称号一行。",
    "One row for each honour.",
    (
        *OF_TEACHER,
        Column(
            "kind", "称号类别", "Honour", Kind.CODE, "称号类别", "Sort of honour", "骨干教师", HonorKind, required=True
        ),
        Column("level", "级别", "Level", Kind.CODE, "授予级别", "Level of government", "县级", Level, required=True),
        _start("授予日期", "开始日期", "授予时间"),
        _end("有效期至", "结束日期"),
        Column("title", "称号名称", "Full name", Kind.TEXT, "证书上的名称", "As on the certificate", "", blank=""),
        Column(
            "counts_as_backbone",
            "认定为骨干",
            "Counts as backbone",
            Kind.YES_NO,
            "是否按县级以上骨干教师计；空白按类别判断",
            "Whether it counts as backbone; blank means by its kind",
            "",
        ),
    ),
)

LEAVES = Sheet(
    "leaves",
    "请假",
    "Leave",
    "每次请假一行。",
    "One row for each absence.",
    (
        *OF_TEACHER,
        Column(
            "kind", "请假类型", "Leave kind", Kind.CODE, "请假类型", "Sort of leave", "病假", LeaveKind, required=True
        ),
        _start(),
        _end(),
        Column("approved_by", "批准单位", "Approved by", Kind.TEXT, "批准单位", "Who approved", "", blank=""),
    ),
)

SANCTIONS = Sheet(
    "sanctions",
    "处分",
    "Sanctions",
    "每次处分或立案审查一行；属敏感信息。",
    "One row for each sanction or inquiry; sensitive.",
    (
        *OF_TEACHER,
        Column(
            "kind",
            "处分类型",
            "Sanction",
            Kind.CODE,
            "处分类型",
            "Sort of sanction",
            "警告",
            SanctionKind,
            required=True,
        ),
        _start("开始日期", "处分日期"),
        _end("结束日期", "撤销日期"),
    ),
)

FAMILY = Sheet(
    "family",
    "家庭情况",
    "Family and health",
    "需要照顾的家庭和健康情况，每位教师至多一行；属敏感信息，只由人事科填写和保管。",
    "Family and health circumstances, at most one row for a teacher; sensitive, kept by the personnel office.",
    (
        *OF_TEACHER,
        Column(
            "spouse_id",
            "配偶工号",
            "Spouse's number",
            Kind.TEACHER,
            "配偶也是本县教师时填工号",
            "Spouse's teacher number",
            "",
            blank="",
        ),
        Column(
            "spouse_condition",
            "配偶情况",
            "Spouse's circumstance",
            Kind.TEXT,
            "如长期病残",
            "Such as long illness",
            "",
            blank="",
        ),
        Column(
            "youngest_child_birth",
            "最小子女出生日期",
            "Youngest child's birth",
            Kind.DATE,
            "最小子女出生日期",
            "Date of birth",
            "2025-03-08",
        ),
        Column("family_event", "家庭变故", "Family event", Kind.TEXT, "家庭变故说明", "Family event", "", blank=""),
        Column("health", "健康情况", "Health", Kind.CODE, "无特殊情况留空", "Blank when nothing special", "", Health),
        Column(
            "health_certificate_level",
            "诊断证明级别",
            "Certificate level",
            Kind.TEXT,
            "出具诊断证明的医院级别",
            "Level of the certifying hospital",
            "县级",
            blank="",
        ),
        Column(
            "health_leave_approved",
            "病休已批准",
            "Sick rest approved",
            Kind.YES_NO,
            "是否已批准病休",
            "Whether approved",
            "",
        ),
        Column("pregnant", "孕期", "Pregnant", Kind.YES_NO, "是否在孕期", "Whether pregnant", ""),
        Column("lactating", "哺乳期", "Lactating", Kind.YES_NO, "是否在哺乳期", "Whether lactating", ""),
        Column(
            "unfit_to_teach",
            "不宜任教",
            "Unfit to teach",
            Kind.YES_NO,
            "是否经认定不宜任教",
            "Whether found unfit to teach",
            "",
        ),
    ),
    also=("家庭与健康",),
)
