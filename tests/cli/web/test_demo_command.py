"""``junheng web demo``: who may sign in, as JSON; the same for the same seed; nothing overwritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Bureau = Callable[..., Any]


Made = tuple[Bureau, dict[str, Any]]


@pytest.fixture(scope="module")
def seven(bureau_of_module: Bureau) -> Made:
    """The demo of seed 7 in folder ``a``, made once for the file, and what the command answered."""
    code, answer = bureau_of_module("a", "demo", "--size", "small", "--seed", "7", "--json")
    assert code == 0, answer
    return bureau_of_module, answer


@pytest.mark.slow
def test_the_answer_names_users_password_and_canaries(seven: Made) -> None:
    _bureau, answer = seven
    assert set(answer) == {
        "size", "seed", "accounts", "new", "password", "counties", "users", "canaries", "rater_tokens",
    }  # fmt: skip
    assert answer["password"]
    assert answer["rater_tokens"] == []
    assert {user["role"] for user in answer["users"]} >= {"teacher", "principal", "bureau_clerk", "audit_admin"}
    assert {canary["kind"] for canary in answer["canaries"]} >= {"id_number", "phone", "health", "markup"}
    schools = {school["code"] for county in answer["counties"] for school in county["schools"]}
    assert {user["school"] for user in answer["users"] if user["school"]} == schools


@pytest.mark.slow
def test_two_databases_of_one_seed_have_one_digest_and_the_same_people(seven: Made) -> None:
    bureau, first = seven
    answers = {"a": first}
    for folder, *words in (("b", "--seed", "7"), ("c", "--seed", "8", "--accounts", "all")):
        code, answers[folder] = bureau(folder, "demo", "--size", "small", *words, "--json")
        assert code == 0
    assert [answers["b"][each] for each in ("users", "canaries")] == [first[each] for each in ("users", "canaries")]
    assert answers["c"]["canaries"] != first["canaries"]
    teachers = {folder: sum(bool(user["teacher"]) for user in each["users"]) for folder, each in answers.items()}
    assert teachers["c"] > 100 > teachers["a"]
    digests = [bureau(folder, "digest", "--json")[1]["business"] for folder in "abc"]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


@pytest.mark.slow
def test_another_demo_is_refused_in_the_readers_language(seven: Made) -> None:
    bureau, _answer = seven
    code, answer = bureau("a", "demo", "--size", "small", "--seed", "8", "--json", "--lang", "en")
    assert code == 2
    assert "another demo" in answer["error"]
    code, said = bureau("a", "demo", "--size", "small", "--seed", "7")
    assert code == 0
    assert "bureau-clerk" in said
    assert "junheng-demo" in said


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--size", "huge"), ("--seed", "x"), ("--seed", "-1"), ("--accounts", "some")])
def test_a_slip_of_the_pen_is_explained(bureau: Bureau, words: tuple[str, ...]) -> None:
    code, answer = bureau("a", "demo", *words, "--json")
    assert code == 2
    assert answer["error"]
