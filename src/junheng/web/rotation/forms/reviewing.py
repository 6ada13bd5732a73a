"""What schools and offices fill in about applications."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.interface.numbers import aside
from junheng.web.rotation.actions.schooling import Said
from junheng.web.rotation.forms.asking import FILES_HINT
from junheng.web.rotation.models import Form, Recommendation, ReviewOutcome
from junheng.web.rotation.models.reviewing import Deliberation
from junheng.web.staffing.forms.corrections import FilesField
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models import TeacherState


class NominateForm(forms.Form):
    """A teacher whom the school puts forward."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    teacher = forms.ChoiceField(label=gettext_lazy("教师"))
    form = forms.ChoiceField(label=gettext_lazy("交流形式"), choices=Form.choices)
    reason = words_field(gettext_lazy("推荐理由"), required=True)

    def __init__(self, *args: Any, people: list[TeacherState], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid4()
        self.people = {str(each.teacher_id): each.teacher for each in people}
        self.fields["teacher"].choices = [  # type: ignore[attr-defined]
            (str(each.teacher_id), f"{each.name}{aside(each.teacher.number)}") for each in people
        ]


class SchoolOpinionForm(forms.Form):
    """The school's finding on qualification, and its opinion."""

    qualified = forms.TypedChoiceField(
        label=gettext_lazy("资格审核"), choices=[("1", gettext_lazy("通过")), ("0", gettext_lazy("不通过"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    finding = forms.CharField(label=gettext_lazy("资格审核理由"), max_length=500)
    recommends = forms.ChoiceField(label=gettext_lazy("学校意见"), choices=Recommendation.choices)
    opinion = forms.CharField(
        label=gettext_lazy("意见说明"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("教师会看到。"),
    )  # fmt: skip

    def said(self) -> Said:
        """What the school says."""
        return Said(**self.cleaned_data)


class ReturnForm(forms.Form):
    """What has to be changed."""

    opinion = forms.CharField(
        label=gettext_lazy("要修改什么"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("教师会看到。"),
    )  # fmt: skip


class ExtendForm(forms.Form):
    """Why there is more time."""

    reason = words_field(gettext_lazy("延长的理由"), required=True)


class MeetingForm(forms.Form):
    """Minutes of a meeting on people."""

    title = forms.CharField(label=gettext_lazy("会议名称"), max_length=200)
    held_on = day_field(gettext_lazy("召开日期"))
    present_were = forms.CharField(label=gettext_lazy("出席人员"), max_length=1000)
    minutes = forms.CharField(label=gettext_lazy("会议记录"), max_length=10000, widget=forms.Textarea({"rows": 10}))
    papers = FilesField(label=gettext_lazy("附件"), required=False, help_text=FILES_HINT)


class SchoolNoticeForm(forms.Form):
    """A notice within the school."""

    posted_on = day_field(gettext_lazy("公示开始"))
    days = forms.IntegerField(label=gettext_lazy("公示工作日"), min_value=1, max_value=60)
    place = forms.CharField(label=gettext_lazy("公示地点"), max_length=200)


class CloseNoticeForm(forms.Form):
    """How a notice ended."""

    objected = forms.TypedChoiceField(
        label=gettext_lazy("收到异议"), choices=[("0", gettext_lazy("没有收到")), ("1", gettext_lazy("收到"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    outcome = words_field(gettext_lazy("公示结果"))


class SignForm(forms.Form):
    """The principal's declaration."""

    declared = forms.BooleanField(
        label=gettext_lazy(
            "本人承诺：所推荐人员身体和能力适合任教，没有借交流推出患病影响工作或不胜任的人员，所报情况属实。"
        )
    )


class DecisionForm(forms.Form):
    """One decision on all that are selected."""

    batch = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=gettext_lazy("结果"), choices=ReviewOutcome.choices)
    clause = forms.CharField(
        label=gettext_lazy("依据条款"), max_length=200, required=False,
        help_text=gettext_lazy("不予通过时必须写明。"),
    )  # fmt: skip
    meeting = forms.ChoiceField(label=gettext_lazy("依据的会议"), required=False)
    opinion = forms.CharField(label=gettext_lazy("意见"), max_length=1000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, meetings: list[Deliberation], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["batch"].initial = uuid4()
        self.meetings = {str(each.pk): each for each in meetings}
        self.fields["meeting"].choices = [  # type: ignore[attr-defined]
            ("", _("不依据会议")), *((key, str(each)) for key, each in self.meetings.items())
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A clause for a no."""
        given = super().clean() or {}
        if given.get("outcome") == ReviewOutcome.REJECTED and not (given.get("clause") or "").strip():
            self.add_error("clause", _("不予通过的，应写明依据条款。"))
        return given


class ReliefDecisionForm(forms.Form):
    """A decision on a request to be left out."""

    decision = forms.ChoiceField(
        label=gettext_lazy("决定"), choices=[("grant", gettext_lazy("批准")), ("refuse", gettext_lazy("不批准"))]
    )
    clause = forms.CharField(label=gettext_lazy("依据条款"), max_length=200)
    since = day_field(gettext_lazy("开始日期"), required=False)
    until = day_field(gettext_lazy("期限至"), required=False)
    opinion = forms.CharField(
        label=gettext_lazy("决定意见"), max_length=1000, widget=forms.Textarea({"rows": 3, "data-private": ""}),
        help_text=gettext_lazy("教师会看到。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A yes has a beginning."""
        given = super().clean() or {}
        if given.get("decision") == "grant" and not given.get("since") and "since" not in self.errors:
            self.add_error("since", _("批准的应有开始日期。"))
        return given
