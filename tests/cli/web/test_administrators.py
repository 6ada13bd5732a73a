"""``junheng web administrators``: once, for three people, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Bureau = Callable[..., Any]
COUNTY = ("--code", "990101", "--name", "云山县")
PEOPLE = ("--system", "甲某", "--security", "乙某", "--audit", "丙某")


@pytest.mark.slow
def test_an_empty_installation_gets_its_administrators_once(bureau: Bureau) -> None:
    code, said = bureau("a", "administrators", *COUNTY, *PEOPLE)
    assert code == 2 and "junheng web migrate" in said
    assert bureau("a", "migrate")[0] == 0
    code, made = bureau(
        "a", "administrators", *COUNTY, *PEOPLE, "--prefecture-code", "9901", "--prefecture", "云州市", "--json"
    )
    assert code == 0
    assert made["county"] == {"code": "990101", "name": "云山县"}
    assert made["prefecture"] == {"code": "9901", "name": "云州市"}
    assert [(each["username"], each["name"], each["role"]) for each in made["administrators"]] == [
        ("system-admin", "甲某", "system_admin"),
        ("security-admin", "乙某", "security_admin"),
        ("audit-admin", "丙某", "audit_admin"),
    ]
    assert len({each["password"] for each in made["administrators"]}) == 3
    code, said = bureau("a", "administrators", *COUNTY, *PEOPLE)
    assert code == 2 and "3 个账号" in said and "2 个机构" in said
    assert not any(each["password"] in said for each in made["administrators"])
    code, said = bureau("a", "audit", "verify", "--json")
    assert code == 0 and said["holds"]


@pytest.mark.slow
def test_the_passwords_stand_in_the_table_that_a_person_reads(bureau: Bureau) -> None:
    assert bureau("a", "migrate")[0] == 0
    code, said = bureau("a", "administrators", *COUNTY, *PEOPLE, "--lang", "en")
    assert code == 0
    assert "made: 云山县" in said and "first password" in said and "System administrator" in said
    assert "shown this once" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "lang", "part"),
    [
        ((*COUNTY, *PEOPLE[:4], "--audit", "甲某"), "zh", "三个人"),
        ((*COUNTY, *PEOPLE[:4], "--audit", " "), "en", "needs a name"),
        (("--code", "9901", "--name", "云山县", *PEOPLE), "zh", "“9901”"),
        (("--code", "990101", "--name", " ", *PEOPLE), "en", "--name"),
        ((*COUNTY, *PEOPLE, "--prefecture", "云州市"), "zh", "要么都填"),
        ((*COUNTY, *PEOPLE, "--prefecture", "云州市", "--prefecture-code", "x"), "en", "“x”"),
        ((*COUNTY, *PEOPLE[:4]), "zh", "缺少"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_made(
    bureau: Bureau, words: tuple[str, ...], lang: str, part: str
) -> None:
    code, said = bureau("a", "administrators", *words, "--lang", lang)
    assert code == 2 and part in said
    assert "Traceback" not in said
