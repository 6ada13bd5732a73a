"""Which tables are kept. A new model must be named here, or a test fails; until then it is kept."""

from __future__ import annotations

from typing import Any

BUSINESS = frozenset(
    {
        "directory.FormerName", "directory.Organisation", "directory.RoleGrant", "directory.SchoolTie",
        "directory.User", "records.Attachment", "staffing.AppointmentEntry", "staffing.AssessmentEntry",
        "staffing.CircumstancesEntry", "staffing.ClusterState", "staffing.ContractEntry", "staffing.Correction",
        "staffing.EarlyLeaveEntry", "staffing.EnrolmentEntry", "staffing.EstablishmentPlan",
        "staffing.EstablishmentSettings", "staffing.ExamEntry", "staffing.HonorEntry", "staffing.IncreasePlan",
        "staffing.Intake", "staffing.IntakeLine", "staffing.LeaveEntry", "staffing.NotInPostEntry",
        "staffing.PlanLine", "staffing.PlanStep", "staffing.PostsEntry", "staffing.ProgrammeEntry",
        "staffing.RecruitmentEntry", "staffing.RequirementEntry", "staffing.ResourcesEntry",
        "staffing.RetirementDecision", "staffing.RoutedDocument", "staffing.RoutingStep", "staffing.SanctionEntry",
        "staffing.SavedMapping", "staffing.SchoolEventEntry", "staffing.SchoolState", "staffing.SecondmentEntry",
        "staffing.Snapshot", "staffing.SupportPostEntry", "staffing.Teacher", "staffing.TeacherState",
        "staffing.TitleEntry", "staffing.TrainingEntry", "staffing.VerificationReturn", "staffing.VerificationRound",
        "staffing.WageEntry", "staffing.WishEntry",
        "staffing.GroupTerms", "staffing.OutsidePartner", "staffing.PairTerms", "staffing.TeacherTie",
        "rotation.Allowance", "rotation.AllowanceRate", "rotation.Application", "rotation.ApplicationDraft",
        "rotation.ApplicationPaper",
        "rotation.Arrangement", "rotation.AskingSettings", "rotation.Attendance", "rotation.BodyMember",
        "rotation.CadreMove", "rotation.CadreTerm", "rotation.CalendarDay", "rotation.Caution",
        "rotation.Certificate", "rotation.Charge", "rotation.Choice", "rotation.DataConfirmation",
        "rotation.Deduction", "rotation.Deliberation", "rotation.ExpiryWarning", "rotation.FactAppeal",
        "rotation.FormalityStep", "rotation.Goal", "rotation.HeadCount", "rotation.JournalPost",
        "rotation.LeaderDuty", "rotation.LogEntry", "rotation.ManualChange", "rotation.Meeting",
        "rotation.MonthlyReport", "rotation.Move", "rotation.NoticeRow", "rotation.Objection",
        "rotation.OfficialDocument", "rotation.OpenPost", "rotation.Order", "rotation.OrderAmendment",
        "rotation.OrderLine", "rotation.Outcome", "rotation.OutcomeObjection", "rotation.OutcomeStep",
        "rotation.Phase", "rotation.PhaseChange", "rotation.PhaseTurn", "rotation.Pin", "rotation.Placement",
        "rotation.PlacementChange", "rotation.PlanFile", "rotation.PostApplication", "rotation.Problem",
        "rotation.PublicNotice",
        "rotation.PublishedNeed", "rotation.PublishedQuota", "rotation.ReadReceipt", "rotation.Relief",
        "rotation.ReserveCadre", "rotation.ReviewStep", "rotation.RiskCheck", "rotation.RotationYear",
        "rotation.Safeguard", "rotation.Scenario", "rotation.SchoolNotice", "rotation.SchoolOpinion",
        "rotation.SchoolReturn", "rotation.SecondmentRecall", "rotation.ServiceSettings", "rotation.SharingMeeting",
        "rotation.Study", "rotation.StudyPart", "rotation.Summary",
        "rotation.Task", "rotation.Verdict", "rotation.Visit", "rotation.WorkBody",
    }
)  # fmt: skip
"""What the bureau's work consists of. Their digest leaves out times of entry, so that the same work gives the same."""

TRAIL = frozenset(
    {
        "records.AuditEvent", "records.AuditHead", "records.Delivery", "records.Job", "records.Notification",
        "records.NotificationChoice", "records.WebHook",
        "account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount",
    }
)  # fmt: skip
"""What else is kept: who did what, who was told, how people sign in."""

LEFT_OUT = {
    "staffing.CountyExport": "files that are kept for a day",
    "directory.SignInBrake": "counts wrong passwords for some minutes",
    "auth.Group": "not used: roles are granted in directory",
    "auth.Group_permissions": "not used",
    "auth.Permission": "made by migrate",
    "contenttypes.ContentType": "made by migrate",
    "sessions.Session": "after a restore everybody signs in again",
    "usersessions.UserSession": "belongs to the sessions",
    "account.EmailConfirmation": "lapses within days",
    "socialaccount.SocialApp": "set in the environment",
    "socialaccount.SocialToken": "given anew at the next login",
}
"""What is not kept, and why."""

NAMED_BY_CHANCE = {
    "rotation.Application": frozenset({"number"}),
    "rotation.Certificate": frozenset({"code", "digest"}),
    "rotation.Objection": frozenset({"code_digest"}),
    "rotation.PlanFile": frozenset({"content", "sha256", "size"}),
    "rotation.PostApplication": frozenset({"number"}),
    "rotation.PublicNotice": frozenset({"root", "rows_digest"}),
    "rotation.Scenario": frozenset({"root"}),
    "rotation.SchoolNotice": frozenset({"names"}),
    "rotation.SchoolReturn": frozenset({"numbers"}),
    "staffing.Intake": frozenset({"stored", "faults_stored"}),
}
"""Columns that hold nothing but chance, or what is reckoned from it, so that equal work has other ones: names of
files, receipt numbers and codes, the proof of a plan, whose salt is drawn anew. The plan has a digest of its own."""

MADE_BY_MIGRATE = frozenset({"auth.Permission", "contenttypes.ContentType"})


def kept(apps: Any) -> list[Any]:
    """Models that are kept, in order of their labels."""
    every = apps.get_models(include_auto_created=True)
    return sorted((m for m in every if m._meta.managed and m._meta.label not in LEFT_OUT), key=_label)


def cleared(apps: Any) -> list[Any]:
    """Models whose tables a restore empties: all but those that ``migrate`` fills."""
    every = apps.get_models(include_auto_created=True)
    return sorted((m for m in every if m._meta.managed and m._meta.label not in MADE_BY_MIGRATE), key=_label)


def _label(model: Any) -> str:
    return str(model._meta.label)
