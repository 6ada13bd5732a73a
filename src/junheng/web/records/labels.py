"""What actions and kinds of objects are called in the trail.

Each room says it in its module ``audit_labels.py``, which is imported when the house is readied::

    register({"staffing.teacher.edited": _("登记教师变动")}, kinds={"staffing.teacher": _("教师")})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps

_actions: dict[str, Any] = {}
_kinds: dict[str, Any] = {}


def register(actions: Mapping[str, Any], kinds: Mapping[str, Any] | None = None) -> None:
    """Says what actions (``room.noun.verb``) and kinds of objects (``room.model``) are called."""
    _actions.update(actions)
    _kinds.update({key.lower(): label for key, label in (kinds or {}).items()})


def action_label(action: str) -> str:
    """What an action is called; its own name where no room has said."""
    return str(_actions.get(action, action))


def kind_label(kind: str) -> str:
    """What a kind of object is called; the model's own name where no room has said."""
    if kind in _kinds or not kind:
        return str(_kinds.get(kind, ""))
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def known_actions() -> list[tuple[str, str]]:
    """Every action that a room has named, with its label, in order of the names."""
    return [(name, str(_actions[name])) for name in sorted(_actions)]


def known_kinds() -> list[tuple[str, str]]:
    """Every kind of object that a room has named, with its label."""
    return [(kind, str(_kinds[kind])) for kind in sorted(_kinds)]
