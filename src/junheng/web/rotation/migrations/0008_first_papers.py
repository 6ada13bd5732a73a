"""Papers that were entered before papers were kept each for itself."""

from django.db import migrations


def keep_first_papers(apps, schema_editor):
    """Papers that were entered before papers were kept each for itself: the first of its application, with its files.

    Files that the teacher added himself later stay with the application.
    """
    applications = apps.get_model("rotation", "Application").objects.filter(origin="paper")
    papers, files = apps.get_model("rotation", "ApplicationPaper"), apps.get_model("records", "Attachment")
    for each in applications.iterator():
        first = papers.objects.create(
            application=each, version=1, dated=each.paper_dated, key=each.key, entered_by=each.entered_by,
            entered_at=each.submitted_at,
        )  # fmt: skip
        of_application = files.objects.filter(owner_kind="rotation.application", owner_id=str(each.pk))
        of_application.filter(uploaded_by=each.entered_by).update(
            owner_kind="rotation.applicationpaper", owner_id=str(first.pk)
        )


def give_back(apps, schema_editor):
    """Each file to its application again; the dates of papers but the last are lost."""
    files = apps.get_model("records", "Attachment").objects.filter(owner_kind="rotation.applicationpaper")
    for each in apps.get_model("rotation", "ApplicationPaper").objects.iterator():
        files.filter(owner_id=str(each.pk)).update(
            owner_kind="rotation.application", owner_id=str(each.application_id)
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("records", "0003_guards"), ("rotation", "0007_papers_of_an_application")]
    operations = [migrations.RunPython(keep_first_papers, give_back)]
