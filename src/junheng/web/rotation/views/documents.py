"""The year's documents: drafted, issued, read, signed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_tables2 import Column, DateColumn, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.rotation.actions import preparing as actions
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.documents import drafting
from junheng.web.rotation.forms.preparing import DocumentForm, IssueForm
from junheng.web.rotation.models import DocumentKind, OfficialDocument, ReadReceipt
from junheng.web.rotation.views.pages import EVERYBODY, YearPage
from junheng.web.staffing.reach import author

PREPARE = Permission.ROTATION_PREPARE


class DocumentTable(Table):
    """Documents."""

    title = Column(gettext_lazy("标题"), linkify=True)
    kind = Column(gettext_lazy("文种"))
    number = Column(gettext_lazy("文号"))
    issued_on = DateColumn(verbose_name=gettext_lazy("成文日期"), format="Y-m-d")


class DocumentList(ListPage):
    """The documents of a year."""

    permissions = EVERYBODY
    export_permission = Permission.EXPORT_LISTS
    table_class = DocumentTable
    search_fields = ("title", "number")
    search_hint = gettext_lazy("标题或文号")
    template_name = "rotation/list.html"
    heading = gettext_lazy("文件库")
    empty = gettext_lazy("还没有文件。年度实施方案可以由政策包和阶段日期起草，修改后发布。")

    def rows(self, request: HttpRequest) -> Any:
        """Those that the person may read."""
        self.page = YearPage(request, self.kwargs["pk"])
        return OfficialDocument.objects.visible_to(self.page.standing).filter(year=self.page.year)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to a draft."""
        page = self.page
        new = {"url": page.url("document_new"), "icon": "plus", "label": _("拟稿"), "primary": True}
        return page.context("papers") | {"buttons": [new] if page.may(PREPARE) else []}


def _document(page: YearPage, pk: int) -> OfficialDocument:
    seen = OfficialDocument.objects.visible_to(page.standing).filter(year=page.year)
    return get_object_or_404(seen.select_related("issued_by"), pk=pk)


@requires(PREPARE)
def document_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, begun from the pack and the dates."""
    page = YearPage(request, pk)
    page.require(PREPARE)
    initial = {
        "kind": DocumentKind.PLAN, "title": drafting.title_of(page.year), "everybody": True,
        "addressed_to": drafting.ADDRESSED_TO, "text": drafting.plan_text(page.year, pack_of(page.year)),
    }  # fmt: skip
    form = DocumentForm(request.POST or None, initial=initial)
    return page.form(
        "papers", form, lambda given: actions.draft_document(page.year, by=author(request), **given),
        done=_("稿子已保存。"), back=page.url("papers"), heading=_("拟稿"),
    )  # fmt: skip


@requires(PREPARE)
def document_edit(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Change a draft."""
    page = YearPage(request, pk)
    page.require(PREPARE)
    held = _document(page, document_pk)
    names = ("kind", "title", "addressed_to", "text", "everybody", "version")
    form = DocumentForm(request.POST or None, initial={name: getattr(held, name) for name in names})
    return page.form(
        "papers", form, lambda given: actions.draft_document(page.year, document=held, by=author(request), **given),
        done=_("稿子已保存。"), back=held.get_absolute_url(), heading=_("修改稿子"),
    )  # fmt: skip


@requires(*EVERYBODY)
def document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """A document: to read and note that one has, to sign where it is a letter; who has, for offices."""
    page = YearPage(request, pk)
    held = _document(page, document_pk)
    me = author(request)
    receipts = ReadReceipt.objects.filter(document=held)  # scoped: numbers alone, and one's own
    mine = receipts.filter(user=me).first()
    signs = held.kind == DocumentKind.LETTER and bool(page.within(Permission.ROTATION_SIGN))
    issue = IssueForm(initial={"issued_on": timezone.localdate()}) if page.may(Permission.ROTATION_PUBLISH) else None
    signed = receipts.filter(signed=True, school__in=page.school_keys).select_related("school", "user")
    return page.show(
        "papers", "document", heading=str(held), document=held, lines=_lines(held.text), mine=mine,
        signs=signs and not (mine and mine.signed), read=receipts.count(), signed=signed, issue=issue,
        may_edit=page.may(PREPARE) and held.issued_at is None, back=page.url("papers"),
    )  # fmt: skip


def _lines(text: str) -> list[dict[str, Any]]:
    """The text with its headings marked."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        level = 1 if line[1:2] == "、" and line[0] in drafting.NUMERALS else 2 if line.startswith("（") else 0
        found.append({"text": line, "level": level})
    return found


@require_POST
@requires(*EVERYBODY)
def acknowledge(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Note that one has read a document."""
    page = YearPage(request, pk)
    held = _document(page, document_pk)
    return page.act(
        lambda: actions.acknowledge(held, by=author(request)), done=_("已记录您的阅知。"), back=held.get_absolute_url()
    )


@require_POST
@requires(Permission.ROTATION_SIGN)
def sign(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Sign a letter of responsibility for one's school."""
    page = YearPage(request, pk)
    held = get_object_or_404(
        OfficialDocument.objects.visible_to(page.standing).filter(year=page.year, kind=DocumentKind.LETTER),
        pk=document_pk,
    )
    school = page.schools(Permission.ROTATION_SIGN).first()
    return page.act(
        lambda: actions.acknowledge(held, by=author(request), sign=True, school=school),
        done=_("已签署。"), back=held.get_absolute_url(),
    )  # fmt: skip


@require_POST
@requires(Permission.ROTATION_PUBLISH)
def issue(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """Issue a document."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_PUBLISH)
    held = _document(page, document_pk)
    form = IssueForm(request.POST)
    return page.form(
        "papers", form, lambda given: actions.issue_document(held, by=author(request), **given),
        done=_("文件已发布。"), back=held.get_absolute_url(), heading=_("发布：%(title)s") % {"title": held.title},
        submit=_("发布"),
    )  # fmt: skip
