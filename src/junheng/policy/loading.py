"""Loading packs: YAML → checked :class:`Pack`. A fault names file, line, what was found and what is expected."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from junheng.policy.checking import faults_of
from junheng.policy.errors import PackError
from junheng.policy.schema import Pack
from junheng.policy.yamlfile import Document, Place, parse_yaml, read_yaml

PACKS = Path(__file__).parent / "packs"


def shipped_packs() -> list[str]:
    """Codes of the packs that come with the library, sorted."""
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


def load_pack(source: str | Path) -> Pack:
    """Load a pack by the code of a shipped one or by the path of a file. Raises :class:`PackError` with every fault."""
    if isinstance(source, str) and source in shipped_packs():
        return _shipped(source)
    path = Path(source)
    if not path.is_file():
        raise PackError([f"{source}: no such pack or file; shipped packs are {', '.join(shipped_packs())}"])
    return pack_from(read_yaml(path))


def parse_pack(text: str, name: str = "pack.yaml") -> Pack:
    """Load a pack from text, as a form that edits packs does."""
    return pack_from(parse_yaml(text, name))


@lru_cache(maxsize=64)
def _shipped(code: str) -> Pack:
    return pack_from(read_yaml(PACKS / f"{code}.yaml"))


def pack_from(document: Document) -> Pack:
    """Validate a document's content as a pack."""
    if not isinstance(document.content, dict):
        raise PackError([f"{document.name}:1: found {type(document.content).__name__}; expected a mapping (a pack)"])
    try:
        pack = Pack.model_validate(document.content)
    except ValidationError as fault:
        raise PackError(_messages(fault, document)) from fault
    faults = [f"{document.at(place)}: {message}" for place, message in faults_of(pack)]
    if faults:
        raise PackError(faults)
    pack._source = document.text
    return pack


def pack_source(pack: Pack) -> str:
    """The text of the file that a pack was loaded from, as it was."""
    return pack._source


def _messages(fault: ValidationError, document: Document) -> list[str]:
    messages = []
    for each in fault.errors(include_url=False):
        place = _place(each["loc"], document.content)
        found = each.get("input")
        shown = "" if isinstance(found, (dict, list)) else f"found {found!r}; "
        messages.append(f"{document.at(place)}: {shown}{_expected(each['type'], each['msg'])}")
    return messages


def _expected(kind: str, message: str) -> str:
    if kind == "missing":
        return "expected this key, which is missing"
    if kind == "extra_forbidden":
        return "expected no such key; see the pack format for the keys that exist"
    return message.removeprefix("Value error, ")


def _place(loc: tuple[int | str, ...], content: Any) -> Place:
    """The path of a fault in the file; drops what pydantic adds (names of union members)."""
    place: list[str | int] = []
    for part in loc:
        if isinstance(content, dict) and part in content:
            content = content[part]
        elif isinstance(content, list) and isinstance(part, int):
            content = content[part] if part < len(content) else None
        elif part is not loc[-1]:
            continue
        place.append(part)
    return tuple(place)
