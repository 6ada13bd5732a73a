"""Policy and parameters, bodies, meetings, quotas and needs, documents issued, read and signed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.facts.synthetic import make_county
from junheng.policy import decide, load_pack, shipped_packs
from junheng.policy.overrides import parse_override
from junheng.web.directory.models import Organisation
from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation.actions import preparing as actions
from junheng.web.rotation.actions.years import TERMS, pack_of
from junheng.web.rotation.cycle import progress_of
from junheng.web.rotation.documents.drafting import plan_text
from junheng.web.rotation.forms.preparing import ParametersForm
from junheng.web.rotation.models import (
    Meeting,
    OfficialDocument,
    Phase,
    PhaseKind,
    PublishedNeed,
    PublishedQuota,
    ReadReceipt,
    RotationYear,
    WorkBody,
)
from junheng.web.rotation.published_quotas import quotas_of, senses_of
from junheng.web.staffing.intake import take_in
from junheng.web.staffing.refusal import RefusedError

MEMBERS = "邵文，组长，全面负责\n钱立，副组长，负责审核"


@pytest.fixture
def year(make_year: Any) -> RotationYear:
    """The cast's year in preparation."""
    return make_year(PhaseKind.PREPARATION)


def test_the_policy_page_shows_parameters_with_clauses_and_what_the_lint_found(cast: Any, year: RotationYear) -> None:
    page = cast.client("school_clerk").get(f"/rotation/{year.pk}/pack/").content.decode()
    for name, parameter in pack_of(year).parameters.items():
        assert name in page
        assert parameter.zh in page
    assert "设定本县的取值" not in page
    assert "设定本县的取值" in cast.client("bureau_clerk").get(f"/rotation/{year.pk}/pack/").content.decode()


def test_a_county_sets_its_own_values_until_the_freeze(cast: Any, year: RotationYear) -> None:
    name = next(n for n, p in pack_of(year).parameters.items() if isinstance(p.value, int) and p.value > 1)
    clerk, address = cast.client("bureau_clerk"), f"/rotation/{year.pk}/pack/parameters/"
    refused = clerk.post(address, {f"set_{name}": "六年", "set_shoe_size": "41", "reason": "县情"})
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "填的是“六年”，应为" in said and "expected" not in said
    assert 'value="六年"' in said and "县情" in said, "what was typed is kept"
    value = pack_of(year).parameters[name].value
    clerk.post(address, {f"set_{name}": value - 1, "reason": "县情"})
    year.refresh_from_db()
    assert year.parameters == {name: value - 1}
    assert AuditEvent.objects.get(action="rotation.parameters.set").after == {name: value - 1}
    assert f'value="{value - 1}"' in clerk.get(address).content.decode()
    tried = clerk.get(f"/rotation/{year.pk}/what-if/", {f"set_{name}": value})
    assert "4 人中有" in tried.content.decode()
    RotationYear.objects.filter(pk=year.pk).update(frozen_at=timezone.now(), snapshot=a_snapshot(year))
    with pytest.raises(RefusedError, match="已经固定"):
        actions.set_parameters(year, [], reason="", by=cast.users["bureau_clerk"])


def test_parameters_are_set_in_the_words_of_the_policy_and_read_as_the_library_does() -> None:
    for code, pack in [(each, load_pack(each)) for each in shipped_packs()]:
        if pack.planning is None and TERMS not in pack.rules:
            continue  # no year is set up with it
        whole = {name: each.value for name, each in pack.parameters.items() if each.value is not None}
        form = ParametersForm(pack=pack, own=whole, lang="zh")
        sent = {name: field.initial for name, field in form.fields.items() if field.initial}
        for name, parameter in pack.parameters.items():
            assert str(form.fields[f"set_{name}"].label).startswith(parameter.zh)
        again = ParametersForm(sent, pack=pack, own={}, lang="zh")
        assert again.is_valid(), (code, again.errors)
        assert dict(parse_override(pack, line) for line in again.lines()) == whole, code


def a_snapshot(year: RotationYear) -> Any:
    """A snapshot of the year's county."""
    from junheng.web.staffing.snapshot import take

    return take(year.county, timezone.localdate(), None)[1]


# --- bodies and meetings --------------------------------------------------------------------------------------------


@pytest.mark.covers("R-152", "R-155", "R-156")
def test_bodies_with_their_duties_at_bureau_and_schools(cast: Any, year: RotationYear) -> None:
    given = {"kind": "leading", "name": "领导小组", "set_up_on": "2026-03-02", "members": MEMBERS}
    clerk, address = cast.client("bureau_clerk"), f"/rotation/{year.pk}/bodies/new/"
    refused = clerk.post(address, given | {"organisation": cast.county.pk, "members": "邵文"})
    assert refused.status_code == 422
    assert "第 1 行" in refused.content.decode()
    clerk.post(address, given | {"organisation": cast.county.pk})
    school = cast.client("principal")
    school.post(address, given | {"organisation": cast.yucai.pk, "kind": "school", "name": "工作小组"})
    assert school.post(address, given | {"organisation": cast.hedong.pk, "kind": "school"}).status_code == 422
    assert [(b.organisation, b.members.count()) for b in WorkBody.objects.order_by("pk")] == [
        (cast.county, 2), (cast.yucai, 2),
    ]  # fmt: skip
    page = cast.client("bureau_leader").get(f"/rotation/{year.pk}/bodies/").content.decode()
    assert "全面负责" in page
    assert "河东小学" in page, "schools without a group are named"
    groups = progress_of(year, "preparation", [cast.yucai.pk, cast.hedong.pk])[0]
    assert (groups.done, groups.total) == (1, 2)


@pytest.mark.covers("R-147", "R-148", "R-154")
def test_meetings_are_recorded_with_attendance_and_minutes(cast: Any, year: RotationYear) -> None:
    given = {
        "organisation": cast.yucai.pk, "kind": "mobilisation", "title": "全体教师动员会", "held_on": "2026-03-06",
        "expected": 60, "attended": 58, "minutes": "宣讲实施办法",
    }  # fmt: skip
    school, address = cast.client("school_clerk"), f"/rotation/{year.pk}/meetings/new/"
    assert school.post(address, given | {"attended": 61}).status_code == 422
    future = timezone.localdate() + timedelta(days=1)
    assert school.post(address, given | {"held_on": future.isoformat()}).status_code == 422
    assert not Meeting.objects.exists()
    made = school.post(address, given, follow=True)
    assert "58 / 60" in made.content.decode()
    assert cast.client("principal_of_hedong").get(Meeting.objects.get().get_absolute_url()).status_code == 404
    held = progress_of(year, "preparation", [cast.yucai.pk, cast.hedong.pk])[1]
    assert held.schools == {cast.yucai.pk: (1, 1), cast.hedong.pk: (0, 1)}


# --- quotas and needs -----------------------------------------------------------------------------------------------


@pytest.mark.covers("R-149", "R-639", "R-191")
def test_quotas_and_needs_of_a_county_are_published_as_the_library_reckons_them(cast: Any, make_year: Any) -> None:
    facts = make_county(teachers=160, seed=5)
    county = Organisation.objects.create(kind="county", code="990108", name=facts.name)
    take_in(county, facts, by=None, source="test")
    year = make_year(PhaseKind.PREPARATION, county=county, on=facts.on, pack="XX")
    findings = decide(facts, pack_of(year), on=facts.on, plan_year=facts.on.year)
    actions.publish_quotas(year, findings, by=cast.users["bureau_clerk"])
    actions.publish_quotas(year, findings, by=cast.users["bureau_clerk"])
    rows = PublishedQuota.objects.filter(year=year)
    assert [(r.quota, r.group, r.amount) for r in rows.order_by("pk")] == [
        (q.quota, q.group, q.amount) for q in findings.quotas
    ]
    assert rows.filter(scope="school", organisation=None).count() == 0
    from junheng.web.staffing.figures import figures_of

    report = figures_of(county, facts.on).subjects
    actions.publish_needs(year, report, by=cast.users["bureau_clerk"])
    assert PublishedNeed.objects.filter(year=year).count() == len(report.rows)
    assert sum(n.gap for n in PublishedNeed.objects.filter(year=year)) == sum(r.gap for r in report.rows)


def test_the_least_that_go_are_not_added_to_the_most_that_a_school_sends(cast: Any, year: RotationYear) -> None:
    planned = {"stage10": ("ge", 7), "school15": ("le", 5)}
    for name, (sense, amount) in planned.items():
        assert senses_of(pack_of(year))[name] == sense
        for place in ("a", "b"):
            PublishedQuota.objects.create(
                year=year, quota=name, clause="第十条" if sense == "ge" else "第十一条", scope="school", group=place,
                base=10, steps="-", amount=amount, published_at=timezone.now(),
            )  # fmt: skip
    assert [(each.sense, each.total) for each in quotas_of(year)] == [("ge", 14), ("le", None)]
    for page in ("quotas/", "papers/quotas/all/"):
        said = cast.client("bureau_clerk").get(f"/rotation/{year.pk}/{page}").content.decode()
        totals = re.findall(r"合计\s*(\d+)\s*人", said)
        assert totals == ["14"], page
    draft = cast.client("bureau_clerk").get(f"/rotation/{year.pk}/documents/new/").content.decode()
    assert "本年度至少交流14人（第十条）；各单位派出人数不超过附件所列上限（第十一条）。" in draft


def test_a_drafted_plan_names_every_phase_and_the_year_of_its_days(year: RotationYear) -> None:
    Phase.objects.filter(year=year, kind="archive").update(
        opens=datetime(2027, 12, 20, tzinfo=timezone.get_default_timezone()),
        closes=datetime(2028, 1, 3, tzinfo=timezone.get_default_timezone()),
    )
    draft = plan_text(year, pack_of(year))
    for phase in year.phases.all():
        assert f"）{phase.get_kind_display()}：" in draft
    assert "（十四）归档：2027年12月20日至2028年1月2日。" in draft


@pytest.mark.covers("R-149")
def test_a_teacher_reads_what_is_published_before_he_makes_his_wishes(cast: Any, year: RotationYear) -> None:
    for name in ("quotas", "needs"):
        address = reverse(f"rotation:{name}", args=(year.pk,))
        assert cast.client("teacher").get(address).status_code == 200
        assert cast.client("teacher").post(f"{address}publish/").status_code == 403
        assert address in cast.client("teacher").get(year.get_absolute_url()).content.decode(), "in the menu"


def test_a_school_reads_quotas_and_does_not_publish_them(cast: Any, year: RotationYear) -> None:
    assert cast.client("principal").get(f"/rotation/{year.pk}/quotas/").status_code == 200
    assert cast.client("principal").post(f"/rotation/{year.pk}/quotas/publish/").status_code == 403
    cast.client("bureau_clerk").post(f"/rotation/{year.pk}/quotas/publish/")
    assert PublishedQuota.objects.filter(year=year).exists()
    assert cast.client("bureau_clerk").post(f"/rotation/{year.pk}/needs/publish/").status_code == 302


# --- documents ------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-153", "R-655", "R-150", "R-151", "R-175")
def test_the_plan_is_drafted_from_the_pack_issued_and_read_by_everybody(cast: Any, year: RotationYear) -> None:
    clerk = cast.client("bureau_clerk")
    draft = clerk.get(f"/rotation/{year.pk}/documents/new/").content.decode()
    for said in ("目标", "程序和时间", "交流期限和形式", "志愿"):
        assert said in draft
    text = clerk.get(f"/rotation/{year.pk}/documents/new/").context["form"]["text"].initial
    given = {
        "kind": "plan",
        "title": "年度实施方案",
        "addressed_to": "各校",
        "text": text,
        "everybody": "on",
        "version": 0,
    }
    clerk.post(f"/rotation/{year.pk}/documents/new/", given)
    document = OfficialDocument.objects.get()
    assert cast.client("teacher").get(document.get_absolute_url()).status_code == 404, "a draft is not for everybody"
    head, address = cast.client("section_head"), f"{document.get_absolute_url()}issue/"
    assert head.post(address, {"number": "", "issued_on": "2026-03-09"}).status_code == 422
    head.post(address, {"number": "云教〔2026〕5号", "issued_on": "2026-03-09"})
    assert Notification.objects.filter(recipient=cast.users["teacher"], kind="rotation.document.issued").exists()
    teacher = cast.client("teacher")
    teacher.post(f"{document.get_absolute_url()}read/")
    teacher.post(f"{document.get_absolute_url()}read/")
    assert ReadReceipt.objects.get().school == cast.yucai
    read = progress_of(year, "preparation", [cast.yucai.pk, cast.hedong.pk])[2]
    assert (read.done, read.total) == (1, 3)
    with pytest.raises(RefusedError, match="已经发布"):
        actions.draft_document(year, document=document, version=1, by=cast.users["bureau_clerk"], text="改")


def test_two_drafters_do_not_overwrite_each_other(cast: Any, year: RotationYear) -> None:
    by = cast.users["bureau_clerk"]
    document = actions.draft_document(year, by=by, kind="notice", title="通知", text="一稿")
    actions.draft_document(year, document=document, version=1, by=by, text="二稿")
    with pytest.raises(RefusedError, match="别人刚改过"):
        actions.draft_document(year, document=document, version=1, by=by, text="另一个二稿")
    document.refresh_from_db()
    assert document.text == "二稿"


def test_a_number_is_used_once(cast: Any, year: RotationYear) -> None:
    by = cast.users["section_head"]
    first, second = (actions.draft_document(year, by=by, kind="notice", title=t, text="文") for t in ("甲", "乙"))
    actions.issue_document(first, number="云教〔2026〕1号", issued_on=date(2026, 3, 9), by=by)
    with pytest.raises(RefusedError, match="已经用过"):
        actions.issue_document(second, number="云教〔2026〕1号", issued_on=date(2026, 3, 9), by=by)
    assert OfficialDocument.objects.get(pk=second.pk).issued_at is None


@pytest.mark.covers("R-170", "R-176", "R-647")
def test_a_letter_of_responsibility_is_signed_by_the_head_of_each_school(cast: Any, year: RotationYear) -> None:
    by = cast.users["section_head"]
    letter = actions.draft_document(year, by=by, kind="letter", title="行风责任书", text="责任")
    actions.issue_document(letter, number="云教〔2026〕2号", issued_on=date(2026, 3, 9), by=by)
    cast.client("principal").post(f"{letter.get_absolute_url()}sign/")
    receipt = ReadReceipt.objects.get()
    assert (receipt.signed, receipt.school) == (True, cast.yucai)
    assert cast.client("school_clerk").post(f"{letter.get_absolute_url()}sign/").status_code == 403
    assert "育才" in cast.client("section_head").get(letter.get_absolute_url()).content.decode()
