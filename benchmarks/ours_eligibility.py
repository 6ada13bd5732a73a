"""Our policy engine on the teachers of a file, as a process like the peers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import teachers as made
from benchmarks.peers.plain_rules import AMBIGUOUS, ANSWERS, BOUNDARY
from benchmarks.timing import measure, report
from junheng.policy.evaluation import parameter_values
from junheng.policy.findings import decide_frame
from junheng.policy.judging import judge, outcomes_of
from junheng.policy.loading import load_pack
from junheng.policy.results import evaluate
from junheng.policy.schema import Pack

PACK = "DXQ"
RULE = "eligibility"
WORK = ("verdicts", "flags", "reasons")
UNDECIDED = -1
FLAG_BITS = (("boundary", BOUNDARY), ("ambiguous", AMBIGUOUS))


def frame_of(columns: made.Columns) -> pl.DataFrame:
    """The teachers as a frame of facts, in the vocabulary of the packs."""

    def words(name: str, among: tuple[str, ...]) -> pl.Series:
        return pl.Series(among, dtype=pl.String).gather(_given(columns[name]))

    def yes_no(name: str) -> pl.Series:
        return _given(columns[name]) == 1

    override = (columns["override_by"] >= 0) | (columns["override_ground"] >= 0)
    return pl.DataFrame(
        {
            "plan_year": pl.repeat(made.PLAN_YEAR, len(override), dtype=pl.Int64, eager=True),
            "sex": words("sex", made.SEXES),
            "birth_date": columns["birth"],
            "joined_current_school": columns["joined"],
            "role": words("role", made.ROLES),
            "pregnant": yes_no("pregnant"),
            "lactating": yes_no("lactating"),
            "under_sanction": yes_no("under_sanction"),
            "health": columns["health"] >= 0,
            "health.kind": words("health", made.HEALTH),
            "reason": words("reason", made.REASONS),
            "override": override,
            "override.approved_by": words("override_by", made.AUTHORITIES),
            "override.reason": words("override_ground", made.GROUNDS),
        }
    )


def _given(places: np.ndarray) -> pl.Series:
    """Places in a list of words, null where nothing is stated."""
    series = pl.Series(places)
    return series.set(series < 0, None)


def verdicts(pack: Pack) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Verdict and clauses, and nothing else: what the peers' rules answer."""
    values = parameter_values(pack)

    def work(frame: pl.DataFrame) -> pl.DataFrame:
        result = evaluate(pack, RULE, frame, values, with_values=False)
        clauses = {i: ",".join(outcome.clause) for i, outcome in enumerate(outcomes_of(result))}
        named = result.at.replace_strict(clauses, return_dtype=pl.String)
        return pl.DataFrame({"verdict": result.verdict, "clause_ids": named})

    return work


def flags(pack: Pack) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Verdict, clauses, the flags of every permitted reading, and what is missing."""
    values = parameter_values(pack)
    return lambda frame: judge(pack, RULE, frame, values, langs=())


def reasons(pack: Pack) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """All that the engine says: also the standing, and a sentence in Chinese and in English for every teacher."""
    return lambda frame: decide_frame(frame, pack)


def answers_of(judged: pl.DataFrame) -> dict[str, np.ndarray]:
    """The answers as places in the peers' list, -1 where undecided, and the flags as bits."""
    known = {f"{verdict} {','.join(clauses)}": i for i, (verdict, clauses) in enumerate(ANSWERS)}
    if judged.schema["clause_ids"] == pl.List(pl.String):
        judged = judged.with_columns(pl.col("clause_ids").list.join(","))
    decided = pl.col("verdict").fill_null("unknown") != "unknown"
    both = judged.select(pl.when(decided).then(pl.concat_str("verdict", "clause_ids", separator=" "))).to_series()
    answer = both.replace_strict(known, return_dtype=pl.Int8).fill_null(UNDECIDED).to_numpy()
    raised = np.zeros(0, np.int8)
    if "flags" in judged.columns:
        bits = (pl.col("flags").list.contains(flag).cast(pl.Int8) * bit for flag, bit in FLAG_BITS)
        raised = judged.select(pl.sum_horizontal(bits).cast(pl.Int8)).to_series().to_numpy()
    return {"answer": answer, "flags": raised}


def main() -> None:
    """Judge the teachers of a file, write the answers, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--work", choices=WORK, default="verdicts")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    pack = load_pack(PACK)
    work = {"verdicts": verdicts, "flags": flags, "reasons": reasons}[options.work](pack)
    judged, figures = measure(lambda: frame_of(made.load(options.facts)), work, options.repeats)
    np.savez(options.answers, **answers_of(judged))
    report(figures, "junheng", "polars", "numpy")


if __name__ == "__main__":
    main()
