"""How somebody appointed to a title has been appraised since: the scores, which way they go, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from junheng.facts import AnnualAssessment, Title, TitleSpell
from junheng.facts.calendar import add_months

TERM_YEARS = 3
"""How long an appointment to a title usually lasts before it is renewed (S3-4 三(五)); pass your own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """The yearly scores of somebody since the appointment to the present title, the oldest first.

    ``since`` and ``until`` are the first and last day of the term that runs on the day; ``missing`` are those of the
    finished years since the appointment, as many as a term has at most, in which there is no score.
    """

    title: Title
    appointed: date
    since: date
    until: date
    years: tuple[AnnualAssessment, ...]
    missing: tuple[int, ...]

    @property
    def scores(self) -> tuple[float, ...]:
        """The scores alone."""
        return tuple(each.score for each in self.years if each.score is not None)

    @property
    def mean(self) -> float | None:
        """Their mean; ``None`` without any."""
        return sum(self.scores) / len(self.scores) if self.scores else None

    @property
    def change(self) -> float | None:
        """The last score less the first, below 0 where it falls; ``None`` with fewer than two."""
        return self.scores[-1] - self.scores[0] if len(self.scores) > 1 else None


def track(
    titles: Iterable[TitleSpell], assessments: Iterable[AnnualAssessment], on: date, *, term_years: int = TERM_YEARS
) -> Tracked | None:
    """The appraisal of the appointed as of a day (R-201); ``None`` for whoever holds no title then.

    A renewed appointment to the same title goes on: scores count since the title was first held, a term since its last
    renewal. Of several rows about a year the last one counts. Raises ``ValueError`` for a term below a year.
    """
    if term_years < 1:
        raise ValueError(f"a term lasts at least one year, found {term_years}")
    held = sorted((each for each in titles if each.start <= on), key=lambda each: each.start)
    if not held or held[-1].title is Title.NONE:
        return None
    title, appointed, renewed = held[-1].title, held[-1].start, held[-1].start
    for each in reversed(held):
        if each.title is not title:
            break
        appointed = each.start
    since = renewed
    while (following := add_months(since, 12 * term_years)) <= on:
        since = following
    by_year = {each.year: each for each in assessments if appointed.year <= each.year <= on.year}
    years = tuple(by_year[year] for year in sorted(by_year))
    scored = {each.year for each in years if each.score is not None}
    return Tracked(
        title=title,
        appointed=appointed,
        since=since,
        until=date.fromordinal(add_months(since, 12 * term_years).toordinal() - 1),
        years=years,
        missing=tuple(y for y in range(max(appointed.year + 1, on.year - term_years), on.year) if y not in scored),
    )
