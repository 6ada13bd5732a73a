"""A paper as a page to print, and as a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from junheng.documents.official import (
    OFFICE_FONTS,
    Block,
    Form,
    Grid,
    Paper,
    Sheet,
    Signature,
    attachment_lines,
    chinese_date,
    numbered,
    signing_date,
    title_lines,
)
from junheng.web.access import requires
from junheng.web.rotation.papers import as_word, made
from junheng.web.rotation.views.pages import EVERYBODY, YearPage
from junheng.web.staffing.reach import author

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_WIDTHS = {False: 20, True: 29}
"""Characters of a title's line, upright and lying."""


@requires(*EVERYBODY)
def paper(request: HttpRequest, pk: int, kind: str, key: str) -> HttpResponse:
    """A paper; who may see it is decided by what makes it."""
    page = YearPage(request, pk)
    found = made(page, kind, key)
    if "docx" in request.GET:
        content = as_word(page.year, kind, key, found, by=author(request))
        return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": _as_file(found)})
    return page.show("papers", "paper", heading=found.plain_title, fonts=OFFICE_FONTS.names, **_shown(found))


def _as_file(found: Paper) -> str:
    title = f"{found.plain_title[:80]} {found.about}".strip()
    name = "".join(each for each in title if each.isalnum() or each in "—（）〔〕-_ ")
    return content_disposition_header(as_attachment=True, filename=f"{name}.docx") or "attachment"


def _shown(found: Paper) -> dict[str, Any]:
    attachments = [
        {
            "title": title_lines(each.title, _WIDTHS[each.landscape]),
            "blocks": _blocks(each.body),
            "number": number if len(found.attachments) > 1 else "",
            "landscape": each.landscape,
        }
        for number, each in enumerate(found.attachments, 1)
    ]
    return {
        "paper": found, "title": title_lines(found.title, _WIDTHS[found.landscape]),
        "blocks": _blocks(found.body), "attachments": attachments,
        "red_head": found.sheet is Sheet.RED_HEAD, "attached": attachment_lines(found) if attachments else [],
        "signed_on": signing_date(found.signed_on),
        "printed_on": chinese_date(found.printed_on) if found.printed_on else "",
    }  # fmt: skip


def _blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    found = []
    for block, number in numbered(blocks):
        row: dict[str, Any] = {"kind": type(block).__name__.lower(), "block": block, "number": number}
        if isinstance(block, Grid):
            total = sum(each.width for each in block.columns)
            row["columns"] = [(each, f"{100 * each.width / total:.2f}") for each in block.columns]
            row["rows"] = [list(zip(texts, block.columns, strict=True)) for texts in block.rows]
        if isinstance(block, Form):
            row["columns"] = [f"{100 * each / sum(block.widths):.2f}" for each in block.widths]
        if isinstance(block, Signature):
            row["on"] = signing_date(block.on)
        found.append(row)
    return found
