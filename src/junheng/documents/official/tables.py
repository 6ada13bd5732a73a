"""Tables and forms of official papers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.table import Table, _Cell

from junheng.documents.official.content import Align, Box, Form, Grid
from junheng.documents.official.fonts import Fonts
from junheng.documents.official.layout import FORM, MILLIMETRE, SMALL, TABLE
from junheng.documents.official.setting import Face, arrange, element, say

_CELL_EDGE = 57
"""1 mm left and right in a cell."""


def add_grid(holder: Any, grid: Grid, fonts: Fonts, measure: int) -> Table:
    """Adds a table with a head that each page repeats; rows are not broken across pages."""
    points = SMALL if grid.small else TABLE
    table = _table(holder, len(grid.rows) + 1, _widths([each.width for each in grid.columns], measure))
    head = Face(fonts.heading, points, line=None)
    body = Face(fonts.body, points, line=None)
    for cell, column in zip(table.rows[0].cells, grid.columns, strict=True):
        _fill(cell, column.title, head, Align.CENTRE, fonts)
        _off_the_grid(cell)
    _row_properties(table.rows[0], repeated=True)
    for row, texts in zip(table.rows[1:], grid.rows, strict=True):
        _row_properties(row, height=round(grid.height * MILLIMETRE))
        for cell, text, column in zip(row.cells, texts, grid.columns, strict=True):
            _fill(cell, text, body, column.align, fonts)
            _off_the_grid(cell)
    return table


def add_form(holder: Any, form: Form, fonts: Fonts, measure: int) -> Table:
    """Adds a form: labelled boxes over a grid of columns, rows at least as high as they say."""
    table = _table(holder, len(form.rows), _widths(form.widths, measure))
    for row, content in zip(table.rows, form.rows, strict=True):
        _row_properties(row, height=round(content.height * MILLIMETRE))
        cells, at = list(row.cells), 0
        for box in content.boxes:
            cell = cells[at]
            if box.span > 1:
                cell = cell.merge(cells[at + box.span - 1])
            _fill_box(cell, box, fonts)
            at += box.span
    return table


def _fill_box(cell: _Cell, box: Box, fonts: Fonts) -> None:
    face = Face(fonts.heading if box.label else fonts.body, FORM, line=None)
    _fill(cell, box.text, face, Align.LEFT if box.sign else box.align, fonts)
    if box.sign:
        for line in box.sign.split("\n"):
            paragraph = cell.add_paragraph()
            say(paragraph, line, Face(fonts.body, FORM, line=None), fonts)
            arrange(paragraph, face, align=Align.RIGHT, right=1)
    _off_the_grid(cell)


def _fill(cell: _Cell, text: str, face: Face, align: Align, fonts: Fonts) -> None:
    for number, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        say(paragraph, line, face, fonts)
        arrange(paragraph, face, align=align)


def _off_the_grid(cell: _Cell) -> None:
    """Lines of a cell stand as close as their type asks, whatever the pitch of the page."""
    for paragraph in cell.paragraphs:
        paragraph._element.get_or_add_pPr().insert_element_before(
            element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
        )


def _widths(shares: Sequence[float], measure: int) -> list[int]:
    """Twips for each column, which together are the measure."""
    total = sum(shares)
    edges = [round(measure * sum(shares[:number]) / total) for number in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _table(holder: Any, rows: int, widths: list[int]) -> Table:
    table: Table = holder.add_table(rows, len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    properties.append(element("w:tblW", w=sum(widths), type="dxa"))
    edges = element("w:tblCellMar")
    for side in ("left", "right"):
        edges.append(element(f"w:{side}", w=_CELL_EDGE, type="dxa"))
    properties.append(edges)
    _in_order(properties)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Twips(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Twips(width)
            cell.vertical_alignment = 1
    return table


_ORDER = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
)  # fmt: skip


def _in_order(properties: Any) -> None:
    """Puts a table's properties into the order that the format prescribes."""
    place = {qn(f"w:{name}"): number for number, name in enumerate(_ORDER)}
    properties[:] = sorted(properties, key=lambda each: place.get(each.tag, len(_ORDER)))


def _row_properties(row: Any, *, height: int = 0, repeated: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if height:
        properties.append(element("w:trHeight", val=height, hRule="atLeast"))
    if repeated:
        properties.append(element("w:tblHeader"))
