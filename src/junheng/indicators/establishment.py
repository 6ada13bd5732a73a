"""How many posts a school needs by norm, and how many people it has: on the establishment and at work, side by side."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from junheng.facts import County, Locale, Role, School, Stage, Teacher
from junheng.facts.rounding import Rounding, read_rounding, rounded
from junheng.indicators.standards import Mark, standards_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishmentNorm:
    """Pupils per member of staff by stage and urban–rural class, and how the result becomes whole posts.

    ``staff_per_class`` gives small schools (up to ``small_school_pupils`` pupils) the greater of the pupil rule and the
    class rule. A stage that the norm does not name is not judged.
    """

    code: str
    zh: str
    en: str
    pupils_per_teacher: Mapping[tuple[Stage, Locale], Fraction]
    rounding: Rounding = "half_up"
    staff_per_class: Mapping[Stage, Fraction] = field(default_factory=dict)
    small_school_pupils: int = 200
    document_number: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    mark: Mark = "recalled"


def national_norm(code: str = "unified_2014") -> EstablishmentNorm:
    """A norm that comes with the library: ``unified_2014``, ``by_locale_2001`` or ``rural_primary_22_5``."""
    norms = tomllib.loads(standards_text("establishment_norms.toml"), parse_float=Decimal)
    if code not in norms:
        raise ValueError(f"no establishment norm {code!r}; there are {', '.join(sorted(norms))}")
    return read_norm(code, norms[code])


def read_norm(code: str, given: Mapping[str, Any]) -> EstablishmentNorm:
    """A norm from its table in a TOML file; ``ValueError`` for a stage, locale or rounding that does not exist."""
    ratios: dict[tuple[Stage, Locale], Fraction] = {}
    for stage, value in given["pupils_per_teacher"].items():
        by_locale = value if isinstance(value, dict) else dict.fromkeys((each.value for each in Locale), value)
        for locale, ratio in by_locale.items():
            ratios[Stage.read(stage), Locale.read(locale)] = Fraction(ratio)
    return EstablishmentNorm(
        code=code,
        zh=given["zh"],
        en=given["en"],
        pupils_per_teacher=ratios,
        rounding=read_rounding(given.get("rounding", "half_up")),
        staff_per_class={Stage.read(s): Fraction(v) for s, v in given.get("staff_per_class", {}).items()},
        small_school_pupils=given.get("small_school_pupils", 200),
        document_number=given.get("document_number", ""),
        in_force_from=given.get("in_force_from"),
        in_force_to=given.get("in_force_to"),
        mark=given.get("mark", "recalled"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredPosts:
    """Posts by norm with the way to them: pupils ÷ ratio, classes × staff per class, each rounded, and the greater."""

    pupils: int
    classes: int
    ratio: Fraction
    by_pupils: Fraction
    posts_by_pupils: int
    by_classes: Fraction | None
    posts_by_classes: int | None
    required: int
    small: bool

    def sentence(self, lang: str = "zh") -> str:
        """The computation in words."""
        zh = lang == "zh"
        text = f"{self.pupils} ÷ {float(self.ratio):g} = {float(self.by_pupils):.2f} → {self.posts_by_pupils}"
        if self.by_classes is not None:
            text += "；" if zh else "; "
            text += (
                f"{self.classes}{'个班' if zh else ' classes'} → {float(self.by_classes):.2f} → {self.posts_by_classes}"
            )
        return f"{text}，应配{self.required}人" if zh else f"{text}; required {self.required}"


def required_posts(
    pupils: int,
    ratio: Fraction | float | str,
    *,
    classes: int = 0,
    staff_per_class: Fraction | float | str | None = None,
    small_school_pupils: int = 200,
    rounding: Rounding = "half_up",
) -> RequiredPosts:
    """Posts for one stage of a school: 200 pupils at 22.5 give 8.89, so 9 (R-266).

    Where ``staff_per_class`` is set and the school has at most ``small_school_pupils`` pupils, the greater of pupil
    rule and class rule holds. Decimals given as ``float`` are read as they print. Raises ``ValueError`` for a ratio
    that is not positive or a negative number of pupils or classes.
    """
    per_teacher, per_class = _exact(ratio), None if staff_per_class is None else _exact(staff_per_class)
    if per_teacher <= 0 or pupils < 0 or classes < 0:
        raise ValueError(f"expected a positive ratio and counts not below 0; found {ratio}, {pupils} and {classes}")
    small = pupils <= small_school_pupils
    by_pupils = Fraction(pupils) / per_teacher
    by_classes = classes * per_class if small and per_class is not None else None
    posts_by_pupils = rounded(by_pupils, rounding)
    posts_by_classes = None if by_classes is None else rounded(by_classes, rounding)
    return RequiredPosts(
        pupils=pupils,
        classes=classes,
        ratio=per_teacher,
        by_pupils=by_pupils,
        posts_by_pupils=posts_by_pupils,
        by_classes=by_classes,
        posts_by_classes=posts_by_classes,
        required=max(posts_by_pupils, posts_by_classes or 0),
        small=small,
    )


def _exact(value: Fraction | float | str) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(str(value))


class Presence(StrEnum):
    """In which way a person is on a school's books; every person is in exactly one of them."""

    AT_HOME = "at_home"
    AWAY = "away"
    NOT_IN_POST = "not_in_post"
    LENT_IN = "lent_in"
    HIRED = "hired"
    ABSENT = "absent"


def presence(teacher: Teacher) -> Presence:
    """Where a person of the establishment is, or else whether the person is lent in, hired, or not at work at all."""
    if teacher.seconded_in is True:
        return Presence.LENT_IN if teacher.in_post is not False else Presence.ABSENT
    if teacher.on_establishment is False:
        return Presence.HIRED if teacher.in_post is not False else Presence.ABSENT
    if teacher.in_post is False:
        return Presence.NOT_IN_POST
    return Presence.AWAY if teacher.works_at != teacher.school_id else Presence.AT_HOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """One stage of a school: posts, people on the establishment, people at work, and what lies between them.

    ``at_work`` = ``on_establishment`` − ``exchanged_out`` − ``not_in_post`` + ``exchanged_in`` + ``lent_in`` +
    ``hired``. Gaps are signed: above 0 is surplus (超编), below 0 shortage (缺编); ``None`` where the norm does not
    cover the stage or no posts are authorised. ``support`` staff are included in the counts and shown apart.
    """

    school_id: str
    school_name: str
    stage: Stage
    authorised: int | None
    posts: RequiredPosts | None
    on_establishment: int
    at_work: int
    exchanged_in: int
    exchanged_out: int
    not_in_post: int
    lent_in: int
    hired: int
    support: int
    pupils: int
    classes: int

    @property
    def headcount_gap(self) -> int | None:
        """People on the establishment less the posts that the norm requires."""
        return None if self.posts is None else self.on_establishment - self.posts.required

    @property
    def gap_at_work(self) -> int | None:
        """People at work less the posts that the norm requires."""
        return None if self.posts is None else self.at_work - self.posts.required

    @property
    def gap_to_authorised(self) -> int | None:
        """People on the establishment less the posts authorised."""
        return None if self.authorised is None else self.on_establishment - self.authorised

    @property
    def one_teacher_classes(self) -> bool:
        """Whether there are no more people at work than classes, so that an absence leaves a class untaught (包班)."""
        return 0 < self.at_work <= self.classes

    @property
    def small_school(self) -> bool:
        """Whether the stage has so few pupils that it must be staffed by classes."""
        return self.posts is not None and self.posts.small


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishmentReport:
    """Every stage of every school under a norm, in the order of schools."""

    county_name: str
    on: date
    norm: EstablishmentNorm
    rows: tuple[Headcount, ...]

    def total(self, name: str, stage: Stage | None = None) -> int:
        """The county's sum of a count such as ``on_establishment`` or ``headcount_gap``; blanks count nothing."""
        return sum(getattr(r, name) or 0 for r in self.rows if stage is None or r.stage is stage)

    def required(self, stage: Stage | None = None) -> int:
        """Posts by norm, school by school, added up."""
        return sum(r.posts.required for r in self.rows if r.posts and (stage is None or r.stage is stage))

    def over_approved(self, approved: int) -> int:
        """By how many the posts allotted to schools exceed the county's approved total; 0 when they are within it."""
        return max(0, self.total("authorised") - approved)


def measure_establishment(county: County, norm: EstablishmentNorm | None = None) -> EstablishmentReport:
    """Required posts and both head-counts of every stage of every school; by the unified norm if none is given."""
    norm = norm or national_norm()
    tallies: defaultdict[tuple[str, Stage], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for teacher in county.teachers:
        _enter(county, teacher, tallies)
    return EstablishmentReport(
        county_name=county.name,
        on=county.on,
        norm=norm,
        rows=tuple(
            _row(school, stage, norm, tallies[school.id, stage])
            for school in county.schools
            for stage in Stage
            if stage in school.stages
        ),
    )


def _enter(county: County, teacher: Teacher, tallies: Mapping[tuple[str, Stage], defaultdict[str, int]]) -> None:
    home = tallies[teacher.school_id, _stage_in(county, teacher, teacher.school_id)]
    host = tallies[teacher.works_at, _stage_in(county, teacher, teacher.works_at)]
    how = presence(teacher)
    if how in (Presence.AT_HOME, Presence.AWAY, Presence.NOT_IN_POST):
        home["on_establishment"] += 1
        home["support"] += teacher.role is Role.SUPPORT_STAFF
    if how not in (Presence.NOT_IN_POST, Presence.ABSENT):
        host["at_work"] += 1
    if how is Presence.AWAY:
        home["exchanged_out"] += 1
        host["exchanged_in"] += 1
    elif how in (Presence.NOT_IN_POST, Presence.LENT_IN, Presence.HIRED):
        (home if how is Presence.NOT_IN_POST else host)[how.value] += 1


def _stage_in(county: County, teacher: Teacher, school_id: str) -> Stage:
    stages = county.school_by_id[school_id].stages
    return teacher.stage if teacher.stage in stages else min(stages)


def _row(school: School, stage: Stage, norm: EstablishmentNorm, tally: Mapping[str, int]) -> Headcount:
    ratio = norm.pupils_per_teacher.get((stage, school.locale))
    pupils, classes = school.pupils(stage), school.classes(stage)
    posts = None
    if ratio is not None:
        posts = required_posts(
            pupils,
            ratio,
            classes=classes,
            staff_per_class=norm.staff_per_class.get(stage),
            small_school_pupils=norm.small_school_pupils,
            rounding=norm.rounding,
        )
    names = (
        "on_establishment",
        "at_work",
        "exchanged_in",
        "exchanged_out",
        "not_in_post",
        "lent_in",
        "hired",
        "support",
    )
    return Headcount(
        school_id=school.id,
        school_name=school.name,
        stage=stage,
        authorised=school.posts.get(stage),
        posts=posts,
        pupils=pupils,
        classes=classes,
        **{name: tally.get(name, 0) for name in names},
    )


def recruitment_room(authorised: int, on_establishment: int, yearly_plan: int) -> int:
    """How many may be recruited: free posts, and never more than the year's plan for new staff; not below 0."""
    return max(0, min(authorised - on_establishment, yearly_plan))
