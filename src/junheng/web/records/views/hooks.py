"""Web hooks: where news goes outside, and what arrived."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires
from junheng.web.records.actions import hooks as verbs
from junheng.web.records.forms.hooks import HookForm
from junheng.web.records.models import Delivery, WebHook

_LATEST = 30


@requires(Permission.HOOKS_EDIT)
def hooks(request: HttpRequest) -> HttpResponse:
    """Every web hook, and the last messages that went out."""
    sent = Delivery.objects.filter(hook__isnull=False).select_related("hook")[:_LATEST]
    return render(request, "records/hooks.html", {"hooks": WebHook.objects.all(), "deliveries": sent})


@requires(Permission.HOOKS_EDIT)
def hook(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of a new web hook or of one that is there."""
    there = get_object_or_404(WebHook, pk=pk) if pk is not None else WebHook()
    form = HookForm(request.POST or None, instance=there)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        verbs.save_hook(form.save(), by=request.user, url=given["url"], secret=given["secret"])
        messages.success(request, gettext("网络钩子已保存。"))
        return redirect("records:hooks")
    status = 422 if form.is_bound else 200
    return render(request, "records/hook.html", {"form": form, "hook": there}, status=status)


@require_POST
@requires(Permission.HOOKS_EDIT)
def switch_hook(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a web hook on or off."""
    verbs.switch(get_object_or_404(WebHook, pk=pk), by=request.user, on=request.POST.get("on") == "1")
    return redirect("records:hooks")


@require_POST
@requires(Permission.HOOKS_EDIT)
def try_hook(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a trial message."""
    verbs.try_out(get_object_or_404(WebHook, pk=pk), by=request.user)
    messages.success(request, gettext("试发消息已排队，稍后刷新查看结果。"))
    return redirect("records:hooks")
