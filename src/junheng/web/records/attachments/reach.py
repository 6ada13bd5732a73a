"""Who may have a file: whoever may see the object it belongs to, as the object's room says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from junheng.web.records.models import Attachment

MaySee = Callable[[Any, str], bool]
_rules: dict[str, MaySee] = {}


def access(kind: str) -> Callable[[MaySee], MaySee]:
    """Registers what says, of a standing and an object's key, whether files of objects of this kind may be had.

    ``kind`` is the model's label in lower case, such as ``staffing.correction``. Files of a kind that no room has
    registered are had by nobody.
    """

    def register(function: MaySee) -> MaySee:
        _rules[kind.lower()] = function
        return function

    return register


def may_have(standing: Any, attachment: Attachment) -> bool:
    """Whether the person may have the file now."""
    rule = _rules.get(attachment.owner_kind)
    return attachment.withdrawn_at is None and rule is not None and rule(standing, attachment.owner_id)
