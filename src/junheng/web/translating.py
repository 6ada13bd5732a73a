"""Translations without gettext's programs: extract what pages say, keep each room's catalogue, compile it.

The source language is Chinese. Every room keeps English in ``locale/en/LC_MESSAGES/django.po``.

    python -m junheng.web.translating           extract, update the catalogues, compile, say what is missing
    python -m junheng.web.translating --compile compile only
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
KEYWORDS: Any = dict.fromkeys(
    ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
)
_NUMBERED = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rooms() -> list[Path]:
    """Folders that keep a catalogue: each room, and the web itself for what stands in no room."""
    return [HERE, *sorted(path.parent for path in HERE.glob("*/apps.py"))]


def catalogue_path(room: Path) -> Path:
    """The room's English catalogue."""
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def sources(room: Path) -> list[Path]:
    """Files of a room in which strings may stand."""
    found = room.glob("*.py") if room == HERE else [*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")]
    return sorted(path for path in found if "migrations" not in path.parts)


def extract(room: Path) -> Catalog:
    """Every string of a room that is marked for translation."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - compiling needs no Django

    found = Catalog(locale="en")
    for path in sources(room):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text, origin=str(path))
        for line, function, message, _ in extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {}):
            said: Any = message
            parts = list(said) if isinstance(said, (tuple, list)) else [said]
            context = parts.pop(0) if function in _CONTEXT else None
            words = tuple(parts[:2]) if function in _NUMBERED else parts[0]
            if words and _CHINESE.search(str(words)):
                found.add(words, locations=[(str(path.relative_to(HERE)), line)], context=context)
    return found


def known(room: Path) -> Catalog:
    """The room's catalogue as it stands."""
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def missing(room: Path) -> list[str]:
    """Strings of the room that have no English yet."""
    have = known(room)
    silent = []
    for message in extract(room):
        if message.id:
            entry = have.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            if entry is None or not (all(entry.string) if isinstance(entry.string, tuple) else entry.string):
                silent.append(message.id if isinstance(message.id, str) else message.id[0])
    return silent


def update(room: Path) -> None:
    """Writes the room's catalogue anew: strings found, English kept, strings no longer used dropped."""
    found, have = extract(room), known(room)
    for message in found:
        if message.id:
            entry = have.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            if entry is not None and entry.string:
                message.string = entry.string
        message.locations = sorted({(name, 0) for name, _ in message.locations})
    if len(found) == 0:
        return
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, found, width=120, sort_output=True, omit_header=True, include_lineno=False)


def compile_all() -> int:
    """Compiles every catalogue; gives how many."""
    count = 0
    for room in rooms():
        path = catalogue_path(room)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, known(room))
            count += 1
    return count


def main(words: list[str]) -> int:
    """The command; 1 when something has no English."""
    silent: list[str] = []
    if "--compile" not in words:
        for room in rooms():
            update(room)
            silent += [f"{room.name}: {text}" for text in missing(room)]
    compile_all()
    for line in silent:
        sys.stdout.write(f"no English: {line}\n")
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
