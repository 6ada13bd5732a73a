"""Every address of the web and who may pass it: the table that ``tests/web/test_access.py`` goes through.

A new address needs a line in :data:`DOORS`; without one the test fails and says so. Where the address names no object
the line is ``Door()``: who may pass follows from the view's gate and from ``ROLE_RULES``. Where it names one,
``objects`` makes one for each of several owners:

- ``by="place"`` (the rule): owners are places of the cast (``yucai``, ``hedong``, ``xishan``, ``faraway``, ``county``);
  whoever holds one of the permissions ``needs`` (the gate's, unless said) over the place may pass, to others it is 404;
- ``by="person"``: owners are people of the cast; only they may pass, to others it is 404.

``also`` names (person, owner) pairs that may pass besides. ``form`` is what is sent; a view refuses it or not, but for
whoever may not pass nothing at all may be written. Public doors say why they are public. The lines of the room
``staffing`` are in ``staffing_doors.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from junheng.web.access import Permission, Role
from junheng.web.interface import icons

Objects = Callable[[Any], dict[str, dict[str, Any]]]
PLACES = ("yucai", "hedong", "xishan", "faraway")


@dataclass(frozen=True)
class Door:
    """What is expected of one address."""

    objects: Objects | None = None
    by: str = "place"
    needs: tuple[Permission, ...] = ()
    also: frozenset[tuple[str, str]] = frozenset()
    reads_only: frozenset[tuple[str, str]] = frozenset()
    """(Person, owner) pairs that may read but are refused (403) when they write."""
    form: Mapping[str, Any] = field(default_factory=dict)
    public: str = ""
    own_account: bool = False
    """Of one's own account: every person sees the same, so a few are enough."""
    queries: tuple[str, ...] = ()
    """Further queries to ask with, as ``?x=1``; lists are searched and exported anyway."""


# --- who is there ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identity:
    """Somebody of the cast: which role he holds, and at which place; no role, or one that has ended, gives nothing."""

    role: Role | None
    seat: str = ""

    @property
    def reach(self) -> frozenset[str]:
        """The places at and below the seat."""
        return BELOW.get(self.seat, frozenset()) if self.role else frozenset()


BELOW = {
    "county": frozenset({"county", "cluster", "other_cluster", "yucai", "hedong", "xishan"}),
    "cluster": frozenset({"cluster", "yucai", "hedong"}),
    "other_cluster": frozenset({"other_cluster", "xishan"}),
    "other_county": frozenset({"other_county", "faraway_cluster", "faraway"}),
    **{name: frozenset({name}) for name in PLACES},
}
_SEATS = {
    Role.TEACHER: "yucai", Role.SCHOOL_CLERK: "yucai", Role.PRINCIPAL: "yucai", Role.CLUSTER_HEAD: "cluster",
}  # fmt: skip
IDENTITIES: dict[str, Identity] = {
    **{role.value: Identity(role, _SEATS.get(role, "county")) for role in Role},
    "principal_of_hedong": Identity(Role.PRINCIPAL, "hedong"),
    "principal_of_xishan": Identity(Role.PRINCIPAL, "xishan"),
    "head_of_other_cluster": Identity(Role.CLUSTER_HEAD, "other_cluster"),
    "clerk_of_other_county": Identity(Role.BUREAU_CLERK, "other_county"),
    "teacher_of_other_county": Identity(Role.TEACHER, "faraway"),
    "teacher_of_hedong": Identity(Role.TEACHER, "hedong"),
    "expired_clerk": Identity(None),
    "revoked_clerk": Identity(None),
    "nobody": Identity(None),
}
FEW = ("teacher", "bureau_clerk", "nobody")
"""Enough for what is the same for everybody."""


# --- objects --------------------------------------------------------------------------------------------------------


def organisations(cast: Any) -> dict[str, dict[str, Any]]:
    """The places themselves."""
    return {name: {"pk": getattr(cast, name).pk} for name in ("county", "cluster", *PLACES)}


def schools(cast: Any) -> dict[str, dict[str, Any]]:
    """Schools only."""
    return {name: {"pk": getattr(cast, name).pk} for name in PLACES}


def teachers(cast: Any) -> dict[str, dict[str, Any]]:
    """A teacher at each of the schools."""
    who = {"yucai": "alice", "hedong": "bob", "xishan": "carol", "faraway": "dave"}
    return {place: {"pk": cast.teachers[name].pk} for place, name in who.items()}


def users(cast: Any) -> dict[str, dict[str, Any]]:
    """An account kept at each of several places."""
    who = {
        "yucai": "school_clerk", "hedong": "principal_of_hedong", "xishan": "principal_of_xishan",
        "county": "leading_group", "faraway": "teacher_of_other_county", "other_county": "clerk_of_other_county",
    }  # fmt: skip
    return {place: {"pk": cast.users[name].pk} for place, name in who.items()}


def grants(cast: Any) -> dict[str, dict[str, Any]]:
    """A role held at each of several places."""
    return {place: {"pk": cast.people_at[place].grants.get().pk} for place in ("yucai", "hedong", "xishan", "faraway")}


def ties(cast: Any) -> dict[str, dict[str, Any]]:
    """Ties of a place with one of its own county."""
    from junheng.web.directory.models import Organisation, SchoolTie

    made = {}
    for place in ("yucai", "faraway"):
        home = getattr(cast, place)
        other = Organisation.objects.create(
            kind="school", code=f"tied-{place}", name="同县另一所学校", parent=home.parent, county=home.county
        )
        tie = SchoolTie.objects.create(
            supporting=home, supported=other, kind="assistance", valid_from=timezone.localdate(), source="test"
        )
        made[place] = {"pk": tie.pk}
    return made


def own_grants(cast: Any) -> dict[str, dict[str, Any]]:
    """Roles that their holders may give away for a time."""
    names = ("principal", "principal_of_hedong", "cluster_head", "section_head")
    return {name: {"pk": cast.users[name].grants.get(deputises=None).pk} for name in names}


def deputies(cast: Any) -> dict[str, dict[str, Any]]:
    """Somebody who stands in for each of two people."""
    from junheng.web.directory.models import RoleGrant

    made = {}
    today = timezone.localdate()
    for name in ("principal_of_hedong", "section_head"):
        held = cast.users[name].grants.get(deputises=None)
        stands_in = cast.users["nobody"]
        made[name] = {
            "pk": RoleGrant.objects.create(
                user=stands_in, role=held.role, organisation=held.organisation, deputises=held, granted_by=held.user,
                start=today + timedelta(days=5), end=today + timedelta(days=6),
            ).pk
        }  # fmt: skip
    return made


def audit_events(cast: Any) -> dict[str, dict[str, Any]]:
    """Something that was done at each of two counties."""
    from django.db import transaction

    from junheng.web.records.audit import record

    made = {}
    for place in ("county", "other_county"):
        with transaction.atomic():
            at = getattr(cast, place)
            made[place] = {"number": record(None, "directory.organisation.renamed", at, organisation=at).number}
    return made


def jobs(cast: Any) -> dict[str, dict[str, Any]]:
    """A job asked for by a clerk of each county."""
    from junheng.web.records.models import Job

    made = {}
    for place, who in (("county", "bureau_clerk"), ("other_county", "clerk_of_other_county")):
        job = Job.objects.create(
            kind="test", title=f"job of {place}", requested_by=cast.users[who], due_at=timezone.now(),
            organisation_key=getattr(cast, place).pk, created_at=timezone.now(),
        )  # fmt: skip
        made[place] = {"pk": job.pk}
    return made


def notifications(cast: Any) -> dict[str, dict[str, Any]]:
    """A message for each of three people."""
    from junheng.web.records.models import Notification

    return {
        name: {"pk": Notification.objects.create(recipient=cast.users[name], kind="test", message="一条消息").pk}
        for name in ("teacher", "principal_of_hedong", "clerk_of_other_county")
    }


def hooks(cast: Any) -> dict[str, dict[str, Any]]:
    """A web hook; hooks belong to the whole installation."""
    from junheng.web.records.models import WebHook

    hook = WebHook(name="hook", kind="generic", created_by=cast.users["system_admin"])
    hook.url = "https://hooks.example/"
    hook.save()
    return {"county": {"pk": hook.pk}}


def attachments(cast: Any) -> dict[str, dict[str, Any]]:
    """A file of an object of which no room has said who may see it: nobody may have it."""
    from junheng.web.records.models import Attachment

    made = Attachment.objects.create(
        owner_kind="nothing.known", owner_id="1", name="x.pdf", size=1, content_type="application/pdf", sha256="0" * 64,
        stored_as="x", uploaded_by=cast.users["principal"],
    )  # fmt: skip
    return {"noone": {"token": made.token}}


def security_keys(cast: Any) -> dict[str, dict[str, Any]]:
    """A security key of one person."""
    from allauth.mfa.models import Authenticator

    made = Authenticator.objects.create(
        user=cast.users["teacher"], type="webauthn", data={"name": "key", "credential": {}}
    )
    return {"teacher": {"pk": made.pk}}


def provider(_cast: Any) -> dict[str, dict[str, Any]]:
    """An outside provider that is not configured."""
    return {"noone": {"provider_id": "oidc"}}


def drawing(_cast: Any) -> dict[str, dict[str, Any]]:
    """The drawing of the icons of this version."""
    return {"noone": {"version": icons.digest()}}


def staged(cast: Any) -> dict[str, dict[str, Any]]:
    """A stage of each school."""
    stages = {"yucai": "junior", "hedong": "primary", "xishan": "junior", "faraway": "junior"}
    return {place: {"pk": getattr(cast, place).pk, "stage": stage} for place, stage in stages.items()}


def establishment_plans(cast: Any) -> dict[str, dict[str, Any]]:
    """A draft of each county, by the clerk of the other one, so that everybody else may decide on it."""
    from junheng.web.staffing.models import EstablishmentPlan

    made = {}
    for place, who in (("county", "clerk_of_other_county"), ("other_county", "bureau_clerk")):
        plan = EstablishmentPlan.objects.create(
            county=getattr(cast, place), version=1, title="方案", reckoned_on=timezone.localdate(),
            effective_from=timezone.localdate(), requested_total=1, drafted_by=cast.users[who],
            drafted_at=timezone.now(),
        )  # fmt: skip
        made[place] = {"pk": plan.pk}
    return made


def register_entries(kind: str) -> Objects:
    """An entry of a register about a teacher of each school."""
    values: dict[str, dict[str, Any]] = {
        "NotInPostEntry": {"reason": "left", "since": timezone.localdate()},
        "SecondmentEntry": {"direction": "out", "unit": "x", "start": timezone.localdate(), "document_number": "x"},
        "ContractEntry": {"kind": "until_retirement", "start": timezone.localdate()},
        "WageEntry": {"yearly_yuan": 1},
        "EarlyLeaveEntry": {"start": timezone.localdate(), "ground": "x", "document_number": "x"},
        "ProgrammeEntry": {"measure": "degree", "start_year": 2026},
        "RetirementDecision": {"retires_on": timezone.localdate(), "ground": "x", "document_number": "x"},
    }

    def entries(cast: Any) -> dict[str, dict[str, Any]]:
        from junheng.web.staffing import models

        model = getattr(models, kind)
        return {
            place: {
                "pk": model.objects.create(
                    teacher_id=words["pk"], valid_from=timezone.localdate(), source="test", **values[kind]
                ).pk
            }
            for place, words in teachers(cast).items()
        }

    return entries


def verifications(cast: Any) -> dict[str, dict[str, Any]]:
    """A round of verification in each county."""
    from junheng.web.staffing.models import VerificationRound

    return {
        place: {
            "pk": VerificationRound.objects.create(
                county=getattr(cast, place), title="核对", reckoned_on=timezone.localdate(), due=timezone.localdate(),
                opened_by=cast.users["bureau_clerk"], opened_at=timezone.now(),
            ).pk
        }
        for place in ("county", "other_county")
    }  # fmt: skip


def verification_answers(cast: Any) -> dict[str, dict[str, Any]]:
    """The part of each school in the round of its county."""
    rounds = verifications(cast)
    counties = {"yucai": "county", "hedong": "county", "xishan": "county", "faraway": "other_county"}
    return {
        place: {"pk": rounds[county]["pk"], "school_pk": getattr(cast, place).pk} for place, county in counties.items()
    }


def routed_documents(cast: Any) -> dict[str, dict[str, Any]]:
    """A document of each county on its way."""
    from junheng.web.staffing.models import RoutedDocument

    return {
        place: {
            "pk": RoutedDocument.objects.create(
                county=getattr(cast, place),
                title="文件",
                created_by=cast.users["bureau_clerk"],
                created_at=timezone.now(),
            ).pk
        }
        for place in ("county", "other_county")
    }


def routing_steps(cast: Any) -> dict[str, dict[str, Any]]:
    """A department on the way of each of those documents."""
    from junheng.web.staffing.models import RoutingStep

    return {
        place: {
            "pk": words["pk"],
            "step_pk": RoutingStep.objects.create(
                document_id=words["pk"], department="finance", sent_on=timezone.localdate()
            ).pk,
        }
        for place, words in routed_documents(cast).items()
    }


# --- the table ------------------------------------------------------------------------------------------------------

REASON = {"reason": "试一试"}
SIGNING_IN = "part of signing in: whoever is there has not signed in yet"
OUTSIDE = "the way in through an outside provider, 404 where none is configured"
OWN = Door(own_account=True)
DECISION = {"seen": "0", "body": "x", "document_number": "x", "on": "2026-11-12", "total": "1"}

DOORS: dict[str, Door] = {
    "home": Door(),
    "icons": Door(drawing, public="the icons of the menus, on the login page too"),
    "health": Door(public="asked by whatever watches over the server; says only whether it works"),
    # --- reporting ---
    "reporting:overview": Door(),
    "reporting:balance": Door(),
    "reporting:structure": Door(),
    "reporting:map": Door(),
    "reporting:screen": Door(),
    # --- records ---
    "records:audit": Door(),
    "records:audit_verify": Door(),
    "records:audit_event": Door(audit_events),
    "records:attachment": Door(attachments, needs=(Permission.TEACHERS_VIEW,)),
    "records:notifications": Door(),
    "records:notifications_read": Door(),
    "records:notifications_choice": Door(),
    "records:notification": Door(notifications, by="person"),
    "records:hooks": Door(),
    "records:hook_new": Door(form={"name": "x", "kind": "generic", "url": "https://hooks.example/"}),
    "records:hook": Door(hooks),
    "records:hook_switch": Door(hooks),
    "records:hook_try": Door(hooks),
    "records:jobs": Door(),
    "records:job": Door(jobs, needs=(Permission.JOBS_VIEW,)),
    "records:job_cancel": Door(jobs, needs=(Permission.JOBS_VIEW,), reads_only=frozenset({("section_head", "county")})),
    # --- directory ---
    "directory:organisations": Door(queries=("?q=zq", "?open=1,2,3,4,5,6,7,8,9,10,11,12", "?closed=1")),
    "directory:organisation": Door(organisations),
    "directory:organisation_add": Door(organisations, form={"kind": "school", "code": "NEW", "name": "新校"}),
    "directory:organisation_rename": Door(organisations, form={"name": "新名", "on": "2026-09-01"} | REASON),
    "directory:organisation_move": Door(organisations, form={"parent": "1", "on": "2026-09-01"} | REASON),
    "directory:organisation_close": Door(organisations, form={"on": "2026-09-01"} | REASON),
    "directory:organisation_reopen": Door(organisations, form=REASON),
    "directory:organisation_order": Door(organisations, form={"place-1": "3"}),
    "directory:tie_add": Door(schools, form={"supported": "1", "kind": "assistance", "start": "2026-09-01"}),
    "directory:tie_end": Door(ties, form={"on": "2026-09-01"} | REASON),
    "directory:users": Door(queries=("?role=principal", "?organisation=1")),
    "directory:user_open": Door(form={"username": "x", "name": "x", "duty": "business", "organisation": "1"}),
    "directory:user": Door(users),
    "directory:user_edit": Door(users, form={"name": "x", "organisation": "1"}),
    "directory:user_switch": Door(users, form=REASON),
    "directory:user_password": Door(users, form=REASON),
    "directory:user_code": Door(users, form=REASON),
    "directory:user_second_factor": Door(users, form=REASON),
    "directory:grant_add": Door(users, form={"role": "teacher", "organisation": "1", "start": "2026-09-01"}),
    "directory:grant_revoke": Door(grants, form=REASON),
    "directory:deputies": Door(),
    "directory:deputy_name": Door(
        own_grants, by="person", form={"username": "nobody", "start": "2026-09-01", "end": "2026-09-02"} | REASON
    ),
    "directory:deputy_end": Door(deputies, by="person", form=REASON),
    "directory:access_policy": Door(),
    "directory:search": Door(queries=("?q=zq", "?q=云山")),
    # --- staffing: establishment ---
    "staffing:establishment": Door(queries=("?cluster=X02&standing=short", "?on=2026-09-01")),
    "staffing:establishment_figure": Door(staged),
    "staffing:establishment_parameters": Door(),
    "staffing:establishment_parameters_change": Door(form={"norm": "unified_2014"} | REASON),
    "staffing:establishment_plans": Door(),
    "staffing:establishment_draft": Door(form={"title": "x", "on": "2026-11-01", "effective_from": "2027-01-01"}),
    "staffing:establishment_plan": Door(establishment_plans),
    "staffing:establishment_verify": Door(establishment_plans, form=DECISION),
    "staffing:establishment_approve": Door(establishment_plans, form=DECISION),
    "staffing:establishment_allocate": Door(establishment_plans, form={"seen": "0"}),
    "staffing:establishment_file": Door(establishment_plans, form=DECISION),
    "staffing:establishment_return": Door(establishment_plans, form={"seen": "0", "opinion": "x"}),
    "staffing:establishment_withdraw": Door(establishment_plans, form={"seen": "0", "opinion": "x"}),
    "staffing:subject_demand": Door(),
    "staffing:courses_offered": Door(),
    "staffing:exam_subjects": Door(),
    "staffing:structure": Door(),
    "staffing:middle_managers": Door(),
    "staffing:base_statistics": Door(),
    "staffing:staff_categories": Door(),
    "staffing:establishment_outlook": Door(queries=("?years=6&trend=national",)),
    "staffing:recruitment": Door(),
    "staffing:recruitment_needs": Door(),
    "staffing:appraisals": Door(),
    "staffing:recruitment_enter": Door(
        form={"year": "2026", "stage": "primary", "subject": "pe", "number": "1", "openly": "on"}
    ),
    "staffing:recruitment_increase": Door(form={"year": "2026", "number": "1", "document_number": "x"}),
    "staffing:support_posts": Door(),
    "staffing:support_posts_enter": Door(form={"kind": "cook", "posts": "1", "people": "1", "yearly_yuan": "1"}),
    **{
        f"staffing:{name}{way}": Door(objects, form=form)
        for name, kind in (
            ("not_in_post", "NotInPostEntry"),
            ("secondments", "SecondmentEntry"),
            ("contracts", "ContractEntry"),
            ("hired_teachers", "WageEntry"),
            ("early_leave", "EarlyLeaveEntry"),
            ("programme", "ProgrammeEntry"),
            ("retirements", "RetirementDecision"),
        )
        for way, objects, form in (
            ("", None, {}),
            ("_enter", None, {"number": "T0002", "entered_from": "2026-09-01"}),
            ("_enter_for", teachers, {"entered_from": "2026-09-01"}),
            ("_end", register_entries(kind), REASON),
        )
    },
    "staffing:verifications": Door(),
    "staffing:verification_open": Door(form={"title": "x", "reckoned_on": "2026-11-01", "due": "2026-11-15"}),
    "staffing:verification": Door(
        verifications,
        also=frozenset(
            (name, "county")
            for name, identity in IDENTITIES.items()
            if identity.reach & {"yucai", "hedong", "xishan"} and identity.role is not None
        )
        | {("clerk_of_other_county", "other_county")},
    ),
    "staffing:verification_answer": Door(verification_answers, form={"outcome": "confirmed"}),
    "staffing:verification_close": Door(verifications, form=REASON),
    "staffing:documents": Door(),
    "staffing:document_register": Door(form={"title": "x"}),
    "staffing:document": Door(routed_documents, form={"department": "finance", "sent_on": "2026-11-02"}),
    "staffing:document_reply": Door(routing_steps, form={"answered_on": "2026-11-09", "agreed": "yes"}),
    # --- one's own account ---
    "account_login": Door(public=SIGNING_IN),
    "account_activate": Door(public=SIGNING_IN),
    "account_logout": Door(public="ends a session where there is one"),
    "account_inactive": Door(public=SIGNING_IN),
    "set_language": Door(public="the language of the login page too"),
    "mfa_authenticate": Door(public=SIGNING_IN),
    "mfa_login_webauthn": Door(public=SIGNING_IN),
    "socialaccount_login_cancelled": Door(public=SIGNING_IN),
    "socialaccount_login_error": Door(public=SIGNING_IN),
    "openid_connect_login": Door(provider, public=OUTSIDE),
    "openid_connect_callback": Door(provider, public=OUTSIDE),
    "dingtalk_login": Door(public=OUTSIDE),
    "dingtalk_callback": Door(public=OUTSIDE),
    "feishu_login": Door(public=OUTSIDE),
    "feishu_callback": Door(public=OUTSIDE),
    "account_reauthenticate": OWN,
    "account_change_password": OWN,
    "account_set_password": OWN,
    "usersessions_list": OWN,
    "mfa_index": OWN,
    "mfa_reauthenticate": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": OWN,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_remove_webauthn": Door(security_keys, by="person", own_account=True),
    "mfa_edit_webauthn": Door(security_keys, by="person", own_account=True),
    "socialaccount_connections": OWN,
}
