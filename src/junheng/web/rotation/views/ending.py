"""The end of placements: outcomes with their chain, certificates, and the page that checks one."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_tables2 import Column, Table

from junheng.facts import Grade
from junheng.web.access import Permission, public, requires, standing_of
from junheng.web.interface.listing import ListPage
from junheng.web.rotation.actions import certificates, outcomes
from junheng.web.rotation.actions.serving import settings_of
from junheng.web.rotation.asked import language
from junheng.web.rotation.forms.ending import (
    AuditForm,
    CodeForm,
    ObjectionAnswerForm,
    ObjectionForm,
    ReasonForm,
)
from junheng.web.rotation.forms.serving import OpinionForm
from junheng.web.rotation.models import (
    Certificate,
    Matter,
    Outcome,
    OutcomeStage,
    Placement,
    PlacementStatus,
    Summary,
)
from junheng.web.rotation.national import exchange_record
from junheng.web.rotation.papers import address
from junheng.web.rotation.people import with_names
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.service import DayColumn
from junheng.web.rotation.views.service_page import PEOPLE, ServicePage
from junheng.web.rotation.views.service_sections import head_of

May = Permission
NAMES: dict[str, Any] = {
    "name": gettext_lazy("姓名"), "county": gettext_lazy("县（市、区）"), "home": gettext_lazy("派出学校"),
    "host": gettext_lazy("接收学校"), "stage": gettext_lazy("学段"), "subject": gettext_lazy("任教学科"),
    "form": gettext_lazy("交流形式"), "start": gettext_lazy("开始日期"), "end": gettext_lazy("结束日期"),
    "months": gettext_lazy("计入的月数"), "grade": gettext_lazy("考核等次"), "issued_on": gettext_lazy("出具日期"),
}  # fmt: skip
"""What stands on a certificate, in its order."""


class OutcomeTable(Table):
    """Placements and where their outcome stands."""

    teacher_name = Column(
        verbose_name=gettext_lazy("姓名"), order_by="teacher_pinyin",
        linkify=lambda record: reverse("rotation:outcome", args=(record.year_id, record.pk)),
    )  # fmt: skip
    from_school = Column(verbose_name=gettext_lazy("派出学校"))
    to_school = Column(verbose_name=gettext_lazy("接收学校"))
    end = DayColumn(verbose_name=gettext_lazy("结束日期"), accessor="last_day", order_by="end")
    summary = Column(empty_values=(), verbose_name=gettext_lazy("交流总结"), orderable=False)
    stage = Column(empty_values=(), verbose_name=gettext_lazy("环节"), orderable=False)
    certificate = Column(empty_values=(), verbose_name=gettext_lazy("交流服务证明"), orderable=False)

    def render_summary(self, record: Placement) -> str:
        """Whether there is one, and the share that another has too where it reaches the county's line."""
        found = getattr(record, "summary", None)
        if found is None:
            return _("未提交")
        line = self.request.similar_percent if hasattr(self.request, "similar_percent") else None
        if line is not None and found.share is not None and found.share >= line:
            return _("与另一份重合 %(share)s%%，请查看") % {"share": found.share}
        return _("已提交")

    def render_stage(self, record: Placement) -> str:
        """With whom it is."""
        found = getattr(record, "outcome", None)
        return _("未提出") if found is None else str(found.get_stage_display())

    def render_certificate(self, record: Placement) -> str:
        """Its number."""
        return next((each.number for each in record.certificates.all() if each.revoked_at is None), "")


class OutcomeList(ListPage):
    """Outcomes of the placements within reach."""

    permissions = (May.ROTATION_VIEW,)
    table_class = OutcomeTable
    search_fields = ("teacher_name", "teacher_pinyin", "teacher__number", "to_school__name")
    template_name = "rotation/list.html"
    heading = gettext_lazy("期满考核")
    empty = gettext_lazy("还没有要考核的交流教师。")

    def rows(self, request: HttpRequest) -> Any:
        """Every placement that serves or has served."""
        self.page = YearPage(request, self.kwargs["pk"])
        request.similar_percent = settings_of(self.page.year).similar_percent  # type: ignore[attr-defined]
        found = Placement.objects.visible_to(standing_of(request)).filter(
            year=self.page.year,
            status__in=(PlacementStatus.SERVING, PlacementStatus.ENDED, PlacementStatus.EARLY),
        )
        found = found.select_related("from_school", "to_school", "summary", "outcome").prefetch_related("certificates")
        return with_names(found).order_by(F("outcome__stage").asc(nulls_first=True), "teacher_pinyin")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu, and what may be asked beside."""
        buttons = [
            {"label": _("交流经历能否申报"), "url": self.page.url("prerequisites"), "icon": "checklist"},
            {"label": _("查验证明"), "url": reverse("rotation:certificate_check"), "icon": "shield-check"},
        ]
        return self.page.context("outcomes") | {"buttons": buttons}


@never_cache
@requires(*PEOPLE)
def outcome(request: HttpRequest, pk: int, placement: int) -> HttpResponse:
    """The end of a placement: summary, form, chain, objections, the entry in the file, the certificate."""
    page = ServicePage(request, pk, placement)
    held = page.placement
    summary = Summary.objects.visible_to(page.standing).filter(placement=held).select_related("likest").first()
    found = Outcome.objects.visible_to(page.standing).filter(placement=held).first()
    papers = Certificate.objects.visible_to(page.standing).filter(placement=held)
    return page.show(
        "outcomes", "outcome", heading=_("%(teacher)s的期满考核") % {"teacher": held.teacher}, facts=head_of(page),
        placement=held, summary=summary, source=_source_of(page, summary), outcome=found, marks=_marks(found),
        vetoes=[outcomes.VETOES[each] for each in found.vetoes] if found else [],
        grade=Grade.read(found.grade).label(language()) if found else "", record=exchange_record(held),
        objections=found.objections.select_related("answered_by") if found else [], acts=_acts(page, found),
        papers=[
            {"paper": each, "url": _check_url(each), "print": address(page.year, "certificate", each.pk)}
            for each in papers
        ],
        print_summary=address(page.year, "summary", held.pk), print_outcome=address(page.year, "outcome", held.pk),
        line=settings_of(page.year).similar_percent, back=page.here("ending"),
        may_revoke=page.may(May.ROTATION_REVIEW) and not page.year.is_archived,
        steps=[
            {"at": step.at, "by": str(step.by or ""), "deed": step.get_deed_display(),
             "stage": step.get_stage_display(), "opinion": step.opinion,
             "grade": Grade.read(step.grade).label(language()) if step.grade else ""}
            for step in found.steps.select_related("by")
        ] if found else [],
    )  # fmt: skip


def _marks(found: Outcome | None) -> list[tuple[Any, int]]:
    return [(label, found.marks[name]) for name, label in outcomes.HEADINGS.items()] if found is not None else []


def _source_of(page: ServicePage, summary: Summary | None) -> dict[str, Any] | None:
    """What the summary is most like: shown to whoever judges it, with a link where he may see the other one too."""
    judges = page.keeps(Matter.APPRAISAL) or page.clusters() or page.may(May.ROTATION_REVIEW)
    if summary is None or summary.likest is None or not judges:
        return None
    seen = Placement.objects.visible_to(page.standing).filter(pk=summary.likest.placement_id).first()
    if seen is None:
        return {"label": _("县内另一份总结"), "url": ""}
    return {"label": str(seen.teacher), "url": page.url("outcome", seen.pk) if seen.year_id == page.year.pk else ""}


def _check_url(paper: Certificate) -> str:
    return f"{reverse('rotation:certificate_check')}?code={paper.code}"


def _acts(page: ServicePage, found: Outcome | None) -> list[dict[str, str]]:
    if page.year.is_archived or found is None:
        return []
    deeds = [(_label, what) for what, (_label, may) in DEEDS.items() if may(page, found)]
    return [{"label": str(label), "url": page.url("outcome_deed", page.placement.pk, what)} for label, what in deeds]


def _waits(found: Outcome) -> bool:
    return found.objections.filter(answered_at__isnull=True).exists()


DEEDS: dict[str, tuple[Any, Any]] = {
    "sign": (
        gettext_lazy("学区签署"), lambda page, found: found.stage == OutcomeStage.CLUSTER and page.clusters()
    ),
    "archive": (
        gettext_lazy("审定归档"),
        lambda page, found: found.stage == OutcomeStage.BUREAU and page.may(May.ROTATION_REVIEW) and not _waits(found),
    ),
    "return": (
        gettext_lazy("退回接收学校"),
        lambda page, found: (found.stage == OutcomeStage.CLUSTER and page.clusters())
        or (found.stage == OutcomeStage.BUREAU and page.may(May.ROTATION_REVIEW)),
    ),
    "object": (
        gettext_lazy("对等次提出异议"),
        lambda page, found: page.mine and found.stage in {OutcomeStage.CLUSTER, OutcomeStage.BUREAU}
        and not _waits(found),
    ),
    "answer": (
        gettext_lazy("复核异议"), lambda page, found: page.may(May.ROTATION_REVIEW) and _waits(found),
    ),
    "certificate": (
        gettext_lazy("出具交流服务证明"),
        lambda page, found: found.stage == OutcomeStage.ARCHIVED and page.may(May.ROTATION_REVIEW)
        and not page.placement.certificates.filter(revoked_at__isnull=True).exists(),
    ),
}  # fmt: skip
"""What may be done with an outcome: its button, and for whom; by the word in the address."""


@never_cache
@requires(May.ROTATION_OWN, May.ROTATION_CLUSTER, May.ROTATION_REVIEW)
def outcome_deed(request: HttpRequest, pk: int, placement: int, what: str) -> HttpResponse:
    """Sign, audit, return, object, answer, issue; 404 for what is not the person's to do now."""
    page = ServicePage(request, pk, placement)
    found = get_object_or_404(Outcome.objects.visible_to(page.standing), placement=page.placement)
    page.must(what in DEEDS and bool(DEEDS[what][1](page, found)))
    back = page.url("outcome", placement)
    given: dict[str, Any] = {"by": page.by, "at": page.now}
    if what == "certificate":
        if request.method != "POST":
            return page.show("outcomes", "service_confirm", heading=DEEDS[what][0], facts=head_of(page), back=back)
        return page.act(lambda: certificates.issue(page.placement, **given), done=_("证明已出具。"), back=back)
    forms: dict[str, tuple[Any, Any]] = {
        "sign": (OpinionForm, lambda typed: outcomes.sign(found, **typed, **given)),
        "archive": (AuditForm, lambda typed: outcomes.archive(found, **typed, **given)),
        "return": (OpinionForm, lambda typed: outcomes.send_back(found, **typed, **given)),
        "object": (ObjectionForm, lambda typed: outcomes.object_to(found, **typed, **given)),
        "answer": (
            ObjectionAnswerForm,
            lambda typed: outcomes.answer_objection(
                found.objections.get(answered_at__isnull=True), **typed, **given
            ),
        ),
    }  # fmt: skip
    form, act = forms[what]
    return page.form(
        "outcomes", form(request.POST or None), lambda typed: act(typed) and back, done=_("已办理。"), back=back,
        heading=DEEDS[what][0], facts=[*head_of(page), *_in_question(found)],
    )  # fmt: skip


def _in_question(found: Outcome) -> list[dict[str, Any]]:
    """The grade that is signed, audited or objected to, and the objection that waits."""
    facts: list[dict[str, Any]] = [{"label": _("等次"), "value": Grade.read(found.grade).label(language())}]
    waiting = found.objections.filter(answered_at__isnull=True).first()
    if waiting is not None:
        facts.append({"label": _("异议"), "value": waiting.words, "wide": True})
    return facts


@requires(May.ROTATION_REVIEW)
def certificate_revoke(request: HttpRequest, pk: int, certificate: int) -> HttpResponse:
    """Take a certificate back."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_REVIEW)
    seen = Certificate.objects.visible_to(page.standing).filter(placement__year=page.year)
    found = get_object_or_404(seen, pk=certificate)
    back = page.url("outcome", found.placement_id)
    return page.form(
        "outcomes", ReasonForm(request.POST or None),
        lambda given: certificates.revoke(found, by=request.user, at=page.now, **given) and back,  # type: ignore[arg-type]
        done=_("证明已作废。"), back=back, heading=_("作废证明 %(number)s") % {"number": found.number},
    )  # fmt: skip


@never_cache
@public
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Whether a code is that of a certificate that stands, and what is on that certificate; nothing else."""
    typed = request.GET.get("code", "").replace("\0", "").strip()[:60]
    state, found = certificates.check(typed) if typed else (None, None)
    facts = []
    if found is not None and state == certificates.Check.VALID:
        facts = [{"label": label, "value": found.content.get(name)} for name, label in NAMES.items()]
        facts.insert(0, {"label": _("证明编号"), "value": found.number})
    context = {
        "heading": _("查验交流服务证明"), "form": CodeForm(initial={"code": typed}), "state": state and state.value,
        "facts": facts, "number": found.number if found is not None else "",
    }  # fmt: skip
    return render(request, "rotation/certificate_check.html", context)
