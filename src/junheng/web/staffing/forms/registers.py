"""Forms of the registers: what is entered about a teacher, from which day on, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, Standing
from junheng.web.directory.models import Organisation
from junheng.web.staffing.forms.establishment import LATEST_POSTS, day_field
from junheng.web.staffing.models import (
    ContractEntry,
    EarlyLeaveEntry,
    NotInPostEntry,
    ProgrammeEntry,
    RecruitmentEntry,
    RetirementDecision,
    SecondmentEntry,
    SupportPostEntry,
    Teacher,
    TeacherState,
    WageEntry,
)

_DAY = {"type": "date"}


class EntryForm(forms.ModelForm[Any]):
    """An entry about a teacher, who is named by number where the page does not know yet."""

    number = forms.CharField(label=gettext_lazy("工号"), max_length=40)
    entered_from = day_field(gettext_lazy("自何日起"))
    remark = forms.CharField(label=gettext_lazy("登记说明"), max_length=300, required=False)

    field_order = ("number",)

    def __init__(
        self, *args: Any, standing: Standing, county: Organisation, teacher: Teacher | None = None, **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.standing, self.county, self.teacher = standing, county, teacher
        if teacher is not None:
            del self.fields["number"]
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField) and name != "entered_from":
                field.widget = forms.DateInput(_DAY, format="%Y-%m-%d")

    def clean_number(self) -> str:
        """Finds the teacher within what the person sees."""
        number: str = self.cleaned_data["number"].strip()
        found = Teacher.objects.visible_to(self.standing, Permission.TEACHERS_VIEW)
        self.teacher = found.filter(county=self.county, number=number).first()
        if self.teacher is None:
            raise forms.ValidationError(_("您的管理范围内没有工号为 %(number)s 的教师。") % {"number": number})
        return number

    def clean(self) -> dict[str, Any]:
        """What the register asks of the teacher."""
        given = super().clean() or {}
        start, end = given.get("start"), given.get("end")
        if start and end and end < start:
            self.add_error("end", _("结束日期不能早于开始日期。"))
        state = self.teacher.state if self.teacher is not None else None
        if self.teacher is not None and state is None:
            raise forms.ValidationError(_("这位教师已经离开本县，不能再登记。"))
        if state is not None:
            self.check(state, given)
        return given

    def check(self, state: TeacherState, given: dict[str, Any]) -> None:
        """What the register asks of the teacher's state."""

    def values(self) -> dict[str, Any]:
        """What is entered."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def validate_unique(self) -> None:
        """The verb closes the row before."""

    def validate_constraints(self) -> None:
        """The verb closes the row before; what the spell must be is checked above."""


class NotInPostForm(EntryForm):
    """Why somebody is not in post."""

    class Meta:
        model = NotInPostEntry
        fields = ("reason", "since", "action_taken", "due")

    def check(self, state: TeacherState, given: dict[str, Any]) -> None:
        """Only somebody on the establishment and not in post belongs here."""
        if state.in_post is not False or state.on_establishment is False:
            raise forms.ValidationError(_("这位教师没有登记为“在编不在岗”。请先在教师档案中登记不在岗。"))


class SecondmentForm(EntryForm):
    """The paper behind a secondment."""

    class Meta:
        model = SecondmentEntry
        fields = ("direction", "unit", "start", "end", "document_number")


class ContractForm(EntryForm):
    """A contract."""

    class Meta:
        model = ContractEntry
        fields = ("kind", "start", "end", "contract_number")

    def check(self, state: TeacherState, given: dict[str, Any]) -> None:
        """A contract for a fixed term has an end."""
        if given.get("kind") == "fixed" and not given.get("end"):
            self.add_error("end", _("固定期限合同要填写终止日期。"))


class WageForm(EntryForm):
    """What a hired teacher costs."""

    class Meta:
        model = WageEntry
        fields = ("yearly_yuan", "paid_by", "hired_on")

    def check(self, state: TeacherState, given: dict[str, Any]) -> None:
        """Only somebody hired outside the establishment belongs here."""
        if state.on_establishment is not False:
            raise forms.ValidationError(_("这位教师在编或未填编制情况，不是学校聘用教师。"))


class EarlyLeaveForm(EntryForm):
    """Early leave."""

    class Meta:
        model = EarlyLeaveEntry
        fields = ("start", "ground", "document_number", "freed_for")


class RetirementForm(EntryForm):
    """A retirement date granted."""

    class Meta:
        model = RetirementDecision
        fields = ("retires_on", "ground", "document_number")

    def check(self, state: TeacherState, given: dict[str, Any]) -> None:
        """Nobody retires before birth, or before adulthood."""
        day = given.get("retires_on")
        if day and day.year - state.birth_date.year < 40:
            self.add_error("retires_on", _("核定退休日期过早，请核对。"))


class ProgrammeForm(EntryForm):
    """A place in the three-year programme."""

    class Meta:
        model = ProgrammeEntry
        fields = ("former_community_teacher", "weak_skill", "measure", "start_year", "progress", "remark")


class SupportPostForm(forms.ModelForm[SupportPostEntry]):
    """A school's support posts of one kind."""

    entered_from = day_field(gettext_lazy("自何日起"))
    field_order = ("school",)

    class Meta:
        model = SupportPostEntry
        fields = ("school", "kind", "posts", "people", "yearly_yuan")

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"] = forms.ModelChoiceField(schools, label=gettext_lazy("学校"))

    def validate_unique(self) -> None:
        """The verb closes the row before."""

    def validate_constraints(self) -> None:
        """The verb closes the row before."""

    def values(self) -> dict[str, Any]:
        """What is entered."""
        return {name: self.cleaned_data[name] for name in ("kind", "posts", "people", "yearly_yuan")}


class RecruitmentForm(forms.ModelForm[RecruitmentEntry]):
    """New staff for a school; recruited openly, or with the basis on which they are not."""

    class Meta:
        model = RecruitmentEntry
        fields = ("school", "year", "stage", "subject", "number", "openly", "basis")

    def __init__(self, *args: Any, schools: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["school"] = forms.ModelChoiceField(schools, label=gettext_lazy("学校"))

    def validate_unique(self) -> None:
        """The verb closes the row before."""

    def validate_constraints(self) -> None:
        """The verb closes the row before."""

    def clean(self) -> dict[str, Any]:
        """Who is not recruited openly needs a basis; who is has none."""
        given = super().clean() or self.cleaned_data
        if given.get("openly"):
            given["basis"] = ""
        elif not given.get("basis"):
            self.add_error(
                "basis", _("新教师面向社会公开招聘；不公开招聘的（如定向培养、政策性安置），请填写依据的文件。")
            )
        return given

    def values(self) -> dict[str, Any]:
        """What is planned."""
        return {name: self.cleaned_data[name] for name in ("year", "stage", "subject", "number", "openly", "basis")}


class IncreaseForm(forms.Form):
    """How many a county may take on in a year."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    number = forms.IntegerField(label=gettext_lazy("计划增人"), min_value=0, max_value=LATEST_POSTS)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=100)
