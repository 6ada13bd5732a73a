"""The schools' part: check, opinion, nomination, discussion, notice, the principal's signature; who sends whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.interface.arriving import arrived
from junheng.web.records import attachments
from junheng.web.rotation.actions import schooling as actions
from junheng.web.rotation.actions.asking import AlreadySubmittedError
from junheng.web.rotation.forms.reviewing import (
    CloseNoticeForm,
    MeetingForm,
    NominateForm,
    ReturnForm,
    SchoolNoticeForm,
    SchoolOpinionForm,
    SignForm,
)
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Deliberation,
    Recommendation,
    SchoolNotice,
    SchoolReturn,
    Verdict,
)
from junheng.web.rotation.schooling import bottom_of, guards_of, posting_of, scores_of, strengths
from junheng.web.rotation.views.asking import again_on_paper, back_on_paper
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.reliefs import name_now
from junheng.web.rotation.wishing import settings_of
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

OF_SCHOOL = (Permission.ROTATION_SCHOOL, Permission.ROTATION_SIGN)
OF_MEETINGS = (*OF_SCHOOL, Permission.ROTATION_CLUSTER, Permission.ROTATION_REVIEW)


@never_cache
@requires(Permission.ROTATION_VIEW)
def nominations(request: HttpRequest, pk: int) -> HttpResponse:
    """How far each school is, and whether it sends its strong or its weak; a school alone sees its own page."""
    page = YearPage(request, pk)
    schools = list(page.schools())
    if len(schools) == 1:
        return redirect(page.url("school_nominations", schools[0].pk))
    keys = [each.pk for each in schools]
    strong = strengths(page.year, keys)
    counts: dict[int, dict[str, int]] = {key: {} for key in keys}
    rows = Application.objects.visible_to(page.standing).filter(year=page.year, school__in=keys)
    for school, status in rows.values_list("school", "status"):
        counts[school][status] = counts[school].get(status, 0) + 1
    signed = set(
        SchoolReturn.objects.visible_to(page.standing).filter(year=page.year).values_list("organisation", flat=True)
    )
    return page.show(
        "nominations", "asking_schools", heading=_("学校推荐"),
        rows=[
            {
                "school": each, "total": sum(counts[each.pk].values()) - counts[each.pk].get("withdrawn", 0),
                "waiting": counts[each.pk].get(ApplicationStatus.SUBMITTED, 0), "signed": each.pk in signed,
                "sent": strong[each.pk][1], "strength": strong[each.pk][0],
                "url": page.url("school_nominations", each.pk),
            }
            for each in schools
        ],
    )  # fmt: skip


def school_of(page: YearPage, school: int, *anyone_of: Permission) -> Organisation:
    """A school that the person sees; 403 where he holds none of the permissions there."""
    found: Organisation = get_object_or_404(page.schools(), pk=school)
    if anyone_of and not any(found.pk in page.within(each) for each in anyone_of):
        raise PermissionDenied
    return found


@never_cache
@requires(Permission.ROTATION_VIEW)
def school_nominations(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """A school's applications with its opinions, who stands last by record, discussion, notice and signature."""
    page = YearPage(request, pk)
    found = school_of(page, school)
    rows = Application.objects.visible_to(page.standing).filter(year=page.year, school=found)
    listed = list(
        rows.exclude(status=ApplicationStatus.WITHDRAWN).select_related("school_opinion", "teacher", "year")
        .annotate(teacher_name=name_now()).order_by("number")
    )  # fmt: skip
    verdicts = {
        each.teacher_id: each
        for each in Verdict.objects.visible_to(page.standing).filter(year=page.year, school=found, current=True)
    }
    acts = any(found.pk in page.within(each) for each in OF_SCHOOL)
    sees_people = acts or found.pk in page.within(Permission.ROTATION_REVIEW)
    guards = guards_of(page.year, [each.teacher_id for each in listed]) if sees_people else {}
    scores = scores_of(page.year, [found.pk])[found.pk]
    meetings = Deliberation.objects.visible_to(page.standing).filter(year=page.year, organisation=found)
    posted = SchoolNotice.objects.visible_to(page.standing).filter(year=page.year, organisation=found)
    return page.show(
        "nominations", "asking_school", heading=_("学校推荐：%(school)s") % {"school": found}, school=found,
        rows=[
            _row(each, verdicts, guards) | (_on_paper(page, each) if acts else {}) for each in listed
        ],
        acts=acts, sees_people=sees_people,
        bottom=bottom_of(page.year, scores) if sees_people else None, meetings=meetings, posted=posted,
        open_notice=posted.filter(closed_at__isnull=True).first(), strength=strengths(page.year, [found.pk])[found.pk],
        returns=SchoolReturn.objects.visible_to(page.standing).filter(year=page.year, organisation=found),
        signs=found.pk in page.within(Permission.ROTATION_SIGN),
        posting=posting_of(page.year, page.now) if acts and listed else None,
    )  # fmt: skip


def _on_paper(page: YearPage, application: Application) -> dict[str, bool]:
    """Which papers of the teacher the school may enter now."""
    return {"on_paper": again_on_paper(page, application), "back_on_paper": back_on_paper(page, application)}


def _row(application: Application, verdicts: dict[int, Verdict], guards: dict[int, Any]) -> dict[str, Any]:
    opinion = getattr(application, "school_opinion", None)
    fresh = opinion is not None and opinion.version == application.version
    return {
        "application": application, "verdict": verdicts.get(application.teacher_id),
        "opinion": opinion if fresh else None, "guard": guards.get(application.teacher_id),
        "waits": application.status == ApplicationStatus.SUBMITTED,
        "yes": fresh and opinion is not None and opinion.recommends == Recommendation.YES,
    }  # fmt: skip


@never_cache
@requires(*OF_SCHOOL)
def nominate(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """Put a teacher of the school forward."""
    page = YearPage(request, pk)
    found = school_of(page, school, *OF_SCHOOL)
    form = NominateForm(request.POST or None, people=actions.nominable(page.year, found))

    def act(given: dict[str, Any]) -> Application:
        try:
            made = actions.nominate(
                page.year, form.people[given["teacher"]], found, form=given["form"], reason=given["reason"],
                key=given["key"], at=arrived(request), by=author(request),
            )  # fmt: skip
        except AlreadySubmittedError as already:
            messages.info(request, _("该教师已有申请 %(number)s。") % {"number": already.application.number})
            return already.application
        if made.teacher.user_id is None:
            messages.info(request, _("该教师没有账号：本人的志愿写在纸上并签名，由学校点“代录本人填写的志愿”录入。"))
        return made

    return page.form(
        "nominations", form, act, done=_("已推荐。"), back=page.url("school_nominations", found.pk),
        heading=_("推荐教师：%(school)s") % {"school": found}, submit=_("推荐"),
        lead=_("只列出资格认定为应交流或可交流、还没有申请的教师。"),
    )  # fmt: skip


def application_of(page: YearPage, application: int) -> Application:
    """An application of a school for which the person acts; 404 outside, 403 without the right."""
    rows = Application.objects.visible_to(page.standing).filter(year=page.year)
    found: Application = get_object_or_404(rows.select_related("school", "teacher", "year__county"), pk=application)
    if not any(found.school_id in page.within(each) for each in OF_SCHOOL):
        raise PermissionDenied
    return found


@never_cache
@requires(*OF_SCHOOL)
def application_opinion(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """The school's check against what the engine found, and its opinion."""
    page = YearPage(request, pk)
    found = application_of(page, application)
    verdict = Verdict.objects.visible_to(page.standing).filter(
        year=page.year, teacher=found.teacher_id, current=True
    ).first()  # fmt: skip
    form = SchoolOpinionForm(request.POST or None)
    facts = [
        {"label": _("教师"), "value": str(found.teacher)}, {"label": _("回执号"), "value": found.number},
        {"label": _("系统认定"), "value": verdict.get_standing_display() if verdict else ""},
        {"label": _("依据条款"), "value": verdict.clause if verdict else ""},
        {"label": _("理由"), "value": verdict.because if verdict else "", "wide": True},
    ]  # fmt: skip
    back = page.url("school_nominations", found.school_id)
    return page.form(
        "nominations", form,
        lambda _given: actions.give_opinion(found, form.said(), at=arrived(request), by=author(request)) and back,
        done=_("学校意见已保存，待校长签署。"), back=back, heading=_("资格审核和学校意见"), facts=facts,
    )  # fmt: skip


@never_cache
@requires(*OF_SCHOOL)
def application_return(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """Send an application back to the teacher for changes."""
    page = YearPage(request, pk)
    found = application_of(page, application)
    back = page.url("school_nominations", found.school_id)
    return page.form(
        "nominations", ReturnForm(request.POST or None),
        lambda given: actions.send_back(found, opinion=given["opinion"], at=arrived(request), by=author(request))
        and back,
        done=_("已退回教师修改。"), back=back, heading=_("退回修改：%(number)s") % {"number": found.number},
        submit=_("退回"),
    )  # fmt: skip


# --- meetings -------------------------------------------------------------------------------------------------------


@never_cache
@requires(*OF_SCHOOL)
def discussion_new(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """Keep the minutes of a school's discussion."""
    page = YearPage(request, pk)
    found = school_of(page, school, *OF_SCHOOL)
    title = _("%(school)s交流人选集体讨论") % {"school": found.shown}
    return _minutes(page, found, title, "nominations", page.url("school_nominations", found.pk))


@never_cache
@requires(Permission.ROTATION_CLUSTER, Permission.ROTATION_REVIEW)
def joint_meeting_new(request: HttpRequest, pk: int, organisation: int) -> HttpResponse:
    """Keep the minutes of the joint meeting of a cluster or of the county."""
    page = YearPage(request, pk)
    within = page.within(Permission.ROTATION_CLUSTER) | page.within(Permission.ROTATION_REVIEW)
    rows = Organisation.objects.visible_to(page.standing, Permission.ROTATION_VIEW).filter(pk__in=within)
    rows = rows.filter(Q(pk=page.year.county_id) | Q(county=page.year.county_id, kind="cluster"))
    found: Organisation = get_object_or_404(rows, pk=organisation)
    title = _("%(school)s交流人选联席会议") % {"school": found.shown}
    return _minutes(page, found, title, "reviews", page.url("reviews"))


def _minutes(page: YearPage, found: Organisation, title: str, name: str, back: str) -> HttpResponse:
    request = page.request
    form = MeetingForm(request.POST or None, files=request.FILES or None, initial={"title": title})

    def act(given: dict[str, Any]) -> Any:
        try:
            return actions.keep_minutes(page.year, found, by=author(request), at=arrived(request), **given) and back
        except attachments.UnwelcomeFileError as unwelcome:
            raise RefusedError(str(unwelcome.args[0])) from unwelcome

    heading = _("登记会议记录：%(school)s") % {"school": found}
    return page.form(name, form, act, done=_("会议记录已保存。"), back=back, heading=heading)


@never_cache
@requires(*OF_MEETINGS)
def people_meeting(request: HttpRequest, pk: int, meeting: int) -> HttpResponse:
    """The minutes, with what was decided on their basis."""
    page = YearPage(request, pk)
    rows = Deliberation.objects.visible_to(page.standing).filter(year=page.year)
    found = get_object_or_404(rows.select_related("organisation", "by"), pk=meeting)
    seen = Application.objects.visible_to(page.standing).filter(year=page.year)
    steps = found.steps.filter(application__in=seen).select_related("application__teacher", "application__year")
    of_school = found.organisation.kind == "school"
    back = page.url("school_nominations", found.organisation_id) if of_school else page.url("reviews")
    return page.show(
        "nominations" if of_school else "reviews", "asking_meeting", heading=str(found), meeting=found, steps=steps,
        files=attachments.of(found), back=back,
    )  # fmt: skip


# --- notice and signature -------------------------------------------------------------------------------------------


@never_cache
@requires(*OF_SCHOOL)
def school_notice_new(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """Record that the school posts whom it means to recommend."""
    page = YearPage(request, pk)
    found = school_of(page, school, *OF_SCHOOL)
    back = page.url("school_nominations", found.pk)
    form = SchoolNoticeForm(
        request.POST or None, initial={"days": settings_of(page.year).notice_days, "place": _("校务公开栏")}
    )
    return page.form(
        "nominations", form,
        lambda given: actions.post_notice(page.year, found, by=author(request), at=arrived(request), **given) and back,
        done=_("校内公示已登记。"), back=back, heading=_("登记校内公示：%(school)s") % {"school": found},
    )  # fmt: skip


@never_cache
@requires(*OF_SCHOOL)
def school_notice_close(request: HttpRequest, pk: int, school: int, notice: int) -> HttpResponse:
    """End the notice: whether anybody objected."""
    page = YearPage(request, pk)
    found = school_of(page, school, *OF_SCHOOL)
    rows = SchoolNotice.objects.visible_to(page.standing).filter(year=page.year, organisation=found)
    held = get_object_or_404(rows, pk=notice)
    back = page.url("school_nominations", found.pk)
    return page.form(
        "nominations", CloseNoticeForm(request.POST or None),
        lambda given: actions.close_notice(held, by=author(request), at=arrived(request), **given) and back,
        done=_("校内公示已办结。"), back=back, heading=_("办结校内公示：%(school)s") % {"school": found},
    )  # fmt: skip


@never_cache
@requires(Permission.ROTATION_SIGN)
def school_sign(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """The principal signs the school's opinions and declares that those recommended are fit."""
    page = YearPage(request, pk)
    found = school_of(page, school, Permission.ROTATION_SIGN)
    form = SignForm(request.POST or None)
    back = page.url("school_nominations", found.pk)
    text = str(form.fields["declared"].label)
    return page.form(
        "nominations", form,
        lambda _given: actions.sign(page.year, found, declaration=text, at=arrived(request), by=author(request))
        and back,
        done=_("已签署，推荐人员已报送。"), back=back, heading=_("签署学校推荐：%(school)s") % {"school": found},
        submit=_("签署并报送"),
    )  # fmt: skip
