"""Every move is in one chain or exchange, each link filling the place that the one before left."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from junheng.planning.lasting import Link, chains_of
from junheng.planning.problem import Assignment

SCHOOLS, SUBJECTS = ("A", "B", "C", "D"), ("maths", "pe")


def problem(homes: dict[str, tuple[str, str]]) -> Any:
    return SimpleNamespace(
        teachers=[SimpleNamespace(id=who, school_id=at[0], subject=at[1]) for who, at in homes.items()]
    )


def test_a_swap_is_an_exchange_and_a_vacancy_is_followed_to_its_end() -> None:
    homes = {"t1": ("A", "maths"), "t2": ("B", "maths"), "t3": ("C", "pe"), "t4": ("D", "pe")}
    moves = [
        Assignment("t1", "B", "maths"), Assignment("t2", "A", "maths"), Assignment("t3", "A", "pe"),
        Assignment("t4", "C", "pe"),
    ]  # fmt: skip
    chain, swap = chains_of(problem(homes), moves)
    assert [link.teacher_id for link in chain.links] == ["t3", "t4"]
    assert (chain.gains, chain.gives) == (("A", "pe"), ("D", "pe"))
    assert swap.kind == "exchange"
    assert [link.teacher_id for link in swap.links] == ["t1", "t2"]
    assert (swap.gains, swap.gives) == (None, None)


def test_a_return_opens_the_place_that_a_move_fills() -> None:
    back = Link("t9", "B", "maths", "D", "maths", returning=True)
    homes = {"t1": ("A", "maths"), "t9": ("D", "maths")}
    (chain,) = chains_of(problem(homes), [Assignment("t1", "B", "maths")], [back])
    assert [(link.teacher_id, link.returning) for link in chain.links] == [("t9", True), ("t1", False)]
    assert (chain.gains, chain.gives) == (("D", "maths"), ("A", "maths"))


slots = st.tuples(st.sampled_from(SCHOOLS), st.sampled_from(SUBJECTS))


@given(st.lists(st.tuples(slots, slots), max_size=14), st.integers(0, 3), st.randoms(use_true_random=False))
def test_chains_partition_the_moves_and_account_for_every_place(
    pairs: list[tuple[tuple[str, str], tuple[str, str]]], returning: int, chance: Any
) -> None:
    pairs = [(old, new) for old, new in pairs if old[0] != new[0]]
    homes = {f"t{i:02d}": old for i, (old, _) in enumerate(pairs)}
    moves = [Assignment(f"t{i:02d}", *new) for i, (_, new) in enumerate(pairs)]
    back = [Link(m.teacher_id, *homes[m.teacher_id], m.to_school, m.as_subject, True) for m in moves[:returning]]
    chains = chains_of(problem(homes), moves[returning:], back)
    links = [link for chain in chains for link in chain.links]
    assert Counter(link.teacher_id for link in links) == Counter(homes.keys())
    for chain in chains:
        for earlier, later in zip(chain.links, chain.links[1:], strict=False):
            assert later.filled == earlier.left
        if chain.kind == "exchange":
            assert chain.links[0].filled == chain.links[-1].left
    net = Counter(link.filled for link in links)
    net.subtract(link.left for link in links)
    ends = Counter(chain.gains for chain in chains if chain.gains)
    ends.subtract(chain.gives for chain in chains if chain.gives)
    assert {slot: n for slot, n in net.items() if n} == {slot: n for slot, n in ends.items() if n}
    # no place is reported as gained by one chain and given by another
    assert not {c.gains for c in chains if c.gains} & {c.gives for c in chains if c.gives}
    shuffled = moves[returning:]
    chance.shuffle(shuffled)
    assert chains_of(problem(homes), shuffled, back) == chains
