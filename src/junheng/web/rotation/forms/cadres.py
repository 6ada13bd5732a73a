"""Forms of terms, the reserve, open posts and moves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import Role
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models import CADRE_ROLES, Form, ReserveCategory, Selection
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.models.choices import choices_of


def role_field(label: Any) -> forms.ChoiceField:
    """A post of a cadre."""
    return forms.ChoiceField(label=label, choices=[each for each in choices_of(Role) if each[0] in CADRE_ROLES])


class ByNumberForm(forms.Form):
    """Something about a teacher, named by the county's number."""

    number = forms.CharField(label=gettext_lazy("工号"), max_length=40)

    def __init__(self, *args: Any, county: Organisation, schools: Any = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.county = county
        for name in ("school", "to_school"):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = schools

    def clean_number(self) -> Teacher:
        """The teacher of that number."""
        text = self.cleaned_data["number"].strip()
        found = Teacher.objects.filter(county=self.county, number=text).first()  # scoped: the county that is kept
        if found is None:
            raise forms.ValidationError(_("本县没有工号 %(number)s，请核对名册。") % {"number": text})
        return found


class TermForm(ByNumberForm):
    """A term with its goals."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("学校"))
    role = role_field(gettext_lazy("行政职务"))
    term = forms.IntegerField(label=gettext_lazy("第几个聘期"), min_value=1, max_value=20, initial=1)
    start = day_field(gettext_lazy("开始日期"))
    end = day_field(gettext_lazy("结束日期"))
    selection = forms.ChoiceField(label=gettext_lazy("选任方式"), choices=Selection.choices)
    approval = forms.CharField(label=gettext_lazy("批准文号"), max_length=100, required=False)
    goals = words_field(gettext_lazy("任期目标"), required=True)


class ReviewForm(forms.Form):
    """How a term's goals were met."""

    review = words_field(gettext_lazy("履职考核和民主监督"), required=True)


class ReserveForm(ByNumberForm):
    """Somebody for the reserve."""

    category = forms.ChoiceField(label=gettext_lazy("类别"), choices=ReserveCategory.choices)
    since = day_field(gettext_lazy("入库日期"))
    appraisal = words_field(gettext_lazy("思想、业务、作风"), required=True)


class RemovalForm(forms.Form):
    """Out of the reserve."""

    until = day_field(gettext_lazy("出库日期"))
    reason = words_field(gettext_lazy("理由"), required=True)


class PostForm(forms.Form):
    """A post for open selection."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("学校"))
    role = role_field(gettext_lazy("职位"))
    places = forms.IntegerField(label=gettext_lazy("人数"), min_value=1, max_value=20, initial=1)
    requirements = words_field(gettext_lazy("任职条件"), required=True)
    apply_by = day_field(gettext_lazy("报名截止日期"))

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = schools


class TermsForm(forms.Form):
    """What is settled for whoever is to take up a post elsewhere."""

    form = forms.ChoiceField(
        label=gettext_lazy("交流形式"), choices=[(each.value, each.label) for each in (Form.POST, Form.TEMPORARY)]
    )
    start = day_field(gettext_lazy("开始日期"))
    end = day_field(gettext_lazy("结束日期"))
    relation_moved = forms.BooleanField(
        label=gettext_lazy("人事关系随同调动"), required=False, initial=True,
        help_text=gettext_lazy("挂职锻炼的，人事关系总是留在原校。"),
    )  # fmt: skip
    approval = forms.CharField(label=gettext_lazy("组织部门批准文号"), max_length=100, required=False)
    approved_on = day_field(gettext_lazy("批准日期"), required=False)
    reason = words_field(gettext_lazy("任期目标和理由"), required=True)
    exception = words_field(gettext_lazy("例外的理由（政策原则上不可以时必填）"))


class MoveForm(ByNumberForm, TermsForm):
    """A move to another school."""

    to_school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("接收学校"))
    role = role_field(gettext_lazy("拟任职务"))
    field_order = ("number", "to_school", "role")


class WithdrawForm(forms.Form):
    """Why a proposal is taken back."""

    reason = words_field(gettext_lazy("撤回的理由"), required=True)
