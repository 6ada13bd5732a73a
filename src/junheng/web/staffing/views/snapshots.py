"""Snapshots: the list, one of them with what rests on it, and taking one now."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from junheng.documents import county_digest
from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import FigureColumn
from junheng.web.staffing import snapshot as taking
from junheng.web.staffing.forms.exports import SnapshotForm
from junheng.web.staffing.models import Snapshot

_MOST = 50


class SnapshotTable(tables.Table):
    """Snapshots, the latest first."""

    id = tables.Column(linkify=True)
    teachers = FigureColumn(accessor="counts__teachers", verbose_name=gettext_lazy("教师数"), orderable=False)
    schools = FigureColumn(accessor="counts__schools", verbose_name=gettext_lazy("学校数"), orderable=False)

    class Meta:
        model = Snapshot
        fields = ("id", "county", "on", "schools", "teachers", "taken_at", "taken_by")
        attrs = {"class": "frozen-1"}
        empty_text = gettext_lazy("还没有快照")


class SnapshotList(ListPage):
    """All snapshots in reach."""

    permissions = (Permission.SNAPSHOT_TAKE, Permission.EXPORT_COUNTY)
    table_class = SnapshotTable
    template_name = "staffing/snapshots.html"
    search_fields = ("id",)
    heading = gettext_lazy("数据快照")
    empty = gettext_lazy("每次导入写入后自动固定一份；也可以在上面选日期固定。")

    def rows(self, request: HttpRequest) -> Any:
        """Those in reach."""
        return Snapshot.objects.visible_to(standing_of(request)).select_related("county", "taken_by")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The form that takes one."""
        standing = standing_of(request)
        return {"form": SnapshotForm(standing=standing), "may_take": standing.allows(Permission.SNAPSHOT_TAKE)}


@requires(Permission.SNAPSHOT_TAKE)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Fix the county as of a day."""
    form = SnapshotForm(request.POST, standing=standing_of(request))
    if not form.is_valid():
        messages.error(request, _("请选择县（市、区）和正确的日期"))
        return redirect("staffing:snapshots")
    try:
        _county, made = taking.take(form.cleaned_data["county"], form.cleaned_data["on"], request.user)
    except taking.UnsoundCountyError as fault:
        messages.error(request, _("那一天的数据互相矛盾，不能固定：%s") % fault)
        return redirect("staffing:snapshots")
    return redirect(made)


@requires(Permission.SNAPSHOT_TAKE, Permission.EXPORT_COUNTY)
def snapshot(request: HttpRequest, pk: str) -> HttpResponse:
    """One snapshot; asked to (POST), whether the day's data are still the same."""
    seen = Snapshot.objects.visible_to(standing_of(request)).select_related("county", "taken_by")
    made = get_object_or_404(seen, pk=pk)
    digest_now = ""
    if request.method == "POST":
        try:
            digest_now = county_digest(taking.county_of(made.county, made.on))
        except taking.UnsoundCountyError:
            digest_now = "-"
    page = {
        "snapshot": made, "tiles": _tiles(made), "rests": _resting(made), "digest_now": digest_now,
        "checked": digest_now == made.digest if digest_now else None,
    }  # fmt: skip
    return render(request, "staffing/snapshot.html", page)


def _tiles(made: Snapshot) -> list[dict[str, Any]]:
    looks = (
        ("schools", _("学校数"), "school", "blue"),
        ("teachers", _("教师数"), "users", "green"),
        ("pupils", _("学生数"), "school-bell", "azure"),
        ("entries", _("任职、职称等记录"), "list-details", "purple"),
    )
    return [
        {"label": label, "icon": icon, "tone": tone, "value": made.counts.get(name)}
        for name, label, icon, tone in looks
    ]


def _resting(made: Snapshot) -> list[dict[str, Any]]:
    """Whatever names this snapshot, of any room."""
    found = []
    for relation in Snapshot._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: made})
        for each in rows[:_MOST]:
            url = each.get_absolute_url() if hasattr(each, "get_absolute_url") else ""
            found.append({"label": str(each), "url": url, "kind": relation.related_model._meta.verbose_name})
    return found
