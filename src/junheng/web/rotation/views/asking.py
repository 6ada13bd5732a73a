"""The teacher's own pages: what is to be done, the application, its receipt; and how a year asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.interface.arriving import arrived
from junheng.web.records import attachments
from junheng.web.rotation.actions import asking as actions
from junheng.web.rotation.actions.asking_drafts import draft_of, keep_draft, keep_late
from junheng.web.rotation.actions.asking_paper import OnPaper, speaks_on_paper
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.applying import may_apply
from junheng.web.rotation.calling import called
from junheng.web.rotation.cycle import ClosedPhaseError, require_open
from junheng.web.rotation.forms.asking import ApplyForm, AskingForm, initial_of
from junheng.web.rotation.models import Application, ApplicationStatus, Origin, PhaseKind, ReviewStep, Verdict
from junheng.web.rotation.own import cards_for
from junheng.web.rotation.returning import changed_in, require_time, withdrawn_in
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.wishing import not_both, orders_of, settings_of, wishable
from junheng.web.staffing.models import SchoolState, Teacher
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError


def me(page: YearPage) -> Teacher:
    """The teacher of the request; 404 for whoever is none of the year's county."""
    found = Teacher.objects.filter(user=page.request.user, county=page.year.county_id)  # scoped: one's own
    teacher: Teacher | None = found.select_related("county").first()
    if teacher is None:
        raise Http404
    return teacher


def own_application(page: YearPage, application: int) -> Application:
    """The person's own application of the year; 404 for anybody else's."""
    rows = Application.objects.filter(year=page.year, teacher=me(page))  # scoped: one's own
    return get_object_or_404(rows.select_related("year__county", "school", "teacher", "partner"), pk=application)


@never_cache
@requires(Permission.ROTATION_OWN)
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """What I have to do until when, what has been found of me, what I have asked for, where I am sent."""
    page = YearPage(request, pk)
    teacher = me(page)
    return page.show("own", "asking_own", heading=_("我的轮岗"), cards_of_mine=cards_for(page, teacher))


@never_cache
@requires(Permission.ROTATION_OWN)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply, or keep what has been filled in so far; who has applied is shown his receipt."""
    page = YearPage(request, pk)
    teacher = me(page)
    there = actions.present(page.year, teacher)
    if there is not None and request.method != "POST":
        return _already(request, there)
    draft = draft_of(page.year, teacher)
    form = form_for(page, teacher, draft[0] if draft else {})
    if request.method == "POST":
        answer = _keep(page, teacher, form) if "keep" in request.POST else _hand_in(page, teacher, form)
        if answer is not None:
            return answer
        if keep_late(page.year, teacher, form.kept(), at=arrived(request)):
            draft = draft_of(page.year, teacher)
    late = form.in_words(draft[0]) if draft else []
    return show_form(page, teacher, form, kept_at=draft[1] if draft else None, late=late)


def form_for(
    page: YearPage, teacher: Teacher, initial: dict[str, Any], kind: type[ApplyForm] = ApplyForm
) -> ApplyForm:  # fmt: skip
    """The form with the schools that the teacher may wish for."""
    pack = pack_of(page.year)
    states = SchoolState.objects.as_of(page.year.on)  # scoped: the person's own school
    home = states.filter(school=getattr(teacher.state, "school", None)).first()
    request = page.request
    return kind(
        page.year, pack, wishable(page.year, teacher, pack), home, request.POST or None, files=request.FILES or None,
        initial=initial,
    )  # fmt: skip


def show_form(
    page: YearPage, teacher: Teacher, form: ApplyForm, *, kept_at: datetime | None = None,
    change: Application | None = None, menu: str = "own", **given: Any,
) -> HttpResponse:  # fmt: skip
    """The form with what it needs to be understood: the verdict, the deadline, the pack's order; ``given`` besides."""
    year = page.year
    fault, phase = "", None
    try:
        phase = require_open(year, PhaseKind.APPLICATIONS, at=arrived(page.request))
        if change is None:
            may_apply(year, teacher)
    except RefusedError as refused:
        fault = str(refused)
    verdict = Verdict.objects.filter(year=year, teacher=teacher, current=True).first()  # scoped: one's own
    shown = {
        "heading": _("修改申请") if change else _("交流申请"), "orders": orders_of(year, teacher),
        "back": page.url("own"), "verdict": verdict, "phase": phase, "fault": "" if change else fault,
        "kept_at": kept_at, "change": change, "limit": year.wishes_allowed,
        "returned": _returned(change) if change is not None else None,
        "call": called(year, teacher), "rural": _rural(form),
    } | given  # fmt: skip
    return page.show(menu, "asking_apply", status=422 if form.errors else 200, form=form, **shown)


def _rural(form: ApplyForm) -> list[str]:
    """Names of the rural schools that the teacher may wish for."""
    return [each.school.shown for each in form.wishable if each.is_rural and not each.why_not]


def _returned(application: Application) -> ReviewStep | None:
    """What is to be changed, where an office has returned it."""
    if application.status != ApplicationStatus.RETURNED:
        return None
    found: ReviewStep | None = application.steps.order_by("-at", "-pk").first()
    return found


def _keep(page: YearPage, teacher: Teacher, form: ApplyForm) -> HttpResponse | None:
    try:
        keep_draft(page.year, teacher, form.kept(), at=arrived(page.request))
    except RefusedError as refused:
        form.full_clean()
        form.add_error(None, str(refused))
        return None
    messages.success(page.request, _("草稿已保存，还没有提交。"))
    return redirect(page.url("apply"))


def _hand_in(page: YearPage, teacher: Teacher, form: ApplyForm) -> HttpResponse | None:
    taken = take(page, teacher, form)
    if taken is None:
        return None
    application, is_new = taken
    if not is_new:
        return _already(page.request, application)
    messages.success(page.request, _("已收到，回执号 %(number)s。") % {"number": application.number})
    return redirect(page.url("receipt", application.pk))


def take(
    page: YearPage, teacher: Teacher, form: ApplyForm, *, school: Organisation | None = None
) -> tuple[Application, bool] | None:  # fmt: skip
    """Hand in what the form says, by the teacher or, from a paper, by his ``school``.

    The application and whether it is this form's, or one that there was; nothing when refused, with why in the form.
    """
    there = actions.present(page.year, teacher)
    if there is not None and str(there.key) != page.request.POST.get("key", ""):
        return there, False
    if not form.is_valid():
        return None
    try:
        made = actions.hand_in(
            page.year, teacher, form.asked(), key=form.cleaned_data["key"], at=arrived(page.request),
            by=author(page.request), evidence=form.cleaned_data["evidence"],
            paper=OnPaper(school, form.cleaned_data["dated"]) if school is not None else None,
        )  # fmt: skip
    except actions.AlreadySubmittedError as already:
        return already.application, False
    except ClosedPhaseError as closed:
        form.add_error(None, str(closed))
    except RefusedError as refused:
        form.add_error(None, str(refused))
    except attachments.UnwelcomeFileError as unwelcome:
        form.add_error("evidence", str(unwelcome.args[0]))
    else:
        return made, True
    return None


def _already(request: HttpRequest, there: Application) -> HttpResponse:
    messages.info(request, _("您已提交过申请，回执号 %(number)s，没有重复收取。") % {"number": there.number})
    return redirect("rotation:receipt", there.year_id, there.pk)


@never_cache
@requires(Permission.ROTATION_OWN)
def receipt(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """What was received and when, to the second, to be printed or kept."""
    page = YearPage(request, pk)
    found = own_application(page, application)
    return page.show(
        "own", "asking_receipt", heading=_("申请回执"), application=found, digest=actions.digest_of(found),
        choices=found.choices.select_related("school"), files=attachments.of(found), papers=papers_of(found),
        changeable=changeable(page, found), withdrawable=withdrawable(page, found),
        couple=couple_words(found), back=page.url("own"),
    )  # fmt: skip


def papers_of(found: Application) -> list[dict[str, Any]]:
    """The papers that the school has entered, the last first, each with its files."""
    papers = list(found.papers.select_related("entered_by"))
    kept: dict[str, list[Any]] = {str(each.pk): [] for each in papers}
    for file in attachments.of_all(papers):
        kept[file.owner_id].append(file)
    return [{"paper": each, "files": kept[str(each.pk)]} for each in papers]


def couple_words(found: Application) -> str:
    """What comes of the spouse whom an application names."""
    if not couple_counts(found):
        return _("对方没有写明本申请人，不作为夫妻考虑。")
    return " ".join(filter(None, (_("双方已互相写明。"), not_both(pack_of(found.year)))))


def couple_counts(found: Application) -> bool | None:
    """Whether the spouse has named the teacher too; ``None`` where no spouse is named."""
    if found.partner_id is None:
        return None
    theirs = Application.objects.filter(year=found.year_id, teacher=found.partner_id)  # scoped: named in it
    return bool(theirs.filter(partner=found.teacher_id).exclude(status=ApplicationStatus.WITHDRAWN).exists())


def _in_time(page: YearPage, found: Application, *kinds: PhaseKind) -> bool:
    try:
        require_time(found, *kinds, at=arrived(page.request))
    except ClosedPhaseError:
        return False
    return True


def changeable(page: YearPage, found: Application) -> bool:
    """Whether it may still be changed now."""
    return found.status in actions.UNDECIDED and _in_time(page, found, *changed_in(found))


def change_form(page: YearPage, found: Application, kind: type[ApplyForm] = ApplyForm) -> ApplyForm:
    """The form with what the application asks for; the reason of a nomination is shown only."""
    form = form_for(page, found.teacher, initial_of(found), kind)
    if found.origin == Origin.SCHOOL:
        form.leave_reason(found.reason)
    return form


def _entered_for(page: YearPage, found: Application) -> bool:
    """Whether the person may enter what another has signed of it."""
    return speaks_on_paper(found) and found.teacher.user_id != page.request.user.pk


def again_on_paper(page: YearPage, found: Application) -> bool:
    """Whether a school may now enter a changed paper, unless it is the person's own."""
    return _entered_for(page, found) and changeable(page, found)


def back_on_paper(page: YearPage, found: Application) -> bool:
    """Whether a school may now enter a paper by which the application is taken back, unless it is the person's own."""
    return _entered_for(page, found) and withdrawable(page, found)


def withdrawable(page: YearPage, found: Application) -> bool:
    """Whether it may still be taken back now."""
    return found.status in actions.WITHDRAWABLE and _in_time(page, found, *withdrawn_in(found))


@never_cache
@requires(Permission.ROTATION_OWN)
def application_change(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """Put something else in place of what was asked for."""
    page = YearPage(request, pk)
    found = own_application(page, application)
    form = change_form(page, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(
                found, form.asked(), version=form.cleaned_data["version"] or 0, at=arrived(request),
                by=author(request), evidence=form.cleaned_data["evidence"],
            )  # fmt: skip
        except RefusedError as refused:
            form.add_error(None, str(refused))
        except attachments.UnwelcomeFileError as unwelcome:
            form.add_error("evidence", str(unwelcome.args[0]))
        else:
            messages.success(request, _("申请已修改。"))
            return redirect(page.url("receipt", found.pk))
    return show_form(page, found.teacher, form, change=found)


@never_cache
@require_POST
@requires(Permission.ROTATION_OWN)
def application_withdraw(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """Take one's application back."""
    page = YearPage(request, pk)
    found = own_application(page, application)
    return page.act(
        lambda: actions.withdraw(found, at=arrived(request), by=author(request)), done=_("申请已撤回。"),
        back=page.url("own"),
    )  # fmt: skip


@requires(Permission.ROTATION_PREPARE)
def asking_settings(request: HttpRequest, pk: int) -> HttpResponse:
    """How the year asks: the chain of review, the days of the notice in the schools, how long a deferral lasts."""
    page = YearPage(request, pk)
    page.require(Permission.ROTATION_PREPARE)
    held = settings_of(page.year)
    names = (
        "chain", "notice_days", "relief_months", "statement_needed", "return_days", "call_age", "call_years",
        "call_clause",
    )  # fmt: skip
    form = AskingForm(request.POST or None, initial={name: getattr(held, name) for name in names})

    def act(given: dict[str, Any]) -> str:
        reason = given.pop("reason")
        actions.arrange(page.year, given, reason=reason, by=author(request))
        return page.url("applications")

    return page.form(
        "applications", form, act, done=_("已保存。"), back=page.url("applications"), heading=_("申请与审核的设置"),
    )  # fmt: skip
