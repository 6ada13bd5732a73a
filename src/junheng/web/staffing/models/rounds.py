"""Verification of the present staff, school by school, and documents that pass between departments."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.staffing.models.establishment import EstablishmentPlan

if TYPE_CHECKING:
    from junheng.web.access import Standing


class VerificationRoundQuerySet(models.QuerySet["VerificationRound"]):
    """Reads of rounds."""

    def visible_to(self, standing: Standing) -> VerificationRoundQuerySet:
        """Rounds of counties in which the person may see the establishment of some school."""
        within = standing.organisations(Permission.ESTABLISHMENT_VIEW)
        counties = Organisation.objects.filter(pk__in=within, kind="school").values("county")
        return self.filter(Q(county__in=within) | Q(county__in=counties))


class VerificationRound(models.Model):
    """A round in which every school checks its present staff before posts are divided (人员核对)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "county", "title", "reckoned_on", "due", "opened_by", "opened_at", "closed_at"
    )

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="verification_rounds")
    title = models.CharField(_("名称"), max_length=200)
    reckoned_on = models.DateField(_("数据日期"))
    due = models.DateField(_("截止日期"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("开始时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = VerificationRoundQuerySet.as_manager()

    class Meta:
        ordering = ("county", "-opened_at")
        constraints = (
            models.UniqueConstraint(
                fields=("county",), condition=Q(closed_at__isnull=True), name="county_has_one_open_round"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The round's page."""
        return reverse("staffing:verification", args=(self.pk,))


class Outcome(models.TextChoices):
    """What a school found."""

    CONFIRMED = "confirmed", _("核对无误")
    DIFFERENCES = "differences", _("有差异")


class VerificationReturn(models.Model):
    """What a school answered in a round: the numbers it was shown, the outcome, the differences in words."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "round", "school", "outcome", "shown", "note", "by", "at"
    )

    round = models.ForeignKey(VerificationRound, models.PROTECT, related_name="returns")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    outcome = models.CharField(_("核对结果"), max_length=12, choices=Outcome.choices)
    shown = models.JSONField(_("核对时的人数"), default=dict)
    note = models.TextField(_("差异说明"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("round", "school__position", "school__code")
        constraints = (
            models.UniqueConstraint(fields=("round", "school"), name="school_answers_a_round_once"),
            models.CheckConstraint(condition=~Q(outcome="differences") | ~Q(note=""), name="differences_are_described"),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.school}"


class Department(models.TextChoices):
    """Departments with authority over establishment and exchange."""

    EDUCATION = "education", _("教育行政部门")
    ESTABLISHMENT = "establishment", _("机构编制部门")
    PERSONNEL = "personnel", _("人力资源社会保障部门")
    FINANCE = "finance", _("财政部门")
    COMMITTEE = "committee", _("机构编制委员会")


class RoutedDocumentQuerySet(models.QuerySet["RoutedDocument"]):
    """Reads of documents."""

    def visible_to(self, standing: Standing) -> RoutedDocumentQuerySet:
        """Documents of counties for which the person may see the establishment."""
        return self.filter(county__in=standing.organisations(Permission.ESTABLISHMENT_VIEW))


class RoutedDocument(models.Model):
    """A document on establishment or exchange on its way through the departments (会签、联合行文)."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "county", "title", "document_number", "plan", "created_by", "created_at"
    )

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="routed_documents")
    title = models.CharField(_("标题"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=100, blank=True)
    plan = models.ForeignKey(
        EstablishmentPlan, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("编制方案")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("登记时间"))

    objects = RoutedDocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


class RoutingStep(models.Model):
    """A department on the document's way: sent when, answered when and how."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "document", "department", "sent_on", "answered_on", "agreed", "answer_number", "opinion"
    )

    document = models.ForeignKey(RoutedDocument, models.PROTECT, related_name="steps")
    department = models.CharField(_("部门"), max_length=16, choices=Department.choices)
    sent_on = models.DateField(_("送出日期"))
    answered_on = models.DateField(_("回复日期"), null=True, blank=True)
    agreed = models.BooleanField(_("同意"), null=True, blank=True)
    answer_number = models.CharField(_("回复文号"), max_length=100, blank=True)
    opinion = models.TextField(_("意见"), blank=True)

    class Meta:
        ordering = ("document", "sent_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("document", "department"), name="department_once_on_a_documents_way"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, agreed__isnull=True)
                | Q(answered_on__isnull=False, agreed__isnull=False),
                name="answer_has_date_and_verdict",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("sent_on")),
                name="answer_not_before_sending",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document} {self.get_department_display()}"
