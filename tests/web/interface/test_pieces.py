"""The pieces of a page: what they show, and what they never let through."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from junheng.web.interface.templatetags.interface import control

HOSTILE = '"><script>alert(1)</script>'


def numbers_of(page: Any) -> list[int | None]:
    context = Context({"page": page})
    Template("{% load interface %}{% page_numbers page as found %}").render(context)
    return list(context["found"])


def test_a_long_list_offers_its_ends_and_its_neighbours():
    pages = Paginator(range(1000), 50)
    assert numbers_of(pages.page(1)) == [1, 2, 3, None, 20]
    assert numbers_of(pages.page(10)) == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert numbers_of(Paginator(range(30), 50).page(1)) == [1]


def test_paging_keeps_search_and_filters():
    request = RequestFactory().get("/", {"q": "李 <b>", "school": ["1", "2"], "page": "3"})
    page = Paginator(range(1000), 50).page(3)
    html = render_to_string("interface/_pagination.html", {"page": page, "request": request})
    assert "q=%E6%9D%8E+%3Cb%3E&amp;school=1&amp;school=2&amp;page=4" in html
    assert 'aria-current="page">3<' in html


def test_a_query_word_is_taken_out_by_an_empty_value():
    request = RequestFactory().get("/", {"q": "李", "page": "3"})
    template = Template("{% load interface %}{% with_query 'page' '' %}")
    assert template.render(Context({"request": request})) == "?q=%E6%9D%8E"


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("_kpi", {"label": HOSTILE, "value": HOSTILE, "unit": HOSTILE, "badge": HOSTILE, "url": HOSTILE}),
        ("_empty", {"title": HOSTILE, "text": HOSTILE, "actions": [{"label": HOSTILE, "url": HOSTILE}]}),
        ("_field_diff", {"changes": [{"label": HOSTILE, "before": HOSTILE, "after": HOSTILE}]}),
        ("_progress", {"title": HOSTILE, "message": HOSTILE, "fault": HOSTILE, "url": HOSTILE, "running": True}),
        ("_steps", {"steps": [{"label": HOSTILE, "note": HOSTILE, "state": "current", "url": HOSTILE}]}),
        ("_tabs", {"tabs": [{"label": HOSTILE, "url": HOSTILE, "count": 1}]}),
        ("_facts", {"facts": [{"label": HOSTILE, "value": HOSTILE, "note": HOSTILE}]}),
        ("_timeline", {"spells": [{"since": HOSTILE, "title": HOSTILE, "text": HOSTILE, "badge": HOSTILE}]}),
        ("_breadcrumbs", {"breadcrumbs": [{"label": HOSTILE, "url": HOSTILE}, {"label": HOSTILE}]}),
        ("_tree", {"items": [{"label": HOSTILE, "url": HOSTILE, "children": [{"label": HOSTILE, "url": "/"}]}]}),
    ],
)
def test_no_piece_lets_markup_through(name: str, context: dict[str, Any]):
    html = render_to_string(f"interface/{name}.html", context)
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert " style=" not in html


def test_progress_asks_again_only_while_it_runs():
    running = render_to_string("interface/_progress.html", {"url": "/job", "percent": 42, "running": True})
    done = render_to_string("interface/_progress.html", {"url": "/job", "percent": 100, "running": False})
    assert 'hx-trigger="every 1s"' in running
    assert "42%" in running
    assert "hx-trigger" not in done


def test_a_value_of_nought_is_a_value_and_nothing_is_not():
    html = render_to_string("interface/_facts.html", {"facts": [{"label": "超编", "value": 0}]})
    assert "未填" not in html
    html = render_to_string("interface/_facts.html", {"facts": [{"label": "手机", "value": ""}]})
    assert "未填" in html


def test_a_step_says_its_state_in_words():
    steps = [{"label": "核验", "state": "done"}, {"label": "公示", "state": "current"}, {"label": "审定"}]
    html = render_to_string("interface/_steps.html", {"steps": steps})
    assert "已完成" in html
    assert 'aria-current="step"' in html
    assert "未开始" in html


def test_a_step_may_bear_two_notes_under_one_another():
    steps = [{"label": "核验", "state": "done", "notes": ("09-08", "– 09-21")}]
    html = render_to_string("interface/_steps.html", {"steps": steps})
    assert html.count('<span class="stage-note text-nowrap">') == 2


class NumberTable(django_tables2.Table):
    number = django_tables2.Column(verbose_name="编号")

    class Meta:
        attrs: ClassVar[dict[str, str]] = {"class": "frozen-1"}


def test_a_list_tells_its_order_and_keeps_its_first_column():
    request = RequestFactory().get("/", {"sort": "-number"})
    table = NumberTable([{"number": 1}, {"number": 2}])
    django_tables2.RequestConfig(request, paginate={"per_page": 1}).configure(table)
    html = render_to_string("interface/_table.html", {"table": table, "request": request})
    assert 'aria-sort="descending"' in html
    assert "frozen-1" in html
    assert "?sort=-number&amp;page=2" in html


def test_an_empty_list_says_what_to_do():
    request = RequestFactory().get("/")
    context = {"table": NumberTable([]), "request": request, "empty": "先导入教师名册。"}
    html = render_to_string("interface/_table.html", context)
    assert "没有符合条件的记录" in html
    assert "先导入教师名册。" in html


class SampleForm(forms.Form):
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "甲")])
    agreed = forms.BooleanField()
    way = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)


def test_controls_wear_the_classes_of_the_page_and_show_refusal():
    template = Template("{% load interface %}{% for field in form %}{{ field|control }}{% endfor %}")
    html = template.render(Context({"form": SampleForm({"name": "", "kind": "a"})}))
    assert 'class="form-control is-invalid"' in html
    assert 'class="form-select"' in html
    assert 'class="form-check-input is-invalid"' in html


def test_choices_under_one_another_are_no_single_box():
    html = str(control(SampleForm()["way"]))
    assert html.count('class="choices"') == 3
    assert "form-check-input" not in html


def test_pieces_speak_english_when_asked():
    with translation.override("en"):
        html = render_to_string("interface/_empty.html", {})
    assert "Nothing here yet" in html
