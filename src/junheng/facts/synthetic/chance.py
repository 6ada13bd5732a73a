"""Draws that the generator needs beyond ``random``: whole numbers that add up, and yes-or-no with a probability."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def generator(seed: int) -> Random:
    """The only source of chance of a synthetic county."""
    return Random(seed)  # noqa: S311 - fictional data, nothing is kept secret with it


def happens(rng: Random, probability: float) -> bool:
    """True with the probability."""
    return rng.random() < probability


def spread(rng: Random, sigma: float) -> float:
    """A factor around 1, log-normal."""
    return rng.lognormvariate(0.0, sigma)


def clipped(rng: Random, mean: float, deviation: float, low: float, high: float) -> float:
    """A normal draw held between two bounds."""
    return min(high, max(low, rng.gauss(mean, deviation)))


def apportion(total: int, weights: Sequence[float], least: Sequence[int] | None = None) -> list[int]:
    """Whole shares of ``total`` in proportion to the weights, by largest remainder, none under its ``least``.

    Raises ``ValueError`` when the least shares add up to more than the total.
    """
    floor = list(least) if least is not None else [0] * len(weights)
    rest = total - sum(floor)
    if rest < 0:
        raise ValueError(f"{total} cannot be shared among {len(floor)} parts that need {sum(floor)} together")
    whole = sum(weights)
    wanted = [max(0.0, total * w / whole - f) for w, f in zip(weights, floor, strict=True)]
    scale = rest / sum(wanted) if sum(wanted) > 0 else 0.0
    exact = [w * scale for w in wanted]
    shares = [int(e) for e in exact]
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: rest - sum(shares)]:
        shares[i] += 1
    return [s + f for s, f in zip(shares, floor, strict=True)]
