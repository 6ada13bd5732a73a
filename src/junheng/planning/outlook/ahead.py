"""The whole outlook of a county: years judged, retirements, gaps, batches, and on request the balance year by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from junheng.facts import County
from junheng.facts.ageing import ASSUMPTIONS
from junheng.planning.outlook.batches import Batches, make_batches
from junheng.planning.outlook.forecast import PlannedYear, first_within, forecast
from junheng.planning.outlook.judged import JudgedYear, counties_ahead, judge_years
from junheng.planning.outlook.request import Request
from junheng.planning.outlook.staffing import (
    Retirement,
    StageAhead,
    SubjectAhead,
    retirements,
    stages_ahead,
    subjects_ahead,
)
from junheng.policy import Pack


@dataclass(frozen=True)
class Outlook:
    """What the coming years bring under the rules in force. ``planned`` is empty unless the request asks to plan."""

    county: County
    pack: Pack
    request: Request
    counties: tuple[County, ...]
    years: tuple[JudgedYear, ...]
    retirements: tuple[Retirement, ...]
    subjects: tuple[SubjectAhead, ...]
    stages: tuple[StageAhead, ...]
    batches: Batches
    planned: tuple[PlannedYear, ...] = ()

    def calendar(self) -> tuple[int, ...]:
        """The plan years."""
        return tuple(y.year for y in self.years)

    def retiring(self) -> tuple[int, ...]:
        """How many retire within each plan year."""
        found = Counter(r.index for r in self.retirements)
        return tuple(found[y.index] for y in self.years)

    @property
    def first_within(self) -> int | None:
        """The year after which the county is within the official limits; ``None`` when not planned or in none."""
        return first_within(self.planned)

    def assumptions(self) -> tuple[tuple[str, str], ...]:
        """What the outlook takes for granted, in both languages."""
        trend = self.request.pupils
        moved = (
            (
                "判定各年时假定此前无人轮岗；一人在展望期内只排一次",
                "every year is judged as if nobody had moved before; nobody is placed twice within the outlook",
            ),
            (
                "各年方案假定轮岗教师留在新学校任教；任期届满返回的人数另行测算",
                "the yearly plans take movers to stay at the new school; returns after a term are reckoned separately",
            ),
        )
        return (*ASSUMPTIONS, (trend.words("zh"), trend.words("en")), *(moved if self.planned else moved[:1]))


def look_ahead(
    county: County, pack: Pack, request: Request, progress: Callable[[int, int], None] | None = None
) -> Outlook:
    """The outlook of a county under a pack. Raises ``ValueError`` for a pack or county that cannot be planned."""
    counties = counties_ahead(county, request)
    years = judge_years(counties, pack, request)
    batches = make_batches(years, request)
    return Outlook(
        county=county,
        pack=pack,
        request=request,
        counties=counties,
        years=years,
        retirements=retirements(counties),
        subjects=subjects_ahead(counties),
        stages=stages_ahead(counties),
        batches=batches,
        planned=forecast(county, pack, batches, request, progress) if request.plan else (),
    )
