"""Files that belong to something: a certificate, a decision, a scanned form."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy, all_of


def new_token() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(24)


class Attachment(models.Model):
    """A file, kept outside of every web root under a random name. ``content_type`` is by its content, never as sent.

    It belongs to an object that is named by kind and key, like in the audit trail; whoever may see that object may see
    the file.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "owner_kind", "owner_id", "size", "content_type", "sha256", "uploaded_by", "uploaded_at",
        "withdrawn_at",
    ) | all_of(Privacy.SENSITIVE, "name", "stored_as", "token")  # fmt: skip

    token = models.CharField(max_length=40, unique=True, default=new_token)
    owner_kind = models.CharField(_("对象类别"), max_length=80)
    owner_id = models.CharField(_("对象编号"), max_length=80)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=100)
    sha256 = models.CharField(_("摘要"), max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attachments")
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("附件")
        ordering = ("uploaded_at", "pk")
        indexes = (models.Index(fields=("owner_kind", "owner_id"), name="attachment_owner"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return reverse("records:attachment", args=(self.token,))
