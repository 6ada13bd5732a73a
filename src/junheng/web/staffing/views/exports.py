"""The whole county as a file: asked for with a reason, made in the background, fetched by whoever asked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from junheng.web.access import Permission, requires, standing_of
from junheng.web.staffing import vault
from junheng.web.staffing.actions import exports as actions
from junheng.web.staffing.forms.exports import ExportForm
from junheng.web.staffing.models import CountyExport
from junheng.web.staffing.views.intakes import XLSX, as_download


@requires(Permission.EXPORT_COUNTY)
def export_county(request: HttpRequest) -> HttpResponse:
    """The form, and the person's own files of the last day."""
    standing = standing_of(request)
    status = 200
    form = ExportForm(standing=standing)
    if request.method == "POST":
        form = ExportForm(request.POST, standing=standing)
        if form.is_valid():
            given = form.cleaned_data
            actions.ask(
                given["county"], given["kind"], given["on"], reason=given["reason"], key=given["key"], by=request.user
            )
            return redirect("staffing:export_county")
        status = 422
    own = CountyExport.objects.visible_to(standing).in_time().filter(asked_by=request.user).select_related("job")
    moving = any(not export.stored and export.job and not export.job.is_over for export in own)
    name = "staffing/_exports.html" if getattr(request, "htmx", False) else "staffing/export_county.html"
    return render(request, name, {"form": form, "exports": own, "moving": moving}, status=status)


@requires(Permission.EXPORT_COUNTY)
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for whoever asked for it and for a day."""
    own = CountyExport.objects.visible_to(standing_of(request)).in_time().filter(asked_by=request.user)
    export = get_object_or_404(own.select_related("county"), pk=pk)
    if not export.stored:
        raise Http404
    try:
        content = list(vault.pieces(export.stored))
    except vault.UnreadableFileError:
        raise Http404 from None
    actions.fetch(export, by=request.user)
    name = f"{export.county.name}_{export.kind}_{export.on:%Y%m%d}.xlsx"
    return as_download(StreamingHttpResponse(content, content_type=XLSX), name)
