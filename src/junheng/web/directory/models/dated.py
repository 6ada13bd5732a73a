"""Rows that hold from a day until another row takes their place; nothing is overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy, all_of


class DatedQuerySet(models.QuerySet[Any]):
    """Reads of dated rows."""

    def current(self) -> Self:
        """Rows that hold now and have not been replaced."""
        return self.filter(valid_until__isnull=True)

    def as_of(self, day: date) -> Self:
        """Rows that hold on the day, as they are known now."""
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


class Dated(models.Model):
    """A row that holds from ``valid_from`` until the day before ``valid_until``.

    A change closes the row and adds another. A row that was wrong is closed on its own first day: it then holds on no
    day, and stays for whoever asks what was believed. ``source`` says where it came from: ``intake:12``, ``edit``,
    ``correction:5``.
    """

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.INTERNAL, "valid_from", "valid_until", "entered_at", "source"
    )

    valid_from = models.DateField(_("自"))
    valid_until = models.DateField(_("至（不含）"), null=True, blank=True)
    entered_at = models.DateTimeField(_("录入时间"), auto_now_add=True)
    source = models.CharField(_("来源"), max_length=60)

    objects: Any = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
