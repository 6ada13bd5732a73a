"""junheng policy diff: what differs between two packs, and on a roster whose verdict changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.packs import PackArgument, deciding_pack_or_refuse, pack_or_refuse
from junheng.cli.reading import OnOption, county_or_refuse, date_or_refuse
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.policy.comparing import diff, diff_on_roster

SHOWN = 60


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
    _say(voice, found.lines(voice.lang))
    if roster is not None:
        voice.title("在花名册上", "On the roster")
        _say(voice, changes)
    voice.answer(answer)


def _say(voice: Voice, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        voice.say(line, line)
    if more := len(lines) - SHOWN if len(lines) > SHOWN else 0:
        voice.say(f"……另有 {more} 行，用 --json 可取全部", f"… and {more} more lines; --json has them all")
