"""Forms of links: who is bound to whom, what is shared, since when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, Standing
from junheng.web.directory.forms.organisations import TieForm
from junheng.web.directory.models import Organisation
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models import GroupTerms, OutsidePartner, PairTerms, Sharing, Teacher, TeacherState


def shares_field() -> forms.TypedMultipleChoiceField:
    """What is shared; nothing is an answer too."""
    return forms.TypedMultipleChoiceField(
        label=gettext_lazy("共享内容"), choices=Sharing.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("人员、资源、管理、发展四项都有的，为“捆绑式”结对。"),
    )  # fmt: skip


class TermsForm(forms.ModelForm[Any]):
    """Terms from a day on, and why they change."""

    entered_from = day_field(gettext_lazy("自何日起"))
    reason = forms.CharField(label=gettext_lazy("登记说明"), max_length=300, required=False)

    def values(self) -> dict[str, Any]:
        """What is set."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def clean_shares(self) -> list[str]:
        """In the order of :class:`Sharing`, so that the same choice is the same terms."""
        chosen = set(self.cleaned_data["shares"])
        return [each.value for each in Sharing if each.value in chosen]

    def validate_unique(self) -> None:
        """The verb closes the row before."""

    def validate_constraints(self) -> None:
        """The verb closes the row before."""


class PairTermsForm(TermsForm):
    """What two paired schools share, and what they do all the year round."""

    shares = shares_field()

    class Meta:
        model = PairTerms
        fields = ("shares", "activities", "document_number")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["activities"].widget = forms.Textarea({"rows": 3})
        self.fields["activities"].help_text = gettext_lazy("如：每月一次联合教研，每学期互派教师；写明多久一次。")


class LinkForm(TieForm):
    """Another pair of schools: the two, what binds them, and from when until when."""

    supporting = forms.ModelChoiceField(label=gettext_lazy("支援学校"), queryset=Organisation.objects.none())

    field_order = ("supporting", "supported", "kind", "start", "end")

    def __init__(self, *args: Any, county: Organisation, standing: Standing, **given: Any) -> None:
        super().__init__(*args, organisation=county, standing=standing, **given)
        within = Organisation.objects.visible_to(standing, Permission.LINKS_EDIT)
        schools = within.filter(county=county, closed__isnull=True).schools()
        for name in ("supporting", "supported"):
            self.fields[name].queryset = schools  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two schools, not one."""
        given = super().clean() or {}
        if given.get("supporting") and given["supporting"] == given.get("supported"):
            self.add_error("supported", _("请选择另一所学校。"))
        return given


class GroupTermsForm(TermsForm):
    """What a school group is."""

    shares = shares_field()

    class Meta:
        model = GroupTerms
        fields = ("kind", "main", "shares", "document_number")

    def __init__(self, *args: Any, members: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["main"].queryset = members  # type: ignore[attr-defined]
        self.fields["main"].help_text = gettext_lazy("其余学校为分校或成员校。")
        self.fields["shares"].help_text = gettext_lazy("片区的分校与主校共享理念、管理、师资和设备。")


class OutsidePartnerForm(TermsForm):
    """A district elsewhere with which the county is paired."""

    class Meta:
        model = OutsidePartner
        fields = (
            "partner", "programme", "whole_county", "contact_unit", "contents", "start", "end", "document_number",
        )  # fmt: skip

    def __init__(self, *args: Any, again: bool = False, **given: Any) -> None:
        super().__init__(*args, **given)
        for name in ("start", "end"):
            self.fields[name].widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        self.fields["contents"].widget = forms.Textarea({"rows": 3})
        self.fields["contact_unit"].help_text = gettext_lazy("只写单位和科室，不写个人。")
        for name in ("partner", "programme") if again else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        given = super().clean() or {}
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", _("结束日期不能早于开始日期。"))
        return given


class TeacherTieForm(forms.Form):
    """Two teachers, one of whom at least is of the person's own schools; each by number and name."""

    supporting_number = forms.CharField(label=gettext_lazy("支援教师：工号"), max_length=40)
    supporting_name = forms.CharField(label=gettext_lazy("支援教师：姓名"), max_length=100)
    supported_number = forms.CharField(label=gettext_lazy("受援教师：工号"), max_length=40)
    supported_name = forms.CharField(label=gettext_lazy("受援教师：姓名"), max_length=100)
    aim = forms.CharField(
        label=gettext_lazy("结对内容"), max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("如：备课和课堂教学指导，每月互听两节课。"),
    )  # fmt: skip
    start = day_field(gettext_lazy("开始日期"))
    end = day_field(gettext_lazy("结束日期"), required=False)

    def __init__(self, *args: Any, standing: Standing, county: Organisation, **given: Any) -> None:
        super().__init__(*args, **given)
        self.standing, self.county = standing, county
        self.found: dict[str, Teacher] = {}
        self.fields["end"].initial = None

    def clean(self) -> dict[str, Any]:
        """Finds both teachers; a number is confirmed only together with the name of whose it is."""
        given = super().clean() or {}
        for side in ("supporting", "supported"):
            number, name = given.get(f"{side}_number", "").strip(), given.get(f"{side}_name", "").strip()
            if number and name:
                self._find(side, number, name)
        if given.get("end") and given.get("start") and given["end"] < given["start"]:
            self.add_error("end", _("结束日期不能早于开始日期。"))
        if len(self.found) == 2 and not self._own():
            raise forms.ValidationError(_("两位教师中至少一位的人事关系应在您管理的学校。"))
        return given

    def _find(self, side: str, number: str, name: str) -> None:
        states = TeacherState.objects.current().filter(  # scoped: number and name have to be known both
            teacher__county=self.county, teacher__number=number, name=name
        )
        state = states.select_related("teacher").first()
        if state is None:
            self.add_error(f"{side}_number", _("本县没有这个工号和姓名的教师，请核对。"))
        else:
            self.found[side] = state.teacher

    def _own(self) -> bool:
        within = self.standing.organisations(Permission.TEACHERS_EDIT)
        states = TeacherState.objects.current().filter(teacher__in=self.found.values())
        return self.county.pk in within or any(each.school_id in within for each in states)


class EndForm(forms.Form):
    """From which day on, and why."""

    on = day_field(gettext_lazy("结束日期"))
    reason = words_field(gettext_lazy("理由"), required=True)
