"""The largest eligibility rule (pack DXQ) as a tax-benefit system of OpenFisca-core.

It runs in an environment of its own. Written as OpenFisca's own guides ask for it: one entity, inputs as variables,
formulas on whole arrays, the numbers as dated parameters, another reading as other values of them. It knows complete
records only. Whether a free text is stated (other reason, approval) is handed over as yes or no, which spares it the
texts.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks import teachers as made
from benchmarks.timing import measure, report

YEAR = str(made.PLAN_YEAR)
REFERENCE_DATE = np.datetime64(f"{YEAR}-{made.REFERENCE_DAY[0]:02}-{made.REFERENCE_DAY[1]:02}")
BOUNDARY, AMBIGUOUS = 1, 2

TEXT = {
    "men": 50,
    "women": 45,
    "limit_passes": True,
    "years": 6,
    "counting": "inclusive",
    "cadres_in_pool": False,
}
READINGS: tuple[tuple[int, dict[str, Any]], ...] = (
    (BOUNDARY, {"counting": "anniversary"}),
    (BOUNDARY, {"counting": "school_year"}),
    (BOUNDARY, {"limit_passes": False}),
    (AMBIGUOUS, {"cadres_in_pool": True}),
)

Person = build_entity(key="teacher", plural="teachers", label="Teacher", is_person=True)


class Sex(Enum):
    M = "male"
    F = "female"


class Role(Enum):
    teacher = "teacher"
    principal = "principal"
    vice_principal = "vice-principal"
    dean = "dean of studies"
    mid_level_cadre = "middle manager"
    village_school_head = "head of a village school"
    support_staff = "support staff"


class Health(Enum):
    none = "nothing stated"
    disability = "disability"
    long_term_sick_leave = "long-term sick leave"
    major_illness_under_treatment = "major illness under treatment"
    major_illness = "major illness"


class Branch(Enum):
    """Which branch of the rule decides, in its order; verdict and clause follow from it."""

    expecting = "R-064"
    sanctioned = "R-065"
    excused = "R-066"
    support_staff = "R-529"
    principal = "R-063, principals"
    cadre = "R-063 with R-528"
    pool = "R-068"
    others = "R-063"


class Verdict(Enum):
    excluded = "excluded"
    may_exchange = "may exchange"
    not_in_scope = "not in scope"
    in_scope = "in scope"
    mandatory = "mandatory"


BRANCHES = np.arange(len(Branch), dtype=np.uint8)
"""Branches by their places, which OpenFisca stores: quicker than the members."""

VERDICT_OF = np.array([0, 0, 0, 1, 2, 3, 4, 3], np.uint8)
"""The place of the verdict of each branch."""


def input_variable(variable: str, of: Any, **more: Any) -> type[Variable]:
    """A variable that is given, not worked out."""
    return type(variable, (Variable,), {"value_type": of, "entity": Person, "definition_period": DateUnit.YEAR, **more})


class Age(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR

    def formula(person: Any, period: Any) -> np.ndarray:  # noqa: N805
        return anniversaries(person("birth", period))


class YearsAtSchool(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR

    def formula(person: Any, period: Any, parameters: Any) -> np.ndarray:  # noqa: N805
        joined = person("joined", period)
        counting = parameters(period).counting
        if counting == "anniversary":
            return anniversaries(joined)
        if counting == "school_year":
            year, month_day = year_and_place(joined)
            last, on = year_and_place(REFERENCE_DATE)
            return np.maximum(last - (on < 630) - year - (month_day > 915), 0)
        after = REFERENCE_DATE + 1
        months = (after.astype("datetime64[M]") - joined.astype("datetime64[M]")).astype(int)
        return (months - (day_of(after) < day_of(joined))) // 12


class Deciding(Variable):
    value_type = Enum
    possible_values = Branch
    default_value = Branch.others
    entity = Person
    definition_period = DateUnit.YEAR

    def formula(person: Any, period: Any, parameters: Any) -> np.ndarray:  # noqa: N805
        text = parameters(period)
        free = ~(person("override_by", period) & person("override_ground", period))
        role, age = person("role", period), person("Age", period)
        limit = np.where(person("sex", period) == Sex.M, text.men, text.women)
        young = age <= limit if text.limit_passes else age < limit
        cadre = (role == Role.vice_principal) | (role == Role.mid_level_cadre) | (role == Role.dean)
        return np.select(
            [
                (person("pregnant", period) | person("lactating", period)) & free,
                person("under_sanction", period) & free,
                ((person("health", period) != Health.none) | person("reason", period)) & free,
                role == Role.support_staff,
                role == Role.principal,
                cadre & (not text.cadres_in_pool),
                young & (person("YearsAtSchool", period) >= text.years),
            ],
            BRANCHES[:-1],
            BRANCHES[-1],
        )


class Eligibility(Variable):
    value_type = Enum
    possible_values = Verdict
    default_value = Verdict.in_scope
    entity = Person
    definition_period = DateUnit.YEAR

    def formula(person: Any, period: Any) -> np.ndarray:  # noqa: N805
        return VERDICT_OF[person("Deciding", period)]


def anniversaries(since: np.ndarray) -> np.ndarray:
    """Completed years on the reference date."""
    year, place = year_and_place(since)
    on_year, on = year_and_place(REFERENCE_DATE)
    return on_year - year - (on < place)


def year_and_place(day: Any) -> tuple[Any, Any]:
    """The year, and month × 100 + day."""
    month = day.astype("datetime64[M]").astype(int)
    return month // 12 + 1970, (month % 12 + 1) * 100 + day_of(day)


def day_of(day: Any) -> Any:
    """The day of the month."""
    return (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1


def rules_of(text: dict[str, Any]) -> TaxBenefitSystem:
    """The rules under given values of the parameters."""
    system = TaxBenefitSystem([Person])
    dated = {name: {"values": {"2000-01-01": {"value": value}}} for name, value in text.items()}
    system.parameters = ParameterNode("", data=dated)
    system.add_variables(
        input_variable("sex", Enum, possible_values=Sex, default_value=Sex.M),
        input_variable("role", Enum, possible_values=Role, default_value=Role.teacher),
        input_variable("health", Enum, possible_values=Health, default_value=Health.none),
        input_variable("birth", date),
        input_variable("joined", date),
        *(
            input_variable(name, bool)
            for name in ("pregnant", "lactating", "under_sanction", "reason", "override_by", "override_ground")
        ),
        Age,
        YearsAtSchool,
        Deciding,
        Eligibility,
    )
    return system


def inputs(columns: made.Columns) -> dict[str, np.ndarray]:
    """The facts in the form in which OpenFisca takes them."""
    ready = {name: columns[name] for name in ("sex", "birth", "joined", "role")}
    ready["health"] = columns["health"] + 1
    ready |= {name: columns[name] == 1 for name in ("pregnant", "lactating", "under_sanction")}
    return ready | {name: columns[name] >= 0 for name in ("reason", "override_by", "override_ground")}


def simulation(system: TaxBenefitSystem, facts: dict[str, np.ndarray]) -> Simulation:
    """A simulation of these teachers, nothing worked out yet."""
    ready = SimulationBuilder().build_default_simulation(system, len(facts["sex"]))
    for name, values in facts.items():
        ready.set_input(name, YEAR, values)
    return ready


def judged(facts: dict[str, np.ndarray], systems: list[TaxBenefitSystem]) -> tuple[np.ndarray, np.ndarray]:
    """The deciding branch of every teacher, and the flags that other readings raise."""
    text, *others = systems
    first = simulation(text, facts)
    verdict, branch = first.calculate("Eligibility", YEAR), first.calculate("Deciding", YEAR)
    raised = np.zeros(len(branch) if others else 0, np.int8)
    for (flag, _), system in zip(READINGS, others, strict=False):
        differs = simulation(system, facts).calculate("Eligibility", YEAR) != verdict
        raised |= np.where(differs, np.int8(flag), np.int8(0))
    return np.asarray(branch, np.int8), raised


def main() -> None:
    """Judge the teachers of a file, write the answers, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--flags", action="store_true", help="under every permitted reading")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    systems = [rules_of(TEXT)]
    if options.flags:
        systems += [rules_of({**TEXT, **other}) for _, other in READINGS]
    (answer, raised), figures = measure(
        lambda: inputs(made.load(options.facts)), lambda facts: judged(facts, systems), options.repeats
    )
    np.savez(options.answers, answer=answer, flags=raised)
    report(figures, "openfisca-core", "numpy")


if __name__ == "__main__":
    main()
