"""Forms of planning: a scenario, a decision beforehand, a change by hand, a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from junheng.facts import Subject
from junheng.policy import Pack
from junheng.policy.schema import Parameter
from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import aside
from junheng.web.rotation.actions.scenarios import Asked
from junheng.web.rotation.models import HoldKind, MechanismKind, PinKind
from junheng.web.rotation.pack_words import plainly, unit_of
from junheng.web.staffing.forms.establishment import words_field
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.models.choices import choices_of

ORDERS = (
    ("", gettext_lazy("按政策包的权重")),
    ("balance:1%,wishes", gettext_lazy("先均衡，再志愿（均衡至多让出 1%）")),
    ("balance:5%,wishes", gettext_lazy("先均衡，再志愿（均衡至多让出 5%）")),
    ("standard:1%,balance:2%,wishes", gettext_lazy("先达标学校，再均衡，再志愿")),
    ("wishes:1%,balance", gettext_lazy("先志愿，再均衡（志愿至多让出 1%）")),
    ("extra:0%,balance:2%,commute", gettext_lazy("先少动，再均衡，再通勤")),
)
"""Orders of goals that are offered."""


class ReasonForm(forms.Form):
    """A reason."""

    reason = words_field(gettext_lazy("理由"), required=True)


class TeacherField(forms.CharField):
    """A teacher of the county by his number."""

    county: Organisation

    def clean(self, value: Any) -> Any:
        """The teacher, or what to do where there is none of the number."""
        number = super().clean(value)
        if not number:
            return None
        found = Teacher.objects.filter(county=self.county, number=number.strip()).first()
        if found is None:
            raise ValidationError(_("本县没有工号为 %(number)s 的教师，请核对工号。") % {"number": number})
        return found


class ScenarioForm(forms.Form):
    """How a scenario is to be computed; parameters of the pack that are left blank stay as the year has them."""

    name = forms.CharField(label=gettext_lazy("方案名称"), max_length=100, required=False)
    order = forms.ChoiceField(label=gettext_lazy("目标次序"), choices=ORDERS, required=False)
    mechanism = forms.ChoiceField(
        label=gettext_lazy("自愿互换"), choices=[("", gettext_lazy("不先行互换")), *MechanismKind.choices],
        required=False,
    )  # fmt: skip
    hold = forms.ChoiceField(label=gettext_lazy("互换结果"), choices=HoldKind.choices, initial=HoldKind.FIX)
    gap = forms.DecimalField(
        label=gettext_lazy("与最优界的差距（%）"), min_value=0, max_value=50, initial="0.05", decimal_places=3,
        help_text=gettext_lazy("达到这个差距即停止求解；越小越费时。"),
    )  # fmt: skip
    time_limit = forms.IntegerField(
        label=gettext_lazy("最多求解秒数"), min_value=5, max_value=7200, required=False,
        help_text=gettext_lazy("留空不限时；限时中断的方案再算一次可能不同。"),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=gettext_lazy("随机种子"), min_value=0, max_value=2**31 - 1, initial=0,
        help_text=gettext_lazy("写入证明包；同一种子、同样数据得到同一方案。"),
    )  # fmt: skip
    relation_moved = forms.BooleanField(label=gettext_lazy("人事关系随调"), required=False)

    def __init__(self, *args: Any, pack: Pack, parameters: Mapping[str, Any], **given: Any) -> None:
        super().__init__(*args, **given)
        lang = "en" if get_language() == "en" else "zh"
        self.names = {}
        for name, parameter in sorted(pack.parameters.items()):
            now = shown_value(parameters.get(name, parameter.value))
            label = parameter.zh if lang == "zh" else (parameter.en or parameter.zh)
            self.fields[f"p_{name}"] = _parameter_field(parameter, label, now, lang)
            self.names[f"p_{name}"] = name

    def asked(self) -> Asked:
        """What the scenario is asked with."""
        given = self.cleaned_data
        return Asked(
            name=given["name"], order=given["order"], mechanism=given["mechanism"], hold=given["hold"],
            gap=float(given["gap"]) / 100, time_limit=given["time_limit"], seed=given["seed"],
            relation_moved=given["relation_moved"],
            parameters={name: given[key].strip() for key, name in self.names.items() if given[key].strip()},
        )  # fmt: skip


def _parameter_field(parameter: Parameter, label: str, now: str, lang: str) -> forms.Field:
    """A parameter as it is asked for: one of the pack's readings, or a figure in its unit; blank keeps it."""
    if parameter.options and all(isinstance(each, str) for each in parameter.options):
        kept = _("不改（%(now)s）") % {"now": plainly(now, lang)}
        choices = [("", kept), *((each, plainly(each, lang)) for each in parameter.options if each != now)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    unit = str(unit_of(parameter.unit, lang)).strip()
    field = forms.CharField(label=f"{label}{aside(unit)}" if unit else label, required=False, max_length=200)
    field.widget.attrs["placeholder"] = now
    return field


def shown_value(value: Any) -> str:
    """A parameter's value as it is typed."""
    if isinstance(value, dict):
        return "/".join(str(each) for each in value.values())
    if isinstance(value, list | tuple):
        return "[" + ", ".join(str(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


class OfCountyForm(forms.Form):
    """A form about a teacher, a school and a subject of a county."""

    teacher = TeacherField(label=gettext_lazy("工号"), max_length=40)
    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("学校"), required=False)
    subject = forms.ChoiceField(
        label=gettext_lazy("任教学科"), required=False,
        choices=[("", gettext_lazy("本人主教学科")), *choices_of(Subject)],
    )  # fmt: skip

    def __init__(self, *args: Any, county: Organisation, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["teacher"].county = county  # type: ignore[attr-defined]
        schools = Organisation.objects.filter(county=county).schools()
        self.fields["school"].queryset = schools.order_by("position", "code")  # type: ignore[attr-defined]


class PinForm(OfCountyForm):
    """A decision before planning."""

    kind = forms.ChoiceField(label=gettext_lazy("决定"), choices=PinKind.choices)
    reason = words_field(gettext_lazy("理由"), required=True)
    field_order = ("teacher", "kind", "school", "subject", "reason")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"].empty_label = _("不选（留任）")  # type: ignore[attr-defined]


class ChangeForm(OfCountyForm):
    """A change by hand: without a school the teacher stays."""

    reason = words_field(gettext_lazy("理由"))
    version = forms.IntegerField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"].empty_label = _("不交流，留在本校")  # type: ignore[attr-defined]
