"""What the planner and the checker say, kept as sentences in both languages with names for ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.facts import Subject
from junheng.planning.checking.report import Violation
from junheng.planning.checking.wording import SENTENCES
from junheng.planning.explaining import FAMILIES, Speaker, setting_words
from junheng.planning.relaxing import Diagnosis, Remedy

Said = dict[str, str]


def said_of(violation: Violation, names: Mapping[str, str]) -> Said:
    """A broken rule as a sentence: people, schools and clusters by name, kinds of rules and subjects in words."""
    said = {"rule": violation.rule, "where": violation.where}
    for at, lang in enumerate(("zh", "en")):
        words = {
            "where": _place(violation.where, names, lang), "found": _word(violation.found, names, lang),
            "expected": _word(violation.expected, names, lang),
        }  # fmt: skip
        said[lang] = SENTENCES[violation.rule][at].format(**words)
    return said


def _place(where: str, names: Mapping[str, str], lang: str) -> str:
    """Where a rule is broken: a row of the planner as ``refill:{school}:{subject}``, or one or two persons."""
    kind, *members = where.split(":")
    at = 0 if lang == "zh" else 1
    if kind in FAMILIES and kind != where:
        return f"{' '.join(_word(each, names, lang) for each in members)} {_brackets(FAMILIES[kind][at], lang)}"
    if kind in FAMILIES:
        return FAMILIES[kind][at]
    return " ".join(_word(each, names, lang) for each in (kind, *members))


def _brackets(text: str, lang: str) -> str:
    return f"（{text}）" if lang == "zh" else f"({text})"


def _word(token: str, names: Mapping[str, str], lang: str) -> str:
    """An id with its name, a subject in words; anything else as it is."""
    name = names.get(token)
    if name is not None and name != token:
        return f"{name}{_brackets(token, lang)}"
    try:
        return Subject.read(token).label(lang)
    except ValueError:
        return token


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
            _both(speaker.change(each.change) if each.change else setting_words(each.what))
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
