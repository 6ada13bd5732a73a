"""Icons are drawn inline, say nothing unless told to, and exist."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import Client

import junheng.web
from junheng.web import frame
from junheng.web.interface import icons
from junheng.web.reporting import at_a_glance
from junheng.web.staffing.views.establishment.pages import SECTIONS

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
    return sorted(found | {entry.icon for entry in frame.MENU} | icons.SHARED)


@pytest.mark.parametrize("name", ["users", "chart-bar-off"])
def test_an_icon_is_decoration_that_a_screen_reader_skips(name: str):
    svg = drawn(f'{{% icon "{name}" %}}')
    assert svg.startswith("<svg")
    assert 'aria-hidden="true"' in svg
    assert 'class="icon"' in svg
    assert "style=" not in svg


def test_the_icons_of_the_menus_come_in_one_drawing_that_the_browser_keeps(client: Client):
    svg = drawn('{% icon "users" small=True %}')
    address, _, name = svg.partition('<use href="')[2].partition('"')[0].partition("#")
    assert name == "users"
    assert svg.startswith('<svg class="icon icon-sm" aria-hidden="true">')
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    drawing = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    symbols = {each.get("id"): each for each in drawing}
    assert set(symbols) == icons.SHARED
    assert all(each.get("viewBox") == "0 0 24 24" and len(each) for each in symbols.values())
    assert client.get(address.replace(icons.digest(), "00000000")).status_code == 404


def test_every_icon_of_a_menu_is_in_the_drawing():
    sections = {icon for _title, entries in SECTIONS for _name, _label, icon in entries}
    assert {entry.icon for entry in (*frame.MENU, *at_a_glance.ENTRIES)} | sections <= icons.SHARED


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
