"""The one head of the audit chain, and the table of the cache that rate limits are counted in."""

from django.core.management import call_command
from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("records", "AuditHead").objects.get_or_create(pk=1)
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Runs once."""

    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
