"""The archive of a year and the start of the next; and what somebody may apply for with his years on exchange."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from junheng.policy.vocabulary import facts_for
from junheng.web.access import Permission, requires
from junheng.web.rotation import asked, prerequisites
from junheng.web.rotation.actions import archiving as actions
from junheng.web.rotation.forms.ending import NextYearForm, QuestionForm
from junheng.web.rotation.models import RotationYear
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.reach import author

May = Permission
TONES = {"met": "success", "exempt": "success", "not_required": "success", "promoted": "success", "unknown": "warning",
         "needs_authority": "warning"}  # fmt: skip


@never_cache
@requires(May.ROTATION_VIEW)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """What is complete and what is missing; the archive itself."""
    page = YearPage(request, pk)
    found = actions.pieces(page.year, page.now)
    adopts = page.may(May.ROTATION_ADOPT)
    following = RotationYear.objects.visible_to(page.standing).filter(previous=page.year)
    return page.show(
        "archive", "archive", heading=_("归档"), pieces=found, following=following,
        ready=not any(each.required and each.missing for each in found), may_archive=adopts,
        may_go_on=page.may(May.ROTATION_PREPARE) and page.year.is_archived and not following.exists(),
    )  # fmt: skip


@requires(May.ROTATION_ADOPT)
def archive_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive the year."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_ADOPT)
    back = page.url("archive")
    if request.method != "POST":
        return page.show("archive", "service_confirm", heading=_("归档本年度"), back=back)
    return page.act(
        lambda: actions.archive(page.year, by=author(request), at=page.now), done=_("本年度已归档，今后只能查看。"),
        back=back,
    )  # fmt: skip


@requires(May.ROTATION_PREPARE)
def archive_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the next year from the archive: pack, parameters and settings go on, bodies and decisions if wanted."""
    page = YearPage(request, pk)
    page.require(May.ROTATION_PREPARE)
    today = timezone.localdate(page.now)
    setting = actions.next_setting(page.year, today)
    initial = {"on": setting.on, "starts": setting.starts, "ends": setting.ends, "first": today}
    return page.form(
        "archive", NextYearForm(request.POST or None, initial=initial),
        lambda given: actions.start_next(page.year, by=author(request), at=page.now, **given),
        done=_("下一年度已建立，政策、参数和各项设置沿用本年度。"), back=page.url("archive"), heading=_("建立下一年度"),
    )  # fmt: skip


@never_cache
@requires(May.ROTATION_OWN, May.ROTATION_VIEW)
def question_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Which questions the year's pack answers, of oneself or of a teacher within reach."""
    page = YearPage(request, pk)
    teacher = _of_whom(page, request.GET.get("number", ""))
    pack = asked.pack_for(page.year)
    found = [
        {"label": each.label, "url": _question_url(page, each.query, teacher)}
        for each in prerequisites.questions_of(pack)
    ]
    return page.show(
        "prerequisites", "prerequisites", heading=_("交流经历能否申报"), questions=found, teacher=teacher,
        offices=page.standing.allows(May.ROTATION_VIEW), number=request.GET.get("number", "")[:40],
    )  # fmt: skip


def _question_url(page: YearPage, query: str, teacher: Teacher | None) -> str:
    return page.url("prerequisite", query) + (f"?number={teacher.number}" if teacher is not None else "")


def _of_whom(page: YearPage, number: str) -> Teacher | None:
    """The teacher of that number within reach, or oneself; 404 for a number that is nobody's there."""
    number = number.replace("\0", "").strip()[:40]
    seen = Teacher.objects.visible_to(page.standing, May.ROTATION_VIEW).filter(county=page.year.county)
    own = Teacher.objects.filter(user=page.request.user.pk, county=page.year.county)  # scoped: one's own
    if not number:
        return own.first()
    return get_object_or_404((seen | own).distinct(), number=number)


@never_cache
@requires(May.ROTATION_OWN, May.ROTATION_VIEW)
def question(request: HttpRequest, pk: int, query: str) -> HttpResponse:
    """Ask one question: what for, as of which day; the pack's answer with its clause and the facts it rests on."""
    page = YearPage(request, pk)
    pack = asked.pack_for(page.year)
    found = next((each for each in prerequisites.questions_of(pack) if each.query == query), None)
    teacher = _of_whom(page, request.GET.get("number", ""))
    if found is None:
        raise Http404
    if teacher is None:
        return redirect(page.url("prerequisites"))
    known, lang = facts_for(pack), asked.language()
    asks = []
    for name in found.asks:
        fact = known[name]
        words = prerequisites.choices_of(pack, found)
        asks.append((name, fact.zh if lang == "zh" else fact.en, fact.type, words))
    today = timezone.localdate(page.now)
    form = QuestionForm(request.GET if "on" in request.GET else None, asks=asks, initial={"on": today})
    answer: asked.Answer | None = None
    shown: list[dict[str, Any]] = []
    if form.is_valid():
        answer, shown = _answer(page, form, found, teacher)
    return page.show(
        "prerequisites", "prerequisite", heading=found.label, form=form, teacher=teacher, answer=answer, facts=shown,
        tone=TONES.get(answer.verdict, "danger") if answer is not None else "", word=_word(answer),
        number=teacher.number, missing=_names(known, answer, lang), back=_back(page, teacher),
        status=422 if form.errors else 200,
    )  # fmt: skip


def _back(page: YearPage, teacher: Teacher) -> str:
    return f"{page.url('prerequisites')}?number={teacher.number}"


def _answer(
    page: YearPage, form: QuestionForm, found: prerequisites.Question, teacher: Teacher
) -> tuple[asked.Answer | None, list[dict[str, Any]]]:
    wanted = {name: value for name, value in form.cleaned_data.items() if name != "on"}
    on: date = form.cleaned_data["on"]
    try:
        county = figures_of(page.year.county, on).county
        held = prerequisites.facts_of(county, teacher.number, asked.pack_for(page.year), on)
        answer = prerequisites.ask(page.year, found.query, held, wanted)
    except KeyError:
        form.add_error("on", _("这一天的名册里没有这位教师。"))
        return None, []
    except ValueError as fault:
        form.add_error(None, str(fault))
        return None, []
    shown = prerequisites.shown_facts(asked.pack_for(page.year), held | wanted, found.query, asked.language())
    return answer, [{"label": label, "value": _said(value), "wide": isinstance(value, list)} for label, value in shown]


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "；".join(_said(each) for each in value) or _("没有记录")
    if isinstance(value, dict):
        return " ".join(str(each) for each in value.values() if each is not None)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _names(known: Any, answer: asked.Answer | None, lang: str) -> list[str]:
    if answer is None:
        return []
    return [(known[name].zh if lang == "zh" else known[name].en) if name in known else name for name in answer.missing]


def _word(answer: asked.Answer | None) -> str:
    if answer is None:
        return ""
    words = {
        "met": _("可以申报：已满足交流经历的要求"),
        "exempt": _("可以申报：免除交流经历的要求"),
        "not_required": _("可以申报：这一项不要求交流经历"),
        "promoted": _("已满足年限"),
        "not_met": _("还不能申报：没有满足交流经历的要求"),
        "not_yet": _("还没有满足年限"),
        "needs_authority": _("政策把标准留给主管部门确定，现在不能判断"),
        "unknown": _("缺少事实，不能判断"),
    }
    return words.get(answer.verdict, answer.verdict)
