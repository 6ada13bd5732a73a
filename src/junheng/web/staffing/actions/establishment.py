"""The chain of an establishment plan: drafted, verified, approved, allotted to schools, filed (R-273 to R-278)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.documents import county_digest
from junheng.web.directory.models import Organisation
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.staffing import snapshot
from junheng.web.staffing.allocation import divide
from junheng.web.staffing.figures import Figures, whole_figures_of
from junheng.web.staffing.models import EstablishmentPlan, PlanLine, PlanState, PlanStep, PostsEntry, StepKind
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


def draft_plan(county: Organisation, *, title: str, on: date, effective_from: date, by: User) -> EstablishmentPlan:
    """Begin a version: what every stage of every school needs by the county's norm on the day.

    Raises :class:`RefusedError` while another version is under way, or when there are no schools.
    """
    figures = whole_figures_of(county, on)
    if not figures.establishment.rows:
        raise RefusedError(_("这一天没有学校数据，无法测算。请先导入数据，或换一个数据日期。"))
    try:
        with transaction.atomic():
            return _drafted(county, figures, by, title=title, effective_from=effective_from)
    except IntegrityError:
        raise RefusedError(_("已有一个方案正在办理。请先办结或撤回，再拟定新版本。")) from None


def _drafted(
    county: Organisation, figures: Figures, by: User, *, title: str, effective_from: date
) -> EstablishmentPlan:
    earlier = EstablishmentPlan.objects.filter(county=county)
    previous = earlier.exclude(state=PlanState.WITHDRAWN).order_by("-version").first()
    last = earlier.order_by("-version").values_list("version", flat=True).first() or 0
    lines = [_line(figures, row) for row in figures.establishment.rows]
    plan = EstablishmentPlan.objects.create(
        county=county,
        version=last + 1,
        title=title,
        reckoned_on=figures.on,
        snapshot=snapshot.keep(county, figures.county, county_digest(figures.county), by),
        effective_from=effective_from,
        norm=_norm(figures),
        requested_total=sum(line.need for line in lines),
        previous=previous,
        drafted_by=by,
        drafted_at=timezone.now(),
    )
    for line in lines:
        line.plan = plan
    PlanLine.objects.bulk_create(lines)
    _step(plan, StepKind.DRAFTED, by, total=plan.requested_total)
    after = {"requested_total": plan.requested_total, "reckoned_on": figures.on, "effective_from": effective_from}
    record(by, "staffing.plan.drafted", plan, after=after | {"lines": len(lines)}, organisation=county)
    return plan


def _line(figures: Figures, row: Any) -> PlanLine:
    """Where the norm does not cover the stage, what is authorised now stands for the need."""
    posts = row.posts
    return PlanLine(
        school_id=figures.keys[row.school_id],
        stage=row.stage.value,
        pupils=row.pupils,
        classes=row.classes,
        by_pupils=posts.posts_by_pupils if posts else None,
        by_classes=posts.posts_by_classes if posts else None,
        need=posts.required if posts else row.authorised or 0,
        authorised=row.authorised,
        on_establishment=row.on_establishment,
        at_work=row.at_work,
    )


def _norm(figures: Figures) -> dict[str, Any]:
    norm = figures.norm
    return {
        "code": norm.code,
        "zh": norm.zh,
        "en": norm.en,
        "document_number": norm.document_number,
        "rounding": norm.rounding,
        "small_school_pupils": norm.small_school_pupils,
        "pupils_per_teacher": {f"{s.value}_{at.value}": str(v) for (s, at), v in norm.pupils_per_teacher.items()},
        "staff_per_class": {stage.value: str(v) for stage, v in norm.staff_per_class.items()},
    }


@transaction.atomic
def verify(
    plan: EstablishmentPlan, *, seen: int, by: User, decision: Mapping[str, Any], papers: Sequence[UploadedFile] = ()
) -> EstablishmentPlan:
    """Record what the establishment office, with the finance department, has verified.

    Raises :class:`~junheng.web.records.attachments.UnwelcomeFileError` for papers that may not come in.
    """
    held = _at(plan, seen, by, PlanState.DRAFT)
    held.verified_total, held.verified_by = decision["total"], by
    _moved(held, PlanState.VERIFIED, "state", "verified_total", "verified_by")
    _step(held, StepKind.VERIFIED, by, papers, **decision)
    _recorded(held, "verified", by, decision, was=PlanState.DRAFT, verified_total=decision["total"])
    return held


@transaction.atomic
def approve(
    plan: EstablishmentPlan, *, seen: int, by: User, decision: Mapping[str, Any], papers: Sequence[UploadedFile] = ()
) -> EstablishmentPlan:
    """Record the committee's approval of a total, and propose how to divide it among schools.

    Raises :class:`RefusedError` for a total above the verified one.
    """
    held = _at(plan, seen, by, PlanState.VERIFIED)
    total = decision["total"]
    if held.verified_total is not None and total > held.verified_total:
        raise RefusedError(
            _("审批总额 %(total)s 超过核定总额 %(verified)s。") % {"total": total, "verified": held.verified_total}
        )
    held.approved_total, held.approved_by = total, by
    lines = list(held.lines.order_by("school__code", "-stage"))
    for line, share in zip(lines, divide([line.need for line in lines], total), strict=True):
        line.proposed, line.proposal = share.posts, share.as_json()
    PlanLine.objects.bulk_update(lines, ["proposed", "proposal"], batch_size=200)
    _moved(held, PlanState.APPROVED, "state", "approved_total", "approved_by")
    _step(held, StepKind.APPROVED, by, papers, **decision)
    _recorded(held, "approved", by, decision, was=PlanState.VERIFIED, approved_total=total)
    return held


@transaction.atomic
def allocate(
    plan: EstablishmentPlan, *, seen: int, by: User, posts: Mapping[int, int], reason: str = ""
) -> EstablishmentPlan:
    """Allot posts to every line (``posts``: line key → number), within the approved total.

    May be repeated until the plan is filed. Raises :class:`RefusedError` when the sum is above the total, when a line
    is missing, and when a line departs from the proposal without a reason.
    """
    held = _at(plan, seen, None, PlanState.APPROVED, PlanState.ALLOCATED)
    lines = list(held.lines.all())
    if {line.pk for line in lines} != set(posts):
        raise RefusedError(_("每所学校每个学段都要填写分配数。"))
    total, approved = sum(posts.values()), held.approved_total or 0
    if total > approved:
        raise RefusedError(
            _("分配合计 %(total)s 超过审批总额 %(approved)s，多出 %(over)s。请调减后再保存。")
            % {"total": total, "approved": approved, "over": total - approved}
        )
    changed = [line for line in lines if posts[line.pk] != line.proposed]
    if changed and not reason.strip():
        raise RefusedError(_("有 %(count)s 处与建议数不同，请写明调整理由。") % {"count": len(changed)})
    before = {str(line): line.allotted for line in lines if line.allotted != posts[line.pk]}
    for line in lines:
        line.allotted = posts[line.pk]
        line.reason = reason.strip() if line.allotted != line.proposed else ""
    PlanLine.objects.bulk_update(lines, ["allotted", "reason"], batch_size=200)
    was, held.allocated_total = PlanState(held.state), total
    _moved(held, PlanState.ALLOCATED, "state", "allocated_total")
    _step(held, StepKind.ALLOCATED, by, total=total, opinion=reason)
    after = {str(line): line.allotted for line in lines if str(line) in before}
    record(
        by, "staffing.plan.allocated", held, before={"state": was} | before,
        after={"state": held.state, "allocated_total": total} | after, reason=reason, organisation=held.county,
    )  # fmt: skip
    return held


@transaction.atomic
def file(
    plan: EstablishmentPlan, *, seen: int, by: User, decision: Mapping[str, Any], papers: Sequence[UploadedFile] = ()
) -> EstablishmentPlan:
    """Record the filing with the establishment office: the allotted posts are the schools' from the plan's day on."""
    held = _at(plan, seen, by, PlanState.ALLOCATED)
    changed = _enter_posts(held)
    held.filed_by = by
    _moved(held, PlanState.FILED, "state", "filed_by")
    _step(held, StepKind.FILED, by, papers, total=held.allocated_total, **decision)
    _recorded(held, "filed", by, decision, was=PlanState.ALLOCATED, posts=changed)
    return held


def _enter_posts(plan: EstablishmentPlan) -> list[dict[str, Any]]:
    """Closes the authorised posts that change and adds the new ones; gives what changed."""
    day, changed = plan.effective_from, []
    current = {
        (row.school_id, row.stage): row for row in PostsEntry.objects.current().filter(school__county=plan.county)
    }
    closing, opening = [], []
    for line in plan.lines.select_related("school"):
        held = current.get((line.school_id, line.stage))
        if held is not None and held.posts == line.allotted and held.valid_from <= day:
            continue
        if held is not None:
            closing.append(held.pk)
        opening.append(
            PostsEntry(
                school=line.school, stage=line.stage, posts=line.allotted or 0, valid_from=day,
                source=f"plan:{plan.pk}",
            )
        )  # fmt: skip
        changed.append({"line": str(line), "before": held.posts if held else None, "after": line.allotted})
    rows = PostsEntry.objects.filter(pk__in=closing)
    rows.filter(valid_from__gt=day).update(valid_until=F("valid_from"))
    rows.filter(valid_until__isnull=True).update(valid_until=day)
    PostsEntry.objects.bulk_create(opening, batch_size=200)
    return changed


@transaction.atomic
def return_plan(plan: EstablishmentPlan, *, seen: int, by: User, opinion: str) -> EstablishmentPlan:
    """Send a plan back with an opinion; the drafter begins another version."""
    held = _at(plan, seen, by, PlanState.DRAFT, PlanState.VERIFIED, PlanState.APPROVED, PlanState.ALLOCATED)
    was = PlanState(held.state)
    _moved(held, PlanState.RETURNED, "state")
    _step(held, StepKind.RETURNED, by, opinion=opinion)
    _recorded(held, "returned", by, {"opinion": opinion}, was=was)
    return held


@transaction.atomic
def withdraw(plan: EstablishmentPlan, *, seen: int, by: User, opinion: str) -> EstablishmentPlan:
    """Take back a draft that nobody has verified yet."""
    held = _at(plan, seen, None, PlanState.DRAFT)
    _moved(held, PlanState.WITHDRAWN, "state")
    _step(held, StepKind.WITHDRAWN, by, opinion=opinion)
    _recorded(held, "withdrawn", by, {"opinion": opinion}, was=PlanState.DRAFT)
    return held


def _at(plan: EstablishmentPlan, seen: int, by: User | None, *states: PlanState) -> EstablishmentPlan:
    """The plan, locked, as the page showed it and in a state from which the step leads on; ``by`` not its drafter."""
    held = EstablishmentPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if held.moves != seen:
        raise RefusedError(_("方案刚刚被办理过，现为“%(state)s”。请看过最新情况再办。") % _shown(held))
    if held.state not in states:
        raise RefusedError(_("方案现为“%(state)s”，不能办理这一步。") % _shown(held))
    if by is not None and held.drafted_by_id == by.pk:
        raise RefusedError(_("拟定方案的人不能核定、审批、备案或退回同一方案。"))
    return held


def _shown(plan: EstablishmentPlan) -> dict[str, str]:
    return {"state": plan.get_state_display()}


def _moved(plan: EstablishmentPlan, to: PlanState, *fields: str) -> None:
    plan.state = to
    plan.moves += 1
    plan.save(update_fields=[*fields, "moves"])


def _step(plan: EstablishmentPlan, kind: StepKind, by: User, papers: Sequence[UploadedFile] = (), **given: Any) -> None:
    step = PlanStep.objects.create(plan=plan, kind=kind, by=by, at=timezone.now(), **given)
    for upload in papers:
        attachments.store(upload, step, by=by, organisation=plan.county)


def _recorded(
    plan: EstablishmentPlan, verb: str, by: User, decision: Mapping[str, Any], *, was: PlanState, **after: Any
) -> None:
    said = {key: value for key, value in decision.items() if key != "opinion" and value not in (None, "")}
    record(
        by, f"staffing.plan.{verb}", plan, before={"state": was}, after={"state": plan.state} | after,
        reason=str(decision.get("opinion", "")), organisation=plan.county, **said,
    )  # fmt: skip
