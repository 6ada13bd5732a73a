"""The gate is the first line of a view: it says who may pass, and a test reads what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from junheng.web.access.permissions import Permission

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may pass a view: anybody, anybody signed in, or whoever holds one of the permissions somewhere."""

    name: str
    anyone_of: tuple[Permission, ...] = ()


PUBLIC = Gate("public")
"""Anybody, signed in or not."""

SIGNED_IN = Gate("signed in")
"""Anybody signed in: what the page shows is the person's own."""


class Standing(Protocol):
    """What the person of a request may do now; ``directory`` fills it anew for every request."""

    def allows(self, permission: Permission) -> bool:
        """Whether any grant in force gives the permission."""

    def organisations(self, permission: Permission) -> frozenset[int]:
        """Keys of the organisations for which it is given, with everything below them."""


def standing_of(request: HttpRequest) -> Any:
    """The :class:`Standing` of the person of the request."""
    return request.standing  # type: ignore[attr-defined]


class NoStanding:
    """Nobody signed in: nothing is allowed."""

    def allows(self, permission: Permission) -> bool:
        """Nothing."""
        return False

    def organisations(self, permission: Permission) -> frozenset[int]:
        """Nowhere."""
        return frozenset()


def requires(*anyone_of: Permission) -> Callable[[View], View]:
    """Lets whoever holds one of the permissions pass; without permissions, whoever is signed in.

    The view must still fetch in scope: a permission held at one school opens the door, not the neighbour's files.
    """
    gate = Gate("permission", anyone_of) if anyone_of else SIGNED_IN

    def guard(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if anyone_of and not any(standing_of(request).allows(each) for each in anyone_of):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        gated.gate = gate  # type: ignore[attr-defined]
        return gated

    return guard


def public(view: View) -> View:
    """A page for everybody, signed in or not."""

    @login_not_required
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    gated.gate = PUBLIC  # type: ignore[attr-defined]
    return gated


class RequiresMixin:
    """For class-based views: ``permissions`` are what :func:`requires` would be given."""

    permissions: tuple[Permission, ...] = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> View:
        """The view behind its gate."""
        return requires(*cls.permissions)(super().as_view(**initkwargs))


def gate_of(view: View) -> Gate | None:
    """The gate that a view declares, or ``None`` for one that declares nothing."""
    return getattr(view, "gate", None)
