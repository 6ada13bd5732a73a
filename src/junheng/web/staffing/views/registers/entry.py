"""Entering, changing and ending what a register says of a teacher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, Privacy, requires
from junheng.web.staffing import models
from junheng.web.staffing.actions import registers as actions
from junheng.web.staffing.forms import registers as forms
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.models.careers import OfTeacher
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.views.establishment.pages import show
from junheng.web.staffing.views.establishment.scope import Scope, address


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its list's address, what it stores, its form, and who may enter it."""

    page: str
    kind: type[OfTeacher]
    form: type[forms.EntryForm]
    heading: Any
    permission: Permission = Permission.TEACHERS_EDIT


REGISTERS = {
    register.page: register
    for register in (
        Register("not_in_post", models.NotInPostEntry, forms.NotInPostForm, gettext_lazy("登记占编不在岗")),
        Register("secondments", models.SecondmentEntry, forms.SecondmentForm, gettext_lazy("登记借调手续")),
        Register("contracts", models.ContractEntry, forms.ContractForm, gettext_lazy("登记聘用合同")),
        Register("hired_teachers", models.WageEntry, forms.WageForm, gettext_lazy("登记聘用教师工资")),
        Register(
            "early_leave", models.EarlyLeaveEntry, forms.EarlyLeaveForm, pgettext_lazy("heading", "登记提前离岗"),
            Permission.ESTABLISHMENT_DRAFT,
        ),
        Register("programme", models.ProgrammeEntry, forms.ProgrammeForm, pgettext_lazy("heading", "登记三年提升")),
        Register(
            "retirements", models.RetirementDecision, forms.RetirementForm, gettext_lazy("登记核定退休日期"),
            Permission.ESTABLISHMENT_DRAFT,
        ),
    )
}  # fmt: skip
"""Registers of teachers by the name of their list."""


def entering(page: str) -> Any:
    """The view of a register's form, for a teacher of the address or one named by number."""
    register = REGISTERS[page]

    @requires(register.permission)
    def enter(request: HttpRequest, pk: int | None = None) -> HttpResponse:
        scope = Scope(request)
        teacher = _teacher(scope, register, pk) if pk is not None else None
        held = register.kind.objects.current().filter(teacher=teacher).first() if teacher else None
        fields = register.form.Meta.fields  # type: ignore[attr-defined]
        if held is not None and not _reads_all(scope, held):
            fields = [name for name in fields if held.privacy.get(name) is not Privacy.SENSITIVE]
        form = register.form(
            request.POST or None, standing=scope.standing, county=scope.county, teacher=teacher,
            initial={name: getattr(held, name) for name in fields} if held else None,
        )  # fmt: skip
        status = 200
        if request.method == "POST":
            if form.is_valid() and form.teacher is not None:
                _may(scope, register, form.teacher)
                actions.enter(
                    register.kind, form.teacher, form.values(), on=form.cleaned_data["entered_from"],
                    by=request.user, reason=form.cleaned_data["remark"],  # type: ignore[arg-type]
                )  # fmt: skip
                messages.success(request, _("已登记：%(teacher)s。") % {"teacher": form.teacher})
                return redirect(f"staffing:{register.page}")
            status = 422
        response = show(
            request, scope, register.page, "area_form", heading=register.heading, form=form,
            facts=_facts(teacher), back=address(register.page), ends=_ends(register, held),
        )  # fmt: skip
        response.status_code = status
        return response

    enter.__doc__ = f"The form of the register {page}."
    return enter


def _reads_all(scope: Scope, held: Any) -> bool:
    """Whether the person may read what is sensitive of the entry; who may not writes it anew."""
    school = held.teacher.state.school_id if held.teacher.state else None
    return school in scope.standing.organisations(Permission.TEACHERS_SENSITIVE)


def ending(page: str) -> Any:
    """The view that takes a teacher out of a register."""
    register = REGISTERS[page]

    @require_POST
    @requires(register.permission)
    def end(request: HttpRequest, pk: int) -> HttpResponse:
        scope = Scope(request)
        entries = register.kind.objects.select_related("teacher", "teacher__county")
        entry = get_object_or_404(entries, pk=pk, teacher__in=Teacher.objects.visible_to(scope.standing))
        _may(scope, register, entry.teacher)
        reason = request.POST.get("reason", "").strip()[:300]
        if not reason:
            messages.error(request, _("请写明理由。"))
            return redirect(f"staffing:{register.page}_enter_for", entry.teacher_id)
        try:
            actions.end(entry, on=timezone.localdate(), by=request.user, reason=reason)  # type: ignore[arg-type]
        except RefusedError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("已结束登记：%(teacher)s。") % {"teacher": entry.teacher})
        return redirect(f"staffing:{register.page}")

    return end


def _teacher(scope: Scope, register: Register, pk: int) -> Teacher:
    found = Teacher.objects.visible_to(scope.standing, Permission.TEACHERS_VIEW).select_related("county")
    teacher: Teacher = get_object_or_404(found, pk=pk)
    _may(scope, register, teacher)
    return teacher


def _may(scope: Scope, register: Register, teacher: Teacher) -> None:
    """Seen, but held at another school: in scope without the right."""
    state = teacher.state
    if state is None or state.school_id not in scope.standing.organisations(register.permission):
        raise PermissionDenied


def _facts(teacher: Teacher | None) -> list[dict[str, Any]]:
    state = teacher.state if teacher else None
    if teacher is None or state is None:
        return []
    return [
        {"label": _("姓名"), "value": state.name},
        {"label": _("工号"), "value": teacher.number},
        {"label": _("人事关系学校"), "value": state.school},
    ]


def _ends(register: Register, held: OfTeacher | None) -> dict[str, Any] | None:
    if held is None:
        return None
    url = address(f"{register.page}_end", held.pk)
    return {"title": _("结束登记"), "label": _("结束登记"), "url": url}
