"""Downloading a file."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from junheng.web.access import requires, standing_of
from junheng.web.records import attachments
from junheng.web.records.models import Attachment


@require_safe
@requires()
def attachment(request: HttpRequest, token: str) -> FileResponse:
    """The file, for whoever may see what it belongs to; to be kept, never to be shown as a page of this site."""
    found = get_object_or_404(Attachment, token=token)
    if not attachments.may_have(standing_of(request), found):
        raise Http404
    try:
        content = default_storage.open(found.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
