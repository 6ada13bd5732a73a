"""Links: what paired schools and zones share, who is paired with whom, and with which district elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.records.models import AuditEvent
from junheng.web.staffing.actions import links as actions
from junheng.web.staffing.links import companions_of, with_terms
from junheng.web.staffing.models import (
    BUNDLE,
    ZONE,
    GroupTerms,
    OutsidePartner,
    PairTerms,
    SchoolState,
    TeacherState,
    TeacherTie,
)
from junheng.web.staffing.refusal import RefusedError

pytestmark = pytest.mark.django_db

SINCE = date(2026, 8, 31)
FOUR = [each.value for each in BUNDLE]


def url(name: str, *args: object) -> str:
    return reverse(f"staffing:{name}", args=args)


def tied(supporting: Organisation, supported: Organisation) -> SchoolTie:
    return SchoolTie.objects.create(
        supporting=supporting, supported=supported, kind="assistance", valid_from=SINCE, source="test"
    )


def deeds(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("number"))


# --- what a pair shares ---------------------------------------------------------------------------------------------


@pytest.mark.covers("R-185")
def test_a_pair_is_a_bundle_once_it_shares_staff_resources_management_and_development(cast: Any, read: Any) -> None:
    tie, clerk = tied(cast.yucai, cast.hedong), cast.client("bureau_clerk")
    first = {"shares": FOUR[:3], "activities": "", "entered_from": "2026-09-01"}
    assert clerk.post(url("link_terms", tie.pk), first).status_code == 302
    assert not with_terms([tie], timezone.localdate())[0].is_bundle
    page = read(clerk.get(url("school", cast.yucai.pk), {"tab": "history"}))
    assert "人员共用、资源共享、管理同步" in page
    assert "捆绑式" not in page
    whole = {"shares": FOUR, "activities": "每月一次联合教研", "entered_from": "2026-10-01", "reason": "协议"}
    assert clerk.post(url("link_terms", tie.pk), whole).status_code == 302
    for school in (cast.yucai, cast.hedong):
        page = read(clerk.get(url("school", school.pk), {"tab": "history"}))
        assert "捆绑式" in page
        assert "每月一次联合教研" in page
    assert "捆绑式" in read(clerk.get(url("links")))


@pytest.mark.covers("R-185")
def test_what_a_pair_shares_is_dated_and_in_the_trail(cast: Any) -> None:
    tie, by = tied(cast.yucai, cast.hedong), cast.users["bureau_clerk"]
    given = {"activities": "", "document_number": ""}
    actions.set_pair_terms(tie, {"shares": ["staff"], **given}, on=date(2026, 9, 1), by=by)
    actions.set_pair_terms(tie, {"shares": FOUR, **given}, on=date(2026, 10, 1), by=by, reason="新协议")
    assert not with_terms([tie], date(2026, 9, 30))[0].is_bundle
    assert with_terms([tie], date(2026, 10, 1))[0].is_bundle
    assert PairTerms.objects.count() == 2
    actions.set_pair_terms(tie, {"shares": FOUR, **given}, on=date(2026, 10, 9), by=by)
    assert PairTerms.objects.count() == 2, "the same again is no change"
    last = deeds("staffing.pair_terms.set")[-1]
    assert (last.before["shares"], last.after["shares"], last.reason) == (["staff"], FOUR, "新协议")


@pytest.mark.covers("R-185")
def test_shared_staff_is_counted_where_it_works(cast: Any) -> None:
    tie = tied(cast.yucai, cast.hedong)
    link = with_terms([tie], timezone.localdate())[0]
    assert (link.went, link.came) == (1, 0), "解忆雯 of 育才 teaches at 河东"
    TeacherState.objects.filter(teacher=cast.teachers["bob"]).update(teaching_school=cast.yucai)
    assert with_terms([tie], timezone.localdate())[0].came == 1


def test_terms_outlive_a_workbook_that_replaces_the_tie(cast: Any) -> None:
    tie, by = tied(cast.yucai, cast.hedong), cast.users["bureau_clerk"]
    values = {"shares": FOUR, "activities": "", "document_number": ""}
    actions.set_pair_terms(tie, values, on=date(2026, 9, 1), by=by)
    SchoolTie.objects.filter(pk=tie.pk).update(valid_until=date(2026, 9, 10))
    with pytest.raises(RefusedError):
        actions.set_pair_terms(tie, values, on=date(2026, 9, 11), by=by)
    again = SchoolTie.objects.create(
        supporting=cast.yucai, supported=cast.hedong, kind="community", valid_from=date(2026, 9, 10), source="intake:1"
    )
    assert with_terms([again], date(2026, 9, 11))[0].is_bundle


def test_a_school_clerk_sees_its_links_and_changes_none(cast: Any, read: Any) -> None:
    tie, clerk = tied(cast.yucai, cast.hedong), cast.client("school_clerk")
    other = tied(cast.xishan, cast.hedong)
    rows = {each.tie.pk for each in clerk.get(url("links")).context["table"].data}
    assert rows == {tie.pk}, "that of two other schools is not among them"
    assert url("link_add") not in read(clerk.get(url("links")))
    assert clerk.post(url("link_terms", tie.pk), {"shares": FOUR}).status_code == 403
    assert cast.client("clerk_of_other_county").get(url("link_terms", other.pk)).status_code == 404
    assert not PairTerms.objects.exists()


def test_the_clerk_binds_two_schools_and_ends_the_tie(cast: Any, read: Any) -> None:
    clerk = cast.client("bureau_clerk")
    form = {"supporting": cast.yucai.pk, "supported": cast.yucai.pk, "kind": "assistance", "start": "2026-09-01"}
    refused = clerk.post(url("link_add"), form)
    assert refused.status_code == 422
    assert "请选择另一所学校" in read(refused)
    assert clerk.post(url("link_add"), form | {"supported": cast.hedong.pk}).status_code == 302
    twice = clerk.post(url("link_add"), form | {"supported": cast.hedong.pk})
    assert twice.status_code == 422
    assert "已经以这种方式结对" in read(twice)
    tie = SchoolTie.objects.get()
    on = timezone.localdate().isoformat()
    assert clerk.post(url("link_end", tie.pk), {"on": on, "reason": ""}).status_code == 422
    assert clerk.post(url("link_end", tie.pk), {"on": on, "reason": "期满"}).status_code == 302
    assert len(clerk.get(url("links")).context["table"].data) == 0


def test_pairs_are_found_by_what_they_share(cast: Any) -> None:
    one, other = tied(cast.yucai, cast.hedong), tied(cast.yucai, cast.xishan)
    by = cast.users["bureau_clerk"]
    given = {"document_number": ""}
    actions.set_pair_terms(one, {"shares": ["staff"], "activities": "互派教师", **given}, on=SINCE, by=by)
    actions.set_pair_terms(other, {"shares": ["ideas"], "activities": "", **given}, on=SINCE, by=by)
    clerk = cast.client("bureau_clerk")

    def found(**asked: str) -> set[int]:
        return {each.tie.pk for each in clerk.get(url("links"), asked).context["table"].data}

    assert found(shares="staff") == {one.pk}
    assert found(named="no") == {other.pk}
    assert found(q="西山") == {other.pk}
    assert found(kind="group") == set()
    assert "人员共用" in clerk.get(url("links"), {"export": "csv"}).content.decode()


# --- advanced urban schools -----------------------------------------------------------------------------------------


@pytest.mark.covers("R-195")
def test_advanced_urban_schools_without_a_rural_pair_or_lasting_activities_are_named(cast: Any, read: Any) -> None:
    def classed(school: Organisation, locale: str, strength: str) -> None:
        SchoolState.objects.filter(school=school).update(locale=locale, strength=strength)

    classed(cast.yucai, "urban", "strong")
    classed(cast.hedong, "urban", "ordinary")
    classed(cast.xishan, "town", "ordinary")
    tie, clerk = tied(cast.yucai, cast.xishan), cast.client("bureau_clerk")
    assert "有 1 所城区优质学校没有与乡村学校结对" in read(clerk.get(url("links"))), "a town is no countryside"
    listed = clerk.get(url("schools"), {"locale": "urban", "strength": "strong", "paired": "no"})
    assert [each.school_id for each in listed.context["table"].data] == [cast.yucai.pk]
    classed(cast.xishan, "rural", "ordinary")
    page = read(clerk.get(url("links")))
    assert "城区优质学校没有与乡村学校结对" not in page
    assert "有 1 对没有写明常年开展的活动" in page
    values = {"shares": [], "activities": "每学期两次同课异构", "document_number": ""}
    actions.set_pair_terms(tie, values, on=SINCE, by=cast.users["bureau_clerk"])
    assert "没有写明常年开展的活动" not in read(clerk.get(url("links")))
    SchoolTie.objects.filter(pk=tie.pk).update(end=timezone.localdate() - timedelta(days=1))
    assert "有 1 所城区优质学校没有与乡村学校结对" in read(clerk.get(url("links"))), "the tie has run out"


# --- zones ----------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-188")
def test_a_zone_names_its_main_school_and_what_the_branches_share_with_it(cast: Any, read: Any) -> None:
    SchoolState.objects.filter(school__in=(cast.yucai, cast.xishan)).update(group="城区第一片区")
    clerk = cast.client("bureau_clerk")
    form = {
        "kind": "zone", "main": cast.yucai.pk, "shares": [each.value for each in ZONE], "entered_from": "2026-09-01",
    }  # fmt: skip
    outsider = clerk.post(url("group_set", cast.xishan.pk), form | {"main": cast.hedong.pk})
    assert outsider.status_code == 422, "the main school is one of the zone"
    assert clerk.post(url("group_set", cast.xishan.pk), form).status_code == 302
    terms = GroupTerms.objects.current().get()
    assert terms.has_all(ZONE)
    row = clerk.get(url("groups")).context["table"].data[0]
    assert (row["name"], row["main"], row["others"], row["count"]) == (
        "城区第一片区", cast.yucai.shown, cast.xishan.shown, 2,
    )  # fmt: skip
    page = read(clerk.get(url("school", cast.xishan.pk), {"tab": "history"}))
    assert "片区" in page
    assert "人员共用、管理同步、理念共享、设备共享" in page
    assert clerk.post(url("group_end", terms.pk), {"on": "2026-11-01", "reason": "调整"}).status_code == 302
    assert clerk.get(url("groups")).context["table"].data[0]["main"] is None
    assert [each.action for each in AuditEvent.objects.filter(action__startswith="staffing.group_terms")] == [
        "staffing.group_terms.ended", "staffing.group_terms.set",
    ]  # fmt: skip


def test_a_school_of_no_group_leads_back_to_the_groups(cast: Any, read: Any) -> None:
    answer = cast.client("bureau_clerk").get(url("group_set", cast.yucai.pk), follow=True)
    assert "这所学校没有登记教育集团或片区" in read(answer)


# --- outside the county ---------------------------------------------------------------------------------------------


@pytest.mark.covers("R-197")
def test_a_district_elsewhere_is_on_record_with_programme_dates_and_paper(cast: Any, read: Any) -> None:
    clerk = cast.client("bureau_clerk")
    form = {
        "partner": "远山市临江区教育局", "programme": "教师结对提升", "whole_county": "on", "start": "2026-03-01",
        "contents": "每年互派骨干教师", "document_number": "远教〔2026〕8号", "entered_from": "2026-03-01",
    }  # fmt: skip
    assert clerk.post(url("outside_partner_add"), form | {"end": "2025-01-01"}).status_code == 422
    assert clerk.post(url("outside_partner_add"), form).status_code == 302
    held = OutsidePartner.objects.current().get()
    assert (held.whole_county, held.county) == (True, cast.county)
    more = form | {"contents": "每年互派骨干教师和校长", "entered_from": "2026-09-01"}
    assert clerk.post(url("outside_partner_change", held.pk), more).status_code == 302
    assert OutsidePartner.objects.as_of(date(2026, 8, 31)).get().contents == "每年互派骨干教师"
    for reader in ("principal", "leading_group"):
        page = read(cast.client(reader).get(url("outside_partners")))
        assert "远山市临江区教育局" in page
        assert "每年互派骨干教师和校长" in page
    assert "远山市" not in read(cast.client("clerk_of_other_county").get(url("outside_partners")))
    now = OutsidePartner.objects.current().get()
    assert clerk.post(url("outside_partner_end", now.pk), {"on": "2026-11-01", "reason": "期满"}).status_code == 302
    assert not OutsidePartner.objects.current().exists()
    assert deeds("staffing.outside_partner.ended")[0].reason == "期满"


# --- pairs of teachers ----------------------------------------------------------------------------------------------

BOTH = {
    "supporting_number": "T0001", "supporting_name": "安丽丝", "supported_number": "T0003", "supported_name": "曾可柔",
    "aim": "每月互听两节课", "start": "2026-09-01",
}  # fmt: skip


@pytest.mark.covers("R-196")
def test_two_teachers_are_paired_beside_their_schools_and_both_files_say_so(cast: Any, read: Any) -> None:
    tied(cast.yucai, cast.xishan)
    clerk = cast.client("school_clerk")
    assert clerk.post(url("teacher_tie_add"), BOTH).status_code == 302
    tie = TeacherTie.objects.get()
    alice, carol = cast.teachers["alice"], cast.teachers["carol"]
    assert (tie.supporting, tie.supported) == (alice, carol)
    assert "支援 曾可柔" in read(clerk.get(url("teacher", alice.pk)))
    assert "安丽丝" in read(cast.client("principal_of_xishan").get(url("teacher", carol.pk)))
    assert [(each.name, each.supports) for each in companions_of(carol, date(2026, 9, 2))] == [("安丽丝", False)]
    assert companions_of(carol, date(2026, 8, 31)) == []
    seen = [
        (each.subject_id if hasattr(each, "subject_id") else each.object_id)
        for each in deeds("staffing.teacher_tie.added")
    ]
    assert seen == [str(alice.pk), str(carol.pk)], "in the trail of both files"


@pytest.mark.covers("R-196")
def test_either_school_ends_the_pair_and_no_third_one(cast: Any) -> None:
    by = cast.users["bureau_clerk"]
    alice, bob, carol = (cast.teachers[name] for name in ("alice", "bob", "carol"))
    tie = actions.tie_teachers(alice, carol, aim="x", start=SINCE, by=by)
    other = actions.tie_teachers(bob, carol, aim="x", start=SINCE, by=by)
    clerk = cast.client("school_clerk")
    form = {"on": timezone.localdate().isoformat(), "reason": "期满"}
    assert clerk.post(url("teacher_tie_end", other.pk), form).status_code == 404
    assert clerk.post(url("teacher_tie_end", tie.pk), form | {"reason": ""}).status_code == 422
    assert clerk.post(url("teacher_tie_end", tie.pk), form).status_code == 302
    assert companions_of(alice, timezone.localdate()) == []
    with pytest.raises(RefusedError):
        actions.end_teacher_tie(tie, on=timezone.localdate(), reason="again", by=by)


@pytest.mark.covers("R-196")
def test_a_pair_needs_two_teachers_of_the_county_by_number_and_name(cast: Any, read: Any) -> None:
    clerk = cast.client("school_clerk")
    wrong = clerk.post(url("teacher_tie_add"), BOTH | {"supported_name": "别人"})
    assert wrong.status_code == 422
    assert "本县没有这个工号和姓名的教师" in read(wrong)
    assert "曾可柔" not in read(wrong), "a number alone does not tell whose it is"
    strangers = BOTH | {"supporting_number": "T0002", "supporting_name": "单博文"}
    refused = clerk.post(url("teacher_tie_add"), strangers)
    assert "至少一位的人事关系应在您管理的学校" in read(refused)
    same = BOTH | {"supported_number": "T0001", "supported_name": "安丽丝"}
    assert "请选择另一位教师" in read(clerk.post(url("teacher_tie_add"), same))
    backwards = clerk.post(url("teacher_tie_add"), BOTH | {"end": "2026-08-01"})
    assert "结束日期不能早于开始日期" in read(backwards)
    assert not TeacherTie.objects.exists()
    assert clerk.post(url("teacher_tie_add"), BOTH).status_code == 302
    assert "这两位教师已经结对" in read(clerk.post(url("teacher_tie_add"), BOTH))


@pytest.mark.covers("R-196")
def test_a_teacher_reads_with_whom_he_is_paired(cast: Any, read: Any) -> None:
    alice = cast.teachers["alice"]
    alice.user = cast.users["teacher"]
    alice.save()
    actions.tie_teachers(
        cast.teachers["carol"], alice, aim="每月互听两节课", start=SINCE, by=cast.users["bureau_clerk"]
    )
    page = read(cast.client("teacher").get(url("own_file")))
    assert "曾可柔" in page
    assert "每月互听两节课" in page
    assert cast.client("teacher").get(url("teacher_ties")).status_code == 403
