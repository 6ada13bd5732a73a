"""A county's own establishment parameters, dated: ratio, rounding, class ratio, load, caps (R-266 to R-270, R-290)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.documents import Phrase
from junheng.facts import Education, Locale, Stage
from junheng.facts.rounding import read_rounding
from junheng.indicators import EstablishmentNorm, national_norm
from junheng.web.access import Privacy, all_of
from junheng.web.directory.models import Dated, Organisation
from junheng.web.staffing.models.choices import code_field

if TYPE_CHECKING:
    from collections.abc import Mapping

NORMS = ("unified_2014", "by_locale_2001", "rural_primary_22_5")
"""Norms that come with the library."""

OWN = "own"
"""The county's own ratios alone."""
OWN_NORM = Phrase("本县标准", "the county's own norm")

_ABOVE_NOUGHT = MinValueValidator(Decimal("0.1"))


class Rounded(models.TextChoices):
    """How a norm becomes whole posts."""

    HALF_UP = "half_up", _("四舍五入")
    CEIL = "ceil", _("进一")
    FLOOR = "floor", _("舍去")


def ratio_field(name: Any) -> models.DecimalField[Any, Any]:
    """Pupils per member of staff, staff per class, or weekly periods of one teacher; blank is not set."""
    return models.DecimalField(name, max_digits=6, decimal_places=2, null=True, blank=True, validators=[_ABOVE_NOUGHT])


class EstablishmentSettings(Dated):
    """By which norm a county reckons from a day on. A blank ratio takes the value of the norm chosen."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL,
        "county",
        "norm",
        "primary_urban",
        "primary_town",
        "primary_rural",
        "junior_urban",
        "junior_town",
        "junior_rural",
        "rounding",
        "primary_per_class",
        "junior_per_class",
        "small_school_pupils",
        "primary_periods",
        "junior_periods",
        "manager_cap",
        "programme_age",
        "programme_education",
        "contract_notice_days",
        "document_number",
    )

    county = models.ForeignKey(Organisation, models.PROTECT, related_name="establishment_settings")
    norm = models.CharField(_("采用标准"), max_length=30, default=NORMS[0])
    primary_urban = ratio_field(_("小学生师比（城区）"))
    primary_town = ratio_field(_("小学生师比（镇区）"))
    primary_rural = ratio_field(_("小学生师比（乡村）"))
    junior_urban = ratio_field(_("初中生师比（城区）"))
    junior_town = ratio_field(_("初中生师比（镇区）"))
    junior_rural = ratio_field(_("初中生师比（乡村）"))
    rounding = models.CharField(_("取整"), max_length=8, choices=Rounded.choices, default=Rounded.HALF_UP)
    primary_per_class = ratio_field(_("小规模小学每班配备人数"))
    junior_per_class = ratio_field(_("小规模初中每班配备人数"))
    small_school_pupils = models.PositiveIntegerField(_("小规模学校学生数上限"), default=200)
    primary_periods = ratio_field(_("小学教师标准周课时"))
    junior_periods = ratio_field(_("初中教师标准周课时"))
    manager_cap = models.PositiveSmallIntegerField(_("每校中层干部职数"), null=True, blank=True)
    programme_age = models.PositiveSmallIntegerField(_("提升计划：年龄达到"), default=50)
    programme_education = code_field(Education, _("提升计划：学历不高于"), default=Education.SECONDARY.value)
    contract_notice_days = models.PositiveSmallIntegerField(_("合同到期提前提醒天数"), default=90)
    document_number = models.CharField(_("依据文号"), max_length=100, blank=True)

    class Meta:
        ordering = ("county", "valid_from", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county",), condition=Q(valid_until__isnull=True), name="county_has_one_present_norm"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="norm_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county} {self.valid_from}"

    def ratios(self) -> dict[tuple[Stage, Locale], Fraction]:
        """The ratios that the county sets itself."""
        given = {(s, at): getattr(self, f"{s.value}_{at.value}") for s in Stage for at in Locale}
        return {key: Fraction(str(value)) for key, value in given.items() if value is not None}

    def _by_stage(self, name: str) -> dict[Stage, Fraction]:
        given = {stage: getattr(self, f"{stage.value}_{name}") for stage in Stage}
        return {stage: Fraction(str(value)) for stage, value in given.items() if value is not None}

    def as_norm(self) -> EstablishmentNorm:
        """The norm as the library reckons with it."""
        ratios: Mapping[tuple[Stage, Locale], Fraction] = self.ratios()
        zh, en, document = OWN_NORM.zh, OWN_NORM.en, self.document_number
        if self.norm != OWN:
            national = national_norm(self.norm)
            ratios = {**national.pupils_per_teacher, **ratios}
            zh, en, document = national.zh, national.en, document or national.document_number
        return EstablishmentNorm(
            code=self.norm,
            zh=zh,
            en=en,
            pupils_per_teacher=ratios,
            rounding=read_rounding(self.rounding),
            staff_per_class=self._by_stage("per_class"),
            small_school_pupils=self.small_school_pupils,
            document_number=document,
        )

    def periods(self) -> dict[Stage, Fraction]:
        """Weekly periods that one teacher gives, where the county has set them."""
        return self._by_stage("periods")


def settings_of(county: Organisation, on: Any) -> EstablishmentSettings:
    """The county's parameters on a day; those of the unified norm, unsaved, where it has set none."""
    rows = EstablishmentSettings.objects.filter(county=county).as_of(on)
    held: EstablishmentSettings | None = rows.order_by("-pk").first()
    return held or EstablishmentSettings(county=county, valid_from=on)
