"""Who the staff are: urban against rural, middle managers against the cap, base statistics, categories of staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_tables2 import Column, Table

from junheng.facts import FamilyLink, Locale, Role, Stage, Title
from junheng.indicators import middle_managers, register
from junheng.indicators.counting import is_full_time_teacher
from junheng.indicators.structure import AgeBand, Structure
from junheng.web.access import Permission, requires
from junheng.web.staffing.forms.filters import StandingFilter
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.views.establishment.pages import (
    FiguresPage,
    NumberColumn,
    Row,
    card,
    people_card,
    school_page,
    school_row,
    show,
)
from junheng.web.staffing.views.establishment.scope import Scope

SENIOR = (Title.SENIOR, Title.FULL_SENIOR)
_LOCALES = {locale.value: locale for locale in Locale}
_RATES = ("staffing_rate", "qualification_rate", "senior_rate", "backbone_rate")


def percent(share: Fraction | None) -> float | None:
    """A share as a percentage with one decimal."""
    return None if share is None else round(float(share) * 100, 1)


class PercentColumn(NumberColumn):
    """A percentage."""

    def render(self, value: float) -> str:
        """With its sign."""
        return f"{value:.1f}%"


class StructureTable(Table):
    """The four indicators of every school."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    locale = Column(gettext_lazy("城乡"))
    cluster = Column(gettext_lazy("学区"))
    teachers = NumberColumn("teachers", verbose_name=gettext_lazy("专任教师"))
    staffing_rate = PercentColumn(verbose_name=gettext_lazy("学科教师配齐率"))
    qualification_rate = PercentColumn(verbose_name=gettext_lazy("学历达标率"))
    senior_rate = PercentColumn(verbose_name=gettext_lazy("高级岗位比例"))
    first_rate = PercentColumn(verbose_name=gettext_lazy("中级岗位比例"))
    backbone_rate = PercentColumn(verbose_name=gettext_lazy("骨干比例"))
    mean_age = NumberColumn(digits=1, verbose_name=gettext_lazy("平均年龄"))
    under_35 = PercentColumn(verbose_name=gettext_lazy("35岁以下"))
    over_50 = PercentColumn(verbose_name=gettext_lazy("50岁及以上"))

    class Meta:
        attrs = {"class": "frozen-1"}


def structure_values(structure: Structure) -> dict[str, Any]:
    """The figures of a structure, as percentages."""
    count = structure.teachers
    young = sum(structure.ages.get(b, 0) for b in (AgeBand.UNDER_25, AgeBand.FROM_25, AgeBand.FROM_30))
    older = sum(structure.ages.get(b, 0) for b in (AgeBand.FROM_50, AgeBand.FROM_55, AgeBand.FROM_60))
    return {
        "teachers": count,
        "staffing_rate": percent(structure.staffing_rate),
        "qualification_rate": percent(structure.qualification_rate),
        "senior_rate": percent(structure.title_rate(*SENIOR)),
        "first_rate": percent(structure.title_rate(Title.FIRST)),
        "backbone_rate": percent(structure.backbone_rate),
        "mean_age": None if structure.mean_age is None else round(structure.mean_age, 1),
        "under_35": percent(Fraction(young, count)) if count else None,
        "over_50": percent(Fraction(older, count)) if count else None,
    }


class StructurePage(FiguresPage):
    """Four structure indicators of every school, urban against rural (R-280)."""

    table_class = StructureTable
    page = "structure"
    heading = gettext_lazy("城乡结构对比")
    empty = gettext_lazy("还没有学校数据。请先在“导入导出”中导入全县工作簿。")

    def all_rows(self) -> Iterable[Row]:
        """Every school in scope."""
        for structure in self.scope.figures.structure.schools:
            if self.scope.sees(structure.key):
                row = school_row(self.scope, self.scope.school_by_id[structure.key])
                yield row | structure_values(structure)

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Urban, town and rural side by side, for whoever sees the whole county."""
        remarks = [
            _("学科教师配齐率＝已配的需求岗位÷全部需求岗位，富余不抵短缺；学历达标：小学专科及以上，初中本科及以上。"),
            _("按实际任教校统计专任教师；学历空白的不计入达标率。"),
        ]
        if not self.scope.whole:
            return {"remarks": remarks, "search_hint": _("学校名称、代码、拼音或首字母")}
        report = self.scope.figures.structure
        groups = [(label_of(_LOCALES[s.key]), structure_values(s), s) for s in report.locales if s.teachers]
        named = (_("学科教师配齐率"), _("学历达标率"), _("高级岗位比例"), _("骨干比例"))
        rates = {
            "categories": list(named),
            "series": [{"name": str(name), "data": [values[key] for key in _RATES]} for name, values, _s in groups],
            "unit": "%",
        }
        ages = {
            "categories": [str(label_of(band)) for band in AgeBand],
            "series": [
                {"name": str(name), "data": [percent(Fraction(s.ages.get(b, 0), s.teachers)) for b in AgeBand]}
                for name, _values, s in groups
            ],
            "unit": "%",
        }
        return {
            "charts": [
                {"kind": "grouped-bar", "data": rates, "name": "rates", "label": _("城乡四项结构指标")},
                {"kind": "line", "data": ages, "name": "ages", "label": _("城乡年龄结构")},
            ],
            "remarks": remarks,
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }


class ManagerTable(Table):
    """Middle managers against the cap."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    cluster = Column(gettext_lazy("学区"))
    locale = Column(gettext_lazy("城乡"))
    staff = NumberColumn("staff", verbose_name=gettext_lazy("教职工"))
    count = NumberColumn("count", verbose_name=gettext_lazy("中层干部"))
    cap = NumberColumn(verbose_name=gettext_lazy("职数"))
    over = NumberColumn("over", verbose_name=gettext_lazy("超职数"))

    class Meta:
        attrs = {"class": "frozen-1"}


class ManagersPage(FiguresPage):
    """Middle managers of every school against the cap that the county sets (R-290)."""

    table_class = ManagerTable
    filter_class = StandingFilter
    page = "middle_managers"
    heading = gettext_lazy("中层职数")
    empty = gettext_lazy("还没有学校数据。请先在“导入导出”中导入全县工作簿。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """Above the cap."""
        return {"standing": [("over", gettext_lazy("超职数"))]}

    def all_rows(self) -> Iterable[Row]:
        """Every school in scope."""
        figures = self.scope.figures
        cap = figures.settings.manager_cap
        staff = Counter(t.school_id for t in figures.county.teachers)
        for managers in middle_managers(figures.county, cap if cap is not None else len(figures.county.teachers)):
            if self.scope.sees(managers.school_id):
                yield {
                    **school_row(self.scope, self.scope.school_by_id[managers.school_id]),
                    "staff": staff[managers.school_id],
                    "count": managers.count,
                    "cap": cap,
                    "over": managers.over,
                    "standings": {"over"} if managers.over else set(),
                }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """How many are too many; where no cap is set, that it must be."""
        notices = []
        if self.scope.figures.settings.manager_cap is None:
            text = _("还没有设定每校中层干部职数，不判断是否超出。请在“测算参数”中设定。")
            notices.append({"tone": "warning", "text": text})
        over = [row for row in rows if row["over"]]
        return {
            "notices": notices,
            "cards": [
                people_card(_("中层干部"), sum(r["count"] for r in rows), "hierarchy-2"),
                card(_("超职数学校"), len(over), "alert-circle", "red" if over else "green", unit=_("所")),
                people_card(_("超职数人数"), sum(r["over"] for r in over), "user-minus", "orange"),
            ],
            "remarks": [_("中层干部含教导主任；按人事关系校统计。")],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }


@requires(Permission.ESTABLISHMENT_VIEW)
def base_statistics(request: HttpRequest) -> HttpResponse:
    """Schools, pupils, classes and full-time teachers by stage and kind (R-293), of what the person sees."""
    scope = Scope(request)
    schools = scope.schools
    ids = {school.id for school in schools}
    teachers = Counter(t.stage for t in scope.figures.county.teachers if t.school_id in ids and is_full_time_teacher(t))
    levels = []
    for stage in Stage:
        of_stage = [s for s in schools if stage in s.stages]
        pupils, count = sum(s.pupils(stage) for s in of_stage), teachers[stage]
        classes = sum(s.classes(stage) for s in of_stage)
        levels.append(
            {
                "label": label_of(stage),
                "counts": [len(of_stage), pupils, classes, count],
                "per_teacher": f"{pupils / count:.2f}" if count else "—",
                "per_class": f"{pupils / classes:.1f}" if classes else "—",
            }
        )
    kinds = Counter(s.kind for s in schools)
    return show(
        request, scope, "base_statistics", "base_statistics", heading=_("基础数据"), levels=levels,
        kinds=[(label_of(kind), count) for kind, count in sorted(kinds.items())],
        cards=[
            card(pgettext("menu", "学校"), len(schools), "school", unit=_("所")),
            people_card(_("学生"), sum(s.pupils() for s in schools), "users-group", "teal"),
            card(_("班级"), sum(s.classes() for s in schools), "door", "azure", unit=_("个")),
            people_card(_("专任教师"), sum(teachers.values()), "user", "green"),
        ],
        remarks=[_("九年一贯制学校在两个学段各计一次；学校总数不重复计。教师按人事关系校和学段统计。")],
    )  # fmt: skip


@requires(Permission.ESTABLISHMENT_VIEW)
def staff_categories(request: HttpRequest) -> HttpResponse:
    """How many the register holds in each category: establishment, post, lent, work (R-292)."""
    scope = Scope(request)
    figures = scope.figures
    within = tuple(
        replace(teacher, family=FamilyLink())  # a spouse may work outside the scope
        for teacher in figures.county.teachers
        if scope.sees(teacher.school_id) or scope.sees(teacher.works_at)
    )
    counted = register(replace(figures.county, teachers=within))
    names = _category_names()
    rows = [
        {"labels": [names[v] for v in (entry.establishment, entry.post, entry.lent, entry.work)], "count": count}
        for entry, count in counted.items()
    ]
    unknown = sum(c for e, c in counted.items() if "unknown" in (e.establishment, e.post))
    outside = sum(c for e, c in counted.items() if e.establishment == "off")
    held = sum(c for e, c in counted.items() if e.establishment == "on")
    idle = sum(c for e, c in counted.items() if e.establishment == "on" and e.post == "not_in_post")
    return show(
        request, scope, "staff_categories", "staff_categories", heading=_("人员类别"), rows=rows,
        total=sum(counted.values()),
        cards=[
            people_card(_("在编"), held, "id-badge-2", "green"),
            people_card(_("非在编"), outside, "id-badge-off", "orange"),
            people_card(_("在编不在岗"), idle, "user-off", "red" if idle else "green"),
            people_card(_("未填清"), unknown, "help", "purple"),
        ],
        remarks=[_("空白不作推断，列为“未填”。教辅工勤与专任教师分列，不占教师岗位统计。")],
    )  # fmt: skip


def _category_names() -> dict[str, str]:
    return {
        "on": _("在编"),
        "off": _("非在编"),
        "unknown": _("未填"),
        "in_post": _("在岗"),
        "not_in_post": _("不在岗"),
        "in": _("借入"),
        "out": _("借出"),
        "no": _("未借调"),
        "full_time_teacher": _("专任教师"),
        "support_staff": str(label_of(Role.SUPPORT_STAFF)),
        "other": _("其他"),
    }
