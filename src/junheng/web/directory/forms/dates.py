"""Days in forms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FARTHEST = timedelta(days=36_525)


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar; nobody means one a hundred years away."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        """The day, refused where it can only be a slip."""
        day = super().to_python(value)
        if day is not None and abs(day - timezone.localdate()) > FARTHEST:
            raise forms.ValidationError(_("请检查年份。"))
        return day
