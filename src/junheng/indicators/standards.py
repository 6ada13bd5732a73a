"""Standards of the balance inspections: dated, cited, and data.

The national rule sets are files in the folder ``standards``; a county that must follow another text reads its own file
with :func:`read_standards`. No threshold stands in program text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from junheng.facts import Code, Education, Stage

Mark = Literal["seen", "seen_second_hand", "recalled"]
"""How sure the value is: read in the text, read in a text that applies it, or remembered and to be checked."""


class Indicator(Code):
    """Indicators of the two national balance inspections."""

    DEGREE = ("degree", "高于规定学历教师数", "teachers above the required education")
    BACKBONE = ("backbone", "县级以上骨干教师数", "backbone teachers of county level or above")
    PE_ART = ("pe_art", "体育、艺术专任教师数", "full-time PE and arts teachers")
    TEACHING_AREA = ("teaching_area", "教学及辅助用房面积", "teaching and auxiliary floor area, m²")
    SPORTS_AREA = ("sports_area", "体育运动场馆面积", "sports grounds and halls, m²")
    EQUIPMENT = ("equipment", "教学仪器设备值", "value of teaching equipment, yuan")
    MULTIMEDIA = ("multimedia", "网络多媒体教室数", "networked multimedia classrooms")
    COMPUTERS = ("computers", "计算机台数", "computers")
    BOOKS = ("books", "图书册数", "books")
    STAFFING = ("staffing", "师生比", "full-time teachers")
    TITLED = ("titled", "中级及以上专业技术职务教师数", "teachers with a middle or higher title")


PER_HUNDRED = frozenset(
    {Indicator.DEGREE, Indicator.BACKBONE, Indicator.PE_ART, Indicator.MULTIMEDIA, Indicator.COMPUTERS}
)
"""Indicators that are stated per hundred pupils; the others are stated per pupil."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """A rule set: its indicators in order, thresholds per school, and limits of the coefficient.

    ``judged`` says what the limit applies to: each indicator's coefficient, or their mean (``composite``).
    ``least`` holds the threshold of an indicator and stage, per hundred pupils or per pupil as the indicator is stated.
    ``marks`` says of each group of values how sure it is.
    """

    code: str
    zh: str
    en: str
    document_number: str
    in_force_from: date
    judged: Literal["each", "composite"]
    indicators: tuple[Indicator, ...]
    cv_limit: Mapping[Stage, Decimal]
    least: Mapping[tuple[Indicator, Stage], Fraction]
    high_degree_from: Mapping[Stage, Education]
    stage_weight: Mapping[Stage, Decimal]
    in_force_to: date | None = None
    schools_reach: int | None = None
    remaining_share: Fraction | None = None
    itinerant_arts_pupils: tuple[int, int] | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def title(self, lang: str = "zh") -> str:
        """The document's name with its number."""
        return f"《{self.zh}》({self.document_number})" if lang == "zh" else f"{self.en} ({self.document_number})"


def national_standards(code: str = "quality_balance_2017") -> Standards:
    """A rule set that comes with the library: ``quality_balance_2017`` or ``basic_balance_2012``."""
    known = ("quality_balance_2017", "basic_balance_2012")
    if code not in known:
        raise ValueError(f"no rule set {code!r}; there are {', '.join(known)}")
    return _parse(standards_text(f"{code}.toml"), code)


def read_standards(path: Path) -> Standards:
    """A rule set from a county's own TOML file of the same form; ``ValueError`` names what is wrong."""
    return _parse(path.read_text(encoding="utf-8"), path.name)


def standards_text(name: str) -> str:
    """The text of a file that comes with the library."""
    return files("junheng.indicators").joinpath("standards", name).read_text(encoding="utf-8")


def _parse(text: str, name: str) -> Standards:
    try:
        given = tomllib.loads(text, parse_float=Decimal)
        return _standards(given)
    except (tomllib.TOMLDecodeError, ValueError, TypeError) as fault:
        raise ValueError(f"{name}: {fault}") from fault
    except KeyError as fault:
        raise ValueError(f"{name}: {fault.args[0]} is missing") from fault


def _standards(given: dict[str, Any]) -> Standards:
    if given["judged"] not in ("each", "composite"):
        raise ValueError(f"judged is {given['judged']!r}; expected each or composite")
    share = given.get("remaining_share")
    pupils = given.get("itinerant_arts_pupils")
    return Standards(
        code=given["code"],
        zh=given["zh"],
        en=given["en"],
        document_number=given["document_number"],
        in_force_from=given["in_force_from"],
        in_force_to=given.get("in_force_to"),
        judged=given["judged"],
        indicators=tuple(Indicator.read(each) for each in given["least"]),
        cv_limit={Stage.read(stage): Decimal(value) for stage, value in given["cv_limit"].items()},
        least={
            (Indicator.read(indicator), Stage.read(stage)): Fraction(value)
            for indicator, by_stage in given["least"].items()
            for stage, value in by_stage.items()
        },
        high_degree_from={
            Stage.read(stage): Education.read(value) for stage, value in given["high_degree_from"].items()
        },
        stage_weight={Stage.read(stage): Decimal(value) for stage, value in given["stage_weight"].items()},
        schools_reach=given.get("schools_reach"),
        remaining_share=None if share is None else Fraction(share),
        itinerant_arts_pupils=None if pupils is None else (pupils[0], pupils[1]),
        marks=given.get("marks", {}),
    )
