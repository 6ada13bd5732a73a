"""The part of the table of doors that is about plans, notices and objections; see ``doors.py``."""

from __future__ import annotations

import importlib.util
import sys
import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from junheng.web.records.attachments import keeping
from junheng.web.rotation.models import (
    NoticeKind,
    NoticeRow,
    NoticeStatus,
    Objection,
    Pin,
    PublicNotice,
    Scenario,
)
from junheng.web.staffing.models import Snapshot

COUNTIES = ("county", "other_county")
TEACHERS = {"county": "alice", "other_county": "dave"}
CLERKS = {"county": "bureau_clerk", "other_county": "clerk_of_other_county"}
REASON = {"reason": "试一试"}
OPEN = "公示和异议给所有人看，不必登录"


def _years() -> Any:
    """The table of years, which stands beside this one."""
    name = "web_access_rotation_years_doors"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("rotation_years_doors.py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


years = _years().years
year_of = _years().year_of
EVERYBODY_OF_COUNTY = _years().EVERYBODY_OF_COUNTY
OFFICES = frozenset(each for each in EVERYBODY_OF_COUNTY if not each[0].startswith("teacher"))
"""Whoever sees rotation at a school sees the notices of its county."""


def scenario_of(cast: Any, place: str) -> Scenario:
    """A scenario of a county's year, made once."""
    year, by = year_of(cast, place), cast.users[CLERKS[place]]
    found = Scenario.objects.filter(year=year).first()
    if found is not None:
        return found
    snapshot, _new = Snapshot.objects.get_or_create(
        county=year.county, on=date(2026, 8, 31), digest="0" * 64,
        defaults={"id": f"S-doors-{place}", "taken_at": timezone.now()},
    )  # fmt: skip
    figures = {
        "moves": 0, "required": 0, "objective": 1.0, "imbalance_before": 1.0, "imbalance_after": 1.0,
        "wishes_met": [], "wishes_missed": 0, "with_wishes": 0, "stages": [], "broken": 0, "extra_km": 0.0,
        "backbone": 0, "paired": 0,
    }  # fmt: skip
    return Scenario.objects.create(
        year=year, number=1, name="试一试", snapshot=snapshot, status="ready", figures=figures,
        computed_at=timezone.now(), created_by=by, created_at=timezone.now(),
    )  # fmt: skip


def scenarios(cast: Any) -> dict[str, dict[str, Any]]:
    """A scenario of each county."""
    return {place: {"pk": year_of(cast, place).pk, "key": scenario_of(cast, place).pk} for place in COUNTIES}


def pins(cast: Any) -> dict[str, dict[str, Any]]:
    """A decision about a teacher of each county."""
    made = {}
    for place in COUNTIES:
        year, teacher = year_of(cast, place), cast.teachers[TEACHERS[place]]
        held, _new = Pin.objects.get_or_create(
            year=year, teacher=teacher, kind="stay",
            defaults={"reason": "试一试", "by": cast.users[CLERKS[place]], "at": timezone.now()},
        )  # fmt: skip
        made[place] = {"pk": year.pk, "key": held.pk}
    return made


def notice_of(cast: Any, place: str) -> PublicNotice:
    """A notice of a county that is on show, with one line and a file, made once."""
    year, by = year_of(cast, place), cast.users[CLERKS[place]]
    found = PublicNotice.objects.filter(year=year).first()
    if found is not None:
        return found
    now = timezone.now()
    made = PublicNotice.objects.create(
        year=year, kind=NoticeKind.CANDIDATES, title="公示", issuer="教育局", office="人事科", phone="0990-8123456",
        status=NoticeStatus.PUBLISHED, opens=now, closes=now + timedelta(days=7), created_by=by, created_at=now,
        published_by=by, published_at=now,
    )  # fmt: skip
    NoticeRow.objects.create(notice=made, position=1, name="某某", teacher=cast.teachers[TEACHERS[place]])
    return made


def notices(cast: Any) -> dict[str, dict[str, Any]]:
    """A notice of each county."""
    return {place: {"pk": year_of(cast, place).pk, "key": notice_of(cast, place).pk} for place in COUNTIES}


def public_notices(cast: Any) -> dict[str, dict[str, Any]]:
    """The same at its public address."""
    return {place: {"pk": notice_of(cast, place).pk} for place in COUNTIES}


def proved(cast: Any) -> dict[str, dict[str, Any]]:
    """Notices with a root."""
    for place in COUNTIES:
        notice_of(cast, place)
    PublicNotice.objects.filter(root="").update(root="0" * 64)
    return public_notices(cast)


def without_proof(cast: Any) -> dict[str, dict[str, Any]]:
    """Notices that are over: anybody learns that, and no more."""
    made = {}
    for place in COUNTIES:
        year, by, now = year_of(cast, place), cast.users[CLERKS[place]], timezone.now()
        over = PublicNotice.objects.create(
            year=year, kind=NoticeKind.OTHER, title="已过", issuer="教育局", office="人事科", phone="0990-8123456",
            status=NoticeStatus.PUBLISHED, opens=now - timedelta(days=9), closes=now - timedelta(days=1),
            created_by=by, created_at=now, published_by=by, published_at=now,
        )  # fmt: skip
        made[place] = {"pk": over.pk}
    return made


def files(cast: Any) -> dict[str, dict[str, Any]]:
    """A file of a notice of each county."""
    import io

    from docx import Document

    made = {}
    for place in COUNTIES:
        held = notice_of(cast, place)
        there = keeping.of(held).first()
        if there is None:
            content = io.BytesIO()
            Document().save(content)
            upload = SimpleUploadedFile("附件.docx", content.getvalue())
            there = keeping.store(upload, held, by=cast.users[CLERKS[place]])
        made[place] = {"pk": held.pk, "token": there.token}
    return made


def objections(cast: Any) -> dict[str, dict[str, Any]]:
    """An objection in each county."""
    made = {}
    for place in COUNTIES:
        held = Objection.objects.filter(notice=notice_of(cast, place)).first() or Objection.objects.create(
            notice=notice_of(cast, place), number=f"YY-{place}", code_digest="0" * 64, key=uuid.uuid4(), named=False,
            text="反映", received_at=timezone.now(), due=date(2026, 12, 31),
        )  # fmt: skip
        made[place] = {"pk": year_of(cast, place).pk, "key": held.pk}
    return made


def steps(cast: Any) -> dict[str, dict[str, Any]]:
    """A step of dealing with each."""
    return {place: words | {"step": "find"} for place, words in objections(cast).items()}


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    word = {"teacher": "T0001", "kind": "stay", "version": "1"} | REASON
    return {
        "rotation:scenarios": door(years),
        "rotation:scenario_new": door(years, form={"hold": "fix", "gap": "1", "seed": "0"}),
        "rotation:compare": door(years),
        "rotation:scenario": door(scenarios),
        "rotation:scenario_moves": door(scenarios),
        "rotation:scenario_flow": door(scenarios),
        "rotation:move_change": door(scenarios, form=word),
        "rotation:scenario_propose": door(scenarios, form={"version": "1"}),
        "rotation:scenario_take_back": door(scenarios, form=REASON),
        "rotation:scenario_adopt": door(scenarios),
        "rotation:scenario_set_aside": door(scenarios, form=REASON),
        "rotation:pins": door(years),
        "rotation:pin_new": door(years, form=word),
        "rotation:pin_withdraw": door(pins, form=REASON),
        "rotation:notices": door(years, also=OFFICES),
        "rotation:notice_new": door(years, form={"kind": "other", "title": "试一试"}),
        "rotation:notice": door(notices, also=OFFICES),
        "rotation:notice_edit": door(notices, form={"title": "试一试"}),
        "rotation:notice_file": door(notices),
        "rotation:notice_publish": door(notices),
        "rotation:notice_withdraw": door(notices, form=REASON),
        "rotation:objections": door(years),
        "rotation:objection": door(objections),
        "rotation:objection_step": door(steps, form={"finding": "upheld", "report": "试一试"}),
        "rotation:own_plan": door(years, own_account=True),
        "rotation:own_receipt": door(years, own_account=True),
        "rotation:public_notices": door(public=OPEN),
        "rotation:public_notice": door(public_notices, public=OPEN),
        "rotation:public_file": door(files, public=OPEN),
        "rotation:public_bundle": door(without_proof, public=OPEN),
        "rotation:public_verify": door(proved, public=OPEN),
        "rotation:public_objection": door(public_notices, public=OPEN, form={"text": "反映"}),
        "rotation:public_objection_status": door(public_notices, public=OPEN, form={"number": "YY", "code": "A"}),
    }
