"""Forms of the establishment chain: parameters, draft, decisions, allocation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.indicators import national_norm
from junheng.web.staffing.declared import language
from junheng.web.staffing.forms.corrections import FilesField
from junheng.web.staffing.models import EstablishmentSettings, PlanLine
from junheng.web.staffing.models.parameters import NORMS, OWN

LATEST_POSTS = 100_000
"""More posts than any county has: a slip of the pen."""


def day_field(label: Any, **given: Any) -> forms.DateField:
    """A day, today unless told."""
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), initial=timezone.localdate, **given
    )


def papers_field() -> FilesField:
    """What a body issued, as files."""
    return FilesField(
        label=gettext_lazy("决定文件"), required=False,
        help_text=gettext_lazy("批文、纪要等的扫描件；PDF、JPEG、PNG、Word 或 Excel，最多 3 个，每个不超过 20 MB。"),
    )  # fmt: skip


def words_field(label: Any, *, required: bool = False) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, required=required, max_length=2000, widget=forms.Textarea({"rows": 3}))


class ParametersForm(forms.ModelForm[EstablishmentSettings]):
    """The county's own parameters from a day on."""

    valid_from = day_field(gettext_lazy("自何日起采用"))
    reason = words_field(gettext_lazy("修改理由"), required=True)

    class Meta:
        model = EstablishmentSettings
        fields = (
            "norm", "primary_urban", "primary_town", "primary_rural", "junior_urban", "junior_town", "junior_rural",
            "rounding", "primary_per_class", "junior_per_class", "small_school_pupils", "primary_periods",
            "junior_periods", "manager_cap", "programme_age", "programme_education", "contract_notice_days",
            "document_number",
        )  # fmt: skip

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        named = [(code, getattr(national_norm(code), language())) for code in NORMS]
        self.fields["norm"] = forms.ChoiceField(
            label=gettext_lazy("采用标准"), choices=[*named, (OWN, gettext_lazy("仅用本县比例"))]
        )
        for name in ("primary_urban", "junior_urban"):
            self.fields[name].help_text = gettext_lazy("留空则按采用标准。")
        self.fields["primary_periods"].help_text = gettext_lazy(
            "每名教师每周应上的课时；留空则按学校填报的需求教师数。"
        )
        self.fields["manager_cap"].help_text = gettext_lazy("留空则不判断是否超职数。")

    def clean(self) -> dict[str, Any]:
        """The county's own ratios alone need at least one of them."""
        given = super().clean() or {}
        if given.get("norm") == OWN and not any(v for k, v in given.items() if k.startswith(("primary_", "junior_"))):
            self.add_error("norm", _("仅用本县比例时，至少填写一个生师比。"))
        return given

    def parameters(self) -> dict[str, Any]:
        """What is set, without the day and the reason."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class DraftForm(forms.Form):
    """The beginning of a version."""

    title = forms.CharField(label=gettext_lazy("方案名称"), max_length=200)
    on = day_field(gettext_lazy("数据日期"), help_text=gettext_lazy("按这一天的学生、班级和人员测算。"))
    effective_from = day_field(gettext_lazy("执行日期"), help_text=gettext_lazy("备案后，从这一天起为各校核定编制。"))


class SeenForm(forms.Form):
    """A form about a plan as the page showed it; ``seen`` tells a stale page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class DecisionForm(SeenForm):
    """A body's decision on a total."""

    body = forms.CharField(label=gettext_lazy("决定单位"), max_length=200)
    jointly_with = forms.CharField(label=gettext_lazy("会同单位"), max_length=200, required=False)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=100)
    on = day_field(gettext_lazy("日期"))
    total = forms.IntegerField(label=gettext_lazy("总额"), min_value=0, max_value=LATEST_POSTS)
    opinion = words_field(gettext_lazy("意见"))
    papers = papers_field()

    def decision(self) -> dict[str, Any]:
        """What was decided."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "papers"}}


class FilingForm(SeenForm):
    """The filing with the establishment office."""

    document_number = forms.CharField(label=gettext_lazy("备案号"), max_length=100)
    body = forms.CharField(label=gettext_lazy("备案单位"), max_length=200)
    on = day_field(gettext_lazy("备案日期"))
    opinion = words_field(gettext_lazy("说明"))
    papers = papers_field()

    def decision(self) -> dict[str, Any]:
        """What was recorded."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "papers"}}


class OpinionForm(SeenForm):
    """Why a plan is returned or withdrawn."""

    opinion = words_field(gettext_lazy("意见"), required=True)


class AllocationForm(SeenForm):
    """Posts for every line of a plan; what was typed stays whatever is wrong with it."""

    reason = words_field(gettext_lazy("调整理由（与建议数不同时必填）"))

    def __init__(self, given: Mapping[str, Any] | None, lines: Iterable[PlanLine], **more: Any) -> None:
        super().__init__(given, **more)
        self.lines = list(lines)
        for line in self.lines:
            held = line.allotted if line.allotted is not None else line.proposed
            self.fields[f"posts-{line.pk}"] = forms.IntegerField(
                label=str(line), min_value=0, max_value=LATEST_POSTS, initial=held
            )

    def rows(self) -> list[tuple[PlanLine, forms.BoundField]]:
        """Each line with its field."""
        return [(line, self[f"posts-{line.pk}"]) for line in self.lines]

    def posts(self) -> dict[int, int]:
        """Line key → posts."""
        return {line.pk: self.cleaned_data[f"posts-{line.pk}"] for line in self.lines}
