"""Forms of orders, hand-over and reporting for duty."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import Subject
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.formalities import Arranged
from junheng.web.rotation.actions.ordering import OrderHead
from junheng.web.rotation.models import Placement
from junheng.web.staffing.forms.establishment import day_field, words_field


class OrderForm(forms.Form):
    """An order to be issued: its head, and the placements chosen for it."""

    number = forms.CharField(
        label=gettext_lazy("发文字号"), max_length=60, help_text=gettext_lazy("如：云教〔2026〕5号")
    )
    signer = forms.CharField(label=gettext_lazy("签发人"), max_length=60)
    issued_on = day_field(gettext_lazy("成文日期"))
    report_by = day_field(gettext_lazy("报到截止日期"))
    key = forms.UUIDField(widget=forms.HiddenInput)
    placements = forms.TypedMultipleChoiceField(
        label=gettext_lazy("交流任务"), coerce=int, widget=forms.MultipleHiddenInput,
        error_messages={"required": gettext_lazy("请至少选择一项交流任务。")},
    )  # fmt: skip

    def __init__(self, *args: Any, rows: Any, report_by: date, **given: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4(), "report_by": report_by}, **given)
        self.fields["placements"].choices = [(each.pk, str(each.pk)) for each in rows]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Reporting after the order."""
        given = super().clean() or {}
        if given.get("issued_on") and given.get("report_by") and given["report_by"] < given["issued_on"]:
            self.add_error("report_by", _("报到截止日期不能早于成文日期。"))
        return given

    def head(self) -> OrderHead:
        """What stands at the head of the order."""
        given = self.cleaned_data
        return OrderHead(given["number"], given["signer"], given["issued_on"], given["report_by"], given["key"])


class StepForm(forms.Form):
    """A formality done."""

    done_on = day_field(gettext_lazy("办理日期"))
    note = words_field(gettext_lazy("记录"))

    def clean_note(self) -> str:
        """Not longer than what is kept."""
        said: str = self.cleaned_data["note"]
        if len(said) > 1000:
            raise forms.ValidationError(_("记录请不要超过 1000 字。"))
        return said


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500, widget=forms.Textarea({"rows": 3}))


class RevokeForm(ReasonForm):
    """Why an order is revoked, and under which number."""

    number = forms.CharField(label=gettext_lazy("发文字号"), max_length=60, required=False)


class ChangeForm(RevokeForm):
    """What an order is to say instead."""

    to_school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("接收学校"))
    subject = forms.ChoiceField(label=gettext_lazy("任教学科"), choices=[(each.value, each.zh) for each in Subject])
    start = day_field(gettext_lazy("开始日期"))
    end = day_field(gettext_lazy("结束日期"))
    relation_moved = forms.BooleanField(label=gettext_lazy("调动人事关系"), required=False)

    field_order = ("to_school", "subject", "start", "end", "relation_moved", "number", "reason")

    def __init__(self, *args: Any, placement: Placement, schools: Any, **given: Any) -> None:
        initial = {name: getattr(placement, name) for name in ("to_school", "subject", "start", "end")}
        super().__init__(*args, initial=initial | {"relation_moved": placement.relation_moved}, **given)
        self.fields["to_school"].queryset = schools.exclude(pk=placement.from_school_id)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The new terms."""
        names = ("to_school", "subject", "start", "end", "relation_moved")
        return {name: self.cleaned_data[name] for name in names}


class ArrangementForm(forms.Form):
    """Classes, subject and load at the host."""

    classes = forms.CharField(label=gettext_lazy("任教班级"), max_length=200)
    subject = forms.CharField(label=gettext_lazy("任教学科"), max_length=100)
    weekly_periods = forms.FloatField(label=gettext_lazy("周课时"), min_value=0, max_value=40)
    other_jobs = forms.CharField(
        label=gettext_lazy("兼任工作"), max_length=300, required=False,
        help_text=gettext_lazy("交流教师应避免身兼多职；确有需要的，请逐项写明。"),
    )  # fmt: skip

    def arranged(self) -> Arranged:
        """What is arranged."""
        return Arranged(**self.cleaned_data)


class ArrivalForm(forms.Form):
    """The day of reporting for duty."""

    on = day_field(gettext_lazy("报到日期"))


class ReviewForm(forms.Form):
    """The legal review of a paper."""

    lawful = forms.TypedChoiceField(
        label=gettext_lazy("审核结论"), coerce=lambda text: text == "1",
        choices=[("1", gettext_lazy("合法，可以发出")), ("0", gettext_lazy("不予发出"))],
    )  # fmt: skip
    opinion = forms.CharField(label=gettext_lazy("审核意见"), max_length=500, widget=forms.Textarea({"rows": 3}))


class NumberForm(forms.Form):
    """The document number of a paper to be issued."""

    number = forms.CharField(label=gettext_lazy("发文字号"), max_length=60)
