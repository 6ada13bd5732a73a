"""Forms about a year in service: settings, school reports, meetings, leaders, allowances."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.facts import Level
from junheng.web.directory.models import Organisation, User
from junheng.web.rotation.forms.serving import month_field, text_field
from junheng.web.rotation.models import Payer, TaskKind, VisitKind
from junheng.web.staffing.forms.establishment import day_field
from junheng.web.staffing.models.choices import label_of


class SettingsForm(forms.Form):
    """The year's settings for service."""

    report_due_day = forms.IntegerField(
        label=gettext_lazy("月报截止日（次月）"), min_value=1, max_value=28,
        help_text=gettext_lazy("到次月这一天的 24 时为止。"),
    )  # fmt: skip
    warning_days = forms.CharField(
        label=gettext_lazy("到期前提醒天数"), max_length=60, help_text=gettext_lazy("用逗号隔开，如 60, 30, 7。")
    )
    similar_percent = forms.IntegerField(
        label=gettext_lazy("总结相似度提示线（%）"), min_value=1, max_value=100,
        help_text=gettext_lazy("达到这一比例的，在名单上标出供人查看，不自动作任何处理。"),
    )  # fmt: skip

    def clean_warning_days(self) -> list[int]:
        """Whole days, at most a year."""
        parts = [each.strip() for each in self.cleaned_data["warning_days"].replace("，", ",").split(",")]
        if not all(each.isdecimal() and 1 <= int(each) <= 366 for each in parts):
            raise forms.ValidationError(_("应为 1 到 366 的整数，用逗号隔开。"))
        return [int(each) for each in parts]


class DevelopmentForm(forms.Form):
    """How often a backbone teacher of each level is to do what in the year; blank is no target."""

    def __init__(self, *args: Any, levels: Iterable[Level], kinds: Iterable[TaskKind], **given: Any) -> None:
        super().__init__(*args, **given)
        self.kinds = tuple(kinds)
        self.grid = [(f"{level.value}_{kind.value}", level, kind) for level in levels for kind in self.kinds]
        for name, level, kind in self.grid:
            label = _("%(level)s骨干：%(kind)s") % {"level": label_of(level), "kind": kind.label}
            self.fields[name] = forms.IntegerField(label=label, required=False, min_value=0, max_value=99)

    @property
    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """A line for each level, with a field for each kind."""
        return [
            (label_of(level), [self[name] for name, _level, _kind in cells])
            for level, cells in ((level, list(held)) for level, held in groupby(self.grid, key=lambda each: each[1]))
        ]

    def targets(self) -> dict[Level, dict[TaskKind, int]]:
        """What was set, by level."""
        found: dict[Level, dict[TaskKind, int]] = {}
        for name, level, kind in self.grid:
            found.setdefault(level, {})[kind] = self.cleaned_data[name] or 0
        return found


class MeetingForm(forms.Form):
    """A meeting to share experience."""

    on = day_field(gettext_lazy("会议日期"))
    place = text_field(gettext_lazy("地点"), most=100)
    topic = text_field(gettext_lazy("主题"), most=200)
    grounds = text_field(gettext_lazy("从月报看到的情况"), most=500, rows=3)

    def __init__(self, *args: Any, months: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields = {"month": month_field(months), **self.fields}


class MeetingOutcomeForm(forms.Form):
    """What came of a meeting."""

    outcome = text_field(gettext_lazy("会议情况"), most=2000, rows=6)


class LeaderForm(forms.Form):
    """Which leader answers for a school."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("学校"))
    leader = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("包校领导"))

    def __init__(self, *args: Any, schools: Any, leaders: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self.fields["leader"].queryset = leaders  # type: ignore[attr-defined]


class SchoolVisitForm(forms.Form):
    """A visit of the bureau to a school."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("所到学校"))
    kind = forms.ChoiceField(
        label=gettext_lazy("走访类别"),
        choices=[(each.value, each.label) for each in (VisitKind.LEADER, VisitKind.SECTION)],
    )
    on = day_field(gettext_lazy("日期"))
    visitor = text_field(gettext_lazy("走访人"), most=100)
    found = text_field(gettext_lazy("发现的问题"), required=False, most=500, rows=2)
    help = text_field(gettext_lazy("给予的帮助"), required=False, most=500, rows=2)

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]


class RateForm(forms.Form):
    """An allowance of the year."""

    name = text_field(gettext_lazy("补助名称"), most=60)
    amount = forms.DecimalField(
        label=gettext_lazy("每月金额（元）"), min_value=0, max_value=99999, decimal_places=2, max_digits=7
    )
    payer = forms.ChoiceField(label=gettext_lazy("由谁承担"), choices=Payer.choices)
    rural_only = forms.BooleanField(label=gettext_lazy("只发给到乡村学校的"), required=False)
    clause = text_field(
        gettext_lazy("依据"), required=False, most=200, hint=gettext_lazy("政策已写明的，按政策的条款，不用填。")
    )


class PaidForm(forms.Form):
    """When an allowance was paid."""

    on = day_field(gettext_lazy("发放日期"))
