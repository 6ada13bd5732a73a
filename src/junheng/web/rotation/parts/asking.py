"""Applications, deferrals, nominations and review: what is waited for, how far, who is told, who may have files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from junheng.web.access import Permission, Role, standing_of
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.interface.numbers import until
from junheng.web.records import attachments
from junheng.web.records.labels import register
from junheng.web.records.notifying import notify
from junheng.web.records.waiting import Counted, Waiting, provide
from junheng.web.rotation.cycle import Part, PhaseState, ToCount, progress, running_years, state_of, when, when_moved
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Chain,
    Deliberation,
    Level,
    Phase,
    PhaseKind,
    Relief,
    ReliefStatus,
    RotationYear,
    Turn,
    Verdict,
    VerdictStanding,
)
from junheng.web.rotation.reviewing import MAY, in_hand
from junheng.web.rotation.views.reliefs import sees_ground
from junheng.web.rotation.views.reviewing import SEES_WISHES
from junheng.web.rotation.views.schooling import OF_MEETINGS
from junheng.web.rotation.wishing import settings_of

register(
    {
        "rotation.application.submitted": gettext_lazy("提交交流申请"),
        "rotation.application.entered": gettext_lazy("代录纸质申请"),
        "rotation.application.reentered": gettext_lazy("代录修改后的纸质申请"),
        "rotation.application.spoken_for": gettext_lazy("代录本人填写的志愿"),
        "rotation.application.withdrawal_entered": gettext_lazy("代录书面撤回"),
        "rotation.application.changed": gettext_lazy("修改交流申请"),
        "rotation.application.withdrawn": gettext_lazy("撤回交流申请"),
        "rotation.application.nominated": gettext_lazy("学校推荐教师"),
        "rotation.application.opined": gettext_lazy("学校审核并提意见"),
        "rotation.application.recommended": gettext_lazy("学校同意推荐"),
        "rotation.application.not_recommended": gettext_lazy("学校不予推荐"),
        "rotation.application.returned": gettext_lazy("退回交流申请"),
        "rotation.application.extended": gettext_lazy("延长改正期限"),
        "rotation.application.accepted": gettext_lazy("通过交流申请"),
        "rotation.application.rejected": gettext_lazy("不予通过交流申请"),
        "rotation.asking.arranged": gettext_lazy("设置申请与审核"),
        "rotation.relief.requested": gettext_lazy("申请暂缓或免除"),
        "rotation.relief.withdrawn": gettext_lazy("撤回暂缓或免除申请"),
        "rotation.relief.granted": gettext_lazy("批准暂缓或免除"),
        "rotation.relief.refused": gettext_lazy("不批准暂缓或免除"),
        "rotation.deliberation.kept": gettext_lazy("登记会议记录"),
        "rotation.school_notice.posted": gettext_lazy("登记校内公示"),
        "rotation.school_notice.closed": gettext_lazy("办结校内公示"),
        "rotation.school.signed": gettext_lazy("校长签署学校推荐"),
    },
    kinds={
        "rotation.application": gettext_lazy("交流申请"),
        "rotation.applicationpaper": gettext_lazy("纸质申请"),
        "rotation.relief": gettext_lazy("暂缓与免除"),
        "rotation.deliberation": gettext_lazy("集体讨论"),
        "rotation.schoolnotice": gettext_lazy("校内公示"),
        "rotation.schoolreturn": gettext_lazy("学校推荐"),
    },
)


# --- files ----------------------------------------------------------------------------------------------------------


@attachments.access("rotation.application")
def may_see_evidence(standing: Any, key: str) -> bool:
    """Evidence is for the applicant and for whoever works on the application."""
    return key.isdecimal() and _has_evidence(standing, Q(pk=int(key)))


@attachments.access("rotation.applicationpaper")
def may_see_paper(standing: Any, key: str) -> bool:
    """A paper is for the same people as other evidence of its application."""
    return key.isdecimal() and _has_evidence(standing, Q(papers=int(key)))


def _has_evidence(standing: Any, which: Q) -> bool:
    found = Application.objects.visible_to(standing).filter(which).select_related("teacher").first()
    if found is None:
        return False
    mine = found.teacher.user_id == getattr(getattr(standing, "user", None), "pk", 0)
    return mine or any(found.school_id in standing.organisations(each) for each in SEES_WISHES)


@attachments.access("rotation.relief")
def may_see_ground(standing: Any, key: str) -> bool:
    """Evidence of a ground is for the teacher and the office that decides."""
    if not key.isdecimal():
        return False
    rows = Relief.objects.visible_to(standing).select_related("teacher", "year")
    found = rows.filter(pk=int(key)).first()
    return found is not None and sees_ground(standing, found)


@attachments.access("rotation.deliberation")
def may_see_minutes(standing: Any, key: str) -> bool:
    """What belongs to minutes is for whoever works on applications there."""
    rows = (
        Deliberation.objects.visible_to(standing).filter(pk=int(key))
        if key.isdecimal()
        else Deliberation.objects.none()
    )
    within = {pk for each in OF_MEETINGS for pk in standing.organisations(each)}
    return rows.filter(organisation__in=within).exists()


# --- what waits -----------------------------------------------------------------------------------------------------


@provide
def waiting(request: HttpRequest) -> Iterator[Waiting | Counted]:
    """For every role, what waits in the years that run."""
    standing = standing_of(request)
    if not (standing.allows(Permission.ROTATION_OWN) or standing.allows(Permission.ROTATION_VIEW)):
        return
    now = timezone.now()
    for year in running_years(request):
        if not any(each.closes > now for each in year.phases.all()):
            continue
        phases = {each.kind: each for each in year.phases.all() if _is_open(each, year, now)}
        if standing.allows(Permission.ROTATION_OWN):
            yield from _of_teacher(request, year, phases)
        if standing.allows(Permission.ROTATION_VIEW):
            yield from _of_school(standing, year, phases)
            yield from _of_offices(standing, year, phases)


def _is_open(phase: Phase, year: RotationYear, now: datetime) -> bool:
    phase.year = year
    return phase.opens <= now < phase.closes and state_of(phase, now) is PhaseState.OPEN


def _day(until_then: datetime | None) -> date | None:
    """The last day of a time that ends with a day."""
    return timezone.localdate(until_then - timedelta(seconds=1)) if until_then is not None else None


def _due(phase: Phase | None) -> date | None:
    return _day(phase.closes) if phase is not None else None


def _of_teacher(request: HttpRequest, year: RotationYear, phases: dict[str, Phase]) -> Iterator[Waiting | Counted]:
    mine = Application.objects.filter(year=year, teacher__user=request.user.pk).exclude(status="withdrawn")
    asking = phases.get(PhaseKind.APPLICATIONS)
    if asking is not None:
        must = Verdict.objects.filter(
            year=year, teacher__user=request.user.pk, current=True, standing=VerdictStanding.MUST
        )
        if must.exists() and not mine.exists():
            yield Waiting(_("提交交流申请"), reverse("rotation:apply", args=(year.pk,)), 1, _due(asking), "application")
    in_time = Q(answer_by__gt=timezone.now()) | Q(answer_by__isnull=True)
    returned = mine.filter(in_time, status=ApplicationStatus.RETURNED).first()
    if returned is not None:
        url = reverse("rotation:application_change", args=(year.pk, returned.pk))
        yield Waiting(_("修改被退回的申请"), url, 1, _day(returned.answer_by), "application")


def _of_school(standing: Any, year: RotationYear, phases: dict[str, Phase]) -> Iterator[Waiting | Counted]:
    phase = phases.get(PhaseKind.NOMINATIONS)
    url = reverse("rotation:nominations", args=(year.pk,))
    rows = Application.objects.filter(year=year, status=ApplicationStatus.SUBMITTED)
    opined = Q(school_opinion__version=F("version"))
    yield from _of_papers(standing, year, url)
    if phase is None:
        yield from _of_school_again(standing, rows.filter(answer_by__gt=timezone.now()).order_by("answer_by"), url)
        return
    if standing.allows(Permission.ROTATION_SCHOOL):
        here = rows.filter(school__in=standing.organisations(Permission.ROTATION_SCHOOL))
        yield Counted(_("待学校审核的申请"), url, here.exclude(opined), _due(phase), "application")
    if standing.allows(Permission.ROTATION_SIGN):
        here = rows.filter(school__in=standing.organisations(Permission.ROTATION_SIGN))
        yield Counted(_("待校长签署的推荐意见"), url, here.filter(opined), _due(phase), "application")


def _of_papers(standing: Any, year: RotationYear, url: str) -> Iterator[Waiting]:
    """What was returned to teachers without an account: the school brings and enters what they have changed."""
    if not standing.allows(Permission.ROTATION_SCHOOL):
        return
    rows = Application.objects.filter(
        year=year, status=ApplicationStatus.RETURNED, answer_by__gt=timezone.now(), teacher__user__isnull=True,
        school__in=standing.organisations(Permission.ROTATION_SCHOOL),
    )  # fmt: skip
    due = list(rows.order_by("answer_by").values_list("answer_by", flat=True))
    if due:
        yield Waiting(_("被退回、待代录修改的申请"), url, len(due), _day(due[0]), "application")


def _of_school_again(standing: Any, rows: Any, url: str) -> Iterator[Waiting]:
    """What was returned after the schools' phase: due within its own time."""
    for permission, what in (
        (Permission.ROTATION_SCHOOL, _("退回后改好、待学校重新审核的申请")),
        (Permission.ROTATION_SIGN, _("退回后改好、待重新签署的申请")),
    ):
        here = list(rows.filter(school__in=standing.organisations(permission)))
        if here:
            yield Waiting(what, url, len(here), _day(here[0].answer_by), "application")


def _of_offices(standing: Any, year: RotationYear, phases: dict[str, Phase]) -> Iterator[Counted]:
    phase = phases.get(PhaseKind.REVIEW)
    reviews = standing.allows(Permission.ROTATION_REVIEW) or standing.allows(Permission.ROTATION_CLUSTER)
    if not reviews:
        return
    if phase is not None:
        yield Counted(
            _("待审核的申请"), reverse("rotation:reviews", args=(year.pk,)), in_hand(year, standing), _due(phase),
            "application",
        )  # fmt: skip
    url = f"{reverse('rotation:applications', args=(year.pk,))}?lapsed=true"
    yield Counted(_("退回后逾期没有改好的申请"), url, _lapsed(year, standing), kind="application")
    by_cluster = settings_of(year).chain == Chain.CLUSTER
    open_now = Relief.objects.filter(year=year).decidable_by(standing, by_cluster=by_cluster)
    url = reverse("rotation:reliefs", args=(year.pk,))
    yield Counted(_("待决定的暂缓和免除"), url, open_now, _due(phases.get(PhaseKind.REVIEW)), "relief")


def _lapsed(year: RotationYear, standing: Any) -> Any:
    """What was returned and has neither been changed and signed nor withdrawn in its time."""
    within = frozenset[int]().union(*(standing.organisations(each) for each in MAY.values()))
    return Application.objects.filter(year=year, answer_by__lte=timezone.now(), school__in=within)


# --- how far --------------------------------------------------------------------------------------------------------


@progress(PhaseKind.APPLICATIONS)
def handed_in(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Of those who must move, how many have applied or asked to be left out."""
    must = Verdict.objects.filter(year=year, school__in=schools, current=True, standing=VerdictStanding.MUST)
    applied = Application.objects.filter(year=year).exclude(status=ApplicationStatus.WITHDRAWN).values("teacher")
    left_out = Relief.objects.filter(year=year, status__in=(ReliefStatus.OPEN, ReliefStatus.GRANTED)).values("teacher")
    part = Part(must, "school", Q(teacher__in=applied) | Q(teacher__in=left_out))
    url = reverse("rotation:applications", args=(year.pk,))
    return ToCount.of(_("应交流教师提交申请"), part, pgettext("menu", "教师"), url)


@progress(PhaseKind.NOMINATIONS)
def recommended(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Applications on which the school's signature is there."""
    rows = Application.objects.filter(year=year, school__in=schools).exclude(status=ApplicationStatus.WITHDRAWN)
    open_still = (ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED)
    url = reverse("rotation:nominations", args=(year.pk,))
    part = Part(rows, "school", ~Q(status__in=open_still))
    return ToCount.of(_("学校审核并签署"), part, _("学校"), url)


@progress(PhaseKind.REVIEW)
def reviewed(year: RotationYear, schools: Sequence[int]) -> ToCount:
    """Of those that schools have sent on, how many are decided."""
    gone = (ApplicationStatus.WITHDRAWN, ApplicationStatus.SUBMITTED)
    rows = Application.objects.filter(year=year, school__in=schools).exclude(status__in=gone)
    rows = rows.filter(steps__level=Level.SCHOOL, steps__outcome="accepted")
    part = Part(rows, "school", Q(status__in=(ApplicationStatus.ACCEPTED, ApplicationStatus.REJECTED)))
    url = reverse("rotation:applications", args=(year.pk,))
    return ToCount.of(_("申请审定"), part, _("学区、县局"), url)


# --- who is told when a phase turns ---------------------------------------------------------------------------------


def _holding(year: RotationYear, *roles: Role) -> list[User]:
    """Everybody who holds one of the roles in the year's county."""
    places = Organisation.objects.filter(Q(pk=year.county_id) | Q(county=year.county_id))
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(role__in=roles, organisation__in=places)
    return list(User.objects.filter(pk__in=grants.values("user"), is_active=True))


def _tell(phase: Phase, people: list[User], message: str, url: str, **values: Any) -> None:
    kind = f"rotation.{phase.kind}.turned"
    notify(people, kind, message, {"year": phase.year.title, "closes": until(phase.closes)} | values, url)


@when(PhaseKind.APPLICATIONS, Turn.OPENED)
def tell_teachers(phase: Phase) -> None:
    """Whoever must or may move is told until when he can apply."""
    url = reverse("rotation:apply", args=(phase.year_id,))
    _tell(phase, _may_apply(phase.year), gettext_noop("%(year)s开始申请，%(closes)s 截止。"), url)


def _may_apply(year: RotationYear) -> list[User]:
    judged = Verdict.objects.filter(year=year, current=True).exclude(standing=VerdictStanding.NO)
    return list(User.objects.filter(teacher__verdicts__in=judged, is_active=True).distinct())


@when_moved(PhaseKind.APPLICATIONS)
def tell_of_another_deadline(phase: Phase) -> None:
    """Teachers who may apply, and their schools, are told the new deadline."""
    url = reverse("rotation:own", args=(phase.year_id,))
    message = gettext_noop("%(year)s申请的截止时间改为 %(closes)s。")
    _tell(phase, _may_apply(phase.year), message, url)
    url = reverse("rotation:nominations", args=(phase.year_id,))
    _tell(phase, _holding(phase.year, Role.SCHOOL_CLERK, Role.PRINCIPAL), message, url)


@when_moved(PhaseKind.NOMINATIONS)
def tell_schools_of_another_deadline(phase: Phase) -> None:
    """Schools are told the new deadline."""
    url = reverse("rotation:nominations", args=(phase.year_id,))
    people = _holding(phase.year, Role.SCHOOL_CLERK, Role.PRINCIPAL)
    _tell(phase, people, gettext_noop("%(year)s学校推荐的截止时间改为 %(closes)s。"), url)


@when_moved(PhaseKind.REVIEW)
def tell_reviewers_of_another_deadline(phase: Phase) -> None:
    """Clusters and bureau are told the new deadline."""
    url = reverse("rotation:reviews", args=(phase.year_id,))
    people = _holding(phase.year, Role.CLUSTER_HEAD, Role.BUREAU_CLERK, Role.SECTION_HEAD)
    _tell(phase, people, gettext_noop("%(year)s审核的截止时间改为 %(closes)s。"), url)


@when(PhaseKind.APPLICATIONS, Turn.CLOSED)
def tell_schools_of_the_end(phase: Phase) -> None:
    """Schools are told how many have applied."""
    rows = Application.objects.filter(year=phase.year).exclude(status=ApplicationStatus.WITHDRAWN)
    count = Counter(rows.values_list("school", flat=True))
    url = reverse("rotation:nominations", args=(phase.year_id,))
    for user in _holding(phase.year, Role.SCHOOL_CLERK, Role.PRINCIPAL):
        number = count[user.organisation_id or 0]
        _tell(phase, [user], gettext_noop("%(year)s申请已截止，本校共 %(count)s 份。"), url, count=number)


@when(PhaseKind.APPLICATIONS, Turn.CLOSED)
def tell_bureau_of_the_end(phase: Phase) -> None:
    """The bureau is told how many have applied, and how many of those who must have not."""
    rows = Application.objects.filter(year=phase.year).exclude(status=ApplicationStatus.WITHDRAWN)
    must = Verdict.objects.filter(year=phase.year, current=True, standing=VerdictStanding.MUST)
    left_out = Relief.objects.filter(year=phase.year, status__in=(ReliefStatus.OPEN, ReliefStatus.GRANTED))
    silent = must.exclude(teacher__in=rows.values("teacher")).exclude(teacher__in=left_out.values("teacher"))
    message = gettext_noop("%(year)s申请已截止，共 %(count)s 份；应交流教师还有 %(silent)s 人没有申请。")
    url = reverse("rotation:applications", args=(phase.year_id,))
    people = _holding(phase.year, Role.BUREAU_CLERK, Role.SECTION_HEAD)
    _tell(phase, people, message, url, count=rows.count(), silent=silent.count())


@when(PhaseKind.NOMINATIONS, Turn.OPENED)
def tell_schools(phase: Phase) -> None:
    """Schools are told until when they have to check and sign."""
    url = reverse("rotation:nominations", args=(phase.year_id,))
    people = _holding(phase.year, Role.SCHOOL_CLERK, Role.PRINCIPAL)
    _tell(phase, people, gettext_noop("%(year)s开始学校推荐，%(closes)s 前须审核、公示并由校长签署。"), url)


@when(PhaseKind.NOMINATIONS, Turn.CLOSED)
def tell_bureau_of_the_late(phase: Phase) -> None:
    """The bureau is told how many applications schools have not signed."""
    rows = Application.objects.filter(year=phase.year, status=ApplicationStatus.SUBMITTED)
    url = reverse("rotation:nominations", args=(phase.year_id,))
    _tell(
        phase, _holding(phase.year, Role.BUREAU_CLERK, Role.SECTION_HEAD),
        gettext_noop("%(year)s学校推荐已截止，还有 %(schools)s 所学校 %(count)s 份申请没有签署。"), url,
        count=rows.count(), schools=rows.values("school").distinct().count(),
    )  # fmt: skip


@when(PhaseKind.REVIEW, Turn.OPENED)
def tell_reviewers(phase: Phase) -> None:
    """Clusters and bureau are told until when they have to decide."""
    url = reverse("rotation:reviews", args=(phase.year_id,))
    people = _holding(phase.year, Role.CLUSTER_HEAD, Role.BUREAU_CLERK, Role.SECTION_HEAD)
    _tell(phase, people, gettext_noop("%(year)s开始审核，%(closes)s 截止。"), url)


@when(PhaseKind.REVIEW, Turn.CLOSED)
def tell_bureau_of_what_is_left(phase: Phase) -> None:
    """The bureau is told what has not been decided."""
    left = (ApplicationStatus.AT_SCHOOL, ApplicationStatus.AT_CLUSTER)
    count = Application.objects.filter(year=phase.year, status__in=left).count()
    url = reverse("rotation:reviews", args=(phase.year_id,))
    people = _holding(phase.year, Role.BUREAU_CLERK, Role.SECTION_HEAD)
    _tell(phase, people, gettext_noop("%(year)s审核已截止，还有 %(count)s 份没有审定。"), url, count=count)
