"""The end of a year: summaries, outcomes through host, cluster and bureau, certificates, the archive."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from junheng.facts import Grade
from junheng.web.reporting.demo.words import word
from junheng.web.reporting.demo.years.programme import Programme
from junheng.web.rotation.actions import archiving, certificates, outcomes
from junheng.web.rotation.models import Outcome, OutcomeStage


def sum_up(programme: Programme) -> None:
    """Everybody writes what he has done and what came of it."""
    for each in programme.placements():
        text = "\n".join(programme.one_of(name) for name in ("summary_1", "summary_2", "summary_3"))
        opening = word("service", "summary", each.to_school.name, each.from_school.name)
        by = programme.company.teacher(each.teacher)
        outcomes.submit_summary(each, text=f"{opening}\n{text}", by=by, at=timezone.now())


def propose(programme: Programme) -> None:
    """The hosts propose a grade."""
    for place, each in enumerate(programme.placements()):
        grade = (Grade.EXCELLENT, Grade.QUALIFIED, Grade.QUALIFIED, Grade.BASIC)[min(place % 5, 3)]
        low = {Grade.EXCELLENT: 90, Grade.QUALIFIED: 78, Grade.BASIC: 64}[grade]
        marks = {name: low + programme.dice.randrange(9) for name in outcomes.HEADINGS}
        outcomes.propose(
            each, marks=marks, vetoes=(), grade=grade, opinion=word("service", f"grade_{grade.value}"),
            by=programme.company.principal(each.to_school), at=timezone.now(),
        )  # fmt: skip


def object_to(programme: Programme) -> None:
    """One teacher finds his grade too low, and is answered."""
    found = _at(programme, OutcomeStage.CLUSTER, OutcomeStage.BUREAU)
    for outcome in found[-1:]:
        by = programme.company.teacher(outcome.placement.teacher)
        made = outcomes.object_to(outcome, words=word("service", "grade_objection"), by=by, at=timezone.now())
        outcomes.answer_objection(
            made, upheld=False, answer=word("service", "grade_answer"), by=programme.company.clerk, at=timezone.now()
        )


def sign(programme: Programme) -> None:
    """The heads of the clusters sign."""
    for outcome in _at(programme, OutcomeStage.CLUSTER):
        cluster = outcome.placement.to_school.parent
        if cluster is not None:
            by = programme.company.cluster_head(cluster)
            outcomes.sign(outcome, opinion=word("service", "signed"), by=by, at=timezone.now())


def audit(programme: Programme) -> None:
    """The bureau audits and files each outcome."""
    for outcome in _at(programme, OutcomeStage.BUREAU):
        opinion = word("service", "audited")
        outcomes.archive(outcome, opinion=opinion, as_annual=False, by=programme.company.head, at=timezone.now())


def certify(programme: Programme) -> None:
    """A certificate for everybody; one is issued twice, the first having been taken back."""
    for place, each in enumerate(programme.placements()):
        made = certificates.issue(each, by=programme.company.clerk, at=timezone.now())
        if not place:
            reason = word("service", "revoked")
            certificates.revoke(made, reason=reason, by=programme.company.clerk, at=timezone.now())
            certificates.issue(each, by=programme.company.clerk, at=timezone.now() + timedelta(minutes=5))


def close(programme: Programme) -> None:
    """The year is archived."""
    if programme.placements():
        archiving.archive(programme.year, by=programme.company.head, at=timezone.now())


def _at(programme: Programme, *stages: OutcomeStage) -> list[Outcome]:
    rows = Outcome.objects.filter(placement__year=programme.year, stage__in=stages)
    related = ("placement__teacher__user", "placement__teacher__county", "placement__to_school__parent")
    return list(rows.select_related(*related).order_by("pk"))
