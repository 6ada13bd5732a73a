"""Every address × every person × every owner: nobody passes, writes or reads what is not his.

The table is ``tests/web/access/doors.py``; the test walks the URLconf, so that an address without a line there fails.
What is expected is reckoned from the gate of the view, the one page of policy and the seats of the cast, not by the
code that decides in the web itself.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import timezone

from junheng.web.access import PUBLIC, ROLE_RULES, SIGNED_IN, Permission, Role, gate_of
from junheng.web.directory.models import RoleGrant
from junheng.web.directory.standing import PersonStanding
from junheng.web.interface.listing import ListPage


def _beside(name: str) -> Any:
    """A module of the folder ``access`` beside this file."""
    at = Path(__file__).parent / "access" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"web_access_{name}", at)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


doors = _beside("doors")
for _part in sorted((Path(__file__).parent / "access").glob("*_doors.py")):
    doors.DOORS |= _beside(_part.stem).table(doors.Door)
canaries = _beside("canaries")
OPEN, LOGIN = "open", "login"
NOT_BUSINESS = re.compile(r'"?(django_session|usersessions_usersession|junheng_cache)"?')
LIST_QUERIES = ("?q=zq", "?export=csv", "?export=xlsx", "?sort=nonsense&page=99999", "?q=%00%27%22&page=-1")


def routes(patterns: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the URLconf by its name."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name}", each


ROUTES = dict(routes())


# --- the table is whole ---------------------------------------------------------------------------------------------


def without_gate(found: Any) -> list[str]:
    """Addresses whose views declare no gate."""
    return [name for name, each in found if gate_of(each.callback) is None]


def test_every_view_declares_its_gate():
    assert without_gate(ROUTES.items()) == []


def test_a_view_without_a_gate_is_found_out():
    patterns = [path("naked/", lambda _request: HttpResponse(), name="naked")]
    assert without_gate(routes(patterns)) == ["naked"]


def test_every_address_is_in_the_table_and_nothing_else():
    assert sorted(set(ROUTES) - set(doors.DOORS)) == [], "add a line for each to tests/web/access/doors.py"
    assert sorted(set(doors.DOORS) - set(ROUTES)) == []


def test_every_address_that_names_an_object_has_objects_of_several_owners():
    bare = [
        name for name, each in ROUTES.items()
        if each.pattern.converters and name in doors.DOORS and doors.DOORS[name].objects is None
    ]  # fmt: skip
    assert bare == []


def test_what_is_open_to_all_says_why_and_nothing_else_does():
    public = {name for name, each in ROUTES.items() if gate_of(each.callback) is PUBLIC}
    assert public == {name for name, door in doors.DOORS.items() if door.public}


def test_what_hangs_on_a_place_says_which_permission_it_needs():
    silent = [
        name for name, door in doors.DOORS.items()
        if door.objects and door.by == "place" and not door.public and not door.needs
        and name in ROUTES and gate_of(ROUTES[name].callback) is SIGNED_IN
    ]  # fmt: skip
    assert silent == []


# --- every door -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def peopled(cast_of_module):
    """The cast with one person whose role was revoked, one at each place who holds a role, and canaries everywhere."""
    cast = cast_of_module
    revoked = type(cast.users["nobody"]).objects.create_user(
        username="revoked", password=None, name="被收回的人", organisation=cast.county
    )
    RoleGrant.objects.create(
        user=revoked, role=Role.BUREAU_CLERK, organisation=cast.county, start=timezone.localdate(),
        revoked_at=timezone.now(), revoked_by=cast.users["security_admin"],
    )  # fmt: skip
    cast.users["revoked_clerk"] = revoked
    cast.people_at = {
        "yucai": cast.users["school_clerk"], "hedong": cast.users["principal_of_hedong"],
        "xishan": cast.users["principal_of_xishan"], "faraway": cast.users["teacher_of_other_county"],
    }  # fmt: skip
    cast.aviary = canaries.plant(cast)
    return cast


@pytest.fixture
def world(peopled, db):
    """That cast, in a transaction that is undone."""
    return peopled


def expected(name: str, identity: Any, door: Any, gate: Any, owner: str | None) -> Any:
    """What the person should be answered: the door is open, 403, 404, or the way to the login page."""
    if gate is PUBLIC:
        return OPEN
    if name == "":
        return LOGIN
    may = ROLE_RULES[identity.role].may if identity.role else frozenset()
    if gate.anyone_of and not may & set(gate.anyone_of):
        return 403
    if owner is None or (name, owner) in door.also:
        return OPEN
    if door.by == "person":
        return OPEN if name == owner else 404
    return OPEN if may & set(door.needs or gate.anyone_of) and owner in identity.reach else 404


def verdict(answer: Any) -> Any:
    """What the person was answered."""
    if answer.status_code in {301, 302} and answer["Location"].split("?")[0] == reverse("account_login"):
        return LOGIN
    return answer.status_code if answer.status_code in {403, 404} or answer.status_code >= 500 else OPEN


def knock(world: Any, route: str, people: Any = None) -> list[str]:
    """Goes to one address as everybody, for every owner, reading and writing; gives everything that is wrong."""
    door, view = doors.DOORS[route], ROUTES[route].callback
    gate = gate_of(view)
    objects = door.objects(world) if door.objects else {None: {}}
    queries = ["", *door.queries]
    if isinstance(getattr(view, "view_class", None), type) and issubclass(view.view_class, ListPage):
        queries += LIST_QUERIES
    names = list(people or (doors.FEW if door.public or door.own_account else doors.IDENTITIES))
    wrong = []
    for name in [*names, ""]:
        identity = doors.IDENTITIES.get(name, doors.Identity(None))
        client = world.client(name) if name else Client()
        for owner, words in objects.items():
            address = reverse(route, kwargs=words)
            want = expected(name, identity, door, gate, owner)
            if want in {403, LOGIN} and owner != next(iter(objects)):
                continue  # the gate refuses before any object is looked for
            tries = [("get", address + query) for query in (queries if want == OPEN else queries[:1])]
            for method, url in [*tries, ("post", address)]:
                asked = _asked(view, identity, want, url)
                if method == "post" and (name, owner) in door.reads_only:
                    asked = 403
                said = _try(client, method, url, door, asked)
                who = f"{method} {url} as {name or 'nobody signed in'} of {owner}: "
                wrong += [who + each for each in said]
                wrong += [who + "sees " + each for each in world.aviary.seen_wrongly(name, identity, said.content)]
                wrong += [who + "sees an ID number" for each in canaries.ID_NUMBERS.values() if each in said.text]
                if said.is_page and f"qz{canaries.MARKUP[:3]}" in said.text:
                    wrong.append(who + "markup is not escaped")
    return wrong


def _asked(view: Any, identity: Any, want: Any, url: str) -> Any:
    """What is expected of the address with its query: a list is exported by those who may export it."""
    if want != OPEN or "?export=" not in url:
        return want
    may = ROLE_RULES[identity.role].may if identity.role else frozenset()
    return OPEN if view.view_class.export_permission in may else 403


class Said(list):
    """What was wrong with an answer, and what was answered."""

    content = b""
    text = ""
    is_page = False


def _try(client: Client, method: str, url: str, door: Any, want: Any) -> Said:
    said = Said()
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(url, dict(door.form)) if method == "post" else client.get(url)
            said.content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    said.text = said.content.decode("utf-8", "replace")
    said.is_page = answer.get("Content-Type", "").startswith("text/html")
    got = verdict(answer)
    if answer.status_code == 405 or (door.own_account and want == OPEN and got in {403, 404}):
        got = want  # there is nothing here for anybody, or nothing yet of this person
    if door.public and answer.status_code < 500:
        got = want
    if answer.status_code == 302 and "reauthenticate" in answer["Location"]:
        got = want  # before any object is looked for
    if got != want:
        said.append(f"{got} instead of {want}")
    if want != OPEN:
        written = [
            each["sql"][:90] for each in asked.captured_queries
            if re.match(r"\s*(INSERT|UPDATE|DELETE)", each["sql"]) and not NOT_BUSINESS.search(each["sql"][:60])
        ]  # fmt: skip
        said.extend(f"writes {sql}" for sql in written)
    return said


ON_REQUEST = pytest.mark.skipif("JUNHENG_TEST_EVERY_DOOR" not in os.environ, reason="half an hour; CONTRIBUTING.md")
MARKS: tuple[tuple[pytest.MarkDecorator, ...], ...] = (
    (), (pytest.mark.slow, ON_REQUEST), (pytest.mark.slow,), (pytest.mark.slow, ON_REQUEST),
)  # fmt: skip


def every_fourth_at_once(routes: list[str]) -> list[Any]:
    """All routes: one of four at once, one with the slow tests, the rest on request; each takes everybody seconds."""
    return [pytest.param(route, marks=MARKS[number % 4], id=route) for number, route in enumerate(routes)]


@pytest.mark.parametrize("route", every_fourth_at_once(sorted(doors.DOORS)))
def test_nobody_passes_writes_or_reads_what_is_not_his(world, route):
    if route not in ROUTES:
        pytest.fail("no such address")
    wrong = knock(world, route)
    assert not wrong, "\n".join(wrong[:40])


# --- the canaries ---------------------------------------------------------------------------------------------------


def test_a_canary_stands_in_every_text_field_about_teachers_and_schools(world):
    missing = {
        model._meta.label: sorted(
            {f.name for f in canaries.text_fields(model)} - world.aviary.planted.get(label, set())
        )
        for model, _name in canaries.subjects()
        for label in [model._meta.label]
        if label not in canaries.NOT_PLANTED
    }
    assert {label: fields for label, fields in missing.items() if fields} == {}
    assert len(world.aviary.canaries) > 50


def test_a_message_of_an_error_shows_no_canary(world):
    for name in ("principal_of_xishan", "clerk_of_other_county"):
        client = world.client(name)
        for address in ("/directory/users/1/", "/nowhere/zq/", f"/directory/organisations/{world.yucai.pk}/"):
            answer = client.get(address)
            assert answer.status_code in {403, 404}
            assert world.aviary.seen_wrongly(name, doors.IDENTITIES[name], answer.content) == []


def test_what_contradicts_itself_in_the_data_is_told_to_nobody_who_may_not_read_it(world):
    """Faults of a county quote its rows, and a county is read as a whole for a page about one school."""
    from junheng.web.staffing.models import CircumstancesEntry

    row = CircumstancesEntry.objects.get(teacher=world.teachers["carol"])
    leak = world.aviary.add("carol", CircumstancesEntry, "spouse_id", frozenset({"xishan"}), "")
    CircumstancesEntry.objects.filter(pk=row.pk).update(spouse_id=leak.text)
    for route in ("home", "reporting:overview", "reporting:balance", "reporting:structure", "reporting:map"):
        wrong = [each for each in knock(world, route, ["principal", "cluster_head", "bureau_leader"]) if "sees" in each]
        assert not wrong, "\n".join(wrong)


# --- the test would notice ------------------------------------------------------------------------------------------


def test_with_the_gates_open_the_test_fails(world, monkeypatch):
    monkeypatch.setattr(PersonStanding, "allows", lambda *_given: True)
    assert any("instead of 403" in each for each in knock(world, "directory:users", ["teacher"]))


def test_with_the_scope_off_the_test_fails(world, monkeypatch):
    from junheng.web.directory.models import Organisation

    everything = frozenset(Organisation.objects.values_list("pk", flat=True))
    monkeypatch.setattr(PersonStanding, "organisations", lambda *_given: everything)
    wrong = knock(world, "directory:organisation", ["principal"])
    assert any("instead of 404" in each for each in wrong)
    assert any("sees Organisation.name of faraway" in each for each in wrong)


def test_a_write_by_somebody_who_may_not_pass_is_noticed(world, monkeypatch):
    from junheng.web.directory.middleware import FirstThingsMiddleware

    def busy(_self: Any, request: Any, *_given: Any) -> None:
        RoleGrant.objects.filter(user=request.user.pk).update(reason="x")

    monkeypatch.setattr(FirstThingsMiddleware, "process_view", busy)
    assert any("writes UPDATE" in each for each in knock(world, "directory:users", ["teacher"]))


def test_an_unescaped_canary_and_an_id_number_are_noticed(world, monkeypatch):
    from junheng.web.directory.views import search

    leak = f"zqalicen100qz{canaries.MARKUP} {canaries.ID_NUMBERS['alice']}"
    monkeypatch.setattr(search, "render", lambda *_given: HttpResponse(leak))
    wrong = "\n".join(knock(world, "directory:search", ["clerk_of_other_county"]))
    assert "sees" in wrong
    assert "markup" in wrong
    assert "ID number" in wrong


def test_the_expectation_is_no_echo_of_the_code():
    principal = doors.IDENTITIES["principal"]
    gate = gate_of(ROUTES["directory:organisation"].callback)
    door = doors.DOORS["directory:organisation"]
    assert expected("principal", principal, door, gate, "yucai") == OPEN
    assert expected("principal", principal, door, gate, "hedong") == 404
    assert expected("expired_clerk", doors.IDENTITIES["expired_clerk"], door, gate, "yucai") == 403
    assert expected("", doors.Identity(None), door, gate, "yucai") == LOGIN
    assert Permission.ORGANISATIONS_VIEW in gate.anyone_of
