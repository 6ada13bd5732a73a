"""Objections to a notice: received, investigated by somebody who is not concerned, found, answered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.web.access import ROLE_RULES, Permission, Role
from junheng.web.directory.models import RoleGrant, User
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation.cycle import require_open
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.models import (
    Finding,
    NoticeRow,
    Objection,
    ObjectionStatus,
    PhaseKind,
    Pin,
    PublicNotice,
    RotationYear,
)
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

HANDLING = (PhaseKind.NOTICE, PhaseKind.OBJECTIONS, PhaseKind.ORDERS)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody objects. ``row`` is the line of the notice that it is about; ``key`` makes a repeat the same."""

    text: str
    key: uuid.UUID
    row: NoticeRow | None = None
    named: bool = True
    name: str = ""
    contact: str = ""


def code_of(key: uuid.UUID) -> str:
    """The code with which whoever made an objection sees how it stands; the same for the same submission."""
    secret = hashlib.sha256(b"objection code" + list(settings.FIELD_KEYS.values())[-1]).digest()
    made = base64.b32encode(hmac.digest(secret, key.bytes, "sha256")).decode()[:16]
    return "-".join(made[place : place + 4] for place in range(0, 16, 4))


def _digest(number: str, code: str) -> str:
    plain = "".join(mark for mark in code.upper() if mark.isalnum())
    return hashlib.sha256(f"{number}:{plain}".encode()).hexdigest()


@transaction.atomic
def receive(
    notice: PublicNotice, said: Said, *, by: User | None = None, at: datetime | None = None
) -> tuple[Objection, str]:
    """Take an objection in; gives it with the code for whoever made it. The same submission gives the same again.

    Raises :class:`RefusedError` once the notice is over, and for an objection without what it needs.
    """
    now = at or timezone.now()
    year = in_line(notice.year)
    there = Objection.objects.filter(key=said.key).first()
    if there is not None:
        return there, code_of(said.key)
    held = PublicNotice.objects.get(pk=notice.pk)
    if not held.on_show(now):
        raise RefusedError(_("公示期已经结束，不能再通过本页提出异议；请与受理部门联系。"))
    if not said.text.strip():
        raise RefusedError(_("请写明反映的情况。"))
    if said.named and not (said.name.strip() and said.contact.strip()):
        raise RefusedError(_("实名反映请填写姓名和联系方式；不愿实名的，请选匿名。"))
    if said.row is not None and said.row.notice_id != held.pk:
        raise RefusedError(_("所选的人不在这份公示中。"))
    pause()
    serial = Objection.objects.filter(notice__year=year).count() + 1
    number = f"YY{year.county.code}{year.year}{year.audience[:1].upper()}{serial:04d}"
    code = code_of(said.key)
    made = Objection.objects.create(
        notice=held, number=number, code_digest=_digest(number, code), key=said.key, named=said.named,
        by=by if said.named else None, name=said.name if said.named else "",
        contact=said.contact if said.named else "", about=said.row.teacher if said.row else None, text=said.text,
        received_at=now, due=Workdays.of(year.county).after(timezone.localdate(now), held.answer_days),
    )  # fmt: skip
    record(
        by if said.named else None, "rotation.objection.received", made, organisation=year.county,
        after={"named": said.named, "due": made.due, "notice": held.pk},
    )  # fmt: skip
    return made, code


def look_up(number: str, code: str) -> Objection | None:
    """The objection of a number, for whoever has its code; ``None`` for anybody else."""
    found = Objection.objects.filter(number=number.strip().upper()).select_related("notice__year").first()
    digest = _digest(number.strip().upper(), code)
    known = found.code_digest if found is not None else "0" * 64
    return found if hmac.compare_digest(known, digest) else None


def is_concerned(user: User, objection: Objection) -> str:
    """Why somebody may not deal with an objection, in words; empty where he may."""
    teacher = getattr(user, "teacher", None)
    if objection.by_id == user.pk:
        return _("异议是他本人提出的")
    if objection.about_id is not None and teacher is not None and teacher.pk == objection.about_id:
        return _("异议涉及他本人")
    row = NoticeRow.objects.filter(notice=objection.notice, teacher=objection.about_id).first()
    home = user.organisation
    if row is not None and home is not None and str(home) in {row.home, row.host}:
        return _("他是所涉学校的人员")
    if objection.notice.scenario is not None and objection.about_id is not None:
        pinned = objection.notice.scenario.changes.filter(teacher=objection.about_id, by=user).exists()
        if pinned or Pin.objects.filter(year=objection.notice.year, teacher=objection.about_id, by=user).exists():
            return _("他对所涉教师作过指定或人工调整")
    return ""


def may_investigate(objection: Objection) -> Sequence[User]:
    """Who may be charged with it: people of the bureau who review or publish and are not concerned."""
    roles = [
        role for role in Role
        if {Permission.ROTATION_REVIEW, Permission.ROTATION_PUBLISH} & ROLE_RULES[role].may
    ]  # fmt: skip
    county = objection.notice.year.county
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(role__in=roles, organisation=county)
    people = User.objects.filter(is_active=True, pk__in=grants.values("user")).select_related("organisation")
    return [each for each in people.order_by("name", "pk") if not is_concerned(each, objection)]


def _held(objection: Objection, at: datetime | None) -> Objection:
    found: Objection = (
        Objection.objects.select_for_update(no_key=True, of=("self",))
        .select_related("notice__year__county", "notice__scenario", "about")
        .get(pk=objection.pk)
    )
    require_open(found.notice.year, *HANDLING, at=at)
    if found.status == ObjectionStatus.ANSWERED:
        raise RefusedError(_("异议 %(number)s 已经答复。") % {"number": found.number})
    return found


@transaction.atomic
def assign(objection: Objection, *, investigator: User, holds: bool, by: User, at: datetime | None = None) -> Objection:
    """Charge somebody with the investigation, and say whether nothing is issued for the person meanwhile."""
    in_line(objection.notice.year)
    held = _held(objection, at)
    for person in (investigator, by):
        if why := is_concerned(person, held):
            raise RefusedError(_("%(who)s应当回避：%(why)s。") % {"who": person, "why": why})
    if investigator not in may_investigate(held):
        raise RefusedError(_("%(who)s没有办理异议的权限。") % {"who": investigator})
    held.status, held.investigator, held.holds = ObjectionStatus.INVESTIGATING, investigator, holds
    held.assigned_by, held.assigned_at = by, at or timezone.now()
    held.save(update_fields=["status", "investigator", "holds", "assigned_by", "assigned_at"])
    record(
        by, "rotation.objection.assigned", held, organisation=held.notice.year.county,
        after={"investigator": str(investigator), "holds": holds},
    )  # fmt: skip
    notify([investigator], "rotation.objection.assigned", gettext_noop("异议 %(number)s 请您调查，%(due)s 前答复。"),
           {"number": held.number, "due": held.due.isoformat()}, held.get_absolute_url())  # fmt: skip
    return held


@transaction.atomic
def find(objection: Objection, *, finding: str, report: str, by: User, at: datetime | None = None) -> Objection:
    """Set down what the investigation came to; by its investigator alone."""
    held = _held(objection, at)
    if held.investigator_id != by.pk:
        raise RefusedError(_("只有调查人可以填写调查结论。"))
    if why := is_concerned(by, held):
        raise RefusedError(_("%(who)s应当回避：%(why)s。") % {"who": by, "why": why})
    if finding not in Finding.values or not report.strip():
        raise RefusedError(_("请选定结论并写明调查情况。"))
    held.status, held.finding, held.report = ObjectionStatus.FOUND, finding, report
    held.found_at = at or timezone.now()
    held.save(update_fields=["status", "finding", "report", "found_at"])
    record(by, "rotation.objection.found", held, organisation=held.notice.year.county, after={"finding": finding})
    return held


@transaction.atomic
def answer(objection: Objection, *, text: str, by: User, at: datetime | None = None) -> Objection:
    """Answer whoever objected; this settles it and lets go of the person concerned."""
    held = _held(objection, at)
    if held.status != ObjectionStatus.FOUND:
        raise RefusedError(_("还没有调查结论，不能答复。"))
    if why := is_concerned(by, held):
        raise RefusedError(_("%(who)s应当回避：%(why)s。") % {"who": by, "why": why})
    if not text.strip():
        raise RefusedError(_("请写明答复。"))
    held.status, held.answer, held.answered_by = ObjectionStatus.ANSWERED, text, by
    held.answered_at = at or timezone.now()
    held.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    record(
        by, "rotation.objection.answered", held, organisation=held.notice.year.county, after={"finding": held.finding}
    )
    if held.by is not None:
        notify([held.by], "rotation.objection.answered", gettext_noop("您提出的异议 %(number)s 已有答复。"),
               {"number": held.number}, f"/rotation/public/{held.notice_id}/objections/status/")  # fmt: skip
    return held


def held_back(year: RotationYear) -> set[int]:
    """Keys of the teachers for whom nothing is to be issued while an objection about them is unsettled."""
    waiting = Objection.objects.filter(notice__year=year, about__isnull=False, holds=True).unsettled()
    return set(waiting.values_list("about", flat=True))
