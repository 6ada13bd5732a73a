"""Teachers: who they are, and their state in dated rows whose fields are those of the workbook's teacher sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.facts import Education, Role, Sex, SpellKind, Stage, Subject
from junheng.web.access import Permission, Privacy, all_of
from junheng.web.directory.models import Dated, DatedQuerySet, Organisation
from junheng.web.directory.names import first_letters, reading, stroke_key
from junheng.web.staffing.encryption import EncryptedTextField, blind_index
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from junheng.web.access import Standing


AWAY = tuple(kind.value for kind in SpellKind if kind is not SpellKind.POST)
"""Spells by which a teacher works at a school other than the one that holds the establishment."""


class TeacherQuerySet(models.QuerySet["Teacher"]):
    """Reads of teachers."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.TEACHERS_VIEW) -> TeacherQuerySet:
        """Those of the schools where the person holds the permission, by home, by present school, or by placement.

        Whoever holds it in the whole county also sees those who have left.
        """
        within = standing.organisations(permission)
        current = TeacherState.objects.current().filter(Q(school__in=within) | Q(teaching_school__in=within))
        return self.filter(
            Q(county__in=within)
            | Q(pk__in=current.values("teacher"))
            | Q(pk__in=Teacher.objects.placed_at(within, timezone.localdate()).values("pk"))
        )

    def placed_at(self, within: Iterable[int], day: date) -> TeacherQuerySet:
        """Those whom a spell of exchange, support or secondment that is running on the day puts at one of the schools.

        A spell names its school by code, which is the county's own.
        """
        schools = Organisation.objects.filter(pk__in=within, kind="school")
        spells: Any = self.model._meta.get_field("appointmententry_set").related_model
        here = spells._default_manager.filter(
            Q(end__isnull=True) | Q(end__gte=day),
            Exists(schools.filter(county=OuterRef("teacher__county"), code=OuterRef("school_id"))),
            valid_until__isnull=True,
            kind__in=AWAY,
            start__lte=day,
        )
        return self.filter(pk__in=here.order_by().values("teacher"))


class Teacher(models.Model):
    """A person in the county's service, known by the county's own number; what changes is in :class:`TeacherState`."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.INTERNAL, "county", "number", "user")

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="teachers")
    number = models.CharField(_("工号"), max_length=40)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="teacher")

    objects = TeacherQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="teacher_number_once_in_county"),)

    def __str__(self) -> str:
        state = self.state
        return f"{state.name}（{self.number}）" if state else self.number

    @property
    def state(self) -> TeacherState | None:
        """The state that holds now; ``None`` for somebody who has left."""
        return self.states.filter(valid_until__isnull=True).first()

    def get_absolute_url(self) -> str:
        """The teacher's page (一人一档)."""
        return reverse("staffing:teacher", args=(self.pk,))


class TeacherStateQuerySet(DatedQuerySet):
    """Reads of states."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.TEACHERS_VIEW) -> Self:
        """States of home or present schools where the person holds the permission, and of teachers placed there now."""
        within = standing.organisations(permission)
        return self.filter(
            Q(school__in=within)
            | Q(teaching_school__in=within)
            | Q(teacher__in=Teacher.objects.placed_at(within, timezone.localdate()).values("pk"))
        )


class TeacherState(Dated):
    """What holds of a teacher from a day on. Field names are those of :class:`junheng.facts.Teacher`."""

    privacy: ClassVar[dict[str, Privacy]] = (
        all_of(
            Privacy.INTERNAL,
            "teacher",
            "name",
            "pinyin",
            "initials",
            "strokes",
            "sex",
            "school",
            "teaching_school",
            "stage",
            "main_subject",
            "also_teaches",
            "specialist",
            "on_establishment",
            "in_post",
            "seconded_in",
            "full_time",
            "role",
            "work_start",
            "joined_current_school",
            "education",
            "certificate_stage",
            "applied",
            "terms_completed",
            "retirement_override",
        )
        | all_of(Privacy.PERSONAL, "birth_date", "commute_limit_km", "note", "deferral_approved_by")
        | all_of(Privacy.SENSITIVE, "id_number", "id_index", "home_x_km", "home_y_km", "deferral_reason")
    )

    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="states")
    name = models.CharField(_("姓名"), max_length=100)
    pinyin = models.CharField(max_length=300, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    strokes = models.CharField(max_length=300, blank=True)
    id_number = EncryptedTextField(_("身份证件号"), blank=True)
    id_index = models.CharField(max_length=64, blank=True, db_index=True)
    sex = code_field(Sex, _("性别"))
    birth_date = models.DateField(_("出生日期"))
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="staff", verbose_name=_("人事关系学校"))
    teaching_school = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="teaching_staff",
        verbose_name=_("实际任教学校"),
    )
    stage = code_field(Stage, _("学段"))
    main_subject = code_field(Subject, _("主教学科"))
    also_teaches = models.JSONField(_("兼教学科"), default=list, blank=True)
    specialist = models.BooleanField(_("学科专任"), null=True, blank=True)
    on_establishment = models.BooleanField(_("在编"), null=True, blank=True)
    in_post = models.BooleanField(_("在岗"), null=True, blank=True)
    seconded_in = models.BooleanField(_("借入"), null=True, blank=True)
    full_time = models.BooleanField(_("专任教师"), null=True, blank=True)
    role = code_field(Role, _("行政职务"), default=Role.TEACHER.value)
    work_start = models.DateField(_("参加工作时间"), null=True, blank=True)
    joined_current_school = models.DateField(_("入现单位时间"), null=True, blank=True)
    education = code_field(Education, _("最高学历"), blank=True)
    certificate_stage = models.CharField(_("教师资格学段"), max_length=60, blank=True)
    commute_limit_km = models.FloatField(_("通勤上限（千米）"), null=True, blank=True)
    home_x_km = models.FloatField(_("住址横坐标（千米）"), null=True, blank=True)
    home_y_km = models.FloatField(_("住址纵坐标（千米）"), null=True, blank=True)
    applied = models.BooleanField(_("本年申请交流"), null=True, blank=True)
    deferral_reason = models.CharField(_("暂缓原因"), max_length=300, blank=True)
    deferral_approved_by = models.CharField(_("暂缓批准机关"), max_length=200, blank=True)
    terms_completed = models.PositiveSmallIntegerField(_("同校已任聘期数"), null=True, blank=True)
    retirement_override = models.DateField(_("核定退休日期"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)

    objects = TeacherStateQuerySet.as_manager()

    class Meta:
        ordering = ("teacher", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("teacher",), condition=Q(valid_until__isnull=True), name="teacher_has_one_present_state"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="teacher_state_dates_in_order",
            ),
        )
        indexes = (
            models.Index(fields=("school", "valid_until"), name="state_school"),
            models.Index(fields=("teaching_school", "valid_until"), name="state_teaching"),
            models.Index(fields=("valid_until", "pinyin"), name="state_pinyin"),
            models.Index(fields=("valid_until", "strokes"), name="state_strokes"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def works_at(self) -> Organisation:
        """The school where the teacher actually works."""
        return self.teaching_school or self.school

    def save(self, *args: Any, **given: Any) -> None:
        """Keeps what is derived from name and ID number in step."""
        self.derive()
        super().save(*args, **given)

    def derive(self) -> None:
        """Fills what is derived; :meth:`save` calls it, ``bulk_create`` does not."""
        for name, value in derived_of(self.name, self.id_number).items():
            setattr(self, name, value)


def derived_of(name: str, id_number: str) -> dict[str, str]:
    """The fields of a state that follow from name and ID number."""
    syllables = reading(name)
    return {
        "pinyin": " ".join(syllables).casefold()[:300],
        "initials": first_letters(syllables)[:60],
        "strokes": stroke_key(name)[:300],
        "id_index": blind_index(id_number),
    }
