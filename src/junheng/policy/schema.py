"""The form of a policy pack: identity, facts, parameters with readings, clauses, rules, planning.

The authors' description is README.md beside this file. Models refuse unknown keys, so a misspelt word is found.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema

from junheng.policy.conditions import Condition, Operand, parse_condition, parse_operand, parse_tree

Flag = Literal["boundary", "ambiguous", "needs_authority"]
When = Annotated[
    Any,
    BeforeValidator(parse_condition),
    WithJsonSchema({"type": "object", "minProperties": 1, "description": "a condition, see the authors' guide"}),
]
Value = Annotated[
    Any, BeforeValidator(parse_operand), WithJsonSchema({"description": "a value, see the authors' guide"})
]
Tree = Annotated[
    Any, BeforeValidator(parse_tree), WithJsonSchema({"description": "a value, or a list or mapping of values"})
]
ClauseIds = Annotated[
    list[str],
    BeforeValidator(lambda raw: [raw] if isinstance(raw, str) else raw),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
        mode="validation",
    ),
]


class Part(BaseModel):
    """A part of a pack: unknown keys are refused, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Part):
    """The same in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self, lang: str) -> str:
        """The words in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class Superior(Part):
    """A superior document that the pack carries out, by number (placeholders as printed) or by title."""

    number: str = ""
    title: str = ""
    issuer: str = ""


class Body(Part):
    """A body that acts under the pack (leading group, office, authority) and its posts; never names of persons."""

    role: str
    name: Words
    posts: list[str] = []


class Identity(Part):
    """Which document this is, whose, and when it is in force."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    version: str = "1"
    title: Words
    issuer: Words
    level: Literal["nation", "province", "city", "county", "township", "cluster", "school"]
    document_number: str = ""
    superiors: list[Superior] = []
    in_force_from: date | None = None
    in_force_to: date | None = None
    source: str = ""
    status: Literal["complete", "truncated"] = "complete"
    authority: Words
    principles: list[Words] = []
    aims: list[Words] = []
    bodies: list[Body] = []


class Derivation(Part):
    """How a fact that was not given follows from others."""

    kind: Literal[
        "completed_years",
        "service_years",
        "date_in_year",
        "years_to_retirement",
        "default",
        "larger_of",
        "difference",
        "spell",
    ]
    of: list[Value] = Field(min_length=1)
    reading: Value = None


class Fact(Part):
    """A fact: its type, its words, and whether a blank means absent or unknown (in a case; in county data)."""

    type: Literal["bool", "integer", "number", "text", "date", "record", "list", "amounts"] = "text"
    zh: str = ""
    en: str = ""
    codes: str | list[str] = ""
    open: bool = False
    fields: dict[str, Fact] = {}
    items: Literal["", "text", "number"] = ""
    blank: Literal["absent", "unknown"] = "unknown"
    county: Literal["absent", "unknown", ""] = ""
    like: str = ""
    derive: Derivation | None = None
    minimum: float | None = None


class Reading(Part):
    """Another permitted value of a parameter, and the flag on every answer that it would change."""

    value: Any
    id: str
    flag: Flag
    note: Words


class Parameter(Part):
    """A number, date or list of the pack. ``value`` null means not set; then ``set_by`` says by whom it must be."""

    value: Any = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    options: list[Any] = []
    zh: str
    en: str
    clause: ClauseIds
    set_by: Words | None = None
    inferred: bool = False
    readings: list[Reading] = []


class Correction(Part):
    """An evident error of the text: what is printed, what is read instead, and the literal condition for lint."""

    literal: Words
    reading: Words
    ambiguity: str
    literal_when: When = None


class Clause(Part):
    """A clause: the identifier of the requirement, the section as people cite it, and what it says in our own words."""

    label: str = Field(min_length=1)
    says: Words
    kind: Literal["rule", "parameter", "principle", "procedure", "record", "penalty", "incentive"] = "rule"
    ambiguities: list[str] = []
    corrected: Correction | None = None
    forbids: list[str] = []


class Outcome(Part):
    """What a branch decides: a verdict, perhaps a value, perhaps flags."""

    clause: ClauseIds
    verdict: str = Field(min_length=1)
    value: Tree = None
    flags: list[Flag] = []


class Branch(Outcome):
    """One line of a decision: when the condition holds, this is the outcome."""

    when: When


class Needs(Part):
    """What fulfils a prerequisite: going under ``rule`` with one of ``verdicts``; ``places`` names a year's places."""

    rule: str = ""
    verdicts: list[str] = []
    places: str = ""
    failing: list[str] = ["not_met"]


class Rule(Part):
    """What every rule has: its clauses, the facts whose blank here means absent, what a prerequisite needs."""

    clause: ClauseIds
    title: Words | None = None
    absent: list[str] = []
    needs: Needs | None = None


class Decide(Rule):
    """Ordered conditions: the first that holds gives the verdict, else ``otherwise``."""

    shape: Literal["decide"]
    branches: list[Branch] = []
    otherwise: Outcome


class Amount(Rule):
    """base × rate (or base ÷ per), plus, rounded, then raised to a minimum and cut at a maximum, in exact fractions."""

    shape: Literal["amount"]
    base: Value
    rate: Value = None
    per: Value = None
    rounding: Value = "none"
    minimum: list[Value] = []
    maximum: list[Value] = []
    plus: list[Value] = []
    unit: str = ""
    parts: list[str] = []
    base_of: Literal["", "school", "cluster", "county"] = ""
    asked_of: Literal["", "school", "cluster", "county"] = ""


class Window(Part):
    """The days that count, both ends inclusive."""

    since: Value = None
    until: Value = None


class Less(Part):
    """Absences that do not count."""

    over: str
    where: When = None


class Accumulate(Rule):
    """A sum over the items of lists: months of spells, hours, counts, the longest run."""

    shape: Literal["accumulate"]
    over: list[str] = Field(min_length=1)
    where: When = None
    window: Window | None = None
    measure: Literal["months", "sum", "minimum", "count", "longest_run"]
    of: str = ""
    best_of: Value = None
    less: Less | None = None
    year_counting: Value = "calendar"


class Key(Part):
    """One sorting key of a ranking."""

    field: str
    order: Literal["high_first", "low_first"]
    only_when: When = None


class Rank(Rule):
    """Order by keys, ties, take k."""

    shape: Literal["rank"]
    over: str
    where: When = None
    keys: list[Key] = Field(min_length=1)
    take: Value = None
    ties: Literal["keep_order", "include"] = "keep_order"
    tie_flag: Flag = "ambiguous"
    listed: Literal["ranked", "given"] = "ranked"


AnyRule = Annotated[Decide | Amount | Accumulate | Rank, Field(discriminator="shape")]


class Quota(Part):
    """A quota in the planner's words; ``pct`` in percent (a number or $parameter)."""

    id: str
    clause: ClauseIds
    scope: Literal["school", "cluster", "cluster_stage", "stage", "county"]
    base: Literal["staff", "eligible"]
    sense: Literal["eq", "ge", "le"]
    pct: Value
    rounding: Value
    min: Value = 0
    amount: str = ""


class DirectionRule(Part):
    """Of the movers from these zones, at least this share (percent) goes to those."""

    clause: ClauseIds
    from_zones: list[Literal["urban", "town", "rural"]]
    to_zones: list[Literal["urban", "town", "rural"]]
    share_min: Value


class MustSource(Part):
    """A rule asked of a county that changes what teachers must do: a trigger, the bottom of a ranking, a deferral.
    ``hosts`` of a must: ``any`` school, or ``not_weaker``, so that he can improve (``clauses.supervisory_host``)."""

    rule: str
    verdicts: list[str] = []
    hosts: Value = None


class Goals(Part):
    """What a plan is to be good for: weights and points, each a number or $parameter; Junheng's own where unsaid.

    ``indicators`` weighs the coefficients by stage and indicator; ``standard`` rewards schools at the per-100 standard;
    ``service`` weighs wishes, pairing and commute together, in points that the others set; ``extra`` is the price of
    moves beyond the quotas.
    """

    balance: Value = None
    standard: Value = None
    service: Value = None
    extra: Value = None
    indicators: dict[Literal["primary", "junior"], dict[Literal["degree", "backbone", "pe_art"], Value]] = {}
    wish_points: list[Value] = []
    missed_wish: Value = None
    pairing: Value = None
    per_km: Value = None


class Planning(Part):
    """What the planner needs: verdicts as must, may, no; quotas; the numbers of the year.

    ``partners`` says what makes two schools partners: a pairing, one school group. A plan prefers partners by
    ``goals.pairing``; ``within_partners`` keeps the staff of schools that have partners among these. ``clauses`` cites
    what states the rules that carry no number.
    """

    rule: str = "eligibility"
    verdicts: dict[str, Literal["must", "may", "no"]]
    musts: list[MustSource] = []
    excuses: list[MustSource] = []
    quotas: list[Quota] = []
    no_return_years: Value = 0
    commute_km_max: Value = None
    backbone_share_min: Value = 0
    direction: DirectionRule | None = None
    spouse_both_forbidden: bool = False
    within_cluster: bool = False
    partners: list[Literal["pairing", "group"]] = ["pairing"]
    within_partners: bool = False
    clauses: dict[Literal["couple", "within_cluster", "within_partners", "supervisory_host"], ClauseIds] = {}
    refill: Literal["toward", "preserve"] = "toward"
    subject_outflow_share: Value = 10
    subject_outflow_min: int = 1
    goals: Goals | None = None


class Pack(Part):
    """A policy pack, loaded and checked: every rule has its clause, every name is known."""

    identity: Identity
    facts: dict[str, Fact] = {}
    parameters: dict[str, Parameter] = {}
    clauses: dict[str, Clause]
    rules: dict[str, AnyRule] = {}
    planning: Planning | None = None
    _source: str = PrivateAttr(default="")

    @property
    def code(self) -> str:
        """The pack's code."""
        return self.identity.code

    def label(self, clause: list[str]) -> str:
        """The citation of the first of several clauses."""
        return self.clauses[clause[0]].label


class Question(Part):
    """A question of case files: its facts and the words that an answer may take.

    ``names`` maps a word of case files to the fact it means, where one word means different facts in two questions.
    """

    facts: list[str]
    verdicts: list[str]
    names: dict[str, str] = {}


class Vocabulary(Part):
    """Facts and questions known to every pack."""

    facts: dict[str, Fact]
    questions: dict[str, Question]
    words: dict[str, Words] = {}


__all__ = ["Condition", "Operand", "Pack", "Vocabulary"]
