"""Forms about a school's file."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.staffing.forms.teachers import DayField, ReasonForm, RowForm


class SchoolRowForm(RowForm):
    """A row of a school's file, or its state, changed from a day on."""

    def clean_effective(self) -> date | None:
        """Not a day to come."""
        return not_to_come(self.cleaned_data["effective"])


class SchoolEntryForm(RowForm):
    """A new row of a school's file, with the day from which it holds."""

    effective = DayField(label=gettext_lazy("自哪天起"), help_text=gettext_lazy("从哪天起是这样，如本学期开学的日子。"))

    def clean_effective(self) -> date | None:
        """Not a day to come."""
        return not_to_come(self.cleaned_data["effective"])


class LeaveOutForm(ReasonForm):
    """A row of a school's file that ends, or never should have been."""

    effective = DayField(
        label=gettext_lazy("到哪天为止不再有"), required=False,
        help_text=gettext_lazy("从那天起不再有，填那一天；原来就录错了，留空，作废。"),
        widget=forms.TextInput({"placeholder": "2026-09-01", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("effective", "reason")

    def clean_effective(self) -> date | None:
        """Not a day to come."""
        return not_to_come(self.cleaned_data["effective"])


def not_to_come(day: date | None) -> date | None:
    """The day, unless it is yet to come."""
    if day is not None and day > timezone.localdate():
        raise ValidationError(_("不能晚于今天。到了那天再登记。"))
    return day
