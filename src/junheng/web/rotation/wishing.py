"""What a teacher may wish for and why not, how the pack orders those who apply, how a year asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from junheng.facts import Locale
from junheng.facts.calendar import completed_years
from junheng.planning.year import clauses_of_pack
from junheng.policy import Pack, as_applied, ask
from junheng.policy.schema import Rank
from junheng.policy.vocabulary import facts_for, find_fact
from junheng.web.directory.models import Organisation, SchoolTie
from junheng.web.rotation.actions.years import pack_of
from junheng.web.rotation.models import AskingSettings, Chain, RotationYear, Verdict, VerdictStanding
from junheng.web.staffing.models import SchoolState, Teacher, TeacherState

BELOW_COUNTY = ("township", "cluster", "school")
"""Levels of a pack's document at which the office above the schools, not the bureau, decides."""
OF_OTHERS = frozenset({"bottom_list", "title_quota_allocation"})
"""Rankings that a pack has for something else than the order of those who apply."""


def settings_of(year: RotationYear, pack: Pack | None = None) -> AskingSettings:
    """How the year asks: as set, else by the pack's level, with the columns' own defaults."""
    found = AskingSettings.objects.filter(year=year).first()
    if found is not None:
        return found
    level = (pack or pack_of(year)).identity.level
    return AskingSettings(year=year, chain=Chain.CLUSTER if level in BELOW_COUNTY else Chain.CLUSTER_BUREAU)


def not_both(pack: Pack) -> str:
    """That the pack does not let both spouses move, with its clause; blank where it does."""
    if pack.planning is None or not pack.planning.spouse_both_forbidden:
        return ""
    clause = clauses_of_pack(pack).get("couple", "") or _("本年度政策")
    return _("按%(clause)s，夫妻不同时交流，方案至多安排一人。") % {"clause": clause}


@dataclass(frozen=True, slots=True)
class Wishable:
    """A school that a teacher could name: ``why_not`` says what forbids it, empty for nothing."""

    school: Organisation
    state: SchoolState
    why_not: str = ""

    @property
    def is_rural(self) -> bool:
        """Whether it is a school of the countryside."""
        return self.state.locale == Locale.RURAL.value


def wishable(year: RotationYear, teacher: Teacher, pack: Pack | None = None) -> list[Wishable]:
    """The other schools of the county that teach the teacher's stage, in the bureau's order, with what forbids each."""
    here = teacher.state
    if here is None:
        return []
    pack = pack or pack_of(year)
    states = SchoolState.objects.as_of(year.on).filter(school__county=year.county, school__closed__isnull=True)
    by_school = {each.school_id: each for each in states.select_related("school", "cluster")}
    home = by_school.get(here.school_id)
    found = [
        each
        for each in sorted(by_school.values(), key=lambda each: (each.school.position, each.school.code))
        if each.school_id != here.school_id and here.stage in each.stages
    ]
    forbidden = _forbidden(pack, year, home, found)
    return [Wishable(each.school, each, forbidden.get(each.school_id, "")) for each in found]


def _forbidden(
    pack: Pack, year: RotationYear, home: SchoolState | None, schools: Iterable[SchoolState]
) -> dict[int, str]:
    """By school, what the pack has against it as a destination."""
    schools = list(schools)
    if "destination" in pack.rules:
        given = {"query": "destination", "from_township": home.township if home else None}
        cases = [
            {"id": str(each.school_id), "pack": pack.code, "facts": given | {"to_school_township": each.township}}
            for each in schools
        ]
        answers = ask(cases, {pack.code: pack}, lang=spoken(), parameters=year.parameters)
        return {
            int(answer["id"]): _("%(clause)s：%(because)s") % answer
            for answer in answers
            if answer.get("verdict") == "not_allowed"
        }
    found: dict[int, str] = {}
    if pack.planning is None or home is None:
        return found
    if pack.planning.within_partners and (partners := _partners(year, home, pack.planning.partners, schools)):
        why = _("本年政策规定有结对（集团）学校的，只在这些学校之间交流。")
        found |= {each.school_id: why for each in schools if each.school_id not in partners}
    if pack.planning.within_cluster:
        why = _("本年政策只在本学区（乡镇）内交流。")
        found |= {each.school_id: why for each in schools if each.cluster_id != home.cluster_id}
    return found


def _partners(year: RotationYear, home: SchoolState, bonds: Iterable[str], schools: Iterable[SchoolState]) -> set[int]:
    """Of these schools, those bound to the home school in the ways that the pack counts."""
    found: set[int] = set()
    if "group" in bonds and home.group:
        found |= {each.school_id for each in schools if each.group == home.group}
    if "pairing" in bonds:
        own = Q(supporting=home.school_id) | Q(supported=home.school_id)
        lasting = Q(end__isnull=True) | Q(end__gte=year.on)
        ties = SchoolTie.objects.as_of(year.on).filter(own, lasting)  # scoped: by the teacher's own school
        paired = {key for pair in ties.values_list("supporting", "supported") for key in pair}
        found |= {each.school_id for each in schools if each.school_id in paired}
    return found


@dataclass(frozen=True, slots=True)
class Order:
    """How the pack orders those who apply: its clause, its keys in words, and the teacher's place where known."""

    title: str
    clause: str
    says: str
    keys: tuple[str, ...]
    place: int | None = None
    of: int | None = None


def orders_of(year: RotationYear, teacher: Teacher, pack: Pack | None = None) -> list[Order]:
    """Every order that the pack has for those who apply; the place where it goes by years at the school alone."""
    pack = pack or pack_of(year)
    lang = spoken()
    found = []
    for name, rule in pack.rules.items():
        if not isinstance(rule, Rank) or name in OF_OTHERS:
            continue
        fields = _field_words(pack, rule, lang)
        keys = tuple(
            (_("%(key)s者在先") if each.order == "high_first" else _("%(key)s低者在先"))
            % {"key": fields.get(each.field, each.field)}
            for each in rule.keys
        )
        place, of = _place(year, teacher, pack, name, rule)
        says = as_applied(pack, rule.clause[0], lang, year.parameters)
        title = rule.title.text(lang) if rule.title else says
        found.append(Order(title, pack.label(rule.clause), says, keys, place, of))
    return found


def _field_words(pack: Pack, rule: Rank, lang: str) -> dict[str, str]:
    fact = find_fact(facts_for(pack), rule.over)
    return {name: each.zh if lang == "zh" else each.en for name, each in fact.fields.items()} if fact else {}


def _place(year: RotationYear, teacher: Teacher, pack: Pack, name: str, rule: Rank) -> tuple[int | None, int | None]:
    """The teacher's place among those of the county who must or may move, where years at the school decide alone."""
    if [each.field for each in rule.keys] != ["years_at_school"]:
        return None, None
    pool = _pool(year)
    if teacher.number not in {each["id"] for each in pool}:
        return None, None
    case = {"id": "order", "pack": pack.code, "facts": {"query": name, rule.over: pool, "batch": len(pool)}}
    answer = ask([case], {pack.code: pack}, parameters=year.parameters)[0]
    ranked = answer.get("value") or []
    return (ranked.index(teacher.number) + 1 if teacher.number in ranked else None), len(pool)


def _pool(year: RotationYear) -> list[dict[str, Any]]:
    counted = Verdict.objects.filter(year=year, current=True).exclude(standing=VerdictStanding.NO)
    states = TeacherState.objects.as_of(year.on).filter(teacher__in=counted.values("teacher"))
    return [
        {"id": number, "years_at_school": completed_years(joined, year.on)}
        for number, joined in states.order_by("teacher__number").values_list("teacher__number", "joined_current_school")
        if joined is not None
    ]


def spoken() -> str:
    """The reader's language as the library names it."""
    return "en" if get_language() == "en" else "zh"


def office_of(year: RotationYear, pack: Pack | None = None) -> str:
    """The office that decides under the pack, in its own words."""
    return (pack or pack_of(year)).identity.authority.text(spoken())
