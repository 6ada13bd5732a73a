"""Forms of preparation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.directory.models import Organisation
from junheng.web.rotation.models import BodyKind, DocumentKind, MeetingKind
from junheng.web.staffing.forms.establishment import day_field, words_field


class ParametersForm(forms.Form):
    """The county's own values, a line each."""

    settings = forms.CharField(
        label=gettext_lazy("本县的取值"), required=False, widget=forms.Textarea({"rows": 6}), max_length=4000,
        help_text=gettext_lazy(
            "每行一个：参数=值，如 tenure_years=6；男女不同的写 男/女，如 55/50。留空即全部用政策包的取值。"
        ),
    )  # fmt: skip
    reason = words_field(gettext_lazy("理由"))

    def lines(self) -> list[str]:
        """What is set, without empty lines."""
        return [line.strip() for line in self.cleaned_data["settings"].splitlines() if line.strip()]


class PlaceForm(forms.Form):
    """Something that belongs to an organisation within reach."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("机构"))

    def __init__(self, *args: Any, places: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = places
        only = places.first() if places.count() == 1 else None
        if only is not None:
            self.fields["organisation"].initial = only


class BodyForm(PlaceForm):
    """A body and its members, a line each."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=BodyKind.choices)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    set_up_on = day_field(gettext_lazy("成立日期"))
    members = forms.CharField(
        label=gettext_lazy("成员和分工"), widget=forms.Textarea({"rows": 6}), max_length=6000,
        help_text=gettext_lazy("每行一人：姓名，职务，分工"),
    )  # fmt: skip

    def clean_members(self) -> list[dict[str, str]]:
        """Name, post and duty of each line."""
        found = []
        for number, line in enumerate(self.cleaned_data["members"].splitlines(), 1):
            if not line.strip():
                continue
            parts = [each.strip() for each in line.replace(",", "，").split("，", 2)]
            if len(parts) < 3 or not all(parts):
                raise forms.ValidationError(
                    _("第 %(number)s 行是“%(line)s”，应为：姓名，职务，分工。")
                    % {"number": number, "line": line.strip()}
                )
            name, post, duty = parts
            limits = ((name, 60), (post, 60), (duty, 300))
            if any(len(each) > most for each, most in limits):
                raise forms.ValidationError(_("第 %(number)s 行太长。") % {"number": number})
            found.append({"name": name, "post": post, "duty": duty})
        return found


class MeetingForm(PlaceForm):
    """A meeting that was held."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=MeetingKind.choices)
    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    held_on = day_field(gettext_lazy("日期"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=100, required=False)
    expected = forms.IntegerField(label=gettext_lazy("应到人数"), min_value=1, max_value=100_000)
    attended = forms.IntegerField(label=gettext_lazy("实到人数"), min_value=0, max_value=100_000)
    minutes = forms.CharField(label=gettext_lazy("会议记录"), widget=forms.Textarea({"rows": 6}), max_length=8000)
    file = forms.FileField(label=gettext_lazy("附件"), required=False)


class DocumentForm(forms.Form):
    """A draft."""

    kind = forms.ChoiceField(label=gettext_lazy("文种"), choices=DocumentKind.choices)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    addressed_to = forms.CharField(label=gettext_lazy("主送"), max_length=300, required=False)
    text = forms.CharField(
        label=gettext_lazy("正文"), widget=forms.Textarea({"rows": 20}), max_length=20000,
        help_text=gettext_lazy("以“一、”开头的行为一级标题，以“（一）”开头的为二级标题，其余每行一段。"),
    )  # fmt: skip
    everybody = forms.BooleanField(label=gettext_lazy("要求每位教师阅知"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)


class IssueForm(forms.Form):
    """Number and date of a document."""

    number = forms.CharField(label=gettext_lazy("文号"), max_length=60, help_text=gettext_lazy("如：云教〔2026〕5号"))
    issued_on = day_field(gettext_lazy("成文日期"))
