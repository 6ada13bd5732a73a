"""A background job with lease, heartbeat and attempt number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Duty, Permission, Privacy, all_of

if TYPE_CHECKING:
    from junheng.web.access import Standing


class JobStatus(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未成功")
    CANCELLED = "cancelled", _("已取消")


class FaultKind(models.TextChoices):
    """Why an attempt came to nothing."""

    REFUSED = "refused", _("数据或条件不符合")
    UNEXPECTED = "unexpected", _("程序出错")
    LOST = "lost", _("处理它的后台进程中断")


TONES = {
    JobStatus.QUEUED: "secondary",
    JobStatus.RUNNING: "blue",
    JobStatus.DONE: "green",
    JobStatus.FAILED: "red",
    JobStatus.CANCELLED: "yellow",
}
OVER = (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of jobs."""

    def due(self, now: datetime) -> JobQuerySet:
        """Waiting, and their time has come; the most urgent and longest waiting first."""
        return self.filter(status=JobStatus.QUEUED, due_at__lte=now).order_by("-priority", "due_at", "pk")

    def lapsed(self, now: datetime) -> JobQuerySet:
        """Running by their status, but nobody has renewed the lease."""
        return self.filter(status=JobStatus.RUNNING, lease_until__lt=now)

    def untaken(self, key: int, attempt: int) -> JobQuerySet:
        """The job, if nobody has taken it since it was read; nothing otherwise."""
        return self.filter(pk=key, attempt=attempt, status=JobStatus.QUEUED)

    def held(self, key: int, attempt: int) -> JobQuerySet:
        """The job, if this attempt still holds it; nothing otherwise. Every write of an attempt goes through here."""
        return self.filter(pk=key, attempt=attempt, status=JobStatus.RUNNING)

    def visible_to(self, user: Any, standing: Standing) -> JobQuerySet:
        """One's own, those of the organisations whose jobs one may see, and for system administrators the system's."""
        seen = Q(requested_by=user) | Q(organisation_key__in=standing.organisations(Permission.JOBS_VIEW))
        if user.duty == Duty.SYSTEM and standing.allows(Permission.JOBS_VIEW):
            seen |= Q(requested_by__isnull=True, organisation_key__isnull=True)
        return self.filter(seen)


class Job(models.Model):
    """One piece of background work.

    A worker holds it by a lease that its heartbeat renews; when the lease runs out another worker takes it with the
    next ``attempt``, and what an earlier attempt still writes is refused by that number (a fencing token).
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "id", "kind", "title", "once", "priority", "requested_by", "organisation_key", "subject_kind", "subject_id",
        "status", "attempt", "attempts_allowed", "due_at", "lease_until", "heartbeat_at", "workers", "done", "total",
        "cancel_requested", "fault_kind", "fault_class", "created_at", "started_at", "finished_at",
    ) | all_of(Privacy.PERSONAL, "arguments", "message", "result", "fault")  # fmt: skip

    kind = models.CharField(_("类别"), max_length=80)
    title = models.CharField(_("名称"), max_length=200)
    arguments = models.JSONField(default=dict)
    once = models.CharField(max_length=120, blank=True)
    """A name that no two jobs bear; blank for work that may be asked for again and again."""
    priority = models.SmallIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs", verbose_name=_("发起人")
    )
    organisation_key = models.BigIntegerField(null=True, db_index=True)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=80, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=JobStatus.choices, default=JobStatus.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    attempts_allowed = models.PositiveIntegerField(default=5)
    due_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    workers = models.JSONField(default=list)
    """Who worked on it, one name per attempt."""
    done = models.PositiveIntegerField(_("进度"), default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    fault = models.TextField(blank=True)
    fault_kind = models.CharField(max_length=12, choices=FaultKind.choices, blank=True)
    fault_class = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(_("开始"), null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("status", "due_at"), name="job_waiting"),)
        constraints = (
            models.UniqueConstraint(fields=("once",), condition=~Q(once=""), name="job_asked_for_once"),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.RUNNING) | Q(lease_until__isnull=False), name="job_running_has_a_lease"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OVER, finished_at__isnull=False)
                | (~Q(status__in=OVER) & Q(finished_at__isnull=True)),
                name="job_over_has_an_end",
            ),
        )

    @property
    def shown_title(self) -> str:
        """What it is called, in the language of the page where that is known."""
        return gettext(self.title) if self.title else str(self)

    def __str__(self) -> str:
        return self.title or f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("records:job", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in OVER

    @property
    def tone(self) -> str:
        """The colour in which its status is shown."""
        return TONES[JobStatus(self.status)]

    @property
    def percent(self) -> int | None:
        """How much is done, of 100; ``None`` while nobody knows how much there is."""
        if self.status == JobStatus.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def took(self) -> timedelta | None:
        """How long it has been worked on, from its first start."""
        return (self.finished_at or timezone.now()) - self.started_at if self.started_at else None

    @property
    def reference(self) -> str:
        """What to tell the administrator, who finds it in the log."""
        return f"J{self.pk}-{self.attempt}"
