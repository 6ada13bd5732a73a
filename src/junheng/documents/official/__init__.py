"""Official papers (公文) and forms as Word files laid out by GB/T 9704-2012.

A paper says what it says and :func:`write_paper` sets it::

    paper = Paper(
        "关于选派教师交流任教的通知", (Heading("工作要求"), Text("请各校……")), sheet=Sheet.RED_HEAD,
        issuer="云山县教育局", number=document_number("云教", 2026, 5), addressed_to="各中小学",
        signed_by="云山县教育局", signed_on=date(2026, 8, 20),
    )
    Path("通知.docx").write_bytes(write_paper(paper))
"""

from __future__ import annotations

from junheng.documents.official.content import (
    Align,
    Attachment,
    Blank,
    Block,
    Box,
    Column,
    Cut,
    Form,
    Grid,
    Heading,
    Paper,
    Row,
    Sheet,
    Signature,
    Text,
    Title,
    attachment_lines,
    chinese_date,
    chinese_number,
    document_number,
    numbered,
    signing_date,
    title_lines,
)
from junheng.documents.official.fonts import OFFICE_FONTS, Fonts
from junheng.documents.official.writing import write_paper

__all__ = [
    "OFFICE_FONTS",
    "Align",
    "Attachment",
    "Blank",
    "Block",
    "Box",
    "Column",
    "Cut",
    "Fonts",
    "Form",
    "Grid",
    "Heading",
    "Paper",
    "Row",
    "Sheet",
    "Signature",
    "Text",
    "Title",
    "attachment_lines",
    "chinese_date",
    "chinese_number",
    "document_number",
    "numbered",
    "signing_date",
    "title_lines",
    "write_paper",
]
