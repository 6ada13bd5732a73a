"""Models that a migration creates together are the same, in the state and in the database, as one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState, StateApps
from django.db.migrations.writer import OperationWriter
from django.db.utils import ConnectionHandler

from junheng.web.records.migrating import CreateModels

NAMES = ("School", "Teacher", "Move")


def creations() -> list[CreateModel]:
    key: Any = ("id", models.BigAutoField(primary_key=True))
    refer = {each: models.ForeignKey(f"tried.{each}", models.PROTECT) for each in ("School", "Teacher")}
    fields: dict[str, list[Any]] = {
        "School": [key], "Teacher": [key, ("school", refer["School"])],
        "Move": [key, ("teacher", refer["Teacher"]), ("to", models.IntegerField())],
    }  # fmt: skip
    return [CreateModel(name, fields[name]) for name in NAMES]


def migration(*operations: Any) -> Migration:
    made = Migration("0001", "tried")
    made.operations = list(operations)
    return made


@pytest.fixture
def aside(db: None) -> Any:
    """An empty database beside that of the tests."""
    if connection.vendor != "sqlite":
        pytest.skip("an empty database in memory is SQLite's; PostgreSQL's tests stand on the migrations themselves")
    made = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})["default"]
    yield made
    made.close()


def apply(aside: Any, made: Migration, state: ProjectState) -> ProjectState:
    with aside.schema_editor() as editor:
        return made.apply(state, editor)


def tables(aside: Any) -> dict[str, list[str]]:
    with aside.cursor() as cursor:
        found = [each.name for each in aside.introspection.get_table_list(cursor)]
        return {name: [c.name for c in aside.introspection.get_table_description(cursor, name)] for name in found}


def test_the_state_is_that_of_one_after_the_other() -> None:
    together, singly = ProjectState(), ProjectState()
    CreateModels(creations()).state_forwards("tried", together)
    for each in creations():
        each.state_forwards("tried", singly)
    assert together == singly
    assert {name for _label, name in together.models} == {"school", "teacher", "move"}


def test_the_tables_are_made_and_go_again(aside: Any) -> None:
    made = migration(CreateModels(creations()))
    state = apply(aside, made, ProjectState())
    assert tables(aside) == {
        "tried_school": ["id"], "tried_teacher": ["id", "school_id"], "tried_move": ["id", "teacher_id", "to"],
    }  # fmt: skip
    assert {each.__name__ for each in state.apps.get_models()} == set(NAMES)
    with aside.schema_editor() as editor:
        made.unapply(ProjectState(), editor)
    assert tables(aside) == {}


def test_models_are_drawn_up_once_and_not_anew_for_each(aside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    plain = StateApps.render_multiple

    def noted(self: StateApps, states: Any) -> None:
        drawn.append(len(states))
        plain(self, states)

    monkeypatch.setattr(StateApps, "render_multiple", noted)
    start = ProjectState()
    assert start.apps  # as the migrations before have left it
    apply(aside, migration(CreateModels(creations())), start)
    assert sum(drawn) == len(NAMES)


def test_a_migration_writes_it_with_where_it_comes_from() -> None:
    text, imports = OperationWriter(CreateModels(creations())).serialize()
    assert text.strip().startswith("junheng.web.records.migrating.CreateModels(")
    assert text.count("migrations.CreateModel(") == len(NAMES)
    assert "import junheng.web.records.migrating" in imports
