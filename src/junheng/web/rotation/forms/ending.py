"""Forms of the end of a placement and of a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from junheng.facts import Grade
from junheng.web.rotation.forms.serving import OpinionForm, text_field
from junheng.web.rotation.forms.years import refuse_disorder
from junheng.web.staffing.forms.establishment import day_field
from junheng.web.staffing.models.choices import choices_of

LONGEST_SUMMARY = 20_000


class SummaryForm(forms.Form):
    """The summary at the end."""

    text = text_field(
        gettext_lazy("总结"), most=LONGEST_SUMMARY, rows=16,
        hint=gettext_lazy(
            "基本情况、主要做法、成效、存在问题、下一步打算。提交后会与其他总结比对，重合比例供阅读者参考。"
        ),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """The graded form: marks by heading, vetoes, grade, opinion."""

    vetoes = forms.MultipleChoiceField(
        label=gettext_lazy("一票否决事项"), required=False, widget=forms.CheckboxSelectMultiple
    )
    grade = forms.TypedChoiceField(label=gettext_lazy("等次"), choices=choices_of(Grade), coerce=Grade.read)
    opinion = text_field(gettext_lazy("意见"), most=1000, rows=3)

    def __init__(self, *args: Any, headings: Mapping[str, Any], vetoes: Mapping[str, Any], **given: Any) -> None:
        super().__init__(*args, **given)
        self.headings = tuple(headings)
        self.fields["vetoes"].choices = list(vetoes.items())  # type: ignore[attr-defined]
        marks = {
            f"mark_{name}": forms.IntegerField(label=label, min_value=0, max_value=100)
            for name, label in headings.items()
        }
        self.fields = {**marks, **self.fields}

    def clean(self) -> dict[str, Any]:
        """What is proposed: the marks by heading in one."""
        given = super().clean() or {}
        marks = {name: given.get(f"mark_{name}") for name in self.headings}
        return {name: given.get(name) for name in ("vetoes", "grade", "opinion")} | {"marks": marks}


class AuditForm(OpinionForm):
    """The bureau's audit."""

    as_annual = forms.BooleanField(
        label=gettext_lazy("记入年度考核"), required=False,
        help_text=gettext_lazy("把等次和得分写入一人一档的年度考核；当年已有考核结果的不能再记。"),
    )  # fmt: skip


class ObjectionForm(forms.Form):
    """The teacher's objection."""

    words = text_field(gettext_lazy("异议"), most=1000, rows=4)


class ObjectionAnswerForm(forms.Form):
    """What was found of an objection."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("复核结论"),
        choices=[("1", gettext_lazy("异议成立，退回重评")), ("0", gettext_lazy("维持"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    answer = text_field(gettext_lazy("考核复核意见"), most=1000, rows=4)


class ReasonForm(forms.Form):
    """A reason."""

    reason = text_field(gettext_lazy("理由"), rows=2)


class NextYearForm(forms.Form):
    """The dates of the next year, and what it takes over besides pack, parameters and settings."""

    on = day_field(gettext_lazy("事实认定日"))
    first = day_field(gettext_lazy("准备阶段开始日期"))
    starts = day_field(gettext_lazy("交流开始日期"))
    ends = day_field(gettext_lazy("交流结束日期"))
    bodies = forms.BooleanField(
        label=gettext_lazy("沿用组织与分工"), required=False, initial=True,
        help_text=gettext_lazy("机构、成员和分工照搬到新年度，可以再改。"),
    )  # fmt: skip
    pins = forms.BooleanField(
        label=gettext_lazy("沿用仍然生效的指定与禁止"), required=False, initial=True,
        help_text=gettext_lazy("已按指定派出的和已经离开的教师除外。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        given = super().clean() or {}
        refuse_disorder(self, given)
        return given


class QuestionForm(forms.Form):
    """What somebody wants to apply for, as of which day."""

    on = day_field(gettext_lazy("按哪一天的记录"))

    def __init__(self, *args: Any, asks: Iterable[tuple[str, Any, str, list[str]]], **given: Any) -> None:
        super().__init__(*args, **given)
        for name, label, kind, words in asks:
            if kind == "integer":
                field: forms.Field = forms.IntegerField(label=label, min_value=1, max_value=13)
            elif words:
                field = forms.ChoiceField(label=label, choices=[(word, word) for word in words])
            else:
                field = forms.CharField(label=label, max_length=40)
            self.fields[name] = field


class CodeForm(forms.Form):
    """A certificate's code."""

    code = forms.CharField(
        label=gettext_lazy("验证码"), max_length=60, required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
