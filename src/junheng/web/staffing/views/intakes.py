"""Pages of the way in: the list, the upload, one intake with what it would change, and its verbs."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from junheng.documents import write_template
from junheng.web.access import Permission, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.records.audit import record
from junheng.web.staffing import vault
from junheng.web.staffing.actions import intakes as actions
from junheng.web.staffing.forms.intakes import ConfirmForm, UploadForm
from junheng.web.staffing.intake.wording import language, worded
from junheng.web.staffing.models import Intake, IntakeState, LineKind, LineState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {
    IntakeState.REHEARSING: "blue", IntakeState.REFUSED: "red", IntakeState.FAULTY: "orange",
    IntakeState.READY: "azure", IntakeState.SAME: "secondary", IntakeState.CONFIRMED: "blue",
    IntakeState.WRITTEN: "green", IntakeState.STALE: "yellow", IntakeState.DISCARDED: "secondary",
}  # fmt: skip
_SLACK = 1024 * 1024
_PER_PAGE = 50


class IntakeTable(tables.Table):
    """Intakes, the latest first."""

    file_name = tables.Column(linkify=True)
    organisation = tables.Column(accessor="organisation__shown", order_by="organisation__name")
    state = tables.Column()
    counts = tables.Column(verbose_name=gettext_lazy("新增 / 变更 / 离开 / 错误"), orderable=False)

    class Meta:
        model = Intake
        fields = ("file_name", "organisation", "on", "state", "counts", "uploaded_by", "uploaded_at")
        attrs = {"class": "frozen-1"}
        empty_text = gettext_lazy("还没有导入过文件")

    def render_state(self, value: str, record: Intake) -> str:
        """The state in its colour."""
        return format_html('<span class="badge bg-{}-lt">{}</span>', TONES[IntakeState(record.state)], value)

    def render_counts(self, record: Intake) -> str:
        """How many of each."""
        if not record.counts:
            return "—"
        return " / ".join(str(_total(record, state)) for state in ("new", "changed", "leaving", "faults"))


class IntakeList(ListPage):
    """All intakes in reach."""

    permissions = (Permission.INTAKE_UPLOAD, Permission.INTAKE_CONFIRM, Permission.EXPORT_COUNTY)
    table_class = IntakeTable
    template_name = "staffing/intakes.html"
    search_fields = ("file_name", "organisation__name", "organisation__pinyin", "uploaded_by__name")
    heading = gettext_lazy("数据导入")
    empty = gettext_lazy("先下载模板填写，或直接上传已有的花名册；上传后先预演，确认后才写入。")

    def rows(self, request: HttpRequest) -> Any:
        """Those in reach."""
        seen = Intake.objects.visible_to(standing_of(request))
        return seen.select_related("organisation", "uploaded_by")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Which other doors there are."""
        standing = standing_of(request)
        return {
            "may_upload": standing.allows(Permission.INTAKE_UPLOAD),
            "may_export": standing.allows(Permission.EXPORT_COUNTY),
            "may_snapshot": standing.allows(Permission.SNAPSHOT_TAKE),
        }


def _total(intake: Intake, state: str) -> int:
    if state == "faults":
        return int(intake.counts.get("faults", 0))
    return sum(int(intake.counts.get(kind, {}).get(state, 0)) for kind in LineKind.values)


@requires(Permission.INTAKE_UPLOAD)
@csrf_exempt
def upload(request: HttpRequest) -> HttpResponseBase:
    """Offer a file. One that is too large is refused before its body is read; the rest is behind the CSRF check."""
    limit = settings.UPLOAD_LIMITS["workbook"]
    if request.method == "POST" and int(request.META.get("CONTENT_LENGTH") or 0) > limit + _SLACK:
        form = UploadForm(standing=standing_of(request))
        said = _("文件超过 %s MB，没有接收；请删去图片和无关工作表，或按学区分开") % (limit // 1024**2)
        return render(request, "staffing/upload.html", {"form": form, "too_large": said}, status=413)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request)
    if request.method != "POST":
        return render(request, "staffing/upload.html", {"form": UploadForm(standing=standing)})
    form = UploadForm(request.POST, request.FILES, standing=standing)
    if not form.is_valid():
        return render(request, "staffing/upload.html", {"form": form}, status=422)
    given = form.cleaned_data
    made = actions.upload(
        actions.Offer(
            organisation=given["organisation"], file=given["file"], file_name=given["file"].name,
            file_size=given["file"].size, whole=given["whole"] == "whole", mapping=given["mapping"], day=given["day"],
            key=given["key"],
        ),
        by=request.user,
    )  # fmt: skip
    return redirect(made)


@requires(Permission.INTAKE_UPLOAD)
def template(request: HttpRequest) -> HttpResponse:
    """The blank workbook, in the language of the page."""
    with vault.workplace() as folder:
        path = folder / "template.xlsx"
        write_template(path, language())
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    return as_download(response, _("数据模板.xlsx"))


def as_download(response: Any, name: str) -> Any:
    """The response as a file to keep, never shown in the page."""
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _seen(request: HttpRequest, pk: int) -> Intake:
    seen = Intake.objects.visible_to(standing_of(request))
    return get_object_or_404(
        seen.select_related("county", "organisation", "job", "uploaded_by", "confirmed_by", "mapping"), pk=pk
    )


@requires(Permission.INTAKE_UPLOAD, Permission.INTAKE_CONFIRM)
def intake(request: HttpRequest, pk: int) -> HttpResponse:
    """One intake: how far it is, what it would change, its faults, and the form that confirms it."""
    made = _seen(request, pk)
    return _page(request, made, ConfirmForm(initial={"rehearsal": made.rehearsal}))


def _page(request: HttpRequest, made: Intake, form: ConfirmForm, status: int = 200) -> HttpResponse:
    standing = standing_of(request)
    page = {
        "intake": made, "tone": TONES[IntakeState(made.state)], "form": form,
        "refusal": made.refusal.get(language(), ""),
        "warnings": [each[language()] for each in made.warnings], "tiles": _tiles(made), "steps": _steps(made),
        "may_confirm": made.organisation_id in standing.organisations(Permission.INTAKE_CONFIRM),
        "may_upload": made.organisation_id in standing.organisations(Permission.INTAKE_UPLOAD),
        "can_map": bool(made.headers) and made.state in {IntakeState.REFUSED, IntakeState.FAULTY},
    } | _lines(request, made)  # fmt: skip
    template_name = "staffing/_lines.html" if getattr(request, "htmx", False) else "staffing/intake.html"
    return render(request, template_name, page, status=status)


def _lines(request: HttpRequest, made: Intake) -> dict[str, Any]:
    chosen = {name: request.GET.get(name, "")[:20] for name in ("state", "kind")}
    words = request.GET.get("q", "").strip()[:100]
    rows = made.lines.order_by("position")
    if chosen["state"] in LineState.values:
        rows = rows.filter(state=chosen["state"])
    if chosen["kind"] in LineKind.values:
        rows = rows.filter(kind=chosen["kind"])
    for word in words.split():
        rows = rows.filter(label__icontains=word) | rows.filter(code__icontains=word) | rows.filter(
            school__icontains=word
        )  # fmt: skip
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    shown = [
        {"line": line, "worded": worded(line.changes), "fault": line.said.get(language(), {})}
        for line in page.object_list
    ]
    return {
        "page": page, "shown": shown, "words": words, "chosen": chosen, "states": LineState.choices,
        "kinds": LineKind.choices,
    }  # fmt: skip


def _tiles(made: Intake) -> list[dict[str, Any]]:
    if not made.counts or made.state == IntakeState.REHEARSING:
        return []
    looks = (
        ("new", _("新增"), "user-plus", "green"),
        ("changed", _("变更"), "edit", "blue"),
        ("unchanged", _("不变"), "equal", "secondary"),
        ("leaving", _("离开"), "user-minus", "orange"),
        ("faults", _("错误"), "alert-triangle", "red"),
    )
    address = made.get_absolute_url()
    filters = {"faults": "faulty", "unchanged": ""}
    return [
        {
            "label": label, "icon": icon, "tone": tone, "value": _total(made, state),
            "url": f"{address}?state={filters.get(state, state)}#lines" if filters.get(state, state) else "",
        }
        for state, label, icon, tone in looks
    ]  # fmt: skip


def _steps(made: Intake) -> list[dict[str, Any]]:
    order = [_("上传"), _("预演"), _("核对确认"), _("写入")]
    reached = {
        IntakeState.REHEARSING: 1, IntakeState.REFUSED: 1, IntakeState.FAULTY: 1, IntakeState.STALE: 1,
        IntakeState.READY: 2, IntakeState.SAME: 2, IntakeState.CONFIRMED: 3, IntakeState.WRITTEN: 4,
        IntakeState.DISCARDED: 1,
    }[IntakeState(made.state)]  # fmt: skip
    blocked = made.state in {IntakeState.REFUSED, IntakeState.FAULTY, IntakeState.STALE, IntakeState.DISCARDED}
    return [
        {
            "label": label,
            "state": "done" if at < reached else ("blocked" if blocked else "current") if at == reached else "ahead",
        }
        for at, label in enumerate(order)
    ]


@requires(Permission.INTAKE_UPLOAD, Permission.INTAKE_CONFIRM)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work is, alone; when it is over the page is asked for anew."""
    made = _seen(request, pk)
    response = render(request, "staffing/_progress.html", {"intake": made})
    if not made.is_moving or made.is_stuck:
        response["HX-Refresh"] = "true"
    return response


@requires(Permission.INTAKE_CONFIRM)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what was rehearsed."""
    made = _seen(request, pk)
    if made.organisation_id not in standing_of(request).organisations(Permission.INTAKE_CONFIRM):
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, made, form, status=422)
    try:
        actions.confirm(made, form.cleaned_data["rehearsal"], by=request.user)
    except actions.NotNowError as fault:
        return _not_now(request, fault.intake)
    return redirect(made)


@requires(Permission.INTAKE_UPLOAD, Permission.INTAKE_CONFIRM)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Rehearse anew."""
    made = _seen(request, pk)
    try:
        actions.rehearse_again(made, by=request.user)
    except actions.NotNowError as fault:
        return _not_now(request, fault.intake)
    return redirect(made)


@requires(Permission.INTAKE_UPLOAD, Permission.INTAKE_CONFIRM)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a file away that was not written."""
    made = _seen(request, pk)
    try:
        actions.discard(made, by=request.user)
    except actions.NotNowError as fault:
        return _not_now(request, fault.intake)
    return redirect(made)


def _not_now(request: HttpRequest, made: Intake) -> HttpResponse:
    """Says how the intake stands instead, and nothing more happens."""
    said = {
        IntakeState.CONFIRMED: _("这次导入已经确认过了，正在写入，不会重复写入。"),
        IntakeState.WRITTEN: _("这次导入已经确认并写入，不会重复写入。"),
        IntakeState.STALE: _("预演之后本县数据又有变动，没有写入；请重新预演后再确认。"),
        IntakeState.DISCARDED: _("这次导入已经作废。"),
    }.get(IntakeState(made.state), _("这次导入的状态已经变了，请看下面的最新情况。"))
    messages.warning(request, said)
    form = ConfirmForm(initial={"rehearsal": made.rehearsal})
    return _page(request, _seen(request, made.pk), form, status=409)


@requires(Permission.INTAKE_UPLOAD, Permission.INTAKE_CONFIRM)
def faults(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The uploaded file with its faults written beside the rows."""
    made = _seen(request, pk)
    if not made.faults_stored:
        raise Http404
    try:
        content = list(vault.pieces(made.faults_stored))
    except vault.UnreadableFileError:
        raise Http404 from None
    with transaction.atomic():
        record(request.user, "staffing.intake.faults_fetched", made, organisation=made.organisation)
    stem = made.file_name.rpartition(".")[0] or made.file_name
    return as_download(StreamingHttpResponse(content, content_type=XLSX), _("%s_错误标注.xlsx") % stem)
