"""A county as frames of facts: one row per teacher, one row per school, in the vocabulary of the packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import polars as pl

from junheng.facts import Appointment, County, School, SpellKind, Teacher
from junheng.policy.schema import Fact, Pack
from junheng.policy.vocabulary import column_type, facts_for, find_fact

SPELL_WORDS = {
    SpellKind.REWARD_EXCHANGE: "reward",
    SpellKind.SUPERVISORY_EXCHANGE: "supervisory",
    SpellKind.EXCHANGE: "exchange",
    SpellKind.SUPPORT: "teaching_support",
}
TERMS_A_YEAR = 2


def teacher_frame(county: County, pack: Pack, *, on: date | None = None, plan_year: int | None = None) -> pl.DataFrame:
    """One row per teacher, in the county's order.

    Ages and years count on ``on``; without it on the pack's reference day of ``plan_year``, by default the year of the
    county's date. Blanks that the pack calls absent in county data are filled so.
    """
    facts = facts_for(pack)
    year = plan_year if plan_year is not None else (on or county.on).year
    columns: dict[str, Any] = {
        "id": pl.Series([t.id for t in county.teachers], dtype=pl.String),
        "school_id": pl.Series([t.school_id for t in county.teachers], dtype=pl.String),
    }
    read = {**PERSON, **_at_school(county), **_dated(county, on or county.on)}
    for name, value in read.items():
        fact = find_fact(facts, name)
        if fact is not None:
            columns[name] = _column([value(t) for t in county.teachers], fact)
    frame = pl.DataFrame(columns).with_columns(
        pl.lit(year, dtype=pl.Int64).alias("plan_year"), pl.lit(on, dtype=pl.Date).alias("reference_date")
    )
    return frame.with_columns(_absent(facts, frame))


def _column(values: list[Any], fact: Fact) -> pl.Series:
    """A column of a fact's type. Lists of records are laid out flat first: many times faster than row by row."""
    kind = column_type(fact)
    if fact.type != "list" or fact.items:
        return pl.Series(values, dtype=kind)
    flat = [(row, item) for row, items in enumerate(values) for item in items or ()]
    fields = {name: column_type(each) for name, each in fact.fields.items()}
    long = pl.DataFrame(
        {name: pl.Series([item.get(name) for _, item in flat], dtype=each) for name, each in fields.items()}
    )
    rows = pl.Series("row", [row for row, _ in flat], dtype=pl.Int64)
    listed = long.select(rows, pl.struct(pl.all()).alias("list")).group_by("row").agg("list")
    given = pl.DataFrame({"row": range(len(values)), "given": [each is not None for each in values]})
    joined = given.with_columns(pl.col("row").cast(pl.Int64)).join(listed, on="row", how="left", maintain_order="left")
    return joined.select(pl.when("given").then(pl.coalesce("list", pl.lit([], dtype=kind))))["list"].cast(kind)


def _absent(facts: dict[str, Fact], frame: pl.DataFrame) -> list[pl.Expr]:
    """Yes/no facts whose blank in county data means no."""
    names = [name for name in frame.columns if name in facts and facts[name].county == "absent"]
    return [pl.col(name).fill_null(value=False) for name in names if facts[name].type == "bool"]


def _value(code: Any) -> str | None:
    return None if code is None else str(code.value)


def _exams(teacher: Teacher) -> list[dict[str, Any]] | None:
    """Exams in the township, in the order of terms. Unknown when none is on record."""
    found = [
        {
            "seq": exam.year * TERMS_A_YEAR + exam.term,
            "rank_from_bottom": exam.rank_from_bottom,
            "mean": exam.mean,
            "township_mean": exam.scope_mean,
        }
        for exam in teacher.exams
    ]
    return found or None


PERSON: dict[str, Callable[[Teacher], Any]] = {
    "sex": lambda t: t.sex.value,
    "birth_date": lambda t: t.birth_date,
    "joined_current_school": lambda t: t.joined_current_school,
    "in_establishment": lambda t: t.on_establishment,
    "in_post": lambda t: t.in_post,
    "in_service": lambda t: True,
    "seconded_from_outside": lambda t: t.seconded_in,
    "full_time_teacher": lambda t: t.full_time,
    "role": lambda t: t.role.value,
    "health": lambda t: t.health is not None,
    "health.kind": lambda t: _value(t.health),
    "health.certificate_level": lambda t: t.health_certificate_level or None,
    "health.bureau_leave_approved": lambda t: t.health_leave_approved,
    "main_subject": lambda t: t.main_subject.value,
    "also_teaches": lambda t: [s.value for s in t.also_teaches],
    "specialist": lambda t: t.specialist,
    "youngest_child_birth": lambda t: t.family.youngest_child_birth,
    "spouse": lambda t: bool(t.family.spouse_condition),
    "spouse.condition": lambda t: t.family.spouse_condition or None,
    "family_event": lambda t: t.family.family_event or None,
    "pregnant": lambda t: t.pregnant,
    "lactating": lambda t: t.lactating,
    "education": lambda t: _value(t.education),
    "ground": lambda t: t.deferral_reason or "none",
    "approved_by_township_office": lambda t: bool(t.deferral_approved_by),
    "personal_application": lambda t: t.applied,
    "terms_completed": lambda t: t.terms_completed,
    "nominee": lambda t: True,
    "nominee.health": lambda t: _value(t.health),
    "nominee.unfit_to_teach": lambda t: t.unfit_to_teach,
    "exams": _exams,
}


def _at_school(county: County) -> dict[str, Callable[[Teacher], Any]]:
    schools = county.school_by_id

    def stints(spells: Iterable[Appointment]) -> list[dict[str, Any]]:
        return [_stint(spell, schools.get(spell.school_id)) for spell in spells]

    def village(teacher: Teacher) -> list[dict[str, Any]]:
        kinds = ("village_primary", "teaching_point")
        known = ((spell, schools.get(spell.school_id)) for spell in teacher.appointments)  # a past school has no row
        found = [spell for spell, school in known if school is not None and school.kind.value in kinds]
        return [{k: v for k, v in each.items() if k != "type"} for each in stints(found)]

    return {
        "school_kind": lambda t: schools[t.school_id].kind.value,
        "from_township": lambda t: schools[t.school_id].township or None,
        "rural_school": lambda t: schools[t.school_id].locale.value == "rural",
        "stints": lambda t: stints(t.appointments),
        "village_stints": village,
        "exchanges": lambda t: [
            {"type": SPELL_WORDS[s.kind], "start": s.start, "end": s.end, "months": None}
            for s in t.appointments
            if s.kind in SPELL_WORDS
        ],
    }


def _dated(county: County, on: date) -> dict[str, Callable[[Teacher], Any]]:
    return {
        "under_sanction": lambda t: t.under_sanction(on),
        "backbone": lambda t: t.is_backbone(on),
        "current_post_since": lambda t: held.start if (held := t.title_on(on)) else None,
        "annual_appraisals": lambda t: [a.grade.value for a in t.assessments if a.grade] or None,
    }


def _stint(spell: Appointment, school: School | None) -> dict[str, Any]:
    return {
        "school": school.name if school else spell.school_name,
        "school_kind": school.kind.value if school else None,
        "type": spell.kind.value,
        "start": spell.start,
        "end": spell.end,
        "months": None,
    }


def school_frame(county: County) -> pl.DataFrame:
    """One row per school: its staff and the latest annual ranking of its teachers."""
    rows = []
    for school in county.schools:
        staff = county.staff_of[school.id]
        rows.append({"group": school.id, "school_total": len(staff), "ranking": _ranking(staff)})
    ranking = pl.List(pl.Struct({"id": pl.String(), "score": pl.Float64()}))
    return pl.DataFrame(rows, schema={"group": pl.String(), "school_total": pl.Int64(), "ranking": ranking})


def _ranking(staff: Iterable[Teacher]) -> list[dict[str, Any]] | None:
    scored = [(a.year, t.id, a.score) for t in staff for a in t.assessments if a.score is not None]
    if not scored:
        return None
    latest = max(year for year, _, _ in scored)
    return [{"id": teacher, "score": score} for year, teacher, score in scored if year == latest]
