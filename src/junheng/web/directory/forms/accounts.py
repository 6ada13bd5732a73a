"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Duty, Permission, Standing
from junheng.web.directory.models import Organisation, User


class ReasonForm(forms.Form):
    """Asks why, before something that cannot be taken back lightly."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.TextInput)


class OpenAccountForm(forms.Form):
    """A new account, at an organisation within reach."""

    username = forms.CharField(label=_("账号"), max_length=150, help_text=_("字母、数字和 @ . + - _，不含空格。"))
    name = forms.CharField(label=_("姓名"), max_length=150)
    duty = forms.ChoiceField(
        label=_("用途"), choices=Duty.choices, help_text=_("管理员账号不能担任业务角色，反之亦然。")
    )
    organisation = forms.ModelChoiceField(label=_("所在机构"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["organisation"].queryset = open_organisations(standing, Permission.USERS_EDIT)  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """A name that nobody has, and that the model accepts."""
        username = User.normalize_username(self.cleaned_data["username"])
        for check in User._meta.get_field("username").validators:
            check(username)
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("已有同名账号。"))
        return username


class EditAccountForm(forms.Form):
    """The name, and where the account is kept."""

    name = forms.CharField(label=_("姓名"), max_length=150)
    organisation = forms.ModelChoiceField(label=_("所在机构"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["organisation"].queryset = open_organisations(standing, Permission.USERS_EDIT)  # type: ignore[attr-defined]


class ActivationForm(forms.Form):
    """Name, code, and the password chosen, twice."""

    username = forms.CharField(
        label=_("账号"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("启用码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )
    password = forms.CharField(
        label=_("新密码"), strip=False, max_length=200, help_text=_("至少十个字符，不能全是数字，也不能是常见的密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输入一次"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The same twice."""
        given = super().clean() or self.cleaned_data
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一致。"))
        return given


def open_organisations(standing: Standing, permission: Permission) -> Any:
    """Organisations within reach that are not closed, in the bureau's order."""
    return Organisation.objects.visible_to(standing, permission).filter(closed__isnull=True)
