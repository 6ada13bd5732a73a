"""Papers to teachers who have not reported for duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Paper, Sheet, Text, chinese_date
from junheng.web.access import Permission
from junheng.web.rotation.documents.ordering import bureau_of, placement_of
from junheng.web.rotation.documents.reasons import in_sentences
from junheng.web.rotation.models import Caution, CautionKind, OrderLine, Placement
from junheng.web.rotation.papers import paper

if TYPE_CHECKING:
    from junheng.web.rotation.views.pages import YearPage


def may_read(page: YearPage, placement: Placement, caution: Caution) -> bool:
    """Drafts are the bureau's; what is issued is also the home school's, and the teacher's own."""
    if page.may(Permission.ROTATION_PREPARE, Permission.ROTATION_ORDER):
        return True
    own = placement.teacher.user_id == getattr(page.standing, "user", page.request.user).pk
    home = placement.from_school_id in page.within(Permission.ROTATION_SCHOOL)
    return caution.issued_at is not None and (own or home)


def _found(page: YearPage, key: str, kind: CautionKind) -> tuple[Placement, Caution, OrderLine]:
    placement = placement_of(page, key)
    caution = get_object_or_404(Caution, placement=placement, kind=kind)
    if not may_read(page, placement, caution):
        raise Http404
    return placement, caution, OrderLine.objects.select_related("order").get(placement=placement)


def _reason(caution: Caution) -> str:
    """The pack's reason without the clause that it begins with."""
    return f"理由：{in_sentences(caution.because.removeprefix(caution.clause).strip(' ：'))}"


@paper("admonition", _("告诫书"))
def admonition(page: YearPage, key: str) -> Paper:
    """The admonition of a placement, under a red head with its number; a draft has neither number nor date."""
    placement, caution, line = _found(page, key, CautionKind.ADMONITION)
    bureau = bureau_of(page.year.county.name)
    return Paper(
        "告诫书",
        (
            Text(
                f"按照{line.order.number}文件，你应于{chinese_date(line.order.report_by)}前到"
                f"{placement.to_school.name}报到，至今逾期{caution.days}天未到岗。"
            ),
            Text(f"依据《{page.year.pack_title}》{caution.clause}，对你予以告诫。{_reason(caution)}"),
            Text("请在收到本告诫书后立即到岗，并向县教育局人事科书面说明情况。继续逾期的，将按政策规定作进一步处理。"),
        ),
        sheet=Sheet.RED_HEAD, issuer=bureau, number=caution.number, addressed_to=f"{placement.teacher_name}老师",
        signed_by=bureau, signed_on=timezone.localdate(caution.issued_at) if caution.issued_at else None,
        page_numbers=False, about=placement.teacher_name or "",
    )  # fmt: skip


@paper("termination", _("解除聘用合同通知书"))
def termination(page: YearPage, key: str) -> Paper:
    """The notice of termination of a placement's teacher, with the outcome of its legal review."""
    placement, caution, line = _found(page, key, CautionKind.TERMINATION)
    bureau = bureau_of(page.year.county.name)
    reviewed = "（本件为送审稿，未经法制审核不得发出。）"
    if caution.reviewed_at and caution.lawful:
        reviewed = f"本决定已经法制审核（{chinese_date(timezone.localdate(caution.reviewed_at))}）。"
    return Paper(
        "解除聘用合同通知书",
        (
            Text(
                f"按照{line.order.number}文件，你应于{chinese_date(line.order.report_by)}前到"
                f"{placement.to_school.name}报到，至今逾期{caution.days}天未到岗，经告诫仍未改正。"
            ),
            Text(f"依据《{page.year.pack_title}》{caution.clause}，决定与你解除聘用合同。{_reason(caution)}"),
            Text(reviewed),
            Text("如对本决定有异议，可以依法申请人事争议仲裁或者提出申诉。请到派出学校办理工作交接和人事、社会保险手续。"),
        ),
        sheet=Sheet.RED_HEAD, issuer=bureau, number=caution.number, addressed_to=f"{placement.teacher_name}老师",
        signed_by=bureau, signed_on=timezone.localdate(caution.issued_at) if caution.issued_at else None,
        page_numbers=False, about=placement.teacher_name or "",
    )  # fmt: skip
