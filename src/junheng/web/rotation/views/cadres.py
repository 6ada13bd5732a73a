"""Principals and managers: how long they may stay, the reserve, posts openly selected, moves."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tables2 import Column, DateColumn, Table

from junheng.facts.calendar import add_months
from junheng.policy import ask
from junheng.web.access import Permission, requires
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import person_unit
from junheng.web.rotation.actions import cadres as actions
from junheng.web.rotation.actions.years import TERMS
from junheng.web.rotation.developing import served_by
from junheng.web.rotation.forms.cadres import (
    MoveForm,
    PostForm,
    RemovalForm,
    ReserveForm,
    ReviewForm,
    TermForm,
    WithdrawForm,
)
from junheng.web.rotation.models import CADRE_ROLES, CadreMove, CadreTerm, ReserveCadre, ReserveCategory
from junheng.web.rotation.names import with_names
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.models import TeacherState
from junheng.web.staffing.reach import author

VIEW, PLAN, ADOPT = Permission.ROTATION_VIEW, Permission.ROTATION_PLAN, Permission.ROTATION_ADOPT


SOON_MONTHS = 12
"""A term is said to end soon in its last year."""


@requires(VIEW)
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody in a post: terms held, what the pack says of another one here, when the present one ends."""
    page = YearPage(request, pk)
    states = list(
        TeacherState.objects.visible_to(page.standing, VIEW).current()
        .filter(teacher__county=page.year.county, role__in=CADRE_ROLES).select_related("school", "teacher")
        .order_by("school__position", "school__code", "role")
    )  # fmt: skip
    held = _terms_of(page, [each.teacher_id for each in states])
    said, served = _another_term(page, states, held), served_by([each.teacher_id for each in states], page.year.county)
    today = timezone.localdate(page.now)
    rows = [
        {
            "state": each, "terms": held.get(each.teacher_id, []), "said": said.get(each.teacher_id),
            "served": served[each.teacher_id], "count": _count(each, held.get(each.teacher_id, [])),
            "last": _present(held.get(each.teacher_id, []), today),
            "latest": max(held.get(each.teacher_id, []), key=lambda term: term.start, default=None),
        }
        for each in states
    ]  # fmt: skip
    for row in rows:
        row["ends_soon"] = row["last"] is not None and row["last"].end < add_months(today, SOON_MONTHS)
    may = page.may(PLAN)
    buttons = [
        {"url": page.url("term_new"), "icon": "plus", "label": _("登记聘期"), "primary": True},
        {"url": page.url("cadre_moves"), "icon": "switch-horizontal", "label": _("干部交流"), "primary": False},
        {"url": page.url("open_posts"), "icon": "speakerphone", "label": _("公开选聘"), "primary": False},
    ]  # fmt: skip
    over = sum(1 for row in rows if row["said"] and row["said"]["verdict"] == "not_allowed_in_principle")
    soon = sum(1 for row in rows if row["ends_soon"])
    cards = [
        {
            "label": _("校级和中层干部"),
            "value": len(rows),
            "icon": "users",
            "tone": "blue",
            "unit": person_unit(len(rows)),
        },
        {"label": _("已满任期"), "value": over, "icon": "hourglass", "tone": "orange", "unit": person_unit(over)},
        {
            "label": _("一年内期满"),
            "value": soon,
            "icon": "hourglass",
            "tone": "orange",
            "unit": person_unit(soon),
        },
    ]
    return page.show(
        "terms", "terms", heading=_("任期"), rows=rows, cards=cards,
        buttons=buttons if may else buttons[1 if page.may(ADOPT) else 2 :], may_review=may,
        pack=actions.pack_for_terms(page.year),
    )  # fmt: skip


def _terms_of(page: YearPage, teachers: list[int]) -> dict[int, list[CadreTerm]]:
    found: dict[int, list[CadreTerm]] = {}
    for each in CadreTerm.objects.filter(teacher__in=teachers).select_related("school"):  # scoped: states within reach
        found.setdefault(each.teacher_id, []).append(each)
    return found


def _count(state: Any, terms_: list[CadreTerm]) -> int | None:
    """Terms held in the present post at the present school: as recorded here, else as the roster says."""
    here = [each for each in terms_ if each.school_id == state.school_id and each.role == state.role]
    return len(here) or state.terms_completed


def _present(terms_: list[CadreTerm], day: Any) -> CadreTerm | None:
    return next((each for each in terms_ if each.start <= day <= (each.ended_on or each.end)), None)


def _another_term(page: YearPage, states: list[Any], held: dict[int, list[CadreTerm]]) -> dict[int, dict[str, Any]]:
    """What the pack says of another term at the same school, for all at once."""
    pack = actions.pack_for_terms(page.year)
    lang = "en" if get_language() == "en" else "zh"
    cases = [
        {"id": each.teacher_id, "pack": pack.code, "facts": {
            "query": TERMS, "role": each.role, "same_school": True,
            "same_school_terms_completed": _count(each, held.get(each.teacher_id, [])),
        }}
        for each in states if each.role in {"principal", "vice_principal"}
    ]  # fmt: skip
    found = ask(cases, {pack.code: pack}, lang=lang, parameters=page.year.parameters or None)
    return {each["id"]: each for each in found}


@requires(PLAN)
def term_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a term."""
    page = YearPage(request, pk)
    page.require(PLAN)
    form = TermForm(request.POST or None, county=page.year.county, schools=page.schools())

    def act(given: dict[str, Any]) -> None:
        teacher, number = given.pop("number"), given.pop("term")
        actions.enter_term(teacher, by=author(request), number=number, **given)

    return page.form("terms", form, act, done=_("聘期已登记。"), back=page.url("terms"), heading=_("登记聘期"))


@requires(PLAN)
def term_review(request: HttpRequest, pk: int, term_pk: int) -> HttpResponse:
    """How a term's goals were met."""
    page = YearPage(request, pk)
    page.require(PLAN)
    held = get_object_or_404(CadreTerm, pk=term_pk, school__county=page.year.county)  # scoped: the year's county
    form = ReviewForm(request.POST or None, initial={"review": held.review})
    return page.form(
        "terms", form, lambda given: actions.review_term(held, by=author(request), **given) and None,
        done=_("考核意见已保存。"), back=page.url("terms"), heading=_("任期考核"),
        facts=[{"label": _("任期目标"), "value": held.goals, "wide": True}],
    )  # fmt: skip


# --- the reserve ----------------------------------------------------------------------------------------------------


class ReserveTable(Table):
    """The reserve."""

    name = Column(gettext_lazy("姓名"), accessor="teacher_name")
    number = Column(gettext_lazy("工号"), accessor="teacher__number")
    school = Column(gettext_lazy("学校"), accessor="school__name")
    category = Column(gettext_lazy("类别"))
    since = DateColumn(verbose_name=gettext_lazy("入库日期"), format="Y-m-d")
    until = Column(verbose_name=gettext_lazy("出库日期"), empty_values=())

    def render_until(self, record: ReserveCadre) -> Any:
        """The day on which he left the reserve, or the way to record it for whoever may."""
        if record.until is not None:
            return f"{record.until:%Y-%m-%d}"
        if not getattr(self.request, "may_remove", False):
            return "—"
        return format_html('<a href="{}/remove/">{}</a>', record.pk, _("出库"))

    def value_until(self, record: ReserveCadre) -> str:
        """The day alone, for a file."""
        return f"{record.until:%Y-%m-%d}" if record.until is not None else ""


class ReserveList(ListPage):
    """Who is in the reserve."""

    permissions = (VIEW,)
    export_permission = Permission.EXPORT_LISTS
    table_class = ReserveTable
    search_fields = ("teacher_name", "teacher_pinyin", "teacher__number")
    template_name = "rotation/list.html"
    heading = gettext_lazy("后备干部")
    empty = gettext_lazy("后备库里还没有人。经推荐、考察后办理“入库”，任职时可从中物色。")

    def rows(self, request: HttpRequest) -> Any:
        """Of the schools within reach."""
        self.page = YearPage(request, self.kwargs["pk"])
        request.may_remove = self.page.may(PLAN)  # type: ignore[attr-defined]
        found = ReserveCadre.objects.visible_to(self.page.standing).filter(teacher__county=self.page.year.county)
        return with_names(found.select_related("teacher", "school").defer("appraisal"))

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """How complete the reserve is: every category, how many."""
        page = self.page
        now = ReserveCadre.objects.visible_to(page.standing).filter(
            teacher__county=page.year.county, until__isnull=True
        )
        counts = Counter(now.values_list("category", flat=True))
        cards = [
            {"label": each.label, "value": counts[each.value], "icon": "users-group", "tone": "blue",
             "unit": person_unit(counts[each.value])}
            for each in ReserveCategory
        ]  # fmt: skip
        new = {"url": page.url("reserve_new"), "icon": "plus", "label": _("入库"), "primary": True}
        return page.context("reserve") | {"cards": cards, "buttons": [new] if page.may(PLAN) else []}


@requires(PLAN)
def reserve_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody."""
    page = YearPage(request, pk)
    page.require(PLAN)
    form = ReserveForm(request.POST or None, county=page.year.county)

    def act(given: dict[str, Any]) -> None:
        actions.put_in_reserve(given.pop("number"), by=author(request), **given)

    return page.form("reserve", form, act, done=_("已入库。"), back=page.url("reserve"), heading=_("入库"))


@requires(PLAN)
def reserve_remove(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """End somebody's time in the reserve."""
    page = YearPage(request, pk)
    page.require(PLAN)
    held = get_object_or_404(ReserveCadre, pk=entry_pk, school__county=page.year.county)  # scoped: the year's county
    return page.form(
        "reserve", RemovalForm(request.POST or None),
        lambda given: actions.take_out_of_reserve(held, by=author(request), **given),
        done=_("已出库。"), back=page.url("reserve"), heading=_("出库"),
    )  # fmt: skip


# --- open selection and moves ---------------------------------------------------------------------------------------


@requires(PLAN)
def open_post_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a post."""
    page = YearPage(request, pk)
    page.require(PLAN)
    form = PostForm(request.POST or None, schools=page.schools())
    return page.form(
        "open_posts", form, lambda given: actions.offer_post(page.year, by=author(request), **given) and None,
        done=_("职位已公布。"), back=page.url("open_posts"), heading=_("公布职位"),
    )  # fmt: skip


@requires(PLAN, ADOPT)
def cadre_moves(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves of the year, proposed and confirmed."""
    page = YearPage(request, pk)
    page.require(PLAN, ADOPT)
    moves = with_names(
        CadreMove.objects.visible_to(page.standing).filter(year=page.year)
        .select_related("teacher", "from_school", "to_school", "proposed_by", "confirmed_by")
    )  # fmt: skip
    new = {"url": page.url("cadre_move_new"), "icon": "plus", "label": _("提出交流安排"), "primary": True}
    return page.show(
        "terms", "cadre_moves", heading=_("干部交流"), moves=moves, buttons=[new] if page.may(PLAN) else []
    )


@requires(PLAN)
def cadre_move_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a move."""
    page = YearPage(request, pk)
    page.require(PLAN)
    initial = {"start": page.year.starts, "end": page.year.ends}
    form = MoveForm(request.POST or None, county=page.year.county, schools=page.schools(), initial=initial)

    def act(given: dict[str, Any]) -> CadreMove:
        return actions.propose_move(page.year, given.pop("number"), by=author(request), **given)

    return page.form(
        "terms", form, act, done=_("已提出，等待另一位负责人确认。"), back=page.url("cadre_moves"),
        heading=_("提出交流安排"),
    )  # fmt: skip


@requires(PLAN, ADOPT, Permission.ROTATION_OWN)
def cadre_move(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """A move, with what the pack says of it."""
    page = YearPage(request, pk)
    seen = with_names(CadreMove.objects.visible_to(page.standing).filter(year=page.year))
    held = get_object_or_404(seen.select_related("teacher", "from_school", "to_school"), pk=move_pk)
    waits = held.confirmed_at is None and held.withdrawn_at is None
    return page.show(
        "terms", "cadre_move", heading=_("干部交流：%(name)s") % {"name": held.teacher_name}, move=held,
        may_confirm=waits and page.may(ADOPT) and held.proposed_by_id != author(request).pk,
        withdraw=WithdrawForm() if waits and page.may(PLAN) else None, back=page.url("cadre_moves"),
    )  # fmt: skip


def _move(page: YearPage, pk: int, *permissions: Permission) -> CadreMove:
    page.require(*permissions)
    return get_object_or_404(CadreMove.objects.visible_to(page.standing).filter(year=page.year), pk=pk)


@require_POST
@requires(ADOPT)
def cadre_move_confirm(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """The second person confirms."""
    page = YearPage(request, pk)
    held = _move(page, move_pk, ADOPT)
    return page.act(
        lambda: actions.confirm_move(held, by=author(request)), done=_("已确认，聘期已登记。"),
        back=held.get_absolute_url(),
    )  # fmt: skip


@require_POST
@requires(PLAN)
def cadre_move_withdraw(request: HttpRequest, pk: int, move_pk: int) -> HttpResponse:
    """A proposal is taken back."""
    page = YearPage(request, pk)
    held = _move(page, move_pk, PLAN)
    return page.form(
        "terms", WithdrawForm(request.POST),
        lambda given: actions.withdraw_move(held, by=author(request), **given),
        done=_("已撤回。"), back=held.get_absolute_url(), heading=_("撤回交流安排"),
    )  # fmt: skip
