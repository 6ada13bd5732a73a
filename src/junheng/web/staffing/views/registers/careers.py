"""Registers about where people are heading: early leave, the three-year programme, retirements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column

from junheng.facts import Education, Locale, Role, Stage, Teacher
from junheng.facts.ageing import retires_on
from junheng.facts.calendar import anniversary, completed_years
from junheng.web.access import Permission
from junheng.web.staffing.models import EarlyLeaveEntry, ProgrammeEntry, RetirementDecision
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.models.registers import Progress
from junheng.web.staffing.views.establishment.pages import (
    DayColumn,
    Row,
    card,
    people_card,
)
from junheng.web.staffing.views.registers.people import (
    BadgeColumn,
    EnterColumn,
    PeoplePage,
    PersonTable,
    entries_of,
    may_enter,
    may_read_reasons,
    person_row,
)

PROGRAMME_YEARS = 3
"""How long the programme lasts for a teacher."""
AHEAD = 6
"""So many years ahead retirements are listed."""


class EarlyLeaveTable(PersonTable):
    """Who has left early, and what the post is used for."""

    locale = Column(gettext_lazy("城乡"))
    start = DayColumn(verbose_name=gettext_lazy("离岗日期"))
    ground = Column(gettext_lazy("事由"), exclude_from_export=True)
    document_number = Column(gettext_lazy("批准文号"))
    freed_for = Column(gettext_lazy("腾出编制用于"))
    enters = EnterColumn("early_leave_enter_for")


class EarlyLeavePage(PeoplePage):
    """Early leave of older rural teachers, and the special-post recruits for whom the posts are used (R-281)."""

    table_class = EarlyLeaveTable
    page = "early_leave"
    heading = gettext_lazy("提前离岗")
    enter_route = "early_leave_enter"
    empty = gettext_lazy("没有提前离岗的登记。")
    standings = (("used", gettext_lazy("腾出编制已使用")), ("free", gettext_lazy("腾出编制未使用")))

    def all_rows(self) -> Iterable[Row]:
        """Everybody entered."""
        entries = entries_of(EarlyLeaveEntry, self.scope)
        for teacher in self.scope.teachers():
            entry = entries.get(teacher.id)
            if entry is not None:
                known = may_read_reasons(self.scope, teacher.school_id)
                yield person_row(self.scope, teacher) | {
                    "start": entry.start,
                    "ground": entry.ground if known else _("已登记"),
                    "document_number": entry.document_number,
                    "freed_for": entry.freed_for,
                    "standings": {"used" if entry.freed_for else "free"},
                    "entry": entry,
                    "enters": self.scope.may_at(Permission.ESTABLISHMENT_DRAFT, teacher.school_id),
                }

    def add_button(self) -> list[dict[str, Any]]:
        """For whoever drafts the establishment."""
        return super().add_button() if self.scope.standing.allows(Permission.ESTABLISHMENT_DRAFT) else []

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """How many, and how many posts are free."""
        free = sum("free" in row["standings"] for row in rows)
        return {
            "notices": self.without_names(),
            "buttons": self.add_button(),
            "cards": [
                people_card(_("提前离岗"), len(rows), "door-exit"),
                card(_("腾出编制已使用"), len(rows) - free, "user-plus", "green", unit=_("个")),
                card(_("腾出编制未使用"), free, "armchair", "orange", unit=_("个")),
            ],
            "remarks": [_("腾出的编制用于补充特岗教师；离岗人员仍占编的，按“占编不在岗”登记为提前离岗。")],
        }


class ProgrammeTable(PersonTable):
    """Who is in the programme, or could be."""

    age = Column(gettext_lazy("年龄"))
    education = Column(gettext_lazy("学历"))
    grounds = BadgeColumn(gettext_lazy("列入依据"), orderable=False)
    measure = Column(gettext_lazy("措施"))
    years = Column(gettext_lazy("学年"))
    progress = Column(gettext_lazy("进展"))
    remark = Column(gettext_lazy("说明"), orderable=False, exclude_from_export=True)
    enters = EnterColumn("programme_enter_for")


class ProgrammePage(PeoplePage):
    """The three-year programme for rural teachers with low education, high age or weak skill (R-289)."""

    table_class = ProgrammeTable
    page = "programme"
    heading = gettext_lazy("三年提升")
    enter_route = "programme_enter"
    standings = (
        ("listed", gettext_lazy("已列入")),
        ("candidate", gettext_lazy("符合条件未列入")),
        ("done", gettext_lazy("已完成")),
    )

    def all_rows(self) -> Iterable[Row]:
        """Everybody entered, and rural teachers whom the parameters point at."""
        entries = entries_of(ProgrammeEntry, self.scope)
        for teacher in self.scope.teachers():
            entry = entries.get(teacher.id)
            grounds = self._grounds(teacher, entry)
            if entry is not None or (grounds and self._is_rural(teacher)):
                yield self._row(teacher, entry, grounds)

    def _is_rural(self, teacher: Teacher) -> bool:
        school = self.scope.school_by_id[teacher.school_id]
        return school.locale is Locale.RURAL and teacher.role is not Role.SUPPORT_STAFF

    def _grounds(self, teacher: Teacher, entry: ProgrammeEntry | None) -> list[tuple[str, str]]:
        settings, found = self.scope.figures.settings, []
        lowest = Education.read(settings.programme_education)
        if teacher.education is not None and teacher.education.years <= lowest.years:
            found.append(("orange", _("学历偏低")))
        if completed_years(teacher.birth_date, self.scope.on) >= settings.programme_age:
            found.append(("blue", _("年龄偏大")))
        if entry is not None and entry.former_community_teacher:
            found.append(("secondary", _("民转公")))
        if entry is not None and entry.weak_skill:
            found.append(("purple", _("业务待提高")))
        return found

    def _row(self, teacher: Teacher, entry: ProgrammeEntry | None, grounds: list[tuple[str, str]]) -> Row:
        standings = {"candidate"} if entry is None else {"listed"}
        if entry is not None and entry.progress == Progress.DONE:
            standings.add("done")
        last = entry.start_year + PROGRAMME_YEARS if entry else 0
        return person_row(self.scope, teacher) | {
            "age": completed_years(teacher.birth_date, self.scope.on),
            "education": label_of(teacher.education) if teacher.education else "",
            "grounds": grounds,
            "measure": entry.get_measure_display() if entry else "",
            "years": f"{entry.start_year}–{last}" if entry else "",
            "progress": entry.get_progress_display() if entry else "",
            "remark": entry.remark if entry else "",
            "standings": standings,
            "entry": entry,
            "enters": may_enter(self.scope, teacher.school_id),
        }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Candidates, listed, and how far."""
        settings = self.scope.figures.settings
        held = Counter(row["entry"].progress for row in rows if row["entry"])
        listed = sum(held.values())
        return {
            "notices": self.without_names(),
            "buttons": self.add_button(),
            "cards": [
                people_card(_("符合条件未列入"), len(rows) - listed, "user-search", "secondary"),
                people_card(_("已列入"), listed, "list"),
                people_card(_("进行中"), held[Progress.UNDER_WAY], "progress", "orange"),
                people_card(_("已完成"), held[Progress.DONE], "circle-check", "green"),
            ],
            "remarks": [
                _("条件：乡村学校教师，年龄达到 %(age)s 岁或学历不高于%(education)s；两项都在“测算参数”中设定。")
                % {"age": settings.programme_age, "education": settings.get_programme_education_display()}
            ],
        }


class RetirementTable(PersonTable):
    """Who retires when."""

    retires_on = DayColumn(verbose_name=gettext_lazy("退休日期"))
    within = Column(gettext_lazy("距今"))
    basis = BadgeColumn(gettext_lazy("依据"), orderable=False)
    document_number = Column(gettext_lazy("文号"))
    enters = EnterColumn("retirements_enter_for")


class RetirementsPage(PeoplePage):
    """Who retires within the next one to six years by the rule of 2025, or by a date granted."""

    table_class = RetirementTable
    page = "retirements"
    heading = gettext_lazy("退休预测")
    enter_route = "retirements_enter"
    empty = gettext_lazy("这段时间内没有到龄退休的人员。")
    standings = (
        ("1", gettext_lazy("第 1 年内")),
        ("2", gettext_lazy("第 2 年内")),
        ("3", gettext_lazy("第 3 年内")),
        ("4", gettext_lazy("第 4 年内")),
        ("5", gettext_lazy("第 5 年内")),
        ("6", gettext_lazy("第 6 年内")),
        ("overdue", gettext_lazy("已到龄仍在册")),
        ("granted", gettext_lazy("按核定日期")),
    )

    def all_rows(self) -> Iterable[Row]:
        """Everybody whose date comes within the years listed."""
        entries = entries_of(RetirementDecision, self.scope)
        for teacher in self.scope.teachers():
            day = retires_on(teacher)
            year = years_ahead(self.scope.on, day)
            if year <= AHEAD:
                yield self._row(teacher, day, year, entries.get(teacher.id))

    def _row(self, teacher: Teacher, day: date, year: int, entry: RetirementDecision | None) -> Row:
        standings = {str(year)} if year else {"overdue"}
        basis = [("blue", _("2025年规定"))]
        if teacher.retirement_override is not None:
            standings.add("granted")
            basis = [("orange", _("核定日期"))]
        if not year:
            basis.append(("red", _("已到龄")))
        return person_row(self.scope, teacher) | {
            "retires_on": day,
            "within": _("第 %(year)s 年内") % {"year": year} if year else _("已到龄"),
            "basis": basis,
            "document_number": entry.document_number if entry else "",
            "year": year,
            "standings": standings,
            "entry": entry,
            "enters": self.scope.may_at(Permission.ESTABLISHMENT_DRAFT, teacher.school_id),
        }

    def add_button(self) -> list[dict[str, Any]]:
        """For whoever drafts the establishment."""
        return super().add_button() if self.scope.standing.allows(Permission.ESTABLISHMENT_DRAFT) else []

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Retirements a year by stage and by subject, of everybody in scope, named or not."""
        leaving = list(self._leaving())
        years = [_("第 %(year)s 年内") % {"year": year} for year in range(1, AHEAD + 1)]
        by_stage = Counter((year, teacher.stage) for year, teacher in leaving)
        stages = {
            "categories": years,
            "series": [
                {"name": str(label_of(s)), "data": [by_stage[year, s] for year in range(1, AHEAD + 1)]} for s in Stage
            ],
            "unit": _("人"),
        }
        by_subject = Counter(teacher.main_subject for year, teacher in leaving if year)
        top = by_subject.most_common(12)
        subjects = {
            "categories": [str(label_of(subject)) for subject, _count in top],
            "series": [{"name": _("六年内退休"), "data": [count for _subject, count in top]}],
            "unit": _("人"),
        }
        charts = [
            {"kind": "stacked-bar", "data": stages, "name": "years", "label": _("今后六年退休人数")},
            {"kind": "bar", "data": subjects, "name": "subjects", "label": _("六年内退休人数按学科")},
        ]
        counted = Counter(year for year, _teacher in leaving)
        return {
            "notices": self.without_names(),
            "buttons": self.add_button(),
            "charts": charts if leaving else [],
            "cards": [
                people_card(_("一年内退休"), counted[1], "calendar-due"),
                people_card(_("三年内退休"), sum(counted[y] for y in (1, 2, 3)), "calendar", "teal"),
                people_card(_("六年内退休"), sum(counted[y] for y in range(1, 7)), "calendar-stats", "azure"),
                people_card(_("已到龄仍在册"), counted[0], "alert-circle", "red" if counted[0] else "green"),
            ],
            "remarks": [
                _("按2025年1月1日起施行的规定逐月推算，女教师按专业技术岗位；有核定日期的，按核定日期。"),
            ],
        }

    def _leaving(self) -> Iterable[tuple[int, Teacher]]:
        for teacher in self.scope.figures.county.teachers:
            if self.scope.sees(teacher.school_id):
                year = years_ahead(self.scope.on, retires_on(teacher))
                if year <= AHEAD:
                    yield year, teacher


def years_ahead(on: date, day: date) -> int:
    """In which year from ``on`` a day lies: 1 up to the first anniversary, 0 when it has come."""
    if day <= on:
        return 0
    year = day.year - on.year
    return max(1, year if day <= anniversary(on, on.year + year) else year + 1)
