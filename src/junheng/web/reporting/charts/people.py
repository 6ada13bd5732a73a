"""Charts of who the teachers are and of posts: age, title, education, sex, subjects, surplus and shortage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from junheng.facts import Education, Locale, Sex, Stage, Subject, Title
from junheng.indicators.structure import AgeBand
from junheng.web.reporting.summary import People
from junheng.web.staffing.figures import Figures
from junheng.web.staffing.models.choices import label_of

Chart = dict[str, Any]
COLOURS = {Locale.URBAN: "blue", Locale.TOWN: "azure", Locale.RURAL: "orange"}
_SHADES: dict[Any, str] = {
    Education.DOCTOR: "purple", Education.MASTER: "teal", Education.BACHELOR: "blue", Education.COLLEGE: "light",
    Education.SECONDARY: "orange", Sex.FEMALE: "pink", Sex.MALE: "blue",
}  # fmt: skip
_EDUCATIONS = (Education.DOCTOR, Education.MASTER, Education.BACHELOR, Education.COLLEGE, Education.SECONDARY)


def by_locale(groups: Mapping[Locale, People], of: str, codes: Sequence[Any]) -> Chart:
    """Numbers of each code, urban, town and rural stacked; ``of`` is the count of :class:`People` to draw."""
    shown = [code for code in codes if any(getattr(p, of).get(code) for p in groups.values())]
    return {
        "categories": [_said(code) for code in shown],
        "series": [
            {"name": _said(locale), "data": [getattr(p, of).get(code, 0) for code in shown], "colour": COLOURS[locale]}
            for locale, p in groups.items()
        ],
        "unit": _("人"),
    }


def shares(groups: Mapping[Locale, People], of: str, codes: Sequence[Any]) -> Chart:
    """The share of each code within urban, town and rural, each adding up to a hundred."""
    shown = [code for code in codes if any(getattr(p, of).get(code) for p in groups.values())]
    return {
        "categories": [_said(locale) for locale in groups],
        "series": [
            {
                "name": _said(code),
                "data": [round(100 * getattr(p, of).get(code, 0) / p.teachers, 1) for p in groups.values()],
                "colour": _SHADES.get(code, "secondary"),
            }
            for code in shown
        ],
        "unit": "%",
        "horizontal": True,
        "max": 100,
    }


def two_days(now: People, before: People, of: str, codes: Sequence[Any], *, names: tuple[str, str]) -> Chart:
    """Shares of each code on two days, in per cent."""
    shown = [code for code in codes if getattr(now, of).get(code) or getattr(before, of).get(code)]

    def share(people: People, code: Any) -> float:
        return round(100 * getattr(people, of).get(code, 0) / people.teachers, 1) if people.teachers else 0.0

    return {
        "categories": [_said(code) for code in shown],
        "series": [
            {"name": names[0], "data": [share(before, code) for code in shown]},
            {"name": names[1], "data": [share(now, code) for code in shown]},
        ],
        "unit": "%",
    }


def ages() -> tuple[AgeBand, ...]:
    """Bands of five years."""
    return tuple(AgeBand)


def titles() -> tuple[Title, ...]:
    """Titles from the highest down."""
    return tuple(reversed(tuple(Title)))


def educations() -> tuple[Education | None, ...]:
    """Education from the highest down, and blank."""
    return (*_EDUCATIONS, None)


def sexes() -> tuple[Sex, ...]:
    """Women first: they are the more."""
    return (Sex.FEMALE, Sex.MALE)


def subjects(figures: Figures, codes: Collection[str], stage: Stage) -> Chart:
    """Teachers needed and present, subject by subject."""
    need: dict[Subject, int] = {}
    have: dict[Subject, int] = {}
    for row in figures.subjects.rows:
        if row.school_id in codes and row.stage is stage:
            need[row.subject] = need.get(row.subject, 0) + row.required
            have[row.subject] = have.get(row.subject, 0) + row.present
    shown = [subject for subject in Subject if need.get(subject) or have.get(subject)]
    return {
        "categories": [_said(subject) for subject in shown],
        "series": [
            {"name": _("需要"), "data": [need.get(s, 0) for s in shown]},
            {"name": _("现有"), "data": [have.get(s, 0) for s in shown]},
        ],
        "unit": _("人"),
    }


def gaps(rows: Sequence[tuple[str, int, str]]) -> Chart:
    """Surplus above and shortage below the line, part by part: name, gap, address."""
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    return {
        "categories": [name for name, _gap, _url in ordered],
        "series": [
            {
                "name": _("超（＋）缺（−）编"),
                "data": [gap for _name, gap, _url in ordered],
                "colours": ["red" if gap > 0 else "blue" if gap < 0 else "secondary" for _name, gap, _url in ordered],
            }
        ],
        "urls": [url for _name, _gap, url in ordered],
        "unit": _("人"),
    }


def _said(code: Any) -> str:
    return _("未填") if code is None else str(label_of(code))
