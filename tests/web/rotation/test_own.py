"""A teacher's own page of a year: what has been made public about oneself can be reached from it."""

from __future__ import annotations

from typing import Any

from junheng.web.rotation.models import Move, Scenario, ScenarioStatus


def test_ones_own_line_and_receipt_are_reached_from_ones_own_page(shown: Any) -> None:
    move = Move.objects.filter(scenario=shown.scenario).select_related("teacher", "to_school").first()
    shown.account_of(move.teacher.number)
    browser, own = shown.client(move.teacher.number), shown.year.own_url
    page = browser.get(own).content.decode()
    assert f"/rotation/{shown.year.pk}/own/plan/" in page
    assert str(move.to_school) in page
    assert browser.get(f"/rotation/{shown.year.pk}/own/plan/").status_code == 200
    Scenario.objects.filter(pk=shown.scenario.pk).update(
        status=ScenarioStatus.ADOPTED, proposed_by=shown.users["clerk"], adopted_by=shown.users["leader"]
    )
    assert "已采用" in browser.get(own).content.decode()


def test_nothing_of_a_plan_that_is_not_public_is_told(ready: Any) -> None:
    move = Move.objects.filter(scenario=ready.scenario).select_related("teacher").first()
    ready.account_of(move.teacher.number)
    page = ready.client(move.teacher.number).get(ready.year.own_url).content.decode()
    assert "own/plan/" not in page
    assert str(move.to_school) not in page
