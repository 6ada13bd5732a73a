"""Preparation: policy and parameters with a trial of others, bodies, meetings, quotas and needs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tables2 import Column, DateColumn, Table

from junheng.policy import decide, lint
from junheng.policy.overrides import parse_override
from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import listed
from junheng.web.records import attachments
from junheng.web.rotation import judging
from junheng.web.rotation.actions import preparing as actions
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.forms.preparing import BodyForm, MeetingForm, ParametersForm
from junheng.web.rotation.models import BodyKind, Meeting, PublishedNeed, WorkBody
from junheng.web.rotation.pack_words import plainly, unit_of
from junheng.web.rotation.published_quotas import SENSES, quotas_of, senses_of
from junheng.web.rotation.views.pages import EVERYBODY, FOLLOWERS, YearPage
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.reach import author
from junheng.web.staffing.refusal import RefusedError

PREPARE = Permission.ROTATION_PREPARE


def _lang() -> str:
    return "en" if get_language() == "en" else "zh"


@requires(*FOLLOWERS)
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """The policy of the year: what it is, remarks of the lint, parameters with the county's own values."""
    page = YearPage(request, pk)
    held, lang = pack_of(page.year), _lang()
    own = page.year.parameters
    parameters = [
        {
            "name": name, "words": each.zh if lang == "zh" else each.en, "given": plainly(each.value, lang),
            "own": plainly(own.get(name), lang), "clause": held.label(each.clause) if each.clause else "",
            "unit": unit_of(each.unit, lang, each.value),
        }
        for name, each in held.parameters.items()
    ]  # fmt: skip
    remarks = [
        {"severity": each.severity, "text": each.text(lang), "clauses": listed(each.clauses)}
        for each in lint(held, on=page.year.on)
    ]
    return page.show(
        "pack", "pack", heading=_("政策与参数"), pack=held, parameters=parameters, remarks=remarks,
        issuer=held.identity.issuer.text(lang), title=held.identity.title.text(lang),
        may_set=page.may(PREPARE) and not page.year.is_frozen,
    )  # fmt: skip


def _form(page: YearPage, data: Any) -> ParametersForm:
    return ParametersForm(data or None, pack=pack_of(page.year), own=page.year.parameters, lang=_lang())


@requires(PREPARE)
def parameters(request: HttpRequest, pk: int) -> HttpResponse:
    """The county's own values of the pack's parameters."""
    page = YearPage(request, pk)
    page.require(PREPARE)
    form = _form(page, request.POST)

    def act(given: dict[str, Any]) -> Any:
        actions.set_parameters(page.year, form.lines(), reason=given["reason"], by=author(request))

    return page.form(
        "pack", form, act, done=_("参数已保存。"), back=page.url("pack"), heading=_("本县的取值"),
        lead=_("只填与政策不同的；留空的按政策。"),
    )  # fmt: skip


@requires(PREPARE)
def what_if(request: HttpRequest, pk: int) -> HttpResponse:
    """What other values would do to today's roster: verdicts and quotas before and after; nothing is written."""
    page = YearPage(request, pk)
    page.require(PREPARE)
    form = _form(page, request.GET)
    form.fields.pop("reason")
    found: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            found = _tried(page, form.lines())
        except (ValueError, RefusedError) as fault:
            form.add_error(None, str(fault))
    status = 422 if form.errors else 200
    return page.show(
        "what_if", "what_if", status=status, heading=_("参数试算"), form=form, back=page.url("year"), **found
    )


def _tried(page: YearPage, lines: list[str]) -> dict[str, Any]:
    held, year = pack_of(page.year), page.year
    tried = dict(parse_override(held, line) for line in lines)
    county = figures_of(year.county, timezone.localdate()).county
    both = [
        decide(county, held, on=year.on, plan_year=year.on.year, parameters=values or None)
        for values in (year.parameters, tried)
    ]
    before, after = both
    asked = judging.before_applications(year, county)
    was, would = (judging.findings_of(year, asked, values).standings for values in (year.parameters, tried))
    counts = [Counter[str](each.values()) for each in (was, would)]
    rows: list[dict[str, Any]] = [
        {"label": label, "before": counts[0][key], "after": counts[1][key]}
        for key, label in (("must", _("应交流")), ("may", _("可交流")), ("no", _("不交流")))
    ]
    senses = senses_of(held)
    for name, clause in dict.fromkeys((each.quota, each.clause) for each in (*before.quotas, *after.quotas)):
        said = _("%(what)s（%(clause)s，合计）") % {"what": SENSES[senses.get(name, "eq")], "clause": clause}
        sums = [sum(each.amount for each in found.quotas if each.quota == name) for found in both]
        rows.append({"label": said, "before": sums[0], "after": sums[1]})
    changed = sum(was[who] != standing for who, standing in would.items())
    return {"rows": rows, "changed": changed, "total": len(after)}


# --- bodies ---------------------------------------------------------------------------------------------------------


def _places(page: YearPage, *permissions: Permission) -> Any:
    """Organisations of the county for which the person may enter something."""
    within = frozenset().union(*(page.within(each) for each in permissions))
    found = Organisation.objects.filter(pk__in=within)  # scoped: places where the person holds a permission
    return found.filter(Q(county=page.year.county_id) | Q(pk=page.year.county_id)).order_by("position", "code")


@requires(*FOLLOWERS)
def bodies(request: HttpRequest, pk: int) -> HttpResponse:
    """Leading group, office, schools' groups, with the division of duties."""
    page = YearPage(request, pk)
    seen = WorkBody.objects.visible_to(page.standing).filter(year=page.year)
    found = seen.select_related("organisation").prefetch_related("members")
    named = set(found.filter(kind=BodyKind.SCHOOL).values_list("organisation", flat=True))
    lacking = [each for each in page.schools() if each.pk not in named]
    may = _places(page, Permission.ROTATION_SCHOOL, PREPARE).exists()
    buttons = (
        [{"url": page.url("body_new"), "icon": "plus", "label": _("登记机构和分工"), "primary": True}] if may else []
    )
    return page.show("bodies", "bodies", heading=_("组织与分工"), bodies=found, lacking=lacking[:100], buttons=buttons)


@requires(Permission.ROTATION_SCHOOL, PREPARE)
def body_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up a body, or change it: the same organisation and kind is the same body."""
    page = YearPage(request, pk)
    form = BodyForm(request.POST or None, places=_places(page, Permission.ROTATION_SCHOOL, PREPARE))
    return page.form(
        "bodies", form, lambda given: actions.set_up_body(page.year, by=author(request), **given) and None,
        done=_("已登记。"), back=page.url("bodies"), heading=_("登记机构和分工"),
    )  # fmt: skip


@requires(*FOLLOWERS)
def body(request: HttpRequest, pk: int, body_pk: int) -> HttpResponse:
    """A body."""
    page = YearPage(request, pk)
    seen = WorkBody.objects.visible_to(page.standing).filter(year=page.year)
    held = get_object_or_404(seen.prefetch_related("members"), pk=body_pk)
    return page.show("bodies", "bodies", heading=str(held), bodies=[held], lacking=[])


# --- meetings -------------------------------------------------------------------------------------------------------


class MeetingTable(Table):
    """Meetings."""

    title = Column(gettext_lazy("名称"), linkify=True)
    kind = Column(gettext_lazy("类别"))
    organisation = Column(gettext_lazy("机构"))
    held_on = DateColumn(verbose_name=gettext_lazy("日期"), format="Y-m-d")
    attended = Column(gettext_lazy("实到人数"))
    expected = Column(gettext_lazy("应到人数"))


class MeetingList(ListPage):
    """Meetings of the organisations within reach."""

    permissions = FOLLOWERS
    export_permission = Permission.EXPORT_LISTS
    table_class = MeetingTable
    search_fields = ("title", "organisation__name", "organisation__pinyin")
    search_hint = gettext_lazy("会议名称或机构")
    template_name = "rotation/list.html"
    heading = gettext_lazy("会议与动员")
    empty = gettext_lazy("还没有登记会议。县、学区和学校召开动员会之后，在这里登记时间、人数和记录。")

    def rows(self, request: HttpRequest) -> Any:
        """Of the year."""
        self.page = YearPage(request, self.kwargs["pk"])
        return Meeting.objects.visible_to(self.page.standing).filter(year=self.page.year).select_related("organisation")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The way to a new one."""
        page = self.page
        may = _places(page, Permission.ROTATION_SCHOOL, Permission.ROTATION_CLUSTER, PREPARE).exists()
        label = {"url": page.url("meeting_new"), "icon": "plus", "label": _("登记会议"), "primary": True}
        return page.context("meetings") | {"buttons": [label] if may else []}


@requires(Permission.ROTATION_SCHOOL, Permission.ROTATION_CLUSTER, PREPARE)
def meeting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a meeting."""
    page = YearPage(request, pk)
    places = _places(page, Permission.ROTATION_SCHOOL, Permission.ROTATION_CLUSTER, PREPARE)
    form = MeetingForm(request.POST or None, request.FILES or None, places=places)

    def act(given: dict[str, Any]) -> Any:
        file = given.pop("file", None)
        try:
            return actions.record_meeting(
                page.year, given.pop("organisation"), by=author(request), files=[file] if file else [], **given
            )
        except attachments.UnwelcomeFileError as unwelcome:
            raise RefusedError(str(unwelcome.args[0])) from unwelcome

    return page.form("meetings", form, act, done=_("会议已登记。"), back=page.url("meetings"), heading=_("登记会议"))


@requires(*FOLLOWERS)
def meeting(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """A meeting with its minutes."""
    page = YearPage(request, pk)
    seen = Meeting.objects.visible_to(page.standing).filter(year=page.year).select_related("organisation", "by")
    held = get_object_or_404(seen, pk=meeting_pk)
    return page.show(
        "meetings", "meeting", heading=str(held), meeting=held, files=attachments.of(held), back=page.url("meetings")
    )


# --- quotas and needs -----------------------------------------------------------------------------------------------


@requires(*EVERYBODY)
def quotas(request: HttpRequest, pk: int) -> HttpResponse:
    """The published quotas with their arithmetic."""
    page = YearPage(request, pk)
    return page.show(
        "quotas", "quotas", heading=_("交流指标"), quotas=quotas_of(page.year),
        may_publish=page.may(PREPARE) and not page.year.is_archived,
    )  # fmt: skip


@require_POST
@requires(PREPARE)
def quotas_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the quotas that the pack gives on today's roster."""
    page = YearPage(request, pk)
    page.require(PREPARE)

    def act() -> None:
        county = figures_of(page.year.county, timezone.localdate()).county
        try:
            found = decide(
                county, pack_of(page.year), on=page.year.on, plan_year=page.year.on.year,
                parameters=page.year.parameters or None,
            )  # fmt: skip
        except ValueError as fault:
            raise RefusedError(str(fault)) from fault
        actions.publish_quotas(page.year, found, by=author(request))

    return page.act(act, done=_("指标已公布。"), back=page.url("quotas"))


@requires(*EVERYBODY)
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """What schools need by subject, as published."""
    page = YearPage(request, pk)
    rows = [
        {"row": each, "stage": each.get_stage_display(), "subject": each.get_subject_display()}
        for each in PublishedNeed.objects.filter(year=page.year).exclude(
            required=0, present=0
        ).select_related("school")
        if each.gap
    ]  # fmt: skip
    return page.show(
        "needs", "needs", heading=_("学科需求"), rows=rows,
        may_publish=page.may(PREPARE) and not page.year.is_archived,
    )  # fmt: skip


@require_POST
@requires(PREPARE)
def needs_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish needs from the county's figures of today."""
    page = YearPage(request, pk)
    page.require(PREPARE)
    report = figures_of(page.year.county, timezone.localdate()).subjects
    return page.act(
        lambda: actions.publish_needs(page.year, report, by=author(request)),
        done=_("需求已公布。"), back=page.url("needs"),
    )  # fmt: skip
