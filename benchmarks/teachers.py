"""Teachers with the facts that the largest eligibility rule asks for: any number of them, the same for the same seed.

Columns are numpy arrays, so that every engine can turn them into its own form: words by their place in a list, -1 where
nothing is stated; dates with NaT for a missing one. Many births and arrivals lie on the very days that decide.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

PLAN_YEAR = 2026
REFERENCE_DAY = (8, 31)

SEXES = ("M", "F")
ROLES = ("teacher", "principal", "vice_principal", "dean", "mid_level_cadre", "village_school_head", "support_staff")
ROLE_SHARES = (0.80, 0.03, 0.04, 0.03, 0.05, 0.02, 0.03)
HEALTH = ("disability", "long_term_sick_leave", "major_illness_under_treatment", "major_illness")
REASONS = ("studying", "on loan", "caring for a parent")
AUTHORITIES = ("district bureau", "county bureau")
GROUNDS = ("needed at the school", "own request")

CAN_BE_MISSING = ("sex", "birth", "joined", "role")
"""Facts whose blank means that nobody has said, not that there is nothing to say."""

Columns = dict[str, np.ndarray]


def make_teachers(count: int, seed: int = 1, *, missing: float = 0.0) -> Columns:
    """Facts of so many teachers. ``missing`` is the share of those who lack one of :data:`CAN_BE_MISSING`."""
    random = np.random.default_rng(seed)
    sex = (random.random(count) < 0.62).astype(np.int8)
    women = sex == 1
    columns = {
        "sex": sex,
        "birth": _births(random, count),
        "joined": _arrivals(random, count),
        "role": random.choice(len(ROLES), count, p=ROLE_SHARES).astype(np.int8),
        "pregnant": np.where(women, (random.random(count) < 0.03).astype(np.int8), np.int8(-1)),
        "lactating": np.where(women, (random.random(count) < 0.03).astype(np.int8), np.int8(-1)),
        "under_sanction": (random.random(count) < 0.01).astype(np.int8),
        "health": _stated(random, count, len(HEALTH), 0.02),
        "reason": _stated(random, count, len(REASONS), 0.02),
        "override_by": _stated(random, count, len(AUTHORITIES), 0.05),
        "override_ground": _stated(random, count, len(GROUNDS), 0.05),
    }
    return _with_gaps(random, columns, missing) if missing else columns


def _stated(random: np.random.Generator, count: int, words: int, share: float) -> np.ndarray:
    """One of so many words for a share of the teachers, -1 for the others."""
    return np.where(random.random(count) < share, random.integers(0, words, count), -1).astype(np.int8)


def _births(random: np.random.Generator, count: int) -> np.ndarray:
    first, last = np.datetime64("1962-01-01"), np.datetime64("2003-12-31")
    births = first + random.integers(0, (last - first).astype(int) + 1, count)
    turning = PLAN_YEAR - random.integers(44, 52, count)
    return _on_the_days(random, births, turning, ((8, 30), (8, 31), (9, 1), (2, 28), (3, 1)))


def _arrivals(random: np.random.Generator, count: int) -> np.ndarray:
    last = np.datetime64(f"{PLAN_YEAR}-08-31")
    arrivals = last - random.integers(0, 20 * 365, count)
    begun = PLAN_YEAR - random.integers(5, 8, count)
    return _on_the_days(random, arrivals, begun, ((8, 30), (8, 31), (9, 1), (9, 2), (9, 15), (9, 16)))


def _on_the_days(
    random: np.random.Generator, days: np.ndarray, years: np.ndarray, places: tuple[tuple[int, int], ...]
) -> np.ndarray:
    """A third of the days moved to one of these places (month, day) in the given years; some to 29 February."""
    place = np.array(places)[random.integers(0, len(places), len(days))]
    months = (years - 1970) * 12 + place[:, 0] - 1
    moved = months.astype("datetime64[M]").astype("datetime64[D]") + (place[:, 1] - 1)
    chosen = random.random(len(days))
    leap = np.array(["1976-02-29", "1980-02-29", "2020-02-29"], "datetime64[D]")[random.integers(0, 3, len(days))]
    return np.where(chosen < 0.32, moved, np.where(chosen < 0.33, leap, days))


def _with_gaps(random: np.random.Generator, columns: Columns, share: float) -> Columns:
    count = len(columns["sex"])
    lacking = np.where(random.random(count) < share, random.integers(0, len(CAN_BE_MISSING), count), -1)
    for place, name in enumerate(CAN_BE_MISSING):
        blank = np.datetime64("NaT") if name in ("birth", "joined") else np.int8(-1)
        columns[name] = np.where(lacking == place, blank, columns[name])
    return columns


def save(columns: Columns, path: Path) -> None:
    """Write columns to a file."""
    np.savez(path, **columns)


def load(path: Path) -> Columns:
    """Read columns from a file of :func:`save`."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def main() -> None:
    """Make teachers and write them to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missing", type=float, default=0.0, help="share of teachers of whom one fact is missing")
    options = parser.parse_args()
    save(make_teachers(options.count, options.seed, missing=options.missing), options.file)


if __name__ == "__main__":
    main()
