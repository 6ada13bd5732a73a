"""What the room stores."""

from junheng.web.staffing.models.careers import (
    AppointmentEntry,
    AssessmentEntry,
    CircumstancesEntry,
    ExamEntry,
    HonorEntry,
    LeaveEntry,
    SanctionEntry,
    TitleEntry,
    TrainingEntry,
    WishEntry,
)
from junheng.web.staffing.models.clusters import ClusterState
from junheng.web.staffing.models.corrections import Correction, CorrectionStatus
from junheng.web.staffing.models.establishment import (
    EstablishmentPlan,
    PlanLine,
    PlanState,
    PlanStep,
    StepKind,
)
from junheng.web.staffing.models.exports import KEPT, CountyExport, ExportKind
from junheng.web.staffing.models.intakes import Intake, IntakeLine, IntakeState, LineKind, LineState
from junheng.web.staffing.models.links import (
    BUNDLE,
    ZONE,
    GroupKind,
    GroupTerms,
    OutsidePartner,
    PairTerms,
    Sharing,
    TeacherTie,
)
from junheng.web.staffing.models.mappings import SavedMapping
from junheng.web.staffing.models.parameters import EstablishmentSettings
from junheng.web.staffing.models.registers import (
    ContractEntry,
    EarlyLeaveEntry,
    IncreasePlan,
    NotInPostEntry,
    ProgrammeEntry,
    RecruitmentEntry,
    RetirementDecision,
    SecondmentEntry,
    SupportPostEntry,
    WageEntry,
)
from junheng.web.staffing.models.rounds import (
    RoutedDocument,
    RoutingStep,
    VerificationReturn,
    VerificationRound,
)
from junheng.web.staffing.models.schools import (
    EnrolmentEntry,
    PostsEntry,
    RequirementEntry,
    ResourcesEntry,
    SchoolEventEntry,
    SchoolState,
)
from junheng.web.staffing.models.snapshots import Snapshot
from junheng.web.staffing.models.teachers import Teacher, TeacherState

__all__ = [
    "BUNDLE",
    "KEPT",
    "ZONE",
    "AppointmentEntry",
    "AssessmentEntry",
    "CircumstancesEntry",
    "ClusterState",
    "ContractEntry",
    "Correction",
    "CorrectionStatus",
    "CountyExport",
    "EarlyLeaveEntry",
    "EnrolmentEntry",
    "EstablishmentPlan",
    "EstablishmentSettings",
    "ExamEntry",
    "ExportKind",
    "GroupKind",
    "GroupTerms",
    "HonorEntry",
    "IncreasePlan",
    "Intake",
    "IntakeLine",
    "IntakeState",
    "LeaveEntry",
    "LineKind",
    "LineState",
    "NotInPostEntry",
    "OutsidePartner",
    "PairTerms",
    "PlanLine",
    "PlanState",
    "PlanStep",
    "PostsEntry",
    "ProgrammeEntry",
    "RecruitmentEntry",
    "RequirementEntry",
    "ResourcesEntry",
    "RetirementDecision",
    "RoutedDocument",
    "RoutingStep",
    "SanctionEntry",
    "SavedMapping",
    "SchoolEventEntry",
    "SchoolState",
    "SecondmentEntry",
    "Sharing",
    "Snapshot",
    "StepKind",
    "SupportPostEntry",
    "Teacher",
    "TeacherState",
    "TeacherTie",
    "TitleEntry",
    "TrainingEntry",
    "VerificationReturn",
    "VerificationRound",
    "WageEntry",
    "WishEntry",
]
