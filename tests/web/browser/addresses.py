"""Every address with objects of its own, as the table of doors makes them; see ``tests/web/access/doors.py``."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

FIRST = ("bureau_clerk", "section_head", "bureau_leader", "principal", "school_clerk", "teacher")
_ACCESS = Path(__file__).parents[1] / "access"


def _module(name: str) -> Any:
    """A module of the folder ``access``."""
    known = f"web_access_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, _ACCESS / f"{name}.py")
        sys.modules[known] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[known])
    return sys.modules[known]


def doors() -> dict[str, Any]:
    """The whole table, by the name of the address."""
    table = _module("doors")
    found = dict(table.DOORS)
    for part in sorted(_ACCESS.glob("*_doors.py")):
        found |= _module(part.stem).table(table.Door)
    return found


def people() -> list[str]:
    """Names of the cast, those who may most first, nobody last; former people are left out."""
    others = [name for name in _module("doors").IDENTITIES if name not in {*FIRST, "revoked_clerk", "expired_clerk"}]
    return [*FIRST, *others, ""]


def every_address(cast: Any, names: list[str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Each address with the addresses of its objects, which are there until the next one is asked for."""
    for name, door in sorted(doors().items()):
        if names is not None and name not in names:
            continue
        with transaction.atomic():
            made = door.objects(cast).values() if door.objects else [{}]
            queries = ["", *(query for query in door.queries if "export" not in query)]
            yield name, [reverse(name, kwargs=words) + query for words in made for query in queries]
            transaction.set_rollback(True)


def clients(cast: Any) -> dict[str, Client]:
    """A browser of everybody, signed in; gives the cast what some objects are made for."""
    cast.people_at = {
        "yucai": cast.users["school_clerk"], "hedong": cast.users["principal_of_hedong"],
        "xishan": cast.users["principal_of_xishan"], "faraway": cast.users["teacher_of_other_county"],
    }  # fmt: skip
    _module("canaries").plant(cast)  # something in every text
    found = {name: cast.client(name) if name else Client() for name in people()}
    for client in found.values():
        client.raise_request_exception = False
    return found
