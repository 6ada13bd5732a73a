"""YAML 1.2 read safely: plain values only, with the line of everything, for errors that name the place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from junheng.policy.errors import PackError

MAX_BYTES = 2_000_000
Place = tuple[str | int, ...]


@dataclass
class Document:
    """A file's plain content and where each part of it stands. Lines count from 1."""

    name: str
    content: Any = None
    text: str = ""
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of a part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def at(self, place: Place) -> str:
        """``file:line (part)`` for a message."""
        where = ".".join(str(p) for p in place)
        return f"{self.name}:{self.line(place)}" + (f" ({where})" if where else "")


def read_yaml(path: Path) -> Document:
    """Read a file of plain YAML. Raises :class:`PackError` for anything that is not: syntax, tags, repeated keys."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise PackError([f"{path.name}:1: the file has {len(raw)} bytes; a pack has at most {MAX_BYTES}"])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise PackError([f"{path.name}:1: byte {fault.start} is not UTF-8; save the file as UTF-8"]) from fault
    return parse_yaml(text, path.name)


def parse_yaml(text: str, name: str) -> Document:
    """As :func:`read_yaml`, from text."""
    document = Document(name, text=text)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        raise PackError([f"{name}:{line}: not YAML: {fault.problem or fault.context}; expected YAML 1.2"]) from fault
    except YAMLError as fault:
        raise PackError([f"{name}:1: not YAML: {fault}; expected YAML 1.2"]) from fault
    document.content = _plain(node, (), document) if node is not None else None
    return document


def _plain(node: Node, place: Place, document: Document) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if node.anchor:
        raise PackError([f"{document.at(place)}: found an anchor (&{node.anchor}); write the value out instead"])
    if isinstance(node, MappingNode):
        return _mapping(node, place, document)
    if isinstance(node, SequenceNode):
        return [_plain(each, (*place, i), document) for i, each in enumerate(node.value)]
    if isinstance(node, ScalarNode):
        return _scalar(node, place, document)
    raise PackError([f"{document.at(place)}: found {type(node).__name__}; expected a plain value"])


def _mapping(node: MappingNode, place: Place, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*place, key)
        document.lines[here] = key_node.start_mark.line + 1
        if key in found:
            raise PackError([f"{document.at(here)}: {key!r} stands twice; keep one"])
        found[key] = _plain(value_node, here, document)
    return found


def _scalar(node: ScalarNode, place: Place, document: Document) -> Any:
    kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
    text = str(node.value)
    match kind:
        case "str":
            return text
        case "int":
            return int(text.replace("_", ""), 0)
        case "float":
            return float(Decimal(text))
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case "timestamp":
            return _date(text, place, document)
    raise PackError([f"{document.at(place)}: found the tag {node.tag}; only plain values are read"])


def _date(text: str, place: Place, document: Document) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise PackError([f"{document.at(place)}: found {text!r}; expected a date such as 2026-08-31"]) from fault
