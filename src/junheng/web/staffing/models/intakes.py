"""Intakes: a file on its way in, from the upload through the rehearsal to what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy
from junheng.web.access.privacy import all_of
from junheng.web.directory.models import Organisation
from junheng.web.records.models import Job
from junheng.web.staffing.models.mappings import SavedMapping
from junheng.web.staffing.models.snapshots import Snapshot

if TYPE_CHECKING:
    from junheng.web.access import Standing


class IntakeState(models.TextChoices):
    """Where an intake stands."""

    REHEARSING = "rehearsing", _("预演中")
    REFUSED = "refused", _("无法读取")
    FAULTY = "faulty", _("有错误待改")
    READY = "ready", _("待确认")
    SAME = "same", _("与现有数据相同")
    CONFIRMED = "confirmed", _("写入中")
    WRITTEN = "written", _("已写入")
    STALE = "stale", _("数据已变，须重新预演")
    DISCARDED = "discarded", _("已作废")


class IntakeQuerySet(models.QuerySet["Intake"]):
    """Reads of intakes."""

    def visible_to(self, standing: Standing) -> IntakeQuerySet:
        """Those that speak for an organisation for which the person may upload or confirm."""
        upload = standing.organisations(Permission.INTAKE_UPLOAD)
        return self.filter(organisation__in=upload | standing.organisations(Permission.INTAKE_CONFIRM))

    def to_confirm_by(self, standing: Standing) -> IntakeQuerySet:
        """Those that wait for the person's confirmation."""
        return self.filter(organisation__in=standing.organisations(Permission.INTAKE_CONFIRM), state=IntakeState.READY)


class Intake(models.Model):
    """One file offered for a county or, by a school clerk, for a school.

    ``fingerprint`` tells what the county looked like when the file was rehearsed; what is confirmed is written only if
    it still looks so. ``rehearsal`` counts rehearsals, so that a form of an earlier one confirms nothing.
    """

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="intakes")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="intakes_for_it", verbose_name=_("适用范围")
    )
    key = models.CharField(max_length=64)
    file_name = models.CharField(_("文件"), max_length=200)
    file_digest = models.CharField(max_length=64)
    file_size = models.PositiveBigIntegerField(_("大小"))
    stored = models.CharField(max_length=64, blank=True)
    whole = models.BooleanField(_("整册"), default=False)
    mapping = models.ForeignKey(
        SavedMapping, models.PROTECT, null=True, blank=True, related_name="intakes", verbose_name=_("映射")
    )
    day_given = models.DateField(null=True, blank=True)
    on = models.DateField(_("数据日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=IntakeState.choices, default=IntakeState.REHEARSING)
    rehearsal = models.PositiveIntegerField(default=0)
    fingerprint = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    """Why the whole file was refused, by language."""
    warnings = models.JSONField(default=list)
    headers = models.JSONField(default=list)
    """Of sheets that are not ours: name, row of the headers, headers and the few words of short columns."""
    faults_stored = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="intakes", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    written_at = models.DateTimeField(_("写入时间"), null=True, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="intakes")

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "id", "county", "organisation", "key", "file_name", "file_digest", "file_size", "stored",
        "whole", "mapping", "day_given", "on", "state", "rehearsal", "fingerprint", "counts", "refusal", "warnings",
        "headers", "faults_stored", "job", "uploaded_by", "uploaded_at", "confirmed_by", "confirmed_at", "written_at",
        "snapshot",
    )  # fmt: skip
    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        indexes = (models.Index(fields=("organisation", "state"), name="intake_state"),)
        constraints = (
            models.UniqueConstraint(fields=("uploaded_by", "key"), name="intake_uploaded_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="intake_confirmed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(state="written") | Q(written_at__isnull=False, snapshot__isnull=False),
                name="intake_written_has_a_snapshot",
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name}（{self.pk}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("staffing:intake", args=(self.pk,))

    @property
    def is_moving(self) -> bool:
        """Whether something is being done with it now."""
        return self.state in {IntakeState.REHEARSING, IntakeState.CONFIRMED}

    @property
    def is_stuck(self) -> bool:
        """Whether the work on it came to nothing, so that it waits for somebody to ask again."""
        return self.is_moving and self.job is not None and self.job.is_over

    @property
    def is_open(self) -> bool:
        """Whether it may still be rehearsed again or thrown away."""
        return self.state in {
            IntakeState.REFUSED, IntakeState.FAULTY, IntakeState.READY, IntakeState.SAME, IntakeState.STALE,
        }  # fmt: skip


class LineKind(models.TextChoices):
    """What a line of a rehearsal is about."""

    TEACHER = "teacher", _("教师")
    SCHOOL = "school", _("学校")
    CLUSTER = "cluster", _("学区")
    PAIRING = "pairing", _("结对")
    ROW = "row", _("表格行")


class LineState(models.TextChoices):
    """What would happen to it."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    LEAVING = "leaving", _("离开")
    FAULTY = "faulty", _("错误")


class IntakeLine(models.Model):
    """Somebody or something that an intake would add, change or end, or a fault of the file.

    ``changes`` holds fields before and after as plain values; those of sensitive columns are masked before they are
    stored. Who stays as he is has no line and is only counted.
    """

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(_("对象"), max_length=8, choices=LineKind.choices)
    state = models.CharField(_("结果"), max_length=8, choices=LineState.choices)
    code = models.CharField(_("编号"), max_length=100, blank=True)
    label = models.CharField(_("名称"), max_length=300, blank=True)
    school = models.CharField(_("学校"), max_length=200, blank=True)
    changes = models.JSONField(default=list)
    said = models.JSONField(default=dict)
    """Of a fault: place and sentence, by language."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "id", "intake", "position", "kind", "state", "code", "label", "school"
    ) | all_of(Privacy.PERSONAL, "changes", "said")

    class Meta:
        ordering = ("position",)
        indexes = (models.Index(fields=("intake", "state", "position"), name="intake_line_state"),)

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
