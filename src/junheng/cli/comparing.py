"""junheng policy diff: what differs between two packs, and on a roster whose verdict changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.packs import PackArgument, deciding_pack_or_refuse, pack_or_refuse
from junheng.cli.reading import OnOption, county_or_refuse, date_or_refuse
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.policy.comparing import HOW_WORDS, PART_WORDS, Difference, diff, diff_on_roster, json_ready

SHOWN = 60
LONGEST = 160


def diff_packs(
    first: PackArgument,
    second: PackArgument,
    roster: Annotated[
        Path | None, typer.Option("--roster", help=both("在这份花名册上比较", "compare on this county workbook"))
    ] = None,
    settings: SetOption = None,
    on: OnOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Compares two packs, or a pack with itself under other parameters (``--set``, of the second)."""
    voice = Voice(lang, as_json)
    before, after = pack_or_refuse(voice, first), pack_or_refuse(voice, second)
    parameters, day = overrides_of(voice, after, settings), date_or_refuse(voice, on)
    if parameters and roster is None:
        voice.refuse("--set 只在给出 --roster 时有用。", "--set means something only with --roster.")
    found = diff(before, after)
    answer: dict[str, Any] = {"pack": found.as_data(voice.lang)}
    changes: list[str] = []
    if roster is not None:
        for code in (first, second):
            deciding_pack_or_refuse(voice, code)
        county = county_or_refuse(voice, [roster])
        on_roster = diff_on_roster(county, before, after, parameters=parameters, on=day)
        answer["roster"] = on_roster.as_data(voice.lang)
        changes = on_roster.lines(voice.lang)
    voice.title(
        f"{before.code} 与 {after.code}：文本有 {len(found)} 处不同",
        f"{before.code} and {after.code}: {len(found)} differences in the text",
    )
    _say(voice, [line for each in found if (line := _line(each, voice.lang))])
    if roster is not None:
        voice.title("在花名册上", "On the roster")
        _say(voice, changes)
    voice.answer(answer)


def _line(each: Difference, lang: str) -> str:
    """One difference in words; nothing where it is only in the other language's wording."""
    other = "en" if lang == "zh" else "zh"
    if each.place.split(".")[-1] == other:
        return ""
    at = 0 if lang == "zh" else 1
    name = "" if each.name == each.part else each.name
    colon = ("：", ": ")[at]
    where = " ".join(part for part in (PART_WORDS[each.part][at], name, each.place) if part)
    before, after = (_shown(in_one_language(side, other)) for side in (each.before, each.after))
    if each.how == "changed":
        return f"{where}{colon}{before} → {after}"
    return f"{where} {HOW_WORDS[each.how][at]}{colon}{after if each.how == 'added' else before}"


def in_one_language(value: Any, other: str) -> Any:
    """Pack data without the wording in the other language; a wording alone becomes its text."""
    if isinstance(value, dict):
        kept = {key: in_one_language(each, other) for key, each in value.items() if key != other}
        return next(iter(kept.values())) if kept.keys() in ({"zh"}, {"en"}) else kept
    return [in_one_language(each, other) for each in value] if isinstance(value, list) else value


def _shown(value: Any) -> str:
    if isinstance(value, dict) and (wording := value.get("says") or value.get("zh") or value.get("en")):
        amount = " ".join(str(value[key]) for key in ("value", "unit") if value.get(key) not in (None, ""))
        value = f"{wording} {amount}".strip()
    text = value if isinstance(value, str) else json.dumps(json_ready(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _say(voice: Voice, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        voice.say(line, line)
    if more := len(lines) - SHOWN if len(lines) > SHOWN else 0:
        voice.say(f"……另有 {more} 行，用 --json 可取全部", f"… and {more} more lines; --json has them all")
