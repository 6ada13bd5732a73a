"""A placement on a page: who the reader is to it, and what he may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from junheng.web.access import Permission
from junheng.web.records import attachments
from junheng.web.rotation import charges
from junheng.web.rotation.actions.holding import TO_THE_END, is_time_for, runs_until
from junheng.web.rotation.models import Matter, Placement, Side
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

PEOPLE = (
    Permission.ROTATION_OWN, Permission.ROTATION_VIEW,
)  # fmt: skip
"""Whoever may open the page of a placement: the teacher himself, and offices within whose reach it is."""


class ServicePage(YearPage):
    """A placement of the year that the person sees; 404 for anybody else's."""

    def __init__(self, request: HttpRequest, pk: int, placement: int) -> None:
        super().__init__(request, pk)
        seen = Placement.objects.visible_to(self.standing).filter(year=self.year)
        self.placement = get_object_or_404(
            seen.select_related("from_school", "to_school__parent", "teacher__user", "teacher__county"), pk=placement
        )
        self.placement.year = self.year
        self.by = author(request)

    @cached_property
    def in_time(self) -> bool:
        """Whether what belongs to the placement may still be put down."""
        return is_time_for(self.year, runs_until(self.placement, self.now), *TO_THE_END, at=self.now)

    @property
    def mine(self) -> bool:
        """Whether it is the reader's own."""
        return self.placement.teacher.user_id == self.by.pk and self.standing.allows(Permission.ROTATION_OWN)

    def at(self, side: Side, permission: Permission = Permission.ROTATION_SCHOOL) -> bool:
        """Whether the reader holds the permission at a side's school."""
        return charges.school_of(self.placement, side).pk in self.within(permission)

    def keeps(self, matter: Matter, permission: Permission = Permission.ROTATION_SCHOOL) -> bool:
        """Whether the reader holds the permission at the school that keeps the matter."""
        return charges.keeps(self.standing, self.placement, matter, permission)

    def clusters(self) -> bool:
        """Whether the reader heads the host school's cluster."""
        return self.placement.to_school_id in self.within(Permission.ROTATION_CLUSTER)

    def must(self, allowed: bool) -> None:
        """404 for whoever may not do this: for him there is no such page."""
        if not allowed:
            raise Http404

    def here(self, anchor: str = "") -> str:
        """The address of the placement's page, at a section of it."""
        return self.url("service", self.placement.pk) + (f"#{anchor}" if anchor else "")

    def add(self, what: str) -> str:
        """The address of the form that adds something."""
        return self.url("service_add", self.placement.pk, what)

    def row(self, what: str, row: Any) -> str:
        """The address of the form, or the button, about a row."""
        return self.url("service_row", self.placement.pk, what, row.pk)


def storing(act: Callable[[], Any]) -> Any:
    """Does something that keeps files; one that may not come in is refused with its reason."""
    try:
        return act()
    except attachments.UnwelcomeFileError as unwelcome:
        raise RefusedError(str(unwelcome.args[0])) from unwelcome
