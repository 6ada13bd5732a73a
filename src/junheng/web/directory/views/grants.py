"""Roles: granting, revoking, and one's own deputies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.actions import grants
from junheng.web.directory.forms.accounts import ReasonForm
from junheng.web.directory.forms.grants import DeputyForm, GrantForm
from junheng.web.directory.models import RoleGrant, User
from junheng.web.directory.standing import person_of
from junheng.web.directory.views.forming import Page, fill_in
from junheng.web.directory.views.users import reached


def _page(user: User, heading: Any, button: Any, **more: Any) -> Page:
    address = reverse("directory:user", args=(user.pk,))
    return Page(
        heading, button, address, ((pgettext("menu", "账号"), reverse("directory:users")), (str(user), address)), **more
    )


@requires(Permission.ROLES_GRANT)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A role for an account."""
    user = reached(request, pk, Permission.ROLES_GRANT)
    form = GrantForm(request.POST or None, user=user, standing=standing_of(request))

    def act(given: dict[str, Any]) -> Any:
        grant = grants.grant_role(person_of(request), user, given.pop("role"), given.pop("organisation"), **given)
        return _("已授予%(role)s，即时生效。") % {"role": grant.get_role_display()}

    return fill_in(request, form, _page(user, _("授予角色"), _("授予")), act)


@requires(Permission.ROLES_GRANT)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A role taken back."""
    rows = RoleGrant.objects.visible_to(standing_of(request), Permission.ROLES_GRANT)
    grant = get_object_or_404(rows.select_related("user", "organisation"), pk=pk)

    def act(given: dict[str, Any]) -> Any:
        grants.revoke(person_of(request), grant, **given)
        return _("已收回%(role)s，即时生效。") % {"role": grant.get_role_display()}

    warning = _("收回%(name)s在%(place)s的“%(role)s”，从其下一次操作起生效；委托他人的代行一并结束。") % {
        "name": grant.user, "place": grant.organisation.shown, "role": grant.get_role_display(),
    }  # fmt: skip
    page = _page(grant.user, _("收回角色"), _("收回"), warning=warning, danger=True)
    return fill_in(request, ReasonForm(request.POST or None), page, act)


def _own(request: HttpRequest) -> Any:
    """Grants that the person of the request may give away for a time: own ones in force that allow it."""
    standing = standing_of(request)
    keys = [grant.pk for grant in standing.grants if Permission.DEPUTY_NAME in grant.may]
    return RoleGrant.objects.filter(pk__in=keys)  # scoped: by the person's own grants


@requires()
def deputies(request: HttpRequest) -> HttpResponse:
    """Who stands in for the person of the request, and for whom he stands in."""
    today = timezone.localdate()
    own = list(_own(request).select_related("organisation"))
    acting = RoleGrant.objects.filter(user=person_of(request), deputises__isnull=False)  # scoped: one's own
    given = RoleGrant.objects.filter(deputises__user=person_of(request))  # scoped: given by oneself
    rows = given.select_related("user", "organisation").order_by("revoked_at", "-start")[:50]
    found = {
        "own": own,
        "rows": [{"grant": each, "state": each.state_on(today)} for each in rows],
        "acting": acting.in_force(today).select_related("organisation", "deputises__user"),
    }
    return render(request, "directory/deputies.html", found)


@requires(Permission.DEPUTY_NAME)
def name_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody to exercise one's own role for a time."""
    grant = get_object_or_404(_own(request).select_related("organisation"), pk=pk)
    form = DeputyForm(request.POST or None)

    def act(given: dict[str, Any]) -> Any:
        # A name that is nobody's is refused like one of somebody who may not stand in: no hunting for accounts.
        user = User.objects.filter(username__iexact=given.pop("username")).first() or person_of(
            request
        )  # scoped: see above
        deputy = grants.name_deputy(person_of(request), grant, user, **given)
        return _("已委托%(name)s代行，至%(end)s止。") % {"name": deputy.user, "end": deputy.end}

    page = Page(
        _("委托代行：%(role)s（%(place)s）") % {"role": grant.get_role_display(), "place": grant.organisation.shown},
        _("委托"), reverse("directory:deputies"), ((_("代行"), reverse("directory:deputies")),),
        warning=_("代行人在期限内可以做您这个角色能做的一切，但不能再委托别人；所做的事都记为代您办理。"),
    )  # fmt: skip
    return fill_in(request, form, page, act)


@requires()
def end_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a deputy's time, before its day."""
    rows = RoleGrant.objects.filter(deputises__user=person_of(request))  # scoped: given by oneself
    grant = get_object_or_404(rows.select_related("user", "organisation"), pk=pk)

    def act(given: dict[str, Any]) -> Any:
        grants.revoke(person_of(request), grant, **given)
        return _("已结束%(name)s的代行。") % {"name": grant.user}

    page = Page(
        _("结束代行"),
        _("结束"),
        reverse("directory:deputies"),
        ((_("代行"), reverse("directory:deputies")),),
        danger=True,
    )
    return fill_in(request, ReasonForm(request.POST or None), page, act)
