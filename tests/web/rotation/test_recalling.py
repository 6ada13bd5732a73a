"""Whoever is on secondment past its end is called back by a numbered notice; the return or the vacancy is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from junheng.web.records.models import AuditEvent, Notification
from junheng.web.rotation import expiring, papers
from junheng.web.rotation.actions import recalling as actions
from junheng.web.rotation.models import RecallOutcome, SecondmentRecall
from junheng.web.rotation.workdays import Workdays
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.models import AppointmentEntry, NotInPostEntry, SecondmentEntry
from junheng.web.staffing.refusal import RefusedError

BEGUN, OVER = date(2025, 9, 1), date(2027, 2, 28)


@pytest.fixture
def year(service: Any, cast: Any) -> Any:
    """A year in service on 10 March; the secondment of Alice of 育才 ended ten days ago."""
    service.now(3, 10)
    SecondmentEntry.objects.create(
        teacher=cast.teachers["alice"], direction="out", unit="县文旅局", start=BEGUN, end=OVER,
        document_number="云教〔2025〕3号", valid_from=BEGUN, source="test",
    )  # fmt: skip
    return service.year()


@pytest.fixture
def recalled(year: Any, cast: Any) -> Callable[..., SecondmentRecall]:
    """Issues the notice to the first who is to return."""

    def made(**given: Any) -> SecondmentRecall:
        words = {
            "number": "云教人〔2027〕8号", "issued_on": date(2027, 3, 9), "days": 10, "by": cast.users["bureau_clerk"]
        } | given  # fmt: skip
        return actions.recall(year, expiring.to_return(year.county, date(2027, 3, 10))[0], **words)

    return made


def settle(cast: Any, found: SecondmentRecall, outcome: str = "returned", **given: Any) -> SecondmentRecall:
    """Records what came of it."""
    words = {"on": date(2027, 3, 10), "reason": "单位不放人", "by": cast.users["bureau_clerk"]} | given
    return actions.settle(found, outcome=outcome, **words)


def waiting(year: Any) -> list[expiring.Overdue]:
    """Who is to return on the day of the tests."""
    return expiring.to_return(year.county, date(2027, 3, 10))


def not_in_post(year: Any) -> int:
    """How many the county's figures of the day count as on the establishment but not in post."""
    rows = figures_of(year.county, date(2027, 3, 10)).establishment.rows
    return sum(each.not_in_post for each in rows)


def test_a_notice_has_its_number_its_term_in_working_days_and_reaches_teacher_and_school(
    recalled: Any, year: Any, cast: Any
) -> None:
    made = recalled()
    assert made.return_by == Workdays.of(year.county).after(date(2027, 3, 9), 10)
    assert (made.unit, made.start, made.end, made.outcome) == ("县文旅局", BEGUN, OVER, "")
    told = Notification.objects.filter(kind="rotation.secondment.recalled").values_list("recipient", flat=True)
    assert {cast.users["teacher"].pk, cast.users["principal"].pk, cast.users["school_clerk"].pk} <= set(told)
    assert AuditEvent.objects.get(action="rotation.secondment.recalled").after["number"] == made.number
    assert recalled() == made
    with pytest.raises(RefusedError, match="不再重复"):
        recalled(number="云教人〔2027〕9号")


@pytest.mark.parametrize(("day", "said"), [(date(2027, 3, 11), "今天"), (OVER, "到期以后")])
def test_a_notice_is_issued_after_the_end_and_not_ahead(recalled: Any, day: date, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        recalled(issued_on=day)
    assert not SecondmentRecall.objects.exists()


@pytest.mark.covers("R-228")
def test_a_return_ends_the_secondment_in_the_register_and_in_the_file(recalled: Any, year: Any, cast: Any) -> None:
    teacher = cast.teachers["alice"]
    AppointmentEntry.objects.create(
        teacher=teacher, school_name="县文旅局", kind="secondment", start=BEGUN, end=OVER, valid_from=BEGUN,
        source="test",
    )  # fmt: skip
    assert [each.teacher for each in waiting(year)] == [teacher]
    back = settle(cast, recalled())
    assert settle(cast, back) == back
    assert not SecondmentEntry.objects.current().filter(teacher=teacher).exists()
    assert AppointmentEntry.objects.current().get(teacher=teacher, kind="secondment").end == date(2027, 3, 9)
    assert waiting(year) == []
    assert AuditEvent.objects.filter(action="staffing.secondment.ended").count() == 1
    with pytest.raises(RefusedError, match="已登记"):
        settle(cast, back, "vacant")


@pytest.mark.covers("R-228")
def test_who_cannot_return_is_entered_as_not_in_post_and_may_still_come_back(
    recalled: Any, year: Any, cast: Any
) -> None:
    found = recalled()
    assert not_in_post(year) == 0
    with pytest.raises(RefusedError, match="原因"):
        settle(cast, found, "vacant", reason=" ")
    settle(cast, found, "vacant")
    entry = NotInPostEntry.objects.current().get(teacher=cast.teachers["alice"])
    assert (entry.reason, entry.since) == ("lent", date(2027, 3, 1))
    assert found.number in entry.action_taken
    assert not_in_post(year) == 1
    assert [each.recall.outcome for each in waiting(year) if each.recall] == [RecallOutcome.VACANT]
    settle(cast, found, "returned")
    assert not NotInPostEntry.objects.current().filter(teacher=cast.teachers["alice"]).exists()
    assert not_in_post(year) == 0
    assert waiting(year) == []


@pytest.mark.parametrize("day", [OVER, date(2027, 3, 11)])
def test_nobody_returns_before_the_end_or_tomorrow(recalled: Any, cast: Any, day: date) -> None:
    with pytest.raises(RefusedError, match="日期应在"):
        settle(cast, recalled(), on=day)


@pytest.mark.covers("R-228")
def test_the_bureau_goes_from_the_list_to_the_notice_its_paper_and_the_return(year: Any, cast: Any) -> None:
    client, listed = cast.client("bureau_clerk"), reverse("rotation:secondments", args=(year.pk,))
    new = reverse("rotation:recall_new", args=(year.pk, cast.teachers["alice"].pk))
    assert new in client.get(listed).content.decode()
    form = {"number": "云教人〔2027〕8号", "issued_on": "2027-03-09", "days": "10"}
    assert client.post(new, form | {"days": "0"}).status_code == 422
    assert client.post(new, form)["Location"] == listed
    made = SecondmentRecall.objects.get()
    paper = client.get(papers.address(year, "recall", made.pk)).content.decode()
    for seen in ("云教人〔2027〕8号", "县文旅局", "10个工作日", cast.yucai.name):
        assert seen in paper
    assert cast.client("principal").get(papers.address(year, "recall", made.pk)).status_code == 404
    outcome = reverse("rotation:recall_settle", args=(year.pk, made.pk))
    assert outcome in client.get(listed).content.decode()
    client.post(outcome, {"outcome": "vacant", "on": "2027-03-10", "reason": "单位不放人"})
    assert "其中不能返回的 1 人" in client.get(listed).content.decode()
    client.post(outcome, {"outcome": "returned", "on": "2027-03-10", "reason": ""})
    after = client.get(listed).content.decode()
    assert outcome not in after
    assert "2027-03-10" in after
    assert client.get(new).status_code == 404
