"""The child process that reads the text of a PDF, run as a script: ``pdf_child.py PAGES CHARACTERS`` < the file.

It sees the standard library and the reader only. To standard output it writes one JSON object: ``text`` with everything
that a reader of the file may see, page by page, its properties, bookmarks and comments too; or ``refused`` with the
reason and ``page`` where there is one. Nothing that it writes is ever executed by its parent.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader

_PLAIN = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding"})
_BY_GLYPH = frozenset({"/Identity-H", "/Identity-V"})
_REMARKS = frozenset(
    {"/Link", "/Widget", "/Text", "/FreeText", "/Popup", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly"}
)
"""Annotations whose words stand in the file as text; any other may be a picture."""
_FAMILIES = 8
"""How deep forms may lie in each other."""
_UNREAD = 0.02
"""Share of signs without a meaning from which a page counts as unreadable."""


class _RefusedError(Exception):
    """The file cannot be read to the end: why, and on which page."""

    def __init__(self, reason: str, page: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.page = reason, page


def read(content: bytes, pages: int, characters: int) -> str:
    """The text of a file; refuses one of more pages or characters, and one that is not text from end to end."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _RefusedError("locked")
    if len(reader.pages) > pages:
        raise _RefusedError("long")
    if not reader.pages:
        raise _RefusedError("broken")
    if reader.attachments:
        raise _RefusedError("embedded")
    found = [*_properties(reader), *_bookmarks(reader.outline)]
    for number, page in enumerate(reader.pages, 1):
        found += _page(page, number)
        if sum(map(len, found)) > characters:
            raise _RefusedError("long")
    return "\n".join(found)


def _page(page: Any, number: int) -> Iterator[str]:
    if len(page.images):
        raise _RefusedError("picture", number)
    if not all(map(_has_meaning, _fonts(page.get("/Resources"), _FAMILIES))):
        raise _RefusedError("letters", number)
    text = page.extract_text()
    signs = [each for each in text if not each.isspace()]
    if not signs:
        raise _RefusedError("scan", number)
    if sum(map(_is_unread, signs)) > _UNREAD * len(signs):
        raise _RefusedError("letters", number)
    yield text
    for each in _known(page.get("/Annots")) or ():
        yield from _remark(_known(each), number)


def _remark(remark: Any, number: int) -> Iterator[str]:
    kind = remark.get("/Subtype")
    if kind == "/FileAttachment":
        raise _RefusedError("embedded", number)
    if kind not in _REMARKS:
        raise _RefusedError("picture", number)
    for key in ("/Contents", "/T", "/TU", "/V", "/Subj"):
        value = _known(remark.get(key))
        if value is not None:
            yield str(value)


def _fonts(resources: Any, depth: int) -> Iterator[Any]:
    """Fonts of a page and of the forms that it shows."""
    held = _known(resources)
    if held is None:
        return
    if not depth:
        raise _RefusedError("broken")
    for font in (_known(held.get("/Font")) or {}).values():
        yield _known(font)
    for each in (_known(held.get("/XObject")) or {}).values():
        form = _known(each)
        if form.get("/Subtype") == "/Form":
            yield from _fonts(form.get("/Resources"), depth - 1)


def _has_meaning(font: Any) -> bool:
    """Whether the font says which signs its glyphs are: by a table of its own, or by a known encoding."""
    if "/ToUnicode" in font:
        return True
    encoding, kind = _known(font.get("/Encoding")), font.get("/Subtype")
    if kind == "/Type0":
        return isinstance(encoding, str) and encoding not in _BY_GLYPH
    if kind == "/Type3":
        return False
    descriptor = _known(font.get("/FontDescriptor")) or {}
    embedded = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    return encoding in _PLAIN if isinstance(encoding, str) else not embedded


def _is_unread(sign: str) -> bool:
    return sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" or ord(sign) < ord(" ")


def _properties(reader: PdfReader) -> Iterator[str]:
    for key, value in (reader.metadata or {}).items():
        if not key.endswith("Date"):
            yield str(value)


def _bookmarks(outline: Iterable[Any]) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list):
            yield from _bookmarks(each)
        else:
            yield str(each.title)


def _known(value: Any) -> Any:
    """What a reference stands for; nothing for nothing."""
    found = value.get_object() if hasattr(value, "get_object") else value
    return None if type(found).__name__ == "NullObject" else found


def main(arguments: list[str]) -> int:
    """Answer for the file on standard input; 0 also when it was refused with a reason."""
    pages, characters = map(int, arguments)
    try:
        answer = {"text": read(sys.stdin.buffer.read(), pages, characters)}
    except _RefusedError as refused:
        answer = {"refused": refused.reason, "page": str(refused.page)}
    except Exception:  # a malformed file raises whatever its malformation leads to: it is broken, nothing else
        answer = {"refused": "broken"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
