"""Forms about a placement in service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import LeaveKind
from junheng.web.rotation.models import (
    Addressee,
    ChangeKind,
    Goal,
    Matter,
    Placement,
    ProblemKind,
    RiskLevel,
    SafeguardGroup,
    Side,
    Task,
    TaskKind,
)
from junheng.web.staffing.forms.corrections import FilesField
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models.choices import choices_of

LARGEST_COUNT = 99


def text_field(label: Any, *, required: bool = True, most: int = 300, rows: int = 0, hint: Any = "") -> forms.CharField:
    """A line, or a few lines, of at most so many characters."""
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=required, max_length=most, widget=widget, help_text=hint)


def month_field(months: Iterable[date], *, first_first: bool = False) -> forms.TypedChoiceField:
    """One of the months, the last one first unless the first is due first."""
    found = sorted(months, reverse=not first_first)
    return forms.TypedChoiceField(
        label=_("月份"), choices=[(f"{each:%Y-%m-%d}", f"{each:%Y-%m}") for each in found], coerce=date.fromisoformat
    )


class ChargeForm(forms.Form):
    """Which side keeps a matter of this placement."""

    matter = forms.ChoiceField(label=gettext_lazy("管理事项"), choices=Matter.choices)
    side = forms.ChoiceField(label=gettext_lazy("由谁管理"), choices=Side.choices)
    reason = words_field(gettext_lazy("理由"), required=True)


class TaskForm(forms.Form):
    """A task."""

    kind = forms.ChoiceField(label=gettext_lazy("任务类别"))
    words = text_field(gettext_lazy("要求"), required=False)
    target = forms.IntegerField(label=gettext_lazy("目标次数"), min_value=1, max_value=LARGEST_COUNT, initial=1)
    due = forms.DateField(
        label=gettext_lazy("完成期限"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, kinds: Iterable[TaskKind], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class TargetsForm(forms.Form):
    """Until when the tasks that follow from the targets of the teacher's level are due."""

    due = forms.DateField(
        label=gettext_lazy("完成期限"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class TaskReportForm(forms.Form):
    """How far a task is."""

    done = forms.IntegerField(label=gettext_lazy("已完成次数"), min_value=0, max_value=LARGEST_COUNT)
    result = text_field(gettext_lazy("完成情况"), required=False, most=500, rows=3)
    evidence = FilesField(label=gettext_lazy("佐证材料"), required=False)


class JudgeForm(forms.Form):
    """Whether a task was accomplished."""

    met = forms.TypedChoiceField(
        label=gettext_lazy("认定"), choices=[("1", gettext_lazy("已完成")), ("0", gettext_lazy("未完成"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip


class LogForm(forms.Form):
    """A line of the log; ``key`` makes a second submit the same line."""

    day = day_field(gettext_lazy("日期"))
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=TaskKind.choices)
    count = forms.IntegerField(label=gettext_lazy("课时或次数"), min_value=1, max_value=LARGEST_COUNT, initial=1)
    words = text_field(gettext_lazy("内容"), required=False, most=500)
    task = forms.ModelChoiceField(Task.objects.none(), label=gettext_lazy("所属任务"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, placement: Placement, **given: Any) -> None:
        given["initial"] = {"key": uuid4()} | given.get("initial", {})
        super().__init__(*args, **given)
        self.fields["task"].queryset = placement.tasks.filter(met__isnull=True)  # type: ignore[attr-defined]


class UntilForm(forms.Form):
    """Up to which day the log is confirmed."""

    until = day_field(gettext_lazy("确认到（含当日）"))


class AttendanceForm(forms.Form):
    """Attendance of a month."""

    present_days = forms.DecimalField(
        label=gettext_lazy("实出勤天数"), min_value=0, max_value=31, decimal_places=1, max_digits=3
    )
    late_times = forms.IntegerField(label=gettext_lazy("迟到早退次数"), min_value=0, max_value=99, initial=0)
    absent_days = forms.DecimalField(
        label=gettext_lazy("旷工天数"), min_value=0, max_value=31, decimal_places=1, max_digits=3, initial=0
    )
    note = text_field(gettext_lazy("说明"), required=False)

    def __init__(self, *args: Any, months: Iterable[date], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields = {"month": month_field(months), **self.fields}


class LeaveForm(forms.Form):
    """A leave."""

    kind = forms.TypedChoiceField(label=gettext_lazy("假别"), choices=choices_of(LeaveKind), coerce=LeaveKind.read)
    start = day_field(gettext_lazy("开始日期"))
    end = day_field(gettext_lazy("结束日期"))
    approved_by = text_field(gettext_lazy("批准单位"), most=200)


class ReportForm(forms.Form):
    """The words of a month's report; the figures come from log and attendance."""

    words = text_field(gettext_lazy("主要工作"), most=2000, rows=6)
    difficulties = text_field(gettext_lazy("困难和建议"), required=False, most=1000, rows=3)

    def __init__(self, *args: Any, months: Iterable[date] | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        if months is not None:
            self.fields = {"month": month_field(months, first_first=True), **self.fields}


class PostForm(forms.Form):
    """A post of the journal."""

    title = text_field(gettext_lazy("标题"), most=100)
    text = text_field(
        gettext_lazy("正文"), most=5000, rows=10,
        hint=gettext_lazy("全县参加本年度轮岗的人都能看到，不要写学生和家长的姓名、电话。"),
    )  # fmt: skip


class VisitForm(forms.Form):
    """A visit or talk."""

    on = day_field(gettext_lazy("日期"))
    visitor = text_field(gettext_lazy("走访人"), most=100)
    thoughts = text_field(gettext_lazy("思想情况"), required=False, most=500, rows=2)
    work = text_field(gettext_lazy("工作和学习情况"), required=False, most=500, rows=2)
    life = text_field(gettext_lazy("生活情况"), required=False, most=500, rows=2)
    found = text_field(gettext_lazy("发现的问题"), required=False, most=500, rows=2)
    help = text_field(gettext_lazy("给予的帮助"), required=False, most=500, rows=2)


class SafeguardForm(forms.Form):
    """A safeguard more."""

    group = forms.ChoiceField(label=gettext_lazy("类别"), choices=SafeguardGroup.choices)
    words = text_field(gettext_lazy("保障事项"), most=200)


class SafeguardCheckForm(forms.Form):
    """Whether a safeguard is in place."""

    met = forms.BooleanField(label=gettext_lazy("已落实"), required=False)
    note = text_field(gettext_lazy("说明"), required=False)


class GoalForm(forms.Form):
    """A goal of the improvement agreement."""

    words = text_field(gettext_lazy("提高目标"))
    measure = text_field(gettext_lazy("检验办法"))
    due = day_field(gettext_lazy("期限"))


class GoalJudgeForm(forms.Form):
    """What became of a goal."""

    outcome = forms.ChoiceField(label=gettext_lazy("结果"), choices=Goal.Outcome.choices)
    note = text_field(gettext_lazy("说明"), required=False)


class ProblemForm(forms.Form):
    """A difficulty."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=ProblemKind.choices)
    level = forms.ChoiceField(label=gettext_lazy("风险"), choices=RiskLevel.choices, initial=RiskLevel.MIDDLE)
    to = forms.ChoiceField(
        label=gettext_lazy("向谁反映"), choices=Addressee.choices, initial=Addressee.HOST,
        help_text=gettext_lazy("只有所选的学校和县局能看到内容。"),
    )  # fmt: skip
    words = text_field(gettext_lazy("具体情况"), most=1000, rows=4)


class AnswerForm(forms.Form):
    """An answer."""

    words = text_field(gettext_lazy("答复"), most=1000, rows=4)


class RiskForm(forms.Form):
    """How grave a difficulty is now."""

    level = forms.ChoiceField(label=gettext_lazy("风险"), choices=RiskLevel.choices)
    note = text_field(gettext_lazy("措施和进展"), most=500, rows=3)


class ChangeForm(forms.Form):
    """A change of a placement."""

    kind = forms.ChoiceField(label=gettext_lazy("变更类别"))
    on = day_field(gettext_lazy("交流至（含当日）"))
    successor = forms.CharField(
        label=gettext_lazy("接替教师工号"), required=False, max_length=40,
        help_text=gettext_lazy("只在替换人员时填写。"),
    )  # fmt: skip
    rank = forms.IntegerField(
        label=gettext_lazy("综合考核名次"), required=False, min_value=1,
        help_text=gettext_lazy("只在继续交流时填写；留空则按档案中的年度考核。"),
    )  # fmt: skip
    of = forms.IntegerField(label=gettext_lazy("参评人数"), required=False, min_value=1)
    reason = text_field(gettext_lazy("理由"), most=1000, rows=3)

    def __init__(self, *args: Any, kinds: Iterable[ChangeKind], **given: Any) -> None:
        super().__init__(*args, **given)
        asked = set(kinds)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in ChangeKind if kind in asked
        ]
        if ChangeKind.REPLACEMENT not in asked:
            del self.fields["successor"]
        if ChangeKind.CONTINUATION not in asked:
            del self.fields["rank"], self.fields["of"]


class OpinionForm(forms.Form):
    """An opinion, with or without which a decision is made."""

    opinion = text_field(gettext_lazy("意见"), most=500, rows=3)


class DecideForm(OpinionForm):
    """A decision with its opinion."""

    approve = forms.TypedChoiceField(
        label=gettext_lazy("决定"), choices=[("1", gettext_lazy("同意")), ("0", gettext_lazy("不同意"))],
        coerce=lambda text: text == "1",
    )  # fmt: skip
    field_order = ("approve", "opinion")


class DeductionForm(forms.Form):
    """A proposed deduction."""

    percent = forms.DecimalField(
        label=gettext_lazy("扣减比例（%）"), required=False, min_value=0, max_value=100, decimal_places=2,
        help_text=gettext_lazy("政策已规定比例的，留空即按规定。"),
    )  # fmt: skip
    reason = text_field(gettext_lazy("理由"), most=500, rows=3)

    def __init__(self, *args: Any, months: Iterable[date], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields = {"month": month_field(months), **self.fields}
