"""What a teacher sees of himself: verdict, application, deferral, placement."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.rotation.actions.asking import UNDECIDED, present
from junheng.web.rotation.actions.asking_drafts import draft_of
from junheng.web.rotation.actions.reliefs import ASKED_IN
from junheng.web.rotation.applying import may_apply
from junheng.web.rotation.cycle import ClosedPhaseError, require_open
from junheng.web.rotation.models import (
    AppealStatus,
    Application,
    ApplicationStatus,
    DataConfirmation,
    FactAppeal,
    Move,
    Phase,
    PhaseKind,
    Placement,
    PlacementStatus,
    Relief,
    ScenarioStatus,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.own import Button, Card, own
from junheng.web.rotation.publishing import published_results
from junheng.web.rotation.returning import changed_in, require_time
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

TONES = {VerdictStanding.MUST: "orange", VerdictStanding.MAY: "blue", VerdictStanding.NO: "secondary"}
STATUS_TONES = {
    ApplicationStatus.RETURNED: "orange", ApplicationStatus.ACCEPTED: "green", ApplicationStatus.REJECTED: "red",
}  # fmt: skip


def _open(page: YearPage, *kinds: PhaseKind) -> Phase | None:
    try:
        return require_open(page.year, *kinds, at=page.now)
    except ClosedPhaseError:
        return None


def _changeable(page: YearPage, there: Application) -> bool:
    there.year = page.year
    try:
        require_time(there, *changed_in(there), at=page.now)
    except ClosedPhaseError:
        return False
    return True


@own(order=10)
def confirmation(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """One's own data, to be looked at and confirmed."""
    done = DataConfirmation.objects.filter(year=page.year, teacher=teacher).first()
    phase = _open(page, PhaseKind.CONFIRMATION)
    if done is not None:
        facts = ({"label": _("核对时间"), "value": timezone.localtime(done.at).strftime("%Y-%m-%d %H:%M")},)
        yield Card(_("信息核对"), _("已核对"), "green", facts=facts)
    elif phase is not None:
        buttons = (
            Button(_("查看本人档案"), reverse("staffing:own_file")),
            Button(_("信息无误，确认"), page.url("confirm"), primary=True, posts=True),
        )
        said = _("请逐项查看本人档案；有误的，先提出更正，再确认。")
        yield Card(_("信息核对"), _("待核对"), "orange", said=said, buttons=buttons, until=phase.closes)


@own(order=20)
def verdict(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """What the pack says, with clause and reason."""
    found = Verdict.objects.filter(year=page.year, teacher=teacher, current=True).first()
    if found is None:
        return
    facts = (
        {"label": _("依据条款"), "value": found.clause},
        {"label": _("理由"), "value": found.because, "wide": True},
    )
    tone = TONES[VerdictStanding(found.standing)]
    label = _("查看告知书") if found.read_at else _("阅知告知书")
    button = Button(label, page.url("verdict", teacher.pk), primary=found.read_at is None)
    yield Card(_("资格认定"), found.get_standing_display(), tone, facts=facts, buttons=(button,))
    asked = FactAppeal.objects.filter(year=page.year, verdict__teacher=teacher).order_by("-submitted_at").first()
    if asked is not None:
        open_until = ({"label": _("应答复日期"), "value": asked.due},) if asked.status == AppealStatus.OPEN else ()
        tone = {"open": "orange", "upheld": "green"}.get(asked.status, "secondary")
        button = Button(_("查看"), asked.get_absolute_url())
        yield Card(_("事实异议"), asked.get_status_display(), tone, facts=open_until, buttons=(button,))


@own(order=30)
def application(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """What was asked for and where it stands, or the way to ask."""
    title = _("交流申请")
    there = present(page.year, teacher)
    phase = _open(page, PhaseKind.APPLICATIONS)
    if there is not None:
        returned = there.status == ApplicationStatus.RETURNED
        changeable = there.status in UNDECIDED and _changeable(page, there)
        buttons = [Button(_("申请回执"), page.url("receipt", there.pk), primary=not returned)]
        if changeable:
            buttons.append(Button(_("修改"), page.url("application_change", there.pk), primary=returned))
        step = there.steps.order_by("-at", "-pk").first()
        yield Card(
            title, there.get_status_display(), STATUS_TONES.get(ApplicationStatus(there.status), "blue"),
            said=step.opinion if step is not None else "", buttons=tuple(buttons),
            until=there.answer_by if returned else None,
            facts=({"label": _("回执号"), "value": there.number},),
        )  # fmt: skip
        return
    over = phase is None and page.year.phases.filter(kind=PhaseKind.APPLICATIONS, closes__lte=page.now).exists()
    if page.year.is_archived or (phase is None and not over):
        return
    try:
        may_apply(page.year, teacher)
    except RefusedError as refused:
        if not over:
            yield Card(title, said=str(refused))
        return
    draft = draft_of(page.year, teacher)
    if phase is None:
        yield _too_late(page, drafted=draft is not None)
        return
    label = _("接着填草稿") if draft else _("填写申请")
    yield Card(
        title, _("未提交"), "orange", buttons=(Button(label, page.url("apply"), primary=True),), until=phase.closes
    )


def _too_late(page: YearPage, *, drafted: bool) -> Card:
    """That the time to apply is over, for whoever could have; with what he had filled in."""
    try:
        require_open(page.year, PhaseKind.APPLICATIONS, at=page.now)
    except ClosedPhaseError as closed:
        said = str(closed)
    buttons = (Button(_("查看填写的内容"), page.url("apply")),) if drafted else ()
    return Card(_("交流申请"), _("未提交"), said=said, buttons=buttons)


@own(order=40)
def relief(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """Requests to be left out, and the way to make one."""
    found = Relief.objects.filter(year=page.year, teacher=teacher).select_related("year").first()
    tones = {"open": "orange", "granted": "green", "refused": "red"}
    if found is not None:
        facts = ({"label": _("期限至"), "value": found.until},) if found.until else ()
        yield Card(
            _("暂缓与免除"), found.get_status_display(), tones.get(found.status, "secondary"), facts=facts,
            buttons=(Button(_("查看"), found.get_absolute_url()),),
        )  # fmt: skip
    phase = _open(page, *ASKED_IN)
    stays = Verdict.objects.filter(year=page.year, teacher=teacher, current=True, standing=VerdictStanding.NO)
    if phase is not None and (found is None or found.status in {"refused", "withdrawn"}) and not stays.exists():
        said = _("因病、生育、家庭或工作确有困难的，可以申请暂缓或免除，请附证明材料。")
        button = Button(_("申请暂缓或免除"), page.url("relief_new"))
        yield Card(_("有困难，不能参加"), said=said, buttons=(button,), until=phase.closes)


@own(order=50)
def plan(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """One's own line in the plan that was made public, with its receipt; nothing before that."""
    published = published_results(page.year)
    if published is None or published.scenario is None:
        return
    move = Move.objects.filter(scenario=published.scenario, teacher=teacher).select_related("to_school").first()
    adopted = published.scenario.status == ScenarioStatus.ADOPTED
    yield Card(
        _("方案中的安排"), _("已采用") if adopted else _("公示中") if published.on_show(page.now) else _("待采用"),
        "green" if adopted else "orange",
        said=_("凭回执可以核对公布的方案里本人的安排，确认没有被人改动。"),
        facts=({"label": _("安排"), "value": str(move.to_school) if move else _("没有安排交流")},),
        buttons=(Button(_("查看安排和回执"), page.url("own_plan"), primary=not adopted),),
        until=published.closes if published.on_show(page.now) else None,
    )  # fmt: skip


@own(order=60)
def placement(page: YearPage, teacher: Teacher) -> Iterator[Card]:
    """Where the teacher is sent, once it has been ordered."""
    rows = Placement.objects.filter(year=page.year, teacher=teacher)
    hidden = (PlacementStatus.PLANNED, PlacementStatus.CANCELLED)
    found = rows.exclude(status__in=hidden).select_related("to_school").first()
    if found is None:
        return
    facts = (
        {"label": _("接收学校"), "value": str(found.to_school)},
        {"label": _("开始日期"), "value": found.start}, {"label": _("结束日期"), "value": found.end},
    )  # fmt: skip
    button = Button(_("查看"), found.get_absolute_url(), primary=True)
    yield Card(_("交流任务"), found.get_status_display(), "green", facts=facts, buttons=(button,))
