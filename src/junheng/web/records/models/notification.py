"""What people are told, and how they want to be told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy, all_of
from junheng.web.records.saying import said


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Reads of notifications."""

    def of(self, user: Any) -> NotificationQuerySet:
        """A person's own."""
        return self.filter(recipient=user.pk)

    def unread(self) -> NotificationQuerySet:
        """Not read yet."""
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One sentence for one person. It is kept as message and values, and said in the language of the reader."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "recipient", "kind", "url", "created_at", "read_at"
    ) | all_of(Privacy.SENSITIVE, "message", "values")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    kind = models.CharField(_("类别"), max_length=80)
    message = models.TextField(_("内容"))
    values = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("recipient", "read_at"), name="notification_unread"),)

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The sentence in the language in force."""
        return said(self.message, self.values)


class NotificationChoice(models.Model):
    """Whether a person also gets e-mail; without a row, who has an address gets it."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PERSONAL, "user", "by_email")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="notification_choice"
    )
    by_email = models.BooleanField(_("同时发送电子邮件"), default=True)

    class Meta:
        verbose_name = _("消息设置")

    def __str__(self) -> str:
        return f"{self.user}"
