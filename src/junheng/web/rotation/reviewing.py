"""In whose hands an application is: the school's, the cluster's, the bureau's, or nobody's any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from junheng.web.access import Permission
from junheng.web.rotation.models import Application, ApplicationStatus, Chain, Level, RotationYear
from junheng.web.rotation.wishing import settings_of

if TYPE_CHECKING:
    from junheng.web.access import Standing

_AT_SCHOOL, _AT_CLUSTER = Q(status=ApplicationStatus.AT_SCHOOL), Q(status=ApplicationStatus.AT_CLUSTER)
_IN_CLUSTER = Q(school__parent__kind="cluster")


def waiting_at(chain: str, level: Level) -> Q:
    """Applications that an office has to decide under a chain; where a school has no cluster the bureau decides."""
    if level is Level.CLUSTER:
        return Q(pk__in=()) if chain == Chain.BUREAU else _AT_SCHOOL & _IN_CLUSTER
    if level is Level.BUREAU:
        return _AT_SCHOOL if chain == Chain.BUREAU else _AT_CLUSTER | (_AT_SCHOOL & ~_IN_CLUSTER)
    return Q(status=ApplicationStatus.SUBMITTED)


def level_of(application: Application, chain: str) -> Level | None:
    """The office that has to decide now; ``None`` when nobody has to."""
    if application.status == ApplicationStatus.SUBMITTED:
        return Level.SCHOOL
    if application.status == ApplicationStatus.AT_CLUSTER:
        return Level.BUREAU
    if application.status != ApplicationStatus.AT_SCHOOL:
        return None
    parent = application.school.parent
    in_cluster = parent is not None and parent.kind == "cluster"
    return Level.CLUSTER if in_cluster and chain != Chain.BUREAU else Level.BUREAU


def ends_with(level: Level, chain: str) -> bool:
    """Whether the office's yes is the last word."""
    return level is Level.BUREAU or chain == Chain.CLUSTER


MAY = {Level.CLUSTER: Permission.ROTATION_CLUSTER, Level.BUREAU: Permission.ROTATION_REVIEW}


def in_hand(year: RotationYear, standing: Standing, level: Level | None = None) -> Any:
    """Applications of the year on which the person decides now; never the person's own."""
    chain = settings_of(year).chain
    mine = Q(pk__in=())
    for each, permission in MAY.items():
        if level in (None, each):
            mine |= waiting_at(chain, each) & Q(school__in=standing.organisations(permission))
    found = Application.objects.filter(mine, year=year)
    return found.exclude(teacher__user=getattr(standing, "user", None))
