"""Which county and day a page is about, and what of it the person of the request may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from junheng.facts import County, School, Teacher
from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.staffing.figures import Figures, figures_of
from junheng.web.staffing.models.parameters import settings_of
from junheng.web.staffing.snapshot import UnsoundCountyError

FIRST_YEAR, LAST_YEAR = 1950, 2199


class Scope:
    """A county on a day, ``?county=`` and ``?on=`` where they make sense; 404 for whoever works in none."""

    def __init__(self, request: HttpRequest) -> None:
        self.standing = standing_of(request)
        counties = {str(county.pk): county for county in self.standing.counties}
        chosen = counties.get(request.GET.get("county", "")) or self.standing.county
        if chosen is None:
            raise Http404
        self.county: Organisation = chosen
        self.counties = tuple(counties.values())
        self.on = day_of(request.GET.get("on", ""))
        self.unsound = ""
        self._kept: dict[Any, Any] = {}
        self.within = self.standing.organisations(Permission.ESTABLISHMENT_VIEW)

    @cached_property
    def figures(self) -> Figures:
        """The county's figures on the day; those of an empty county where its rows contradict each other."""
        try:
            return figures_of(self.county, self.on)
        except UnsoundCountyError as fault:
            self.unsound = str(fault)
            empty = County(name=self.county.name, on=self.on, clusters=(), schools=(), teachers=())
            return Figures(empty, {}, settings_of(self.county, self.on), ())

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """What rows have alike, made once for the page."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @property
    def whole(self) -> bool:
        """Whether the person sees the establishment of the whole county."""
        return self.county.pk in self.within

    def may(self, permission: Permission) -> bool:
        """Whether the person holds a permission for the county as a whole."""
        return self.county.pk in self.standing.organisations(permission)

    def may_at(self, permission: Permission, school_id: str) -> bool:
        """Whether the person holds a permission at a school, by its code."""
        return self.figures.keys.get(school_id, -1) in self.standing.organisations(permission)

    def sees(self, school_id: str) -> bool:
        """Whether the person may see the establishment of a school, by its code."""
        return self.figures.keys.get(school_id, -1) in self.within

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """The schools whose establishment the person may see."""
        return tuple(s for s in self.figures.county.schools if self.sees(s.id))

    @cached_property
    def school_by_id(self) -> dict[str, School]:
        """Every school of the county, by its code."""
        return self.figures.county.school_by_id

    def name(self, school_id: str) -> str:
        """What a school is called on pages."""
        school = self.school_by_id.get(school_id)
        return (school.short_name or school.name) if school else school_id

    @cached_property
    def cluster_names(self) -> dict[str, str]:
        """Clusters by their code."""
        return {c.id: c.name for c in self.figures.county.clusters}

    def teachers(self) -> Iterator[Teacher]:
        """The teachers whose file the person may see: at home or at work in a school of the scope."""
        keys = self.figures.keys
        files = self.standing.organisations(Permission.TEACHERS_VIEW)
        for teacher in self.figures.county.teachers:
            if keys.get(teacher.school_id) in files or keys.get(teacher.works_at) in files:
                yield teacher

    @property
    def sees_people(self) -> bool:
        """Whether the person may see teachers at all; who may not gets sums without names."""
        return bool(self.standing.allows(Permission.TEACHERS_VIEW))


def day_of(text: str) -> date:
    """The day that an address names; today where it names none, or one at which no county has data."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else timezone.localdate()


@lru_cache(maxsize=8192)
def address(name: str, *args: object) -> str:
    """The address of a page, or nothing where the page is not there."""
    try:
        return reverse(f"staffing:{name}", args=args)
    except NoReverseMatch:
        return ""
