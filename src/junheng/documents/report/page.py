"""The report as one HTML file that asks no network: style and pictures inside, every value escaped, no scripts."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from junheng.documents.faults import Phrase
from junheng.documents.report.content import Content
from junheng.documents.report.letters import legible

TEMPLATES = files("junheng.documents.report").joinpath("templates")


def html(content: Content) -> str:
    """The page. The drawings are the only part that is not escaped; they escape their own text."""
    environment = Environment(
        loader=FunctionLoader(template),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    words = {"summary": Phrase("一页摘要", "Summary").said(content.lang)}
    return environment.get_template("report.html.j2").render(
        c=content,
        words=words,
        style=Markup(template("report.css")),  # noqa: S704 - our own file, no word of it from a county
    )


def _shown(value: object) -> object:
    """Text without characters that nobody sees, still marked as safe where it was."""
    return type(value)(legible(value)) if isinstance(value, str) else value


def template(name: str) -> str:
    """A file that comes with the library."""
    return TEMPLATES.joinpath(name).read_text(encoding="utf-8")
