"""The one page on which every form of the room is filled in, and how a refusal comes back to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


@dataclass(frozen=True, slots=True)
class Page:
    """What stands round a form: heading, button, the way back, and what is to be known before."""

    heading: Any
    button: Any
    back: str
    crumbs: tuple[tuple[Any, str], ...] = ()
    warning: Any = ""
    danger: bool = False


def fill_in(request: HttpRequest, form: forms.Form, page: Page, act: Callable[[dict[str, Any]], Any]) -> HttpResponse:
    """Show the form; when it is sent and right, act and go back. ``act`` gives the message, or a whole answer.

    What was typed stays when the form or the action refuses it; the answer then has status 422.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                said = act(form.cleaned_data)
            except ValidationError as fault:
                add_faults(form, fault)
            else:
                if isinstance(said, HttpResponse):
                    return said
                messages.success(request, said)
                return redirect(page.back)
        status = 422
    crumbs = [{"label": label, "url": url} for label, url in page.crumbs] + [{"label": page.heading}]
    return render(request, "directory/form.html", {"form": form, "page": page, "breadcrumbs": crumbs}, status=status)


def add_faults(form: forms.Form, fault: ValidationError) -> None:
    """Put what an action refused to the fields it names; what the form does not ask for goes to the top."""
    if not hasattr(fault, "error_dict"):
        form.add_error(None, fault)
        return
    for name, faults in fault.message_dict.items():
        form.add_error(name if name in form.fields else None, faults)
