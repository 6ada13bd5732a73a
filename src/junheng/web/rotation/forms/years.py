"""Forms of a year, its phases and its calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from junheng.policy import load_pack, shipped_packs
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.years import TERMS, Setting, shipped
from junheng.web.rotation.models import Audience, RotationYear
from junheng.web.staffing.forms.establishment import day_field, words_field

_LARGEST = 400_000
"""Bytes of a pack file."""


def refuse_disorder(form: forms.Form, given: dict[str, Any]) -> None:
    """Notes dates of a year that are not in their order: preparation, first and last day of service."""
    if given.get("starts") and given.get("ends") and given["ends"] <= given["starts"]:
        form.add_error("ends", _("交流结束日期应晚于开始日期。"))
    if given.get("first") and given.get("starts") and given["first"] >= given["starts"]:
        form.add_error("first", _("准备阶段应早于交流开始日期。"))


def _within(starts: date, year: int) -> bool:
    """Whether service begins in the school year, which is set up from the summer before it to its end."""
    return date(year, 7, 1) <= starts <= date(year + 1, 6, 30)


class YearForm(forms.Form):
    """A new year."""

    county = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("县（市、区）"))
    year = forms.IntegerField(label=gettext_lazy("学年（九月开学的年份）"), min_value=2000, max_value=2100)
    audience = forms.ChoiceField(label=gettext_lazy("交流对象"), choices=Audience.choices)
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=200, required=False, help_text=gettext_lazy("留空则按学年和对象命名。")
    )
    pack = forms.ChoiceField(label=gettext_lazy("政策包"))
    pack_file = forms.FileField(
        label=gettext_lazy("本县自己的政策包文件"),
        required=False,
        help_text=gettext_lazy("选了文件，就不用上面的一个。"),
    )
    on = day_field(gettext_lazy("事实认定日"))
    first = day_field(gettext_lazy("准备阶段开始日期"))
    starts = day_field(gettext_lazy("交流开始日期"))
    ends = day_field(gettext_lazy("交流结束日期"))
    wishes_allowed = forms.IntegerField(label=gettext_lazy("志愿数上限"), min_value=1, max_value=20, initial=3)
    previous = forms.ModelChoiceField(
        RotationYear.objects.none(), label=gettext_lazy("上一年度"), required=False,
        help_text=gettext_lazy("选了上一年度，沿用它的组织与分工和各项设置。"),
    )  # fmt: skip

    def __init__(self, *args: Any, counties: Any, today: date, **given: Any) -> None:
        county = counties.first()
        before = (
            RotationYear.objects.filter(county=county, audience=Audience.TEACHERS).order_by("-year").first()
        )  # scoped
        begin = today.year if today.month < 9 else today.year + 1
        begin = max(begin, before.year + 1) if before is not None else begin
        initial = {
            "year": begin, "on": date(begin, 8, 31), "first": today, "starts": date(begin, 9, 1),
            "ends": date(begin + 1, 8, 31), "county": county, "previous": before,
        }  # fmt: skip
        super().__init__(*args, initial=initial, **given)
        lang = "en" if get_language() == "en" else "zh"
        found = [
            (code, f"{code} · {pack.identity.title.text(lang)}")
            for code in shipped_packs()
            if (pack := load_pack(code)).planning is not None or TERMS in pack.rules
        ]  # fmt: skip
        self.fields["pack"].choices = found  # type: ignore[attr-defined]
        self.fields["county"].queryset = counties  # type: ignore[attr-defined]
        self.fields["previous"].queryset = RotationYear.objects.filter(  # type: ignore[attr-defined]  # scoped: counties
            county__in=counties
        )

    def clean_pack_file(self) -> str:
        """The text of the county's own pack."""
        given = self.cleaned_data.get("pack_file")
        if not given:
            return ""
        if given.size > _LARGEST:
            raise forms.ValidationError(_("文件超过 400 KB，这不像一个政策包。"))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("文件不是 UTF-8 文本；政策包是 YAML 文本文件。")) from None

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        given = super().clean() or {}
        refuse_disorder(self, given)
        if given.get("starts") and given.get("year") and not _within(given["starts"], given["year"]):
            self.add_error("starts", _("应在 %(first)s 至 %(last)s 之间：学年填的是 %(year)s。") % {
                "first": date(given["year"], 7, 1), "last": date(given["year"] + 1, 6, 30), "year": given["year"],
            })  # fmt: skip
        before = given.get("previous")
        if before is not None and (before.county, before.audience) != (given.get("county"), given.get("audience")):
            self.add_error("previous", _("上一年度应是同一县、同一交流对象的。"))
        return given

    def setting(self) -> tuple[Organisation, Setting, date]:
        """County, what the year is set up with, and the first day of its preparation."""
        given = self.cleaned_data
        setting = Setting(
            year=given["year"], pack=given["pack_file"] or shipped(given["pack"]), on=given["on"],
            starts=given["starts"], ends=given["ends"], audience=Audience(given["audience"]), title=given["title"],
            wishes_allowed=given["wishes_allowed"], previous=given["previous"],
        )  # fmt: skip
        return given["county"], setting, given["first"]


class PhaseForm(forms.Form):
    """New dates of a phase, to the minute."""

    opens = forms.DateTimeField(
        label=gettext_lazy("开始"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    closes = forms.DateTimeField(
        label=gettext_lazy("截止"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("到这一刻为止；整天截止请填次日 00:00。"),
    )  # fmt: skip
    reason = words_field(gettext_lazy("调整理由"), required=True)

    def clean(self) -> dict[str, Any]:
        """The end after the beginning."""
        given = super().clean() or {}
        if given.get("opens") and given.get("closes") and given["closes"] <= given["opens"]:
            self.add_error("closes", _("截止时间应晚于开始时间。"))
        return given


class DayForm(forms.Form):
    """A day declared working or free."""

    day = day_field(gettext_lazy("日期"))
    working = forms.TypedChoiceField(
        label=gettext_lazy("当天"), choices=[("1", gettext_lazy("上班")), ("0", gettext_lazy("休息"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=100, required=False)
