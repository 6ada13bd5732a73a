"""A school enters what its teachers have written and signed on paper."""

from __future__ import annotations

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
from junheng.web.rotation.actions.asking_paper import OnPaper
from junheng.web.rotation.actions.schooling import nominable
from junheng.web.rotation.forms.asking import ApplyForm, PaperForm, initial_of
from junheng.web.rotation.models import Application, Origin
from junheng.web.rotation.returning import changed_in, require_time
from junheng.web.rotation.views.asking import form_for, show_form, take
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
    """Enter the paper that a teacher has signed anew, in place of what an earlier one asked for; that one is kept."""
    page = YearPage(request, pk)
    found = application_of(page, application)
    form = form_for(page, found.teacher, initial_of(found), PaperForm)
    back = page.url("school_nominations", found.school_id)
    if request.method == "POST" and form.is_valid() and _entered(page, found, form):
        messages.success(request, _("已代录修改后的纸质申请，请重新审核并由校长签署。"))
        return redirect(found)
    return show_form(
        page, found.teacher, form, change=found, menu="nominations", back=back, on_paper=True, orders=[],
        heading=_("代录修改后的纸质申请：%(teacher)s") % {"teacher": found.teacher},
        fault="" if request.method == "POST" else _not_now(page, found),
    )  # fmt: skip


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
    if found.teacher.user_id == page.request.user.pk:
        return _("不能代录本人的申请，请在“我的轮岗”里提交。")
    if found.origin != Origin.PAPER:
        return _("申请 %(number)s 不是代录的，由教师本人修改。") % {"number": found.number}
    if found.status not in actions.UNDECIDED:
        return _("申请%(status)s，不能再修改。") % {"status": found.get_status_display()}
    try:
        require_time(found, *changed_in(found), at=arrived(page.request))
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
