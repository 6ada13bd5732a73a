"""The facts of a frozen year fixed anew once something in them was put right: one snapshot on which all rests.

Verdicts were made by a snapshot. When facts behind it are put right, by an upheld appeal or because the bureau found
the fault, the county is fixed again, whoever is judged otherwise by it has a new verdict, and the year names the newer
snapshot: the planner is given exactly the facts by which everybody was judged.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from junheng.documents import county_digest
from junheng.web.records.audit import record
from junheng.web.records.notifying import notify
from junheng.web.records.races import pause
from junheng.web.rotation import judging
from junheng.web.rotation.holds import in_line
from junheng.web.rotation.models import RotationYear, ScenarioStatus, Verdict
from junheng.web.staffing import snapshot as taking
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.refusal import RefusedError

if TYPE_CHECKING:
    from junheng.web.directory.models import User


def verdict_row(year: RotationYear, said: judging.Said, *, snapshot: Any, at: datetime, **given: Any) -> Verdict:
    """The row that keeps what was said of somebody, not stored yet."""
    return Verdict(
        year=year, word=said.word, standing=said.standing, clause=said.clause[:200], because_zh=said.because_zh,
        because_en=said.because_en, facts_text=said.facts_text, flags=list(said.flags), missing=list(said.missing),
        snapshot=snapshot, judged_at=at, **given,
    )  # fmt: skip


@transaction.atomic
def fix_anew(year: RotationYear, *, reason: str, by: User, anew: Collection[str] = ()) -> dict[str, Verdict]:
    """Fix the county as it is known today and put new verdicts in place of those that it changes, by teacher number.

    Whoever is named in ``anew`` is judged anew in any case. Everybody else whose verdict changes is told. Raises
    :class:`RefusedError` before the first verdicts and once a plan has been adopted.
    """
    held = in_line(year)
    _refuse_if_too_late(held, reason)
    today, now = timezone.localdate(), timezone.now()
    county = judging.county_now(held, today)
    said = judging.judged(held, county)
    pause()
    made = taking.keep(held.county, county, county_digest(county), by, source=f"rotation:{held.pk}")
    before, held.snapshot = held.snapshot_id, made
    held.save(update_fields=["snapshot"])
    old = {each.teacher.number: each for each in held.verdicts.filter(current=True).select_related("teacher__user")}
    people = {each.number: each for each in Teacher.objects.filter(county=held.county).select_related("user")}
    schools = judging.schools_by_code(held.county)
    new = {
        each.teacher_id: verdict_row(
            held, each, snapshot=made, at=now, teacher=people[each.teacher_id], school=schools[each.school_id],
            replaces=old.get(each.teacher_id),
        )
        for each in said if each.teacher_id in anew or _differs(old.get(each.teacher_id), each)
    }  # fmt: skip
    Verdict.objects.filter(pk__in=[old[number].pk for number in new if number in old]).update(current=False)
    for verdict in new.values():
        verdict.save()
    record(
        by, "rotation.facts.fixed_anew", held, organisation=held.county, reason=reason, before={"snapshot": before},
        after={"snapshot": made.pk, "digest": made.digest, "changed": sorted(new)},
    )  # fmt: skip
    notify(
        [verdict.teacher.user for number, verdict in new.items() if number not in anew], "rotation.verdict.changed",
        gettext_noop("%(year)s：您的资格认定已按更正后的数据重新作出，请阅知；有异议可以提出。"),
        {"year": str(held)}, held.own_url,
    )  # fmt: skip
    return new


def _differs(old: Verdict | None, said: judging.Said) -> bool:
    return old is None or (old.word, old.standing, old.clause) != (said.word, said.standing, said.clause[:200])


def _refuse_if_too_late(year: RotationYear, reason: str) -> None:
    if not year.is_frozen:
        raise RefusedError(_("资格认定结果还没有固定。"))
    if not reason.strip():
        raise RefusedError(_("请写明理由。"))
    if year.is_archived or year.scenarios.filter(status=ScenarioStatus.ADOPTED).exists():
        raise RefusedError(_("方案已经采用，数据快照不再改变；个别人的事实有误的，请更改或撤销其调配。"))
