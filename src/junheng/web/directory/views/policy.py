"""The access policy as a page to read and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from junheng.web.access import ROLE_RULES, Permission, Role, requires
from junheng.web.directory.models import OrganisationKind


@requires(Permission.ORGANISATIONS_VIEW)
def access_policy(request: HttpRequest) -> HttpResponse:
    """Every role with what it is for and where it is held, and which permission each has; made from the rules."""
    kinds = dict(OrganisationKind.choices)
    roles = [
        {
            "role": role, "rule": ROLE_RULES[role],
            "held_at": [kinds[kind.value] for kind in OrganisationKind if kind.value in ROLE_RULES[role].held_at],
        }
        for role in Role
    ]  # fmt: skip
    names = {"staffing": _("人和岗"), "reporting": _("概览"), "directory": _("机构和账号"), "records": _("任务和留痕")}
    rooms = []
    for room in dict.fromkeys(each.value.split(".")[0] for each in Permission):
        rows = [
            {"permission": each, "cells": [{"role": role, "may": each in ROLE_RULES[role].may} for role in Role]}
            for each in Permission
            if each.value.startswith(f"{room}.")
        ]
        rooms.append({"name": names.get(room, room), "rows": rows})
    found = {"roles": roles, "rooms": rooms, "columns": list(Role), "breadcrumbs": [{"label": _("权限说明")}]}
    return render(request, "directory/access_policy.html", found)
