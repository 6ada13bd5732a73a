"""Forms of open selection."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from junheng.web.rotation.forms.asking import FILES_HINT
from junheng.web.rotation.models import Form
from junheng.web.staffing.forms.corrections import FilesField
from junheng.web.staffing.forms.establishment import day_field, words_field


class PostApplicationForm(forms.Form):
    """An application for a post: reasons and evidence."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("报名理由和任职设想"), max_length=4000, widget=forms.Textarea({"rows": 8})
    )
    evidence = FilesField(label=gettext_lazy("证明材料"), required=False, help_text=FILES_HINT)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid4()


class PostReviewForm(forms.Form):
    """The outcome of the review."""

    shortlist = forms.TypedChoiceField(
        label=gettext_lazy("审查结果"), coerce=lambda text: text == "1",
        choices=[
            ("", gettext_lazy("请选择")), ("1", gettext_lazy("符合任职条件，入围")), ("0", gettext_lazy("不入围")),
        ],
    )  # fmt: skip
    opinion = words_field(gettext_lazy("资格审查意见"), required=True)


class ProposeForm(forms.Form):
    """What is proposed for somebody who is shortlisted."""

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
