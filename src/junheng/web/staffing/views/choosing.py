"""What a long select offers, asked for when somebody opens it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, requires, standing_of
from junheng.web.staffing.filters import within_reach

KINDS = ("school", "cluster")
MAY = {each.value: each for each in (Permission.TEACHERS_VIEW, Permission.SCHOOLS_VIEW)}


@never_cache
@requires(*MAY.values())
def organisations(request: HttpRequest) -> JsonResponse:
    """Organisations of ``?kind=`` to which the permission ``?may=`` of the person reaches, as ``[{value, text}]``."""
    kind, permission = (
        request.GET.get("kind", "school"),
        MAY.get(request.GET.get("may", Permission.TEACHERS_VIEW.value)),
    )
    if kind not in KINDS or permission is None:
        raise Http404
    found = within_reach(standing_of(request), kind, permission)
    return JsonResponse([{"value": key, "text": name} for key, name in found], safe=False)
