"""A rotation year, its dated phases, and the county's own working days."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.staffing.models import Snapshot

if TYPE_CHECKING:
    from junheng.web.access import Standing


class Audience(models.TextChoices):
    """Who is moved in a year's programme; each has its own pack and its own dates."""

    TEACHERS = "teachers", pgettext_lazy("menu", "教师")
    CADRES = "cadres", _("校级干部和中层干部")


def title_of(year: int, audience: str) -> str:
    """What a year is called where nobody has typed a title, in the reader's language."""
    return gettext("%(first)s—%(second)s学年%(audience)s交流轮岗") % {
        "first": year, "second": year + 1, "audience": Audience(audience).label,
    }  # fmt: skip


@cache
def _titles_in_every_language(year: int, audience: str) -> frozenset[str]:
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(title_of(year, audience))
    return frozenset(found)


class RotationYearQuerySet(models.QuerySet["RotationYear"]):
    """Reads of years."""

    def visible_to(self, standing: Standing) -> RotationYearQuerySet:
        """Years of counties in which the person has anything to do with rotation, as an office or as a teacher."""
        having = (Permission.ROTATION_VIEW, Permission.ROTATION_FOLLOW, Permission.ROTATION_OWN)
        within = frozenset[int]().union(*(standing.organisations(each) for each in having))
        below = Organisation.objects.filter(pk__in=within).values("county")
        return self.filter(Q(county__in=within) | Q(county__in=below))


class RotationYear(models.Model):
    """A county's programme of one school year: ``year`` 2026 is the school year that begins in September 2026.

    ``title`` is as it was typed, or composed by :func:`title_of` in Chinese.
    ``pack_source`` is the policy pack as it stood when the year was set up, so that a later edit of the file changes
    nothing; ``parameters`` are the county's own values for it; ``on`` is the day as of which facts count. ``snapshot``
    is what the verdicts rest on, once frozen. ``starts`` and ``ends`` are the first and last day of service.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "county", "year", "audience", "title", "pack_code", "pack_title", "pack_source",
        "pack_digest", "parameters", "on", "starts", "ends", "wishes_allowed", "previous", "snapshot", "frozen_at",
        "created_by", "created_at", "archived_at",
    )  # fmt: skip

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="rotation_years")
    year = models.PositiveSmallIntegerField(_("学年"))
    audience = models.CharField(_("交流对象"), max_length=10, choices=Audience.choices, default=Audience.TEACHERS)
    title = models.CharField(_("名称"), max_length=200)
    pack_code = models.CharField(_("政策包"), max_length=40)
    pack_title = models.CharField(_("政策名称"), max_length=300)
    pack_source = models.TextField(_("政策包内容"))
    pack_digest = models.CharField(_("政策包摘要"), max_length=64)
    parameters = models.JSONField(_("参数"), default=dict, blank=True)
    on = models.DateField(_("事实认定日"))
    starts = models.DateField(_("交流开始日期"))
    ends = models.DateField(_("交流结束日期"))
    wishes_allowed = models.PositiveSmallIntegerField(_("志愿数上限"), default=3)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name=_("上一年度")
    )
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="rotation_years", verbose_name=_("数据快照")
    )
    frozen_at = models.DateTimeField(_("资格固定时间"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("建立时间"))
    archived_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    objects = RotationYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("轮岗年度")
        ordering = ("-year", "audience", "county")
        constraints = (
            models.UniqueConstraint(fields=("county", "year", "audience"), name="rotation_year_once_in_county"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="rotation_service_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True) | Q(snapshot__isnull=False), name="frozen_year_names_its_snapshot"
            ),
        )

    def __str__(self) -> str:
        """The title as it was typed; one that was composed, in the reader's language."""
        by_itself = self.title in _titles_in_every_language(self.year, self.audience)
        return title_of(self.year, self.audience) if by_itself else self.title

    def get_absolute_url(self) -> str:
        """The year's page."""
        return reverse("rotation:year", args=(self.pk,))

    @property
    def own_url(self) -> str:
        """Where a teacher sees what the year means for him."""
        return f"{self.get_absolute_url()}own/"

    @property
    def is_frozen(self) -> bool:
        """Whether verdicts are fixed."""
        return self.frozen_at is not None

    @property
    def is_archived(self) -> bool:
        """Whether the year is over and only read."""
        return self.archived_at is not None


class PhaseKind(models.TextChoices):
    """The phases of a year, in their order."""

    PREPARATION = "preparation", _("准备")
    CONFIRMATION = "confirmation", _("信息核对")
    ELIGIBILITY = "eligibility", _("资格认定")
    APPLICATIONS = "applications", _("个人申请")
    NOMINATIONS = "nominations", _("学校推荐")
    REVIEW = "review", _("审核")
    PLANNING = "planning", _("方案编制")
    NOTICE = "notice", _("公示")
    OBJECTIONS = "objections", _("异议处理")
    ORDERS = "orders", _("调配发文")
    REPORTING = "reporting", _("报到")
    SERVICE = "service", _("在岗交流")
    ASSESSMENT = "assessment", _("期满考核")
    ARCHIVE = "archive", _("归档")


PHASE_ORDER: dict[str, int] = {kind.value: place for place, kind in enumerate(PhaseKind)}


class Phase(models.Model):
    """A phase of a year: it is open from ``opens`` until just before ``closes``, by the clock and by nobody's hand."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "year", "kind", "opens", "closes")

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="phases")
    kind = models.CharField(_("阶段"), max_length=12, choices=PhaseKind.choices)
    opens = models.DateTimeField(_("开始"))
    closes = models.DateTimeField(_("截止"))

    class Meta:
        verbose_name = _("阶段")
        ordering = ("year", "opens", "closes")
        constraints = (
            models.UniqueConstraint(fields=("year", "kind"), name="phase_once_in_a_year"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="phase_closes_after_it_opens"),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()}"

    @property
    def order(self) -> int:
        """Its place among the phases."""
        return PHASE_ORDER[self.kind]


class PhaseChange(models.Model):
    """A change of a phase's dates: from what to what, why, by whom."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "phase", "opened", "closed", "opens", "closes", "reason", "by", "at"
    )

    phase = models.ForeignKey(Phase, models.PROTECT, related_name="changes")
    opened = models.DateTimeField(_("原开始"))
    closed = models.DateTimeField(_("原截止"))
    opens = models.DateTimeField(_("现开始"))
    closes = models.DateTimeField(_("现截止"))
    reason = models.CharField(_("理由"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("phase", "at")

    def __str__(self) -> str:
        return f"{self.phase} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class Turn(models.TextChoices):
    """What the clock does to a phase."""

    OPENED = "opened", _("开始")
    CLOSED = "closed", _("截止")


class PhaseTurn(models.Model):
    """That a phase has opened or closed and everything due at that moment has been done, once."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "phase", "turn", "due", "at")

    phase = models.ForeignKey(Phase, models.PROTECT, related_name="turns")
    turn = models.CharField(max_length=6, choices=Turn.choices)
    due = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("phase", "due")
        constraints = (models.UniqueConstraint(fields=("phase", "turn", "due"), name="phase_turns_once_at_a_moment"),)

    def __str__(self) -> str:
        return f"{self.phase} {self.get_turn_display()}"


class CalendarDay(models.Model):
    """A day that the county declares working or free, over the national calendar."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.PUBLIC, "county", "day", "working", "note")

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="calendar_days")
    day = models.DateField(_("日期"))
    working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("工作日调整")
        ordering = ("county", "day")
        constraints = (models.UniqueConstraint(fields=("county", "day"), name="calendar_day_once_in_county"),)

    def __str__(self) -> str:
        return f"{self.day} {'+' if self.working else '-'}"
