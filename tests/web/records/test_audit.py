"""Nothing that anyone does is untraceable: the chain is written with the change, refuses change, and tells of it."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from junheng.web.directory.models import RoleGrant
from junheng.web.directory.standing import PersonStanding
from junheng.web.records import guarding
from junheng.web.records.audit import NotInTransactionError, Trace, digest_of, record, record_many
from junheng.web.records.models import AuditEvent, AuditHead
from junheng.web.records.verifying import Anchor, verify

SOMEBODY = SimpleNamespace(username="clerk", organisation=None, stands_in_for=str)
ODD = {
    "whole float": 1e16, "float": 0.1, "tiny": 1.5e-7, "negative zero": -0.0, "huge": 1e300, "big": 2**70,
    "not a number": float("nan"), "endless": float("inf"), "date": date(2026, 9, 1), "decimal": Decimal("1.50"),
    "nul": "a\x00b", "half a pair": "\ud800", "text": "中文 “引号” \\u0041 \u2028", "set": {"b", "a"}, "none": None,
    "true": True, "nested": [{"z": 1, "a": [1.0, 2.5]}], 7: "key",
}  # fmt: skip


def rows(count, action="records.test.done"):
    with transaction.atomic():
        return record_many(SOMEBODY, action, [Trace(None, after={"n": n}, reason=f"第{n}次") for n in range(count)])


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_row_outside_the_transaction_of_its_change_is_refused(transactional_db):
    with pytest.raises(NotInTransactionError):
        record(SOMEBODY, "records.test.done", None)
    assert not AuditEvent.objects.exists()


def test_what_cannot_be_recorded_does_not_happen(cast, monkeypatch):
    def fail(*_args, **_given):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent.objects, "bulk_create", fail)

    def change():
        with transaction.atomic():
            cast.county.name = "改名县"
            cast.county.save()
            record(SOMEBODY, "directory.organisation.renamed", cast.county)

    with pytest.raises(DatabaseError):
        change()
    cast.county.refresh_from_db()
    assert cast.county.name == "云山县"


def test_values_hash_equally_after_they_are_read_back(db):
    with transaction.atomic():
        written = record(SOMEBODY, "records.test.done", None, before=ODD, after={"a": ODD}, reason="x\x00y", extra=ODD)
    read = AuditEvent.objects.get()
    assert digest_of(read) == read.digest == written.digest
    assert verify().broken is None


def test_many_rows_are_one_chain_like_single_ones(db, django_assert_max_num_queries):
    with transaction.atomic():
        record(SOMEBODY, "records.test.first", None)
    with django_assert_max_num_queries(25):
        rows(900)
    with transaction.atomic():
        record(SOMEBODY, "records.test.last", None)
    found = verify()
    assert (found.rows, found.broken, found.unguarded) == (902, None, ())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records_auditevent SET reason = 'x' WHERE number = 1",
        "DELETE FROM records_auditevent WHERE number = 3",
        "DELETE FROM records_audithead",
        "UPDATE records_audithead SET number = 1",
        "INSERT OR REPLACE INTO records_auditevent SELECT * FROM records_auditevent WHERE number = 1",
        "TRUNCATE records_auditevent",
        "TRUNCATE records_audithead",
    ],
)
def test_the_database_refuses_to_change_the_chain(db, sql):
    if (sql.startswith("TRUNCATE") and connection.vendor == "sqlite") or (
        "OR REPLACE" in sql and connection.vendor != "sqlite"
    ):
        pytest.skip("not a statement of this database")
    rows(3)
    with pytest.raises(IntegrityError, match="audit chain cannot be changed"), transaction.atomic():
        run(sql)
    assert verify().broken is None
    guarding.take_down(connection)  # the control: without the triggers the statement goes through
    run(sql)
    assert guarding.absent(connection)


def forge(event, **changed):
    """What an attacker who knows the code writes: the digest fits the content."""
    for name, value in changed.items():
        setattr(event, name, value)
    event.digest = digest_of(event)
    return event


def changed_content(_):
    run("UPDATE records_auditevent SET reason = 'x' WHERE number = 3")


def changed_with_digest(_):
    event = forge(AuditEvent.objects.get(number=3), reason="x")
    AuditEvent.objects.filter(number=3).update(reason=event.reason, digest=event.digest)


def removed_row(_):
    run("DELETE FROM records_auditevent WHERE number = 3")


def removed_and_renumbered(_):
    run("DELETE FROM records_auditevent WHERE number = 3")
    for number in (4, 5, 6):
        run("UPDATE records_auditevent SET number = %s WHERE number = %s", number - 1, number)
    run("UPDATE records_audithead SET number = 5")


def removed_tail(_):
    run("DELETE FROM records_auditevent WHERE number > 4")


def removed_tail_and_head(_):
    run("DELETE FROM records_auditevent WHERE number > 4")
    run("UPDATE records_audithead SET number = 4")


def inserted_row(_):
    for number in (6, 5, 4, 3):
        run("UPDATE records_auditevent SET number = %s WHERE number = %s", number + 1, number)
    forge(AuditEvent(**values(AuditEvent.objects.get(number=2))), number=3, previous=digest_at(2), reason="new").save(
        force_insert=True
    )
    run("UPDATE records_audithead SET number = 7")


def swapped_rows(_):
    for old, new in ((3, 99), (4, 3), (99, 4)):
        run("UPDATE records_auditevent SET number = %s WHERE number = %s", new, old)


def added_beyond_the_head(_):
    last = AuditEvent.objects.get(number=6)
    forge(AuditEvent(**values(last)), number=7, previous=last.digest).save(force_insert=True)


def changed_head(_):
    run("UPDATE records_audithead SET digest = %s", "f" * 64)


def values(event):
    return {field.attname: getattr(event, field.attname) for field in AuditEvent._meta.concrete_fields}


def digest_at(number):
    return AuditEvent.objects.get(number=number).digest


@pytest.mark.parametrize(
    ("tamper", "kind", "number"),
    [
        (changed_content, "changed", 3),
        (changed_with_digest, "inserted", 4),
        (removed_row, "removed", 3),
        (removed_and_renumbered, "removed", 3),
        (removed_tail, "removed", 5),
        (removed_tail_and_head, "head", 4),
        (inserted_row, "inserted", 3),
        (swapped_rows, "reordered", 3),
        (added_beyond_the_head, "head", 7),
        (changed_head, "head", 6),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_tampering_by_whoever_may_drop_triggers_is_found_and_named(db, tamper, kind, number):
    rows(6)
    with guarding.lifted(connection):
        tamper(connection)
    broken = verify().broken
    assert broken is not None
    assert (broken.kind, broken.number) == (kind, number), broken
    assert all(str(number) in text for text in broken.said)


def test_a_chain_made_anew_is_found_by_an_anchor_kept_elsewhere(db):
    rows(6)
    kept = [Anchor(4, digest_at(4))]
    assert verify(kept).broken is None
    with guarding.lifted(connection):
        AuditEvent.objects.all().delete()
        AuditHead.objects.update(number=0, digest="0" * 64)
        rows(6, "records.test.forged")
    assert verify().broken is None, "the forged chain holds in itself"
    assert (verify(kept).broken.kind, verify(kept).broken.number) == ("anchor", 4)
    assert verify([Anchor(9, "0" * 64)]).broken.kind == "anchor"


def test_a_missing_trigger_is_told(db):
    assert verify().unguarded == ()
    guarding.take_down(connection)
    assert len(verify().unguarded) == 5


def test_a_deputy_is_named_with_whom_he_stands_in_for(cast):
    principal, deputy = cast.users["principal"], cast.users["nobody"]
    today = timezone.localdate()
    RoleGrant.objects.create(
        user=deputy, role="principal", organisation=cast.yucai, start=today, end=today, deputises=principal.grants.get()
    )
    for each in (principal, deputy):  # as the middleware does for the account of a request
        each.standing = PersonStanding(each, today)
    with transaction.atomic():
        mine = record(principal, "records.test.done", None)
        his = record(deputy, "records.test.done", None)
    assert mine.deputising_for == ""
    assert his.deputising_for == "云山校长"
    assert his.author == "nobody"
    assert verify().broken is None


def race(writers, each, hinder=None):
    """Several connections that write at once; gives what went wrong."""
    faults = []
    together = threading.Barrier(writers)

    def write():
        try:
            connections["default"].ensure_connection()
            if hinder:
                hinder(connections["default"])
            together.wait(20)
            for _ in range(each):
                rows(2)
        except (DatabaseError, AuditHead.DoesNotExist) as fault:
            faults.append(fault)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_keep_the_chain_unbroken(settings):
    settings.WIDEN_RACES = 0.005
    assert race(6, 5) == []
    found = verify()
    assert (found.rows, found.broken) == (60, None)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_head_the_same_race_breaks_it(settings, monkeypatch):
    settings.WIDEN_RACES = 0.005
    monkeypatch.setattr(AuditHead.objects, "select_for_update", lambda **_given: AuditHead.objects.all())

    def hinder(connection):
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"

    assert race(6, 5, hinder) or verify().broken
