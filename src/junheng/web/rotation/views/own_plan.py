"""What has been published about oneself: one's line, the reason for it, one's receipt."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from junheng.web.access import Permission, requires
from junheng.web.rotation import proofs
from junheng.web.rotation.models import Move, PublicNotice, Scenario
from junheng.web.rotation.publishing import published_results
from junheng.web.rotation.views.pages import YearPage
from junheng.web.staffing.models import Teacher

May = Permission


def _own(page: YearPage) -> tuple[Teacher, Scenario, PublicNotice]:
    """The teacher of the request, the plan that was published last, and its notice; 404 where there is none."""
    person: Teacher | None = getattr(page.request.user, "teacher", None)
    published = published_results(page.year)
    if person is None or person.county_id != page.year.county_id or published is None or published.scenario is None:
        raise Http404
    return person, published.scenario, published


@requires(May.ROTATION_OWN)
def own_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own line in the published plan, and why."""
    page = YearPage(request, pk)
    person, scenario, notice = _own(page)
    own = Move.objects.filter(scenario=scenario, teacher=person)  # scoped: the person's own
    mine = own.select_related("from_school", "to_school").first()
    said = mine.because if mine else _why_not(scenario, person)
    facts: list[dict[str, Any]] = [{"label": _("安排"), "value": str(mine.to_school) if mine else _("没有安排交流")}]
    if mine is not None:
        facts += [
            {"label": _("派出学校"), "value": str(mine.from_school)},
            {"label": _("任教学科"), "value": mine.get_subject_display()},
            {"label": _("所满足的志愿"), "value": mine.wish_rank or "—"},
        ]
    facts.append({"label": _("理由"), "value": said, "wide": True})
    return page.show(
        "own", "own_plan", heading=_("我的安排"), facts=facts, notice=notice, on_show=notice.on_show(page.now)
    )


def _why_not(scenario: Scenario, person: Teacher) -> str:
    said = proofs.why_stays(scenario, person.number)
    if said is None:
        return ""
    return said[1] if get_language() == "en" else said[0]


@requires(May.ROTATION_OWN)
def own_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own receipt as a file."""
    page = YearPage(request, pk)
    person, scenario, _published = _own(page)
    content = proofs.receipt(scenario, person.number)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{scenario.root[:12]}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
