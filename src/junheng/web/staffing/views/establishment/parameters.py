"""By what a county reckons: its parameters, their history, and the form to change them from a day on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from junheng.facts import Locale, Stage
from junheng.indicators import EstablishmentNorm, national_norm
from junheng.web.access import Permission, requires
from junheng.web.interface.numbers import number
from junheng.web.staffing.actions.parameters import set_parameters
from junheng.web.staffing.forms.establishment import ParametersForm
from junheng.web.staffing.models import EstablishmentSettings
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.models.parameters import NORMS, settings_of
from junheng.web.staffing.views.establishment.pages import show
from junheng.web.staffing.views.establishment.scope import Scope, address


@requires(Permission.ESTABLISHMENT_VIEW)
def parameters(request: HttpRequest) -> HttpResponse:
    """The parameters in force, those of the norms that come along, and the county's earlier ones."""
    scope = Scope(request)
    held = settings_of(scope.county, scope.on)
    earlier = EstablishmentSettings.objects.filter(county=scope.county).order_by("-valid_from", "-pk")
    buttons = []
    if scope.may(Permission.ESTABLISHMENT_DRAFT):
        url = address("establishment_parameters_change")
        buttons.append({"url": url, "icon": "edit", "label": _("修改参数"), "primary": True})
    return show(
        request, scope, "establishment_parameters", "establishment_parameters",
        heading=_("测算参数"), buttons=buttons, facts=_facts(held),
        norms=[_table(held.as_norm(), _("本县现行")), *(_table(national_norm(code)) for code in NORMS)],
        spells=[_spell(row) for row in earlier[:20]],
    )  # fmt: skip


def _facts(held: EstablishmentSettings) -> list[dict[str, Any]]:
    names = (
        "rounding", "small_school_pupils", "primary_per_class", "junior_per_class", "primary_periods",
        "junior_periods", "manager_cap", "programme_age", "programme_education", "contract_notice_days",
        "document_number",
    )  # fmt: skip
    facts = []
    fields = {field.name: field.verbose_name for field in EstablishmentSettings._meta.fields}
    for name in names:
        shown = getattr(held, f"get_{name}_display", None)
        label = fields[name]
        facts.append({"label": label, "value": shown() if shown else getattr(held, name)})
    return facts


def _table(norm: EstablishmentNorm, title: str = "") -> dict[str, Any]:
    zh = (get_language() or "zh").startswith("zh")
    rows = [(label_of(stage), [_number(norm.pupils_per_teacher.get((stage, at))) for at in Locale]) for stage in Stage]
    return {
        "title": title or (norm.zh if zh else norm.en),
        "name": norm.zh if zh else norm.en,
        "document": norm.document_number,
        "since": norm.in_force_from,
        "until": norm.in_force_to,
        "rows": rows,
    }


def _number(value: Any) -> str:
    return number(value)


def _spell(row: EstablishmentSettings) -> dict[str, Any]:
    norm = row.as_norm()
    return {
        "since": row.valid_from,
        "until": row.valid_until,
        "title": norm.zh if (get_language() or "zh").startswith("zh") else norm.en,
        "text": row.document_number,
    }


@requires(Permission.ESTABLISHMENT_DRAFT)
def change_parameters(request: HttpRequest) -> HttpResponse:
    """The form; what is saved holds from its day on, and the earlier parameters stay for earlier days."""
    scope = Scope(request)
    if not scope.may(Permission.ESTABLISHMENT_DRAFT):
        raise PermissionDenied
    held = settings_of(scope.county, scope.on)
    held.valid_from = scope.on
    initial = {name: getattr(held, name) for name in ParametersForm.Meta.fields}
    form = ParametersForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        day, reason = form.cleaned_data["valid_from"], form.cleaned_data["reason"]
        set_parameters(scope.county, form.parameters(), valid_from=day, by=request.user, reason=reason)  # type: ignore[arg-type]
        messages.success(request, _("参数已保存，自 %(day)s 起采用。") % {"day": day})
        return redirect("staffing:establishment_parameters")
    return show(
        request, scope, "establishment_parameters", "area_form", heading=_("修改测算参数"), form=form,
        wide=("document_number",), back=address("establishment_parameters"),
    )  # fmt: skip
