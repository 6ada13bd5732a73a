"""How even and how well staffed a county is: pure functions that return a value and the figures behind it."""

from junheng.indicators.amounts import Counting
from junheng.indicators.appraisal import Tracked, track
from junheng.indicators.balance import (
    BalanceReport,
    Composite,
    IndicatorResult,
    SchoolStanding,
    SchoolValue,
    measure_balance,
)
from junheng.indicators.basics import BaseStatistics, base_statistics, register
from junheng.indicators.comparison import BalanceChange, balance_after
from junheng.indicators.compliance import (
    ExchangeYear,
    Population,
    ShareTarget,
    TargetResult,
    direction_shares,
    measure_targets,
    target_set,
)
from junheng.indicators.counting import CountAt, Move
from junheng.indicators.establishment import (
    EstablishmentNorm,
    EstablishmentReport,
    Headcount,
    measure_establishment,
    national_norm,
    recruitment_room,
    required_posts,
)
from junheng.indicators.recruitment import RecruitmentNeed, RecruitmentReport, measure_recruitment
from junheng.indicators.standards import Indicator, Standards, national_standards, read_standards
from junheng.indicators.structure import Structure, StructureReport, measure_structure, middle_managers
from junheng.indicators.subjects import SubjectGap, SubjectReport, measure_subjects
from junheng.indicators.variation import coefficient_of_variation, unweighted_coefficient

__all__ = [
    "BalanceChange",
    "BalanceReport",
    "BaseStatistics",
    "Composite",
    "CountAt",
    "Counting",
    "EstablishmentNorm",
    "EstablishmentReport",
    "ExchangeYear",
    "Headcount",
    "Indicator",
    "IndicatorResult",
    "Move",
    "Population",
    "RecruitmentNeed",
    "RecruitmentReport",
    "SchoolStanding",
    "SchoolValue",
    "ShareTarget",
    "Standards",
    "Structure",
    "StructureReport",
    "SubjectGap",
    "SubjectReport",
    "TargetResult",
    "Tracked",
    "balance_after",
    "base_statistics",
    "coefficient_of_variation",
    "direction_shares",
    "measure_balance",
    "measure_establishment",
    "measure_recruitment",
    "measure_structure",
    "measure_subjects",
    "measure_targets",
    "middle_managers",
    "national_norm",
    "national_standards",
    "read_standards",
    "recruitment_room",
    "register",
    "required_posts",
    "target_set",
    "track",
    "unweighted_coefficient",
]
