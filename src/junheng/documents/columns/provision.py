"""Sheets of what schools have and need: pupils, posts, resources, their history and their partners."""

from __future__ import annotations

from junheng.documents.columns.column import Column, Kind, Sheet
from junheng.facts.codes import HistoryKind, PairingKind, Stage, Subject

SCHOOL_OF_ROW = Column(
    "school_id",
    "学校",
    "School",
    Kind.SCHOOL,
    "学校代码，或“学校”表中的学校名称",
    "Code of the school, or its name as on the schools sheet",
    "3199010001",
    required=True,
    also=("学校代码", "学校名称", "校名", "school_id"),
)
STAGE = Column(
    "stage",
    "学段",
    "Stage",
    Kind.CODE,
    "小学或初中",
    "Primary or junior secondary",
    "初中",
    Stage,
    required=True,
    also=("任教学段",),
)


def _amount(field: str, zh: str, en: str, help_zh: str, help_en: str, example: str) -> Column:  # noqa: PLR0917 - a row of a table
    return Column(field, zh, en, Kind.NUMBER, help_zh, help_en, example, minimum=0)


ENROLMENT = Sheet(
    "enrolment",
    "班级与学生",
    "Enrolment",
    "每校每年级一行。",
    "One row for each grade of a school.",
    (
        SCHOOL_OF_ROW,
        STAGE,
        Column(
            "grade",
            "年级",
            "Grade",
            Kind.INTEGER,
            "1—9",
            "1 to 9",
            "7",
            required=True,
            minimum=1,
            maximum=9,
        ),
        Column(
            "pupils",
            "学生数",
            "Pupils",
            Kind.INTEGER,
            "在校学生人数",
            "Number of pupils",
            "180",
            required=True,
            minimum=0,
            also=("在校生数", "学生人数"),
        ),
        Column(
            "classes",
            "班级数",
            "Classes",
            Kind.INTEGER,
            "教学班数",
            "Number of classes",
            "4",
            required=True,
            minimum=0,
            also=("班数", "教学班数"),
        ),
    ),
    required=True,
    also=("学生", "班级"),
)

POSTS = Sheet(
    "posts",
    "编制与学科需求",
    "Posts and requirements",
    "每校每学段一行填编制数（学科空白），每校每学段每学科一行填需求教师数。",
    "For each school and stage one row with posts (subject blank) and one row per subject with teachers required.",
    (
        SCHOOL_OF_ROW,
        STAGE,
        Column(
            "posts",
            "编制数",
            "Posts",
            Kind.INTEGER,
            "该学段核定教职工编制数",
            "Authorised establishment of the stage, all staff",
            "46",
            minimum=0,
            also=("核定编制", "编制"),
        ),
        Column(
            "subject",
            "学科",
            "Subject",
            Kind.CODE,
            "需求的学科；只填编制数的行留空",
            "Subject required; blank on rows that only give posts",
            "数学",
            Subject,
        ),
        Column(
            "required",
            "需求教师数",
            "Teachers required",
            Kind.INTEGER,
            "该学科应配教师数",
            "Teachers of the subject that the school needs",
            "6",
            minimum=0,
            also=("应配教师数", "需求数"),
        ),
        Column(
            "weekly_periods",
            "周课时",
            "Weekly periods",
            Kind.NUMBER,
            "该学科每周总课时，选填",
            "Weekly periods of the subject, optional",
            "60",
            minimum=0,
            also=("周课时数",),
        ),
    ),
    also=("编制", "学科需求"),
)

RESOURCES = Sheet(
    "resources",
    "办学条件",
    "Resources",
    "每校每学段一行，优质均衡指标所用。",
    "One row for each school and stage; the amounts behind the balance indicators.",
    (
        SCHOOL_OF_ROW,
        STAGE,
        _amount(
            "teaching_area_m2",
            "教学及辅助用房面积（平方米）",
            "Teaching area (m2)",
            "教学及辅助用房面积",
            "Floor area of teaching and auxiliary rooms",
            "4200",
        ),
        _amount(
            "sports_area_m2",
            "体育运动场馆面积（平方米）",
            "Sports area (m2)",
            "体育运动场馆面积",
            "Area of sports grounds and halls",
            "8000",
        ),
        _amount(
            "equipment_yuan",
            "教学仪器设备值（元）",
            "Equipment value (yuan)",
            "教学仪器设备值，单位：元（不是万元）",
            "Value of teaching equipment in yuan",
            "1860000",
        ),
        Column(
            "multimedia_rooms",
            "网络多媒体教室数",
            "Multimedia rooms",
            Kind.INTEGER,
            "网络多媒体教室间数",
            "Number of networked multimedia classrooms",
            "24",
            minimum=0,
        ),
    ),
)

HISTORY = Sheet(
    "history",
    "学校沿革",
    "School history",
    "学校新建、更名、合并、撤销，每件一行。合并前学校的任教年限按此认定。",
    "Foundations, changes of name, mergers and closures, one row each; years at a merged school are counted by it.",
    (
        SCHOOL_OF_ROW,
        Column(
            "kind", "沿革类型", "Event", Kind.CODE, "发生了什么", "What happened", "并入", HistoryKind, required=True
        ),
        Column("on", "日期", "Date", Kind.DATE, "生效日期", "Date of effect", "2019-09-01", required=True),
        Column(
            "other_name",
            "相关学校名称",
            "Other school's name",
            Kind.TEXT,
            "原校名，或并入的学校名称",
            "Former name, or the name of the school absorbed",
            "河东镇第二小学",
            blank="",
        ),
        Column(
            "other_id",
            "相关学校代码",
            "Other school's code",
            Kind.KEY,
            "并入的学校代码",
            "Code of the school absorbed",
            "2199010009",
            blank="",
        ),
    ),
)

PAIRINGS = Sheet(
    "pairings",
    "结对",
    "Pairings",
    "结对帮扶、集团、共同体，每对学校一行。",
    "Pairing assistance, groups and communities, one row for each pair of schools.",
    (
        Column(
            "supporting_id",
            "支援学校",
            "Supporting school",
            Kind.SCHOOL,
            "支援方学校代码或名称",
            "Code or name of the supporting school",
            "3199010001",
            required=True,
        ),
        Column(
            "supported_id",
            "受援学校",
            "Supported school",
            Kind.SCHOOL,
            "受援方学校代码或名称",
            "Code or name of the supported school",
            "3199010002",
            required=True,
        ),
        Column(
            "kind",
            "结对类型",
            "Pairing kind",
            Kind.CODE,
            "空白按结对帮扶",
            "Blank means pairing assistance",
            "结对帮扶",
            PairingKind,
            blank=PairingKind.ASSISTANCE,
        ),
        Column("start", "开始日期", "From", Kind.DATE, "结对开始", "First day", "2025-09-01"),
        Column("end", "结束日期", "To", Kind.END_DATE, "结对结束，未结束留空", "Last day, blank while it lasts", ""),
    ),
    also=("结对帮扶",),
)
