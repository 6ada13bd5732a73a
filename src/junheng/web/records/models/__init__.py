"""What the room stores."""

from junheng.web.records.models.attachment import Attachment
from junheng.web.records.models.audit import AuditEvent, AuditHead
from junheng.web.records.models.job import FaultKind, Job, JobStatus
from junheng.web.records.models.notification import Notification, NotificationChoice
from junheng.web.records.models.webhook import Delivery, DeliveryStatus, HookKind, WebHook

__all__ = [
    "Attachment",
    "AuditEvent",
    "AuditHead",
    "Delivery",
    "DeliveryStatus",
    "FaultKind",
    "HookKind",
    "Job",
    "JobStatus",
    "Notification",
    "NotificationChoice",
    "WebHook",
]
