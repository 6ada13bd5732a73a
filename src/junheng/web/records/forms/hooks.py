"""The form of a web hook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng.web.records.hooks import check_address
from junheng.web.records.models import WebHook


class HookForm(forms.ModelForm[WebHook]):
    """Name, kind, address and secret; what is stored of the latter two is never shown again."""

    url = forms.CharField(label=_("网址"), max_length=1000, required=False, validators=[check_address])
    secret = forms.CharField(
        label=_("密钥"), max_length=300, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("钉钉机器人的加签密钥；其他类别用来给内容签名。可以不填。"),
    )  # fmt: skip
    kinds_of_news = forms.CharField(
        label=_("通知类别"),
        max_length=1000,
        required=False,
        help_text=_("用空格分开，如 records.list.exported_much；不填为全部。"),
    )

    class Meta:
        model = WebHook
        fields = ("name", "kind")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if self.instance.pk:
            self.fields["url"].help_text = _("不填则沿用 %(host)s 的现有网址。") % {"host": self.instance.host}
            self.initial["kinds_of_news"] = " ".join(self.instance.kinds_of_news)
        else:
            self.fields["url"].required = True

    def clean_kinds_of_news(self) -> list[str]:
        """The names as a list."""
        return sorted(set(self.cleaned_data["kinds_of_news"].replace(",", " ").split()))

    def save(self, commit: bool = False) -> WebHook:
        """The hook as filled in; the action saves it."""
        hook = super().save(commit=False)
        hook.kinds_of_news = self.cleaned_data["kinds_of_news"]
        return hook
