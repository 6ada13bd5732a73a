"""What stands around every page: menu, unread count, the tree of organisations, the county and its dates.

A context processor of at most two queries, beside those of the person's standing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import OrganisationKind
from junheng.web.records.models import Notification
from junheng.web.reporting.at_a_glance import entries_for
from junheng.web.reporting.scope import latest_data_day

_REMEMBERED = 60
"""Seconds for which the last day of the data is remembered."""
_QUICK = 6
_FEW = 12
"""Schools that are listed one by one; a longer list shows clusters only."""
_MOST = 30
"""Organisations listed below one: the panel stands on every page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the menu, for whoever holds one of the permissions, or for all where there are none."""

    label: Any
    route: str
    icon: str
    anyone_of: tuple[Permission, ...] = ()


MENU = (
    Entry(_("工作台"), "home", "home"),
    Entry(_("概览"), "reporting:overview", "chart-bar", (Permission.OVERVIEW_VIEW,)),
    Entry(pgettext_lazy("menu", "教师"), "staffing:teachers", "users", (Permission.TEACHERS_VIEW,)),
    Entry(_("我的档案"), "staffing:own_file", "id", (Permission.OWN_FILE,)),
    Entry(pgettext_lazy("menu", "学校"), "staffing:schools", "school", (Permission.SCHOOLS_VIEW,)),
    Entry(_("编制"), "staffing:establishment", "scale", (Permission.ESTABLISHMENT_VIEW,)),
    Entry(
        _("轮岗"),
        "rotation:years",
        "arrows-exchange",
        (Permission.ROTATION_VIEW, Permission.ROTATION_FOLLOW, Permission.ROTATION_OWN),
    ),
    Entry(_("导入导出"), "staffing:intakes", "file-import", (Permission.INTAKE_UPLOAD, Permission.EXPORT_COUNTY)),
    Entry(pgettext_lazy("menu", "机构"), "directory:organisations", "sitemap", (Permission.ORGANISATIONS_VIEW,)),
    Entry(pgettext_lazy("menu", "账号"), "directory:users", "user-cog", (Permission.USERS_VIEW,)),
    Entry(_("任务"), "records:jobs", "progress", (Permission.JOBS_VIEW,)),
    Entry(_("留痕"), "records:audit", "history", (Permission.AUDIT_VIEW,)),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """``frame`` for the person of the request; what a page does not show is not asked for, and nothing twice."""
    kept: dict[str, Any] | None = getattr(request, "frame_shown", None)
    if kept is None:
        kept = _frame(request)
        request.frame_shown = kept  # type: ignore[attr-defined]
    return kept


def _frame(request: HttpRequest) -> dict[str, Any]:
    demo = _("演示环境：人物、学校和数据均为虚构，请勿录入真实信息。") if settings.DEMO else ""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"frame": {"menu": [], "unread": 0, "demo": demo}}
    standing = standing_of(request)
    grants = standing.grants
    return {
        "frame": {
            "menu": menu_for(request),
            "unread": SimpleLazyObject(lambda: Notification.objects.of(user).unread().count()),
            "county": standing.county,
            "home_url": reverse("home"),
            "sections": SimpleLazyObject(lambda: sections_for(request)),
            "data_date": SimpleLazyObject(lambda: _data_date(standing)),
            "demo": demo,
            "person": {
                "id": user.pk,
                "name": str(user),
                "role": _joined(dict.fromkeys(str(grant.get_role_display()) for grant in grants)),
                "unit": _joined(dict.fromkeys(grant.organisation.shown for grant in grants)),
            },
        }
    }


def _joined(words: dict[str, None]) -> str:
    return " · ".join(words)


def menu_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the menu that are open to the person; the longest address that fits is the active one."""
    standing = standing_of(request)
    menu: list[dict[str, Any]] = []
    for entry in MENU:
        if entry.anyone_of and not any(standing.allows(each) for each in entry.anyone_of):
            continue
        try:
            url = reverse(entry.route)
        except NoReverseMatch:
            continue
        menu.append({"label": entry.label, "url": url, "icon": entry.icon, "active": False})
    fitting = [e for e in menu if request.path == e["url"] or (len(e["url"]) > 1 and request.path.startswith(e["url"]))]
    if fitting:
        max(fitting, key=lambda e: len(e["url"]))["active"] = True
    return menu


def sections_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The side panel: the tree of organisations in the person's charge, and quick entries."""
    tree = tree_for(request)
    quick = entries_for(request)[:_QUICK]
    sections = [{"title": gettext("组织机构"), "entries": tree}] if tree else []
    if quick:
        sections.append({"title": gettext("快捷入口"), "entries": [entry | {"active": False} for entry in quick]})
    return sections


def tree_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Counties with their clusters and numbers of schools; schools only where they are few. Asks for nothing.

    Of very many below one, the first stand there, the one that is chosen, and a way to the page of all.
    """
    standing = standing_of(request)
    reach = standing.organisations(Permission.OVERVIEW_VIEW)
    if not reach:
        return []
    here = request.GET.get("scope", "")
    open_now = [each for each in standing.places if each.closed is None and each.pk in reach]
    schools = Counter(each.parent_id for each in open_now if each.kind == OrganisationKind.SCHOOL)
    schools_too = len(reach) <= _FEW
    kinds = {OrganisationKind.COUNTY, OrganisationKind.CLUSTER, *([OrganisationKind.SCHOOL] if schools_too else [])}
    found = [each for each in open_now if each.kind in kinds]
    by_parent: dict[int | None, list[Any]] = {}
    shown = {each.pk for each in found}
    for each in found:
        by_parent.setdefault(each.parent_id if each.parent_id in shown else None, []).append(each)
    overview = reverse("reporting:overview")
    everything = reverse("directory:organisations") if standing.allows(Permission.ORGANISATIONS_VIEW) else overview

    def branch(of: int | None) -> list[dict[str, Any]]:
        entries = []
        there = by_parent.get(of, [])
        for place, each in enumerate(there):
            if place >= _MOST and here != str(each.pk):
                continue
            below = branch(each.pk)
            count = schools[each.pk]
            if each.kind == OrganisationKind.COUNTY:
                count += sum(schools[cluster.pk] for cluster in by_parent.get(each.pk, []))
            entries.append(
                {
                    "label": each.shown,
                    "url": f"{overview}?scope={each.pk}",
                    "active": here == str(each.pk),
                    "count": None if each.kind == OrganisationKind.SCHOOL else count,
                    "children": below,
                    "open": each.kind == OrganisationKind.COUNTY or schools_too,
                }
            )
        if len(there) > _MOST:
            label = gettext("全部 %(count)s 个") % {"count": len(there)}
            entries.append({"label": label, "url": everything, "active": False, "count": None})
        return entries

    return branch(None)


def _data_date(standing: Any) -> date | None:
    """The last day from which rows of the person's county hold, remembered for a minute."""
    county = standing.county
    if county is None:
        return None
    cache = caches["process"]  # a page that is to be quick does not ask a table for what it remembers
    name = f"frame:data-date:{county.pk}:{standing.on.isoformat()}"
    found: date | str | None = cache.get(name)
    if found is None:
        found = latest_data_day(county, standing.on) or ""
        cache.set(name, found, _REMEMBERED)
    return found if isinstance(found, date) else None
