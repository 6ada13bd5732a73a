"""May somebody apply for a title, an honour, a post grade, a leading post? Asked of the pack with what is on record.

The facts are those of a county's frame, one row of it, and what is asked for. What is not on record stays unknown and
is named in the answer; nothing is taken for "no".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from junheng import facts
from junheng.facts import SpellKind
from junheng.facts.calendar import anniversary
from junheng.policy import Pack
from junheng.policy.frame import SPELL_WORDS, teacher_frame
from junheng.policy.schema import Fact
from junheng.policy.vocabulary import facts_for, vocabulary, word_labels
from junheng.web.rotation import asked
from junheng.web.rotation.models import RotationYear

AUTUMN = ((9, 15), (1, 15))
SPRING = ((3, 1), (6, 30))
"""A term counts where the teacher came by the first day (month, day) and stayed until the second."""
TERM_YEARS = "previous_term_years"


@dataclass(frozen=True, slots=True)
class Question:
    """A question about prerequisites: its name in packs, what people call it, and the facts that are asked for."""

    query: str
    label: Any
    asks: tuple[str, ...]


QUESTIONS = (
    Question("title_prereq", _("申报职称"), ("target_title",)),
    Question("honour_prereq", _("申报荣誉称号"), ("honour",)),
    Question("post_prereq", _("竞聘岗位等级"), ("target_level",)),
    Question("post_level_prereq", _("岗位等级晋级"), ("from_level", "to_level")),
    Question("cadre_prereq", _("提任干部"), ("candidate_for",)),
    Question("rural_experience_prereq", _("职称评聘的农村经历"), ()),
    Question("automatic_promotion", _("按农村教龄晋升职称"), ()),
)
"""Kinds of question that packs answer; which of them a year has is the pack's matter."""


def questions_of(pack: Pack) -> list[Question]:
    """Those of the questions that the pack answers."""
    return [each for each in QUESTIONS if each.query in pack.rules]


def choices_of(pack: Pack, question: Question) -> list[str]:
    """Words that the pack names for what is asked, in its order; none where anything may be asked for."""
    names = {"title_prereq": "prerequisite_titles", "honour_prereq": "honours"}
    parameter = pack.parameters.get(names.get(question.query, ""))
    return [str(each) for each in parameter.value] if parameter and isinstance(parameter.value, list) else []


def facts_of(county: facts.County, number: str, pack: Pack, on: date) -> dict[str, Any]:
    """What is on record of a teacher on a day, by the name of the fact, as a case file would state it.

    ``county`` is read as of a day; raises ``KeyError`` for a number that it does not have.
    """
    teacher = county.teacher_by_id[number]
    alone = replace(county, teachers=(replace(teacher, family=replace(teacher.family, spouse_id="")),))
    row = teacher_frame(alone, pack, on=on).row(0, named=True)
    known = facts_for(pack)
    stated: dict[str, Any] = {}
    for name, value in row.items():
        known_here = value is not None and "." not in name and name in known
        if known_here and known[name].type != "record":
            stated[name] = _plain(value)
    stated |= _exchange_terms(teacher, pack, on) | _rural_years(county, teacher, on)
    return {name: value for name, value in stated.items() if name in known}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    return value


def _exchange_terms(teacher: facts.Teacher, pack: Pack, on: date) -> dict[str, Any]:
    """Terms of each exchange; terms within the previous term of appointment, where the pack says how long that is."""
    away = [each for each in teacher.appointments if each.kind is not SpellKind.POST and each.start <= on]
    found: dict[str, Any] = {"stints_semesters": [float(terms(each.start, min(each.end or on, on))) for each in away]}
    parameter = pack.parameters.get(TERM_YEARS)
    if teacher.appointments and parameter is not None and isinstance(parameter.value, int):
        since = anniversary(on, on.year - parameter.value)
        spells = [(max(each.start, since), min(each.end or on, on)) for each in away if (each.end or on) >= since]
        found["exchange_in_previous_term"] = bool(spells)
        found["exchange_semesters"] = float(sum(terms(start, end) for start, end in spells))
    return found


def terms(start: date, end: date) -> int:
    """School terms served between two days, both counted: autumn and spring, each whole or not at all."""
    return sum(start <= first and last <= end for first, last in _terms_between(start.year - 1, end.year))


def _terms_between(first: int, last: int) -> Iterator[tuple[date, date]]:
    for year in range(first, last + 1):
        yield date(year, *AUTUMN[0]), date(year + 1, *AUTUMN[1])
        yield date(year, *SPRING[0]), date(year, *SPRING[1])


def _rural_years(county: facts.County, teacher: facts.Teacher, on: date) -> dict[str, Any]:
    """Years at rural schools of the county; unknown where a spell is at a school that the county does not know."""
    days = 0
    for spell in teacher.appointments:
        if spell.start > on:
            continue
        if spell.school_id not in county.school_by_id:
            return {}
        if county.school_by_id[spell.school_id].locale.value == "rural":
            days += (min(spell.end or on, on) - spell.start).days + 1
    return {"rural_years": days // 365} if teacher.appointments else {}


def ask(year: RotationYear, query: str, on_record: Mapping[str, Any], wanted: Mapping[str, Any]) -> asked.Answer:
    """The pack's answer: what is on record, as far as the question reads it, and what is asked for.

    Raises ``KeyError`` for a question that the pack does not answer, ``ValueError`` for what it cannot read.
    """
    answer = asked.put(year, query, {**on_record, **wanted})
    if answer is None:
        raise KeyError(query)
    return answer


def shown_facts(pack: Pack, on_record: Mapping[str, Any], query: str, lang: str) -> list[tuple[str, Any]]:
    """The facts that the question reads, by their names for people, with what is on record; ``None`` for nothing."""
    known = facts_for(pack)
    found = []
    for name in facts_read(pack, query):
        fact = known.get(name)
        if fact is not None and fact.type != "record":
            found.append(((fact.zh if lang == "zh" else fact.en) or name, _in_words(fact, on_record.get(name), lang)))
    return found


def _in_words(fact: Fact, value: Any, lang: str) -> Any:
    """A value with the words of its codes, in lists of records too."""
    if isinstance(value, list):
        return [_in_words(fact, each, lang) for each in value]
    if isinstance(value, dict):
        fields, kinds = fact.fields or {}, _spell_words(lang)
        return {
            name: kinds.get(each, each) if name == "type" else _in_words(fields.get(name, fact), each, lang)
            for name, each in value.items()
        }
    return word_labels(fact, lang).get(value, value) if isinstance(value, str) else value


def _spell_words(lang: str) -> dict[str, str]:
    """Kinds of spells by their codes and by the words that rules use for them."""
    words = {kind.value: kind.label(lang) for kind in SpellKind}
    return words | {word: kind.label(lang) for kind, word in SPELL_WORDS.items()}


def facts_read(pack: Pack, query: str) -> list[str]:
    """Facts that a vocabulary's question names."""
    question = vocabulary().questions.get(query)
    return [each for each in question.facts if each in facts_for(pack)] if question is not None else []
