"""Every chart has its figures as a table, and both come from the same data."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.template import Context, Template

from junheng.web.interface.figures import KINDS, figures_of

BY_CATEGORY = {
    "categories": ["语文", "数学"],
    "series": [{"name": "交流前", "data": [92, 90]}, {"name": "交流后", "data": [95]}],
    "unit": "%",
}
SAMPLES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("bar", "grouped-bar", "stacked-bar", "line", "pie"), BY_CATEGORY),
    "boxplot": {"categories": ["小学"], "values": [[1, 2, 3, 4, 5]], "unit": "年"},
    "scatter": {
        "x": {"name": "学生数"},
        "y": {"name": "生师比"},
        "series": [{"name": "小学", "data": [{"x": 300, "y": 15.2, "name": "育才小学"}]}],
    },
    "sankey": {
        "nodes": [{"id": 1, "name": "城关镇"}, {"id": 2, "name": "白云乡"}],
        "links": [{"source": 1, "target": 2, "value": 7}],
        "unit": "人",
    },
    "gauge": {"value": 23.9, "target": 20, "label": "骨干教师占比", "unit": "%"},
    "map": {
        "schools": [{"id": 1, "name": "育才小学", "x": 1, "y": 2, "size": 300, "group": "a", "category": "over"}],
        "categories": [{"key": "over", "label": "超编"}],
        "regions": [{"key": "a", "label": "城关片区"}],
        "size_label": "学生数",
    },
}


def drawn(kind: str, data: dict[str, Any]) -> str:
    source = '{% load interface %}{% chart kind data "sample" "样图" height=280 %}'
    return Template(source).render(Context({"kind": kind, "data": data}))


def test_samples_cover_every_kind():
    assert set(SAMPLES) == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_gives_rows_as_wide_as_their_head(kind: str):
    figures = figures_of(kind, SAMPLES[kind])
    assert figures.rows
    assert {len(row) for row in figures.rows} == {len(figures.head)}


def test_a_series_that_is_too_short_leaves_a_gap_instead_of_failing():
    assert figures_of("bar", BY_CATEGORY).rows == (("语文", 92, 95), ("数学", 90, None))


def test_a_map_reads_as_schools_with_cluster_and_category():
    assert figures_of("map", SAMPLES["map"]).rows == (("育才小学", "城关片区", "超编", 300),)


def test_streams_are_read_by_name():
    assert figures_of("sankey", SAMPLES["sankey"]).rows == (("城关镇", "白云乡", 7),)


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ValueError, match="radar"):
        figures_of("radar", BY_CATEGORY)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_tag_draws_chart_and_table_from_the_same_data(kind: str):
    page = drawn(kind, SAMPLES[kind])
    assert f'data-chart="{kind}"' in page
    assert 'data-source="sample-data"' in page
    assert 'id="sample-table"' in page
    given = re.search(r'<script id="sample-data" type="application/json">(.*?)</script>', page)
    assert given
    assert json.loads(given[1]) == SAMPLES[kind]
    assert "style=" not in page


def test_names_cannot_break_out_of_the_data_or_the_table():
    data = {"categories": ["</script><b>"], "series": [{"name": "<i>", "data": [1]}]}
    page = drawn("bar", data)
    assert "</script><b>" not in page
    assert "<i>" not in page


def test_a_chart_without_data_says_so_instead_of_standing_empty():
    page = drawn("bar", {"categories": [], "series": []})
    assert "data-chart" not in page
    assert "还没有可以画成图的数据" in page


def test_a_gauge_of_nought_is_drawn():
    assert 'data-chart="gauge"' in drawn("gauge", {"value": 0})
