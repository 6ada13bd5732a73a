"""Forms of roles and deputies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import ROLE_RULES, Permission, Role, Standing
from junheng.web.directory.forms.accounts import open_organisations
from junheng.web.directory.forms.dates import DayField
from junheng.web.directory.models import Organisation, User


class GrantForm(forms.Form):
    """A role for an account, out of those that its duty allows."""

    role = forms.ChoiceField(label=_("角色"))
    organisation = forms.ModelChoiceField(label=_("任职机构"), queryset=Organisation.objects.none())
    start = DayField(label=_("开始日期"), initial=timezone.localdate)
    end = DayField(label=_("结束日期"), required=False, help_text=_("不填表示到收回为止。"))
    reason = forms.CharField(label=_("依据"), max_length=300, required=False, help_text=_("如任职文件的文号。"))

    def __init__(self, *args: Any, user: User, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        fitting = [(role.value, role.label) for role in Role if ROLE_RULES[role].duty == user.duty]
        self.fields["role"].choices = fitting  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = open_organisations(standing, Permission.ROLES_GRANT)  # type: ignore[attr-defined]
        self.fields["organisation"].initial = user.organisation_id

    def clean_role(self) -> Role:
        """The role itself."""
        return Role(self.cleaned_data["role"])


class DeputyForm(forms.Form):
    """Who stands in, from when until when, and why."""

    username = forms.CharField(label=_("代行人的账号"), max_length=150)
    start = DayField(label=_("开始日期"), initial=timezone.localdate)
    end = DayField(label=_("结束日期"))
    reason = forms.CharField(label=_("事由"), max_length=300)
