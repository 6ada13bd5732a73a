"""What is filled in to ask for a file of the county, and to fix a snapshot."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, Standing
from junheng.web.directory.models import Organisation, OrganisationKind
from junheng.web.staffing.models import ExportKind


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _county() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Organisation.objects.none(), label=_("县（市、区）"), empty_label=None)


def counties_of(standing: Standing, permission: Permission) -> Any:
    """The counties for which a person holds the permission."""
    return Organisation.objects.visible_to(standing, permission).filter(kind=OrganisationKind.COUNTY)


class ExportForm(forms.Form):
    """What is to be in the file, of which day, and what for."""

    county = _county()
    kind = forms.ChoiceField(label=_("内容"), choices=ExportKind.choices)
    on = _day(_("数据日期"))
    reason = forms.CharField(
        label=_("用途"),
        min_length=4,
        max_length=300,
        help_text=_("全县工作簿含完整证件号码，用途会写进留痕"),
        error_messages={"min_length": _("请写明用途，至少四个字")},
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["county"].queryset = counties_of(standing, Permission.EXPORT_COUNTY)  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate
        self.fields["key"].initial = uuid.uuid4().hex


class SnapshotForm(forms.Form):
    """Of which county and which day."""

    county = _county()
    on = _day(_("数据日期"))

    def __init__(self, *args: Any, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["county"].queryset = counties_of(standing, Permission.SNAPSHOT_TAKE)  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate
