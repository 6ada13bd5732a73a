"""The part of the table of doors that is about teachers, schools and establishment; see ``doors.py``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from junheng.web.access import Permission as May

COUNTIES = {"county": "bureau_clerk", "other_county": "clerk_of_other_county"}
TEACHERS = {"yucai": "alice", "hedong": "bob", "xishan": "carol", "faraway": "dave"}
AT_SCHOOLS = ("school_clerk", "principal", "cluster_head", "principal_of_hedong", "principal_of_xishan",
              "head_of_other_cluster")  # fmt: skip
FROM_SCHOOLS = frozenset((name, "county") for name in AT_SCHOOLS)
"""Who works at a school and sees what a county asks of its schools."""
OWN = frozenset({("teacher", "yucai"), ("teacher_of_hedong", "hedong"), ("teacher_of_other_county", "faraway")})
REASON = {"reason": "试一试"}
DAY = date(2026, 9, 1)

Words = dict[str, Any]


def model(name: str) -> Any:
    """A model of the room."""
    return apps.get_model(f"staffing.{name}")


def per_county(make: Callable[[Any, Any, Any], Words]) -> Callable[[Any], dict[str, Words]]:
    """Objects of each of two counties: ``make`` is given cast, county and clerk."""
    return lambda cast: {place: make(cast, getattr(cast, place), cast.users[who]) for place, who in COUNTIES.items()}


def teachers(cast: Any) -> dict[str, Words]:
    """A teacher of each school."""
    return {place: {"pk": cast.teachers[who].pk} for place, who in TEACHERS.items()}


def schools(cast: Any, **more: Any) -> dict[str, Words]:
    """The schools."""
    return {place: {"pk": getattr(cast, place).pk} | more for place in TEACHERS}


def entries(name: str, key: str = "") -> Callable[[Any], dict[str, Words]]:
    """An entry about a teacher of each school; with a key, within the teacher's file."""

    def found(cast: Any) -> dict[str, Words]:
        rows = {
            place: model(name).objects.filter(teacher=cast.teachers[who]).first()
            or _plain(name, teacher=cast.teachers[who], source="test", valid_from=DAY)
            for place, who in TEACHERS.items()
        }
        if not key:
            return {place: {"pk": row.pk} for place, row in rows.items()}
        return {place: {"pk": row.teacher_id, "key": key, "entry": row.pk} for place, row in rows.items()}

    return found


def school_entries(name: str, key: str) -> Callable[[Any], dict[str, Words]]:
    """An entry about each school."""

    def found(cast: Any) -> dict[str, Words]:
        rows = {
            place: model(name).objects.create(
                school=getattr(cast, place), stage="primary", subject="maths", required=1, valid_from=DAY, source="test"
            )
            for place in TEACHERS
        }
        return {place: {"pk": row.school_id, "key": key, "entry": row.pk} for place, row in rows.items()}

    return found


def nobodys(objects: Callable[[Any], dict[str, Words]]) -> Callable[[Any], dict[str, Words]]:
    """Objects of which there is nothing to be had yet, such as the faults of a file that was not kept."""
    return lambda cast: {"nobody yet": next(iter(objects(cast).values()))}


def corrections(cast: Any) -> dict[str, Words]:
    """A correction asked for by a teacher of each of three schools."""
    made = {}
    for who, place in OWN:
        teacher = cast.teachers[TEACHERS[place]]
        made[place] = {
            "pk": model("Correction").objects.create(
                teacher=teacher, school=getattr(cast, place), sheet="teachers", row=teacher.state.pk,
                subject_key=f"teachers/{who}", proposed_text='{"note": "x"}', held_text='{"note": ""}', reason="写错了",
                requested_by=cast.users[who],
            ).pk
        }  # fmt: skip
    return made


def intakes(cast: Any) -> dict[str, Words]:
    """Files offered for a school, for a county, and for the other one."""
    made = {}
    for place, who in (("yucai", "school_clerk"), *COUNTIES.items()):
        at = getattr(cast, place)
        made[place] = {
            "pk": model("Intake").objects.create(
                county=at.its_county, organisation=at, key=place, file_name="a.xlsx", file_digest="0" * 64, file_size=1,
                uploaded_by=cast.users[who], state="faulty", on=DAY,
            ).pk
        }  # fmt: skip
    return made


def mapping(_cast: Any, county: Any, clerk: Any) -> Words:
    """A mapping kept in a county."""
    return {"pk": model("SavedMapping").objects.create(county=county, name="x", text="", created_by=clerk).pk}


def exported(cast: Any) -> dict[str, Words]:
    """A file asked for by a clerk; it is not ready, so nobody gets it yet, the clerk included."""
    return {
        "nobody yet": {
            "pk": model("CountyExport")
            .objects.create(
                county=cast.county, kind="workbook", on=DAY, key="x", reason="x", asked_by=cast.users["bureau_clerk"]
            )
            .pk
        }
    }


def snapshot(_cast: Any, county: Any, clerk: Any) -> Words:
    """A snapshot of a county."""
    made = model("Snapshot").objects.create(
        id=f"2026-09-01-{county.pk}", county=county, on=DAY, digest="0" * 64, taken_at=timezone.now(), taken_by=clerk
    )
    return {"pk": made.pk}


def plan(_cast: Any, county: Any, clerk: Any) -> Words:
    """An establishment plan as drafted."""
    open_one = model("EstablishmentPlan").objects.filter(county=county).first()
    return {"pk": (open_one or _plain("EstablishmentPlan", county=county, drafted_by=clerk)).pk}


def verification(_cast: Any, county: Any, clerk: Any) -> Words:
    """A round in which schools check their staff."""
    model("VerificationRound").objects.filter(county=county, closed_at=None).update(closed_at=timezone.now())
    return {"pk": _plain("VerificationRound", county=county, opened_by=clerk).pk}


def answers(cast: Any) -> dict[str, Words]:
    """What each school has to say in the round of its county."""
    rounds = {place: made["pk"] for place, made in per_county(verification)(cast).items()}
    return {
        place: {
            "pk": rounds["other_county" if place == "faraway" else "county"], "school_pk": getattr(cast, place).pk
        }
        for place in TEACHERS
    }  # fmt: skip


def document(_cast: Any, county: Any, clerk: Any) -> Words:
    """A document on its way through the departments."""
    return {"pk": _plain("RoutedDocument", county=county, created_by=clerk).pk}


def reply(cast: Any, county: Any, clerk: Any) -> Words:
    """A department that has been asked."""
    held = document(cast, county, clerk)
    return {"pk": held["pk"], "step_pk": _plain("RoutingStep", document_id=held["pk"], sent_on=DAY).pk}


def tie(cast: Any) -> dict[str, Words]:
    """A tie within each county; a clerk keeps those of which both schools are his."""
    from junheng.web.directory.models import SchoolTie

    found = {}
    for place, one, other in (
        ("county", cast.yucai, cast.hedong),
        ("other_county", cast.faraway, _second_school(cast)),
    ):
        made, _new = SchoolTie.objects.get_or_create(
            supporting=one, supported=other, kind="assistance", defaults={"valid_from": DAY, "source": "test"}
        )
        found[place] = {"pk": made.pk}
    return found


def _second_school(cast: Any) -> Any:
    from junheng.web.directory.models import Organisation

    return Organisation.objects.get_or_create(
        kind="school", code="9901020002", county=cast.other_county,
        defaults={"name": "清源县第二中学", "parent": cast.faraway.parent},
    )[0]  # fmt: skip


def group_terms(_cast: Any, county: Any, _clerk: Any) -> Words:
    """What is said of a school group."""
    held = model("GroupTerms").objects.create(
        county=county, name="城区片区", kind="zone", shares=["staff"], valid_from=DAY, source="test"
    )
    return {"pk": held.pk}


def outside_partner(_cast: Any, county: Any, _clerk: Any) -> Words:
    """A district elsewhere."""
    return {"pk": _plain("OutsidePartner", county=county, whole_county=True).pk}


def teacher_ties(cast: Any) -> dict[str, Words]:
    """At each school two teachers who are paired."""
    found = {}
    for place, words in teachers(cast).items():
        one = model("Teacher").objects.get(pk=words["pk"])
        other, _new = model("Teacher").objects.get_or_create(county=one.county, number=f"PAIR-{place}")
        state = one.state
        if other.state is None:
            state.pk, state._state.adding, state.teacher, state.name = None, True, other, "结对教师"
            state.id_number, state.id_index = "", ""
            state.save()
        made, _new = model("TeacherTie").objects.get_or_create(
            supporting=one, supported=other,
            defaults={"aim": "x", "start": DAY, "valid_from": DAY, "source": "test"},
        )  # fmt: skip
        found[place] = {"pk": made.pk}
    return found


def _plain(name: str, **given: Any) -> Any:
    """A row with the least that it needs."""
    kind = model(name)
    row = kind(**given)
    for each in kind._meta.concrete_fields:
        if each.primary_key or each.null or each.has_default() or getattr(row, each.attname) not in (None, ""):
            continue
        if each.choices:
            value: Any = next(iter(dict(each.flatchoices)))
        else:
            value = {"DateField": DAY, "DateTimeField": timezone.now(), "CharField": "x", "TextField": "x"}.get(
                each.get_internal_type(), 1
            )
        setattr(row, each.name, value)
    row.save()
    return row


def table(door: Any) -> dict[str, Any]:
    """The lines, given the class of a line."""
    registers = {
        "not_in_post": "NotInPostEntry", "secondments": "SecondmentEntry", "contracts": "ContractEntry",
        "hired_teachers": "WageEntry", "early_leave": "EarlyLeaveEntry", "programme": "ProgrammeEntry",
        "retirements": "RetirementDecision",
    }  # fmt: skip
    lists = [
        "intakes",
        "intake_new",
        "intake_template",
        "mappings",
        "export_county",
        "snapshots",
        "snapshot_take",
        "teachers",
        "find_by_id",
        "to_choose",
        "own_file",
        "corrections",
        "schools",
        "establishment",
        "establishment_parameters",
        "establishment_parameters_change",
        "establishment_plans",
        "establishment_draft",
        "subject_demand",
        "courses_offered",
        "exam_subjects",
        "structure",
        "middle_managers",
        "base_statistics",
        "staff_categories",
        "establishment_outlook",
        "recruitment",
        "recruitment_needs",
        "appraisals",
        "recruitment_enter",
        "recruitment_increase",
        "support_posts",
        "support_posts_enter",
        "verifications",
        "verification_open",
        "documents",
        "document_register",
        "links",
        "link_add",
        "groups",
        "outside_partners",
        "outside_partner_add",
        "teacher_ties",
        "teacher_tie_add",
    ]
    doors = {name: door() for name in lists}
    for name, kind in registers.items():
        doors |= {
            name: door(),
            f"{name}_enter": door(),
            f"{name}_enter_for": door(teachers, form=REASON),
            f"{name}_end": door(entries(kind), form=REASON),
        }
    for name in ("verify", "approve", "allocate", "file", "return", "withdraw"):
        doors[f"establishment_{name}"] = door(per_county(plan), form=REASON)
    doors |= {
        "intake": door(intakes),
        "intake_progress": door(intakes),
        "intake_confirm": door(intakes),
        "intake_again": door(intakes),
        "intake_discard": door(intakes),
        "intake_faults": door(nobodys(intakes), by="person"),
        "intake_mapping": door(nobodys(intakes), by="person"),
        "mapping_retire": door(per_county(mapping), also=frozenset({("school_clerk", "county")})),
        "export_file": door(exported, by="person"),
        "snapshot": door(per_county(snapshot)),
        "teacher": door(teachers),
        "reveal": door(teachers),  # without a reason; what a reason opens is tested with the pages
        "change_state": door(teachers, form={"name": "x"}),
        "add_entry": door(lambda cast: {at: words | {"key": "honors"} for at, words in teachers(cast).items()}),
        "change_entry": door(entries("HonorEntry", "honors")),
        "end_entry": door(entries("HonorEntry", "honors"), form=REASON),
        "strike_entry": door(entries("HonorEntry", "honors"), form=REASON),
        "request_correction": door(lambda _cast: {"nobody yet": {}}, by="person"),
        "correction": door(corrections, needs=(May.CORRECTIONS_DECIDE,), also=OWN),
        "decide": door(corrections, form={"decision": "reject", "opinion": "x"}),
        "withdraw": door(corrections, needs=(May.AUDIT_VIEW,), also=OWN, form=REASON),
        "school": door(schools),
        "change_school": door(schools, form={"name": "x"}),
        "add_school_entry": door(lambda cast: schools(cast, key="requirements")),
        "change_school_entry": door(school_entries("RequirementEntry", "requirements")),
        "strike_school_entry": door(school_entries("RequirementEntry", "requirements"), form=REASON),
        "establishment_figure": door(
            lambda cast: {
                at: words | {"stage": "primary" if at in {"hedong", "xishan"} else "junior"}
                for at, words in schools(cast).items()
            }
        ),
        "establishment_plan": door(per_county(plan)),
        "verification": door(per_county(verification), also=FROM_SCHOOLS),
        "verification_answer": door(answers, form={"outcome": "same"}),
        "verification_close": door(per_county(verification)),
        "document": door(
            per_county(document),
            reads_only=frozenset(
                (who, "county") for who in ("section_head", "bureau_leader", "leading_group", "inspector")
            ),
        ),
        "document_reply": door(per_county(reply)),
        "link_terms": door(tie, form={"shares": "staff", "entered_from": "2026-11-01"}),
        "link_end": door(tie, form={"on": "2026-11-01"} | REASON),
        "group_set": door(schools, form={"kind": "zone", "entered_from": "2026-11-01"}),
        "group_end": door(per_county(group_terms), form={"on": "2026-11-01"} | REASON),
        "outside_partner_change": door(per_county(outside_partner), form={"entered_from": "2026-11-01"}),
        "outside_partner_end": door(per_county(outside_partner), form={"on": "2026-11-01"} | REASON),
        "teacher_tie_end": door(teacher_ties, form={"on": "2026-11-01"} | REASON),
    }
    return {f"staffing:{name}": line for name, line in doors.items()}
