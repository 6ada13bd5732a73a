"""Confirmation of data by each teacher, and appeals of the facts of a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import OfSchoolQuerySet, Verdict
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models import Teacher

if TYPE_CHECKING:
    from junheng.web.access import Standing


class DataConfirmation(models.Model):
    """That a teacher, or the school in his stead, found his file right; ``state`` is the row of the file then."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "teacher", "school", "state", "by", "at", "in_stead"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="confirmations")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="confirmations")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    state = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("核对人"))
    at = models.DateTimeField(_("核对时间"))
    in_stead = models.CharField(_("代为核对的原因"), max_length=300, blank=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        ordering = ("year", "teacher")
        constraints = (models.UniqueConstraint(fields=("year", "teacher"), name="data_confirmed_once_a_year"),)

    def __str__(self) -> str:
        return f"{self.year_id} {self.teacher_id}"


class AppealStatus(models.TextChoices):
    """Where an appeal stands; every outcome is final."""

    OPEN = "open", _("待复核")
    UPHELD = "upheld", _("成立，已重新认定")
    DISMISSED = "dismissed", _("不成立，维持认定")
    WITHDRAWN = "withdrawn", _("已撤回")


class FactAppealQuerySet(models.QuerySet["FactAppeal"]):
    """Reads of appeals."""

    def visible_to(self, standing: Standing) -> FactAppealQuerySet:
        """Those in the county for which the person reviews, and the person's own."""
        within = standing.organisations(Permission.ROTATION_REVIEW)
        return self.filter(Q(year__county__in=within) | Q(verdict__teacher__user=getattr(standing, "user", None)))

    def open(self) -> FactAppealQuerySet:
        """Those that wait for a decision."""
        return self.filter(status=AppealStatus.OPEN)


class FactAppeal(models.Model):
    """A teacher says that a fact behind his verdict is wrong; decided with a reason by a day, once."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "verdict", "status", "submitted_by", "submitted_at", "due", "decided_by",
        "decided_at", "result",
    ) | all_of(Privacy.SENSITIVE, "text", "opinion")  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="appeals")
    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="appeals")
    text = EncryptedTextField(_("异议内容"))
    status = models.CharField(_("状态"), max_length=10, choices=AppealStatus.choices, default=AppealStatus.OPEN)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("提出时间"))
    due = models.DateField(_("应答复日期"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    opinion = EncryptedTextField(_("复核意见"), blank=True)
    result = models.OneToOneField(Verdict, models.PROTECT, null=True, related_name="appealed_as")

    objects = FactAppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("事实异议")
        ordering = ("-submitted_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("verdict",), condition=Q(status="open"), name="verdict_appealed_once"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True) | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="appeal_decided_with_its_time",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:appeal", args=(self.year_id, self.pk))
