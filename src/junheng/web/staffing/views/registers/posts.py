"""Registers about posts and presence: not in post, lent, contracts, hired by schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column

from junheng.facts import SpellKind, Teacher
from junheng.indicators.establishment import Presence, presence
from junheng.web.staffing.models import ContractEntry, NotInPostEntry, SecondmentEntry, WageEntry
from junheng.web.staffing.views.establishment.pages import (
    DayColumn,
    NumberColumn,
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


class NotInPostTable(PersonTable):
    """Who is on the establishment and not in post."""

    reason = Column(gettext_lazy("原因"), exclude_from_export=True)
    since = DayColumn(verbose_name=gettext_lazy("不在岗自"))
    days = NumberColumn(verbose_name=gettext_lazy("天数"))
    action_taken = Column(gettext_lazy("处理情况"), exclude_from_export=True)
    due = DayColumn(verbose_name=gettext_lazy("整改期限"))
    marks = BadgeColumn(gettext_lazy("情况"), orderable=False)
    enters = EnterColumn("not_in_post_enter_for")


class NotInPostPage(PeoplePage):
    """On the establishment but not in post; the target is nobody (R-279)."""

    table_class = NotInPostTable
    page = "not_in_post"
    heading = gettext_lazy("占编不在岗")
    empty = gettext_lazy("没有占编不在岗的人员，已达到目标 0。")
    standings = (("unexplained", gettext_lazy("未登记原因")), ("overdue", gettext_lazy("逾期未整改")))

    def all_rows(self) -> Iterable[Row]:
        """Everybody not in post, with what is entered."""
        entries = entries_of(NotInPostEntry, self.scope)
        for teacher in self.scope.teachers():
            if presence(teacher) is Presence.NOT_IN_POST:
                yield self._row(teacher, entries.get(teacher.id))

    def _row(self, teacher: Teacher, entry: NotInPostEntry | None) -> Row:
        scope, marks, standings = self.scope, [], set()
        if entry is None:
            marks.append(("purple", _("未登记原因")))
            standings.add("unexplained")
        elif entry.due and entry.due < scope.on:
            marks.append(("red", _("逾期未整改")))
            standings.add("overdue")
        known = entry is not None and may_read_reasons(scope, teacher.school_id)
        return person_row(scope, teacher) | {
            "reason": entry.get_reason_display() if entry and known else _("已登记") if entry else "",
            "since": entry.since if entry else None,
            "days": (scope.on - entry.since).days if entry else None,
            "action_taken": entry.action_taken if entry and known else "",
            "due": entry.due if entry else None,
            "marks": marks,
            "standings": standings,
            "entry": entry,
            "enters": may_enter(scope, teacher.school_id),
        }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """The count against its target."""
        report = self.scope.figures.establishment
        count = sum(row.not_in_post for row in report.rows if self.scope.sees(row.school_id))
        return {
            "notices": self.without_names(),
            "cards": [
                people_card(
                    _("占编不在岗"), count, "user-off", "red" if count else "green",
                    badge=_("目标 0"), badge_tone="red" if count else "green",
                ),
                people_card(_("未登记原因"), _standing(rows, "unexplained"), "help", "purple"),
                people_card(_("逾期未整改"), _standing(rows, "overdue"), "clock-exclamation", "orange"),
            ],
        }  # fmt: skip


class SecondmentTable(PersonTable):
    """Who is lent out or in."""

    direction = Column(gettext_lazy("方向"))
    unit = Column(gettext_lazy("对方单位"))
    start = DayColumn(verbose_name=gettext_lazy("开始"))
    end = DayColumn(verbose_name=gettext_lazy("到期"))
    document_number = Column(gettext_lazy("文号"))
    marks = BadgeColumn(gettext_lazy("情况"), orderable=False)
    enters = EnterColumn("secondments_enter_for")


class SecondmentsPage(PeoplePage):
    """Everybody lent out or in, with document and end date (R-292)."""

    table_class = SecondmentTable
    page = "secondments"
    heading = gettext_lazy("借调")
    enter_route = "secondments_enter"
    empty = gettext_lazy("目前没有借入或借出的人员。")
    standings = (
        ("out", gettext_lazy("借出")),
        ("in", gettext_lazy("借入")),
        ("overdue", gettext_lazy("到期未归")),
        ("no_end", gettext_lazy("未填到期日期")),
        ("no_document", gettext_lazy("无文号")),
    )

    def all_rows(self) -> Iterable[Row]:
        """Who is lent by the roster, by a spell that runs, or by an entry."""
        entries = entries_of(SecondmentEntry, self.scope)
        for teacher in self.scope.teachers():
            found = self._lent(teacher, entries.get(teacher.id))
            if found is not None:
                yield person_row(self.scope, teacher) | self._shown(teacher, *found)

    def _lent(self, teacher: Teacher, entry: SecondmentEntry | None) -> tuple[dict[str, Any], Any] | None:
        spells = [
            a for a in teacher.appointments if a.kind is SpellKind.SECONDMENT and a.school_id != teacher.school_id
        ]
        latest = max(spells, key=lambda a: a.start) if spells else None
        away = latest is not None and (latest.covers(self.scope.on) or teacher.in_post is False)
        if entry is not None:
            names = ("direction", "unit", "start", "end", "document_number")
            return {name: getattr(entry, name) for name in names}, entry
        if teacher.seconded_in:
            return {"direction": "in", "unit": "", "start": None, "end": None, "document_number": ""}, None
        if latest is None or not away:
            return None
        unit = latest.school_name or (self.scope.name(latest.school_id) if latest.school_id else "")
        given = {"direction": "out", "unit": unit, "start": latest.start, "end": latest.end, "document_number": ""}
        return given, None

    def _shown(self, teacher: Teacher, lent: dict[str, Any], entry: Any) -> Row:
        standings = {lent["direction"]}
        marks = []
        if lent["end"] is not None and lent["end"] < self.scope.on:
            standings.add("overdue")
            marks.append(("red", _("到期未归")))
        if lent["end"] is None:
            standings.add("no_end")
            marks.append(("orange", _("未填到期日期")))
        if not lent["document_number"]:
            standings.add("no_document")
            marks.append(("purple", _("无文号")))
        words = {"in": _("借入"), "out": _("借出")}
        enters = may_enter(self.scope, teacher.school_id)
        shown = {"direction": words[lent["direction"]], "marks": marks, "standings": standings}
        return lent | shown | {"entry": entry, "enters": enters}

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Out, in, overdue, without paper."""
        return {
            "notices": self.without_names(),
            "buttons": self.add_button(),
            "cards": [
                people_card(_("借出"), _standing(rows, "out"), "user-up"),
                people_card(_("借入"), _standing(rows, "in"), "user-down", "teal"),
                people_card(_("到期未归"), _standing(rows, "overdue"), "clock-exclamation", "red"),
                people_card(_("无文号"), _standing(rows, "no_document"), "file-off", "purple"),
            ],
        }


class ContractTable(PersonTable):
    """Contracts of all staff."""

    kind = Column(gettext_lazy("合同类型"))
    start = DayColumn(verbose_name=gettext_lazy("起始"))
    end = DayColumn(verbose_name=gettext_lazy("终止"))
    contract_number = Column(gettext_lazy("合同编号"))
    marks = BadgeColumn(gettext_lazy("情况"), orderable=False)
    enters = EnterColumn("contracts_enter_for")


class ContractsPage(PeoplePage):
    """Appointment contracts of all staff: none, in force, running out, run out (R-282)."""

    table_class = ContractTable
    page = "contracts"
    heading = gettext_lazy("聘用合同")
    empty = gettext_lazy("没有符合条件的人员。")
    standings = (
        ("missing", gettext_lazy("未登记")),
        ("soon", gettext_lazy("即将到期")),
        ("over", gettext_lazy("已到期")),
        ("running", gettext_lazy("履行中")),
    )

    def all_rows(self) -> Iterable[Row]:
        """All staff in scope."""
        entries = entries_of(ContractEntry, self.scope)
        notice = self.scope.figures.settings.contract_notice_days
        for teacher in self.scope.teachers():
            entry = entries.get(teacher.id)
            standing, mark = _contract_standing(entry, self.scope.on, notice)
            yield person_row(self.scope, teacher) | {
                "kind": entry.get_kind_display() if entry else "",
                "start": entry.start if entry else None,
                "end": entry.end if entry else None,
                "contract_number": entry.contract_number if entry else "",
                "marks": [mark],
                "standings": {standing},
                "entry": entry,
                "enters": may_enter(self.scope, teacher.school_id),
            }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """How many of each."""
        days = self.scope.figures.settings.contract_notice_days
        return {
            "notices": self.without_names(),
            "cards": [
                people_card(_("履行中"), _standing(rows, "running"), "circle-check", "green"),
                people_card(_("即将到期"), _standing(rows, "soon"), "clock", "orange"),
                people_card(_("已到期"), _standing(rows, "over"), "clock-off", "red"),
                people_card(_("未登记"), _standing(rows, "missing"), "help", "purple"),
            ],
            "remarks": [_("即将到期：终止日期在 %(days)s 天以内。") % {"days": days}],
        }


def _contract_standing(entry: ContractEntry | None, on: date, notice: int) -> tuple[str, tuple[str, str]]:
    if entry is None:
        return "missing", ("purple", _("未登记"))
    if entry.end is not None and entry.end < on:
        return "over", ("red", _("已到期"))
    if entry.end is not None and entry.end <= on + timedelta(days=notice):
        return "soon", ("orange", _("即将到期"))
    return "running", ("green", _("履行中"))


class HiredTable(PersonTable):
    """Teachers hired by schools, and what they cost."""

    yearly_yuan = NumberColumn("yearly_yuan", digits=2, verbose_name=gettext_lazy("年工资支出（元）"))
    paid_by = Column(gettext_lazy("经费来源"))
    hired_on = DayColumn(verbose_name=gettext_lazy("聘用日期"))
    marks = BadgeColumn(gettext_lazy("情况"), orderable=False)
    enters = EnterColumn("hired_teachers_enter_for")


class HiredPage(PeoplePage):
    """How many teachers schools hire themselves, and what their wages cost (R-288)."""

    table_class = HiredTable
    page = "hired_teachers"
    heading = gettext_lazy("校聘教师")
    empty = gettext_lazy("没有学校自行聘用的教师。")
    standings = (("missing", gettext_lazy("未登记工资")),)

    def all_rows(self) -> Iterable[Row]:
        """Everybody at work outside the establishment and not lent in."""
        entries = entries_of(WageEntry, self.scope)
        for teacher in self.scope.teachers():
            if presence(teacher) is Presence.HIRED:
                entry = entries.get(teacher.id)
                yield person_row(self.scope, teacher) | {
                    "yearly_yuan": entry.yearly_yuan if entry else None,
                    "paid_by": entry.get_paid_by_display() if entry else "",
                    "hired_on": entry.hired_on if entry else None,
                    "marks": [] if entry else [("purple", _("未登记工资"))],
                    "standings": set() if entry else {"missing"},
                    "entry": entry,
                    "enters": may_enter(self.scope, teacher.school_id),
                }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Numbers and cost, and the cost by school."""
        cost = sum((row["yearly_yuan"] or Decimal(0) for row in rows), Decimal(0))
        count = sum(r.hired for r in self.scope.figures.establishment.rows if self.scope.sees(r.school_id))
        by_school: Counter[str] = Counter()
        for row in rows:
            by_school[row["school"]] += row["yearly_yuan"] or 0
        top = [name for name, amount in by_school.most_common(15) if amount]
        yuan = {"name": _("年工资支出"), "data": [float(by_school[n]) for n in top]}
        data = {"categories": top, "series": [yuan], "unit": _("元")}
        chart = {"kind": "bar", "data": data, "name": "wages", "label": _("各校聘用教师年工资支出")}
        return {
            "notices": self.without_names(),
            "charts": [chart] if top else [],
            "cards": [
                people_card(_("校聘教师"), count, "users"),
                card(_("年工资支出"), f"{cost:,.0f}", "cash", "orange", unit=_("元")),
                people_card(_("未登记工资"), _standing(rows, "missing"), "help", "purple"),
            ],
        }


def _standing(rows: Sequence[Row], name: str) -> int:
    return sum(name in row["standings"] for row in rows)
