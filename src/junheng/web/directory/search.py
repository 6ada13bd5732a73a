"""Search in everything at once: rooms above register what they find, each within the reach of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import Organisation, User
from junheng.web.interface.listing import matching

MOST = 8
"""Hits of each kind that are shown."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: ``kind`` is the heading under which it stands, ``text`` what tells it from its like."""

    kind: Any
    label: str
    url: str
    text: str = ""
    icon: str = "search"


Provider = Callable[[HttpRequest, str], Iterable[Hit]]
_providers: list[Provider] = []


def provide(function: Provider) -> Provider:
    """Register what finds hits for words; it must scope what it reads, and give :data:`MOST` at most."""
    if function not in _providers:
        _providers.append(function)
    return function


def find(request: HttpRequest, words: str) -> list[Hit]:
    """Hits of every provider, in the order in which they were registered."""
    return [hit for provider in _providers for hit in list(provider(request, words))[:MOST]]


@provide
def organisations(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Organisations within reach."""
    reach = Organisation.objects.visible_to(standing_of(request)).filter(closed__isnull=True).select_related("parent")
    for each in matching(reach, words, ("name", "short_name", "code", "pinyin", "initials"))[:MOST]:
        text = " · ".join(filter(None, (str(each.get_kind_display()), each.parent.shown if each.parent else "")))
        yield Hit(_("机构"), each.name, each.get_absolute_url(), text, "school" if each.kind == "school" else "sitemap")


@provide
def accounts(request: HttpRequest, words: str) -> Iterable[Hit]:
    """Accounts within reach."""
    if standing_of(request).allows(Permission.USERS_VIEW):
        reach = User.objects.visible_to(standing_of(request)).select_related("organisation")
        for each in matching(reach, words, ("name", "username", "pinyin", "initials"))[:MOST]:
            yield Hit(_("账号"), str(each), reverse("directory:user", args=(each.pk,)),
                      f"{each.username} · {each.organisation or ''}", "user")  # fmt: skip
