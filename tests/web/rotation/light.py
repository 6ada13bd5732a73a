"""Plans and placements as rows, without solving: for tests of what is done with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from junheng.web.rotation.actions import notices
from junheng.web.rotation.actions.adopting import Placing
from junheng.web.rotation.actions.placing import make_placements
from junheng.web.rotation.models import Move, Phase, PhaseKind, Placement, PublicNotice, Scenario, ScenarioStatus
from junheng.web.staffing.models import Snapshot

START, END = date(2026, 9, 1), date(2027, 8, 31)
WORDS = {
    "title": "关于2026年拟交流轮岗教师名单的公示", "issuer": "明岚县教育局", "basis": "实施办法", "text": "现予公示。",
    "office": "人事科", "phone": "0990-8123456", "days": 1, "answer_days": 10,
}  # fmt: skip
OPEN = (PhaseKind.PLANNING, PhaseKind.NOTICE, PhaseKind.OBJECTIONS, PhaseKind.ORDERS)


def scenario(cast: Any, make_year: Any, status: str = ScenarioStatus.PROPOSED) -> Scenario:
    """A plan of two moves; every phase from planning to orders is open for two months. It has no proof."""
    year, now = make_year(PhaseKind.PLANNING), timezone.now()
    Phase.objects.filter(year=year, kind__in=OPEN).update(
        opens=now - timedelta(days=1), closes=now + timedelta(days=60)
    )
    snapshot = Snapshot.objects.create(id="S", county=year.county, on=year.on, digest="0" * 64, taken_at=now)
    proposed = {"proposed_by": cast.users["section_head"], "proposed_at": now}
    made = Scenario.objects.create(
        year=year, number=1, name="方案", snapshot=snapshot, created_by=cast.users["bureau_clerk"], created_at=now,
        status=status, root="ab" * 32, plan_digest="cd" * 32, computed_at=now, moves_count=2,
        **(proposed if status == ScenarioStatus.PROPOSED else {}),
    )  # fmt: skip
    for who, home in (("alice", cast.yucai), ("bob", cast.hedong)):
        Move.objects.create(
            scenario=made, teacher=cast.teachers[who], from_school=home, to_school=cast.xishan, stage="junior",
            subject="maths", unit="X", taught="maths",
        )  # fmt: skip
    return made


def draft(cast: Any, held: Scenario) -> PublicNotice:
    """A notice of the plan, not published yet."""
    return notices.draft(held.year, kind="results", words=WORDS, by=cast.users["bureau_clerk"])


def placements(cast: Any, year: Any, *, relation_moved: bool = False) -> list[Placement]:
    """Two placements that wait for their order."""
    moves = [
        Placing(cast.teachers[who], home, cast.xishan, "junior", "maths", "rotation", 1, START, END, relation_moved)
        for who, home in (("alice", cast.yucai), ("bob", cast.hedong))
    ]
    return make_placements(year, moves, by=cast.users["section_head"])
