"""Applications for posts that are openly selected (公开选聘)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.posts import OpenPost
from junheng.web.staffing.encryption import EncryptedTextField
from junheng.web.staffing.models import Teacher

if TYPE_CHECKING:
    from junheng.web.access import Standing

OFFICES = (Permission.ROTATION_REVIEW, Permission.ROTATION_PLAN, Permission.ROTATION_ADOPT)
"""Who sees applications for posts: the bureau alone. The applicant's own school does not learn of them here."""


class PostApplicationStatus(models.TextChoices):
    """Where an application for a post stands."""

    SUBMITTED = "submitted", _("已报名")
    SHORTLISTED = "shortlisted", _("入围")
    REFUSED = "refused", _("未入围")
    PROPOSED = "proposed", _("拟任用")
    APPOINTED = "appointed", _("已任用")
    WITHDRAWN = "withdrawn", _("已撤回")


class PostApplicationQuerySet(models.QuerySet["PostApplication"]):
    """Reads of applications for posts."""

    def visible_to(self, standing: Standing) -> PostApplicationQuerySet:
        """Those of counties whose bureau the person works for, and the person's own."""
        within = frozenset[int]().union(*(standing.organisations(each) for each in OFFICES))
        return self.filter(Q(post__year__county__in=within) | Q(teacher__user=getattr(standing, "user", None)))

    def in_force(self) -> PostApplicationQuerySet:
        """Those that have not been withdrawn."""
        return self.exclude(status=PostApplicationStatus.WITHDRAWN)


class PostApplication(models.Model):
    """That a teacher applies for a post, why, and what was decided; ``number`` is the receipt, ``key`` makes it once.

    ``school`` is where the teacher belonged when he applied. What becomes of one who is chosen is a move of a cadre.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "post", "teacher", "school", "number", "status", "submitted_at", "received_at", "key",
        "decided_by", "decided_at",
    ) | all_of(Privacy.SENSITIVE, "reason", "opinion")  # fmt: skip

    post = models.ForeignKey(OpenPost, models.PROTECT, related_name="applications", verbose_name=_("选聘职位"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="post_applications")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    number = models.CharField(_("回执号"), max_length=40, unique=True)
    reason = EncryptedTextField(_("报名理由和任职设想"))
    status = models.CharField(
        _("状态"), max_length=12, choices=PostApplicationStatus.choices, default=PostApplicationStatus.SUBMITTED
    )
    submitted_at = models.DateTimeField(_("提交时间"))
    received_at = models.DateTimeField(_("收到时间"))
    key = models.UUIDField(unique=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    opinion = EncryptedTextField(_("资格审查意见"), blank=True)

    objects = PostApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("选聘报名")
        ordering = ("post", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("post", "teacher"), condition=~Q(status="withdrawn"), name="one_application_for_a_post"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False, decided_at__isnull=False)
                | Q(decided_by__isnull=True, decided_at__isnull=True, status__in=("submitted", "withdrawn")),
                name="application_for_a_post_decided_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(received_at__gte=F("submitted_at")), name="application_for_a_post_received_after_sent"
            ),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page, the applicant's receipt."""
        return reverse("rotation:post_application", args=(self.post.year_id, self.pk))
