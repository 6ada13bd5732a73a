"""The tree of organisations, and a page for each."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires, standing_of
from junheng.web.directory.actions import organisations as acts
from junheng.web.directory.forms.accounts import ReasonForm
from junheng.web.directory.forms.organisations import AddOrganisationForm, CloseForm, MoveForm, RenameForm
from junheng.web.directory.models import Organisation, OrganisationKind, RoleGrant, SchoolTie, User
from junheng.web.directory.standing import person_of
from junheng.web.directory.views.forming import Page, fill_in
from junheng.web.interface.listing import matching

MOST_FOUND = 100
ICONS = {"province": "map", "prefecture": "map-pin", "county": "building-community", "cluster": "hierarchy-2"}


def _opened(request: HttpRequest) -> list[int]:
    """Keys of the branches that the address says are open."""
    return [int(each) for each in request.GET.get("open", "").split(",") if each.isdigit() and len(each) < 19][:200]


@requires(Permission.ORGANISATIONS_VIEW)
def organisations(request: HttpRequest) -> HttpResponse:
    """The tree within reach, branch by branch; or what a search finds in it."""
    reach = Organisation.objects.visible_to(standing_of(request)).select_related("parent", "county")
    with_closed = request.GET.get("closed") == "1"
    shown = reach if with_closed else reach.filter(closed__isnull=True)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found: dict[str, Any] = {"words": words, "with_closed": with_closed}
    if words:
        hits = matching(shown, words, ("name", "short_name", "code", "pinyin", "initials"))
        found |= {"hits": hits[:MOST_FOUND], "count": hits.count(), "most": MOST_FOUND}
    else:
        found["rows"] = _rows(request, shown, _opened(request))
    return render(request, "directory/organisations.html", found | _counts(shown))


def _counts(shown: Any) -> dict[str, Any]:
    by_kind = dict(shown.order_by().values_list("kind").annotate(n=Count("pk")))
    return {"counts": [(kind.label, by_kind[kind.value]) for kind in OrganisationKind if kind.value in by_kind]}


def _rows(request: HttpRequest, shown: Any, opened: list[int]) -> list[dict[str, Any]]:
    """Lines of the tree as it stands open, in order, each with its depth and the address that opens or shuts it.

    Only the children of open branches are read; the tops are open from the beginning.
    """
    tops = list(shown.exclude(parent__in=shown.order_by().values("pk")))
    start = "open" not in request.GET
    wanted = set(opened) | ({top.pk for top in tops} if start else set())
    children: dict[int | None, list[Organisation]] = {}
    for child in shown.filter(parent__in=wanted):
        children.setdefault(child.parent_id, []).append(child)
    keys = [top.pk for top in tops] + [child.pk for row in children.values() for child in row]
    sizes = dict(shown.order_by().filter(parent__in=keys).values_list("parent").annotate(n=Count("pk")))
    lines: list[dict[str, Any]] = []

    def walk(node: Organisation, depth: int) -> None:
        is_open = node.pk in wanted
        others = wanted - {node.pk} if is_open else wanted | {node.pk}
        query = request.GET.copy()
        query["open"] = ",".join(map(str, sorted(others))) or "0"
        lines.append(
            {
                "node": node, "depth": depth, "indent": range(depth), "open": is_open, "count": sizes.get(node.pk, 0),
                "toggle": f"?{query.urlencode(safe=',')}", "icon": ICONS.get(node.kind, "school"),
            }
        )  # fmt: skip
        if is_open:
            for child in children.get(node.pk, []):
                walk(child, depth + 1)

    for top in tops:
        walk(top, 0)
    return lines


def _reached(request: HttpRequest, pk: int, permission: Permission) -> Organisation:
    reach = Organisation.objects.visible_to(standing_of(request), permission)
    return get_object_or_404(reach.select_related("parent", "county"), pk=pk)


def _visible_first(request: HttpRequest, pk: int) -> Organisation:
    """For a change: out of sight is 404, in sight without the right is refused by the gate."""
    return _reached(request, pk, Permission.ORGANISATIONS_EDIT)


@requires(Permission.ORGANISATIONS_VIEW)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of an organisation: facts, what is below, ties, who holds which role there, former names."""
    node = _reached(request, pk, Permission.ORGANISATIONS_VIEW)
    standing = standing_of(request)
    reach = standing.organisations(Permission.ORGANISATIONS_VIEW)
    below = Organisation.objects.visible_to(standing).filter(parent=node)
    sees_people = node.pk in standing.organisations(Permission.USERS_VIEW)
    grants = RoleGrant.objects.visible_to(standing).filter(organisation=node).standing_open(timezone.localdate())
    above = [each for each in node.ancestors() if each.pk in reach]
    found = {
        "node": node,
        "facts": _facts(node, reach),
        "children": below.annotate(size=Count("children", filter=Q(children__closed__isnull=True))),
        "grants": grants.select_related("user", "deputises__user") if sees_people else [],
        "sees_people": sees_people,
        "accounts": User.objects.visible_to(standing).filter(organisation=node).count() if sees_people else None,
        "ties": _ties(request, node),
        "former": node.former_names.all(),
        "may_edit": node.pk in standing.organisations(Permission.ORGANISATIONS_EDIT),
        "may_hold": acts.BELOW[node.kind],
        "school_page": _school_page(request, node),
        "breadcrumbs": [
            {"label": pgettext("menu", "机构"), "url": reverse("directory:organisations")},
            *({"label": each.shown, "url": each.get_absolute_url()} for each in above),
            {"label": node.shown},
        ],
    }
    return render(request, "directory/organisation.html", found)


def _facts(node: Organisation, reach: frozenset[int]) -> list[dict[str, Any]]:
    def linked(other: Organisation | None) -> dict[str, Any]:
        if other is None:
            return {"value": _("无")}
        return {"value": other.name, "url": other.get_absolute_url() if other.pk in reach else ""}

    return [
        {"label": _("类别"), "value": node.get_kind_display()},
        {"label": _("代码"), "value": node.code},
        {"label": _("简称"), "value": node.short_name},
        {"label": _("上级机构")} | linked(node.parent),
        {"label": _("设立日期"), "value": node.opened},
        {"label": _("撤销日期"), "value": node.closed or _("未撤销")},
    ]


def _ties(request: HttpRequest, node: Organisation) -> dict[str, Any]:
    ties: Any = SchoolTie.objects  # scoped: by the next line
    of_node = ties.visible_to(standing_of(request)).filter(Q(supporting=node) | Q(supported=node))
    of_node = of_node.select_related("supporting", "supported")
    return {"standing": of_node.current(), "ended": of_node.filter(valid_until__isnull=False)}


def _school_page(request: HttpRequest, node: Organisation) -> str:
    """Where the school's own page is, for whoever may see it."""
    if node.kind != "school" or node.pk not in standing_of(request).organisations(Permission.SCHOOLS_VIEW):
        return ""
    try:
        return reverse("staffing:school", args=(node.pk,))
    except NoReverseMatch:
        return ""


def _page(node: Organisation, heading: Any, button: Any, **more: Any) -> Page:
    crumbs = ((pgettext("menu", "机构"), reverse("directory:organisations")), (node.shown, node.get_absolute_url()))
    return Page(heading, button, node.get_absolute_url(), crumbs, **more)


@requires(Permission.ORGANISATIONS_EDIT)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Another organisation below this one."""
    parent = _visible_first(request, pk)
    form = AddOrganisationForm(request.POST or None, parent=parent)

    def act(given: dict[str, Any]) -> Any:
        made = acts.add_organisation(person_of(request), parent, **given)
        return _("已增设%(name)s。") % {"name": made.name}

    return fill_in(request, form, _page(parent, _("增设下属机构"), _("增设")), act)


@requires(Permission.ORGANISATIONS_EDIT)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name from a day on."""
    node = _visible_first(request, pk)
    form = RenameForm(request.POST or None, initial={"name": node.name, "short_name": node.short_name})

    def act(given: dict[str, Any]) -> Any:
        return _("已更名为%(name)s，原名称保留在沿革中。") % {
            "name": acts.rename(person_of(request), node, **given).name
        }

    return fill_in(request, form, _page(node, _("机构更名"), _("更名")), act)


@requires(Permission.ORGANISATIONS_EDIT)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another organisation above."""
    node = _visible_first(request, pk)
    form = MoveForm(request.POST or None, organisation=node, standing=standing_of(request))

    def act(given: dict[str, Any]) -> Any:
        moved = acts.move(person_of(request), node, given["parent"], on=given["on"], reason=given["reason"])
        return _("已改为隶属于%(name)s。") % {"name": moved.parent}

    return fill_in(request, form, _page(node, _("调整隶属"), _("调整")), act)


@requires(Permission.ORGANISATIONS_EDIT)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of an organisation."""
    node = _visible_first(request, pk)
    form = CloseForm(request.POST or None)

    def act(given: dict[str, Any]) -> Any:
        acts.close(person_of(request), node, **given)
        return _("已撤销%(name)s。") % {"name": node.name}

    warning = _("撤销后不再出现在名单中，历史数据保留。下属机构须先撤销，任职须先收回。")
    return fill_in(request, form, _page(node, _("撤销机构"), _("撤销"), warning=warning, danger=True), act)


@requires(Permission.ORGANISATIONS_EDIT)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A closing that was a mistake."""
    node = _visible_first(request, pk)

    def act(given: dict[str, Any]) -> Any:
        acts.reopen(person_of(request), node, **given)
        return _("已恢复%(name)s。") % {"name": node.name}

    return fill_in(request, ReasonForm(request.POST or None), _page(node, _("恢复机构"), _("恢复")), act)


@requires(Permission.ORGANISATIONS_EDIT)
@require_POST
def reorder(request: HttpRequest, pk: int) -> HttpResponse:
    """The bureau's own order of what is below."""
    node = _visible_first(request, pk)
    places = {}
    for name in request.POST:
        key, place = name.removeprefix("place-"), str(request.POST[name]).strip()
        if name.startswith("place-") and key.isdecimal() and place.isdecimal() and len(key) < 19 and len(place) < 7:
            places[int(key)] = int(place)
    acts.reorder(person_of(request), node, places)
    return redirect(f"{node.get_absolute_url()}#below")
