"""The side panel: counties, clusters and how many schools they have; of very many, some and the way to all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from junheng.web import frame
from junheng.web.directory.models import Organisation


def panel(client: Any, **query: Any) -> str:
    page = client.get(reverse("staffing:schools"), query).content.decode()
    found = re.search(r'<nav aria-label="组织机构">.*?</nav>', page, re.DOTALL)
    assert found is not None
    return found[0]


def badges(drawn: str) -> dict[str, str]:
    return dict(re.findall(r'<span>([^<]+)</span><span class="badge bg-blue-lt">(\d+)</span>', drawn))


def test_the_panel_counts_the_schools_of_a_county_and_its_clusters(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_FEW", 2)
    drawn = panel(cast.client("bureau_clerk"))
    assert badges(drawn) == {cast.county.shown: "3", cast.cluster.shown: "2", cast.other_cluster.shown: "1"}
    assert cast.yucai.shown not in drawn


def test_of_very_many_the_first_the_chosen_one_and_a_way_to_all_stand_there(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "_FEW", 2)
    monkeypatch.setattr(frame, "_MOST", 3)
    more = [
        Organisation.objects.create(
            kind="cluster", code=f"9901019{n}", name=f"第{n}学区", parent=cast.county, county=cast.county, position=n
        )
        for n in range(4, 8)
    ]
    drawn = panel(cast.client("bureau_clerk"), scope=more[-1].pk)
    assert [each.shown in drawn for each in (cast.cluster, cast.other_cluster, *more)] == [
        True, True, True, False, False, True,
    ]  # fmt: skip
    assert f'href="{reverse("directory:organisations")}"' in drawn
    assert "全部 6 个" in drawn
    assert badges(drawn)[cast.county.shown] == "3", "schools are counted in all of them"
