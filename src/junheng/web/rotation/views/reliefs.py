"""Deferral and exclusion: asked for by teachers, decided by the office that the pack names."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_tables2 import Column, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.arriving import arrived
from junheng.web.interface.listing import ListPage
from junheng.web.records import attachments
from junheng.web.rotation.actions import reliefs as actions
from junheng.web.rotation.forms.asking import ReliefForm
from junheng.web.rotation.forms.reviewing import ReliefDecisionForm
from junheng.web.rotation.models import Chain, Relief
from junheng.web.rotation.views.asking import me
from junheng.web.rotation.views.pages import YearPage
from junheng.web.rotation.wishing import office_of, settings_of
from junheng.web.staffing.models import TeacherState
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError


class ReliefTable(Table):
    """Requests, without their grounds."""

    number = Column(gettext_lazy("编号"), accessor="pk", linkify=True)
    teacher = Column(gettext_lazy("教师"), accessor="teacher_name", order_by="teacher__number")
    school = Column(gettext_lazy("学校"))
    kind = Column(gettext_lazy("种类"))
    status = Column(gettext_lazy("状态"))
    requested_at = Column(gettext_lazy("提出时间"))
    until = Column(gettext_lazy("期限至"))


class ReliefList(ListPage):
    """Requests of the year that the person may see; and whose deferral has run out."""

    permissions = (Permission.ROTATION_VIEW,)
    table_class = ReliefTable
    search_fields = ("teacher_name", "teacher__number")
    template_name = "rotation/asking_reliefs.html"
    heading = gettext_lazy("暂缓与免除")
    empty = gettext_lazy("没有暂缓或免除的申请。教师因患病、怀孕等不能参加的，在“我的轮岗”提出。")

    def rows(self, request: HttpRequest) -> Any:
        """With the teacher's name."""
        page = self._page(request)
        found = Relief.objects.visible_to(page.standing).filter(year=page.year)
        return found.select_related("teacher", "school", "year").annotate(teacher_name=name_now())

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Who is in the pool again, and which office decides."""
        page = self._page(request)
        again = actions.reentering(page.year).filter(school__in=page.within(Permission.ROTATION_VIEW))
        return page.context("reliefs") | {
            "again": again.select_related("teacher", "school").annotate(teacher_name=name_now()),
            "lead": _("决定机关：%(office)s") % {"office": office_of(page.year)},
        }

    def _page(self, request: HttpRequest) -> YearPage:
        return YearPage(request, self.kwargs["pk"])


def name_now() -> Any:
    """The present name of a row's teacher."""
    now = TeacherState.objects.current().filter(teacher=OuterRef("teacher"))  # scoped: of rows within reach
    return Subquery(now.values("name")[:1])


def decides(page: YearPage, found: Relief) -> bool:
    """Whether the person's office decides on it now."""
    by_cluster = settings_of(page.year).chain == Chain.CLUSTER
    within = Relief.objects.filter(pk=found.pk).decidable_by(page.standing, by_cluster=by_cluster)  # scoped: to it
    return bool(within.exists())


def sees_ground(standing: Any, found: Relief) -> bool:
    """Whether the person may read the ground: the teacher, and whoever may see what is sensitive there."""
    own = getattr(standing, "user", None)
    if own is not None and found.teacher.user_id == own.pk:
        return True
    if found.school_id in standing.organisations(Permission.TEACHERS_SENSITIVE):
        return True
    by_cluster = settings_of(found.year).chain == Chain.CLUSTER
    return by_cluster and found.school_id in standing.organisations(Permission.ROTATION_CLUSTER)


def _found(page: YearPage, relief: int) -> Relief:
    rows = Relief.objects.visible_to(page.standing).filter(year=page.year)
    made: Relief = get_object_or_404(
        rows.select_related("teacher", "school", "year__county", "decided_by", "requested_by"), pk=relief
    )
    return made


@never_cache
@requires(Permission.ROTATION_OWN, Permission.ROTATION_VIEW)
def relief(request: HttpRequest, pk: int, relief: int) -> HttpResponse:
    """A request: what is asked, what the pack says, what was decided."""
    page = YearPage(request, pk)
    found = _found(page, relief)
    sees = sees_ground(page.standing, found)
    mine = found.teacher.user_id == request.user.pk
    return page.show(
        "own" if mine else "reliefs", "asking_relief", heading=_("第 %(number)s 号暂缓与免除") % {"number": found.pk},
        relief=found, sees=sees, mine=mine, decides=decides(page, found), state=found.teacher.state,
        word=actions.pack_word(page.year, found.ground) if sees else None,
        files=attachments.of(found) if sees else [], back=page.url("own" if mine else "reliefs"),
    )  # fmt: skip


@never_cache
@requires(Permission.ROTATION_OWN)
def relief_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to be deferred or excluded."""
    page = YearPage(request, pk)
    teacher = me(page)
    form = ReliefForm(request.POST or None, files=request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = actions.request_relief(
                page.year, teacher, kind=given["kind"], ground=given["ground"], ground_text=given["ground_text"],
                key=given["key"], at=arrived(request), by=author(request), evidence=given["evidence"],
            )  # fmt: skip
        except RefusedError as refused:
            form.add_error(None, str(refused))
        except attachments.UnwelcomeFileError as unwelcome:
            form.add_error("evidence", str(unwelcome.args[0]))
        else:
            messages.success(request, _("已提交，等待决定。"))
            return redirect(made)
    return page.show(
        "own", "form", status=422 if form.errors else 200, form=form, heading=_("申请暂缓或免除"), submit=_("提交"),
        back=page.url("own"), lead=_("决定机关：%(office)s") % {"office": office_of(page.year)},
    )  # fmt: skip


@never_cache
@require_POST
@requires(Permission.ROTATION_OWN)
def relief_withdraw(request: HttpRequest, pk: int, relief: int) -> HttpResponse:
    """Take one's own request back."""
    page = YearPage(request, pk)
    mine = Relief.objects.filter(Q(year=page.year) & Q(teacher=me(page)))  # scoped: one's own
    found = get_object_or_404(mine, pk=relief)
    return page.act(
        lambda: actions.withdraw_relief(found, by=author(request), at=arrived(request)), done=_("已撤回。"),
        back=page.url("own"),
    )  # fmt: skip


@never_cache
@requires(Permission.ROTATION_REVIEW, Permission.ROTATION_CLUSTER)
def relief_decide(request: HttpRequest, pk: int, relief: int) -> HttpResponse:
    """Agree or not, with clause and opinion; the first decision holds."""
    page = YearPage(request, pk)
    found = _found(page, relief)
    if (found.is_open and not decides(page, found)) or not sees_ground(page.standing, found):
        raise Http404
    word = actions.pack_word(page.year, found.ground)
    since, until = actions.proposed_span(page.year)
    form = ReliefDecisionForm(request.POST or None, initial={"clause": word.clause, "since": since, "until": until})

    def act(given: dict[str, Any]) -> Relief:
        decision, by, at = given["decision"], author(request), arrived(request)
        said = {"clause": given["clause"], "opinion": given["opinion"], "by": by, "at": at}
        if decision == "refuse":
            return actions.refuse(found, **said)
        return actions.grant(found, since=given["since"], until=given["until"], **said)

    return page.form(
        "reliefs", form, act, done=_("已决定，并已告知教师。"), back=found.get_absolute_url(),
        template="asking_relief_decide",
        heading=_("决定第 %(number)s 号暂缓与免除") % {"number": found.pk}, relief=found, word=word,
        files=attachments.of(found), state=found.teacher.state, submit=_("作出决定"),
    )  # fmt: skip
