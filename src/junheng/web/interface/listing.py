"""Lists: searched also by pinyin and initials, filtered, sorted, paged and exported, each declared in one class."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.generic import View
from django_tables2 import RequestConfig, Table

from junheng.web.access import Permission, RequiresMixin, standing_of


def matching(rows: QuerySet[Any], words: str, fields: tuple[str, ...]) -> QuerySet[Any]:
    """Rows in which every word occurs in one of the fields; pinyin fields are compared without spaces."""
    for field in fields:
        if field.endswith("pinyin"):
            rows = rows.alias(**{f"joined_{field}": Replace(field, Value(" "), Value(""))})
    conditions = [
        reduce(or_, (Q(**{f"{'joined_' if f.endswith('pinyin') else ''}{f}__icontains": word}) for f in fields))
        for word in words.casefold().split()
    ]
    return rows.filter(reduce(and_, conditions)) if conditions else rows


class ListPage(RequiresMixin, View):
    """A page with one list.

    ``?q=`` searches ``search_fields``, ``filterset_class`` filters, ``?sort=`` sorts, ``?page=`` pages, and
    ``?export=xlsx`` or ``csv`` gives all rows found, through the exporter of the settings, which logs it. htmx gets
    the list alone.
    """

    export_permission: ClassVar[Permission | None] = None
    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = None
    search_fields: ClassVar[tuple[str, ...]] = ()
    template_name: ClassVar[str] = "interface/list.html"
    part_name: ClassVar[str] = "interface/_list.html"
    search_hint: ClassVar[Any] = ""
    """What the search looks at, where it is not the name of a person."""
    heading: ClassVar[Any] = ""
    empty: ClassVar[Any] = ""
    per_page: ClassVar[int] = 50

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the person of the request may see."""
        raise TypeError(f"{type(self).__name__} must say which rows it shows")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What the template gets besides the list."""
        return {}

    def get(self, request: HttpRequest, **_words: Any) -> HttpResponse:
        """The page, its list alone, or the file."""
        rows = self.rows(request)
        filters = self.filterset_class(request.GET, queryset=rows, request=request) if self.filterset_class else None
        if filters is not None:
            rows = filters.qs
        words = request.GET.get("q", "").replace("\0", "").strip()[:100]
        rows = matching(rows, words, self.search_fields) if self.search_fields else rows
        table = self.table_class(rows, request=request)
        if kind := request.GET.get("export", ""):
            return self._export(request, table, kind)
        RequestConfig(request, paginate={"per_page": self.per_page, "silent": True}).configure(table)
        own = self.context(request)
        table.hint = own.get("empty", self.empty)  # a table's template is given nothing but the table
        if not request.GET and not table.empty_text:
            table.empty_text = _("这里还没有内容")
        found = {
            "table": table, "filters": filters, "words": words, "heading": self.heading, "empty": self.empty,
            "searches": bool(self.search_fields), "search_hint": self.search_hint,
            "exports": self._may_export(request), "part": self.part_name,
        }  # fmt: skip
        template = self.part_name if getattr(request, "htmx", False) else self.template_name
        return render(request, template, found | own)

    def _may_export(self, request: HttpRequest) -> bool:
        permission = self.export_permission
        return permission is not None and standing_of(request).allows(permission)

    def _export(self, request: HttpRequest, table: Table, kind: str) -> HttpResponse:
        if not self._may_export(request):
            raise PermissionDenied
        RequestConfig(request, paginate=False).configure(table)
        return import_string(settings.LIST_EXPORTER)(request, table, str(self.heading), kind)
