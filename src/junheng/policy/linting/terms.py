"""What a text leaves open: numbers not set, terms assumed, blanks, dates, corrected misprints, contested readings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from junheng.policy import conditions as c
from junheng.policy.checking import conditions_in, operands_in
from junheng.policy.linting.points import Points
from junheng.policy.linting.remarks import Remark, register, remark
from junheng.policy.linting.worlds import Reader, Says, World
from junheng.policy.schema import Clause, Correction, Pack
from junheng.policy.vocabulary import facts_for

BLANK = re.compile(r"20xx|20XX|20某+|[xX×]{2,}|某某|_{2,}|[xX]月|[xX]日|[xX]年", re.ASCII)
HUNDRED = 100
WORKING_AGES = range(22, 61)
"""Ages tried where a clause is read literally."""


def term_remarks(pack: Pack, on: date | None) -> Iterator[Remark]:
    """Remarks on what the text leaves open. ``on`` is the day of reading; without it no date counts as past."""
    yield from _parameters(pack)
    yield from _implausible(pack)
    yield from _reference_date(pack)
    yield from _blanks(pack)
    yield from _dates(pack, on)
    if pack.identity.status == "truncated":
        yield remark(
            "truncated",
            "note",
            [],
            "原文在此包所载条款之后中断;未载事项不作推断,由有权机关决定。",
            "The text breaks off after the clauses of this pack; what is missing is not inferred but referred.",
        )
    for name, clause in pack.clauses.items():
        if clause.corrected is not None:
            yield _literal(pack, name, clause, clause.corrected)


def _parameters(pack: Pack) -> Iterator[Remark]:
    for name, parameter in pack.parameters.items():
        if parameter.value is None:
            who = parameter.set_by
            yield remark(
                "not_set",
                "warning",
                parameter.clause,
                f"参数“{parameter.zh}”未确定,须由{who.zh if who else pack.identity.authority.zh}确定后方可据以判定。",
                f"The parameter “{parameter.en}” is not set; {who.en if who else pack.identity.authority.en} has to "
                "set it before a verdict can rest on it.",
                evidence={"parameter": name},
            )
        elif parameter.inferred and not parameter.readings and name != "reference_day":
            yield remark(
                "undefined_term",
                "note",
                parameter.clause,
                f"文件没有给出“{parameter.zh}”,现按 {_shown(parameter.value)} 处理,请有权机关确认。",
                f"The text does not define “{parameter.en}”; {_shown(parameter.value)} is assumed until the authority "
                "confirms it.",
                evidence={"parameter": name, "assumed": parameter.value},
            )


def _implausible(pack: Pack) -> Iterator[Remark]:
    """A percentage above a hundred or below nothing; it is kept as printed."""
    for name, parameter in pack.parameters.items():
        figures = parameter.value if isinstance(parameter.value, list) else [parameter.value]
        numbers = [each for each in figures if isinstance(each, (int, float)) and not isinstance(each, bool)]
        if parameter.unit == "percent" and any(not 0 <= each <= HUNDRED for each in numbers):
            yield remark(
                "implausible",
                "note",
                parameter.clause,
                f"“{parameter.zh}”为 {_shown(parameter.value)}%,不在 0 与 100 之间;照录,请核对。",
                f"“{parameter.en}” is {_shown(parameter.value)} %, outside 0 to 100; kept as printed, check it.",
                evidence={"parameter": name, "value": parameter.value},
            )


def _shown(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def dated_facts(pack: Pack) -> set[str]:
    """Facts of the pack's rules that are counted to the reference date, ages and years of service."""
    facts = facts_for(pack)
    rules = dict(pack.rules)
    used = {name for _, condition in conditions_in(rules) for name in c.facts_of(condition)}
    used |= {operand.name for _, operand in operands_in(rules) if isinstance(operand, c.FactValue)}
    derived = {name: facts[name].derive for name in used if name in facts}
    sources = {
        name: [operand.name for operand in how.of if isinstance(operand, c.FactValue)]
        for name, how in derived.items()
        if how is not None
    }
    return {name for name, of in sources.items() if "reference_date" in of}


def _reference_date(pack: Pack) -> Iterator[Remark]:
    dated = sorted(dated_facts(pack))
    parameter = pack.parameters.get("reference_day")
    if not dated or (parameter is not None and parameter.value is not None and not parameter.inferred):
        return
    day = parameter.value if parameter and parameter.value else "08-31"
    users = [
        clause
        for rule in pack.rules.values()
        if set(dated) & {n for _, condition in conditions_in(rule) for n in c.facts_of(condition)}
        for clause in rule.clause
    ]
    yield remark(
        "reference_date",
        "note",
        [*(parameter.clause if parameter else []), *users],
        f"文件未规定计算 {'、'.join(dated)} 的基准日,现按每年 {day} 计算;请在执行前确定。",
        f"The text gives no reference date for {', '.join(dated)}; {day} of the plan year is used until one is set.",
        ambiguity="B-03",
        evidence={"facts": dated, "default": day},
    )


def _blanks(pack: Pack) -> Iterator[Remark]:
    identity = pack.identity
    places = [
        ("document_number", identity.document_number),
        ("title", identity.title.zh),
        ("issuer", identity.issuer.zh),
    ]
    places += [("superior", f"{s.number}{s.title}") for s in identity.superiors]
    places += [(f"parameter {name}", str(p.value)) for name, p in pack.parameters.items() if isinstance(p.value, str)]
    for where, text in places:
        if BLANK.search(text):
            yield remark(
                "placeholder",
                "note",
                [],
                f"“{text}”中有空缺,打印时保留空缺,不代填。",
                f"“{text}” ({where}) has a blank; it is printed as a blank and never filled in.",
                ambiguity="B-27",
                evidence={"where": where, "text": text},
            )


def _dates(pack: Pack, on: date | None) -> Iterator[Remark]:
    start, end = pack.identity.in_force_from, pack.identity.in_force_to
    if start and end and start > end:
        yield remark(
            "contradiction",
            "error",
            [],
            f"施行日期 {start} 晚于失效日期 {end}。",
            f"In force from {start}, which is after its end, {end}.",
            evidence={"in_force_from": start, "in_force_to": end},
        )
    if on and end and end < on:
        yield remark(
            "date_past",
            "warning",
            [],
            f"文件已于 {end} 失效;{on} 之后的事项应适用现行文件。",
            f"The document ended on {end}; matters after that need the document now in force.",
            evidence={"in_force_to": end, "read_on": on},
        )
    for name, parameter in pack.parameters.items():
        value = parameter.value
        if isinstance(value, date) and start and value < start:
            yield remark(
                "date_past",
                "note",
                parameter.clause,
                f"“{parameter.zh}”为 {value},早于文件施行之日 {start}。",
                f"“{parameter.en}” is {value}, before the document came into force on {start}.",
                evidence={"parameter": name, "value": value, "in_force_from": start},
            )


def _literal(pack: Pack, name: str, clause: Clause, corrected: Correction) -> Remark:
    """A corrected misprint; with its literal condition, the share of working ages that it would hit."""
    evidence: dict[str, object] = {"printed": corrected.literal.zh, "read_as": corrected.reading.zh}
    zh = f"{clause.label} 有误:{corrected.literal.zh};按更正执行:{corrected.reading.zh}。原文留存。"
    en = f"{clause.label} has a misprint: {corrected.literal.en}. It is {corrected.reading.en}; the print is kept."
    if corrected.literal_when is not None:
        share = share_hit(pack, corrected.literal_when)
        evidence["literal_share"] = share
        zh += f"若按字面,22–60 岁教师中有 {share:.0%} 适用该条。"
        en += f" Read literally it would apply to {share:.0%} of teachers aged 22 to 60."
    return remark("literal_reading", "warning", [name], zh, en, ambiguity=corrected.ambiguity, evidence=evidence)


def share_hit(pack: Pack, condition: c.Condition) -> float:
    """The share of ages 22 to 60, men and women alike, for whom a condition holds at the pack's parameters."""
    points = Points(pack)
    people: list[World] = [{**points.current, "sex": sex, "age": age} for sex in ("M", "F") for age in WORKING_AGES]
    hits = [Reader(person, points.order).truth(Says(condition)) for person in people]
    return sum(1 for hit in hits if hit) / len(people)


def contested_remarks(pack: Pack, seen: set[str]) -> Iterator[Remark]:
    """A note for every known contested reading of the pack that no other remark has shown."""
    for name, parameter in pack.parameters.items():
        for reading in parameter.readings:
            if reading.id not in seen:
                seen.add(reading.id)
                yield remark(
                    "contested",
                    "note",
                    parameter.clause,
                    f"“{parameter.zh}”取 {_shown(parameter.value)};另一种读法为 {_shown(reading.value)}:"
                    f"{reading.note.zh}",
                    f"“{parameter.en}” is {_shown(parameter.value)}; another permitted reading is "
                    f"{_shown(reading.value)}: {reading.note.en}",
                    ambiguity=reading.id,
                    evidence={"parameter": name, "value": parameter.value, "other": reading.value},
                )
    yield from _declared(pack, seen)


def _declared(pack: Pack, seen: set[str]) -> Iterator[Remark]:
    """Contested readings that only clauses declare."""
    found: dict[str, list[str]] = {}
    for name, clause in pack.clauses.items():
        for each in clause.ambiguities:
            found.setdefault(each, []).append(name)
    for each, clauses in found.items():
        if each in seen:
            continue
        known = register().get(each)
        yield remark(
            "contested",
            "note",
            clauses,
            known.zh if known else f"{pack.label(clauses)} 的读法存在争议,须由{pack.identity.authority.zh}确认。",
            known.en
            if known
            else f"The reading of {pack.label(clauses)} is contested; {pack.identity.authority.en} has to confirm it.",
            ambiguity=each,
        )
