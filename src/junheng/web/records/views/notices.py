"""A person's messages."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires, standing_of
from junheng.web.records.actions import notices
from junheng.web.records.models import Notification
from junheng.web.records.notifying import wants_email

_PER_PAGE = 30


@requires()
def notifications(request: HttpRequest) -> HttpResponse:
    """One's own messages, the last one first."""
    own = Notification.objects.of(request.user)
    unread = own.unread().count()
    shown = own.unread() if request.GET.get("unread") else own
    page = Paginator(shown, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "unread": unread, "only_unread": bool(request.GET.get("unread")),
        "by_email": wants_email(request.user),
        "hooks": standing_of(request).allows(Permission.HOOKS_EDIT),
    }  # fmt: skip
    return render(request, "records/notifications.html", context)


@require_POST
@requires()
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one message as read and goes where it leads."""
    notice = get_object_or_404(Notification.objects.of(request.user), pk=pk)
    notices.mark_read(request.user, [notice.pk])
    return redirect(notice.url or "records:notifications")


@require_POST
@requires()
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all one's messages as read."""
    notices.mark_read(request.user)
    return redirect("records:notifications")


@require_POST
@requires()
def choose(request: HttpRequest) -> HttpResponse:
    """Whether messages also come by e-mail."""
    notices.choose(request.user, by_email=request.POST.get("by_email") == "on")
    messages.success(request, gettext("消息设置已保存。"))
    return redirect("records:notifications")
