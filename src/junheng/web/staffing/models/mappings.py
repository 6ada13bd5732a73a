"""Saved mappings: how a foreign roster's headers become ours, kept to be used again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy
from junheng.web.access.privacy import all_of
from junheng.web.directory.models import Organisation

if TYPE_CHECKING:
    from junheng.web.access import Standing


class SavedMappingQuerySet(models.QuerySet["SavedMapping"]):
    """Reads of mappings."""

    def visible_to(self, standing: Standing) -> SavedMappingQuerySet:
        """Those of the counties in which the person may upload something, at whatever school."""
        within = standing.organisations(Permission.INTAKE_UPLOAD)
        places = Organisation.objects.filter(pk__in=within)
        counties = models.Q(county__in=places.values("county")) | models.Q(county__in=within)
        return self.filter(counties)


class SavedMapping(models.Model):
    """A mapping of :class:`junheng.documents.Mapping` as text, and the headers by which a roster is known again."""

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="mappings")
    name = models.CharField(_("名称"), max_length=100)
    text = models.TextField(_("内容"))
    fingerprint = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the sheets' names and headers for which it was made."""
    headers = models.JSONField(default=list)
    used = models.PositiveIntegerField(_("使用次数"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="mappings", verbose_name=_("创建人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "id", "county", "name", "text", "fingerprint", "headers", "used", "created_by", "created_at",
        "retired_at",
    )  # fmt: skip
    objects = SavedMappingQuerySet.as_manager()

    class Meta:
        ordering = ("name", "-created_at")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"), condition=models.Q(retired_at__isnull=True), name="mapping_name_once_in_use"
            ),
        )

    def __str__(self) -> str:
        return self.name
