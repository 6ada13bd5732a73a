"""A school enters what its teachers have written and signed on paper."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.web.access import requires
from junheng.web.directory.models import Organisation
from junheng.web.interface.arriving import arrived
from junheng.web.records import attachments
from junheng.web.rotation.actions import asking as actions
from junheng.web.rotation.actions.asking import present
from junheng.web.rotation.actions.asking_paper import OnPaper, speaks_on_paper
from junheng.web.rotation.actions.schooling import nominable
from junheng.web.rotation.forms.asking import ApplyForm, PaperForm, SignedForm, SpokenForm
from junheng.web.rotation.models import Application, Origin, PhaseKind
from junheng.web.rotation.returning import changed_in, require_time, withdrawn_in
from junheng.web.rotation.views.asking import change_form, form_for, show_form, take
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.schooling import OF_SCHOOL, application_of, school_of
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError


@never_cache
@requires(*OF_SCHOOL)
def paper_people(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """Of which teacher the paper is: those of the school who may apply and have not."""
    page = YearPage(request, pk)
    found = school_of(page, school, *OF_SCHOOL)
    people = [each for each in nominable(page.year, found) if each.teacher.user_id != request.user.pk]
    return page.show(
        "nominations", "asking_paper", heading=_("代录纸质申请：%(school)s") % {"school": found}, school=found,
        people=people, back=page.url("school_nominations", found.pk),
    )  # fmt: skip


@never_cache
@requires(*OF_SCHOOL)
def paper_application(request: HttpRequest, pk: int, school: int, teacher: int) -> HttpResponse:
    """Enter a teacher's paper: the form that he would have filled in himself, with the paper and its date."""
    page = YearPage(request, pk)
    found = school_of(page, school, *OF_SCHOOL)
    person = _teacher(found, teacher)
    there = present(page.year, person)
    if there is not None and request.method != "POST":
        return _already(request, there)
    form = form_for(page, person, {}, PaperForm)
    taken = take(page, person, form, school=found) if request.method == "POST" else None
    if taken is None:
        return show_form(
            page, person, form, menu="nominations", heading=_("代录纸质申请：%(teacher)s") % {"teacher": person},
            orders=[], back=page.url("paper_people", found.pk), on_paper=True,
        )  # fmt: skip
    application, is_this = taken
    if not is_this:
        return _already(request, application)
    messages.success(request, _("已代录，回执号 %(number)s，请告诉教师本人。") % {"number": application.number})
    return redirect(application)


@never_cache
@requires(*OF_SCHOOL)
def paper_change(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """Enter what a teacher has signed anew, in place of what was asked for; earlier papers are kept.

    So does one whom the school has put forward and who has no account say his wishes.
    """
    page = YearPage(request, pk)
    found = application_of(page, application)
    on_paper = found.origin == Origin.PAPER
    form = change_form(page, found, PaperForm if on_paper else SpokenForm)
    back = page.url("school_nominations", found.school_id)
    heading = _("代录修改后的纸质申请：%(teacher)s") if on_paper else _("代录本人填写的志愿：%(teacher)s")
    if request.method == "POST" and form.is_valid() and _entered(page, found, form):
        done = _("已代录修改后的纸质申请，请重新审核并由校长签署。") if on_paper else _("已代录，请审核并由校长签署。")
        messages.success(request, done)
        return redirect(found)
    return show_form(
        page, found.teacher, form, change=found, menu="nominations", back=back, on_paper=True, orders=[],
        heading=heading % {"teacher": found.teacher},
        fault="" if request.method == "POST" else _not_now(page, found),
    )  # fmt: skip


@never_cache
@requires(*OF_SCHOOL)
def paper_withdraw(request: HttpRequest, pk: int, application: int) -> HttpResponse:
    """Take an application back for its teacher, who has said so in writing."""
    page = YearPage(request, pk)
    found = application_of(page, application)
    form = SignedForm(request.POST or None, files=request.FILES or None)
    fault = "" if request.method == "POST" else _not_back(page, found)
    if fault:
        messages.error(request, fault)
        return redirect(found)

    def act(given: dict[str, Any]) -> Application:
        try:
            return actions.withdraw(
                found, at=arrived(request), by=author(request), evidence=given["evidence"], key=given["key"],
                paper=OnPaper(found.school, given["dated"]),
            )  # fmt: skip
        except attachments.UnwelcomeFileError as unwelcome:
            raise RefusedError(str(unwelcome.args[0])) from unwelcome

    return page.form(
        "nominations", form, act, done=_("申请已撤回，书面撤回件存入申请。"), facts=_taken_back(found),
        back=page.url("school_nominations", found.school_id), submit=_("撤回申请"),
        heading=_("代录书面撤回：%(teacher)s") % {"teacher": found.teacher},
        lead=_("教师没有账号、上不了网，书面要求撤回的，由学校代录，并上传本人签名的纸质件。撤回后不能恢复；还在申请期内的，可以重新申请。"),
    )  # fmt: skip


def _taken_back(found: Application) -> list[dict[str, Any]]:
    """What is taken back, as facts."""
    return [
        {"label": _("教师"), "value": str(found.teacher)}, {"label": _("回执号"), "value": found.number},
        {"label": _("来源"), "value": found.get_origin_display()},
        {"label": _("状态"), "value": found.get_status_display()},
    ]  # fmt: skip


def _entered(page: YearPage, found: Application, form: ApplyForm) -> bool:
    given = form.cleaned_data
    try:
        actions.change(
            found, form.asked(), version=given["version"] or 0, at=arrived(page.request), by=author(page.request),
            evidence=given["evidence"], paper=OnPaper(found.school, given["dated"]), key=given["key"],
        )  # fmt: skip
    except RefusedError as refused:
        form.add_error(None, str(refused))
    except attachments.UnwelcomeFileError as unwelcome:
        form.add_error("evidence", str(unwelcome.args[0]))
    else:
        return True
    return False


def _not_now(page: YearPage, found: Application) -> str:
    """Why nothing can be entered at this moment."""
    return _why_not(page, found, _("申请%(status)s，不能再修改。"), actions.UNDECIDED, changed_in(found))


def _not_back(page: YearPage, found: Application) -> str:
    """Why it cannot be taken back at this moment."""
    return _why_not(page, found, _("申请%(status)s，不能再撤回。"), actions.WITHDRAWABLE, withdrawn_in(found))


def _why_not(
    page: YearPage, found: Application, over: str, still: Collection[str], kinds: Iterable[PhaseKind]
) -> str:  # fmt: skip
    if found.teacher.user_id == page.request.user.pk:
        return _("不能代录本人的申请，请在“我的轮岗”里提交。")
    if not speaks_on_paper(found):
        return _("申请 %(number)s 不是代录的，教师有账号，由教师本人修改或撤回。") % {"number": found.number}
    if found.status not in still:
        return over % {"status": found.get_status_display()}
    try:
        require_time(found, *kinds, at=arrived(page.request))
    except RefusedError as refused:
        return str(refused)
    return ""


def _teacher(school: Organisation, teacher: int) -> Teacher:
    """A teacher whose personnel relation is with the school; 404 for anybody else."""
    here = TeacherState.objects.current().filter(school=school)  # scoped: a school for which the person acts
    rows = Teacher.objects.filter(pk__in=here.values("teacher"))  # scoped: of that school
    found: Teacher = get_object_or_404(rows.select_related("county"), pk=teacher)
    return found


def _already(request: HttpRequest, there: Application) -> HttpResponse:
    number = {"number": there.number}
    messages.info(request, _("该教师已提交过申请，回执号 %(number)s，没有重复收取。") % number)
    return redirect(there)
