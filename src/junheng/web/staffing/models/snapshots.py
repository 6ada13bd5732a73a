"""Snapshots: the facts of a county as of a day, fixed by their digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy
from junheng.web.access.privacy import all_of
from junheng.web.directory.models import Organisation

if TYPE_CHECKING:
    from junheng.web.access import Standing


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Reads of snapshots."""

    def visible_to(self, standing: Standing) -> SnapshotQuerySet:
        """Those of counties whose data the person may fix or export."""
        within = standing.organisations(Permission.SNAPSHOT_TAKE) | standing.organisations(Permission.EXPORT_COUNTY)
        return self.filter(county__in=within)


class Snapshot(models.Model):
    """What a verdict, a plan or a report rests on.

    The rows it speaks of are dated and never overwritten, so the snapshot keeps no copy: ``digest`` is SHA-256 of the
    facts of the county on the day in canonical form, and says whether they are still the same. ``id`` is made of the
    day and the beginning of the digest.
    """

    id = models.CharField(_("快照编号"), max_length=40, primary_key=True)
    county = models.ForeignKey(Organisation, models.PROTECT, related_name="snapshots")
    on = models.DateField(_("数据日期"))
    digest = models.CharField(_("摘要"), max_length=64)
    counts = models.JSONField(_("数量"), default=dict)
    taken_at = models.DateTimeField(_("固定时间"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="snapshots", verbose_name=_("固定人")
    )
    source = models.CharField(_("来源"), max_length=60, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "id", "county", "on", "digest", "counts", "taken_at", "taken_by", "source"
    )
    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("-taken_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("county", "on", "digest"), name="snapshot_once_per_county_day_content"),
        )

    def __str__(self) -> str:
        return self.id

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("staffing:snapshot", args=(self.pk,))
