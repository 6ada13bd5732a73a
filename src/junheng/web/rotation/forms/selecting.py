"""Forms of open selection."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from junheng.web.rotation.forms.asking import FILES_HINT
from junheng.web.rotation.forms.cadres import TermsForm
from junheng.web.staffing.forms.corrections import FilesField
from junheng.web.staffing.forms.establishment import words_field


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


class ProposeForm(TermsForm):
    """What is proposed for somebody who is shortlisted."""
