"""Saved mappings: the list, and the page on which one is put together for an intake."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import colon, listed, semicolon
from junheng.web.staffing.actions import intakes
from junheng.web.staffing.actions import mappings as actions
from junheng.web.staffing.forms.mappings import MappingForm
from junheng.web.staffing.models import Intake, SavedMapping


class MappingTable(tables.Table):
    """Mappings in use."""

    columns_read = tables.Column(accessor="headers", verbose_name=gettext_lazy("表头"), orderable=False)
    retire = tables.Column(accessor="pk", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = SavedMapping
        fields = ("name", "columns_read", "created_by", "created_at")
        sequence = ("name", "columns_read", "created_by", "created_at", "retire")
        attrs = {"class": "frozen-1"}
        empty_text = gettext_lazy("还没有保存过列的对应")

    def render_columns_read(self, value: list[dict[str, Any]]) -> str:
        """The first headers of each sheet."""
        return semicolon().join(
            f"{sheet['name']}{colon()}{listed(each['header'] for each in sheet['headers'][:6])}…" for sheet in value
        )

    def render_retire(self, value: int) -> str:
        """A button that takes it out of use."""
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="btn btn-sm">{}</button></form>',
            reverse("staffing:mapping_retire", args=(value,)),
            get_token(self.request),
            _("停用"),
        )


class MappingList(ListPage):
    """All mappings in use in the person's county."""

    permissions = (Permission.INTAKE_UPLOAD,)
    table_class = MappingTable
    template_name = "staffing/mappings.html"
    search_fields = ("name",)
    heading = gettext_lazy("列的对应")
    empty = gettext_lazy("上传其他系统的花名册后，按提示设置一次，以后表头相同的文件会自动识别。")

    def rows(self, request: HttpRequest) -> Any:
        """Those in reach and in use."""
        seen = SavedMapping.objects.visible_to(standing_of(request))
        return seen.filter(retired_at__isnull=True).select_related("created_by")


@requires(Permission.INTAKE_UPLOAD)
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a mapping together for the sheets of an intake, save it, and rehearse the intake with it."""
    seen = Intake.objects.visible_to(standing_of(request))
    intake = get_object_or_404(seen.select_related("county", "organisation"), pk=pk)
    if not intake.headers:
        raise Http404
    name = intake.file_name.rpartition(".")[0][:80] or intake.file_name[:80]
    form = MappingForm(request.POST or None, sheets=intake.headers, initial={"name": name})
    status = 200
    if request.method == "POST":
        if form.is_valid() and _saved(request, intake, form):
            return redirect(intake)
        status = 422
    page = {"intake": intake, "form": form, "parts": list(form.parts())}
    return render(request, "staffing/mapping.html", page, status=status)


def _saved(request: HttpRequest, intake: Intake, form: MappingForm) -> bool:
    try:
        made = actions.save(intake, form.cleaned_data["name"], form.text(), by=request.user)
        intakes.rehearse_again(intake, by=request.user, mapping=made)
    except actions.NameTakenError:
        form.add_error("name", _("已有同名的对应，请换一个名称"))
        return False
    except intakes.NotNowError:
        return True
    return True


@requires(Permission.INTAKE_UPLOAD)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mapping out of use."""
    seen = SavedMapping.objects.visible_to(standing_of(request))
    actions.retire(get_object_or_404(seen.select_related("county"), pk=pk), by=request.user)
    return redirect("staffing:mappings")
