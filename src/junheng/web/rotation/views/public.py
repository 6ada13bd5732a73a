"""What anybody may read without signing in: notices while they run, their proof, and the way to object."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.facts import Subject
from junheng.web.access import public
from junheng.web.directory.braking import Limit, count
from junheng.web.records.attachments import keeping
from junheng.web.rotation import proofs
from junheng.web.rotation.actions import notices as actions
from junheng.web.rotation.actions import objections
from junheng.web.rotation.forms.publicity import ObjectionForm, ReceiptForm, StatusForm
from junheng.web.rotation.models import Finding, NoticeStatus, Objection, ObjectionStatus, PublicNotice
from junheng.web.staffing.refusal import RefusedError

_RECEIPT_BYTES = 200_000
_OBJECTING = Limit(free=10, first=timedelta(minutes=5))
_LOOKING_UP = Limit(free=20, first=timedelta(minutes=1))
"""How many objections, and how many questions about one, an address may send before it has to wait."""


def _notice(pk: int) -> PublicNotice:
    """A notice that was published, whether it is still on show or not; 404 for a draft."""
    rows = PublicNotice.objects.filter(status__in=(NoticeStatus.PUBLISHED, NoticeStatus.WITHDRAWN))  # scoped: public
    return get_object_or_404(rows.select_related("year__county").defer("bundle__content"), pk=pk)


def _show(request: HttpRequest, template: str, *, status: int = 200, **given: Any) -> HttpResponse:
    answer = render(request, f"rotation/public_{template}.html", given, status=status)
    answer["X-Robots-Tag"] = "noindex, noarchive"
    return answer


def _over(request: HttpRequest, notice: PublicNotice) -> HttpResponse:
    """A notice that is no longer on show: that it was, and nothing of what it said of people."""
    return _show(
        request, "over", status=410, heading=_("公示已经结束"), notice=notice,
        withdrawn=notice.status == NoticeStatus.WITHDRAWN,
    )  # fmt: skip


@public
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice that is on show now."""
    shown = PublicNotice.objects.on_show().select_related("year__county")  # scoped: public while they run
    return _show(request, "notices", heading=_("公示"), notices=shown.order_by("-opens"))


@public
@never_cache
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice; ``?print`` is the sheet for the notice board."""
    held, now = _notice(pk), timezone.now()
    if not held.on_show(now):
        return _over(request, held)
    if request.method == "GET":
        actions.count_reading(held)
    return _show(
        request, "sheet" if "print" in request.GET else "notice", heading=held.title, notice=held,
        rows=held.rows.all(), files=keeping.of(held),
    )  # fmt: skip


@public
@never_cache
def notice_file(request: HttpRequest, pk: int, token: str) -> Any:
    """A file of a notice that is on show."""
    held = _notice(pk)
    if not held.on_show(timezone.now()):
        return _over(request, held)
    file = get_object_or_404(keeping.of(held), token=token)
    answer = FileResponse(
        default_storage.open(file.stored_as), as_attachment=True, filename=file.name,
        content_type=file.content_type,
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@public
@never_cache
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The public proof bundle of a notice that is on show, with the verifier."""
    held = _notice(pk)
    if not held.on_show(timezone.now()):
        return _over(request, held)
    if held.bundle is None:
        raise Http404
    answer = HttpResponse(proofs.content_of(held.bundle), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="proof-{held.root[:12]}.zip"'
    return answer


@public
@never_cache
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Check one's own line with one's receipt: what stands under the published root about its holder."""
    held = _notice(pk)
    if not held.root:
        raise Http404
    if not held.on_show(timezone.now()):
        return _over(request, held)
    form = ReceiptForm(request.POST or None, request.FILES or None)
    given: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows, faults = proofs.read_lines(upload.read(_RECEIPT_BYTES), held.root)
        except ValueError:
            form.add_error("file", _("这不是回执文件，请上传从“我的安排”下载的 json 文件。"))
        else:
            given = {"checked": True, "faults": faults, "lines": _lines(held, rows)}
    status = 422 if form.errors else 200
    return _show(request, "verify", status=status, heading=_("核对本人安排"), notice=held, form=form, **given)


def _lines(notice: PublicNotice, rows: dict[str, str | None]) -> list[dict[str, str]]:
    """The rows of a receipt in words."""
    if not rows or notice.bundle is None:
        return []
    lang = "en" if get_language() == "en" else "zh"
    schools = proofs.public_schools(proofs.content_of(notice.bundle))
    plan, verdict = rows.get("plan.csv"), rows.get("verdicts.csv")
    moved = plan.split(",") if plan else []
    return [
        {
            "label": _("安排"),
            "value": f"{schools.get(moved[1], moved[1])} · {Subject.read(moved[2]).label(lang)}"
            if moved else _("没有安排交流"),
        },
        {"label": _("认定结论和条款"), "value": " · ".join(verdict.split(",")[1:]) if verdict else "—"},
        {"label": _("本人资料"), "value": _("在公布的根之下，未公开") if rows.get("problem/teachers.csv") else "—"},
    ]  # fmt: skip


# --- objections ------------------------------------------------------------------------------------------------------


def _address(request: HttpRequest, use: str) -> str:
    return hashlib.sha256(f"{use}:{request.META.get('REMOTE_ADDR', '')}".encode()).hexdigest()


@public
@never_cache
def objection_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to a notice, named or anonymous."""
    held, now = _notice(pk), timezone.now()
    if not held.on_show(now):
        return _over(request, held)
    signed_in = request.user if request.user.is_authenticated else None
    form = ObjectionForm(request.POST or None, notice=held, initial={"row": request.GET.get("row", "")})
    if request.method == "POST" and form.is_valid():
        if count(_address(request, "objection"), _OBJECTING) is not None:
            form.add_error(None, _("提交过于频繁，请几分钟后再试；也可以与受理部门联系。"))
        else:
            try:
                made, code = objections.receive(held, objections.Said(**form.cleaned_data), by=signed_in, at=now)
            except RefusedError as refused:
                form.add_error(None, str(refused))
            else:
                return _show(request, "objection_done", heading=_("已收到"), objection=made, code=code, notice=held)
    status = 422 if form.errors else 200
    return _show(request, "objection", status=status, heading=pgettext("notice", "提出异议"), notice=held, form=form)


@public
@never_cache
def objection_status(request: HttpRequest, pk: int) -> HttpResponse:
    """How an objection stands, by number and code: its state, its deadline, the answer; nothing else."""
    held = _notice(pk)
    form = StatusForm(request.POST or None)
    found: Objection | None = None
    if request.method == "POST" and form.is_valid():
        if count(_address(request, "objection-status"), _LOOKING_UP) is not None:
            form.add_error(None, _("查询过于频繁，请几分钟后再试。"))
        else:
            found = objections.look_up(form.cleaned_data["number"], form.cleaned_data["code"])
            if found is None or found.notice_id != held.pk:
                found = None
                form.add_error(None, _("没有这个编号，或查询码不对。"))
    answered = found is not None and found.status == ObjectionStatus.ANSWERED
    return _show(
        request, "objection_status", status=422 if form.errors else 200, heading=_("查询异议"), notice=held, form=form,
        found=found, answered=answered, finding=Finding(found.finding).label if answered and found else "",
    )  # fmt: skip
