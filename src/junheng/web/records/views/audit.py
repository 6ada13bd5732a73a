"""The audit trail: the list, one row with what changed, and the verification of the chain."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.apps import apps
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import aside, listed
from junheng.web.records.audit import record
from junheng.web.records.exports import mask
from junheng.web.records.labels import action_label, field_label, kind_label, known_actions, known_kinds
from junheng.web.records.models import AuditEvent, AuditHead
from junheng.web.records.verifying import verify


class AuditTable(tables.Table):
    """Rows of the trail."""

    number = tables.Column(linkify=("records:audit_event", {"number": tables.A("number")}))
    at = tables.DateTimeColumn(format="Y-m-d H:i:s")
    author_name = tables.Column()
    deputising_for = tables.Column()
    action = tables.Column()
    object_kind = tables.Column()
    object_label = tables.Column()
    organisation = tables.Column()

    class Meta:
        model = AuditEvent
        fields = ("number", "at", "author_name", "author", "deputising_for", "action", "object_kind", "object_label",
                  "organisation")  # fmt: skip
        attrs = {"class": "frozen-1"}

    def render_action(self, value: str) -> str:
        """What the action is called."""
        return action_label(value)

    def render_object_kind(self, value: str) -> str:
        """What such objects are called."""
        return kind_label(value)

    def render_object_label(self, value: str) -> str:
        """The object as it was called then, ID numbers masked."""
        return mask(value)


class AuditFilters(django_filters.FilterSet):
    """By author, action, kind of object and days."""

    author = django_filters.CharFilter(label=_("账号"), lookup_expr="icontains", max_length=150)
    action = django_filters.ChoiceFilter(label=_("事项"), choices=known_actions)
    object_kind = django_filters.ChoiceFilter(label=_("对象类别"), choices=known_kinds)
    since = django_filters.DateFilter(
        label=_("自"), field_name="at", lookup_expr="date__gte", widget=forms.DateInput({"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("至"), field_name="at", lookup_expr="date__lte", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = AuditEvent
        fields = ("author", "action", "object_kind")


class AuditList(ListPage):
    """Everything that was done where the person may see the trail."""

    permissions = (Permission.AUDIT_VIEW,)
    export_permission = Permission.AUDIT_VIEW
    table_class = AuditTable
    filterset_class = AuditFilters
    search_fields = ("author", "author_name", "object_label", "action", "organisation")
    template_name = "records/audit.html"
    heading = _("留痕")
    empty = _("还没有符合条件的留痕")

    def rows(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """Rows in scope, the last one first."""
        return AuditEvent.objects.visible_to(standing_of(request)).defer("before", "after", "reason", "details")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The head of the chain, which whoever keeps it elsewhere can compare."""
        return {"head": AuditHead.objects.filter(pk=1).first()}


@requires(Permission.AUDIT_VIEW)
def audit_event(request: HttpRequest, number: int) -> HttpResponse:
    """One row of the trail with what was before and after."""
    visible = AuditEvent.objects.visible_to(standing_of(request))
    event = get_object_or_404(visible, number=number)
    changes = [
        {"label": field_label(event.object_kind, name), "before": _shown(event, name, event.before),
         "after": _shown(event, name, event.after)}
        for name in dict.fromkeys([*(event.before or {}), *(event.after or {})])
    ]  # fmt: skip
    facts = [
        {"label": gettext("时间"), "value": f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"},
        {"label": gettext("账号"), "value": event.author_name + aside(event.author)},
        {"label": gettext("代行"), "value": event.deputising_for or "—"},
        {"label": gettext("对象类别"), "value": kind_label(event.object_kind) or "—"},
        {"label": gettext("对象"), "value": mask(event.object_label) or "—"},
        {"label": gettext("机构"), "value": event.organisation or "—"},
        {"label": gettext("理由"), "value": mask(event.reason) or "—", "wide": True},
    ]
    details = [
        {"label": field_label(event.object_kind, name), "value": _plain(value), "wide": True}
        for name, value in event.details.items()
    ]
    context = {
        "event": event, "action": action_label(event.action), "facts": facts, "changes": changes, "details": details,
        "older": visible.filter(number__lt=number).order_by("-number").values_list("number", flat=True).first(),
        "newer": visible.filter(number__gt=number).order_by("number").values_list("number", flat=True).first(),
    }  # fmt: skip
    return render(request, "records/audit_event.html", context)


@require_POST
@requires(Permission.AUDIT_VIEW)
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Walks the chain and says what was found; that somebody did so is in the trail too."""
    found = verify()
    with transaction.atomic():
        record(
            request.user, "records.audit.verified", None,
            rows=found.rows, holds=found.broken is None, broken_at=found.broken.number if found.broken else None,
        )  # fmt: skip
    if found.broken is None and not found.unguarded:
        messages.success(request, gettext("留痕链完整，共 %(rows)s 行，数据库的保护都在。") % {"rows": found.rows})
    if found.broken is not None:
        lang = "zh" if (get_language() or "zh").startswith("zh") else "en"
        said = {"rows": found.rows, "where": found.broken.said.said(lang)}
        messages.error(request, gettext("留痕链断裂，前 %(rows)s 行完整。%(where)s。") % said)
    if found.unguarded:
        messages.error(request, gettext("数据库中缺少保护留痕的触发器，请立即联系系统管理员。"))
    return redirect("records:audit")


def _shown(event: AuditEvent, name: str, values: dict[str, Any] | None) -> str | None:
    """A value as people read it: a code by its label."""
    value = (values or {}).get(name)
    if value is None:
        return None
    try:
        field: Any = apps.get_model(event.object_kind)._meta.get_field(name)
        labels = dict(field.flatchoices) if getattr(field, "choices", None) else {}
    except (LookupError, ValueError, FieldDoesNotExist):
        labels = {}
    return str(labels[value]) if isinstance(value, str) and value in labels else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return listed(_plain(each) for each in value) or "—"
    if isinstance(value, dict):
        return gettext("；").join(f"{field_label('', key)}: {_plain(each)}" for key, each in value.items())
    return mask(str(value)) if value is not None else "—"
