"""The notice of recall from a secondment, and what came of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from junheng.web.rotation.forms.serving import text_field
from junheng.web.rotation.models import RecallOutcome
from junheng.web.staffing.forms.establishment import day_field


class RecallForm(forms.Form):
    """A notice of recall."""

    number = text_field(gettext_lazy("发文字号"), most=60)
    issued_on = day_field(gettext_lazy("发出日期"))
    days = forms.IntegerField(label=gettext_lazy("返回期限（工作日）"), min_value=1, max_value=90, initial=10)


class OutcomeForm(forms.Form):
    """What came of a notice."""

    outcome = forms.ChoiceField(label=gettext_lazy("结果"), choices=RecallOutcome.choices)
    on = day_field(gettext_lazy("日期"), help_text=gettext_lazy("返回到岗的日期，或者确定不能返回的日期。"))
    reason = text_field(gettext_lazy("说明"), required=False, most=500, rows=2, hint=gettext_lazy("不能返回的必填。"))
