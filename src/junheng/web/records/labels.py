"""What actions and kinds of objects are called in the trail.

Each room says it in its module ``audit_labels.py``, which is imported when the house is readied::

    register({"staffing.teacher.edited": _("登记教师变动")}, kinds={"staffing.teacher": _("教师")})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise

_actions: dict[str, Any] = {}
_fields: dict[str, Any] = {}
_kinds: dict[str, Any] = {}


def register(
    actions: Mapping[str, Any], kinds: Mapping[str, Any] | None = None, fields: Mapping[str, Any] | None = None
) -> None:
    """Says what actions (``room.noun.verb``), kinds of objects (``room.model``) and what rows tell are called.

    ``fields`` names what stands in a row beside the fields of its object; the same name means the same in all rooms.
    """
    _actions.update(actions)
    for name, label in (fields or {}).items():
        _fields.setdefault(name, label)
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


def field_label(kind: str, name: str) -> str:
    """What something that a row of an object of the kind tells is called; its own name where nobody has said.

    The object's own field comes first, then what rooms have said, then a field of that name beside it in its room.
    """
    room = kind.partition(".")[0]
    beside = list(apps.get_app_config(room).get_models()) if room in apps.app_configs else []
    own = [model for model in beside if model._meta.label_lower == kind]
    for found in (_named(own, name), _fields.get(name), _named(beside, name)):
        if found is not None:
            return str(found)
    return name


def _named(models: Iterable[Any], name: str) -> Any:
    """What a field of that name is called in the first of the models that says so in words of the house."""
    for model in models:
        try:
            label = getattr(model._meta.get_field(name), "verbose_name", None)
        except FieldDoesNotExist:
            continue
        if isinstance(label, Promise):
            return label
    return None


def known_actions() -> list[tuple[str, str]]:
    """Every action that a room has named, with its label, in order of the names."""
    return [(name, str(_actions[name])) for name in sorted(_actions)]


def known_kinds() -> list[tuple[str, str]]:
    """Every kind of object that a room has named, with its label."""
    return [(kind, str(_kinds[kind])) for kind in sorted(_kinds)]
