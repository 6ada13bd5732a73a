"""Cadres: what the trail calls their actions, and what waits."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from junheng.web.access import Permission, standing_of
from junheng.web.records.labels import register
from junheng.web.records.waiting import Counted, provide
from junheng.web.rotation.models import CadreMove

register(
    {
        "rotation.term.entered": gettext_lazy("登记聘期"),
        "rotation.term.ended": gettext_lazy("聘期提前结束"),
        "rotation.term.reviewed": gettext_lazy("任期考核"),
        "rotation.reserve.added": gettext_lazy("后备干部入库"),
        "rotation.reserve.removed": gettext_lazy("后备干部出库"),
        "rotation.study.entered": gettext_lazy("登记校长研修"),
        "rotation.study.struck": gettext_lazy("注销校长研修"),
        "rotation.post.offered": gettext_lazy("公布选聘职位"),
        "rotation.cadre_move.proposed": gettext_lazy("提出干部交流"),
        "rotation.cadre_move.confirmed": gettext_lazy("确认干部交流"),
        "rotation.cadre_move.withdrawn": gettext_lazy("撤回干部交流"),
    },
    kinds={"rotation.openpost": gettext_lazy("选聘职位"), "rotation.study": gettext_lazy("校长研修")},
)


@provide
def moves_to_confirm(request: HttpRequest) -> Iterable[Counted]:
    """Moves of cadres that wait for a second person."""
    standing = standing_of(request)
    if not standing.allows(Permission.ROTATION_ADOPT):
        return
    found = CadreMove.objects.visible_to(standing).filter(
        year__county__in=standing.organisations(Permission.ROTATION_ADOPT), confirmed_at=None, withdrawn_at=None
    ).exclude(proposed_by=request.user)  # fmt: skip
    yield Counted(
        _("待确认的干部交流"), lambda year, _last: reverse("rotation:cadre_moves", args=(year,)), found,
        kind="rotation.cadre_move", key="year",
    )  # fmt: skip
