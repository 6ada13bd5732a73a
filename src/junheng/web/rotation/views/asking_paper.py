"""A school enters what its teachers have written and signed on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.web.access import requires
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.asking import present
from junheng.web.rotation.actions.schooling import nominable
from junheng.web.rotation.forms.asking import PaperForm
from junheng.web.rotation.models import Application
from junheng.web.rotation.views.asking import form_for, show_form, take
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.views.schooling import OF_SCHOOL, school_of
from junheng.web.staffing.models import Teacher, TeacherState


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
