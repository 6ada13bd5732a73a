"""junheng web demo: a fictional county in the database, and who may sign in."""

from __future__ import annotations

import time
from typing import Annotated, NoReturn

import typer
from django.db import DatabaseError
from django.utils.translation import override

from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.cli.web.refusing import not_ready
from junheng.web.access import Role
from junheng.web.reporting.demo import Accounts, NotADemoError, Prepared, Size, prepare


def demo(
    size: Annotated[Size, typer.Option(help=both("小样或整县", "a small sample or a whole county"))] = Size.SMALL,
    seed: Annotated[int, typer.Option(help=both("虚构县的种子", "seed of the county"), min=0, max=10**6)] = 1,
    accounts: Annotated[
        Accounts,
        typer.Option(
            help=both(
                "教师账号：全部，或每校两人加轮岗的人",
                "teachers with accounts: all, or two a school and whoever moves",
            ),
        ),
    ] = Accounts.ROLES,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Prepares the demo and lists its accounts."""
    voice = Voice(lang, as_json)
    began = time.monotonic()
    try:
        with voice.progress("准备演示数据", "preparing the demo"):
            found = prepare(size, seed, accounts)
    except NotADemoError as fault:
        _refuse(voice, fault)
    except DatabaseError as fault:
        not_ready(voice, fault)
    _say(voice, found)
    if found.new:
        seconds = time.monotonic() - began
        voice.say(f"用时 {seconds:.0f} 秒", f"{seconds:.0f} s")
    voice.answer(found.as_dict())


def _refuse(voice: Voice, fault: NotADemoError) -> NoReturn:
    way = ["JUNHENG_DATA_DIR=… / DATABASE_URL=…"]
    if fault.held is None:
        voice.refuse(
            "数据库里已有别的数据，演示不会覆盖它；请另指一个空库",
            "the database holds other data, which the demo does not overwrite; name an empty one",
            details=way,
        )
    said = ", ".join(f"{name} {value}" for name, value in fault.held.items())
    voice.refuse(
        f"数据库里已有另一份演示（{said}），不会改动；请另指一个空库",
        f"the database holds another demo ({said}), which stays; name an empty one",
        details=way,
    )


def _say(voice: Voice, found: Prepared) -> None:
    for county in found.counties:
        schools = len(county["schools"])
        voice.say(f"{county['name']}：{schools} 所学校", f"{county['name']}: {schools} schools")
    voice.title("各角色账号", "An account per role")
    rows = [
        (user["username"], _role(voice, user["role"]), user["organisation"], user["county"])
        for user in _one_per_role(found)
    ]
    voice.table((("账号", "account"), ("角色", "role"), ("机构", "held at"), ("县", "county")), rows, right=9)
    voice.say(
        f"口令都是 {found.password}；共 {len(found.users)} 个账号，全部列表见 --json",
        f"the password of all is {found.password}; {len(found.users)} accounts, all of them with --json",
    )


def _one_per_role(found: Prepared) -> list[dict[str, str]]:
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for user in found.users:
        if user["role"] and user["in_force"] and not user["deputy"]:
            seen.setdefault((user["role"], user["organisation_kind"]), user)
    return list(seen.values())


def _role(voice: Voice, role: str) -> str:
    with override("zh-hans" if voice.lang == "zh" else "en"):
        return str(Role(role).label)
