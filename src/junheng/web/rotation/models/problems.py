"""Difficulties raised during service, their risk, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.rotation.models.people import Placement
from junheng.web.staffing.encryption import EncryptedTextField

if TYPE_CHECKING:
    from junheng.web.access import Standing


class ProblemKind(models.TextChoices):
    """What it is about; the first four are the risks of every exchange."""

    ADAPTING = "adapting", _("不适应新学校")
    ACCEPTANCE = "acceptance", _("学生、家长不接受")
    TRANSPORT = "transport", _("交通不便")
    LIVING = "living", _("食宿困难")
    WORK = "work", _("工作安排")
    BENEFITS = "benefits", _("待遇落实")
    OTHER = "other", _("其他")


class RiskLevel(models.TextChoices):
    """How grave it is."""

    LOW = "low", _("低")
    MIDDLE = "middle", _("中")
    HIGH = "high", _("高")


class Addressee(models.TextChoices):
    """Who is asked for help; others but the bureau and the teacher do not read it."""

    HOME = "home", _("派出学校")
    HOST = "host", _("接收学校")
    BOTH = "both", _("两校")
    BUREAU = "bureau", _("县局")


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Reads of problems."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.ROTATION_VIEW) -> ProblemQuerySet:
        """One's own, those of the county for its bureau, and those addressed to a school of the person."""
        within = standing.organisations(permission)
        return self.filter(
            Q(placement__year__county__in=within)
            | Q(to__in=(Addressee.HOME, Addressee.BOTH), placement__from_school__in=within)
            | Q(to__in=(Addressee.HOST, Addressee.BOTH), placement__to_school__in=within)
            | Q(placement__teacher__user=getattr(standing, "user", None))
        )

    def answerable_by(self, standing: Standing) -> ProblemQuerySet:
        """Those that wait for an answer of the person's school or bureau."""
        may = standing.organisations
        school = may(Permission.ROTATION_SCHOOL)
        return self.filter(
            Q(placement__year__county__in=may(Permission.ROTATION_REVIEW))
            | Q(to__in=(Addressee.HOME, Addressee.BOTH), placement__from_school__in=school)
            | Q(to__in=(Addressee.HOST, Addressee.BOTH), placement__to_school__in=school)
        )


class Problem(models.Model):
    """A difficulty of a placement: what, how grave, whom it is put to, what was answered, whether it is settled."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "placement", "kind", "level", "to", "status", "raised_by", "raised_at", "answered_by",
        "answered_at", "closed_at", "checked_at",
    ) | all_of(Privacy.SENSITIVE, "words", "answer")  # fmt: skip

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复")
        CLOSED = "closed", _("已解决")

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="problems")
    kind = models.CharField(_("类别"), max_length=10, choices=ProblemKind.choices)
    level = models.CharField(_("风险"), max_length=6, choices=RiskLevel.choices, default=RiskLevel.MIDDLE)
    to = models.CharField(_("向谁反映"), max_length=6, choices=Addressee.choices, default=Addressee.HOST)
    words = EncryptedTextField(_("具体情况"))
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.OPEN)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(_("反映时间"))
    answer = EncryptedTextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("解决时间"), null=True, blank=True)
    checked_at = models.DateField(_("最近核查日期"), null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("困难与问题")
        ordering = ("-raised_at", "-pk")
        indexes = (models.Index(fields=("placement", "status"), name="problem_of_placement"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class RiskCheck(models.Model):
    """A monthly look at a problem that is not settled: how grave it is now, and what is done."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "problem", "on", "level", "by") | all_of(
        Privacy.SENSITIVE, "note"
    )

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="checks")
    on = models.DateField(_("核查日期"))
    level = models.CharField(_("风险"), max_length=6, choices=RiskLevel.choices)
    note = EncryptedTextField(_("措施和进展"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("风险核查")
        ordering = ("problem", "on", "pk")

    def __str__(self) -> str:
        return f"{self.problem_id} {self.on}"
