"""Posts that are openly selected (公开选聘)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from junheng.facts import Role
from junheng.web.access import Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.models.choices import code_field


class OpenPost(models.Model):
    """A post filled by open selection (公开选聘): where, what, how many, what is asked of whoever applies.

    Applications are taken until the end of the day ``apply_by``.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC,
        "year",
        "school",
        "role",
        "places",
        "requirements",
        "apply_by",
        "published_at",
        "published_by",
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="open_posts")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    role = code_field(Role, _("职位"))
    places = models.PositiveSmallIntegerField(_("人数"), default=1)
    requirements = models.TextField(_("任职条件"), max_length=2000)
    apply_by = models.DateField(_("报名截止日期"))
    published_at = models.DateTimeField(_("公布时间"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("选聘职位")
        ordering = ("year", "school__position", "role")
        constraints = (models.UniqueConstraint(fields=("year", "school", "role"), name="post_offered_once"),)

    def __str__(self) -> str:
        return f"{self.school} {self.get_role_display()}"
