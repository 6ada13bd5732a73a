"""The first page after signing in: what waits, what was done, what changed, and the ways on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from junheng.web.access import ROLE_RULES, Permission, requires, standing_of
from junheng.web.records.models import Notification
from junheng.web.records.waiting import waiting_for
from junheng.web.reporting.at_a_glance import cards_for, changes_for, done_by, entries_for, own_file

_NOTICES = 5


@requires()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person of the request."""
    standing = standing_of(request)
    waiting = waiting_for(request)
    grants = [
        {
            "role": grant.get_role_display(),
            "at": grant.organisation.shown,
            "prose": ROLE_RULES[grant.role].prose,
            "until": grant.end,
            "deputy": bool(grant.deputises_id),
        }
        for grant in standing.grants
    ]
    found: dict[str, Any] = {
        "grants": grants,
        "waiting": waiting,
        "waiting_count": sum(each.count for each in waiting),
        "cards": cards_for(request),
        "entries": entries_for(request),
        "done": done_by(request),
        "changes": changes_for(request),
        "notices": list(Notification.objects.of(request.user)[:_NOTICES]),
        "own": own_file(request) if standing.allows(Permission.OWN_FILE) else None,
        "heading": _("%(name)s，您好") % {"name": request.user},
    }
    return render(request, "reporting/home.html", found)
