"""What the pages of links have alike: the menu at the side, a form that sets terms, a form that ends them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.staffing.refusal import RefusedError
from junheng.web.staffing.views.establishment.scope import address

MENU: tuple[tuple[str, Any, str, Permission], ...] = (
    ("links", gettext_lazy("学校结对"), "arrows-exchange", Permission.SCHOOLS_VIEW),
    ("groups", gettext_lazy("片区与集团"), "hierarchy-2", Permission.SCHOOLS_VIEW),
    ("outside_partners", gettext_lazy("县外结对"), "map", Permission.SCHOOLS_VIEW),
    ("teacher_ties", gettext_lazy("教师结对"), "users", Permission.TEACHERS_VIEW),
)
"""The pages, each with its icon and who may open it."""


def county_of(request: HttpRequest) -> Organisation:
    """The county of the request, ``?county=`` where the person works in several; 404 for whoever works in none."""
    standing = standing_of(request)
    counties = {str(county.pk): county for county in standing.counties}
    chosen: Organisation | None = counties.get(request.GET.get("county", "")) or standing.county
    if chosen is None:
        raise Http404
    return chosen


def county_to_edit(request: HttpRequest) -> Organisation:
    """The county of the request where the person keeps its links; 404 for any other."""
    county = county_of(request)
    if county.pk not in standing_of(request).organisations(Permission.LINKS_EDIT):
        raise Http404
    return county


def context(request: HttpRequest, page: str) -> dict[str, Any]:
    """What every page of links gets."""
    standing = standing_of(request)
    entries = [
        {"label": label, "url": address(name), "icon": icon, "active": name == page}
        for name, label, icon, permission in MENU
        if standing.allows(permission)
    ]
    return {
        "sections": [{"title": _("结对与片区"), "entries": entries}],
        "breadcrumbs": [
            {"label": pgettext("menu", "学校"), "url": address("schools")},
            *({"label": each["label"], "url": each["url"]} for each in entries if each["active"]),
        ],
    }  # fmt: skip


def fill_in(
    request: HttpRequest, page: str, form: BaseForm, act: Callable[[], str], *, heading: str, **given: Any
) -> HttpResponse:
    """A page with a form; when it is sent and right, act, say so, and go back to the list.

    What was typed stays when the form or the verb refuses it; the answer then has status 422.
    """
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except ValidationError as fault:
            form.add_error(None, fault.messages)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect(address(page))
    found = context(request, page) | {"form": form, "heading": heading, "back": address(page)} | given
    found["breadcrumbs"] = [*found["breadcrumbs"], {"label": heading}]
    return render(request, "staffing/area_form.html", found, status=422 if request.method == "POST" else 200)


def button(name: str, label: Any) -> dict[str, Any]:
    """The button of a list that leads to the form of another entry."""
    return {"url": address(name), "icon": "plus", "label": label, "primary": True}


def is_editor(request: HttpRequest) -> bool:
    """Whether the person keeps the links of the county of the request."""
    return county_of(request).pk in standing_of(request).organisations(Permission.LINKS_EDIT)
