"""What is done in preparation: bodies, meetings, parameters, quotas and needs published, documents issued and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.policy import Findings, parse_override
from junheng.web.directory.models import Organisation, User
from junheng.web.records import attachments
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.models import (
    BodyMember,
    Meeting,
    OfficialDocument,
    PublishedNeed,
    PublishedQuota,
    ReadReceipt,
    RotationYear,
    WorkBody,
)
from junheng.web.staffing.models import Teacher, TeacherState
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.indicators import SubjectReport


def _refuse_archived(year: RotationYear) -> None:
    if year.is_archived:
        raise RefusedError(_("%(year)s已经归档，只能查看。") % {"year": year})


@transaction.atomic
def set_parameters(year: RotationYear, settings: Sequence[str], *, reason: str, by: User) -> RotationYear:
    """Give the pack's parameters the county's own values, each as ``name=value``, all anew; not after the freeze."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    _refuse_archived(held)
    if held.is_frozen:
        raise RefusedError(_("资格认定结果已经固定，参数不能再改。"))
    pack, values = pack_of(held), {}
    for setting in settings:
        try:
            name, value = parse_override(pack, setting)
        except ValueError as fault:
            raise RefusedError(str(fault)) from fault
        values[name] = value
    if values == held.parameters:
        return held
    before, held.parameters = held.parameters, values
    held.save(update_fields=["parameters"])
    record(by, "rotation.parameters.set", held, before=before, after=values, reason=reason, organisation=held.county)
    return held


@transaction.atomic
def set_up_body(
    year: RotationYear, organisation: Organisation, *, kind: str, name: str, set_up_on: date,
    members: Sequence[Mapping[str, str]], by: User,
) -> WorkBody:  # fmt: skip
    """Set up a body, or change the one there is; ``members`` have name, post and duty. At least one is needed."""
    _refuse_archived(year)
    if not members:
        raise RefusedError(_("请至少写一位成员及其分工。"))
    body, new = WorkBody.objects.update_or_create(
        year=year, organisation=organisation, kind=kind,
        defaults={"name": name, "set_up_on": set_up_on, "by": by, "at": timezone.now()},
    )  # fmt: skip
    before = [] if new else [f"{each.name} {each.post} {each.duty}" for each in body.members.all()]
    body.members.all().delete()
    BodyMember.objects.bulk_create(
        BodyMember(body=body, position=place, **each) for place, each in enumerate(members)
    )  # fmt: skip
    record(
        by, "rotation.body.set_up", body, before={"members": before} if before else None,
        after={"members": [f"{each['name']} {each['post']} {each['duty']}" for each in members]},
        organisation=organisation,
    )  # fmt: skip
    return body


@transaction.atomic
def record_meeting(
    year: RotationYear, organisation: Organisation, *, by: User, files: Sequence[UploadedFile] = (), **given: Any
) -> Meeting:
    """Keep that a meeting was held, with its minutes."""
    _refuse_archived(year)
    if given["attended"] > given["expected"]:
        raise RefusedError(_("实到人数不能多于应到人数。"))
    if given["held_on"] > timezone.localdate():
        raise RefusedError(_("会议日期还没有到。"))
    made = Meeting.objects.create(year=year, organisation=organisation, by=by, at=timezone.now(), **given)
    for upload in files:
        attachments.store(upload, made, by=by, organisation=organisation)
    record(
        by, "rotation.meeting.held", made, organisation=organisation,
        after={"kind": made.kind, "held_on": made.held_on, "attended": made.attended, "expected": made.expected},
    )  # fmt: skip
    return made


# --- quotas and needs -----------------------------------------------------------------------------------------------


@transaction.atomic
def publish_quotas(year: RotationYear, findings: Findings, *, by: User) -> int:
    """Publish every quota that the pack gives, with its arithmetic; again, as long as nothing is frozen. How many."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    _refuse_archived(held)
    if not findings.quotas:
        raise RefusedError(_("这个政策包没有规定交流指标。"))
    places = {(each.kind, each.code): each for each in Organisation.objects.filter(county=held.county)}
    now = timezone.now()
    rows = [
        PublishedQuota(
            year=held, quota=each.quota, clause=each.clause[:200], scope=each.scope, group=each.group[:80],
            organisation=_place(places, each.scope, each.group), base=each.base, steps=each.steps()[:200],
            amount=each.amount, published_at=now, published_by=by,
        )
        for each in findings.quotas
    ]  # fmt: skip
    old = PublishedQuota.objects.filter(year=held)
    before = sum(old.values_list("amount", flat=True))
    old.delete()
    PublishedQuota.objects.bulk_create(rows)
    record(
        by, "rotation.quotas.published", held, organisation=held.county, before={"total": before} if before else None,
        after={"rows": len(rows), "total": sum(each.amount for each in rows)},
    )  # fmt: skip
    return len(rows)


def _place(places: Mapping[tuple[str, str], Organisation], scope: str, group: str) -> Organisation | None:
    """The organisation that a quota's group means; ``None`` for a group that is none, such as a stage."""
    kind = "cluster" if scope.startswith("cluster") else "school"
    return places.get((kind, group)) or places.get((kind, group.partition(" ")[0]))


@transaction.atomic
def publish_needs(year: RotationYear, report: SubjectReport, *, by: User) -> int:
    """Publish what each school needs by subject, from the county's figures; again at any time before planning ends."""
    held = RotationYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    _refuse_archived(held)
    schools = {each.code: each for each in Organisation.objects.filter(county=held.county, kind="school")}
    now = timezone.now()
    rows = [
        PublishedNeed(
            year=held, school=schools[each.school_id], stage=each.stage.value, subject=each.subject.value,
            required=each.required, present=each.present, published_at=now,
        )
        for each in report.rows if each.school_id in schools
    ]  # fmt: skip
    PublishedNeed.objects.filter(year=held).delete()
    PublishedNeed.objects.bulk_create(rows, batch_size=500)
    record(by, "rotation.needs.published", held, organisation=held.county, after={"rows": len(rows)})
    return len(rows)


# --- documents ------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_document(
    year: RotationYear, *, document: OfficialDocument | None = None, version: int = 0, by: User, **given: Any
) -> OfficialDocument:
    """Write a draft, or change one that nobody has changed meanwhile and that has not been issued."""
    _refuse_archived(year)
    if document is None:
        made = OfficialDocument.objects.create(year=year, drafted_by=by, drafted_at=timezone.now(), **given)
        record(by, "rotation.document.drafted", made, organisation=year.county)
        return made
    held = OfficialDocument.objects.select_for_update(no_key=True).get(pk=document.pk)  # scoped: handed in by the view
    if held.issued_at is not None:
        raise RefusedError(_("文件已经发布，不能再改。"))
    if held.version != version:
        raise RefusedError(_("别人刚改过这份稿子；您的文字还在下面，请对照后再保存。"))
    for name, value in given.items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    record(by, "rotation.document.drafted", held, organisation=year.county, version=held.version)
    return held


@transaction.atomic
def issue_document(document: OfficialDocument, *, number: str, issued_on: date, by: User) -> OfficialDocument:
    """Issue a document under its number; everybody whom it binds is told. Twice is refused."""
    held = OfficialDocument.objects.select_for_update(no_key=True).select_related("year__county").get(pk=document.pk)
    if held.issued_at is not None:
        raise RefusedError(_("文件已经发布。"))
    if not number.strip():
        raise RefusedError(_("请填写文号，如：云教〔2026〕5号。"))
    held.number, held.issued_on, held.issued_at, held.issued_by = number.strip(), issued_on, timezone.now(), by
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        raise RefusedError(_("文号 %(number)s 已经用过。") % {"number": number}) from None
    record(
        by, "rotation.document.issued", held, after={"number": held.number, "issued_on": issued_on},
        organisation=held.year.county,
    )  # fmt: skip
    readers = User.objects.filter(grants__organisation__county=held.year.county, is_active=True).distinct()
    if not held.everybody:
        readers = readers.exclude(grants__role="teacher")
    notify(
        readers, "rotation.document.issued", gettext_noop("新文件：%(title)s（%(number)s）"),
        {"title": held.title, "number": held.number}, held.get_absolute_url(),
    )  # fmt: skip
    return held


@transaction.atomic
def acknowledge(document: OfficialDocument, *, by: User, sign: bool = False, school: Any = None) -> ReadReceipt:
    """Note that somebody has read a document, or signs it for his school. Twice is once; a signature is added later."""
    if document.issued_at is None:
        raise RefusedError(_("文件还没有发布。"))
    if school is None:
        me = Teacher.objects.filter(user=by).first()  # scoped: oneself
        state = TeacherState.objects.current().filter(teacher=me).first() if me else None  # scoped: oneself
        school = state.school if state else None
    made, new = ReadReceipt.objects.get_or_create(
        document=document, user=by, defaults={"school": school, "signed": sign, "at": timezone.now()}
    )
    if sign and not made.signed:
        made.signed, made.school, made.at = True, school, timezone.now()
        made.save()
        new = True
    if new:
        action = "rotation.document.signed" if sign else "rotation.document.read"
        record(by, action, document, organisation=school or document.year.county)
    return made
