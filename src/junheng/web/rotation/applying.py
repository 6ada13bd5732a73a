"""Who may apply in a year."""

from __future__ import annotations

from django.utils.translation import gettext as _

from junheng.web.rotation.models import Relief, RotationYear, Verdict, VerdictStanding
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError


def may_apply(year: RotationYear, teacher: Teacher) -> TeacherState:
    """The state of a teacher who may apply. Raises :class:`RefusedError` with what stands against it."""
    state = teacher.state
    if state is None or teacher.county_id != year.county_id:
        raise RefusedError(_("档案没有现状，不能申请；请与学校经办人联系。"))
    verdict = Verdict.objects.filter(year=year, teacher=teacher, current=True).first()
    if verdict is None:
        raise RefusedError(_("还没有资格认定结果，不能申请；请与学校经办人联系。"))
    if verdict.standing == VerdictStanding.NO:
        raise RefusedError(_("资格认定结论为不交流（依据 %(clause)s），不能申请。对事实有异议的，请提出复核。") % {
            "clause": verdict.clause,
        })  # fmt: skip
    relief = Relief.objects.filter(teacher=teacher).in_force(year.starts).first()
    if relief is not None:
        raise RefusedError(_("已批准%(kind)s，不再申请；情况有变的，请与学校经办人联系。") % {
            "kind": relief.get_kind_display(),
        })  # fmt: skip
    return state
