"""A plan as a report that a bureau prints and reads: one PDF and one HTML file, with pictures, from one content.

Here live the sentences, the pictures and the layout of the report. What they show is computed in
:mod:`junheng.documents.digest`; no figure may be computed here that is not also in the result workbook. Drawing and
typesetting need the extra ``report``; nothing else may import this folder's modules, only :func:`write_report`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from junheng.documents.digest import PlanDigest
from junheng.planning.year import YearPlan

EXTRA = ("matplotlib", "jinja2", "typst", "manimgx_fonts_cjk")


class ReportUnavailableError(RuntimeError):
    """The libraries of the extra ``report`` are not installed; ``zh`` and ``en`` say which and what to do."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        named = ", ".join(missing)
        self.zh = f"没有写出报告：缺少 {named}。请安装 junheng[report] 后重新运行"
        self.en = f"No report was written: {named} missing. Install junheng[report] and run again"
        super().__init__(self.en)


def write_report(
    folder: Path, made: YearPlan, digest: PlanDigest, *, root: str | None, runs: int, version: str, lang: str
) -> tuple[Path, Path]:
    """Write ``report.pdf`` and ``report.html`` into the folder and give their paths.

    ``root`` is the Merkle root of the bundle, ``None`` where there is none; ``runs`` how many runs were made. The same
    arguments give the same bytes. Raises :class:`ReportUnavailableError` when the extra is not installed.
    """
    missing = tuple(name for name in EXTRA if find_spec(name) is None)
    if missing:
        raise ReportUnavailableError(missing)
    writing = import_module("junheng.documents.report.writing")
    composing = import_module("junheng.documents.report.composing")
    origin = composing.Origin(version=version, runs=runs, root=root)
    written: tuple[Path, Path] = writing.write_both(folder, made, digest, origin, lang)
    return written
