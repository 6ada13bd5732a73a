"""Forms of verification rounds and of documents between departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.directory.models import Organisation
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models import EstablishmentPlan
from junheng.web.staffing.models.rounds import Department, Outcome


class RoundForm(forms.Form):
    """The beginning of a round."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    reckoned_on = day_field(gettext_lazy("数据日期"))
    due = day_field(gettext_lazy("截止日期"))

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the data."""
        given = super().clean() or {}
        if given.get("due") and given.get("reckoned_on") and given["due"] < given["reckoned_on"]:
            self.add_error("due", _("截止日期不能早于数据日期。"))
        return given


class AnswerForm(forms.Form):
    """What a school found."""

    outcome = forms.ChoiceField(label=gettext_lazy("核对结果"), choices=Outcome.choices)
    note = words_field(gettext_lazy("差异说明（有差异时必填）"))

    def clean(self) -> dict[str, Any]:
        """Differences are described."""
        given = super().clean() or {}
        if given.get("outcome") == Outcome.DIFFERENCES and not given.get("note", "").strip():
            self.add_error("note", _("请写明哪些人、哪些项目与实际不符。"))
        return given


class DocumentForm(forms.Form):
    """A document to be routed."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)
    plan = forms.ModelChoiceField(EstablishmentPlan.objects.none(), label=gettext_lazy("编制方案"), required=False)

    def __init__(self, *args: Any, county: Organisation, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["plan"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = EstablishmentPlan.objects.filter(county=county)


class SendForm(forms.Form):
    """To which department, when."""

    department = forms.ChoiceField(label=gettext_lazy("部门"), choices=Department.choices)
    sent_on = day_field(gettext_lazy("送出日期"))


class ReplyForm(forms.Form):
    """A department's answer."""

    answered_on = day_field(gettext_lazy("回复日期"))
    agreed = forms.TypedChoiceField(
        label=gettext_lazy("结论"),
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        coerce=lambda word: word == "yes",
    )
    answer_number = forms.CharField(label=gettext_lazy("回复文号"), max_length=100, required=False)
    opinion = words_field(gettext_lazy("意见"))
