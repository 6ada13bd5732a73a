"""Verifying a bundle: nine numbered steps that trust nothing but the bytes in the folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from junheng.planning.proof.folder import Folder, open_folder
from junheng.planning.proof.outcome import Finding, Outcome, Step, Verification
from junheng.planning.proof.steps import PARTLY, STEPS, WHOLE_ONLY


def verify_bundle(
    directory: Path,
    *,
    expected_root: str | None = None,
    expected_policy: str | None = None,
    expected_commitment: str | None = None,
    public: bool = False,
) -> Verification:
    """Verify the bundle in a folder. Never raises on a bad bundle: what is wrong is in the steps.

    ``expected_root`` is the Merkle root as it was published, ``expected_policy`` the SHA-256 of the policy pack as
    committed before the deadline, ``expected_commitment`` that of the commitment file, which covers the policy, its
    parameters and the number of runs. With ``public`` the files on homes, wishes and family ties may be missing; steps
    that need them are then reported as withheld.
    """
    folder = open_folder(
        Path(directory),
        public=public,
        root=expected_root,
        policy=expected_policy,
        commitment=expected_commitment,
    )
    steps = tuple(_try(number, step, folder) for number, step in STEPS)
    figures = folder.report.figures if folder.report else None
    return Verification(steps, folder.root, figures.objective if figures else None, folder.bound)


def _try(number: int, step: Callable[[Folder], Iterator[Finding]], folder: Folder) -> Step:
    if number in WHOLE_ONLY and folder.withheld:
        return Step(number, "withheld")
    try:
        findings = tuple(step(folder))
    except Exception as fault:
        findings = (Finding(f"step {number}", f"{type(fault).__name__}: {fault}", "a bundle that can be read"),)
    passed: Outcome = "partly" if number in PARTLY and folder.withheld else "ok"
    return Step(number, "failed" if findings else passed, findings)
