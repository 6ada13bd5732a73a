"""A backup is everything, taken while people work, and a restore proves that it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from junheng.web.directory.models import Organisation, User
from junheng.web.records import attachments, guarding, keeping
from junheng.web.records.audit import record
from junheng.web.records.keeping import envelope, tables
from junheng.web.records.models import AuditEvent, WebHook
from junheng.web.records.verifying import verify
from junheng.web.staffing.models import TeacherState

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SIGNED_WITH = "SEC1"
WORDS = "correct horse"
ID_NUMBER = "990101198505120022"


@pytest.fixture
def full(transactional_db, cast, settings):
    """The cast, a file, a web hook and a trail; committed."""
    clerk = cast.users["bureau_clerk"]
    attachments.store(SimpleUploadedFile("证明.pdf", PDF), cast.county, by=clerk)
    with transaction.atomic():
        record(clerk, "directory.organisation.renamed", cast.county, before={"a": 1e16, "b": 0.1}, after={"a": -0.0})
        hook = WebHook(name="群", kind="dingtalk", created_by=clerk, kinds_of_news=["a.b.c"])
        hook.url, hook.secret = "https://example.org/robot?access_token=abc", SIGNED_WITH
        hook.save()
    return cast


def emptied():
    """The same database with nothing in it, as after ``migrate``."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def test_every_table_is_kept_or_left_out_by_decision(db):
    named = tables.BUSINESS | tables.TRAIL | set(tables.LEFT_OUT)
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert every - named == set(), "name them in records/keeping/tables.py"
    assert named - every == set(), "there are no such tables"
    assert not tables.BUSINESS & tables.TRAIL


def test_a_restored_backup_is_everything(full, tmp_path):
    before = keeping.digest()
    stored = attachments.of(full.county).get()
    made = keeping.backup(tmp_path / "a.zip")
    assert made.digest == before.total
    assert made.tables["records.Attachment"].rows == 1
    emptied()
    shutil.rmtree(tmp_path / "data" / "files")
    assert keeping.digest().total != before.total
    keeping.restore(tmp_path / "a.zip")
    after = keeping.digest()
    assert (after.total, after.business) == (before.total, before.business)
    assert TeacherState.objects.get(teacher=full.teachers["alice"]).id_number == ID_NUMBER
    assert WebHook.objects.get().secret == SIGNED_WITH
    assert stored.sha256 == after.files[stored.stored_as]
    assert (verify().broken, verify().unguarded) == (None, ())
    assert Organisation.objects.create(kind="county", code="990199", name="新县").pk > full.other_county.pk
    with transaction.atomic():
        record(full.users["bureau_clerk"], "records.test.done", None)
    assert verify().broken is None


def test_a_digest_tells_any_change(full, tmp_path):
    seen = {keeping.digest().total}
    for change in (
        lambda: User.objects.filter(username="nobody").update(name="另一人"),
        lambda: TeacherState.objects.filter(teacher=full.teachers["alice"]).update(specialist=True),
        lambda: TeacherState.objects.filter(teacher=full.teachers["bob"]).update(commute_limit_km=0.30000000000000004),
        lambda: full.teachers["carol"].states.all().delete(),
        lambda: (tmp_path / "data" / "files" / attachments.of(full.county).get().stored_as).write_bytes(b"x"),
    ):
        change()
        seen.add(keeping.digest().total)
    assert len(seen) == 6


def test_the_business_digest_does_not_tell_when_it_was_entered(full):
    before = keeping.digest()
    TeacherState.objects.update(entered_at="2020-01-01T00:00:00Z")
    User.objects.update(last_login="2020-01-01T00:00:00Z")
    assert keeping.digest().business == before.business
    assert keeping.digest().total != before.total
    TeacherState.objects.filter(teacher=full.teachers["bob"]).update(name="单博闻")
    assert keeping.digest().business != before.business


def test_no_id_number_stands_in_a_backup_and_a_sealed_one_shows_nothing(full, tmp_path):
    keeping.backup(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert "安丽丝".encode() in content
    assert ID_NUMBER.encode() not in content
    assert b"access_token" not in content
    keeping.backup(tmp_path / "b", WORDS)
    assert b"manifest.json" not in (tmp_path / "b").read_bytes()
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    before = keeping.digest().total
    emptied()
    for wrong in ("", "wrong horse"):
        with pytest.raises(keeping.BadArchiveError):
            keeping.restore(tmp_path / "b", passphrase=wrong)
    keeping.restore(tmp_path / "b", passphrase=WORDS)
    assert keeping.digest().total == before


def test_a_database_with_data_is_not_overwritten_unless_it_is_meant(full, tmp_path):
    keeping.backup(tmp_path / "a.zip")
    User.objects.filter(username="nobody").update(name="后来改的")
    now = keeping.digest().total
    with pytest.raises(keeping.NotEmptyError):
        keeping.restore(tmp_path / "a.zip")
    assert keeping.digest().total == now
    made = keeping.restore(tmp_path / "a.zip", force=True)
    assert keeping.digest().total == made.digest != now
    assert guarding.absent(connection) == []


def rewritten(source, target, change):
    """The archive with one member changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        new.comment = envelope.NO_SUM
    envelope.put_sum(target)


def edit(**changed):
    def change(name, content):
        return json.dumps(json.loads(content) | changed).encode() if name == "manifest.json" else content

    return change


def bad_archives(good, folder):
    """Files that must be refused, by what is wrong with them."""
    content = good.read_bytes()
    (folder / "empty").write_bytes(b"")
    (folder / "text").write_text("no archive")
    for share in (10, 50, 90, 99):
        (folder / f"cut{share}").write_bytes(content[: len(content) * share // 100])
    for at in range(7):
        place = len(content) * (at * 2 + 1) // 15
        (folder / f"flipped{at}").write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
    with zipfile.ZipFile(folder / "foreign", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    rewritten(good, folder / "edited", lambda n, c: c.replace("安丽丝".encode(), "安莉丝".encode()))
    rewritten(good, folder / "member gone", lambda n, c: None if n.endswith("Teacher.jsonl") else c)
    rewritten(good, folder / "newer format", edit(format_version=99))
    rewritten(good, folder / "newer steps", edit(migrations={"staffing": ["0099_later"]}))
    rewritten(good, folder / "other keys", edit(field_keys={"dev": "0" * 16}))
    rewritten(good, folder / "other digest", edit(digest="0" * 64))
    rewritten(good, folder / "climbs", lambda n, c: c)
    with zipfile.ZipFile(folder / "climbs", "a") as archive:
        archive.writestr("files/../../outside", "x")
    envelope.put_sum(folder / "climbs")


def test_a_foreign_damaged_or_cut_file_is_refused_and_nothing_is_touched(full, tmp_path):
    keeping.backup(tmp_path / "good.zip")
    folder = tmp_path / "bad"
    folder.mkdir()
    bad_archives(tmp_path / "good.zip", folder)
    emptied()
    nothing = keeping.digest().total
    refused = set()
    for path in sorted(folder.iterdir()):
        with pytest.raises(keeping.BadArchiveError) as fault:
            keeping.restore(path)
        assert fault.value.said.zh
        assert fault.value.said.en
        assert keeping.digest().total == nothing, path.name
        refused.add(path.name)
    assert len(refused) == 21
    assert not (tmp_path / "outside").exists()
    assert guarding.absent(connection) == []
    keeping.restore(tmp_path / "good.zip")
    assert keeping.digest().total != nothing


def test_a_backup_taken_while_others_write_is_one_moment(full, tmp_path):
    """Each writer changes two rows in one transaction; in no backup do they differ."""
    stop = threading.Event()
    clerk = full.users["bureau_clerk"]
    written, faults = [], []

    def write():
        try:
            while not stop.is_set():
                with transaction.atomic():
                    text = f"第{len(written)}次"
                    Organisation.objects.filter(pk=full.yucai.pk).update(short_name=text)
                    User.objects.filter(username="nobody").update(name=text)
                    record(clerk, "records.test.done", None, n=len(written))
                written.append(text)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections["default"].close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [keeping.backup(tmp_path / f"{n}.zip") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert faults == []
    assert len({each.digest for each in made}) > 1, "something was written meanwhile"
    for number, each in enumerate(made):
        keeping.restore(tmp_path / f"{number}.zip", force=True)
        assert keeping.digest().total == each.digest
        assert Organisation.objects.get(pk=full.yucai.pk).short_name in {User.objects.get(username="nobody").name, ""}
        assert verify().broken is None
        assert verify().rows == AuditEvent.objects.count()


@pytest.fixture
def on_migrations(settings, db):
    """The steps of the database as applied ones, where the suite has made its tables from the models."""
    if not settings.MIGRATION_MODULES:
        yield
        return
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).graph.nodes:
        recorder.record_applied(app, name)
    yield
    recorder.flush()


def test_a_backup_goes_through_another_database_and_back_unchanged(full, tmp_path, on_migrations):
    """The suite runs on SQLite and on PostgreSQL; the other database here is SQLite, on the command line."""
    TeacherState.objects.filter(teacher=full.teachers["bob"]).update(
        also_teaches=["music", 1e16, {"b": -0.0, "a": 1.5}], commute_limit_km=12.0, note="引号\"'\n\t\u2028🌾"
    )
    made = keeping.backup(tmp_path / "here.zip")
    environment = os.environ | {
        "DATABASE_URL": "", "JUNHENG_DATA_DIR": str(tmp_path / "other"), "PYTHONPATH": os.pathsep.join(sys.path)
    }  # fmt: skip

    def there(*words):
        done = subprocess.run(
            [sys.executable, "-m", "junheng.cli", "web", *words], env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    there("migrate")
    there("restore", str(tmp_path / "here.zip"))
    assert json.loads(there("digest", "--json"))["digest"] == made.digest
    assert json.loads(there("audit", "verify", "--json"))["holds"]
    there("backup", str(tmp_path / "there.zip"))
    emptied()
    assert keeping.restore(tmp_path / "there.zip").digest == made.digest
    assert keeping.digest().total == made.digest


def test_a_missing_file_is_told(full, tmp_path):
    stored = attachments.of(full.county).get().stored_as
    (tmp_path / "data" / "files" / stored).unlink()
    assert keeping.backup(tmp_path / "a.zip").files == {stored: "missing"}
