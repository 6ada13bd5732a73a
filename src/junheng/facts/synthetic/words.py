"""Words from which fictional names are put together.

People's names are drawn character by character from short lists, so that a name can only belong to a real person by
chance. Township and village names are two common landscape characters each.
"""

from __future__ import annotations

from itertools import product
from random import Random

from junheng.facts.codes import Sex

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹"
    "袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
_GIVEN_FIRST = {
    Sex.MALE: "承景启怀立守绍允修秉钧廷敬茂继庆克振树延",
    Sex.FEMALE: "清若书语素佩婉静采映芷佳宛筱湘彩秋惠月含",
}
_GIVEN_SECOND = {
    Sex.MALE: "川原舟松柏峰岩禾谷林垣衡彦诚言屿桥堂烁锐",
    Sex.FEMALE: "兰荷苇竹薇蓉岚溪禾雯珂英琴絮莲茵朵棠萍菱",
}
_LAND_FIRST = "松柳石青白桃枫荷梅竹杏槐桐榆沙茶"
_LAND_SECOND = "溪岭坪湾坡桥塘山河田店岗"
_VILLAGE_FIRST = "上下前后东西南北大小新老"
_VILLAGE_SECOND = "庄屯坝洼沟堡寨圩院垭台坎"


def person_name(rng: Random, sex: Sex) -> str:
    """A surname and a given name of two characters."""
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN_FIRST[sex]) + rng.choice(_GIVEN_SECOND[sex])


def township_names(rng: Random, count: int) -> list[str]:
    """Distinct township names, of two characters as long as they last and of three after that."""
    names = [a + b for a, b in product(_LAND_FIRST, _LAND_SECOND)]
    rng.shuffle(names)
    longer = [side + name for side, name in product(_VILLAGE_FIRST, sorted(names))]
    rng.shuffle(longer)
    if count > len(names) + len(longer):
        raise ValueError(f"no more than {len(names) + len(longer)} townships can be named; {count} were asked for")
    return [*names, *longer][:count]


def village_names(rng: Random) -> list[str]:
    """Every village name, in a new order for each township."""
    names = [a + b for a, b in product(_VILLAGE_FIRST, _VILLAGE_SECOND)]
    rng.shuffle(names)
    return names
