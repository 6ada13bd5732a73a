"""The papers that a year needs: each kind is made by one function, and shown as a page to print or as a Word file.

    @paper("order", _("调配文件"))
    def order(page: YearPage, key: str) -> Paper:
        found = get_object_or_404(Order.objects.visible_to(page.standing), year=page.year, pk=as_number(key))
        return Paper(f"关于……的通知", …)

The function decides who may see the paper: it raises ``Http404`` for everybody else. Its address is
``reverse("rotation:paper", args=(year.pk, "order", key))``; with ``?docx`` it is a Word file, whose download is kept in
the trail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import translation

from junheng.documents.official import Paper, write_paper
from junheng.web.records.audit import record

if TYPE_CHECKING:
    from junheng.web.directory.models import User
    from junheng.web.rotation.models import RotationYear
    from junheng.web.rotation.views.pages import YearPage

Make = Callable[["YearPage", str], Paper]


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper: its name in the address, what it is called, and what makes one for a key."""

    name: str
    label: Any
    make: Make


_kinds: dict[str, PaperKind] = {}


def paper(name: str, label: Any) -> Callable[[Make], Make]:
    """Registers the function that makes papers of a kind; ``label`` says what they are called."""

    def kept(make: Make) -> Make:
        if name in _kinds and _kinds[name].make is not make:
            raise ValueError(f"two functions make papers of the kind {name}")
        _kinds[name] = PaperKind(name, label, make)
        return make

    return kept


def paper_kinds() -> dict[str, PaperKind]:
    """Every kind of paper by its name."""
    return dict(_kinds)


def made(page: YearPage, name: str, key: str) -> Paper:
    """The paper for a key, in Chinese. Raises ``Http404`` for an unknown kind or key and for whoever may not see it."""
    kind = _kinds.get(name)
    if kind is None:
        raise Http404
    with translation.override("zh-hans"):
        return kind.make(page, key)


def address(year: RotationYear, name: str, key: Any) -> str:
    """Where a paper is."""
    return reverse("rotation:paper", args=(year.pk, name, key))


def as_number(key: str) -> int:
    """The key of a row from an address. Raises ``Http404`` for anything else."""
    if not key.isascii() or not key.isdigit() or len(key) > 12:
        raise Http404
    return int(key)


@transaction.atomic
def as_word(year: RotationYear, name: str, key: str, found: Paper, *, by: User) -> bytes:
    """The paper as a Word file; that it leaves the house, and its digest, stand in the trail."""
    content = write_paper(found)
    record(
        by, "rotation.paper.downloaded", year, organisation=year.county,
        kind=name, key=key, title=found.plain_title, digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    return content
