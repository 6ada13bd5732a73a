"""By what the lists of posts and people are narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng.facts import Locale, Stage
from junheng.web.staffing.filters import SCHOOL_ORDER_LABELS, ShortSelect
from junheng.web.staffing.models.choices import choices_of

ALL = ("", _("全部"))


class SchoolFilter(forms.Form):
    """Cluster, urban–rural class, stage and day; a value that does not exist narrows nothing."""

    cluster = forms.ChoiceField(label=_("学区"), required=False, widget=ShortSelect)
    locale = forms.ChoiceField(label=_("城乡"), required=False, choices=[ALL, *choices_of(Locale)], widget=ShortSelect)
    stage = forms.ChoiceField(label=_("学段"), required=False, choices=[ALL, *choices_of(Stage)], widget=ShortSelect)
    on = forms.DateField(label=_("数据日期"), required=False, widget=forms.DateInput({"type": "date"}))
    order = forms.ChoiceField(label=_("排序"), required=False, choices=SCHOOL_ORDER_LABELS)

    def __init__(self, given: Mapping[str, Any], clusters: Mapping[str, str], **more: list[tuple[str, Any]]) -> None:
        super().__init__(given)
        self._choose("cluster", list(clusters.items()))
        for name, choices in more.items():
            self._choose(name, choices)
        if len(clusters) < 2:
            del self.fields["cluster"]
        self.is_valid()

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [ALL, *choices]

    @property
    def form(self) -> SchoolFilter:
        """Itself: the list's template asks a filter for its form."""
        return self

    def keeps(self, row: Mapping[str, Any]) -> bool:
        """Whether a row stays."""
        return all(
            row.get(f"{name}_key") == value
            for name, value in self.cleaned_data.items()
            if value and f"{name}_key" in row
        )


class StandingFilter(SchoolFilter):
    """Also by how a row stands: short, over, small."""

    standing = forms.ChoiceField(label=_("情况"), required=False)

    field_order: tuple[str, ...] = ("standing", "cluster", "locale", "stage", "on", "order")

    def keeps(self, row: Mapping[str, Any]) -> bool:
        """Whether a row stays; a row may stand in several ways at once."""
        wanted = self.cleaned_data.get("standing")
        return super().keeps(row) and (not wanted or wanted in row["standings"])
