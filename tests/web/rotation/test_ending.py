"""The end: summaries compared, the outcome's chain, certificates that can be checked, the archive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from junheng.documents.official import chinese_date
from junheng.facts import Grade
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import papers, similarity
from junheng.web.rotation.actions import archiving, certificates, outcomes, serving
from junheng.web.rotation.actions.placing_ends import end_placement
from junheng.web.rotation.cycle import ClosedPhaseError
from junheng.web.rotation.models import (
    Attendance,
    Certificate,
    Outcome,
    OutcomeStage,
    RotationYear,
    Summary,
    Task,
    TaskKind,
)
from junheng.web.staffing.models import AssessmentEntry
from junheng.web.staffing.refusal import RefusedError

MARKS = dict.fromkeys(outcomes.HEADINGS, 90)
OWN = "一年来我在河东小学承担五年级两个班的数学教学，每周听课两节，带教两名青年教师，组织了三次教研活动。"


class Ending:
    """Alice's placement in September after its end, and everybody who has to do with its outcome."""

    def __init__(self, cast: Any, service: Any) -> None:
        self.cast, self.now = cast, service.now(9, 2, year=2027)
        self.held = service.placed(service.year())
        self.held.year.previous = None
        end_placement(self.held, service.ends, None, "期满")
        self.held.refresh_from_db()
        self.teacher, self.host = cast.users["teacher"], cast.users["principal_of_hedong"]
        self.cluster, self.clerk = cast.users["cluster_head"], cast.users["bureau_clerk"]

    def summary(self, text: str = OWN) -> Summary:
        return outcomes.submit_summary(self.held, text=text, by=self.teacher, at=self.now)

    def propose(self, grade: Grade = Grade.EXCELLENT, vetoes: tuple[str, ...] = ()) -> Outcome:
        return outcomes.propose(
            self.held, marks=MARKS, vetoes=list(vetoes), grade=grade, opinion="建议优秀", by=self.host, at=self.now
        )

    def to_bureau(self) -> Outcome:
        self.summary()
        return outcomes.sign(self.propose(), opinion="同意", by=self.cluster, at=self.now)

    def archived(self, *, as_annual: bool = False) -> Outcome:
        found = self.to_bureau()
        return outcomes.archive(found, opinion="同意", as_annual=as_annual, by=self.clerk, at=self.now)

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"rotation:{name}", args=(self.held.year_id, *more))


@pytest.fixture
def ending(cast: Any, service: Any) -> Ending:
    """The end of alice's placement."""
    return Ending(cast, service)


# --- likeness -------------------------------------------------------------------------------------------------------


def test_a_text_is_wholly_like_itself_whatever_the_punctuation_and_not_like_another() -> None:
    assert similarity.share_of(OWN, OWN.replace("，", " ").replace("。", "\n")) == 100
    assert similarity.share_of(OWN, "我校地处山区，学生少，老师少，冬天路不好走，但大家都很热情。") == 0
    half = OWN + "另一半是别处没有的话，写的是山里的孩子和下雪天的早读，以及我学会的方言。"
    assert 40 < similarity.share_of(half, OWN) < 60
    assert similarity.share_of("", OWN) == 0


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_share_is_a_percentage_and_a_part_is_wholly_in_the_whole(one: str, other: str) -> None:
    assert 0 <= similarity.share_of(one, other) <= 100
    if len(similarity.shingles(one)) > 1:
        assert similarity.share_of(one, other + one) == 100


@pytest.mark.covers("R-221")
def test_a_copied_summary_shows_share_and_source_to_those_who_judge_and_nothing_happens(
    cast: Any, service: Any, ending: Ending
) -> None:
    first = ending.summary()
    assert (first.share, first.likest) == (0.0, None)
    other = service.placed(ending.held.year, "bob", from_school=cast.hedong, to_school=cast.yucai)
    copied = outcomes.submit_summary(other, text=OWN + "谢谢领导。", by=cast.users["teacher_of_hedong"], at=ending.now)
    assert copied.likest == first
    assert copied.share > 80
    page = reverse("rotation:outcome", args=(other.year_id, other.pk))
    assert f"{copied.share:.1f}%" in cast.client("principal").get(page).content.decode()
    assert (
        "%" not in cast.client("teacher_of_hedong").get(page).content.decode().split("<main")[1].split("考核</h2>")[0]
    )
    assert "重合" in cast.client("bureau_clerk").get(ending.url("outcomes")).content.decode()
    outcomes.propose(
        other, marks=MARKS, vetoes=[], grade=Grade.QUALIFIED, opinion="", by=cast.users["principal"], at=ending.now
    )  # no automatic punishment


def test_a_summary_may_be_written_anew_until_the_archive(ending: Ending) -> None:
    first = ending.summary()
    assert ending.summary() == first
    assert ending.summary("另写一份，改了很多").version == 2
    found = outcomes.sign(ending.propose(), opinion="同意", by=ending.cluster, at=ending.now)
    outcomes.archive(found, opinion="", as_annual=False, by=ending.clerk, at=ending.now)
    with pytest.raises(RefusedError, match="已经归档"):
        ending.summary("再改")


# --- the chain ------------------------------------------------------------------------------------------------------


@pytest.mark.covers("R-236")
def test_the_host_proposes_the_cluster_signs_the_bureau_audits_and_it_is_filed(
    cast: Any, service: Any, ending: Ending
) -> None:
    with pytest.raises(RefusedError, match="总结"):
        ending.propose()
    ending.summary()
    form = {f"mark_{name}": "90" for name in MARKS} | {"grade": "excellent", "opinion": "建议优秀"}
    add = ending.url("service_add", ending.held.pk, "outcome")
    assert cast.client("principal").get(add).status_code == 404
    assert cast.client("principal_of_hedong").post(add, form).status_code == 302
    found = Outcome.objects.get()
    assert found.stage == OutcomeStage.CLUSTER
    for name, code in (("bureau_clerk", 404), ("principal_of_hedong", 403), ("cluster_head", 302)):
        deed = ending.url("outcome_deed", ending.held.pk, "sign")
        assert cast.client(name).post(deed, {"opinion": "同意"}).status_code == code, name
    archive = ending.url("outcome_deed", ending.held.pk, "archive")
    assert cast.client("cluster_head").post(archive, {"opinion": "同意"}).status_code == 404
    assert cast.client("bureau_clerk").post(archive, {"opinion": "同意", "as_annual": "on"}).status_code == 302
    found.refresh_from_db()
    assert found.stage == OutcomeStage.ARCHIVED
    assert list(found.steps.values_list("stage", "deed")) == [
        ("host", "proposed"), ("cluster", "signed"), ("bureau", "archived"),
    ]  # fmt: skip
    filed = AssessmentEntry.objects.get(teacher=ending.held.teacher)
    assert (filed.year, filed.grade, filed.score, filed.ethics_passed) == (2027, "excellent", 90.0, True)
    assert filed.source == f"rotation:{ending.held.pk}"
    page = cast.client("teacher").get(ending.url("outcome", ending.held.pk)).content.decode()
    for shown in ("是否调动人事关系", "2026-09", "2027-08", "云山县河东小学"):
        assert shown in page


def test_no_step_is_skipped_or_taken_twice(ending: Ending) -> None:
    ending.summary()
    found = ending.propose()
    assert ending.propose() == found
    with pytest.raises(RefusedError, match="先由对方退回"):
        ending.propose(Grade.QUALIFIED)
    with pytest.raises(RefusedError, match="学区签署"):
        outcomes.archive(found, opinion="", as_annual=False, by=ending.clerk, at=ending.now)
    with pytest.raises(RefusedError, match="他人"):
        outcomes.sign(found, opinion="同意", by=ending.host, at=ending.now)
    outcomes.sign(found, opinion="同意", by=ending.cluster, at=ending.now)
    with pytest.raises(RefusedError, match="县局审核"):
        outcomes.sign(found, opinion="同意", by=ending.cluster, at=ending.now)
    outcomes.send_back(found, opinion="绩一项依据不足", by=ending.clerk, at=ending.now)
    again = ending.propose(Grade.QUALIFIED)
    assert (again.pk, again.stage, again.grade) == (found.pk, OutcomeStage.CLUSTER, "qualified")
    outcomes.sign(again, opinion="同意", by=ending.cluster, at=ending.now)  # the cluster signs the new proposal


def test_a_veto_leaves_only_the_lowest_grade_and_every_heading_is_marked(ending: Ending) -> None:
    ending.summary()
    with pytest.raises(RefusedError, match="不合格"):
        ending.propose(vetoes=("absence",))
    with pytest.raises(RefusedError, match="没有这样"):
        ending.propose(Grade.UNQUALIFIED, vetoes=("colour",))
    with pytest.raises(RefusedError, match="各项"):
        outcomes.propose(
            ending.held, marks={"morals": 90}, vetoes=[], grade=Grade.QUALIFIED, opinion="", by=ending.host,
            at=ending.now,
        )  # fmt: skip
    assert ending.propose(Grade.UNQUALIFIED, vetoes=("absence",)).grade == "unqualified"


def test_the_outcome_form_tells_what_was_not_registered_or_judged(cast: Any, ending: Ending) -> None:
    ending.to_bureau()
    address = papers.address(ending.held.year, "outcome", ending.held.pk)
    assert "未登记" in cast.client("bureau_clerk").get(address).content.decode()
    assert "0 / 0项" in cast.client("bureau_clerk").get(address).content.decode()
    Attendance.objects.create(
        placement=ending.held, month=date(2026, 9, 1), present_days=20, due_days=21, entered_by=ending.host,
        entered_at=ending.now,
    )  # fmt: skip
    for met in (True, False, None):
        Task.objects.create(
            placement=ending.held,
            kind="teaching",
            target=1,
            words="示范课",
            met=met,
            set_by=ending.host,
            set_at=ending.now,
        )
    read = cast.client("bureau_clerk").get(address).content.decode()
    assert "20 / 21天，11个月未登记" in read
    assert "1 / 2项，1项未认定" in read


def test_an_objection_holds_the_archive_and_sends_back_what_it_upsets(cast: Any, ending: Ending) -> None:
    found = ending.to_bureau()
    deed = ending.url("outcome_deed", ending.held.pk, "object")
    assert cast.client("teacher_of_hedong").get(deed).status_code == 404
    assert cast.client("teacher").post(deed, {"words": "漏计两次示范课"}).status_code == 302
    with pytest.raises(RefusedError, match="异议"):
        outcomes.archive(found, opinion="", as_annual=False, by=ending.clerk, at=ending.now)
    answer = ending.url("outcome_deed", ending.held.pk, "answer")
    assert cast.client("cluster_head").get(answer).status_code == 404
    archive = ending.url("outcome_deed", ending.held.pk, "archive")
    assert cast.client("bureau_clerk").get(archive).status_code == 404, "not offered while it waits"
    read = cast.client("bureau_clerk").get(answer).content.decode()
    assert "漏计两次示范课" in read
    assert "等次" in read
    assert cast.client("bureau_clerk").post(answer, {"upheld": "1", "answer": "属实"}).status_code == 302
    found.refresh_from_db()
    assert found.stage == OutcomeStage.HOST


def test_a_year_that_has_an_assessment_is_not_given_another(ending: Ending) -> None:
    AssessmentEntry.objects.create(
        teacher=ending.held.teacher, year=2027, grade="qualified", valid_from=date(2027, 7, 1), source="test"
    )
    found = ending.to_bureau()
    with pytest.raises(RefusedError, match="2027"):
        outcomes.archive(found, opinion="", as_annual=True, by=ending.clerk, at=ending.now)
    found.refresh_from_db()
    assert found.stage == OutcomeStage.BUREAU
    outcomes.archive(found, opinion="", as_annual=False, by=ending.clerk, at=ending.now)
    assert AssessmentEntry.objects.filter(teacher=ending.held.teacher).count() == 1


def test_outcomes_are_closed_before_their_phase(cast: Any, service: Any, ending: Ending) -> None:
    with pytest.raises(ClosedPhaseError):
        outcomes.submit_summary(ending.held, text=OWN, by=ending.teacher, at=service.at(9, 20, year=2027))


# --- certificates ---------------------------------------------------------------------------------------------------


def check(code: str) -> str:
    return Client().get(reverse("rotation:certificate_check"), {"code": code}).content.decode()


def test_a_certificate_is_issued_once_after_the_archive(ending: Ending) -> None:
    with pytest.raises(RefusedError, match="归档"):
        certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    ending.archived()
    paper = certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    assert certificates.issue(ending.held, by=ending.clerk, at=ending.now) == paper
    assert (paper.number, paper.content["months"], paper.content["grade"]) == ("990101-2026-T0001", 12, "优秀")


def test_anybody_checks_a_code_and_sees_only_what_is_on_the_certificate(ending: Ending) -> None:
    ending.archived()
    paper = certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    page = check(paper.code.lower().replace("-", " "))
    assert "证明有效" in page
    for value in paper.content.values():
        assert str(value) in page
    for hidden in ("990101198505120028", "1985", "T0001（", "建议优秀", OWN[:20]):
        assert hidden not in page
    assert "没有这个验证码" in check("AAAAA-AAAAA-AAAAA-AAAAA")
    assert "没有这个验证码" in check(paper.number)
    assert "证明有效" not in check("")


@pytest.mark.parametrize("field", ["name", "grade", "months", "end", "host"])
def test_a_certificate_changed_in_the_database_is_found_out(ending: Ending, field: str) -> None:
    ending.archived()
    paper = certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    Certificate.objects.filter(pk=paper.pk).update(content=paper.content | {field: "改过"})
    page = check(paper.code)
    assert "不一致" in page
    assert "改过" not in page


def test_a_forger_who_mends_the_digest_too_is_caught_by_the_chain(ending: Ending) -> None:
    ending.archived()
    paper = certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    forged = paper.content | {"months": 36}
    digest = certificates.digest(paper.number, paper.code, forged)
    Certificate.objects.filter(pk=paper.pk).update(content=forged, digest=digest)
    assert "不一致" in check(paper.code)
    stranger = Certificate.objects.create(
        placement=ending.held, number="990101-2026-T9999", content=forged, code=certificates.new_code(),
        digest="", issued_on=date(2027, 9, 2), revoked_at=ending.now,
    )  # fmt: skip
    stranger.digest = certificates.digest(stranger.number, stranger.code, forged)
    stranger.save()
    assert "不一致" in check(stranger.code)  # nobody issued it


def test_a_revoked_certificate_says_so_and_another_may_be_issued(cast: Any, ending: Ending) -> None:
    ending.archived()
    paper = certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    url = ending.url("certificate_revoke", paper.pk)
    assert cast.client("cluster_head").get(url).status_code == 403
    assert cast.client("bureau_clerk").post(url, {"reason": "姓名有误"}).status_code == 302
    page = check(paper.code)
    assert "已经作废" in page
    assert "安丽丝" not in page
    assert certificates.issue(ending.held, by=ending.clerk, at=ending.now).number == "990101-2026-T0002"


def test_codes_are_not_guessable_and_read_however_they_are_typed() -> None:
    codes = {certificates.new_code() for _each in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 23 for code in codes)
    assert certificates.read_code(" abcde fghjk-LMNPQ_rstuv ") == "ABCDE-FGHJK-LMNPQ-RSTUV"


# --- the archive ----------------------------------------------------------------------------------------------------


def test_a_year_is_archived_when_everything_required_is_there_and_then_only_read(
    cast: Any, service: Any, ending: Ending
) -> None:
    year = ending.held.year
    now = service.now(9, 20, year=2027)
    missing = {each.label for each in archiving.pieces(year, now) if each.missing and each.required}
    assert missing == {"交流总结", "期满考核已归档"}
    url = ending.url("archive_close")
    assert cast.client("bureau_clerk").post(url).status_code == 403
    with pytest.raises(RefusedError, match="交流总结还差 1"):
        archiving.archive(year, by=cast.users["section_head"], at=now)
    ending.archived()
    with pytest.raises(ClosedPhaseError):
        archiving.archive(year, by=cast.users["section_head"], at=service.at(9, 10, year=2027))
    assert cast.client("section_head").post(url).status_code == 302
    year.refresh_from_db()
    assert year.is_archived
    event = AuditEvent.objects.get(action="rotation.year.archived")
    assert event.after["placements"]["ended"] == 1
    assert event.after["grades"] == {"excellent": 1}
    given: dict[str, Any] = {"by": ending.host, "at": service.at(9, 10, year=2027)}
    for act in (
        lambda: serving.give_task(ending.held, kind=TaskKind.TEACHING, words="", target=1, due=None, **given),
        lambda: outcomes.submit_summary(ending.held, text="x", **given),
        lambda: certificates.issue(ending.held, **given),
    ):
        with pytest.raises(ClosedPhaseError, match="归档"):
            act()
    with pytest.raises(RefusedError, match="归档"):
        serving.set_settings(year, report_due_day=9, warning_days=[1], similar_percent=1, by=ending.clerk)
    page = cast.client("teacher").get(ending.url("service", ending.held.pk))
    assert page.status_code == 200
    assert "service_add" not in page.content.decode()
    assert "/add/" not in page.content.decode()


def test_the_next_year_starts_from_the_archive_of_the_one_before(cast: Any, service: Any, ending: Ending) -> None:
    year = ending.held.year
    url = ending.url("archive_next")
    given = {"on": "2027-08-31", "first": "2027-10-08", "starts": "2028-02-14", "ends": "2029-01-31"}
    service.now(9, 20, year=2027)
    clerk = cast.client("bureau_clerk")
    assert clerk.post(url, given).status_code == 422
    RotationYear.objects.filter(pk=year.pk).update(archived_at=ending.now, parameters={"title_months": 24})
    assert clerk.post(url, given).status_code == 302
    following = RotationYear.objects.get(previous=year)
    assert (following.year, following.pack_digest, following.parameters) == (
        2027,
        year.pack_digest,
        {"title_months": 24},
    )
    assert following.phases.count() == year.phases.count()
    assert clerk.post(url, given).status_code == 422
    assert RotationYear.objects.filter(county=cast.county).count() == 2


# --- papers ---------------------------------------------------------------------------------------------------------


def paper(cast: Any, who: str, ending: Ending, kind: str, key: Any) -> Any:
    return cast.client(who).get(papers.address(ending.held.year, kind, key))


def test_form_summary_and_certificate_are_printed_for_those_concerned_only(cast: Any, ending: Ending) -> None:
    found = ending.archived()
    paper_of = certificates.issue(ending.held, by=ending.clerk, at=ending.now)
    for kind, key, shown in (
        ("summary", ending.held.pk, "安丽丝"), ("outcome", ending.held.pk, "建议优秀"),
        ("certificate", paper_of.pk, paper_of.code),
    ):  # fmt: skip
        for who in ("teacher", "principal", "principal_of_hedong", "bureau_clerk"):
            assert shown in paper(cast, who, ending, kind, key).content.decode(), (kind, who)
        assert paper(cast, "principal_of_xishan", ending, kind, key).status_code == 404
        assert paper(cast, "clerk_of_other_county", ending, kind, key).status_code == 404
    page = paper(cast, "teacher", ending, "outcome", ending.held.pk).content.decode()
    assert page.count("等次：优秀") == 3
    shown = paper(cast, "teacher", ending, "certificate", paper_of.pk).content.decode()
    assert f"至{chinese_date(ending.held.ended_on)}" in shown
    assert found.stage == OutcomeStage.ARCHIVED
    certificates.revoke(paper_of, reason="x", by=ending.clerk, at=ending.now)
    assert paper(cast, "teacher", ending, "certificate", paper_of.pk).status_code == 404


def test_an_opinion_that_was_returned_is_not_on_the_form(cast: Any, ending: Ending) -> None:
    found = ending.to_bureau()
    outcomes.send_back(found, opinion="重评", by=ending.clerk, at=ending.now)
    ending.propose(Grade.QUALIFIED)
    page = paper(cast, "bureau_clerk", ending, "outcome", ending.held.pk).content.decode()
    assert page.count("等次：合格") == 1
    assert "等次：优秀" not in page
