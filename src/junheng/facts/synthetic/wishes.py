"""Applications and ranked wishes of a fictional county."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from junheng.facts.calendar import completed_years
from junheng.facts.codes import Locale, Stage, Strength
from junheng.facts.people import Wish
from junheng.facts.schools import School
from junheng.facts.synthetic.chance import happens
from junheng.facts.synthetic.people import Person


def give_wishes(rng: Random, person: Person, schools: Mapping[Stage, Sequence[School]], on: date) -> None:
    """Two in five of those with six years at their school apply, naming up to five schools, near ones first."""
    others = [s for s in schools[person.stage] if s.id != person.school.id]
    applies = completed_years(person.joined, on) >= 6 and happens(rng, 0.4) and bool(others)
    person.facts["applied"] = applies
    if not applies:
        return
    drawn = rng.sample(others, min(14, len(others)))
    drawn.sort(key=lambda s: (_dislike(person, s), s.id))
    count = rng.randint(1, min(5, len(drawn)))
    person.facts["wishes"] = tuple(Wish(rank=i, school_id=s.id) for i, s in enumerate(drawn[:count], 1))
    if happens(rng, 0.15):
        person.facts["commute_limit_km"] = float(rng.choice((10, 15, 20, 25)))


def _dislike(person: Person, school: School) -> float:
    """Kilometres from home, plus what makes a school less sought after."""
    way = math.dist((person.facts["home_x_km"], person.facts["home_y_km"]), (school.x_km or 0.0, school.y_km or 0.0))
    extra = {Locale.URBAN: 0.0, Locale.TOWN: 4.0, Locale.RURAL: 9.0}[school.locale]
    return way + extra - (4.0 if school.strength is Strength.STRONG else 0.0)
