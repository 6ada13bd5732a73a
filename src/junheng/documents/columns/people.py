"""The sheet of teachers: one row each, the present state."""

from __future__ import annotations

from junheng.documents.columns.column import Column, Kind, Sheet
from junheng.facts.codes import Education, Role, Sex, Stage, Subject


def _yes_no(field: str, zh: str, en: str, help_zh: str, help_en: str, example: str, *also: str) -> Column:  # noqa: PLR0917 - a row of a table
    return Column(field, zh, en, Kind.YES_NO, help_zh, help_en, example, also=also)


def _plane(field: str, zh: str, en: str, help_zh: str, help_en: str) -> Column:
    return Column(field, zh, en, Kind.NUMBER, help_zh, help_en)


_IDENTITY = (
    Column(
        "id",
        "工号",
        "Teacher number",
        Kind.KEY,
        "教职工号，全县不重复，按文本填写",
        "The county's own number of the teacher, unique, as text",
        "T0001",
        required=True,
        also=("教职工号", "教师编号", "教师工号"),
    ),
    Column(
        "name", "姓名", "Name", Kind.NAME, "教师姓名", "Name of the teacher", "张三", required=True, also=("教师姓名",)
    ),
    Column(
        "id_number",
        "身份证件号",
        "ID number",
        Kind.ID_NUMBER,
        "18位身份证号或其他证件号，按文本填写；属个人敏感信息",
        "18-digit resident ID number or another document's number, as text; sensitive",
        "990101198505120014",
        blank="",
        also=("身份证号", "身份证", "身份证号码", "证件号码", "公民身份号码"),
    ),
    Column(
        "sex",
        "性别",
        "Sex",
        Kind.CODE,
        "空白则取自身份证号",
        "Taken from the ID number when blank",
        "男",
        Sex,
    ),
    Column(
        "birth_date",
        "出生日期",
        "Date of birth",
        Kind.BIRTH,
        "空白则取自身份证号",
        "Taken from the ID number when blank",
        "1985-05-12",
        also=("出生年月", "出生年月日"),
    ),
)

_PLACE = (
    Column(
        "school_id",
        "人事关系学校",
        "Establishment school",
        Kind.SCHOOL,
        "编制所在学校代码或名称",
        "Code or name of the school that holds the establishment",
        "3199010001",
        required=True,
        also=("学校", "校名", "学校名称", "单位", "编制所在学校", "所在学校"),
    ),
    Column(
        "school_name",
        "学校名称核对",
        "School name (check)",
        Kind.CHECK,
        "人事关系学校的名称，仅供核对，可不填",
        "Name of the establishment school, only compared",
    ),
    Column(
        "teaching_school_id",
        "实际任教学校",
        "Teaching school",
        Kind.SCHOOL,
        "交流、支教、借调期间实际任教的学校；与人事关系学校相同则留空",
        "Where the teacher works while away; blank when the same",
        "",
        blank="",
        also=("任教学校", "现任教学校"),
    ),
    Column(
        "stage",
        "学段",
        "Stage",
        Kind.CODE,
        "任教学段：小学或初中",
        "Primary or junior secondary",
        "初中",
        Stage,
        required=True,
        also=("任教学段",),
    ),
    Column(
        "main_subject",
        "主教学科",
        "Main subject",
        Kind.CODE,
        "主要任教学科",
        "Main subject taught",
        "数学",
        Subject,
        required=True,
        also=("学科", "任教学科", "教授科目"),
    ),
    Column(
        "also_teaches",
        "兼教学科",
        "Also teaches",
        Kind.CODES,
        "其他任教学科，用顿号分隔",
        "Other subjects, separated by commas",
        "科学、信息技术",
        Subject,
        blank=(),
        also=("兼任学科",),
    ),
)

_POST = (
    _yes_no(
        "specialist",
        "学科专任",
        "Specialist",
        "是否专任本学科（如专任音体美）",
        "Whether the teacher teaches only the subject",
        "是",
        "是否学科专任",
    ),
    _yes_no("on_establishment", "在编", "On establishment", "是否在编", "Whether on establishment", "是", "是否在编"),
    _yes_no("in_post", "在岗", "In post", "是否在岗", "Whether in post", "是", "是否在岗", "在岗状态"),
    _yes_no(
        "seconded_in", "借入", "Seconded in", "是否由外单位借入", "Whether on loan from elsewhere", "否", "是否借入"
    ),
    _yes_no(
        "full_time",
        "专任教师",
        "Full-time teacher",
        "是否专任教师",
        "Whether a full-time teacher",
        "是",
        "是否专任教师",
    ),
    Column(
        "role",
        "行政职务",
        "Role",
        Kind.CODE,
        "空白按教师",
        "Blank means teacher",
        "教师",
        Role,
        blank=Role.TEACHER,
        also=("职务", "校级职务", "职务角色"),
    ),
    Column(
        "work_start",
        "参加工作时间",
        "Began work",
        Kind.DATE,
        "参加工作年月",
        "Year and month of beginning work",
        "2007-09",
        also=("参加工作年月", "参加工作日期"),
    ),
    Column(
        "joined_current_school",
        "入现单位时间",
        "Joined school",
        Kind.DATE,
        "进入现人事关系学校年月",
        "Year and month of joining the establishment school",
        "2012-09",
        also=("进本校年月", "进入本校时间", "到校时间"),
    ),
    Column(
        "education",
        "最高学历",
        "Education",
        Kind.CODE,
        "最高学历",
        "Highest education",
        "本科",
        Education,
        also=("学历",),
    ),
    Column(
        "certificate_stage",
        "教师资格学段",
        "Certificate stage",
        Kind.TEXT,
        "教师资格证的学段",
        "Stage on the teaching certificate",
        "初级中学",
        blank="",
        also=("教师资格", "教师资格种类"),
    ),
)

_CYCLE = (
    Column(
        "commute_limit_km",
        "通勤上限（千米）",
        "Commute limit (km)",
        Kind.NUMBER,
        "教师本人填报的单程通勤上限",
        "The longest one-way commute the teacher accepts",
        "15",
        minimum=0,
        also=("通勤上限",),
    ),
    _plane("home_x_km", "住址横坐标（千米）", "Home X (km)", "与学校坐标同一原点", "Same origin as the schools"),
    _plane("home_y_km", "住址纵坐标（千米）", "Home Y (km)", "与学校坐标同一原点", "Same origin as the schools"),
    _yes_no(
        "applied",
        "本年申请交流",
        "Applied",
        "本周期是否申请交流",
        "Whether the teacher applied in this cycle",
        "否",
        "是否申请交流",
    ),
    Column(
        "deferral_reason",
        "暂缓原因",
        "Deferral reason",
        Kind.TEXT,
        "申请暂缓的原因",
        "Reason for deferral",
        "",
        blank="",
    ),
    Column(
        "deferral_approved_by",
        "暂缓批准机关",
        "Deferral approved by",
        Kind.TEXT,
        "批准暂缓的机关",
        "Who approved the deferral",
        "",
        blank="",
    ),
    Column(
        "retirement_override",
        "核定退休日期",
        "Approved retirement date",
        Kind.DATE,
        "弹性提前或延迟退休已批准的日期；空白按法定年龄计算",
        "Date approved for flexible retirement; blank means the statutory date",
        "",
        also=("退休日期",),
    ),
    Column("note", "备注", "Note", Kind.TEXT, "其他说明", "Anything else", "", blank=""),
)

TEACHERS = Sheet(
    "teachers",
    "教师",
    "Teachers",
    "每位教师一行，填写数据日期当日的状态。以工号为准，各表凭工号相连。",
    "One row for each teacher, as of the data date. Sheets are joined by the teacher number.",
    (*_IDENTITY, *_PLACE, *_POST, *_CYCLE),
    required=True,
    also=("教师名册", "教师花名册", "在编教师", "教职工"),
)
