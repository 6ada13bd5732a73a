"""What is reckoned from a teacher's state on a day, each figure with how it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from junheng.facts import Sex
from junheng.facts.calendar import completed_years
from junheng.facts.retirement import retirement_date
from junheng.web.staffing.models import TeacherState


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A figure and the sentence that says where it comes from."""

    label: str
    value: str
    how: str


def reckoned(state: TeacherState, on: date) -> list[Reckoned]:
    """Age, years at the school, years of service and the day of retirement."""
    found = [
        Reckoned(_("年龄"), str(completed_years(state.birth_date, on)),
                 _("出生于 %(birth)s，到 %(on)s 的周岁") % {"birth": state.birth_date, "on": on}),
    ]  # fmt: skip
    if state.joined_current_school:
        found.append(
            Reckoned(
                _("本校任教年限"), _years(state.joined_current_school, on),
                _("%(since)s 进入本校，到 %(on)s 的满年数；政策按学年计的，以测算结果为准")
                % {"since": state.joined_current_school, "on": on},
            )
        )  # fmt: skip
    if state.work_start:
        found.append(
            Reckoned(
                _("工作年限"), _years(state.work_start, on),
                _("%(since)s 参加工作，到 %(on)s 的满年数") % {"since": state.work_start, "on": on},
            )
        )  # fmt: skip
    found.append(_retirement(state, on))
    return found


def _years(since: date, on: date) -> str:
    years = max(0, completed_years(since, on))
    return ngettext("%(years)s 年", "%(years)s 年", years) % {"years": years}


def _retirement(state: TeacherState, on: date) -> Reckoned:
    if state.retirement_override:
        return Reckoned(_("退休日期"), str(state.retirement_override), _("按核定的退休日期，不按出生日期推算"))
    sex = Sex.read(state.sex)
    day = retirement_date(state.birth_date, sex)
    age = completed_years(state.birth_date, day)
    months = (day.year - state.birth_date.year) * 12 + day.month - state.birth_date.month - age * 12
    how = _("按 2025 年起的渐进式延迟退休规定：%(sex)s，%(birth)s 出生，%(age)s 岁 %(months)s 个月退休") % {
        "sex": _("男") if sex is Sex.MALE else _("女（专业技术或管理岗位）"), "birth": state.birth_date, "age": age,
        "months": months,
    }  # fmt: skip
    return Reckoned(_("退休日期"), str(day), how if day > on else how + _("；已到退休日期"))
