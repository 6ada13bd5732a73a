"""What a solver answers: the plan, its value, how good it provably is, or which rules must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from junheng.planning.problem import Assignment

Status = Literal["solved", "infeasible", "stopped_by_clock"]


@dataclass(frozen=True, slots=True, order=True)
class Relaxation:
    """A rule that the plan breaks, and by how much.

    ``row`` is the name of the row (``quota:school5:S001``, ``must:T000279`` …), ``family`` the kind of rule (refill,
    total, outflow, quota, direction, backbone, couple, must), ``member`` the scope member that the row is about,
    ``by`` how many persons or posts too many or too few (a share rule counts the persons that are missing, with
    decimals), and ``sense`` whether there are too ``few`` or too ``many``.
    """

    row: str
    family: str
    member: str
    by: float
    sense: Literal["few", "many"]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of :func:`junheng.planning.solve`.

    ``status``: ``solved`` keeps every rule; ``infeasible`` means that no plan keeps them all, and ``assignments`` is
    then the plan that breaks least by the price list, with ``relaxations`` naming what it breaks;
    ``stopped_by_clock`` means that the time limit ended the search (the plan may be none, and another run may give
    another one).

    ``objective`` is J of the plan by the official coefficient (smaller is better), ``bound`` a number that no plan
    falls below, computed from ``certificate`` alone (multipliers by row name; README.md in this folder has the
    formula), and ``gap`` = (J − bound) / max(1, \\|J\\|). For an infeasible problem ``bound`` is infinite when the
    multipliers prove the contradiction, and ``gap`` is infinite.

    ``stranded``: teachers who must move but can go nowhere → school of the stage → reasons. ``statistics`` holds whole
    numbers and J's parts that repeat exactly; ``seconds`` the time per phase, which does not.
    """

    status: Status
    assignments: tuple[Assignment, ...]
    objective: float
    bound: float
    gap: float
    certificate: dict[str, float]
    relaxations: tuple[Relaxation, ...] = ()
    stranded: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    statistics: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict, compare=False)

    @property
    def feasible(self) -> bool:
        """Whether the plan keeps every rule."""
        return self.status != "infeasible" and not self.relaxations
