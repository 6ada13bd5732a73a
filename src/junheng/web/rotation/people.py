"""Names of teachers in lists of placements, and who is to be told of something about one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from junheng.web.access import Role
from junheng.web.directory.models import RoleGrant, User
from junheng.web.rotation.models import Placement
from junheng.web.staffing.models import TeacherState


def with_names(rows: QuerySet[Any], teacher: str = "teacher") -> QuerySet[Any]:
    """Rows with ``teacher_name`` and ``teacher_pinyin`` as they are now; ``teacher`` is the path to the teacher."""
    now = TeacherState.objects.current().filter(teacher=OuterRef(teacher))
    return rows.annotate(
        teacher_name=Subquery(now.values("name")[:1]), teacher_pinyin=Subquery(now.values("pinyin")[:1])
    )


def of_schools(roles: Iterable[Role], *organisations: int) -> list[User]:
    """Accounts that hold one of the roles today at one of the organisations themselves."""
    today = timezone.localdate()
    grants = RoleGrant.objects.in_force(today).filter(role__in=[role.value for role in roles])
    held = grants.filter(organisation__in=organisations).values("user")
    return list(User.objects.filter(is_active=True, pk__in=held))


def concerned(placement: Placement, *, bureau: bool = True) -> list[User]:
    """The teacher, both schools and, unless told otherwise, the bureau's personnel office."""
    schools = of_schools((Role.SCHOOL_CLERK, Role.PRINCIPAL), placement.from_school_id, placement.to_school_id)
    people = [placement.teacher.user] if placement.teacher.user is not None else []
    office = of_schools((Role.BUREAU_CLERK, Role.SECTION_HEAD), placement.year.county_id) if bureau else []
    return [*people, *schools, *office]
