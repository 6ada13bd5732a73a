"""Open selection: posts, applications for them, their review, and who is proposed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_tables2 import Column, DateTimeColumn, Table

from junheng.web.access import Permission, requires
from junheng.web.interface.arriving import arrived
from junheng.web.interface.listing import ListPage
from junheng.web.records import attachments
from junheng.web.records.attachments import UnwelcomeFileError
from junheng.web.rotation.actions import selecting as actions
from junheng.web.rotation.actions.cadres import asked_of
from junheng.web.rotation.forms.selecting import PostApplicationForm, PostReviewForm, ProposeForm
from junheng.web.rotation.models import CadreMove, OpenPost, PostApplication, PostApplicationStatus
from junheng.web.rotation.names import with_names
from junheng.web.rotation.views.asking import me
from junheng.web.rotation.views.pages import EVERYBODY, YearPage
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

May = Permission
SEEN_BY = (May.ROTATION_REVIEW, May.ROTATION_PLAN, May.ROTATION_ADOPT)
TONES = {
    PostApplicationStatus.SUBMITTED: "blue", PostApplicationStatus.SHORTLISTED: "azure",
    PostApplicationStatus.REFUSED: "red", PostApplicationStatus.PROPOSED: "orange",
    PostApplicationStatus.APPOINTED: "green", PostApplicationStatus.WITHDRAWN: "secondary",
}  # fmt: skip


@requires(*EVERYBODY)
def open_posts(request: HttpRequest, pk: int) -> HttpResponse:
    """Posts for open selection; everybody of the county may read them, and teachers apply until the last day."""
    page = YearPage(request, pk)
    posts = list(OpenPost.objects.filter(year=page.year).select_related("school", "year"))
    person = getattr(request.user, "teacher", None)
    own = (
        PostApplication.objects.in_force().filter(  # scoped: one's own
            post__in=posts, teacher=person
        )
        if person
        else ()
    )
    mine = {each.post_id: each for each in own}
    seen = PostApplication.objects.visible_to(page.standing).in_force().filter(post__in=posts)
    counted = [each.post_id for each in seen] if page.may(*SEEN_BY) else None
    rows = [
        {
            "post": each, "open": actions.takes_applications(each, page.now), "mine": mine.get(each.pk),
            "count": counted.count(each.pk) if counted is not None else None,
            "may_apply": person is not None and person.county_id == page.year.county_id and each.pk not in mine
            and actions.takes_applications(each, page.now),
        }
        for each in posts
    ]  # fmt: skip
    buttons: list[dict[str, Any]] = []
    if counted is not None:
        buttons.append({"url": page.url("post_applications"), "icon": "list-check", "label": _("选聘报名")})
    if page.may(May.ROTATION_PLAN):
        new = {"url": page.url("open_post_new"), "icon": "plus", "label": _("公布职位"), "primary": True}
        buttons.append(new)
    return page.show(
        "open_posts", "open_posts", heading=_("公开选聘"), rows=rows, buttons=buttons, reports=counted is not None
    )


@never_cache
@requires(May.ROTATION_OWN)
def post_apply(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    """Apply for a post; who has applied is shown his receipt."""
    page = YearPage(request, pk)
    post = get_object_or_404(OpenPost.objects.select_related("school", "year__county"), year=page.year, pk=post_pk)
    person = me(page)
    there = actions.present(post, person)
    if there is not None:
        return redirect(there)
    form = PostApplicationForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> PostApplication:
        try:
            return actions.hand_in(
                post, person, reason=given["reason"], key=given["key"], at=arrived(request), by=author(request),
                evidence=given["evidence"],
            )  # fmt: skip
        except UnwelcomeFileError as unwelcome:
            raise RefusedError(str(unwelcome.args[0])) from unwelcome

    facts = [
        {"label": _("学校"), "value": post.school}, {"label": _("职位"), "value": post.get_role_display()},
        {"label": _("人数"), "value": post.places}, {"label": _("报名截止日期"), "value": post.apply_by},
        {"label": _("任职条件"), "value": post.requirements, "wide": True},
    ]  # fmt: skip
    return page.form(
        "open_posts", form, act, done=_("报名已收到，请保存回执号。"), back=page.url("open_posts"),
        heading=_("报名：%(post)s") % {"post": post}, submit=_("提交报名"), facts=facts,
    )  # fmt: skip


class PostApplicationTable(Table):
    """Applications for posts."""

    number = Column(gettext_lazy("回执号"), linkify=True)
    name = Column(gettext_lazy("姓名"), accessor="teacher_name")
    school = Column(gettext_lazy("学校"), accessor="school__name")
    post = Column(gettext_lazy("职位"))
    status = Column(gettext_lazy("状态"))
    submitted_at = DateTimeColumn(verbose_name=gettext_lazy("提交时间"), format="Y-m-d H:i")


class PostApplicationFilter(django_filters.FilterSet):
    """By status."""

    status = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=PostApplicationStatus.choices)

    class Meta:
        model = PostApplication
        fields = ("status",)


class PostApplicationList(ListPage):
    """Everybody who has applied for a post."""

    permissions = SEEN_BY
    export_permission = Permission.EXPORT_LISTS
    table_class = PostApplicationTable
    filterset_class = PostApplicationFilter
    search_fields = ("teacher_name", "teacher_pinyin", "number")
    template_name = "rotation/list.html"
    heading = gettext_lazy("选聘报名")
    empty = gettext_lazy("还没有人报名。")

    def get(self, request: HttpRequest, pk: int = 0, **words: Any) -> HttpResponse:
        """Of the whole county, or not at all."""
        self.page = YearPage(request, pk)
        self.page.require(*SEEN_BY)
        return super().get(request, **words)

    def rows(self, request: HttpRequest) -> Any:
        """Of the year."""
        found = PostApplication.objects.visible_to(self.page.standing).filter(post__year=self.page.year)
        related = ("teacher", "school", "post__school", "post__year")
        return with_names(found.select_related(*related).defer("reason", "opinion"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The menu."""
        return self.page.context("open_posts")


def _application(page: YearPage, key: int) -> Any:
    seen = with_names(PostApplication.objects.visible_to(page.standing).filter(post__year=page.year))
    related = ("post__school", "post__year", "teacher", "school", "decided_by")
    return get_object_or_404(seen.select_related(*related), pk=key)


@never_cache
@requires(*SEEN_BY, May.ROTATION_OWN)
def post_application(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """An application: for the applicant his receipt and what came of it, for the bureau the review."""
    page = YearPage(request, pk)
    held = _application(page, key)
    mine = held.teacher.user_id == author(request).pk
    reviews = not mine and page.may(May.ROTATION_REVIEW) and held.status in actions.UNDECIDED
    given: dict[str, Any] = {
        "heading": _("选聘报名：%(name)s") % {"name": held.teacher_name}, "application": held, "mine": mine,
        "tone": TONES[PostApplicationStatus(held.status)], "files": attachments.of(held),
        "findings": [] if mine else asked_of(page.year, held.teacher, role=held.post.role, start=page.year.starts),
        "withdrawable": mine and held.status in actions.UNDECIDED,
        "may_propose": not mine and page.may(May.ROTATION_PLAN) and held.status == PostApplicationStatus.SHORTLISTED,
        "left": actions.places_left(held.post),
        "move": CadreMove.objects.visible_to(page.standing).filter(application=held, withdrawn_at=None).first(),
    }  # fmt: skip
    back = page.url("open_posts") if mine else page.url("post_applications")
    if request.method == "POST" and (mine or not page.may(May.ROTATION_REVIEW)):
        raise PermissionDenied
    if not reviews:
        return page.show("open_posts", "post_application", back=back, **given)
    return page.form(
        "open_posts", PostReviewForm(request.POST or None),
        lambda said: actions.review(held, by=author(request), **said), done=_("审查结果已告知本人。"), back=back,
        template="post_application", submit=_("作出决定"), **given,
    )  # fmt: skip


@require_POST
@requires(May.ROTATION_OWN)
def post_application_withdraw(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """The applicant takes it back."""
    page = YearPage(request, pk)
    mine = PostApplication.objects.filter(post__year=page.year, teacher__user=request.user)  # scoped: one's own
    held = get_object_or_404(mine, pk=key)
    return page.act(
        lambda: actions.withdraw(held, by=author(request)), done=_("报名已撤回。"), back=page.url("open_posts")
    )


@requires(May.ROTATION_PLAN)
def post_application_propose(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Propose somebody who is shortlisted; another person confirms it."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PLAN)
    held = _application(page, key)
    initial = {"start": page.year.starts, "end": page.year.ends}
    facts = [
        {"label": _("姓名"), "value": held.teacher_name}, {"label": _("派出学校"), "value": held.school},
        {"label": _("职位"), "value": held.post},
    ]  # fmt: skip
    return page.form(
        "open_posts", ProposeForm(request.POST or None, initial=initial),
        lambda given: actions.propose(held, by=author(request), **given),
        done=_("已提出，等待另一位负责人确认。"), back=held.get_absolute_url(), heading=_("提出拟任人选"),
        submit=_("提出拟任人选"), facts=facts,
    )  # fmt: skip
