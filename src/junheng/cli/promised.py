"""A commitment at work: ``junheng plan --commitment`` checks it, logs each run, and hands the log to the bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.speaking import Voice, both
from junheng.planning.problem import Problem
from junheng.planning.proof import (
    Bundle,
    Commitment,
    MalformedFileError,
    Run,
    digest_of,
    read_commitment,
    read_runs,
    runs_file,
)
from junheng.policy import Pack, pack_source

CommitmentOption = Annotated[
    Path | None,
    typer.Option(
        "--commitment",
        help=both(
            "截止前公布的承诺，逐次登记",
            "the commitment published before the deadline; each run is logged, and in the bundle",
        ),
    ),
]


def pack_digest(pack: Pack) -> str:
    """SHA-256 of the pack's file, as a bundle carries it."""
    return hashlib.sha256(pack_source(pack).encode()).hexdigest()


def parameters_of(pack: Pack, chosen: Mapping[str, Any]) -> dict[str, str]:
    """The value of every parameter of the pack, as the facts of a run write them."""
    return {name: str(chosen.get(name, parameter.value)) for name, parameter in sorted(pack.parameters.items())}


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment at work: its log holds this run from before it begins, so that a run cut short counts as well."""

    commitment: Commitment
    log: Path
    runs: tuple[Run, ...]
    seed: int

    def keep(self, bundle: Bundle | None) -> None:
        """The log names the plan of the run; without a bundle no plan kept every rule, and the run counts as well."""
        if bundle is not None:
            self.log.write_bytes(runs_file(bundle.runs))

    def release(self) -> None:
        """Lets the next run begin."""
        self.log.with_suffix(".lock").unlink(missing_ok=True)

    def with_objective(self, objective: float) -> tuple[Run, ...]:
        """The log with the value of this run's plan."""
        return (*self.runs[:-1], replace(self.runs[-1], objective=objective))


def begin_promised(
    voice: Voice, path: Path, pack: Pack, parameters: Mapping[str, Any], day: date | None, *, seed: int, gap: float
) -> Promise:
    """The commitment in a file, checked against what is about to be run; refused where the two do not fit."""
    try:
        promise = read_commitment(path.read_bytes(), path.name)
        log = path.with_suffix(".runs.csv")
        runs = read_runs(log.read_bytes(), log.name) if log.exists() else ()
    except (OSError, MalformedFileError) as fault:
        voice.refuse(f"--commitment {path} 不能使用：{fault}", f"--commitment {path} cannot be used: {fault}")
    named = parameters_of(pack, parameters)
    changed = sorted(key for key in {*named, *promise.parameters} if named.get(key) != promise.parameters.get(key))
    wrong = [
        (promise.policy_sha256 != pack_digest(pack), f"政策包 {pack.code} 不是所承诺的那一份，或已改动",
         f"pack {pack.code} is not the one committed to, or was changed"),
        (bool(changed), f"参数 {'、'.join(changed)} 与承诺不同", f"parameters differ: {', '.join(changed)}"),
        (seed not in promise.seeds, f"种子 {seed} 不在承诺之内", f"seed {seed} is not among those committed to"),
        (gap != promise.gap, f"--gap {gap!r} 与承诺的 {promise.gap!r} 不同", f"--gap {gap!r} is not {promise.gap!r}"),
        (promise.reference_date != (day.isoformat() if day else ""),
         f"基准日与承诺的“{promise.reference_date or '政策包自定'}”不同",
         f"the reference date is not the one committed to ({promise.reference_date or 'as the pack says'})"),
        (len(runs) >= promise.runs, f"承诺的 {promise.runs} 次运算已用完",
         f"the {promise.runs} runs committed to have been made"),
    ]  # fmt: skip
    faults = [voice.text(zh, en) for broken, zh, en in wrong if broken]
    if faults:
        voice.refuse("这次运算不合承诺：", "This run does not keep the commitment:", details=faults)
    return Promise(promise, log, runs, seed)


def log_run(voice: Voice, promise: Promise, problem: Problem) -> Promise:
    """Enters the run in the log before it begins."""
    lock = promise.log.with_suffix(".lock")
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        voice.refuse(
            f"同一承诺下另有一次运算正在进行；如已中断，请删除 {lock} 再运行。",
            f"Another run under this commitment is under way; if it was cut short, delete {lock} and run again.",
        )
    now = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    before = promise.runs[-1].digest if promise.runs else ""
    run = Run(len(promise.runs) + 1, now, promise.seed, promise.commitment.gap, digest_of(problem), "", None, before)
    entered = replace(promise, runs=(*promise.runs, run))
    promise.log.write_bytes(runs_file(entered.runs))
    return entered
