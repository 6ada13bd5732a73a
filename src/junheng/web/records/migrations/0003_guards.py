"""The triggers that guard the audit chain."""

from django.db import migrations

from junheng.web.records import guarding


def put_up(apps, schema_editor):
    guarding.put_up(schema_editor.connection)


def take_down(apps, schema_editor):
    guarding.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    """Runs after the tables are there; after every later ``migrate`` the triggers are put up again."""

    dependencies = [("records", "0002_head_and_cache")]
    operations = [migrations.RunPython(put_up, take_down)]
