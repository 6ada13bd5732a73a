"""What a year begins with: bodies and duties, meetings, quotas, needs, documents that everybody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from junheng.facts import Stage, Subject
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models.years import RotationYear
from junheng.web.staffing.models.choices import choices_of, code_field

if TYPE_CHECKING:
    from junheng.web.access import Standing


class OfPlaceQuerySet(models.QuerySet["models.Model"]):
    """Reads of rows that belong to a school, a cluster or the county."""

    def visible_to(self, standing: Standing) -> OfPlaceQuerySet:
        """Those of organisations where the person sees or follows rotation, and the county's own."""
        within = standing.organisations(Permission.ROTATION_VIEW) | standing.organisations(Permission.ROTATION_FOLLOW)
        below = Organisation.objects.filter(pk__in=within).values("county")
        return self.filter(
            Q(organisation__in=within) | Q(organisation__in=below) | Q(organisation__children__in=within)
        ).distinct()


class BodyKind(models.TextChoices):
    """Bodies that run the programme."""

    LEADING = "leading", _("领导小组")
    OFFICE = "office", _("办公室")
    SCHOOL = "school", _("学校工作小组")
    JOINT = "joint", _("学区长联席会议")


class WorkBody(models.Model):
    """A body of a year at the county, a cluster or a school; who does what is in its members."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "organisation", "kind", "name", "set_up_on", "by", "at"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("机构"))
    kind = models.CharField(_("类别"), max_length=8, choices=BodyKind.choices)
    name = models.CharField(_("名称"), max_length=100)
    set_up_on = models.DateField(_("成立日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = OfPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作机构")
        ordering = ("year", "kind", "organisation__position", "organisation__code")
        constraints = (
            models.UniqueConstraint(fields=("year", "organisation", "kind"), name="body_once_at_an_organisation"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:body", args=(self.year_id, self.pk))


class BodyMember(models.Model):
    """Somebody in a body: name, post there, and the duty that is his."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "body", "name", "post", "duty", "position")

    body = models.ForeignKey(WorkBody, models.CASCADE, related_name="members")
    name = models.CharField(_("姓名"), max_length=60)
    post = models.CharField(_("职务"), max_length=60)
    duty = models.CharField(_("分工"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("body", "position", "pk")

    def __str__(self) -> str:
        return self.name


class MeetingKind(models.TextChoices):
    """Meetings that the programme asks for."""

    MOBILISATION = "mobilisation", _("动员会")
    TRAINING = "training", _("训前培训")
    JOINT = "joint", _("联席会议")
    DISCUSSION = "discussion", _("集体研究")
    SHARING = "sharing", _("经验交流会")


class Meeting(models.Model):
    """A meeting that was held: where, who was there, what was said and decided."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "organisation", "kind", "title", "held_on", "place", "expected", "attended",
        "minutes", "by", "at",
    )  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="meetings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("机构"))
    kind = models.CharField(_("类别"), max_length=12, choices=MeetingKind.choices)
    title = models.CharField(_("名称"), max_length=200)
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=100, blank=True)
    expected = models.PositiveIntegerField(_("应到人数"))
    attended = models.PositiveIntegerField(_("实到人数"))
    minutes = models.TextField(_("会议记录"), max_length=8000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = OfPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        ordering = ("-held_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(attended__lte=models.F("expected")), name="no_more_attend_than_are_expected"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:meeting", args=(self.year_id, self.pk))


class PublishedQuota(models.Model):
    """A quota of the year as it was published: how the number came about, by which clause, for which group."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC, "year", "quota", "clause", "scope", "group", "organisation", "base", "steps", "amount",
        "published_at", "published_by",
    )  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="quotas")
    quota = models.CharField(_("指标"), max_length=60)
    clause = models.CharField(_("依据条款"), max_length=200, blank=True)
    scope = models.CharField(_("范围"), max_length=20)
    group = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("机构"))
    base = models.PositiveIntegerField(_("基数"))
    steps = models.CharField(_("算法"), max_length=200)
    amount = models.PositiveIntegerField(_("人数"))
    published_at = models.DateTimeField(_("公布时间"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("year", "quota", "scope", "organisation__position", "group")
        constraints = (
            models.UniqueConstraint(fields=("year", "quota", "scope", "group"), name="quota_published_once"),
        )

    def __str__(self) -> str:
        return f"{self.quota} {self.group}"

    @property
    def whose(self) -> str:
        """The group in words: a school, a cluster, a stage, or both; the county where it is all."""
        stages = dict(choices_of(Stage))
        words = [str(stages[each]) for each in self.group.split() if each in stages]
        if self.organisation is not None:
            words.insert(0, self.organisation.shown)
        return " · ".join(words) or (str(self.year.county) if self.scope == "county" else self.group)


class PublishedNeed(models.Model):
    """How many teachers of a subject a school needs and has, as it was published; a negative gap is a need."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC, "year", "school", "stage", "subject", "required", "present", "published_at"
    )

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="needs")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("学校"))
    stage = code_field(Stage, _("学段"))
    subject = code_field(Subject, _("学科"))
    required = models.IntegerField(_("需要"))
    present = models.IntegerField(_("现有"))
    published_at = models.DateTimeField(_("公布时间"))

    class Meta:
        ordering = ("year", "school__position", "school__code", "stage", "subject")
        constraints = (
            models.UniqueConstraint(fields=("year", "school", "stage", "subject"), name="need_published_once"),
        )

    def __str__(self) -> str:
        return f"{self.school} {self.subject}"

    @property
    def gap(self) -> int:
        """How many are to spare; negative for how many are wanted."""
        return self.present - self.required

    @property
    def wanted(self) -> int:
        """How many are wanted; 0 for none."""
        return max(0, self.required - self.present)


class DocumentKind(models.TextChoices):
    """Documents that the programme issues to its schools."""

    MEASURES = "measures", _("实施办法")
    PLAN = "plan", _("年度实施方案")
    MANAGEMENT = "management", _("管理办法")
    NOTICE = "notice", _("通知")
    OPINION = "opinion", _("实施意见")
    LETTER = "letter", _("责任书")


class OfficialDocumentQuerySet(models.QuerySet["OfficialDocument"]):
    """Reads of documents."""

    def visible_to(self, standing: Standing) -> OfficialDocumentQuerySet:
        """Issued ones of the person's counties; drafts too for whoever prepares the year."""
        years = RotationYear.objects.visible_to(standing).values("pk")
        drafts = standing.organisations(Permission.ROTATION_PREPARE)
        return self.filter(Q(year__in=years, issued_at__isnull=False) | Q(year__county__in=drafts))


class OfficialDocument(models.Model):
    """A document of the year: drafted, issued under a number, then read (and for a letter signed) by those it binds.

    ``text`` is plain: a line that begins with 一、 is a heading, with （一） one below it; the rest are paragraphs.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "year", "kind", "title", "number", "addressed_to", "text", "issued_on", "issued_at",
        "issued_by", "drafted_by", "drafted_at", "everybody", "version",
    )  # fmt: skip

    year = models.ForeignKey(RotationYear, models.PROTECT, related_name="documents")
    kind = models.CharField(_("文种"), max_length=10, choices=DocumentKind.choices)
    title = models.CharField(_("标题"), max_length=200)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    addressed_to = models.CharField(_("主送"), max_length=300, blank=True)
    text = models.TextField(_("正文"), max_length=20000)
    everybody = models.BooleanField(_("要求每位教师阅知"), default=False)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
    issued_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(_("拟稿时间"))
    version = models.PositiveIntegerField(default=1)

    objects = OfficialDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        ordering = ("-issued_at", "-drafted_at")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "number"), condition=~Q(number=""), name="document_number_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | (Q(issued_on__isnull=False) & ~Q(number="")),
                name="issued_document_has_date_and_number",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("rotation:document", args=(self.year_id, self.pk))


class ReadReceipt(models.Model):
    """That somebody has read a document; for a letter of responsibility, that he has signed it for ``school``."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "document", "user", "school", "signed", "at")

    document = models.ForeignKey(OfficialDocument, models.PROTECT, related_name="receipts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("学校"))
    signed = models.BooleanField(_("签署"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        ordering = ("document", "at")
        constraints = (models.UniqueConstraint(fields=("document", "user"), name="document_read_once"),)

    def __str__(self) -> str:
        return f"{self.document_id} {self.user_id}"
