"""``decide``: a whole county judged under a pack. One row per teacher, and the quotas that follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

import polars as pl

from junheng.facts import County, Sex
from junheng.policy.checking import parameter_faults
from junheng.policy.departing import as_applied
from junheng.policy.evaluation import parameter_values
from junheng.policy.frame import school_frame, teacher_frame
from junheng.policy.judging import judge
from junheng.policy.quotas import PlanningNumbers, QuotaAmount, planning_numbers, quota_amounts, set_value
from junheng.policy.results import UNKNOWN, evaluate
from junheng.policy.schema import MustSource, Pack, Planning, Rank

Standing = Literal["must", "may", "no"]
HOSTS = ("any", "not_weaker")
"""Where a source of must may send people: see :class:`~junheng.policy.schema.MustSource`."""


@dataclass(frozen=True)
class Finding:
    """What a pack says of one teacher, with the clause and the reason in both languages.

    ``verdict`` is the pack's word, ``standing`` what it means for a plan; who is ``unknown`` stays.
    """

    teacher_id: str
    school_id: str
    verdict: str
    standing: Standing
    clause: str
    clause_ids: tuple[str, ...]
    because_zh: str
    because_en: str
    flags: tuple[str, ...]
    missing: tuple[str, ...]

    def because(self, lang: str = "zh") -> str:
        """The reason in ``zh`` or ``en``."""
        return self.because_zh if lang == "zh" else self.because_en


@dataclass(frozen=True)
class Findings:
    """A county's findings under a pack as of a reference date.

    ``frame`` has the columns of :class:`Finding`, a row per teacher in the order of ids; ``facts`` is what was
    judged; ``parameters`` the values used; ``planning`` the numbers for the planner; ``quotas`` what they come to;
    ``improving`` who must move and is to be sent where he can improve (to no weaker school).
    """

    pack: Pack
    reference_date: date
    parameters: Mapping[str, Any]
    frame: pl.DataFrame
    facts: pl.DataFrame = field(repr=False)
    planning: PlanningNumbers | None = None
    improving: frozenset[str] = frozenset()
    quotas: tuple[QuotaAmount, ...] = ()
    couples: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return self.frame.height

    def rows(self) -> Iterator[Finding]:
        """Every teacher's finding, in the order of ids."""
        return (_finding(row) for row in self.frame.iter_rows(named=True))

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Must, may or no by teacher."""
        return dict(zip(self.frame["teacher_id"], self.frame["standing"], strict=True))

    @cached_property
    def cited(self) -> dict[str, str]:
        """The clause that decided, by teacher."""
        return dict(zip(self.frame["teacher_id"], self.frame["clause"], strict=True))

    def of(self, teacher_id: str) -> Finding:
        """The finding of one teacher; ``KeyError`` when there is none."""
        found = self.frame.filter(pl.col("teacher_id") == teacher_id)
        if found.is_empty():
            raise KeyError(teacher_id)
        return _finding(found.row(0, named=True))

    def with_standing(self, standing: Standing) -> list[str]:
        """Ids of the teachers who must, may or do not move."""
        return self.frame.filter(pl.col("standing") == standing)["teacher_id"].to_list()

    def counts(self) -> dict[str, int]:
        """How many teachers have each verdict."""
        return dict(sorted(self.frame["verdict"].value_counts().iter_rows()))


def _finding(row: dict[str, Any]) -> Finding:
    listed = {key: tuple(row[key]) for key in ("clause_ids", "flags", "missing")}
    return Finding(**{**row, **listed})


def decide(
    county: County,
    pack: Pack,
    *,
    on: date | None = None,
    plan_year: int | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Findings:
    """Judge every teacher of a county under a pack.

    ``on`` is the reference date; without it the pack's reference day of ``plan_year``, by default the county's year.
    ``parameters`` overrides values of the pack. Raises ``ValueError`` when the pack has no planning part or an
    override is unknown or out of its range.
    """
    planning_of(pack)
    values = checked_values(pack, parameters)
    facts = teacher_frame(county, pack, on=on, plan_year=plan_year)
    day = on or date_of(values, plan_year or county.on.year)
    judged = decide_frame(facts, pack, parameters=parameters)
    frame = judged.select(facts["id"].alias("teacher_id"), facts["school_id"], pl.all())
    frame, improving = _with_sources(frame, facts, school_frame(county), pack, values)
    numbers = planning_numbers(pack, values)
    standings = dict(zip(frame["teacher_id"], frame["standing"], strict=True))
    stated = {name: value for name, value in values.items() if name in pack.parameters}
    return Findings(
        pack,
        day,
        stated,
        frame,
        facts,
        planning=numbers,
        improving=improving,
        quotas=quota_amounts(county, standings, numbers),
        couples=_couples(county, facts, pack, values),
    )


def date_of(values: Mapping[str, Any], year: int) -> date:
    """The pack's reference day in a year."""
    month, day = (int(part) for part in str(values["reference_day"]).split("-"))
    return date(year, month, day)


def _couples(county: County, facts: pl.DataFrame, pack: Pack, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Couples both of whom are targets, where the pack lets one of the two be deferred."""
    if "couple_deferral" not in pack.rules:
        return ()
    pairs = [
        (t.id, t.family.spouse_id)
        for t in county.teachers
        if t.family.spouse_id and t.sex is Sex.MALE and county.teacher_by_id[t.family.spouse_id].sex is Sex.FEMALE
    ]
    if not pairs:
        return ()
    joined = pl.DataFrame({"husband.id": [h for h, _ in pairs], "wife.id": [w for _, w in pairs]})
    for record in ("husband", "wife"):
        side = facts.rename({name: f"{record}.{name}" for name in facts.columns})
        joined = joined.join(side, on=f"{record}.id", how="left", maintain_order="left")
        joined = joined.with_columns(pl.lit(value=True).alias(record))
    verdict = evaluate(pack, "couple_deferral", joined, values, with_values=False).verdict.to_list()
    return tuple(pair for pair, word in zip(pairs, verdict, strict=True) if word == "one_may_defer")


def decide_frame(
    frame: pl.DataFrame,
    pack: Pack,
    *,
    parameters: Mapping[str, Any] | None = None,
    langs: Sequence[str] = ("zh", "en"),
) -> pl.DataFrame:
    """Judge every row of a frame of facts: the columns of :func:`~junheng.policy.judging.judge` and ``standing``."""
    plan = planning_of(pack)
    judged = judge(pack, plan.rule, frame, checked_values(pack, parameters), langs=langs)
    return judged.with_columns(
        pl.col("verdict").replace_strict({**plan.verdicts, UNKNOWN: "no"}, return_dtype=pl.String).alias("standing")
    )


def planning_of(pack: Pack) -> Planning:
    """The planning part of a pack; ``ValueError`` when it has none."""
    if pack.planning is None:
        raise ValueError(f"pack {pack.code} has no planning part: it judges no teacher for rotation")
    return pack.planning


def checked_values(pack: Pack, overrides: Mapping[str, Any] | None) -> dict[str, Any]:
    """The pack's values with overrides. ``ValueError`` for an unknown parameter or one out of its range."""
    for name, value in (overrides or {}).items():
        if name not in pack.parameters:
            known = ", ".join(sorted(pack.parameters))
            raise ValueError(f"pack {pack.code} has no parameter {name!r}; it has {known}")
        faults = parameter_faults(pack.parameters[name], value)
        if faults:
            raise ValueError(f"parameter {name} of {pack.code}: {faults[0]}")
    return parameter_values(pack, overrides)


# --- sources of must and of excuse ---------------------------------------------------------------------------------


def _with_sources(
    frame: pl.DataFrame, facts: pl.DataFrame, schools: pl.DataFrame, pack: Pack, values: Mapping[str, Any]
) -> tuple[pl.DataFrame, frozenset[str]]:
    """Triggers turn may into must; approved deferrals and nomination bans turn it into no. Beside the frame who is to
    be sent where he can improve.
    """
    plan = planning_of(pack)
    improving: set[str] = set()
    for sources, standing in ((plan.musts, "must"), (plan.excuses, "no")):
        for source in sources:
            hit = _hits(source, facts, schools, pack, values) & (frame["standing"] != "no")
            frame = _marked(frame, hit, standing, source, pack, values=values)
            if standing == "must" and _keeps_to_hosts(source, pack, values):
                improving |= set(frame.filter(hit)["teacher_id"])
    obliged = frame["teacher_id"].is_in(sorted(improving)) & (frame["standing"] == "must")
    return _with_hosts(frame, obliged, pack, values), frozenset(frame.filter(obliged)["teacher_id"])


def _keeps_to_hosts(source: MustSource, pack: Pack, values: Mapping[str, Any]) -> bool:
    """Whether those whom the source obliges are sent to no weaker school. ``ValueError`` for a word that is none."""
    hosts = "any" if source.hosts is None else set_value(source.hosts, values)
    if hosts not in HOSTS:
        raise ValueError(f"planning.musts of {pack.code}: hosts is {hosts!r}, expected one of {', '.join(HOSTS)}")
    return bool(hosts == "not_weaker")


def _with_hosts(frame: pl.DataFrame, obliged: pl.Series, pack: Pack, values: Mapping[str, Any]) -> pl.DataFrame:
    """The clause about the receiving schools, after everything else that decided."""
    clause = planning_of(pack).clauses.get("supervisory_host")
    if clause is None or not obliged.any():
        return frame
    zh, en = (f"{mark}{said}" for mark, said in zip(("\uff1b", "; "), _cited(pack, clause, values), strict=True))
    return frame.with_columns(
        clause_ids=pl.when(obliged)
        .then(pl.concat_list("clause_ids", pl.lit(pl.Series([clause])).first()))
        .otherwise("clause_ids"),
        because_zh=pl.when(obliged).then(pl.concat_str("because_zh", pl.lit(zh))).otherwise("because_zh"),
        because_en=pl.when(obliged).then(pl.concat_str("because_en", pl.lit(en))).otherwise("because_en"),
    )


def _hits(
    source: MustSource, facts: pl.DataFrame, schools: pl.DataFrame, pack: Pack, values: Mapping[str, Any]
) -> pl.Series:
    if isinstance(pack.rules[source.rule], Rank):
        ranked = evaluate(pack, source.rule, schools, values)
        chosen = {teacher for ids in ranked.values for teacher in ids or ()}
        return facts["id"].is_in(sorted(chosen))
    verdict = evaluate(pack, source.rule, facts, values, with_values=False).verdict
    return verdict.is_in(source.verdicts).fill_null(value=False)


def _cited(pack: Pack, clause: list[str], values: Mapping[str, Any]) -> tuple[str, str]:
    """The first of several clauses with its label, in Chinese and in English."""
    label = pack.label(clause)
    return (
        f"{label} {as_applied(pack, clause[0], 'zh', values)}",
        f"{label} {as_applied(pack, clause[0], 'en', values)}",
    )


def _marked(
    frame: pl.DataFrame, hit: pl.Series, standing: str, source: MustSource, pack: Pack, *, values: Mapping[str, Any]
) -> pl.DataFrame:
    if not hit.any():
        return frame
    clause = pack.rules[source.rule].clause
    says = _cited(pack, clause, values)
    return frame.with_columns(
        standing=pl.when(hit).then(pl.lit(standing)).otherwise("standing"),
        clause=pl.when(hit).then(pl.lit(pack.label(clause))).otherwise("clause"),
        clause_ids=pl.when(hit)
        .then(pl.concat_list(pl.lit(pl.Series([clause])).first(), "clause_ids"))
        .otherwise("clause_ids"),
        because_zh=pl.when(hit)
        .then(pl.concat_str(pl.lit(says[0]), "because_zh", separator="\uff1b"))
        .otherwise("because_zh"),
        because_en=pl.when(hit)
        .then(pl.concat_str(pl.lit(says[1]), "because_en", separator="; "))
        .otherwise("because_en"),
    )
