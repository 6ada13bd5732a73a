"""Forms of notices and objections."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from junheng.web.directory.models import User
from junheng.web.rotation.models import Finding, NoticeKind, NoticeRow, PublicNotice
from junheng.web.staffing.forms.establishment import words_field


class NoticeForm(forms.ModelForm[PublicNotice]):
    """A draft."""

    kind = forms.ChoiceField(label=gettext_lazy("公示内容"), choices=NoticeKind.choices)
    days = forms.IntegerField(label=gettext_lazy("公示期（工作日）"), min_value=1, max_value=60, initial=5)
    answer_days = forms.IntegerField(
        label=gettext_lazy("异议答复期限（工作日）"), min_value=1, max_value=60, initial=10
    )
    text = words_field(gettext_lazy("正文"))

    class Meta:
        model = PublicNotice
        fields = (
            "kind", "title", "issuer", "basis", "text", "days", "answer_days", "office", "phone", "email", "address",
        )  # fmt: skip

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if self.instance.pk:
            del self.fields["kind"]


class FileForm(forms.Form):
    """A file of a draft."""

    file = forms.FileField(
        label=gettext_lazy("附件"),
        help_text=gettext_lazy(
            "Word（docx）、Excel（xlsx）或每页都有文字的 PDF，不含图片；其中的文字在发布前逐一检查。"
        ),
    )


class ObjectionForm(forms.Form):
    """What somebody objects; anonymous without name and contact."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    row = forms.ModelChoiceField(
        NoticeRow.objects.none(), label=gettext_lazy("所涉人员"), required=False,
        empty_label=gettext_lazy("不涉及具体的人"),
    )  # fmt: skip
    named = forms.TypedChoiceField(
        label=gettext_lazy("反映方式"), choices=[("1", gettext_lazy("实名")), ("0", gettext_lazy("匿名"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, required=False)
    contact = forms.CharField(
        label=gettext_lazy("联系方式"), max_length=120, required=False,
        help_text=gettext_lazy("加密保存，只有办理人能看到；匿名反映不必填写。"),
    )  # fmt: skip
    text = words_field(gettext_lazy("反映的情况"), required=True)

    def __init__(self, *args: Any, notice: PublicNotice, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["row"]
        field.queryset = notice.rows.exclude(teacher__isnull=True)
        field.label_from_instance = lambda row: f"{row.name} {row.home} → {row.host}" if row.host else row.name


class StatusForm(forms.Form):
    """Number and code of an objection."""

    number = forms.CharField(label=gettext_lazy("编号"), max_length=40)
    code = forms.CharField(label=gettext_lazy("查询码"), max_length=40)


class ReceiptForm(forms.Form):
    """A receipt."""

    file = forms.FileField(label=gettext_lazy("回执文件"), help_text=gettext_lazy("从“我的安排”下载的 json 文件。"))


class AssignForm(forms.Form):
    """Who investigates."""

    investigator = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("调查人"))
    holds = forms.BooleanField(label=gettext_lazy("办理期间暂缓为所涉人员发文"), required=False, initial=True)

    def __init__(self, *args: Any, people: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        keys = [each.pk for each in people]
        self.fields["investigator"].queryset = User.objects.filter(pk__in=keys)  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """What an investigation came to."""

    finding = forms.ChoiceField(label=gettext_lazy("结论"), choices=[("", gettext_lazy("请选择")), *Finding.choices])
    report = words_field(gettext_lazy("调查情况"), required=True)


class AnswerForm(forms.Form):
    """The answer to whoever objected."""

    text = words_field(gettext_lazy("答复"), required=True)
