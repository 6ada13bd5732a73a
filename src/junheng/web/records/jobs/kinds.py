"""What kinds of background work there are; each room registers its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from junheng.web.records.jobs.working import Work

Run = Callable[["Work"], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work: its name ``room.noun.verb``, what to call, and how often it may be tried."""

    name: str
    run: Run
    attempts: int = 5


class UnknownKindError(LookupError):
    """Nobody has registered this kind of work."""


_KINDS: dict[str, JobKind] = {}


def job_kind(name: str, *, attempts: int = 5) -> Callable[[Run], Run]:
    """Registers the decorated function as what is done for jobs of this kind."""

    def register(run: Run) -> Run:
        known = _KINDS.get(name)
        if known is not None and (known.run.__module__, known.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"two kinds of work are called {name}")
        _KINDS[name] = JobKind(name, run, attempts)
        return run

    return register


def kind_of(name: str) -> JobKind:
    """The kind of that name, or :class:`UnknownKindError`."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKindError(name) from None
