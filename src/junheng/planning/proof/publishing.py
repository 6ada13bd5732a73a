"""The public bundle: what everybody may see of the full one, under the same root."""

from __future__ import annotations

from pathlib import Path

from junheng.planning.proof.manifest import PERSONAL
from junheng.planning.proof.verification import verify_bundle


def publish_bundle(directory: Path, public: Path) -> str:
    """Copy a bundle into ``public`` without the files on homes, wishes and family ties; the root stays the same.

    Returns the root. The public bundle shows the plan, the verdicts, the figures and the policy, and that nothing in
    the full one was changed after publication; the rules are verified on the full one by the supervising authority.
    Raises ``ValueError`` for a folder that is not empty and for a bundle that does not pass steps 1-3.
    """
    if public.exists() and any(public.iterdir()):
        raise ValueError(f"{public} is not empty; a bundle is written into a new folder")
    verified = verify_bundle(directory)
    if faults := [finding for step in verified.steps[:3] for finding in step.findings]:
        raise ValueError(f"the bundle is not whole: {faults[0].message('en')}")
    for source in sorted(path for path in directory.rglob("*") if path.is_file()):
        name = source.relative_to(directory).as_posix()
        if name not in PERSONAL:
            target = public / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return verified.root
