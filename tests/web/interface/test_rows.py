"""Rows drawn in one go say what django-tables2 would have said cell by cell."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

import django_tables2 as tables
import pytest
from django.template import Context, Template
from django.test.html import parse_html
from django.utils import translation
from django.utils.html import format_html
from pytest_django import DjangoAssertNumQueries

from junheng.web.directory.models import Organisation
from junheng.web.interface.figures import Plain, drawn, figures_of
from junheng.web.interface.rows import KeysFirst, rows_of
from junheng.web.staffing.filters import ShortSelect

CELL_BY_CELL = Template(
    "{% load l10n %}{% for row in table.paginated_rows %}<tr{% with own=row.attrs.as_html|cut:'class=\"even\"'"
    "|cut:'class=\"odd\"'|cut:'class=\"\"' %}{% if own %} {{ own }}{% endif %}{% endwith %}>"
    "{% for column, cell in row.items %}<td{% with own=column.attrs.td.as_html %}{% if own %} {{ own }}{% endif %}"
    "{% endwith %}>{% if column.localize == None %}{{ cell }}{% elif column.localize %}{{ cell|localize }}"
    "{% else %}{{ cell|unlocalize }}{% endif %}</td>{% endfor %}</tr>{% endfor %}"
)


class Sundry(tables.Table):
    """Every way in which a cell of ours comes about."""

    plain = tables.Column()
    deep = tables.Column(accessor="inner__name")
    number = tables.Column(attrs={"td": {"class": "number"}})
    share = tables.Column(localize=True)
    raw = tables.Column(localize=False)
    day = tables.Column()
    linked = tables.Column(linkify=lambda record: f"/{record['plain']}/")
    made = tables.Column(empty_values=())
    bare = tables.Column(default="—")
    moving = tables.Column(attrs={"td": {"class": lambda value: f"v{value}"}})
    template = tables.TemplateColumn("{{ record.plain }}{{ value }}", empty_values=())

    def render_made(self, record: Any, value: Any) -> Any:
        return format_html("<b>{}</b>", record["plain"])

    class Meta:
        row_attrs: ClassVar[dict[str, Any]] = {"class": None}


ROWS = [
    {
        "plain": text, "inner": SimpleNamespace(name="<内>"), "number": number, "share": 1234.5, "raw": 0.25,
        "day": date(2026, 9, 1), "linked": "去", "bare": blank, "moving": number, "template": "x",
    }
    for text, number, blank in (("<甲>", 3, None), ("乙&", 12345, ""), ("丙", -1, "有"))
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_row_reads_as_cell_by_cell(language: str) -> None:
    with translation.override(language):
        assert rows_of(Sundry(ROWS)) == CELL_BY_CELL.render(Context({"table": Sundry(ROWS)}))


@pytest.mark.django_db
def test_a_field_with_choices_is_said_in_words() -> None:
    class Places(tables.Table):
        class Meta:
            model = Organisation
            fields = ("name", "kind", "parent__kind", "closed")

    top = Organisation.objects.create(kind="prefecture", code="9901", name="云岭市")
    Organisation.objects.create(kind="county", code="990101", name="青禾县", parent=top)
    rows = Organisation.objects.order_by("code")
    assert rows_of(Places(rows)) == CELL_BY_CELL.render(Context({"table": Places(rows)}))
    assert str(top.get_kind_display()) in rows_of(Places(rows))


def test_a_select_of_one_line_is_the_select_of_django() -> None:
    from django import forms

    choices = [("", "全部"), ("a", "<甲>"), (3, "乙")]

    def form_with(widget: type[forms.Select]) -> forms.Form:
        kind = type("Asked", (forms.Form,), {"kind": forms.ChoiceField(choices=choices, widget=widget)})
        return kind({"kind": "3"})

    ours, theirs = (str(form_with(widget)["kind"]) for widget in (ShortSelect, forms.Select))
    assert parse_html(ours) == parse_html(theirs)
    assert "\n" not in ours


def test_figures_under_a_chart_are_escaped_and_blanks_are_dashes() -> None:
    data = {"categories": ["<甲>", "乙"], "series": [{"name": "数", "data": [1.5]}], "unit": "人"}
    assert drawn(figures_of("bar", data)) == (
        '<tr><th scope="row">&lt;甲&gt;</th><td>1.5</td></tr><tr><th scope="row">乙</th><td>—</td></tr>'
    )


def test_json_of_a_chart_keeps_chinese_as_it_is() -> None:
    assert json.dumps({"校": date(2026, 9, 1)}, cls=Plain) == '{"校":"2026-09-01"}'


@pytest.mark.django_db
def test_of_a_wide_list_the_keys_are_ordered_and_only_the_rows_of_the_page_are_read(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    for number in range(30):
        Organisation.objects.create(kind="county", code=f"{number:06d}", name=f"县{number % 7}")
    several = Organisation.objects.order_by("name", "-code")

    class Named(tables.Table):
        name = tables.Column()

    plain = Named(several)
    plain.paginate(per_page=8, page=2)
    table = Named(KeysFirst(several, wide=Organisation.objects.all()))
    with django_assert_num_queries(2) as asked:
        table.paginate(per_page=8, page=2)
        held = [row.record for row in table.paginated_rows]
    assert held == [row.record for row in plain.paginated_rows]
    assert len(held) == 8
    read, _in, ordered = asked.captured_queries[1]["sql"].partition(" IN (SELECT ")
    assert '"name"' in read
    assert '"name"' not in ordered.partition("FROM")[0]
    assert "LIMIT 8 OFFSET 8" in ordered
    table.order_by = "-name"
    assert [row.record.name for row in table.rows[:3]] == ["县6", "县6", "县6"]
    assert table.rows[0].record.name == "县6"
    assert len(table.rows) == 30
