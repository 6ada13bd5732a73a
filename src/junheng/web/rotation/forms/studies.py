"""Forms of the register of principals' study."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import comma
from junheng.web.rotation.models import StudyKind, StudyMode
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models import Teacher

_BETWEEN = re.compile(r"[\s,，、;；]+")


class StudyForm(forms.Form):
    """What cadres took part in."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=StudyKind.choices)
    mode = forms.ChoiceField(
        label=gettext_lazy("研修方式"), choices=[("", "—"), *StudyMode.choices], required=False,
        help_text=gettext_lazy("只有“主题研修”要选。"),
    )  # fmt: skip
    theme = forms.CharField(label=gettext_lazy("主题"), max_length=200)
    start = day_field(gettext_lazy("开始日期"))
    end = day_field(gettext_lazy("结束日期"))
    host = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("所到学校"), required=False,
        help_text=gettext_lazy("跟班学习、点校开放、异校交流、接待参访团的，选本县这所学校；在别处的，写地点。"),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200, required=False)
    batch = forms.IntegerField(
        label=gettext_lazy("批次"), min_value=1, max_value=99, required=False,
        help_text=gettext_lazy("“分批轮训”填第几批。"),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=gettext_lazy("每人学时"), min_value=0, max_value=1000, decimal_places=1, initial=0,
        help_text=gettext_lazy("记入本人的学时仍以学时台账为准。"),
    )  # fmt: skip
    people = forms.CharField(
        label=gettext_lazy("参加人员"), max_length=20_000, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("填工号，一行一个，或用逗号、空格隔开；可以从表格整列粘贴。"),
    )  # fmt: skip
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    note = words_field(gettext_lazy("备注"))

    def __init__(self, *args: Any, county: Organisation, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.county = county
        field = self.fields["host"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = schools

    def clean_people(self) -> list[Teacher]:
        """The teachers of those numbers, each once."""
        numbers = list(dict.fromkeys(filter(None, _BETWEEN.split(self.cleaned_data["people"]))))
        rows = Teacher.objects.filter(county=self.county, number__in=numbers)  # scoped: the county that is kept
        found = {each.number: each for each in rows}
        if unknown := [each for each in numbers if each not in found]:
            raise forms.ValidationError(_("本县没有工号 %(number)s，请核对名册。") % {"number": comma().join(unknown)})
        return [found[each] for each in numbers]


class StrikeForm(forms.Form):
    """Why an entry is struck."""

    reason = words_field(gettext_lazy("理由"), required=True)
