"""Questions put to the year's pack, and its answers as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from junheng.policy import Pack, ask, parse_pack
from junheng.policy.evaluation import parameter_values
from junheng.web.rotation.models import RotationYear


@dataclass(frozen=True, slots=True)
class Answer:
    """What the pack says: its word, the clause, the reason in the reader's language, flags, value, missing facts."""

    verdict: str
    clause: str
    because: str
    flags: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    value: Any = None

    @property
    def is_unknown(self) -> bool:
        """Whether a fact is missing without which the pack gives no answer."""
        return self.verdict == "unknown"


def cited_alone(pack: Pack, before: str = "") -> Pack:
    """The pack with ``before`` in place of its source's mark in each citation: a page names the document in words."""
    mark = f"{pack.identity.source} "
    clauses = {
        key: each.model_copy(update={"label": before + each.label.removeprefix(mark)})
        for key, each in pack.clauses.items()
    }
    return pack.model_copy(update={"clauses": clauses})


@lru_cache(maxsize=16)
def _read(source: str) -> Pack:
    return cited_alone(parse_pack(source, "pack"))


def pack_for(year: RotationYear) -> Pack:
    """The pack as it stood when the year was set up; read once for each text."""
    return _read(year.pack_source)


def language() -> str:
    """``zh`` or ``en``, as the library names languages."""
    return "en" if get_language() == "en" else "zh"


def put(year: RotationYear, query: str, facts: Mapping[str, Any]) -> Answer | None:
    """The pack's answer under the year's parameters; ``None`` where the pack has no such rule.

    Raises ``ValueError`` where a fact is none that the pack can read.
    """
    pack = pack_for(year)
    if query not in pack.rules:
        return None
    case = {"id": query, "pack": pack.code, "facts": {"query": query, **facts}}
    found = ask([case], {pack.code: pack}, lang=language(), parameters=year.parameters)[0]
    if "error" in found:
        raise ValueError(found["error"])
    return Answer(
        found["verdict"], found["clause"], found["because"], tuple(found["flags"]), tuple(found.get("missing", ())),
        found.get("value"),
    )  # fmt: skip


def parameter(year: RotationYear, name: str) -> tuple[Any, str]:
    """A parameter's value in the year, and the clause that it stands in; nothing and blank where the pack has none."""
    pack = pack_for(year)
    if name not in pack.parameters:
        return None, ""
    known = {key: value for key, value in year.parameters.items() if key in pack.parameters}
    return parameter_values(pack, known)[name], pack.label(pack.parameters[name].clause)
