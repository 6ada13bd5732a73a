"""How near the fictional counties are to the published figures: target, what was made, and where the target is from.

``mark`` says how well the target is known: SEEN, a source was read; RECALLED-H, -M, -L, known from memory with high,
middle or low confidence; STATED, our own assumption. Targets of several readings have a band; a single number has one
of the width stated beside it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from junheng.facts.calendar import completed_years
from junheng.facts.codes import Education, Role, SchoolKind, Sex, Subject
from junheng.facts.county import County
from junheng.facts.people import Teacher
from junheng.facts.retirement import retirement_date
from junheng.facts.schools import School

_PE_ART = frozenset({Subject.PE, Subject.MUSIC, Subject.ART})
_PRIMARY = frozenset({SchoolKind.URBAN_PRIMARY, SchoolKind.CENTER_PRIMARY, SchoolKind.VILLAGE_PRIMARY})
_JUNIOR = frozenset({SchoolKind.JUNIOR_HIGH, SchoolKind.NINE_YEAR})
_TITLES = ("full_senior", "senior", "first", "second", "low")
COUNTY_MEAN = 3709.0
"""Full-time teachers of a county unit in the mean: 10.7389 million ÷ 2,895."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to be met: between ``low`` and ``high``. ``made`` takes the tally's shares by name."""

    key: str
    zh: str
    en: str
    low: float
    high: float
    mark: str
    source: tuple[str, str]
    kind: str = "number"
    country_only: bool = False

    def met(self, made: float) -> bool:
        """Whether what was made lies within the band."""
        return self.low <= made <= self.high


def _near(value: float, width: float) -> tuple[float, float]:
    return value * (1 - width), value * (1 + width)


GAZETTE = ("2024 年教育事业统计公报 ÷ 2,895 县", "2024 education gazette ÷ 2,895 units")
RATIOS = ("2023 年统计公报", "2023 education gazette")
USUAL = ("常见区间（低可信）", "usual range, low confidence")
OURS = ("本系统设定", "our assumption")
TARGETS: tuple[Target, ...] = (
    Target("primary_schools", "每县小学（所）", "primary schools a county", *_near(47.1, 0.1), "SEEN", GAZETTE),
    Target("points", "每县教学点（个）", "teaching points a county", *_near(18.0, 0.15), "SEEN", GAZETTE),
    Target("junior_schools", "每县初中（所）", "junior schools a county", *_near(18.0, 0.12), "SEEN", GAZETTE),
    Target("primary_size", "小学校均学生（含点）", "pupils a primary school", *_near(562, 0.12), "SEEN", GAZETTE),
    Target("junior_size", "初中校均学生", "pupils a junior school", *_near(1034, 0.12), "SEEN", GAZETTE),
    Target("primary_ratio", "小学生师比", "pupils a teacher, primary", *_near(16.3, 0.02), "RECALLED-H", RATIOS),
    Target("junior_ratio", "初中生师比", "pupils a teacher, junior", *_near(12.8, 0.02), "RECALLED-H", RATIOS),
    Target("women_primary", "女教师比例：小学", "women, primary", 0.65, 0.75, "RECALLED-L", USUAL, "percent"),
    Target("women_junior", "女教师比例：初中", "women, junior", 0.56, 0.63, "RECALLED-L", USUAL, "percent"),
    Target("bachelor_primary", "本科及以上：小学", "bachelor, primary", 0.74, 0.82, "RECALLED-L", USUAL, "percent"),
    Target("bachelor_junior", "本科及以上：初中", "bachelor, junior", 0.90, 0.96, "RECALLED-L", USUAL, "percent"),
    Target("backbone", "县级及以上骨干教师", "backbone teachers", 0.08, 0.15, "RECALLED-L", USUAL, "percent"),
    Target("tenure6", "同校满六年", "six years at the school", 0.45, 0.60, "RECALLED-L", USUAL, "percent"),
    Target("eligible", "满六年且无免除情形", "six years, not exempt", 0.30, 0.45, "RECALLED-L", USUAL, "percent"),
    Target("title_full_senior", "正高级", "full senior title", 0.001, 0.004, "RECALLED-L", USUAL, "percent"),
    Target("title_senior", "高级", "senior title", 0.15, 0.25, "RECALLED-L", USUAL, "percent"),
    Target("title_first", "一级", "first-grade title", 0.39, 0.46, "RECALLED-L", USUAL, "percent"),
    Target("title_second", "二级", "second-grade title", 0.20, 0.27, "RECALLED-L", USUAL, "percent"),
    Target("title_low", "三级和未定", "third grade or none", 0.07, 0.13, "RECALLED-L", USUAL, "percent"),
    Target("age_gap", "乡村教师比城区年长（岁）", "rural staff older by, years", 2.0, 6.5, "STATED", OURS),
    Target("size_gap", "乡村校均教师 ÷ 城区", "staff of a rural school ÷ urban", 0.05, 0.35, "STATED", OURS),
    Target("backbone_gap", "乡村骨干比例 ÷ 城区", "rural backbone share ÷ urban", 0.05, 0.50, "STATED", OURS),
    Target("arts_gap", "乡村体音美比例 ÷ 城区", "rural PE and arts share ÷ urban", 0.35, 0.80, "STATED", OURS),
    Target("primary_posts", "小学教师 ÷ 编制（超编）", "primary staff ÷ posts", 1.01, 1.12, "STATED", OURS),
    Target("junior_posts", "初中教师 ÷ 编制（缺编）", "junior staff ÷ posts", 0.90, 0.995, "STATED", OURS),
    Target("mean_teachers", "每县教师", "teachers a county", *_near(3754, 0.02), "SEEN", GAZETTE, country_only=True),
    Target("log_sigma", "县规模对数标准差", "spread of log sizes", 0.65, 0.85, "STATED", OURS, country_only=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """A target and what was made."""

    target: Target
    made: float

    @property
    def met(self) -> bool:
        """Whether the figure lies within its band."""
        return self.target.met(self.made)


@dataclass
class Tally:
    """Counts of one or many counties; tallies of single counties add up, so that no two need be in memory."""

    counts: Counter[str] = field(default_factory=Counter)
    sizes: tuple[int, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.counts + other.counts, (*self.sizes, *other.sizes))


def tally(county: County) -> Tally:
    """What the targets need of one county."""
    counts: Counter[str] = Counter()
    for school in county.schools:
        for key, amount in _of_school(school):
            counts[key] += amount
    for teacher in county.teachers:
        for key, amount in _of_teacher(county, teacher):
            counts[key] += amount
    return Tally(counts, (len(county.teachers),))


def _of_school(school: School) -> Iterable[tuple[str, int]]:
    kind = "primary" if school.kind in _PRIMARY else "junior" if school.kind in _JUNIOR else "point"
    yield f"schools:{kind}", 1
    yield f"schools:{school.locale.value}", 1
    for stage in school.stages:
        yield f"pupils:{stage.value}", school.pupils(stage)
        yield f"posts:{stage.value}", school.posts.get(stage, 0)


def _of_teacher(county: County, teacher: Teacher) -> Iterable[tuple[str, int]]:
    on, stage = county.on, teacher.stage.value
    locale = county.school_by_id[teacher.school_id].locale
    title = teacher.title_on(on)
    held = "low" if title is None else title.title.value
    facts = {
        "women": teacher.sex is Sex.FEMALE,
        "bachelor": teacher.education is not None and teacher.education.years >= Education.BACHELOR.years,
        "backbone": teacher.is_backbone(on),
        "arts": teacher.main_subject in _PE_ART,
        "tenure6": _years_here(county, teacher) >= 6,
        "eligible": _years_here(county, teacher) >= 6 and not _usually_exempt(county, teacher),
    }
    yield f"staff:{stage}", 1
    yield f"staff:{locale.value}", 1
    yield f"age:{locale.value}", completed_years(teacher.birth_date, on)
    yield f"title:{held if held in _TITLES else 'low'}", 1
    for name, holds in facts.items():
        yield f"{name}:{stage}", int(holds)
        yield f"{name}:{locale.value}", int(holds)


def _years_here(county: County, teacher: Teacher) -> int:
    joined = teacher.joined_current_school
    return 0 if joined is None else completed_years(joined, county.on)


def _usually_exempt(county: County, teacher: Teacher) -> bool:
    """What most local rules exempt: five years to retirement, not in post or away, ill, with child, sanctioned.

    Heads count as exempt: local rules move them by terms, not by years.
    """
    on = county.on
    retires = retirement_date(teacher.birth_date, teacher.sex)
    small_child = teacher.family.youngest_child_birth
    return (
        completed_years(on, retires) < 5
        or teacher.in_post is False
        or teacher.works_at != teacher.school_id
        or bool(teacher.pregnant)
        or bool(teacher.lactating)
        or teacher.health is not None
        or teacher.full_time is False
        or teacher.role in (Role.PRINCIPAL, Role.VICE_PRINCIPAL)
        or teacher.under_sanction(on)
        or (small_child is not None and teacher.sex is Sex.FEMALE and completed_years(small_child, on) < 3)
    )


def compare(made: Tally, *, country: bool = False) -> tuple[Comparison, ...]:
    """Every target beside what was made; the sizes of counties only where the country was to be met."""
    figures = _figures(made)
    return tuple(Comparison(t, figures[t.key]) for t in TARGETS if country or not t.country_only)


def _figures(made: Tally) -> Mapping[str, float]:
    n = made.counts
    counties = sum(made.sizes) / COUNTY_MEAN
    staff = n["staff:primary"] + n["staff:junior"]
    both: Callable[[str], float] = lambda fact: _ratio(n[f"{fact}:primary"] + n[f"{fact}:junior"], staff)  # noqa: E731
    gap: Callable[[str], float] = lambda fact: _ratio(_share(n, fact, "rural"), _share(n, fact, "urban"))  # noqa: E731
    found = {
        "primary_schools": n["schools:primary"] / counties,
        "points": n["schools:point"] / counties,
        "junior_schools": n["schools:junior"] / counties,
        "primary_size": _ratio(n["pupils:primary"], n["schools:primary"] + n["schools:point"]),
        "junior_size": _ratio(n["pupils:junior"], n["schools:junior"]),
        "backbone": both("backbone"),
        "tenure6": both("tenure6"),
        "eligible": both("eligible"),
        "age_gap": _share(n, "age", "rural") - _share(n, "age", "urban"),
        "size_gap": _ratio(_ratio(n["staff:rural"], n["schools:rural"]), _ratio(n["staff:urban"], n["schools:urban"])),
        "backbone_gap": gap("backbone"),
        "arts_gap": gap("arts"),
        "mean_teachers": sum(made.sizes) / len(made.sizes),
        "log_sigma": _log_sigma(made.sizes),
    }
    for stage in ("primary", "junior"):
        found[f"{stage}_ratio"] = _ratio(n[f"pupils:{stage}"], n[f"staff:{stage}"])
        found[f"{stage}_posts"] = _ratio(n[f"staff:{stage}"], n[f"posts:{stage}"])
        found[f"women_{stage}"] = _share(n, "women", stage)
        found[f"bachelor_{stage}"] = _share(n, "bachelor", stage)
    return found | {f"title_{title}": _ratio(n[f"title:{title}"], staff) for title in _TITLES}


def _share(counts: Mapping[str, int], fact: str, part: str) -> float:
    return _ratio(counts[f"{fact}:{part}"], counts[f"staff:{part}"])


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _log_sigma(sizes: Sequence[Any]) -> float:
    logs = [math.log(size) for size in sizes]
    mean = sum(logs) / len(logs)
    return math.sqrt(sum((log - mean) ** 2 for log in logs) / len(logs))
