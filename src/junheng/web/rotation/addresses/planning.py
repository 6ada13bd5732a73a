"""Addresses of the part."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import pins, plan_choice, plan_moves, scenarios

urlpatterns: list[URLPattern] = [
    path("<int:pk>/scenarios/", scenarios.ScenarioList.as_view(), name="scenarios"),
    path("<int:pk>/scenarios/new/", scenarios.scenario_new, name="scenario_new"),
    path("<int:pk>/scenarios/compare/", plan_moves.compare, name="compare"),
    path("<int:pk>/scenarios/<int:key>/", scenarios.scenario, name="scenario"),
    path("<int:pk>/scenarios/<int:key>/moves/", plan_moves.MoveList.as_view(), name="scenario_moves"),
    path("<int:pk>/scenarios/<int:key>/flow/", plan_moves.scenario_flow, name="scenario_flow"),
    path("<int:pk>/scenarios/<int:key>/change/", plan_moves.move_change, name="move_change"),
    path("<int:pk>/scenarios/<int:key>/propose/", plan_choice.scenario_propose, name="scenario_propose"),
    path("<int:pk>/scenarios/<int:key>/take-back/", plan_choice.scenario_take_back, name="scenario_take_back"),
    path("<int:pk>/scenarios/<int:key>/adopt/", plan_choice.scenario_adopt, name="scenario_adopt"),
    path("<int:pk>/scenarios/<int:key>/set-aside/", plan_choice.scenario_set_aside, name="scenario_set_aside"),
    path("<int:pk>/pins/", pins.PinList.as_view(), name="pins"),
    path("<int:pk>/pins/new/", pins.pin_new, name="pin_new"),
    path("<int:pk>/pins/<int:key>/withdraw/", pins.pin_withdraw, name="pin_withdraw"),
]
