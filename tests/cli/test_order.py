"""junheng plan --order: goals in an order, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Junheng = Callable[..., Any]


def test_an_order_is_planned_and_proven(small: Path, tmp_path: Path, junheng: Junheng) -> None:
    out = tmp_path / "plan"
    answer = junheng("plan", small, "--policy", "CN", "--order", "balance:5%,wishes", "-o", out, "--json")
    assert answer.code == 0, answer.said
    order = answer.json["order"]
    assert [row["goal"] for row in order] == ["balance", "wishes"]
    assert order[0]["given_up"] <= 0.05 + 1e-9
    assert junheng("verify", out / "bundle").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--order", "money"), "目标只有 balance"),
        (("--order", "balance:7"), "0% 到 100%"),
        (("--order", "balance", "--keep", "old.csv"), "不能与"),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused(
    words: tuple[str, ...], said: str, small: Path, tmp_path: Path, junheng: Junheng
) -> None:
    out = tmp_path / "refused"
    answer = junheng("plan", small, "--policy", "CN", "-o", out, *words)
    assert (answer.code, out.exists()) == (2, False)
    assert said in answer.said
