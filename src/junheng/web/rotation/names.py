"""The names of teachers beside rows that point at them."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery

from junheng.web.staffing.models import TeacherState


def with_names(rows: Any, teacher: str = "teacher") -> Any:
    """Rows with ``teacher_name`` and ``teacher_pinyin`` of the state that holds now; ``teacher`` is the way to him."""
    now = TeacherState.objects.current().filter(teacher=OuterRef(f"{teacher}_id"))  # scoped: of rows within reach
    return rows.annotate(
        teacher_name=Subquery(now.values("name")[:1]), teacher_pinyin=Subquery(now.values("pinyin")[:1])
    )
