"""Writing a plan: organisations, teachers, then dated rows; all inside the caller's one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from junheng.web.directory.actions.organisations import number_schools
from junheng.web.directory.models import FormerName, Organisation
from junheng.web.staffing.following import known_before
from junheng.web.staffing.intake.inserting import insert
from junheng.web.staffing.intake.plans import DERIVED, Changes, Plan
from junheng.web.staffing.ledgers import CLUSTERS, SCHOOLS, TEACHERS, TIES
from junheng.web.staffing.models import Teacher

_BATCH = 2000
_MANY = 5000


def lock_county(county: Organisation) -> Organisation:
    """Takes the county's row, so that two intakes of a county stand in line; inside a transaction."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=county.pk)


def write(plan: Plan, *, source: str) -> list[tuple[Organisation, dict[str, Any], dict[str, Any]]]:
    """Write a plan; gives the organisations that were made or changed, with what changed before and after.

    Rows are closed on the plan's day and added from it; none is overwritten. Raises ``RuntimeError`` outside a
    transaction, which the caller opens together with the trace of what is written.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an intake is written in one transaction")
    _keep_what_was(plan)
    moved = _Places(plan, source).settle()
    if moved:
        number_schools(plan.county)
    teachers = _teachers(plan)
    for changes in plan.changes:
        _close(plan, changes)
    for changes in plan.changes:
        if changes.ledger is CLUSTERS:
            owners = plan.keys["cluster"]
        else:
            owners = teachers if changes.ledger.owner == "teacher" else plan.keys["school"]
        references = plan.keys["cluster"] if changes.ledger is SCHOOLS else plan.keys["school"]
        _add(plan, changes, owners, references, source)
    if sum(plan.rows()) >= _MANY:
        transaction.on_commit(lambda: _analyse(plan))
    return moved


def _keep_what_was(plan: Plan) -> None:
    """Clusters read from the tree so far get a row for the time until now, before the tree changes."""
    for changes in plan.changes:
        for code in changes.ended_in_tree:
            known_before(Organisation.objects.get(county=plan.county, kind="cluster", code=code), plan.on)


def _analyse(plan: Plan) -> None:
    """After very many new rows PostgreSQL must count anew, or it reads the tables as if they were empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Teacher, *(changes.ledger.model for changes in plan.changes)):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _close(plan: Plan, changes: Changes) -> None:
    for keys in batched(changes.close):
        changes.ledger.model.objects.filter(pk__in=keys).update(valid_until=plan.on)


def _add(plan: Plan, changes: Changes, owners: dict[str, int], references: dict[str, int], source: str) -> None:
    ledger = changes.ledger
    tie = ledger is TIES
    derived = plan.derived if ledger is TEACHERS else repeat(())
    columns = [
        *([] if tie else [f"{ledger.owner}_id"]), *ledger.attnames, *(DERIVED if ledger is TEACHERS else ()),
        "valid_from", "valid_until", "entered_at", "source",
    ]  # fmt: skip
    stamp = (plan.on, None, timezone.now(), source)
    referring = [at for at, field in enumerate(ledger.fields) if field.reference]

    def rows() -> Iterator[list[Any]]:
        for (owner, plain), more in zip(changes.add, derived, strict=ledger is TEACHERS):
            values = list(plain)
            for at in referring:
                values[at] = references[plain[at]] if plain[at] else None
            yield [*([] if tie else [owners[owner]]), *values, *more, *stamp]

    if changes.add:
        insert(ledger.model, columns, rows())


def _teachers(plan: Plan) -> dict[str, int]:
    """Keys by number of the county's teachers, those who are new made first."""
    known = dict(Teacher.objects.filter(county=plan.county).values_list("number", "pk"))  # scoped: the county's own
    new = [teacher.id for teacher in plan.target.teachers if teacher.id not in known]
    if new:
        insert(Teacher, ("county_id", "number", "user_id"), ((plan.county.pk, number, None) for number in new))
        known = dict(Teacher.objects.filter(county=plan.county).values_list("number", "pk"))  # scoped: as above
    return known


class _Places:
    """Clusters and schools of the tree brought in step with a plan."""

    def __init__(self, plan: Plan, source: str) -> None:
        self._plan, self._source = plan, source
        places = Organisation.objects.filter(county=plan.county)
        self._known = {(place.kind, place.code): place for place in places}
        self._next = max((place.position for place in self._known.values()), default=0) + 1
        self._begins = not any(place.kind == "school" for place in self._known.values())
        self._moved: list[tuple[Organisation, dict[str, Any], dict[str, Any]]] = []

    def settle(self) -> list[tuple[Organisation, dict[str, Any], dict[str, Any]]]:
        """Make, rename, move, close and open again; fills the plan's keys."""
        target, keys = self._plan.target, self._plan.keys
        for cluster in target.clusters:
            keys["cluster"][cluster.id] = self._place("cluster", cluster.id, cluster.name, "", self._plan.county.pk)
        for school in target.schools:
            above = keys["cluster"][school.cluster_id]
            keys["school"][school.id] = self._place("school", school.id, school.name, school.short_name, above)
        self._close("school", {school.id for school in target.schools})
        self._close("cluster", {cluster.id for cluster in target.clusters})
        return self._moved

    def _place(self, kind: str, code: str, name: str, short_name: str, above: int) -> int:
        wanted = {"name": name, "parent_id": above, "closed": None}
        if kind == "school":
            wanted["short_name"] = short_name
        place = self._known.get((kind, code))
        if place is None:
            opened = None if self._begins else self._plan.on
            place = Organisation(
                kind=kind, code=code, county=self._plan.county, position=self._next, opened=opened, **wanted
            )
            self._next += 1
            place.save()
            self._moved.append((place, {}, wanted))
            return int(place.pk)
        self._change(place, wanted)
        return int(place.pk)

    def _change(self, place: Organisation, wanted: dict[str, Any]) -> None:
        before = {name: getattr(place, name) for name in wanted if getattr(place, name) != wanted[name]}
        if not before:
            return
        if "name" in before:
            self._keep_name(place)
        for name in before:
            setattr(place, name, wanted[name])
        place.save()
        self._moved.append((place, before, {name: wanted[name] for name in before}))

    def _keep_name(self, place: Organisation) -> None:
        """The name borne until now stays in the history of the organisation."""
        last = place.former_names.first()
        since = (last.valid_until if last else place.opened) or self._plan.on
        FormerName.objects.create(
            organisation=place, name=place.name, short_name=place.short_name, valid_from=min(since, self._plan.on),
            valid_until=self._plan.on, source=self._source,
        )  # fmt: skip

    def _close(self, kind: str, open_codes: set[str]) -> None:
        gone = sorted(code for of, code in self._known if of == kind and code not in open_codes)
        for code in gone:
            place = self._known[kind, code]
            if place.closed is None:
                self._change(place, {"closed": max(self._plan.on, place.opened or self._plan.on)})


def batched(rows: Sequence[Any], size: int = _BATCH) -> Iterator[Sequence[Any]]:
    """The rows, so many at a time."""
    return (rows[at : at + size] for at in range(0, len(rows), size))
