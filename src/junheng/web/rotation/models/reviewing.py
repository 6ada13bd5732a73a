"""What a school does with its applications, and what cluster and bureau decide on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import Application
from junheng.web.rotation.models.years import RotationYear

if TYPE_CHECKING:
    from junheng.web.access import Standing


class AtPlaceQuerySet(models.QuerySet[Any]):
    """Reads of rows that a school or an office made."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> AtPlaceQuerySet:
        """Those of organisations where the person holds the permission."""
        return self.filter(organisation__in=standing.organisations(permission))


class Recommendation(models.TextChoices):
    """What a school says of an application."""

    YES = "yes", _("推荐")
    NO = "no", _("不推荐")


class SchoolOpinion(models.Model):
    """A school's check of qualification and its opinion on an application; in force once the principal has signed.

    ``word``, ``standing`` and ``clause`` are what the pack said when the school looked; ``qualified`` is the school's
    own finding with its reason.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "application", "version", "word", "standing", "clause", "qualified", "recommends", "by", "at",
        "signed_by", "signed_at",
    ) | all_of(Privacy.PERSONAL, "finding", "opinion")  # fmt: skip

    application = models.OneToOneField(Application, models.PROTECT, related_name="school_opinion")
    version = models.PositiveIntegerField()
    word = models.CharField(_("资格认定"), max_length=40, blank=True)
    standing = models.CharField(_("结论"), max_length=4, blank=True)
    clause = models.CharField(_("依据条款"), max_length=200, blank=True)
    qualified = models.BooleanField(_("资格审核通过"))
    finding = models.CharField(_("资格审核理由"), max_length=500)
    recommends = models.CharField(_("学校意见"), max_length=3, choices=Recommendation.choices)
    opinion = models.CharField(_("意见说明"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("学校意见")
        ordering = ("application",)
        constraints = (
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_at__isnull=True)
                | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="opinion_signed_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(qualified=True) | Q(recommends="no"), name="nobody_unqualified_is_recommended"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.recommends}"


class Deliberation(models.Model):
    """A meeting that decides on people: a school's collective discussion, or the joint meeting of a cluster or county.

    Its minutes are the basis of what is decided afterwards.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "organisation", "title", "held_on", "present", "minutes", "by", "at"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="meetings_on_people")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    title = models.CharField(_("会议名称"), max_length=200)
    held_on = models.DateField(_("召开日期"))
    present = models.TextField(_("出席人员"), max_length=1000)
    minutes = models.TextField(_("会议记录"), max_length=10000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("登记时间"))

    objects = AtPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("集体讨论")
        ordering = ("-held_on", "-pk")

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.title}"


class SchoolNotice(models.Model):
    """A notice within a school (校内公示) of those it will recommend: N working days, closed with what was objected."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "organisation", "days", "posted_on", "last_day", "place", "names", "by", "at",
        "objected", "outcome", "closed_by", "closed_at",
    )  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="school_notices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    days = models.PositiveSmallIntegerField(_("公示工作日"))
    posted_on = models.DateField(_("公示开始"))
    last_day = models.DateField(_("公示截止"))
    place = models.CharField(_("公示地点"), max_length=200)
    names = models.JSONField(_("公示人员"), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("登记时间"))
    objected = models.BooleanField(_("收到异议"), null=True, blank=True)
    outcome = models.CharField(_("公示结果"), max_length=1000, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = AtPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("校内公示")
        ordering = ("-posted_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(last_day__gt=F("posted_on")), name="school_notice_dates_in_order"),
            models.UniqueConstraint(
                fields=("year", "organisation"), condition=Q(closed_at__isnull=True), name="one_open_school_notice"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.posted_on:%Y-%m-%d}"


class SchoolReturn(models.Model):
    """What a principal signs: the declaration that everybody recommended is fit, for the applications named.

    ``strength`` is the mean standing of those recommended in their school's assessment: 0 the weakest, 1 the
    strongest, ``None`` without scores.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "organisation", "declaration", "numbers", "meeting", "notice", "strength", "by", "at"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="school_returns")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    declaration = models.TextField(_("承诺"))
    numbers = models.JSONField(_("回执号"), default=list)
    meeting = models.ForeignKey(Deliberation, models.PROTECT, related_name="+")
    notice = models.ForeignKey(SchoolNotice, models.PROTECT, null=True, blank=True, related_name="+")
    strength = models.FloatField(_("推荐人员水平指数"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("签署时间"))

    objects = AtPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("学校推荐")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.organisation} {timezone.localtime(self.at):%Y-%m-%d}"


class Level(models.TextChoices):
    """Who has decided a step."""

    SCHOOL = "school", _("学校")
    CLUSTER = "cluster", _("学区")
    BUREAU = "bureau", _("县局")


class ReviewOutcome(models.TextChoices):
    """What a step decides; three things that are never merged."""

    ACCEPTED = "accepted", _("通过")
    RETURNED = "returned", _("退回修改")
    REJECTED = "rejected", _("不予通过")


class ReviewStep(models.Model):
    """A decision on an application: by which office, with which clause and opinion, on the basis of which meeting."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "application", "version", "level", "outcome", "clause", "meeting", "by", "at", "batch"
    ) | all_of(Privacy.PERSONAL, "opinion")

    application = models.ForeignKey(Application, models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    level = models.CharField(_("环节"), max_length=7, choices=Level.choices)
    outcome = models.CharField(_("结果"), max_length=8, choices=ReviewOutcome.choices)
    clause = models.CharField(_("依据条款"), max_length=200, blank=True)
    opinion = models.CharField(_("意见"), max_length=1000)
    meeting = models.ForeignKey(Deliberation, models.PROTECT, null=True, blank=True, related_name="steps")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    batch = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("审核")
        ordering = ("application", "at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("application", "version", "level"), name="one_decision_of_an_office_on_a_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.level} {self.outcome}"
