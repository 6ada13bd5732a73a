"""Orders, what two schools settle before a placement begins, head-counts, and teachers who do not come."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.rotation.models.people import Placement
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.models import AppointmentEntry

if TYPE_CHECKING:
    from junheng.web.access import Standing


class OrderQuerySet(models.QuerySet["Order"]):
    """Reads of orders."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> OrderQuerySet:
        """Those that name a placement from or to a school where the person holds the permission, or the county's."""
        within = standing.organisations(permission)
        named = OrderLine.objects.filter(
            Q(placement__from_school__in=within) | Q(placement__to_school__in=within), order=models.OuterRef("pk")
        )
        return self.filter(Q(year__county__in=within) | models.Exists(named))


class Order(models.Model):
    """An assignment order (调配文件) of a year: one batch of placements under one document number.

    ``report_by`` is the day on which the teachers must have reported for duty; ``key`` makes a repeated issue the same.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "batch", "number", "signer", "issued_on", "report_by", "issued_by", "issued_at", "key"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="orders")
    batch = models.PositiveSmallIntegerField(_("批次"))
    number = models.CharField(_("发文字号"), max_length=60)
    signer = models.CharField(_("签发人"), max_length=60)
    issued_on = models.DateField(_("成文日期"))
    report_by = models.DateField(_("报到截止日期"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("发文时间"))
    key = models.UUIDField(unique=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("调配文件")
        ordering = ("year", "batch")
        constraints = (
            models.UniqueConstraint(fields=("year", "batch"), name="order_batch_once_in_a_year"),
            models.UniqueConstraint(fields=("year", "number"), name="order_number_once_in_a_year"),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:order", args=(self.year_id, self.pk))


class OrderLine(models.Model):
    """A placement in an order; a placement is ordered once. ``letter`` is the number of the letter of introduction.

    ``issued`` is the row of the order's list as it was issued, see :class:`junheng.web.rotation.ordered.Issued`.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "order", "placement", "letter") | all_of(
        Privacy.PERSONAL, "issued"
    )

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="order_line")
    letter = models.PositiveIntegerField(_("介绍信编号"))
    issued = models.JSONField(_("发文时的名单内容"), default=dict, blank=True)

    class Meta:
        ordering = ("order", "letter")
        constraints = (models.UniqueConstraint(fields=("order", "letter"), name="letter_number_once_in_an_order"),)

    def __str__(self) -> str:
        return f"{self.order} {self.letter}"


class ChangeOfOrder(models.TextChoices):
    """What is done to an order that has been issued."""

    CHANGED = "changed", _("更改调配")
    REVOKED = "revoked", _("撤销调配")


class OrderAmendment(models.Model):
    """A change or revocation of what an order says about a placement: from what to what, under which number, why."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "kind", "number", "before", "after", "by", "at"
    ) | all_of(Privacy.PERSONAL, "reason")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="amendments")
    kind = models.CharField(_("变更方式"), max_length=8, choices=ChangeOfOrder.choices)
    number = models.CharField(_("发文字号"), max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=500)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("placement", "at")

    def __str__(self) -> str:
        return f"{self.placement_id} {self.get_kind_display()}"


class StepKind(models.TextChoices):
    """What is settled between the order and the first day, in its usual order."""

    TALK = "talk", _("行前谈话")
    REGISTERED = "registered", _("填写交流登记表")
    AGREEMENT = "agreement", _("签订交流协议")
    TRANSFER = "transfer", _("办妥调转手续")
    SENT = "sent", _("派出学校送行")
    WELCOMED = "welcomed", _("接收学校迎接")
    SLIP = "slip", _("介绍信回执退回")


class FormalityStep(models.Model):
    """That one formality of a placement has been done, when, by whom; done once."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "kind", "done_on", "by", "at"
    ) | all_of(Privacy.PERSONAL, "note")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="steps")
    kind = models.CharField(_("手续"), max_length=10, choices=StepKind.choices)
    done_on = models.DateField(_("办理日期"))
    note = models.CharField(_("记录"), max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("交接手续")
        ordering = ("placement", "done_on", "pk")
        constraints = (models.UniqueConstraint(fields=("placement", "kind"), name="formality_once_for_a_placement"),)

    def __str__(self) -> str:
        return f"{self.placement_id} {self.get_kind_display()}"


class Arrangement(models.Model):
    """What the host has arranged for the teacher before he arrives: classes, subject, load, and other jobs if any."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "classes", "subject", "weekly_periods", "other_jobs", "by", "at"
    )

    placement = models.OneToOneField(Placement, models.PROTECT, related_name="arrangement")
    classes = models.CharField(_("任教班级"), max_length=200)
    subject = models.CharField(_("任教学科"), max_length=100)
    weekly_periods = models.FloatField(_("周课时"))
    other_jobs = models.CharField(_("兼任工作"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("工作安排")
        constraints = (models.CheckConstraint(condition=Q(weekly_periods__gte=0), name="arranged_periods_not_below_0"),)

    def __str__(self) -> str:
        return f"{self.placement_id} {self.classes}"


class HeadCount(models.Model):
    """That a placement has changed the head-counts of both schools: since when, and what held before.

    ``before`` has the keys of home and teaching school and the day of joining. ``entry`` is the spell that was added,
    ``ended`` the regular post that it ended. A revocation undoes it (``undone_at``).
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "since", "before", "entry", "ended", "at", "undone_at"
    )

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="head_counts")
    since = models.DateField(_("自"))
    before = models.JSONField(default=dict)
    entry = models.ForeignKey(AppointmentEntry, models.PROTECT, related_name="+")
    ended = models.ForeignKey(AppointmentEntry, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))
    undone_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        ordering = ("placement", "at")
        constraints = (
            models.UniqueConstraint(
                fields=("placement",), condition=Q(undone_at__isnull=True), name="head_counts_change_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.placement_id} {self.since}"


class CautionKind(models.TextChoices):
    """What may follow from not reporting for duty."""

    ADMONITION = "admonition", _("告诫书")
    TERMINATION = "termination", _("解除聘用合同通知书")


class Caution(models.Model):
    """A paper to a teacher who does not report for duty: drafted, for a termination reviewed in law, then issued.

    ``days`` are those of absence when it was drafted; ``clause`` and ``because`` are the pack's.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PERSONAL, "placement", "kind", "days", "clause", "because", "drafted_by", "drafted_at", "reviewed_by",
        "reviewed_at", "lawful", "opinion", "number", "issued_by", "issued_at",
    )  # fmt: skip

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="cautions")
    kind = models.CharField(_("文书"), max_length=12, choices=CautionKind.choices)
    days = models.PositiveIntegerField(_("逾期天数"))
    clause = models.CharField(_("依据条款"), max_length=200)
    because = models.TextField(_("理由"))
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("拟稿时间"))
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("法制审核时间"), null=True, blank=True)
    lawful = models.BooleanField(_("审核通过"), null=True, blank=True)
    opinion = models.CharField(_("审核意见"), max_length=500, blank=True)
    number = models.CharField(_("发文字号"), max_length=60, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("逾期报到处理")
        ordering = ("placement", "drafted_at")
        constraints = (
            models.UniqueConstraint(fields=("placement", "kind"), name="caution_of_a_kind_once"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(kind="admonition") | Q(lawful__isnull=False, lawful=True),
                name="termination_is_issued_after_its_review",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("drafted_by")),
                name="nobody_reviews_his_own_draft",
            ),
        )

    def __str__(self) -> str:
        return f"{self.placement_id} {self.get_kind_display()}"
