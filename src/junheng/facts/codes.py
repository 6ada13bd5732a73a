"""Code lists of the field: what a cell of a county workbook may say, in Chinese, in English and in code.

Every list is a :class:`Code`: its value is the stable identifier used in files for machines, ``zh`` and ``en`` are
the labels that people read, and ``also`` are other spellings met in real rosters.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A value of a code list with its Chinese and English label.

    :meth:`read` turns any accepted spelling into the value; it raises ``ValueError`` for anything else.
    """

    zh: str
    en: str
    also: tuple[str, ...]

    def __new__(cls, value: str, zh: str, en: str, *also: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.en = en
        member.also = also
        return member

    def label(self, lang: str = "zh") -> str:
        """The label in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    @classmethod
    def read(cls, text: str) -> Self:
        """The member that ``text`` names by value, label or accepted spelling; ``ValueError`` when none does."""
        wanted = text.strip()
        for member in cls:
            if wanted in (member.value, member.zh, member.en, *member.also):
                return member
        raise ValueError(f"{wanted!r} is not one of {', '.join(m.zh for m in cls)}")


class Sex(Code):
    """GB/T 2261.1, without its values for unknown."""

    MALE = ("M", "男", "male", "1", "男性")
    FEMALE = ("F", "女", "female", "2", "女性")


class Stage(Code):
    """School stage (学段)."""

    PRIMARY = ("primary", "小学", "primary")
    JUNIOR = ("junior", "初中", "junior secondary", "初级中学")


class Locale(Code):
    """Urban–rural class of a school (统计用城乡划分)."""

    URBAN = ("urban", "城区", "urban", "城市", "城市区", "111", "112")
    TOWN = ("town", "镇区", "town", "县镇", "乡镇", "周边", "121", "122", "123")
    RURAL = ("rural", "乡村", "rural", "农村", "村", "210", "220")


class SchoolKind(Code):
    """What sort of school it is, as the policies distinguish them."""

    URBAN_PRIMARY = ("urban_primary", "城区小学", "urban primary school", "县城小学")
    CENTER_PRIMARY = ("center_primary", "中心小学", "township central primary school", "学区中心校", "中心校")
    VILLAGE_PRIMARY = ("village_primary", "村小", "village primary school", "村小学", "完全小学")
    TEACHING_POINT = ("teaching_point", "教学点", "teaching point")
    JUNIOR_HIGH = ("junior_high", "初级中学", "junior secondary school", "初中", "中学")
    NINE_YEAR = ("nine_year", "九年一贯制", "nine-year school", "九年一贯制学校")
    COMPLETE_SECONDARY = ("complete_secondary", "完全中学", "complete secondary school")


class Strength(Code):
    """How the county classes a school for the direction of moves (优质 / 薄弱)."""

    STRONG = ("strong", "优质", "strong", "优质学校")
    ORDINARY = ("ordinary", "一般", "ordinary", "普通")
    UNDER_RESOURCED = ("under_resourced", "薄弱", "under-resourced", "薄弱学校")

    @property
    def rank(self) -> int:
        """1 for under-resourced … 3 for strong."""
        return len(Strength) - [*Strength].index(self)


class Subject(Code):
    """Subjects of compulsory education."""

    CHINESE = ("chinese", "语文", "Chinese")
    MATHS = ("maths", "数学", "mathematics")
    ENGLISH = ("english", "英语", "English", "外语")
    SCIENCE = ("science", "科学", "science")
    ETHICS = ("ethics", "道德与法治", "ethics and law", "道法", "思想品德", "政治", "品德与社会")
    PHYSICS = ("physics", "物理", "physics")
    CHEMISTRY = ("chemistry", "化学", "chemistry")
    BIOLOGY = ("biology", "生物", "biology", "生物学")
    HISTORY = ("history", "历史", "history")
    GEOGRAPHY = ("geography", "地理", "geography")
    PE = ("pe", "体育", "physical education", "体育与健康")
    MUSIC = ("music", "音乐", "music")
    ART = ("art", "美术", "fine arts")
    ARTS = ("arts", "艺术", "arts")
    IT = ("it", "信息技术", "information technology", "信息科技", "计算机")
    LABOUR = ("labour", "劳动", "labour education", "劳动与技术")
    PSYCHOLOGY = ("psychology", "心理健康", "psychological health", "心理")
    PRACTICE = ("practice", "综合实践", "integrated practice", "综合实践活动")
    OTHER = ("other", "其他", "other", "其它")


PE_ART_SUBJECTS = frozenset({Subject.PE, Subject.MUSIC, Subject.ART, Subject.ARTS})
"""Subjects that count for indicator 3 (体育、艺术专任教师)."""


class Role(Code):
    """Post held at the school (行政职务), as the policies distinguish them."""

    TEACHER = ("teacher", "教师", "teacher", "无", "专任教师", "班主任")
    PRINCIPAL = ("principal", "校长", "principal", "正校级", "党组织书记兼校长", "书记兼校长", "党组织书记", "书记")
    VICE_PRINCIPAL = ("vice_principal", "副校长", "vice-principal", "副校级", "副书记")
    DEAN = ("dean", "教导主任", "dean of studies", "教务主任", "教学主任")
    MID_LEVEL_CADRE = ("mid_level_cadre", "中层干部", "middle manager", "中层正职", "中层副职", "中层管理干部", "主任")
    VILLAGE_SCHOOL_HEAD = ("village_school_head", "村校负责人", "head of a village school", "村小负责人")
    SUPPORT_STAFF = ("support_staff", "教辅人员", "support staff", "教辅", "工勤人员", "行政人员")


class Title(Code):
    """Professional title (职称), 2015 ladder; older names are accepted spellings."""

    NONE = ("none", "未定级", "no title", "无", "未评", "未取得职称", "见习")
    THIRD = ("third", "三级教师", "third-grade teacher", "小学二级", "小学三级", "中学三级", "员级")
    SECOND = ("second", "二级教师", "second-grade teacher", "小学一级", "中学二级", "初级", "助理级")
    FIRST = ("first", "一级教师", "first-grade teacher", "小学高级", "小学高级教师", "中学一级", "中级")
    SENIOR = ("senior", "高级教师", "senior teacher", "中学高级", "副高级", "副高")
    FULL_SENIOR = ("full_senior", "正高级教师", "full senior teacher", "正高级", "正高")

    @property
    def rank(self) -> int:
        """0 for no title or third grade … 4 for full senior, the scale of the planner's interchange form."""
        return {"none": 0, "third": 0, "second": 1, "first": 2, "senior": 3, "full_senior": 4}[self.value]


class Education(Code):
    """Highest education (学历)."""

    DOCTOR = ("doctor", "博士研究生", "doctorate", "博士")
    MASTER = ("master", "硕士研究生", "master's degree", "硕士", "研究生")
    BACHELOR = ("bachelor", "本科", "bachelor's degree", "大学本科", "大学")
    COLLEGE = ("college", "专科", "junior college", "大专", "大学专科")
    SECONDARY = (
        "secondary",
        "中专及以下",
        "secondary or below",
        "中专",
        "中师",
        "高中",
        "高中阶段",
        "高中阶段以下",
        "初中",
    )

    @property
    def years(self) -> int:
        """A scale on which a higher education has a higher number."""
        return {"doctor": 5, "master": 4, "bachelor": 3, "college": 2, "secondary": 1}[self.value]


class SpellKind(Code):
    """Why a teacher was at a school during a dated spell (任职经历)."""

    POST = ("post", "任职", "regular post", "任教", "正式任职")
    EXCHANGE = ("exchange", "交流轮岗", "rotation", "交流", "轮岗", "定期交流")
    REWARD_EXCHANGE = ("reward_exchange", "奖励性交流", "reward exchange")
    SUPERVISORY_EXCHANGE = ("supervisory_exchange", "督促性交流", "supervisory exchange")
    SUPPORT = ("teaching_support", "支教", "teaching support", "支教轮教")
    SHADOWING = ("shadowing", "跟岗学习", "shadowing", "跟岗", "影子培训")
    ITINERANT = ("itinerant_teaching", "走教", "itinerant teaching", "跨校兼课")
    SECONDMENT = ("secondment", "借调", "secondment", "借用", "借出")


class LeaveKind(Code):
    """Why a teacher was away (请假)."""

    STATUTORY_MATERNITY = ("statutory_maternity", "法定产假", "statutory maternity leave", "产假")
    SICK = ("sick", "病假", "sick leave", "长病假")
    PERSONAL = ("personal", "事假", "personal leave")
    STUDY = ("study", "进修", "study leave", "脱产进修")
    OTHER = ("other", "其他", "other leave", "其它")


class HonorKind(Code):
    """Honours that policies name (荣誉称号)."""

    BACKBONE = ("backbone", "骨干教师", "backbone teacher")
    SUBJECT_LEADER = ("subject_leader", "学科带头人", "subject leader")
    MASTER_TEACHER = ("master_teacher", "名师", "master teacher")
    SPECIAL_GRADE = ("special_grade", "特级教师", "special-grade teacher")
    RISING_STAR = ("rising_star", "教坛新秀", "rising star", "教坛新星")
    TEACHING_EXPERT = ("teaching_expert", "教学能手", "teaching expert")
    MODEL_TEACHER = ("model_teacher", "模范教师", "model teacher")
    EXCELLENT_TEACHER = ("excellent_teacher", "优秀教师", "excellent teacher")
    EXCELLENT_EDUCATOR = ("excellent_educator", "优秀教育工作者", "excellent education worker")
    ETHICS_MODEL = ("ethics_model", "师德标兵", "model of ethics")
    OTHER = ("other", "其他", "other honour", "其它")


BACKBONE_HONORS = frozenset(
    {
        HonorKind.BACKBONE,
        HonorKind.SUBJECT_LEADER,
        HonorKind.MASTER_TEACHER,
        HonorKind.SPECIAL_GRADE,
        HonorKind.RISING_STAR,
        HonorKind.TEACHING_EXPERT,
    }
)
"""Honours that count as backbone (县级以上骨干教师) unless a record says otherwise."""


class Level(Code):
    """Which level of government gave an honour."""

    SCHOOL = ("school", "校级", "school")
    TOWNSHIP = ("township", "乡镇级", "township", "乡级", "镇级")
    COUNTY = ("county", "县级", "county", "区级", "区县级", "县区级", "区骨干", "district")
    CITY = ("city", "市级", "prefecture", "地市级", "市骨干", "municipal", "prefectural")
    PROVINCE = ("province", "省级", "province", "省骨干", "provincial")
    NATION = ("nation", "国家级", "national")

    @property
    def rank(self) -> int:
        """1 for school … 6 for national."""
        return [*Level].index(self) + 1


class Grade(Code):
    """Grade of an annual assessment (年度考核等次)."""

    EXCELLENT = ("excellent", "优秀", "excellent")
    QUALIFIED = ("qualified", "合格", "qualified", "称职")
    BASIC = ("basically_qualified", "基本合格", "basically qualified", "基本称职")
    UNQUALIFIED = ("unqualified", "不合格", "unqualified", "不称职")
    UNDETERMINED = ("undetermined", "不确定等次", "not graded", "未参加考核", "未定等次")


class SanctionKind(Code):
    """Disciplinary sanctions (处分)."""

    WARNING = ("warning", "警告", "warning")
    DEMERIT = ("demerit", "记过", "demerit")
    DEMOTION = ("demotion", "降低岗位等级", "demotion", "撤职")
    DISMISSAL = ("dismissal", "开除", "dismissal")
    INVESTIGATION = ("investigation", "接受审查", "under investigation", "立案审查")
    OTHER = ("other", "其他", "other", "其它")


class Health(Code):
    """Health circumstance that a policy may excuse; sensitive."""

    DISABILITY = ("disability", "身体残疾", "physical disability", "残疾")
    LONG_SICK_LEAVE = ("long_term_sick_leave", "长年病假", "long-term sick leave", "长期病假")
    MAJOR_UNDER_TREATMENT = ("major_illness_under_treatment", "重大疾病治疗中", "major illness under treatment")
    SERIOUS_CANNOT_WORK = ("serious_illness_cannot_work", "重病不能正常工作", "serious illness, cannot work")
    MAJOR_ILLNESS = ("major_illness", "重大疾病", "major illness")
    AFFECTS_WORK = ("illness_affecting_work", "患病影响工作", "illness that affects work")


class TrainingKind(Code):
    """How training hours were earned (学时类别)."""

    SCHOOL_BASED = ("school_based", "校本研修", "school-based")
    CENTRALISED = ("centralised", "集中培训", "centralised")
    DISTANCE = ("distance_or_delivered", "远程培训", "distance or delivered", "送培送教", "远程")
    SPECIAL_PROJECT = ("special_project", "专项培训", "special project", "国培", "省培", "市培")
    DEGREE = ("degree", "学历提高", "degree study", "学历提升")
    INDUCTION = ("induction", "新任教师岗前培训", "induction", "岗前培训")
    OTHER = ("other", "其他", "other", "其它")


class PairingKind(Code):
    """What binds two schools (结对帮扶)."""

    ASSISTANCE = ("assistance", "结对帮扶", "pairing assistance", "帮扶", "结对")
    GROUP = ("group", "教育集团", "education group", "集团")
    COMMUNITY = ("community", "城乡共同体", "urban–rural community", "共同体")


class HistoryKind(Code):
    """What happened to a school as an institution."""

    FOUNDED = ("founded", "新建", "founded")
    RENAMED = ("renamed", "更名", "renamed", "改名")
    MERGED_FROM = ("merged_from", "并入", "merged from", "合并")
    CLOSED = ("closed", "撤销", "closed", "停办")


class ExamScope(Code):
    """Among whom an exam result was ranked."""

    SCHOOL = ("school", "本校", "school")
    TOWNSHIP = ("township", "全乡", "township", "全镇", "学区")
    COUNTY = ("county", "全县", "county", "全区")
