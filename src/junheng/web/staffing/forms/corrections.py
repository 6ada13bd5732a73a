"""Forms of corrections: what should stand and why, and the decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.staffing.forms.declared import DeclaredForm
from junheng.web.staffing.forms.teachers import DayField

MOST_FILES = 3


class FilesInput(forms.ClearableFileInput):
    """Several files in one control."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; their content is examined where they are kept."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, none being none."""
        files = [super(FilesField, self).clean(each, initial) for each in data or []]
        if len(files) > MOST_FILES:
            raise ValidationError(_("最多上传 %(most)s 个文件。") % {"most": MOST_FILES})
        return files


class RequestForm(DeclaredForm):
    """What should stand in the file, why, and evidence."""

    reason = forms.CharField(
        label=gettext_lazy("依据和说明"), max_length=1000, min_length=2, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("例如证书编号、文号、发证日期；核实的人会看到。"),
    )  # fmt: skip
    evidence = FilesField(
        label=gettext_lazy("证明材料"), required=False,
        help_text=gettext_lazy("可以拍照上传，PDF、JPEG、PNG、Word 或 Excel，最多 3 个，每个不超过 20 MB。"),
    )  # fmt: skip


class DecisionForm(forms.Form):
    """The decision, with a reason where the teacher is not followed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=(("accept", "accept"), ("reject", "reject")), widget=forms.HiddenInput)
    effective = DayField(
        label=gettext_lazy("自哪天起变动"), required=False,
        help_text=gettext_lazy("情况从那天起有了变化，填那一天；原来就录错了，留空，从头更正。"),
    )  # fmt: skip
    opinion = forms.CharField(
        label=gettext_lazy("决定意见"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("不采纳时必须写明理由，教师会看到。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A reason for not following the teacher; no day to come."""
        found = super().clean() or self.cleaned_data
        if found.get("decision") == "reject" and not found.get("opinion"):
            self.add_error("opinion", _("不采纳时必须写明理由。"))
        day = found.get("effective")
        if day is not None and day > timezone.localdate():
            self.add_error("effective", _("不能晚于今天。"))
        return found
