"""Forms of preparation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.policy import Pack
from junheng.policy.overrides import parse_override
from junheng.policy.schema import Parameter
from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import aside
from junheng.web.rotation.models import BodyKind, DocumentKind, MeetingKind
from junheng.web.rotation.pack_words import plainly, unit_of
from junheng.web.staffing.forms.establishment import day_field, words_field

_SET = "set_"
"""Before the name of a parameter in the name of its field."""


class ParametersForm(forms.Form):
    """The county's own values, a field for each parameter of the pack; what is left empty is the pack's."""

    reason = words_field(gettext_lazy("理由"))

    def __init__(self, *args: Any, pack: Pack, own: Mapping[str, Any], lang: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.pack, self.lang = pack, lang
        last = self.fields.pop("reason")
        for name, parameter in pack.parameters.items():
            self.fields[_SET + name] = self._field(parameter, own.get(name))
        self.fields["reason"] = last

    def _field(self, parameter: Parameter, own: Any) -> forms.Field:
        unit = str(unit_of(parameter.unit, self.lang)).strip()
        label = parameter.zh if self.lang == "zh" else parameter.en
        words: dict[str, Any] = {
            "label": f"{label}{aside(unit)}" if unit else label, "required": False, "initial": written(own),
            "help_text": " · ".join(self._hints(parameter)),
        }  # fmt: skip
        choices = [True, False] if isinstance(parameter.value, bool) else parameter.options
        if not choices:
            return forms.CharField(max_length=400, **words)
        offered = [(written(each), plainly(each, self.lang)) for each in choices]
        return forms.ChoiceField(choices=[("", _("按政策")), *offered], **words)

    def _hints(self, parameter: Parameter) -> list[str]:
        """The pack's value, between what it may lie, how it is written, the clause."""
        given = plainly(parameter.value, self.lang)
        unset = _("政策没有规定，由本县定")
        found = [unset if given is None else _("政策：%(value)s") % {"value": given}]
        if parameter.minimum is not None and parameter.maximum is not None:
            found.append(f"{parameter.minimum:g}–{parameter.maximum:g}")
        if is_by_sex(parameter.value):
            found.append(_("写作“男/女”，如 %(example)s") % {"example": written(parameter.value)})
        return [*found, self.pack.label(parameter.clause)] if parameter.clause else found

    def clean(self) -> dict[str, Any]:
        """Every value of its kind and within its bounds."""
        given = super().clean() or {}
        for line in self._lines(given):
            name, _equals, text = line.partition("=")
            try:
                parse_override(self.pack, line)
            except ValueError:
                self.add_error(_SET + name, self._fault(self.pack.parameters[name], text))
        return given

    def _fault(self, parameter: Parameter, text: str) -> str:
        values: dict[str, Any] = {"found": text, "example": written(parameter.value)}
        if parameter.minimum is not None and parameter.maximum is not None:
            values |= {"least": f"{parameter.minimum:g}", "most": f"{parameter.maximum:g}"}
            return _("填的是“%(found)s”，应为 %(least)s 至 %(most)s 的数。") % values
        if parameter.value is None:
            return _("填的是“%(found)s”，不是这一项可以用的值。") % values
        return _("填的是“%(found)s”，应与政策的写法一样，如 %(example)s。") % values

    def _lines(self, given: Mapping[str, Any]) -> list[str]:
        return [
            f"{name}={text}" for name in self.pack.parameters if (text := str(given.get(_SET + name) or "").strip())
        ]

    def lines(self) -> list[str]:
        """What is set, as ``name=value``."""
        return self._lines(self.cleaned_data)


def is_by_sex(value: Any) -> bool:
    """Whether a limit is another for men than for women."""
    return isinstance(value, dict) and set(value) == {"M", "F"}


def written(value: Any) -> str:
    """A value as it is typed: what :func:`~junheng.policy.overrides.parse_override` reads."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if is_by_sex(value):
        return f"{written(value['M'])}/{written(value['F'])}"
    return f"[{', '.join(map(written, value))}]" if isinstance(value, list) else str(value)


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
