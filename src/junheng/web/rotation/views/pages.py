"""What the pages of a year have alike: the year and its menu, who may do what there, a form with its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import Organisation
from junheng.web.rotation.models import RotationYear
from junheng.web.staffing.refusal import RefusedError

May = Permission
OFFICES = (May.ROTATION_VIEW,)
FOLLOWERS = (May.ROTATION_VIEW, May.ROTATION_FOLLOW)
"""Who sees how a year proceeds, without people."""
WITH_PEOPLE = (May.ROTATION_VIEW, May.ROTATION_OWN)
EVERYBODY = (*FOLLOWERS, May.ROTATION_OWN)
SECTIONS: tuple[tuple[Any, tuple[tuple[str, Any, str, tuple[Permission, ...]], ...]], ...] = (
    (
        _("年度"),
        (
            ("year", _("进度"), "progress", ()),
            ("own", _("我的轮岗"), "user", (May.ROTATION_OWN,)),
            ("pack", _("政策与参数"), "book", FOLLOWERS),
            ("what_if", _("参数试算"), "calculator", (May.ROTATION_PREPARE,)),
            ("bodies", _("组织与分工"), "hierarchy", FOLLOWERS),
            ("meetings", _("会议与动员"), "messages", FOLLOWERS),
            ("quotas", _("交流指标"), "target", EVERYBODY),
            ("needs", _("学科需求"), "books", EVERYBODY),
            ("papers", _("文件库"), "file-text", EVERYBODY),
            ("calendar", _("工作日历"), "calendar", (May.ROTATION_PREPARE,)),
        ),
    ),
    (
        _("人选"),
        (
            ("confirmations", _("信息核对"), "clipboard-check", OFFICES),
            ("verdicts", _("资格认定"), "scale", OFFICES),
            ("appeals", _("事实异议"), "message-question", (May.ROTATION_REVIEW, May.ROTATION_OWN)),
            ("reliefs", _("暂缓与免除"), "clock-pause", OFFICES),
            ("applications", _("申请"), "send", OFFICES),
            ("nominations", _("学校推荐"), "thumb-up", OFFICES),
            ("reviews", _("审核"), "checks", (May.ROTATION_SIGN, May.ROTATION_CLUSTER, May.ROTATION_REVIEW)),
        ),
    ),
    (
        _("方案"),
        (
            ("scenarios", _("方案编制"), "route", (May.ROTATION_PLAN, May.ROTATION_ADOPT)),
            ("pins", _("指定与禁止"), "pin", (May.ROTATION_PLAN,)),
            ("notices", _("公示"), "speakerphone", OFFICES),
            ("objections", _("异议"), "message-report", (May.ROTATION_PUBLISH, May.ROTATION_REVIEW)),
        ),
    ),
    (
        _("交流"),
        (
            ("orders", _("调配文件"), "file-certificate", OFFICES),
            ("placements", _("交流任务"), "users", OFFICES),
            ("reporting", _("报到"), "door-enter", OFFICES),
            ("services", _("在岗交流"), "user-check", WITH_PEOPLE),
            ("months", _("月报"), "report", OFFICES),
            ("problems", _("困难与问题"), "help", OFFICES),
            ("changes", _("变更与续期"), "switch-horizontal", OFFICES),
            ("outcomes", _("期满考核"), "medal", OFFICES),
            ("prerequisites", _("交流经历能否申报"), "checklist", WITH_PEOPLE),
            ("archive", _("归档"), "archive", OFFICES),
        ),
    ),
    (
        _("干部"),
        (
            ("terms", _("任期"), "hourglass", OFFICES),
            ("open_posts", _("公开选聘"), "speakerphone", EVERYBODY),
            ("reserve", _("后备干部"), "users-group", OFFICES),
            ("studies", _("校长研修"), "school", OFFICES),
        ),
    ),
)
"""The pages of a year, for the menu at the side: name of the address, label, icon, who may open it."""


class YearPage:
    """The year of a request with what its person may do there."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.request = request
        self.standing = standing_of(request)
        self.year = get_object_or_404(
            RotationYear.objects.visible_to(self.standing).select_related("county", "snapshot", "previous"), pk=pk
        )
        self.now = timezone.now()

    def within(self, permission: Permission) -> frozenset[int]:
        """Keys of the organisations in which the person holds a permission."""
        found: frozenset[int] = self.standing.organisations(permission)
        return found

    def may(self, *anyone_of: Permission) -> bool:
        """Whether the person holds one of the permissions in the whole county."""
        return any(self.year.county_id in self.within(each) for each in anyone_of)

    def require(self, *anyone_of: Permission) -> None:
        """403 for whoever holds none of the permissions in the whole county."""
        if not self.may(*anyone_of):
            raise PermissionDenied

    def schools(self, *anyone_of: Permission) -> Any:
        """The schools of the county for which the person holds a permission, in the bureau's order.

        Without one: those for which he sees or follows rotation.
        """
        within = frozenset[int]().union(*(self.within(each) for each in anyone_of or FOLLOWERS))
        found = Organisation.objects.schools().filter(pk__in=within)  # scoped: where he holds one of them
        return found.filter(county=self.year.county_id).order_by("position", "code")

    @cached_property
    def school_list(self) -> list[Organisation]:
        """The schools that the person sees."""
        return list(self.schools())

    @cached_property
    def school_keys(self) -> Sequence[int]:
        """Their keys."""
        return [each.pk for each in self.school_list]

    def show(self, page: str, template: str, *, status: int = 200, **given: Any) -> HttpResponse:
        """A page of the year; ``page`` is its name in the menu."""
        context = self.context(page) | given
        return render(self.request, f"rotation/{template}.html", context, status=status)

    def context(self, page: str) -> dict[str, Any]:
        """What every page of the year gets."""
        menu = self._menu(page)
        return {
            "year": self.year, "now": self.now, "page": page, "sections": menu, "crumbs": self._crumbs(menu),
        }  # fmt: skip

    def _crumbs(self, menu: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The pages above this one: the years, the year, and for a page within a part of it that part."""
        own = self.year.get_absolute_url()
        above: list[dict[str, Any]] = [
            {"label": _("轮岗"), "url": reverse("rotation:years")}, {"label": str(self.year), "url": own},
        ]  # fmt: skip
        above += [each for part in menu for each in part["entries"] if each["active"] and each["url"] != own]
        return list(takewhile(lambda each: each["url"] != self.request.path, above))

    def _menu(self, page: str) -> list[dict[str, Any]]:
        sections = []
        for title, entries in SECTIONS:
            shown = []
            for name, label, icon, anyone_of in entries:
                if anyone_of and not any(self.standing.allows(each) for each in anyone_of):
                    continue
                try:
                    url = reverse(f"rotation:{name}", args=(self.year.pk,))
                except NoReverseMatch:
                    continue
                shown.append({"label": label, "url": url, "icon": icon, "active": name == page})
            if shown:
                sections.append({"title": title, "entries": shown})
        return sections

    def url(self, name: str, *more: Any) -> str:
        """An address of the year."""
        return reverse(f"rotation:{name}", args=(self.year.pk, *more))

    def form(
        self, page: str, form: BaseForm, act: Callable[[dict[str, Any]], Any], *, done: str, back: str,
        template: str = "form", **given: Any,
    ) -> HttpResponse:  # fmt: skip
        """A page with a form: what was typed is kept when it is refused, and what is done is done once.

        ``act`` is given the cleaned values and may raise :class:`RefusedError`; it gives the address to go on to, an
        object with one, or nothing for ``back``.
        """
        if self.request.method == "POST" and form.is_valid():
            try:
                found = act(form.cleaned_data)
            except RefusedError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(self.request, done)
                return redirect(found or back)
        status = 422 if self.request.method == "POST" else 200
        return self.show(page, template, status=status, form=form, back=back, **given)

    def act(self, act: Callable[[], Any], *, done: str, back: str) -> HttpResponse:
        """A button pressed: done and back, or refused with its reason and back."""
        try:
            act()
        except RefusedError as refused:
            messages.error(self.request, str(refused))
        else:
            messages.success(self.request, done)
        return redirect(back)
