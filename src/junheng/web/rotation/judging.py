"""From the rows of a county to verdicts: the library decides, this keeps what it said.

Facts are those of the snapshot; the pack and its values are those kept with the year. What is stored of a person's
facts is what the library was given, so that the same explanation can be drawn from it at any later time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from junheng import facts
from junheng.facts import Role
from junheng.policy import Explanation, Findings, Pack, ask, decide, explain
from junheng.policy.remembering import recalled, remembered
from junheng.policy.schema import Decide
from junheng.policy.vocabulary import vocabulary
from junheng.web.directory.models import Organisation
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.models import Audience, PhaseKind, RotationYear, Verdict
from junheng.web.staffing import snapshot as taking
from junheng.web.staffing.refusal import RefusedError

RULE, TERMS = "eligibility", "term_limit"
CADRES = frozenset({Role.PRINCIPAL, Role.VICE_PRINCIPAL, Role.DEAN, Role.MID_LEVEL_CADRE})
"""Posts whose holders are cadres."""
APPLIED = "personal_application"
_APPLIED = vocabulary().facts[APPLIED]
STILL_OPEN = (
    (f"{_APPLIED.zh}=是", "是否申请由本人决定"),
    (f"{_APPLIED.en}=yes", "whether to apply is for the teacher to decide"),
)
"""How a reason says that an application was taken as given, and how a verdict tells it."""


class ChangedSnapshotError(RefusedError):
    """The rows of the snapshot's day are no longer those that were fixed."""


def findings_of(year: RotationYear, county: facts.County, parameters: Mapping[str, Any] | None = None) -> Findings:
    """Everybody's verdict under the year's pack; with other values of parameters where they are given."""
    values = year.parameters if parameters is None else dict(parameters)
    return decide(county, pack_of(year), on=year.on, plan_year=year.on.year, parameters=values or None)


def has_applications_ahead(year: RotationYear) -> bool:
    """Whether teachers apply after they are judged."""
    return year.phases.filter(kind=PhaseKind.APPLICATIONS).exists()


def takes_as_given(year: RotationYear) -> bool:
    """Whether verdicts of the year rest on applications that nobody has made yet."""
    return APPLIED in year.pack_source and has_applications_ahead(year)


def before_applications(year: RotationYear, county: facts.County) -> facts.County:
    """The county in which everybody is asked as if he applied, where the year takes applications after the verdicts.

    Whoever may move on his own application has not applied yet when he is judged; what the roster says of it is of an
    earlier year. Without this nobody could ever apply under a clause that asks for an application. The plan asks again
    with the applications that were accepted.
    """
    if not has_applications_ahead(year):
        return county
    return replace(county, teachers=tuple(replace(each, applied=True) for each in county.teachers))


def still_open(reason: str) -> str:
    """A reason in which the application that was taken as given is not told as a fact."""
    for given, told in STILL_OPEN:
        reason = reason.replace(given, told)
    return reason


def _told(reason: str) -> str:
    return reason


@dataclass(frozen=True, slots=True)
class Said:
    """What the pack says of one person, as it is kept in a verdict."""

    teacher_id: str
    school_id: str
    word: str
    standing: str
    clause: str
    because_zh: str
    because_en: str
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    facts_text: str


def can_judge(year: RotationYear) -> bool:
    """Whether the year's pack says who must, may or does not move; a pack of support or posts alone does not."""
    pack = pack_of(year)
    return pack.planning is not None or (year.audience == Audience.CADRES and TERMS in pack.rules)


def judged(year: RotationYear, county: facts.County) -> list[Said]:
    """What is said of everybody whom the year is about: all teachers, or those who hold a post of a cadre.

    Cadres are asked the pack's question about terms where it has one: who has held as many terms as are allowed must
    move, who has not may. Elsewhere they are judged as the pack judges everybody.
    """
    if year.audience == Audience.CADRES and TERMS in pack_of(year).rules:
        return _by_terms(year, county)
    asked = before_applications(year, county)
    findings = findings_of(year, asked)
    say = _told if asked is county else still_open
    texts = dict(remembered(findings.facts))
    said = [
        Said(
            each.teacher_id, each.school_id, each.verdict, each.standing, each.clause, say(each.because_zh),
            say(each.because_en), each.flags, each.missing, texts[each.teacher_id],
        )
        for each in findings.rows()
    ]  # fmt: skip
    if year.audience == Audience.CADRES:
        cadres = {each.id for each in county.teachers if each.role in CADRES}
        return [each for each in said if each.teacher_id in cadres]
    return said


def _by_terms(year: RotationYear, county: facts.County) -> list[Said]:
    people = [each for each in county.teachers if each.role in CADRES]
    asked = [
        {"query": TERMS, "role": each.role.value, "same_school_terms_completed": each.terms_completed,
         "same_school": True}
        for each in people
    ]  # fmt: skip
    cases = [{"id": p.id, "pack": year.pack_code, "facts": facts_} for p, facts_ in zip(people, asked, strict=True)]
    packs, values = {year.pack_code: pack_of(year)}, year.parameters or None
    zh, en = (ask(cases, packs, lang=lang, parameters=values) for lang in ("zh", "en"))
    return [
        Said(
            person.id, person.school_id, first["verdict"],
            {"allowed": "may", "unknown": "no"}.get(first["verdict"], "must"), first.get("clause", ""),
            first["because"], second["because"], tuple(first.get("flags", ())), tuple(first.get("missing", ())), "",
        )
        for person, first, second in zip(people, zh, en, strict=True)
    ]  # fmt: skip


def county_now(year: RotationYear, on: date) -> facts.County:
    """The county as its rows say it on a day. Raises :class:`RefusedError` where they contradict each other."""
    try:
        return taking.county_of(year.county, on)
    except taking.UnsoundCountyError as fault:
        raise RefusedError(str(fault)) from fault


def explanation_of(verdict: Verdict, pack: Pack, lang: str) -> Explanation | None:
    """The tree behind a verdict, drawn from the facts kept with it.

    ``None`` where the pack's rule is not a tree of conditions, or where the verdict rests on something of the whole
    county, such as a ranking, which the reason names.
    """
    rule = pack.rules.get(RULE)
    if not isinstance(rule, Decide) or not verdict.facts_text:
        return None
    known = recalled(pack, verdict.facts_text)
    found = explain(pack, known, query=RULE, lang=lang, parameters=verdict.year.parameters or None)
    return found if found.verdict == verdict.word else None


def schools_by_code(county: Organisation) -> dict[str, Organisation]:
    """The schools of a county by code."""
    return {each.code: each for each in Organisation.objects.filter(county=county, kind="school")}
