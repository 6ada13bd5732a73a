"""Forms of confirmation, appeals and decisions on them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from junheng.web.staffing.forms.establishment import words_field


class InSteadForm(forms.Form):
    """A school confirms in a teacher's stead."""

    reason = words_field(gettext_lazy("代为核对的原因"), required=True)


class FixAnewForm(forms.Form):
    """Why the facts of the year are fixed anew."""

    reason = words_field(gettext_lazy("更正了什么，依据是什么"), required=True)


class AppealForm(forms.Form):
    """What is wrong in the facts."""

    text = words_field(gettext_lazy("哪一项事实不对，应当是什么"), required=True)
    evidence = forms.FileField(
        label=gettext_lazy("证明材料"), required=False, help_text=gettext_lazy("PDF、图片或 Office 文件，可以不附。")
    )


class AppealDecisionForm(forms.Form):
    """The outcome of an appeal."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("复核结果"),
        choices=[
            ("", gettext_lazy("请选择")),
            ("1", gettext_lazy("成立：档案已更正，按更正后的事实重新认定")),
            ("0", gettext_lazy("不成立，维持认定")),
        ],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    opinion = words_field(gettext_lazy("复核意见"), required=True)
