"""Forms about a teacher's file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.documents.dates import Month, read_date
from junheng.web.staffing.forms.declared import DeclaredForm


class DayField(forms.CharField):
    """A day, typed in any of the usual ways; a month alone means its first day, or its ``last``."""

    widget = forms.TextInput({"placeholder": "2026-09-01", "autocomplete": "off"})

    def __init__(self, *, last: bool = False, **given: Any) -> None:
        super().__init__(max_length=40, **given)
        self.last = last

    def clean(self, value: Any) -> date | None:
        """The day, ``None`` for a blank one."""
        text = super().clean(value)
        if not text:
            return None
        try:
            found = read_date(text)
        except ValueError:
            raise ValidationError(_("请填写如 2026-09-01 的日期"), code="date") from None
        if isinstance(found, Month):
            return found.last_day if self.last else found.first_day
        return found


class ReasonForm(forms.Form):
    """Why something is done; it stays on record."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, min_length=2, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("写明依据，如文号、证书编号；与改动一起留痕。"),
    )  # fmt: skip


class RowForm(DeclaredForm):
    """A row of a file with the row it replaces, the day from which it holds, and why."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    effective = DayField(
        label=gettext_lazy("自哪天起变动"), required=False,
        help_text=gettext_lazy("情况从那天起有了变化，填那一天；原来就录错了，留空，从头更正。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, min_length=2, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("写明依据，如文号、证书编号；与改动一起留痕。"),
    )  # fmt: skip


class StateForm(RowForm):
    """What holds of a teacher."""

    def clean(self) -> dict[str, Any]:
        """Working at the school that holds the establishment is nothing to be told."""
        found = super().clean()
        if found.get("teaching_school_id") and found.get("teaching_school_id") == found.get("school_id"):
            found["teaching_school_id"] = None
        return found

    def clean_effective(self) -> date | None:
        """Not a day to come."""
        day: date | None = self.cleaned_data["effective"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("不能晚于今天。到了那天再登记。"))
        return day


class EntryForm(RowForm):
    """A new entry."""

    effective = None  # type: ignore[assignment]


class EndForm(ReasonForm):
    """The last day of a spell."""

    end = DayField(label=gettext_lazy("最后一天"), last=True)
    field_order = ("end", "reason")


class IdSearchForm(forms.Form):
    """An exact ID number, sent in the body so that it stands in no address and no log."""

    id_number = forms.CharField(
        label=gettext_lazy("证件号码"), max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "data-private": "", "inputmode": "text"}),
    )  # fmt: skip
