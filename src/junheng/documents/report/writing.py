"""Composing a report and writing both of its forms; everything here needs the extra ``report``."""

from __future__ import annotations

from pathlib import Path

from junheng.documents.digest import PlanDigest
from junheng.documents.report.composing import Origin, compose
from junheng.documents.report.page import html
from junheng.documents.report.printing import pdf
from junheng.planning.year import YearPlan


def write_both(folder: Path, made: YearPlan, digest: PlanDigest, origin: Origin, lang: str) -> tuple[Path, Path]:
    """``report.pdf`` and ``report.html`` in the folder, the PDF first: a page without its print is not left behind."""
    content = compose(made, digest, origin, lang)
    printed, page = pdf(content), html(content)
    paths = folder / "report.pdf", folder / "report.html"
    paths[0].write_bytes(printed)
    paths[1].write_text(page, encoding="utf-8", newline="\n")
    return paths
