"""What a teacher fills in: the application, a request to be left out; and how a year asks."""

from __future__ import annotations

import math
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.policy import Pack
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.asking import Asked
from junheng.web.rotation.models import Application, Chain, Form, Ground, ReliefKind, RotationYear
from junheng.web.rotation.wishing import Wishable, not_both, settings_of
from junheng.web.staffing.forms.corrections import FilesField
from junheng.web.staffing.forms.establishment import day_field, words_field
from junheng.web.staffing.models import SchoolState

FARTHEST_KM = 500
FILES_HINT = gettext_lazy("可以拍照上传，PDF、JPEG、PNG、Word 或 Excel，最多 3 个，每个不超过 20 MB。")
REWARD_RULE = "reward_condition"


def forms_of(pack: Pack) -> list[tuple[str, Any]]:
    """The forms of exchange for which a teacher may apply under a pack."""
    offered = [Form.ROTATION, Form.SUPPORT, *([Form.REWARD] if REWARD_RULE in pack.rules else [])]
    return [(each.value, each.label) for each in offered]


def numbered(year: RotationYear) -> list[str]:
    """The names of the fields of the wishes."""
    return [f"wish_{rank}" for rank in range(1, year.wishes_allowed + 1)]


NOT_KEPT = frozenset({"key", "version", "evidence"})
"""Fields of which a draft keeps nothing."""


class ApplyForm(forms.Form):
    """An application: wishes in their order, what the teacher accepts, reasons and evidence."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    form = forms.ChoiceField(label=gettext_lazy("交流形式"))
    obeys = forms.BooleanField(
        label=gettext_lazy("志愿不能满足时，服从调剂"), required=False, initial=True,
        help_text=gettext_lazy("不勾选的，只会安排到所填志愿的学校，或者不安排；资格认定为“应交流”的除外。"),
    )  # fmt: skip
    commute_limit_km = forms.FloatField(
        label=gettext_lazy("通勤上限（千米）"), required=False, min_value=0, max_value=FARTHEST_KM,
        help_text=gettext_lazy("可以留空。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("申请理由"), max_length=1000, required=False, widget=forms.Textarea({"rows": 4})
    )
    partner_number = forms.CharField(
        label=gettext_lazy("同时申请的配偶：工号"), max_length=40, required=False
    )  # fmt: skip
    partner_name = forms.CharField(label=gettext_lazy("同时申请的配偶：姓名"), max_length=100, required=False)
    evidence = FilesField(label=gettext_lazy("证明材料"), required=False, help_text=FILES_HINT)

    def __init__(
        self, year: RotationYear, pack: Pack, schools: list[Wishable], home: SchoolState | None, *args: Any,
        **given: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid4()
        self.fields["form"].choices = forms_of(pack)  # type: ignore[attr-defined]
        self.fields["reason"].required = settings_of(year, pack).statement_needed
        self.fields["partner_number"].help_text = " ".join(
            filter(None, (_("夫妻都是本县教师、同时申请的填写；双方互相写明才有效。"), not_both(pack)))
        )
        self.wishable = schools
        self.schools = {each.school.pk: each.school for each in schools}
        self.wishes = numbered(year)
        choices = [("", _("不填")), *((str(each.school.pk), _named(each, home)) for each in schools)]
        for rank, name in enumerate(self.wishes, 1):
            self.fields[name] = forms.ChoiceField(
                label=_("第 %(rank)s 志愿") % {"rank": rank}, choices=choices, required=False
            )
        self.order_fields(["key", "version", "form", *self.wishes])

    def clean(self) -> dict[str, Any]:
        """Wishes without gaps and repeats; of the spouse both or neither."""
        given = super().clean() or {}
        named = [given.get(name) or "" for name in self.wishes]
        chosen = [each for each in named if each]
        for place, name in enumerate(self.wishes):
            if named[place] and named[place] in named[:place]:
                self.add_error(name, _("同一所学校只能填一次。"))
            elif named[place] and not all(named[:place]):
                self.add_error(name, _("前面的志愿还空着，请按顺序填。"))
        if bool(given.get("partner_number")) != bool(given.get("partner_name")):
            self.add_error("partner_name", _("配偶的工号和姓名应同时填写。"))
        if not chosen and not given.get("obeys") and not self.errors:
            self.add_error("obeys", _("没有填志愿又不服从调剂，无法安排；请填志愿或选择服从调剂。"))
        return given

    def clean_commute_limit_km(self) -> float | None:
        """A number of kilometres."""
        given: float | None = self.cleaned_data["commute_limit_km"]
        if given is not None and not math.isfinite(given):
            raise ValidationError(_("请填写千米数。"))
        return given

    def asked(self) -> Asked:
        """What is asked for."""
        given = self.cleaned_data
        wishes: list[Organisation] = [self.schools[int(given[name])] for name in self.wishes if given[name]]
        return Asked(
            wishes, given["reason"], given["form"], given["obeys"], given["commute_limit_km"],
            (given["partner_number"], given["partner_name"]),
        )  # fmt: skip

    def leave_reason(self, reason: str) -> None:
        """Show the school's reason for putting the teacher forward, which is not the teacher's to change."""
        shown = self.fields["reason"]
        shown.label, shown.initial, shown.disabled, shown.required = _("推荐理由"), reason, True, False

    def kept(self) -> dict[str, Any]:
        """What has been typed so far, for a draft."""
        return {name: self.data.get(name, "")[:1000] for name in self.fields if name not in NOT_KEPT}

    def in_words(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """A draft to be read: each field that says something, with its label."""
        rows = []
        for name, field in self.fields.items():
            value: Any = values.get(name, "")
            if isinstance(field, forms.ChoiceField):
                value = dict(list(field.choices)).get(value, "") if value else ""  # type: ignore[arg-type]
            elif isinstance(field, forms.BooleanField):
                value = _("是") if value else _("否")
            if value and name not in NOT_KEPT:
                rows.append({"label": field.label, "value": value, "wide": name == "reason"})
        return rows


class SignedForm(forms.Form):
    """A paper that a teacher has signed, with its date, as the school enters it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    dated = day_field(
        gettext_lazy("签名日期"), help_text=gettext_lazy("教师本人签名的日期，如实填写；是否逾期以录入的时刻为准。")
    )
    evidence = FilesField(
        label=gettext_lazy("本人签名的纸质件"), help_text=FILES_HINT,
        error_messages={"required": gettext_lazy("请上传教师本人签名的纸质件。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid4()
        self.fields["dated"].initial = None

    def clean_evidence(self) -> list[Any]:
        """At least one file."""
        given: list[Any] = self.cleaned_data["evidence"]
        if not given:
            raise ValidationError(self.fields["evidence"].error_messages["required"])
        return given


class SpokenForm(SignedForm, ApplyForm):
    """What a teacher without an account says of an application that the school has made for him, on paper."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.order_fields(["key", "version", "dated", "form", *self.wishes])


class PaperForm(SpokenForm):
    """An application that a teacher has written and signed on paper."""

    dated = day_field(
        gettext_lazy("纸质申请日期"), help_text=gettext_lazy("教师本人签名的日期，如实填写；是否逾期以录入的时刻为准。")
    )
    evidence = FilesField(
        label=gettext_lazy("本人签名的纸质申请"), help_text=FILES_HINT,
        error_messages={"required": gettext_lazy("请上传教师本人签名的纸质申请。")},
    )  # fmt: skip


def initial_of(application: Application) -> dict[str, Any]:
    """What an application asks for, for its form."""
    wishes = {f"wish_{each.rank}": str(each.school_id) for each in application.choices.all()}
    partner = application.partner
    named = {}
    if partner is not None:
        named = {"partner_number": partner.number, "partner_name": partner.state.name if partner.state else ""}
    return {
        "version": application.version, "form": application.form, "obeys": application.obeys,
        "commute_limit_km": application.commute_limit_km, "reason": application.reason, **wishes, **named,
    }  # fmt: skip


def _named(each: Wishable, home: SchoolState | None) -> str:
    """A school with its distance as the crow flies, and what forbids it."""
    said = each.school.shown
    here = (home.x_km, home.y_km) if home is not None else (None, None)
    there = (each.state.x_km, each.state.y_km)
    if here[0] is not None and here[1] is not None and there[0] is not None and there[1] is not None:
        far = math.dist((here[0], here[1]), (there[0], there[1]))
        said = _("%(school)s · 直线 %(far).1f 千米") % {"school": said, "far": far}
    return _("%(school)s（不能选：%(why)s）") % {"school": said, "why": each.why_not} if each.why_not else said


class ReliefForm(forms.Form):
    """A request to be deferred or excluded."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=ReliefKind.choices)
    ground = forms.ChoiceField(label=gettext_lazy("情形"), choices=Ground.choices)
    ground_text = forms.CharField(
        label=gettext_lazy("情况说明"), max_length=1000, widget=forms.Textarea({"rows": 4, "data-private": ""}),
        help_text=gettext_lazy("加密保存，只有本人和决定机关能看到。"),
    )  # fmt: skip
    evidence = FilesField(label=gettext_lazy("证明材料"), required=False, help_text=FILES_HINT)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["key"].initial = uuid4()


class AskingForm(forms.Form):
    """How a year asks."""

    chain = forms.ChoiceField(label=gettext_lazy("审核程序"), choices=Chain.choices)
    notice_days = forms.IntegerField(label=gettext_lazy("校内公示工作日"), min_value=1, max_value=60)
    return_days = forms.IntegerField(
        label=gettext_lazy("退回修改工作日"), min_value=1, max_value=60,
        help_text=gettext_lazy("申请被退回后，教师修改、学校重新签署的时间。"),
    )  # fmt: skip
    relief_months = forms.IntegerField(label=gettext_lazy("暂缓期限（月）"), min_value=1, max_value=120)
    statement_needed = forms.BooleanField(label=gettext_lazy("申请必须写理由"), required=False)
    call_age = forms.IntegerField(
        label=gettext_lazy("倡导青年教师到农村：周岁不超过"), min_value=18, max_value=60, required=False,
        help_text=gettext_lazy("城镇学校的青年教师到乡村学校任教，人事关系不转、待遇不变。年龄和年数都不填即不倡导。"),
    )  # fmt: skip
    call_years = forms.IntegerField(
        label=gettext_lazy("倡导青年教师到农村：工作年数不超过"), min_value=0, max_value=40, required=False,
        help_text=gettext_lazy("年龄和年数都填的，须同时符合。"),
    )  # fmt: skip
    call_clause = forms.CharField(label=gettext_lazy("倡导的依据"), max_length=200, required=False)
    reason = words_field(gettext_lazy("修改理由"), required=True)

    def clean(self) -> dict[str, Any]:
        """A call cites its clause; without one there is no clause."""
        given = super().clean() or {}
        calls = given.get("call_age") is not None or given.get("call_years") is not None
        if calls and not given.get("call_clause"):
            self.add_error("call_clause", _("请写明倡导的依据，如文件名称和条款。"))
        if not calls and "call_clause" in given:
            given["call_clause"] = ""
        return given
