"""Files of the whole county, made in the background and fetched for a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy
from junheng.web.access.privacy import all_of
from junheng.web.directory.models import Organisation
from junheng.web.records.models import Job

if TYPE_CHECKING:
    from junheng.web.access import Standing

KEPT = timedelta(hours=24)
"""How long a file can be fetched."""


class ExportKind(models.TextChoices):
    """What a file of the county holds."""

    WORKBOOK = "workbook", _("全县工作簿（含完整证件号码，可原样读回）")
    NATIONAL = "national", _("国家系统字段（证件号码为掩码）")


class ExportQuerySet(models.QuerySet["CountyExport"]):
    """Reads of exports."""

    def visible_to(self, standing: Standing) -> ExportQuerySet:
        """Those of counties that the person may export."""
        return self.filter(county__in=standing.organisations(Permission.EXPORT_COUNTY))

    def in_time(self) -> ExportQuerySet:
        """Those that can still be fetched."""
        return self.filter(asked_at__gt=timezone.now() - KEPT)


class CountyExport(models.Model):
    """One file asked for, with the reason; kept sealed under a random name and only for its own asker."""

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="exports")
    kind = models.CharField(_("内容"), max_length=10, choices=ExportKind.choices)
    on = models.DateField(_("数据日期"))
    key = models.CharField(max_length=64)
    reason = models.CharField(_("用途"), max_length=300)
    stored = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(_("教师数"), default=0)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="county_exports", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    fetched = models.PositiveIntegerField(_("下载次数"), default=0)

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "id", "county", "kind", "on", "key", "reason", "stored", "rows", "job", "asked_by",
        "asked_at", "fetched",
    )  # fmt: skip
    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("asked_by", "key"), name="export_asked_for_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    @property
    def until(self) -> object:
        """When it can no longer be fetched."""
        return self.asked_at + KEPT
