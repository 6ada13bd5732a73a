"""What is derived from a name: the readings of people's names, quick and as the dictionary gives them."""

from __future__ import annotations

import pytest
from pypinyin import lazy_pinyin

from junheng.web.directory.names import SURNAMES, reading


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("单博文", "shan bo wen"), ("解忆雯", "xie yi wen"), ("仇小林", "qiu xiao lin"), ("区晓明", "ou xiao ming"),
        ("查文", "zha wen"), ("朴英子", "piao ying zi"), ("任重远", "ren zhong yuan"), ("华长乐", "hua chang le"),
        ("盖云", "ge yun"), ("翟天", "zhai tian"), ("覃思", "qin si"), ("尉迟乐", "yu chi le"), ("曾", "ceng"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_a_surname_when_a_given_name_follows(name, syllables):
    assert " ".join(reading(name)) == syllables


@pytest.mark.parametrize(
    "name", ["王重庆", "张乐山", "阿布都·买买提", "Anna 李", "欧阳Ann", "李　明", "〇王", "", "长江", "王银行家"]
)
def test_words_read_once_and_kept_give_what_the_dictionary_gives(name):
    expected = lazy_pinyin(name)
    if not any(name.startswith(surname) for surname in SURNAMES if len(name) > len(surname)):
        assert reading(name) == expected
        assert reading(name) == expected
