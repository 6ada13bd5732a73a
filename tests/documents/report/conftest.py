"""A small county's plan and the figures behind its pictures, and a plan that breaks rules."""

from __future__ import annotations

import pytest

from junheng.documents.digest import FrontierPoint, PlanDigest, Price, digest_of
from junheng.documents.faults import Phrase
from junheng.facts.synthetic import make_small_county
from junheng.planning.year import Request, YearPlan, plan_year
from junheng.policy import load_pack


@pytest.fixture(scope="session")
def made() -> YearPlan:
    return plan_year(make_small_county(), load_pack("CN"), Request(processes=1))


@pytest.fixture(scope="session")
def digest(made: YearPlan) -> PlanDigest:
    """The plan's figures with a frontier and prices, as other commands would add them."""
    frontier = (
        FrontierPoint(label=Phrase("均衡优先", "Balance first"), imbalance=0.4, service=3.0, extra_km=5.0, moves=6),
        FrontierPoint(
            label=Phrase("本方案", "This plan"), imbalance=0.45, service=28.0, extra_km=2.0, moves=6, chosen=True
        ),
        FrontierPoint(label=Phrase("志愿优先", "Wishes first"), imbalance=0.7, service=50.0, extra_km=-1.0, moves=6),
    )
    prices = (Price(what=Phrase("小学名额", "Quota of primary"), cost=0.4),)
    return digest_of(made, frontier=frontier, prices=prices)


@pytest.fixture(scope="session")
def infeasible() -> YearPlan:
    """The same county asked to send nine in ten, which no plan can."""
    made = plan_year(make_small_county(), load_pack("CN"), Request(parameters={"teacher_share": 90}, processes=1))
    assert not made.adoptable
    return made
