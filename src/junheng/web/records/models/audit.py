"""The audit chain: one row for each thing done, bound to the row before by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of

if TYPE_CHECKING:
    from junheng.web.access import Standing


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    """Reads of the chain."""

    def visible_to(self, standing: Standing) -> AuditQuerySet:
        """Rows of the organisations for which the person may see the trail.

        Rows of no organisation are the system's own; they are for whoever sees the trail of every county.
        """
        within = standing.organisations(Permission.AUDIT_VIEW)
        organisations = get_user_model()._meta.get_field("organisation").related_model
        everywhere = bool(within) and not organisations._base_manager.filter(kind="county").exclude(pk__in=within)
        mine = Q(organisation_key__in=within)
        return self.filter(mine | Q(organisation_key__isnull=True) if everywhere else mine)


class AuditEvent(models.Model):
    """Who did what to which object, when, and the object before and after.

    Rows outlive what they describe: author and object are text, there are no foreign keys. The database itself refuses
    to change or remove a row (:mod:`junheng.web.records.guarding`). ``digest`` is SHA-256 over the row and
    ``previous``.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "number", "at", "author", "author_name", "deputising_for", "action", "object_kind", "object_id",
        "object_label", "organisation", "organisation_key", "previous", "digest",
    ) | all_of(Privacy.SENSITIVE, "before", "after", "reason", "details")  # fmt: skip

    number = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    author = models.CharField(_("账号"), max_length=150, db_index=True)
    author_name = models.CharField(_("姓名"), max_length=150)
    deputising_for = models.CharField(_("代行"), max_length=150, blank=True)
    action = models.CharField(_("事项"), max_length=80, db_index=True)
    object_kind = models.CharField(_("对象类别"), max_length=80)
    object_id = models.CharField(_("对象编号"), max_length=80)
    object_label = models.CharField(_("对象"), max_length=300)
    organisation = models.CharField(_("机构"), max_length=80, blank=True)
    organisation_key = models.BigIntegerField(null=True, db_index=True)
    before = models.JSONField(_("之前"), null=True)
    after = models.JSONField(_("之后"), null=True)
    reason = models.TextField(_("理由"), blank=True)
    details = models.JSONField(_("细节"), default=dict)
    previous = models.CharField(_("前一行摘要"), max_length=64)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        indexes = (models.Index(fields=("object_kind", "object_id"), name="audit_object"),)

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.object_label}"


class AuditHead(models.Model):
    """The last row of the chain; locking this one row puts all writers in line."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "key", "number", "digest")

    key = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(key=1), name="audit_has_one_head"),)

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
