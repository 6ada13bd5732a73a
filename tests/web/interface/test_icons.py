"""Icons are drawn inline, say nothing unless told to, and exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template

import junheng.web
from junheng.web import frame
from junheng.web.interface import icons

ROOMS = Path(junheng.web.__file__).parent
NAMED = re.compile(r"""{%\s*icon\s+["']([\w/-]+)["']|\bicon(?:=|\|default:)["']([\w/-]+)["']""")


def drawn(source: str) -> str:
    return Template("{% load interface %}" + source).render(Context())


def named_icons() -> list[str]:
    found = {
        name
        for path in ROOMS.rglob("*.html")
        for match in NAMED.finditer(path.read_text(encoding="utf-8"))
        for name in match.groups()
        if name
    }
    return sorted(found | {entry.icon for entry in frame.MENU})


def test_an_icon_is_decoration_that_a_screen_reader_skips():
    svg = drawn('{% icon "users" %}')
    assert svg.startswith("<svg")
    assert 'aria-hidden="true"' in svg
    assert 'class="icon"' in svg
    assert "style=" not in svg


def test_an_icon_with_a_label_speaks_and_its_label_is_escaped():
    svg = Template('{% load interface %}{% icon "users" label=given %}').render(Context({"given": "教师<b>"}))
    assert '<span class="visually-hidden">教师&lt;b&gt;</span>' in svg


def test_an_icon_takes_a_class_that_cannot_break_out_of_its_attribute():
    template = Template('{% load interface %}{% icon "users" class=given %}')
    svg = template.render(Context({"given": '"><script>alert(1)</script>'}))
    assert "<script" not in svg


def test_a_misspelt_icon_draws_a_dot_and_the_page_lives(caplog: pytest.LogCaptureFixture):
    svg = drawn('{% icon "no-such-icon" %}')
    assert svg.startswith("<svg")
    assert "no-such-icon" in caplog.text


@pytest.mark.parametrize("name", named_icons())
def test_every_icon_that_a_template_or_the_menu_names_exists(name: str):
    assert icons.has_icon(name)
