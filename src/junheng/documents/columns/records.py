"""Sheets of yearly records about teachers: assessments, exams, training hours, and the wishes of this year."""

from __future__ import annotations

from junheng.documents.columns.careers import OF_TEACHER, whole_number
from junheng.documents.columns.column import Column, Kind, Sheet
from junheng.facts.codes import ExamScope, Grade, Subject, TrainingKind

ASSESSMENTS = Sheet(
    "assessments",
    "考核",
    "Assessments",
    "每人每年度一行。",
    "One row for each teacher and year.",
    (
        *OF_TEACHER,
        Column(
            "year",
            "年度",
            "Year",
            Kind.INTEGER,
            "考核年度",
            "Year assessed",
            "2025",
            required=True,
            minimum=1950,
            maximum=2100,
        ),
        Column(
            "grade", "等次", "Grade", Kind.CODE, "年度考核等次", "Grade", "合格", Grade, also=("考核结果", "考核等次")
        ),
        Column("score", "得分", "Score", Kind.NUMBER, "考核得分", "Score", "91.5", also=("考核得分",)),
        whole_number("rank", "名次", "Rank", "校内名次，1为最好", "Rank in the school, 1 is best", "3", 1, 99999),
        whole_number("of", "参评人数", "Out of", "校内参评人数", "Number ranked", "42", 1, 99999),
        Column(
            "ethics_passed", "师德合格", "Ethics passed", Kind.YES_NO, "师德考核是否合格", "Whether ethics passed", "是"
        ),
    ),
    also=("年度考核",),
)

EXAMS = Sheet(
    "exams",
    "考试成绩",
    "Exam results",
    "期末检测：每人每学期每学科每年级一行。",
    "Term-end exams: one row for each teacher, term, subject and grade.",
    (
        *OF_TEACHER,
        Column(
            "year",
            "学年",
            "School year",
            Kind.INTEGER,
            "学年开始的年份",
            "Year in which it began",
            "2025",
            required=True,
            minimum=1950,
            maximum=2100,
        ),
        Column("term", "学期", "Term", Kind.INTEGER, "1或2", "1 or 2", "1", required=True, minimum=1, maximum=2),
        Column("subject", "学科", "Subject", Kind.CODE, "学科", "Subject", "数学", Subject, required=True),
        Column("grade", "年级", "Grade", Kind.INTEGER, "1—9", "1 to 9", "7", required=True, minimum=1, maximum=9),
        Column("mean", "平均分", "Mean", Kind.NUMBER, "所教班平均分", "Mean of the classes taught", "78.4"),
        Column(
            "scope_mean",
            "范围平均分",
            "Mean of the scope",
            Kind.NUMBER,
            "比较范围的平均分",
            "Mean of the scope",
            "74.0",
        ),
        whole_number(
            "rank_from_bottom", "倒数名次", "Rank from bottom", "1为最后一名", "1 is the last", "12", 1, 99999
        ),
        Column(
            "scope",
            "比较范围",
            "Scope",
            Kind.CODE,
            "空白按全乡",
            "Blank means township",
            "全乡",
            ExamScope,
            blank=ExamScope.TOWNSHIP,
        ),
    ),
)

TRAINING = Sheet(
    "training",
    "学时",
    "Training hours",
    "每学年每类学时一行。",
    "One row for each school year and kind of training.",
    (
        *OF_TEACHER,
        Column(
            "school_year",
            "学年",
            "School year",
            Kind.INTEGER,
            "学年开始的年份，2025指2025年9月至2026年8月",
            "Year in which it began",
            "2025",
            required=True,
            minimum=1950,
            maximum=2100,
        ),
        Column(
            "kind",
            "学时类别",
            "Kind",
            Kind.CODE,
            "学时类别",
            "How they were earned",
            "集中培训",
            TrainingKind,
            required=True,
        ),
        Column(
            "hours", "学时数", "Hours", Kind.NUMBER, "学时", "Hours", "24", required=True, minimum=0, also=("学时",)
        ),
        Column(
            "ethics",
            "师德学时",
            "Ethics",
            Kind.YES_NO,
            "是否师德修养学时；空白按否",
            "Whether on ethics; blank means no",
            "否",
            blank=False,
        ),
    ),
    also=("继续教育学时",),
)

WISHES = Sheet(
    "wishes",
    "志愿",
    "Wishes",
    "每个志愿一行，顺序从1起不间断。",
    "One row for each wish, ranked from 1 without gaps.",
    (
        *OF_TEACHER,
        Column(
            "rank",
            "志愿顺序",
            "Rank",
            Kind.INTEGER,
            "1为第一志愿",
            "1 is the first choice",
            "1",
            required=True,
            minimum=1,
            maximum=99,
            also=("顺序",),
        ),
        Column(
            "school_id",
            "志愿学校",
            "School",
            Kind.SCHOOL,
            "学校代码或名称",
            "Code or name of the school",
            "3199010002",
            required=True,
            also=("学校",),
        ),
    ),
)
