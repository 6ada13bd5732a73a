"""Terms, the reserve, open selection and moves of principals and managers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.policy import Pack, ask, load_pack
from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import semicolon
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation.actions.adopting import Placing
from junheng.web.rotation.actions.placing import add_placement
from junheng.web.rotation.actions.years import TERMS, pack_of
from junheng.web.rotation.asked import cited_alone
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.models import (
    CadreMove,
    CadreTerm,
    Form,
    OpenPost,
    PhaseKind,
    Placement,
    PostApplication,
    PostApplicationStatus,
    ReserveCadre,
    RotationYear,
    Selection,
)
from junheng.web.staffing.models import SchoolState, Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User

NEW_AGE = "new_principal_age"


def _state(teacher: Teacher) -> TeacherState:
    found = TeacherState.objects.current().filter(teacher=teacher).select_related("school").first()  # scoped: given
    if found is None:
        raise RefusedError(_("档案没有现状；请与经办人联系。"))
    state: TeacherState = found
    return state


@transaction.atomic
def enter_term(teacher: Teacher, *, by: User, **given: Any) -> CadreTerm:
    """Record a term with its goals. Raises :class:`RefusedError` for the same term twice or dates in disorder."""
    if given["end"] <= given["start"]:
        raise RefusedError(_("聘期的结束日期应晚于开始日期。"))
    try:
        with transaction.atomic():
            made = CadreTerm.objects.create(teacher=teacher, entered_by=by, entered_at=timezone.now(), **given)
    except IntegrityError:
        raise RefusedError(_("这个聘期已经登记。")) from None
    record(
        by, "rotation.term.entered", teacher, organisation=made.school,
        after={"role": made.role, "number": made.number, "start": made.start, "end": made.end},
    )  # fmt: skip
    return made


@transaction.atomic
def review_term(term: CadreTerm, *, review: str, by: User) -> CadreTerm:
    """Add how the goals of a term were met: appraisal and what was said in democratic supervision."""
    held = (
        CadreTerm.objects.select_for_update(no_key=True).select_related("school").get(pk=term.pk)
    )  # scoped: handed in
    before, held.review = held.review, review
    held.save(update_fields=["review"])
    record(
        by, "rotation.term.reviewed", held.teacher, before={"review": before} if before else None,
        after={"review": review}, organisation=held.school,
    )  # fmt: skip
    return held


@transaction.atomic
def put_in_reserve(teacher: Teacher, *, category: str, since: date, appraisal: str, by: User) -> ReserveCadre:
    """Add somebody to the reserve; who is in it already is not added again."""
    state = _state(teacher)
    try:
        with transaction.atomic():
            made = ReserveCadre.objects.create(
                teacher=teacher, school=state.school, category=category, since=since, appraisal=appraisal, by=by,
                at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("此人已在后备库中。")) from None
    record(by, "rotation.reserve.added", teacher, after={"category": category}, organisation=state.school)
    return made


@transaction.atomic
def take_out_of_reserve(entry: ReserveCadre, *, until: date, reason: str, by: User) -> None:
    """End somebody's time in the reserve, with a reason."""
    held = (
        ReserveCadre.objects.select_for_update(no_key=True).select_related("school").get(pk=entry.pk)
    )  # scoped: handed in
    if held.until is not None:
        raise RefusedError(_("此人已出库。"))
    if not reason.strip() or until < held.since:
        raise RefusedError(_("请写明理由，出库日期不早于入库日期。"))
    held.until = until
    held.save(update_fields=["until"])
    record(by, "rotation.reserve.removed", held.teacher, reason=reason, organisation=held.school)


@transaction.atomic
def offer_post(
    year: RotationYear, *, school: Organisation, role: str, places: int, requirements: str, apply_by: date, by: User
) -> OpenPost:
    """Publish a post for open selection while preparation or applications are open, applications until a day."""
    if apply_by < timezone.localdate():
        raise RefusedError(_("报名截止日期 %(day)s 已经过去。") % {"day": apply_by})
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(held, PhaseKind.PREPARATION, PhaseKind.CONFIRMATION, PhaseKind.ELIGIBILITY, PhaseKind.APPLICATIONS)
    try:
        with transaction.atomic():
            made = OpenPost.objects.create(
                year=held, school=school, role=role, places=places, requirements=requirements, apply_by=apply_by,
                published_at=timezone.now(), published_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("这个职位已经公布。")) from None
    record(by, "rotation.post.offered", made, after={"places": places, "apply_by": apply_by}, organisation=school)
    return made


# --- moves ----------------------------------------------------------------------------------------------------------


def asked_of(year: RotationYear, teacher: Teacher, *, role: str, start: date) -> list[dict[str, Any]]:
    """What the pack says of somebody taking up a post elsewhere: terms, and the age of a new principal.

    Each has ``question verdict clause because``; questions that the pack does not answer are left out.
    """
    state, pack = _state(teacher), pack_of(year)
    new = role == "principal" and state.role != "principal"
    facts: dict[str, Mapping[str, Any]] = {
        TERMS: {"role": role, "same_school": False, "same_school_terms_completed": 0},
        **({NEW_AGE: {"birth_date": state.birth_date.isoformat(), "reference_date": start.isoformat()}} if new else {}),
    }
    return answers(pack, facts, year.parameters)


def answers(pack: Pack, facts: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pack's answers to several questions, in both languages."""
    names = [name for name in facts if name in pack.rules]
    cases = [{"id": name, "pack": pack.code, "facts": {"query": name} | dict(facts[name])} for name in names]
    both = [ask(cases, {pack.code: pack}, lang=lang, parameters=parameters or None) for lang in ("zh", "en")]
    return [
        {"question": zh["id"], "verdict": zh.get("verdict", ""), "clause": zh.get("clause", ""),
         "because": zh.get("because", ""), "because_en": en.get("because", "")}
        for zh, en in zip(*both, strict=True)
    ]  # fmt: skip


def needs_exception(findings: list[dict[str, Any]]) -> bool:
    """Whether an answer of the pack asks for an exception with its reason."""
    return any(each["verdict"] in {"exception_needed", "not_allowed_in_principle"} for each in findings)


@transaction.atomic
def propose_move(
    year: RotationYear, teacher: Teacher, *, to_school: Organisation, role: str, form: str, start: date, end: date,
    reason: str, by: User, exception: str = "", approval: str = "", approved_on: date | None = None,
    post: OpenPost | None = None, relation_moved: bool = False, application: PostApplication | None = None,
) -> CadreMove:  # fmt: skip
    """Propose that somebody takes up a post elsewhere; an exception to the pack needs its reason."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    require_open(held, PhaseKind.PLANNING, PhaseKind.REVIEW)
    state = _state(teacher)
    if state.school_id == to_school.pk:
        raise RefusedError(_("拟任学校就是现在的学校。"))
    if end <= start:
        raise RefusedError(_("聘期的结束日期应晚于开始日期。"))
    findings = asked_of(held, teacher, role=role, start=start)
    if needs_exception(findings) and not exception.strip():
        raise RefusedError(_("按政策原则上不可以：%(why)s。确需例外的，请写明理由。") % {
            "why": semicolon().join(each["because"] for each in findings if needs_exception([each])),
        })  # fmt: skip
    try:
        with transaction.atomic():
            made = CadreMove.objects.create(
                year=held, teacher=teacher, from_school=state.school, to_school=to_school, role=role, form=form,
                start=start, end=end, reason=reason, exception=exception, approval=approval, approved_on=approved_on,
                relation_moved=relation_moved and form != Form.TEMPORARY, post=post, findings=findings,
                application=application, proposed_by=by, proposed_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        raise RefusedError(_("已有这位干部的交流安排；要改，请先撤回它。")) from None
    record(
        by, "rotation.cadre_move.proposed", teacher, organisation=held.county, reason=reason,
        after={"to": to_school.code, "role": role, "form": form, "exception": exception},
    )  # fmt: skip
    return made


@transaction.atomic
def confirm_move(move: CadreMove, *, by: User) -> CadreMove:
    """Another person confirms a move: its placement is made, the term entered and its holder told. Twice is once.

    A principal's appointment needs the outside approval (组织部门) on record. The placement waits for its order like
    every other.
    """
    in_line(move.year)
    held = (
        CadreMove.objects.select_for_update(no_key=True)
        .select_related("year__county", "to_school", "teacher")
        .get(pk=move.pk)
    )
    pause()
    if held.withdrawn_at is not None:
        raise RefusedError(_("这项安排已经撤回。"))
    if held.confirmed_at is not None:
        return held
    if held.proposed_by_id == by.pk:
        raise RefusedError(_("提出的人不能自己确认，请由另一位负责人办理。"))
    if held.role in {"principal", "vice_principal"} and not held.approval:
        raise RefusedError(_("校级干部任免须会同组织部门，请先登记批准文号。"))
    held.confirmed_by, held.confirmed_at = by, timezone.now()
    held.placement = add_placement(held.year, _placing(held), by=by)
    held.save(update_fields=["confirmed_by", "confirmed_at", "placement"])
    PostApplication.objects.filter(moves=held).update(status=PostApplicationStatus.APPOINTED)
    if held.form != Form.TEMPORARY:
        done = CadreTerm.objects.filter(teacher=held.teacher, school=held.to_school, role=held.role).count()  # scoped
        enter_term(
            held.teacher, by=by, school=held.to_school, role=held.role, number=done + 1, start=held.start,
            end=held.end, goals=held.reason, approval=held.approval,
            selection=Selection.OPEN if held.post_id else Selection.EXCHANGE,
        )  # fmt: skip
    record(by, "rotation.cadre_move.confirmed", held.teacher, organisation=held.year.county, move=held.pk)
    notify(
        [held.teacher.user], "rotation.cadre_move.confirmed", gettext_noop("您的任职安排已经确认，请查看。"), {},
        held.get_absolute_url(),
    )  # fmt: skip
    return held


def _placing(move: CadreMove) -> Placing:
    """What is ordered: the post at the other school; he goes on teaching his subject there."""
    state = _state(move.teacher)
    return Placing(
        teacher=move.teacher, from_school=move.from_school, to_school=move.to_school, stage=_stage_there(move, state),
        subject=state.main_subject, form=move.form, wish_rank=None, start=move.start, end=move.end,
        relation_moved=move.relation_moved, role=move.role,
    )  # fmt: skip


def _stage_there(move: CadreMove, state: TeacherState) -> str:
    """The stage in which he serves: his own where the school has it, else the school's first."""
    there = SchoolState.objects.current().filter(school=move.to_school).first()  # scoped: the school of the move
    stages = list(there.stages) if there is not None else []
    return state.stage if state.stage in stages or not stages else str(stages[0])


@transaction.atomic
def end_term_of(placement: Placement, *, on: date, reason: str, by: User | None) -> None:
    """End the term that began with a placement, when it ends early or its order is revoked; nothing for a teacher."""
    terms = CadreTerm.objects.filter(
        teacher=placement.teacher, school=placement.to_school, role=placement.role, start=placement.start,
        ended_on__isnull=True,
    ).select_for_update(no_key=True)  # fmt: skip
    for term in terms if placement.role else ():
        term.ended_on = max(on, term.start)
        term.save(update_fields=["ended_on"])
        record(
            by, "rotation.term.ended", placement.teacher, after={"ended_on": term.ended_on}, reason=reason,
            organisation=placement.to_school,
        )  # fmt: skip


@transaction.atomic
def withdraw_move(move: CadreMove, *, reason: str, by: User) -> None:
    """Take a proposal back before it is confirmed, with a reason."""
    held = CadreMove.objects.select_for_update(no_key=True).select_related("year__county").get(pk=move.pk)
    if held.confirmed_at is not None:
        raise RefusedError(_("这项安排已经确认，不能撤回。"))
    if held.withdrawn_at is None:
        if not reason.strip():
            raise RefusedError(_("请写明撤回的理由。"))
        held.withdrawn_at = timezone.now()
        held.save(update_fields=["withdrawn_at"])
        PostApplication.objects.filter(moves=held).update(status=PostApplicationStatus.SHORTLISTED)
        record(by, "rotation.cadre_move.withdrawn", held.teacher, reason=reason, organisation=held.year.county)


def pack_for_terms(year: RotationYear) -> Pack:
    """The pack that says how long cadres may stay: the year's own, else the first of the shipped ones that does."""
    own = pack_of(year)
    if TERMS in own.rules:
        return own
    shipped = load_pack("ST")
    return cited_alone(shipped, f"《{shipped.identity.title.zh}》")
