"""A school in figures: what the page of a school shows of the county's reports, each with how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from junheng.facts import Code, Education, School, Stage, Subject, Title
from junheng.indicators import Headcount, IndicatorResult, SchoolStanding, SchoolValue, SubjectGap
from junheng.indicators.structure import AgeBand, Structure
from junheng.web.interface.numbers import number
from junheng.web.staffing.declared import language
from junheng.web.staffing.figures import Figures


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """An indicator at the school: the value, how it is made, and what the county has and asks."""

    name: str
    stage: str
    value: str
    how: str
    county: str
    least: str
    verdict: str
    tone: str
    cv: str
    share: str
    unknown: int


@dataclass(frozen=True, slots=True)
class Profile:
    """Figures of one school on a day."""

    school: School
    structure: Structure | None
    headcounts: tuple[Headcount, ...]
    subjects: tuple[SubjectGap, ...]
    balance: tuple[BalanceLine, ...]
    standings: tuple[SchoolStanding, ...]
    norm: str


def profile_of(figures: Figures, code: str) -> Profile | None:
    """The figures of a school; ``None`` where it has no data on the day."""
    school = figures.county.school_by_id.get(code)
    if school is None:
        return None
    return Profile(
        school=school,
        structure=next((each for each in figures.structure.schools if each.key == code), None),
        headcounts=tuple(row for row in figures.establishment.rows if row.school_id == code),
        subjects=tuple(row for row in figures.subjects.rows if row.school_id == code),
        balance=tuple(
            _balance_line(result, value)
            for result in figures.balance.indicators
            for value in result.schools
            if value.school_id == code
        ),
        standings=tuple(each for each in figures.balance.schools if each.school_id == code),
        norm=figures.norm.zh if language() == "zh" else figures.norm.en,
    )


def _balance_line(result: IndicatorResult, value: SchoolValue) -> BalanceLine:
    per = f" × {result.per}" if result.per != 1 else ""
    verdict, tone = _verdict(value)
    return BalanceLine(
        name=result.name(language()), stage=result.stage.label(language()), value=number(value.value, 2),
        how=f"{number(value.amount)} ÷ {number(value.pupils)}{per} = {number(value.value, 2)}",
        county=number(result.mean, 2), least="" if value.least is None else number(value.least),
        verdict=verdict, tone=tone, cv=f"{result.cv:.3f}", share=f"{value.share:.1%}", unknown=value.unknown,
    )  # fmt: skip


def _verdict(value: SchoolValue) -> tuple[str, str]:
    if value.reached is None:
        return _("不判定"), "secondary"
    if value.reached:
        return _("达标"), "green"
    return (_("未达标，达到标准的 85%"), "orange") if value.nearly_reached else (_("未达标，不足标准的 85%"), "red")


def standing_sentence(standing: SchoolStanding) -> str:
    """Whether a stage of the school meets the rule of six of seven, in words."""
    words = {True: _("符合"), False: _("不符合"), None: _("数据不全，不能判定")}
    said = _(
        "%(stage)s：%(of)s 项中有数据 %(judged)s 项，达标 %(reached)s 项；"
        "“至少六项达标，其余一项不低于 85%%”%(words)s。"
    )
    return said % {
        "stage": standing.stage.label(language()), "of": standing.of, "judged": standing.judged,
        "reached": standing.reached, "words": words[standing.passes],
    }  # fmt: skip


def structure_charts(structure: Structure) -> list[dict[str, Any]]:
    """Charts of age, title, education and subject."""
    people = _("人")

    def bars(key: str, label: str, counts: Mapping[Any, int], codes: type[Code] | None, kind: str = "bar") -> Any:
        named: Callable[[Any], str] = lambda code: code.label(language()) if code is not None else _("未填")  # noqa: E731
        order = [code for code in codes if code in counts] if codes is not None else list(counts)
        order += [code for code in counts if code not in order]
        data = {
            "title": label, "categories": [named(code) for code in order], "unit": people,
            "series": [{"name": pgettext("menu", "教师"), "data": [counts[code] for code in order]}],
        }  # fmt: skip
        height = 400 if len(order) > 8 else 320
        return {"kind": kind, "name": f"chart-{key}", "label": label, "data": data, "height": height}

    return [
        bars("ages", _("年龄结构"), structure.ages, AgeBand),
        bars("titles", _("职称结构"), structure.titles, Title, "pie"),
        bars("educations", _("学历结构"), structure.educations, Education, "pie"),
        bars("subjects", _("学科结构"), structure.subjects, Subject),
    ]


def subject_chart(rows: tuple[SubjectGap, ...]) -> dict[str, Any]:
    """Teachers needed and had, by subject."""
    lang = language()
    several = len({row.stage for row in rows}) > 1

    def name(stage: Stage, subject: Subject) -> str:
        return f"{stage.label(lang)} {subject.label(lang)}" if several else subject.label(lang)

    return {
        "title": _("学科需求与现有"), "categories": [name(row.stage, row.subject) for row in rows], "unit": _("人"),
        "series": [
            {"name": _("需求"), "data": [row.required for row in rows]},
            {"name": _("现有"), "data": [row.present for row in rows]},
        ],
    }  # fmt: skip
