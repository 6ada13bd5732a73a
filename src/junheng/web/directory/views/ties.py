"""Ties between schools."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.actions import ties
from junheng.web.directory.forms.organisations import EndTieForm, TieForm
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.directory.standing import person_of
from junheng.web.directory.views.forming import Page, fill_in


def _page(node: Organisation, heading: Any, button: Any) -> Page:
    crumbs = ((pgettext("menu", "机构"), reverse("directory:organisations")), (node.shown, node.get_absolute_url()))
    return Page(heading, button, node.get_absolute_url(), crumbs)


@requires(Permission.ORGANISATIONS_EDIT)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """This school supports another."""
    reach = Organisation.objects.visible_to(standing_of(request), Permission.ORGANISATIONS_EDIT)
    node = get_object_or_404(reach.schools(), pk=pk)
    form = TieForm(request.POST or None, organisation=node, standing=standing_of(request))

    def act(given: dict[str, Any]) -> Any:
        tie = ties.tie_schools(person_of(request), node, given.pop("supported"), **given)
        return _("已建立结对：%(tie)s。") % {"tie": tie}

    return fill_in(request, form, _page(node, _("由%(name)s支援另一所学校") % {"name": node.shown}, _("建立")), act)


@requires(Permission.ORGANISATIONS_EDIT)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a tie."""
    reach = SchoolTie.objects.visible_to(standing_of(request), Permission.ORGANISATIONS_EDIT)
    tie = get_object_or_404(reach.select_related("supporting", "supported"), pk=pk)

    def act(given: dict[str, Any]) -> Any:
        ties.end_tie(person_of(request), tie, **given)
        return _("已结束结对：%(tie)s。") % {"tie": tie}

    return fill_in(request, EndTieForm(request.POST or None), _page(tie.supporting, _("结束结对"), _("结束")), act)
