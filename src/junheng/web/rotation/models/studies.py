"""Study of principals and managers (校长研修): visits, forums, themed study, shadowing, training, cultivation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from junheng.facts import Role
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.people import OfSchoolQuerySet
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from junheng.web.access import Standing


class StudyKind(models.TextChoices):
    """What they took part in."""

    TRAINING = "training", _("分批轮训")
    VISIT = "visit", _("学习考察")
    THEMED = "themed", _("主题研修")
    FORUM = "forum", _("校长论坛")
    SHADOWING = "shadowing", _("跟班学习")
    CULTIVATION = "cultivation", _("名校长培养")


class StudyMode(models.TextChoices):
    """The seven ways of themed study."""

    TOGETHER = "together", _("集中学习")
    GUIDED = "guided", _("调研指导")
    PRACTICE = "practice", _("先行实践")
    OUTWARD = "outward", _("外出考察")
    OPEN_SCHOOL = "open_school", _("点校开放")
    SWAP = "swap", _("异校交流")
    HOSTING = "hosting", _("接待参访团")


class StudyQuerySet(models.QuerySet["Study"]):
    """Reads of studies."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> StudyQuerySet:
        """Those of a county where the person holds the permission, and those that concern his schools or himself."""
        within = standing.organisations(permission)
        part = StudyPart.objects.visible_to(standing, permission).filter(study=OuterRef("pk"))
        return self.filter(Q(county__in=within) | Q(host__in=within) | Exists(part))

    def standing(self) -> StudyQuerySet:
        """Those that have not been struck."""
        return self.filter(struck_at__isnull=True)


class Study(models.Model):
    """Something that cadres of a county took part in: from when to when, where, under which theme, for how many hours.

    ``mode`` says how themed study was done and is blank for everything else; ``batch`` numbers the batches of
    training; ``hours`` are those of each who took part. Where it was is a school of the county (``host``), a
    ``place``, or both. What was entered by mistake is struck and counts no more.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "county", "kind", "mode", "theme", "start", "end", "host", "place", "batch", "hours",
        "document_number", "note", "entered_by", "entered_at", "struck_at",
    )  # fmt: skip

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=12, choices=StudyKind.choices)
    mode = models.CharField(_("研修方式"), max_length=12, choices=StudyMode.choices, blank=True)
    theme = models.CharField(_("主题"), max_length=200)
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"))
    host = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("所到学校")
    )
    place = models.CharField(_("地点"), max_length=200, blank=True)
    batch = models.PositiveSmallIntegerField(_("批次"), null=True, blank=True)
    hours = models.DecimalField(
        _("每人学时"), max_digits=5, decimal_places=1, default=0, validators=[MinValueValidator(0)]
    )
    document_number = models.CharField(_("文号"), max_length=100, blank=True)
    note = models.TextField(_("备注"), max_length=1000, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("校长研修")
        ordering = ("-start", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="study_dates_in_order"),
            models.CheckConstraint(
                condition=Q(kind="themed") & ~Q(mode="") | ~Q(kind="themed") & Q(mode=""),
                name="mode_of_themed_study_alone",
            ),
            models.CheckConstraint(
                condition=~Q(kind="training") | Q(batch__isnull=False), name="training_goes_by_batches"
            ),
            models.CheckConstraint(condition=~Q(place="") | Q(host__isnull=False), name="study_was_somewhere"),
            models.CheckConstraint(
                condition=~Q(kind="shadowing") | Q(host__isnull=False), name="shadowing_is_at_a_school"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.theme}"


class StudyPart(models.Model):
    """Somebody who took part, with the school and the post of that time."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "study", "teacher", "school", "role")

    teacher_name: str
    """Where it was read ``with_names``."""
    helped: bool
    """Where it was read ``with_help``."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="parts")
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="study_parts")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    role = code_field(Role, _("行政职务"))

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("研修人员")
        ordering = ("study", "school__position", "teacher")
        constraints = (models.UniqueConstraint(fields=("study", "teacher"), name="takes_part_once"),)

    def __str__(self) -> str:
        return f"{self.teacher} {self.study}"
