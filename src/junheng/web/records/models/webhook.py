"""Where news goes outside of the platform, and what has been sent."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy, all_of
from junheng.web.records.sealing import decrypt, encrypt


class HookKind(models.TextChoices):
    """Whose form a message takes."""

    GENERIC = "generic", _("通用（JSON）")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    WECOM = "wecom", _("企业微信群机器人")
    SMS = "sms", _("短信网关（JSON）")


class WebHook(models.Model):
    """An address that is told of what happens. Address and secret are encrypted: robots' addresses carry their key."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "name", "kind", "kinds_of_news", "active", "created_by", "created_at"
    ) | all_of(Privacy.SENSITIVE, "sealed_url", "sealed_secret")

    name = models.CharField(_("名称"), max_length=100, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=HookKind.choices)
    sealed_url = models.TextField()
    sealed_secret = models.TextField(blank=True)
    kinds_of_news = models.JSONField(_("通知类别"), default=list, blank=True)
    active = models.BooleanField(_("启用"), default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="web_hooks")
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("网络钩子")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address."""
        return decrypt(self.sealed_url)

    @url.setter
    def url(self, address: str) -> None:
        self.sealed_url = encrypt(address)

    @property
    def secret(self) -> str:
        """What messages are signed with."""
        return decrypt(self.sealed_secret)

    @secret.setter
    def secret(self, text: str) -> None:
        self.sealed_secret = encrypt(text)

    @property
    def host(self) -> str:
        """The host of the address, which is all that is ever shown of it."""
        return urlsplit(self.url).hostname or ""


class DeliveryStatus(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("等待发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("未送达")


class Delivery(models.Model):
    """One message on its way to a web hook or to a person's e-mail; what failed is tried again, each time later."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "hook", "recipient", "kind", "status", "attempts", "fault", "due_at",
        "created_at", "sent_at",
    ) | all_of(Privacy.SENSITIVE, "message", "values", "url")  # fmt: skip

    hook = models.ForeignKey(WebHook, models.PROTECT, null=True, blank=True, related_name="deliveries")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    kind = models.CharField(_("类别"), max_length=80)
    message = models.TextField(_("内容"))
    values = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    attempts = models.PositiveIntegerField(_("次数"), default=0)
    fault = models.CharField(_("原因"), max_length=300, blank=True)
    due_at = models.DateTimeField(db_index=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    sent_at = models.DateTimeField(_("送达时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("外发消息")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(hook__isnull=True, recipient__isnull=False) | Q(hook__isnull=False, recipient__isnull=True),
                name="delivery_goes_to_a_hook_or_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} → {self.hook or self.recipient}"
