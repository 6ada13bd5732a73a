"""junheng web administrators: the county and its three administrators, in an empty installation."""

from __future__ import annotations

import re
from typing import Annotated, NoReturn

import typer
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import override

from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.cli.web.refusing import not_ready
from junheng.web.access import Role
from junheng.web.directory.actions.founding import Administrator, FoundedError, Place, found

_COUNTY_CODE = re.compile(r"[0-9]{6}")
_PREFECTURE_CODE = re.compile(r"[0-9]{4}|[0-9]{6}")

CodeOption = Annotated[
    str, typer.Option("--code", help=both("县（市、区）代码，六位数字", "the county's code, six digits"))
]
NameOption = Annotated[str, typer.Option("--name", help=both("县（市、区）名称", "the county's name"))]
PrefectureCodeOption = Annotated[
    str, typer.Option("--prefecture-code", help=both("市（州）代码，可不填", "the prefecture's code, if wanted"))
]
PrefectureOption = Annotated[
    str, typer.Option("--prefecture", help=both("市（州）名称，可不填", "the prefecture's name, if wanted"))
]
SystemOption = Annotated[
    str, typer.Option("--system", help=both("系统管理员的姓名", "who is the system administrator"))
]
SecurityOption = Annotated[
    str, typer.Option("--security", help=both("安全管理员的姓名", "who is the security administrator"))
]
AuditOption = Annotated[str, typer.Option("--audit", help=both("审计管理员的姓名", "who is the audit administrator"))]


def administrators(
    code: CodeOption,
    name: NameOption,
    system: SystemOption,
    security: SecurityOption,
    audit: AuditOption,
    prefecture_code: PrefectureCodeOption = "",
    prefecture: PrefectureOption = "",
    as_json: JsonOption = False,
    lang: LangOption = Lang.ZH,
) -> None:
    """Makes the county and its three administrators, once, and prints their first passwords, once."""
    voice = Voice(lang, as_json)
    county, above = _places(voice, Place(code.strip(), name.strip()), prefecture_code.strip(), prefecture.strip())
    names = {Role.SYSTEM_ADMIN: system, Role.SECURITY_ADMIN: security, Role.AUDIT_ADMIN: audit}
    _three_people(voice, [each.strip() for each in names.values()])
    try:
        with override("zh-hans" if voice.lang == "zh" else "en"):
            _made, people = found(county, names, above=above, reason="junheng web administrators")
    except FoundedError as fault:
        _refuse(voice, fault)
    except ValidationError as fault:
        voice.refuse("填写的内容不能用", "what was given does not fit", details=fault.messages)
    except DatabaseError as fault:
        not_ready(voice, fault)
    _say(voice, county, above, people)


def _places(voice: Voice, county: Place, code: str, name: str) -> tuple[Place, Place | None]:
    """The places, or the end of the call with what is wrong with one of them."""
    if not _COUNTY_CODE.fullmatch(county.code):
        voice.refuse(
            f"--code 应为六位数字的行政区划代码，收到的是“{county.code}”",
            f"--code should be an administrative code of six digits, not “{county.code}”",
        )
    if not county.name:
        voice.refuse("--name 不能为空", "--name cannot be blank")
    if bool(code) != bool(name):
        voice.refuse(
            "--prefecture-code 和 --prefecture 要么都填，要么都不填",
            "give both --prefecture-code and --prefecture, or neither",
        )
    if code and not _PREFECTURE_CODE.fullmatch(code):
        voice.refuse(
            f"--prefecture-code 应为四位或六位数字，收到的是“{code}”",
            f"--prefecture-code should be four or six digits, not “{code}”",
        )
    return county, Place(code, name) if code else None


def _three_people(voice: Voice, names: list[str]) -> None:
    if not all(names):
        voice.refuse("三位管理员的姓名都要填写", "each of the three administrators needs a name")
    if len(set(names)) < len(names):
        voice.refuse(
            "三位管理员应是三个人：一人不能兼任系统、安全、审计",
            "the three administrators are three people: nobody holds two of system, security and audit",
        )


def _refuse(voice: Voice, fault: FoundedError) -> NoReturn:
    voice.refuse(
        f"平台已经启用，不再新建：已有 {fault.accounts} 个账号、{fault.organisations} 个机构",
        f"the platform is in use, nothing is made: {fault.accounts} accounts, {fault.organisations} organisations",
        details=[
            voice.text(
                "新的账号由系统管理员在网站上开设，角色由安全管理员授予",
                "the system administrator opens further accounts on the site, the security one grants roles",
            )
        ],
    )


def _say(voice: Voice, county: Place, above: Place | None, people: list[Administrator]) -> None:
    voice.answer(
        {
            "county": {"code": county.code, "name": county.name},
            "prefecture": {"code": above.code, "name": above.name} if above else None,
            "administrators": [
                {"username": each.username, "name": each.name, "role": each.role.value, "password": each.password}
                for each in people
            ],
        }
    )
    place = f"{above.name} {county.name}" if above else county.name
    voice.say(f"已建立：{place}", f"made: {place}")
    rows = [(each.username, each.name, _role(voice, each.role), each.password) for each in people]
    headers = (("账号", "account"), ("姓名", "name"), ("角色", "role"), ("首次密码", "first password"))
    voice.table(headers, rows, right=9)
    voice.warn("密码只显示这一次，请分别当面交给本人。", "The passwords are shown this once: hand each to its owner.")
    voice.say(
        "首次登录须修改密码并启用两步验证；然后由系统管理员开设账号，安全管理员授予角色。",
        "At the first sign-in each changes it and sets up two steps; then accounts are opened and roles granted.",
    )


def _role(voice: Voice, role: Role) -> str:
    with override("zh-hans" if voice.lang == "zh" else "en"):
        return str(role.label)
