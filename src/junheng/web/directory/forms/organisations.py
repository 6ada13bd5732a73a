"""Forms of organisations and ties."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from junheng.facts import PairingKind
from junheng.web.access import Permission, Standing
from junheng.web.directory.actions.organisations import BELOW
from junheng.web.directory.forms.accounts import open_organisations
from junheng.web.directory.forms.dates import DayField
from junheng.web.directory.models import Organisation

_CODE = RegexValidator(r"^[A-Za-z0-9_-]+\Z", _("代码只含字母、数字、下划线和连字符。"))


class AddOrganisationForm(forms.Form):
    """An organisation below another."""

    kind = forms.ChoiceField(label=_("类别"))
    code = forms.CharField(label=_("代码"), max_length=40, validators=[_CODE], help_text=_("学校填学校标识码。"))
    name = forms.CharField(label=_("名称"), max_length=200)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    opened = DayField(label=_("设立日期"), required=False)

    def __init__(self, *args: Any, parent: Organisation, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in BELOW[parent.kind]]  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label=_("新名称"), max_length=200)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    on = DayField(label=_("启用日期"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=300, help_text=_("如批复文件的文号。"))


class MoveForm(forms.Form):
    """Another organisation above, of the same county."""

    parent = forms.ModelChoiceField(label=_("新的上级"), queryset=Organisation.objects.none())
    on = DayField(label=_("生效日期"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=300)

    def __init__(self, *args: Any, organisation: Organisation, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        above = [kind for kind, below in BELOW.items() if organisation.kind in below]
        within = open_organisations(standing, Permission.ORGANISATIONS_EDIT).filter(kind__in=above)
        if organisation.county_id:
            within = within.filter(county=organisation.county_id) | within.filter(pk=organisation.county_id)
        self.fields["parent"].queryset = within.exclude(pk=organisation.parent_id)  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """From which day, and why."""

    on = DayField(label=_("撤销日期"), initial=timezone.localdate)
    reason = forms.CharField(label=_("依据"), max_length=300)


class TieForm(forms.Form):
    """Another school of the county, and what binds the two."""

    supported = forms.ModelChoiceField(label=_("受援学校"), queryset=Organisation.objects.none())
    kind = forms.ChoiceField(label=_("方式"))
    start = DayField(label=_("开始日期"), initial=timezone.localdate)
    end = DayField(label=_("结束日期"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        schools = open_organisations(standing, Permission.ORGANISATIONS_EDIT).schools()
        self.fields["supported"].queryset = schools.exclude(pk=organisation.pk)  # type: ignore[attr-defined]
        self.fields["kind"].choices = pairing_kinds()  # type: ignore[attr-defined]


class EndTieForm(forms.Form):
    """On which day, and why."""

    on = DayField(label=_("结束日期"), initial=timezone.localdate)
    reason = forms.CharField(label=_("理由"), max_length=300)


def pairing_kinds() -> list[tuple[str, str]]:
    """What may bind two schools, in the reader's language."""
    lang = "en" if get_language() == "en" else "zh"
    return [(kind.value, kind.label(lang)) for kind in PairingKind]
