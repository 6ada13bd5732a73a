"""How a county's places, subjects and standards are written in a planning problem."""

from __future__ import annotations

from junheng.facts import Locale, School, Stage, Subject
from junheng.indicators.standards import Indicator, Standards

ZONES = {Locale.URBAN: "urban", Locale.TOWN: "town", Locale.RURAL: "village"}
TEACHER_INDICATORS = {"degree": Indicator.DEGREE, "backbone": Indicator.BACKBONE, "pe_art": Indicator.PE_ART}


def unit_id(school: School, stage: Stage) -> str:
    """The id of one stage of a school."""
    return school.id if len(school.stages) == 1 else f"{school.id}-{stage.value}"


def plan_subject(subject: Subject) -> str:
    """The subject in the interchange form, which knows music and art but not the combined 艺术."""
    return Subject.ART.value if subject is Subject.ARTS else subject.value


def per_hundred(standards: Standards) -> dict[str, dict[str, float]]:
    """What the standards ask of every hundred pupils, by stage and indicator of a problem."""
    return {
        stage.value: {
            name: float(standards.least[indicator, stage])
            for name, indicator in TEACHER_INDICATORS.items()
            if (indicator, stage) in standards.least
        }
        for stage in Stage
    }
