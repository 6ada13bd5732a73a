"""Dated rows follow the tree: what the administrator renames, moves, closes or adds holds in the county's data too."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import ngettext

from junheng.web.directory.changing import organisation_changed
from junheng.web.directory.models import Organisation, OrganisationKind, SchoolTie
from junheng.web.staffing.ledgers import POSTS, SCHOOL_LEDGERS
from junheng.web.staffing.models import ClusterState, SchoolState, TeacherState

SOURCE = "edit"


@receiver(organisation_changed, dispatch_uid="staffing.following")
def follow(organisation: Organisation, what: str, on: date, **_given: Any) -> None:
    """Bring the rows of a cluster or school in step, in the transaction of the change."""
    if organisation.kind == OrganisationKind.CLUSTER:
        _cluster(organisation, what, on)
    elif organisation.kind == OrganisationKind.SCHOOL:
        _school(organisation, what, on)


def _cluster(cluster: Organisation, what: str, on: date) -> None:
    if what in {"renamed", "closed"}:
        known_before(cluster, on)
        _end(ClusterState.objects.current().filter(cluster=cluster), on)
    if what in {"added", "renamed", "reopened"}:
        ClusterState.objects.create(cluster=cluster, name=cluster.name, valid_from=on, source=SOURCE)


def known_before(cluster: Organisation, on: date) -> None:
    """Give a cluster that was only ever read from the tree a row for the time before ``on``."""
    if not ClusterState.objects.filter(cluster=cluster).exists():
        former = cluster.former_names.filter(valid_until=on).first()
        begun = min(cluster.opened or date(1900, 1, 1), on)
        ClusterState.objects.create(
            cluster=cluster, name=former.name if former else cluster.name, valid_from=begun, valid_until=on,
            source=SOURCE,
        )  # fmt: skip


def _school(school: Organisation, what: str, on: date) -> None:
    present = SchoolState.objects.current().filter(school=school)  # scoped: the school that changed
    if what == "closed":
        _refuse_with_teachers(school)
        _end(present, on)
        for ledger in (*SCHOOL_LEDGERS, POSTS):
            _end(ledger.model.objects.current().filter(school=school), on)
        _end(SchoolTie.objects.current().filter(Q(supporting=school) | Q(supported=school)), on)
        return
    changed: dict[str, Any] = {}
    if what == "renamed":
        changed = {"name": school.name, "short_name": school.short_name}
    elif what == "moved" and school.parent is not None and school.parent.kind == OrganisationKind.CLUSTER:
        changed = {"cluster": school.parent}
    for state in present if changed else ():
        since = max(on, state.valid_from)
        _end(SchoolState.objects.filter(pk=state.pk), on)  # scoped: the school that changed
        state.pk, state.valid_from, state.valid_until, state.source = None, since, None, SOURCE
        for name, value in changed.items():
            setattr(state, name, value)
        state.save(force_insert=True)


def _refuse_with_teachers(school: Organisation) -> None:
    staff = TeacherState.objects.current().filter(Q(school=school) | Q(teaching_school=school))  # scoped: the school
    if count := staff.count():
        said = ngettext(
            "这所学校还有 %(count)s 名教师，请先把他们转到其他学校或登记离开。",
            "这所学校还有 %(count)s 名教师，请先把他们转到其他学校或登记离开。", count,
        )  # fmt: skip
        raise ValidationError(said % {"count": count})


def _end(rows: Any, on: date) -> None:
    """Close rows on the day, those that began later on their own first day."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(valid_until=max(on, row.valid_from))
