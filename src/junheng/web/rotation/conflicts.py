"""What the planner and the checker say, kept as sentences in both languages, with the pack's clause beside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from junheng.facts import Subject
from junheng.planning.checking.report import Violation
from junheng.planning.checking.wording import SENTENCES
from junheng.planning.explaining import CODES, FAMILIES, Giving, Names, Price, Speaker
from junheng.planning.relaxing import Diagnosis, Remedy
from junheng.planning.result import Relaxation
from junheng.policy import Pack

Said = dict[str, str]
_TOKEN = re.compile(r"[^\s/≠—…]+")


def citations(pack: Pack, clauses: Mapping[str, str]) -> dict[str, str]:
    """The clauses of a pack with the document they stand in: its number, or its title where it has none."""
    document = pack.identity.document_number or f"《{pack.identity.title.zh}》"
    return {rule: f"{document} {label}" for rule, label in clauses.items()}


def said_of(violation: Violation, names: Names, clauses: Mapping[str, str]) -> Said:
    """A broken rule as a sentence: people, schools and clusters by name, kinds of rules and subjects in words."""
    said = {"rule": violation.rule, "where": violation.where, "clause": _clause_of(violation, clauses)}
    for at, lang in enumerate(("zh", "en")):
        words = {
            "where": _place(violation.where, names, lang), "found": _words(violation.found, names, lang),
            "expected": _words(violation.expected, names, lang),
        }  # fmt: skip
        said[lang] = SENTENCES[violation.rule][at].format(**words)
    return said


def _clause_of(violation: Violation, clauses: Mapping[str, str]) -> str:
    kind, *members = violation.where.split(":")
    key = {"quota": f"quota:{members[0]}" if members else "", "must": f"must:{kind}"}.get(violation.rule, "")
    return clauses.get(key) or clauses.get(violation.rule, "")


def _place(where: str, names: Names, lang: str) -> str:
    """Where a rule is broken: a row of the planner as ``refill:{school}:{subject}``, or one or two persons."""
    kind, *members = where.split(":")
    at = 0 if lang == "zh" else 1
    if kind == "quota" and members:
        return f"{names.member(':'.join(members[1:]))[at]}{_brackets(names.quota(members[0])[at], lang)}"
    if kind in FAMILIES and members:
        return f"{' '.join(_words(each, names, lang) for each in members)}{_brackets(FAMILIES[kind][at], lang)}"
    if kind in FAMILIES:
        return FAMILIES[kind][at]
    return " ".join(_words(each, names, lang) for each in (kind, *members))


def _brackets(text: str, lang: str) -> str:
    return f"（{text}）" if lang == "zh" else f" ({text})"


def _words(text: str, names: Names, lang: str) -> str:
    """A text of the checker with names beside ids, and subjects, stages and verdicts in words."""
    return _TOKEN.sub(lambda found: _word(found.group(), names, lang), text)


def _word(token: str, names: Names, lang: str) -> str:
    name = names.people.get(token) or names.schools.get(token) or names.clusters.get(token)
    if name is not None and name != token:
        return f"{name}{_brackets(token, lang)}"
    if token in CODES:
        return CODES[token][0 if lang == "zh" else 1]
    try:
        return Subject.read(token).label(lang)
    except ValueError:
        return token


def givings_of(given: Sequence[Giving], rows: Sequence[Relaxation], speaker: Speaker) -> list[Said]:
    """Rules that must give; ``rows`` are theirs in the same order."""
    return [
        {"zh": each.zh, "en": each.en, "clause": speaker.clause(row.row)} for each, row in zip(given, rows, strict=True)
    ]


def dearest(prices: Sequence[Price], speaker: Speaker) -> list[dict[str, Any]]:
    """Rules that cost most: what would be if they gave by one, and what that would bring."""
    return [{"zh": p.if_zh, "en": p.if_en, "worth": p.worth, "clause": speaker.clause(p.row)} for p in prices]


def conflict_of(found: Diagnosis, remedies: Sequence[Remedy], speaker: Speaker) -> dict[str, Any]:
    """Which rules cannot be kept together, and what would do: tried changes, settings, kinds of rules alone."""
    return {
        "kinds": [_both(FAMILIES[kind]) for kind in found.kinds],
        "every": found.every_conflict,
        "conflicts": [
            [
                {"zh": said.zh, "en": said.en, "clause": said.clause, "kind": _both(FAMILIES[said.kind])}
                for said in speaker.conflict(conflict)
            ]
            for conflict in found.conflicts
        ],
        "remedies": [_remedy(each, speaker) for each in remedies],
        "settings": [
            _both(speaker.change(each.change) if each.change else speaker.setting(each.what))
            | {"enough": each.change is not None}
            for each in found.thresholds
        ],
        "alone": [
            _both(FAMILIES[each.family]) | {"enough": each.enough, "by": each.by, "least": each.least}
            for each in found.alone
        ],
    }


def _remedy(remedy: Remedy, speaker: Speaker) -> dict[str, Any]:
    return _both(speaker.changes(remedy.changes)) | {
        "works": remedy.works, "moves": remedy.moves, "objective": remedy.objective, "beyond": remedy.exceeds,
    }  # fmt: skip


def _both(said: tuple[str, str]) -> dict[str, Any]:
    return {"zh": said[0], "en": said[1]}
